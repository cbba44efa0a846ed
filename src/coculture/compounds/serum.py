"""The share of a drug that serum leaves free, in medium that holds only some serum."""

from __future__ import annotations

from coculture.sound_numbers import require_number


def free_fraction(plasma_bound_fraction: float, serum_share: float) -> float:
    """Return the free fraction of a drug in medium with ``serum_share`` serum.

    Binding is taken as linear: ``fu = 1/(1 + s (1/fu_plasma − 1))`` (Kalvass & Maurer 2002, Biopharm Drug Dispos 23:327). It does
    not hold where the drug nears the concentration of its binding sites.

    Parameters
    ----------
    plasma_bound_fraction : bound fraction in undiluted plasma or serum, below 1.
    serum_share : volume of serum in a volume of medium, 0 to 1; 0.1 for 10 % serum.

    Raises
    ------
    InputError : if a number is outside its range.
    """
    bound = require_number(plasma_bound_fraction, "plasma_bound_fraction", least=0, most=1)
    share = require_number(serum_share, "serum_share", least=0, most=1)
    require_number(1 - bound, "1 - plasma_bound_fraction", above=0, remedy="give the bound fraction with more digits")
    return 1 / (1 + share * (1 / (1 - bound) - 1))
