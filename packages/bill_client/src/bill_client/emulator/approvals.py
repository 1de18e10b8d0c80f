"""Who approves which bills, and what they say (`bill.md` §5.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal, timestamp
from bill_client.emulator.kinds import POLICY
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.records import check_references
from bill_client.emulator.shapes import Shape, problems, text, word

_CREATED = 201
_ACTION: Shape = {
    "billId": text(required=True),
    "action": word("APPROVE", "DENY", required=True),
    "comment": text(),
}
_DONE = {"status": "SUCCESS"}
_SAYS = {"APPROVE": "APPROVED", "DENY": "DENIED"}


class Approvals:
    """Approval policies, and what approvers do."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def operations(self) -> Sequence[Operation]:
        """What can be asked about approvals."""
        policies, one = "bill-approvals/policies", "bill-approvals/policies/{policyId}"
        return [
            Operation("GET", policies, self._list),
            Operation("POST", policies, self._create, _CREATED),
            Operation("PUT", one, self._replace),
            Operation("DELETE", one, self._delete),
            Operation("POST", "bill-approvals/actions", self._act),
            Operation("GET", "bill-approvals/pending-user-approvals", self._pending),
        ]

    def _list(self, call: Received) -> Sequence[Body]:
        """A bare array, unlike other lists."""
        return [
            _shown(policy)
            for policy in self._books.all(call.organization, "policies")
            if not policy["archived"]
        ]

    def _create(self, call: Received) -> Body:
        self._check(call)
        policy = {**self._read_form(call), "status": "ACTIVE"}
        return _shown(self._books.add(call.organization, "policies", policy))

    def _replace(self, call: Received) -> Body:
        found = self._found(call)
        self._check(call)
        found.update(self._read_form(call))
        self._books.touch(call.organization, "policies", found)
        return _shown(found)

    def _delete(self, call: Received) -> Mapping[str, str]:
        found = self._found(call)
        found["archived"] = True
        self._books.touch(call.organization, "policies", found)
        return _DONE

    def _act(self, call: Received) -> Mapping[str, str]:
        """The user of the session approves or denies; a denial ends it, the last approval too."""
        actions = call.body
        if not isinstance(actions, list) or not actions:
            raise Refusal.invalid(["size must be between 1 and 100"])
        wrong = [one for action in actions for one in problems(_ACTION, action, whole=True)]
        if wrong:
            raise Refusal.invalid(wrong)
        bills = [self._waiting(call, action["billId"]) for action in actions]
        for action, bill in zip(actions, bills, strict=True):
            self._say(call, bill, _SAYS[action["action"]])
        return _DONE

    def _say(self, call: Received, bill: Body, said: str) -> None:
        for approver in bill["approvers"]:
            if approver["userId"] == call.session.user:
                approver["status"] = said
                approver["statusChangedTime"] = timestamp(call.session.used)
        waiting = any(approver["status"] == "WAITING" for approver in bill["approvers"])
        if said == "DENIED":
            bill["approvalStatus"] = "DENIED"
        else:
            bill["approvalStatus"] = "APPROVING" if waiting else "APPROVED"
        self._books.touch(call.organization, "bills", bill)

    def _waiting(self, call: Received, bill_id: str) -> Body:
        bill = self._books.get(call.organization, "bills", bill_id)
        if bill is None:
            raise Refusal.not_found(bill_id)
        mine = [one for one in bill.get("approvers", ()) if one["userId"] == call.session.user]
        if not any(one["status"] == "WAITING" for one in mine):
            raise Refusal.rule("BDC_1192", f"{bill_id} : The bill does not wait for this user.")
        return bill

    def _pending(self, call: Received) -> Body:
        mine = (call.session.user, "WAITING")
        waiting = [
            {name: bill[name] for name in ("vendorId", "amount", "dueDate")}
            | {"billId": bill["id"]}
            for bill in self._books.all(call.organization, "bills")
            if mine in [(one["userId"], one["status"]) for one in bill.get("approvers", ())]
        ]
        return {"bills": waiting}

    def _check(self, call: Received) -> None:
        wrong = list(problems(POLICY, call.fields, whole=True))
        if wrong:
            raise Refusal.invalid(wrong)
        check_references(self._books, call.organization, POLICY, call.fields)

    def _read_form(self, call: Received) -> dict[str, Any]:
        """Values become objects, and approvers users: what is read differs from what is sent."""
        told = call.fields
        users = [self._books.get(call.organization, "users", one) for one in told["approvers"]]
        return {
            "policyName": told["policyName"],
            "rules": [
                {
                    **rule,
                    "values": [{"value": one, "displayName": one} for one in rule["values"]],
                }
                for rule in told["rules"]
            ],
            "approvers": {
                "users": [
                    {"userId": user["id"], "fullName": _name(user)} for user in users if user
                ],
                "groups": [],
            },
        }

    def _found(self, call: Received) -> Body:
        found = self._books.get(call.organization, "policies", call.ids["policyId"])
        if found is None or found["archived"]:
            raise Refusal.not_found(call.ids["policyId"])
        return found


def _shown(policy: Body) -> Body:
    hidden = ("archived", "createdTime", "updatedTime")
    return {name: value for name, value in policy.items() if name not in hidden}


def _name(user: Body) -> str:
    return f"{user.get('firstName', '')} {user.get('lastName', '')}".strip()
