"""The page on testing with the emulator: its tests are run by pytest, as a reader would."""

from __future__ import annotations

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "test-with-the-emulator.md"


def blocks(language: str) -> list[str]:
    """The page's blocks in a language."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def pytest_run(folder: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """A run of the page's tests, without a conftest and with warnings as errors."""
    (folder / "test_page.py").write_text("\n\n".join(blocks("python")), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-s", "-W", "error", "-p", "no:cacheprovider"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_block_is_a_test_that_passes(tmp_path: pathlib.Path) -> None:
    """The script at the end, which is no test, prints the vendor that it stored."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    done = pytest_run(tmp_path)

    assert done.returncode == 0, done.stdout
    assert "4 passed" in done.stdout
    assert "['US-101']" in done.stdout


def test_the_configuration_is_understood(tmp_path: pathlib.Path) -> None:
    """Both options are known to pytest, and the rows of the file are there in every test."""
    (configuration,) = blocks("ini")
    (tmp_path / "pytest.ini").write_text(configuration, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "d365_rows.json").write_text(
        '{"VendorGroups": [{"dataAreaId": "usmf", "VendorGroupId": "10"}]}', encoding="utf-8"
    )
    (tmp_path / "test_mine.py").write_text(
        "def test_mine(d365_server):\n    assert len(d365_server.rows('VendorGroups')) == 1\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--strict-config", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
