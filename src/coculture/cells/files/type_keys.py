"""The keys of a cell type: what a type's file, or a ``[[cell_type]]`` of a culture's file, may say."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from coculture.cells.standard_models import APOPTOSIS, NECROSIS
from coculture.typed_file.section import Fraction, Names, OpenFraction, Positive, Section

Rate = Annotated[float, Field(ge=0)]
"""A rate; not negative."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
"""A name of a type, a solute or a phase."""

CycleName = Literal[
    "none", "live", "ki67_basic", "ki67_advanced", "flow_cytometry", "flow_cytometry_separated", "cycling_quiescent", "own"
]


class PhaseSection(Section):
    """One phase of an own cycle, in their order."""

    name: Name = Field(description="name of the phase")
    mean_h: Positive = Field(description="mean time in the phase, hours")
    fixed: bool = Field(False, description="true: every cell stays exactly so long; false: exponential times")
    spread: float = Field(0.0, ge=0, lt=1, description="standard deviation of a fixed time, as a share of it: Gaussian")
    divides: bool = Field(False, description="true: the cell divides when it leaves the phase")
    doubles: bool = Field(False, description="true: the cell's target volume doubles when it enters the phase")


class CycleSection(Section):
    """How the cell cycles."""

    model: CycleName = Field(description="a standard model, or 'own' with [[cycle.phase]]")
    mean_h: dict[str, Positive] = Field({}, description="mean time in a phase of a standard model, hours, by the phase's name")
    fixed: Names | None = Field(None, description="phases of fixed length; replaces the standard model's")
    phase: Annotated[tuple[PhaseSection, ...], Field(strict=False)] = Field((), description="the phases of an own cycle")


class VolumeSection(Section):
    """The living cell's volume, and how fast its parts reach their targets."""

    total_um3: Positive = Field(description="volume of the cell at rest")
    nuclear_um3: Positive = Field(description="volume of its nucleus")
    fluid_fraction: OpenFraction = Field(0.75, description="share of fluid")
    fluid_per_min: Rate = Field(0.05, description="rate of the fluid toward its target")
    cytoplasmic_per_min: Rate = Field(0.0045, description="rate of the cytoplasm's solids")
    nuclear_per_min: Rate = Field(0.0055, description="rate of the nucleus's solids")


class ApoptosisSection(Section):
    """What becomes of an apoptotic cell."""

    duration_h: Positive = Field(APOPTOSIS.duration_min / 60, description="time until it is gone, hours")
    fixed: bool = Field(APOPTOSIS.fixed, description="true: always exactly so long; false: exponential times")
    fluid_per_min: Rate = Field(APOPTOSIS.fluid_per_min, description="rate at which its fluid goes to its target")
    cytoplasmic_per_min: Rate = Field(APOPTOSIS.cytoplasmic_per_min, description="rate at which the cytoplasm's solids go")
    nuclear_per_min: Rate = Field(APOPTOSIS.nuclear_per_min, description="rate at which the nucleus's solids go")
    calcified_per_min: Rate = Field(APOPTOSIS.calcified_per_min, description="rate of calcification")


class NecrosisSection(Section):
    """What becomes of a necrotic cell."""

    duration_h: Positive = Field(NECROSIS.duration_min / 60, description="time until it is gone, hours")
    fixed: bool = Field(NECROSIS.fixed, description="true: always exactly so long; false: exponential times")
    fluid_per_min: Rate = Field(NECROSIS.fluid_per_min, description="rate at which its fluid goes to its target")
    cytoplasmic_per_min: Rate = Field(NECROSIS.cytoplasmic_per_min, description="rate at which the cytoplasm's solids go")
    nuclear_per_min: Rate = Field(NECROSIS.nuclear_per_min, description="rate at which the nucleus's solids go")
    calcified_per_min: Rate = Field(NECROSIS.calcified_per_min, description="rate of calcification")
    target_fluid_fraction: Fraction = Field(NECROSIS.target_fluid_fraction, description="1: it swells; 0: it shrinks")
    bursts_at: Annotated[float, Field(gt=1)] = Field(
        NECROSIS.rupture, description="it bursts at this many of its volumes at death"
    )
    lysed_fluid_per_min: Rate = Field(NECROSIS.lysed_fluid_per_min, description="rate at which a burst cell loses its fluid")


class TypeFile(Section):
    """One type of cell; a file of one type holds these keys at its top."""

    name: Name = Field(description="name of the type: letters, digits and _")
    title: str = Field("", description="what it is, for readers")
    adherent: bool = Field(True, description="false: a cell in suspension, which flow carries along")
    cycle: CycleSection = Field(description="how the cell cycles")
    volume: VolumeSection = Field(description="its volume")
    apoptosis: ApoptosisSection = Field(ApoptosisSection(), description="what becomes of an apoptotic cell")
    necrosis: NecrosisSection = Field(NecrosisSection(), description="what becomes of a necrotic cell")
    behaviours: dict[str, float] = Field({}, description="base values by name; those left out keep the table's default")
    behaviours_where_present: dict[str, float] = Field(
        {}, description="the same, left out where the culture lacks the solute or type that the name names"
    )
    internal: dict[Name, float] = Field({}, description="start value of numbers kept inside the cell, by name")
    sources: dict[str, str] = Field({}, description="where the numbers come from, by key or by the section that holds them")
