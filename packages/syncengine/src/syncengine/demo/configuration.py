"""The engine's settings and mapping for the month, as a customer would write them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import attrs

from syncengine.demo.bill_people import DISBURSEMENTS
from syncengine.demo.bill_seed import BillCredentials
from syncengine.demo.d365_payables import INACTIVE_FIELD
from syncengine.demo.d365_seed import D365Credentials
from syncengine.demo.ledger import Ledger

SETTLE_WINDOW = 2.0
"""Seconds; longer than any delay that the emulators are told to make."""

_LOOKUP_TIMES = (0.0, 1.0, SETTLE_WINDOW)
_D365_SECRET = "TIEOUT_D365_SECRET"  # noqa: S105 - the name of a variable, not what is in it
_DEVELOPER_KEY = "TIEOUT_BILL_DEV_KEY"
_EXCLUDED_VENDOR_GROUPS = ("90",)


@attrs.frozen(kw_only=True)
class Services:
    """Where both services are, and who the engine is there; `users` has one per legal entity."""

    d365_url: str
    ca_file: str
    application: D365Credentials
    bill_url: str
    users: Sequence[BillCredentials]

    @property
    def secrets(self) -> Mapping[str, str]:
        """The environment variables that the settings name."""
        return {
            _D365_SECRET: self.application.client_secret,
            _DEVELOPER_KEY: self.users[0].dev_key,
            **{_password(user): user.password for user in self.users},
        }


def write_configuration(directory: Path, ledger: Ledger, services: Services) -> Path:
    """Write `settings.toml` and `mapping.toml` into a directory; returns the settings file."""
    settings = directory / "settings.toml"
    settings.write_text("\n".join(_settings(ledger, services)) + "\n", encoding="utf-8")
    mapping = directory / "mapping.toml"
    mapping.write_text("\n".join(_mapping(ledger)) + "\n", encoding="utf-8")
    return settings


def _password(user: BillCredentials) -> str:
    return f"TIEOUT_BILL_PASSWORD_{user.legal_entity}"


def _settings(ledger: Ledger, services: Services) -> Iterator[str]:
    yield "[state]"
    yield 'path = "state.sqlite"'
    yield ""
    yield "[d365]"
    yield f"base_url = {_text(services.d365_url)}"
    yield f"authority = {_text(services.d365_url)}"
    yield f"ca_file = {_text(services.ca_file)}"
    yield f"tenant_id = {_text(services.application.tenant_id)}"
    yield f"client_id = {_text(services.application.client_id)}"
    yield f"client_secret = {{env = {_text(_D365_SECRET)}}}"
    yield ""
    yield "[bill]"
    yield f"base_url = {_text(services.bill_url)}"
    yield f"dev_key = {{env = {_text(_DEVELOPER_KEY)}}}"
    yield ""
    yield "[engine]"
    yield f"lookup_times = {list(_LOOKUP_TIMES)}"
    yield f"in_flight_seconds = {SETTLE_WINDOW}"
    for user in services.users:
        yield ""
        yield from _connection(ledger, user)


def _connection(ledger: Ledger, user: BillCredentials) -> Iterator[str]:
    entity = ledger.entity(user.legal_entity)
    yield "[[connections]]"
    yield f"name = {_text(entity.id)}"
    yield f"legal_entity = {_text(entity.id)}"
    yield f"organization_id = {_text(entity.bill_organization)}"
    yield f"username = {_text(user.username)}"
    yield f"password = {{env = {_text(_password(user))}}}"
    yield f"currencies = {json.dumps(entity.bill_currencies)}"
    yield 'mapping = "mapping.toml"'
    yield f"payment_journal = {_text(ledger.payment_journal_name)}"
    yield f"cut_over = {ledger.cut_over}"
    yield f"bill_number_limit = {ledger.bill_number_limit}"
    yield f"excluded_vendor_groups = {json.dumps(_EXCLUDED_VENDOR_GROUPS)}"
    yield f'inactive_vendor = {{field = {_text(INACTIVE_FIELD)}, value = "Yes"}}'
    for method in ledger.payment_methods:
        if method.bill_funding is None:
            continue
        yield ""
        yield "[[connections.payment_methods]]"
        yield f"funding = {_text(method.bill_funding)}"
        if method.bill_method is not None:
            yield f"disbursement = {_text(DISBURSEMENTS[method.bill_method])}"
        yield f"method = {_text(method.method)}"
        yield f"offset_account = {_text(method.offset_account)}"


def _mapping(ledger: Ledger) -> Iterator[str]:
    yield "# D365 main account = BILL account number"
    yield "[accounts]"
    for account in ledger.accounts:
        if account.main_account not in ledger.unmapped_accounts:
            yield f"{_text(account.main_account)} = {_text(account.main_account)}"
    yield ""
    yield "# D365 department = short name of the BILL department"
    yield "[departments]"
    for code in ledger.departments:
        if code not in ledger.unmapped_departments:
            yield f"{_text(code)} = {_text(code)}"


def _text(value: str) -> str:
    # A JSON string of this content is a TOML basic string, backslashes of Windows paths included.
    return json.dumps(value)
