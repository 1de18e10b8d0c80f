"""The client put together: environments by name and by URL, and by environment variables."""

from __future__ import annotations

import pytest

from bill_client import BillClient, OAuthClientCredentials, SessionAuth

LOGIN = {
    "BILL_USERNAME": "u",
    "BILL_PASSWORD": "the-password",
    "BILL_ORGANIZATION_ID": "008",
    "BILL_DEV_KEY": "the-key",
}
APPLICATION = {
    "BILL_CLIENT_ID": "the-app",
    "BILL_CLIENT_SECRET": "the-secret",
    "BILL_TOKEN_URL": "https://tokens.example.com/authx/token",
}


@pytest.mark.parametrize(
    ("told", "url"),
    [
        (None, "https://gateway.stage.bill.com/connect/v3"),
        ("sandbox", "https://gateway.stage.bill.com/connect/v3"),
        ("production", "https://gateway.prod.bill.com/connect/v3"),
        ("https://bill.example.com/connect/v3/", "https://bill.example.com/connect/v3"),
        ("http://localhost:8080/connect/v3", "http://localhost:8080/connect/v3"),
    ],
)
async def test_an_environment_is_a_name_or_a_url(told: str | None, url: str) -> None:
    """Nobody has to know BILL's hosts, and whoever says nothing is in the sandbox."""
    environ = {**LOGIN, "BILL_URL": told} if told else LOGIN
    async with BillClient.from_environment(environ) as client:
        assert client.base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "staging",
        "https://gateway.stage.bill.com",
        "https://gateway.stage.bill.com/connect",
        "https://gateway.stage.bill.com/v3",
        "http://gateway.stage.bill.com/connect/v3",
        "ftp://gateway.stage.bill.com/connect/v3",
    ],
)
def test_a_url_without_its_path_is_refused(url: str) -> None:
    """The commonest mistake there is: /connect or /v3 dropped (`bill.md` §1.1); and plain http."""
    with pytest.raises(ValueError, match="environment"):
        BillClient.from_environment({**LOGIN, "BILL_URL": url})


async def test_who_has_an_application_needs_no_login() -> None:
    """Three variables are enough, and they go before a login's."""
    async with BillClient.from_environment({**LOGIN, **APPLICATION}) as client:
        assert isinstance(client._http.auth, OAuthClientCredentials)
    async with BillClient.from_environment(LOGIN) as client:
        assert isinstance(client._http.auth, SessionAuth)


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, "BILL_USERNAME, BILL_PASSWORD, BILL_ORGANIZATION_ID, BILL_DEV_KEY"),
        ({**LOGIN, "BILL_DEV_KEY": ""}, "BILL_DEV_KEY"),
        ({"BILL_CLIENT_ID": "the-app"}, "BILL_CLIENT_SECRET, BILL_TOKEN_URL"),
    ],
)
def test_every_missing_variable_is_named_at_once(environ: dict[str, str], missing: str) -> None:
    """And no value of the others is shown."""
    with pytest.raises(ValueError, match="missing") as refused:
        BillClient.from_environment(environ)

    assert str(refused.value) == f"environment variables are missing: {missing}"
