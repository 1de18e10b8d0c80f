"""Documents of bills and attachments (`bill.md` §5.8)."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from pathlib import Path

import attrs

from bill_client._api import Api
from bill_client._call import Call
from bill_client._content import Content, Progress, Source, told
from bill_client._downloads import path_of_link, written_whole
from bill_client._listing import Listing
from bill_client._query import parameters
from bill_client._requests import deleting, path_of, reading
from bill_client.models.documents import Attachment, Document, Upload
from bill_client.models.payment_options import CheckImage
from bill_client.models.sessions import Done

_LARGEST = 6 * 1024 * 1024


@attrs.frozen
class Documents:
    """The documents of bills, and what any download link leads to."""

    _api: Api = attrs.field(repr=False)

    def list(self, bill_id: str) -> Listing[Document]:
        """The documents of a bill."""
        path = path_of("documents", "bills", bill_id)
        return self._api.listing(Document, path, parameters("documents"))

    async def get(self, document_id: str) -> Document:
        """The document of this id.

        Raises:
            NotFound: there is none, or it is an upload that is not finished.
        """
        return await self._api.one(Document, reading("documents", document_id))

    async def upload(
        self, bill_id: str, name: str, source: Source, *, progress: Progress | None = None
    ) -> Document:
        """Give a bill a document of at most 6 MB; its id is the upload's.

        BILL takes the file in later: `upload_status` tells when, and the document's own id.

        Raises:
            ValueError: it is empty or larger than 6 MB. Nothing was sent.
            BillError: `outcome` says whether the bill may have it all the same.
        """
        path = path_of("documents", "bills", bill_id)
        return await self._api.one(Document, uploading(path, name, source, progress))

    async def upload_status(self, upload_ids: Sequence[str]) -> Sequence[Upload]:
        """How far these uploads are, and the documents that they became."""
        call = reading("documents", "upload-status", query={"ids": ",".join(upload_ids)})
        return await self._api.many(Upload, call, None)

    async def read(
        self, linked: Document | Attachment | CheckImage | str, *, progress: Progress | None = None
    ) -> AsyncGenerator[bytes, None]:
        """The bytes behind a download link, piece by piece.

        The link needs the session, which is given to BILL only.

        Raises:
            ValueError: there is no link, or it leads away from BILL.
            BillError: the answer is not a success, there was none, or it ended too soon.
        """
        link = linked if isinstance(linked, str) else linked.download_link
        call = Call(method="GET", **path_of_link(link, self._api.base_url))
        received = 0
        async with self._api.stream(call) as answer:
            async for piece in answer.pieces:
                yield piece
                received += len(piece)
                await told(progress, received, answer.length)

    async def download(
        self,
        linked: Document | Attachment | CheckImage | str,
        to: Path,
        *,
        progress: Progress | None = None,
    ) -> None:
        """Write what is behind a download link into a file: all of it, or nothing.

        Raises:
            ValueError: there is no link, or it leads away from BILL.
            BillError: as for `read`. The file is as it was before.
            OSError: the file cannot be written.
        """
        async with aclosing(self.read(linked, progress=progress)) as pieces:
            await written_whole(pieces, to)


@attrs.frozen
class Attachments:
    """Files of vendors, and of customers and AR invoices."""

    _api: Api = attrs.field(repr=False)

    def of_vendor(self, vendor_id: str) -> Listing[Attachment]:
        """The files of a vendor."""
        return self._of("vendors", vendor_id)

    def of_customer(self, customer_id: str) -> Listing[Attachment]:
        """The files of a customer."""
        return self._of("customers", customer_id)

    def of_invoice(self, invoice_id: str) -> Listing[Attachment]:
        """The files of an AR invoice."""
        return self._of("invoices", invoice_id)

    async def get(self, attachment_id: str) -> Attachment:
        """The file of this id; `documents.read` takes its link.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(Attachment, reading("attachments", attachment_id))

    async def upload_to_vendor(
        self, vendor_id: str, name: str, source: Source, *, progress: Progress | None = None
    ) -> Attachment:
        """Give a vendor a file of at most 6 MB.

        Raises:
            ValueError: it is empty or larger than 6 MB. Nothing was sent.
            BillError: `outcome` says whether it may be there all the same.
        """
        return await self._upload("vendors", vendor_id, name, source, progress)

    async def upload_to_customer(
        self, customer_id: str, name: str, source: Source, *, progress: Progress | None = None
    ) -> Attachment:
        """Give a customer a file of at most 6 MB.

        Raises:
            ValueError: it is empty or larger than 6 MB. Nothing was sent.
            BillError: `outcome` says whether it may be there all the same.
        """
        return await self._upload("customers", customer_id, name, source, progress)

    async def upload_to_invoice(
        self,
        invoice_id: str,
        name: str,
        source: Source,
        *,
        replace_invoice_pdf: bool | None = None,
        progress: Progress | None = None,
    ) -> Attachment:
        """Give an AR invoice a file of at most 6 MB, which may take the place of its PDF.

        Raises:
            ValueError: it is empty or larger than 6 MB. Nothing was sent.
            BillError: `outcome` says whether it may be there all the same.
        """
        call = uploading(path_of("attachments", "invoices", invoice_id), name, source, progress)
        if replace_invoice_pdf is not None:
            query = {**call.query, "replaceInvoicePdf": str(replace_invoice_pdf).lower()}
            call = attrs.evolve(call, query=query)
        return await self._api.one(Attachment, call)

    async def delete(self, attachment_id: str) -> Done:
        """Delete a file, for good.

        Raises:
            BillError: `outcome` says whether it may be gone all the same.
        """
        return await self._api.one(Done, deleting("attachments", attachment_id))

    def _of(self, kind: str, owner_id: str) -> Listing[Attachment]:
        path = path_of("attachments", kind, owner_id)
        return self._api.listing(Attachment, path, parameters("attachments"))

    async def _upload(
        self, kind: str, owner_id: str, name: str, source: Source, progress: Progress | None
    ) -> Attachment:
        path = path_of("attachments", kind, owner_id)
        return await self._api.one(Attachment, uploading(path, name, source, progress))


def uploading(path: str, name: str, source: Source, progress: Progress | None) -> Call:
    """The call that sends a file.

    Raises:
        ValueError: the file is empty or larger than 6 MB, or it has no name.
    """
    content = Content(source, progress)
    length = content.length
    if not name:
        raise ValueError("name: the file needs one, such as invoice.pdf")
    if length == 0 or (length is not None and length > _LARGEST):
        raise ValueError(f"{name} has {length} bytes; BILL takes 1 to {_LARGEST}")
    headers = {"Content-Type": "application/octet-stream"}
    if length is not None:
        headers["Content-Length"] = str(length)
    return Call(method="POST", path=path, query={"name": name}, body=content, headers=headers)
