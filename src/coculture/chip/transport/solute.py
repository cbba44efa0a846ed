"""What is dissolved in the medium."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from coculture.errors import InputError


@dataclass(frozen=True)
class Solute:
    """A dissolved substance.

    Attributes
    ----------
    name : its name.
    diffusion_um2_per_min : diffusion coefficient in medium, µm²/min (1e-10 m²/s is 6000 µm²/min).
    loss_per_min : first-order decay, 1/min, everywhere.
    gel_partition : by name of a gel, concentration in the gel's reachable volume over that in medium at equilibrium;
        1 where a gel is not named.

    Raises
    ------
    InputError : if a number is not finite, or below 0 (0 is not allowed for a partition).
    """

    name: str
    diffusion_um2_per_min: float
    loss_per_min: float = 0.0
    gel_partition: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = f"solute '{self.name}'"
        _check(self.diffusion_um2_per_min, "diffusion_um2_per_min", where, least=0.0)
        _check(self.loss_per_min, "loss_per_min", where, least=0.0)
        for gel, partition in self.gel_partition.items():
            _check(partition, f"gel_partition of '{gel}'", where, least=0.0)
            if partition == 0.0:
                raise InputError(f"gel_partition of '{gel}' is 0", where, "give a small number above 0, or draw a wall")


def _check(value: float, name: str, where: str, least: float) -> None:
    if not isfinite(value) or value < least:
        raise InputError(f"{name} is {value}", where, f"give a finite number of at least {least:g}")
