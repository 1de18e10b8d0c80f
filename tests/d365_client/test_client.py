"""The client's shell: what it sends, what becomes of each answer, and what it never repeats."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any, cast

import httpx
import pytest
import respx

from api_transport import Limits, RetryPolicy
from d365_client import (
    BadRequest,
    BearerAuth,
    Broken,
    ClientSecret,
    Conflict,
    D365Client,
    D365Error,
    Forbidden,
    NoAnswer,
    NotFound,
    Outcome,
    Throttled,
    Token,
    Unauthenticated,
    Undecodable,
    VendorPaymentJournalHeader,
    VendorPaymentJournalHeaderDraft,
)
from d365_client._tokens import EntraTokens

BASE = "https://contoso.operations.dynamics.test"
SET = "/data/VendorPaymentJournalHeaders"
DRAFT = VendorPaymentJournalHeaderDraft(data_area_id="usmf", journal_name="VendPay")
ROW = {
    "@odata.etag": 'W/"JzEsNSc="',
    "dataAreaId": "usmf",
    "JournalBatchNumber": "00282",
    "JournalName": "VendPay",
    "Description": "Vendor payments",
    "IsPosted": "No",
}
JSON = "application/json; odata.metadata=minimal"
INFOLOG = "Write failed for table row of type 'X'. Infolog: Error: The period is closed."
WRITE_EXCEPTION = {
    "error": {
        "code": "",
        "message": "An error has occurred.",
        "innererror": {
            "message": INFOLOG,
            "type": "Microsoft.Dynamics.Platform.Integration.Services.OData.AxODataWriteException",
        },
    }
}
OTHER_EXCEPTION = {
    "error": {
        "code": "",
        "message": "An error has occurred.",
        "innererror": {"message": "Boom.", "type": "System.InvalidOperationException"},
    }
}

Ask = Callable[[D365Client], Awaitable[object]]


async def read(client: D365Client) -> object:
    """A list of headers."""
    return await client.vendor_payment_journal_headers.list().all()


async def write(client: D365Client) -> object:
    """A new header."""
    return await client.vendor_payment_journal_headers.create(DRAFT)


def answered(status: int, body: object, **headers: str) -> httpx.Response:
    """A JSON answer."""
    content = json.dumps(body).encode()
    return httpx.Response(status, content=content, headers={"Content-Type": JSON, **headers})


async def failure(ask: Ask, client: D365Client) -> D365Error:
    """The error that asking ends in."""
    with pytest.raises(D365Error) as caught:
        await ask(client)
    return caught.value


OUTCOMES = [
    (answered(400, WRITE_EXCEPTION), BadRequest, "rejected", "rejected"),
    (answered(401, {}), Unauthenticated, "not_executed", "not_executed"),
    (answered(403, {}), Forbidden, "rejected", "rejected"),
    (answered(404, {"Message": "No HTTP resource was found"}), NotFound, "rejected", "rejected"),
    (answered(409, {}), Conflict, "rejected", "rejected"),
    (answered(412, {}), Conflict, "rejected", "rejected"),
    (answered(422, {}), BadRequest, "rejected", "rejected"),
    (answered(429, {}), Throttled, "not_executed", "not_executed"),
    (answered(500, OTHER_EXCEPTION), Broken, "not_executed", "uncertain"),
    (answered(500, WRITE_EXCEPTION), Broken, "not_executed", "uncertain"),
    (httpx.Response(502, text="<html>Bad Gateway</html>"), Broken, "not_executed", "uncertain"),
    (answered(503, {}), Broken, "not_executed", "uncertain"),
    (httpx.Response(504), Broken, "not_executed", "uncertain"),
    (httpx.ConnectError("refused"), NoAnswer, "not_executed", "not_executed"),
    (httpx.ConnectTimeout("slow"), NoAnswer, "not_executed", "not_executed"),
    (httpx.PoolTimeout("busy"), NoAnswer, "not_executed", "not_executed"),
    (httpx.ReadTimeout("slow"), NoAnswer, "not_executed", "uncertain"),
    (httpx.ReadError("reset"), NoAnswer, "not_executed", "uncertain"),
    (httpx.WriteError("broken pipe"), NoAnswer, "not_executed", "uncertain"),
    (httpx.RemoteProtocolError("disconnected"), NoAnswer, "not_executed", "uncertain"),
    (httpx.Response(200, text="<html>Sign in</html>"), Undecodable, "not_executed", "uncertain"),
    (
        httpx.Response(200, html="<html>Sign in</html>"),
        Undecodable,
        "not_executed",
        "uncertain",
    ),
    (
        httpx.Response(200, content=b'{"value":[{"dataAr', headers={"Content-Type": JSON}),
        Undecodable,
        "not_executed",
        "uncertain",
    ),
    (answered(200, []), Undecodable, "not_executed", "uncertain"),
    (answered(200, {"value": [{"dataAreaId": 7}]}), Undecodable, "not_executed", "uncertain"),
    (httpx.Response(204), Undecodable, "not_executed", "uncertain"),
    (httpx.DecodingError("incorrect header check"), Undecodable, "not_executed", "uncertain"),
    (
        httpx.Response(302, headers={"Location": "https://login.test/"}),
        Undecodable,
        "not_executed",
        "uncertain",
    ),
]
"""The table of `design.md`, *On the wire*: answer, error, outcome of a read, outcome of a write."""


@pytest.mark.parametrize(("answer", "kind", "of_read", "of_write"), OUTCOMES)
@pytest.mark.parametrize("ask", [read, write])
async def test_every_answer_has_its_error_and_its_outcome(
    client: D365Client,
    server: respx.MockRouter,
    ask: Ask,
    answer: httpx.Response | httpx.RequestError,
    kind: type[D365Error],
    of_read: str,
    of_write: str,
) -> None:
    """Row by row; what was a lost write is no more than a read that may be made again."""
    server.route(path=SET).mock(
        return_value=answer if isinstance(answer, httpx.Response) else None,
        side_effect=answer if isinstance(answer, Exception) else None,
    )

    error = await failure(ask, client)

    assert type(error) is kind
    assert error.outcome == (of_read if ask is read else of_write)
    assert error.status == (answer.status_code if isinstance(answer, httpx.Response) else 0) or (
        isinstance(error, Undecodable)
    )
    assert error.request_line == f"{'GET' if ask is read else 'POST'} {SET}"
    assert error.request_id


@pytest.mark.parametrize(
    ("answer", "reads", "writes"),
    [
        (answered(400, {}), 1, 1),
        (answered(404, {}), 1, 1),
        (answered(429, {}), 5, 5),
        (answered(500, {}), 5, 1),
        (answered(503, {}), 5, 1),
        (httpx.ConnectError("refused"), 5, 5),
        (httpx.ReadTimeout("slow"), 5, 1),
        (httpx.RemoteProtocolError("disconnected"), 5, 1),
        (httpx.Response(200, html="<html></html>"), 5, 1),
    ],
)
@pytest.mark.parametrize("ask", [read, write])
async def test_only_what_is_safe_is_asked_again(
    client: D365Client,
    server: respx.MockRouter,
    ask: Ask,
    answer: httpx.Response | httpx.RequestError,
    reads: int,
    writes: int,
) -> None:
    """A write whose reply was lost, or that got a 5xx, is sent exactly once."""
    route = server.route(path=SET).mock(
        return_value=answer if isinstance(answer, httpx.Response) else None,
        side_effect=answer if isinstance(answer, Exception) else None,
    )
    await failure(ask, client)

    assert route.call_count == (reads if ask is read else writes)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [(WRITE_EXCEPTION, Outcome.REJECTED), (OTHER_EXCEPTION, Outcome.UNCERTAIN)],
)
async def test_the_recorded_write_exception_may_be_taken_for_a_rejection(
    strict_client: D365Client, server: respx.MockRouter, body: object, outcome: Outcome
) -> None:
    """With the setting a 500 that names it was rejected; any other 500 stays uncertain."""
    server.post(SET).mock(return_value=answered(500, body))
    error = await failure(write, strict_client)

    assert type(error) is Broken
    assert error.outcome is outcome


async def test_an_error_tells_the_infolog_and_the_activity(
    client: D365Client, server: respx.MockRouter
) -> None:
    """The innermost sentence, and the id that support asks for."""
    server.post(SET).mock(return_value=answered(400, WRITE_EXCEPTION, **{"ms-dyn-aid": "aid-7"}))
    error = await failure(write, client)

    assert error.message == INFOLOG
    assert error.request_id == "aid-7"
    assert str(error) == f"POST {SET} · 400 · {INFOLOG} (request aid-7)"


async def test_a_rejected_wait_is_told_in_seconds(
    client: D365Client, server: respx.MockRouter
) -> None:
    """A wait longer than the policy's is given to the caller at once."""
    route = server.post(SET).mock(return_value=answered(429, {}, **{"Retry-After": "3600"}))
    error = await failure(write, client)

    assert isinstance(error, Throttled)
    assert error.retry_after == 3600.0
    assert route.call_count == 1


