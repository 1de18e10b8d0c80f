"""The benchmark still runs: on few rows, without peers, and whatever it measures."""

from __future__ import annotations

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]


def test_the_benchmark_measures_each_of_our_ways_of_reading(tmp_path: pathlib.Path) -> None:
    """Every way gives all rows, timings decide nothing, and the figures come as one object."""
    out = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--no-peers", "--out", out],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    written = json.loads(out.read_text(encoding="utf-8"))

    assert done.returncode == 0, done.stderr
    assert written["measured"]["failed"] == {}
    assert sorted(written["measured"]["seconds"]) == [
        "tieout, plain",
        "tieout, typed",
        "tieout, typed, every field",
    ]
    assert sorted(written["measured"]["delayed"]) == [
        "tieout, plain, prefetch",
        "tieout, typed, prefetch",
    ]
    assert sorted(written["bill"]["seconds"]) == ["httpx", "tieout"]
    assert written["bill_rows_vs_httpx"] > 0
    assert 0 < written["bill_slot_utilisation_creates"] <= 1
    assert 0 < written["bill_slot_utilisation_lists"] <= 1
    # Without peers there is nothing to compare with; Windows does not tell peaks.
    if sys.platform != "win32":
        assert written["d365_paging_peak_mb"] > 0
