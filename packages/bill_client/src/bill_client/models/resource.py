"""What every model has: room for fields that it does not name."""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen(kw_only=True)
class Resource:
    """An object as BILL answered it."""

    extra: Mapping[str, object] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Draft:
    """An object as it is sent; None is left out, so that BILL leaves it alone."""