async def test_a_write_that_was_refused_unread_goes_out_again(
    client: D365Client, server: respx.MockRouter
) -> None:
    """429 comes before execution, so even a create is safe to repeat."""
    route = server.post(SET).mock(
        side_effect=[answered(429, {}, **{"Retry-After": "0"}), answered(201, ROW)]
    )
    header = await client.vendor_payment_journal_headers.create(DRAFT)

    assert header.journal_batch_number == "00282"
    assert route.call_count == 2


async def test_requests_carry_what_d365_wants(client: D365Client, server: respx.MockRouter) -> None:
    """Versions, the accepted type, the token, and an id of their own (`d365.md` §1.7, §2.7)."""
    route = server.post(SET).mock(return_value=answered(201, ROW))
    await write(client)
    await write(client)
    first, second = (call.request.headers for call in route.calls)

    assert first["Accept"] == "application/json;odata.metadata=minimal"
    assert (first["OData-Version"], first["OData-MaxVersion"]) == ("4.0", "4.0")
    assert first["Content-Type"] == "application/json; charset=utf-8"
    assert first["Authorization"] == "Bearer preset"
    assert re.fullmatch(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first["x-ms-client-request-id"]
    )
    assert first["x-ms-client-request-id"] != second["x-ms-client-request-id"]


