"""Approval of bills: policies, what waits, and what approvers do (`bill.md` §5.7)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import attrs

from bill_client.models.enums import ApprovalAction, ApprovalRuleKey
from bill_client.models.resource import Draft, Resource


@attrs.frozen(kw_only=True)
class RuleValue(Resource):
    """A value that a rule compares with, and how BILL shows it."""

    value: str | None = None
    display_name: str | None = None


@attrs.frozen(kw_only=True)
class ApprovalRule(Resource):
    """When a policy applies: what is looked at, how, and with which values."""

    WIRE_NAMES: ClassVar = {"operator": "op"}

    key: ApprovalRuleKey | None = None
    operator: str | None = None
    values: tuple[RuleValue, ...] = ()


@attrs.frozen(kw_only=True)
class PolicyApprover(Resource):
    """A user who approves. In a group BILL writes `id`, elsewhere `userId`."""

    user_id: str | None = None
    id: str | None = None
    full_name: str | None = None


@attrs.frozen(kw_only=True)
class ApproverGroup(Resource):
    """Users any of whom approves."""

    group_id: str | None = None
    group_name: str | None = None
    users: tuple[PolicyApprover, ...] = ()


@attrs.frozen(kw_only=True)
class PolicyApprovers(Resource):
    """Who approves: users, and groups of users."""

    users: tuple[PolicyApprover, ...] = ()
    groups: tuple[ApproverGroup, ...] = ()


@attrs.frozen(kw_only=True)
class ApprovalPolicy(Resource):
    """Which bills are to be approved by whom."""

    id: str
    policy_name: str | None = None
    status: str | None = None
    rules: tuple[ApprovalRule, ...] = ()
    approvers: PolicyApprovers | None = None


@attrs.frozen(kw_only=True)
class PendingApproval(Resource):
    """A bill that waits for the user of the session."""

    bill_id: str
    vendor_id: str | None = None
    amount: Decimal | None = None
    due_date: date | None = None


@attrs.frozen(kw_only=True)
class ApprovalRuleDraft(Draft):
    """A rule to be made; operators that were seen are `gte` and `lt`."""

    WIRE_NAMES: ClassVar = {"operator": "op"}

    key: ApprovalRuleKey
    operator: str
    values: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ApprovalPolicyDraft(Draft):
    """A policy to be created, or all of one that is to be replaced; approvers are user ids."""

    policy_name: str
    rules: tuple[ApprovalRuleDraft, ...]
    approvers: tuple[str, ...]


@attrs.frozen(kw_only=True)
class ApprovalActionDraft(Draft):
    """What the user of the session says of a bill."""

    bill_id: str
    action: ApprovalAction
    comment: str | None = None
