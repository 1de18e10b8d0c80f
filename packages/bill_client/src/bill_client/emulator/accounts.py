"""Organisations, their users, and sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import attrs


@attrs.frozen(kw_only=True)
class User:
    """A user of an organisation."""

    id: str
    username: str
    password: str = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Organization:
    """An organisation: who may log in, with which keys, and what it can pay."""

    id: str
    name: str
    currency: str
    currencies: frozenset[str]
    users: Sequence[User]
    sync_tokens: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    dev_keys: frozenset[str] = attrs.field(repr=False)


@attrs.define(kw_only=True)
class Session:
    """An open session, good only with the key it was made with."""

    organization: str
    user: str
    dev_key: str = attrs.field(repr=False)
    used: datetime
    trusted: bool = False
    sync_token: bool = False
