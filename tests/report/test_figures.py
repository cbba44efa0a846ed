"""Drawings obey geometry: areas, order, no overlap, nothing outside, text escaped."""

from __future__ import annotations

import base64
import re
from xml.etree import ElementTree

import imagecodecs
import numpy as np
import pytest
from made_results import disc_field

from coculture.report import svg
from coculture.report.colours import colour, is_dark, rgb
from coculture.report.figures.controls_strip import StripWell, controls_ranges, controls_strip
from coculture.report.figures.dose_curve import DosePanel, DosePoint, DoseSeries, dose_curve
from coculture.report.figures.effect_interval import Effect, effect_interval, shared_scale
from coculture.report.figures.outline_path import outline_path
from coculture.report.figures.plate_map import ColourRange, MappedWell, colour_bar, plate_map
from coculture.report.figures.plate_thumbnails import plate_thumbnail
from coculture.report.figures.swarm import swarm
from coculture.report.pictures import cut, grey_picture, heat_picture, shared_window
from coculture.report.scales import LinearScale, LogScale
from coculture.store.images.field import FieldImages


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def rings(path: str) -> list[np.ndarray]:
    """Return the corners of each closed ring of an outline path, in pixels."""
    found = []
    for part in path.split("M")[1:]:
        start, _, steps = part.rstrip("z").partition("l")
        numbers = [float(n) for n in re.findall(r"-?\d+", steps)]
        points = [np.array([float(n) for n in start.split()])]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            points.append(points[-1] + [dx, dy])
        found.append(np.array(points) / 2)
    return found


def area(ring: np.ndarray) -> float:
    x, y = ring.T
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def test_elements_escape_text_and_attributes() -> None:
    made = str(svg.element("text", "<b>&", class_='x"y', x=1.0, text_anchor=None))
    assert made == '<text class="x&#34;y" x="1">&lt;b&gt;&amp;</text>'
    assert svg.number(-0.001) == "0"
    assert svg.number(2.50) == "2.5"
    assert str(svg.path([(0, 0)], "c")) == ""


def test_colours_get_lighter_and_have_no_colour_for_missing() -> None:
    light = [0.299 * r + 0.587 * g + 0.114 * b for r, g, b in (rgb(share) for share in np.linspace(0, 1, 30))]
    assert all(np.diff(light) > 0)
    assert colour(-5) == colour(0) == "#440154"
    assert colour(7) == "#fde725"
    assert is_dark(0.0)
    assert not is_dark(1.0)
    with pytest.raises(ValueError, match="draw it as missing"):
        rgb(float("nan"))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3.7, 812.4), (0.001, 0.0042), (5, 5), (0, 0), (-2e7, 3e7)])
def test_linear_ticks_are_few_round_and_inside(low: float, high: float) -> None:
    scale = LinearScale(low, high, 0, 100)
    ticks = scale.ticks()
    assert 2 <= len(ticks) <= 12
    assert all(-1e-6 <= scale(tick.value) <= 100 + 1e-6 for tick in ticks)
    assert len({tick.label for tick in ticks}) == len(ticks)


@pytest.mark.parametrize(("low", "high"), [(0.01, 100), (0.3, 9), (1, 1.5), (1e-6, 1e3)])
def test_log_ticks_are_few_and_inside(low: float, high: float) -> None:
    scale = LogScale(low, high, 0, 100)
    ticks = scale.ticks()
    assert 1 <= len(ticks) <= 9
    assert all(-0.5 <= scale(tick.value) <= 100.5 for tick in ticks)
    assert scale(np.sqrt(low * high)) == pytest.approx(50)


def test_outline_of_a_rectangle_has_its_area_less_the_cut_corners() -> None:
    labels = np.zeros((30, 40), np.int32)
    labels[5:15, 7:27] = 3
    (ring,) = rings(outline_path(labels))
    assert area(ring) == pytest.approx(10 * 20 - 0.5)
    assert ring.min(axis=0) == pytest.approx([7, 5])
    assert ring.max(axis=0) == pytest.approx([27, 15])


def test_outlines_of_touching_objects_and_holes() -> None:
    labels = np.zeros((20, 20), np.int32)
    labels[2:10, 2:10] = 1
    labels[2:10, 10:18] = 2
    assert sorted(area(ring) for ring in rings(outline_path(labels))) == pytest.approx([63.5, 63.5])
    labels[5:7, 5:7] = 0
    assert sorted(area(ring) for ring in rings(outline_path(labels))) == pytest.approx([-3.5, 63.5, 63.5])
    assert outline_path(np.zeros((4, 4), np.int32)) == ""


