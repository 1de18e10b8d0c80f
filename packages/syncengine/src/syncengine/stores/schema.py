"""Bringing a database up to the schema that this version knows (Alembic, shipped revisions)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from syncengine.errors import Misconfigured

_MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(reader: sa.Engine, writer: sa.Engine, name: str) -> None:
    """The database has the schema that this version knows; one that had it is not written to.

    Raises:
        Misconfigured: it is of a newer version, or cannot be opened. `name` is shown.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    try:
        with reader.connect() as database:
            found = MigrationContext.configure(database).get_current_revision()
        if found == script.get_current_head():
            return
        if found is not None and found not in {known.revision for known in script.walk_revisions()}:
            raise Misconfigured(
                f"{name}: was written by a newer version (schema {found}); "
                "upgrade tieout-syncengine"
            )
        with writer.begin() as database:
            config.attributes["connection"] = database
            command.upgrade(config, "head")
    except sa.exc.DatabaseError as error:
        raise Misconfigured(f"{name}: cannot be opened as a database: {error.orig}") from error
