"""The section that asks what treatments look like as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Annotated, Literal

from pydantic import Field

from coculture.typed_file.section import Names, OpenFraction, Section

MECHANISM = "mechanism"
"""Column of known mechanisms in the table of wells."""

StepName = Literal[
    "drop-missing",
    "blocklist",
    "centre",
    "standardize",
    "robustize",
    "variance",
    "correlation",
    "reproducibility",
    "sphere",
    "tvn",
    "harmonize",
]
Statistic = Literal["median", "mean", "mad", "sd", "q05", "q10", "q25", "q75", "q90", "q95"]


class ProfilesSection(Section):
    """``[profiles]``: are treatments active, alike within a mechanism, and like which known one?"""

    features: Names = Field(
        min_length=1, description="patterns of names of the cells' features, or of the table's headers: 'cell_*'"
    )
    aggregation: Annotated[tuple[Statistic, ...], Field(strict=False, min_length=1)] = Field(
        default=("median",), description="numbers made of a feature's values over a well's cells; not for a table of wells"
    )
    preset: Literal["morphology", "morphology-batches", "plain"] = Field(
        default="morphology", description="steps that belong together, where 'steps' is not given"
    )
    steps: Annotated[tuple[StepName, ...], Field(strict=False)] | None = Field(
        default=None, description="what is done to the profiles, in order, in place of a preset"
    )
    blocklist: Names = Field(default=(), description="patterns of features that are left out beside the usual ones")
    commonest_fraction: OpenFraction = Field(default=0.95, description="'variance': a feature's commonest value may fill so much")
    correlation_maximum: OpenFraction = Field(default=0.9, description="'correlation': of two features above it one goes")
    reproducibility_minimum: float = Field(
        default=0.2, le=1, description="'reproducibility': replicate correlation a feature needs"
    )
    sphering: Literal["zca", "pca"] = Field(default="zca", description="'sphere': stay near the features, or make components")
    batch: Literal["batch", "plate", "donor"] = Field(
        default="batch", description="column of what 'tvn' and 'harmonize' bring together"
    )
    mechanism: str | None = Field(
        default=None, description="header of the table that holds known mechanisms; for a table of wells"
    )
    mechanisms: dict[str, Annotated[tuple[str, ...], Field(strict=False)]] = Field(
        default_factory=dict, description="mechanism = [its compounds]"
    )
    draws: int = Field(default=10_000, ge=99, description="random rankings behind a p-value")
    fdr: OpenFraction = Field(default=0.05, description="false discovery rate among the calls")


def matching(patterns: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the names that fit a pattern, in their own order."""
    wanted = tuple(patterns)
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in wanted)]
