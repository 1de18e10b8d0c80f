"""How a program is told where an organisation is and who it is there. Pure."""

from __future__ import annotations

from collections.abc import Mapping


def environment_variables(
    *, url: str, organization_id: str, username: str, password: str, dev_key: str
) -> Mapping[str, str]:
    """The variables with which a program finds a running organisation and logs in to it."""
    return {
        "BILL_URL": url,
        "BILL_ORGANIZATION_ID": organization_id,
        "BILL_USERNAME": username,
        "BILL_PASSWORD": password,
        "BILL_DEV_KEY": dev_key,
    }
