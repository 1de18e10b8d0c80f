"""An organisation that listens, and does what a test tells it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import attrs

from api_transport.emulation import RemoteControl, running
from bill_client.emulator.access import environment_variables
from bill_client.emulator.api import ROOT
from bill_client.emulator.app import BillEmulator
from bill_client.emulator.small_organization import (
    DEV_KEY,
    ORGANIZATION_ID,
    PASSWORD,
    USERNAME,
    small_seed,
)


@attrs.frozen(kw_only=True)
class BillServer:
    """A running emulator of BILL with books of its own.

    Attributes:
        url: the API's root, which ends in `/connect/v3`.
        organization_id, username, password, dev_key: who may log in, and where.
        control: the clock, the faults, the request log, the switches.
    """

    url: str
    control: RemoteControl
    organization_id: str = ORGANIZATION_ID
    username: str = USERNAME
    password: str = attrs.field(default=PASSWORD, repr=False)
    dev_key: str = attrs.field(default=DEV_KEY, repr=False)

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables with which a program finds this organisation."""
        return environment_variables(
            url=self.url,
            organization_id=self.organization_id,
            username=self.username,
            password=self.password,
            dev_key=self.dev_key,
        )

    def seed(self, resource: str, *rows: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
        """Store rows, in the wire's words, past all rules of the service; gives them with ids.

        Raises:
            ControlError: the resource is unknown, or a row cannot be stored.
        """
        return self._rows("POST", resource, {"rows": rows})

    def rows(self, resource: str) -> Sequence[Mapping[str, object]]:
        """Every row of a resource as the books have it.

        Raises:
            ControlError: the resource is unknown.
        """
        return self._rows("GET", resource)

    def act(self, action: str, **fields: object) -> Mapping[str, object]:
        """Do what somebody else does in BILL, such as approving a bill.

        Raises:
            ControlError: the action is unknown, or cannot be done.
        """
        told = {"organizationId": self.organization_id, **fields}
        return cast("Mapping[str, object]", self.control.send("POST", f"actions/{action}", told))

    def deliver_webhooks(
        self, *, duplicated: bool = False, shuffled: bool = False
    ) -> Sequence[Mapping[str, object]]:
        """Send the events that are due, each twice or in another order if asked.

        Gives what came back: `eventId` and `status`, in the order of sending.

        Raises:
            ControlError: they cannot be sent.
        """
        how = {"duplicated": duplicated, "shuffled": shuffled}
        told = cast("Mapping[str, object]", self.control.send("POST", "webhooks/deliver", how))
        return cast("Sequence[Mapping[str, object]]", told["deliveries"])

    def expire_sessions(self) -> None:
        """Let every session that was opened be refused from now on."""
        self.control.send("POST", "credentials/expire", {})

    def _rows(
        self, method: str, resource: str, body: object = None
    ) -> Sequence[Mapping[str, object]]:
        path = f"rows/{self.organization_id}/{resource}"
        told = cast("Mapping[str, object]", self.control.send(method, path, body))
        return cast("Sequence[Mapping[str, object]]", told["rows"])


@contextmanager
def bill_server(rows: Mapping[str, object] | None = None) -> Iterator[BillServer]:
    """An organisation that listens for as long as this lasts, in a thread, on a free port.

    It has an account, a department, a vendor and a bill, and what `rows` has by resource, in the
    wire's words.

    Raises:
        BadSeed: the rows cannot be stored.
    """
    with tempfile.TemporaryDirectory(prefix="bill-server-") as folder:
        emulator = BillEmulator(small_seed(rows), books=Path(folder) / "bill.sqlite")
        try:
            with running(emulator) as port:
                host = f"http://localhost:{port}"
                yield BillServer(
                    url=f"{host}{ROOT}", control=RemoteControl(admin=f"{host}/_emulator")
                )
        finally:
            emulator.close()
