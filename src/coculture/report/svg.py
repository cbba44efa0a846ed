"""Scalable drawings written by hand: escaped elements and the axes every figure shares.

A drawing is inline in the page, so it carries no colours of its own where the page's style sheet can give them: classes
name what a mark *is* (``mark-negative``, ``axis``), and the style sheet says how that looks by day, by night and on paper.
Coordinates are pixels of the drawing's own view box, x to the right, y down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup, escape

from coculture.report.scales import Scale

Attribute = str | float | int | None


def number(value: float) -> str:
    """Return a coordinate as short text: two decimals at most, no trailing zeros."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def element(name: str, *children: str, **attributes: Attribute) -> Markup:
    """Return one element; text children and attribute values are escaped, ``Markup`` children are kept.

    An underscore in an attribute's name stands for a hyphen, a closing one is dropped (``class_``); an attribute that
    is None is left out.
    """
    opening = name + "".join(_attribute(key, value) for key, value in attributes.items() if value is not None)
    if not children:
        return Markup(f"<{opening}/>")
    return Markup(f"<{opening}>{''.join(escape(child) for child in children)}</{name}>")


def join(parts: Iterable[str]) -> Markup:
    """Return the parts one after another, escaped where they are not markup yet."""
    return Markup("").join(parts)


def group(parts: Iterable[str], **attributes: Attribute) -> Markup:
    """Return the parts as one group."""
    return element("g", join(parts), **attributes)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """Return a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def text(x: float, y: float, content: str, class_: str = "", anchor: str | None = None, **attributes: Attribute) -> Markup:
    """Return text; ``anchor`` is start, middle or end."""
    return element("text", content, x=x, y=y, class_=class_ or None, text_anchor=anchor, **attributes)


def path(points: Sequence[tuple[float, float]], class_: str, *, closed: bool = False) -> Markup:
    """Return the line through ``points``; nothing where there are fewer than two."""
    if len(points) < 2:
        return Markup("")
    steps = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return element("path", d=f"M{steps}{'Z' if closed else ''}", class_=class_)


def marker(role: str, x: float, y: float, title: str = "", size: float = 3.2) -> Markup:
    """Return the mark of a role, told apart by shape as well as by colour, with ``title`` as its tool tip."""
    tip = (element("title", title),) if title else ()
    class_ = f"mark mark-{role}"
    if role == "positive":
        corners = f"M{number(x)} {number(y - size * 1.25)}l{number(size * 1.15)} {number(size * 2)}h{number(-size * 2.3)}z"
        return element("path", *tip, d=corners, class_=class_)
    if role in ("reference", "untreated"):
        corners = f"M{number(x)} {number(y - size * 1.3)}l{number(size * 1.3)} {number(size * 1.3)}"
        corners += f"l{number(-size * 1.3)} {number(size * 1.3)}l{number(-size * 1.3)} {number(-size * 1.3)}z"
        return element("path", *tip, d=corners, class_=class_)
    return element("circle", *tip, cx=x, cy=y, r=size, class_=class_)


def drawing(
    parts: Iterable[str], width: float, height: float, *, title: str, description: str = "", class_: str = "", role: str = "img"
) -> Markup:
    """Return the whole drawing, readable aloud by its ``title`` and ``description``.

    ``role`` is ``group`` where parts of the drawing can be chosen, so that they are read aloud too.
    """
    label = f"{title}. {description}" if description else title
    return element(
        "svg",
        join(parts),
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role=role,
        aria_label=label,
        class_=f"drawing {class_}".strip(),
    )


def left_axis(scale: Scale, x: float, right: float, label: str) -> Markup:
    """Return a vertical axis at ``x`` with ticks and grid lines to ``right``; its label stands level above it."""
    parts = [text(0, min(scale.start, scale.end) - 10, label, "axis-label")] if label else []
    for tick in scale.ticks():
        y = scale(tick.value)
        parts += [line(x, y, right, y, "grid"), text(x - 6, y + 3.5, tick.label, "tick", "end")]
    return group(parts, class_="axis")


def bottom_axis(scale: Scale, y: float, label: str) -> Markup:
    """Return a horizontal axis at ``y`` with ticks and label below."""
    parts = [line(scale.start, y, scale.end, y, "rule")]
    for tick in scale.ticks():
        x = scale(tick.value)
        parts += [line(x, y, x, y + 4, "rule"), text(x, y + 15, tick.label, "tick", "middle")]
    if label:
        parts.append(text((scale.start + scale.end) / 2, y + 31, label, "axis-label", "middle"))
    return group(parts, class_="axis")


def _attribute(key: str, value: Attribute) -> str:
    shown = number(value) if isinstance(value, (int, float)) else str(value)
    name = key.rstrip("_")
    if name not in ("viewBox", "preserveAspectRatio", "patternUnits"):
        name = name.replace("_", "-")
    return f' {name}="{escape(shown)}"'
