"""MuSyC: two drugs as a mass-action cycle of four states, with synergy of efficacy, potency and cooperativity apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.errors import InputError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Musyc:
    """Parameters of two drugs and of what they do to one another (Meyer et al. 2019, Cell Syst. 8:97; Wooten et al. 2021).

    Attributes
    ----------
    e0, e1, e2, e3 : effect without drugs, of drug 1, of drug 2 and of both at endless dose.
    h1, h2 : Hill slopes, above 0.
    c1, c2 : EC50s of the drugs alone, above 0.
    alpha12 : how many times more potent drug 2 becomes where drug 1 saturates; ``alpha21`` drug 1 by drug 2. 1 is independence.
    gamma12 : factor on the Hill slope of drug 2 where drug 1 saturates; ``gamma21`` the other way round.

    Raises
    ------
    InputError : for a slope, EC50, alpha or gamma that is not above 0.
    """

    e0: float
    e1: float
    e2: float
    e3: float
    h1: float
    h2: float
    c1: float
    c2: float
    alpha12: float = 1.0
    alpha21: float = 1.0
    gamma12: float = 1.0
    gamma21: float = 1.0

    def __post_init__(self) -> None:
        for name in ("h1", "h2", "c1", "c2", "alpha12", "alpha21", "gamma12", "gamma21"):
            if not getattr(self, name) > 0:
                raise InputError(f"{name} is {getattr(self, name):g}", "MuSyC", "slopes, EC50s, alphas and gammas lie above 0")

    @property
    def beta(self) -> float:
        """Synergy of efficacy: effect of both beyond the stronger drug, as a part of the stronger drug's own.

        ``(E3 - E_strong) / (E_strong - E0)``, NaN where neither drug does anything.
        """
        strong = max(self.e1 - self.e0, self.e2 - self.e0, key=abs)
        return (self.e3 - self.e0 - strong) / strong if strong else float("nan")

    def effect(self, dose1: ArrayLike, dose2: ArrayLike) -> Floats:
        """Return the effect at doses >= 0 of the two drugs, broadcast."""
        shares = state_shares(
            np.asarray(dose1, dtype=np.float64),
            np.asarray(dose2, dtype=np.float64),
            (self.h1, self.h2, self.c1, self.c2, self.alpha12, self.alpha21, self.gamma12, self.gamma21),
        )
        return np.asarray(sum(e * share for e, share in zip((self.e0, self.e1, self.e2, self.e3), shares, strict=True)))


def state_shares(dose1: Floats, dose2: Floats, shape: tuple[float, ...]) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the shares of cells that are untouched, under drug 1, under drug 2, and under both, at steady state.

    Cells pass ``U <-> A1 <-> A12`` and ``U <-> A2 <-> A12``. Rates back are 1; rates forth are ``(d1/c1)**h1`` from U,
    ``(alpha21 d1/c1)**(gamma21 h1)`` from A2, and alike for drug 2: the equation of Meyer et al. in units of the rates back.

    Parameters
    ----------
    dose1, dose2 : doses >= 0, broadcast.
    shape : (h1, h2, c1, c2, alpha12, alpha21, gamma12, gamma21).
    """
    h1, h2, c1, c2, alpha12, alpha21, gamma12, gamma21 = shape
    first, second = (dose1 / c1) ** h1, (dose2 / c2) ** h2
    first_after = (alpha21 * dose1 / c1) ** (gamma21 * h1)
    second_after = (alpha12 * dose2 / c2) ** (gamma12 * h2)
    leave1, leave2 = 1.0 + second_after, 1.0 + first_after
    both = (first * second_after / leave1 + second * first_after / leave2) / (1.0 / leave1 + 1.0 / leave2)
    under1, under2 = (first + both) / leave1, (second + both) / leave2
    total = 1.0 + under1 + under2 + both
    return np.asarray(1.0 / total), np.asarray(under1 / total), np.asarray(under2 / total), np.asarray(both / total)
