"""The month as D365's emulator is loaded with it: entity set → rows, in the service's own terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from syncengine.demo.d365_invoices import invoice_rows
from syncengine.demo.d365_payables import INACTIVE_FIELD, payables_rows
from syncengine.demo.d365_setup import DEFAULT_COMPANY, setup_rows
from syncengine.demo.d365_vouchers import voucher_rows
from syncengine.demo.ledger import Ledger


@attrs.frozen(kw_only=True)
class D365Credentials:
    """An application that D365 knows (`d365.md` §1.4)."""

    tenant_id: str
    client_id: str
    client_secret: str = attrs.field(repr=False)
    user: str


def d365_seed(ledger: Ledger, applications: Sequence[D365Credentials]) -> Mapping[str, object]:
    """Companies, vendors and every document, posted as of its day; amounts are `Decimal`."""
    return {
        "tenant_id": applications[0].tenant_id,
        "clients": [
            {
                "client_id": application.client_id,
                "client_secret": application.client_secret,
                "user": application.user,
                "default_company": DEFAULT_COMPANY,
            }
            for application in applications
        ],
        "extensions": [
            {
                "entity_set": "VendorsV2",
                "name": INACTIVE_FIELD,
                "type": "Microsoft.Dynamics.DataEntities.NoYes",
                "default": "No",
            }
        ],
        "rows": {
            **setup_rows(ledger),
            **payables_rows(ledger),
            **invoice_rows(ledger),
            **voucher_rows(ledger),
        },
    }
