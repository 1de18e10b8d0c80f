"""Tokens from Entra: asked for as documented, and every failure is one sentence."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs

import anyio
import anyio.to_thread
import httpx
import pytest
import respx

from d365_client import BearerAuth, ClientSecret, LoginFailed, Outcome
from d365_client._tokens import EntraTokens

DATA = "https://contoso.operations.dynamics.test/data"
SCOPE = "https://contoso.operations.dynamics.test/.default"
SECRET = "geheim-7Q~x"
TENANT = "https://entra.test/tenant-1"

CREDENTIAL = ClientSecret(
    tenant_id="tenant-1",
    client_id="client-1",
    client_secret=SECRET,
    authority="https://entra.test",
)


class Entra:
    """A tenant's sign-in endpoints."""

    def __init__(self, router: respx.MockRouter, tenant: str = TENANT) -> None:
        self.metadata = router.get(f"{tenant}/v2.0/.well-known/openid-configuration").respond(
            json={
                "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
                "token_endpoint": f"{tenant}/oauth2/v2.0/token",
                "issuer": f"{tenant}/v2.0",
            }
        )
        self.tokens = router.post(f"{tenant}/oauth2/v2.0/token")
        self.tokens.mock(side_effect=self.issue)
        self.expires_in: object = 3599

    def issue(self, _: httpx.Request) -> httpx.Response:
        """A new token for each request."""
        token = f"t{self.tokens.call_count + 1}"
        told = {"token_type": "Bearer", "access_token": token, "expires_in": self.expires_in}
        return httpx.Response(200, json=told)


@pytest.fixture
def router() -> Iterator[respx.MockRouter]:
    """What answers instead of the network; not every test asks for everything."""
    with respx.mock(assert_all_called=False) as router:
        yield router


@pytest.fixture
def entra(router: respx.MockRouter) -> Entra:
    """The tenant of the credential."""
    return Entra(router)


@pytest.fixture
async def source() -> AsyncIterator[EntraTokens]:
    """Tokens for one environment."""
    source = EntraTokens(CREDENTIAL, scope=SCOPE)
    yield source
    await source.aclose()


async def test_a_token_is_asked_for_by_client_credentials(
    entra: Entra, source: EntraTokens
) -> None:
    """The form is that of `d365.md` §1.1, with the environment's scope."""
    token = await source.token()
    form = parse_qs(entra.tokens.calls.last.request.content.decode())

    assert token.value == "t1"
    assert token.expires_in == pytest.approx(3599.0, abs=2)
    assert form["grant_type"] == ["client_credentials"]
    assert form["client_id"] == ["client-1"]
    assert form["client_secret"] == [SECRET]
    assert form["scope"] == [SCOPE]


async def test_nothing_is_opened_before_a_token_is_asked_for(router: respx.MockRouter) -> None:
    """Msal's constructor goes to the network, so it is built with the first token."""
    await EntraTokens(CREDENTIAL, scope=SCOPE).aclose()

    assert router.calls.call_count == 0


async def test_a_token_is_cached_until_it_is_forgotten(entra: Entra, source: EntraTokens) -> None:
    """Msal would hand the refused token out again; forgetting makes it ask."""
    values = [(await source.token()).value, (await source.token()).value]
    await source.forget()
    values.append((await source.token()).value)

    assert values == ["t1", "t1", "t2"]
    assert entra.metadata.call_count == 1


async def test_forgetting_nothing_opens_nothing(
    router: respx.MockRouter, source: EntraTokens
) -> None:
    """Without an application there is no cache to clear."""
    await source.forget()

    assert router.calls.call_count == 0


async def test_an_authority_that_is_given_is_not_looked_up_at_microsoft(
    router: respx.MockRouter, entra: Entra, source: EntraTokens
) -> None:
    """Only the given host is asked: a test server or a sovereign cloud is on no list."""
    await source.token()

    assert entra.tokens.called
    assert {call.request.url.host for call in router.calls} == {"entra.test"}


@pytest.mark.parametrize(
    ("authority", "url"),
    [
        (None, "https://login.microsoftonline.com/tenant-1"),
        ("https://login.microsoftonline.us", "https://login.microsoftonline.us/tenant-1"),
        ("https://login.chinacloudapi.cn/", "https://login.chinacloudapi.cn/tenant-1"),
        ("https://localhost:8443/tenant-1", "https://localhost:8443/tenant-1"),
    ],
)
def test_the_tenants_own_authority_is_asked(authority: str | None, url: str) -> None:
    """Host and tenant are put together, whichever of them the authority names."""
    credential = ClientSecret(
        tenant_id="tenant-1", client_id="c", client_secret=SECRET, authority=authority
    )

    assert credential.authority_url == url


async def test_the_public_cloud_is_the_default(router: respx.MockRouter) -> None:
    """Without an authority the token comes from Entra's public host, in the tenant's name."""
    entra = Entra(router, "https://login.microsoftonline.com/tenant-1")
    credential = ClientSecret(tenant_id="tenant-1", client_id="client-1", client_secret=SECRET)
    source = EntraTokens(credential, scope=SCOPE)
    await source.token()
    await source.aclose()

    assert entra.tokens.call_count == 1


