"""Switches: what the reference leaves unverified has both behaviours here (d365.md §12)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class Settings:
    """How this environment behaves where the reference does not decide, and its sizes.

    Attributes:
        token_lifetime_seconds: how long an access token is good for, in real time (§1.1).
        unmapped_application_status: 401 or 403 for a valid token of an application that no row
            of "Microsoft Entra applications" maps to a user (§1.4).
        page_size: rows of one page of a list (§2.3).
        maxpagesize_is_honoured: whether `Prefer: odata.maxpagesize` shortens pages (§2.6).
        next_link_base: another base URL for nextLinks; empty: the URL that was called (§2.6).
        longest_url: characters of path and query beyond which the answer is 414 (§2.3).
        string_functions: whether $filter knows contains, startswith and endswith (§2.3).
        text_ignores_case: whether $filter compares text without regard to case; the reference
            says nothing of it, SQL Server installations usually do.
        date_filters_ignore_time: whether a date field equals any time of its day (§2.3).
        unknown_select_is_refused: whether $select of an unknown field is an error, or ignored
            (§4).
        unordered_lists_shuffle: whether pages without a total order overlap and skip rows
            (§2.6).
        short_key_form: whether `Currencies('USD')` is understood (§2.5).
        missing_key_has_body: whether the 404 of a well-formed key has an error body (§2.5).
        stale_if_match_status: 412 or 409 for a write with an outdated If-Match (§2.8).
        put_is_supported: whether PUT updates a row (§2.9).
        read_only_fields_are_refused: whether setting a read-only field fails, or is ignored
            (§2.9).
        bi_entities_are_writable: whether Bi sets take writes (§4.2).
        write_exception_status: 400 or 500 for a direct write that a business rule refuses; in a
            batch it is always 500 (§2.11).
        infolog_is_nested: whether the text of a refused write lies in
            innererror.internalexception, or in innererror itself (§2.11).
        manual_journal_numbers: whether a caller may choose JournalBatchNumber (§2.10).
        second_mark_is_refused: whether marking a marked invoice fails, or leaves the line
            unmarked without a word (§5.3, domain.md §1.4).
        settled_invoices_in_changeset: whether settled-invoice rows join the unit of work of a
            line that is created in the same changeset (domain.md §3.4).
        bad_lines_move_to_new_journal: whether posting moves the lines that it refuses to a new
            journal and posts the rest, or refuses the whole journal (§5.4).
        line_insert_seconds: how long the insert of a journal line keeps its header busy (§5.1).
    """

    token_lifetime_seconds: int = 3599
    unmapped_application_status: int = 401
    page_size: int = 10_000
    maxpagesize_is_honoured: bool = False
    next_link_base: str = ""
    longest_url: int = 8192
    string_functions: bool = True
    text_ignores_case: bool = False
    date_filters_ignore_time: bool = False
    unknown_select_is_refused: bool = True
    unordered_lists_shuffle: bool = False
    short_key_form: bool = True
    missing_key_has_body: bool = False
    stale_if_match_status: int = 412
    put_is_supported: bool = True
    read_only_fields_are_refused: bool = True
    bi_entities_are_writable: bool = False
    write_exception_status: int = 400
    infolog_is_nested: bool = False
    manual_journal_numbers: bool = False
    second_mark_is_refused: bool = True
    settled_invoices_in_changeset: bool = True
    bad_lines_move_to_new_journal: bool = False
    line_insert_seconds: float = 0.005

    def merged(self, changes: Mapping[str, object]) -> Settings:
        """These settings with `changes`.

        Raises:
            ValueError: an unknown switch, or a value it cannot have, named in the message.
        """
        known = attrs.fields_dict(Settings)
        checked: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"setting {name} is not known")
            checked[name] = _checked(name, value, type(known[name].default))
        return attrs.evolve(self, **checked)


_STATUSES = {
    "unmapped_application_status": (401, 403),
    "stale_if_match_status": (412, 409),
    "write_exception_status": (400, 500),
}


def _checked(name: str, value: object, expected: type[object]) -> object:
    if expected is float and isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not expected:
        raise ValueError(f"setting {name} must be of type {expected.__name__}, not {value!r}")
    if name in _STATUSES and value not in _STATUSES[name]:
        allowed = " or ".join(str(status) for status in _STATUSES[name])
        raise ValueError(f"setting {name} must be {allowed}, not {value!r}")
    if isinstance(value, int | float) and value < 0:
        raise ValueError(f"setting {name} must not be negative")
    return value


class Switches:
    """The settings in force, shared by everything that asks for them."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.current = settings or Settings()

    def merge(self, changes: Mapping[str, object]) -> Settings:
        """Put `changes` in force for every call from now on.

        Raises:
            ValueError: an unknown switch, or a value it cannot have; nothing is changed.
        """
        self.current = self.current.merged(changes)
        return self.current