@pytest.mark.parametrize("status", [200, 201])
async def test_a_created_row_comes_back_as_stored(
    client: D365Client, server: respx.MockRouter, status: int
) -> None:
    """With D365's defaults; 200 is as good as 201 (`d365.md` §2.9)."""
    route = server.post(SET).mock(return_value=answered(status, ROW))
    header = await client.vendor_payment_journal_headers.create(DRAFT)

    assert isinstance(header, VendorPaymentJournalHeader)
    assert (header.journal_batch_number, header.description) == ("00282", "Vendor payments")
    assert header.etag == 'W/"JzEsNSc="'
    assert json.loads(route.calls.last.request.content) == {
        "dataAreaId": "usmf",
        "JournalName": "VendPay",
    }


@pytest.mark.parametrize(
    ("given", "normalised"),
    [
        ("https://contoso.operations.dynamics.com", "https://contoso.operations.dynamics.com"),
        ("https://Contoso.Operations.Dynamics.com/", "https://contoso.operations.dynamics.com"),
        (" https://contoso.operations.dynamics.com// ", "https://contoso.operations.dynamics.com"),
        ("https://erp.local/namespaces/AXSF/", "https://erp.local/namespaces/axsf"),
        ("https://localhost:8443", "https://localhost:8443"),
    ],
)
async def test_a_base_url_is_normalised(given: str, normalised: str) -> None:
    """Lower case and without slash at the end, as the token's audience must be (§1.3)."""
    secret = ClientSecret(tenant_id="t", client_id="c", client_secret="s")
    async with D365Client(given, auth=secret) as client:
        assert client.base_url == normalised


