"""What a power calculation is asked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from coculture.errors import InputError, Problem


@dataclass(frozen=True)
class PowerQuestion:
    """What is varied, and how thoroughly.

    Attributes
    ----------
    effect : as text (see ``effect.parse_effect``); '' takes that of the positive controls.
    sizes : effect sizes; none: the usual ones.
    replicates : wells of a treatment; none: those around the recipe's.
    densities : cells as multiples of the recipe's; of simulated wells alone.
    wells : pilot wells with the effect, at each density and size; twice as many without.
    screens : drawn screens of each kind.
    results : results folder of wells that were measured; None: the one beside the recipe.
    """

    effect: str = ""
    sizes: tuple[float, ...] = ()
    replicates: tuple[int, ...] = ()
    densities: tuple[float, ...] = (0.5, 1.0, 2.0)
    wells: int = 12
    screens: int = 100
    results: Path | None = None

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises
        ------
        InputError : with every number that cannot be used.
        """
        problems = [
            Problem(f"{name} {one:g} is no number above 0", f"--{name}", "give numbers above 0, with commas between")
            for name, values in (("sizes", self.sizes), ("densities", self.densities))
            for one in values
            if not (math.isfinite(one) and one > 0)
        ]
        problems += [
            Problem(f"{one} replicates", "--replicates", "give whole numbers of at least 2: one well has no spread")
            for one in self.replicates
            if one < 2
        ]
        if self.wells < 6:
            problems.append(
                Problem(f"{self.wells} pilot wells", "--wells", "give at least 6: fewer say too little of how wells differ")
            )
        if self.screens < 10:
            problems.append(Problem(f"{self.screens} screens", "--screens", "give at least 10"))
        if not self.densities:
            problems.append(Problem("no density", "--densities", "give at least one, such as 1"))
        if problems:
            raise InputError(problems)
