"""What lines are booked on: accounts, departments, locations, … (`bill.md` §5.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, TypeAlias, TypeVar

import attrs

from bill_client._api import Api
from bill_client._listing import Listing
from bill_client._query import Condition, parameters
from bill_client._requests import patching, posting, reading, some, with_ids
from bill_client.models.classifications import (
    ChartOfAccount,
    ChartOfAccountDraft,
    ChartOfAccountPatch,
    ClassificationDraft,
    ClassificationPatch,
    Employee,
    EmployeeDraft,
    EmployeePatch,
    Item,
    ItemDraft,
    ItemPatch,
)
from bill_client.models.resource import Draft, Resource

C = TypeVar("C", bound=Resource)
D = TypeVar("D", bound=Draft)
P = TypeVar("P", bound=Draft)

_AT_ONCE = 50


@attrs.frozen(kw_only=True)
class Classification(Generic[C, D, P]):
    """One kind of thing that lines are booked on: the seven have the same operations."""

    _api: Api = attrs.field(alias="api", repr=False)
    _model: type[C] = attrs.field(alias="model", repr=False)
    _kind: str = attrs.field(alias="kind")
    _wrapper: str = attrs.field(alias="wrapper", repr=False)

    def list(self, *conditions: Condition, sort: str | None = None) -> Listing[C]:
        """Those for which all conditions hold; archived ones as BILL tells them.

        Raises:
            ValueError: BILL documents no such filter or sort.
        """
        query = parameters("classifications", conditions=conditions, sort=sort)
        return self._api.listing(self._model, f"/classifications/{self._kind}", query)

    async def get(self, classification_id: str) -> C:
        """The one of this id.

        Raises:
            NotFound: there is none.
        """
        return await self._api.one(self._model, reading(*self._at(classification_id)))

    async def create(self, draft: D) -> C:
        """Create one and return it as BILL stored it.

        Raises:
            BillError: `outcome` says whether it may have been created all the same.
        """
        return await self._api.one(self._model, posting(*self._at(), body=draft))

    async def create_all(self, drafts: Sequence[D]) -> Sequence[C]:
        """Create up to 50 together, in the order of the drafts.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been created all the same.
        """
        some(drafts, _AT_ONCE, self._kind)
        call = posting(*self._at("bulk"), body=drafts)
        return await self._api.many(self._model, call, self._wrapper)

    async def update(self, classification_id: str, patch: P) -> C:
        """Change what the patch names and return it.

        Raises:
            BillError: `outcome` says whether it may have been changed all the same.
        """
        return await self._api.one(self._model, patching(*self._at(classification_id), body=patch))

    async def update_all(self, patches: Mapping[str, P]) -> Sequence[C]:
        """Change up to 50, each told by its id.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
            BillError: `outcome` says whether they may have been changed all the same.
        """
        some(patches, _AT_ONCE, self._kind)
        call = patching(*self._at("bulk"), body=with_ids(patches))
        return await self._api.many(self._model, call, self._wrapper)

    async def archive(self, classification_id: str) -> C:
        """Archive it: nothing new can be booked on it. Archiving twice does no more than once."""
        return await self._api.one(self._model, posting(*self._at(classification_id, "archive")))

    async def restore(self, classification_id: str) -> C:
        """Undo archiving. Restoring twice does no more than once."""
        return await self._api.one(self._model, posting(*self._at(classification_id, "restore")))

    async def archive_all(self, classification_ids: Sequence[str]) -> Sequence[C]:
        """Archive up to 50.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
        """
        return await self._all("archive", classification_ids)

    async def restore_all(self, classification_ids: Sequence[str]) -> Sequence[C]:
        """Undo archiving of up to 50.

        Raises:
            ValueError: there is none, or there are more. Nothing was sent.
        """
        return await self._all("restore", classification_ids)

    async def _all(self, verb: str, ids: Sequence[str]) -> Sequence[C]:
        some(ids, _AT_ONCE, self._kind)
        call = posting(*self._at("bulk", verb), query={"ids": ",".join(ids)})
        return await self._api.many(self._model, call, self._wrapper)

    def _at(self, *parts: str) -> tuple[str, ...]:
        return ("classifications", self._kind, *parts)


ChartOfAccounts: TypeAlias = Classification[
    ChartOfAccount, ChartOfAccountDraft, ChartOfAccountPatch
]
Items: TypeAlias = Classification[Item, ItemDraft, ItemPatch]
Employees: TypeAlias = Classification[Employee, EmployeeDraft, EmployeePatch]
NamedClassifications: TypeAlias = Classification[C, ClassificationDraft, ClassificationPatch]
"""Departments, locations, accounting classes and jobs, which have the same fields."""
