"""A plain well: a box of still medium in two dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from coculture.cells.founding import Box as Place
from coculture.cells.founding import Region
from coculture.cells.medium.box import Box
from coculture.cells.medium.medium import Medium
from coculture.cells.medium.of_model import solutes_of
from coculture.cells.medium.solute import Solute
from coculture.cells.model import CellModel
from coculture.cells.surroundings import Surroundings
from coculture.errors import InputError
from coculture.sources.virtual_chip.drug import Dose, Drug


@dataclass(frozen=True)
class WellVessel:
    """A plain well, or the part of it that is looked at, with closed sides.

    Attributes
    ----------
    size_um : (width, height).
    voxel_um : width of a voxel of the medium.
    depth_um : depth of the medium above the cells.
    start_um : concentrations at the start that differ from the culture's file.
    border_um : concentrations held at sides, by solute and side.
    exchange_step_min : time between two exchanges of cells and medium.
    """

    size_um: tuple[float, float]
    voxel_um: float = 20.0
    depth_um: float = 100.0
    start_um: Mapping[str, float] = field(default_factory=dict)
    border_um: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    exchange_step_min: float = 6.0

    @property
    def region_names(self) -> tuple[str, ...]:
        """There is the whole alone."""
        return ()

    def region(self, name: str) -> Region:
        """Return the whole well."""
        if name:
            raise InputError(f"a plain well has no region '{name}'", "seeding", "leave the region out, or give a rectangle")
        return Place((0.0, 0.0), self.size_um)

    def prepare(self, folder: Path) -> None:
        """Prepare nothing."""

    def begin(self, folder: Path, model: CellModel, drugs: Mapping[str, Drug], doses: Sequence[Dose]) -> Surroundings:
        """Return the medium, with what is dosed at the start in it."""
        own = replace(model, solutes=tuple(name for name in model.solutes if name not in drugs))
        solutes = [replace(one, start_um=self.start_um.get(one.name, one.start_um)) for one in solutes_of(own, self.border_um)]
        solutes += [Solute(name, diffusion_of(drug), drug.decay_per_min) for name, drug in drugs.items()]
        box = Box(self.size_um, self.voxel_um, self.depth_um)
        medium = Medium.of(box, solutes, self.exchange_step_min)
        self.dose(medium, doses, 0.0)
        return medium

    def pauses(self, doses: Sequence[Dose]) -> tuple[float, ...]:
        """Return when doses come or the medium is changed."""
        times = {time for one in doses for time in (one.start_min, one.end_min) if time is not None and time > 0}
        return tuple(sorted(times))

    def dose(self, surroundings: Surroundings, doses: Sequence[Dose], time_min: float) -> None:
        """Mix in what comes at this time, and take out, by a change of medium, what leaves."""
        assert isinstance(surroundings, Medium)
        names = [one.name for one in surroundings.solutes]
        for one in doses:
            row = names.index(one.drug)
            if one.end_min == time_min:
                surroundings.concentration[row] = 0.0
        for one in doses:
            if max(one.start_min, 0.0) == time_min and (one.end_min is None or one.end_min > time_min):
                surroundings.concentration[names.index(one.drug)] += one.um


def diffusion_of(drug: Drug) -> float:
    """Return a delivered drug's diffusion coefficient, µm²/min.

    Raises
    ------
    InputError : if it is not known.
    """
    if drug.diffusion_um2_per_min is None:
        raise InputError(
            f"the diffusion of '{drug.name}' is not known, and it is to be delivered",
            drug.name,
            'add diffusion_um2_per_min or molar_mass_g_per_mol to it, or set dosing = "nominal"',
        )
    return drug.diffusion_um2_per_min
