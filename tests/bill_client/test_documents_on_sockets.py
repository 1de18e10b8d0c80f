"""Files, over a socket: sent again where refused, read piece by piece (`bill.md` §5.8)."""

from __future__ import annotations

import tracemalloc
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bill_client import BadRequest, BillClient, Document, NotFound
from bill_client.emulator.server import BillServer
from bill_client.emulator.small_organization import FIRST_ROWS

BILL = str(FIRST_ROWS["bills"][0]["id"])
VENDOR = str(FIRST_ROWS["vendors"][0]["id"])
SIX_MB = 6 * 1024 * 1024


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of 6 MB whose bytes say where they are."""
    path = tmp_path / "invoice.pdf"
    path.write_bytes(b"".join(number.to_bytes(4) for number in range(SIX_MB // 4)))
    return path


def content(path: Path) -> bytes:
    """What is in a file."""
    return path.read_bytes()


def kept(path: Path, what: bytes) -> None:
    """Put a file there."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(what)


def beside(path: Path) -> list[str]:
    """Every file of the folder."""
    return [one.name for one in path.parent.iterdir()]


class Progress:
    """What was told of how far it is."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int | None]] = []

    def __call__(self, done: int, total: int | None) -> None:
        """Remember it."""
        self.told.append((done, total))


async def test_a_file_of_six_megabytes_goes_up_and_comes_down_whole(
    client: BillClient, large: Path, tmp_path: Path
) -> None:
    """The bytes are the same, and both ways the progress ends with all of them."""
    up, down = Progress(), Progress()
    uploaded = await client.documents.upload(BILL, "invoice.pdf", large, progress=up)
    [status] = await client.documents.upload_status([uploaded.id])
    assert status.document_id is not None
    document = await client.documents.get(status.document_id)
    await client.documents.download(document, tmp_path / "copy.pdf", progress=down)

    assert content(tmp_path / "copy.pdf") == content(large)
    assert up.told[-1] == down.told[-1] == (SIX_MB, SIX_MB)
    assert len(up.told) > 10
    assert [one.name for one in await client.documents.list(BILL).all()] == ["invoice.pdf"]


async def test_neither_way_is_the_file_held_in_memory_whole(
    client: BillClient, large: Path, tmp_path: Path
) -> None:
    """Client and emulator, which is a thread, hold less than a quarter of it at any time."""
    uploaded = await client.documents.upload(BILL, "warm.pdf", b"warm")
    document = await ready(client, uploaded)
    await client.documents.download(document, tmp_path / "warm.pdf")
    uploaded = await client.documents.upload(BILL, "invoice.pdf", large)
    document = await ready(client, uploaded)
    held = []

    async def measured(_: int, __: int | None) -> None:
        held.append(tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    try:
        await client.documents.download(document, tmp_path / "copy.pdf", progress=measured)
    finally:
        tracemalloc.stop()

    assert max(held) < SIX_MB / 4


async def ready(client: BillClient, uploaded: Document) -> Document:
    """The document that an upload became."""
    [status] = await client.documents.upload_status([uploaded.id])
    assert status.document_id is not None
    return await client.documents.get(status.document_id)


async def test_a_refused_upload_is_sent_again_from_its_beginning(
    client: BillClient, bill_server: BillServer, large: Path
) -> None:
    """A limit refuses it unread: the file is opened anew, and progress begins anew."""
    bill_server.control.add_fault(
        "status", status=429, match={"path": "/connect/v3/documents/bills"}
    )
    progress = Progress()
    uploaded = await client.documents.upload(BILL, "invoice.pdf", large, progress=progress)

    assert progress.told.count((SIX_MB, SIX_MB)) >= 1
    document = await ready(client, uploaded)
    read = b"".join([piece async for piece in client.documents.read(document)])
    assert read == content(large)
    assert sum(first <= 64 * 1024 for first, _ in progress.told) == 2


async def test_whatever_can_be_opened_again_can_be_sent(client: BillClient) -> None:
    """A function that begins a new reading; its length need not be known."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    attached = await client.attachments.upload_to_vendor(VENDOR, "note.txt", pieces)
    read = b"".join([piece async for piece in client.documents.read(attached)])

    assert read == b"one two"
    assert [one.id for one in await client.attachments.of_vendor(VENDOR).all()] == [attached.id]
    await client.attachments.delete(attached.id)
    with pytest.raises(NotFound):
        await client.attachments.get(attached.id)


async def test_an_upload_is_taken_in_later(client: BillClient, bill_server: BillServer) -> None:
    """Until then its status says so, and there is no document yet."""
    bill_server.control.change_settings(document_upload_seconds=30)
    uploaded = await client.documents.upload(BILL, "invoice.pdf", b"%PDF")
    [status] = await client.documents.upload_status([uploaded.id])
    assert (status.status, status.document_id) == ("IN_PROGRESS", None)
    assert await client.documents.list(BILL).all() == []

    bill_server.control.set_clock(bill_server.control.now + timedelta(seconds=31))
    [status] = await client.documents.upload_status([uploaded.id])
    assert str(status.status) == "UPLOADED"


async def test_what_is_too_large_or_empty_is_not_sent(client: BillClient, large: Path) -> None:
    """And the file has a name."""
    with pytest.raises(ValueError, match="BILL takes 1 to"):
        await client.documents.upload(BILL, "big.pdf", b"x" * (SIX_MB + 1))
    with pytest.raises(ValueError, match="0 bytes"):
        await client.documents.upload(BILL, "empty.pdf", b"")
    with pytest.raises(ValueError, match="name"):
        await client.documents.upload(BILL, "", large)
    with pytest.raises(NotFound):
        await client.documents.upload("00n00000000000000000", "a.pdf", b"x")


async def test_a_link_that_leads_away_from_bill_is_not_followed(client: BillClient) -> None:
    """The session would be shown to whoever is there."""
    for link in ("https://files.example.com/a", "http://gateway.stage.bill.com/a"):
        with pytest.raises(ValueError, match="download_link"):
            _ = [piece async for piece in client.documents.read(link)]
    with pytest.raises(ValueError, match="has told none"):
        _ = [piece async for piece in client.documents.read(Document(id="00h"))]


async def test_a_download_that_breaks_leaves_the_file_as_it_was(
    client: BillClient, bill_server: BillServer, large: Path, tmp_path: Path
) -> None:
    """Nothing half-written: the old file stays, and no part of the new one."""
    document = await ready(client, await client.documents.upload(BILL, "a.pdf", large))
    target = tmp_path / "target" / "copy.pdf"
    kept(target, b"old")
    bill_server.control.add_fault("truncate", bytes=1000, match={"path": "/connect/v3/files"})

    with pytest.raises(Exception, match=r"whole answer|gave no"):
        await client.documents.download(document, target)

    assert content(target) == b"old"
    assert beside(target) == ["copy.pdf"]


async def test_streams_give_their_slots_back(client: BillClient, large: Path) -> None:
    """Three downloads that are given up half-way do not stop the fourth call."""
    document = await ready(client, await client.documents.upload(BILL, "a.pdf", large))
    for _ in range(4):
        pieces = client.documents.read(document)
        await anext(pieces)
        await pieces.aclose()

    assert (await client.bills.get(BILL)).id == BILL


async def test_bill_refuses_what_it_documents(client: BillClient) -> None:
    """A status of no upload, a file without a name."""
    with pytest.raises(BadRequest):
        await client.documents.upload_status([])
