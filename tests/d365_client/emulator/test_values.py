"""Values: exact from JSON to the books and back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client.emulator.catalog import Field
from d365_client.emulator.shipped_catalog import load_catalog
from d365_client.emulator.values import (
    json_to_stored,
    number_text,
    plain_to_stored,
    read_json,
    stored_to_json,
    write_json,
)

LINES = load_catalog().sets["VendorPaymentJournalLines"].fields
AMOUNT, TEXT, DATE = LINES["DebitAmount"], LINES["Voucher"], LINES["TransactionDate"]
INSTANT = LINES["RemittanceAddressValidFrom"]
RECORD, ENUM = LINES["ChargeBearer"], LINES["SettleVoucher"]
ZONELESS_ENUM = LINES["RemittanceAddressTimeZone"]

AMOUNTS = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places),
    st.integers(-(10**18), 10**18),
    st.integers(-3, 6),
)


@given(AMOUNTS, AMOUNTS)
def test_equal_amounts_have_equal_texts(one: Decimal, other: Decimal) -> None:
    """Two numbers have the same canonical text exactly if they are equal."""
    assert (number_text(one) == number_text(other)) == (one == other)


@given(AMOUNTS)
def test_an_amount_survives_json_and_the_books(amount: Decimal) -> None:
    """An amount comes out of the service as the number that went in, digit for digit."""
    body = read_json(write_json({"amount": Decimal(number_text(amount))}))

    stored = json_to_stored(AMOUNT, body["amount"])

    written = write_json({"amount": stored_to_json(AMOUNT, stored)})
    assert json.loads(written, parse_float=Decimal, parse_int=Decimal)["amount"] == amount


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("6800.00", "6800"),
        ("90055.60", "90055.6"),
        ("-0.00", "0"),
        ("1E+3", "1000"),
        ("999999999999999.99", "999999999999999.99"),
        ("-412.375", "-412.375"),
    ],
)
def test_amounts_are_written_as_the_service_writes_them(number: str, text: str) -> None:
    """Integral numbers have no fraction, and nothing has an exponent (d365.md §2.7)."""
    assert number_text(Decimal(number)) == text


@pytest.mark.parametrize(
    ("field", "given_value", "stored"),
    [
        (TEXT, "x", "x"),
        (TEXT, None, ""),
        (AMOUNT, 3, "3"),
        (RECORD, 2**62, 2**62),
        (ENUM, "SelectedTransact", "SelectedTransact"),
        (ENUM, None, None),
        (DATE, "2026-10-01T12:00:00Z", "2026-10-01T12:00:00Z"),
        (DATE, "2026-10-01T00:00:00Z", "2026-10-01T12:00:00Z"),
        (DATE, "2026-10-01T00:30:00+02:00", "2026-09-30T12:00:00Z"),
        (INSTANT, "2026-10-01T08:00:00.9+00:00", "2026-10-01T08:00:00Z"),
    ],
)
def test_values_are_stored_in_wire_form(field: Field, given_value: object, stored: object) -> None:
    """A date is kept as noon of its UTC day, an instant in whole seconds, null text as empty."""
    assert json_to_stored(field, given_value) == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (TEXT, 5),
        (AMOUNT, "5"),
        (AMOUNT, True),
        (AMOUNT, None),
        (RECORD, Decimal("1.5")),
        (RECORD, 2**63),
        (RECORD, False),
        (ENUM, "Selected"),
        (ENUM, 2),
        (DATE, "2026-10-01"),
        (DATE, "2026-10-01T12:00:00"),
        (DATE, None),
    ],
)
def test_values_of_another_type_are_refused(field: Field, value: object) -> None:
    """What is not of the property's Edm type is refused by name."""
    with pytest.raises(ValueError, match=field.name):
        json_to_stored(field, value)


@pytest.mark.parametrize("text", [b"{", b'{"a": NaN}', b'{"a": Infinity}'])
def test_only_json_is_json(text: bytes) -> None:
    """NaN and Infinity are no numbers of a body."""
    with pytest.raises(ValueError, match=r".+"):
        read_json(text)


def test_fields_read_as_their_null_form_where_nothing_was_given() -> None:
    """Empty text, zero, 1900-01-01 and the enum member 0; null for enums without one (§2.7)."""
    forms = {field.name: field.null_form for field in LINES.values()}

    assert {
        "Voucher": "",
        "DebitAmount": "0",
        "ChargeBearer": 0,
        "TransactionDate": "1900-01-01T12:00:00Z",
        "RemittanceAddressValidFrom": "1900-01-01T00:00:00Z",
        "SettleVoucher": "None",
        "RemittanceAddressTimeZone": None,
    }.items() <= forms.items()


def test_python_values_have_the_same_stored_form_as_json_ones() -> None:
    """Dates go to noon and instants to UTC seconds, whoever stores them."""
    east = timezone(timedelta(hours=2))

    assert plain_to_stored(date(2026, 10, 1)) == "2026-10-01T12:00:00Z"
    assert plain_to_stored(datetime(2026, 10, 1, 1, 2, 3, 4, east)) == "2026-09-30T23:02:03Z"
    assert plain_to_stored(datetime(2026, 10, 1, tzinfo=UTC)) == "2026-10-01T00:00:00Z"
    assert plain_to_stored(Decimal("1.50")) == "1.5"
