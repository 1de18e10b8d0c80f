"""A notification as an event: what happened, to what, and how that is now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from bill_client._converter import decode, structure
from bill_client.errors import Undecodable
from bill_client.models.open_enum import OpenEnum
from bill_client.webhooks.payloads import BillPayload, Payload, PaymentPayload, VendorPayload
from bill_client.webhooks.signature import unwrap


class EventType(OpenEnum):
    """What can happen (`bill.md` §5.10); the catalogue of events has what is new."""

    VENDOR_CREATED = "vendor.created"
    VENDOR_UPDATED = "vendor.updated"
    VENDOR_ARCHIVED = "vendor.archived"
    VENDOR_RESTORED = "vendor.restored"
    AUTOPAY_FAILED = "autopay.failed"
    BILL_CREATED = "bill.created"
    BILL_UPDATED = "bill.updated"
    BILL_ARCHIVED = "bill.archived"
    BILL_RESTORED = "bill.restored"
    PAYMENT_UPDATED = "payment.updated"
    PAYMENT_FAILED = "payment.failed"
    MASS_PAYMENT_UPDATED = "mass-payment.updated"
    BANK_ACCOUNT_CREATED = "bank-account.created"
    BANK_ACCOUNT_UPDATED = "bank-account.updated"
    CARD_ACCOUNT_CREATED = "card-account.created"
    CARD_ACCOUNT_UPDATED = "card-account.updated"
    INVOICE_CREATED = "invoice.created"
    INVOICE_UPDATED = "invoice.updated"
    INVOICE_ARCHIVED = "invoice.archived"
    INVOICE_RESTORED = "invoice.restored"
    RISK_VERIFICATION_UPDATED = "risk-verification.updated"


_MODELS: Mapping[str, type[Payload]] = {
    **dict.fromkeys((item for item in EventType if item.startswith("vendor.")), VendorPayload),
    **dict.fromkeys((item for item in EventType if item.startswith("bill.")), BillPayload),
    # payment.failed tells of a payment that never came to be, so it has no payment's fields.
    EventType.PAYMENT_UPDATED: PaymentPayload,
}


@attrs.frozen(kw_only=True)
class EntityKey:
    """The one thing that an event is about."""

    organization_id: str
    entity: str
    id: str


@attrs.frozen(kw_only=True)
class WebhookEvent:
    """A notification.

    `entity` is the wire's word for what `body` tells (`bill`, `vendor`, `payment`, …), empty where
    the event names nothing; what the event has beside it, and is not named here, is in `extra`.
    """

    event_id: str
    event_type: EventType
    subscription_id: str
    organization_id: str
    version: str
    entity: str
    body: Payload
    extra: Mapping[str, object] = attrs.field(factory=dict)

    @property
    def key(self) -> EntityKey | None:
        """What the event is about; None where it names no id."""
        if self.body.id is None:
            return None
        return EntityKey(organization_id=self.organization_id, entity=self.entity, id=self.body.id)

    @property
    def state_time(self) -> datetime | None:
        """Since when the entity is as the event tells it; None where it does not say."""
        return self.body.state_time


def parse_event(body: bytes) -> WebhookEvent:
    """A notification's body, JSON or JSON in a JSON string, as an event.

    Raises:
        Undecodable: it is not JSON, has no metadata, or a field does not fit.
    """
    told = decode(unwrap(body))
    metadata = told.get("metadata") if isinstance(told, Mapping) else None
    if not isinstance(told, Mapping) or not isinstance(metadata, Mapping):
        raise Undecodable("a notification has no metadata")
    event_type = EventType(_text(metadata, "eventType"))
    others = {str(name): value for name, value in told.items() if name != "metadata"}
    entity = _entity(event_type, others)
    return WebhookEvent(
        event_id=_text(metadata, "eventId"),
        event_type=event_type,
        subscription_id=_text(metadata, "subscriptionId"),
        organization_id=_text(metadata, "organizationId"),
        version=str(metadata.get("version", "")),  # some samples have 1, others "1"
        entity=entity,
        body=structure(_MODELS.get(event_type, Payload), others.pop(entity, {})),
        extra=others,
    )


def _text(metadata: Mapping[str, object], name: str) -> str:
    value = metadata.get(name)
    if not isinstance(value, str) or not value:
        raise Undecodable(f"a notification's metadata has no {name}")
    return value


def _entity(event_type: EventType, others: Mapping[str, object]) -> str:
    """The name of the part that the event is about: its type's first word, or the only part."""
    first, *rest = event_type.partition(".")[0].split("-")
    named = first + "".join(word.capitalize() for word in rest)
    objects = [name for name, value in others.items() if isinstance(value, Mapping)]
    if named in others or event_type in _MODELS:
        return named
    return objects[0] if len(objects) == 1 else ""
