"""Figures of what happens between cells: numbers stand where they belong, and areas, angles and slopes are true."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from coculture.report.figures.class_plot import MOST_BARS, MOST_MARKS, Borders, Treated, class_plot
from coculture.report.figures.contact_matrix import PairContacts, contact_matrix, enrichment_bar, shortened, signed
from coculture.report.figures.displacement_curves import LagPoint, LagSeries, displacement_curves
from coculture.report.figures.point_names import Named, freest, point_names
from coculture.report.figures.rose import SECTORS, Directions, rose, sector_of
from coculture.report.figures.track_overlay import FINE, TrackLine, track_overlay, track_path
from coculture.report.figures.two_sided import strength


def parsed(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [one for one in root.iter() if name in (one.get("class") or "").split()]


def at(one: ElementTree.Element, *names: str) -> tuple[float, ...]:
    return tuple(float(one.get(name, "nan")) for name in names)


def numbers(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"-?[\d.]+", text)]


def matrix(reach: float = 4.0) -> ElementTree.Element:
    pairs = {
        ("a", "a"): PairContacts(-4.0, "1.2 per cell", "a touching a"),
        ("a", "b"): PairContacts(1.0, "0.5 per cell", "a touching b"),
        ("b", "a"): PairContacts(1.0, "0.7 per cell", "b touching a"),
        ("b", "b"): PairContacts(None, "", "b touching b"),
    }
    return parsed(contact_matrix(pairs, ("a", "b"), reach, title="T", description="d"))


def test_each_pair_has_its_number_at_its_row_and_column() -> None:
    root = matrix()
    written = {(at(one, "x", "y")): one.text for one in of_class(root, "z")}
    assert sorted(written.values()) == ["+1.0", "+1.0", "−4.0"]
    (top_left,) = [place for place, text in written.items() if text == "−4.0"]
    right, below = sorted((place for place in written if place != top_left), key=lambda place: place[1])
    assert right[1] == top_left[1]
    assert right[0] - top_left[0] == pytest.approx(76)
    assert below[0] == top_left[0]
    assert below[1] - top_left[1] == pytest.approx(76)
    assert [one.text for one in of_class(root, "below-z")] == ["1.2 per cell", "0.5 per cell", "0.7 per cell"]
    assert [one.text for one in root.iter("title")] == ["a touching a", "a touching b", "b touching a", "b touching b"]


def test_colours_are_symmetric_around_chance() -> None:
    root = matrix()
    squares = [one for one in root.iter("rect") if one.get("fill-opacity")]
    assert [(one.get("class"), float(one.get("fill-opacity", ""))) for one in squares] == [
        *(("below", 1.0), ("above", 0.25), ("above", 0.25)),
    ]
    assert len(of_class(root, "well-missing")) == 1
    assert [group.get("class") for group in root.iter("g") if "pair" in (group.get("class") or "")] == [
        *("pair on-strong", "pair on-pale", "pair on-pale"),
    ]
    assert strength(-2.0, 4.0) == strength(2.0, 4.0) == 0.5
    assert strength(9.0, 4.0) == 1.0
    bar = [(one.get("class"), float(one.get("fill-opacity", ""))) for one in parsed(enrichment_bar(4.0)).iter("rect")]
    assert len(bar) == 60
    assert [opacity for _, opacity in bar] == pytest.approx([opacity for _, opacity in bar[::-1]])
    assert {kind for kind, _ in bar[:30]} == {"below"}
    assert {kind for kind, _ in bar[30:]} == {"above"}


@pytest.mark.parametrize(("z", "text"), [(0.0, "0.0"), (-0.04, "0.0"), (2.04, "+2.0"), (-13.26, "−13.3"), (104.4, "+104")])
def test_z_carries_its_sign(z: float, text: str) -> None:
    assert signed(z) == text


def test_long_names_are_cut_and_stay_inside_the_drawing() -> None:
    types = ("tumour, hypoxic core", *(f"type number {n}" for n in range(7)))
    pairs = {(a, b): PairContacts(1.0, "9 per cell", "") for a in types for b in types}
    root = parsed(contact_matrix(pairs, types, 3.0, title="T", description=""))
    assert shortened(types[0]) == "tumour, hypoxic…"
    assert types[0] in [one.text for one in root.iter("title")]
    assert not of_class(root, "below-z"), "small squares have no room for a second number"
    width = float(root.get("width", ""))
    for one in root.iter("text"):
        length = 5.8 * len("".join(one.itertext()).removeprefix(types[0]))
        reach = length * math.cos(math.radians(40)) if one.get("transform") else length / 2
        assert float(one.get("x", "")) + (0 if one.get("text-anchor") == "end" else reach) <= width + 1


def treated(viability: float, effect: float, kind: str, name: str = "c 1 µM") -> Treated:
    return Treated(viability, viability - 5, viability + 5, effect, effect - 10, effect + 10, kind, name, f"{name} · {kind}")


def plot(points: list[Treated], least: float = 20.0) -> ElementTree.Element:
    return parsed(class_plot(points, Borders(-30.0, least), ("across", "up"), title="T", description="d"))


def test_treatments_lie_in_their_region_with_a_tip_each() -> None:
    points = [
        treated(0, 80, "interaction-specific", "parter 3 µM"),
        treated(-60, 70, "both", "toxin 3 µM"),
        treated(-70, 5, "cytotoxic", "killer 3 µM"),
        treated(2, 1, "inactive", "water 3 µM"),
        treated(3, 2, "not judged", "lost 3 µM"),
    ]
    root = plot(points)
    upright = [line for line in of_class(root, "border") if line.get("x1") == line.get("x2")]
    level = sorted(float(line.get("y1", "")) for line in of_class(root, "border") if line.get("y1") == line.get("y2"))
    (border,) = [float(line.get("x1", "")) for line in upright]
    marks = {one.get("class", "").split("class-")[-1]: one for one in of_class(root, "class-mark")}
    specific, inactive = (at(marks[kind], "cx", "cy") for kind in ("interaction-specific", "inactive"))
    killer, both = (numbers(marks[kind].get("d", ""))[:2] for kind in ("cytotoxic", "both"))
    assert specific[0] > border
    assert specific[1] < level[0]
    assert both[0] < border
    assert killer[0] < border
    assert level[0] < killer[1] + 5.4 < level[1]
    assert level[0] < inactive[1] < level[1]
    assert sorted(one.text or "" for one in root.iter("title")) == sorted(point.title for point in points)
    assert [one.text for one in of_class(root, "region")] == [
        *("interaction-specific: 1", "both: 1", "cytotoxic: 1", "inactive: 1"),
    ]
    assert [one.text for one in of_class(root, "point-name")] == ["parter 3 µM", "toxin 3 µM", "killer 3 µM"]
    assert len(of_class(root, "arm")) == 6, "an upright and a level bar for each of the three that do something"


def test_bars_and_marks_stay_inside_the_frame_whatever_the_interval() -> None:
    wide = Treated(-50, -400, 300, 10, -1e6, 1e6, "both", "w", "w")
    root = plot([wide, treated(0, 40, "interaction-specific")], least=0.0)
    for arm in of_class(root, "arm"):
        x1, y1, x2, y2 = at(arm, "x1", "y1", "x2", "y2")
        assert min(x1, x2) >= 52
        assert max(x1, x2) <= 628
        assert min(y1, y2) >= 28
        assert max(y1, y2) <= 392
    assert len(of_class(root, "border")) == 1, "without a least effect there is only the border of viability"
    assert 28 < numbers(of_class(root, "class-mark")[0].get("d", ""))[1] < 392


def test_many_treatments_without_effect_are_one_cloud() -> None:
    draw = np.random.default_rng(2)
    quiet = [treated(*draw.normal(0, 5, 2), "inactive") for _ in range(MOST_MARKS + 1)]
    root = plot([*quiet, treated(-1, 90, "interaction-specific")])
    (cloud,) = of_class(root, "cloud")
    assert cloud.get("d", "").count("h0") == MOST_MARKS + 1
    assert len(of_class(root, "class-mark")) == 1
    assert f"inactive: {MOST_MARKS + 1}" in [one.text for one in of_class(root, "region")]


def test_only_the_largest_effects_have_bars_where_there_are_many() -> None:
    points = [treated(-40, 50 + n, "both", f"c{n}") for n in range(MOST_BARS + 40)]
    root = plot(points)
    assert len(of_class(root, "class-mark")) == MOST_BARS + 40
    assert len(of_class(root, "arm")) == 2 * MOST_BARS
    lowest = max(max(float(arm.get("y1", "")), float(arm.get("y2", ""))) for arm in of_class(root, "arm"))
    smallest = max(numbers(mark.get("d", ""))[1] for mark in of_class(root, "class-mark"))
    assert lowest < smallest + 5.8, "the 40 smallest effects, at the bottom, have none"


def test_names_hide_neither_points_nor_each_other() -> None:
    named = [Named(100, 100 + 4 * n, f"compound {n}") for n in range(30)]
    written = parsed(point_names(named, [(one.x, one.y) for one in named], (0, 0, 400, 300))).findall("text")
    boxes = []
    for one in written:
        x, y = at(one, "x", "y")
        left = x if one.get("text-anchor") == "start" else x - 5.9 * len(one.text or "")
        boxes.append((left, y - 9, left + 5.9 * len(one.text or ""), y + 3))
    assert 2 <= len(boxes) < 30
    for i, a in enumerate(boxes):
        assert a[0] >= 0
        assert a[2] <= 400
        for b in boxes[:i]:
            assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
    room = [(0.0, 0.0, 400.0, 300.0)]
    assert "text" not in point_names(named, [], (0, 0, 400, 300), written=room), "nothing is written over other text"
    crowded = [(10.0 + step, 10.0) for step in range(40)]
    assert freest([(10, 12, "start"), (10, 60, "start")], "name", crowded) == (10, 60, "start")


def test_area_of_a_petal_is_its_share() -> None:
    shares = [0.0] * SECTORS
    shares[0], shares[4] = 0.8, 0.2
    root = parsed(rose(Directions(shares, 50, 0.1, 0.6, (0.2, 0.3)), 0.8, "negative", title="T", description="d"))
    petals = of_class(root, "petal")
    radii = [float(re.search(r"A([\d.]+) ", petal.get("d", "")).group(1)) for petal in petals]  # type: ignore[union-attr]
    assert radii[0] == pytest.approx(74)
    assert (radii[1] / radii[0]) ** 2 == pytest.approx(0.25, rel=1e-3)
    (even,) = of_class(root, "even")
    assert (float(even.get("r", "")) / 74) ** 2 == pytest.approx(1 / SECTORS / 0.8, rel=1e-3)
    assert [one.text for petal in petals for one in petal] == ["80\u202f% of 50 tracks (40)", "20\u202f% of 50 tracks (10)"]
    assert len(of_class(root, "well-mean")) == 2
    mean = next(one for one in of_class(root, "mean") if one.tag == "line")
    x1, y1, x2, y2 = at(mean, "x1", "y1", "x2", "y2")
    assert math.hypot(x2 - x1, y2 - y1) == pytest.approx(0.6 * 74, abs=0.02)
    assert math.atan2(y2 - y1, x2 - x1) == pytest.approx(0.1, abs=1e-3)


def test_sectors_are_centred_on_right_and_down() -> None:
    assert [sector_of(angle) for angle in (0.0, -0.19, 0.19, math.pi / 2, -math.pi / 2, math.pi, -math.pi)] == [
        *(0, 0, 0, SECTORS // 4, 3 * SECTORS // 4, SECTORS // 2, SECTORS // 2),
    ]
    shares = [1.0 if place == SECTORS // 4 else 0.0 for place in range(SECTORS)]
    (petal,) = of_class(parsed(rose(Directions(shares, 9, None, 0.0), 1.0, "hit", title="T", description="")), "petal")
    ends = numbers(petal.get("d", ""))
    assert ends[3] > 92, "down in the image is down on the page"
    assert ends[-1] == pytest.approx(ends[3], abs=0.02)


def test_a_straight_run_rises_twice_as_steeply_as_a_random_walk() -> None:
    lags = [1.0, 2.0, 5.0, 10.0, 100.0]
    run = LagSeries("negative", [LagPoint(t, 4 * t**2, None, None, f"run {t:g}") for t in lags], [(t, 4 * t**2) for t in lags])
    walk = LagSeries("first", [LagPoint(t, 4 * t, t, 7 * t, f"walk {t:g}") for t in lags], [(t, 4 * t) for t in lags])
    root = parsed(displacement_curves([run, walk], title="T", description="d"))
    slopes = []
    for fit in of_class(root, "fit"):
        points = np.array(numbers(fit.get("d", ""))).reshape(-1, 2)
        steps = np.diff(points, axis=0)
        slopes.append(-steps[:, 1] / steps[:, 0])
        assert slopes[-1] == pytest.approx(slopes[-1][0], rel=0.01)
    assert slopes[0][0] == pytest.approx(2 * slopes[1][0], rel=0.01)
    guides = [(y1 - y2) / (x2 - x1) for x1, y1, x2, y2 in (at(one, "x1", "y1", "x2", "y2") for one in of_class(root, "slope"))]
    assert guides == pytest.approx([slopes[1][0], slopes[0][0]], rel=0.01)
    assert [one.text for one in root.iter("title")] == [f"{kind} {t:g}" for kind in ("run", "walk") for t in lags]
    assert len(of_class(root, "whisker")) == len(lags)
    assert {one.tag for one in of_class(root, "seen")} == {"circle"}


def test_tracks_are_written_in_quarter_pixels() -> None:
    path = track_path([(1.0, 2.0), (3.26, 2.0), (3.26, 2.0), (3.26, 0.5)])
    assert path == "M4 8l9 0 0-6"
    assert track_path([(1.0, 1.0), (1.05, 1.0)]) == "", "a cell that stands still has no line"
    assert track_path([(1.0, 1.0)]) == ""


def test_overlay_draws_the_recent_part_and_cells_that_are_there() -> None:
    here = TrackLine([(10.0, 10.0), (20.0, 10.0), (20.0, 30.0)], recent=2, here=True)
    gone = TrackLine([(50.0, 50.0), (60.0, 50.0)], recent=0, here=False)
    lines = [("cells-0", [here]), ("cells-1", [gone])]
    root = parsed(track_overlay("data:image/webp;base64,", (200, 100), 0.5, lines, title="T"))
    first, second = root.findall("g")[:2]
    assert [one.get("class") for one in first] == ["track", "track recent", "track here"]
    assert [one.get("d") for one in first] == ["M40 40l40 0 0 80", "M80 40l0 80", "M80 120h0"]
    assert [one.get("class") for one in second] == ["track"]
    assert {one.get("transform") for one in (*first, *second)} == {f"scale({1 / FINE:g})"}
    assert root.get("viewBox") == "0 0 200 100"
    (bar,) = of_class(root, "scale-bar")
    assert float(bar.get("x2", "")) - float(bar.get("x1", "")) == pytest.approx(20 / 0.5), "20 µm is the longest in a quarter"
