"""A call is a value: what it sends, and what it tells about itself."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client._call import Call, percent_encoded


@given(st.text())
def test_any_text_survives_a_url(text: str) -> None:
    """Encoded text is plain ASCII without a plus sign, and decodes to what it was."""
    encoded = percent_encoded(text)

    assert encoded.isascii()
    assert set(encoded).isdisjoint("+ &=?#/'")
    assert unquote(encoded) == text


@given(st.dictionaries(st.sampled_from(["$filter", "$select", "$orderby"]), st.text(min_size=1)))
def test_the_query_arrives_as_it_was_given(query: dict[str, str]) -> None:
    """Whatever the values are, the target's query has the same names and values."""
    target = Call(method="GET", path="/data/VendorsV2", query=query).target

    assert query == dict(parse_qsl(target.partition("?")[2]))


def test_a_target_without_query_is_its_path() -> None:
    """Nothing is appended where there is nothing to append."""
    assert Call(method="GET", path="/data/X?$skip=5").target == "/data/X?$skip=5"


def test_the_line_holds_no_query() -> None:
    """Errors and logs show method and path: a filter may name people."""
    call = Call(method="GET", path="/data/X?$filter=Name eq 'Doe'", query={"$top": "1"})

    assert call.line == "GET /data/X"


@pytest.mark.parametrize(
    ("method", "repeatable", "reads"),
    [
        ("GET", None, True),
        ("HEAD", None, True),
        ("POST", None, False),
        ("PATCH", None, False),
        ("DELETE", None, False),
        ("POST", True, True),
        ("GET", False, False),
    ],
)
def test_the_method_says_whether_a_call_reads_unless_told(
    method: str, *, repeatable: bool | None, reads: bool
) -> None:
    """GET and HEAD read; a POST that only reads says so."""
    assert Call(method=method, path="/", repeatable=repeatable).reads is reads


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/data/VendorsV2", "GET /data/VendorsV2"),
        ("/data/VendorsV2?$filter=Name%20eq%20%27X%27", "GET /data/VendorsV2"),
        ("/data/VendorsV2(dataAreaId=%27usmf%27,A=%27O(1)%27)", "GET /data/VendorsV2({key})"),
        (
            "/data/Lines(A=1)/Microsoft.Dynamics.DataEntities.post",
            "GET /data/Lines({key})/Microsoft.Dynamics.DataEntities.post",
        ),
    ],
)
def test_an_operation_is_the_same_for_all_rows(path: str, operation: str) -> None:
    """It names the set and what is done, and has neither key nor query."""
    assert Call(method="GET", path=path).operation == operation
