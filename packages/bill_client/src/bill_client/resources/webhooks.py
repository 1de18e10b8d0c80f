"""Subscriptions to webhooks, and the history of their events (`bill.md` §5.10).

They are on the same host as the API, under a path of their own; they need a session, not OAuth.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

import attrs

from bill_client._api import Api
from bill_client._call import Call
from bill_client._listing import Listing
from bill_client._query import parameters
from bill_client._requests import deleting, patching, path_of, posting, putting, reading
from bill_client.models.subscriptions import (
    CatalogueEntry,
    DeliveredEvent,
    EventTestDraft,
    SecurityKey,
    Subscription,
    SubscriptionDraft,
    SubscriptionPatch,
)

_KEY = "X-Idempotent-Key"


@attrs.frozen
class Webhooks:
    """What BILL tells of by itself, and to whom. At most ten subscriptions an organisation."""

    _api: Api = attrs.field(repr=False)
    _new_key: Callable[[], str] = attrs.field(default=lambda: str(uuid.uuid4()), repr=False)

    async def catalogue(self) -> Sequence[CatalogueEntry]:
        """The types of events that there are."""
        return await self._api.many(
            CatalogueEntry, self._events(reading("events", "catalog")), None
        )

    def subscriptions(self) -> Listing[Subscription]:
        """The organisation's subscriptions."""
        query = parameters("subscriptions")
        return self._api.listing(
            Subscription, "/subscriptions", query, base_url=self._api.events_url
        )

    async def get(self, subscription_id: str) -> Subscription:
        """The subscription of this id.

        Raises:
            NotFound: there is none.
        """
        call = self._events(reading("subscriptions", subscription_id))
        return await self._api.one(Subscription, call)

    async def create(
        self, draft: SubscriptionDraft, *, idempotency_key: str | None = None
    ) -> Subscription:
        """Subscribe, and return the subscription with its security key, which is told only here.

        With an `idempotency_key` of your own (a UUID) you may ask again after an uncertain
        outcome: for 24 hours BILL answers the same key with what it answered first.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        call = self._once(posting("subscriptions", body=draft), idempotency_key)
        return await self._api.one(Subscription, call)

    async def update(self, subscription_id: str, patch: SubscriptionPatch) -> Subscription:
        """Change what the patch names and return the subscription.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        call = self._events(patching("subscriptions", subscription_id, body=patch))
        return await self._api.one(Subscription, call)

    async def replace(self, subscription_id: str, draft: SubscriptionDraft) -> Subscription:
        """Put the draft in the place of the subscription, and return what is there now.

        Raises:
            BillError: `outcome` says whether it may have been replaced all the same.
        """
        call = self._events(putting("subscriptions", subscription_id, body=draft))
        return await self._api.one(Subscription, call)

    async def delete(self, subscription_id: str) -> None:
        """End a subscription.

        Raises:
            BillError: `outcome` says whether it may be gone all the same.
        """
        await self._api.done(self._events(deleting("subscriptions", subscription_id)))

    async def new_security_key(
        self, subscription_id: str, *, idempotency_key: str | None = None
    ) -> SecurityKey:
        """Have events signed with a new key from now on. See `create` for the idempotency key.

        Raises:
            BillError: `outcome` says whether there may be a new key all the same.
        """
        call = posting("subscriptions", subscription_id, "security_key")
        return await self._api.one(SecurityKey, self._once(call, idempotency_key))

    async def test(self, subscription_id: str, event: EventTestDraft) -> DeliveredEvent:
        """Have an event sent that nothing happened for, and return what came back.

        Raises:
            BillError: `outcome` says whether it may have been sent all the same.
        """
        call = self._events(posting("subscriptions", subscription_id, "test", body=event))
        return await self._api.one(DeliveredEvent, call)

    def history(
        self, subscription_id: str, *, entity_id: str | None = None
    ) -> Listing[DeliveredEvent]:
        """The events that were sent in the last 180 days, of one entity if it is named."""
        query = parameters("events")
        if entity_id:
            query["entityId"] = entity_id
        path = path_of("events", "subscription", subscription_id)
        return self._api.listing(DeliveredEvent, path, query, base_url=self._api.events_url)

    async def resend(self, subscription_id: str, event_id: str) -> DeliveredEvent:
        """Have an event of the history sent again, and return what came back.

        Raises:
            BillError: `outcome` says whether it may have been sent all the same.
        """
        call = posting("events", "subscription", subscription_id, "event", event_id)
        return await self._api.one(DeliveredEvent, self._events(call))

    def _once(self, call: Call, key: str | None) -> Call:
        headers = {**call.headers, _KEY: key or self._new_key()}
        return attrs.evolve(self._events(call), headers=headers)

    def _events(self, call: Call) -> Call:
        return attrs.evolve(call, base_url=self._api.events_url)
