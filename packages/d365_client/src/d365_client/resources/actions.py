"""Actions and custom services: what X++ code offers beside the rows (`d365.md` §2.12, §8)."""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping

import attrs

from d365_client._api import Api
from d365_client._call import Call, Operation
from d365_client._converter import body_of, decode, encode

_JSON = {"Content-Type": "application/json; charset=utf-8"}
_SERVICES = "/api/services"


def acting(path: str, parameters: Mapping[str, object] | None, *, reads: bool) -> Operation[object]:
    """Run an action; the body is a JSON object of its parameters, and what it returns is read.

    Raises:
        TypeError, ValueError: a parameter has no exact form on the wire.
    """
    call = Call(
        method="POST",
        path=path,
        body=encode(body_of(parameters or {})),
        headers=_JSON,
        repeatable=reads or None,
    )
    return Operation(call=call, read=_returned)


@attrs.frozen(kw_only=True)
class CustomServices:
    """Services that a tenant's developers wrote, beside a few of Microsoft's own.

    A handled failure is a success to HTTP: D365 answers it with 200 and whatever its author chose
    to say, so look into what is returned (`d365.md` §8).
    """

    _api: Api = attrs.field(alias="api", repr=False)

    async def call(
        self,
        group: str,
        service: str,
        operation: str,
        parameters: Mapping[str, object] | None = None,
        *,
        reads: bool = False,
        timeout: float | None = None,  # noqa: ASYNC109 - it is httpx's
    ) -> object:
        """What an operation returns, with exact numbers; parameters by their names in X++.

        One that only `reads` is asked again when something breaks. `timeout` is in seconds.

        Raises:
            D365Error: `outcome` says whether it may have been done all the same. An exception
                that nobody handled in X++ is answered 500, a `Broken`.
        """
        path = _path(group, service, operation)
        acted = acting(path, parameters, reads=reads)
        call = attrs.evolve(acted.call, timeout=timeout)
        return await self._api.run(Operation(call=call, read=_value))

    async def describe(self, *names: str) -> object:
        """What D365 tells of all groups, of a group, of a service or of an operation.

        Raises:
            D365Error: it cannot be read.
        """
        return await self._api.run(
            Operation(call=Call(method="GET", path=_path(*names)), read=_value)
        )


def _path(*names: str) -> str:
    return "/".join([_SERVICES, *(urllib.parse.quote(name, safe="") for name in names)])


def _value(body: bytes) -> object:
    return decode(body) if body else None


def _returned(body: bytes) -> object:
    """The value of a scalar result, however deep; anything else as it is (`d365.md` §7, §2.12)."""
    told = _value(body)
    while isinstance(told, dict) and "value" in told and set(told) <= {"@odata.context", "value"}:
        told = told["value"]
    return told
