"""From the IC50 of an assay to the constant of the inhibitor.

For a competitive inhibitor ``Ki = IC50/(1 + S/Km)`` (Cheng & Prusoff 1973, Biochem Pharmacol 22:3099). For a functional curve
of an agonist with Hill slope n ``KB = IC50/((2 + (A/EC50)^n)^{1/n} − 1)`` (Leff & Dougall 1993, Trends Pharmacol Sci 14:110),
which is the former for n = 1.
"""

from __future__ import annotations

from coculture.sound_numbers import require_number


def cheng_prusoff(ic50: float, substrate: float, michaelis: float) -> float:
    """Return ``Ki = IC50/(1 + S/Km)``, in the unit of the IC50.

    Parameters
    ----------
    ic50 : half-inhibiting concentration in the assay.
    substrate : concentration of substrate (or radioligand, or agonist) in the assay.
    michaelis : its Km (or Kd, or EC50), in the same unit.

    Raises
    ------
    InputError : if the substrate is negative, or the IC50 or Km is not above 0.
    """
    require_number(ic50, "ic50", above=0)
    require_number(substrate, "substrate", least=0)
    require_number(michaelis, "michaelis", above=0)
    return ic50 / (1 + substrate / michaelis)


def leff_dougall(ic50: float, agonist: float, ec50: float, hill_slope: float) -> float:
    """Return KB from the inhibition of a functional curve with a Hill slope, in the unit of the IC50.

    Raises
    ------
    InputError : if the agonist is not above 0 (nothing would be inhibited), or another number is not above 0.
    """
    require_number(ic50, "ic50", above=0)
    require_number(agonist, "agonist", above=0)
    require_number(ec50, "ec50", above=0)
    require_number(hill_slope, "hill_slope", above=0)
    return float(ic50 / ((2 + (agonist / ec50) ** hill_slope) ** (1 / hill_slope) - 1))
