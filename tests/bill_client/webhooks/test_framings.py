"""What is signed by BILL is let in, in every framing; a byte changed anywhere is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bill_client import BadSignature, check_signature
from bill_client.errors import Undecodable
from bill_client.webhooks.events import parse_event
from bill_client.webhooks.signature import unwrap

KEY = "the-security-key"
PRETTY = b"""{
  "metadata": {"eventId": "e\\u00e9 1", "subscriptionId": "s", "organizationId": "o",
               "eventType": "bill.updated", "version": "1"},
  "bill": {"id": "00n01", "amount": 1.10, "description": "a \\"b\\"  \\\\", "z": 1E2, "a": "\\/"}
}"""
COMPACT = (
    b'{"metadata":{"eventId":"e\\u00e9 1","subscriptionId":"s","organizationId":"o",'
    b'"eventType":"bill.updated","version":"1"},'
    b'"bill":{"id":"00n01","amount":1.10,"description":"a \\"b\\"  \\\\","z":1E2,"a":"\\/"}}'
)


def sign(body: bytes, key: str = KEY) -> bytes:
    """BILL's signature, computed apart from the code that checks it."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest())


def in_a_string(body: bytes) -> bytes:
    """JSON in a JSON string."""
    return json.dumps(body.decode()).encode()


FRAMINGS = {
    "minified": (COMPACT, COMPACT),
    "pretty, signed as it is": (PRETTY, PRETTY),
    "pretty, signed minified": (PRETTY, COMPACT),
    "in a string, signed as it is": (in_a_string(COMPACT), in_a_string(COMPACT)),
    "in a string, the inner signed": (in_a_string(COMPACT), COMPACT),
    "pretty in a string, signed minified": (in_a_string(PRETTY), COMPACT),
    "pretty in a string, the inner signed": (in_a_string(PRETTY), PRETTY),
    "a string without quotes": (in_a_string(COMPACT)[1:-1], COMPACT),
    "a string with white space around": (b"\n" + in_a_string(COMPACT) + b" ", in_a_string(COMPACT)),
}
EXACT = [name for name in FRAMINGS if "pretty" not in name and "around" not in name]


def accepted(body: bytes, signature: bytes | None, *keys: str) -> bool:
    """Whether the check lets a body in."""
    try:
        check_signature(body, signature, keys or (KEY,))
    except BadSignature:
        return False
    return True


@pytest.mark.parametrize("framing", FRAMINGS)
def test_every_framing_that_bill_may_use_is_accepted(framing: str) -> None:
    """The signature may be over the body, its minified text, or either of the inner JSON."""
    body, signed = FRAMINGS[framing]

    assert accepted(body, sign(signed))
    assert parse_event(body) == parse_event(COMPACT)


@given(name=st.sampled_from(EXACT), data=st.data(), byte=st.integers(0, 255))
def test_a_byte_changed_anywhere_is_refused(name: str, data: st.DataObject, byte: int) -> None:
    """In a body without white space between tokens, no byte may become another one."""
    body, signed = FRAMINGS[name]
    at = data.draw(st.integers(0, len(body) - 1))
    assume(body[at] != byte)

    assert not accepted(body[:at] + bytes([byte]) + body[at + 1 :], sign(signed))


@given(name=st.sampled_from(sorted(FRAMINGS)), data=st.data(), byte=st.integers(0, 255))
def test_a_byte_that_may_change_means_nothing(name: str, data: st.DataObject, byte: int) -> None:
    """Where white space stands between tokens it may be other white space, and nothing else."""
    body, signed = FRAMINGS[name]
    at = data.draw(st.integers(0, len(body) - 1))
    changed = body[:at] + bytes([byte]) + body[at + 1 :]

    assert not accepted(changed, sign(signed)) or parse_event(changed) == parse_event(COMPACT)


@given(at=st.integers(0, 43), bit=st.integers(0, 7))
def test_a_bit_flipped_in_the_signature_is_refused(at: int, bit: int) -> None:
    """Also the bits that base64 has to spare in its last character."""
    flipped = bytearray(sign(COMPACT))
    flipped[at] ^= 1 << bit

    assert not accepted(COMPACT, bytes(flipped))


@pytest.mark.parametrize(
    "signature",
    [None, b"", b"x", sign(COMPACT)[:-1], sign(COMPACT) + b"\n", b"\xff" * 44, b"?" * 43 + b"="],
)
def test_what_is_no_signature_is_refused(signature: bytes | None) -> None:
    """A header that is missing, short, long or not base64 is refused as a wrong one is."""
    assert not accepted(COMPACT, signature)


def test_one_text_is_one_key() -> None:
    """A key that is given alone is not taken for as many keys as it has letters."""
    check_signature(COMPACT, sign(COMPACT), KEY)
    with pytest.raises(BadSignature):
        check_signature(COMPACT, sign(COMPACT, KEY[0]), KEY)


@pytest.mark.parametrize("piece", [b'"\\', b'\\"', b'"', b" ", b"\\"])
def test_hostile_text_costs_one_pass(piece: bytes) -> None:
    """A megabyte of quotes and backslashes, signed by nobody, is refused in moments."""
    started = time.process_time()

    assert not accepted(b'"' + piece * 400_000, sign(COMPACT))
    assert time.process_time() - started < 5


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_or_read_but_break_nothing(body: bytes) -> None:
    """What is not JSON in a string stays as it is, and what is no event is `Undecodable`."""
    assert isinstance(unwrap(body), bytes)
    with pytest.raises(Undecodable):
        parse_event(body)
