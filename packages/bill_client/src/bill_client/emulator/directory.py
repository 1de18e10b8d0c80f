"""The organisation itself, its users and their roles (`bill.md` §5.9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bill_client.emulator.accounts import Organization
from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.kinds import ADDRESS
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.pages import Pages
from bill_client.emulator.records import check_references
from bill_client.emulator.shapes import Shape, day, flag, inner, problems, text, word

_CREATED = 201
_USER: Shape = {
    "firstName": text(required=True),
    "lastName": text(required=True),
    "email": text(required=True),
    "roleId": text(required=True, refers="roles"),
    "acceptTermsOfService": flag(required=True),
}
_ORGANIZATION: Shape = {
    "name": text(),
    "address": inner(ADDRESS),
    "mailingAddress": inner(ADDRESS),
    "phone": text(),
    "companyOwner": inner({"name": text(), "dateOfBirth": day()}),
    "taxId": text(),
    "taxIdType": word("EIN", "SSN"),
    "industry": text(),
    "businessCategory": text(),
    "accountType": text(),
    "processingOptions": inner(
        {
            "mailingAddressSameAsPhysical": flag(),
            "individualTransferOut": flag(),
            "individualTransferIn": flag(),
        }
    ),
}
_PLAN = {
    "id": "plan",
    "name": "Emulated",
    "monthlyPrice": 0,
    "allowTrial": False,
    "priceVariesPerUser": False,
    "planTerms": [],
}


class Directory:
    """Who is there."""

    def __init__(
        self, books: Books, pages: Pages, organizations: Mapping[str, Organization]
    ) -> None:
        self._books, self._pages, self._organizations = books, pages, organizations

    def operations(self) -> Sequence[Operation]:
        """What can be asked about organisations, users and roles."""
        one, statements = "organizations/{organizationId}", "billing-statements"
        user = "users/{userId}"
        return [
            Operation("GET", "organizations/industries", _industries),
            Operation("GET", one, self._organization),
            Operation("PATCH", one, self._patch_organization),
            Operation("GET", f"{one}/price-plan", self._plan),
            Operation("GET", f"{one}/{statements}", self._statements),
            Operation("GET", f"{one}/{statements}/{{statementId}}", self._statement),
            Operation("GET", "users", lambda call: self._pages.page(call, "users")),
            Operation("POST", "users", self._create_user, _CREATED),
            Operation("GET", user, self._user),
            Operation("PATCH", user, self._patch_user),
            Operation(
                "POST", "users/{userId}/archive", lambda call: self._archived(call, archived=True)
            ),
            Operation(
                "POST", "users/{userId}/restore", lambda call: self._archived(call, archived=False)
            ),
            Operation("GET", "roles", lambda call: self._pages.page(call, "roles")),
            Operation("GET", "roles/{roleId}", self._role),
        ]

    def _organization(self, call: Received) -> Body:
        wanted = call.ids["organizationId"]
        if wanted != call.organization:
            raise Refusal.not_found(wanted)
        known = self._books.get(wanted, "organizations", wanted)
        if known is None:
            name = self._organizations[wanted].name
            known = self._books.add(wanted, "organizations", {"id": wanted, "name": name})
        return known

    def _patch_organization(self, call: Received) -> Body:
        found = self._organization(call)
        _check(_ORGANIZATION, call, whole=False)
        for name, value in call.fields.items():
            nested = isinstance(value, dict) and isinstance(found.get(name), dict)
            found[name] = {**found[name], **value} if nested else value
        self._books.touch(call.organization, "organizations", found)
        return found

    def _plan(self, call: Received) -> Body:
        self._organization(call)
        return dict(_PLAN)

    def _statements(self, call: Received) -> object:
        self._organization(call)
        return self._pages.page(call, "billing-statements")

    def _statement(self, call: Received) -> Body:
        self._organization(call)
        return self._of(call, "billing-statements", call.ids["statementId"])

    def _create_user(self, call: Received) -> Body:
        _check(_USER, call, whole=True)
        check_references(self._books, call.organization, _USER, call.fields)
        if call.fields["acceptTermsOfService"] is not True:
            raise Refusal.invalid(["acceptTermsOfService: must be true"])
        return self._books.add(call.organization, "users", self._read_form(call))

    def _patch_user(self, call: Received) -> Body:
        found = self._user(call)
        allowed = {name: _USER[name] for name in ("firstName", "lastName", "roleId")}
        _check(allowed, call, whole=False)
        check_references(self._books, call.organization, allowed, call.fields)
        found.update(self._read_form(call))
        self._books.touch(call.organization, "users", found)
        return found

    def _read_form(self, call: Received) -> Body:
        """A role is sent by its id and read as an object."""
        told = call.fields
        user = {name: told[name] for name in ("firstName", "lastName", "email") if name in told}
        if "roleId" in told:
            role = self._books.get(call.organization, "roles", told["roleId"]) or {}
            shown = ("id", "type", "description")
            user["role"] = {name: role[name] for name in shown if name in role}
        return user

    def _user(self, call: Received) -> Body:
        return self._of(call, "users", call.ids["userId"])

    def _archived(self, call: Received, *, archived: bool) -> Body:
        found = self._user(call)
        if found["archived"] is not archived:
            found["archived"] = archived
            self._books.touch(call.organization, "users", found)
        return found

    def _role(self, call: Received) -> Body:
        return self._of(call, "roles", call.ids["roleId"])

    def _of(self, call: Received, resource: str, object_id: str) -> Body:
        found = self._books.get(call.organization, resource, object_id)
        if found is None:
            raise Refusal.not_found(object_id)
        return found


def plant_users(books: Books, organization: Organization) -> None:
    """The users who may log in are users of the organisation, all of one role."""
    role = books.add(
        organization.id, "roles", {"type": "ADMINISTRATOR", "description": "May do everything"}
    )
    shown = {name: role[name] for name in ("id", "type", "description")}
    for user in organization.users:
        books.add(
            organization.id,
            "users",
            {"id": user.id, "firstName": user.username, "email": user.username, "role": shown},
        )


def _check(shape: Shape, call: Received, *, whole: bool) -> None:
    wrong = list(problems(shape, call.fields, whole=whole))
    if wrong:
        raise Refusal.invalid(wrong)


def _industries(_: Received) -> object:
    """Samples: the whole list is BILL's."""
    return {"results": ["Accounting", "Construction", "Manufacturing", "Wholesale"]}
