"""Who we are to Microsoft Entra: an application with a secret or a certificate (`d365.md` §1)."""

from __future__ import annotations

import enum
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import attrs
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509 import Certificate, load_pem_x509_certificate

_PEM = b"-----BEGIN "


class Cloud(enum.StrEnum):
    """The sign-in hosts of Microsoft's clouds (`d365.md` §1.6)."""

    PUBLIC = "https://login.microsoftonline.com"
    US_GOVERNMENT = "https://login.microsoftonline.us"
    CHINA = "https://login.chinacloudapi.cn"


@attrs.frozen(kw_only=True)
class ClientSecret:
    """An application that is registered with Entra, and its secret.

    `authority` is a `Cloud`, or the sign-in host of a test server; by default it is Entra's public
    one. A host that is given is trusted as it is.
    """

    tenant_id: str
    client_id: str
    client_secret: str = attrs.field(repr=False)
    authority: str | None = None

    @property
    def authority_url(self) -> str:
        """The tenant's own authority; a token of `/common` would be refused (`d365.md` §1.3)."""
        return _authority_url(self.authority, self.tenant_id)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be told."""
        return (self.client_secret,)

    def for_msal(self) -> str:
        """As msal takes it."""
        return self.client_secret


@attrs.frozen(kw_only=True)
class ClientCertificate:
    """An application that is registered with Entra, and its certificate with the private key.

    `certificate` is a file, or what is in it: PEM text with both, or PKCS #12 (PFX). `passphrase`
    opens it where it is locked. `authority` is as for `ClientSecret`.
    """

    tenant_id: str
    client_id: str
    certificate: bytes | os.PathLike[str] | str = attrs.field(repr=False)
    passphrase: str | None = attrs.field(default=None, repr=False)
    authority: str | None = None

    @property
    def authority_url(self) -> str:
        """The tenant's own authority; a token of `/common` would be refused (`d365.md` §1.3)."""
        return _authority_url(self.authority, self.tenant_id)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be told."""
        return () if self.passphrase is None else (self.passphrase,)

    def for_msal(self) -> Mapping[str, str]:
        """As msal takes it: the key and the certificate as PEM text, unlocked.

        Raises:
            ValueError: the file is not there, is neither kind, lacks one of the two, or does not
                open with the passphrase; the message holds neither of them.
        """
        key, certificate = self._opened()
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = certificate.public_bytes(Encoding.PEM)
        return {"private_key": private.decode(), "public_certificate": public.decode()}

    def _opened(self) -> tuple[RSAPrivateKey, Certificate]:
        data, where = self._content()
        passphrase = None if self.passphrase is None else self.passphrase.encode()
        key: object
        certificate: Certificate | None
        try:
            if _PEM in data:
                key = load_pem_private_key(data, passphrase)
                certificate = load_pem_x509_certificate(data)
            else:
                key, certificate, _ = pkcs12.load_key_and_certificates(data, passphrase)
        except (ValueError, TypeError) as error:
            raise ValueError(
                f"{where} cannot be opened: give PEM text with certificate and private key, or "
                "PKCS #12, and the passphrase if it has one"
            ) from error
        if not isinstance(key, RSAPrivateKey) or certificate is None:
            raise ValueError(f"{where} must have an RSA private key and its certificate")
        return key, certificate

    def _content(self) -> tuple[bytes, str]:
        if isinstance(self.certificate, bytes):
            return self.certificate, "the certificate"
        path = Path(self.certificate)
        try:
            return path.read_bytes(), f"the certificate in {path}"
        except OSError as error:
            raise ValueError(
                f"the certificate in {path} cannot be read: {error.strerror}"
            ) from error


class AccessToken(Protocol):
    """A token as azure-identity gives it; `expires_on` in seconds since 1970."""

    @property
    def token(self) -> str:
        """The bearer token."""

    @property
    def expires_on(self) -> int:
        """When it lapses."""


class TokenCredential(Protocol):
    """What azure-identity's credentials are; those of its `aio` are `AsyncTokenCredential`s."""

    def get_token(self, *scopes: str) -> AccessToken:
        """A token for these scopes; it may block."""


class AsyncTokenCredential(Protocol):
    """What the credentials of `azure.identity.aio` are."""

    async def get_token(self, *scopes: str) -> AccessToken:
        """A token for these scopes."""


def _authority_url(authority: str | None, tenant_id: str) -> str:
    host = (authority or Cloud.PUBLIC).rstrip("/")
    return host if host.endswith(f"/{tenant_id}") else f"{host}/{tenant_id}"
