"""What an organisation pays from (`bill.md` §5.9)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.pages import Pages
from bill_client.emulator.shapes import Shape, flag, inner, number, problems, text, word
from bill_client.emulator.trust import require_trust
from bill_client.emulator.wire_json import amount

_CREATED = 201
_DEPOSIT = Decimal("0.50")
"""The deposit that the sandbox makes, to verify an account."""

_OWNERS = ("BUSINESS", "PERSONAL", "PERSON")
_BANK: Shape = {
    "nameOnAccount": text(required=True),
    "routingNumber": text(),
    "accountNumber": text(),
    "type": word("CHECKING", "SAVINGS", required=True),
    "ownerType": word(*_OWNERS, required=True),
    "bankName": text(required=True),
    "accessToAdmins": flag(),
    "chartOfAccountId": text(refers="chart-of-accounts"),
}
_BANK_PATCH: Shape = {
    **{name: _BANK[name] for name in ("nameOnAccount", "ownerType", "bankName")},
    **{name: _BANK[name] for name in ("accessToAdmins", "chartOfAccountId")},
    "default": inner({"payables": flag(), "receivables": flag()}),
}
_NOMINATION: Shape = {
    "bankAccountId": text(required=True),
    "userId": text(required=True),
}
_PERMISSIONS = {
    "organization": {
        "card": {"payByCard": False, "fundingEnabled": False, "amexAllowed": False},
        "wallet": {"fundingEnabled": False},
    },
    "user": {"payOnline": True},
}


class Funding:
    """Bank accounts and their users. Cards are only there if a seed has some."""

    def __init__(self, books: Books, pages: Pages) -> None:
        self._books, self._pages = books, pages

    def operations(self) -> Sequence[Operation]:
        """What can be asked about what is paid from."""
        banks, one = "funding-accounts/banks", "funding-accounts/banks/{bankAccountId}"
        users, cards = f"{banks}/users", "funding-accounts/cards"
        return [
            Operation("GET", banks, lambda call: self._pages.page(call, "funding-accounts")),
            Operation("POST", banks, self._create, _CREATED),
            Operation("GET", one, self._bank),
            Operation("PATCH", one, self._patch),
            Operation("POST", f"{one}/archive", self._archive),
            Operation("POST", f"{one}/verify", self._verify),
            Operation("GET", users, lambda call: self._pages.page(call, "bank-account-users")),
            Operation("POST", f"{users}/nominate", self._nominate),
            Operation("POST", f"{users}/{{bankAccountUserId}}/archive", self._archive_user),
            Operation("GET", cards, lambda _: {"rates": {}, "cards": []}),
            Operation("GET", f"{cards}/users", lambda _: {"results": []}),
            Operation("GET", f"{cards}/funding-purposes", lambda _: {"results": []}),
            Operation("GET", f"{cards}/{{cardAccountId}}", self._no_card),
            Operation("GET", "funding-accounts/ap-cards", lambda _: []),
            Operation("GET", "funding-accounts/permissions", lambda _: _PERMISSIONS),
        ]

    def _create(self, call: Received) -> Body:
        require_trust(call)
        _check(_BANK, call, whole=True)
        told = {**call.fields, "status": "PENDING", "createdBy": call.session.user}
        return self._books.add(call.organization, "funding-accounts", told)

    def _bank(self, call: Received) -> Body:
        return self._of(call, "funding-accounts", call.ids["bankAccountId"])

    def _patch(self, call: Received) -> Body:
        found = self._bank(call)
        _check(_BANK_PATCH, call, whole=False)
        found.update(call.fields)
        self._books.touch(call.organization, "funding-accounts", found)
        return found

    def _archive(self, call: Received) -> Body:
        found = self._bank(call)
        found["archived"] = True
        self._books.touch(call.organization, "funding-accounts", found)
        return found

    def _verify(self, call: Received) -> Body:
        found = self._bank(call)
        _check({"depositAmount": number(required=True)}, call, whole=True)
        if amount(call.fields["depositAmount"]) != _DEPOSIT:
            raise Refusal.rule("BDC_1193", "The deposit's amount is another one.")
        found["status"] = "VERIFIED"
        self._books.touch(call.organization, "funding-accounts", found)
        return {"verified": True}

    def _nominate(self, call: Received) -> Body:
        _check(_NOMINATION, call, whole=True)
        self._of(call, "funding-accounts", call.fields["bankAccountId"])
        self._of(call, "users", call.fields["userId"])
        told = {**call.fields, "verificationStatus": "UNDEFINED"}
        self._books.add(call.organization, "bank-account-users", told)
        return {"status": "SUCCESS"}

    def _archive_user(self, call: Received) -> Body:
        found = self._of(call, "bank-account-users", call.ids["bankAccountUserId"])
        found["archived"] = True
        self._books.touch(call.organization, "bank-account-users", found)
        return found

    def _no_card(self, call: Received) -> Body:
        raise Refusal.not_found(call.ids["cardAccountId"])

    def _of(self, call: Received, resource: str, object_id: str) -> Body:
        found = self._books.get(call.organization, resource, object_id)
        if found is None:
            raise Refusal.not_found(object_id)
        return found


def _check(shape: Shape, call: Received, *, whole: bool) -> None:
    wrong = list(problems(shape, call.fields, whole=whole))
    if wrong:
        raise Refusal.invalid(wrong)
