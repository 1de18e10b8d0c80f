"""Rows as JSON objects, with as much metadata as the caller asked for (d365.md §2.7). Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping, Sequence

import attrs

from d365_client.emulator.catalog import EntitySet, Field, Kind
from d365_client.emulator.etags import etag
from d365_client.emulator.keys import row_path
from d365_client.emulator.values import Stored, stored_to_json

_ASKED = re.compile(r"odata\.metadata\s*=\s*(none|minimal|full)\b", re.IGNORECASE)

# What JSON itself says of a value needs no annotation.
_SELF_EVIDENT = frozenset({Kind.TEXT, Kind.INT32, Kind.BOOLEAN})


class Detail(enum.Enum):
    """How much a body says of itself."""

    NONE = "none"
    MINIMAL = "minimal"
    FULL = "full"


def detail_asked(accept: str) -> Detail:
    """What the header Accept asks for; minimal if it does not say."""
    found = _ASKED.search(accept)
    return Detail.MINIMAL if found is None else Detail(found[1].lower())


@attrs.frozen(kw_only=True)
class Representation:
    """Writes bodies for one call.

    Attributes:
        base_url: the environment, without a trailing slash.
        detail: how much they say of themselves.
    """

    base_url: str
    detail: Detail

    @property
    def content_type(self) -> str:
        """The content type of what is written here."""
        return f"application/json; odata.metadata={self.detail.value}"

    def context(
        self, entity_set: EntitySet, select: Sequence[str] | None, *, single: bool = False
    ) -> dict[str, object]:
        """The context of a page or of a single row; nothing where no metadata is asked for."""
        if self.detail is Detail.NONE:
            return {}
        selected = "" if select is None else f"({','.join(select)})"
        end = "/$entity" if single else ""
        return {
            "@odata.context": f"{self.base_url}/data/$metadata#{entity_set.name}{selected}{end}"
        }

    def entry(
        self,
        entity_set: EntitySet,
        shown: Sequence[str],
        values: Mapping[str, Stored],
        *,
        record_id: int,
        version: int,
    ) -> dict[str, object]:
        """One row: its ETag, the fields `shown`, and with full metadata all that there is."""
        fields = entity_set.fields
        if self.detail is Detail.NONE:
            return {name: stored_to_json(fields[name], values[name]) for name in shown}
        tag = etag(entity_set, record_id, version)
        if self.detail is Detail.MINIMAL:
            return {
                "@odata.etag": tag,
                **{name: stored_to_json(fields[name], values[name]) for name in shown},
            }
        return dict(self._full(entity_set, shown, values, tag))

    def _full(
        self, entity_set: EntitySet, shown: Sequence[str], values: Mapping[str, Stored], tag: str
    ) -> Iterator[tuple[str, object]]:
        place = self.base_url + row_path(entity_set, values)
        yield "@odata.type", f"#{entity_set.type_name}"
        yield "@odata.id", place
        yield "@odata.etag", tag
        yield "@odata.editLink", place
        for name in shown:
            field, value = entity_set.fields[name], values[name]
            if value is not None and field.kind not in _SELF_EVIDENT:
                yield f"{name}@odata.type", f"#{_type_name(field)}"
            yield name, stored_to_json(field, value)
        for way in entity_set.navigation:
            yield f"{way}@odata.associationLink", f"{place}/{way}/$ref"
            yield f"{way}@odata.navigationLink", f"{place}/{way}"


def _type_name(field: Field) -> str:
    return field.edm_type.removeprefix("Edm.")
