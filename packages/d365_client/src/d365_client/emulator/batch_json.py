"""Batches as JSON, which OData 4.01 has and D365 may not (d365.md §2.10, unverified). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from d365_client.emulator.answers import Answer, bad_request, json_answer
from d365_client.emulator.batch_multipart import part_call
from d365_client.emulator.batch_parts import Batch, Operation, UnitAnswers
from d365_client.emulator.calls import Call
from d365_client.emulator.values import read_json, write_json

_FAILED_DEPENDENCY = 424


def parse_json_batch(call: Call) -> Batch:
    """The operations of a batch; those with one `atomicityGroup` in a row are a changeset.

    Raises:
        RefusedError: 400, the body is no list of requests, or has too many.
    """
    try:
        body = read_json(call.body)
    except ValueError as problem:
        raise bad_request(str(problem)) from problem
    requests = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(requests, list):
        raise bad_request("The body of a JSON batch must be an object with the list 'requests'.")
    described = [(_group(request), _operation(call, request)) for request in requests]
    units: list[Operation | tuple[Operation, ...]] = []
    for group, members in groupby(described, key=lambda member: member[0]):
        operations = tuple(operation for _, operation in members)
        units += operations if group is None else [operations]
    return Batch(units=tuple(units))


def json_batch_answer(units: Sequence[UnitAnswers]) -> Answer:
    """200 with one response for each request.

    Where a changeset failed, the requests that did not fail themselves have a 424.
    """
    return json_answer(200, {"responses": [one for unit in units for one in _responses(unit)]})


def _responses(unit: UnitAnswers) -> Iterator[dict[str, object]]:
    answers = unit.answers
    if unit.failed is not None:
        place, failure = unit.failed
        answers = tuple(
            failure if number == place else Answer(status=_FAILED_DEPENDENCY)
            for number in range(len(unit.operations))
        )
    for operation, answer in zip(unit.operations, answers, strict=True):
        headers = {name.lower(): value for name, value in answer.headers.items()}
        body = {"body": read_json(answer.body)} if answer.body else {}
        yield {
            "id": operation.content_id,
            "status": answer.status,
            "headers": headers,
            **body,
        }


def _group(request: object) -> str | None:
    group = request.get("atomicityGroup") if isinstance(request, dict) else None
    return None if group is None else str(group)


def _operation(outer: Call, request: object) -> Operation:
    if not isinstance(request, dict) or not {"id", "method", "url"} <= request.keys():
        raise bad_request("A request of a JSON batch must have id, method and url.")
    headers = {"content-type": "application/json"}
    headers |= {str(name): str(value) for name, value in request.get("headers", {}).items()}
    body = write_json(request["body"]) if "body" in request else b""
    method, url = str(request["method"]).upper(), str(request["url"])
    return Operation(
        call=part_call(outer, method, url, headers, body), content_id=str(request["id"])
    )
