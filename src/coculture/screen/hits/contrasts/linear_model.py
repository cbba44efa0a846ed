"""Drug × condition interactions of one linear model over all wells, as R's ``lm(y ~ drug * condition)`` gives them.

Every compound and dose in every condition has its own mean, and all wells one residual variance s² (N − cells degrees of
freedom). With the negative controls as the compound that is compared with,

    interaction = (y_drug,tested − y_drug,reference) − (y_control,tested − y_control,reference)
    variance = s² (1/n_drug,tested + 1/n_drug,reference + 1/n_control,tested + 1/n_control,reference)

which is the coefficient ``drug:condition`` of treatment contrasts. Several doses of a compound are averaged with equal weight.
Wells are taken for independent: where donors differ much the paired and mixed forms know more.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.screen.hits.contrasts.base import ContrastEstimate, ContrastWells, dose_words


def linear_model(wells: ContrastWells) -> ContrastEstimate:
    """Return the interaction of every compound and tested condition."""
    controls = wells.controls[wells.controls["counts"]].assign(compound="", dose=0.0, kind="control")
    every = pd.concat([wells.tested.assign(kind="treated"), controls])
    cells = every.groupby(["kind", "compound", "dose", "arm"])["value"].agg(["size", "mean", "var"])
    df = int(cells["size"].sum() - len(cells))
    squares = float((cells["var"].fillna(0.0) * (cells["size"] - 1)).sum())
    variance = squares / df if df > 0 else np.nan
    means, sizes = cells["mean"].unstack("arm"), cells["size"].unstack("arm")
    n_rows = len(wells.rows)
    effect, spread = np.full(n_rows, np.nan), np.full(n_rows, np.nan)
    words, notes = dose_words(wells), [""] * n_rows
    for index, (compound, arm) in enumerate(wells.rows):
        parts = [_change(means, sizes, key, arm) for key in (("treated", compound), ("control", ""))]
        notes[index] = f"over doses {words.get(compound, '')}; wells taken for independent"
        if any(part is None for part in parts):
            notes[index] = "not judged: no wells, or no negative controls, in both conditions"
            continue
        (drug, drug_parts), (control, control_parts) = (part for part in parts if part is not None)
        effect[index], spread[index] = drug - control, drug_parts + control_parts
    remark = f"linear-model: residual standard deviation {variance**0.5:.3g} on {df} degrees of freedom, the same for all wells."
    n = np.zeros(n_rows, dtype=np.int64)
    nothing = np.full(n_rows, np.nan)
    return ContrastEstimate(effect, np.sqrt(variance * spread), np.full(n_rows, float(df)), nothing, n, notes, [remark])


def _change(means: pd.DataFrame, sizes: pd.DataFrame, key: tuple[str, str], arm: int) -> tuple[float, float] | None:
    """Return the change from the reference to ``arm``, mean over doses, and its variance in units of the residual one."""
    if 0 not in means or arm not in means or key not in means.index:
        return None
    pair = means.loc[key, [0, arm]].dropna()
    if pair.empty:
        return None
    parts = (1.0 / sizes.loc[key, [0, arm]].loc[pair.index]).to_numpy().sum()
    return float((pair[arm] - pair[0]).mean()), float(parts) / len(pair) ** 2
