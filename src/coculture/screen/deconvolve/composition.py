"""What fractions or extracts hold: a table of features, or the library's knowledge of herbs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coculture.errors import InputError
from coculture.screen.group_statistics import Floats


@dataclass(frozen=True)
class Composition:
    """Contents of fractions.

    Attributes
    ----------
    source : where they come from, for messages and tables: the file's name, or ``library``.
    fractions : names as the plate map calls them; empty where ``source`` is the library, which is asked for what was dosed.
    features : names of the features.
    contents : (fractions, features) how much of each feature is in each fraction.
    per_total : whether contents are divided by the fraction's total first.

    Raises
    ------
    InputError : if names and shape disagree, or a content is missing or negative.
    """

    source: str
    fractions: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    contents: Floats | None = None
    per_total: bool = False

    def __post_init__(self) -> None:
        if self.contents is None:
            return
        contents = np.asarray(self.contents, dtype=np.float64)
        object.__setattr__(self, "contents", contents)
        if contents.shape != (len(self.fractions), len(self.features)):
            what = f"contents have the shape {contents.shape} for {len(self.fractions)} fractions, {len(self.features)} features"
            raise InputError(what, self.source, "give one row a fraction and one column a feature")
        if not (np.isfinite(contents).all() and (contents >= 0).all()):
            row, column = np.argwhere(~(np.isfinite(contents) & (contents >= 0)))[0]
            what = f"the content of '{self.features[column]}' in '{self.fractions[row]}' is {contents[row, column]:g}"
            raise InputError(what, self.source, "give a number of 0 or more; 0 where it was not found")

    @property
    def from_library(self) -> bool:
        """Whether the library says what is in what was dosed."""
        return self.contents is None


LIBRARY = Composition("library")
"""Contents of herbs, extracts and formulas as the library knows them, in µM of compounds."""
