"""The client for callers that cannot await: a script, or a notebook.

Written by tools/sync_twin.py from the asynchronous surface: change that one, and run it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, Generic, Self, TypeVar, overload

from api_transport.blocking import Blocking
from d365_client._answers import RawAnswer
from d365_client._call import Operation
from d365_client._listing import Listing, Page
from d365_client._metadata import Metadata
from d365_client._odata import Condition, Field, Literal, Order
from d365_client._rows import PlainRow
from d365_client.environment import Environment
from d365_client.models.entity import Entity, EntityDraft
from d365_client.resources.actions import CustomServices
from d365_client.resources.batches import Part, PartResult
from d365_client.resources.entities import Entities
from d365_client.resources.entity_sets import LARGEST_PAGE, EntitySet
from d365_client.resources.metadata import EnvironmentMetadata, MetadataSource
from d365_client.resources.raw import RawRequests

E = TypeVar("E", bound=Entity)
R = TypeVar("R")
T = TypeVar("T")


class SyncListing(Generic[T]):
    """Items one by one, or pages by `pages()`. Nothing is sent before one iterates.

    Breaking out leaks nothing: each page is a finished request. Iterating again reads again.
    A list that does not fit into one request has several `starts`; an item that more than one
    of them gives, told by `key`, comes once. One that counts is whole or an error. With
    `windows` pages are read side by side, and come in order all the same; none is asked for beyond
    what was counted.
    """

    def __init__(self, blocking: Blocking, twin: Listing[T]) -> None:
        self._blocking, self._twin = blocking, twin

    def pages(self) -> Iterator[Page[T]]:
        """Page after page.

        Raises:
            Undecodable: a page names one that was read before, so the list would never end; the
                rows are not as many as were counted; or rows follow a page that was not full.
        """
        return self._blocking.iterate(self._twin.pages())

    def __iter__(self) -> Iterator[T]:
        """Item after item, over all pages."""
        for page in self.pages():
            yield from page.items

    def all(self) -> Sequence[T]:
        """Every item, read to the end."""
        return self._blocking.call(self._twin.all)


class SyncEntitySet(Generic[R]):
    """A set, and what of it is wanted: `where`, `select`, `order_by` and the like give a new one.

    Nothing is sent before a row is asked for. Rows of all companies that the user may see come:
    narrow them by `in_company` or `dataAreaId` (`d365.md` §2.4). Names are the wire's in `field`,
    `order_by`, `select` and `expand`; keys and changes are given by the model's attributes, or by
    the wire's names. A field that the set is not known to have is refused before anything is sent.
    """

    def __init__(self, blocking: Blocking, twin: EntitySet[R]) -> None:
        self._blocking, self._twin = blocking, twin

    def where(self, *conditions: Condition) -> SyncEntitySet[R]:
        """Only rows for which all conditions hold, with those given before."""
        return SyncEntitySet(self._blocking, self._twin.where(*conditions))

    def select(self, *names: str | Field) -> SyncEntitySet[R]:
        """These fields too, such as a tenant's own.

        The fields of a model are always selected, so none is missing because it was not; what is
        beside them comes in the rows' `extra`. Of plain rows these fields come, and the key's.
        """
        return SyncEntitySet(self._blocking, self._twin.select(*names))

    def expand(self, name: str, *names: str) -> SyncEntitySet[R]:
        """With the rows that this navigation property leads to, or only these fields of them.

        They come plain: in the `extra` of a model, in a plain row itself. One level deep
        (`d365.md` §2.3).
        """
        return SyncEntitySet(self._blocking, self._twin.expand(name, *names))

    def order_by(self, *orders: str | Field | Order) -> SyncEntitySet[R]:
        """In this order; the key is appended, since pages of a partial order may overlap (§2.6)."""
        return SyncEntitySet(self._blocking, self._twin.order_by(*orders))

    def top(self, count: int) -> SyncEntitySet[R]:
        """At most the first `count` rows.

        Raises:
            ValueError: `count` is less than one.
        """
        return SyncEntitySet(self._blocking, self._twin.top(count))

    def in_company(self, data_area_id: str) -> SyncEntitySet[R]:
        """Only rows of this legal entity; it also completes a key that does not name one."""
        return SyncEntitySet(self._blocking, self._twin.in_company(data_area_id))

    def with_options(
        self, *, timeout: float | None = None, headers: Mapping[str, str] | None = None
    ) -> SyncEntitySet[R]:
        """With so many seconds to wait for each answer, and with these headers too."""
        return SyncEntitySet(
            self._blocking, self._twin.with_options(timeout=timeout, headers=headers)
        )

    def list(
        self, *, count: bool = False, concurrency: int = 1, page_size: int = LARGEST_PAGE
    ) -> SyncListing[R]:
        """The rows, page by page as they are asked for.

        With `count` D365 counts them, and a list that has others is an error. With `concurrency`
        more than one, they are counted too, and pages of `page_size` rows are read side by side
        and come in order. Where a
        condition names more values than fit into one request, several are sent: each row comes
        once, and the order holds within each request's rows. Reading raises a `D365Error` where
        a page cannot be had: a list is never cut short.

        Raises:
            ValueError: a field that is not known; no order that is; or `top` of several requests,
                which have no first rows in common.
        """
        return SyncListing(
            self._blocking,
            self._twin.list(count=count, concurrency=concurrency, page_size=page_size),
        )

    def count(self) -> int:
        """How many rows there are, as D365 counts them.

        Raises:
            D365Error: they cannot be counted.
            ValueError: more values are named than one request holds; the counts may overlap.
        """
        return self._blocking.call(self._twin.count)

    def raw_pages(self) -> Iterator[RawAnswer]:
        """The answers as they are, one a page, to the last.

        Raises:
            D365Error: a page cannot be had.
        """
        return self._blocking.iterate(self._twin.raw_pages())

    def get(self, **key: Literal) -> R:
        """The row of this key, all of it.

        Raises:
            NotFound: there is none.
            ValueError: that is not the key.
        """
        return self._blocking.call(self._twin.get, **key)

    def create(self, draft: EntityDraft[R] | Mapping[str, object]) -> R:
        """Create a row and return it as D365 stored it, with its defaults.

        Raises:
            D365Error: `outcome` says whether it may have been created all the same.
        """
        return self._blocking.call(self._twin.create, draft)

    def update(
        self, key: Mapping[str, Literal], changes: Mapping[str, object], *, etag: str = ""
    ) -> None:
        """Change these fields of a row, and no others (PATCH, `d365.md` §2.9).

        With `etag` only if the row is still the one that was read.

        Raises:
            D365Error: `outcome` says whether it may have been changed all the same.
        """
        self._blocking.call(self._twin.update, key, changes, etag=etag)

    def delete(self, key: Mapping[str, Literal], *, etag: str = "") -> None:
        """Delete a row; D365 answers a missing one with 400 (`d365.md` §2.9).

        Raises:
            D365Error: `outcome` says whether it may have been deleted all the same.
        """
        self._blocking.call(self._twin.delete, key, etag=etag)

    def invoke(
        self,
        action: str,
        parameters: Mapping[str, object] | None = None,
        *,
        key: Mapping[str, Literal] | None = None,
        reads: bool = False,
    ) -> object:
        """What an action of the set returns, or with `key` one of that row (`d365.md` §2.12).

        Numbers are exact. An action that only `reads` is asked again when something breaks.

        Raises:
            D365Error: `outcome` says whether it may have been done all the same.
        """
        return self._blocking.call(self._twin.invoke, action, parameters, key=key, reads=reads)

    def to_get(self, **key: Literal) -> Operation[R]:
        """`get` as a part of a batch."""
        return self._twin.to_get(**key)

    def to_create(self, draft: EntityDraft[R] | Mapping[str, object]) -> Operation[R]:
        """`create` as a part of a batch."""
        return self._twin.to_create(draft)

    def to_update(
        self, key: Mapping[str, Literal], changes: Mapping[str, object], *, etag: str = ""
    ) -> Operation[None]:
        """`update` as a part of a batch."""
        return self._twin.to_update(key, changes, etag=etag)

    def to_delete(self, key: Mapping[str, Literal], *, etag: str = "") -> Operation[None]:
        """`delete` as a part of a batch."""
        return self._twin.to_delete(key, etag=etag)


class SyncEntities:
    """`client.entities[Vendor]` has rows of that model, `client.entities["VendorsV2"]` plain ones.

    Plain rows are dicts under the wire's names, with the wire's values and exact numbers: dates
    and members of enumerations are texts.
    """

    def __init__(self, blocking: Blocking, twin: Entities) -> None:
        self._blocking, self._twin = blocking, twin

    def described_by(self, metadata: Metadata) -> SyncEntities:
        """The same, with what the environment says of itself (`client.metadata.read()`).

        Every field that the environment has may be named, and no other; sets that we know nothing
        of have their keys.
        """
        return SyncEntities(self._blocking, self._twin.described_by(metadata))

    @overload
    def __getitem__(self, of: type[E]) -> SyncEntitySet[E]: ...

    @overload
    def __getitem__(self, of: str) -> SyncEntitySet[PlainRow]: ...

    def __getitem__(self, of: type[E] | str) -> SyncEntitySet[E] | SyncEntitySet[PlainRow]:
        """The set of this model, or of this name.

        Raises:
            ValueError: the metadata, where they are given, have no such set.
        """
        return SyncEntitySet[Any](self._blocking, self._twin[of])


class SyncCustomServices:
    """Services that a tenant's developers wrote, beside a few of Microsoft's own.

    A handled failure is a success to HTTP: D365 answers it with 200 and whatever its author chose
    to say, so look into what is returned (`d365.md` §8).
    """

    def __init__(self, blocking: Blocking, twin: CustomServices) -> None:
        self._blocking, self._twin = blocking, twin

    def call(
        self,
        group: str,
        service: str,
        operation: str,
        parameters: Mapping[str, object] | None = None,
        *,
        reads: bool = False,
        timeout: float | None = None,
    ) -> object:
        """What an operation returns, with exact numbers; parameters by their names in X++.

        One that only `reads` is asked again when something breaks. `timeout` is in seconds.

        Raises:
            D365Error: `outcome` says whether it may have been done all the same. An exception
                that nobody handled in X++ is answered 500, a `Broken`.
        """
        return self._blocking.call(
            self._twin.call, group, service, operation, parameters, reads=reads, timeout=timeout
        )

    def describe(self, *names: str) -> object:
        """What D365 tells of all groups, of a group, of a service or of an operation.

        Raises:
            D365Error: it cannot be read.
        """
        return self._blocking.call(self._twin.describe, *names)


class SyncEnvironmentMetadata:
    """What the environment says of its entity sets, with the fields that the tenant added.

    The documents have tens of megabytes (`d365.md` §2.1). They are kept in `folder`, one version of
    each environment's, as they came; there are no rows and no secrets in them.
    """

    def __init__(self, blocking: Blocking, twin: EnvironmentMetadata) -> None:
        self._blocking, self._twin = blocking, twin

    def kept_in(
        self, folder: Path | None = None, *, max_age: timedelta | None = None
    ) -> SyncEnvironmentMetadata:
        """The same, kept elsewhere than in the user's cache folder, or for another time."""
        return SyncEnvironmentMetadata(self._blocking, self._twin.kept_in(folder, max_age=max_age))

    def read(
        self,
        *,
        only: Collection[str] | None = None,
        source: MetadataSource = MetadataSource.CSDL,
        refresh: bool = False,
    ) -> Metadata:
        """The metadata; `only` names the entity sets that are wanted, None all of them.

        They are downloaded where this version's are not on disk, or what is there is damaged, or
        with `refresh`: a deployment of custom fields alone does not change the version. Without
        `only` the values of some 3,900 sets take a hundred megabytes and more.

        Raises:
            D365Error: they cannot be downloaded.
            Undecodable: what came is no metadata.
            OSError: the folder cannot be written.
            ValueError: `only` names a set that the environment does not have.
        """
        return self._blocking.call(self._twin.read, only=only, source=source, refresh=refresh)

    def version(self) -> str:
        """The application's and the platform's version; empty where D365 does not tell them.

        Raises:
            D365Error: D365 cannot be reached, or does not let us in.
        """
        return self._blocking.call(self._twin.version)

    def label(self, label_id: str, *, language: str = "en-US") -> str:
        """The text of a label id such as `@SYS123`; empty where there is none in this language.

        Raises:
            D365Error: it cannot be read.
        """
        return self._blocking.call(self._twin.label, label_id, language=language)


