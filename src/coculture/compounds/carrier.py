"""A nano-carrier: its size, what it holds, how it gives it off, and how cells take it up."""

from __future__ import annotations

import math
from dataclasses import dataclass

from coculture.compounds.citation import Cited, Source
from coculture.compounds.naming import Names
from coculture.compounds.release.base import ReleaseLaw
from coculture.sound_numbers import require_number


@dataclass(frozen=True)
class Uptake:
    """How a cell takes carriers in.

    Attributes
    ----------
    per_min : chance per minute that a carrier at the cell is taken in.
    lost_per_min : chance per minute that a carrier inside is given back or broken down with its load.
    most_per_cell : number of carriers a cell can hold; None: no limit.
    drug_leaves_per_min : rate at which drug that was set free inside a cell leaves it; the virtual chip needs it.
    """

    per_min: Cited
    lost_per_min: Cited
    most_per_cell: Cited | None = None
    drug_leaves_per_min: Cited | None = None


@dataclass(frozen=True)
class Carrier:
    """A nano-carrier. A dose of it is the mass of carriers (with their load) in a volume of medium.

    Attributes
    ----------
    names : what it is called.
    drug : name of the compound it carries.
    diameter_nm, density_g_per_cm3 : of the sphere that moves in the medium.
    load_mg_per_g : drug in a gram of loaded carriers.
    release : its release law, by age since it met the medium.
    release_source : where the law's numbers come from.
    uptake : how cells take it in.
    sources : all sources of its file.
    note : what has to be known to use it.
    """

    names: Names
    drug: str
    diameter_nm: Cited
    density_g_per_cm3: Cited
    load_mg_per_g: Cited
    release: ReleaseLaw
    release_source: Source
    uptake: Uptake
    sources: tuple[Source, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """Its name in the library."""
        return self.names.name

    @property
    def mass_pg(self) -> float:
        """Mass of one carrier, pg: ``ρ π d³/6``."""
        return self.density_g_per_cm3.value * math.pi / 6 * (1e-3 * self.diameter_nm.value) ** 3

    @property
    def drug_per_carrier_pg(self) -> float:
        """Mass of drug in one carrier, pg."""
        return self.mass_pg * self.load_mg_per_g.value / 1e3

    def drug_ug_per_ml(self, carrier_ug_per_ml: float) -> float:
        """Return the drug that a dose of carriers brings, µg/mL of medium; InputError if the dose is negative."""
        return require_number(carrier_ug_per_ml, "carrier_ug_per_ml", least=0) * self.load_mg_per_g.value / 1e3

    def carriers_per_ml(self, carrier_ug_per_ml: float) -> float:
        """Return the number of carriers in a mL of medium; InputError if the dose is negative."""
        return require_number(carrier_ug_per_ml, "carrier_ug_per_ml", least=0) * 1e6 / self.mass_pg
