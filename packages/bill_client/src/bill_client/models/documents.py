"""Documents of bills and attachments (`bill.md` §5.8)."""

from __future__ import annotations

from datetime import datetime

import attrs

from bill_client.models.enums import UploadStatus
from bill_client.models.resource import Resource


@attrs.frozen(kw_only=True)
class Document(Resource):
    """A file of a bill. Of one just uploaded `id` is the upload's: its status is to be asked."""

    id: str
    name: str | None = None
    created_time: datetime | None = None
    download_link: str | None = None


@attrs.frozen(kw_only=True)
class Attachment(Resource):
    """A file of a vendor, a customer or an AR invoice."""

    id: str
    name: str | None = None
    created_time: datetime | None = None
    download_link: str | None = None


@attrs.frozen(kw_only=True)
class Upload(Resource):
    """How far an upload is, and the document that it became."""

    upload_id: str
    document_id: str | None = None
    status: UploadStatus | None = None
