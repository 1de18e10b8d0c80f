"""`d365-client models`: from the tenant's own metadata to models that read its rows."""

from __future__ import annotations

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs
import pytest

from d365_client import ClientSecret, D365Client, NoYes, command_line, field
from d365_client.emulator import Emulator, RunningEmulator, parse_seed, running
from d365_client.emulator.metadata import csdl
from d365_client.emulator.shipped_catalog import load_catalog

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT_ID = "66666666-7777-8888-9999-000000000000"
SECRET = "an invented secret"


def run(
    *arguments: str, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The command, as a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("D365_")}
    return subprocess.run(
        [sys.executable, "-m", "d365_client", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**kept, "PYTHONUTF8": "1", **(environ or {})},
    )


@pytest.fixture
def saved(tmp_path: pathlib.Path) -> str:
    """A `$metadata` that somebody saved."""
    file = tmp_path / "metadata.xml"
    file.write_bytes(csdl(load_catalog(), []))
    return str(file)


def test_models_are_written_to_a_file(saved: str, tmp_path: pathlib.Path) -> None:
    """A module with the classes that were asked for, named as was asked for, and nothing else."""
    out = tmp_path / "my_models.py"
    done = run(
        "models",
        *("--metadata", saved, "--out", str(out)),
        *("--entity", "VendorsV2=TenantVendor", "--entity", "PaymentTerms"),
        *("--field", "VendorsV2.OnHoldStatus", "--field", "PaymentTerms.NumberOfDays"),
    )
    source = out.read_text("utf-8")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert [line for line in source.splitlines() if line.startswith("class ")] == [
        "class CustVendorBlocked(OpenEnum):",
        "class TenantVendor(Entity):",
        "class TenantVendorDraft(EntityDraft[TenantVendor]):",
        "class PaymentTerm(Entity):",
        "class PaymentTermDraft(EntityDraft[PaymentTerm]):",
    ]
    assert "    on_hold_status: CustVendorBlocked | None\n" in source
    assert "    number_of_days: int\n" in source
    assert sorted(path.name for path in tmp_path.iterdir()) == ["metadata.xml", "my_models.py"]


def test_models_are_written_to_stdout(saved: str) -> None:
    """Nothing but the module is there."""
    done = run("models", "--metadata", saved, "--out", "-", "--entity", "Currencies")

    compile(done.stdout, "models", "exec")
    assert (done.returncode, done.stderr) == (0, "")
    assert "class Currency(Entity):" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--entity", "VendorV2"], "entity set VendorV2 is not in the metadata; close: VendorsV2"),
        (
            ["--entity", "VendorsV2", "--field", "OnHoldState"],
            "VendorsV2: field OnHoldState is not in the metadata; close: OnHoldStatus",
        ),
        (
            ["--entity", "VendorsV2", "--entity", "PaymentTerms", "--field", "Name"],
            "--field Name: say of which --entity it is, such as VendorsV2.Name",
        ),
        (
            ["--entity", "VendorsV2", "--field", "PaymentTerms.Name"],
            "--field PaymentTerms.Name: say of which --entity it is, such as VendorsV2.Name",
        ),
        (["--entity", "Currencies=None"], "'None' is no class name; rename the model"),
        (
            ["--entity", "Currencies=A", "--entity", "PaymentTerms=A"],
            "several classes would be called A; rename a model",
        ),
        (["--entity", "Currencies", "--metadata", "gone.xml"], "gone.xml"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    saved: str,
    tmp_path: pathlib.Path,
    capsys: pytest.CaptureFixture[str],
    arguments: Sequence[str],
    sentence: str,
) -> None:
    """It says what is wrong and what is close; a file that was there is left as it was."""
    out = tmp_path / "my_models.py"
    out.write_text("mine")
    status = command_line.run(["models", "--metadata", saved, "--out", str(out), *arguments])
    told = capsys.readouterr().err

    assert status == 2
    assert told.startswith("d365-client: ")
    assert sentence in told
    assert told.count("\n") == 1
    assert out.read_text() == "mine"


