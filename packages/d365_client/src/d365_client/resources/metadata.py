"""An environment's metadata: read as they come, kept on disk by environment and version."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import anyio.to_thread
import attrs
import platformdirs

from api_transport.whole_files import whole_file
from d365_client._api import Api
from d365_client._call import Call, Operation, percent_encoded
from d365_client._converter import decode
from d365_client._csdl import CsdlReader
from d365_client._links import rebased
from d365_client._metadata import NAMESPACE, Metadata
from d365_client._metadata_files import Reader, read_files
from d365_client._odata import literal
from d365_client._public_entities import PublicReader
from d365_client.errors import Broken, Refused, Unauthenticated, Undecodable
from d365_client.resources.actions import acting

MAX_AGE = timedelta(days=1)
"""How long metadata are good for where the environment does not tell its version."""

_VERSIONS = ("GetApplicationVersion", "GetPlatformBuildVersion")
_XML = {"Accept": "application/xml"}


class MetadataSource(enum.Enum):
    """Where metadata are read: in CSDL, or in the JSON of `/metadata`, which is lighter (§2.2)."""

    CSDL = ("/data/$metadata",)
    PUBLIC_ENTITIES = ("/metadata/PublicEntities", "/metadata/PublicEnumerations")


@attrs.frozen(kw_only=True)
class EnvironmentMetadata:
    """What the environment says of its entity sets, with the fields that the tenant added.

    The documents have tens of megabytes (`d365.md` §2.1). They are kept in `folder`, one version of
    each environment's, as they came; there are no rows and no secrets in them.
    """

    _api: Api = attrs.field(alias="api", repr=False)
    _folder: Path = attrs.field(
        alias="folder", factory=lambda: platformdirs.user_cache_path("tieout-d365-client")
    )
    _max_age: timedelta = attrs.field(alias="max_age", default=MAX_AGE)
    _now: Callable[[], datetime] = attrs.field(
        alias="now", default=lambda: datetime.now(tz=UTC), repr=False
    )

    def kept_in(
        self, folder: Path | None = None, *, max_age: timedelta | None = None
    ) -> EnvironmentMetadata:
        """The same, kept elsewhere than in the user's cache folder, or for another time."""
        age = self._max_age if max_age is None else max_age
        return attrs.evolve(self, folder=folder or self._folder, max_age=age)

    async def read(
        self,
        *,
        only: Collection[str] | None = None,
        source: MetadataSource = MetadataSource.CSDL,
        refresh: bool = False,
    ) -> Metadata:
        """The metadata; `only` names the entity sets that are wanted, None all of them.

        They are downloaded where this version's are not on disk, or what is there is damaged, or
        with `refresh`: a deployment of custom fields alone does not change the version. Without
        `only` the values of some 3,900 sets take a hundred megabytes and more.

        Raises:
            D365Error: they cannot be downloaded.
            Undecodable: what came is no metadata.
            OSError: the folder cannot be written.
            ValueError: `only` names a set that the environment does not have.
        """
        version = await self.version()
        files = [self._file(path, version) for path in source.value]
        downloaded = refresh or not all(self._is_good(file, version) for file in files)
        if downloaded:
            await self._download(source, files)
        try:
            return await anyio.to_thread.run_sync(lambda: read_files(files, only=only))
        except Undecodable:
            if downloaded:
                raise
        await self._download(source, files)
        return await anyio.to_thread.run_sync(lambda: read_files(files, only=only))

    async def version(self) -> str:
        """The application's and the platform's version; empty where D365 does not tell them.

        Raises:
            D365Error: D365 cannot be reached, or does not let us in.
        """
        try:
            told = [await self._api.run(_asking(action)) for action in _VERSIONS]
        except Unauthenticated:
            raise
        except (Refused, Broken, Undecodable):
            return ""  # an older environment, or no privilege: the age decides
        return "-".join(map(str, told))

    async def label(self, label_id: str, *, language: str = "en-US") -> str:
        """The text of a label id such as `@SYS123`; empty where there is none in this language.

        Raises:
            D365Error: it cannot be read.
        """
        call = Call(
            method="GET",
            path=f"/metadata/Labels(Id={percent_encoded(literal(label_id))},Language={percent_encoded(literal(language))})",
        )
        return await self._api.run(Operation(call=call, read=_label))

    def _file(self, path: str, version: str) -> Path:
        document = path.rpartition("/")[2].lstrip("$")
        suffix = ".xml" if document == "metadata" else ".json"
        name = f"{document}@{_safe(version) or 'unversioned'}{suffix}"
        return self._folder / _safe(self._api.base_url.partition("://")[2]) / name

    def _is_good(self, file: Path, version: str) -> bool:
        if not file.exists():
            return False
        written = datetime.fromtimestamp(file.stat().st_mtime, tz=UTC)
        return bool(version) or self._now() - written < self._max_age

    async def _download(self, source: MetadataSource, files: list[Path]) -> None:
        for path, file in zip(source.value, files, strict=True):
            file.parent.mkdir(parents=True, exist_ok=True)
            with whole_file(file) as target:
                await self._fetch(path, target)
            _forget_others(file)

    async def _fetch(self, path: str, target: BinaryIO) -> None:
        """Write a document, all of its pages; it is read at once, so nothing broken is kept."""
        reader: Reader = CsdlReader(types=()) if path.startswith("/data") else PublicReader(sets=())

        def take(chunk: bytes) -> None:
            reader.feed(chunk)
            target.write(chunk)

        following: str | None = path
        while following:
            headers = _XML if isinstance(reader, CsdlReader) else {}
            async with self._api.stream(
                Call(method="GET", path=following, headers=headers)
            ) as chunks:
                async for chunk in chunks:
                    await anyio.to_thread.run_sync(take, chunk)
            link = reader.next_link if isinstance(reader, PublicReader) else ""
            following = rebased(link, self._api.base_url, below="/metadata/") if link else None
        reader.close()


def _asking(action: str) -> Operation[object]:
    path = f"/data/DataManagementEntities/{NAMESPACE}.{action}"
    return acting(path, None, reads=True)


def _label(body: bytes) -> str:
    told = decode(body)
    return str(told.get("Value") or "") if isinstance(told, dict) else ""


def _forget_others(file: Path) -> None:
    """The documents of versions that are gone are deleted."""
    for other in file.parent.glob(f"{file.name.partition('@')[0]}@*{file.suffix}"):
        if other != file:
            other.unlink(missing_ok=True)


def _safe(text: str) -> str:
    """A text as the name of a file, on every system."""
    return re.sub(r"[^A-Za-z0-9.-]+", "_", text)
