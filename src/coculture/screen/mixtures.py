"""Mixtures of a screen: what each ingredient adds, and which features of fractions carry the activity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coculture.errors import CocultureError, DataError
from coculture.screen.deconvolve.designed.analysis import DesignEffects, design_effects
from coculture.screen.deconvolve.designed.wells import DesignedWells
from coculture.screen.deconvolve.mixtures import DesignedGroup, Mixture, designed_groups, find_mixtures
from coculture.screen.deconvolve.settings import MixtureSettings
from coculture.screen.deconvolve.what_is_dosed import IngredientNames
from coculture.screen.group_statistics import Floats
from coculture.screen.ingredients import ingredient_tables
from coculture.screen.mixture_columns import INGREDIENT_COLUMNS, MIXTURE_EFFECT_COLUMNS
from coculture.screen.normalise.methods import NORMALISATIONS
from coculture.screen.results import typed
from coculture.screen.settings import AnalysisSettings


@dataclass(frozen=True)
class MixtureTables:
    """Attributes: ``effects`` of designed mixtures, ``ingredients`` ranked by the fractions' contents, ``notes`` in words."""

    effects: pd.DataFrame
    ingredients: pd.DataFrame
    notes: tuple[str, ...] = ()


def mixture_tables(normalised: pd.DataFrame, settings: AnalysisSettings) -> MixtureTables:
    """Analyse the mixtures of a screen; two empty tables where the settings do not ask for it.

    Parameters
    ----------
    normalised : one row a well and read-out (``results.NORMALISED_COLUMNS``).
    settings : of the whole analysis; ``settings.mixture`` says what is asked.

    Notes say what could not be analysed and why; nothing that fails here fails the screen.
    """
    asked = settings.mixture
    if asked is None:
        return MixtureTables(typed(pd.DataFrame(), MIXTURE_EFFECT_COLUMNS), typed(pd.DataFrame(), INGREDIENT_COLUMNS))
    names = IngredientNames()
    notes: list[str] = []
    effects: list[pd.DataFrame] = []
    if asked.design != "none":
        for (readout, condition), wells in _asked_wells(normalised, asked):
            try:
                response = _response(wells, readout, settings)
                notes += _left_out(wells, response, readout)
                for mixture in find_mixtures(wells["treatment"].tolist(), wells["role"].tolist(), asked, names):
                    effects += _effects(mixture, response, (readout, condition), asked, names, notes)
            except CocultureError as error:
                notes.append(_told(error, readout, condition))
    joined = pd.concat(effects, ignore_index=True) if effects else pd.DataFrame()
    ranked = _ranked(normalised, settings, asked, notes)
    return MixtureTables(typed(joined, MIXTURE_EFFECT_COLUMNS), typed(ranked, INGREDIENT_COLUMNS), tuple(dict.fromkeys(notes)))


def _ranked(normalised: pd.DataFrame, settings: AnalysisSettings, asked: MixtureSettings, notes: list[str]) -> pd.DataFrame:
    """Return the features ranked in each condition; empty where nothing says what fractions hold."""
    tables = []
    asked_wells = _asked_wells(normalised, asked) if asked.composition is not None else []
    for condition in dict.fromkeys(arm for (_, arm), _ in asked_wells):
        try:
            wells = {readout: rows for (readout, arm), rows in asked_wells if arm == condition}
            responses = {readout: _response(rows, readout, settings) for readout, rows in wells.items()}
            tables.append(ingredient_tables(wells, responses, settings, condition, notes))
        except CocultureError as error:
            notes.append(_told(error, "ingredients", condition))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _asked_wells(normalised: pd.DataFrame, asked: MixtureSettings) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    """Return the wells of every read-out and condition that is asked about."""
    rows = normalised[normalised["readout"].isin(asked.readouts)] if asked.readouts else normalised
    return [((str(readout), str(arm)), wells) for (readout, arm), wells in rows.groupby(["readout", "condition"], sort=False)]


