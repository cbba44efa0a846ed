"""The drawing: to scale, complete, and the same bytes every time."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import matplotlib.image
import numpy as np
import pytest
from tests.chip.small_chips import chamber, chip_of, shaped

from coculture.chip.drawing import chip_figure, draw_chip, nice_length
from coculture.chip.drawing_parts import depth_at, families_of, length_text
from coculture.chip.geometry.library import design_names, load_design
from coculture.chip.geometry.shapes import Disc
from coculture.errors import FileError, InputError

SVG = "{http://www.w3.org/2000/svg}"


def texts(path: Path) -> list[str]:
    return ["".join(node.itertext()).strip() for node in ElementTree.parse(path).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", design_names())
def test_a_drawing_names_regions_ports_and_scale(tmp_path: Path, name: str) -> None:
    chip = load_design(name)
    path = tmp_path / "chip.svg"
    draw_chip(chip, path)
    words = texts(path)
    assert f"{chip.name}: {chip.title}" in words
    assert {port.name for port in chip.ports} <= set(words)
    assert any(re.fullmatch(r"[125]0* (µm|mm)", word) for word in words)
    assert all(any(word.startswith(part.regions[0]) for word in words) for part in chip.open_parts)
    assert path.stat().st_size < 120_000


def test_the_same_chip_gives_the_same_bytes(tmp_path: Path) -> None:
    for ending in ("svg", "png"):
        paths = [tmp_path / f"{number}.{ending}" for number in (1, 2)]
        for path in paths:
            draw_chip(load_design("lane3"), path)
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_drawing_is_to_scale() -> None:
    figure = chip_figure(chip_of(chamber("lane", 0, 0, 1000, 200)), 5.0)
    axes = figure.axes[0]
    across = axes.transData.transform([(0, 0), (100, 0), (0, 100)])
    assert across[1][0] - across[0][0] == pytest.approx(figure.dpi * 5.0 / 10)
    assert across[0][1] - across[2][1] == pytest.approx(figure.dpi * 5.0 / 10)
    (bar,) = [line for line in axes.lines if line.get_gid() == "scale_bar"]
    assert np.ptp(bar.get_xdata()) == 200


def test_names_of_ports_do_not_cover_each_other() -> None:
    chip = load_design("tree", inlet_count=3, outlet_count=9, chamber_width_um=3600)
    figure = chip_figure(chip)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text().startswith("inlet")]
    assert len(boxes) == 3
    assert not any(a.overlaps(b) for number, a in enumerate(boxes) for b in boxes[:number])


def test_a_post_in_a_chamber_shows_as_solid(tmp_path: Path) -> None:
    post = shaped("post", "post", 'kind = "rectangle", x_um = 400, y_um = 0, width_um = 200, height_um = 200')
    path = tmp_path / "chip.png"
    draw_chip(chip_of(chamber("lane", 0, 0, 1000, 400) + post), path, dots_per_inch=50)
    picture = matplotlib.image.imread(path)
    height = picture.shape[0]
    solid = np.array([0xE4] * 3) / 255
    column = picture[: height // 2, picture.shape[1] // 2, :3]
    assert (np.abs(column - solid).max(axis=1) < 0.01).sum() > 20


@pytest.mark.parametrize(("most", "length"), [(999, 500), (1000, 1000), (0.3, 0.2), (4999, 2000), (5000, 5000)])
def test_the_scale_bar_has_a_round_length(most: float, length: float) -> None:
    assert nice_length(most) == pytest.approx(length)


def test_lengths_as_a_person_reads_them() -> None:
    assert [length_text(length) for length in (0.5, 500, 1000, 2500)] == ["0.5 µm", "500 µm", "1 mm", "2.5 mm"]


def test_only_numbered_copies_share_an_entry_of_the_legend() -> None:
    names = ["well_1", "well_2", "well_3", "width_3", "width_6", "lane_1", "lane"]
    assert families_of(names) == {name: "well" if name.startswith("well") else name for name in names}


def test_the_depth_of_a_region_is_that_of_its_middle() -> None:
    chip = chip_of(chamber("lane", 0, 0, 1000, 200, 50) + chamber("pit", 100, 0, 100, 200, 90))
    assert [depth_at(chip, Disc(x, y, 10)) for x, y in ((150, 100), (500, 100), (500, 300))] == [90, 50, None]


def test_a_drawing_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"found '\.pdf'"):
        draw_chip(load_design("gap"), tmp_path / "chip.pdf")
    with pytest.raises(FileError, match="cannot be written"):
        draw_chip(load_design("gap"), tmp_path / "none" / "chip.svg")
