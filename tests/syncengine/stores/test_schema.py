"""Opening a database: made, brought up to date, or refused in one sentence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from syncengine.errors import Misconfigured
from syncengine.stores.sql import SqlStores
from syncengine.stores.tables import METADATA

PASSWORD = "hunter2"


def files(folder: Path) -> list[str]:
    """The names of the files in a folder."""
    return sorted(item.name for item in folder.iterdir())


async def test_the_revisions_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    """What Alembic made and what `tables` says differ in nothing."""
    async with await SqlStores.open(tmp_path / "state.sqlite") as stores:

        def differences(database: sa.Connection) -> object:
            return compare_metadata(MigrationContext.configure(database), METADATA)

        found = await stores._database.read(differences)

    assert [] == found


async def test_a_file_that_several_open_at_once_is_made_once(tmp_path: Path) -> None:
    """Whoever comes second waits for the tables and uses them."""
    path = tmp_path / "state.sqlite"

    async def use(name: str) -> None:
        async with await SqlStores.open(path) as stores:
            await stores.connection(name).head()

    async with anyio.create_task_group() as tasks:
        for number in range(8):
            tasks.start_soon(use, f"c{number}")

    assert [path.name] == files(tmp_path)


async def test_a_newer_schema_is_refused_with_what_to_do(tmp_path: Path) -> None:
    """A state of a later version is not touched by an earlier one."""
    path = tmp_path / "state.sqlite"
    async with await SqlStores.open(path):
        pass
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    before = path.read_bytes()

    with pytest.raises(
        Misconfigured,
        match=r"state\.sqlite: was written by a newer version \(schema 9999\); upgrade",
    ):
        await SqlStores.open(path)
    assert before == path.read_bytes()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """The sentence names the file, which stays as it is."""
    path = tmp_path / "state.sqlite"
    path.write_text("this is a letter, and it is long enough to be taken for a header" * 20)

    with pytest.raises(Misconfigured, match=r"state\.sqlite: cannot be opened .* not a database"):
        await SqlStores.open(path)
    assert path.read_text().startswith("this is a letter")


async def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    """SQLite makes files, not folders."""
    with pytest.raises(Misconfigured, match=r"nowhere.state\.sqlite: cannot be opened"):
        await SqlStores.open(tmp_path / "nowhere" / "state.sqlite")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            f"mysql://engine:{PASSWORD}@db/books",
            "kept in a SQLite file or in a PostgreSQL database",
        ),
        ("sqlite://", "its URL names one"),
        ("sqlite:///:memory:", "its URL names one"),
        (f"postgresql://engine:{PASSWORD}@db:port/books", "its address is not a SQLAlchemy URL"),
    ],
)
async def test_an_address_that_cannot_work_is_refused(url: str, sentence: str) -> None:
    """One sentence, without the password."""
    with pytest.raises(Misconfigured, match=sentence) as refusal:
        await SqlStores.open(url)

    assert PASSWORD not in str(refusal.value)


async def test_a_url_opens_the_same_database_as_its_path(tmp_path: Path) -> None:
    """A store's place may be told either way."""
    path = tmp_path / "a state 100%.sqlite"
    url = sa.URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)
    async with await SqlStores.open(path), await SqlStores.open(url):
        pass

    assert [path.name] == files(tmp_path)
