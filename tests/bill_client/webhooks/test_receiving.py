"""Notifications over a real socket: sent by the emulator, handled once, gaps closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import anyio
import httpx
import pytest

from api_transport.emulation import running
from bill_client import (
    BillClient,
    BillPatch,
    BillPayload,
    EventTestDraft,
    Refused,
    SubscribedEventDraft,
    Subscription,
    SubscriptionDraft,
    SubscriptionPatch,
    VendorPayload,
    WebhookApp,
    WebhookEvent,
    repair_gaps,
)
from bill_client.emulator.server import BillServer
from bill_client.emulator.small_organization import FIRST_ROWS
from bill_client.webhooks.signature import sign

BILL = str(FIRST_ROWS["bills"][0]["id"])
VENDOR = str(FIRST_ROWS["vendors"][0]["id"])
KEY = "the-security-key"


class Handler:
    """Remembers events, and fails as often as it is told."""

    def __init__(self) -> None:
        self.handled: list[WebhookEvent] = []
        self.failures = 0
        self.says = "the-password is wrong"

    async def __call__(self, event: WebhookEvent) -> None:
        """Handle an event."""
        await anyio.lowlevel.checkpoint()
        if self.failures:
            self.failures -= 1
            raise RuntimeError(self.says)
        self.handled.append(event)


class Mailbox:
    """A WebhookApp whose keys are known only once the subscription is."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.app: WebhookApp | None = None

    def opens(self, key: str) -> WebhookApp:
        """Take what is signed with this key."""
        self.app = WebhookApp(keys=[key], handler=self.handler)
        return self.app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand the connection on."""
        app = self.app or WebhookApp(keys=["nothing yet"], handler=self.handler)
        await app(scope, receive, send)


@pytest.fixture
def handler() -> Handler:
    """What is done with events."""
    return Handler()


@pytest.fixture
def mailbox(handler: Handler) -> Mailbox:
    """Where events are sent to."""
    return Mailbox(handler)


@pytest.fixture
def url(mailbox: Mailbox) -> Iterator[str]:
    """Where the mailbox listens."""
    with listening(mailbox) as told:
        yield told


@contextmanager
def listening(mailbox: Mailbox) -> Iterator[str]:
    """The mailbox behind a real server."""
    with running(mailbox) as port:
        yield f"http://localhost:{port}/bill"


@pytest.fixture
async def subscription(client: BillClient, mailbox: Mailbox, url: str) -> Subscription:
    """A subscription to changes of bills and vendors."""
    told = await client.webhooks.create(draft(url))
    assert told.security_key is not None
    mailbox.opens(told.security_key)
    return told


def draft(url: str, *types: str) -> SubscriptionDraft:
    """A subscription to be created."""
    wanted = types or ("bill.updated", "bill.archived", "vendor.updated")
    events = tuple(SubscribedEventDraft(type=one) for one in wanted)
    return SubscriptionDraft(name="Sync", events=events, notification_url=url)


@pytest.mark.parametrize("framing", ["escaped", "plain"])
async def test_a_change_in_bill_comes_as_a_typed_event(
    client: BillClient,
    bill_server: BillServer,
    handler: Handler,
    subscription: Subscription,
    framing: str,
) -> None:
    """Signed, in either framing, with exact amounts; a date with a time is a date."""
    bill_server.control.change_settings(webhook_body=framing)
    await client.bills.update(BILL, BillPatch(description="changed"))
    [told] = bill_server.deliver_webhooks()

    assert told["status"] == 200
    [event] = handler.handled
    assert (str(event.event_type), event.subscription_id) == ("bill.updated", subscription.id)
    assert isinstance(event.body, BillPayload)
    assert event.body.amount == Decimal(42)
    assert event.body.invoice is not None
    assert str(event.body.invoice.invoice_date) == "2026-10-01"


@pytest.mark.usefixtures("subscription")
async def test_events_that_come_twice_and_shuffled_are_handled_once_and_in_order(
    client: BillClient, bill_server: BillServer, handler: Handler
) -> None:
    """At least once and in any order is what BILL promises; no state follows a newer one."""
    now = bill_server.control.now
    for number in range(6):
        bill_server.control.set_clock(now + timedelta(minutes=number))
        await client.bills.update(BILL, BillPatch(description=f"change {number}"))

    told = bill_server.deliver_webhooks(duplicated=True, shuffled=True)

    assert [one["status"] for one in told] == [200] * 12
    times = [event.state_time for event in handler.handled]
    assert times == sorted(times, key=lambda at: at or now)
    assert len({event.event_id for event in handler.handled}) == len(handler.handled)
    last = handler.handled[-1].body
    assert isinstance(last, BillPayload)
    assert last.description == "change 5"


@pytest.mark.usefixtures("subscription")
async def test_an_event_whose_handler_failed_is_sent_again(
    client: BillClient,
    bill_server: BillServer,
    handler: Handler,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is not remembered before it was handled; what the handler said stays out of the log."""
    handler.failures = 1
    await client.bills.archive(BILL)
    [told] = bill_server.deliver_webhooks()
    assert (told["status"], handler.handled) == (500, [])
    assert "the-password" not in caplog.text

    bill_server.control.set_clock(bill_server.control.now + timedelta(minutes=3))
    [told] = bill_server.deliver_webhooks()
    assert told["status"] == 200
    assert [str(event.event_type) for event in handler.handled] == ["bill.archived"]


