"""The three forms of a value: as JSON on the wire, as stored in the books, as Python. Pure.

Amounts are stored as text in one canonical form (no exponent, no trailing zeros), so that equal
numbers are equal texts and never pass through a float. Dates are stored as the wire writes them:
noon for AX dates, seconds for instants (d365.md §2.7).
"""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from d365_client.emulator.catalog import Field, Kind

Stored = str | int | None
Plain = str | int | Decimal | date | None

NULL_DATE = date(1900, 1, 1)

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_INT_RANGE = {Kind.INT32: 2**31, Kind.INT64: 2**63}


def number_text(number: Decimal) -> str:
    """`number` in the canonical form: `6800`, `90055.6`, `0`."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def day_text(day: date) -> str:
    """An AX date on the wire: noon, UTC."""
    return f"{day.isoformat()}T12:00:00Z"


def instant_text(instant: datetime) -> str:
    """An AX instant on the wire: UTC, whole seconds."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def parse_instant(text: str) -> datetime:
    """A DateTimeOffset literal as an aware instant in UTC.

    Raises:
        ValueError: not a date with time and offset. A bare date is not one.
    """
    instant = datetime.fromisoformat(text)
    if "T" not in text or instant.tzinfo is None:
        raise ValueError(f"{text!r} is not an Edm.DateTimeOffset")
    return instant.astimezone(UTC)


def guid_text(text: str) -> str:
    """A GUID as it is stored and written: lower case, with hyphens and without braces.

    Raises:
        ValueError: not the 36 characters of a GUID.
    """
    guid = str(uuid.UUID(text))
    if text.lower() != guid:
        raise ValueError(f"{text!r} is not an Edm.Guid")
    return guid


def plain_to_stored(value: Plain) -> Stored:
    """A Python value as the books keep it."""
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return day_text(value)
    return value


def json_to_stored(field: Field, value: object) -> Stored:
    """A value of a JSON body as the books keep it.

    Raises:
        ValueError: the value is not of the field's type; the message says so in a sentence.
    """
    if value is None:
        return _null(field)
    try:
        return _READERS[field.kind](field, value)
    except (TypeError, ValueError) as problem:
        raise ValueError(
            f"Cannot convert the value {json.dumps(value, default=str)} of property "
            f"'{field.name}' to the expected type '{field.edm_type}'."
        ) from problem


def stored_to_json(field: Field, value: Stored) -> object:
    """A stored value for the JSON encoder; amounts keep their digits."""
    if field.kind is Kind.DECIMAL and isinstance(value, str):
        return msgspec.Raw(value.encode())
    if field.kind is Kind.BOOLEAN and value is not None:
        return bool(value)
    return value


def read_json(body: bytes) -> Any:
    """The JSON of a body, with exact numbers.

    Raises:
        ValueError: the body is not JSON, or has NaN or Infinity.
    """
    return json.loads(body, parse_float=Decimal, parse_constant=_no_such_number)


def write_json(value: object) -> bytes:
    """`value` as JSON; `Decimal` becomes a number with its own digits."""
    return _ENCODER.encode(value)


def _no_such_number(constant: str) -> object:
    raise ValueError(f"{constant} is not a JSON number")


def _null(field: Field) -> Stored:
    # "empty string, never null" (d365.md §2.7): a null that is sent is stored as the null form.
    if field.kind is Kind.TEXT:
        return ""
    if field.nullable:
        return None
    raise ValueError(f"The property '{field.name}' of type '{field.edm_type}' cannot be null.")


def _text(_field: Field, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _decimal(_field: Field, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError
    return number_text(Decimal(value))


def _integer(field: Field, value: object) -> int:
    limit = _INT_RANGE[field.kind]
    if isinstance(value, bool) or not isinstance(value, int) or not -limit <= value < limit:
        raise TypeError
    return value


def _date(field: Field, value: object) -> str:
    return day_text(parse_instant(_text(field, value)).date())


def _instant(field: Field, value: object) -> str:
    return instant_text(parse_instant(_text(field, value)))


def _member(field: Field, value: object) -> str:
    name = _text(field, value)
    if field.enum_type is None or name not in field.enum_type.names:
        raise ValueError(name)
    return name


def _guid(field: Field, value: object) -> str:
    return guid_text(_text(field, value))


def _binary(field: Field, value: object) -> str:
    # Edm.Binary is base64 (d365.md §2.7); it is kept as it came.
    text = _text(field, value)
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise ValueError(text) from problem
    return text


def _truth(_field: Field, value: object) -> int:
    if not isinstance(value, bool):
        raise TypeError
    return int(value)


_READERS: Mapping[Kind, Callable[[Field, object], Stored]] = {
    Kind.TEXT: _text,
    Kind.DECIMAL: _decimal,
    Kind.INT32: _integer,
    Kind.INT64: _integer,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
    Kind.ENUM: _member,
    Kind.GUID: _guid,
    Kind.BINARY: _binary,
    Kind.BOOLEAN: _truth,
}
