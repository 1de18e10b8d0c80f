"""Ledger dimensions as main account and department, by the tenant's own format.

The order of the segments and the delimiter are read from the tenant (`d365.md` §4.3): nothing is
taken for granted, and `LedgerDimensionValuesJson`, whose shape is unverified, is not used.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import anyio

from d365_client import D365Client, field, split_display_value
from d365_client.models.dimensions import (
    DimensionCombination,
    DimensionIntegrationFormat,
    DimensionParameters,
)
from d365_client.models.display_values import delimiter_text
from d365_client.models.enums import NoYes
from d365_client.models.ledger_enums import DimensionHierarchyType, DimensionSegmentDelimiter
from syncengine.adapters.chunks import read_in_chunks
from syncengine.errors import Misconfigured

_KEYS_A_REQUEST = 8
_MAIN_ACCOUNT, _DEPARTMENT = "MainAccount", "Department"


class DimensionValue(NamedTuple):
    """What of a ledger dimension goes to BILL; `department` is empty where there is none."""

    main_account: str
    department: str


class Dimensions:
    """Reads combinations when they are first needed and keeps them: they never change."""

    def __init__(self, client: D365Client) -> None:
        self._client = client
        self._known: dict[int, DimensionValue] = {}
        self._format: tuple[list[str], str] | None = None
        self._lock = anyio.Lock()

    async def of(self, record_ids: Iterable[int]) -> Mapping[int, DimensionValue]:
        """The values of these combinations.

        Raises:
            Misconfigured: the tenant has no active format, or a combination is not there.
        """
        async with self._lock:
            missing = [number for number in record_ids if number not in self._known]
            if missing:
                segments, delimiter = self._format or await self._read_format()
                self._format = segments, delimiter
                rows = await read_in_chunks(
                    missing,
                    lambda keys: aiter(
                        self._client.entities[DimensionCombination]
                        .where(field("RecordId").in_(keys))
                        .list()
                    ),
                    size=_KEYS_A_REQUEST,
                )
                for row in rows:
                    self._known[row.record_id] = _value(row, segments, delimiter)
                lost = set(missing) - set(self._known)
                if lost:
                    raise Misconfigured(f"D365 has no dimension combination {min(lost)}")
        return self._known

    async def _read_format(self) -> tuple[list[str], str]:
        formats = self._client.entities[DimensionIntegrationFormat]
        wanted = DimensionHierarchyType.DATA_ENTITY_LEDGER_DIMENSION_FORMAT
        active = [
            row
            async for row in formats.where(field("IsActive") == NoYes.YES).list()
            if row.dimension_format_type == wanted
        ]
        if len(active) != 1:
            raise Misconfigured(
                f"D365 has {len(active)} active ledger dimension formats; one is needed to read "
                "accounts and departments from posted invoices"
            )
        parameters = await self._client.entities[DimensionParameters].list().all()
        told = parameters[0].dimension_segment_delimiter if parameters else None
        delimiter = delimiter_text(told or DimensionSegmentDelimiter.HYPHEN)
        return active[0].financial_dimension_format.split(delimiter), delimiter


def _value(row: DimensionCombination, segments: list[str], delimiter: str) -> DimensionValue:
    # An account structure may end before the format does: what is missing is empty.
    told = dict(zip(segments, split_display_value(row.display_value, delimiter), strict=False))
    return DimensionValue(
        main_account=told.get(_MAIN_ACCOUNT) or row.main_account,
        department=told.get(_DEPARTMENT, ""),
    )
