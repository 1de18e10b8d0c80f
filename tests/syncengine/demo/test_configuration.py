"""The settings and the mapping that the engine is given are ones that it reads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from syncengine.app.settings import Settings, read_mapping, read_settings
from syncengine.demo.bill_seed import BillCredentials
from syncengine.demo.configuration import Services, write_configuration
from syncengine.demo.d365_seed import D365Credentials
from syncengine.demo.ledger import Ledger


@pytest.fixture
def services(ledger: Ledger) -> Services:
    """Both services, somewhere."""
    return Services(
        d365_url="https://localhost:1",
        ca_file="C:\\Temp\\ca.pem",
        application=D365Credentials(
            tenant_id="tenant", client_id="client", client_secret="d365-secret", user="engine"
        ),
        bill_url="http://localhost:2/connect/v3",
        users=[
            BillCredentials(
                legal_entity=entity.id,
                organization_id=entity.bill_organization,
                username=f"engine@{entity.id}",
                password=f"password-of-{entity.id}",
                dev_key="bill-key",
            )
            for entity in ledger.legal_entities
        ],
    )


@pytest.fixture
def settings(tmp_path: Path, ledger: Ledger, services: Services) -> Settings:
    """The settings as the engine reads them."""
    path = write_configuration(tmp_path, ledger, services)
    return read_settings(path, environment=services.secrets)


def test_both_legal_entities_are_connected(settings: Settings, ledger: Ledger) -> None:
    """One connection a legal entity, with its organization, currencies and cut-over."""
    connections = {connection.name: connection for connection in settings.connections}

    assert list(connections) == ["MQUS", "MQGS"]
    assert connections["MQUS"].organization_id == ledger.entity("MQUS").bill_organization
    assert connections["MQUS"].currencies == {"USD", "GBP", "EUR", "CAD", "JPY"}
    assert connections["MQGS"].currencies == {"USD"}
    assert connections["MQUS"].cut_over == date(2026, 10, 1)
    assert connections["MQUS"].excluded_vendor_groups == {"90"}


def test_every_way_to_pay_has_its_method(settings: Settings) -> None:
    """The method that is not BILL's is left out; card and balance have accounts of their own."""
    methods = {
        (method.funding, method.disbursement): (method.method, method.offset_account)
        for method in settings.connections[0].payment_methods
    }

    assert methods == {
        ("BANK_ACCOUNT", "ACH"): ("BILL-ACH", "110180"),
        ("BANK_ACCOUNT", "CHECK"): ("BILL-CHK", "110180"),
        ("BANK_ACCOUNT", "VIRTUAL_CARD"): ("BILL-VC", "110180"),
        ("BANK_ACCOUNT", "INTERNATIONAL"): ("BILL-INT", "110180"),
        ("CARD_ACCOUNT", ""): ("BILL-CARD", "201100"),
        ("WALLET", ""): ("BILL-BAL", "110190"),
    }


def test_secrets_stay_out_of_the_files(
    tmp_path: Path, ledger: Ledger, services: Services, settings: Settings
) -> None:
    """The files name variables; the values are in the environment of the engine alone."""
    write_configuration(tmp_path, ledger, services)
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())

    assert not [secret for secret in services.secrets.values() if secret in written]
    assert settings.connections[0].password.reveal == "password-of-MQUS"


def test_the_mapping_lacks_what_is_not_mapped(
    tmp_path: Path, ledger: Ledger, services: Services
) -> None:
    """All accounts and departments but the two that the story parks."""
    write_configuration(tmp_path, ledger, services)

    mapping = read_mapping(tmp_path / "mapping.toml")

    assert "512100" not in mapping.accounts
    assert "076" not in mapping.departments
    assert mapping.accounts["607100"] == "607100"
    assert mapping.departments["061"] == "061"
    assert (len(mapping.accounts), len(mapping.departments)) == (25, 9)
