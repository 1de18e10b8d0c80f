"""Our own client, by each of the ways in which it gives rows: the last argument says which."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter, itemgetter

import attrs

from bench.reading import TOKEN, read_async, read_items
from bench.rows import ENTITY_SET
from d365_client import BearerAuth, D365Client, Entity, LedgerTransType, NoYes, Token

CONCURRENCY = 4


@attrs.frozen(kw_only=True)
class Transaction(Entity):
    """The thirty fields, as a user's own model of the set."""

    ENTITY_SET = ENTITY_SET
    KEY = ("data_area_id", "source_key")
    WIRE_NAMES = {"amount_mst": "AmountMST", "settle_amount_mst": "SettleAmountMST"}  # noqa: RUF012 - as the reference shows it

    data_area_id: str
    source_key: int
    account_num: str
    invoice: str
    voucher: str
    trans_date: date | None
    document_date: date | None
    due_date: date | None
    amount_cur: Decimal
    amount_mst: Decimal
    settle_amount_cur: Decimal
    settle_amount_mst: Decimal
    currency_code: str
    exch_rate: Decimal
    closed: date | None
    approved: NoYes | None
    prepayment: NoYes | None
    trans_type: LedgerTransType | None
    paym_mode: str
    paym_reference: str
    journal_num: str
    last_settle_voucher: str
    last_settle_date: date | None
    cash_disc_code: str
    offset_recid: int
    sys_modified_date_time: datetime | None
    created_on: datetime | None
    posting_profile: str
    document_num: str
    txt: str


class _Tokens:
    """A token source that is never asked twice."""

    async def token(self) -> Token:
        return Token(value=TOKEN, expires_in=3600.0)

    async def forget(self) -> None:
        """Nothing is kept."""

    async def aclose(self) -> None:
        """Nothing is open."""


def _client(url: str) -> D365Client:
    return D365Client(url, auth=BearerAuth(_Tokens()), allow_http=True)


async def _typed(client: D365Client, concurrency: int = 1) -> AsyncIterator[Sequence[Transaction]]:
    async with client:
        async for page in client.entities[Transaction].list(concurrency=concurrency).pages():
            yield page.items


async def _plain(
    client: D365Client, concurrency: int = 1
) -> AsyncIterator[Sequence[dict[str, object]]]:
    rows = client.entities[ENTITY_SET].order_by("dataAreaId", "SourceKey")
    async with client:
        async for page in rows.list(concurrency=concurrency).pages():
            yield page.items


async def _items(client: D365Client) -> AsyncIterator[Transaction]:
    async with client:
        async for item in client.entities[Transaction].list():
            yield item


_READ_ALL = attrgetter("source_key", *(field.name for field in attrs.fields(Transaction)))


def _key_after_all_fields(item: Transaction) -> int:
    key: int = _READ_ALL(item)[0]
    return key


def main() -> None:
    """Read in the way that is asked for."""
    typed, plain = attrgetter("source_key"), itemgetter("SourceKey")
    match sys.argv[3]:
        case "typed":
            read_async(lambda url: _typed(_client(url)), typed)
        case "typed, every field":
            read_async(lambda url: _typed(_client(url)), _key_after_all_fields)
        case "typed, prefetch":
            read_async(lambda url: _typed(_client(url), CONCURRENCY), typed)
        case "typed, row by row":
            read_items(lambda url: _items(_client(url)), typed)
        case "plain":
            read_async(lambda url: _plain(_client(url)), plain)
        case "plain, prefetch":
            read_async(lambda url: _plain(_client(url), CONCURRENCY), plain)
        case unknown:
            raise SystemExit(f"there is no way of reading called {unknown!r}")


if __name__ == "__main__":
    main()
