"""Events, and how they are sent: signed, at least once, in any order (`bill.md` §5.10).

Nothing is sent by itself: a test says when, and may have events sent twice or shuffled. How often
BILL tries is unverified, so it is a setting.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bill_client.emulator import wire_json
from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import timestamp
from bill_client.emulator.settings import EmulatorSettings

_ENTITIES = {"vendors": "vendor", "bills": "bill", "payments": "payment"}
_OK = 200
_PATIENCE = 10.0


class Deliveries:
    """Raises an event for each change of vendors, bills and payments, and sends them."""

    def __init__(
        self, books: Books, settings: EmulatorSettings, now: Callable[[], datetime]
    ) -> None:
        self._books, self._settings, self._now = books, settings, now
        self._archived: dict[str, bool] = {}
        books.observe(self._changed)

    def raised(
        self,
        organization: str,
        subscription: Body,
        event_type: str,
        told: Mapping[str, Any],
        entity_id: str,
    ) -> Body:
        """A new event of a subscription, to be sent."""
        event_id = self._books.new_id("events")
        metadata = {
            "eventId": event_id,
            "subscriptionId": subscription["id"],
            "organizationId": organization,
            "eventType": event_type,
            "version": "1",
        }
        payload = wire_json.dumps({"metadata": metadata, **told}).decode()
        return self._books.add(
            organization,
            "events",
            {
                "id": event_id,
                "type": event_type,
                "version": "1",
                "subscriptionId": subscription["id"],
                "entityId": entity_id,
                "payload": payload,
                "attempts": 0,
                "pending": True,
                "notBefore": timestamp(self._now()),
            },
        )

    def deliver(self, *, duplicated: bool, shuffled: bool, seed: int) -> Sequence[Body]:
        """Send what is due, and tell what came back: event by event, in the order of sending."""
        due = [
            (organization, event)
            for organization, resource in self._books.places()
            if resource == "events"
            for event in self._books.all(organization, "events")
            if event["pending"] and datetime.fromisoformat(event["notBefore"]) <= self._now()
        ]
        if duplicated:
            due = [one for one in due for _ in range(2)]
        if shuffled:
            random.Random(seed).shuffle(due)  # noqa: S311 - an order, not a secret
        return [self._send(organization, event) for organization, event in due]

    def _send(self, organization: str, event: Body) -> Body:
        subscription = self._books.get(organization, "subscriptions", event["subscriptionId"])
        if subscription is None or not subscription["status"]["enabled"]:
            return {"eventId": event["id"], "status": 0}
        status = self._posted(subscription, event["payload"])
        event["statusCode"] = status
        event["attempts"] += 1
        event["pending"] = status != _OK and event["attempts"] < self._settings.webhook_attempts
        wait = timedelta(minutes=2 ** event["attempts"])
        event["notBefore"] = timestamp(self._now() + wait)
        self._books.put(organization, "events", event)
        if status != _OK and not event["pending"]:
            subscription["status"] = {"enabled": False}
            self._books.put(organization, "subscriptions", subscription)
        return {"eventId": event["id"], "status": status}

    def _posted(self, subscription: Body, payload: str) -> int:
        """The status that came back; 0 where nothing did."""
        escaped = self._settings.webhook_body == "escaped"
        key = subscription["securityKey"].encode()
        signature = base64.b64encode(hmac.digest(key, payload.encode(), hashlib.sha256))
        request = urllib.request.Request(  # noqa: S310 - a subscription's URL was checked
            subscription["notificationUrl"],
            data=(json.dumps(payload) if escaped else payload).encode(),
            method="POST",
            headers={
                "Content-Type": "application/json",
                "x-bill-sha-signature": signature.decode(),
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=_PATIENCE) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    def _changed(self, organization: str, resource: str, body: Body, *, is_new: bool) -> None:
        entity = _ENTITIES.get(resource)
        if entity is None:
            return
        was, now = self._archived.get(body["id"], False), bool(body.get("archived"))
        self._archived[body["id"]] = now
        what = "created" if is_new else "updated"
        if was is not now and not is_new:
            what = "archived" if now else "restored"
        if entity == "payment" and is_new:
            return  # there is no payment.created
        event_type = f"{entity}.{what}"
        for subscription in self._books.all(organization, "subscriptions"):
            wanted = {one["type"] for one in subscription["events"]}
            enabled = subscription["status"]["enabled"] and not subscription["archived"]
            if enabled and event_type in wanted:
                told = {entity: _as_told(entity, body)}
                self.raised(organization, subscription, event_type, told, body["id"])


def _as_told(entity: str, body: Body) -> Body:
    """How an event tells an object: payments in fewer words, a bill's date with a time."""
    if entity == "payment":
        shown = ("id", "transactionNumber", "createdBy", "createdTime", "updatedTime")
        told = {name: body[name] for name in (*shown, "processDate") if body.get(name) is not None}
        told["billIds"] = [part["billId"] for part in body["billPayments"]]
        told["status"] = body["singleStatus"]
        told["vendor"] = {"id": body["vendorId"], "name": body.get("vendorName", "")}
        return told
    told = dict(body)
    date = body.get("invoice", {}).get("invoiceDate")
    if date:
        told["invoice"] = {**body["invoice"], "invoiceDate": f"{date}T00:00:00.000+00:00"}
    return told
