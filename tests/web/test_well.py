"""One well: its tiles are its pixels, what is drawn over it lies where the cells are, and each cell can be opened."""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.web.pictured_screen import PIXEL_UM, PLACES, SIZE, add_pictures, field

from coculture.store.images.plate import create_plate, finish_plate, plate_images_path
from coculture.store.images.writing import write_well_images

IMAGED = "/screens/pictured/plate/P1/well/A01"
DRAWN = "/screens/pictured/plate/P1/well/A02"


@pytest.fixture(scope="module")
def pictured(screen_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "pictured"
    shutil.copytree(screen_folder, folder)
    add_pictures(folder)
    return folder


@pytest.fixture(scope="module")
def browser(pictured: Path):
    from tests.web.conftest import asking

    return asking([pictured])


def picture(answer) -> np.ndarray:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    return np.asarray(Image.open(io.BytesIO(answer.content)))


def test_a_tile_is_the_pixels_between_the_asked_greys(browser) -> None:
    tile = picture(browser.get(f"{IMAGED}/tile/1/0/0/0/0.png?light=100,3000,ff8000,dna"))
    assert tile.shape == (512, 512, 3)
    (x, y), *_ = PLACES
    assert tuple(tile[y, x]) == (255, 128, 0)
    assert tuple(tile[300, 300]) == (0, 0, 0)
    second = picture(browser.get(f"{IMAGED}/tile/1/0/0/1/1.png?light=100,1100,0000ff,gfp"))
    assert second.shape == (SIZE - 512, SIZE - 512, 3)
    assert second[0, 0, 2] == int(255 * 512 / 1000)


def test_outlines_are_the_rims_of_the_labels(browser) -> None:
    tile = picture(browser.get(f"{IMAGED}/outline/1/0/0/0/0.png?name=cells"))
    drawn = tile[:, :, 3] > 0
    assert drawn[80:120, 119].all()
    assert not drawn[300:400].any()


@pytest.mark.parametrize(
    "address",
    [
        "tile/1/0/0/2/0.png",
        "tile/2/0/0/0/0.png",
        "tile/1/1/0/0/0.png",
        "tile/1/0/9/0/0.png",
        "tile/1/0/-1/0/0.png",
        "outline/1/0/0/0/0.png?name=..%2f..%2fdna",
        "contacts/1/5.svg",
        "crop/1/0/99.png",
        "cell/99",
        "drawing/1/0.png?solute=water",
    ],
)
def test_what_is_not_there_is_not_found(browser, address: str) -> None:
    assert browser.get(f"{IMAGED}/{address}").status_code == 404


@pytest.mark.parametrize(
    "light", ["1,2,zzzzzz,dna", "1,2,ff0000,../dna", "a,b,ff0000,dna", "1e99,2,ff0000,dna", "1,2,ff0000,rfp"]
)
def test_light_that_cannot_be_understood_is_refused(browser, light: str) -> None:
    assert browser.get(f"{IMAGED}/tile/1/0/0/0/0.png", params={"light": light}).status_code == 400


def test_contacts_join_the_cells_that_touch(browser) -> None:
    lines = browser.get(f"{IMAGED}/contacts/1/0.svg").text
    assert f'viewBox="0 0 {SIZE * PIXEL_UM:g} {SIZE * PIXEL_UM:g}"' in lines
    assert re.findall(r'd="([^"]+)" class="link link-unlike"', lines) == ["M50 50L70 50"]
    assert "link-alike" not in lines


def test_tracks_lead_to_where_cells_are_now(browser) -> None:
    assert "<path" not in browser.get(f"{DRAWN}/tracks/1/0.svg").text
    ways = browser.get(f"{DRAWN}/tracks/1/1.svg").text
    assert "M50 50L55 50" in ways
    assert "M300 300L305 300" in ways


def test_a_click_finds_the_nearest_cell_and_none_far_away(browser) -> None:
    assert browser.get(f"{IMAGED}/nearest/1/0?x_um=68&y_um=52").json() == {"cell": 2, "type": "t_cell"}
    assert browser.get(f"{IMAGED}/nearest/1/0?x_um=200&y_um=180").json() == {"cell": None}
    assert browser.get(f"{IMAGED}/nearest/1/0?x_um=nan&y_um=1").json() == {"cell": None}


def test_a_cell_shows_whom_it_touches_its_numbers_and_its_surroundings(browser) -> None:
    page = browser.get(f"{IMAGED}/cell/2").text
    assert re.search(r'cell/1\?site=1&amp;time=0">tumour 1</a>: 6.50 µm', page)
    assert re.search(r"cell_intensity_mean_dna</th><td class=\"number\">2,?000", page)
    crop = picture(browser.get(f"{IMAGED}/crop/1/0/2.png"))
    assert crop.shape[:2] == (120, 120)
    assert crop[60, 60].max() == 255


def test_a_well_without_images_is_drawn_from_its_cells(browser) -> None:
    page = browser.get(f"{DRAWN}?time=1").text
    assert "&#34;kind&#34;: &#34;drawn&#34;" in page
    first, later = (picture(browser.get(f"{DRAWN}/drawing/1/{time}.png")) for time in (0, 1))
    assert first.shape == later.shape
    assert (first != later).any()
    assert browser.get(f"{DRAWN}?time=2").status_code == 404


def test_every_point_of_the_scatter_is_a_cell(browser) -> None:
    page = browser.get(f"{IMAGED}?x=cell_shape_area_um2&y=cell_intensity_mean_dna").text
    assert set(re.findall(r"/well/A01/cell/(\d+)\?site=1&amp;time=0", page)) == {"1", "2", "7"}
    assert browser.get(f"{IMAGED}?x=nothing").status_code == 404


def test_a_well_of_a_table_has_its_numbers_alone(browser) -> None:
    page = browser.get("/screens/pictured/plate/P1/well/B01").text
    assert "No cells of this well were kept" in page
    assert browser.get("/screens/pictured/plate/P1/well/Z99").status_code == 404


def test_images_of_a_run_that_was_started_over_are_shown_in_their_own_light(screen_folder: Path, tmp_path: Path) -> None:
    """The same folder and well, other channels: what was remembered of the images before must not be shown."""
    from tests.web.conftest import asking

    shutil.copytree(screen_folder, tmp_path / "pictured")
    add_pictures(tmp_path / "pictured")
    reader = asking([tmp_path / "pictured"])
    before = picture(reader.get(f"{IMAGED}/tile/1/0/0/0/0.png"))
    path = plate_images_path(tmp_path / "pictured", "P1")
    shutil.rmtree(path)
    create_plate(path, plate="P1", wells=["A01"])
    write_well_images(path, "A01", [replace(field(), channels=("actin", "tubulin"))])
    finish_plate(path)
    after = picture(reader.get(f"{IMAGED}/tile/1/0/0/0/0.png"))
    assert (before == after).all()
    assert "actin" in reader.get(IMAGED).text
