"""Client credentials: one token for all, renewed before it lapses and once after a 401."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import anyio
import httpx
import pytest

from bill_client import BillClient, LoginFailed, OAuthClientCredentials, Unauthenticated

URL = "http://localhost:1/connect/v3"
TOKENS = "https://tokens.example.com/authx/token"


class Bill:
    """Grants tokens and takes the last one it granted."""

    def __init__(self, **granted: object) -> None:
        self.granted = granted
        self.asked: list[httpx.Request] = []
        self.calls: list[httpx.Request] = []
        self.good: set[str] = set()
        self.answer: httpx.Response | None = None
        self.takes = True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer."""
        if str(request.url) == TOKENS:
            self.asked.append(request)
            if self.answer is not None:
                return self.answer
            token = f"token{len(self.asked)}"
            self.good.add(f"Bearer {token}")
            return httpx.Response(200, json={"access_token": token, **self.granted})
        self.calls.append(request)
        if not self.takes or request.headers.get("authorization") not in self.good:
            return httpx.Response(401, json=[{"code": "BDC_1109", "message": "Invalid."}])
        return httpx.Response(200, json={"id": "009", "name": "Orrin"})


class Clock:
    """A clock that goes when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The present."""
        return self.now


def client(bill: Bill, clock: Clock | None = None) -> BillClient:
    """A client of that BILL."""
    auth = OAuthClientCredentials(
        client_id="the-app", client_secret="the-secret", token_url=TOKENS, now=clock or Clock()
    )
    made = BillClient(URL, auth=auth)
    made._http._transport = httpx.MockTransport(bill)
    return made


async def test_a_token_stands_in_for_key_and_session() -> None:
    """The form is the documented one, and calls carry the token alone (`bill.md` §1.4)."""
    bill = Bill()
    async with client(bill) as told:
        await told.vendors.get("009")

    assert bill.asked[0].content == (
        b"grant_type=client_credentials&client_id=the-app&client_secret=the-secret"
    )
    assert bill.calls[0].headers["authorization"] == "Bearer token1"
    assert not {"devkey", "sessionid"} & {*bill.calls[0].headers}


async def test_a_token_is_renewed_before_it_lapses() -> None:
    """A minute before `expires_in` is over another one is asked for."""
    bill, clock = Bill(expires_in=3600), Clock()
    async with client(bill, clock) as told:
        await told.vendors.get("009")
        clock.now += timedelta(minutes=58)
        await told.vendors.get("009")
        assert len(bill.asked) == 1
        clock.now += timedelta(minutes=1)
        await told.vendors.get("009")

    assert len(bill.asked) == 2


async def test_forty_tasks_with_a_refused_token_ask_for_one() -> None:
    """Single flight, and every call succeeds."""
    bill = Bill()
    async with client(bill) as told:
        await told.vendors.get("009")
        bill.good.clear()
        async with anyio.create_task_group() as tasks:
            for _ in range(40):
                tasks.start_soon(told.vendors.get, "009")

    assert len(bill.asked) == 2


async def test_a_token_that_is_refused_again_is_not_renewed_for_ever() -> None:
    """One new token, then the error."""
    bill = Bill()
    async with client(bill) as told:
        await told.vendors.get("009")
        bill.takes = False
        with pytest.raises(Unauthenticated):
            await told.vendors.get("009")

    assert len(bill.asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401, json={"error": "invalid_client", "error_description": "the-secret"}),
        httpx.Response(200, json={"token": "the-secret"}),
        httpx.Response(200, text="<html>the-secret</html>"),
        httpx.Response(500, text="the-secret"),
    ],
    ids=["refused", "no token", "no JSON", "broken"],
)
async def test_a_failed_grant_is_one_sentence_without_the_secret(answer: httpx.Response) -> None:
    """The client id is named where BILL refuses; what came is not shown, for it may be a token."""
    bill = Bill()
    bill.answer = answer
    async with client(bill) as told:
        with pytest.raises(LoginFailed) as failed:
            await told.vendors.get("009")

    assert "the-secret" not in f"{failed.value!r} {failed.value} {failed.value.__cause__!r}"


def test_a_token_url_that_shows_the_secret_is_refused() -> None:
    """Plain http is for this machine only, and a repr has no secret."""
    with pytest.raises(ValueError, match="https"):
        OAuthClientCredentials(client_id="a", client_secret="b", token_url="http://bill.com/token")
    local = OAuthClientCredentials(
        client_id="a", client_secret="the-secret", token_url="http://localhost:1/authx/token"
    )
    assert repr(local) == "OAuthClientCredentials(client_id='a')"
