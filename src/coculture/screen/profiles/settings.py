"""What is asked of profiles: steps, thresholds and which treatments count as alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coculture.errors import InputError, Problem

Sphering = Literal["zca", "pca"]

PRESETS: dict[str, tuple[str, ...]] = {
    "morphology": ("drop-missing", "blocklist", "centre", "standardize", "variance", "sphere"),
    "morphology-batches": ("drop-missing", "blocklist", "centre", "standardize", "variance", "tvn"),
    "plain": ("drop-missing", "blocklist", "robustize", "variance", "correlation"),
}
"""Steps by the name of a preset; their reasons stand in the documentation."""


@dataclass(frozen=True)
class ProfileSettings:
    """Everything the analysis of profiles needs beside the profiles.

    Attributes
    ----------
    steps : names of steps (``steps.registry``), in order.
    commonest_fraction : the commonest value of a feature may fill this fraction of wells (step ``variance``).
    correlation_maximum : of two features correlated above it one goes (step ``correlation``).
    reproducibility_minimum : replicate correlation a feature needs (step ``reproducibility``).
    blocklist : patterns of names that go beside the usual ones (step ``blocklist``).
    sphering : ``zca`` stays near the features, ``pca`` turns them into components.
    batch : column that ``harmonize`` and ``tvn`` bring together.
    mechanism : column of known mechanisms; '' matches none.
    draws : random rankings behind a p-value.
    fdr : highest expected fraction of false calls.
    seed : of the random rankings.
    """

    steps: tuple[str, ...] = PRESETS["morphology"]
    commonest_fraction: float = 0.95
    correlation_maximum: float = 0.9
    reproducibility_minimum: float = 0.2
    blocklist: tuple[str, ...] = ()
    sphering: Sphering = "zca"
    batch: str = "batch"
    mechanism: str = ""
    draws: int = 10_000
    fdr: float = 0.05
    seed: int = 1

    def __post_init__(self) -> None:
        problems = [
            Problem(f"{name} is {getattr(self, name)}", "profiles", "give a number above 0 and at most 1")
            for name in ("commonest_fraction", "correlation_maximum", "fdr")
            if not 0 < getattr(self, name) <= 1
        ]
        if self.draws < 99:
            problems.append(Problem(f"draws is {self.draws}", "profiles", "give at least 99: no p-value is below 1 / draws"))
        if problems:
            raise InputError(problems)
