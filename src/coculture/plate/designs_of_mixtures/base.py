"""A design of mixtures: runs by ingredients, each at a level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture import __version__
from coculture.errors import InputError, Problem
from coculture.plate.treatment import Part, Treatment


@dataclass(frozen=True)
class MixtureDesign:
    """Which mixtures are made.

    Attributes
    ----------
    kind : how it was made.
    ingredients : herbs, fractions or compounds, each once.
    levels : (runs, ingredients) levels, 0 for left out. With two levels 1 is the full dose; with more, level l of q is the
        dose ``l / (q − 1)`` of the full one.
    level_count : q, how many levels there are.
    settings : what was chosen and what the design can tell.
    version : version of coculture.

    Raises
    ------
    InputError : if names and levels disagree.
    """

    kind: str
    ingredients: tuple[str, ...]
    levels: NDArray[np.int64]
    level_count: int = 2
    settings: Mapping[str, str | int | float] = field(default_factory=dict)
    version: str = __version__

    def __post_init__(self) -> None:
        check_ingredients(self.ingredients, self.kind)
        levels = np.asarray(self.levels, dtype=np.int64)
        object.__setattr__(self, "levels", levels)
        if levels.ndim != 2 or levels.shape[1] != len(self.ingredients):
            what = f"levels have the shape {levels.shape}, there are {len(self.ingredients)} ingredients"
            raise InputError(what, self.kind, "give one column an ingredient")
        if levels.size and (levels.min() < 0 or levels.max() >= self.level_count):
            raise InputError(f"a level is not in 0 to {self.level_count - 1}", self.kind, "use levels from 0")

    @property
    def runs(self) -> int:
        """How many different mixtures, before replicates."""
        return len(self.levels)

    @property
    def shares(self) -> NDArray[np.float64]:
        """The (runs, ingredients) share of each ingredient's full dose, 0 to 1."""
        return self.levels / (self.level_count - 1)

    @property
    def run_names(self) -> tuple[str, ...]:
        """A name for each run: what is in it or, if shorter, what is missing from all of them."""
        return tuple(self._name(row) for row in self.levels)

    def _name(self, row: NDArray[np.int64]) -> str:
        if self.level_count > 2:
            return ", ".join(f"{name}={level}" for name, level in zip(self.ingredients, row, strict=True))
        inside = [name for name, level in zip(self.ingredients, row, strict=True) if level]
        outside = [name for name, level in zip(self.ingredients, row, strict=True) if not level]
        if not outside:
            return "all"
        if not inside:
            return "none"
        return "all but " + " + ".join(outside) if len(outside) < len(inside) else " + ".join(inside)

    def frame(self) -> pd.DataFrame:
        """Return one row a run: its name, then the level of each ingredient."""
        return pd.concat(
            [pd.DataFrame({"run": self.run_names}), pd.DataFrame(self.levels, columns=list(self.ingredients))], axis=1
        )

    def treatments(self, full_doses: Mapping[str, Part]) -> list[Treatment]:
        """Return what enters the well of each run.

        Parameters
        ----------
        full_doses : the part that is an ingredient's full dose. What is left out is left out: the others keep their dose.

        Raises
        ------
        InputError : naming every ingredient without a dose.
        """
        missing = [name for name in self.ingredients if name not in full_doses]
        if missing:
            raise InputError([Problem(f"'{name}' has no dose", self.kind, "give its full dose") for name in missing])
        parts = [full_doses[name] for name in self.ingredients]
        return [
            Treatment(
                tuple(
                    Part(one.compound, one.dose * share, one.unit, one.start_min, one.end_min)
                    for one, share in zip(parts, row, strict=True)
                    if share > 0
                )
            )
            for row in self.shares
        ]


def check_ingredients(ingredients: tuple[str, ...], kind: str, fewest: int = 1) -> None:
    """Raise InputError unless there are ``fewest`` ingredients and each is named once."""
    if len(ingredients) < fewest:
        raise InputError(f"there are {len(ingredients)} ingredients", kind, f"give at least {fewest}")
    repeated = sorted({name for name in ingredients if ingredients.count(name) > 1})
    if repeated:
        raise InputError(f"'{repeated[0]}' is there twice", kind, "name each ingredient once")
