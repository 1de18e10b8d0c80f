"""Chart of accounts and departments (`bill.md` §5.6)."""

from __future__ import annotations

import attrs

from bill_client.models.resource import Resource


@attrs.frozen(kw_only=True)
class LedgerAccount(Resource):
    """An account's number and type in the ledger."""

    type: str | None = None
    number: str | None = None


@attrs.frozen(kw_only=True)
class ChartOfAccount(Resource):
    """An account that lines are booked on."""

    id: str
    name: str
    archived: bool = False
    account: LedgerAccount | None = None


@attrs.frozen(kw_only=True)
class Department(Resource):
    """A department; it has no number, so codes stand in `short_name` (`domain.md` §5.2)."""

    id: str
    name: str
    archived: bool = False
    short_name: str | None = None
