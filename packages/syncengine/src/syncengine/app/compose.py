"""The composition root: from settings to clients, flows and engines."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import attrs

from bill_client import BillClient, SessionAuth
from d365_client import ClientSecret, D365Client
from d365_client.models.ledger import MainAccount
from syncengine.adapters.bill_bills import BillTarget
from syncengine.adapters.bill_sources import ApprovalSource, PaymentSource
from syncengine.adapters.bill_vendors import VendorTarget
from syncengine.adapters.d365_dimensions import Dimensions
from syncengine.adapters.d365_journal import JournalTarget
from syncengine.adapters.d365_payables import D365Payables, InactiveRule
from syncengine.adapters.d365_periods import Periods
from syncengine.adapters.d365_sources import OpenItemSource, VendorSource
from syncengine.adapters.nowhere import Nowhere
from syncengine.app.mapping import resolved
from syncengine.app.settings import ConnectionSettings, D365Settings, Settings, read_mapping
from syncengine.clock import SystemClock
from syncengine.engine import Engine, Unobserved
from syncengine.errors import Misconfigured
from syncengine.flow import AnyFlow
from syncengine.flows.approvals import approvals
from syncengine.flows.bills import bills
from syncengine.flows.payments import payments
from syncengine.flows.vendors import vendors
from syncengine.observation import Observer
from syncengine.payables import AccountMapping, Policy
from syncengine.ports import Clock
from syncengine.report import RunReport
from syncengine.resolution import Caution
from syncengine.stores.sql import SqlStores


@attrs.frozen(kw_only=True)
class Connected:
    """One connection with its two clients open and its policy and mapping checked."""

    settings: ConnectionSettings
    d365: D365Client
    bill: BillClient
    policy: Policy
    mapping: AccountMapping

    def flows(self) -> Sequence[AnyFlow]:
        """Fresh flows for one run: what their sources and targets remember ends with it."""
        inactive = self.settings.inactive_vendor
        payables = D365Payables(
            client=self.d365,
            legal_entity=self.policy.legal_entity,
            dimensions=Dimensions(self.d365),
            inactive=InactiveRule(field=inactive.field, value=inactive.value) if inactive else None,
        )
        periods = Periods(self.d365, self.policy.legal_entity)
        return (
            vendors(
                source=VendorSource(payables, self.policy),
                target=VendorTarget(self.bill),
                policy=self.policy,
            ),
            bills(
                source=OpenItemSource(payables, self.policy),
                target=BillTarget(self.bill, number_limit=self.policy.bill_number_limit),
                policy=self.policy,
                mapping=self.mapping,
            ),
            payments(
                source=PaymentSource(self.bill, payables, periods, self.policy),
                target=JournalTarget(self.d365, self.policy),
                policy=self.policy,
            ),
            approvals(source=ApprovalSource(self.bill), target=Nowhere()),
        )


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Sequence[Connected]]:
    """Every connection of the settings, its credentials and mapping tried out by reading.

    Raises:
        Misconfigured: a mapping, a legal entity or a file is wrong. Nothing was written.
        d365_client.D365Error, bill_client.BillError: a service cannot be reached or refuses us.
    """
    async with AsyncExitStack() as stack:
        d365 = await stack.enter_async_context(_d365(settings.d365))
        found = []
        for connection in settings.connections:
            bill = await stack.enter_async_context(_bill(settings, connection))
            found.append(await _checked(connection, d365, bill))
        yield found


async def run_once(
    settings: Settings, *, clock: Clock | None = None, observer: Observer | None = None
) -> Sequence[RunReport]:
    """Run every connection of the settings once; a report for each.

    Raises:
        Misconfigured, d365_client.D365Error, bill_client.BillError: as `connected`.
        LeaseHeld, FenceLost: as `Engine.run`.
    """
    async with (
        connected(settings) as connections,
        await SqlStores.open(settings.state.path) as stores,
    ):
        return [
            await engine(
                settings,
                connection,
                stores,
                clock=clock or SystemClock(),
                observer=observer or Unobserved(),
            ).run()
            for connection in connections
        ]


def engine(
    settings: Settings,
    connection: Connected,
    stores: SqlStores,
    *,
    clock: Clock,
    observer: Observer,
) -> Engine:
    """The engine of one connection, for one run."""
    told = settings.engine
    return Engine(
        connection=connection.settings.name,
        store=stores.connection(connection.settings.name),
        flows=connection.flows(),
        clock=clock,
        observer=observer,
        caution=caution(settings),
        lease_seconds=told.lease_seconds,
        lease_patience=told.lease_patience_seconds,
    )


def caution(settings: Settings) -> Caution:
    """How cautious the settings want the engine to be.

    Raises:
        Misconfigured: the look-up times do not ascend.
    """
    told = settings.engine
    try:
        return Caution(
            lookup_times=told.lookup_times,
            in_flight=told.in_flight_seconds,
            patience=told.patience_seconds,
        )
    except ValueError as error:
        raise Misconfigured(f"engine.lookup_times: {error}") from error


def _d365(settings: D365Settings) -> D365Client:
    try:
        verify = (
            ssl.create_default_context(cafile=str(settings.ca_file)) if settings.ca_file else None
        )
    except OSError as error:
        raise Misconfigured(f"d365.ca_file {settings.ca_file}: {error.strerror}") from error
    try:
        return D365Client(
            settings.base_url,
            auth=ClientSecret(
                tenant_id=settings.tenant_id,
                client_id=settings.client_id,
                client_secret=settings.client_secret.reveal,
                authority=settings.authority,
            ),
            verify=verify,
        )
    except ValueError as error:
        raise Misconfigured(f"d365.{error}") from error


def _bill(settings: Settings, connection: ConnectionSettings) -> BillClient:
    try:
        return BillClient(
            settings.bill.base_url,
            auth=SessionAuth(
                username=connection.username,
                password=connection.password.reveal,
                organization_id=connection.organization_id,
                dev_key=settings.bill.dev_key.reveal,
            ),
        )
    except ValueError as error:
        raise Misconfigured(f"bill.base_url: {error}") from error


async def _checked(connection: ConnectionSettings, d365: D365Client, bill: BillClient) -> Connected:
    mapping = read_mapping(connection.mapping)
    currency = await Periods(d365, connection.legal_entity).accounting_currency()
    main_accounts = {row.main_account_id async for row in d365.entities[MainAccount].list()}
    account_mapping = resolved(
        connection.mapping,
        mapping,
        main_accounts=main_accounts,
        accounts=await bill.chart_of_accounts.list().all(),
        departments=await bill.departments.list().all(),
    )
    policy = Policy(
        legal_entity=connection.legal_entity,
        accounting_currency=currency,
        cut_over=connection.cut_over,
        currencies=connection.currencies,
        payment_journal=connection.payment_journal,
        payment_methods=connection.payment_methods,
        excluded_vendor_groups=connection.excluded_vendor_groups,
        bill_number_limit=connection.bill_number_limit,
    )
    return Connected(
        settings=connection, d365=d365, bill=bill, policy=policy, mapping=account_mapping
    )
