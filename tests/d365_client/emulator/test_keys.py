"""Resource paths and keys."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client.emulator.catalog import EntitySet
from d365_client.emulator.keys import parse_key, parse_resource, row_path
from d365_client.emulator.shipped_catalog import load_catalog

SETS = load_catalog().sets
LINES, CURRENCIES = SETS["VendorPaymentJournalLines"], SETS["Currencies"]
FORMATS, RATES = SETS["DimensionIntegrationFormats"], SETS["ExchangeRates"]

HIERARCHY = "Microsoft.Dynamics.DataEntities.DimensionHierarchyType"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(account=TEXTS)
def test_any_text_survives_a_path(account: str) -> None:
    """Quotes, slashes, commas, brackets and any letter come back out of a row's path."""
    vendors = SETS["VendorsV2"]
    key = {"dataAreaId": "mqus", "VendorAccountNumber": account}

    resource = parse_resource(unquote(row_path(vendors, key)))

    assert resource is not None
    assert resource.key is not None
    assert parse_key(resource.key, vendors, short_form=False) == key


@pytest.mark.parametrize(
    ("entity_set", "text", "key"),
    [
        (
            LINES,
            "LineNumber=1,JournalBatchNumber='00282',dataAreaId='USMF'",
            {"dataAreaId": "USMF", "JournalBatchNumber": "00282", "LineNumber": "1"},
        ),
        (
            LINES,
            " dataAreaId = 'usmf' , JournalBatchNumber='0''1',LineNumber=1.50",
            {"dataAreaId": "usmf", "JournalBatchNumber": "0'1", "LineNumber": "1.5"},
        ),
        (CURRENCIES, "'USD'", {"CurrencyCode": "USD"}),
        (
            RATES,
            "RateTypeName='D',FromCurrency='GBP',ToCurrency='USD',StartDate=2019-10-04T12:00:00Z",
            {
                "RateTypeName": "D",
                "FromCurrency": "GBP",
                "ToCurrency": "USD",
                "StartDate": "2019-10-04T12:00:00Z",
            },
        ),
        (
            FORMATS,
            f"DimensionFormatName='F',DimensionFormatType={HIERARCHY}'Focus'",
            {"DimensionFormatName": "F", "DimensionFormatType": "Focus"},
        ),
    ],
)
def test_a_key_is_read_in_any_order(
    entity_set: EntitySet, text: str, key: dict[str, object]
) -> None:
    """Named or short, with literals of every type, companies in any case (d365.md §2.5)."""
    assert parse_key(text, entity_set, short_form=True) == key


@pytest.mark.parametrize(
    ("entity_set", "text"),
    [
        (LINES, "dataAreaId='usmf',JournalBatchNumber='00282'"),
        (LINES, "dataAreaId='usmf',JournalBatchNumber='00282',LineNumber=1,Voucher='x'"),
        (LINES, "dataAreaId='usmf',dataAreaId='usmf',JournalBatchNumber='1',LineNumber=1"),
        (LINES, "dataAreaId='usmf',JournalBatchNumber='1',LineNumber=1,"),
        (LINES, "dataAreaId='usmf',JournalBatchNumber=00282,LineNumber=1"),
        (LINES, "dataAreaId='usmf',JournalBatchNumber='1',LineNumber='1'"),
        (LINES, "dataAreaId='usmf',JournalBatchNumber='1',LineNumber=one"),
        (LINES, "'usmf','00282',1"),
        (LINES, ""),
        (FORMATS, "DimensionFormatName='F',DimensionFormatType='Focus'"),
        (SETS["VendTransBiEntities"], "dataAreaId='usmf',SourceKey=1.5"),
    ],
)
def test_a_malformed_key_is_none(entity_set: EntitySet, text: str) -> None:
    """All key fields are required, once each, written as their type is (d365.md §2.5)."""
    with pytest.raises(ValueError, match=r".+"):
        parse_key(text, entity_set, short_form=True)


def test_the_short_form_can_be_switched_off() -> None:
    """That F&O understands `Currencies('USD')` is unverified (d365.md §2.5)."""
    with pytest.raises(ValueError, match="key field"):
        parse_key("'USD'", CURRENCIES, short_form=False)


@pytest.mark.parametrize(
    "path", ["/data", "/data/", "/data/A/B", "/data/A(1)/B", "/data/A(1)/$count", "/other/A"]
)
def test_other_paths_name_no_rows(path: str) -> None:
    """Only sets, rows of sets and counts of sets are resources here."""
    assert parse_resource(path) is None
