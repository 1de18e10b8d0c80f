"""Vendors, D365 → BILL: a payee exists before any bill names it (`domain.md` §3.4).

Only vendors that a bill is waiting for are made (`domain.md` §1.1, lazy mode).
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from syncengine.flow import Flow
from syncengine.flows.standing import waiting_reason
from syncengine.markers import vendor_marker
from syncengine.model import JsonValue, Link, Ref
from syncengine.payables import VENDORS, Policy, VendorItems
from syncengine.ports import Draft, Source, Standing, Target


@attrs.frozen
class VendorMapper:
    """A D365 vendor as the BILL vendor it should be."""

    policy: Policy

    def standing(self, key: str, facts: VendorItems, links: Mapping[Ref, Link]) -> Standing:
        """A draft for a vendor that is linked or that a bill waits for; nothing for the others."""
        wanted = any(waiting_reason(item, self.policy) is None for item in facts.items)
        if not wanted and Ref(VENDORS, key) not in links:
            return Standing()
        return Standing(draft=Draft(payload=self._payload(facts), facts=self._facts(facts)))

    def _payload(self, facts: VendorItems) -> dict[str, JsonValue]:
        vendor, address = facts.vendor, facts.vendor.address
        return {
            "name": vendor.name,
            "short_name": vendor_marker(self.policy.legal_entity, vendor.account),
            # Printed on the check or sent with the payment: a large biller needs its own number.
            "account_number": vendor.our_account_number or vendor.account,
            "d365_account": vendor.account,
            "email": vendor.email,
            "currency": vendor.currency,
            "address": {
                "line1": address.line1,
                "city": address.city,
                "state": address.state,
                "postal_code": address.postal_code,
                "country": address.country,
            },
        }

    def _facts(self, facts: VendorItems) -> dict[str, str]:
        return {"name": facts.vendor.name, "currency": facts.vendor.currency}


def vendors(*, source: Source[VendorItems], target: Target, policy: Policy) -> Flow[VendorItems]:
    """The vendors flow of one connection."""
    return Flow(name=VENDORS, source=source, mapper=VendorMapper(policy), target=target)
