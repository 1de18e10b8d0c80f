"""Whether a notification comes from BILL: its signature (`bill.md` §5.10). Pure.

`x-bill-sha-signature` is base64(HMAC-SHA256(minified JSON, security key)). How the payload is
framed on the wire is unverified: it may be JSON, or JSON in a JSON string. So the signature may be
over the body as it came, over its minified text, or over either form of the JSON in the string.
Without a key none of them can be signed, so admitting several gives nothing away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Iterator

SIGNATURE_HEADER = "x-bill-sha-signature"
MAX_BODY = 1024 * 1024
"""The largest notification that is read, in bytes, unless told otherwise."""

# 32 bytes in base64: 43 characters and one of padding.
_SIGNATURE = re.compile(rb"[A-Za-z0-9+/]{43}=")
# A string that does not end is taken to the end, so that hostile input costs one pass.
_STRING_OR_SPACE = re.compile(rb'("(?:[^"\\]++|\\.)*+"?)|[ \t\n\r]+', re.DOTALL)


class BadSignature(Exception):
    """The notification is not known to come from BILL. Nothing of it is told."""


def check_signature(body: bytes, signature: bytes | None, keys: Iterable[str]) -> None:
    """The body is signed by one of the keys, when this returns; several keys allow rotation.

    Args:
        body: the request's body as it came.
        signature: the value of `x-bill-sha-signature`, None where there is no such header.
        keys: the subscriptions' security keys, the newest and those that it replaces.

    Raises:
        BadSignature: the signature is missing, is not base64 of 32 bytes, or fits no key.
    """
    if not is_well_formed(signature):
        raise BadSignature
    good = False
    for form in _signed_forms(body):
        for key in keys_of(keys):
            good |= hmac.compare_digest(sign(form, key), signature or b"")
        if good:
            return
    raise BadSignature


def sign(body: bytes, key: str) -> bytes:
    """The signature that BILL puts on a body, base64."""
    return base64.b64encode(hmac.digest(key.encode(), body, hashlib.sha256))


def is_well_formed(signature: bytes | None) -> bool:
    """Whether a header's value may be a signature at all."""
    return signature is not None and _SIGNATURE.fullmatch(signature) is not None


def keys_of(keys: Iterable[str]) -> tuple[str, ...]:
    """Security keys, checked; one text is one key.

    Raises:
        ValueError: there is no key, or one is empty, so that anybody could sign.
    """
    checked = (keys,) if isinstance(keys, str) else tuple(keys)
    if not checked or not all(checked):
        raise ValueError("a security key is needed, and none may be empty")
    return checked


def minify(text: bytes) -> bytes:
    """JSON without the white space between its tokens; numbers, order and escapes stay."""
    return _STRING_OR_SPACE.sub(rb"\1", text)


def unwrap(body: bytes) -> bytes:
    """The JSON inside a JSON string, also one without its quotes; any other body as it is."""
    text = body.strip(b" \t\n\r")
    if text.startswith(b'{\\"'):
        text = b'"' + text + b'"'
    if not text.startswith(b'"'):
        return body
    try:
        inner = json.loads(text)
        return inner.encode() if isinstance(inner, str) else body
    except ValueError:
        return body


def _signed_forms(body: bytes) -> Iterator[bytes]:
    inner = unwrap(body)
    yield body
    yield minify(body)
    if inner != body:
        yield inner
        yield minify(inner)
