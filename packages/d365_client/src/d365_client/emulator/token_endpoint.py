"""The Entra-like endpoints: tokens by v2 and v1, and OpenID discovery (d365.md §1.1)."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from d365_client.emulator import assertions
from d365_client.emulator.answers import Answer
from d365_client.emulator.identity import FOREIGN_TENANT, Application, Identity
from d365_client.emulator.settings import Switches
from d365_client.emulator.values import write_json

_DEFAULT_SCOPE = "/.default"
_HEADERS = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"}


class _RefusedTokenError(Exception):
    """Entra refuses: HTTP status, OAuth error, AADSTS number and text."""

    def __init__(self, status: int, error: str, number: int, text: str) -> None:
        super().__init__(status, error, number, text)
        self.status, self.error, self.number, self.text = status, error, number, text


@attrs.frozen
class TokenEndpoint:
    """Answers at `/{tenant}/oauth2/…` and `/{tenant}/v2.0/.well-known/openid-configuration`."""

    _identity: Identity
    _switches: Switches

    def token(self, tenant: str, form: Mapping[str, str], *, version: int, endpoint: str) -> Answer:
        """200 with a token for the resource that was asked for, or Entra's refusal.

        v2 is asked with `scope=<resource>/.default` and tells `expires_in` as a number, v1 with
        `resource=` and tells it as a string. There is no refresh token. `endpoint` is the URL that
        was called, for which assertions must be made.
        """
        try:
            issuing_tenant = self._tenant(tenant)
            application = self._application(form, endpoint)
            audience = _audience(form, version)
        except _RefusedTokenError as refused:
            return _refusal(refused)
        token = self._identity.issue(issuing_tenant, application, audience)
        lifetime = self._switches.current.token_lifetime_seconds
        body: dict[str, object] = {"token_type": "Bearer", "access_token": token}
        if version == 1:
            body |= {"expires_in": str(lifetime), "ext_expires_in": str(lifetime)}
            body |= {"resource": audience}
        else:
            body |= {"expires_in": lifetime, "ext_expires_in": lifetime}
        return Answer(status=200, headers=_HEADERS, body=write_json(body))

    def discovery(self, tenant: str, base_url: str) -> Answer:
        """The OpenID configuration of a tenant, which msal reads before its first token."""
        try:
            tenant_id = self._tenant(tenant)
        except _RefusedTokenError as refused:
            return _refusal(refused)
        authority = f"{base_url}/{tenant}"
        body = {
            "issuer": f"{base_url}/{tenant_id}/v2.0",
            "authorization_endpoint": f"{authority}/oauth2/v2.0/authorize",
            "token_endpoint": f"{authority}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{authority}/oauth2/v2.0/devicecode",
            "jwks_uri": f"{authority}/discovery/v2.0/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        return Answer(status=200, headers=_HEADERS, body=write_json(body))

    def _tenant(self, tenant: str) -> str:
        if tenant.lower() in {"common", "organizations"}:
            return FOREIGN_TENANT
        if tenant.lower() != self._identity.tenant_id.lower():
            raise _RefusedTokenError(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")
        return self._identity.tenant_id

    def _application(self, form: Mapping[str, str], endpoint: str) -> Application:
        grant = form.get("grant_type")
        if grant != "client_credentials":
            raise _RefusedTokenError(
                400, "unsupported_grant_type", 70003, f"The grant type '{grant}' is not supported."
            )
        assertion = form.get("client_assertion", "")
        client_id = form.get("client_id") or assertions.subject(assertion)
        application = self._identity.applications.get(client_id)
        if application is None:
            raise _RefusedTokenError(
                400,
                "unauthorized_client",
                700016,
                f"Application with identifier '{client_id}' was not found in the directory.",
            )
        if assertion and form.get("client_assertion_type") == assertions.TYPE:
            self._check_assertion(application, assertion, endpoint)
        else:
            _check_secret(application, form)
        return application

    def _check_assertion(self, application: Application, assertion: str, endpoint: str) -> None:
        if not assertions.names_certificate(assertion, application.certificate):
            raise _RefusedTokenError(
                401,
                "invalid_client",
                700027,
                "The certificate with identifier used to sign the client assertion is not "
                "registered on application.",
            )
        good = assertions.is_signed(
            assertion,
            application.certificate,
            client_id=application.client_id,
            audience=endpoint,
            now=self._identity.wall_time(),
        )
        if not good:
            raise _RefusedTokenError(
                401,
                "invalid_client",
                700023,
                "Client assertion is not within its valid time "
                "range, or has an invalid audience or signature.",
            )


def _check_secret(application: Application, form: Mapping[str, str]) -> None:
    if "client_secret" not in form:
        raise _RefusedTokenError(
            401,
            "invalid_client",
            7000218,
            "The request body must contain 'client_assertion' or 'client_secret'.",
        )
    if not application.knows(form["client_secret"]):
        raise _RefusedTokenError(
            401,
            "invalid_client",
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is "
            "the client secret value, not the client secret ID.",
        )


def _audience(form: Mapping[str, str], version: int) -> str:
    if version == 1:
        resource = form.get("resource", "")
        if not resource:
            raise _RefusedTokenError(
                400, "invalid_request", 900144, "The request body must contain 'resource'."
            )
        return resource
    scope = form.get("scope", "")
    if not scope.endswith(_DEFAULT_SCOPE) or " " in scope or scope == _DEFAULT_SCOPE:
        raise _RefusedTokenError(
            400,
            "invalid_scope",
            1002012,
            f"The provided value for scope {scope} is not valid. Client credential flows must "
            "have a scope value with /.default suffixed to the resource identifier.",
        )
    # `https://host//.default` asks for the resource `https://host/`: the slash stays (§1.3).
    return scope.removesuffix(_DEFAULT_SCOPE)


def _refusal(refused: _RefusedTokenError) -> Answer:
    body = {
        "error": refused.error,
        "error_description": f"AADSTS{refused.number}: {refused.text}",
        "error_codes": [refused.number],
    }
    return Answer(status=refused.status, headers=_HEADERS, body=write_json(body))
