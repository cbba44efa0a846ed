"""Combinations of a screen: every one found in the wells is scored, indexed and called."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from coculture.errors import CocultureError, InputError
from coculture.screen.combination_columns import COMBINATION_COLUMNS, SURFACE_COLUMNS
from coculture.screen.results import typed
from coculture.screen.settings import AnalysisSettings
from coculture.screen.synergy.combination_index import combination_index
from coculture.screen.synergy.musyc_rows import musyc_rows
from coculture.screen.synergy.question import INHIBITION_OF, MUSYC, CombinationQuestion
from coculture.screen.synergy.table import NOT_SCORED, SynergyTables, synergy_table

NO_CALL, NOT_JUDGED = "no call", "not judged"
_DRUG = re.compile(r"\bdrug (\d)\b")


@dataclass(frozen=True)
class CombinationTables:
    """Attributes: ``combinations`` one row a combination and model, ``surfaces`` one row a point of them, ``notes``."""

    combinations: pd.DataFrame
    surfaces: pd.DataFrame
    notes: tuple[str, ...] = ()


def combination_tables(normalised: pd.DataFrame, settings: AnalysisSettings) -> CombinationTables:
    """Score the combinations of a screen; two empty tables where the settings do not ask for it.

    Parameters
    ----------
    normalised : one row a well and read-out (``results.NORMALISED_COLUMNS``).
    settings : of the whole analysis; ``settings.combination`` says what is asked.

    Notes say what could not be scored and why; nothing that fails here fails the screen.
    """
    asked = settings.combination
    nothing = CombinationTables(typed(pd.DataFrame(), COMBINATION_COLUMNS), typed(pd.DataFrame(), SURFACE_COLUMNS))
    if asked is None:
        return nothing
    readout = asked.readout or settings.primary.name
    try:
        if readout not in [one.name for one in settings.readouts]:
            raise InputError(f"there is no read-out '{readout}'", "combination.readout", "name one of the screen's read-outs")
        found = synergy_table(
            _inhibition(normalised, readout, asked), replace(asked.scoring, readout="inhibition", response="inhibition")
        )
    except CocultureError as error:
        told = "; ".join(f"{problem.what}; {problem.remedy}" for problem in error.problems)
        return replace(nothing, notes=(f"Combinations were not scored: {told}.",))
    scores, surface = found.scores, found.surface
    if asked.musyc:
        fits, fitted = musyc_rows(found.combinations, asked.scoring.confidence)
        scores, surface = (pd.concat(pair, ignore_index=True) for pair in ((scores, fits), (surface, fitted)))
    scores, surface = _with_indices(found, scores, surface)
    scores["reason"] = [_named(str(text), str(drugs)) for text, drugs in zip(scores["reason"], scores["drugs"], strict=True)]
    scores = _ranked(scores.assign(call=_calls(scores, asked), readout=readout))
    missing = {column.name: np.nan for column in (*COMBINATION_COLUMNS, *SURFACE_COLUMNS)}
    texts = {"reason": "", "noise_source": "", "unit_3": "", "index_status": "", "status": ""}
    return CombinationTables(
        typed(_filled(scores, missing, texts), COMBINATION_COLUMNS),
        typed(_filled(surface, missing, texts), SURFACE_COLUMNS),
        tuple(_notes(scores)),
    )


def _inhibition(normalised: pd.DataFrame, readout: str, asked: CombinationQuestion) -> pd.DataFrame:
    """Return the wells of the read-out with their inhibition in percent."""
    column, start, sign = INHIBITION_OF[asked.inhibition]
    rows = normalised[normalised["readout"] == readout]
    return rows.assign(inhibition=start + sign * rows[column])


def _with_indices(found: SynergyTables, scores: pd.DataFrame, surface: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return scores and surface with the combination and dose-reduction indices of the same points."""
    summaries, surfaces = [], []
    for (group, drugs), one in found.combinations.items():
        index = combination_index(one.data)
        points, known = index.points, all(np.isfinite(line.slope) for line in index.lines)
        columns = [str(name) for name in points]
        doses = [name for name in columns if name.startswith("dose_")]
        rest = ["combination_index", *(name for name in columns if name.startswith("reduction_"))]
        together = points[(points[doses] > 0).all(axis=1)]
        sound = together[together["status"] != "at edge"]
        result = found.results[group, drugs]
        summaries.append(
            {"group": group, "drugs": drugs, "noise_sd": result.noise.sd, "noise_source": result.noise.source}
            | {name: float(sound[name].median()) if len(sound) and known else np.nan for name in rest}
        )
        own = surface[(surface["group"] == group) & (surface["drugs"] == drugs)]
        indexed = own.merge(points[[*doses, *rest, "status"]], on=doses, how="left").rename(columns={"status": "index_status"})
        surfaces.append(indexed.assign(**{f"unit_{place}": unit for place, unit in enumerate(one.units, start=1)}))
    if summaries:
        scores = scores.merge(pd.DataFrame(summaries), on=["group", "drugs"], how="left")
    return scores, pd.concat(surfaces, ignore_index=True) if surfaces else surface


