"""What every model has: room for fields that it does not name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import attrs


@attrs.frozen(kw_only=True)
class Resource:
    """An object as BILL answered it. `extra` has what the model does not name, by wire name."""

    WIRE_NAMES: ClassVar[Mapping[str, str]] = {}

    extra: Mapping[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Changed(Resource):
    """An object that tells which it is, and when it was made and changed, by BILL's clock."""

    id: str
    created_time: datetime | None = None
    updated_time: datetime | None = None


@attrs.frozen(kw_only=True)
class Draft:
    """An object as it is sent; None is left out, so that BILL leaves it alone.

    `extra` is sent too, by wire name: for a field that the draft does not name.
    """

    WIRE_NAMES: ClassVar[Mapping[str, str]] = {}

    extra: Mapping[str, object] = attrs.field(factory=dict)
