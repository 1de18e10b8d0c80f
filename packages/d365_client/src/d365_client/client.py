"""The client: puts authentication, retry, throttle and the entity sets together."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import anyio
import httpx

from api_transport import (
    Gate,
    Limits,
    RetryPolicy,
    RetryTransport,
    ThrottleTransport,
    wire_transport,
)
from d365_client._api import Api
from d365_client._auth import BearerAuth
from d365_client._judge import judge
from d365_client._odata import NAMESPACE, field
from d365_client._tokens import ClientSecret, EntraTokens
from d365_client.models.entity import EntityDraft
from d365_client.models.invoices import AccountingDistribution, PostedInvoice, PostedInvoiceLine
from d365_client.models.payment_journal import (
    SettledInvoice,
    VendorPaymentJournalHeader,
    VendorPaymentJournalLine,
)
from d365_client.models.vendors import Vendor, VendorSettlement, VendorTransaction
from d365_client.resources.actions import CustomServices, acting
from d365_client.resources.batches import Batches, Part, PartResult
from d365_client.resources.entities import Entities
from d365_client.resources.raw import RawRequests

R = TypeVar("R")

TIMEOUT = httpx.Timeout(30.0, read=120.0)
"""Seconds; the first answers after servicing are slow (`d365.md` §9, 16)."""

LIMITS = Limits(concurrent=8)
"""D365 has no published quota; it slows down whoever asks too much (`d365.md` §3)."""


class D365Client:
    """A Dynamics 365 Finance and Operations environment.

    `base_url` is the environment's whole URL; it is never made from a name (`d365.md` §1.2).
    `auth` is a `ClientSecret`, or any `httpx.Auth`. `verify` None trusts what httpx trusts.
    `write_exception_is_rejection` takes a 500 that names `AxODataWriteException` for a *rejected*
    write, which is *uncertain* otherwise (§2.11). `allow_http` is for test servers: over http
    the token can be read on the way. Use it as an async context manager, in one event loop.

    The attributes below are entity sets for accounts payable; `entities` has the others.

    Raises:
        ValueError: `base_url` is not the URL of an environment.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, with a default
        self,
        base_url: str,
        *,
        auth: ClientSecret | httpx.Auth,
        verify: ssl.SSLContext | None = None,
        timeout: httpx.Timeout = TIMEOUT,
        limits: Limits = LIMITS,
        retry: RetryPolicy | None = None,
        write_exception_is_rejection: bool = False,
        allow_http: bool = False,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self.base_url = _normalised(base_url, allow_http=allow_http)
        self._own_auth: BearerAuth | None = None
        if isinstance(auth, ClientSecret):
            # One slash more before .default, and every call is answered 401 (`d365.md` §1.3).
            tokens = EntraTokens(auth, scope=f"{self.base_url}/.default", verify=verify)
            auth = self._own_auth = BearerAuth(tokens)
        wire = wire_transport(self.base_url, verify=verify, connections=limits.concurrent)
        policy = retry or RetryPolicy()
        transport = _polite(wire, limits=limits, policy=policy, sleep=sleep)
        self._http = httpx.AsyncClient(auth=auth, timeout=timeout, transport=transport)
        api = Api(
            http=self._http,
            base_url=self.base_url,
            write_exception_is_rejection=write_exception_is_rejection,
            policy=policy,
            sleep=sleep,
        )
        self._api = api
        self._batches = Batches(api=api)
        self.entities = Entities(api=api)
        self.services = CustomServices(api=api)
        self.raw = RawRequests(api=api)
        self._name_sets()

    async def create_all(self, drafts: Sequence[EntityDraft[R]]) -> Sequence[R]:
        """Create all of these rows or none, in one `$batch` with one atomic changeset.

        The rows come back in the order of the drafts, as D365 stored them.

        Raises:
            D365Error: of the whole changeset. A failed part inside an answered batch is
                *rejected*, whatever its status: nothing was committed (`d365.md` §2.10).
            ValueError: there is no draft, or there are more than a batch may hold.
        """
        return await self._batches.create(drafts)

    async def batch(self, parts: Sequence[Part]) -> Sequence[PartResult[Any]]:
        """Do all of this in one request, and tell what became of each operation, in order.

        Operations are made by an entity set: `client.vendors.to_get(…)`. Those of a `Changeset`
        are done together or not at all; a write that is in none is a changeset by itself.

        Raises:
            D365Error: of the whole batch; `outcome` says what may have been done all the same.
            ValueError: there is nothing to do, or writes are more than a batch may hold.
        """
        return await self._batches.send(parts)

    async def invoke(
        self, action: str, parameters: Mapping[str, object] | None = None, *, reads: bool = False
    ) -> object:
        """What an action that belongs to no entity set returns (`d365.md` §2.12).

        Those of a set are invoked there: `client.vendors.invoke(…)`.

        Raises:
            D365Error: `outcome` says whether it may have been done all the same.
        """
        path = f"/data/{NAMESPACE}.{field(action).name}"
        return await self._api.run(acting(path, parameters, reads=reads))

    def _name_sets(self) -> None:
        self.vendors = self.entities[Vendor]
        self.vendor_transactions = self.entities[VendorTransaction]
        self.vendor_settlements = self.entities[VendorSettlement]
        self.posted_invoices = self.entities[PostedInvoice]
        self.posted_invoice_lines = self.entities[PostedInvoiceLine]
        self.accounting_distributions = self.entities[AccountingDistribution]
        self.vendor_payment_journal_headers = self.entities[VendorPaymentJournalHeader]
        self.vendor_payment_journal_lines = self.entities[VendorPaymentJournalLine]
        self.settled_invoices = self.entities[SettledInvoice]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection; an `auth` that was given is its owner's to close."""
        await self._http.aclose()
        if self._own_auth is not None:
            await self._own_auth.aclose()


def _polite(
    wire: httpx.AsyncBaseTransport,
    *,
    limits: Limits,
    policy: RetryPolicy,
    sleep: Callable[[float], Awaitable[None]],
) -> httpx.AsyncBaseTransport:
    """The wire behind throttle and retry, which share the gate that `Retry-After` shuts."""
    gate = Gate()
    throttle = ThrottleTransport(wire, limits=limits, gate=gate, sleep=sleep)
    return RetryTransport(throttle, judge=judge, policy=policy, gate=gate, sleep=sleep)


def _normalised(base_url: str, *, allow_http: bool) -> str:
    """The environment's URL as Entra's audience wants it: lower case, no trailing slash (§1.3).

    Raises:
        ValueError: it is not an https URL, or has more than a host and a path.
    """
    url = base_url.strip().lower().rstrip("/")
    parts = urlsplit(url)
    schemes = ("https", "http") if allow_http else ("https",)
    unwanted = parts.query or parts.fragment or parts.username or parts.password
    if parts.scheme not in schemes or not parts.hostname or unwanted:
        told = "" if unwanted else f" {base_url!r}"  # what is unwanted there may be a secret
        raise ValueError(
            f"base_url{told}: give the environment's whole https URL, such as "
            "https://contoso.operations.dynamics.com"
        )
    return url
