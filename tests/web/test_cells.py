"""Every cell of a screen at once: counted in squares, cut closer, down to single cells."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.web.conftest import asking
from tests.web.pictured_screen import add_pictures

from coculture.store.store_note import StoreNote
from coculture.store.tables import write_table

PAGE = "/screens/crowded/cells"
X, Y = "cell_shape_area_um2", "cell_intensity_mean_dna"
MANY = 5_000


@pytest.fixture(scope="module")
def folder(screen_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("web") / "crowded"
    shutil.copytree(screen_folder, found)
    add_pictures(found)
    path = found / "cells" / "plate=P1" / "well=A01.parquet"
    three = pd.read_parquet(path)
    rng = np.random.default_rng(3)
    many = three.loc[np.zeros(MANY, int)].reset_index(drop=True)
    many = many.assign(cell_id=np.arange(1, MANY + 1), **{X: rng.normal(100, 5, MANY), Y: rng.normal(1000, 50, MANY)})
    write_table(pd.concat([many, three.assign(cell_id=[MANY + 1, MANY + 2, MANY + 3])], ignore_index=True), path)
    return found


@pytest.fixture(scope="module")
def browser(folder: Path):
    return asking([folder])


def squares(page: str) -> list[tuple[str, int]]:
    """Return address and count of every square."""
    return [(unescape(address), int(n)) for address, n in re.findall(r'<a href="([^"]+)" tabindex="-1" aria-label="(\d+)"', page)]


def test_squares_hold_every_cell_once(browser) -> None:
    page = browser.get(PAGE, params={"x": X, "y": Y}).text
    found = squares(page)
    assert sum(n for _, n in found) == MANY + 3 + 6, "those of A01, and two times three of A02"
    assert len(found) <= 3600


def test_a_square_leads_to_its_cells(browser) -> None:
    found = squares(browser.get(PAGE, params={"x": X, "y": Y}).text)
    address, n = min((one for one in found if one[1] > 20), key=lambda one: one[1])
    closer = browser.get(PAGE + address).text
    shown = re.findall(r"/plate/P1/well/A01/cell/(\d+)\?site=1&amp;minute=0", closer)
    assert abs(len(shown) - n) <= 2, "cells on an edge belong to both squares"


def test_cells_of_one_type_and_plate(browser) -> None:
    assert "3 cells with both numbers" in browser.get(PAGE, params={"type": "t_cell"}).text
    assert "3 cells with both numbers" in browser.get(PAGE, params={"type": "t_cell", "plate": "P1"}).text
    assert "0 cells with both numbers" in browser.get(PAGE, params={"x_low": 1e9}).text


@pytest.mark.parametrize(
    ("query", "status"),
    [("type=nothing", 404), ("plate=..", 404), ("x=nothing", 404), ("x_low=nan", 400), ("x_low=inf", 400), ("x_low=a", 400)],
)
def test_what_is_not_there_is_refused(browser, query: str, status: int) -> None:
    assert browser.get(f"{PAGE}?{query}").status_code == status


def test_a_plate_whose_cells_were_not_kept_has_none(browser) -> None:
    assert "0 cells with both numbers" in browser.get(f"{PAGE}?plate=P2").text


def test_a_screen_of_a_table_has_no_cells(client) -> None:
    assert "No cells of this screen were kept" in client.get("/screens/made-screen/cells").text


def test_cells_that_lie_in_a_store_are_missed_aloud(folder: Path, tmp_path: Path) -> None:
    stored = tmp_path / "stored"
    shutil.copytree(folder, stored)
    note = StoreNote("s3://lab/stored", "a run")
    note.write(stored)
    browser = asking([stored])
    assert "lie in s3://lab/stored" in browser.get("/screens/stored/cells").text
    shutil.rmtree(stored / "cells")
    for page in ("/screens/stored/cells", "/screens/stored/plate/P1/well/B02"):
        told = asking([stored]).get(page).text
        assert "lie in an object store and were not brought here yet. To bring them: coculture fetch" in told, page
    shutil.copytree(folder / "cells", stored / "cells")
    replace(note, here=("cells",)).write(stored)
    assert "s3://lab/stored" not in browser.get("/screens/stored/cells").text


def test_a_cell_is_found_by_its_minute(browser) -> None:
    there = "/screens/crowded/plate/P1/well/A02/cell/2"
    assert "time=1" in browser.get(f"{there}?site=1&minute=10").text
    assert browser.get(f"{there}?site=1&minute=5").status_code == 404
