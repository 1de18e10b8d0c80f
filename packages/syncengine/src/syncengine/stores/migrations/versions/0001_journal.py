"""The journal, which only grows, and its projections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_REFUSED = "events are never changed"

_APPEND_ONLY = {
    "sqlite": [
        *(
            f"CREATE TRIGGER events_no_{action.lower()} BEFORE {action} ON events "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            for action in ("UPDATE", "DELETE")
        ),
        # INSERT OR REPLACE deletes without firing the trigger on DELETE.
        "CREATE TRIGGER events_no_replace BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events "
        "WHERE connection = NEW.connection AND sequence = NEW.sequence) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION events_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END $$",
        "CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION events_refuse()",
    ],
}


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
    op.create_table("leases", sa.Column("connection", sa.Text, primary_key=True), _text("lease"))
    for name, keys, values in (
        ("links", ("connection", "flow", "key"), ("link",)),
        ("operations", ("connection", "id"), ("flow", "operation", "progress")),
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
    for statement in _APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
