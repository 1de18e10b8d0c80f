"""Calls of every kind, made of paths and drafts. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized
from typing import Any
from urllib.parse import quote

from bill_client._call import Call
from bill_client._converter import encode, unstructure
from bill_client.models.resource import Draft

_JSON = {"Content-Type": "application/json"}


def reading(*path: str, query: Mapping[str, str] | None = None) -> Call:
    """A GET.

    Raises:
        ValueError: a part of the path is empty.
    """
    return Call(method="GET", path=path_of(*path), query=query or {})


def posting(
    *path: str,
    body: Draft | Sequence[Draft] | Mapping[str, object] | None = None,
    query: Mapping[str, str] | None = None,
) -> Call:
    """A POST; a draft is sent without what is None.

    Raises:
        ValueError: a part of the path is empty.
    """
    return _sending("POST", path, body, query)


def patching(*path: str, body: Draft | Sequence[Mapping[str, object]]) -> Call:
    """A PATCH.

    Raises:
        ValueError: a part of the path is empty.
    """
    return _sending("PATCH", path, body, None)


def putting(*path: str, body: Draft | Sequence[Mapping[str, object]]) -> Call:
    """A PUT: what it leaves out is gone.

    Raises:
        ValueError: a part of the path is empty.
    """
    return _sending("PUT", path, body, None)


def deleting(*path: str) -> Call:
    """A DELETE.

    Raises:
        ValueError: a part of the path is empty.
    """
    return _sending("DELETE", path, None, None)


def path_of(*parts: str) -> str:
    """A path below the API's root; what stands in a part never becomes another part.

    Raises:
        ValueError: a part is empty, so that the path would be another one.
    """
    for part in parts:
        if not part.strip("/"):
            raise ValueError(f"an id is empty after /{'/'.join(parts[:1])}; give the object's id")
    first, *others = parts
    return "/".join(["", first, *(quote(part, safe="") for part in others)])


def with_ids(drafts: Mapping[str, Draft]) -> Sequence[Mapping[str, object]]:
    """The bodies of a bulk change: each draft under its object's id."""
    return [{"id": object_id, **unstructure(draft)} for object_id, draft in drafts.items()]


def some(many: Sized, most: int, what: str) -> None:
    """Refuse a bulk call that BILL would refuse.

    Raises:
        ValueError: there is nothing, or there are more than BILL takes at once (`bill.md` §5).
    """
    if not 1 <= len(many) <= most:
        raise ValueError(f"{len(many)} {what}: BILL takes 1 to {most} at once")


def _sending(method: str, path: Sequence[str], body: Any, query: Mapping[str, str] | None) -> Call:
    return Call(
        method=method,
        path=path_of(*path),
        query=query or {},
        body=None if body is None else encode(_body(body)),
        headers={} if body is None else _JSON,
    )


def _body(body: Any) -> Any:
    if isinstance(body, Draft):
        return unstructure(body)
    if isinstance(body, Mapping):
        return body
    return [_body(item) for item in body]
