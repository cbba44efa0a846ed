"""The chip page shows the grid, the flow that was kept, and what was where over time."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.web.conftest import asking

from coculture.chip.flow.ports import PortCondition
from coculture.sources.virtual_chip.vessels.chip import ChipVessel
from coculture.store.medium import KeptMedium, medium_path, write_medium
from coculture.web.chip_view import chip_of
from coculture.web.overlays import flow_lines

PARAMETERS = {
    **{"gel_width_um": 400, "media_width_um": 200, "depth_um": 150, "lane_length_um": 900},
    **{"end_um": 200, "post_length_um": 100, "post_thickness_um": 50},
}
PAGE = "/screens/chipped/chip"


def lane_chip() -> ChipVessel:
    """Return a small three-lane chip with medium flowing through both outer lanes."""
    conditions = {
        "upper_in": PortCondition(None, 0.5),
        "lower_in": PortCondition(None, 0.5),
        "upper_out": PortCondition(0.0, None),
        "lower_out": PortCondition(0.0, None),
    }
    return ChipVessel("lane3", PARAMETERS, 25.0, conditions)


@pytest.fixture(scope="module")
def chip() -> ChipVessel:
    return lane_chip()


@pytest.fixture(scope="module")
def browser(screen_folder: Path, chip: ChipVessel, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("web") / "chipped"
    shutil.copytree(screen_folder, folder)
    run = json.loads((folder / "run.json").read_text())
    run["settings"]["source"] = {"kind": "virtual", "chip": {"design": "lane3", "parameters": PARAMETERS, "pitch_um": 25.0}}
    (folder / "run.json").write_text(json.dumps(run))
    (folder / "prepared").mkdir()
    chip.prepare(folder)
    inside = chip.grid.open
    path = medium_path(folder, "P1", "A01")
    path.parent.mkdir(parents=True)
    levels = np.stack([np.where(chip.grid.in_region("gel_lane") & inside, 4.0 * t, 1.0 * t) * inside for t in (0.0, 1.0)])
    write_medium(path, KeptMedium(np.array([0.0, 60.0]), ("cxcl10",), levels[:, None].astype(np.float32), inside, 25.0))
    return asking([folder])


def test_the_facts_are_those_of_the_flow(browser) -> None:
    page = browser.get(PAGE).text
    assert re.search(r"<dt>flow</dt><dd>1(\.00)? µL/min</dd>", page)
    assert "<dt>design</dt><dd>lane3</dd>" in page


def test_walls_are_grey_and_the_flow_is_not(browser, chip: ChipVessel) -> None:
    inside = chip.grid.open
    for name in ("geometry", "speed", "shear"):
        shown = np.asarray(Image.open(io.BytesIO(browser.get(f"{PAGE}/{name}.png").content)))
        assert shown.shape[:2] == inside.shape
        assert (shown[~inside] == (92, 96, 102)).all()
        assert (shown[inside] != (92, 96, 102)).any(axis=1).all()
    assert browser.get(f"{PAGE}/..%2fspeed.png").status_code == 404


def test_each_region_has_its_course(browser) -> None:
    page = browser.get(f"{PAGE}?plate=P1&well=A01").text
    assert re.search(r"<title>gel_lane: 4(\.00)? µM</title>", page)
    assert re.search(r"<title>upper_lane: 1(\.00)? µM</title>", page)


def test_arrows_point_downstream_and_only_where_medium_flows(browser, chip: ChipVessel) -> None:
    flow = chip_of(browser.app.state.library.screens()["chipped"].contents).flow
    pitch, (rows, columns) = chip.grid.pitch_um, chip.grid.shape
    drawn = str(flow_lines(flow, (0.0, 0.0, columns * pitch, rows * pitch)))
    arrows = [tuple(map(float, found)) for found in re.findall(r"M([\d.-]+) ([\d.-]+)L([\d.-]+) ([\d.-]+)M", drawn)]
    along_x, along_y = flow.velocity()
    assert len(arrows) > 20
    for x0, y0, x1, y1 in arrows:
        row, column = int((y0 + y1) / 2 / pitch), int((x0 + x1) / 2 / pitch)
        assert chip.grid.open[row, column]
        assert (x1 - x0) * along_x[row, column] + (y1 - y0) * along_y[row, column] > 0


def test_a_design_of_ones_own_is_not_read_from_the_disk(screen_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    shutil.copytree(screen_folder, folder)
    run = json.loads((folder / "run.json").read_text())
    run["settings"]["source"] = {"kind": "virtual", "chip": {"design": "/etc/passwd"}}
    (folder / "run.json").write_text(json.dumps(run))
    page = asking([folder]).get("/screens/own/chip").text
    assert "a design of your own" in page
    assert asking([folder]).get("/screens/own/chip/geometry.png").status_code == 404


def test_a_screen_of_images_has_no_chip(client) -> None:
    assert "it has no chip to show" in client.get("/screens/made-screen/chip").text
