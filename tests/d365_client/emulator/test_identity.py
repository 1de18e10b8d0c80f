"""Tokens: who gets them, and what they open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest

from d365_client.emulator import Emulator

if TYPE_CHECKING:
    from tests.d365_client.emulator.conftest import Api

BASE = "https://d365.test"


@pytest.fixture
async def http(opened: Callable[[], Emulator]) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is not authorised."""
    transport = httpx.ASGITransport(app=opened().app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        yield client


@pytest.fixture
def form(seed: dict[str, Any]) -> dict[str, str]:
    """What a token request says that succeeds."""
    client = seed["clients"][0]
    return {
        "grant_type": "client_credentials",
        "client_id": client["client_id"],
        "client_secret": client["client_secret"],
        "scope": f"{BASE}/.default",
    }


@pytest.fixture
def tenant(seed: dict[str, Any]) -> str:
    """The tenant of the environment."""
    return str(seed["tenant_id"])


async def token(http: httpx.AsyncClient, tenant: str, form: dict[str, str]) -> str:
    """A token for what the form asks for."""
    answer = await http.post(f"/{tenant}/oauth2/v2.0/token", data=form)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


async def status(http: httpx.AsyncClient, token: str, path: str = "/data/VendorGroups") -> int:
    """What a token gets."""
    answer = await http.get(path, headers={"Authorization": f"Bearer {token}"})
    return answer.status_code


async def test_a_token_is_a_jwt_of_its_audience(
    http: httpx.AsyncClient, tenant: str, form: dict[str, str]
) -> None:
    """Aud is the scope without /.default, tid the tenant, oid the service principal (§1.3)."""
    answer = await http.post(f"/{tenant}/oauth2/v2.0/token", data=form)
    body = answer.json()
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})

    assert (body["token_type"], body["expires_in"], body["ext_expires_in"]) == (
        "Bearer",
        3599,
        3599,
    )
    assert "refresh_token" not in body
    assert (claims["aud"], claims["tid"], claims["appid"]) == (BASE, tenant, form["client_id"])
    assert claims["oid"]
    assert claims["exp"] - claims["iat"] == 3599
    assert await status(http, body["access_token"]) == 200


async def test_v1_tells_its_lifetime_as_text(
    http: httpx.AsyncClient, tenant: str, form: dict[str, str]
) -> None:
    """The older endpoint is asked for a resource and answers with strings (§1.1)."""
    del form["scope"]
    answer = await http.post(f"/{tenant}/oauth2/token", data={**form, "resource": BASE})

    assert answer.json()["expires_in"] == "3599"
    assert await status(http, answer.json()["access_token"]) == 200


@pytest.mark.parametrize(
    ("changes", "code", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_secret": None}, 401, "invalid_client", 7000218),
        ({"client_id": "unknown"}, 400, "unauthorized_client", 700016),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"scope": BASE}, 400, "invalid_scope", 1002012),
        ({"scope": "/.default"}, 400, "invalid_scope", 1002012),
        ({"scope": f"{BASE}/.default openid"}, 400, "invalid_scope", 1002012),
        ({"scope": None}, 400, "invalid_scope", 1002012),
    ],
)
async def test_entra_says_what_is_wrong_with_a_request(
    http: httpx.AsyncClient,
    tenant: str,
    form: dict[str, str],
    changes: dict[str, str | None],
    code: int,
    error: str,
    number: int,
) -> None:
    """An OAuth error with the AADSTS number that people search for."""
    asked = {name: value for name, value in {**form, **changes}.items() if value is not None}

    answer = await http.post(f"/{tenant}/oauth2/v2.0/token", data=asked)

    assert (answer.status_code, answer.json()["error"]) == (code, error)
    assert answer.json()["error_description"].startswith(f"AADSTS{number}: ")


async def test_a_tenant_that_is_not_there(http: httpx.AsyncClient, form: dict[str, str]) -> None:
    """Another tenant knows nothing of us."""
    answer = await http.post("/22222222-0000-0000-0000-000000000000/oauth2/v2.0/token", data=form)
    found = await http.get("/elsewhere/v2.0/.well-known/openid-configuration")

    assert (answer.status_code, found.status_code) == (400, 400)
    assert "AADSTS90002" in answer.json()["error_description"]


@pytest.mark.parametrize(
    "scope",
    [
        f"{BASE}//.default",
        "https://D365.TEST/.default",
        "http://d365.test/.default",
        "https://other.test/.default",
        "11111111-2222-3333-4444-000000000000/.default",
    ],
    ids=["trailing slash", "upper case", "http", "another host", "application id"],
)
async def test_another_audience_is_a_401(
    http: httpx.AsyncClient, tenant: str, form: dict[str, str], scope: str
) -> None:
    """Aud must be the base URL, in lower case, without a slash behind (d365.md §1.3)."""
    granted = await token(http, tenant, {**form, "scope": scope})

    assert await status(http, granted) == 401


