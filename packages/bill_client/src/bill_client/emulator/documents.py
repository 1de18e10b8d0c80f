"""Documents of bills, and attachments (`bill.md` §5.8).

The bytes are kept in files beside the books.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from starlette.responses import FileResponse, Response

from bill_client.emulator.books import Body, Books
from bill_client.emulator.envelopes import Refusal
from bill_client.emulator.operations import Operation, Received
from bill_client.emulator.pages import Pages
from bill_client.emulator.settings import EmulatorSettings

_LARGEST = 6 * 1024 * 1024
_KEPT = ("vendors", "customers", "invoices")
_SHOWN = ("id", "name", "createdTime", "downloadLink")


class Documents:
    """Files: those of bills are taken in later, the others at once."""

    def __init__(
        self,
        books: Books,
        pages: Pages,
        settings: EmulatorSettings,
        now: Callable[[], datetime],
    ) -> None:
        self._books, self._pages, self._settings, self._now = books, pages, settings, now

    def operations(self) -> Sequence[Operation]:
        """What can be asked about files."""
        of_bill = "documents/bills/{billId}"
        return [
            Operation("GET", of_bill, self._of_bill),
            Operation("POST", of_bill, self._upload),
            Operation("GET", "documents/upload-status", self._status),
            Operation("GET", "documents/{documentId}", self._document),
            *(
                operation
                for kind in _KEPT
                for operation in (
                    Operation("GET", f"attachments/{kind}/{{ownerId}}", self._of_owner),
                    Operation("POST", f"attachments/{kind}/{{ownerId}}", self._attach),
                )
            ),
            Operation("GET", "attachments/{attachmentId}", self._attachment),
            Operation("DELETE", "attachments/{attachmentId}", self._delete),
            Operation("GET", "files/{fileId}", self._download),
        ]

    def _of_bill(self, call: Received) -> object:
        self._bill(call)
        ready = [
            self._shown(call, body)
            for body in self._books.all(call.organization, "documents")
            if body["ownerId"] == call.ids["billId"] and self._taken_in(body)
        ]
        return self._pages.of(call, ready)

    def _upload(self, call: Received) -> Body:
        self._bill(call)
        name = _checked(call)
        upload_id = self._books.new_id("uploads")
        document = self._books.add(
            call.organization,
            "documents",
            {"name": name, "ownerId": call.ids["billId"], "uploadId": upload_id},
        )
        self._write(document["id"], call.content)
        return {"id": upload_id, "name": name, "createdTime": document["createdTime"]}

    def _status(self, call: Received) -> Sequence[Body]:
        """A bare array, for the uploads that are known."""
        wanted = {one for told in call.query.getlist("ids") for one in told.split(",") if one}
        if not wanted:
            raise Refusal.invalid(["ids: must not be blank"])
        told = []
        for body in self._books.all(call.organization, "documents"):
            if body["uploadId"] in wanted and self._taken_in(body):
                status = {"documentId": body["id"], "status": "UPLOADED"}
                told.append({"uploadId": body["uploadId"], **status})
            elif body["uploadId"] in wanted:
                told.append({"uploadId": body["uploadId"], "status": "IN_PROGRESS"})
        return told

    def _document(self, call: Received) -> Body:
        found = self._books.get(call.organization, "documents", call.ids["documentId"])
        if found is None or not self._taken_in(found):
            raise Refusal.not_found(call.ids["documentId"])
        return self._shown(call, found)

    def _of_owner(self, call: Received) -> object:
        self._owner(call)
        owned = [
            self._shown(call, body)
            for body in self._books.all(call.organization, "attachments")
            if body["ownerId"] == call.ids["ownerId"] and not body["archived"]
        ]
        return self._pages.of(call, owned)

    def _attach(self, call: Received) -> Body:
        self._owner(call)
        name = _checked(call)
        told = {"name": name, "ownerId": call.ids["ownerId"]}
        attachment = self._books.add(call.organization, "attachments", told)
        self._write(attachment["id"], call.content)
        return self._shown(call, attachment)

    def _attachment(self, call: Received) -> Body:
        return self._shown(call, self._attached(call))

    def _delete(self, call: Received) -> Mapping[str, str]:
        """For good: nothing restores it."""
        found = self._attached(call)
        found["archived"] = True
        self._books.touch(call.organization, "attachments", found)
        (self._books.files / found["id"]).unlink(missing_ok=True)
        return {"status": "SUCCESS"}

    def _download(self, call: Received) -> Response:
        """The bytes; like every call it needs the session."""
        for resource in ("documents", "attachments"):
            found = self._books.get(call.organization, resource, call.ids["fileId"])
            if found is not None and not found["archived"]:
                path = self._books.files / found["id"]
                return FileResponse(path, media_type="application/octet-stream")
        raise Refusal.not_found(call.ids["fileId"])

    def _attached(self, call: Received) -> Body:
        found = self._books.get(call.organization, "attachments", call.ids["attachmentId"])
        if found is None or found["archived"]:
            raise Refusal.not_found(call.ids["attachmentId"])
        return found

    def _bill(self, call: Received) -> None:
        if self._books.get(call.organization, "bills", call.ids["billId"]) is None:
            raise Refusal.not_found(call.ids["billId"])

    def _owner(self, call: Received) -> None:
        """Vendors are known here; customers and AR invoices are not kept, so any id will do."""
        vendor_id = call.ids["ownerId"]
        known = self._books.get(call.organization, "vendors", vendor_id)
        if vendor_id.startswith("009") and known is None:
            raise Refusal.not_found(vendor_id)

    def _taken_in(self, body: Body) -> bool:
        took = timedelta(seconds=float(self._settings.document_upload_seconds))
        return self._now() >= datetime.fromisoformat(body["createdTime"]) + took

    def _shown(self, call: Received, body: Body) -> Body:
        link = f"http://{call.headers['host']}/connect/v3/files/{body['id']}"
        told = {**body, "downloadLink": link}
        return {name: told[name] for name in _SHOWN}

    def _write(self, file_id: str, content: bytes) -> None:
        self._books.files.mkdir(parents=True, exist_ok=True)
        (self._books.files / file_id).write_bytes(content)


def _checked(call: Received) -> str:
    """The file's name.

    Raises:
        Refusal: 400, it has none, or it is empty or larger than 6 MB (the status is a guess).
    """
    name = call.query.get("name", "")
    wrong = [] if name else ["name: must not be blank"]
    if not 1 <= len(call.content) <= _LARGEST:
        wrong.append("file: size must be between 1 byte and 6 MB")
    if wrong:
        raise Refusal.invalid(wrong)
    return name
