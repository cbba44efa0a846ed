"""From the well table to synergy: combinations are found among the treatments, every one is scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture.errors import DataError, InputError
from coculture.plate.treatment import Treatment
from coculture.screen.hits.false_discovery import benjamini_hochberg
from coculture.screen.synergy.combination_data import Combination
from coculture.screen.synergy.found import FoundCombination
from coculture.screen.synergy.scores import SynergyResult, score_combination
from coculture.screen.synergy.settings import SynergySettings

NOT_SCORED = "not scored"
MOST_DRUGS = 3
CONTROLS = frozenset({"negative"})
JUDGED = frozenset({"treatment", "reference"})


@dataclass(frozen=True)
class SynergyTables:
    """Attributes: ``scores`` one row a group, combination and model (columns of ``SynergyResult.scores``, with group,
    drugs, n_wells and q_value); ``surface`` one row a point of them; ``results`` by (group, drugs), ``combinations`` the data
    behind them."""

    scores: pd.DataFrame
    surface: pd.DataFrame
    results: dict[tuple[str, str], SynergyResult]
    combinations: dict[tuple[str, str], FoundCombination]


def synergy_table(wells: pd.DataFrame, settings: SynergySettings | None = None) -> SynergyTables:
    """Find and score every combination of two or three compounds in a well table.

    Wells of the same compounds in one group (``settings.group_by``: the condition, over plates) belong together; their single
    agents are the wells with one of the compounds alone, their controls the negative ones. Treatments that begin or end
    at set times count as their doses. q-values are over all combinations of one model (Benjamini-Hochberg).

    Parameters
    ----------
    wells : one row a well with ``plate``, ``role``, ``treatment`` ('drugA 1 uM + drugB 2 uM'), the read-out, and ``condition``
        where there are several.
    settings : what is scored and how.

    Raises
    ------
    InputError : if a column is missing or a treatment cannot be read.
    DataError : if there is no combination, or ``raw`` numbers have no negative controls.
    """
    asked = settings or SynergySettings()
    frame = _checked(wells, asked)
    results: dict[tuple[str, str], SynergyResult] = {}
    found: dict[tuple[str, str], FoundCombination] = {}
    scores, surfaces = [], []
    for name, drugs, group in _combinations(frame):
        names = " + ".join(drugs)
        key = {"group": name, "drugs": names}
        if reason := _hindrance(group, drugs):
            scores.append(
                pd.DataFrame([{**key, "model": model, "status": NOT_SCORED, "reason": reason} for model in asked.models])
            )
            continue
        doses = np.array([[parts.get(drug, (0.0, ""))[0] for drug in drugs] for parts in group["parts"]])
        data = Combination(drugs, doses, group["inhibition"].to_numpy(dtype=np.float64))
        found[name, names] = FoundCombination(data, tuple(next(iter(_units(group, drug))) for drug in drugs))
        result = score_combination(data, asked)
        results[name, names] = result
        scores.append(result.scores.assign(**key, n_wells=len(group)))
        surfaces.append(result.surface.assign(**key))
    if not scores:
        raise DataError("no well holds two or three compounds", "combinations", "write treatments as 'drugA 1 uM + drugB 2 uM'")
    table = pd.concat(scores, ignore_index=True)
    for column in ("score", "score_low", "score_high", "p_value", "peak"):
        table[column] = table[column].astype(float) if column in table else np.nan
    table["q_value"] = table.groupby("model")["p_value"].transform(lambda p: benjamini_hochberg(p.to_numpy(dtype=np.float64)))
    first = ["group", "drugs", "model", "score", "score_low", "score_high", "p_value", "q_value", "peak", "status", "reason"]
    table = table.reindex(columns=[*first, "n_wells"])
    surface = pd.concat(surfaces, ignore_index=True) if surfaces else pd.DataFrame(columns=["group", "drugs", "model"])
    return SynergyTables(table, surface, results, found)


def _checked(wells: pd.DataFrame, settings: SynergySettings) -> pd.DataFrame:
    """Return the wells that count, with group, parts of their treatment (compound: dose, unit) and inhibition in percent."""
    for column in ("plate", "role", "treatment", settings.readout, *(name for name in settings.group_by if name != "condition")):
        if column not in wells:
            raise InputError(
                f"the well table has no column '{column}'", "combinations", "columns: " + ", ".join(map(str, wells.columns))
            )
    frame = wells.assign(condition=wells["condition"].fillna("").astype(str) if "condition" in wells else "")
    frame = frame[frame["role"].isin(CONTROLS | JUDGED) & frame[settings.readout].notna()]
    control = frame["role"].isin(CONTROLS)
    value = frame[settings.readout].astype(float)
    if settings.response == "raw":
        median = value.where(control).groupby([frame["plate"], frame["condition"]]).transform("median")
        if not (median > 0).any():
            raise DataError("no negative control to take percent of", "combinations", "give controls, or percent and 'response'")
        frame, value, control = frame[median > 0], 100.0 * (value / median)[median > 0], control[median > 0]
    inhibition = value if settings.response == "inhibition" else 100.0 - value
    texts = frame["treatment"].fillna("").astype(str).where(~control, "")
    parts = {text: _parts(text) for text in texts.unique()}
    keys = frame[list(settings.group_by)].astype(str).to_numpy().tolist()
    names = pd.Series([" / ".join(filter(None, key)) for key in keys], frame.index, dtype=object)
    return frame.assign(
        group=names, inhibition=inhibition, parts=pd.Series([parts[text] for text in texts], frame.index, dtype=object)
    )


def _parts(text: str) -> dict[str, tuple[float, str]]:
    """Return dose and unit of every compound of a treatment; a compound given twice counts with both doses."""
    found: dict[str, tuple[float, str]] = {}
    for part in Treatment.parse(text).parts:
        found[part.compound] = (found.get(part.compound, (0.0, ""))[0] + part.dose, part.unit)
    return found


def _combinations(frame: pd.DataFrame) -> Iterator[tuple[str, tuple[str, ...], pd.DataFrame]]:
    """Yield group, drugs and wells (together, alone, in smaller combinations, controls) of every combination."""
    for name, group in frame.groupby("group", sort=True):
        held = [frozenset(parts) for parts in group["parts"]]
        for drugs in sorted({tuple(sorted(names)) for names in held if len(names) > 1}):
            yield str(name), drugs, group[[names <= frozenset(drugs) for names in held]]


def _hindrance(group: pd.DataFrame, drugs: tuple[str, ...]) -> str:
    """Return why a combination cannot be scored, '' where it can."""
    if len(drugs) > MOST_DRUGS:
        return f"{len(drugs)} compounds: only two or three are scored"
    for drug in drugs:
        found = _units(group, drug)
        if "step" in found:
            return f"doses of {drug} are steps: no concentrations"
        if len(found) > 1:
            return f"doses of {drug} are given in {' and '.join(sorted(found))}"
    return ""


def _units(group: pd.DataFrame, drug: str) -> set[str]:
    """Return the units in which a drug is dosed."""
    return {parts[drug][1] for parts in group["parts"] if drug in parts}
