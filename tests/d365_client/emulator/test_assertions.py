"""Client assertions: only the registered certificate's key, for this application, lately."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from d365_client.emulator.assertions import is_signed, names_certificate, subject

ENDPOINT = "https://localhost/tenant/oauth2/v2.0/token"
CLIENT_ID = "66666666-7777-8888-9999-000000000000"
NOW = 1_800_000_000.0
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in "ab")


def certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    """A certificate of a key, signed by itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "integration")])
    now = datetime.now(tz=UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


CERTIFICATE = certificate(KEY)
TEXT = CERTIFICATE.public_bytes(Encoding.PEM).decode()


def thumbprint(algorithm: hashes.HashAlgorithm) -> str:
    """The certificate's, as libraries of Microsoft write it: with padding."""
    return base64.urlsafe_b64encode(CERTIFICATE.fingerprint(algorithm)).decode()


def assertion(
    *, key: rsa.RSAPrivateKey = KEY, headers: dict[str, str] | None = None, **changes: Any
) -> str:
    """An assertion that is good but for the changes."""
    claims = {"aud": ENDPOINT, "iss": CLIENT_ID, "sub": CLIENT_ID, "exp": NOW + 600, "jti": "1"}
    named = {"x5t#S256": thumbprint(hashes.SHA256())} if headers is None else headers
    return jwt.encode({**claims, **changes}, key, algorithm="PS256", headers=named)


def is_good(text: str) -> bool:
    """Whether it opens anything."""
    return is_signed(text, TEXT, client_id=CLIENT_ID, audience=ENDPOINT, now=NOW)


def test_a_good_one_is_taken() -> None:
    """And tells whom it is from."""
    assert is_good(assertion())
    assert subject(assertion()) == CLIENT_ID


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://localhost/other/oauth2/v2.0/token"},
        {"exp": NOW - 1},
        {"iss": "another"},
        {"sub": "another"},
        {"key": OTHER_KEY},
    ],
)
def test_one_that_is_not_is_refused(changes: dict[str, Any]) -> None:
    """For another endpoint, lapsed, of another application, or signed by another key."""
    assert not is_good(assertion(**changes))


@pytest.mark.parametrize(
    ("headers", "named"),
    [
        ({"x5t#S256": thumbprint(hashes.SHA256())}, True),
        ({"x5t": thumbprint(hashes.SHA1())}, True),  # noqa: S303 - what Entra still takes
        ({"x5t#S256": "AAAA"}, False),
        ({}, False),
    ],
)
def test_the_certificate_is_named_by_its_thumbprint(headers: dict[str, str], named: bool) -> None:  # noqa: FBT001 - a parameter of pytest
    """By the newer digest or the older one."""
    assert names_certificate(assertion(headers=headers), TEXT) is named


@pytest.mark.parametrize("text", ["", "opaque", "b'ey.J.h'"])
def test_what_is_no_assertion_is_nothing(text: str) -> None:
    """It is refused, and breaks nothing."""
    assert (subject(text), names_certificate(text, TEXT), is_good(text)) == ("", False, False)


def test_an_application_without_a_certificate_has_none() -> None:
    """Whatever is signed."""
    assert not names_certificate(assertion(), "")
