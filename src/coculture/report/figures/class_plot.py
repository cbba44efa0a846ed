"""Every treatment by what it does to the cells' number and to their interaction: does it part cells or kill them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.figures.point_names import Named, freest, point_names, text_box
from coculture.report.language import mark, say
from coculture.report.scales import LinearScale, padded

CLASSES = (mark("interaction-specific"), mark("both"), mark("cytotoxic"), mark("inactive"), mark("not judged"))
"""From what is looked for to what is not."""

MOST_MARKS = 600
"""More treatments without an effect are drawn as one cloud, without a tip each."""

MOST_BARS = 300
"""Of more treatments with an effect, only those of the largest effects have their intervals drawn."""

WIDTH, HEIGHT = 640.0, 440.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 628.0, 28.0, 392.0


@dataclass(frozen=True)
class Treated:
    """One treatment.

    Attributes
    ----------
    viability : change of the cells' number (or of the viability read-out) in per cent of the controls; 0 is no change.
    viability_low, viability_high : its interval, None where not known.
    effect : change of the interaction read-out; ``effect_low``, ``effect_high`` its interval.
    kind : one of :data:`CLASSES`.
    name : what it is called beside its mark; ``title`` what a reader is told on pointing at it.
    link : where a click on its mark leads, '' where nowhere.
    """

    viability: float
    viability_low: float | None
    viability_high: float | None
    effect: float
    effect_low: float | None
    effect_high: float | None
    kind: str
    name: str
    title: str
    link: str = ""


@dataclass(frozen=True)
class Borders:
    """Where the regions part: the change of viability that counts as a loss, and the least effect that counts (0: none)."""

    viability: float
    effect: float


def class_plot(treated: Sequence[Treated], borders: Borders, axes: tuple[str, str], *, title: str, description: str) -> Markup:
    """Draw every treatment; ``axes`` are the labels of the horizontal and the vertical axis."""
    across, up = _across(treated, borders), _up(treated, borders)
    parts = [svg.left_axis(up, _LEFT, _RIGHT, axes[1]), svg.bottom_axis(across, _BOTTOM, axes[0])]
    parts.append(_lines(across, up, borders))
    regions = _regions(treated, across, up, borders)
    parts.append(svg.group([svg.text(x, y, said, "region", anchor) for said, (x, y, anchor) in regions]))
    quiet = [one for one in treated if one.kind in ("inactive", "not judged")]
    loud = sorted((one for one in treated if one.kind not in ("inactive", "not judged")), key=lambda one: -abs(one.effect))
    parts.append(_cloud(quiet, across, up) if len(quiet) > MOST_MARKS else _marks(quiet, across, up))
    parts += [svg.group([_whiskers(one, across, up) for one in loud[:MOST_BARS]]), _marks(loud, across, up)]
    taken = [(across(one.viability), up(one.effect)) for one in treated]
    names = [Named(across(one.viability), up(one.effect), one.name) for one in loud]
    role = "group" if any(one.link for one in treated) else "img"
    frame = (_LEFT + 2, _TOP + 2, _RIGHT - 2, _BOTTOM - 2)
    parts.append(point_names(names, taken, frame, written=[text_box(*place, said) for said, place in regions]))
    return svg.drawing(parts, WIDTH, HEIGHT, title=title, description=description, class_="classes", role=role)


def class_mark(kind: str, x: float, y: float, title: str = "") -> Markup:
    """Return the mark of a class, told apart by shape as well as by colour."""
    tip = (svg.element("title", title),) if title else ()
    class_ = f"class-mark class-{kind.replace(' ', '-')}"
    if kind == "interaction-specific":
        return svg.element("circle", *tip, cx=x, cy=y, r=4.6, class_=class_)
    if kind == "cytotoxic":
        return svg.element("path", *tip, d=_corners(x, y, ((0, -5.4), (4.9, 3.6), (-4.9, 3.6))), class_=class_)
    if kind == "both":
        return svg.element("path", *tip, d=_corners(x, y, ((0, -5.8), (5.8, 0), (0, 5.8), (-5.8, 0))), class_=class_)
    if kind == "inactive":
        return svg.element("circle", *tip, cx=x, cy=y, r=3.2, class_=class_)
    cross = f"M{svg.number(x - 3)} {svg.number(y - 3)}l6 6M{svg.number(x - 3)} {svg.number(y + 3)}l6 -6"
    return svg.element("path", *tip, d=cross, class_=class_)


def _corners(x: float, y: float, corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{svg.number(x + dx)} {svg.number(y + dy)}" for dx, dy in corners) + "Z"


def _across(treated: Sequence[Treated], borders: Borders) -> LinearScale:
    """Return the axis of viability: it holds the border, no change, and every treatment."""
    values = [one.viability for one in treated]
    low, high = min([borders.viability * 1.5, *values]), max([10.0, *values])
    return LinearScale(*padded(low, high, 0.04), _LEFT, _RIGHT, 8)


def _up(treated: Sequence[Treated], borders: Borders) -> LinearScale:
    """Return the axis of the effect: it holds zero, the borders, every treatment, and intervals that are not absurdly wide."""
    values = [one.effect for one in treated]
    low, high = min([0.0, -borders.effect, *values]), max([0.0, borders.effect, *values])
    reach = (high - low) or 1.0
    ends = [end for one in treated if one.kind in CLASSES[:3] for end in (one.effect_low, one.effect_high) if end is not None]
    low, high = max(min([low, *ends]), low - reach / 4), min(max([high, *ends]), high + reach / 4)
    return LinearScale(*padded(low, high, 0.08), _BOTTOM, _TOP, 6)


def _lines(across: LinearScale, up: LinearScale, borders: Borders) -> Markup:
    x = across(borders.viability)
    parts = [
        svg.element("rect", x=_LEFT, y=_TOP, width=max(x - _LEFT, 0), height=_BOTTOM - _TOP, class_="loss"),
        svg.line(_LEFT, up(0), _RIGHT, up(0), "zero"),
        svg.line(across(0), _TOP, across(0), _BOTTOM, "zero"),
        svg.line(x, _TOP, x, _BOTTOM, "border"),
    ]
    levels = (borders.effect, -borders.effect) if borders.effect else ()
    parts += [svg.line(_LEFT, up(level), _RIGHT, up(level), "border") for level in levels]
    return svg.group(parts)


def _regions(
    treated: Sequence[Treated], across: LinearScale, up: LinearScale, borders: Borders
) -> list[tuple[str, tuple[float, float, str]]]:
    """Return the names of the regions with how many treatments belong to each, and where they hide the fewest of them."""
    n = Counter(one.kind for one in treated)
    points = [(across(one.viability), up(one.effect)) for one in treated]
    found = [one.effect for one in treated if one.kind in CLASSES[:2]]
    upward = sum(1 if effect > 0 else -1 for effect in found) >= 0
    outer = (_TOP + 15, _BOTTOM - 8) if upward else (_BOTTOM - 8, _TOP + 15)
    inner = (up(0) - 6, up(0) + 15, up(borders.effect) + 14, up(-borders.effect) - 5)
    left, middle, right = _LEFT + 7, across(borders.viability), _RIGHT - 5
    places = {
        "interaction-specific": [(x, y, anchor) for y in outer for x, anchor in ((right, "end"), (middle + 7, "start"))],
        "both": [(x, y, anchor) for y in outer for x, anchor in ((left, "start"), (middle - 7, "end"))],
        "cytotoxic": [(x, y, anchor) for y in inner for x, anchor in ((left, "start"), (middle - 7, "end"))],
        "inactive": [(x, y, anchor) for y in inner for x, anchor in ((right, "end"), (middle + 7, "start"))],
    }
    said = {kind: f"{say(kind)}: {n[kind]}" for kind in places}
    return [(said[kind], freest(candidates, said[kind], points)) for kind, candidates in places.items()]


def _cloud(treated: Sequence[Treated], across: LinearScale, up: LinearScale) -> Markup:
    dots = "".join(f"M{svg.number(across(one.viability))} {svg.number(up(one.effect))}h0" for one in treated)
    return svg.element("path", d=dots, class_="cloud")


def _marks(treated: Sequence[Treated], across: LinearScale, up: LinearScale) -> Markup:
    ordered = sorted(treated, key=lambda one: CLASSES.index(one.kind), reverse=True)
    return svg.group([_mark(one, across(one.viability), up(one.effect)) for one in ordered])


def _mark(one: Treated, x: float, y: float) -> Markup:
    mark = class_mark(one.kind, x, y, one.title)
    return svg.element("a", mark, href=one.link, aria_label=one.title) if one.link else mark


def _whiskers(one: Treated, across: LinearScale, up: LinearScale) -> Markup:
    x, y = across(one.viability), up(one.effect)
    parts = []
    if one.effect_low is not None and one.effect_high is not None:
        parts.append(
            svg.line(x, _within(up(one.effect_low), _TOP, _BOTTOM), x, _within(up(one.effect_high), _TOP, _BOTTOM), "arm")
        )
    if one.viability_low is not None and one.viability_high is not None:
        start, end = (_within(across(end), _LEFT, _RIGHT) for end in (one.viability_low, one.viability_high))
        parts.append(svg.line(start, y, end, y, "arm"))
    return svg.group(parts, class_=f"class-{one.kind.replace(' ', '-')}")


def _within(place: float, low: float, high: float) -> float:
    return min(max(place, low), high)
