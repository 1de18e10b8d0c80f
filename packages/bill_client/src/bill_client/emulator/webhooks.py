"""Subscriptions to webhooks, and the history of their events (`bill.md` §5.10)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.responses import Response

from bill_client.emulator.books import Body, Books
from bill_client.emulator.deliveries import Deliveries
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.pages import Pages
from bill_client.emulator.shapes import Shape, array, flag, inner, problems, text

EVENT_TYPES = (
    *("vendor.created", "vendor.updated", "vendor.archived", "vendor.restored"),
    *("bill.created", "bill.updated", "bill.archived", "bill.restored"),
    *("payment.updated", "payment.failed"),
)
"""Those that this emulator raises; there is no payment.created."""

_MOST = 10
_KEPT = timedelta(hours=24)
_LOCAL = ("localhost", "127.0.0.1", "::1")
_EVENTS = array({"type": text(required=True), "version": text()}, required=True)
_WHOLE: Shape = {
    "name": text(required=True),
    "status": inner({"enabled": flag(required=True)}, required=True),
    "events": _EVENTS,
    "notificationUrl": text(required=True),
}


class Webhooks:
    """What the API offers about webhooks."""

    def __init__(
        self, books: Books, pages: Pages, deliveries: Deliveries, now: Callable[[], datetime]
    ) -> None:
        self._books, self._pages, self._deliveries, self._now = books, pages, deliveries, now
        self._answered: dict[tuple[str, str, str], tuple[datetime, Body]] = {}

    def operations(self) -> Sequence[Operation]:
        """What can be asked about them."""
        one, history = "subscriptions/{subscriptionId}", "events/subscription/{subscriptionId}"
        return [
            Operation("GET", "events/catalog", _catalogue),
            Operation("GET", "subscriptions", self._list),
            Operation("POST", "subscriptions", self._create),
            Operation("GET", one, lambda call: _shown(self._found(call))),
            Operation("PUT", one, lambda call: self._change(call, whole=True)),
            Operation("PATCH", one, lambda call: self._change(call, whole=False)),
            Operation("DELETE", one, self._delete),
            Operation("POST", f"{one}/security_key", self._new_key),
            Operation("POST", f"{one}/test", self._test),
            Operation("GET", history, self._history),
            Operation("POST", f"{history}/event/{{eventId}}", self._resend),
        ]

    def _list(self, call: Received) -> object:
        return self._pages.of(call, [_shown(one) for one in self._subscriptions(call)])

    def _create(self, call: Received) -> Body:
        """The security key is told here and never again."""

        def create() -> Body:
            self._check(call, whole=True)
            if len(self._subscriptions(call)) >= _MOST:
                raise Refusal.rule("BDC_1195", f"There are {_MOST} subscriptions already.")
            told = {**call.fields, "securityKey": secrets.token_hex(32)}
            made = self._books.add(call.organization, "subscriptions", told)
            return {**_shown(made), "securityKey": made["securityKey"]}

        return self._once(call, create)

    def _change(self, call: Received, *, whole: bool) -> Body:
        found = self._found(call)
        self._check(call, whole=whole, of=found["id"])
        found.update(call.fields)
        self._books.touch(call.organization, "subscriptions", found)
        return _shown(found)

    def _delete(self, call: Received) -> Response:
        found = self._found(call)
        found["archived"] = True
        self._books.touch(call.organization, "subscriptions", found)
        return Response()

    def _new_key(self, call: Received) -> Body:
        def renew() -> Body:
            found = self._found(call)
            found["securityKey"] = secrets.token_hex(32)
            self._books.touch(call.organization, "subscriptions", found)
            return {"securityKey": found["securityKey"]}

        return self._once(call, renew)

    def _test(self, call: Received) -> Body:
        """An event that nothing happened for; what it is about comes in the body."""
        found = self._found(call)
        told = dict(call.fields)
        event_type = told.pop("eventType", None)
        told.pop("version", None)
        if event_type not in EVENT_TYPES:
            raise Refusal.invalid(["eventType: invalid value"])
        return _told(self._deliveries.raised(call.organization, found, event_type, told, ""))

    def _history(self, call: Received) -> object:
        found = self._found(call)
        entity = call.query.get("entityId")
        events = [
            _told(event)
            for event in self._books.all(call.organization, "events")
            if event["subscriptionId"] == found["id"] and entity in (None, event["entityId"])
        ]
        return self._pages.of(call, events)

    def _resend(self, call: Received) -> Body:
        self._found(call)
        event = self._books.get(call.organization, "events", call.ids["eventId"])
        if event is None:
            raise Refusal.not_found(call.ids["eventId"])
        event["pending"], event["notBefore"] = True, event["createdTime"]
        self._books.touch(call.organization, "events", event)
        return _told(event)

    def _once(self, call: Received, do: Callable[[], Body]) -> Body:
        """What the same key was answered with in the last 24 hours, or what is done now."""
        key = call.headers.get("x-idempotent-key")
        if not key:
            raise Refusal.invalid(["X-Idempotent-Key: must not be blank"])
        place = (call.organization, "/".join(call.ids.values()), key)
        known = self._answered.get(place)
        if known is not None and self._now() < known[0]:
            return known[1]
        answer = do()
        self._answered[place] = (self._now() + _KEPT, answer)
        return answer

    def _check(self, call: Received, *, whole: bool, of: str = "") -> None:
        told = call.fields
        wrong = list(problems(_WHOLE, told, whole=whole))
        url = urlsplit(str(told.get("notificationUrl", "https:")))
        if url.scheme != "https" and url.hostname not in _LOCAL:
            wrong.append("notificationUrl: must be https")
        types = {one.get("type") for one in told.get("events", ()) if isinstance(one, dict)}
        wrong += [f"events.type: {one} is unknown" for one in types - {*EVENT_TYPES}]
        if wrong:
            raise Refusal.invalid(wrong)
        for other in self._subscriptions(call):
            same = {one["type"] for one in other["events"]} == types
            if other["id"] != of and same and other["notificationUrl"] == told["notificationUrl"]:
                raise Refusal.rule("BDC_1196", "There is such a subscription already.")

    def _subscriptions(self, call: Received) -> Sequence[Body]:
        every = self._books.all(call.organization, "subscriptions")
        return [one for one in every if not one["archived"]]

    def _found(self, call: Received) -> Body:
        wanted = call.ids["subscriptionId"]
        found = self._books.get(call.organization, "subscriptions", wanted)
        if found is None or found["archived"]:
            raise Refusal.not_found(wanted)
        return found


def _catalogue(_: Received) -> object:
    return [{"type": one, "versions": ["1"]} for one in EVENT_TYPES]


def _shown(subscription: Body) -> Body:
    hidden = ("archived", "securityKey")
    return {name: value for name, value in subscription.items() if name not in hidden}


def _told(event: Body) -> Body:
    shown = ("id", "type", "version", "subscriptionId", "payload", "createdTime", "statusCode")
    return {name: event[name] for name in shown if event.get(name) is not None}
