"""The keys of a culture's file: types, solutes, affinities, rules and the clock."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from coculture.cells.files.link_keys import LinkSections
from coculture.cells.files.type_keys import Name, Rate, TypeFile
from coculture.typed_file.section import Names, Positive, Section


class CultureSection(Section):
    """The culture as a whole."""

    title: str = Field("", description="what it is, for readers")
    dimensions: Literal[2, 3] = Field(2, description="2 for a layer, 3 for a tissue or spheroid")
    mechanics_step_min: Positive = Field(0.1, description="step of forces and migration")
    contact_step_min: Positive = Field(0.6, description="step of contact behaviours, a multiple of the mechanics step")
    phenotype_step_min: Positive = Field(
        6.0, description="step of cycle, volume, death and rules; a multiple of the contact step"
    )
    contact_gap_um: Rate = Field(0.0, description="cells touch where their outlines are no further apart than this")


class SoluteSection(Section):
    """A solute of the medium; what only the medium needs may be left to the surroundings."""

    diffusion_um2_per_min: Rate | None = Field(None, description="diffusion coefficient")
    decay_per_min: Rate | None = Field(None, description="rate of decay")
    start_um: Rate | None = Field(None, description="concentration at the start, µM")


class CultureType(TypeFile):
    """A type of the culture, written out here or begun from another."""

    like: str = Field(
        "", description="the type to begin from: a type that comes with the program, or a .toml file; keys here replace its"
    )


class RuleSection(Section):
    """A signal changes a behaviour."""

    cell_type: str = Field(description="the type that follows the rule")
    signal: str = Field(description="the signal, as the table of signals names it")
    direction: Literal["increases", "decreases"] = Field(description="which way the behaviour goes as the signal grows")
    behaviour: str = Field(description="the behaviour, as the table of behaviours names it")
    saturation: float = Field(description="value of the behaviour at a full signal, in the behaviour's unit")
    half_max: Positive = Field(description="signal at half effect, in the signal's unit, above 0")
    hill_power: Positive = Field(description="steepness, above 0; 1 is gradual, 4 is a switch, 8 is sharp")
    applies_to_dead: bool = Field(False, description="true: dead cells follow it too")
    constitutive: Annotated[float, Field(ge=0, lt=1)] = Field(
        0.0, description="share of the full effect without the signal: a receptor that is active without ligand"
    )


class RulesSection(Section):
    """Rules carried over from a model in the cell-behaviour hypothesis grammar."""

    grammar_csv: str = Field(description="the grammar's CSV file, version 3; a path that starts at the culture's folder")
    own_saturations: bool = Field(
        False, description="false: one saturation a behaviour and direction, as published; true: every rule keeps its own"
    )
    um_per_unit: dict[str, Positive] = Field(
        {}, description="µM in one unit of the CSV's concentrations, by solute; without it they are taken as µM"
    )


class CultureFile(LinkSections):
    """A culture: its types and what happens between them."""

    culture: CultureSection = Field(CultureSection(), description="the culture as a whole")
    include: Names = Field((), description="types from elsewhere: names of types that come with the program, or .toml files")
    solutes: dict[Name, SoluteSection] = Field({}, description="the solutes of the medium, by name")
    cell_type: Annotated[tuple[CultureType, ...], Field(strict=False)] = Field((), description="types of this culture")
    affinity: dict[str, dict[str, Rate]] = Field(
        {}, description="affinity of adhesion, a row a type and a key a type: all or none; none: 1 for every pair"
    )
    halved: Names = Field((), description="numbers inside the cell that a division halves: amounts, not levels")
    rule: Annotated[tuple[RuleSection, ...], Field(strict=False)] = Field((), description="how behaviours answer to signals")
    rules: RulesSection | None = Field(None, description="rules carried over from the grammar's CSV, beside those of [[rule]]")
