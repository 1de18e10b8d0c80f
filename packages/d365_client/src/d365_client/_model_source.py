"""Planned models as Python text, in ruff's own shape; the same plan gives the same text. Pure.

Names are Python's own by now and texts are quoted, so nothing that a tenant says becomes code.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from d365_client._metadata import MetadataEnum
from d365_client._model_plan import Plan, PlannedDraft, PlannedField, PlannedModel
from d365_client.models.names import member_name

WIDTH = 100

_STANDARD = {
    "ClassVar": "typing",
    "Decimal": "decimal",
    "Mapping": "collections.abc",
    "UUID": "uuid",
    "date": "datetime",
    "datetime": "datetime",
}
_TYPE = re.compile(r"\w+")


def plan_source(plan: Plan, *, doc: str) -> str:
    """One module with all of a plan: enumerations, then each model with its draft."""
    classes = [*map(enum_source, plan.enums)]
    for model in plan.models:
        classes += model_sources(model)
    imported = {"Entity"} | ({"OpenEnum"} if plan.enums else set())
    if any(model.draft for model in plan.models):
        imported.add("EntityDraft")
    return module_source(doc, classes, {"d365_client": imported}, sections=1)


def module_source(
    doc: str, classes: Sequence[str], ours: Mapping[str, Iterable[str]], *, sections: int = 2
) -> str:
    """A module of these classes; `ours` are the names that they need, by module.

    With two `sections` attrs stands apart from `ours`, as other people's packages do.
    """
    body = "\n\n\n".join(classes)
    used = {*_TYPE.findall(body)}
    standard: dict[str, set[str]] = {}
    for name in used & _STANDARD.keys():
        standard.setdefault(_STANDARD[name], set()).add(name)
    attrs_import = ["import attrs"] if "attrs" in used else []
    own = [import_line(module, ours[module]) for module in sorted(ours) if ours[module]]
    blocks = [
        docstring(doc, indent=""),
        "from __future__ import annotations",
        "\n".join(import_line(module, standard[module]) for module in sorted(standard)),
        *(["\n".join(attrs_import + own)] if sections == 1 else ["\n".join(attrs_import)]),
        *([] if sections == 1 else ["\n".join(own)]),
    ]
    head = "\n\n".join(filter(None, blocks))
    return f"{head}\n\n\n{body}\n"


def model_sources(model: PlannedModel) -> list[str]:
    """A model, and its draft if it has one."""
    lines = [
        "@attrs.frozen(kw_only=True)",
        _class_line(model.class_name, "Entity"),
        docstring(model.doc),
        "",
        f'    ENTITY_SET = "{model.entity_set}"',
        *_tuple("KEY", model.key),
        *_wire_names(model.fields),
        "",
        *(f"    {item.attribute}: {item.type}" for item in model.fields),
    ]
    drafts = [_draft_source(model.draft, model.class_name)] if model.draft else []
    return ["\n".join(lines), *drafts]


def enum_source(enumeration: MetadataEnum, doc: str = "") -> str:
    """An enumeration; two members of one name in Python get a number each."""
    members: dict[str, str] = {}
    for wire in enumeration.members:
        name, count = member_name(wire), 2
        while name in members:
            name, count = f"{member_name(wire)}_{count}", count + 1
        members[name] = wire
    label = "" if enumeration.label.startswith("@") else enumeration.label.strip().rstrip(".")
    told = doc or (f"{label}." if label else f"The enumeration {enumeration.name}.")
    lines = [
        f"class {enumeration.name}(OpenEnum):",
        docstring(told),
        *([""] if members else []),
        *(_member(name, wire) for name, wire in members.items()),
    ]
    return "\n".join(lines)


def _draft_source(draft: PlannedDraft, creates: str) -> str:
    optional = (
        f"    {item.attribute}: {_given(item.type)} | None = None" for item in draft.optional
    )
    lines = [
        "@attrs.frozen(kw_only=True)",
        _class_line(draft.class_name, f"EntityDraft[{creates}]"),
        docstring(draft.doc),
        "",
        f"    CREATES = {creates}",
        *_wire_names((*draft.required, *draft.optional)),
        "",
        *(f"    {item.attribute}: {_given(item.type)}" for item in draft.required),
        *optional,
    ]
    return "\n".join(lines)


def _class_line(name: str, parent: str) -> str:
    line = f"class {name}({parent}):"
    return line if len(line) <= WIDTH else f"class {name}(\n    {parent}\n):"


def _member(name: str, wire: str) -> str:
    line = f"    {name} = {_quoted(wire)}"
    return line if len(line) <= WIDTH else f"    {name} = (\n        {_quoted(wire)}\n    )"


def _given(read: str) -> str:
    """What is given for what is read: a date that is written is one."""
    return read.removesuffix(" | None")


def _wire_names(fields: Iterable[PlannedField]) -> Iterator[str]:
    pairs = [f'"{item.attribute}": "{item.wire}"' for item in fields if item.is_irregular]
    line = f"    WIRE_NAMES: ClassVar[Mapping[str, str]] = {{{', '.join(pairs)}}}"
    if pairs and len(line) <= WIDTH:
        yield line
    elif pairs:
        yield "    WIRE_NAMES: ClassVar[Mapping[str, str]] = {"
        yield from (f"        {pair}," for pair in pairs)
        yield "    }"


def _tuple(name: str, items: Sequence[str]) -> Iterator[str]:
    quoted = [_quoted(item) for item in items]
    comma = "," if len(quoted) == 1 else ""
    line = f"    {name} = ({', '.join(quoted)}{comma})"
    if len(line) <= WIDTH:
        yield line
        return
    yield f"    {name} = ("
    yield from (f"        {item}," for item in quoted)
    yield "    )"


def import_line(module: str, names: Iterable[str], *, width: int = WIDTH) -> str:
    """The import of these names, on one line where it fits into the width."""
    listed = sorted(names, key=_place)
    line = f"from {module} import {', '.join(listed)}"
    if len(line) <= width:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in listed), ")"])


def _place(name: str) -> tuple[bool, bool, str]:
    """Constants, classes, then the rest, as isort sorts what is imported."""
    return (not (name.isupper() and len(name) > 1), not name[0].isupper(), name.lower())


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def docstring(text: str, indent: str = "    ") -> str:
    """A text as a docstring: a first sentence, and paragraphs if the text has any."""
    paragraphs = [
        textwrap.fill(" ".join(part.split()), WIDTH - len(indent))
        for part in _harmless(text).split("\n\n")
    ]
    # The first line has the quotes too.
    first = textwrap.fill(" ".join(paragraphs[0].split()), WIDTH - len(indent) - 3)
    whole = f'"""{first}"""'
    if len(paragraphs) > 1 or len(indent + whole.splitlines()[-1]) > WIDTH or "\n" in whole:
        whole = "\n\n".join([f'"""{first}', *paragraphs[1:]]) + '\n"""'
    return textwrap.indent(whole, indent)


def _harmless(text: str) -> str:
    """A text that ends no docstring and escapes nothing."""
    return text.replace("\\", "/").replace('"', "'")
