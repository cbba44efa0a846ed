"""Receptors bind ligands of the medium, and take them in.

For every cell, with R free receptors, Cₖ bound to ligand k at concentration Lₖ: ``dR/dt = s − e R − Σ (konₖ Lₖ R − koffₖ Cₖ)``
and ``dCₖ/dt = konₖ Lₖ R − (koffₖ + iₖ) Cₖ``. The ligands compete for the receptor; at rest with one ligand the occupied share
is ``L/(L + Kd)``, with two it is Gaddum's.

Binding is solved exactly (matrix exponential) for the concentration at the start of an exchange step. The medium is then told
how strongly each cell captures, ``kon R̄`` with R̄ the mean of the free receptors, and what it releases, ``koff C̄``; what the
medium says was captured is what is bound. Ligand is thereby conserved to rounding between medium and cells, and the solution is
exact where the concentration stays what it was. An exchange step must be short beside the time in which cells deplete the
medium.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.cells.kernels.binding import bind
from coculture.cells.links import Receptor, internal_columns, receptors_of
from coculture.cells.population import LIVING
from coculture.cells.process import World
from coculture.compounds.binding.capture import MOLECULES_PER_UM3_UM
from coculture.errors import InputError

Floats = NDArray[np.float64]
TOO_LONG = "receptors gave off more ligand than they held: shorten the exchange step of the medium"


@dataclass(frozen=True, eq=False)
class Binding:
    """One receptor's binding during one exchange step.

    Attributes
    ----------
    receptor : which.
    columns : internal numbers of the free and bound receptors.
    solutes : numbers of its ligands' solutes.
    capture : (n, ligands) µm³/min of medium cleared.
    release : (n, ligands) µM·µm³/min given off.
    supposed : (n, ligands) µM·µm³ captured, had the concentrations stayed.
    """

    receptor: Receptor
    columns: list[int]
    solutes: list[int]
    capture: Floats
    release: Floats
    supposed: Floats

    def settle(self, world: World, captured: Floats) -> None:
        """Put what was captured, (n, ligands) µM·µm³, in the place of what was supposed to be."""
        more = (captured - self.supposed) * MOLECULES_PER_UM3_UM
        held = world.cells.internal
        held[:, self.columns[1:]] += more
        held[:, self.columns[0]] -= more.sum(axis=1)
        least = -1e-6 * (1.0 + np.abs(held[:, self.columns]).max(initial=0.0))
        if bool((held[:, self.columns] < least).any()) and TOO_LONG not in world.notes:
            world.notes.append(TOO_LONG)


def check_receptors(world: World) -> None:
    """Raise InputError where a receptor names a solute, type or number that the model does not have."""
    model = world.model
    for receptor in receptors_of(model):
        where = f"receptor '{receptor.name}'"
        internal_columns(model, receptor.internal, True, where)
        if not receptor.ligands:
            raise InputError("it has no ligand", where, "name the solute that binds it")
        for ligand in receptor.ligands:
            if ligand.solute not in model.solutes:
                raise InputError(f"unknown solute '{ligand.solute}'", where, "there is: " + ", ".join(model.solutes))
            if min(ligand.on_per_um_min, ligand.off_per_min, ligand.internalised_per_min) < 0:
                raise InputError(f"a rate of the ligand '{ligand.solute}' is negative", where, "give rates of 0 or more")
        for name, rate in receptor.synthesis_per_min.items():
            if name not in model.type_names:
                raise InputError(f"unknown cell type '{name}'", where, "there is: " + ", ".join(model.type_names))
            if rate < 0:
                raise InputError(f"synthesis in '{name}' is negative", where, "give a rate of 0 or more")
        if receptor.turnover_per_min < 0:
            raise InputError("its turnover is negative", where, "give a rate of 0 or more")


def bindings(world: World, minutes: float, concentrations: Floats) -> list[Binding]:
    """Let every receptor bind for ``minutes`` at these concentrations (n, solutes); return what the medium must be told."""
    return [_bound(world, minutes, one, concentrations) for one in receptors_of(world.model)]


def _bound(world: World, minutes: float, receptor: Receptor, concentrations: Floats) -> Binding:
    cells, model = world.cells, world.model
    columns = internal_columns(model, receptor.internal, True, receptor.name)
    solutes = [model.solutes.index(one.solute) for one in receptor.ligands]
    living = (cells.state == LIVING).astype(np.float64)
    rate = np.array([one.on_per_um_min for one in receptor.ligands])
    off = np.array([one.off_per_min for one in receptor.ligands])
    taken_in = np.array([one.internalised_per_min for one in receptor.ligands])
    made = np.array([receptor.synthesis_per_min.get(name, 0.0) for name in model.type_names])[cells.type] * living
    counts = np.ascontiguousarray(cells.internal[:, columns])
    mean = np.empty_like(counts)
    here = np.maximum(concentrations[:, solutes], 0.0)
    bind(minutes, made, receptor.turnover_per_min, np.ascontiguousarray(rate * here), off, taken_in, counts, mean)
    cells.internal[:, columns] = counts
    capture = rate * mean[:, :1] / MOLECULES_PER_UM3_UM
    release = off * mean[:, 1:] / MOLECULES_PER_UM3_UM
    return Binding(receptor, columns, solutes, capture, release, capture * here * minutes)
