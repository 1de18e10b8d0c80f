"""An environment of its own for each client that we are measured against.

What goes into one stands beside this module, every version pinned; uv makes it once and it is
kept under `.nox/`. Where a client cannot be had, it is left out, and why is said.
"""

from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).parents[2]
_KEPT = ROOT / ".nox" / "bench-environments"
_PINS = pathlib.Path(__file__).parent


class LeftOut(Exception):
    """A client cannot be measured here; the message says why."""


def environment(name: str, *, at_least: tuple[int, int]) -> pathlib.Path:
    """The interpreter of the environment that `<name>.txt` describes, made if it is not there.

    Raises:
        LeftOut: there is no such Python, or the packages cannot be installed.
    """
    directory = _KEPT / name
    python = directory / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pins = (_PINS / f"{name}.txt").read_text(encoding="utf-8")
    made_of = directory / "made-of.txt"
    if made_of.is_file() and made_of.read_text(encoding="utf-8") == pins:
        return python
    interpreter = _interpreter(at_least)
    _uv("venv", "--quiet", "--clear", "--python", str(interpreter), str(directory))
    _uv("pip", "install", "--quiet", "--python", str(python), "-r", str(_PINS / f"{name}.txt"))
    made_of.write_text(pins, encoding="utf-8")
    return python


def _interpreter(at_least: tuple[int, int]) -> pathlib.Path:
    """Our own interpreter if it is new enough, else another that works."""
    if sys.version_info[:2] >= at_least:
        return pathlib.Path(sys.executable)
    for candidate in _candidates(at_least):
        # A shim of pyenv is on the path even where the version behind it is switched off.
        if _ran(str(candidate), "-c", "").returncode == 0:
            return candidate
    version = ".".join(map(str, at_least))
    raise LeftOut(f"it needs Python {version} or later, and none was found")


def _candidates(at_least: tuple[int, int]) -> Iterator[pathlib.Path]:
    major, oldest = at_least
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser()
    for minor in range(oldest, oldest + 5):
        if found := shutil.which(f"python{major}.{minor}"):
            yield pathlib.Path(found)
        yield from sorted(pyenv.glob(f"versions/{major}.{minor}.*/bin/python"))


def _uv(*arguments: str) -> None:
    uv = shutil.which("uv", path=f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.defpath}")
    done = _ran(uv or shutil.which("uv") or "uv", *arguments)
    if done.returncode:
        raise LeftOut(f"uv {arguments[0]} failed: {done.stderr.strip()}")


def _ran(*command: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    # nox's constraints are ours; these environments have their own.
    for name in ("UV_BUILD_CONSTRAINT", "VIRTUAL_ENV"):
        environ.pop(name, None)
    return subprocess.run(  # noqa: S603 - uv, and interpreters of this machine
        command, env=environ, capture_output=True, text=True, check=False
    )
