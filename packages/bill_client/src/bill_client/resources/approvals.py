"""Approval of bills (`bill.md` §5.7)."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from bill_client._api import Api
from bill_client._requests import deleting, posting, putting, reading
from bill_client.models.approvals import (
    ApprovalActionDraft,
    ApprovalPolicy,
    ApprovalPolicyDraft,
    PendingApproval,
)
from bill_client.models.sessions import Done

_PATH = "bill-approvals"


@attrs.frozen
class BillApprovals:
    """Who approves which bills, and what they say."""

    _api: Api = attrs.field(repr=False)

    async def policies(self) -> Sequence[ApprovalPolicy]:
        """The organisation's approval policies."""
        return await self._api.many(ApprovalPolicy, reading(_PATH, "policies"), None)

    async def create_policy(self, draft: ApprovalPolicyDraft) -> ApprovalPolicy:
        """Create a policy and return it as BILL reads it.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        return await self._api.one(ApprovalPolicy, posting(_PATH, "policies", body=draft))

    async def replace_policy(self, policy_id: str, draft: ApprovalPolicyDraft) -> ApprovalPolicy:
        """Put the draft in the place of a policy: its rules and approvers are all there are then.

        Raises:
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        call = putting(_PATH, "policies", policy_id, body=draft)
        return await self._api.one(ApprovalPolicy, call)

    async def delete_policy(self, policy_id: str) -> Done:
        """Delete a policy, for good.

        Raises:
            BillError: `outcome` says whether it may have been deleted all the same.
        """
        return await self._api.one(Done, deleting(_PATH, "policies", policy_id))

    async def act(self, actions: Sequence[ApprovalActionDraft]) -> Done:
        """Approve or deny bills, as the user of the session.

        Raises:
            ValueError: there is nothing to say. Nothing was sent.
            BillError: `outcome` says whether it may have been done all the same.
        """
        if not actions:
            raise ValueError("there is no action: name at least one bill")
        return await self._api.one(Done, posting(_PATH, "actions", body=actions))

    async def pending(self) -> Sequence[PendingApproval]:
        """The bills that wait for the user of the session."""
        call = reading(_PATH, "pending-user-approvals")
        return await self._api.many(PendingApproval, call, "bills")
