"""The keys of a design file, each with its meaning."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from coculture.typed_file.section import Fraction, Positive, Section

NAME = r"^[A-Za-z][A-Za-z0-9_]*$"
NUMBERED = r"^[A-Za-z][A-Za-z0-9_]*(\{n\}[A-Za-z0-9_]*)?$"

Name = Annotated[str, Field(pattern=NAME)]
NumberedName = Annotated[str, Field(pattern=NUMBERED)]

Coordinate = Annotated[float, Field(ge=-1e9, le=1e9)]
Size = Annotated[float, Field(gt=0, le=1e9)]
"""A length above 0; a kilometre bounds it, so that no area overflows."""

Pair = Annotated[tuple[Coordinate, Coordinate], Field(strict=False)]


class RectangleKeys(Section):
    """An upright rectangle."""

    kind: Literal["rectangle"]
    x_um: Coordinate = Field(description="x of the upper left corner")
    y_um: Coordinate = Field(description="y of the upper left corner")
    width_um: Size = Field(description="size along x")
    height_um: Size = Field(description="size along y")


class DiscKeys(Section):
    """A disc."""

    kind: Literal["disc"]
    x_um: Coordinate = Field(description="x of the centre")
    y_um: Coordinate = Field(description="y of the centre")
    diameter_um: Size = Field(description="diameter")


class PolygonKeys(Section):
    """A polygon whose outline does not cross itself."""

    kind: Literal["polygon"]
    points_um: Annotated[tuple[Pair, ...], Field(strict=False, min_length=3)] = Field(description="[x, y] of each corner")


ShapeKeys = Annotated[RectangleKeys | DiscKeys | PolygonKeys, Field(discriminator="kind")]


class RepeatKeys(Section):
    """Copies of a part at equal steps."""

    count: Annotated[int, Field(ge=1, le=100_000)] = Field(description="how many there are in all, the first included")
    dx_um: Coordinate = Field(default=0.0, description="step along x from one to the next")
    dy_um: Coordinate = Field(default=0.0, description="step along y from one to the next")


Repeats = Annotated[tuple[RepeatKeys, ...], Field(strict=False, max_length=2)]


class FrameKeys(Section):
    """The block the chip is cut into."""

    width_um: Size = Field(description="size along x")
    height_um: Size = Field(description="size along y")


class ParameterKeys(Section):
    """A number that may be changed when the design is loaded."""

    default: float = Field(description="the value it has unless another is given")
    unit: Literal["um", "um2", "ul", "deg", "count", "fraction"] = Field(description="its unit; the name ends with it")
    meaning: str = Field(description="what it is, in words", min_length=1)
    source: str = Field(description="where the default comes from; 'usual practice' where it was read nowhere", min_length=1)
    least: float | None = Field(default=None, description="the smallest value allowed")
    most: float | None = Field(default=None, description="the largest value allowed")


class ChannelKeys(Section):
    """A channel along a line."""

    name: Name = Field(description="its name")
    points_um: Annotated[tuple[Pair, ...], Field(strict=False, min_length=2)] = Field(
        description="[x, y] of the points of the centre line"
    )
    width_um: Size | None = Field(default=None, description="its width")
    widths_um: Annotated[tuple[Size, ...], Field(strict=False)] = Field(
        default=(), description="instead of width_um: the width at each point"
    )
    depth_um: Size = Field(description="its depth")
    region: NumberedName | None = Field(default=None, description="region of its cells; its name where not given")
    repeat: Repeats = Field(default=(), description="copies")


class ChamberKeys(Section):
    """A chamber."""

    name: Name = Field(description="its name")
    shape: ShapeKeys = Field(description="its outline")
    depth_um: Size = Field(description="its depth")
    region: NumberedName | None = Field(default=None, description="region of its cells; its name where not given")
    repeat: Repeats = Field(default=(), description="copies")


class TreeKeys(Section):
    """A tree gradient generator: levels of serpentine mixers, each level with one mixer more than the level above."""

    name: Name = Field(description="its name, and the region of its cells")
    inlets: Annotated[int, Field(ge=2, le=20)] = Field(description="number of inlets")
    outlets: Annotated[int, Field(ge=3, le=40)] = Field(description="number of outlets")
    width_um: Size = Field(description="width of the channels")
    depth_um: Size = Field(description="depth of the channels")
    x_um: Coordinate = Field(description="x of the middle line")
    y_um: Coordinate = Field(description="y at which the inlet channels begin")
    column_um: Size = Field(description="distance from one mixer to the next in a level")
    leg_um: Size = Field(description="distance from the middle line of a mixer to its bends")
    turns: Annotated[int, Field(ge=1, le=100)] = Field(description="bends to the right, and as many to the left")
    row_um: Size = Field(description="distance between the legs of a serpentine, centre to centre")
    lead_um: Size = Field(description="length of the inlet channels")
    even_um: Annotated[float, Field(ge=0, le=1e9)] = Field(
        default=0.0,
        description="height of the part in which inner outlets detour, so that all are of one length; 0: they are not",
    )
    merge_um: Size = Field(description="height of the part in which the outlets draw together")
    merge_column_um: Size = Field(description="distance from one outlet to the next where they end")


class PostKeys(Section):
    """A solid post from floor to ceiling."""

    name: Name = Field(description="its name")
    shape: ShapeKeys = Field(description="its outline")
    repeat: Repeats = Field(default=(), description="copies")


class GelKeys(Section):
    """A hydrogel that fills the open space inside its shape."""

    name: Name = Field(description="the gel's name")
    shape: ShapeKeys = Field(description="where it is; posts and walls inside stay solid")
    permeability_um2: Positive = Field(description="Darcy permeability; 1 um2 = 1e-12 m2")
    diffusion_factor: Annotated[float, Field(gt=0, le=1)] = Field(
        default=1.0, description="diffusion coefficient over that in medium"
    )
    porosity: Annotated[float, Field(gt=0, le=1)] = Field(default=1.0, description="fraction of its volume solutes can reach")
    held_by: Literal["posts", "phaseguide"] = Field(default="posts", description="what holds its free surface")
    widest_gap_um: Size = Field(default=300.0, description="widest gap between supports that its free surface bridges")
    region: NumberedName | None = Field(default=None, description="region of its cells; its name where not given")
    repeat: Repeats = Field(default=(), description="copies")


class RegionKeys(Section):
    """A named region of the open space."""

    name: NumberedName = Field(description="its name; {n} numbers the copies")
    shape: ShapeKeys = Field(description="where it is")
    repeat: Repeats = Field(default=(), description="copies")


class PortKeys(Section):
    """A hole through which medium enters or leaves."""

    name: Name = Field(description="its name")
    shape: ShapeKeys = Field(description="its outline; it must lie in open space")


class MembraneKeys(Section):
    """A porous membrane over a region, with a well-mixed tank behind it."""

    name: Name = Field(description="its name")
    region: Name = Field(description="the region it covers")
    thickness_um: Size = Field(description="its thickness")
    pore_radius_um: Size = Field(description="radius of its pores")
    porosity: Annotated[Fraction, Field(gt=0)] = Field(description="open fraction of its area")
    tank_volume_ul: Positive = Field(description="volume of the tank behind it")


class DesignFile(Section):
    """A design file."""

    name: Name = Field(description="the design's name")
    title: str = Field(description="one line about it", min_length=1)
    source: str = Field(description="where its dimensions come from", min_length=1)
    pitch_um: Size = Field(description="width of a grid cell that resolves it")
    frame: FrameKeys = Field(description="the block the chip is cut into")
    parameters: dict[Name, ParameterKeys] = Field(default_factory=dict, description="numbers that may be changed")
    derived: dict[Name, float] = Field(default_factory=dict, description="numbers that follow from them")
    channel: Annotated[tuple[ChannelKeys, ...], Field(strict=False)] = ()
    chamber: Annotated[tuple[ChamberKeys, ...], Field(strict=False)] = ()
    tree: Annotated[tuple[TreeKeys, ...], Field(strict=False, max_length=1)] = ()
    post: Annotated[tuple[PostKeys, ...], Field(strict=False)] = ()
    gel: Annotated[tuple[GelKeys, ...], Field(strict=False)] = ()
    region: Annotated[tuple[RegionKeys, ...], Field(strict=False)] = ()
    inlet: Annotated[tuple[PortKeys, ...], Field(strict=False)] = ()
    outlet: Annotated[tuple[PortKeys, ...], Field(strict=False)] = ()
    membrane: Annotated[tuple[MembraneKeys, ...], Field(strict=False)] = ()
