"""How transport is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coculture.errors import InputError

SCHEMES = ("limited", "fitted")
DISPERSIONS = ("where_it_holds", "always", "never")


@dataclass(frozen=True)
class TransportSettings:
    """How transport is computed.

    Attributes
    ----------
    scheme : ``limited`` gives back what the fitted flux smears (second order, monotone); ``fitted`` does not (linear, faster).
    taylor_dispersion : whether shear over the depth spreads solutes along the flow: ``where_it_holds`` for those solutes that
        cross the depth by diffusion (h²/D) before the medium is replaced, ``always``, or ``never``.
    tolerance : error allowed in one time step (root mean square over the cells, or a tenth of the largest), as a share of
        the highest concentration.
    steady_tolerance : error of a steady state, as a share of the highest concentration.
    first_step_min, longest_step_min : of the time steps.
    wall_surfaces : which surfaces are of absorbing material.
    keep_operators : keep every solute's matrix between calls (faster when called often) or build it anew (less memory).

    Raises
    ------
    InputError : for an unknown scheme or a number out of range.
    """

    scheme: Literal["limited", "fitted"] = "limited"
    taylor_dispersion: Literal["where_it_holds", "always", "never"] = "where_it_holds"
    tolerance: float = 1e-3
    steady_tolerance: float = 1e-7
    first_step_min: float = 0.01
    longest_step_min: float = 1440.0
    wall_surfaces: tuple[Literal["ceiling", "floor", "sides"], ...] = ("ceiling", "sides")
    keep_operators: bool = True

    def __post_init__(self) -> None:
        where = "transport settings"
        if self.scheme not in SCHEMES:
            raise InputError(f"unknown scheme '{self.scheme}'", where, "use one of: " + ", ".join(SCHEMES))
        if self.taylor_dispersion not in DISPERSIONS:
            found = f"taylor_dispersion is '{self.taylor_dispersion}'"
            raise InputError(found, where, "use one of: " + ", ".join(DISPERSIONS))
        for name in ("tolerance", "steady_tolerance"):
            if not 0 < getattr(self, name) < 0.1:
                raise InputError(f"{name} is {getattr(self, name)}", where, "give a number between 0 and 0.1")
        if not 0 < self.first_step_min <= self.longest_step_min:
            raise InputError(
                f"first_step_min {self.first_step_min}, longest_step_min {self.longest_step_min}",
                where,
                "give a first step above 0 and no longer than the longest",
            )
        unknown = set(self.wall_surfaces) - {"ceiling", "floor", "sides"}
        if unknown:
            raise InputError(f"unknown surface '{sorted(unknown)[0]}'", where, "surfaces are: ceiling, floor, sides")
