"""What to do with a record, row by row of the table."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import attrs
import pytest

from syncengine.decide import Action, action, park_changes
from syncengine.model import Disposition, Link, Operation, OperationRecord, Park, Purpose, Ref
from syncengine.ports import Reason

REF = Ref("bills", "V1")
NOW = datetime(2026, 10, 1, 8, tzinfo=UTC)
LATER = datetime(2026, 10, 2, 8, tzinfo=UTC)
OPERATION = Operation(
    id="op",
    flow="bills",
    purpose=Purpose.CREATE,
    records=(OperationRecord(key="V1"),),
    payload={},
    opened_at=NOW,
)
LINK = Link(ref=REF, target_id="00n", payload_hash="same")
REASON = Reason(
    code="MAP_ACCOUNT",
    disposition=Disposition.PARKED,
    sentence="Main account 512100 has no account in BILL.",
    amount=Decimal("13200.00"),
    currency="USD",
)
PARK = Park(
    ref=REF,
    code="MAP_ACCOUNT",
    disposition=Disposition.PARKED,
    sentence="Main account 512100 has no account in BILL.",
    amount=Decimal("13200.00"),
    currency="USD",
    first_seen=NOW,
)
REFUSAL = Park(
    ref=REF,
    code="REJECTED",
    disposition=Disposition.PARKED,
    sentence="BILL said no.",
    cause="refused",
    first_seen=NOW,
)


@pytest.mark.parametrize(
    ("open_operation", "link", "payload_hash", "parks", "expected"),
    [
        pytest.param(OPERATION, None, "new", (), Action.LEAVE, id="open operation"),
        pytest.param(OPERATION, LINK, "new", (), Action.LEAVE, id="open operation and link"),
        pytest.param(None, None, None, (), Action.LEAVE, id="no draft"),
        pytest.param(None, LINK, None, (), Action.LEAVE, id="no draft, linked"),
        pytest.param(None, None, "refused", (REFUSAL,), Action.LEAVE, id="refused before"),
        pytest.param(None, None, "changed", (REFUSAL,), Action.CREATE, id="refused, changed since"),
        pytest.param(None, None, "new", (), Action.CREATE, id="new"),
        pytest.param(None, None, "new", (PARK,), Action.CREATE, id="was parked, is ready"),
        pytest.param(None, LINK, "same", (), Action.LEAVE, id="as linked"),
        pytest.param(None, LINK, "changed", (), Action.UPDATE, id="changed since linked"),
    ],
)
def test_each_row_of_the_table(
    open_operation: Operation | None,
    link: Link | None,
    payload_hash: str | None,
    parks: tuple[Park, ...],
    expected: Action,
) -> None:
    """Each row of the table gives its action."""
    got = action(open_operation=open_operation, link=link, payload_hash=payload_hash, parks=parks)

    assert expected == got


def test_a_new_reason_is_parked_with_the_instant_it_was_first_seen() -> None:
    """A record that begins to wait is parked once, first seen now."""
    changes = park_changes(REF, parks=(), reasons=(REASON,), payload_hash=None, now=NOW)

    assert (PARK,) == changes.put
    assert () == changes.drop


def test_an_unchanged_reason_writes_nothing() -> None:
    """A record that waits for the same reason as before leaves no event."""
    changes = park_changes(REF, parks=(PARK,), reasons=(REASON,), payload_hash=None, now=LATER)

    assert ((), ()) == (changes.put, changes.drop)


def test_a_changed_amount_is_told_and_keeps_the_first_instant() -> None:
    """When what waits changes, the park says so and still knows since when."""
    less = attrs.evolve(REASON, amount=Decimal("100.00"))

    changes = park_changes(REF, parks=(PARK,), reasons=(less,), payload_hash=None, now=LATER)

    assert (attrs.evolve(PARK, amount=Decimal("100.00")),) == changes.put


def test_a_reason_that_is_gone_lifts_its_park() -> None:
    """A record that no longer waits is lifted, code by code."""
    changes = park_changes(REF, parks=(PARK,), reasons=(), payload_hash="new", now=LATER)

    assert ("MAP_ACCOUNT",) == changes.drop


@pytest.mark.parametrize(("payload_hash", "dropped"), [("refused", ()), ("changed", ("REJECTED",))])
def test_a_refusal_stays_until_the_payload_changes(
    payload_hash: str, dropped: tuple[str, ...]
) -> None:
    """What was refused is not tried again as it was, and stays parked until it differs."""
    changes = park_changes(REF, parks=(REFUSAL,), reasons=(), payload_hash=payload_hash, now=LATER)

    assert dropped == changes.drop
