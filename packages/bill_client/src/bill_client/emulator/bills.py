"""Bills (`bill.md` §5.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bill_client.emulator.bill_shapes import BILL, priced, shape_problems
from bill_client.emulator.books import Body, Books
from bill_client.emulator.credits import Credits
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.money import exact, fits, line_total, recount
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.pages import Pages
from bill_client.emulator.records import all_or_none, check_references
from bill_client.emulator.settings import EmulatorSettings
from bill_client.emulator.wire_json import amount, present

_WRITE_ONLY = frozenset({"billApprovals", "vendorCredits"})
_STORED = frozenset(BILL) - _WRITE_ONLY
_AT_ONCE = 100
_CREATED = 201


class Bills:
    """What the API does to bills."""

    def __init__(self, books: Books, settings: EmulatorSettings, pages: Pages) -> None:
        self._books = books
        self._settings = settings
        self._pages = pages
        self._credits = Credits(books)

    def operations(self) -> Sequence[Operation]:
        """What can be asked of bills; there is no DELETE."""
        one = "bills/{billId}"
        return [
            Operation("GET", "bills", lambda call: self._pages.page(call, "bills")),
            Operation(
                "POST", "bills", lambda call: self.create(call.organization, call.fields), _CREATED
            ),
            Operation("POST", "bills/bulk", self._create_all, _CREATED),
            Operation("GET", one, self._found),
            Operation(
                "PUT",
                one,
                lambda call: self.replace(call.organization, self._found(call), call.fields),
            ),
            Operation(
                "PATCH",
                one,
                lambda call: self.patch(call.organization, self._found(call), call.fields),
            ),
            Operation("POST", f"{one}/archive", lambda call: self._archived(call, archived=True)),
            Operation("POST", f"{one}/restore", lambda call: self._archived(call, archived=False)),
        ]

    def _found(self, call: Received) -> Body:
        found = self._books.get(call.organization, "bills", call.ids["billId"])
        if found is None:
            raise Refusal.not_found(call.ids["billId"])
        return found

    def _archived(self, call: Received, *, archived: bool) -> Body:
        bill = self._found(call)
        if bill["archived"] is not archived:
            bill["archived"] = archived
            self._books.touch(call.organization, "bills", bill)
        return bill

    def _create_all(self, call: Received) -> Sequence[Body]:
        """All or none; the answer is a bare array, unlike that of other bulk calls (§5.2)."""
        numbers: set[tuple[str, str]] = set()

        def make(body: Mapping[str, Any]) -> Body:
            made = self._new(call.organization, body)
            number = (made["vendorId"], str(made["invoice"].get("invoiceNumber")))
            if number in numbers and self._settings.duplicate_invoice_numbers == "reject":
                raise Refusal.rule("BDC_1171", f"Duplicate invoice number {number[1]}.")
            numbers.add(number)
            return made

        made = all_or_none(call.body, make, _AT_ONCE)
        kept = [self._books.add(call.organization, "bills", bill) for bill in made]
        for bill, body in zip(kept, call.body, strict=True):
            if body.get("vendorCredits"):
                self._credited(call.organization, bill, body["vendorCredits"])
        return kept

    def create(self, organization: str, body: Mapping[str, Any]) -> Body:
        """A new bill: UNPAID and UNASSIGNED. Its amount is the sum of its lines.

        Raises:
            Refusal: 400 for shape, an element a field; 404 for a vendor, account or department
                that is not there; 422 for a business rule.
        """
        made = self._new(organization, body)
        bill = self._books.add(organization, "bills", made)
        return self._credited(organization, bill, body.get("vendorCredits") or ())

    def _new(self, organization: str, body: Mapping[str, Any]) -> Body:
        if not isinstance(body, Mapping):
            raise Refusal.invalid(["body: must be an object"])
        problems = list(shape_problems(body, whole=True))
        if problems:
            raise Refusal.invalid(problems)
        vendor = self._vendor(organization, body["vendorId"])
        self._check_lines(vendor, body["billLineItems"])
        check_references(self._books, organization, BILL, body)
        self._check_number(organization, vendor["id"], body["invoice"], of=None)
        lines = [self._line(line) for line in body["billLineItems"]]
        self._check_credits(organization, vendor, body, lines, bill_id="")
        bill = present(
            {
                **{key: value for key, value in body.items() if key in _STORED},
                "vendorName": vendor["name"],
                "billLineItems": lines,
                "amount": line_total(lines),
                "approvalStatus": "UNASSIGNED",
            }
        )
        bill["id"] = self._books.new_id("bills")
        recount(bill, ())
        return bill

    def patch(self, organization: str, bill: Body, body: Mapping[str, Any]) -> Body:
        """Change what the body names; lines are matched by id and keep it.

        What PATCH does with a line that has no id, or an id that is not there, is unverified: it
        is refused here, since the documents steer that to PUT, unless `patch_adds_lines`.
        """
        self._check_editable(bill)
        problems = list(shape_problems(body, whole=False))
        if problems:
            raise Refusal.invalid(problems)
        vendor = self._vendor(organization, body.get("vendorId", bill["vendorId"]))
        by_id = {line["id"]: line for line in bill["billLineItems"]}
        for changed in body.get("billLineItems") or ():
            if "id" not in changed and self._settings.patch_adds_lines:
                added = self._line(changed)
                by_id[added["id"]] = added
                continue
            if changed.get("id") not in by_id:
                raise Refusal.invalid(["billLineItems.id: invalid value"])
            by_id[changed["id"]] = _patched(by_id[changed["id"]], changed)
        invoice = {**bill["invoice"], **(body.get("invoice") or {})}
        lines = list(by_id.values())
        # Everything is checked before anything is changed.
        self._check_lines(vendor, lines)
        check_references(self._books, organization, BILL, body)
        self._check_number(organization, vendor["id"], invoice, of=bill["id"])
        self._check_credits(organization, vendor, body, lines, bill_id=bill["id"])
        bill.update({key: value for key, value in body.items() if key in _STORED and value})
        bill.update({"invoice": invoice, "billLineItems": lines, "vendorName": vendor["name"]})
        if "vendorCredits" in body:
            return self._credited(organization, bill, body["vendorCredits"] or ())
        return self._changed(organization, bill)

    def replace(self, organization: str, bill: Body, body: Mapping[str, Any]) -> Body:
        """PUT: a line whose id is left out is removed, a line without id gets a new one."""
        self._check_editable(bill)
        problems = list(shape_problems(body, whole=True))
        if problems:
            raise Refusal.invalid(problems)
        vendor = self._vendor(organization, body["vendorId"])
        self._check_lines(vendor, body["billLineItems"])
        check_references(self._books, organization, BILL, body)
        self._check_number(organization, vendor["id"], body["invoice"], of=bill["id"])
        known = {line["id"] for line in bill["billLineItems"]}
        lines = [
            self._line(line, line_id=line["id"] if line.get("id") in known else None)
            for line in body["billLineItems"]
        ]
        self._check_credits(organization, vendor, body, lines, bill_id=bill["id"])
        kept = {key: value for key, value in bill.items() if key not in _STORED}
        bill.clear()
        bill.update(kept | {key: value for key, value in body.items() if key in _STORED})
        bill.update({"billLineItems": lines, "vendorName": vendor["name"]})
        # Leaving the credits out takes them back (§5.2).
        return self._credited(organization, bill, body.get("vendorCredits") or ())

    def add_lines(self, organization: str, bill: Body, lines: Sequence[Body]) -> Body:
        """Lines that a person adds."""
        bill["billLineItems"] += [self._line(line) for line in lines]
        return self._changed(organization, bill)

    def _check_editable(self, bill: Body) -> None:
        """Whether a bill that is paid or approved can be changed is undocumented (§5.2)."""
        settled = bill.get("approvalStatus") == "APPROVED" or bill.get("paymentStatus") != "UNPAID"
        if settled and self._settings.edits_of_paid_bills == "reject":
            raise Refusal.rule("BDC_1190", "A paid or approved bill cannot be changed.")

    def _credited(self, organization: str, bill: Body, wanted: Sequence[Mapping[str, Any]]) -> Body:
        """Let these vendor credits be applied to the bill, and no others."""
        self._credits.set_for_bill(organization, bill["id"], wanted)
        return self._changed(organization, bill)

    def _changed(self, organization: str, bill: Body) -> Body:
        bill["amount"] = line_total(bill["billLineItems"])
        credit = self._credits.applied_to(organization, bill["id"])
        if credit or "creditAmount" in bill:
            bill["creditAmount"] = credit
        recount(bill, self._books.all(organization, "payments"))
        self._books.touch(organization, "bills", bill)
        return bill

    def _line(self, line: Mapping[str, Any], line_id: str | None = None) -> Body:
        new_id = line_id or self._books.new_id("bill-lines")
        return present({**line, "id": new_id, "amount": _amount(line)})

    def _vendor(self, organization: str, vendor_id: object) -> Body:
        vendor = self._books.get(organization, "vendors", vendor_id)
        if vendor is None or vendor.get("archived"):
            raise Refusal.not_found(str(vendor_id))
        return vendor

    def _check_lines(self, vendor: Body, lines: Sequence[Body]) -> None:
        currency = vendor.get("billCurrency", "USD")
        for line in lines:
            if not fits(_amount(line), currency):
                raise Refusal.invalid([f"billLineItems.amount: too many decimals for {currency}"])

    def _check_credits(
        self,
        organization: str,
        vendor: Body,
        body: Mapping[str, Any],
        lines: Sequence[Body],
        *,
        bill_id: str,
    ) -> None:
        """A bill's credits are its vendor's, and no more than it is."""
        self._credits.check(
            organization,
            body.get("vendorCredits") or (),
            vendor_id=vendor["id"],
            bill_id=bill_id,
            most=line_total(lines),
        )

    def _check_number(
        self, organization: str, vendor_id: str, invoice: Mapping[str, Any], *, of: str | None
    ) -> None:
        number = str(invoice.get("invoiceNumber") or "")
        limit = self._settings.invoice_number_limit
        if limit is not None and len(number) > limit:
            raise Refusal.invalid([f"invoice.invoiceNumber: size must be between 1 and {limit}"])
        if self._settings.duplicate_invoice_numbers == "accept":
            return
        for bill in self._books.all(organization, "bills"):
            same = bill["vendorId"] == vendor_id and bill["id"] != of and not bill["archived"]
            if same and bill.get("invoice", {}).get("invoiceNumber") == number:
                raise Refusal.rule("BDC_1171", f"Duplicate invoice number {number}.")


def _amount(line: Mapping[str, Any]) -> Any:
    told = amount(line.get("amount"))
    return told if told is not None else exact(line["quantity"]) * exact(line["price"])


def _patched(line: Body, changed: Mapping[str, Any]) -> Body:
    """A line with what is told of it changed; its amount follows from quantity and price."""
    merged = {**line, **changed}
    repriced = "amount" not in changed and {"quantity", "price"} & {*changed}
    if repriced and priced(merged):
        merged["amount"] = exact(merged["quantity"]) * exact(merged["price"])
    return merged
