"""The target of vendors: BILL (`domain.md` §3.4, *Vendor*)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast

import anyio

from bill_client import (
    AdditionalInfoDraft,
    AddressDraft,
    BillClient,
    PaymentInformationDraft,
    Vendor,
    VendorDraft,
    VendorPatch,
    field,
)
from syncengine.adapters.translation import reading, writing
from syncengine.model import Operation, Payload, Purpose
from syncengine.ports import Absent, Draft, Found, Lookup, Several

_SKEW = timedelta(minutes=10)
"""How far the two clocks may be apart when a create is looked for by its time."""


class VendorTarget:
    """Vendors are found by marker, then by account number; never by name alone (§5.2)."""

    def __init__(self, client: BillClient) -> None:
        self._client = client
        self._all: Sequence[Vendor] | None = None
        self._lock = anyio.Lock()

    @property
    def absence_is_proof(self) -> bool:
        """BILL's lists may lag behind a create (`domain.md` W10)."""
        return False

    async def match(self, draft: Draft) -> Lookup:
        """The vendor with our marker, else the one with its account number and no marker."""
        marker = str(draft.payload["short_name"])
        vendors = await self._vendors()
        marked = [vendor for vendor in vendors if vendor.short_name == marker]
        if marked:
            return _lookup(marked, marker)
        numbers = {str(draft.payload["d365_account"]), str(draft.payload["account_number"])}
        typed = [
            vendor
            for vendor in vendors
            if vendor.account_number in numbers and ":" not in (vendor.short_name or "")
        ]
        return _lookup(typed, marker)

    async def perform(self, operation: Operation) -> str:
        """Create the vendor, put our marker on it, or bring it up to date."""
        payload = operation.payload
        with writing(retry=False):
            if operation.purpose is Purpose.CREATE:
                return (await self._client.vendors.create(_draft(payload))).id
            patch = (
                VendorPatch(short_name=str(payload["short_name"]))
                if operation.purpose is Purpose.ADOPT
                else _patch(payload)
            )
            return (await self._client.vendors.update(operation.target_id, patch)).id

    async def find(self, operation: Operation) -> Lookup:
        """A created vendor by marker, then by name and postal code; a changed one by its values."""
        payload = operation.payload
        with reading():
            if operation.purpose is not Purpose.CREATE:
                vendor = await self._client.vendors.get(operation.target_id)
                done = _carries(vendor, payload, operation.purpose)
                return Found(target_id=vendor.id) if done else Absent()
            since = (operation.attempted_at or operation.opened_at) - _SKEW
            recent = await self._client.vendors.list(
                field("createdTime") >= since, sort="createdTime:asc"
            ).all()
        marker = str(payload["short_name"])
        marked = [vendor for vendor in recent if vendor.short_name == marker]
        return _lookup(marked or [x for x in recent if _same_place(x, payload)], marker)

    async def _vendors(self) -> Sequence[Vendor]:
        """Every vendor that is not archived, read once in the life of this target."""
        async with self._lock:
            if self._all is None:
                with reading():
                    self._all = await self._client.vendors.list(
                        field("archived") == False,  # noqa: E712 - a condition, not a comparison
                        sort="createdTime:asc",
                    ).all()
        return self._all


def _lookup(vendors: Sequence[Vendor], marker: str) -> Lookup:
    match vendors:
        case []:
            return Absent()
        case [vendor]:
            return Found(
                target_id=vendor.id,
                facts={"origin": "adopted"},
                mark=not vendor.short_name and vendor.short_name != marker,
            )
        case _:
            return Several(target_ids=tuple(vendor.id for vendor in vendors))


def _same_place(vendor: Vendor, payload: Payload) -> bool:
    address = _address(payload)
    there = vendor.address.zip_or_postal_code if vendor.address else None
    return (vendor.name, there) == (payload["name"], address["postal_code"])


def _carries(vendor: Vendor, payload: Payload, purpose: Purpose) -> bool:
    if purpose is Purpose.ADOPT:
        return vendor.short_name == payload["short_name"]
    return (vendor.name, vendor.account_number) == (payload["name"], payload["account_number"])


def _address(payload: Payload) -> Mapping[str, str]:
    return cast("Mapping[str, str]", payload["address"])


def _address_draft(payload: Payload) -> AddressDraft:
    address = _address(payload)
    return AddressDraft(
        line_1=address["line1"],
        city=address["city"],
        state_or_province=address["state"] or None,
        zip_or_postal_code=address["postal_code"],
        country=address["country"],
    )


def _draft(payload: Payload) -> VendorDraft:
    name = str(payload["name"])
    return VendorDraft(
        name=name,
        address=_address_draft(payload),
        short_name=str(payload["short_name"]),
        account_number=str(payload["account_number"]),
        email=str(payload["email"]) or None,
        bill_currency=str(payload["currency"]),
        payment_information=PaymentInformationDraft(payee_name=name),
        additional_info=AdditionalInfoDraft(track_1099=False),
    )


def _patch(payload: Payload) -> VendorPatch:
    return VendorPatch(
        name=str(payload["name"]),
        account_number=str(payload["account_number"]),
        email=str(payload["email"]) or None,
        address=_address_draft(payload),
    )
