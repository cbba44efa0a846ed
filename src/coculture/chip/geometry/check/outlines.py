"""Faults that are seen on the drawing, before any grid."""

from __future__ import annotations

from collections.abc import Iterator

from coculture.chip.geometry.chip import Chip
from coculture.chip.geometry.shapes import Shape, union_bounds
from coculture.errors import Problem
from coculture.typed_file.complaints import did_you_mean

_TOLERANCE_UM = 1e-6


def outline_problems(chip: Chip) -> Iterator[Problem]:
    """Yield what is wrong with the drawing."""
    yield from _nothing_open(chip)
    yield from _outside_frame(chip)
    yield from _membranes(chip)


def outline_warnings(chip: Chip) -> Iterator[Problem]:
    """Yield where the model of a shallow chip is stretched."""
    for part in chip.open_parts:
        if part.width_um is not None and part.width_um < part.depth_um:
            what = f"the channel '{part.name}' is {part.depth_um:g} µm deep and {part.width_um:g} µm wide"
            yield Problem(
                what, part.place, "averages over the depth hold for channels at least as wide as deep: read its flow with care"
            )


def _nothing_open(chip: Chip) -> Iterator[Problem]:
    if not chip.open_parts:
        yield Problem("the chip has no channel and no chamber", chip.file, "add a [[channel]] or a [[chamber]]")


def _named_shapes(chip: Chip) -> Iterator[tuple[str, tuple[Shape, ...], str]]:
    yield from ((f"the {part.kind} '{part.name}'", part.shapes, part.place) for part in chip.open_parts)
    yield from ((f"the post '{post.name}'", post.shapes, post.place) for post in chip.posts)
    yield from ((f"the gel '{gel.kind.name}'", gel.shapes, gel.place) for gel in chip.gels)
    yield from ((f"the region '{region.names[0]}'", region.shapes, region.place) for region in chip.regions)
    yield from ((f"the {port.kind} '{port.name}'", (port.shape,), port.place) for port in chip.ports)


def _outside_frame(chip: Chip) -> Iterator[Problem]:
    for what, shapes, place in _named_shapes(chip):
        left, top, right, bottom = union_bounds(shapes)
        beyond = {
            f"{-left:g} µm beyond the left edge": -left,
            f"{-top:g} µm beyond the upper edge": -top,
            f"{right - chip.width_um:g} µm beyond the right edge": right - chip.width_um,
            f"{bottom - chip.height_um:g} µm beyond the lower edge": bottom - chip.height_um,
        }
        far = [words for words, distance in beyond.items() if distance > _TOLERANCE_UM]
        if far:
            frame = f"{chip.width_um:g} × {chip.height_um:g} µm"
            remedy = f"the frame is {frame}: enlarge it in [frame], or move the part"
            yield Problem(f"{what} reaches {' and '.join(far)} of the frame", place, remedy)


def _membranes(chip: Chip) -> Iterator[Problem]:
    names: dict[str, None] = {}
    for region in chip.regions:
        names.update(dict.fromkeys(region.names))
    for gel in chip.gels:
        names[gel.region] = None
    for part in chip.open_parts:
        names.update(dict.fromkeys(part.regions))
    for cover in chip.membranes:
        wanted = cover.membrane.region
        if wanted not in names:
            what = f"the membrane '{cover.membrane.name}' covers the region '{wanted}', which the chip does not have"
            yield Problem(what, f"{cover.place}.region", f"{did_you_mean(wanted, names)}regions: {', '.join(names)}")