def test_without_an_environment_it_says_which_variables_to_set(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those that are missing, and that a file would do."""
    status = command_line.run(
        ["models", "--entity", "VendorsV2", "--out", str(tmp_path / "my_models.py")],
        {"D365_URL": "https://contoso.operations.dynamics.com"},
    )

    assert status == 2
    assert capsys.readouterr().err == (
        "d365-client: environment variables are missing: D365_TENANT_ID, D365_CLIENT_ID, "
        "D365_CLIENT_SECRET; or give files with --metadata\n"
    )


def test_a_property_that_no_model_can_have_is_told(
    tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stays in `extra`, and the user knows."""
    rows = [
        {
            "Name": "Thing",
            "EntitySetName": "Things",
            "Properties": [
                {"Name": "Id", "TypeName": "Edm.String", "IsKey": True},
                {"Name": "Tags", "TypeName": "Collection(Edm.String)"},
            ],
        }
    ]
    file = tmp_path / "entities.json"
    file.write_text(json.dumps({"value": rows}))
    command_line.run(["models", "--metadata", str(file), "--entity", "Things", "--out", "-"])

    assert capsys.readouterr().err == (
        "d365-client: Things.Tags is Collection(Edm.String), which no model can have; "
        "it stays in extra\n"
    )


@pytest.fixture
def emulator() -> Iterator[RunningEmulator]:
    """A tenant that added a field to its vendors."""
    seed = {
        "tenant_id": TENANT,
        "clients": [
            {
                "client_id": CLIENT_ID,
                "client_secret": SECRET,
                "user": "sync",
                "default_company": "mqus",
            }
        ],
        "extensions": [
            {
                "entity_set": "VendorsV2",
                "name": "MqaInactive",
                "type": "Microsoft.Dynamics.DataEntities.NoYes",
                "default": "No",
            }
        ],
        "rows": {
            "Ledgers": [{"LegalEntityId": "MQUS", "Name": "MQUS", "AccountingCurrency": "USD"}],
            "VendorGroups": [{"dataAreaId": "mqus", "VendorGroupId": "10"}],
            "VendorsV2": [
                {
                    "dataAreaId": "mqus",
                    "VendorAccountNumber": account,
                    "VendorOrganizationName": f"Vendor {account}",
                    "VendorGroupId": "10",
                    "CurrencyCode": "USD",
                    "MqaInactive": inactive,
                }
                for account, inactive in (("V-1", "No"), ("V-2", "Yes"))
            ],
        },
    }
    emulator = Emulator(parse_seed(seed))
    try:
        with running(emulator) as environment:
            yield environment
    finally:
        emulator.close()


async def test_a_tenants_own_field_is_read_by_its_own_model(
    emulator: RunningEmulator, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Metadata, generation, query by the field, row, draft: over sockets, by the tenant's names."""
    out, cache = tmp_path / "my_models.py", tmp_path / "cache"
    done = run(
        *("models", "--out", str(out), "--entity", "VendorsV2=TenantVendor"),
        environ={
            "D365_URL": emulator.url,
            "D365_TENANT_ID": TENANT,
            "D365_CLIENT_ID": CLIENT_ID,
            "D365_CLIENT_SECRET": SECRET,
            "D365_AUTHORITY": emulator.url,
            "D365_CA_FILE": str(emulator.ca_file),
            "XDG_CACHE_HOME": str(cache),
            "LOCALAPPDATA": str(cache),
            "HOME": str(cache),
        },
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert [path.name.partition("@")[0] for path in cache.rglob("*.xml")] == ["metadata"]
    assert "(`VendorsV2`)." in out.read_text("utf-8")  # the label, in words

    spec = importlib.util.spec_from_file_location("my_models", out)
    assert spec is not None
    assert spec.loader is not None
    models: Any = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "my_models", models)
    spec.loader.exec_module(models)
    secret = ClientSecret(
        tenant_id=TENANT, client_id=CLIENT_ID, client_secret=SECRET, authority=emulator.url
    )
    async with D365Client(emulator.url, auth=secret, verify=emulator.tls) as client:
        vendors = client.entities[models.TenantVendor]
        inactive = field("MqaInactive") == models.NoYes.YES
        (vendor,) = await vendors.where(inactive).list().all()
        created = await vendors.create(
            models.TenantVendorDraft(
                data_area_id="mqus",
                vendor_organization_name="New",
                vendor_group_id="10",
                currency_code="USD",
                mqa_inactive=models.NoYes.YES,
            )
        )

    assert (vendor.vendor_account_number, vendor.mqa_inactive) == ("V-2", NoYes.YES.value)
    assert vendor.extra == {}
    assert (created.mqa_inactive, created.vendor_organization_name) == (models.NoYes.YES, "New")
    assert attrs.has(models.TenantVendor)
