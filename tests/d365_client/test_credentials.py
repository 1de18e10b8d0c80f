"""Every way to say who we are, against an Entra that checks it, and why it was refused."""

from __future__ import annotations

import base64
import functools
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from d365_client import (
    BearerAuth,
    ClientCertificate,
    ClientSecret,
    Cloud,
    D365Client,
    LoginFailed,
    Outcome,
    Token,
    Unauthenticated,
)
from d365_client._token_claims import privilege_cause, refusal_cause
from d365_client.emulator import D365Server

PASSPHRASE = "an invented passphrase"


@attrs.frozen
class Pair:
    """A private key and its certificate, in every form that a file of them has."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def public(self) -> str:
        """The certificate alone, as it is registered with Entra."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def pem(self, encryption: KeySerializationEncryption) -> bytes:
        """Both as PEM text."""
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
        return self.public.encode() + key

    def pfx(self, encryption: KeySerializationEncryption) -> bytes:
        """Both as PKCS #12."""
        return pkcs12.serialize_key_and_certificates(
            b"tieout", self.key, self.certificate, None, encryption
        )


def pair() -> Pair:
    """A key, and a certificate that it has signed itself."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "integration")])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    return Pair(key, certificate)


REGISTERED = pair()
LOCKED = BestAvailableEncryption(PASSPHRASE.encode())


@attrs.frozen
class AccessToken:
    """A token as azure-identity gives it."""

    token: str
    expires_on: int


@attrs.define
class Azure:
    """A credential in the shape of azure-identity's; it blocks."""

    server: D365Server
    scopes: list[str] = attrs.field(factory=list)

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token of the emulator."""
        assert options == {}
        self.scopes.extend(scopes)
        return AccessToken(asked(self.server, scopes[0]), 4_102_444_800)


@attrs.define
class AsyncAzure(Azure):
    """The same, as in `azure.identity.aio`."""

    async def get_token(self, *scopes: str, **options: Any) -> AccessToken:  # type: ignore[override]  # as there
        """A token of the emulator."""
        return Azure.get_token(self, *scopes, **options)


def asked(server: D365Server, scope: str, tenant: str | None = None) -> str:
    """A token of the emulator for a scope, whatever it opens."""
    answer = httpx.post(
        f"{server.url}/{tenant or server.tenant_id}/oauth2/v2.0/token",
        data={
            "grant_type": "client_credentials",
            "client_id": server.client_id,
            "client_secret": server.client_secret,
            "scope": scope,
        },
        verify=server.tls,
    )
    return str(answer.json()["access_token"])


@asynccontextmanager
async def client(server: D365Server, auth: Any) -> AsyncIterator[D365Client]:
    """A client that waits for nothing."""
    async with D365Client(server.url, auth=auth, verify=server.tls) as client:
        yield client


def secret(server: D365Server, **changes: str) -> ClientSecret:
    """The application's secret."""
    given = {
        "tenant_id": server.tenant_id,
        "client_id": server.client_id,
        "client_secret": server.client_secret,
        "authority": server.url,
    }
    return ClientSecret(**{**given, **changes})


def certificate(server: D365Server, content: Any, passphrase: str | None) -> ClientCertificate:
    """The application's certificate."""
    return ClientCertificate(
        tenant_id=server.tenant_id,
        client_id=server.client_id,
        certificate=content,
        passphrase=passphrase,
        authority=server.url,
    )


@pytest.mark.parametrize(
    ("content", "passphrase"),
    [
        (REGISTERED.pem(NoEncryption()), None),
        (REGISTERED.pem(LOCKED), PASSPHRASE),
        (REGISTERED.pfx(NoEncryption()), None),
        (REGISTERED.pfx(LOCKED), PASSPHRASE),
    ],
    ids=["PEM", "locked PEM", "PFX", "locked PFX"],
)
@pytest.mark.parametrize("kept", ["in memory", "in a file"])
async def test_a_certificate_opens_the_environment(
    d365_server: D365Server, tmp_path: Path, content: bytes, passphrase: str | None, kept: str
) -> None:
    """In every form in which one comes; Entra has seen the assertion and no secret."""
    d365_server.change_application(certificate=REGISTERED.public)
    given: object = content
    if kept == "in a file":
        given = tmp_path / "certificate"
        (tmp_path / "certificate").write_bytes(content)
    async with client(d365_server, certificate(d365_server, given, passphrase)) as d365:
        assert await d365.vendors.count() == 0


@pytest.mark.parametrize(
    ("content", "passphrase", "message"),
    [
        (REGISTERED.pem(LOCKED), None, "cannot be opened.*the passphrase if it has one"),
        (REGISTERED.pem(LOCKED), "wrong", "cannot be opened"),
        (REGISTERED.pfx(LOCKED), "wrong", "cannot be opened"),
        (b"nothing of the kind", None, "365: the certificate cannot be opened"),
        (REGISTERED.public.encode(), None, "cannot be opened"),
        ("missing.pem", None, r"the certificate in missing\.pem cannot be read: No such file"),
    ],
)
async def test_a_certificate_that_cannot_be_used_is_told(
    d365_server: D365Server, content: Any, passphrase: str | None, message: str
) -> None:
    """Which file, and what to do; never what is in it."""
    async with client(d365_server, certificate(d365_server, content, passphrase)) as d365:
        with pytest.raises(LoginFailed, match=message) as caught:
            await d365.vendors.count()

    assert "PRIVATE" not in str(caught.value)
    assert caught.value.outcome is Outcome.NOT_EXECUTED


