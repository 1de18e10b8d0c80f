"""Rows as models and drafts as bodies: exact both ways, and clear about what does not fit."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client import (
    CustVendorBlocked,
    Entity,
    LedgerJournalACType,
    NoYes,
    PaymentTerm,
    Undecodable,
    VendorPaymentJournalLineDraft,
)
from d365_client._converter import body_of, body_of_draft, decode, encode, structure, wire_names

BODY = """{
  "@odata.etag": "W/\\"JzEsNTYzNzE0NDU3Nic=\\"", "dataAreaId": "usmf", "Name": "Net30",
  "Description": "Net 30 days", "NumberOfDays": 30, "NumberOfMonths": 0,
  "PaymentMethodType": "Net", "CutoffDayOfMonth": 0, "IsCashPayment": null,
  "PaymentMethodType@odata.type": "#Microsoft.Dynamics.DataEntities.NetCurrent",
  "MqaRating": 12.50, "PaymentDayName": ""
}"""


@attrs.frozen(kw_only=True)
class Sample(Entity):
    """One field of every kind."""

    ENTITY_SET = "Samples"
    KEY = ("source_key",)

    source_key: int
    amount: Decimal
    name: str
    day: date | None
    sys_modified_date_time: datetime | None
    blocked: CustVendorBlocked | None


WIRE: dict[str, object] = {
    "SourceKey": 5637144576,
    "Amount": 6800,
    "Name": "",
    "Day": "2026-03-31T12:00:00Z",
    "SysModifiedDateTime": "2026-03-31T23:59:58.1234567Z",
    "Blocked": "No",
}


def read(**changes: object) -> Sample:
    """The sample with some of its fields changed on the wire."""
    return structure(Sample, {**WIRE, **changes})


def test_a_row_becomes_its_model() -> None:
    """Named fields are typed, the etag is kept, other fields stay in `extra`, annotations go."""
    term = structure(PaymentTerm, decode(BODY.encode()))

    assert (term.name, term.number_of_days, term.is_cash_payment) == ("Net30", 30, None)
    assert term.etag == 'W/"JzEsNTYzNzE0NDU3Nic="'
    assert term.extra == {"MqaRating": Decimal("12.50"), "PaymentDayName": ""}


def test_numbers_are_exact_from_the_first_byte() -> None:
    """Neither a large RecId nor a decimal passes through a float; 6800 is a Decimal too."""
    told = decode(b'{"a": 9007199254740993, "b": 0.1, "c": 99999999999999999999.99, "d": 1e2}')

    assert told == {
        "a": 9007199254740993,
        "b": Decimal("0.1"),
        "c": Decimal("99999999999999999999.99"),
        "d": Decimal(100),
    }
    assert read(Amount=6800).amount == Decimal(6800)
    assert isinstance(read(Amount=6800).amount, Decimal)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_an_amount_survives_there_and_back(amount: Decimal) -> None:
    """Written as a JSON number and read again, an amount has the same digits."""
    written = encode(body_of({"Amount": amount}))
    told = decode(written)

    assert isinstance(told, dict)
    assert read(Amount=told["Amount"]).amount == amount
    assert isinstance(json.loads(written)["Amount"], int | float)


@given(st.text())
def test_a_text_survives_there_and_back(text: str) -> None:
    """Any text is the same after JSON, white space and invisible characters included."""
    told = decode(encode(body_of({"Name": text})))

    assert isinstance(told, dict)
    assert read(Name=told["Name"]).name == text


@given(st.dates(min_value=date(1900, 1, 2)))
def test_a_date_survives_there_and_back(day: date) -> None:
    """A date goes out at noon UTC and comes back as itself, in whatever zone the machine is."""
    body = body_of({"Day": day})

    assert body == {"Day": f"{day.isoformat()}T12:00:00Z"}
    assert read(**body).day == day


@given(
    st.datetimes(datetime(1900, 1, 3), datetime(2154, 12, 31)),  # noqa: DTZ001 - the zone is drawn below
    st.integers(-14 * 60, 14 * 60),
)
def test_an_instant_survives_there_and_back(naive: datetime, offset: int) -> None:
    """An instant of any zone comes back as the same instant, in UTC."""
    instant = naive.replace(tzinfo=timezone(timedelta(minutes=offset)))
    returned = read(**body_of({"SysModifiedDateTime": instant})).sys_modified_date_time

    assert returned == instant
    assert returned is not None
    assert returned.tzinfo is UTC


@pytest.mark.parametrize(
    ("wire", "day"),
    [
        ("2026-03-31T12:00:00Z", date(2026, 3, 31)),
        ("2026-03-31T00:00:00Z", date(2026, 3, 31)),
        ("2026-03-31T23:59:59Z", date(2026, 3, 31)),
        ("2154-12-31T12:00:00Z", date(2154, 12, 31)),
        ("1900-01-01T12:00:00Z", None),
        ("1900-01-01T00:00:00Z", None),
        (None, None),
    ],
)
def test_a_date_is_its_first_ten_characters(wire: str | None, day: date | None) -> None:
    """No time zone moves it, and the null date of 1900 is none (`d365.md` §2.7)."""
    assert read(Day=wire).day == day


@pytest.mark.parametrize(
    ("wire", "instant"),
    [
        ("2026-03-31T23:59:58Z", datetime(2026, 3, 31, 23, 59, 58, tzinfo=UTC)),
        ("2022-12-30T13:51:15.2942742Z", datetime(2022, 12, 30, 13, 51, 15, 294274, tzinfo=UTC)),
        ("2026-03-31T23:00:00-02:00", datetime(2026, 4, 1, 1, tzinfo=UTC)),
        ("2154-12-31T23:59:59Z", datetime(2154, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("1900-01-01T00:00:00Z", None),
        (None, None),
    ],
)
def test_an_instant_is_in_utc(wire: str | None, instant: datetime | None) -> None:
    """Seven digits of a second are read, and the null instant of 1900 is none."""
    assert read(SysModifiedDateTime=wire).sys_modified_date_time == instant


@pytest.mark.parametrize(
    ("wire", "member"),
    [
        ("Invoice", CustVendorBlocked.INVOICE),
        ("PartnerHold", CustVendorBlocked("PartnerHold")),
        (None, None),
    ],
)
def test_an_enum_may_be_new_or_null(wire: str | None, member: CustVendorBlocked | None) -> None:
    """An unknown member never breaks a read."""
    blocked = read(Blocked=wire).blocked

    assert blocked == member
    assert type(blocked) is type(member)


def test_a_text_that_a_join_did_not_find_is_empty() -> None:
    """D365 has no null texts: null and empty are the same there."""
    assert read(Name=None).name == ""


@pytest.mark.parametrize(
    ("field", "wire"),
    [
        ("Amount", None),
        ("Amount", "much"),
        ("Amount", "NaN"),
        ("Amount", True),
        ("SourceKey", Decimal("1.5")),
        ("SourceKey", "1"),
        ("SourceKey", False),
        ("Name", 7),
        ("Day", 20260331),
        ("Day", "soon"),
        ("SysModifiedDateTime", "2026-03-31T23:59:58"),
        ("SysModifiedDateTime", 0),
        ("Blocked", 1),
    ],
)
def test_a_value_that_does_not_fit_is_told(field: str, wire: object) -> None:
    """A wrong value is never bent into shape: the error names the set, the model and the field."""
    attribute = {name: attr for attr, name in wire_names(Sample).items()}[field]

    with pytest.raises(Undecodable, match="Samples: a row does not fit Sample") as caught:
        read(**{field: wire})

    assert [problem.rpartition(".")[2] for problem in caught.value.problems] == [attribute]


def test_every_problem_of_a_row_is_told_at_once() -> None:
    """A missing field, which may be one that the tenant does not have, is one of them."""
    row = {name: value for name, value in WIRE.items() if name != "Name"}

    with pytest.raises(Undecodable) as caught:
        structure(Sample, {**row, "Amount": "much"})

    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("row", [None, [], "row", 7])
def test_a_row_is_an_object(row: object) -> None:
    """Anything else is told as such."""
    with pytest.raises(Undecodable, match=r"Samples: a row is .*, not an object"):
        structure(Sample, row)


@pytest.mark.parametrize("body", [b"", b"{", b'{"value": [{"a": 1}', b"<html>", b'{"a": NaN}'])
def test_what_is_not_json_is_told(body: bytes) -> None:
    """Truncated or something else altogether: never a shorter result."""
    with pytest.raises(Undecodable, match="not JSON"):
        decode(body)


def test_a_draft_leaves_out_what_it_leaves_to_d365() -> None:
    """None is not sent; names, dates, enums and exact numbers are as the wire has them."""
    draft = VendorPaymentJournalLineDraft(
        data_area_id="usmf",
        journal_batch_number="00282",
        line_number=Decimal(1),
        transaction_date=date(2026, 3, 31),
        account_display_value="US\\-108",
        currency_code="USD",
        account_type=LedgerJournalACType.VEND,
        debit_amount=Decimal("90055.60"),
        extra={"MqaBillId": "00b01"},
    )

    assert encode(body_of_draft(draft)).decode() == (
        '{"dataAreaId":"usmf","JournalBatchNumber":"00282","LineNumber":1,'
        '"TransactionDate":"2026-03-31T12:00:00Z","AccountDisplayValue":"US\\\\-108",'
        '"CurrencyCode":"USD","AccountType":"Vend","DebitAmount":90055.60,"MqaBillId":"00b01"}'
    )


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (0.1, TypeError, "Amount is the float 0.1; give an exact Decimal"),
        (Decimal("NaN"), ValueError, "Amount is NaN, which is not a number"),
        (Decimal("-Infinity"), ValueError, "Amount is -Infinity, which is not a number"),
        (datetime(2026, 1, 1), ValueError, "naive"),  # noqa: DTZ001 - naive is the point
    ],
)
def test_what_has_no_exact_form_is_never_sent(
    value: Any, error: type[Exception], message: str
) -> None:
    """A float, a number that is none, an instant without a zone: refused, by name."""
    with pytest.raises(error, match=message):
        body_of({"Amount": value})


def test_a_yes_is_sent_by_its_name() -> None:
    """In JSON an enum's member is its bare name (`d365.md` §2.3)."""
    assert encode(body_of({"IsPrepayment": NoYes.YES})) == b'{"IsPrepayment":"Yes"}'
