"""The journal's chain, and values on their way into it and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncengine import codec
from syncengine.events import (
    GENESIS,
    Event,
    EventType,
    RecordedEvent,
    canonical,
    first_broken,
    instant_text,
    record,
)
from syncengine.model import (
    Disposition,
    JsonValue,
    Operation,
    OperationRecord,
    OperationState,
    Park,
    Purpose,
    Ref,
)

NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)

texts = st.text(max_size=12)
payloads: st.SearchStrategy[Mapping[str, JsonValue]] = st.dictionaries(
    texts,
    st.recursive(
        st.none() | st.booleans() | st.integers() | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)
events = st.builds(
    Event,
    type=st.sampled_from(EventType),
    at=st.datetimes(timezones=st.just(UTC)),
    ref=st.none() | st.builds(Ref, flow=texts.filter(bool), key=texts),
    operation=texts,
    data=payloads,
)


@given(st.lists(events, min_size=1, max_size=6), st.data())
def test_any_change_to_any_event_breaks_the_chain_there(
    told: list[Event], data: st.DataObject
) -> None:
    """Edited, removed or repeated: found at the first event that is not what it was."""
    chain = record("demo", told, sequence=0, previous_hash=GENESIS)
    assert first_broken("demo", chain) is None

    index = data.draw(st.integers(0, len(chain) - 1))
    forged = attrs.evolve(chain[index].event, operation=chain[index].event.operation + "x")
    edited = [*chain[:index], attrs.evolve(chain[index], event=forged), *chain[index + 1 :]]
    repeated = [*chain[: index + 1], *chain[index:]]

    assert index + 1 == first_broken("demo", edited)
    assert index + 2 == first_broken("demo", repeated)
    if index + 1 < len(chain):
        assert index + 1 == first_broken("demo", [*chain[:index], *chain[index + 1 :]])


def test_a_chain_belongs_to_its_connection() -> None:
    """Events copied to another connection do not fit there."""
    chain: list[RecordedEvent] = record(
        "one", [Event(type=EventType.DISCOVERED, at=NOW)], sequence=0, previous_hash=GENESIS
    )

    assert 1 == first_broken("two", chain)


@given(payloads)
def test_a_payload_survives_its_text(payload: Mapping[str, JsonValue]) -> None:
    """What is written is what is read, whatever it holds."""
    assert payload == codec.loads(codec.dumps(payload))


@given(payloads, st.randoms())
def test_the_order_of_keys_makes_no_other_digest(
    payload: Mapping[str, JsonValue], random: Any
) -> None:
    """Equal payloads have one spelling."""
    keys = list(payload)
    random.shuffle(keys)

    assert canonical(payload) == canonical({key: payload[key] for key in keys})


@given(
    payload=payloads,
    amount=st.decimals(allow_nan=False, allow_infinity=False),
    instant=st.datetimes(timezones=st.just(UTC)),
)
def test_operations_and_parks_survive_their_json(
    payload: Mapping[str, JsonValue], amount: Decimal, instant: datetime
) -> None:
    """Every amount to the last digit, every instant to the microsecond."""
    operation = Operation(
        id="op",
        flow="bills",
        purpose=Purpose.CREATE,
        records=(OperationRecord(key="a", payload_hash="h", facts={"amount": str(amount)}),),
        payload=payload,
        opened_at=instant,
        state=OperationState.UNKNOWN,
        attempted_at=instant,
        results={"header": "000123"},
    )
    park = Park(
        ref=Ref("bills", "a"),
        code="X",
        disposition=Disposition.HELD,
        sentence="s",
        amount=amount,
        first_seen=instant,
    )

    read = codec.park_from(codec.loads(codec.dumps(codec.to_json(park))))

    assert operation == codec.operation_from(codec.loads(codec.dumps(codec.to_json(operation))))
    assert (park, str(amount)) == (read, str(read.amount))


def test_a_naive_instant_is_refused() -> None:
    """The journal knows no local time."""
    with pytest.raises(ValueError, match="naive"):
        instant_text(datetime(2026, 10, 1))  # noqa: DTZ001 - the naive instant is the point


@given(st.datetimes(), st.integers(-14, 14))
def test_instants_sort_as_their_texts(moment: datetime, hours: int) -> None:
    """Whatever offset it is given in, an instant has one text, and later sorts later."""
    zone = timezone(timedelta(hours=hours))
    try:
        instant = moment.replace(tzinfo=zone)
        later = instant + timedelta(microseconds=1)
        texts_of = [instant_text(instant), instant_text(later)]
    except OverflowError:
        return  # the last hours of the calendar have no UTC

    assert sorted(texts_of) == texts_of
    assert texts_of[0] != texts_of[1]
