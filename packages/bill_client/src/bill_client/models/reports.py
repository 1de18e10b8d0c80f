"""Reports: who changed what of a vendor (`bill.md` §5.1)."""

from __future__ import annotations

import attrs

from bill_client.models.resource import Resource


@attrs.frozen(kw_only=True)
class AuditUser(Resource):
    """Who changed it."""

    id: str | None = None
    name: str | None = None


@attrs.frozen(kw_only=True)
class ChangedValue(Resource):
    """What it was and what it is."""

    previous: str | None = None
    current: str | None = None


@attrs.frozen(kw_only=True)
class ChangedField(Resource):
    """What was changed."""

    name: str | None = None
    value: ChangedValue | None = None


@attrs.frozen(kw_only=True)
class AuditEntry(Resource):
    """One change. `created_time` is BILL's own text: its form is undocumented."""

    source: str | None = None
    type: str | None = None
    created_time: str | None = None
    user: AuditUser | None = None
    field: ChangedField | None = None
