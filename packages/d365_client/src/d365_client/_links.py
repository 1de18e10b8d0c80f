"""Links to a list's next page: opaque, but never away from us and never past missing rows."""

from __future__ import annotations

import httpx

from d365_client.errors import Undecodable, garbled


def rebased(next_link: str, base_url: str, *, below: str = "/data/") -> str:
    """A next link as a path below the base URL; it is opaque otherwise (`d365.md` §2.6).

    `below`, in lower case, is where it may lead.

    Raises:
        Undecodable: it names another host, to which the next request would carry our token.
    """
    base = httpx.URL(base_url)
    try:
        link = httpx.URL(next_link)
    except httpx.InvalidURL as error:
        raise Undecodable(f"the next link is no URL: {error}") from error
    if link.host and link.host != base.host:
        raise Undecodable(f"the next page is on another host, {link.host}")
    root = base.path.rstrip("/")
    if not link.path.lower().startswith(f"{root}{below}"):
        raise Undecodable(f"the next page is not below {root}{below}: {link.path}")
    return link.raw_path.decode("ascii")[len(root) :]


def check_link(target: str, following: str, *, given: int) -> None:
    """Refuse a next link that asks for the same again, or for what comes after missing rows.

    Links seen in the wild name how many rows they skip (`d365.md` §2.6); one that skips more than
    were given would lose the rows between.

    Raises:
        Undecodable: it does.
    """
    here, there = httpx.URL(target), httpx.URL(following)
    if here.path == there.path and here.params == there.params:
        raise Undecodable("a page names itself as the next one; the list has no end")
    skipped, skips = (link.params.get("$skip", "") for link in (here, there))
    if skips.isdecimal() and int(skips) > int(skipped or 0) + given:
        raise garbled(
            f"the page has {given} rows after the first {skipped or 0}, and the next one begins "
            f"after {skips}: rows were lost; read it again"
        )
