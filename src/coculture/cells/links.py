"""What cells have to talk with: receptors, junctions, contact signalling. Data only; the processes that use them read them.

A model holds them in ``CellModel.links``: ``receptors`` a tuple of :class:`Receptor`, ``junctions`` a tuple of :class:`Junction`,
``notch`` one :class:`NotchDelta`. Numbers a cell keeps for them stand among the model's internal numbers, by the names said here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coculture.errors import InputError

if TYPE_CHECKING:
    from coculture.cells.model import CellModel


@dataclass(frozen=True)
class Ligand:
    """A solute that binds a receptor.

    Attributes
    ----------
    solute : its name.
    on_per_um_min : kon, 1/(µM min); 10⁶ /M/s is 60.
    off_per_min : koff, 1/min.
    internalised_per_min : rate at which its complexes are taken in and lost, 1/min.
    """

    solute: str
    on_per_um_min: float
    off_per_min: float
    internalised_per_min: float = 0.0


@dataclass(frozen=True)
class Receptor:
    """Receptors of one kind.

    Attributes
    ----------
    name : letters and digits.
    ligands : what binds; the first is the one whose occupancy counts, the others compete with it.
    synthesis_per_min : new receptors a minute and living cell, by the type's name; types left out make none.
    turnover_per_min : rate at which free receptors are taken in and lost, 1/min.
    """

    name: str
    ligands: tuple[Ligand, ...]
    synthesis_per_min: dict[str, float] = field(default_factory=dict)
    turnover_per_min: float = 0.0

    @property
    def internal(self) -> tuple[str, ...]:
        """Names of the internal numbers it needs: free receptors, then those bound to each ligand; molecules a cell."""
        return (f"{self.name}_free", *(f"{self.name}_{one.solute}" for one in self.ligands))


@dataclass(frozen=True)
class Junction:
    """A channel between touching cells, for one thing kept inside them.

    Attributes
    ----------
    internal : name of the internal number that passes, an amount.
    permeability_um_per_min : P of the contact area, µm/min.
    types : types that have the channel; both sides must. Empty: all.
    """

    internal: str
    permeability_um_per_min: float
    types: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotchDelta:
    """Lateral inhibition by Notch and Delta (Collier et al. 1996, J Theor Biol 183:429).

    Notch N and Delta D of a cell obey ``dN/dt = μ (D̄ᵏ/(a + D̄ᵏ) − N)`` and ``dD/dt = μ ν (1/(1 + b Nʰ) − D)`` with D̄ the mean
    Delta of the living cells it touches.

    Attributes
    ----------
    notch, delta : names of the internal numbers.
    rate_per_min : μ; 0 switches it off.
    delta_ratio : ν.
    a, b, k, h : constants.
    types : types that take part; empty: all.
    """

    notch: str = "notch"
    delta: str = "delta"
    rate_per_min: float = 0.0
    delta_ratio: float = 1.0
    a: float = 0.01
    b: float = 100.0
    k: float = 2.0
    h: float = 2.0
    types: tuple[str, ...] = ()


def receptors_of(model: CellModel) -> tuple[Receptor, ...]:
    """Return the model's receptors."""
    found = model.links.get("receptors", ())
    return found if isinstance(found, tuple) else ()


def junctions_of(model: CellModel) -> tuple[Junction, ...]:
    """Return the model's junctions."""
    found = model.links.get("junctions", ())
    return found if isinstance(found, tuple) else ()


def notch_of(model: CellModel) -> NotchDelta | None:
    """Return the model's contact signalling, None where it has none."""
    found = model.links.get("notch")
    return found if isinstance(found, NotchDelta) else None


def internal_columns(model: CellModel, names: tuple[str, ...], amounts: bool, where: str) -> list[int]:
    """Return the columns of internal numbers.

    Raises
    ------
    InputError : if the model keeps no number of that name, or an amount is not halved at division.
    """
    for name in names:
        if name not in model.internal:
            raise InputError(f"no internal number '{name}'", where, f"add '{name}' to the numbers inside the cells")
        if amounts and name not in model.halved:
            raise InputError(
                f"the amount '{name}' is not halved at division", where, f"add '{name}' to the numbers that are halved"
            )
    return [model.internal.index(name) for name in names]


def takes_part(model: CellModel, types: tuple[str, ...], where: str) -> list[bool]:
    """Return for every type whether it is named; all of them where none is.

    Raises
    ------
    InputError : if a name is no type.
    """
    for name in types:
        if name not in model.type_names:
            raise InputError(f"unknown cell type '{name}'", where, "there is: " + ", ".join(model.type_names))
    return [not types or name in types for name in model.type_names]
