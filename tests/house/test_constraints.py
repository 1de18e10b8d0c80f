"""Everything that the tasks install is pinned, on each Python and each system we support."""

from __future__ import annotations

import itertools
import pathlib
from collections.abc import Iterator
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT = pathlib.Path(__file__).parents[2]
INSTALLED_BY_THE_TASKS = (
    "tieout-api-transport[emulation]",
    "tieout-bill-client[emulator]",
    "tieout-d365-client[emulator]",
    "tieout-syncengine[cli,demo]",
)
ASKED_FOR_BY_THE_BUILD = "editables"  # hatchling, when it installs a package as editable

SYSTEMS = (
    {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"},
    {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
)
PYTHONS = tuple(
    {"python_version": version, "python_full_version": f"{version}.1"}
    for version in ("3.11", "3.12", "3.13")
)
MACHINES = tuple(
    {**system, **python, "platform_python_implementation": "CPython"}
    for system, python in itertools.product(SYSTEMS, PYTHONS)
)


def requirements(name: str) -> Iterator[Requirement]:
    """The requirements in a file of the root, comments left out."""
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if text := line.partition("#")[0].strip():
            yield Requirement(text)


def wanted(requirement: Requirement) -> Iterator[Requirement]:
    """What a requirement requires in its turn, on any of the machines."""
    try:
        found = metadata.requires(requirement.name) or ()
    except metadata.PackageNotFoundError:  # for another system than this one
        return
    for text in found:
        inner = Requirement(text)
        if inner.marker is None or any(
            inner.marker.evaluate({**machine, "extra": extra})
            for machine in MACHINES
            for extra in (requirement.extras or {""})
        ):
            yield inner


def everything_installed() -> set[NormalizedName]:
    """The names of all that the tasks install, ours left out."""
    waiting = [
        *map(Requirement, (*INSTALLED_BY_THE_TASKS, ASKED_FOR_BY_THE_BUILD)),
        *requirements("requirements-development.txt"),
    ]
    seen: set[tuple[NormalizedName, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key not in seen:
            seen.add(key)
            waiting += wanted(requirement)
    return {name for name, _ in seen if not name.startswith("tieout-")}


def test_whatever_is_installed_is_pinned_and_nothing_else() -> None:
    """The pins are exactly what the packages and the checks bring, on every supported machine."""
    pinned = {canonicalize_name(pin.name) for pin in requirements("constraints.txt")}

    assert pinned == everything_installed()


@pytest.mark.parametrize("pins", ["constraints.txt", "constraints-documents.txt"])
def test_every_pin_is_one_version(pins: str) -> None:
    """A pin says `==` and nothing else, so that an installation is the same tomorrow."""
    loose = [
        str(pin)
        for pin in requirements(pins)
        if [specifier.operator for specifier in pin.specifier] != ["=="]
    ]

    assert loose == []


@pytest.mark.parametrize("pins", ["constraints.txt", "constraints-documents.txt"])
def test_the_pins_are_sorted(pins: str) -> None:
    """The pins stand in the order of their names, so that two changes rarely meet on one line."""
    names = [canonicalize_name(pin.name) for pin in requirements(pins)]

    assert names == sorted(names)
