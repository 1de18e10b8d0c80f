"""Creating several rows at once, all of them or none."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

import attrs

from d365_client._api import Api, of_exchange
from d365_client._batch import Create, PartAnswer, answers, changeset
from d365_client._call import Call
from d365_client._converter import body_of_draft, decode, encode, structure
from d365_client.errors import Broken, D365Error, Outcome, Undecodable
from d365_client.models.entity import Entity, EntityDraft

E = TypeVar("E", bound=Entity)

_CREATED = range(200, 300)


@attrs.frozen(kw_only=True)
class Changesets:
    """Batches of one changeset each (`d365.md` §2.10)."""

    api: Api = attrs.field(repr=False)
    new_boundary: Callable[[], str] = lambda: uuid.uuid4().hex

    async def create(self, drafts: Sequence[EntityDraft[E]]) -> Sequence[E]:
        """Create all rows or none, and return them in order, as D365 stored them.

        Raises:
            D365Error: of the whole changeset. A failed part inside an answered batch is
                *rejected*, whatever its status: nothing was committed.
            ValueError: there is no draft, or there are more than a batch may hold.
        """
        creates = [
            Create(url=self._url(draft), body=encode(body_of_draft(draft))) for draft in drafts
        ]
        content_type, body = changeset(creates, boundary=self.new_boundary())
        call = Call(
            method="POST", path="/data/$batch", body=body, headers={"Content-Type": content_type}
        )
        response = await self.api.send(call)
        with of_exchange(call, response):
            told = answers(response.headers.get("content-type", ""), response.content)
            failed = next((part for part in told if part.status not in _CREATED), None)
            if failed is not None:
                raise self._failure(call, failed, response.headers)
            if len(told) != len(drafts):
                raise Undecodable(f"{len(drafts)} rows were sent, {len(told)} answers came back")
            # A draft's type names the rows that it creates, which a class variable cannot say.
            models = [cast("type[E]", draft.CREATES) for draft in drafts]
            return [
                structure(model, decode(part.body))
                for model, part in zip(models, told, strict=True)
            ]

    def _url(self, draft: EntityDraft[E]) -> str:
        return f"{self.api.base_url}/data/{draft.CREATES.ENTITY_SET}?cross-company=true"

    def _failure(self, call: Call, part: PartAnswer, outer: Mapping[str, str]) -> D365Error:
        error = self.api.failure(call, part.status, {**outer, **part.headers}, part.body)
        if isinstance(error, Broken):
            error.outcome = Outcome.REJECTED
        return error
