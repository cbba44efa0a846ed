"""The responses of a designed experiment, one value a well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.errors import InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign
from coculture.screen.group_statistics import Floats, Integers


@dataclass(frozen=True)
class DesignedWells:
    """Which run was in which well, and what came out.

    Attributes
    ----------
    design : the mixtures.
    run : (wells,) row of the design in each well.
    response : (wells,) on the scale on which independent ingredients add: ``ln`` of the surviving share (then an
        interaction is a departure from Bliss independence), or a read-out that is additive by itself.
    equal_noise : whether all runs may be taken to vary alike; not so on a logarithm.

    Raises
    ------
    InputError : if the lengths differ, a run is unknown, or a response is missing.
    """

    design: MixtureDesign
    run: Integers
    response: Floats
    equal_noise: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "run", np.asarray(self.run, dtype=np.int64))
        object.__setattr__(self, "response", np.asarray(self.response, dtype=np.float64))
        if self.run.ndim != 1 or self.run.shape != self.response.shape:
            what = f"run has the shape {self.run.shape}, response {self.response.shape}"
            raise InputError(what, self.design.kind, "give one run and one response a well")
        if self.run.size and (self.run.min() < 0 or self.run.max() >= self.design.runs):
            raise InputError(f"a run is not in 0 to {self.design.runs - 1}", self.design.kind, "number runs from 0")
        if not np.isfinite(self.response).all():
            raise InputError("a response is missing", self.design.kind, "leave the well out; nothing is filled in")

    @property
    def shares(self) -> Floats:
        """The (wells, ingredients) share of the full dose."""
        return self.design.shares[self.run]
