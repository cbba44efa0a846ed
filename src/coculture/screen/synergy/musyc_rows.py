"""MuSyC of every pair of a screen, in the rows of the tables on combinations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from coculture.compounds.combination.musyc import Musyc
from coculture.errors import CocultureError
from coculture.screen.synergy.found import FoundCombination
from coculture.screen.synergy.musyc import MusycFit, fit_musyc
from coculture.screen.synergy.question import MUSYC
from coculture.screen.synergy.table import NOT_SCORED

SHOWN = ("beta", "alpha12", "alpha21")


def musyc_rows(combinations: Mapping[tuple[str, str], FoundCombination], confidence: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row a combination with beta and alphas, and one row a point with the fitted surface.

    The expected effect is that of the same drugs without synergy: alpha = gamma = 1 and both reach what the stronger reaches.
    MuSyC gives no single score: score and p-value are missing, the intervals of its parameters tell.
    """
    fits, surfaces = [], []
    for (group, drugs), one in combinations.items():
        row: dict[str, object] = {"group": group, "drugs": drugs, "model": MUSYC, "n_wells": len(one.data.inhibition)}
        row |= dict.fromkeys(("score", "score_low", "score_high", "p_value", "q_value", "peak"), np.nan)
        try:
            found = fit_musyc(one.data, confidence=confidence)
        except CocultureError as error:
            fits.append(row | {"status": NOT_SCORED, "reason": error.problems[0].what})
            continue
        fits.append(row | _parameters(found) | {"status": found.status, "reason": found.reason})
        surfaces.append(_surface(found, one).assign(group=group, drugs=drugs, model=MUSYC))
    return pd.DataFrame(fits), pd.concat(surfaces, ignore_index=True) if surfaces else pd.DataFrame()


def _parameters(found: MusycFit) -> dict[str, object]:
    table = found.parameters.set_index("parameter")
    return {f"{name}{end}": float(str(table.loc[name, column])) for name in SHOWN for end, column in _ENDS}


_ENDS = (("", "value"), ("_low", "low"), ("_high", "high"))


def _surface(found: MusycFit, one: FoundCombination) -> pd.DataFrame:
    table = one.data.table
    shown = np.flatnonzero(table.order > 1)
    first, second = table.doses[shown].T
    model = found.model
    strong = max(model.e1 - model.e0, model.e2 - model.e0, key=abs)
    apart: Musyc = replace(model, e3=model.e0 + strong, alpha12=1.0, alpha21=1.0, gamma12=1.0, gamma21=1.0)
    effect, expected = model.effect(first, second), apart.effect(first, second)
    columns = {"dose_1": first, "dose_2": second, "n_wells": table.count[shown], "response": table.response[shown]}
    columns |= {"effect": effect, "expected": expected, "synergy": effect - expected}
    return pd.DataFrame(columns).assign(unit_1=one.units[0], unit_2=one.units[1])
