"""Metadata of a running environment: both documents, of every entity set of the reference."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping
from typing import Any

import pytest

from d365_client import D365Client, Metadata, MetadataSource
from d365_client.emulator import D365Server

REFERENCE = pathlib.Path(__file__).parents[2] / "tools" / "shipped_models" / "d365_entities"
SETS: Mapping[str, Any] = {
    path.stem: json.loads(path.read_text("utf-8")) for path in sorted(REFERENCE.glob("[!_]*.json"))
}


async def read(server: D365Server, folder: pathlib.Path, source: MetadataSource) -> Metadata:
    """The metadata of a running environment."""
    async with D365Client.from_environment(server.environ) as client:
        return await client.metadata.kept_in(folder).read(source=source)


@pytest.mark.parametrize("source", [*MetadataSource])
async def test_every_set_of_the_reference_is_read_from_an_environment(
    d365_server: D365Server, tmp_path: pathlib.Path, source: MetadataSource
) -> None:
    """Names, types and keys of all 70 sets, with the members of their enumerations."""
    metadata = await read(d365_server, tmp_path, source)

    assert {
        name: ({item.name: item.type for item in entity.properties.values()}, [*entity.key])
        for name, entity in metadata.entities.items()
    } == {
        name: (
            {field["name"]: field["type"] for field in fields},
            [field["name"] for field in fields if field["key"]],
        )
        for name, fields in SETS.items()
    }
    assert {field["enum"] for fields in SETS.values() for field in fields if "enum" in field} <= {
        *metadata.enums
    }


async def test_both_documents_say_the_same(d365_server: D365Server, tmp_path: pathlib.Path) -> None:
    """CSDL and JSON agree on what a model is made of, dates and instants included."""
    csdl = await read(d365_server, tmp_path, MetadataSource.CSDL)
    public = await read(d365_server, tmp_path, MetadataSource.PUBLIC_ENTITIES)

    def told(metadata: Metadata) -> object:
        return {
            name: (
                entity.name,
                {
                    (item.name, item.type, item.ax_type, item.is_mandatory, item.label)
                    for item in entity.properties.values()
                },
            )
            for name, entity in metadata.entities.items()
        }

    assert told(csdl) == told(public)
    assert {name: csdl.enums[name].members for name in public.enums} == {
        name: enum.members for name, enum in public.enums.items()
    }


async def test_a_version_and_a_label_are_told(
    d365_server: D365Server, tmp_path: pathlib.Path
) -> None:
    """What the cache is kept by, and what a model is described with (`d365.md` §2.2, §2.12)."""
    async with D365Client.from_environment(d365_server.environ) as client:
        version = await client.metadata.version()
        terms = await client.metadata.kept_in(tmp_path).read(only=["PaymentTerms"])
        label = await client.metadata.label(terms.entities["PaymentTerms"].label)

    assert version.count(".") >= 2
    assert label == "Payment term"
