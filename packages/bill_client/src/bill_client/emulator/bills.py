"""Bills (`bill.md` §5.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.money import exact, fits, line_total, recount
from bill_client.emulator.settings import EmulatorSettings
from bill_client.emulator.wire_json import amount, present

_WRITABLE = frozenset(
    [
        "vendorId",
        "dueDate",
        "invoice",
        "billLineItems",
        "description",
        "payFromChartOfAccountId",
        "classifications",
        "billApprovals",
        "purchaseOrderNumber",
        "vendorCredits",
    ]
)
_LONGEST_DESCRIPTION = 4000
_REFERENCES = {"chartOfAccountId": "chart-of-accounts", "departmentId": "departments"}


class Bills:
    """What the API does to bills."""

    def __init__(self, books: Books, settings: EmulatorSettings) -> None:
        self._books = books
        self._settings = settings

    def create(self, organization: str, body: Mapping[str, Any]) -> Body:
        """A new bill: UNPAID and UNASSIGNED. Its amount is the sum of its lines.

        Raises:
            Refusal: 400 for shape, an element a field; 404 for a vendor, account or department
                that is not there; 422 for a business rule.
        """
        problems = list(self._shape_problems(body, whole=True))
        if problems:
            raise Refusal.invalid(problems)
        vendor = self._vendor(organization, body["vendorId"])
        self._check_lines(organization, vendor, body["billLineItems"])
        self._check_number(organization, vendor["id"], body["invoice"], of=None)
        lines = [self._line(line) for line in body["billLineItems"]]
        bill = present(
            {
                **{key: value for key, value in body.items() if key in _WRITABLE},
                "vendorName": vendor["name"],
                "billLineItems": lines,
                "amount": line_total(lines),
                "approvalStatus": "UNASSIGNED",
            }
        )
        bill["id"] = self._books.new_id("bills")
        recount(bill, ())
        return self._books.add(organization, "bills", bill)

    def patch(self, organization: str, bill: Body, body: Mapping[str, Any]) -> Body:
        """Change what the body names; lines are matched by id and keep it.

        What PATCH does with a line that has no id, or an id that is not there, is unverified: it
        is refused here, since the documents steer that to PUT.
        """
        problems = list(self._shape_problems(body, whole=False))
        if problems:
            raise Refusal.invalid(problems)
        vendor = self._vendor(organization, body.get("vendorId", bill["vendorId"]))
        by_id = {line["id"]: line for line in bill["billLineItems"]}
        for changed in body.get("billLineItems", ()):
            if changed.get("id") not in by_id:
                raise Refusal.invalid(["billLineItems.id: invalid value"])
            by_id[changed["id"]] = {**by_id[changed["id"]], **changed}
        invoice = {**bill["invoice"], **body.get("invoice", {})}
        # Everything is checked before anything is changed.
        self._check_lines(organization, vendor, list(by_id.values()))
        self._check_number(organization, vendor["id"], invoice, of=bill["id"])
        bill.update({key: value for key, value in body.items() if key in _WRITABLE})
        bill.update({"invoice": invoice, "billLineItems": list(by_id.values())})
        return self._changed(organization, bill)

    def replace(self, organization: str, bill: Body, body: Mapping[str, Any]) -> Body:
        """PUT: a line whose id is left out is removed, a line without id gets a new one."""
        problems = list(self._shape_problems(body, whole=True))
        if problems:
            raise Refusal.invalid(problems)
        vendor = self._vendor(organization, body["vendorId"])
        self._check_lines(organization, vendor, body["billLineItems"])
        self._check_number(organization, vendor["id"], body["invoice"], of=bill["id"])
        known = {line["id"] for line in bill["billLineItems"]}
        lines = [
            self._line(line, line_id=line["id"] if line.get("id") in known else None)
            for line in body["billLineItems"]
        ]
        kept = {key: value for key, value in bill.items() if key not in _WRITABLE}
        bill.clear()
        bill.update(kept | {key: value for key, value in body.items() if key in _WRITABLE})
        bill["billLineItems"] = lines
        return self._changed(organization, bill)

    def add_lines(self, organization: str, bill: Body, lines: Sequence[Body]) -> Body:
        """Lines that a person adds."""
        bill["billLineItems"] += [self._line(line) for line in lines]
        return self._changed(organization, bill)

    def _changed(self, organization: str, bill: Body) -> Body:
        bill["amount"] = line_total(bill["billLineItems"])
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

    def _check_lines(self, organization: str, vendor: Body, lines: Sequence[Body]) -> None:
        currency = vendor.get("billCurrency", "USD")
        for line in lines:
            if not fits(_amount(line), currency):
                raise Refusal.invalid([f"billLineItems.amount: too many decimals for {currency}"])
            for key, resource in _REFERENCES.items():
                wanted = line.get("classifications", {}).get(key)
                found = self._books.get(organization, resource, wanted) if wanted else {}
                if found is None or found.get("archived"):
                    raise Refusal.not_found(str(wanted))

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

    def _shape_problems(self, body: Mapping[str, Any], *, whole: bool) -> Iterator[str]:
        invoice, lines = body.get("invoice") or {}, body.get("billLineItems") or []
        if not isinstance(invoice, Mapping):
            yield "invoice: must be an object"
            return
        if not isinstance(lines, list) or not all(isinstance(line, Mapping) for line in lines):
            yield "billLineItems: must be an array of objects"
            return
        if whole:
            needed = ("vendorId", "dueDate", "billLineItems", "invoice")
            yield from (f"{name}: must not be null" for name in needed if not body.get(name))
            if invoice and not invoice.get("invoiceNumber"):
                yield "invoice.invoiceNumber: must not be blank"
        if body.get("dueDate") and not _is_date(body["dueDate"]):
            yield "dueDate: invalid value"
        if invoice.get("invoiceDate") and not _is_date(invoice["invoiceDate"]):
            yield "invoice.invoiceDate: invalid value"
        if len(str(body.get("description") or "")) > _LONGEST_DESCRIPTION:
            yield f"description: size must be between 0 and {_LONGEST_DESCRIPTION}"
        for line in lines:
            # BILL computes an amount from quantity and price; without either there is none. A
            # PATCH may leave a known line's amount as it is.
            known = not whole and "amount" not in line
            if not known and amount(line.get("amount")) is None and not _priced(line):
                yield "billLineItems.amount: must not be null"
        yield from (f"{name}: unknown property" for name in body if name not in _WRITABLE)


def _priced(line: Mapping[str, Any]) -> bool:
    return amount(line.get("quantity")) is not None and amount(line.get("price")) is not None


def _amount(line: Mapping[str, Any]) -> Any:
    told = amount(line.get("amount"))
    return told if told is not None else exact(line["quantity"]) * exact(line["price"])


def _is_date(value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True
