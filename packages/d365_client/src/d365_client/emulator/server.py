"""An environment that listens, and does what a test tells it."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import attrs

from api_transport.emulation import RemoteControl
from d365_client.emulator.access import environment_variables
from d365_client.emulator.emulator import Emulator, running
from d365_client.emulator.small_environment import (
    CLIENT_ID,
    CLIENT_SECRET,
    TENANT_ID,
    small_seed,
)


@attrs.frozen(kw_only=True)
class D365Server:
    """A running emulator of Dynamics 365 with books of its own.

    Attributes:
        url: the environment's base URL.
        authority: the tenant's Entra authority, on the same port.
        tenant_id, client_id, client_secret: a registered application's.
        ca_file, tls: whom a client must trust, as a file and as an `ssl.SSLContext`.
        control: the clock, the faults, the request log, the switches.
    """

    url: str
    ca_file: Path
    tls: ssl.SSLContext = attrs.field(repr=False)
    control: RemoteControl
    tenant_id: str = TENANT_ID
    client_id: str = CLIENT_ID
    client_secret: str = attrs.field(default=CLIENT_SECRET, repr=False)

    @property
    def authority(self) -> str:
        """The tenant's authority, as msal takes it."""
        return f"{self.url}/{self.tenant_id}"

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment variables with which a program finds this environment."""
        return environment_variables(
            url=self.url,
            ca_file=str(self.ca_file),
            tenant_id=self.tenant_id,
            client_id=self.client_id,
            client_secret=self.client_secret,
        )

    def seed(self, entity_set: str, *rows: Mapping[str, object]) -> None:
        """Store rows, in the wire's words, past all rules of the service.

        Raises:
            ControlError: the set or a field is unknown, or a key is there already.
        """
        self.control.send("POST", f"rows/{entity_set}", {"rows": rows})

    def rows(self, entity_set: str) -> Sequence[Mapping[str, object]]:
        """Every row of a set as the books have it, of all companies.

        Raises:
            ControlError: the set is unknown.
        """
        told = cast("Mapping[str, object]", self.control.send("GET", f"rows/{entity_set}"))
        return cast("Sequence[Mapping[str, object]]", told["rows"])

    def act(self, action: str, **fields: object) -> Mapping[str, object]:
        """Do what somebody else does in the environment, such as posting a journal.

        Raises:
            ControlError: the action is unknown, or cannot be done.
        """
        return cast("Mapping[str, object]", self.control.send("POST", f"actions/{action}", fields))

    def change_application(self, **changes: object) -> None:
        """Change the application: `certificate` (PEM text), `user` (None: it has none), and so on.

        Raises:
            ControlError: there is nothing of the kind to change.
        """
        self.control.send("PATCH", f"applications/{self.client_id}", changes)

    def expire_tokens(self) -> None:
        """Let every token that was given out be refused from now on."""
        self.control.send("POST", "credentials/expire", {})


@contextmanager
def d365_server(rows: Mapping[str, object] | None = None) -> Iterator[D365Server]:
    """An environment that listens for as long as this lasts, in a thread, on a free port.

    It has one legal entity with its ledger, `usmf`, and what `rows` has by entity set, in the
    wire's words.

    Raises:
        SeedError: the rows cannot be stored.
    """
    emulator = Emulator(small_seed(rows))
    try:
        with running(emulator) as server:
            yield D365Server(
                url=server.url,
                ca_file=server.ca_file,
                tls=server.tls,
                control=RemoteControl(admin=server.admin, tls=server.tls),
            )
    finally:
        emulator.close()
