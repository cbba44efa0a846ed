"""From the nano-carriers of a recipe, and those of the library, to those of a virtual screen."""

from __future__ import annotations

import math

from coculture.compounds.carrier import Carrier
from coculture.compounds.release.base import ReleaseLaw
from coculture.errors import InputError
from coculture.run.recipe.carrier import Carrier as Declared
from coculture.sources.virtual_chip.carriers.carrier import DosedCarrier
from coculture.sources.virtual_chip.drug import Drug

UM_UM3_PER_PG = 1e9
"""µM·µm³ (1e-21 mol) of a drug of 1 g/mol in a pg."""


def declared_carrier(asked: Declared, drug: Drug) -> DosedCarrier:
    """Return a carrier that the recipe declares."""
    pg = asked.density_g_per_cm3 * math.pi / 6 * (1e-3 * asked.diameter_nm) ** 3 * asked.load_mg_per_g / 1e3
    shape = (asked.diameter_nm, asked.density_g_per_cm3, UM_UM3_PER_PG * pg / _molar_mass(drug), asked.release.made())
    taken = asked.uptake
    if taken is None:
        return DosedCarrier(asked.name, drug.name, *shape)
    most = math.inf if taken.most_per_cell is None else taken.most_per_cell
    return DosedCarrier(asked.name, drug.name, *shape, taken.per_min, taken.lost_per_min, most, taken.drug_leaves_per_min)


def library_carrier(entry: Carrier, drug: Drug) -> DosedCarrier:
    """Return a carrier of the library."""
    taken = entry.uptake
    if taken.drug_leaves_per_min is None:
        raise InputError(
            f"how fast drug leaves a cell is not known of the carrier '{entry.name}'",
            entry.name,
            "add drug_leaves_per_min to its [uptake]",
        )
    return DosedCarrier(
        entry.name,
        drug.name,
        entry.diameter_nm.value,
        entry.density_g_per_cm3.value,
        UM_UM3_PER_PG * entry.drug_per_carrier_pg / _molar_mass(drug),
        entry.release,
        taken.per_min.value,
        taken.lost_per_min.value,
        math.inf if taken.most_per_cell is None else taken.most_per_cell.value,
        taken.drug_leaves_per_min.value,
    )


def um_of_drug(carrier: DosedCarrier, load_mg_per_g: float, drug: Drug, unit: str) -> float:
    """Return the µM of drug that one unit of a carrier brings.

    Raises
    ------
    InputError : for a unit that is no concentration.
    """
    if unit == "uM":
        return 1.0
    if unit == "ug/mL":
        return load_mg_per_g / _molar_mass(drug)
    remedy = "dose it in uM of the drug it carries, or in ug/mL of carriers"
    raise InputError(f"the carrier '{carrier.name}' is dosed in '{unit}'", carrier.name, remedy)


def validity_notes(name: str, law: ReleaseLaw, hours: float) -> tuple[str, ...]:
    """Return what a reader must know where a screen lasts longer than a release law may be believed."""
    until = law.valid_until_min()
    if until >= 60 * hours:
        return ()
    share = 100 * law.valid_fraction
    return (f"{name}: {law.name} describes the first {share:g} % of the release, up to {until / 60:.3g} h of {hours:g} h",)


def _molar_mass(drug: Drug) -> float:
    if drug.molar_mass_g_per_mol is None:
        what = f"the load of a carrier is known by mass, and the molar mass of '{drug.name}' is not known"
        raise InputError(what, drug.name, "add molar_mass_g_per_mol to the drug")
    return drug.molar_mass_g_per_mol
