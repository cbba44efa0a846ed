"""Which types of cells touch: a square a pair of types, coloured by its enrichment, its numbers written in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coculture.report import svg
from coculture.report.figures.two_sided import coloured, ink, two_sided_bar
from coculture.report.language import say
from coculture.report.words.numbers import fixed

LONGEST_NAME = 16
"""Letters of a type's name that are written; the rest is told on pointing at it."""

_LETTER = 6.4


@dataclass(frozen=True)
class PairContacts:
    """What is known of the contacts of a row's type with a column's type.

    Attributes
    ----------
    z : enrichment against chance in its standard deviations; None where it was not measured.
    below : what is written below it where there is room.
    title : what a reader is told on pointing at it.
    """

    z: float | None
    below: str
    title: str


def contact_matrix(
    pairs: Mapping[tuple[str, str], PairContacts], types: Sequence[str], reach: float, *, title: str, description: str
) -> Markup:
    """Draw the matrix: rows and columns are ``types`` in their order, colours run from −``reach`` over 0 to ``reach``."""
    size = 76.0 if len(types) <= 3 else 58.0 if len(types) <= 5 else 44.0
    lengths = [_LETTER * len(shortened(name)) for name in types]
    level = max(lengths) < size
    left = 12 + max(lengths)
    top = 22.0 if level else 14 + 0.65 * max(lengths)
    parts = [_names(types, size, left, top, level=level)]
    for row, one in enumerate(types):
        for column, other in enumerate(types):
            parts.append(_square(pairs.get((one, other)), left + column * size, top + row * size, size, reach))
    right = left + len(types) * size
    ends = [left + (place + 0.5) * size + 0.78 * length for place, length in enumerate(lengths)]
    width, height = (right if level else max(right, *ends)) + 2, top + len(types) * size + 2
    return svg.drawing(parts, width, height, title=title, description=description, class_="contact-matrix")


def enrichment_bar(reach: float) -> Markup:
    """Draw the scale of the colours: fewer contacts than chance on the left, more on the right."""
    return two_sided_bar(reach, say("fewer contacts than chance"), say("more"), say("Colour scale: enrichment z"))


def shortened(name: str) -> str:
    """Return a type's name as far as there is room for it."""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def _names(types: Sequence[str], size: float, left: float, top: float, *, level: bool) -> Markup:
    parts = []
    for place, name in enumerate(types):
        middle = (place + 0.5) * size
        tip = (svg.element("title", name),) if shortened(name) != name else ()
        parts.append(svg.element("text", *tip, shortened(name), x=left - 7, y=top + middle + 4, text_anchor="end"))
        x, y = left + middle, top - 7
        turned = {} if level else {"transform": f"rotate(-40 {svg.number(x)} {svg.number(y)})"}
        anchor = "middle" if level else "start"
        parts.append(svg.element("text", *tip, shortened(name), x=x, y=y, text_anchor=anchor, **turned))
    return svg.group(parts, class_="axis")


def _square(pair: PairContacts | None, x: float, y: float, size: float, reach: float) -> Markup:
    if pair is None or pair.z is None:
        tip = (svg.element("title", pair.title),) if pair else ()
        box = svg.element("rect", x=x + 1, y=y + 1, width=size - 2, height=size - 2, rx=3, class_="well-missing")
        return svg.group([*tip, box, svg.text(x + size / 2, y + size / 2 + 4, "–", "tick", "middle")])
    large = size > 50
    middle = x + size / 2
    parts = [
        svg.element("title", pair.title),
        coloured(pair.z, reach, x + 1, y + 1, size - 2, size - 2, rx=3),
        svg.text(middle, y + size * (0.47 if large else 0.56), signed(pair.z), "z", "middle"),
    ]
    if large and pair.below:
        parts.append(svg.text(middle, y + size * 0.74, pair.below, "below-z", "middle"))
    return svg.group(parts, class_=f"pair {ink(pair.z, reach)}")


def signed(z: float) -> str:
    """Return a z with its sign: one decimal, none from 100 on."""
    text = fixed(z, 1 if abs(z) < 99.95 else 0)
    return f"+{text}" if z > 0 and text not in ("0", "0.0") else text
