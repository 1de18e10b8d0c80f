"""What a test says to an emulator that is running, by its admin path."""

from __future__ import annotations

import json
import ssl
import urllib.request
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from http.client import HTTPResponse
from typing import cast
from urllib.error import HTTPError

import attrs
import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class ControlError(ValueError):
    """The emulator does not take what it was told; the message is its own sentence."""


@attrs.frozen(kw_only=True)
class RemoteControl:
    """The clock, the faults, the request log and the switches of a running emulator.

    `admin` is the URL of the admin path. Calls block, and may come from any thread but the
    emulator's. Numbers that come back are exact.
    """

    admin: str
    tls: ssl.SSLContext | None = attrs.field(default=None, repr=False)

    @property
    def now(self) -> datetime:
        """What time it is there, in UTC."""
        return datetime.fromisoformat(str(self._told("GET", "clock")["now"]))

    def set_clock(self, instant: datetime) -> None:
        """Make it this time there.

        Raises:
            ControlError: the instant is naive.
        """
        self.send("PUT", "clock", {"now": instant.isoformat()})

    @property
    def requests(self) -> Sequence[Mapping[str, object]]:
        """Every request that came, but those of the admin path, in order: see `Entry`."""
        return cast("Sequence[Mapping[str, object]]", self._told("GET", "requests")["requests"])

    def forget_requests(self) -> None:
        """Begin the request log anew."""
        self.send("DELETE", "requests")

    def add_fault(
        self,
        kind: str,
        *,
        match: Mapping[str, str] | None = None,
        skip: int = 0,
        every: int = 1,
        times: int | None = 1,
        **fault: object,
    ) -> None:
        """Let matching requests suffer: after the first `skip` each `every`-th, `times` times.

        `kind`, `match` and what else a fault has are the words of `FaultKind`, `Match`, `Fault`.

        Raises:
            ControlError: one of them is unknown, or of the wrong kind.
        """
        rule = {"skip": skip, "every": every, "times": times, "match": dict(match or {})}
        self.send("POST", "faults", {**rule, "fault": {"kind": kind, **fault}})

    def clear_faults(self) -> None:
        """Take all faults away."""
        self.send("DELETE", "faults")

    def change_settings(self, **settings: object) -> None:
        """Turn switches of the emulator.

        Raises:
            ControlError: one is unknown, or of the wrong kind.
        """
        self.send("PUT", "settings", settings)

    def send(self, method: str, path: str, body: object = None) -> object:
        """What the admin path answers to a request of its own, `path` being below it.

        Raises:
            ControlError: it refuses.
        """
        data = None if body is None else _ENCODER.encode(body)
        request = urllib.request.Request(  # noqa: S310 - the URL is an emulator's
            f"{self.admin}/{path}",
            data=data,
            method=method,
            headers={"Content-Type": "application/json"},
        )
        try:
            with cast("HTTPResponse", _opener(self.tls).open(request)) as response:
                told = response.read()
        except HTTPError as error:
            with error:
                raise ControlError(error.read().decode("utf-8", errors="replace")) from error
        return json.loads(told, parse_float=Decimal) if told else None

    def _told(self, method: str, path: str) -> Mapping[str, object]:
        return cast("Mapping[str, object]", self.send(method, path))


def _opener(tls: ssl.SSLContext | None) -> urllib.request.OpenerDirector:
    """What opens URLs of this machine: past every proxy that the environment names."""
    return urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=tls)
    )
