"""What a token of ours says of itself, and why it may have been refused. Pure (`d365.md` §1.3)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NO_TENANT = ("common", "organizations", "consumers")
_REGISTER = "System administration > Setup > Microsoft Entra applications"


def claims(token: str) -> Mapping[str, object]:
    """The claims of a JWT, whose signature is not ours to verify; empty for any other token."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 - a JWT has a header, claims and a signature
        return {}
    try:
        told = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def refusal_cause(token: str, *, base_url: str, tenant_id: str | None) -> str:
    """Why the environment at `base_url` probably refused this token; empty where nobody can tell.

    `tenant_id` is whom the token was asked of, None where that is not known. Nothing of the token
    but its audience, its tenant and its application is told: none of them opens anything.
    """
    told = claims(token)
    if not told:
        return ""
    causes = (
        _audience(str(told.get("aud", "")), base_url),
        _tenant(told, tenant_id),
        _identity(told),
    )
    return next(filter(None, causes), _registration(told))


def privilege_cause(token: str) -> str:
    """Why a token that was accepted may not do this (403); empty where nobody can tell."""
    told = claims(token)
    if not told:
        return ""
    return (
        f"the user that application {_application(told)} runs as has no privilege for this, or the "
        f"application has no user yet ({_REGISTER})"
    )


def _audience(audience: str, base_url: str) -> str:
    if audience == base_url:
        return ""
    if _GUID.fullmatch(audience):
        why = "is an application's id; it must be the environment's URL"
    elif audience == f"{base_url}/":
        why = "ends in a slash: ask for one slash less before .default"
    elif audience.rstrip("/").lower() == base_url:
        why = "must be all in lower case"
    elif audience.lower().startswith("http://"):
        why = "begins with http; it must be the environment's https URL"
    else:
        why = f"is not this environment, {base_url}"
    return f"the token's audience {audience!r} {why}"


def _tenant(told: Mapping[str, object], tenant_id: str | None) -> str:
    tenant = str(told.get("tid", ""))
    # A tenant may also be named by a domain, which the token does not tell.
    is_told = tenant_id is not None and (_GUID.fullmatch(tenant_id) or tenant_id in _NO_TENANT)
    if not is_told or tenant.lower() == str(tenant_id).lower():
        return ""
    return (
        f"the token is of tenant {tenant or 'none'} and not of {tenant_id}: it must be asked of "
        "the environment's own tenant, not of /common or /organizations"
    )


def _identity(told: Mapping[str, object]) -> str:
    if told.get("oid"):
        return ""
    return (
        f"the token has no oid: application {_application(told)} has no service principal in "
        f"tenant {told.get('tid', '')}"
    )


def _registration(told: Mapping[str, object]) -> str:
    return (
        f"the token is complete and for this environment, so application {_application(told)} is "
        f"probably not registered there ({_REGISTER}), its row there has no user, or the "
        f"environment is of another tenant than {told.get('tid', '')}"
    )


def _application(told: Mapping[str, object]) -> str:
    return str(told.get("appid") or told.get("azp") or "of the token")