class SyncRawRequests:
    """Requests of your own: with our token, our patience, our errors, and no more help."""

    def __init__(self, blocking: Blocking, twin: RawRequests) -> None:
        self._blocking, self._twin = blocking, twin

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        reads: bool | None = None,
    ) -> RawAnswer:
        """The answer to any request below the environment's URL.

        `path` begins with a slash and is percent-encoded already; `query` is not. `json` takes
        exact numbers, dates and aware instants; `content` are bytes as they are. A POST that only
        `reads` is asked again when something breaks. `timeout` is in seconds.

        Raises:
            D365Error: it was no success; `outcome` says what may have been done all the same.
            ValueError: the path is not below the environment's URL, or there are two bodies.
        """
        return self._blocking.call(
            self._twin.request,
            method,
            path,
            query=query,
            json=json,
            content=content,
            headers=headers,
            timeout=timeout,
            reads=reads,
        )


class SyncD365Client:
    """A Dynamics 365 environment, as one asks it and as it answers.

    `entities` has every entity set; those that accounts payable is about have names of their own.
    `services` are custom services, `metadata` is what the environment says of itself, `raw` is for
    what is not modelled.
    """

    def __init__(self, make: Callable[[], AbstractAsyncContextManager[Environment]]) -> None:
        self._blocking = Blocking()
        try:
            self._twin = self._blocking.enter(make)
        except BaseException:  # whatever it was; it is raised again
            self._blocking.close()
            raise
        self.entities = SyncEntities(self._blocking, self._twin.entities)
        self.metadata = SyncEnvironmentMetadata(self._blocking, self._twin.metadata)
        self.services = SyncCustomServices(self._blocking, self._twin.services)
        self.raw = SyncRawRequests(self._blocking, self._twin.raw)
        self.vendors = SyncEntitySet(self._blocking, self._twin.vendors)
        self.vendor_transactions = SyncEntitySet(self._blocking, self._twin.vendor_transactions)
        self.vendor_settlements = SyncEntitySet(self._blocking, self._twin.vendor_settlements)
        self.posted_invoices = SyncEntitySet(self._blocking, self._twin.posted_invoices)
        self.posted_invoice_lines = SyncEntitySet(self._blocking, self._twin.posted_invoice_lines)
        self.accounting_distributions = SyncEntitySet(
            self._blocking, self._twin.accounting_distributions
        )
        self.vendor_payment_journal_headers = SyncEntitySet(
            self._blocking, self._twin.vendor_payment_journal_headers
        )
        self.vendor_payment_journal_lines = SyncEntitySet(
            self._blocking, self._twin.vendor_payment_journal_lines
        )
        self.settled_invoices = SyncEntitySet(self._blocking, self._twin.settled_invoices)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection, and end the thread."""
        self._blocking.close()

    def create_all(self, drafts: Sequence[EntityDraft[R]]) -> Sequence[R]:
        """Create all of these rows or none, in one `$batch` with one atomic changeset.

        The rows come back in the order of the drafts, as D365 stored them.

        Raises:
            D365Error: of the whole changeset. A failed part inside an answered batch is
                *rejected*, whatever its status: nothing was committed (`d365.md` §2.10).
            ValueError: there is no draft, or there are more than a batch may hold.
        """
        return self._blocking.call(self._twin.create_all, drafts)

    def batch(self, parts: Sequence[Part]) -> Sequence[PartResult[Any]]:
        """Do all of this in one request, and tell what became of each operation, in order.

        Operations are made by an entity set: `client.vendors.to_get(…)`. Those of a `Changeset`
        are done together or not at all; a write that is in none is a changeset by itself.

        Raises:
            D365Error: of the whole batch; `outcome` says what may have been done all the same.
            ValueError: there is nothing to do, or writes are more than a batch may hold.
        """
        return self._blocking.call(self._twin.batch, parts)

    def invoke(
        self, action: str, parameters: Mapping[str, object] | None = None, *, reads: bool = False
    ) -> object:
        """What an action that belongs to no entity set returns (`d365.md` §2.12).

        Those of a set are invoked there: `client.vendors.invoke(…)`.

        Raises:
            D365Error: `outcome` says whether it may have been done all the same.
        """
        return self._blocking.call(self._twin.invoke, action, parameters, reads=reads)
