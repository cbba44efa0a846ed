"""What a run knows of a compound, and what was dosed into a well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.compounds.compound import Effect
from coculture.compounds.effects.curve import EffectCurve
from coculture.errors import InputError
from coculture.plate.treatment import Treatment

Floats = NDArray[np.float64]

Substances = Mapping[tuple[str, str], Mapping[str, float]]
"""(name in a treatment, unit of its dose) → µM of each drug that one unit of it brings; nothing for a vehicle."""


@dataclass(frozen=True)
class Drug:
    """One compound, as a run uses it.

    Attributes
    ----------
    name : its name.
    effects : what it does.
    molar_mass_g_per_mol : None where not known; needed for effects in µg/mL.
    free_fraction : share that serum leaves free. Cells answer to what is free, walls take what is free.
    diffusion_um2_per_min : in medium; needed where the dose is delivered.
    decay_per_min : rate at which it is lost in medium.
    pdms_partition : concentration in PDMS over that in medium in balance; 0: not taken up.
    pdms_diffusion_um2_per_min : diffusion coefficient in PDMS.
    """

    name: str
    effects: tuple[Effect, ...] = ()
    molar_mass_g_per_mol: float | None = None
    free_fraction: float = 1.0
    diffusion_um2_per_min: float | None = None
    decay_per_min: float = 0.0
    pdms_partition: float = 0.0
    pdms_diffusion_um2_per_min: float = 600.0

    def in_unit(self, um: Floats, curve: EffectCurve) -> Floats:
        """Return concentrations, µM, in the unit of an effect's curve.

        Raises
        ------
        InputError : if the curve is in µg/mL and the molar mass is not known.
        """
        if curve.unit == "uM":
            return um
        if self.molar_mass_g_per_mol is None:
            raise InputError(
                f"an effect of '{self.name}' is in µg/mL, and its molar mass is not known", self.name, "add molar_mass_g_per_mol"
            )
        return um * self.molar_mass_g_per_mol / 1e3


@dataclass(frozen=True)
class Dose:
    """A drug in a well.

    Attributes
    ----------
    drug : its name.
    um : concentration, µM.
    start_min, end_min : when it enters and leaves; None: it stays.
    """

    drug: str
    um: float
    start_min: float = 0.0
    end_min: float | None = None

    def is_there(self, time_min: float) -> bool:
        """Tell whether it is in the well at a time."""
        return self.start_min <= time_min and (self.end_min is None or time_min < self.end_min)


def doses_of(treatment: Treatment, substances: Substances) -> tuple[Dose, ...]:
    """Return what a treatment brings into a well.

    Raises
    ------
    InputError : if nothing is known of a part.
    """
    found = []
    for part in treatment.parts:
        brought = substances.get((part.compound, part.unit))
        if brought is None:
            raise InputError(f"nothing is known of '{part.compound}' in {part.unit}", treatment.text, "declare it as a compound")
        found += [Dose(name, um * part.dose, part.start_min, part.end_min) for name, um in brought.items()]
    return tuple(found)