async def test_what_was_missed_is_found_in_the_history(
    client: BillClient,
    bill_server: BillServer,
    handler: Handler,
    mailbox: Mailbox,
    subscription: Subscription,
) -> None:
    """What was never delivered is handled from the history, and what was is not handled again."""
    await client.bills.update(BILL, BillPatch(description="seen"))
    bill_server.deliver_webhooks()
    await client.bills.update(BILL, BillPatch(description="missed"))
    assert mailbox.app is not None

    repair = await repair_gaps(client.webhooks.history(subscription.id), mailbox.app.inbox)

    assert len(repair.handled) == 1
    bodies = [event.body for event in handler.handled]
    assert [body.description for body in bodies if isinstance(body, BillPayload)] == [
        "seen",
        "missed",
    ]
    again = await repair_gaps(client.webhooks.history(subscription.id), mailbox.app.inbox)
    assert again.handled == ()
    bill_server.deliver_webhooks()
    assert len(handler.handled) == 2


async def test_a_subscription_that_keeps_failing_is_disabled(
    client: BillClient, bill_server: BillServer, handler: Handler, subscription: Subscription
) -> None:
    """BILL gives up; it is enabled again by the API, and an old event resent."""
    bill_server.control.change_settings(webhook_attempts=2)
    handler.failures = 2
    await client.bills.archive(BILL)
    for _ in range(2):
        bill_server.deliver_webhooks()
        bill_server.control.set_clock(bill_server.control.now + timedelta(hours=1))
    status = (await client.webhooks.get(subscription.id)).status
    assert status is not None
    assert status.enabled is False

    patch = SubscriptionPatch(extra={"status": {"enabled": True}})
    await client.webhooks.update(subscription.id, patch)
    [event] = await client.webhooks.history(subscription.id).all()
    assert event.status_code == 500
    await client.webhooks.resend(subscription.id, event.id)
    bill_server.deliver_webhooks()
    assert len(handler.handled) == 1


async def test_the_same_key_asks_for_one_subscription(client: BillClient, url: str) -> None:
    """For 24 hours the answer is the first one's; another key is another request, and refused."""
    first = await client.webhooks.create(draft(url), idempotency_key="k1")
    again = await client.webhooks.create(draft(url), idempotency_key="k1")
    assert first == again
    assert str(first.security_key) not in repr(first)
    with pytest.raises(Refused):
        await client.webhooks.create(draft(url))
    assert len(await client.webhooks.subscriptions().all()) == 1

    renewed = await client.webhooks.new_security_key(first.id)
    assert renewed.security_key != first.security_key
    replaced = await client.webhooks.replace(first.id, draft(url, "vendor.created"))
    assert [one.type for one in replaced.events] == ["vendor.created"]
    await client.webhooks.delete(first.id)
    assert await client.webhooks.subscriptions().all() == []
    assert "bill.updated" in [one.type for one in await client.webhooks.catalogue()]


async def test_a_test_event_tells_what_it_was_given(
    client: BillClient, bill_server: BillServer, handler: Handler, subscription: Subscription
) -> None:
    """Nothing happened for it; few fields are enough."""
    told = EventTestDraft(event_type="vendor.updated", extra={"vendor": {"id": VENDOR}})
    await client.webhooks.test(subscription.id, told)
    bill_server.deliver_webhooks()

    [event] = handler.handled
    assert isinstance(event.body, VendorPayload)
    assert event.body.id == VENDOR


BODY = b'{"metadata":{"eventId":"e1","eventType":"bill.updated","subscriptionId":"s","organizationId":"o","version":"1"},"bill":{"id":"00n"}}'  # noqa: E501 - a body is one line


@pytest.mark.parametrize(
    ("method", "body", "signature", "status"),
    [
        ("POST", BODY, sign(BODY, KEY), 200),
        ("POST", BODY.replace(b"00n", b"00m"), sign(BODY, KEY), 403),
        ("POST", BODY, b"x" * 44, 403),
        ("POST", BODY, None, 403),
        ("GET", b"", None, 405),
        ("POST", b"{}", sign(b"{}", KEY), 400),
        ("POST", b"x" * 2_000_000, sign(b"", KEY), 413),
    ],
    ids=["signed", "one byte flipped", "no signature", "none", "GET", "no event", "too large"],
)
async def test_what_is_not_a_signed_event_is_refused(
    handler: Handler, method: str, body: bytes, signature: bytes | None, status: int
) -> None:
    """With a status and not a word more."""
    app = WebhookApp(keys=[KEY], handler=handler)
    transport = httpx.ASGITransport(app=app)
    headers = {"x-bill-sha-signature": signature.decode()} if signature else {}
    async with httpx.AsyncClient(transport=transport, base_url="http://mine") as http:
        answer = await http.request(method, "/bill", content=body, headers=headers)

    assert (answer.status_code, answer.content) == (status, b"")
    assert len(handler.handled) == (1 if status == 200 else 0)


async def test_an_event_that_comes_twice_at_once_is_handled_once(handler: Handler) -> None:
    """Both callers are told that all is well."""
    app = WebhookApp(keys=[KEY], handler=handler)
    transport = httpx.ASGITransport(app=app)
    headers = {"x-bill-sha-signature": sign(BODY, KEY).decode()}
    answers: list[int] = []
    async with httpx.AsyncClient(transport=transport, base_url="http://mine") as http:

        async def send() -> None:
            answers.append((await http.post("/", content=BODY, headers=headers)).status_code)

        async with anyio.create_task_group() as tasks:
            for _ in range(10):
                tasks.start_soon(send)

    assert (answers, len(handler.handled)) == ([200] * 10, 1)
