"""Signatures: one flipped byte, and nothing is believed (`bill.md` §5.10)."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bill_client import BadSignature, check_signature
from bill_client.webhooks.signature import minify, sign

KEY = "the-security-key"
EVENT = {"metadata": {"eventId": "e1", "note": 'a "quoted" {brace}'}, "bill": {"amount": 1.10}}
PRETTY = json.dumps(EVENT, indent=2).encode()
MINIFIED = json.dumps(EVENT, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "body",
    [
        MINIFIED,
        PRETTY,
        json.dumps(MINIFIED.decode()).encode(),
        json.dumps(PRETTY.decode()).encode(),
    ],
    ids=["minified", "pretty", "escaped", "escaped pretty"],
)
def test_the_minified_form_is_what_is_signed(body: bytes) -> None:
    """However the body is framed on the way, its minified JSON has the signature."""
    check_signature(body, sign(MINIFIED, KEY), [KEY])


@given(position=st.integers(0, len(MINIFIED) - 1), bit=st.integers(0, 7))
def test_one_flipped_bit_anywhere_is_refused(position: int, bit: int) -> None:
    """Of the body, raw and in a JSON string alike."""
    flipped = bytearray(MINIFIED)
    flipped[position] ^= 1 << bit
    with pytest.raises(BadSignature):
        check_signature(bytes(flipped), sign(MINIFIED, KEY), [KEY])


@given(position=st.integers(0, 31), bit=st.integers(0, 7))
def test_one_flipped_bit_of_the_signature_is_refused(position: int, bit: int) -> None:
    """Whichever it is."""
    signature = bytearray(base64.b64decode(sign(MINIFIED, KEY)))
    signature[position] ^= 1 << bit
    with pytest.raises(BadSignature):
        check_signature(MINIFIED, base64.b64encode(signature), [KEY])


@pytest.mark.parametrize(
    "signature", [None, b"", b"no base64!", base64.b64encode(b"short"), sign(MINIFIED, "other")]
)
def test_what_is_no_signature_is_refused(signature: bytes | None) -> None:
    """Missing, malformed, too short, another key's."""
    with pytest.raises(BadSignature):
        check_signature(MINIFIED, signature, [KEY])


def test_the_old_key_is_good_beside_the_new_one() -> None:
    """While a key is being replaced events signed with either come in."""
    for key in ("old", "new"):
        check_signature(MINIFIED, sign(MINIFIED, key), ["new", "old"])


@pytest.mark.parametrize("keys", [[], [""], ["good", ""]])
def test_an_empty_key_is_no_key(keys: list[str]) -> None:
    """With it anybody could sign."""
    with pytest.raises(ValueError, match="security key"):
        check_signature(MINIFIED, sign(MINIFIED, KEY), keys)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(value=json_values, indent=st.integers(0, 4))
def test_minifying_takes_white_space_and_nothing_else(value: object, indent: int) -> None:
    """Numbers, order and escapes stay as they were, also within texts."""
    pretty = json.dumps(value, indent=indent).encode()

    assert minify(pretty) == json.dumps(value, separators=(",", ":")).encode()
