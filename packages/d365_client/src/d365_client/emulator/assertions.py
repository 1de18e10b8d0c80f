"""Client assertions: who signs with a certificate instead of telling a secret (d365.md §1.1)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import Certificate, load_pem_x509_certificate

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

_ALGORITHMS = ("PS256", "RS256")
_THUMBPRINTS: Mapping[str, Callable[[], hashes.HashAlgorithm]] = {
    "x5t#S256": hashes.SHA256,
    "x5t": hashes.SHA1,
}


def subject(assertion: str) -> str:
    """The application that an assertion says it is from; empty if it is no JWT."""
    try:
        told = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return ""
    return str(told.get("sub", ""))


def names_certificate(assertion: str, certificate_text: str) -> bool:
    """Whether the assertion's header has the thumbprint of this certificate."""
    if not certificate_text:
        return False
    certificate = load_pem_x509_certificate(certificate_text.encode())
    try:
        header = jwt.get_unverified_header(assertion)
    except jwt.InvalidTokenError:
        return False
    return any(
        str(header.get(name, "")).rstrip("=") == _thumbprint(certificate, algorithm())
        for name, algorithm in _THUMBPRINTS.items()
    )


def is_signed(
    assertion: str, certificate_text: str, *, client_id: str, audience: str, now: float
) -> bool:
    """Whether the certificate's key signed it, for this application and endpoint, and lately."""
    key = load_pem_x509_certificate(certificate_text.encode()).public_key()
    if not isinstance(key, RSAPublicKey):
        return False
    try:
        told = jwt.decode(
            assertion,
            key,
            algorithms=list(_ALGORITHMS),
            audience=audience,
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
        )
    except jwt.InvalidTokenError:
        return False
    # By the emulator's own wall clock, as its tokens are.
    return told.get("iss") == told.get("sub") == client_id and float(told.get("exp", 0)) > now


def _thumbprint(certificate: Certificate, algorithm: hashes.HashAlgorithm) -> str:
    return base64.urlsafe_b64encode(certificate.fingerprint(algorithm)).rstrip(b"=").decode()
