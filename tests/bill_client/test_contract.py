"""The client against BILL's own collection: what it sends BILL knows, what BILL sends it keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs
import httpx
import pytest
from tools.bill_operations.collection import FOLDERS, PATH, Operation, operations
from tools.bill_operations.methods import Method, every_method
from tools.bill_operations.recorder import ROOT, Recorder
from tools.bill_operations.write import PAGE, methods_of_operations, page

from bill_client._api import Api
from bill_client._converter import decode, unstructure
from bill_client.environment import Environment
from bill_client.models.resource import Resource

pytestmark = pytest.mark.skipif(
    not PATH.exists(), reason="BILL's collection is not part of the project"
)


NEWER = {
    "GET /login/organizations": "added in January 2026, after the collection (bill.md §1.3)",
}
"""Calls that the collection does not have."""

ELSEWHERE = {
    "billApprovals": "bill.md §5.2: write-only",
    "exchangeRateBatchId": "bill.md §5.4: for other currencies than US dollars",
    "paymentInformation.transferMethod": "bill.md §5.1: newer than the collection",
    "payments.vendorCredits": "bill.md §5.3: credits since August 2025",
    "payments.vendorCredits.amount": "same",
    "payments.vendorCredits.id": "same",
    "vendorCredits": "bill.md §5.2: write-only",
    "vendorCredits.amount": "same",
    "vendorCredits.id": "same",
    "regulatoryFields": "bill.md §5.1: international accounts",
    "regulatoryFields.name": "same; its parts are named as in the configuration",
    "regulatoryFields.value": "same",
    "paymentInformation.bankAccount.regulatoryFields": "same",
    "paymentInformation.bankAccount.regulatoryFields.name": "same",
    "paymentInformation.bankAccount.regulatoryFields.value": "same",
}
"""Fields that are sent and that the collection does not show, each with what knows of them."""

PARTS_OF_A_PAYMENT = ("payments.disbursement", "payments.status")

JSON = {dict: "object", list: "array", str: "text", bool: "flag", int: "number", Decimal: "number"}


@pytest.fixture(scope="module", name="known")
def _known() -> Sequence[Operation]:
    return operations()


@pytest.fixture(name="recorder")
def _recorder(known: Sequence[Operation]) -> Recorder:
    return Recorder(known)


@pytest.fixture(name="environment")
def _environment(recorder: Recorder) -> Environment:
    http = httpx.AsyncClient(transport=httpx.MockTransport(recorder))
    return Environment(Api(http=http, base_url=ROOT))


def methods() -> Sequence[Method]:
    """Every method of the client, with nobody to answer."""
    return list(every_method(Environment(Api(http=httpx.AsyncClient(), base_url=ROOT))))


def leaves(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Each field of a JSON value by its path, arrays left out of it, with the kind that it has."""
    if isinstance(value, dict):
        for name, item in value.items():
            path = f"{at}.{name}" if at else name
            yield path, JSON[type(item)]
            yield from leaves(item, path)
    elif isinstance(value, list):
        for item in value:
            if not isinstance(item, dict | list):
                yield f"{at}[]", JSON[type(item)]
            yield from leaves(item, at)


def known_fields(known: Sequence[Operation], folder: str) -> Mapping[str, set[str]]:
    """Every field that a folder's requests and answers have, with the kinds that it has there."""
    fields: dict[str, set[str]] = defaultdict(set)
    for operation in known:
        if operation.folder != folder:
            continue
        for told in (operation.body, *operation.answers):
            for path, kind in leaves(_unwrapped(told)):
                fields[path].add(kind)
            for path, kind in leaves(told):
                fields[path].add(kind)
    return fields


def _unwrapped(told: Any) -> Any:
    """The objects of a list or of a bulk call, which come in an object of their own."""
    if isinstance(told, dict):
        arrays = [value for value in told.values() if isinstance(value, list)]
        others = {*told} - {"nextPage", "prevPage", "results"}
        if len(arrays) == 1 and ("results" in told or len(others) == 1):
            return arrays[0]
    return told


