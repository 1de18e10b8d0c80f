"""Who may ask for tokens, and the JWTs that they get (d365.md §1)."""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import attrs
import jwt

from d365_client.emulator.answers import plain_refusal, unauthorized
from d365_client.emulator.calls import Principal
from d365_client.emulator.settings import Switches

# The tenant that `/common` and `/organizations` stand for here: never the environment's.
FOREIGN_TENANT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"

_ALGORITHM = "HS256"


@attrs.frozen(kw_only=True)
class Application:
    """An app registration, and the row of "Microsoft Entra applications" that maps it.

    Attributes:
        certificate: the public certificate that is registered, as PEM text; empty: none is.
        user: the F&O user it runs as; None: no row maps it.
        has_service_principal: whether the tenant has one; without it tokens lack `oid`.
        denied: entity sets that the user's roles give no privilege for.
    """

    client_id: str
    client_secret: str = attrs.field(repr=False)
    user: str | None
    default_company: str
    certificate: str = ""
    has_service_principal: bool = True
    denied: frozenset[str] = frozenset()

    def knows(self, secret: str) -> bool:
        """Whether this is the client secret."""
        return hmac.compare_digest(secret.encode(), self.client_secret.encode())


class Identity:
    """Issues tokens and reads them back.

    Tokens live in real time, whatever the emulator's clock says: clients count on their own.

    Args:
        tenant_id: the tenant of the environment.
        applications: the app registrations.
        switches: for the lifetime of tokens.
        key: what tokens are signed with.
        wall_time: seconds since 1970.
    """

    def __init__(
        self,
        tenant_id: str,
        applications: Mapping[str, Application],
        switches: Switches,
        *,
        key: bytes,
        wall_time: Callable[[], float],
    ) -> None:
        self.tenant_id = tenant_id
        self.applications = dict(applications)
        self._switches = switches
        self._key = key
        self.wall_time = wall_time
        self._issued = 0
        self._expired = 0

    def change(self, client_id: str, changes: Mapping[str, Any]) -> None:
        """Change a registered application: its certificate, its user, its service principal.

        Raises:
            ValueError: it is not registered, or there is nothing of the kind to change.
        """
        application = self.applications.get(client_id)
        if application is None:
            raise ValueError(f"application {client_id} is not registered")
        unknown = sorted(changes.keys() - {item.name for item in attrs.fields(Application)})
        if unknown:
            raise ValueError(f"an application has no {unknown[0]}")
        self.applications[client_id] = attrs.evolve(application, **changes)

    def expire_all(self) -> None:
        """Refuse every token issued so far."""
        self._expired = self._issued

    def issue(self, tenant: str, application: Application, audience: str) -> str:
        """A token for `audience`, exactly as it was asked for (d365.md §1.3)."""
        self._issued += 1
        now = int(self.wall_time())
        object_id = str(uuid.uuid5(uuid.NAMESPACE_OID, application.client_id))
        claims = {
            "aud": audience,
            "iss": f"https://sts.windows.net/{tenant}/",
            "iat": now,
            "nbf": now,
            "exp": now + self._switches.current.token_lifetime_seconds,
            "appid": application.client_id,
            "idtyp": "app",
            "tid": tenant,
            "uti": self._issued,
            "ver": "1.0",
        }
        if application.has_service_principal:
            claims |= {"oid": object_id, "sub": object_id}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM)

    def principal(self, authorization: str, base_url: str) -> Principal:
        """Who calls.

        Raises:
            RefusedError: 401 unless `aud` is the environment's URL, without a trailing slash and
                in lower case, `tid` its tenant, `oid` there, and the token neither expired nor
                foreign; 401 or 403 for an application without a user.
        """
        scheme, _, token = authorization.partition(" ")
        claims = self._claims(token, base_url) if scheme.lower() == "bearer" else None
        if claims is None:
            raise unauthorized(base_url)
        application = self.applications[str(claims["appid"])]
        if application.user is None:
            if self._switches.current.unmapped_application_status == HTTPStatus.FORBIDDEN:
                raise plain_refusal(403, "The application is not registered in the environment.")
            raise unauthorized(base_url)
        return Principal(
            client_id=application.client_id,
            user=application.user,
            default_company=application.default_company,
            denied=application.denied,
        )

    def scope(self, authorization: str) -> str:
        """The application that a request says it comes from, for the log; unverified."""
        token = authorization.partition(" ")[2]
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.InvalidTokenError:
            return ""
        return str(claims.get("appid", ""))

    def _claims(self, token: str, base_url: str) -> Mapping[str, object] | None:
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=[_ALGORITHM],
                options={
                    "verify_aud": False,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except jwt.InvalidTokenError:
            return None
        is_good = (
            claims["aud"] == base_url
            and claims["tid"] == self.tenant_id
            and "oid" in claims
            and claims["exp"] > self.wall_time()
            and claims["uti"] > self._expired
        )
        return claims if is_good else None
