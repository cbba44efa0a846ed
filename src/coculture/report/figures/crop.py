"""One channel of a crop with the outlines of its nuclei and cells, and a scale bar."""

from __future__ import annotations

from markupsafe import Markup

from coculture.report import svg
from coculture.report.words.numbers import short

_BARS = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


def crop_drawing(source: str, side: int, pixel_size_um: float, outlines: tuple[str, ...], *, title: str) -> Markup:
    """Draw the picture at ``source`` (a data address) with what the ids in ``outlines`` name drawn over it.

    Parameters
    ----------
    side : width and height of the picture in its own pixels.
    outlines : ids of paths defined by :func:`outline_definition`.
    """
    parts = [svg.element("image", href=source, width=side, height=side)]
    parts += [svg.element("use", href=f"#{name}") for name in outlines]
    parts.append(scale_bar(side, side, pixel_size_um))
    return svg.drawing(parts, side, side, title=title, class_="crop")


def outline_definition(name: str, path: str, kind: str) -> Markup:
    """Return the outline of one crop, defined once and used by each of its channels; ``kind`` is the layer's key."""
    return svg.element("path", id=name, d=path, transform="scale(0.5)", class_=f"outline outline-{kind}")


def scale_bar(width: float, height: float, pixel_size_um: float) -> Markup:
    """Return the scale bar of a picture of ``width`` × ``height`` pixels, about a quarter of its width long."""
    whole = width * pixel_size_um
    length = max((bar for bar in _BARS if bar <= whole / 4), default=_BARS[0])
    right, bottom, long = width * 0.96, height * 0.95, length / pixel_size_um
    return svg.group(
        [
            svg.line(right - long, bottom, right, bottom, "scale-bar"),
            svg.text(
                right - long / 2,
                bottom - width * 0.025,
                f"{short(length)} µm",
                "scale-text",
                "middle",
                font_size=width * 0.05,
            ),
        ]
    )
