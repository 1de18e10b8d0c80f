"""The rows that every client reads: vendor transactions as D365 writes them, never two alike.

Thirty fields of `VendTransBiEntities` and the etag, about 950 bytes a row: texts, amounts with
their cents, dates at noon, instants to the second, enumerations, whole numbers (`d365.md` §2.7).
The same number always gives the same row, and rows stand in the order of their key.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

ENTITY_SET = "VendTransBiEntities"
FIELDS = (
    "dataAreaId",
    "SourceKey",
    "AccountNum",
    "Invoice",
    "Voucher",
    "TransDate",
    "DocumentDate",
    "DueDate",
    "AmountCur",
    "AmountMST",
    "SettleAmountCur",
    "SettleAmountMST",
    "CurrencyCode",
    "ExchRate",
    "Closed",
    "Approved",
    "Prepayment",
    "TransType",
    "PaymMode",
    "PaymReference",
    "JournalNum",
    "LastSettleVoucher",
    "LastSettleDate",
    "CashDiscCode",
    "OffsetRecid",
    "SysModifiedDateTime",
    "CreatedOn",
    "PostingProfile",
    "DocumentNum",
    "Txt",
)

FIRST_KEY = 68_719_480_000
"""The `SourceKey` of row 0; each further row has the next."""

_NULL_DATE = "1900-01-01T12:00:00Z"
_FIRST_DAY = date(2023, 1, 2)
_DAYS = [f"{_FIRST_DAY + timedelta(days=number)}T12:00:00Z" for number in range(-10, 1_100)]
_FIRST_INSTANT = datetime(2023, 1, 2, 6, 0, tzinfo=UTC)
_RATES = {10_000: "USD", 10_871: "EUR", 12_655: "GBP"}  # per 100 units, in hundredths
_SETTLED_SHARE = 0.6
_TEXTS = (
    "Consulting services, phase",
    "Bürobedarf und Reinigung, Lieferung",
    r"Steel tube 2\" galvanised",
    "Freight and customs",
    "Quarterly software maintenance, invoice",
)


def row(number: int) -> bytes:
    """The row of that number, as the JSON object that stands on the wire."""
    key = FIRST_KEY + number
    etag = base64.b64encode(f"'1,{key};0,0'".encode()).decode()
    values = zip(FIELDS, _values(number, key), strict=True)
    members = ",".join(f'"{name}":{text}' for name, text in values)
    return f'{{"@odata.etag":"W/\\"{etag}\\"",{members}}}'.encode()


def _values(number: int, key: int) -> Iterator[str]:
    """The JSON of each field, in the order of `FIELDS`."""
    chance = random.Random(number)  # noqa: S311 - rows need variety, not secrecy
    day = chance.randrange(1_000)
    amount = chance.randrange(100, 9_999_999)
    rate = chance.choice((10_000, *_RATES))
    settled = amount if chance.random() < _SETTLED_SHARE else 0
    paid = _day(day + 30) if settled else _NULL_DATE
    changed = day * 86_400 + chance.randrange(2_000_000)
    yield from _texts("usmf")
    yield str(key)
    yield from _texts(f"US-{chance.randrange(2_000):06}", f"INV-{number:08}", f"APIV-{number:09}")
    yield from _texts(_day(day), _day(day - chance.randrange(5)), _day(day + 30))
    yield from (_money(-amount), _money(-amount * rate // 10_000))
    yield from (_money(-settled), _money(-settled * rate // 10_000))
    yield from _texts(_RATES[rate])
    yield _money(rate)
    yield from _texts(paid, "Yes", chance.choice(("No", "No", "No", "Yes")))
    yield from _texts(chance.choice(("Vend", "Purch", "Payment")))
    yield from _texts(chance.choice(("CHECK", "ACH", "WIRE", "")))
    yield from _texts(f"REF{chance.randrange(10**9):09}", f"JN-{number // 40:07}")
    yield from _texts(f"APPM-{chance.randrange(10**8):08}" if settled else "", paid)
    yield from _texts(chance.choice(("", "0.5%D10", "2%D30")))
    yield str(FIRST_KEY * 2 + chance.randrange(10**9))
    yield from _texts(_instant(changed), _instant(day * 86_400 + number % 86_400))
    yield from _texts(chance.choice(("GEN", "PREPAY")), f"DOC-{chance.randrange(10**8):08}")
    order = f"as ordered by PO-{chance.randrange(10**8):08} and received in full"
    yield from _texts(f"{chance.choice(_TEXTS)} {number}, {order}, see the attached documents")


def _texts(*texts: str) -> Iterator[str]:
    return (f'"{text}"' for text in texts)


def _day(number: int) -> str:
    return _DAYS[number + 10]


def _instant(seconds: int) -> str:
    instant = _FIRST_INSTANT + timedelta(seconds=seconds)
    return f"{instant.isoformat().removesuffix('+00:00')}Z"


def _money(cents: int) -> str:
    """An amount as .NET writes it, without zeros at its end: 12.5, 12, 12.34."""
    whole, rest = divmod(abs(cents), 100)
    digits = f"{whole}.{rest:02}".rstrip("0").rstrip(".") if rest else str(whole)
    return f"-{digits}" if cents < 0 else digits