@pytest.mark.parametrize(
    "given",
    [
        "http://contoso.operations.dynamics.com",
        "contoso.operations.dynamics.com",
        "contoso",
        "",
        "https://",
        "https://contoso.operations.dynamics.com?cmp=usmf",
        "https://contoso.operations.dynamics.com#x",
        "https://{user}@contoso.operations.dynamics.com".format(user="user:geheim"),
        "https://geheim@contoso.operations.dynamics.com",
    ],
)
def test_a_base_url_that_is_none_is_refused(given: str) -> None:
    """Said at once, with an example, and without a password that stood in it."""
    with pytest.raises(ValueError, match="give the environment's whole https URL") as caught:
        D365Client(given, auth=httpx.BasicAuth("", ""))

    assert "geheim" not in str(caught.value)


async def test_http_is_taken_if_it_is_allowed() -> None:
    """For a test server; the token can then be read on the way."""
    async with D365Client(
        "http://localhost:8080", auth=httpx.BasicAuth("", ""), allow_http=True
    ) as client:
        assert client.base_url == "http://localhost:8080"


async def test_the_scope_is_the_environments(router_of_entra: list[str]) -> None:
    """One slash before `.default`, lower case: anything else is answered 401 (§1.3)."""
    secret = ClientSecret(
        tenant_id="t", client_id="c", client_secret="s", authority="https://entra.test"
    )
    async with D365Client("https://Contoso.operations.dynamics.test/", auth=secret) as client:
        await client.vendors.list().all()

    assert router_of_entra == [f"{BASE}/.default"]


async def test_the_connection_to_entra_is_closed_too(router_of_entra: list[str]) -> None:
    """Leaving the client closes what it opened, the blocking client of msal included."""
    secret = ClientSecret(
        tenant_id="t", client_id="c", client_secret="s", authority="https://entra.test"
    )
    async with D365Client(BASE, auth=secret) as client:
        await client.vendors.list().all()
        assert client._own_auth is not None
        tokens = cast("EntraTokens", client._own_auth._tokens)
        opened = tokens._http

    assert router_of_entra
    assert opened is not None
    assert opened.is_closed


async def test_an_authentication_that_was_given_is_not_closed() -> None:
    """It may serve another client."""

    class Tokens:
        """A source that must not be closed."""

        closed = False

        async def token(self) -> Token:
            """A token."""
            return Token(value="t1", expires_in=3599.0)

        async def forget(self) -> None:
            """Nothing is cached."""

        async def aclose(self) -> None:
            """Remember it."""
            self.closed = True

    tokens = Tokens()
    async with D365Client(BASE, auth=BearerAuth(tokens)):
        pass

    assert not tokens.closed


@pytest.fixture
def router_of_entra() -> Any:
    """A tenant and an environment without vendors; the scopes that were asked for."""
    scopes: list[str] = []

    def token(request: httpx.Request) -> httpx.Response:
        scopes.append(str(httpx.QueryParams(request.content.decode())["scope"]))
        return answered(200, {"access_token": "t1", "expires_in": 3599, "token_type": "Bearer"})

    with respx.mock:
        respx.get("https://entra.test/t/v2.0/.well-known/openid-configuration").respond(
            json={
                "authorization_endpoint": "https://entra.test/t/oauth2/v2.0/authorize",
                "token_endpoint": "https://entra.test/t/oauth2/v2.0/token",
                "issuer": "https://entra.test/t/v2.0",
            }
        )
        respx.post("https://entra.test/t/oauth2/v2.0/token").mock(side_effect=token)
        respx.get(f"{BASE}/data/VendorsV2").mock(return_value=answered(200, {"value": []}))
        yield scopes


async def test_settings_are_the_callers(server: respx.MockRouter) -> None:
    """The retry policy and the limits that are given are those in force."""
    route = server.get(SET).mock(return_value=answered(503, {}))
    async with D365Client(
        BASE,
        auth=httpx.BasicAuth("", ""),
        retry=RetryPolicy(attempts=1),
        limits=Limits(concurrent=1),
    ) as client:
        await failure(read, client)

    assert route.call_count == 1