async def test_a_wrong_secret_is_one_sentence_without_it(entra: Entra, source: EntraTokens) -> None:
    """It names the authority and the client, and what Entra said, but for the secret."""
    entra.tokens.mock(
        return_value=httpx.Response(
            401,
            json={
                "error": "invalid_client",
                "error_description": f"AADSTS7000215: Invalid client secret '{SECRET}'.\r\nTrace",
            },
        )
    )

    with pytest.raises(LoginFailed) as caught:
        await source.token()

    assert str(caught.value) == (
        "no token from https://entra.test/tenant-1: client client-1 was refused: "
        "AADSTS7000215: Invalid client secret '***'. Trace"
    )
    assert caught.value.outcome is Outcome.NOT_EXECUTED


@pytest.mark.parametrize(
    ("codes", "cause"),
    [
        ([7000215], "client_secret is not the secret's value"),
        ([7000222], "the secret has expired, make a new one"),
        ([700016], "client_id is not an application of this tenant"),
        ([700027], "the certificate is not registered with the application"),
        ([500011], "the environment's URL is not known in this tenant"),
        ([50000, 7000222], "the secret has expired"),
        ([1], "client-1 was refused: AADSTS"),
        ("7000222", "client-1 was refused: AADSTS"),
    ],
)
async def test_what_is_configured_wrongly_is_told_in_our_words(
    entra: Entra, source: EntraTokens, codes: object, cause: str
) -> None:
    """Before Entra's own, by the first code that we know; an unknown one adds nothing."""
    told = {"error": "e", "error_description": "AADSTS: it says why.", "error_codes": codes}
    entra.tokens.mock(return_value=httpx.Response(400, json=told))

    with pytest.raises(LoginFailed, match=f"{cause}.*it says why") as caught:
        await source.token()

    assert "AADSTS" in caught.value.message


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (httpx.ConnectError("[Errno 111] Connection refused"), "Connection refused"),
        (httpx.ConnectTimeout("timed out"), "timed out"),
        (httpx.RemoteProtocolError("Server disconnected"), "Server disconnected"),
    ],
)
async def test_an_authority_that_cannot_be_reached_is_one_sentence(
    entra: Entra, source: EntraTokens, failure: httpx.HTTPError, said: str
) -> None:
    """At either of the two requests: which authority, and what happened."""
    pattern = f"^no token from {TENANT}: the authority gave no answer: .*{said}$"
    entra.tokens.mock(side_effect=failure)
    with pytest.raises(LoginFailed, match=pattern.replace("[", r"\[")):
        await source.token()

    entra.metadata.mock(side_effect=failure)
    with pytest.raises(LoginFailed, match=pattern.replace("[", r"\[")):
        await EntraTokens(CREDENTIAL, scope=SCOPE).token()


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, json={"error": "invalid_tenant"}),
        httpx.Response(200, text="<html>Sign in</html>"),
        httpx.Response(200, json={"issuer": "https://entra.test"}),
        httpx.Response(503),
    ],
)
async def test_an_authority_that_is_none_is_one_sentence(
    entra: Entra, source: EntraTokens, answer: httpx.Response
) -> None:
    """A tenant that does not exist, a page, an outage."""
    entra.metadata.mock(return_value=answer)

    with pytest.raises(LoginFailed, match=f"^no token from {TENANT}: the authority gave no answer"):
        await source.token()


async def test_a_login_works_after_one_that_failed(
    router: respx.MockRouter, source: EntraTokens
) -> None:
    """A failed start leaves nothing behind: the next token builds the application anew."""
    router.get(f"{TENANT}/v2.0/.well-known/openid-configuration").respond(503)
    with pytest.raises(LoginFailed):
        await source.token()
    Entra(router)

    assert (await source.token()).value == "t1"


@pytest.mark.parametrize("expires_in", [3599, "3599"])
async def test_the_end_of_a_token_may_be_told_as_text(
    entra: Entra, source: EntraTokens, expires_in: object
) -> None:
    """The older endpoint gives a string (`d365.md` §1.1)."""
    entra.expires_in = expires_in

    assert (await source.token()).expires_in == pytest.approx(3599.0, abs=2)


async def test_twenty_tasks_with_a_lapsed_token_make_one_token_request(
    router: respx.MockRouter, entra: Entra, source: EntraTokens
) -> None:
    """Through msal and its cache too: one request first, and one more after the 401s."""
    service = router.get(DATA)
    service.mock(
        side_effect=lambda request: httpx.Response(
            200 if request.headers["Authorization"] == "Bearer t2" else 401
        )
    )
    async with (
        httpx.AsyncClient(auth=BearerAuth(source)) as http,
        anyio.create_task_group() as group,
    ):
        for _ in range(20):
            group.start_soon(http.get, DATA)

    assert entra.tokens.call_count == 2
    assert [call.response.status_code for call in service.calls].count(200) == 20


async def test_a_login_that_was_given_up_serves_the_next(entra: Entra, source: EntraTokens) -> None:
    """Its thread runs on: nobody waits for it, but who comes next, who uses what it got."""
    asked, answered = threading.Event(), threading.Event()

    def slowly(request: httpx.Request) -> httpx.Response:
        asked.set()
        answered.wait(10)
        return entra.issue(request)

    entra.tokens.mock(side_effect=slowly)
    started = time.monotonic()
    async with anyio.create_task_group() as group:
        group.start_soon(source.token)
        await anyio.to_thread.run_sync(asked.wait)
        group.cancel_scope.cancel()
    waited = time.monotonic() - started
    answered.set()
    with anyio.fail_after(10):
        token = await source.token()

    assert token.value == "t1"
    assert entra.tokens.call_count == 1
    assert waited < 5


def test_a_secret_is_not_shown() -> None:
    """Neither the credential nor the source shows it."""
    assert SECRET not in repr(CREDENTIAL)
