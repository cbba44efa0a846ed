"""From a dose of a formula to the doses of its herbs, by the weights of the library."""

from __future__ import annotations

from coculture.compounds.formula import Formula
from coculture.compounds.library import Library, standard_library
from coculture.errors import InputError
from coculture.plate.treatment import Part

MASS = "ug/mL"


def formula_parts(part: Part, library: Library | None = None) -> tuple[Part, ...]:
    """Return the herbs that a dose of a formula brings, each under its name in the library.

    Parameters
    ----------
    part : the formula by any of its names (``X without Y`` too), dosed as the mass of all its dried herbs in a volume.
    library : where names are looked up; None: the program's.

    Raises
    ------
    InputError : if there is no such formula, or the dose is no mass in a volume.
    """
    formula = (library or standard_library()).get(part.compound, Formula)
    if part.unit != MASS:
        raise InputError(
            f"the formula '{formula.name}' is dosed in '{part.unit}'", remedy="dose it in ug/mL (or mg/mL) of all its dried herbs"
        )
    return tuple(
        Part(member.herb, part.dose * formula.weight_share(member.herb), MASS, part.start_min, part.end_min)
        for member in formula.members
    )
