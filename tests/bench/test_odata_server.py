"""The service that readers are measured on gives every row once, and no short cuts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from decimal import Decimal

import httpx
import pytest

from bench.odata_server import Service, Shelf
from bench.rows import ENTITY_SET, FIELDS, FIRST_KEY

MADE, ROWS, PAGE = 7, 10, 4
AUTHORIZED = {"Authorization": "Bearer anything"}


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """A service with ten rows, of which seven differ, in pages of four."""
    service = Service(Shelf(MADE), rows=ROWS, page=PAGE, delay=0)
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"{service.base_url}/data/{ENTITY_SET}"
    service.shutdown()
    thread.join()
    service.server_close()


def followed(link: str | None) -> list[list[int]]:
    """The numbers of the rows, page by page, from a link to the last page."""
    pages = []
    while link is not None:
        page = httpx.get(link, headers=AUTHORIZED).raise_for_status().json()
        pages.append([row["SourceKey"] - FIRST_KEY for row in page["value"]])
        link = page.get("@odata.nextLink")
    return pages


def test_next_links_lead_through_all_rows(base_url: str) -> None:
    """Pages are full but for the last, and rows that were not made come again from the first."""
    assert followed(base_url) == [[0, 1, 2, 3], [4, 5, 6, 0], [1, 2]]


def test_a_window_is_cut_into_pages_as_a_whole_set_is(base_url: str) -> None:
    """`$skip` and `$top` give the window and nothing beyond it, over several pages."""
    assert followed(f"{base_url}?$skip=2&$top=6&$orderby=dataAreaId,SourceKey") == [
        [2, 3, 4, 5],
        [6, 0],
    ]
    assert followed(f"{base_url}?$skip=10&$top=4") == [[]]


def test_a_row_has_thirty_fields_with_exact_amounts(base_url: str) -> None:
    """A row is what D365 would send: all fields, an etag, amounts with their cents and no zeros."""
    answer = httpx.get(base_url, headers=AUTHORIZED)
    row = json.loads(answer.text, parse_float=Decimal)["value"][0]

    assert set(row) == {*FIELDS, "@odata.etag"}
    assert len(FIELDS) == 30
    assert row["AmountCur"].as_tuple().exponent == -2


def test_the_count_is_given_where_it_is_asked_for(base_url: str) -> None:
    """`$count=true` counts all rows, not those of the page."""
    answer = httpx.get(f"{base_url}?$count=true&$top=1", headers=AUTHORIZED).json()

    assert answer["@odata.count"] == ROWS
    assert len(answer["value"]) == 1


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("$select=SourceKey", AUTHORIZED, 400),
        ("$filter=SourceKey eq 1", AUTHORIZED, 400),
        ("$orderby=AmountCur", AUTHORIZED, 400),
        ("$skip=minus", AUTHORIZED, 400),
        ("", {}, 401),
    ],
)
def test_what_would_be_less_work_is_refused(
    base_url: str, query: str, headers: dict[str, str], status: int
) -> None:
    """Fewer fields, another order, conditions, no token: an error, never a cheaper answer."""
    assert httpx.get(f"{base_url}?{query}", headers=headers).status_code == status
