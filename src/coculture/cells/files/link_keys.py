"""The keys of what links cells: receptors, junctions, contact signalling; see :mod:`coculture.cells.links`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from coculture.cells.files.type_keys import Name, Rate
from coculture.cells.links import Junction, Ligand, NotchDelta, Receptor
from coculture.typed_file.complaints import did_you_mean
from coculture.typed_file.key_lines import KeyPath
from coculture.typed_file.section import Names, Positive, Section

Fault = tuple[KeyPath, str, str]
"""Where, what, remedy."""


class LigandSection(Section):
    """A solute that binds the receptor."""

    solute: str = Field(description="the solute")
    on_per_um_min: Rate = Field(description="rate of binding, 1/(µM min); 10⁶ /M/s is 60")
    off_per_min: Rate = Field(description="rate of letting go")
    internalised_per_min: Rate = Field(0.0, description="rate at which complexes are taken in and lost")


class ReceptorSection(Section):
    """Receptors of one kind."""

    name: Name = Field(description="name of the receptor")
    ligand: Annotated[tuple[LigandSection, ...], Field(strict=False, min_length=1)] = Field(
        description="what binds; the first is the one whose occupancy counts, the others compete"
    )
    synthesis_per_min: dict[str, Rate] = Field({}, description="new receptors a minute and living cell, by the type's name")
    turnover_per_min: Rate = Field(0.0, description="rate at which free receptors are taken in and lost")


class JunctionSection(Section):
    """A channel between touching cells."""

    internal: str = Field(description="the number inside cells that passes, an amount")
    permeability_um_per_min: Rate = Field(description="permeability of the contact area")
    types: Names = Field((), description="types that have the channel; none: all")


class NotchSection(Section):
    """Lateral inhibition by Notch and Delta."""

    notch: Name = Field("notch", description="name of the number inside cells that is Notch")
    delta: Name = Field("delta", description="name of the number inside cells that is Delta")
    rate_per_min: Rate = Field(description="rate of both; 0 switches it off")
    delta_ratio: Positive = Field(1.0, description="rate of Delta over that of Notch")
    a: Positive = Field(0.01, description="constant of Notch's answer to Delta")
    b: Positive = Field(100.0, description="constant of Delta's answer to Notch")
    k: Positive = Field(2.0, description="power of Notch's answer")
    h: Positive = Field(2.0, description="power of Delta's answer")
    types: Names = Field((), description="types that take part; none: all")


class LinkSections(Section):
    """The part of a culture's file that links cells."""

    receptor: Annotated[tuple[ReceptorSection, ...], Field(strict=False)] = Field((), description="receptors")
    junction: Annotated[tuple[JunctionSection, ...], Field(strict=False)] = Field((), description="channels between cells")
    notch: NotchSection | None = Field(None, description="lateral inhibition by Notch and Delta")

    def links(self) -> dict[str, object]:
        """Return what the processes read, by name; nothing for what the file does not say."""
        found: dict[str, object] = {}
        if self.receptor:
            found["receptors"] = tuple(_receptor(one) for one in self.receptor)
        if self.junction:
            found["junctions"] = tuple(Junction(**one.model_dump()) for one in self.junction)
        if self.notch is not None:
            found["notch"] = NotchDelta(**self.notch.model_dump())
        return found

    def amounts(self) -> tuple[str, ...]:
        """Return names of the molecules kept inside cells, which a division halves."""
        return tuple(name for one in self.receptor for name in _receptor(one).internal)

    def levels(self) -> tuple[str, ...]:
        """Return names of the levels kept inside cells, which a division leaves."""
        return () if self.notch is None else (self.notch.notch, self.notch.delta)

    def link_faults(self, types: Iterable[str], solutes: Iterable[str], internal: Iterable[str]) -> Iterable[Fault]:
        """Yield names that the culture does not have."""
        for number, one in enumerate(self.receptor):
            path: KeyPath = ("receptor", number)
            yield from _unknown("cell type", one.synthesis_per_min, types, (*path, "synthesis_per_min"))
            for place, ligand in enumerate(one.ligand):
                yield from _unknown("solute", [ligand.solute], solutes, (*path, "ligand", place, "solute"))
        for number, channel in enumerate(self.junction):
            path = ("junction", number)
            yield from _unknown("cell type", channel.types, types, (*path, "types"))
            yield from _unknown("number inside cells", [channel.internal], internal, (*path, "internal"))
        if self.notch is not None:
            yield from _unknown("cell type", self.notch.types, types, ("notch", "types"))


def _receptor(keys: ReceptorSection) -> Receptor:
    ligands = tuple(Ligand(**one.model_dump()) for one in keys.ligand)
    return Receptor(keys.name, ligands, dict(keys.synthesis_per_min), keys.turnover_per_min)


def _unknown(kind: str, names: Iterable[str], known: Iterable[str], path: KeyPath) -> Iterable[Fault]:
    listed = tuple(known)
    for name in names:
        if name not in listed:
            yield path, f"unknown {kind} '{name}'", f"{did_you_mean(name, listed)}there is: {', '.join(listed) or 'none'}"
