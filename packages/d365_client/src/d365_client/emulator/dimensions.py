"""Display values of ledger accounts and default dimensions: their segments exist (d365.md §4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import attrs

from d365_client.emulator.answers import WriteFailedError
from d365_client.emulator.books import Books
from d365_client.emulator.catalog import COMPANY, EntitySet
from d365_client.emulator.companies import Companies
from d365_client.emulator.rules import not_found
from d365_client.emulator.settings import Settings
from d365_client.emulator.values import Stored

LEDGER_ACCOUNT = "DataEntityLedgerDimensionFormat"
DEFAULT_DIMENSIONS = "DataEntityDefaultDimensionFormat"
_MAIN_ACCOUNT = "MainAccount"
_NO_DAY = date(1900, 1, 1)


@attrs.frozen
class Dimensions:
    """Compares display values with the active format and the values that dimensions have.

    The reference says how a display value is written, not what becomes of a wrong one: whether
    this is asked, and whether what is left out at the end may be, are switches.
    """

    _books: Books
    _entity_set: EntitySet
    _settings: Settings

    def validate(self, field: str, values: Mapping[str, Stored], format_type: str) -> None:
        """Refuse a display value in `field` whose segments are too many, too few, or not there.

        An environment without an active format of this type takes any.

        Raises:
            WriteFailedError: the segments are not as many as the format's, or a dimension has no
                such value, or one that is suspended, a total, or not active on the line's day.
        """
        written, names = str(values.get(field) or ""), self._format(format_type)
        is_asked = self._settings.dimension_values_are_validated
        if not is_asked or not written or not names:
            return
        segments = Companies(self._books).segments(written)
        missing = len(names) - len(segments)
        if missing < 0 or (missing and self._settings.omitted_segments_need_delimiters):
            raise WriteFailedError(
                f"Error: The value '{written}' in field '{field}' has {len(segments)} segments; "
                f"the format {'-'.join(names)} has {len(names)}."
            )
        for name, segment in zip(names, segments, strict=False):
            if segment and name != _MAIN_ACCOUNT:
                self._validate_segment(field, name, segment, values)

    def _format(self, format_type: str) -> list[str]:
        """The dimensions of the format in force, in order; one is in force, for all companies."""
        row = self._books.first(
            "DimensionIntegrationFormats", DimensionFormatType=format_type, IsActive="Yes"
        )
        if row is None:
            return []
        return Companies(self._books).segments(row.text("FinancialDimensionFormat"))

    def _validate_segment(
        self, field: str, dimension: str, segment: str, values: Mapping[str, Stored]
    ) -> None:
        found = self._books.find(
            "FinancialDimensionValues", FinancialDimension=dimension, DimensionValue=segment
        )
        company = str(values[COMPANY])
        # A value belongs to one company or, without one, to all (d365.md §2.4).
        own = [row for row in found if row.text("LegalEntityId").lower() in {"", company}]
        if not own:
            raise not_found(self._entity_set, field, segment, dimension)
        (row, *_) = own
        day = _day(values)
        is_active = row.day("ActiveFrom") <= day and (
            row.day("ActiveTo") == _NO_DAY or day <= row.day("ActiveTo")
        )
        if row.text("IsSuspended") == "Yes" or row.text("IsTotal") == "Yes" or not is_active:
            raise WriteFailedError(
                f"Error: The value {segment} of dimension {dimension} is not active or cannot be "
                f"used on {day}."
            )


def _day(values: Mapping[str, Stored]) -> date:
    return date.fromisoformat(str(values["TransactionDate"])[:10])
