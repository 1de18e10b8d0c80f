"""Subscriptions to webhooks, and the history of their events (`bill.md` §5.10)."""

from __future__ import annotations

from datetime import datetime

import attrs

from bill_client.models.resource import Draft, Resource


@attrs.frozen(kw_only=True)
class CatalogueEntry(Resource):
    """A type of event that can be subscribed to."""

    type: str
    versions: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class SubscribedEvent(Resource):
    """A type of event that a subscription has; the collection samples `value` for the type."""

    type: str | None = None
    version: str | None = None
    value: str | None = None


@attrs.frozen(kw_only=True)
class SubscriptionStatus(Resource):
    """Whether a subscription is delivered; the collection samples a word and its meaning."""

    enabled: bool | None = None
    value: str | None = None
    description: str | None = None


@attrs.frozen(kw_only=True)
class Subscription(Resource):
    """A subscription. BILL tells its security key once, when it is created: keep it."""

    id: str
    name: str | None = None
    organization_id: str | None = None
    status: SubscriptionStatus | None = None
    events: tuple[SubscribedEvent, ...] = ()
    notification_url: str | None = None
    security_key: str | None = attrs.field(default=None, repr=False)
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class SecurityKey(Resource):
    """The key that a subscription's events are signed with from now on. A secret."""

    security_key: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class DeliveredEvent(Resource):
    """An event of the history: `payload` is what was sent, `status_code` what came back."""

    id: str
    type: str | None = None
    version: str | None = None
    subscription_id: str | None = None
    payload: str | None = None
    status_code: int | None = None
    created_time: datetime | None = None


@attrs.frozen(kw_only=True)
class SubscribedEventDraft(Draft):
    """A type of event to subscribe to."""

    type: str
    version: str = "1"


@attrs.frozen(kw_only=True)
class SubscriptionStatusDraft(Draft):
    """Whether it is to be delivered."""

    enabled: bool


@attrs.frozen(kw_only=True)
class SubscriptionDraft(Draft):
    """A subscription to be created, or all of one that is to be replaced. The URL is https."""

    name: str
    events: tuple[SubscribedEventDraft, ...]
    notification_url: str
    status: SubscriptionStatusDraft = attrs.field(
        factory=lambda: SubscriptionStatusDraft(enabled=True)
    )


@attrs.frozen(kw_only=True)
class SubscriptionPatch(Draft):
    """What is to change of a subscription."""

    name: str | None = None
    events: tuple[SubscribedEventDraft, ...] | None = None
    notification_url: str | None = None
    status: SubscriptionStatusDraft | None = None


@attrs.frozen(kw_only=True)
class EventTestDraft(Draft):
    """An event to try a subscription with; what it is about goes into `extra` by its wire name."""

    event_type: str
    version: str = "1"
