"""Vendors (`bill.md` §5.1)."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from bill_client.emulator import wire_json
from bill_client.emulator.accounts import Organization
from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.pages import Pages
from bill_client.emulator.records import all_or_none
from bill_client.emulator.settings import EmulatorSettings
from bill_client.emulator.shapes import problems
from bill_client.emulator.trust import require_trust
from bill_client.emulator.vendor_shapes import VENDOR, VENDOR_PATCH
from bill_client.emulator.wire_json import present

_AT_ONCE = 20
_CREATED = 201


class Vendors:
    """What the API does to vendors. There is no PUT and no DELETE."""

    def __init__(
        self,
        books: Books,
        settings: EmulatorSettings,
        pages: Pages,
        organizations: Mapping[str, Organization],
    ) -> None:
        self._books, self._settings, self._pages = books, settings, pages
        self._organizations = organizations

    def operations(self) -> Sequence[Operation]:
        """What can be asked of vendors."""
        one = "vendors/{vendorId}"
        return [
            Operation("GET", "vendors", lambda call: self._pages.page(call, "vendors")),
            Operation("POST", "vendors", self._create, _CREATED),
            Operation("POST", "vendors/bulk", self._create_all, _CREATED),
            Operation("GET", one, self._found),
            Operation("PATCH", one, self._patch),
            Operation("POST", f"{one}/archive", lambda call: self._archived(call, archived=True)),
            Operation("POST", f"{one}/restore", lambda call: self._archived(call, archived=False)),
            Operation("GET", "reports/audit-trail/vendor/{vendorId}", self._audit_trail),
        ]

    def found(self, call: Received) -> Body:
        """The vendor that a call's path names.

        Raises:
            Refusal: 404, there is none.
        """
        return self._found(call)

    def changed(self, call: Received, before: Body, after: Body) -> Body:
        """Keep a vendor that a user has changed, and what was changed on its audit trail."""
        self._books.touch(call.organization, "vendors", after)
        for name in sorted({*before, *after} - {"updatedTime"}):
            if before.get(name) != after.get(name):
                self._note(call, after, name, before.get(name), after.get(name))
        return after

    def _create(self, call: Received) -> Body:
        _guard(call)
        currency = self._organizations[call.organization].currency
        vendor = self.create(call.organization, call.fields, base_currency=currency)
        self._note(call, vendor, "name", None, vendor["name"])
        return vendor

    def _create_all(self, call: Received) -> object:
        """All or none, up to 20 (§5.1)."""
        currency = self._organizations[call.organization].currency
        names: set[str] = set()

        def make(body: Mapping[str, Any]) -> Body:
            vendor = self._new(call.organization, body, base_currency=currency)
            if vendor["name"] in names and self._settings.duplicate_vendor_names == "reject":
                raise Refusal.rule("BDC_1171", f"Duplicate vendor name {vendor['name']}.")
            names.add(vendor["name"])
            return vendor

        made = all_or_none(call.body, make, _AT_ONCE)
        kept = [self._books.add(call.organization, "vendors", vendor) for vendor in made]
        for vendor in kept:
            self._note(call, vendor, "name", None, vendor["name"])
        return {"vendors": kept}

    def _patch(self, call: Received) -> Body:
        _guard(call)
        found = self._found(call)
        before = copy.deepcopy(found)
        return self.changed(call, before, self.patch(call.organization, found, call.fields))

    def _archived(self, call: Received, *, archived: bool) -> Body:
        found = self._found(call)
        if found["archived"] is archived:
            return found
        return self.changed(call, found, {**found, "archived": archived})

    def _audit_trail(self, call: Received) -> Sequence[Body]:
        vendor = self._found(call)
        start, largest = call.query.get("start", "0"), call.query.get("max", "100")
        if not start.isdecimal() or not largest.isdecimal():
            raise Refusal.invalid(["start: must be a number", "max: must be a number"])
        changes = [
            change["entry"]
            for change in self._books.all(call.organization, "vendor-changes")
            if change["vendorId"] == vendor["id"]
        ]
        return changes[int(start) : int(start) + int(largest)]

    def _note(self, call: Received, vendor: Body, name: str, before: object, after: object) -> None:
        entry = {
            "source": "API",
            "type": "UPDATE" if before is not None else "CREATE",
            "createdTime": vendor["updatedTime"],
            "user": {"id": call.session.user},
            "field": {"name": name, "value": present({"previous": before, "current": after})},
        }
        values = entry["field"]["value"]
        for key, value in values.items():
            values[key] = value if isinstance(value, str) else wire_json.dumps(value).decode()
        self._books.add(
            call.organization, "vendor-changes", {"vendorId": vendor["id"], "entry": entry}
        )

    def _found(self, call: Received) -> Body:
        vendor_id = call.ids["vendorId"]
        found = self._books.get(call.organization, "vendors", vendor_id)
        if found is None:
            raise Refusal.not_found(vendor_id)
        return found

    def create(self, organization: str, body: Mapping[str, Any], *, base_currency: str) -> Body:
        """A new vendor, paid by check until told otherwise (live default).

        Raises:
            Refusal: 400, an element for each field that is missing or does not fit.
        """
        vendor = self._new(organization, body, base_currency=base_currency)
        return self._books.add(organization, "vendors", vendor)

    def _new(self, organization: str, body: Mapping[str, Any], *, base_currency: str) -> Body:
        if not isinstance(body, Mapping):
            raise Refusal.invalid(["body: must be an object"])
        wrong = list(problems(VENDOR, body, whole=True))
        if wrong:
            raise Refusal.invalid(wrong)
        self._check_name(organization, body["name"], of=None)
        information = {"payByType": "CHECK", **(body.get("paymentInformation") or {})}
        return present(
            {
                **body,
                "billCurrency": body.get("billCurrency", base_currency),
                "paymentInformation": information,
                "networkStatus": "NOT_CONNECTED",
            }
        )

    def patch(self, organization: str, vendor: Body, body: Mapping[str, Any]) -> Body:
        """The vendor with what the body names changed; it is not kept yet.

        Raises:
            Refusal: 400, a field does not fit.
        """
        wrong = list(problems(VENDOR_PATCH, body, whole=False))
        if "address" in body and not wrong:
            address = {**vendor.get("address", {}), **body["address"]}
            wrong = list(problems(VENDOR, {"address": address}, whole=True))
            wrong = [one for one in wrong if one.startswith("address")]
        if wrong:
            raise Refusal.invalid(wrong)
        if "name" in body:
            self._check_name(organization, body["name"], of=vendor["id"])
        for key, value in present(body).items():
            nested = isinstance(value, dict) and isinstance(vendor.get(key), dict)
            vendor[key] = {**vendor[key], **value} if nested else value
        return vendor

    def _check_name(self, organization: str, name: str, *, of: str | None) -> None:
        """Whether BILL takes a name twice is unverified (§5.1)."""
        if self._settings.duplicate_vendor_names == "accept":
            return
        for vendor in self._books.all(organization, "vendors"):
            if vendor["name"] == name and vendor["id"] != of:
                raise Refusal.rule("BDC_1171", f"Duplicate vendor name {name}.")


def _guard(call: Received) -> None:
    """Paying without being asked takes a trusted session (§1.6)."""
    auto_pay = call.fields.get("autoPay")
    if isinstance(auto_pay, Mapping) and auto_pay.get("enabled") is True:
        require_trust(call)
