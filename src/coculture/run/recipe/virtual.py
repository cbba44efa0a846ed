"""The section of a virtual source: a culture, the vessel it lives in, its doses and read-outs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from coculture.run.recipe.carrier import Carrier
from coculture.run.recipe.compound import Compound
from coculture.run.recipe.render import Render
from coculture.typed_file.section import Fraction, Names, Positive, Section

Level = Annotated[float, Field(ge=0)]


class Seeding(Section):
    """``[[source.seeding]]``: cells of one type at the start."""

    cell_type: str = Field(description="a type of the culture")
    cells: int = Field(ge=0, description="mean number in a well")
    spread: float = Field(
        default=0.05, ge=0, le=1, description="standard deviation of the number between wells, as a share of it"
    )
    region: str | None = Field(default=None, description="region of the chip they are sown in; everywhere without it")
    rectangle_um: Annotated[tuple[float, ...], Field(strict=False, min_length=4, max_length=4)] | None = Field(
        default=None, description="left, top, right, bottom of where they are sown"
    )

    @model_validator(mode="after")
    def _one_place(self) -> Seeding:
        if self.region is not None and self.rectangle_um is not None:
            raise ValueError("give a region or a rectangle, not both")
        if self.rectangle_um is not None:
            left, top, right, bottom = self.rectangle_um
            if not (0 <= left < right and 0 <= top < bottom):
                raise ValueError("rectangle_um is left, top, right, bottom, with left below right and top below bottom")
        return self


class Well(Section):
    """``[source.well]``: a plain well, or the part of one that is looked at, with closed sides."""

    width_um: Positive = Field(default=1000.0, description="width")
    height_um: Positive = Field(default=1000.0, description="height")
    depth_um: Positive = Field(default=100.0, description="depth of the medium, mixed over it")
    voxel_um: Positive = Field(default=20.0, description="width of a voxel of the medium; width and height are multiples of it")
    start_um: dict[str, Level] = Field(default_factory=dict, description="solute = concentration at the start")
    border_um: dict[str, dict[str, Level]] = Field(
        default_factory=dict, description="by solute: side (left, right, front, back) = concentration held there"
    )


class Port(Section):
    """``[source.chip.port.NAME]``: what a port is held at."""

    pressure_pa: float | None = Field(default=None, description="pressure")
    flow_ul_per_min: float | None = Field(default=None, description="flow into the chip; negative: out of it; 0: closed")
    holds_um: dict[str, Level] = Field(default_factory=dict, description="solute = concentration that enters; 0 without it")
    doses: bool = Field(default=True, description="whether what is dosed enters here, where medium does")

    @model_validator(mode="after")
    def _one_condition(self) -> Port:
        if (self.pressure_pa is None) == (self.flow_ul_per_min is None):
            raise ValueError("a port needs either pressure_pa or flow_ul_per_min (0 closes it)")
        return self


class ChipVessel(Section):
    """``[source.chip]``: a chip instead of a plain well."""

    design: str = Field(description="name of a design, or a design's file, relative to the recipe")
    parameters: dict[str, float] = Field(default_factory=dict, description="parameter of the design = its value")
    pitch_um: Positive | None = Field(default=None, description="width of a cell of the grid; the design's own without it")
    viscosity_pa_s: Positive = Field(default=0.00069, description="viscosity of the medium; water at 37 °C without it")
    start_um: dict[str, Level] = Field(default_factory=dict, description="solute = concentration at the start")
    filled: bool = Field(default=False, description="the chip is filled with what is dosed from the start on")
    pdms: bool = Field(default=True, description="ceiling and sides are PDMS and take up what has a pdms_partition")
    port: dict[str, Port] = Field(default_factory=dict, description="by name of the port; none: nothing flows")


class Gap(Section):
    """``[source.gap]``: a gap between sheets of cells, whose closing becomes numbers of the well."""

    region: str | None = Field(default=None, description="region of the chip that is the gap; or rectangle_um")
    rectangle_um: Annotated[tuple[float, ...], Field(strict=False, min_length=4, max_length=4)] | None = Field(
        default=None, description="left, top, right, bottom of the gap at the start"
    )
    bridge_um: Positive = Field(default=10.0, description="a place this near to a cell's edge is covered")
    along: Literal["x", "y"] = Field(default="y", description="the axis the fronts run along")
    fronts: Literal[1, 2] = Field(default=2, description="how many fronts close it")

    @model_validator(mode="after")
    def _one_place(self) -> Gap:
        if (self.region is None) == (self.rectangle_um is None):
            raise ValueError("give the gap a region or a rectangle_um, one of them")
        return self


class VirtualSource(Section):
    """``[source]`` with ``kind = "virtual"``: cells that live on a virtual chip or in a virtual well."""

    kind: Literal["virtual"] = Field(description="the data are computed")
    culture: str = Field(description="file of the culture (cell types, solutes, rules), relative to the recipe")
    hours: Positive = Field(description="how long a well lives")
    read_out_every_min: Positive | None = Field(default=None, description="time between read-outs; only the end without it")
    dosing: Literal["nominal", "delivered"] = Field(
        default="nominal", description="the dose is everywhere at once; or it travels through medium, walls and serum"
    )
    serum_fraction: Fraction = Field(default=0.0, description="share of serum in the medium, which binds drugs")
    exchange_step_min: Positive = Field(default=6.0, description="time between two exchanges of cells and medium")
    apart: float = Field(default=1.0, ge=0, description="least distance of two cells when sown, in sums of their radii")
    vehicles: Names = Field(default=("DMSO",), description="things dosed that do nothing")
    genes: dict[str, str] = Field(
        default_factory=dict, description="ligand or receptor of the library = solute or receptor of the culture"
    )
    seeding: Annotated[tuple[Seeding, ...], Field(strict=False, min_length=1)] = Field(
        description="cells at the start, as [[source.seeding]]"
    )
    compound: Annotated[tuple[Compound, ...], Field(strict=False)] = Field(
        default=(),
        description="compounds that are declared here, as [[source.compound]]; the others are looked up in the library",
    )
    carrier: Annotated[tuple[Carrier, ...], Field(strict=False)] = Field(
        default=(), description="nano-carriers that are declared here, as [[source.carrier]]"
    )
    well: Well | None = Field(default=None, description="a plain well")
    chip: ChipVessel | None = Field(default=None, description="a chip")
    gap: Gap | None = Field(default=None, description="a gap that closes; its numbers are well_gap_…")
    render: Render | None = Field(default=None, description="images of every well, with known truth")

    @model_validator(mode="after")
    def _consistent(self) -> VirtualSource:
        if self.well is not None and self.chip is not None:
            raise ValueError("a culture lives in [source.well] or on [source.chip], not in both")
        names = [*(one.name for one in self.compound), *(one.name for one in self.carrier)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            remedy = "give each [[source.compound]] and [[source.carrier]] a name of its own"
            raise ValueError(f"declared twice: {', '.join(twice)}; {remedy}")
        every = self.read_out_every_min
        if every is not None and (
            every > 60 * self.hours or abs(60 * self.hours / every - round(60 * self.hours / every)) > 1e-9
        ):
            raise ValueError(f"{60 * self.hours:g} min is no whole number of read-outs every {every:g} min")
        return self

    @property
    def read_out_min(self) -> tuple[float, ...]:
        """Times of the read-outs."""
        end = 60.0 * self.hours
        if self.read_out_every_min is None:
            return (end,)
        return tuple(self.read_out_every_min * k for k in range(round(end / self.read_out_every_min) + 1))