def test_outline_turns_with_the_image() -> None:
    y, x = np.mgrid[:40, :40]
    disc = (np.hypot(y - 17.3, x - 21.9) < 11.4).astype(np.int32)
    (ring,) = rings(outline_path(disc))
    (turned,) = rings(outline_path(np.rot90(disc).copy()))
    assert area(ring) == pytest.approx(area(turned))
    assert area(ring) == pytest.approx(np.pi * 11.4**2, rel=0.03)


def test_swarm_keeps_marks_apart_and_in_their_lane() -> None:
    heights = list(np.random.default_rng(1).normal(100, 12, 60))
    offsets = swarm(heights, 60, 6.4)
    assert max(abs(offset) for offset in offsets) <= 60
    places = np.column_stack([offsets, heights])
    gaps = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + 99 * np.eye(60)
    assert gaps.min() > 4.0
    assert swarm(heights, 60, 6.4) == offsets
    assert swarm([5.0] * 50, 10, 6.4)[:1] == [0.0]


def well(name: str, value: float | None, role: str = "treatment", *, failed: bool = False) -> MappedWell:
    return MappedWell(ord(name[0]) - 65, int(name[1:]) - 1, role, value, f"{name} · {role}", failed)


def test_plate_map_draws_every_well_once_with_its_title() -> None:
    wells = [
        well("A01", 0.0, "negative"),
        well("A02", 1.0, "positive"),
        well("B01", None, failed=True),
        well("B02", 0.5, "blank"),
    ]
    root = parsed(plate_map(wells, 2, 2, ColourRange(0, 1), title="Plate <1>", description="four wells"))
    assert root.get("aria-label") == "Plate <1>. four wells"
    titles = [title.text for title in root.iter("title")]
    assert titles == [one.title for one in wells]
    fills = [rect.get("fill") for rect in root.iter("rect")]
    assert fills == ["#440154", "#fde725", None, colour(0.5)]
    assert [rect.get("class") for rect in root.iter("rect")][2] == "well well-failed"


def test_colour_bar_marks_controls_inside_its_ends() -> None:
    root = parsed(colour_bar(ColourRange(0, 10), "ratio", [("negative", 1.0), ("positive", 99.0)]))
    assert "from 0 (dark violet) to 10.0 (yellow)" in root.get("aria-label", "")
    circle = next(iter(root.iter("circle")))
    assert float(circle.get("cx", "")) == pytest.approx(14 + 26)


def test_thumbnail_holds_a_pixel_a_well() -> None:
    data = plate_thumbnail([well("A01", 0.0), well("B03", 1.0), well("A02", None)], 2, 3, ColourRange(0, 1))
    pixels = imagecodecs.png_decode(base64.b64decode(data.partition(",")[2]))
    assert pixels.shape == (2, 3, 4)
    assert tuple(pixels[0, 0]) == (0x44, 0x01, 0x54, 255)
    assert tuple(pixels[1, 2]) == (0xFD, 0xE7, 0x25, 255)
    assert pixels[0, 1, 3] == 0


def test_strip_draws_every_well_and_the_controls_medians() -> None:
    wells = {"negative": [StripWell(v, f"n{v}") for v in (1.0, 2.0, 3.0)], "treatment": [StripWell(2.5, "t")]}
    root = parsed(controls_strip({"P1": wells}, "ratio", title="Strip", description="d"))
    assert len(list(root.iter("circle"))) == 4
    assert len([line for line in root.iter("line") if line.get("class") == "median"]) == 1


def test_ranges_draw_a_line_a_plate_and_role() -> None:
    plates = {f"P{i}": {"negative": (1.0, 2.0, 3.0), "positive": (5.0, 6.0, 7.0)} for i in range(12)}
    root = parsed(controls_ranges(plates, "ratio", title="Ranges", description="d"))
    assert len([line for line in root.iter("line") if line.get("class") == "bar"]) == 24


def test_effect_scale_holds_zero_and_is_not_blown_up_by_one_wide_interval() -> None:
    effects = [Effect(10, 8, 12, True), Effect(5, -1000, 1000, False), Effect(-2, None, None, False)]
    scale = shared_scale(effects)
    assert scale.low < -2
    assert scale.high < 50
    assert scale.start <= scale(0) <= scale.end
    for effect in effects:
        for line in parsed(effect_interval(effect, scale, "label")).iter("line"):
            assert 0 <= float(line.get("x1", "")) <= float(line.get("x2", "")) <= 150
    assert shared_scale([]).ticks()


