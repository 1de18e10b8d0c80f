"""The tables: the journal, which only grows, and the projections, which can be made again.

Values are JSON text, so that an amount is never a float (`Numeric` on SQLite is one).
The revisions in `migrations` make these tables; a test compares the two.
"""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("previous_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)
"""Append-only: the database refuses to change or delete a row."""

LEASES = sa.Table(
    "leases",
    METADATA,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("lease", sa.Text, nullable=False),
)

LINKS = sa.Table(
    "links",
    METADATA,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("flow", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("link", sa.Text, nullable=False),
)

OPERATIONS = sa.Table(
    "operations",
    METADATA,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Column("progress", sa.Text, nullable=False),
)
"""Open operations: what was intended, and how far it has come since."""

CLAIMS = sa.Table(
    "claims",
    METADATA,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("flow", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("generation", sa.Integer, primary_key=True),
    sa.Column("operation", sa.Text, nullable=False),
    sa.Index("claims_of_operation", "connection", "operation"),
)
"""Which operation a record belongs to: its primary key is I-09 of domain.md."""

PARKS = sa.Table(
    "parks",
    METADATA,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("flow", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("park", sa.Text, nullable=False),
)

CURSORS = sa.Table(
    "cursors",
    METADATA,
    sa.Column("connection", sa.Text, primary_key=True),
    sa.Column("flow", sa.Text, primary_key=True),
    sa.Column("cursor", sa.Text, nullable=False),
)

PROJECTIONS = (LINKS, OPERATIONS, CLAIMS, PARKS, CURSORS, LEASES)
"""What `rebuild` deletes and makes again."""
