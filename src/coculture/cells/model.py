"""The model of a culture: cell types, solutes and rules, numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coculture.cells.behaviours import expanded
from coculture.cells.parameters import Parameters


@dataclass(frozen=True)
class Phase:
    """A phase of a cell cycle.

    Attributes
    ----------
    name : as in the tables: 'live', 'G0G1', 'S', 'G2M', 'Ki67+', …
    mean_min : mean time in it.
    fixed : whether every cell stays exactly so long; otherwise times are exponential.
    divides : whether the cell divides when it leaves the phase.
    doubles : whether the cell's target volume doubles when it enters the phase.
    spread : standard deviation of a fixed phase's length, as a share of its mean, below 1: Gaussian, never negative.
    """

    name: str
    mean_min: float
    fixed: bool = False
    divides: bool = False
    doubles: bool = False
    spread: float = 0.0

    @property
    def stay(self) -> float:
        """How its length is drawn, as the kernels know it: 1 fixed, 0 exponential, between them the spread of a Gaussian."""
        return (self.spread or 1.0) if self.fixed else 0.0


@dataclass(frozen=True)
class CycleModel:
    """Phases in their order; after the last comes the first. A cell of a model without phases does not cycle."""

    name: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class VolumeModel:
    """Volume of a living cell and how fast its parts reach their targets.

    Attributes
    ----------
    total_um3, nuclear_um3 : of a cell at rest.
    fluid_fraction : of the total.
    fluid_per_min, cytoplasmic_per_min, nuclear_per_min : rates toward the targets.
    """

    total_um3: float = 2494.0
    nuclear_um3: float = 540.0
    fluid_fraction: float = 0.75
    fluid_per_min: float = 0.05
    cytoplasmic_per_min: float = 0.0045
    nuclear_per_min: float = 0.0055


@dataclass(frozen=True)
class DeathModel:
    """What becomes of a dead cell's volume.

    Attributes
    ----------
    duration_min : time until it is gone.
    fixed : whether every cell takes exactly so long.
    fluid_per_min, cytoplasmic_per_min, nuclear_per_min : rates toward the targets of a dying cell.
    target_fluid_fraction : 0 shrinks it; 1 swells it until it bursts.
    rupture : relative volume at which it bursts (lysis), infinite where it never does.
    lysed_fluid_per_min : rate at which a burst cell loses its fluid.
    calcified_per_min : rate of calcification.
    """

    duration_min: float
    fixed: bool = True
    fluid_per_min: float = 0.05
    cytoplasmic_per_min: float = 1.66667e-02
    nuclear_per_min: float = 5.83333e-03
    target_fluid_fraction: float = 0.0
    rupture: float = float("inf")
    lysed_fluid_per_min: float = 0.0
    calcified_per_min: float = 0.0


@dataclass(frozen=True)
class CellType:
    """One type of cell.

    Attributes
    ----------
    name : letters and digits.
    cycle, volume, apoptosis, necrosis : its life.
    behaviours : base value of each behaviour that differs from the table's default, by full name.
    internal : start value of each internal number, by name.
    adherent : whether flow leaves it where it is; a suspended cell is carried along.
    """

    name: str
    cycle: CycleModel
    volume: VolumeModel
    apoptosis: DeathModel
    necrosis: DeathModel
    behaviours: Mapping[str, float] = field(default_factory=dict)
    internal: Mapping[str, float] = field(default_factory=dict)
    adherent: bool = True


@dataclass(frozen=True)
class Rule:
    """A signal changes a behaviour: toward ``saturation`` as the signal grows past ``half_max``.

    Attributes
    ----------
    cell_type, signal, behaviour : names.
    direction : which way the behaviour goes as the signal grows.
    saturation : value of the behaviour at a full signal; every rule keeps its own.
    half_max : signal at half effect, in the signal's unit.
    hill_power : steepness, > 0.
    applies_to_dead : whether dead cells follow it too.
    constitutive : share of the full effect that is there without the signal, as of a receptor that is active without ligand.
    """

    cell_type: str
    signal: str
    direction: Literal["increases", "decreases"]
    behaviour: str
    saturation: float
    half_max: float
    hill_power: float
    applies_to_dead: bool = False
    constitutive: float = 0.0


@dataclass(frozen=True)
class Steps:
    """Lengths of the clock's ticks, min; each a whole multiple of the one before."""

    mechanics_min: float = 0.1
    contact_min: float = 0.6
    phenotype_min: float = 6.0


@dataclass(frozen=True, eq=False)
class CellModel:
    """A culture's model.

    Attributes
    ----------
    types : cell types; their place is their number.
    solutes : names of the solutes the surroundings hold, in their order.
    rules : how behaviours answer to signals.
    internal : names of the numbers kept inside cells.
    halved : which of them a division halves: amounts, not levels.
    links : settings of processes that link cells or hold receptors, by the process's name; each process reads its own.
    dimensions : 2 or 3.
    steps : the clock.
    contact_gap_um : cells touch where their outlines are no further apart than this, µm.
    notes : what a user should know about how its files were read.
    """

    types: tuple[CellType, ...]
    solutes: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    internal: tuple[str, ...] = ()
    halved: tuple[str, ...] = ()
    links: Mapping[str, object] = field(default_factory=dict)
    dimensions: int = 2
    steps: Steps = field(default_factory=Steps)
    contact_gap_um: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def type_names(self) -> tuple[str, ...]:
        """Names of the types."""
        return tuple(one.name for one in self.types)

    @property
    def phase_names(self) -> tuple[str, ...]:
        """Names by which rules and behaviours know the phases: ``phase_0`` and on, as many as the longest cycle has."""
        return tuple(f"phase_{i}" for i in range(max((len(one.cycle.phases) for one in self.types), default=0)))

    @cached_property
    def behaviour_names(self) -> tuple[str, ...]:
        """Full names of all behaviours, in the table's order."""
        return tuple(name for name, _ in expanded(self.solutes, self.type_names, self.phase_names))

    def parameters(self, n_cells: int, types: NDArray[np.int64]) -> Parameters:
        """Return the base values of every behaviour, with a column for each that a rule changes."""
        table = list(expanded(self.solutes, self.type_names, self.phase_names))
        base = np.array([[one.behaviours.get(name, kind.default) for name, kind in table] for one in self.types])
        base = base.reshape(len(self.types), len(table))
        for row, one in enumerate(self.types):
            for place, phase in enumerate(one.cycle.phases):
                name = f"exit_phase_{place}_per_min"
                if name not in one.behaviours:
                    base[row, self.behaviour_names.index(name)] = 0.0 if np.isinf(phase.mean_min) else 1.0 / phase.mean_min
        changed = sorted({self.behaviour_names.index(rule.behaviour) for rule in self.rules})
        column = np.full(len(table), -1, dtype=np.int64)
        column[changed] = np.arange(len(changed))
        by_cell = base[types][:, changed] if n_cells else np.zeros((0, len(changed)))
        return Parameters(self.behaviour_names, base, column, np.ascontiguousarray(by_cell))
