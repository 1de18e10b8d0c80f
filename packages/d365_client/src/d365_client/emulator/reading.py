"""Reads: pages, single rows and counts, as the data endpoint writes them (d365.md §2.3 to §2.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import attrs

from d365_client.emulator.answers import Answer, bad_request, json_answer, missing_row
from d365_client.emulator.books import Books, Row, row_of
from d365_client.emulator.calls import Call
from d365_client.emulator.catalog import COMPANY, EntitySet
from d365_client.emulator.filter_operands import Condition
from d365_client.emulator.query import Expansion, Query, parse_query
from d365_client.emulator.representation import Detail, Representation, detail_asked
from d365_client.emulator.settings import Switches
from d365_client.emulator.values import Stored

_MAXPAGESIZE = re.compile(r"odata\.maxpagesize\s*=\s*(\d+)")


@attrs.frozen
class Reader:
    """Answers reads from the books."""

    _books: Books
    _switches: Switches

    def page(self, call: Call, entity_set: EntitySet) -> Answer:
        """200 with a page of rows and a nextLink if more follow, or 400."""
        query = self.query(call, entity_set)
        written = _representation(call)
        condition = self._in_sight(call, entity_set, query)
        page_size = self._page_size(call)
        wanted = page_size if query.top is None else min(page_size, query.top)
        names = _read_fields(entity_set, query, written.detail)
        records = self._books.select(
            entity_set.name,
            names,
            condition,
            self._order(query),
            limit=wanted + 1,
            offset=query.skip,
        )
        body = written.context(entity_set, query.select)
        if query.count:
            body["@odata.count"] = self._books.count(entity_set.name, condition)
        body["value"] = [
            self._entry(written, entity_set, query, row_of(names, record))
            for record in records[:wanted]
        ]
        if len(records) > wanted and wanted != query.top:
            base = self._switches.current.next_link_base or call.base_url
            options = query.next_options(wanted)
            body["@odata.nextLink"] = f"{base}/data/{entity_set.name}?{options}"
        return json_answer(200, body, Content_Type=written.content_type)

    def row(self, call: Call, entity_set: EntitySet, key: Mapping[str, Stored]) -> Answer:
        """200 with one row, or 404."""
        query = self.query(call, entity_set)
        row = self.existing(call, entity_set, key, query)
        body = self.entity(call, entity_set, query, row)
        return json_answer(200, body, Content_Type=content_type(call))

    def existing(
        self, call: Call, entity_set: EntitySet, key: Mapping[str, Stored], query: Query
    ) -> Row:
        """The row with this key; raises the 404 if it is not in sight."""
        row = self.find(call, entity_set, key, cross_company=query.cross_company)
        if row is None:
            raise missing_row(with_body=self._switches.current.missing_key_has_body)
        return row

    def count(self, call: Call, entity_set: EntitySet) -> Answer:
        """200 with the number of rows as plain text (d365.md §2.6)."""
        condition = self._in_sight(call, entity_set, self.query(call, entity_set))
        number = self._books.count(entity_set.name, condition)
        headers = {"Content-Type": "text/plain", "OData-Version": "4.0"}
        return Answer(status=200, headers=headers, body=str(number).encode())

    def query(self, call: Call, entity_set: EntitySet) -> Query:
        """The query options of a call; raises the 400 that says what is wrong with them."""
        try:
            return parse_query(call.query, entity_set, self._books.catalog, self._switches.current)
        except ValueError as problem:
            raise bad_request(str(problem)) from problem

    def find(
        self, call: Call, entity_set: EntitySet, key: Mapping[str, Stored], *, cross_company: bool
    ) -> Row | None:
        """The row with this key, if it is in sight of the call."""
        row = self._books.first(entity_set.name, **key)
        if row is None or not entity_set.by_company or cross_company:
            return row
        return row if row.text(COMPANY) == call.principal.default_company else None

    def entity(
        self, call: Call, entity_set: EntitySet, query: Query, row: Row
    ) -> dict[str, object]:
        """A single row as the body of an answer."""
        written = _representation(call)
        context = written.context(entity_set, query.select, single=True)
        return {**context, **self._entry(written, entity_set, query, row)}

    def _in_sight(self, call: Call, entity_set: EntitySet, query: Query) -> Condition:
        # Without cross-company only the rows of the user's default company exist (d365.md §2.4).
        if not entity_set.by_company or query.cross_company:
            return query.condition
        return Condition(
            f'"{COMPANY}" = ? AND ({query.condition.sql})',
            (call.principal.default_company, *query.condition.parameters),
        )

    def _page_size(self, call: Call) -> int:
        settings = self._switches.current
        asked = _MAXPAGESIZE.search(call.headers.get("prefer", ""))
        if asked is None or not settings.maxpagesize_is_honoured:
            return settings.page_size
        return max(1, min(settings.page_size, int(asked[1])))

    def _order(self, query: Query) -> str:
        if not self._switches.current.unordered_lists_shuffle:
            return ", ".join([*query.order, "_record_id"])
        # A different order on each page: where $orderby leaves ties, pages overlap and skip.
        return ", ".join([*query.order, f"(_record_id * 7919 + {query.skip + 1} * 104729) % 1009"])

    def _entry(
        self, written: Representation, entity_set: EntitySet, query: Query, row: Row
    ) -> dict[str, object]:
        shown = query.select or tuple(entity_set.fields)
        entry = _entry(written, entity_set, shown, row)
        for expansion in query.expand:
            entry[expansion.navigation.name] = self._expanded(written, expansion, row)
        return entry

    def _expanded(self, written: Representation, expansion: Expansion, row: Row) -> object:
        target = self._books.catalog.sets[expansion.navigation.target]
        joined = {theirs: row.values[ours] for ours, theirs in expansion.navigation.join.items()}
        found = [
            _entry(written, target, expansion.fields, other)
            for other in self._books.find(target.name, **joined)
        ]
        return found if expansion.navigation.many else next(iter(found), None)


def content_type(call: Call) -> str:
    """The content type of rows that answer a call."""
    return _representation(call).content_type


def _representation(call: Call) -> Representation:
    return Representation(
        base_url=call.base_url, detail=detail_asked(call.headers.get("accept", ""))
    )


def _entry(
    written: Representation, entity_set: EntitySet, shown: Sequence[str], row: Row
) -> dict[str, object]:
    return written.entry(
        entity_set, shown, row.values, record_id=row.record_id, version=row.version
    )


def _read_fields(entity_set: EntitySet, query: Query, detail: Detail) -> tuple[str, ...]:
    if query.select is None:
        return tuple(entity_set.fields)
    joins = (name for expansion in query.expand for name in expansion.navigation.join)
    keys = entity_set.keys if detail is Detail.FULL else ()
    return tuple(dict.fromkeys((*query.select, *joins, *keys)))
