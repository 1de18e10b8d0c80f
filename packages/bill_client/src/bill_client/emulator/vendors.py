"""Vendors (`bill.md` §5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.wire_json import present

_WRITABLE = frozenset(
    [
        "name",
        "shortName",
        "accountNumber",
        "accountType",
        "email",
        "phone",
        "address",
        "paymentInformation",
        "additionalInfo",
        "billCurrency",
        "autoPay",
    ]
)
_ADDRESS = ("line1", "city", "zipOrPostalCode", "country")
_LONGEST = {"name": 100, "shortName": 40}


class Vendors:
    """What the API does to vendors. There is no PUT and no DELETE."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def create(self, organization: str, body: Mapping[str, Any], *, base_currency: str) -> Body:
        """A new vendor, paid by check until told otherwise (live default).

        Raises:
            Refusal: 400, an element for each field that is missing or does not fit.
        """
        problems = [*_problems(body), *_address_problems(body.get("address"))]
        if not body.get("name"):
            problems.insert(0, "name: must not be blank")
        if problems:
            raise Refusal.invalid(problems)
        written = {key: value for key, value in body.items() if key in _WRITABLE}
        information = {"payByType": "CHECK", **written.get("paymentInformation", {})}
        return self._books.add(
            organization,
            "vendors",
            present(
                {
                    **written,
                    "billCurrency": written.get("billCurrency", base_currency),
                    "paymentInformation": information,
                    "networkStatus": "NOT_CONNECTED",
                }
            ),
        )

    def patch(self, organization: str, vendor: Body, body: Mapping[str, Any]) -> Body:
        """Change what the body names.

        Raises:
            Refusal: 400, a field does not fit.
        """
        problems = _problems(body)
        if "address" in body:
            problems += _address_problems({**vendor.get("address", {}), **(body["address"] or {})})
        if "name" in body and not body["name"]:
            problems.append("name: must not be blank")
        if problems:
            raise Refusal.invalid(problems)
        for key, value in body.items():
            if key in _WRITABLE:
                nested = isinstance(value, dict) and isinstance(vendor.get(key), dict)
                vendor[key] = {**vendor[key], **value} if nested else value
        self._books.touch(organization, "vendors", vendor)
        return vendor


def _problems(body: Mapping[str, Any]) -> list[str]:
    problems = [
        f"{name}: size must be between 1 and {longest}"
        for name, longest in _LONGEST.items()
        if len(str(body.get(name) or "")) > longest
    ]
    problems += [f"{name}: unknown property" for name in body if name not in _WRITABLE]
    return problems


def _address_problems(address: object) -> list[str]:
    if not isinstance(address, Mapping):
        return ["address: must not be null"]
    problems = [f"address.{name}: must not be blank" for name in _ADDRESS if not address.get(name)]
    country = str(address.get("country") or "")
    if country and not (len(country) == 2 and country.isupper()):  # noqa: PLR2004 - ISO 3166 alpha-2
        problems.append("address.country: invalid value")
    return problems
