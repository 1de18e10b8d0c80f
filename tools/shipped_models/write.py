"""Writes the models that are shipped, from `models.toml` and the copy of the reference beside it.

`python tools/shipped_models/write.py [FOLDER]` writes them where they are shipped
from, or into a folder; a test compares the two byte for byte.
"""

from __future__ import annotations

import json
import pathlib
import sys
import textwrap
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from d365_client._metadata import NAMESPACE, Metadata, MetadataEntity, MetadataEnum
from d365_client._metadata import MetadataProperty as Property
from d365_client._model_plan import Plan, PlannedModel, Wanted, plan
from d365_client._model_source import (
    WIDTH,
    docstring,
    enum_source,
    import_line,
    model_sources,
    module_source,
)

HERE = pathlib.Path(__file__).parent
REFERENCE = HERE / "d365_entities"
SHIPPED = HERE.parents[1] / "packages" / "d365_client" / "src" / "d365_client" / "models"
MODELS = "d365_client.models"
UNVERIFIED = "The case of the type's name is not verified (`d365.md` §12)."

PACKAGE = """Frozen models of the entities that accounts payable needs; drafts are separate types.

Names are loaded when they are first used; `d365_client` has those of everyday as well.
"""
LAZY = """{doc}

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
{imports}

_MODULES = (
{modules})

__all__ = [
{names}]


def __getattr__(name: str) -> object:
    if name in __all__:
        for module in _MODULES:
            found = vars(importlib.import_module(f"{{__name__}}.{{module}}")).get(name)
            if found is not None:
                return found
    raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")


def __dir__() -> list[str]:
    return __all__
"""


def main(folder: pathlib.Path) -> None:
    """Write every generated module into a folder."""
    selection = tomllib.loads((HERE / "models.toml").read_text(encoding="utf-8"))
    described = reference()
    chosen: Mapping[str, Mapping[str, Any]] = selection["models"]
    planned = plan(described, [wanted(name, told) for name, told in chosen.items()])
    sources = {
        "__init__": package(planned, selection),
        "keys": keys(described),
        **enum_modules(planned, selection),
        **model_modules(planned, selection),
    }
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8", newline="\n")


def reference() -> Metadata:
    """The entity sets and enumerations of `d365_entities/`."""
    enums = json.loads((REFERENCE / "_enums.json").read_text(encoding="utf-8"))
    paths = sorted(REFERENCE.glob("[!_]*.json"))
    return Metadata(
        entities={path.stem: entity(path) for path in paths},
        enums={
            name: MetadataEnum(
                name=name, members={item["name"]: item["value"] for item in told["members"]}
            )
            for name, told in enums.items()
        },
    )


def entity(path: pathlib.Path) -> MetadataEntity:
    """One entity set; what its type is called is not recorded for all, and not needed here."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return MetadataEntity(
        name=path.stem,
        entity_set=path.stem,
        key=tuple(row["name"] for row in rows if row["key"]),
        properties={
            row["name"]: Property(
                name=row["name"],
                type=f"{NAMESPACE}.{row['enum']}" if "enum" in row else row["type"],
                is_key=row["key"],
                is_mandatory=row["required"] and not row["key"],
                is_nullable=row["nullable"],
            )
            for row in rows
        },
    )


def wanted(entity_set: str, told: Mapping[str, Any]) -> Wanted:
    """A model as `models.toml` wants it."""
    return Wanted(
        entity_set=entity_set,
        class_name=told["name"],
        fields=told["fields"],
        doc=told["doc"],
        draft=told.get("draft"),
        draft_doc=told.get("draft_doc", ""),
        optional=told.get("optional", ()),
        required=told.get("required", ()),
        assigned=told.get("assigned", ()),
    )


def enum_homes(planned: Plan, selection: Mapping[str, Any]) -> Mapping[str, str]:
    """The module of each enumeration."""
    homes = {item.name: "enums" for item in planned.enums}
    for module, names in selection["enums"].items():
        homes |= dict.fromkeys(names, module)
    return homes


def enum_modules(planned: Plan, selection: Mapping[str, Any]) -> Mapping[str, str]:
    """The modules of enumerations."""
    told = json.loads((REFERENCE / "_enums.json").read_text(encoding="utf-8"))
    homes = enum_homes(planned, selection)
    classes: dict[str, list[str]] = {}
    for item in planned.enums:
        doc = selection["enum_docs"][item.name]
        note = "" if told[item.name]["case_verified"] else f"\n\n{UNVERIFIED}"
        classes.setdefault(homes[item.name], []).append(enum_source(item, f"{doc}{note}"))
    ours = {f"{MODELS}.open_enum": ["OpenEnum"]}
    return {
        name: module_source(selection["modules"][name], texts, ours)
        for name, texts in classes.items()
    }


def model_modules(planned: Plan, selection: Mapping[str, Any]) -> Mapping[str, str]:
    """The modules of models."""
    homes = enum_homes(planned, selection)
    modules: dict[str, list[PlannedModel]] = {}
    for model in planned.models:
        modules.setdefault(selection["models"][model.entity_set]["module"], []).append(model)
    sources = {}
    for name, models in modules.items():
        ours: dict[str, set[str]] = {f"{MODELS}.entity": {"Entity"}}
        if any(model.draft for model in models):
            ours[f"{MODELS}.entity"].add("EntityDraft")
        for enum in sorted({enum for model in models for enum in model.enums}):
            ours.setdefault(f"{MODELS}.{homes[enum]}", set()).add(enum)
        classes = [source for model in models for source in model_sources(model)]
        sources[name] = module_source(selection["modules"][name], classes, ours)
    return sources


def package(planned: Plan, selection: Mapping[str, Any]) -> str:
    """The package's own module: every model, draft and enumeration by name."""
    homes = dict(enum_homes(planned, selection))
    for model in planned.models:
        module = selection["models"][model.entity_set]["module"]
        homes[model.class_name] = module
        if model.draft:
            homes[model.draft.class_name] = module
    modules = sorted(set(homes.values()))
    imports = [
        import_line(f"{MODELS}.{module}", [n for n in homes if homes[n] == module], width=96)
        for module in modules
    ]
    return LAZY.format(
        doc=docstring(PACKAGE, indent=""),
        imports=textwrap.indent("\n".join(imports), "    "),
        modules="".join(f'    "{module}",\n' for module in modules),
        names="".join(f'    "{n}",\n' for n in sorted(homes, key=lambda n: (not n.isupper(), n))),
    )


def keys(described: Metadata) -> str:
    """The key of every entity set that the reference has, modelled or not."""
    rows: list[str] = []
    for item in described.entities.values():
        rows += mapping_entry(item.entity_set, item.key)
    return "\n".join(
        [
            '"""The keys of entity sets, modelled or not: rows are ordered by them."""',
            "",
            "from __future__ import annotations",
            "",
            "from collections.abc import Mapping",
            "",
            "KEYS: Mapping[str, tuple[str, ...]] = {",
            *rows,
            "}",
            '"""The wire\'s names of the key\'s fields, in their order, by entity set."""',
            "",
        ]
    )


def mapping_entry(name: str, items: Iterable[str]) -> list[str]:
    """A tuple of texts in a mapping, on one line where it fits."""
    quoted = [f'"{item}"' for item in items]
    comma = "," if len(quoted) == 1 else ""
    line = f'    "{name}": ({", ".join(quoted)}{comma}),'
    if len(line) <= WIDTH:
        return [line]
    return [f'    "{name}": (', *(f"        {item}," for item in quoted), "    ),"]


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
