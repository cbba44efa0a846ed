"""Every well of a plate as a mark: negative controls, treated wells and positive controls side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from markupsafe import Markup

from coculture.report import svg
from coculture.report.figures.swarm import swarm
from coculture.report.language import mark, say
from coculture.report.scales import LinearScale, padded
from coculture.report.words.numbers import significant

NAMES = {
    "untreated": (mark("untreated"), mark("unt")),
    "negative": (mark("negative"), mark("neg")),
    "treatment": (mark("treated"), mark("trt")),
    "reference": (mark("reference"), mark("ref")),
    "positive": (mark("positive"), mark("pos")),
}
"""What a role is called below its marks, and where there is little room."""

ORDER = ("untreated", "negative", "treatment", "reference", "positive")
"""Roles from left to right; blank wells hold no cells and are left out."""


@dataclass(frozen=True)
class StripWell:
    """One well: its value and what a reader is told on pointing at it."""

    value: float
    title: str


def controls_strip(
    plates: Mapping[str, Mapping[str, Sequence[StripWell]]], label: str, *, title: str, description: str
) -> Markup:
    """Draw the wells of up to about a dozen plates, each as a column of marks per role, with the median of each control as a bar.

    Parameters
    ----------
    plates : plate → role → wells.
    label : the read-out, written along the vertical axis.
    """
    values = [well.value for roles in plates.values() for wells in roles.values() for well in wells]
    low, high = padded(min(values), max(values))
    roles = [role for role in ORDER if any(wells.get(role) for wells in plates.values())]
    lane = _lane(len(plates), len(roles))
    left, top, bottom = 46.0, 26.0, 250.0
    spread = lane * len(roles)
    gap = 26.0 if len(plates) > 1 else 12.0
    right = left + len(plates) * (spread + gap)
    scale = LinearScale(low, high, bottom, top)
    parts = [svg.left_axis(scale, left, right, label)]
    for index, (plate, wells) in enumerate(plates.items()):
        start = left + gap / 2 + index * (spread + gap)
        parts.append(_plate(plate, [(role, wells.get(role, ())) for role in roles], start, lane, scale, len(plates) > 1))
    return svg.drawing(
        parts,
        right + 8,
        296 if len(plates) > 1 else 274,
        title=title,
        description=description,
        class_="strip wide" if len(plates) > 1 else "strip",
    )


def _lane(n_plates: int, n_roles: int) -> float:
    return max(26.0, min(120.0, 360.0 / max(n_roles, 1) if n_plates == 1 else 800.0 / (n_plates * n_roles)))


def _plate(
    plate: str, roles: Sequence[tuple[str, Sequence[StripWell]]], start: float, lane: float, scale: LinearScale, named: bool
) -> Markup:
    parts: list[Markup] = []
    for index, (role, wells) in enumerate(roles):
        middle = start + (index + 0.5) * lane
        size = 3.2 if len(wells) < 150 else 2.0
        for well, offset in zip(wells, swarm([scale(w.value) for w in wells], lane * 0.44, 2 * size), strict=True):
            parts.append(svg.marker(role, middle + offset, scale(well.value), well.title, size))
        if wells and role != "treatment":
            y = scale(median(well.value for well in wells))
            parts.append(svg.line(middle - lane * 0.36, y, middle + lane * 0.36, y, "median"))
        parts.append(svg.text(middle, scale.start + 17, _role_name(role, lane), "tick", "middle"))
    if named:
        parts.append(svg.text(start + lane * len(roles) / 2, scale.start + 38, plate, "axis-label", "middle"))
    return svg.group(parts)


def _role_name(role: str, lane: float) -> str:
    full, narrow = NAMES[role]
    return say(full if lane >= 60 else narrow)


def controls_ranges(
    plates: Mapping[str, Mapping[str, tuple[float, float, float]]], label: str, *, title: str, description: str
) -> Markup:
    """Draw many plates: per plate and role the middle half of its wells as a line and their median as a dot.

    Parameters
    ----------
    plates : plate → role → (lower quartile, median, upper quartile).
    """
    values = [value for roles in plates.values() for three in roles.values() for value in three]
    scale = LinearScale(*padded(min(values), max(values)), 250, 26)
    left, width = 46.0, 860.0
    step = width / len(plates)
    parts = [svg.left_axis(scale, left, left + width, label)]
    for index, (plate, roles) in enumerate(plates.items()):
        for role, (lower, middle, upper) in roles.items():
            shift = {"negative": -0.26, "positive": 0.26}.get(role, 0.0)
            x = left + (index + 0.5 + shift) * step
            tip = svg.element(
                "title",
                say(
                    "{plate} · {role}: median {middle}, middle half {lower} to {upper}",
                    plate=plate,
                    role=say(role),
                    middle=significant(middle),
                    lower=significant(lower),
                    upper=significant(upper),
                ),
            )
            bar = svg.element("line", x1=x, x2=x, y1=scale(lower), y2=scale(upper), class_="bar")
            dot = svg.element("circle", cx=x, cy=scale(middle), r=min(2.6, max(step * 0.28, 1.2)), class_="dot")
            parts.append(svg.group([tip, bar, dot], class_=f"range range-{role}"))
    parts.append(svg.text(left + width / 2, 272, say("{n} plates, in order of name", n=len(plates)), "axis-label", "middle"))
    return svg.drawing(parts, left + width + 8, 282, title=title, description=description, class_="strip wide")
