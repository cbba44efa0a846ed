"""Molar mass from a chemical formula, by the abridged standard atomic weights of IUPAC.

Prohaska et al. 2022, Pure Appl Chem 94:573.
"""

from __future__ import annotations

import re
from itertools import pairwise

from coculture.errors import InputError

ATOMIC_WEIGHT_G_PER_MOL = {
    "H": 1.008,
    "B": 10.81,
    "C": 12.011,
    "N": 14.007,
    "O": 15.999,
    "F": 18.998,
    "Na": 22.990,
    "Mg": 24.305,
    "Si": 28.085,
    "P": 30.974,
    "S": 32.06,
    "Cl": 35.45,
    "K": 39.098,
    "Ca": 40.078,
    "Fe": 55.845,
    "Zn": 65.38,
    "Se": 78.971,
    "Br": 79.904,
    "I": 126.90,
    "Pt": 195.08,
}
"""Conventional atomic weights, five digits."""

_ATOM = re.compile(r"([A-Z][a-z]?)(\d*)")


def molar_mass_g_per_mol(formula: str) -> float:
    """Return the molar mass of a formula such as ``C20H18NO4+`` (``++`` for two charges); electrons are not weighed.

    Raises
    ------
    InputError : if the formula cannot be read or holds an element that is not in the table.
    """
    text = formula.strip().rstrip("+-")
    atoms = list(_ATOM.finditer(text))
    ends = [0, *(atom.end() for atom in atoms)]
    gapless = bool(atoms) and ends[-1] == len(text) and all(one.end() == two.start() for one, two in pairwise(atoms))
    if not gapless or atoms[0].start() != 0:
        raise InputError(f"cannot read the formula '{formula}'", remedy="write elements and numbers: 'C20H18NO4+'")
    total = 0.0
    for atom in atoms:
        element, number = atom.groups()
        if element not in ATOMIC_WEIGHT_G_PER_MOL:
            known = ", ".join(ATOMIC_WEIGHT_G_PER_MOL)
            raise InputError(f"no atomic weight of '{element}' in the formula '{formula}'", remedy=f"known elements: {known}")
        total += ATOMIC_WEIGHT_G_PER_MOL[element] * int(number or 1)
    return total
