"""Download links, and files that are written whole or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypedDict
from urllib.parse import urljoin, urlsplit

import anyio.to_thread

from api_transport.whole_files import whole_file

_OWN_DOMAIN = "bill.com"


class Linked(TypedDict):
    """Where a link leads: the parts of a call."""

    base_url: str
    path: str


def path_of_link(link: str | None, base_url: str) -> Linked:
    """Where a download link leads, which is asked with the session in the headers.

    The session is shown to the host of the API, or to another of BILL's own by https.

    Raises:
        ValueError: there is no link, or it leads away from BILL.
    """
    if not link:
        raise ValueError("download_link: BILL has told none; read the document first")
    ours, parts = urlsplit(base_url), urlsplit(urljoin(f"{base_url}/", link))
    same = (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc)
    if not same and not (_of_bill(parts.hostname) and _of_bill(ours.hostname)):
        raise ValueError(f"download_link: {parts.hostname} is not BILL, and must not see a session")
    if not same and parts.scheme != "https":
        raise ValueError(f"download_link: {parts.scheme} would show the session; it is not asked")
    query = f"?{parts.query}" if parts.query else ""
    return Linked(base_url=f"{parts.scheme}://{parts.netloc}", path=f"{parts.path}{query}")


async def written_whole(pieces: AsyncIterator[bytes], to: Path) -> None:
    """Write the pieces into a file that is put in its place when all are there.

    Raises:
        OSError: it cannot be written there.
    """
    with whole_file(to) as target:
        async for piece in pieces:
            await anyio.to_thread.run_sync(target.write, piece)


def _of_bill(host: str | None) -> bool:
    return host is not None and (host == _OWN_DOMAIN or host.endswith(f".{_OWN_DOMAIN}"))