@pytest.mark.anyio
@pytest.mark.parametrize("title", [method.title for method in methods()])
async def test_what_a_method_sends_is_known_to_the_collection(
    title: str, environment: Environment, recorder: Recorder, known: Sequence[Operation]
) -> None:
    """Method, path, query keys and body fields are the collection's, with its JSON types."""
    method = next(one for one in every_method(environment) if one.title == title)

    await method.call()

    assert recorder.asked
    for operation, request in recorder.asked:
        line = f"{request.method} {request.url.path.partition('/v3')[2]}"
        if operation is None:
            assert line in NEWER
            continue
        assert {*request.url.params} <= operation.query
        assert "x-idempotent-key" not in request.headers or "X-Idempotent-Key" in operation.headers
        if request.headers.get("content-type") != "application/json":
            continue
        fields = known_fields(known, operation.folder)
        for path, kind in leaves(decode(request.content)):
            expected = fields.get(path, set()) | ({kind} if path in ELSEWHERE else set())
            assert kind in expected, f"{operation.line}: {path} is {kind}, known is {expected}"


@pytest.mark.anyio
async def test_every_operation_of_accounts_payable_is_a_method(
    environment: Environment,
    recorder: Recorder,
    known: Sequence[Operation],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each operation of the folders is sent by some method; login and documents' bytes apart."""
    for method in every_method(environment):
        await method.call()
    wanted = {one.line for one in known if one.folder in FOLDERS}
    sent = {operation.line for operation, _ in recorder.asked if operation}

    by_authentication = {"POST /login"}
    assert wanted - sent == by_authentication
    with capsys.disabled():
        print(f"\n{len(wanted & sent)} operations of BILL's collection are methods")  # noqa: T201 - it is to be seen


@pytest.mark.parametrize("title", [method.title for method in methods()])
async def test_what_the_collection_answers_is_kept_whole(
    title: str, environment: Environment, recorder: Recorder
) -> None:
    """Every example that a method reads is the same again when it is written."""
    method = next(one for one in every_method(environment) if one.title == title)

    told = await method.call()

    operation, _ = recorder.asked[0]
    if operation is None or title in PARTS_OF_A_PAYMENT or told is None:
        return
    example = operation.answers[0]
    if isinstance(told, Resource):
        assert unstructure(told) == example
    elif told and isinstance(told[0], Resource):
        rows = _unwrapped(example)
        # Of changes both the archived and the others are asked for, and the example comes twice.
        assert [unstructure(one) for one in told[: len(rows)]] == rows


@pytest.mark.parametrize("title", ["vendors.list", "payments.list", "vendor_credits.list"])
async def test_what_the_collection_does_not_know_is_kept_too(
    title: str, environment: Environment, recorder: Recorder
) -> None:
    """A field that nobody has named yet is in `extra`, at any depth, and is written again."""
    method = next(one for one in every_method(environment) if one.title == title)
    recorder.known = [_with_more(one) for one in recorder.known]

    told = await method.call()

    operation, _ = recorder.asked[0]
    assert operation is not None
    assert [unstructure(one) for one in told] == _unwrapped(operation.answers[0])
    assert all(one.extra["newField"] == {"of": ["tomorrow"]} for one in told)


def _with_more(operation: Operation) -> Operation:
    return attrs.evolve(operation, answers=[_more(one) for one in operation.answers])


def _more(told: Any) -> Any:
    """The same with a new field in each object."""
    if isinstance(told, list):
        return [_more(one) for one in told]
    if not isinstance(told, dict):
        return told
    inner = {name: _more(value) for name, value in told.items()}
    return inner if "results" in told else {**inner, "newField": {"of": ["tomorrow"]}}


async def test_the_table_of_operations_is_current(known: Sequence[Operation]) -> None:
    """The page in the documentation is as the tool would write it now."""
    assert PAGE.read_text("utf-8") == page(known, await methods_of_operations(known))
