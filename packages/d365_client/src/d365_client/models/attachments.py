"""Files that are attached to documents (`d365.md` §4.2, §4.5)."""

from __future__ import annotations

from uuid import UUID

import attrs

from d365_client.models.entity import Entity, EntityDraft
from d365_client.models.enums import DocuRestriction, NoYes


@attrs.frozen(kw_only=True)
class PendingInvoiceDocumentAttachment(Entity):
    """A file of a pending invoice.

    The key is the invoice's: a second file of one invoice has no key of its own (`d365.md` §4.2).
    """

    ENTITY_SET = "VendorInvoiceDocumentAttachments"
    KEY = ("data_area_id", "header_reference")

    data_area_id: str
    header_reference: str
    file_name: str
    file_type: str
    file_contents: bytes
    type_id: str
    name: str
    notes: str
    default_attachment: NoYes | None
    restriction: DocuRestriction | None


@attrs.frozen(kw_only=True)
class PendingInvoiceDocumentAttachmentDraft(EntityDraft[PendingInvoiceDocumentAttachment]):
    """A file to be attached to a pending invoice."""

    CREATES = PendingInvoiceDocumentAttachment

    data_area_id: str
    header_reference: str
    file_name: str
    file_type: str
    file_contents: bytes
    type_id: str | None = None
    name: str | None = None
    notes: str | None = None
    default_attachment: NoYes | None = None
    restriction: DocuRestriction | None = None


@attrs.frozen(kw_only=True)
class VendorDocumentAttachment(Entity):
    """A file of a vendor."""

    ENTITY_SET = "VendorDocumentAttachments"
    KEY = ("data_area_id", "document_id")

    data_area_id: str
    document_id: UUID
    vendor_account_number: str
    file_name: str
    file_type: str
    attachment: bytes
    attachment_description: str
    document_attachment_type_code: str
    access_restriction: DocuRestriction | None
    is_default_attachment: NoYes | None
    notes: str


@attrs.frozen(kw_only=True)
class VendorDocumentAttachmentDraft(EntityDraft[VendorDocumentAttachment]):
    """A file to be attached to a vendor."""

    CREATES = VendorDocumentAttachment

    data_area_id: str
    vendor_account_number: str
    file_name: str
    file_type: str
    attachment: bytes
    document_id: UUID | None = None
    attachment_description: str | None = None
    document_attachment_type_code: str | None = None
    access_restriction: DocuRestriction | None = None
    is_default_attachment: NoYes | None = None
    notes: str | None = None


@attrs.frozen(kw_only=True)
class PurchaseOrderDocumentAttachment(Entity):
    """A file of a purchase order."""

    ENTITY_SET = "PurchaseOrderHeaderDocumentAttachments"
    KEY = ("data_area_id", "document_id")

    data_area_id: str
    document_id: UUID
    purchase_order_number: str
    file_name: str
    file_type: str
    attachment: bytes
    attachment_description: str
    document_attachment_type_code: str
    access_restriction: DocuRestriction | None
    is_default_attachment: NoYes | None
    notes: str


@attrs.frozen(kw_only=True)
class PurchaseOrderDocumentAttachmentDraft(EntityDraft[PurchaseOrderDocumentAttachment]):
    """A file to be attached to a purchase order."""

    CREATES = PurchaseOrderDocumentAttachment

    data_area_id: str
    purchase_order_number: str
    file_name: str
    file_type: str
    attachment: bytes
    document_id: UUID | None = None
    attachment_description: str | None = None
    document_attachment_type_code: str | None = None
    access_restriction: DocuRestriction | None = None
    is_default_attachment: NoYes | None = None
    notes: str | None = None