async def test_a_certificate_that_is_not_registered_is_told(d365_server: D365Server) -> None:
    """With Entra's own sentence and what it means."""
    d365_server.change_application(certificate=pair().public)
    async with client(
        d365_server, certificate(d365_server, REGISTERED.pem(NoEncryption()), None)
    ) as d365:
        with pytest.raises(LoginFailed, match=r"not registered with the application.*AADSTS700027"):
            await d365.vendors.count()


@pytest.mark.parametrize("kind", [Azure, AsyncAzure])
async def test_a_credential_of_azure_identity_works_unchanged(
    d365_server: D365Server, kind: Callable[[D365Server], Azure]
) -> None:
    """Blocking or not; it is asked for the environment's scope, once for many calls."""
    credential = kind(d365_server)
    async with client(d365_server, credential) as d365:
        await d365.vendors.count()
        await d365.vendors.count()

    assert credential.scopes == [f"{d365_server.url}/.default"]


async def test_a_credential_whose_coroutine_is_wrapped_works(d365_server: D365Server) -> None:
    """What is called gives something to await, whether or not it says so."""

    class Wrapped:
        """A credential behind a decorator."""

        def __init__(self) -> None:
            self.get_token = functools.partial(AsyncAzure(d365_server).get_token)

    async with client(d365_server, Wrapped()) as d365:
        assert await d365.vendors.count() == 0


async def test_a_credential_that_fails_is_a_failed_login(d365_server: D365Server) -> None:
    """Its own error is the cause; its text may hold anything, so it is not repeated."""

    class Broken:
        """A credential that cannot be had."""

        def get_token(self, *scopes: str) -> AccessToken:
            """Never."""
            raise RuntimeError(f"secret of {scopes}")

    async with client(d365_server, Broken()) as d365:
        with pytest.raises(LoginFailed, match="no token from Broken: RuntimeError") as caught:
            await d365.vendors.count()

    assert isinstance(caught.value.__cause__, RuntimeError)


async def test_what_is_no_credential_is_refused() -> None:
    """At once, with what would be one."""
    with pytest.raises(TypeError, match="auth is str: give a ClientSecret"):
        D365Client("https://x.operations.dynamics.test", auth="secret")  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"client_secret": "wrong"}, "not the secret's value.*AADSTS7000215"),
        ({"client_id": "11111111-0000-4000-8000-000000000000"}, "not an application of this ten"),
        ({"tenant_id": "11111111-0000-4000-8000-000000000000"}, "no token from"),
    ],
)
async def test_a_login_that_is_configured_wrongly_says_what_is_wrong(
    d365_server: D365Server, changes: dict[str, str], message: str
) -> None:
    """In our words and in Entra's, never with the secret."""
    async with client(d365_server, secret(d365_server, **changes)) as d365:
        with pytest.raises(LoginFailed, match=message) as caught:
            await d365.vendors.count()

    assert d365_server.client_secret not in str(caught.value)


class Given:
    """A source of one token."""

    def __init__(self, value: str) -> None:
        self._value = value

    async def token(self) -> Token:
        """That one."""
        return Token(value=self._value, expires_in=3599)

    async def forget(self) -> None:
        """There is no other."""

    async def aclose(self) -> None:
        """Nothing is open."""


