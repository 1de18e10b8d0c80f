"""Error bodies: whatever their shape, the sentence that helps is found."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from d365_client._envelopes import Problem, problem

ODATA = "Microsoft.Dynamics.Platform.Integration.Services.OData."
DUPLICATE = (
    "Write failed for table row of type 'CustCustomerGroupEntity'. Infolog: Info: Cannot create a "
    "record in Customer groups (CustGroup). Customer group: Batch2, Batch 2 Test group T1.\n"
    "The record already exists.."
)
CONFLICT = (
    "Cannot edit a record in Ledger journal table (LedgerJournalTable). An update conflict "
    "occurred due to another user process deleting the record or changing one or more fields in "
    "the record."
)

NAMES = ["error", "message", "innererror", "type", "code", "Message", "InnerException"]

SHAPES = {
    "the recorded write failure (§2.11)": (
        {
            "error": {
                "code": "",
                "message": "An error has occurred.",
                "innererror": {
                    "message": DUPLICATE,
                    "type": f"{ODATA}AxODataWriteException",
                    "stacktrace": "   at Microsoft.Dynamics…CreateEntity_Save(…)\r\n …",
                },
            }
        },
        Problem("", DUPLICATE, f"{ODATA}AxODataWriteException"),
    ),
    "an infolog below internalexception (§2.11)": (
        {
            "error": {
                "code": "",
                "message": "An error has occurred.",
                "innererror": {
                    "message": "An error has occurred.",
                    "type": "System.Exception",
                    "internalexception": {
                        "message": CONFLICT,
                        "type": f"{ODATA}AxODataWriteException",
                    },
                },
            }
        },
        Problem("", CONFLICT, f"{ODATA}AxODataWriteException"),
    ),
    "a deeper level that says nothing": (
        {
            "error": {
                "message": "An error has occurred.",
                "innererror": {
                    "message": CONFLICT,
                    "internalexception": {"message": "An error has occurred.", "type": "E"},
                },
            }
        },
        Problem("", CONFLICT, "E"),
    ),
    "a failed action (§2.11)": (
        {
            "error": {
                "code": "",
                "message": "An error has occurred.",
                "innererror": {
                    "message": "Exception occurred while executing action submit on Entity X: …",
                    "type": "System.InvalidOperationException",
                },
            }
        },
        Problem(
            "",
            "Exception occurred while executing action submit on Entity X: …",
            "System.InvalidOperationException",
        ),
    ),
    "a plain OData error with a code": (
        {"error": {"code": "0x80", "message": "The query is not valid."}},
        Problem("0x80", "The query is not valid.", ""),
    ),
    "a key that no route takes (§2.5)": (
        {
            "Message": "No HTTP resource was found that matches the request URI "
            "'https://…/data/CustomersV3(…)'. No route data was found for this request."
        },
        Problem(
            "",
            "No HTTP resource was found that matches the request URI "
            "'https://…/data/CustomersV3(…)'. No route data was found for this request.",
            "",
        ),
    ),
    "a custom service's exception (§8)": (
        {
            "Message": "An error has occurred.",
            "ExceptionMessage": "Exception has been thrown by the target of an invocation.",
            "ExceptionType": "System.Reflection.TargetInvocationException",
            "InnerException": {
                "Message": "An error has occurred.",
                "ExceptionMessage": "The journal is locked.",
                "ExceptionType": "System.InvalidOperationException",
            },
        },
        Problem("", "The journal is locked.", "System.InvalidOperationException"),
    ),
    "only the generic sentence": (
        {"error": {"code": "", "message": "An error has occurred."}},
        Problem("", "An error has occurred.", ""),
    ),
    "nulls": (
        {"error": {"code": None, "message": None, "innererror": None}},
        Problem("", "", ""),
    ),
    "an array": ([{"message": "no"}], Problem("", "", "")),
}


@pytest.mark.parametrize(("body", "expected"), SHAPES.values(), ids=SHAPES.keys())
def test_every_shape_gives_its_innermost_sentence(body: object, expected: Problem) -> None:
    """Each error shape of `d365.md` §2.5, §2.11 and §8 is read for what it says."""
    assert problem(json.dumps(body).encode()) == expected


@pytest.mark.parametrize("body", [b"", b"<html>Bad Gateway</html>", b"\xff\xfe", b'{"error": {'])
def test_a_body_that_is_no_envelope_says_nothing(body: bytes) -> None:
    """Empty, a page, cut short: there is nothing to tell, and nothing fails."""
    assert problem(body) == Problem("", "", "")


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(NAMES), inner),
    )
)
def test_no_json_breaks_the_reading(body: object) -> None:
    """Reading an error never raises another: whatever JSON there is gives three texts."""
    assert all(isinstance(part, str) for part in problem(json.dumps(body).encode()))


def test_a_long_message_is_cut() -> None:
    """An infolog can be megabytes; an exception's message is a paragraph."""
    assert len(problem(json.dumps({"Message": "x" * 10_000}).encode()).message) == 2_000


@pytest.mark.parametrize(
    ("exception", "is_one"),
    [
        (f"{ODATA}AxODataWriteException", True),
        ("AxODataWriteException", True),
        ("System.InvalidOperationException", False),
        ("NotAxODataWriteException", False),
        ("", False),
    ],
)
def test_a_write_exception_is_told_by_its_type(exception: str, *, is_one: bool) -> None:
    """By the class's name, since messages come in the service user's language."""
    assert Problem("", "", exception).is_write_exception is is_one
