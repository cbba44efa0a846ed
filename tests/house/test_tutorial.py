"""The tutorial is run as it stands, and what it promises is true."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

SNIPPETS = Path(__file__).resolve().parents[2] / "docs" / "snippets"


@pytest.fixture(scope="module")
def worked(tmp_path_factory) -> Path:
    """Do the tutorial in a folder of its own."""
    folder = tmp_path_factory.mktemp("tutorial")
    bin_folder = Path(sys.executable).parent
    environment = os.environ | {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    shutil.copy(SNIPPETS / "screen.toml", folder)
    for step in ([sys.executable, SNIPPETS / "draw_plate.py"], ["sh", "-e", SNIPPETS / "run.sh"]):
        done = subprocess.run(step, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_parter_changes_mixing_and_not_the_count(worked):
    hits = pd.read_parquet(worked / "results" / "hits.parquet").set_index(["compound", "readout"])
    assert hits.loc[("parter", "mixing"), "hit"]
    assert hits.loc[("parter", "mixing"), "effect"] < 0
    assert not hits.loc[("parter", "tumour_cells"), "hit"]


def test_the_killer_changes_the_count_and_not_mixing(worked):
    hits = pd.read_parquet(worked / "results" / "hits.parquet").set_index(["compound", "readout"])
    assert hits.loc[("killer", "tumour_cells"), "hit"]
    assert not hits.loc[("killer", "mixing"), "hit"]


def test_reading_the_results(worked):
    done = subprocess.run([sys.executable, SNIPPETS / "read_results.py"], cwd=worked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "parter" in done.stdout
    assert "tumour" in done.stdout


def test_the_report_is_there_and_needs_no_network(worked):
    page = (worked / "results" / "report.html").read_text()
    assert "tutorial" in page
    assert 'src="http' not in page


def test_the_page_shows_what_is_run():
    page = (SNIPPETS.parent / "tutorial.md").read_text()
    for name in ("draw_plate.py", "screen.toml", "run.sh", "read_results.py"):
        assert f'--8<-- "snippets/{name}"' in page
