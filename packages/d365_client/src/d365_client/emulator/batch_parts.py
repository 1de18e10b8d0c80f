"""A batch as values: what it asks for, and what came of it (d365.md §2.10). Pure."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from d365_client.emulator.answers import Answer, bad_request
from d365_client.emulator.calls import Call

LARGEST_BATCH = 5000


@attrs.frozen(kw_only=True)
class Operation:
    """One request inside a batch, and the Content-ID that its part carries."""

    call: Call
    content_id: str | None


@attrs.frozen(kw_only=True)
class Batch:
    """What a batch asks for: single operations and changesets, in their order.

    Raises:
        RefusedError: 400, it has too many operations.
    """

    units: tuple[Operation | tuple[Operation, ...], ...]

    def __attrs_post_init__(self) -> None:
        if len(list(self.operations)) > LARGEST_BATCH:
            raise bad_request(f"The batch has more than {LARGEST_BATCH} operations.")

    @property
    def operations(self) -> Iterator[Operation]:
        """All operations, inside changesets or not."""
        for unit in self.units:
            yield from (unit,) if isinstance(unit, Operation) else unit


@attrs.frozen(kw_only=True)
class UnitAnswers:
    """What came of a single operation or of a changeset.

    Attributes:
        answers: those of the operations, in their order; none if the changeset failed.
        failed: the place of the operation that the changeset failed at, and its answer.
    """

    operations: tuple[Operation, ...]
    is_changeset: bool
    answers: tuple[Answer, ...] = ()
    failed: tuple[int, Answer] | None = None