def _named(reason: str, drugs: str) -> str:
    """Return the reason with the drugs' names in place of their numbers."""
    names = drugs.split(" + ")
    return _DRUG.sub(lambda found: names[int(found[1]) - 1] if int(found[1]) <= len(names) else found[0], reason)


def _calls(scores: pd.DataFrame, asked: CombinationQuestion) -> list[str]:
    """Call what passes the false discovery rate and the smallest score that counts."""
    calls = []
    for score, q in zip(scores["score"].astype(float), scores["q_value"].astype(float), strict=True):
        if not (np.isfinite(score) and np.isfinite(q)):
            calls.append(NOT_JUDGED)
        elif q <= asked.fdr and abs(score) >= asked.minimum_score:
            calls.append("synergy" if score > 0 else "antagonism")
        else:
            calls.append(NO_CALL)
    return calls


def _ranked(scores: pd.DataFrame) -> pd.DataFrame:
    """Rank the combinations of each model: synergies by what their interval guarantees, then the rest by score."""
    score, low = scores["score"].astype(float), scores["score_low"].astype(float)
    called = scores["call"].isin(("synergy", "antagonism"))
    sure = (score.abs() - (score - low).fillna(np.inf)).clip(lower=0)
    order = pd.DataFrame({"model": scores["model"], "open": ~called, "sure": -sure, "size": -score.abs().fillna(-1.0)})
    ordered = order.sort_values(["open", "sure", "size"], kind="stable")
    ranked = scores.assign(rank=ordered.groupby("model").cumcount().add(1).reindex(scores.index))
    models = {name: place for place, name in enumerate(dict.fromkeys(scores["model"]))}
    return ranked.assign(at=ranked["model"].map(models)).sort_values(["at", "rank"], kind="stable").drop(columns="at")


def _filled(frame: pd.DataFrame, missing: dict[str, float], texts: dict[str, str]) -> pd.DataFrame:
    filled = frame.copy()
    for name in missing:
        if name in texts:
            given = filled[name].astype(object) if name in filled else pd.Series(None, filled.index, dtype=object)
            filled[name] = given.where(given.notna(), texts[name])
        elif name not in filled:
            filled[name] = np.nan
    return filled.assign(n_wells=filled["n_wells"].fillna(0))


def _notes(scores: pd.DataFrame) -> list[str]:
    first = scores[scores["model"] != MUSYC].drop_duplicates(["group", "drugs"])
    notes = []
    for status, what in ((NOT_SCORED, "were not scored"), ("estimated", "lack single agents or controls, which were estimated")):
        rows = first[first["status"] == status]
        if len(rows):
            notes.append(f"{len(rows)} combinations {what}: {rows['drugs'].iloc[0]}: {rows['reason'].iloc[0]}.")
    return notes
