"""The journal, which only grows, and its projections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    """Make every table, and let nobody change an event."""
    op.create_table(
        "events",
        sa.Column("connection", sa.Text, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True),
        *(_text(name) for name in ("type", "at", "flow", "key", "operation", "data")),
        *(_text(name) for name in ("previous_hash", "hash")),
    )
    op.create_index("events_of_record", "events", ["connection", "flow", "key"])
    op.create_table("leases", sa.Column("connection", sa.Text, primary_key=True), _text("lease"))
    for name, keys, values in (
        ("links", ("connection", "flow", "key"), ("link",)),
        ("operations", ("connection", "id"), ("flow", "opened_at", "operation", "progress")),
        ("parks", ("connection", "flow", "key", "code"), ("park",)),
        ("cursors", ("connection", "flow"), ("cursor",)),
    ):
        op.create_table(
            name,
            *(sa.Column(key, sa.Text, primary_key=True) for key in keys),
            *(_text(value) for value in values),
        )
    op.create_table(
        "claims",
        *(sa.Column(key, sa.Text, primary_key=True) for key in ("connection", "flow", "key")),
        sa.Column("generation", sa.Integer, primary_key=True),
        _text("operation"),
    )
    op.create_index("claims_of_operation", "claims", ["connection", "operation"])
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER events_no_{action.lower()} BEFORE {action} ON events "
                "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
            )
