"""An effect on a ligand and its receptor: antagonists, agonists, inverse agonists, and inhibitors behind the receptor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.compounds.binding.occupancy import require_concentrations
from coculture.compounds.binding.schild import dose_ratio
from coculture.compounds.binding.two_state import active_share
from coculture.compounds.citation import Cited, Source
from coculture.compounds.effects.curve import EffectCurve
from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]
Action = Literal["competitive antagonist", "signalling inhibitor", "agonist", "inverse agonist"]

ACTIONS: dict[str, str] = {
    "competitive antagonist": "competes with the ligand: its Kd grows by 1 + (B/KB)^s; half is KB, slope is s",
    "signalling inhibitor": "leaves binding alone and cuts the signal to 1 + (largest − 1) of a Hill curve; half is IC50",
    "agonist": "signals by itself, largest times as much as the ligand does at saturation; half is EC50",
    "inverse agonist": "competes with the ligand and leaves the empty receptor largest of its own signal; half is EC50",
}
"""What a compound can do to a ligand's receptor, and what its numbers then mean."""


@dataclass(frozen=True)
class PairEffect:
    """What a compound does to a ligand's receptor.

    Attributes
    ----------
    ligand, receptor : names of genes or complexes (``CXCL12``, ``CXCR4``).
    action : see :data:`ACTIONS`.
    curve : KB, IC50 or EC50, and slope.
    largest : efficacy of an agonist (1: as much as the ligand); factor left of the signal by an inhibitor or inverse agonist;
        None for an antagonist.
    """

    ligand: str
    receptor: str
    action: Action
    curve: EffectCurve
    largest: Cited | None = None

    def dose_ratio(self, dose: ArrayLike) -> Floats:
        """Return by what the ligand's Kd (and EC50) is multiplied: Gaddum and Schild; 1 for all but competitive antagonists."""
        if self.action != "competitive antagonist":
            return np.ones_like(require_concentrations(dose, "dose"))
        return dose_ratio(dose, self.curve.half.value, self.curve.slope.value)

    def signal_factor(self, dose: ArrayLike) -> Floats:
        """Return by what the ligand's (or, for an inverse agonist, the empty receptor's) signal is multiplied."""
        if self.action not in ("signalling inhibitor", "inverse agonist"):
            return np.ones_like(require_concentrations(dose, "dose"))
        return np.asarray(1 + (self._largest() - 1) * self.curve.share(dose))

    def added_signal(self, dose: ArrayLike) -> Floats:
        """Return the signal of an agonist alone, in units of the ligand's at saturation; 0 for the others."""
        if self.action != "agonist":
            return np.zeros_like(require_concentrations(dose, "dose"))
        return np.asarray(self._largest() * self.curve.share(dose))

    def signal(self, ligand_um: ArrayLike, ligand_kd_um: float, dose: ArrayLike, constitutive: float = 0.0) -> Floats:
        """Return the signal of ligand and compound together, 1 for saturating ligand alone.

        With v = L/Kd (Kd: the ligand's midpoint), y = (B/half)^n and b the signal of the receptor without ligand: antagonist
        ``(b (1 + y) + v)/(1 + y + v)``, which is ``L/(L + Kd·DR)`` for b = 0; agonist ``(b + e y + v)/(1 + y + v)`` with e its
        efficacy; inverse agonist ``(b + r b y + v)/(1 + y + v)`` with r the share it leaves; inhibitor ``factor (b + v)/(1 +
        v)``. It is the two-state model (:mod:`coculture.compounds.binding.two_state`).

        Raises
        ------
        InputError : if a concentration is negative, Kd is not above 0, or b leaves 0 to 1.
        """
        pull = require_concentrations(ligand_um, "ligand_um") / require_number(ligand_kd_um, "ligand_kd_um", above=0)
        there = require_concentrations(dose, "dose")
        if self.action == "signalling inhibitor":
            return np.asarray(active_share(constitutive, [pull], [1.0]) * self.signal_factor(there))
        own = (there / self.curve.half.value) ** self.curve.slope.value
        return active_share(constitutive, [pull, own], [1.0, self.own_activity(constitutive)])

    def own_activity(self, constitutive: float) -> float:
        """Return the activity of the receptor that the compound alone saturates, given that without ligand."""
        if self.action == "agonist":
            return self._largest()
        return constitutive * self._largest() if self.action == "inverse agonist" else constitutive

    def _largest(self) -> float:
        if self.largest is None:
            raise InputError(
                f"the action '{self.action}' needs 'largest'", f"{self.ligand}-{self.receptor}", ACTIONS[self.action]
            )
        return self.largest.value

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its numbers come from."""
        return (*self.curve.sources, *((self.largest.source,) if self.largest else ()))

    @property
    def text(self) -> str:
        """The effect in one line."""
        largest = f", largest {self.largest.value:g}" if self.largest else ""
        return f"{self.action} of {self.ligand}-{self.receptor}, {self.curve.text}{largest}"
