"""How long texts may be, where AX's usual lengths are enforced (d365.md §12, unverified). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from d365_client.emulator.values import Stored

# The CSDL has no lengths; these are the norms that the reference tells.
_LONGEST = {
    "Currency": 3,
    "CurrencyCode": 3,
    "InvoiceNumber": 20,
    "JournalBatchNumber": 20,
    "MarkedInvoice": 20,
    "OrderVendorAccountNumber": 20,
    "VendorAccountNumber": 20,
}


def too_long(given: Mapping[str, Stored]) -> str | None:
    """The infolog line about the first text that is too long; None: all of them fit."""
    for name, longest in _LONGEST.items():
        length = len(str(given.get(name, "")))
        if length > longest:
            return f"Error: Field '{name}' takes {longest} characters, not {length}"
    return None
