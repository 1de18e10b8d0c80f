"""Bringing a database up to the schema that this version knows (Alembic, shipped revisions)."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError

from syncengine.errors import Misconfigured

_MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(engine: sa.Engine, name: str) -> None:
    """Make or upgrade the tables; nothing happens where they are up to date.

    Raises:
        Misconfigured: the database is of a newer version, or not a database. `name` is shown.
    """
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    try:
        with (
            EnvironmentContext(
                config,
                script,
                fn=lambda revision, _: script._upgrade_revs("head", revision),  # noqa: SLF001 - what Alembic's own command does
            ) as environment,
            engine.connect() as database,
        ):
            environment.configure(connection=database, transactional_ddl=True)
            with environment.begin_transaction():
                environment.run_migrations()
            database.commit()
    except CommandError as error:
        raise Misconfigured(
            f"{name}: its schema is not known to this version ({error}); "
            "it was made by a newer one: upgrade tieout-syncengine"
        ) from error
    except sa.exc.DatabaseError as error:
        raise Misconfigured(
            f"{name}: is not a database that can be opened: {error.orig}"
        ) from error