def _response(wells: pd.DataFrame, readout: str, settings: AnalysisSettings) -> Floats:
    """Return each well's response on the scale on which effects are taken to add; NaN where it has none."""
    assert settings.mixture is not None
    if settings.mixture.scale == "log":
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.log(wells["percent_of_control"].to_numpy(dtype=np.float64) / 100.0)
        value = np.where(np.isfinite(value), value, np.nan)  # a value of 0 or less has no logarithm; _left_out says so
    else:
        own = next(one for one in settings.readouts if one.name == readout)
        value = wells[NORMALISATIONS[settings.scale_of(own)].column].to_numpy(dtype=np.float64)
    if not np.isfinite(value).any():
        raise DataError("no well has a number on the scale that is asked for", "mixture", "choose another scale")
    return np.where(np.isfinite(value), value, np.nan)


def _left_out(wells: pd.DataFrame, response: Floats, readout: str) -> list[str]:
    lost = int((wells["raw"].notna().to_numpy() & np.isnan(response)).sum())
    what = "have no value on the scale of the mixtures (no logarithm of 0 or less, or no control) and were left out"
    return [f"{readout}: {lost} wells {what}."] if lost else []


def _effects(
    mixture: Mixture,
    response: Floats,
    of: tuple[str, str],
    asked: MixtureSettings,
    names: IngredientNames,
    notes: list[str],
) -> list[pd.DataFrame]:
    """Return the effects of every designed group of one mixture."""
    own = response[mixture.wells]
    tables = []
    for group in designed_groups(mixture):
        try:
            used = group.wells[np.isfinite(own[group.wells])]
            run = group.run[np.isfinite(own[group.wells])]
            found = design_effects(DesignedWells(group.design, run, own[used], asked.scale != "log"), asked)
        except CocultureError as error:
            notes.append(_told(error, *of, f"{mixture.name} at {group.level:g} % of its full dose"))
            continue
        notes.extend(f"{mixture.name}, {of[0]}: {note}." for note in found.notes)
        tables.append(_described(found, mixture, group, of, names, used.size, asked.minimum_effect))
    return tables


def _described(
    found: DesignEffects,
    mixture: Mixture,
    group: DesignedGroup,
    of: tuple[str, str],
    names: IngredientNames,
    n_wells: int,
    minimum_effect: float,
) -> pd.DataFrame:
    """Return the rows of one design with what they are about."""
    rows = found.rows.rename(columns={"first": "ingredient", "low": "effect_low", "high": "effect_high"})
    rows["called"] &= rows["effect"].abs() >= minimum_effect
    whole = rows.loc[(rows["kind"] == "whole") & rows["called"], "effect"]
    pairs = zip(rows["ingredient"], rows["second"], strict=True)
    return rows.assign(
        mixture=mixture.name,
        readout=of[0],
        condition=of[1],
        level_percent=group.level,
        shown=[" × ".join(names.shown(one) for one in pair if one) or mixture.name for pair in pairs],
        formula_role=[mixture.role(name) for name in rows["ingredient"].where(rows["second"] == "", "")],
        rank=_ranks(rows),
        share_percent=100.0 * rows["effect"] / whole.iloc[0] if len(whole) else np.nan,
        n_wells=n_wells,
        design=found.design,
        method=found.method,
        note="; ".join(found.notes),
    )


def _ranks(rows: pd.DataFrame) -> pd.Series:
    """Rank each kind by the effect its interval guarantees, then by size."""
    size = rows["effect"].abs()
    half = ((rows["effect_high"] - rows["effect_low"]) / 2).fillna(np.inf)
    order = pd.DataFrame({"kind": rows["kind"], "sure": -(size - half).clip(lower=0), "size": -size}, index=rows.index)
    ordered = order.sort_values(["sure", "size"], kind="stable")
    return ordered.groupby("kind").cumcount().add(1).reindex(rows.index)


def _told(error: CocultureError, readout: str, condition: str, about: str = "") -> str:
    problem = error.problems[0]
    subject = ", ".join(part for part in ("Mixtures", about, readout, condition) if part)
    return f"{subject}: not analysed: {problem.what}" + (f"; {problem.remedy}." if problem.remedy else ".")
