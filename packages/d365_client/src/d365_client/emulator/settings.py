"""Switches: what the reference leaves unverified has both behaviours here (d365.md §12)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import attrs


@attrs.frozen(kw_only=True)
class Fact:
    """What is to say about one switch.

    Attributes:
        section: where the reference (d365.md) speaks of it.
        about: one sentence about a value that is on, or about the number.
        verified: whether the reference decides; the switch is then a size, or for convenience.
        among: the values it can have; empty: all of its type.
    """

    section: str
    about: str
    verified: bool = False
    among: tuple[int, ...] = ()


def _switch(
    section: str,
    about: str,
    *,
    default: object,
    verified: bool = False,
    among: tuple[int, ...] = (),
) -> Any:
    fact = Fact(section=section, about=about, verified=verified, among=among)
    return attrs.field(default=default, metadata={Fact: fact})


@attrs.frozen(kw_only=True)
class Settings:
    """How this environment behaves where the reference does not decide, and its sizes.

    `facts()` says of each switch what it means.
    """

    token_lifetime_seconds: int = _switch(
        "§1.1", "How long an access token is good for, in real time.", verified=True, default=3599
    )
    unmapped_application_status: int = _switch(
        "§1.4",
        "The answer to a valid token of an application that is mapped to no user.",
        among=(401, 403),
        default=401,
    )
    unauthorized_has_challenge: bool = _switch(
        "§1.5", "A 401 has the header WWW-Authenticate.", default=True
    )
    unauthorized_has_body: bool = _switch(
        "§1.5", "A 401 has a JSON body with a Message.", default=False
    )
    cold_start_seconds: float = _switch(
        "§2.1", "How long the first call after a restart takes.", verified=True, default=0.0
    )
    axtype_annotations: bool = _switch(
        "§2.1", "$metadata tells dates from instants by the annotation AXType.", default=True
    )
    page_size: int = _switch("§2.3", "Rows of one page of a list.", verified=True, default=10_000)
    longest_url: int = _switch(
        "§2.3", "Characters of path and query beyond which the answer is 414.", default=8192
    )
    string_functions: bool = _switch(
        "§2.3", "$filter knows contains, startswith and endswith, or answers 400.", default=True
    )
    guid_prefix_is_needed: bool = _switch(
        "§2.3", "A GUID literal is written guid'…', in filters and keys; else bare.", default=False
    )
    enum_types_ignore_case: bool = _switch(
        "§12", "$filter knows the type of an enum literal in any case.", default=False
    )
    text_ignores_case: bool = _switch(
        "§2.3",
        "$filter compares text without regard to case, as SQL Server often does.",
        default=False,
    )
    date_filters_ignore_time: bool = _switch(
        "§2.3", "In $filter a date field equals any time of its day.", default=False
    )
    display_values_need_escape: bool = _switch(
        "§4.3", "$filter finds a display value only in its escaped form.", default=True
    )
    unknown_select_is_refused: bool = _switch(
        "§4", "$select of an unknown field is a 400; else it is left out.", default=True
    )
    short_key_form: bool = _switch("§2.5", "Currencies('USD') is understood.", default=True)
    missing_key_has_body: bool = _switch(
        "§2.5", "The 404 of a well-formed key has an error body.", default=False
    )
    next_link_base: str = _switch(
        "§2.6", "Another base URL for nextLinks; empty: the URL called.", verified=True, default=""
    )
    maxpagesize_is_honoured: bool = _switch(
        "§2.6", "Prefer: odata.maxpagesize shortens pages.", default=False
    )
    unordered_lists_shuffle: bool = _switch(
        "§2.6", "Pages without a total order overlap and skip rows.", verified=True, default=False
    )
    stale_if_match_status: int = _switch(
        "§2.8", "The answer to a write with an outdated If-Match.", among=(412, 409), default=412
    )
    created_status: int = _switch("§2.9", "The status of a create.", among=(201, 200), default=201)
    put_is_supported: bool = _switch("§2.9", "PUT updates a row, or is a 405.", default=True)
    read_only_fields_are_refused: bool = _switch(
        "§2.9", "Setting a read-only field fails; else it is ignored.", default=True
    )
    long_texts_are_refused: bool = _switch(
        "§12", "Texts beyond AX's usual lengths (currency 3, vendor 20) fail.", default=False
    )
    bi_entities_are_writable: bool = _switch("§4.2", "Bi sets take writes.", default=False)
    batch_takes_json: bool = _switch(
        "§2.10", "$batch takes JSON as well as multipart.", default=False
    )
    content_id_references: bool = _switch(
        "§2.10",
        "In a changeset $1 stands for what the request with Content-ID 1 created.",
        default=False,
    )
    manual_journal_numbers: bool = _switch(
        "§2.10", "A caller may choose JournalBatchNumber.", verified=True, default=False
    )
    write_exception_status: int = _switch(
        "§2.11",
        "The answer to a direct write that a business rule refuses; in a batch it is 500.",
        among=(400, 500),
        default=400,
    )
    infolog_is_nested: bool = _switch(
        "§2.11",
        "The text of a refused write lies in internalexception.",
        verified=True,
        default=False,
    )
    throttled_has_odata_error: bool = _switch(
        "§3", "A 429 has the envelope of OData errors; else a Message.", default=False
    )
    load_limit: int = _switch(
        "§3", "Calls at work at once that overload the environment; 0: none do.", default=0
    )
    application_request_limit: int = _switch(
        "§3",
        "Calls of an application in 300 seconds; 0: any number, as since 2023; it was 6000.",
        verified=True,
        default=0,
    )
    application_concurrency_limit: int = _switch(
        "§3",
        "Calls of an application at once; 0: any number, as since 2023; it was 52.",
        verified=True,
        default=0,
    )
    first_retry_after_seconds: int = _switch(
        "§3", "The first Retry-After; it doubles for who comes back before it is over.", default=5
    )
    early_calls_are_refused: bool = _switch(
        "§3", "A call before Retry-After is over is refused even if there is room.", default=True
    )
    call_seconds: float = _switch(
        "§3", "How long each call is at work, at least.", verified=True, default=0.0
    )
    dimension_values_are_validated: bool = _switch(
        "§4.3", "A journal line with a dimension value that is not there fails.", default=True
    )
    omitted_segments_need_delimiters: bool = _switch(
        "§4.3", "A display value that lacks segments at its end fails.", default=False
    )
    line_insert_seconds: float = _switch(
        "§5.1", "How long a line's insert keeps its journal busy.", verified=True, default=0.005
    )
    second_mark_is_refused: bool = _switch(
        "§5.3",
        "Marking a marked invoice fails; else the line stays unmarked, silently.",
        default=True,
    )
    settled_invoices_in_changeset: bool = _switch(
        "§5.3", "Settled invoices may join the changeset that creates their line.", default=True
    )
    bad_lines_move_to_new_journal: bool = _switch(
        "§5.4",
        "Posting moves the lines it refuses to a new journal; else refuses all.",
        default=False,
    )
    nested_action_values: bool = _switch(
        "§7", "An action's scalar result is value.value; else value.", default=False
    )
    service_errors_are_nested: bool = _switch(
        "§8", "The text of a service's 500 lies in InnerException; else outside.", default=True
    )
    services_honour_cmp: bool = _switch(
        "§8", "The parameter cmp chooses the company of a custom service.", default=False
    )

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


def facts() -> Mapping[str, Fact]:
    """What each switch means, by its name, in the order of the reference."""
    return {name: field.metadata[Fact] for name, field in attrs.fields_dict(Settings).items()}


def _checked(name: str, value: object, expected: type[object]) -> object:
    if expected is float and isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not expected:
        raise ValueError(f"setting {name} must be of type {expected.__name__}, not {value!r}")
    among = facts()[name].among
    if among and value not in among:
        allowed = " or ".join(str(status) for status in among)
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
