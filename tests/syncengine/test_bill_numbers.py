"""Invoice numbers in BILL: the original where it fits and is free, else a distinct short one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncengine.bill_numbers import bill_number, comparable

LONG = "GCD/2026/10/WO-7741/PHASE-2/REV-B/000"


@pytest.mark.parametrize(
    ("typed", "original"),
    [
        ("10023-902 ", "10023-902"),
        (" 10016-905", "10016-905"),
        ("10006\u200b-907", "10006-907"),
        ("ab  inv-3", "AB INV-3"),
        ("\uff11\uff10\uff10\uff11", "1001"),
        ("\ufeffX\u2060-1", "x-1"),
    ],
)
def test_what_a_clerk_typed_compares_equal(typed: str, original: str) -> None:
    """Blanks, zero-width characters, width and case do not make another number (I-38)."""
    assert comparable(original) == comparable(typed)


def test_a_number_that_fits_and_is_free_is_sent_as_it_stands() -> None:
    """The sent form is the original, blanks and all."""
    assert " 1001 a" == bill_number(" 1001 a", distinct="V1", taken=(), limit=21)


def test_two_long_numbers_that_share_their_beginning_stay_two() -> None:
    """Numbers that collide when cut get different digests, and fit the limit (I-35)."""
    first = bill_number(LONG + "1", distinct="V1", taken=(), limit=21)
    second = bill_number(LONG + "2", distinct="V2", taken=(comparable(first),), limit=21)

    assert first != second
    assert [21, 21] == [len(first), len(second)]
    assert "GCD/2026/10/WO" == first.split("~")[0]


def test_a_number_used_last_year_gets_a_suffix() -> None:
    """The same number again for the same vendor is another bill under another number (I-36)."""
    number = bill_number("1001", distinct="V1", taken={"1001"}, limit=21)

    assert number.startswith("1001~")
    assert len("1001~") + 6 == len(number)


@given(
    invoices=st.lists(
        st.tuples(st.text(min_size=1, max_size=40), st.uuids().map(str)),
        max_size=20,
        unique_by=lambda pair: pair[1],
    ),
    limit=st.integers(8, 30),
)
def test_numbers_of_one_vendor_are_injective_and_fit(
    invoices: list[tuple[str, str]], limit: int
) -> None:
    """Whatever the originals, no two bills of a vendor share a number, and none is too long."""
    taken: set[str] = set()
    for original, distinct in invoices:
        number = bill_number(original, distinct=distinct, taken=taken, limit=limit)

        assert comparable(number) not in taken
        assert len(number) <= limit

        taken.add(comparable(number))


def test_a_limit_without_room_for_a_digest_is_refused() -> None:
    """A limit that cannot keep numbers apart is an error, not a guess."""
    with pytest.raises(ValueError, match="limit of 7"):
        bill_number("123456789", distinct="V1", taken=(), limit=7)
