"""An environment's metadata: downloaded once a version, never kept broken."""

from __future__ import annotations

import pathlib
from datetime import UTC, datetime, timedelta

import attrs
import httpx
import pytest
import respx

from d365_client import D365Client, Metadata, MetadataSource, Unauthenticated, Undecodable
from d365_client.emulator.metadata import csdl
from d365_client.emulator.shipped_catalog import load_catalog

CSDL = csdl(load_catalog(), [])
ACTIONS = "/data/DataManagementEntities/Microsoft.Dynamics.DataEntities"
ONLY = ["PaymentTerms"]


class Environment:
    """An environment that is deployed anew when a test says so."""

    def __init__(self, server: respx.MockRouter) -> None:
        self.version = "10.0.1"
        server.post(f"{ACTIONS}.GetApplicationVersion").mock(side_effect=self.told)
        server.post(f"{ACTIONS}.GetPlatformBuildVersion").mock(side_effect=self.told)
        self.document = server.get("/data/$metadata").mock(return_value=xml(CSDL))

    def told(self, _request: httpx.Request) -> httpx.Response:
        """The version."""
        return httpx.Response(200, json={"@odata.context": "…", "value": self.version})

    @property
    def downloads(self) -> int:
        """How often the document was asked for."""
        return self.document.call_count


def xml(document: bytes) -> httpx.Response:
    """The document as an answer."""
    return httpx.Response(200, content=document, headers={"Content-Type": "application/xml"})


@pytest.fixture
def version(server: respx.MockRouter) -> None:
    """An environment that tells its version, and whose CSDL nobody is to ask for."""
    for action in ("GetApplicationVersion", "GetPlatformBuildVersion"):
        server.post(f"{ACTIONS}.{action}").respond(json={"value": "10.0.1"})


@pytest.fixture
def environment(server: respx.MockRouter) -> Environment:
    """The environment that the client is of."""
    return Environment(server)