@pytest.mark.parametrize("tenant_alias", ["common", "organizations"])
async def test_a_token_of_another_tenant_is_a_401(
    http: httpx.AsyncClient, form: dict[str, str], tenant_alias: str
) -> None:
    """A token must be asked for from the tenant's own endpoint (d365.md §1.3)."""
    assert await status(http, await token(http, tenant_alias, form)) == 401


async def test_a_401_has_a_challenge_and_no_body(http: httpx.AsyncClient) -> None:
    """The body of a 401 is unverified; clients must not depend on it (d365.md §1.5)."""
    answer = await http.get("/data/VendorGroups")

    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("authorization", ["Basic abc", "Bearer", "Bearer no.jwt.here", "Bearer "])
async def test_what_is_no_token_is_a_401(http: httpx.AsyncClient, authorization: str) -> None:
    """Other schemes and broken tokens open nothing, batches included."""
    headers = {"Authorization": authorization}

    assert (await http.get("/data", headers=headers)).status_code == 401
    assert (await http.post("/data/$batch", headers=headers)).status_code == 401


async def test_a_token_that_was_signed_elsewhere_is_a_401(
    http: httpx.AsyncClient, tenant: str, form: dict[str, str]
) -> None:
    """Only the emulator's own tokens count."""
    claims = jwt.decode(await token(http, tenant, form), options={"verify_signature": False})
    forged = jwt.encode(claims, "another key that is long enough to sign", algorithm="HS256")

    assert await status(http, forged) == 401


async def test_a_token_without_service_principal_is_a_401(
    seed: dict[str, Any], opened: Callable[[], Emulator], tenant: str, form: dict[str, str]
) -> None:
    """The claim oid must exist (d365.md §1.3)."""
    seed["clients"][0]["service_principal"] = False
    transport = httpx.ASGITransport(app=opened().app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        assert await status(http, await token(http, tenant, form)) == 401


@pytest.mark.parametrize("expected", [401, 403])
async def test_an_application_without_user_is_refused(
    seed: dict[str, Any],
    opened: Callable[[], Emulator],
    tenant: str,
    form: dict[str, str],
    expected: int,
) -> None:
    """401 or 403 for an unmapped application: unverified which (d365.md §1.4)."""
    seed["clients"][0]["user"] = None
    transport = httpx.ASGITransport(app=opened().app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        await http.put("/_emulator/settings", json={"unmapped_application_status": expected})

        assert await status(http, await token(http, tenant, form)) == expected


async def test_a_set_without_privilege_is_a_403(
    seed: dict[str, Any], opened: Callable[[], Emulator], tenant: str, form: dict[str, str]
) -> None:
    """The user's roles decide entity access (d365.md §1.4, §1.5)."""
    seed["clients"][0]["denied"] = ["BankAccounts"]
    transport = httpx.ASGITransport(app=opened().app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
        granted = await token(http, tenant, form)

        assert await status(http, granted, "/data/BankAccounts") == 403
        assert await status(http, granted, "/data/VendorGroups") == 200


async def test_tokens_expire_in_real_time_or_by_command(
    http: httpx.AsyncClient, tenant: str, form: dict[str, str]
) -> None:
    """The admin path refuses all tokens issued so far; a lifetime of 0 is over at once."""
    first = await token(http, tenant, form)
    expired = await http.post("/_emulator/credentials/expire")
    second = await token(http, tenant, form)
    await http.put("/_emulator/settings", json={"token_lifetime_seconds": 0})
    third = await token(http, tenant, form)

    assert expired.status_code == 200
    assert [await status(http, one) for one in (first, second, third)] == [401, 200, 401]


async def test_the_clock_of_the_emulator_does_not_age_tokens(api: Api) -> None:
    """Clients count a token's life by their own clocks, not by the emulator's."""
    moved = await api.http.put("/_emulator/clock", json={"now": "2026-11-03T08:00:00Z"})

    assert moved.status_code == 200
    assert (await api.http.get("/data/VendorGroups")).status_code == 200


async def test_discovery_leads_to_the_token_endpoint(
    http: httpx.AsyncClient, tenant: str, form: dict[str, str]
) -> None:
    """What msal reads before its first token."""
    found = await http.get(f"/{tenant}/v2.0/.well-known/openid-configuration")
    answer = await http.post(found.json()["token_endpoint"], data=form)

    assert found.json()["issuer"] == f"{BASE}/{tenant}/v2.0"
    assert answer.status_code == 200