class TestWhyItWasRefused:
    """The 401 says nothing; our own token does (`d365.md` §1.3)."""

    @staticmethod
    async def refusal(server: D365Server, token: str) -> Unauthenticated:
        """The error that a token ends in."""

        class Borrowed:
            """A credential that has this token."""

            def get_token(self, *scopes: str) -> AccessToken:
                """That one."""
                del scopes
                return AccessToken(token, 4_102_444_800)

        async with client(server, Borrowed()) as d365:
            with pytest.raises(Unauthenticated) as caught:
                await d365.vendors.count()
        assert token not in str(caught.value)
        return caught.value

    @pytest.mark.parametrize(
        ("scope", "cause"),
        [
            ("{url}//.default", "ends in a slash: ask for one slash less before .default"),
            ("{upper}/.default", "must be all in lower case"),
            ("http://localhost/.default", "begins with http; it must be the environment's https"),
            (
                "00000015-0000-0000-c000-000000000000/.default",
                "is an application's id; it must be the environment's URL",
            ),
            ("https://other.operations.dynamics.test/.default", "is not this environment"),
        ],
    )
    async def test_a_wrong_audience(self, d365_server: D365Server, scope: str, cause: str) -> None:
        """Each way in which it goes wrong is named."""
        asked_for = scope.format(
            url=d365_server.url, upper=d365_server.url.replace("localhost", "LOCALHOST")
        )
        error = await self.refusal(d365_server, asked(d365_server, asked_for))

        assert cause in error.message
        assert error.outcome is Outcome.NOT_EXECUTED

    @pytest.mark.parametrize("tenant", ["common", "organizations"])
    async def test_a_wrong_tenant(self, d365_server: D365Server, tenant: str) -> None:
        """A token of nobody's tenant in particular; it is told where the tenant is known."""
        scope = f"{d365_server.url}/.default"
        token = asked(d365_server, scope, tenant)
        auth = BearerAuth(Given(token))
        async with client(d365_server, auth) as d365:
            with pytest.raises(Unauthenticated):
                await d365.vendors.count()
        error = await self.refusal(d365_server, token)

        assert "environment is of another tenant than" in error.message

    async def test_no_service_principal(self, d365_server: D365Server) -> None:
        """A token without `oid`."""
        d365_server.change_application(has_service_principal=False)
        async with client(d365_server, secret(d365_server)) as d365:
            with pytest.raises(Unauthenticated, match="no service principal in tenant"):
                await d365.vendors.count()

    @pytest.mark.parametrize("status", [401, 403])
    async def test_an_application_that_is_not_registered(
        self, d365_server: D365Server, status: int
    ) -> None:
        """Whichever status it is answered with, the page to look at is named (§1.4)."""
        d365_server.control.change_settings(unmapped_application_status=status)
        d365_server.change_application(user=None)
        async with client(d365_server, secret(d365_server)) as d365:
            with pytest.raises(Exception, match="Setup > Microsoft Entra applications") as caught:
                await d365.vendors.count()

        assert getattr(caught.value, "status", 0) == status

    async def test_a_token_that_says_nothing(self, d365_server: D365Server) -> None:
        """An opaque token is refused like any other, and nothing is guessed."""
        error = await self.refusal(d365_server, "opaque")

        assert "application" not in error.message


URL = "https://contoso.operations.dynamics.test"
TENANT, OTHER = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"


def jwt_of(**told: object) -> str:
    """A token that says this of itself; nobody here looks at a signature."""
    parts = [{"alg": "none"}, {"aud": URL, "tid": TENANT, "oid": "1", "appid": "app", **told}]
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    return b".".join([*encoded, b"signature"]).decode()


@pytest.mark.parametrize(
    ("told", "tenant_id", "cause"),
    [
        ({"aud": f"{URL}/"}, TENANT, "ends in a slash"),
        ({"aud": URL.upper()}, TENANT, "must be all in lower case"),
        ({"aud": URL.replace("https", "http")}, TENANT, "begins with http"),
        ({"aud": OTHER}, TENANT, "is an application's id"),
        ({"aud": "https://other.test"}, TENANT, f"is not this environment, {URL}"),
        ({}, OTHER, f"is of tenant {TENANT} and not of {OTHER}"),
        ({}, "common", f"is of tenant {TENANT} and not of common"),
        ({}, "organizations", "not of /common or /organizations"),
        ({"oid": ""}, TENANT, "application app has no service principal"),
        ({}, TENANT, "application app is probably not registered"),
        ({}, "contoso.test", "is probably not registered"),
        ({}, None, "is probably not registered"),
    ],
)
def test_the_first_thing_that_is_wrong_is_told(
    told: dict[str, object], tenant_id: str | None, cause: str
) -> None:
    """Audience, tenant, service principal, registration: in the order in which one would look."""
    token = jwt_of(**told)
    said = refusal_cause(token, base_url=URL, tenant_id=tenant_id)

    assert cause in said
    assert token not in said


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.e30.c", "..", "a.bnVsbA.c"])
def test_a_token_that_says_nothing_is_not_guessed_about(token: str) -> None:
    """It breaks nothing either."""
    assert refusal_cause(token, base_url=URL, tenant_id=TENANT) == ""
    assert privilege_cause(token) == ""


async def test_nothing_secret_is_ever_logged_or_shown(
    d365_server: D365Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Not at the lowest level, not by msal, not in a repr."""
    caplog.set_level(logging.DEBUG)
    d365_server.change_application(certificate=REGISTERED.public)
    pem = REGISTERED.pem(LOCKED)
    credentials = [secret(d365_server), certificate(d365_server, pem, PASSPHRASE)]
    for credential in credentials:
        async with client(d365_server, credential) as d365:
            await d365.vendors.count()
    told = " ".join([caplog.text, *map(repr, credentials)])

    assert d365_server.client_secret not in told
    assert PASSPHRASE not in told
    assert "PRIVATE KEY" not in told
    assert "Bearer ey" not in told
    assert "client_assertion=ey" not in told
    assert "eyJ" not in told  # how every JWT begins: tokens and assertions


def test_a_cloud_is_an_authority() -> None:
    """Each has a sign-in host of its own (`d365.md` §1.6)."""
    given = ClientSecret(
        tenant_id="t", client_id="c", client_secret="s", authority=Cloud.US_GOVERNMENT
    )

    assert given.authority_url == "https://login.microsoftonline.us/t"
