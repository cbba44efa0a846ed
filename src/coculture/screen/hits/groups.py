"""Wells that ought to read alike: the replicates of a treatment, and the negative controls of a stratum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats, Integers, group_means


@dataclass(frozen=True)
class Groups:
    """Wells in groups, centred on the negative controls of their stratum.

    Attributes
    ----------
    well : (m,) which wells take part.
    value : (m,) their values minus the mean of their stratum's controls.
    group : (m,) group of each; treatments come first, in their order, then the controls of each stratum.
    n_groups : number of groups, empty ones too.
    df : degrees of freedom within groups.
    """

    well: Integers
    value: Floats
    group: Integers
    n_groups: int
    df: int


def comparison_groups(
    values: Floats, treatment: Integers, n_treatments: int, stratum: Integers, negative: NDArray[np.bool_]
) -> Groups:
    """Group the wells that :func:`~coculture.screen.hits.base.compare` compares; arguments as there."""
    n_strata = int(stratum.max()) + 1
    finite = np.isfinite(values)
    count, mean = group_means(values[negative & finite], stratum[negative & finite], n_strata)
    chosen = finite & (count[stratum] > 1) & ((treatment >= 0) | negative)
    well = np.flatnonzero(chosen).astype(np.int64)
    group = np.where(treatment[well] >= 0, treatment[well], n_treatments + stratum[well])
    df = int(well.size - np.unique(group).size)
    return Groups(well, values[well] - mean[stratum[well]], group, n_treatments + n_strata, df)