def files(folder: pathlib.Path) -> list[pathlib.Path]:
    """What is kept in a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


async def read(
    client: D365Client,
    folder: pathlib.Path,
    *,
    refresh: bool = False,
    later: timedelta | None = None,
) -> Metadata:
    """What another process would read, with the same folder, so much later."""
    metadata = attrs.evolve(
        client.metadata.kept_in(folder), now=lambda: datetime.now(tz=UTC) + (later or timedelta(0))
    )
    return await metadata.read(only=ONLY, refresh=refresh)


async def test_metadata_are_downloaded_once_a_version(
    client: D365Client, environment: Environment, tmp_path: pathlib.Path
) -> None:
    """However old they are; those of the version before are deleted."""
    first = await read(client, tmp_path)
    assert await read(client, tmp_path, later=timedelta(days=400)) == first
    assert environment.downloads == 1

    environment.version = "10.0.2"
    await read(client, tmp_path)

    assert environment.downloads == 2
    assert [path.name for path in files(tmp_path)] == ["metadata@10.0.2-10.0.2.xml"]


async def test_two_environments_are_kept_apart(
    client: D365Client, environment: Environment, tmp_path: pathlib.Path
) -> None:
    """The same version of another environment may have other fields."""
    await read(client, tmp_path)

    (file,) = files(tmp_path)

    assert file.parent.name == "contoso.operations.dynamics.test"
    assert environment.downloads == 1


async def test_a_version_that_is_not_told_is_replaced_by_an_age(
    client: D365Client, server: respx.MockRouter, tmp_path: pathlib.Path
) -> None:
    """A day, unless something else is said: then they are downloaded again."""
    server.post(f"{ACTIONS}.GetApplicationVersion").respond(403)
    document = server.get("/data/$metadata").mock(return_value=xml(CSDL))

    await read(client, tmp_path)
    await read(client, tmp_path, later=timedelta(hours=23))
    assert document.call_count == 1
    await read(client, tmp_path, later=timedelta(hours=25))

    assert document.call_count == 2


async def test_who_is_not_let_in_is_told_so(
    client: D365Client, server: respx.MockRouter, tmp_path: pathlib.Path
) -> None:
    """A version that is refused for want of a token is no old environment."""
    server.post(f"{ACTIONS}.GetApplicationVersion").respond(401)

    with pytest.raises(Unauthenticated):
        await read(client, tmp_path)


async def test_refresh_downloads_what_is_there(
    client: D365Client, environment: Environment, tmp_path: pathlib.Path
) -> None:
    """Custom fields are deployed without a new version."""
    await read(client, tmp_path)
    await read(client, tmp_path, refresh=True)

    assert environment.downloads == 2


@pytest.mark.parametrize("damage", [b"", CSDL[: len(CSDL) // 2], b"\x00" * 100])
async def test_a_damaged_file_is_downloaded_again(
    client: D365Client, environment: Environment, tmp_path: pathlib.Path, damage: bytes
) -> None:
    """A disk that was full, or a process that was killed, is no reason to fail for ever."""
    first = await read(client, tmp_path)
    (file,) = files(tmp_path)
    file.write_bytes(damage)

    assert await read(client, tmp_path) == first
    assert environment.downloads == 2
    assert file.read_bytes() == CSDL


@pytest.mark.parametrize("answer", [CSDL[:-50], b"<html><body>Starting</body></html>"])
async def test_what_is_no_metadata_is_not_kept(
    client: D365Client, environment: Environment, tmp_path: pathlib.Path, answer: bytes
) -> None:
    """Neither it nor a part of it; what was there stays as it was."""
    first = await read(client, tmp_path)
    environment.document.mock(return_value=xml(answer))
    with pytest.raises(Undecodable):
        await read(client, tmp_path, refresh=True)

    assert await read(client, tmp_path) == first
    assert len(files(tmp_path)) == 1


@pytest.mark.usefixtures("version")
async def test_public_entities_are_read_page_by_page(
    client: D365Client, server: respx.MockRouter, tmp_path: pathlib.Path
) -> None:
    """Every page and the enumerations are one cached answer (`d365.md` §2.2)."""
    vendor = {"Name": "Vendor", "EntitySetName": "Vendors", "Properties": []}
    term = {**vendor, "Name": "Term", "EntitySetName": "Terms"}
    link = "https://contoso.operations.dynamics.test/metadata/PublicEntities?$skip=1"
    pages = [{"value": [vendor], "@odata.nextLink": link}, {"value": [term]}]
    listed = server.get("/metadata/PublicEntities").mock(
        side_effect=[httpx.Response(200, json=page) for page in pages]
    )
    server.get("/metadata/PublicEnumerations").respond(json={"value": []})
    metadata = client.metadata.kept_in(tmp_path)

    read = await metadata.read(source=MetadataSource.PUBLIC_ENTITIES)

    assert [*read.entities] == ["Vendors", "Terms"]
    assert await metadata.read(source=MetadataSource.PUBLIC_ENTITIES) == read
    assert [request.url.query for request, _ in listed.calls] == [b"", b"$skip=1"]


@pytest.mark.usefixtures("version")
@pytest.mark.parametrize(
    "link", ["https://elsewhere.test/metadata/PublicEntities", "/data/VendorsV2", "//["]
)
async def test_a_link_away_is_refused(
    client: D365Client,
    server: respx.MockRouter,
    tmp_path: pathlib.Path,
    link: str,
) -> None:
    """The next request would carry our token there."""
    server.get("/metadata/PublicEntities").respond(json={"value": [], "@odata.nextLink": link})

    with pytest.raises(Undecodable, match="next"):
        await client.metadata.kept_in(tmp_path).read(source=MetadataSource.PUBLIC_ENTITIES)


async def test_a_label_is_read_in_a_language(client: D365Client, server: respx.MockRouter) -> None:
    """The key is of two texts, which are quoted and encoded (`d365.md` §2.2)."""
    route = server.get(url__regex=r".*/metadata/Labels\(.*").respond(
        json={"Id": "@SYS1", "Language": "de", "Value": "Kreditoren"}
    )

    assert await client.metadata.label("@SYS1", language="de") == "Kreditoren"
    assert route.calls.last.request.url.raw_path == (
        b"/metadata/Labels(Id=%27%40SYS1%27,Language=%27de%27)"
    )
