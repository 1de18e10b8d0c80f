"""How a program is told where an environment is and who it is there. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def environment_variables(
    *, url: str, ca_file: str, tenant_id: str, client_id: str, client_secret: str
) -> Mapping[str, str]:
    """The variables with which a program finds a running environment, and whom it must trust."""
    return {
        "D365_URL": url,
        "D365_TENANT_ID": tenant_id,
        "D365_CLIENT_ID": client_id,
        "D365_CLIENT_SECRET": client_secret,
        "D365_AUTHORITY": f"{url}/{tenant_id}",
        "D365_CA_FILE": ca_file,
    }
