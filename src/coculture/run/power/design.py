"""What a screen is made of, as far as power depends on it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coculture.errors import InputError

FEWEST_NEGATIVES = 2
MOST_TREATMENTS = 200
"""Larger screens are drawn with so many treatments: power hardly depends on more, and time does."""


@dataclass(frozen=True)
class ScreenDesign:
    """Numbers of wells of a screen, laid out as one plate.

    Attributes
    ----------
    treatments : compounds at one dose each, judged together under one false discovery rate.
    replicates : wells of each, as the recipe has it.
    negatives, positives : control wells a treatment is compared with.
    """

    treatments: int
    replicates: int
    negatives: int
    positives: int

    @classmethod
    def of(cls, wells: pd.DataFrame) -> ScreenDesign:
        """Return the design of a plate map.

        Where treatments lie on several plates, a treatment counts with all its wells, and the controls are those of as many
        plates as a treatment lies on.

        Raises
        ------
        InputError : if there is no treatment, or there are too few negative controls to be compared with.
        """
        judged = wells[wells["role"].isin(["treatment", "reference"])]
        negatives, positives = (int((wells["role"] == role).sum()) for role in ("negative", "positive"))
        if judged.empty:
            raise InputError("the plate map has no treatment, so there is nothing to find", "plate.map", "add wells to be judged")
        if negatives < FEWEST_NEGATIVES:
            raise InputError(
                f"the plate map has {negatives} negative controls",
                "plate.map",
                f"give at least {FEWEST_NEGATIVES}: effects are judged by them",
            )
        each = judged.groupby(["treatment", "condition"], dropna=False) if "condition" in judged else judged.groupby("treatment")
        plates = wells["plate"].nunique()
        lies_on = float(each["plate"].nunique().mean())
        return cls(
            treatments=min(each.ngroups, MOST_TREATMENTS),
            replicates=max(1, round(float(each.size().median()))),
            negatives=max(FEWEST_NEGATIVES, round(negatives * lies_on / plates)),
            positives=round(positives * lies_on / plates),
        )

    def treatments_with(self, replicates: int, most_wells: int) -> int:
        """Return how many treatments of so many wells find room, at least one."""
        return max(1, min(self.treatments, (most_wells - self.negatives - self.positives) // replicates))

    def wells(self, replicates: int) -> int:
        """Return the wells of the screen with so many replicates."""
        return self.treatments * replicates + self.negatives + self.positives
