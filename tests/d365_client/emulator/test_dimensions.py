"""Display values on journal lines: their segments are those of the format, and exist (§4.3)."""

from __future__ import annotations

from typing import Any

import pytest

FORMATS = [
    ("DataEntityLedgerDimensionFormat", "MainAccount-BusinessUnit-Department", "Yes"),
    ("DataEntityDefaultDimensionFormat", "BusinessUnit-Department", "Yes"),
    ("DataEntityDefaultDimensionFormat", "Project", "No"),
]


def value(dimension: str, code: str, **fields: object) -> dict[str, object]:
    """A value of a dimension; of every company, unless told."""
    return {
        "FinancialDimension": dimension, "LegalEntityId": "", "DimensionValue": code, **fields,
    }  # fmt: skip


@pytest.fixture
def seed(seed: dict[str, Any]) -> dict[str, Any]:
    """The environment, with formats and values of dimensions."""
    seed["rows"]["DimensionIntegrationFormats"] = [
        {
            "DimensionFormatName": name,
            "DimensionFormatType": kind,
            "FinancialDimensionFormat": name,
            "IsActive": is_active,
        }
        for kind, name, is_active in FORMATS
    ]
    seed["rows"]["FinancialDimensionValues"] = [
        value("BusinessUnit", "001"),
        value("BusinessUnit", "0-2"),
        value("BusinessUnit", "900", IsTotal="Yes"),
        value("Department", "022"),
        value("Department", "023", IsSuspended="Yes"),
        value("Department", "024", ActiveTo="2026-09-30T12:00:00Z"),
        value("Department", "025", ActiveFrom="2026-10-02T12:00:00Z"),
        value("Department", "026", LegalEntityId="MQUS"),
        value("Department", "027", LegalEntityId="MQGS"),
    ]
    for method in seed["rows"]["VendorPaymentMethods"]:
        method["PaymentAccountDisplayValue"] = "110180--"
    return seed


ACCOUNT = "OffsetAccountDisplayValue"
DEFAULTS = "DefaultDimensionsForAccountDisplayValue"
OFFSET_DEFAULTS = "DefaultDimensionsForOffsetAccountDisplayValue"


@pytest.mark.parametrize(
    ("field", "written"),
    [
        (ACCOUNT, "110180--"),
        (ACCOUNT, "110180-001-022"),
        (ACCOUNT, "110180-0\\-2-026"),
        (DEFAULTS, ""),
        (DEFAULTS, "-"),
        (DEFAULTS, "001-"),
        (OFFSET_DEFAULTS, "-022"),
        (ACCOUNT, "110180"),
        (DEFAULTS, "001"),
    ],
)
async def test_a_line_takes_what_exists(api: Any, field: str, written: str) -> None:
    """Empty segments, or none at the end, for what is left out; a backslash before a delimiter."""
    line = await api.line(await api.header(), 100, **{field: written})

    assert line[field] == written


REFUSED = [
    (ACCOUNT, "110180-001-022-9", "has 4 segments"),
    (ACCOUNT, "110180-002-", "The value '002' in field 'OffsetAccountDisplayValue' is not found"),
    (DEFAULTS, "001-022-9", "has 3 segments; the format BusinessUnit-Department has 2"),
    (DEFAULTS, "022", "The value '022' in field"),
    (DEFAULTS, "022-001", "'022' in field 'DefaultDimensionsForAccountDisplayValue' is not found"),
    (DEFAULTS, "900-", "value 900 of dimension BusinessUnit is not active or cannot be used"),
    (DEFAULTS, "-023", "value 023 of dimension Department"),
    (DEFAULTS, "-024", "on 2026-10-01"),
    (DEFAULTS, "-025", "on 2026-10-01"),
    (OFFSET_DEFAULTS, "-027", "The value '027'"),
]


@pytest.mark.parametrize(("field", "written", "sentence"), REFUSED)
async def test_a_line_with_what_does_not_exist_is_refused(
    api: Any, field: str, written: str, sentence: str
) -> None:
    """In the envelope of a failed write; an update of a line as well as its insert."""
    journal = await api.header()
    line = await api.line(journal, 100)
    key = f"dataAreaId='mqus',JournalBatchNumber='{journal}',LineNumber={line['LineNumber']}"
    changed = await api.http.patch(f"/data/VendorPaymentJournalLines({key})", json={field: written})

    assert sentence in await api.line_refused(journal, 100, **{field: written})
    assert (changed.status_code, sentence in changed.json()["error"]["innererror"]["message"]) == (
        400,
        True,
    )


@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        (ACCOUNT, "110180", "has 1 segments; the format MainAccount-BusinessUnit-Department has 3"),
        (DEFAULTS, "001", "has 1 segments; the format BusinessUnit-Department has 2"),
    ],
)
async def test_an_environment_may_want_every_delimiter(
    api: Any, field: str, written: str, sentence: str
) -> None:
    """Omitted values need empty segments; what becomes of them without is unverified (§4.3)."""
    await api.set(omitted_segments_need_delimiters=True)

    assert sentence in await api.line_refused(await api.header(), 100, **{field: written})


@pytest.mark.parametrize(("field", "written"), [(one[0], one[1]) for one in REFUSED])
async def test_an_environment_may_not_ask(api: Any, field: str, written: str) -> None:
    """That it does is unverified, so there is a switch; the main account is asked for always."""
    await api.set(dimension_values_are_validated=False)
    line = await api.line(await api.header(), 100, **{field: written})

    assert line[field] == written


async def test_without_a_format_any_segment_is_taken(api: Any, seed: dict[str, Any]) -> None:
    """An environment that was not told its formats cannot know."""
    assert {row["IsActive"] for row in seed["rows"]["DimensionIntegrationFormats"]} == {"Yes", "No"}
    journal = await api.header()
    for kind, name, _ in FORMATS:
        answer = await api.http.patch(
            "/_emulator/rows/DimensionIntegrationFormats",
            json={
                "key": {"DimensionFormatName": name, "DimensionFormatType": kind},
                "changes": {"IsActive": "No"},
            },
        )
        assert answer.status_code == 200, answer.text
    line = await api.line(journal, 100, **{DEFAULTS: "anything"})

    assert line[DEFAULTS] == "anything"
