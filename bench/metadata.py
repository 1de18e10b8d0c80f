"""`$metadata` of the one entity set, for clients that make their types of it (`d365.md` §2.8)."""

from __future__ import annotations

from bench.rows import ENTITY_SET, FIELDS

NAMESPACE = "Microsoft.Dynamics.DataEntities"
KEY = ("dataAreaId", "SourceKey")
ENUMERATIONS = {
    "NoYes": ("No", "Yes"),
    "LedgerTransType": ("None", "Purch", "Vend", "Payment", "Settlement"),
}

_DECIMALS = {"AmountCur", "AmountMST", "SettleAmountCur", "SettleAmountMST", "ExchRate"}
_TIMES = {
    "TransDate", "DocumentDate", "DueDate", "Closed", "LastSettleDate", "SysModifiedDateTime",
    "CreatedOn",
}  # fmt: skip
_WHOLE = {"SourceKey", "OffsetRecid"}
ENUMERATED = {"Approved": "NoYes", "Prepayment": "NoYes", "TransType": "LedgerTransType"}


def edm_type(name: str) -> str:
    """The type of a field, as `$metadata` names it."""
    if name in ENUMERATED:
        return f"{NAMESPACE}.{ENUMERATED[name]}"
    if name in _TIMES:
        return "Edm.DateTimeOffset"
    if name in _WHOLE:
        return "Edm.Int64"
    return "Edm.Decimal" if name in _DECIMALS else "Edm.String"


def _document() -> str:
    references = "".join(f'<PropertyRef Name="{name}"/>' for name in KEY)
    fields = "".join(
        f'<Property Name="{name}" Type="{edm_type(name)}" Nullable="false"/>' for name in FIELDS
    )
    enumerations = "".join(
        f'<EnumType Name="{name}">'
        + "".join(
            f'<Member Name="{member}" Value="{value}"/>' for value, member in enumerate(members)
        )
        + "</EnumType>"
        for name, members in ENUMERATIONS.items()
    )
    kind = "VendTransBiEntity"
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">'
        "<edmx:DataServices>"
        f'<Schema Namespace="{NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
        f'{enumerations}<EntityType Name="{kind}"><Key>{references}</Key>{fields}</EntityType>'
        '<EntityContainer Name="Resources">'
        f'<EntitySet Name="{ENTITY_SET}" EntityType="{NAMESPACE}.{kind}"/>'
        "</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"
    )


METADATA = _document()