def test_dose_panel_keeps_everything_inside_and_leaves_out_what_it_cannot_place() -> None:
    points = [DosePoint(dose, dose * 10, f"d{dose}") for dose in (0.0, 0.1, 1.0, 10.0)] + [
        DosePoint(10.0, 90, "p", role="positive")
    ]
    curve = [(dose, 500.0) for dose in (0.1, 1.0, 10.0)]
    series = DoseSeries("", points, curve, [(d, -900.0, 900.0) for d, _ in curve], ec50=1.0, ec50_low=0.0, ec50_high=2.0)
    root = parsed(dose_curve(DosePanel([series], {"negative": [DosePoint(0, 1, "c")]}), (0, 100), title="T", description="d"))
    wells = [circle for circle in root.iter("circle") if circle.get("class") == "point"]
    assert len(wells) == 3
    assert not list(root.iter("rect")), "an interval open to dose 0 has no place on a logarithmic axis"
    for path in root.iter("path"):
        heights = [float(pair.split()[1]) for pair in re.findall(r"[ML]([-\d. ]+)", path.get("d", "")) if len(pair.split()) > 1]
        assert all(0 <= y <= 252 for y in heights)
    outside = DoseSeries("", points, ec50=1e6)
    assert "half" not in [
        line.get("class") for line in parsed(dose_curve(DosePanel([outside]), (0, 1), title="T", description="")).iter("line")
    ]


def test_steps_are_spaced_evenly() -> None:
    series = DoseSeries("", [DosePoint(float(step), 1.0, "") for step in range(1, 6)])
    root = parsed(dose_curve(DosePanel([series], logarithmic=False), (0, 2), title="T", description=""))
    places = [float(circle.get("cx", "")) for circle in root.iter("circle")]
    assert np.diff(places) == pytest.approx(np.diff(places)[0], abs=0.02)


def test_crop_takes_the_piece_with_the_expected_number_of_nuclei() -> None:
    labels = np.zeros((600, 600), np.int32)
    y, x = np.mgrid[:600, :600]
    for label, (row, column) in enumerate([(r, c) for r in range(20, 600, 50) for c in range(20, 600, 50)], start=1):
        if not (200 < row < 400 and 200 < column < 400):
            labels[np.hypot(y - row, x - column) < 8] = label
    pixels = np.stack([labels.astype(np.uint16)])
    crop = cut(FieldImages(1, 0.0, pixels, ("dna",), 1.0, {"nuclei": labels}))
    assert crop.pixels.shape == (1, 150, 150)
    found = np.count_nonzero(np.unique(crop.labels["nuclei"]))
    middle = np.count_nonzero(np.unique(labels[225:375, 225:375]))
    expected = np.count_nonzero(np.unique(labels)) / 16
    assert middle == 0
    assert abs(found - expected) <= 3


def test_crop_of_a_fine_field_is_averaged() -> None:
    pixels = np.arange(1000 * 1000, dtype=np.uint32).reshape(1, 1000, 1000)
    crop = cut(FieldImages(1, 0.0, pixels, ("dna",), 0.2))
    assert crop.pixels.shape == (1, 250, 250)
    assert crop.pixel_size_um == pytest.approx(0.6)
    assert crop.pixels.mean() == pytest.approx(pixels.mean(), rel=1e-3)


def test_pictures_keep_order_and_range() -> None:
    ramp = np.tile(np.linspace(0, 1000, 64, dtype=np.float32), (64, 1))
    window = shared_window([ramp, ramp + 500])
    assert window[0] < 100
    assert window[1] > 1000
    grey = imagecodecs.webp_decode(base64.b64decode(grey_picture(ramp, (0.0, 1000.0)).partition(",")[2]))
    assert grey.shape[:2] == (64, 64)
    assert np.all(np.diff(grey[32, ::8, 0].astype(int)) > 0)
    heat = imagecodecs.webp_decode(base64.b64decode(heat_picture(ramp).partition(",")[2]))
    assert heat[0, -1, 0] > 180 > 120 > heat[0, 0, 0]
    assert heat_picture(np.ones((8, 8), np.float32)).startswith("data:image/webp")


def test_field_of_discs_crops_whole() -> None:
    crop = cut(disc_field(np.random.default_rng(0)))
    assert crop.pixels.shape == (2, 200, 200)
    assert set(crop.labels) == {"nuclei", "cells"}
