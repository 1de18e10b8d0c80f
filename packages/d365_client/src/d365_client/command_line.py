"""`d365-client models …`: typed models from the metadata of the tenant itself."""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import sys
from collections.abc import Mapping, Sequence

import anyio
import attrs

from api_transport.whole_files import whole_file
from d365_client._metadata import Metadata, MetadataEntity
from d365_client._metadata_files import read_files
from d365_client._model_plan import Plan, Wanted, plan
from d365_client._model_source import plan_source
from d365_client.client import D365Client
from d365_client.errors import D365Error, Refused

_WRONG_USE = 2

_DESCRIPTION = """\
Write typed, frozen models of entity sets, with a tenant's own fields and enumerations.

The metadata are read from the environment that D365_URL, D365_TENANT_ID, D365_CLIENT_ID and
D365_CLIENT_SECRET name (D365_AUTHORITY and D365_CA_FILE for others than the public ones), or from
files that were saved: the XML of /data/$metadata, the JSON of /metadata/PublicEntities and
/metadata/PublicEnumerations.
"""


class WrongUse(Exception):
    """What was asked for cannot be done; the message says why and what to do."""


def run(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Do what the arguments say: 0 where it is done, else 2 and a sentence on stderr."""
    options = _parser().parse_args(arguments)
    try:
        _models(options, environ)
    except (WrongUse, D365Error, OSError, ValueError) as error:
        sys.stderr.write(f"d365-client: {error}\n")
        return _WRONG_USE
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="d365-client")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    models = commands.add_parser(
        "models",
        help="write models from a tenant's metadata",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    models.add_argument(
        "--entity",
        action="append",
        required=True,
        metavar="SET[=CLASS]",
        help="an entity set, such as VendorsV2; with its class's name, if another is wanted",
    )
    models.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="[SET.]FIELD",
        help="only this and other such fields, and the key; SET. where there are several",
    )
    models.add_argument(
        "--metadata",
        action="append",
        default=[],
        type=pathlib.Path,
        metavar="FILE",
        help="a file that was saved, instead of the environment; several belong together",
    )
    models.add_argument(
        "--refresh", action="store_true", help="download the metadata, though they are on disk"
    )
    models.add_argument(
        "--out", required=True, metavar="FILE", help="the module to write, - for stdout"
    )
    return parser


def _models(options: argparse.Namespace, environ: Mapping[str, str]) -> None:
    wanted = _wanted(options.entity, options.field)
    only = [item.entity_set for item in wanted]
    if options.metadata:
        metadata = read_files(options.metadata, only=only)
    else:
        metadata = anyio.run(_from_environment, options, only, environ)
    planned = plan(metadata, wanted)
    command = " ".join(f"--entity {name}" for name in options.entity)
    source = plan_source(
        planned,
        doc="Models of this tenant's entity sets.\n\n"
        f"Written by `d365-client models {command}`; write them again, do not edit them.",
    )
    _write(source, options.out)
    for sentence in _notices(planned):
        sys.stderr.write(f"d365-client: {sentence}\n")


def _wanted(entities: Sequence[str], fields: Sequence[str]) -> list[Wanted]:
    """What the options want; of several sets, a field has to say whose it is."""
    named = dict(name.partition("=")[::2] for name in entities)
    narrowed: dict[str, list[str]] = {entity_set: [] for entity_set in named}
    for told in fields:
        entity_set, _, name = told.rpartition(".")
        if not entity_set and len(named) == 1:
            (entity_set,) = named
        if entity_set not in named:
            example = f"{next(iter(named))}.{name}"
            raise WrongUse(f"--field {told}: say of which --entity it is, such as {example}")
        narrowed[entity_set].append(name)
    return [
        Wanted(entity_set=entity_set, class_name=name, fields=narrowed[entity_set] or None)
        for entity_set, name in named.items()
    ]


async def _from_environment(
    options: argparse.Namespace, only: Sequence[str], environ: Mapping[str, str]
) -> Metadata:
    try:
        client = D365Client.from_environment(environ)
    except ValueError as error:
        raise WrongUse(f"{error}; or give files with --metadata") from error
    async with client:
        metadata = await client.metadata.read(only=only, refresh=options.refresh)
        entities = {
            name: await _labelled(client, metadata.entities[name]) for name in metadata.entities
        }
    return attrs.evolve(metadata, entities=entities)


async def _labelled(client: D365Client, entity: MetadataEntity) -> MetadataEntity:
    if not entity.label.startswith("@"):
        return entity
    with contextlib.suppress(Refused):  # a label is a courtesy: without it the set's name serves
        return attrs.evolve(entity, label=await client.metadata.label(entity.label))
    return entity


def _notices(planned: Plan) -> list[str]:
    return [
        f"{model.entity_set}.{name} is {kind}, which no model can have; it stays in extra"
        for model in planned.models
        for name, kind in model.left_out.items()
    ]


def _write(source: str, out: str) -> None:
    """The whole module or nothing: a file is put in place when it is complete."""
    if out == "-":
        sys.stdout.write(source)
        return
    target = pathlib.Path(out)
    if not target.parent.is_dir():
        raise WrongUse(f"--out {out}: there is no folder {target.parent}")
    with whole_file(target) as file:
        file.write(source.encode())
