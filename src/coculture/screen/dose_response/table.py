"""The table of curves: one fit, or the reason why there is none, for each compound, condition and read-out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.compounds.dose_curve import axis_dose, is_ordinal
from coculture.screen.dose_response.area import areas_of_bands
from coculture.screen.dose_response.band import curve_bands, flat_bands
from coculture.screen.dose_response.base import CurveFits, CurveModel
from coculture.screen.dose_response.curve_data import CurveSet, curve_set
from coculture.screen.dose_response.flat_test import flat_p_values
from coculture.screen.dose_response.model_choice import ModelChoice, can_fit
from coculture.screen.dose_response.parameters import PARAMETERS, parameter_columns
from coculture.screen.dose_response.robust import reweighted, weights_of
from coculture.screen.dose_response.wording import Statement, ec50_statement
from coculture.screen.group_statistics import Floats
from coculture.screen.results import BAND_COLUMNS
from coculture.screen.settings import AnalysisSettings
from coculture.screen.well_table import Readings, WellTable

NOT_FITTED = Statement("not fitted", np.nan, np.nan, np.nan, "", "")


def curves_table(
    table: WellTable, readings: Readings, scale: Floats, model: CurveModel | ModelChoice, settings: AnalysisSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row a curve, and the fitted curves as points, for one read-out.

    Parameters
    ----------
    table, readings : the wells and the read-out.
    scale : (n,) its values on the scale of the analysis.
    model : the curve model, or the choice among several.
    settings : confidence, level of the flat test, use of controls, robust method.
    """
    single = settings.robust != "none"
    every = curve_set(table, readings, scale, settings.controls_in_curves, single_wells=single)
    rows, bands = fitted_table(every, model, settings.confidence, settings.flat_level, settings.robust)
    return rows.assign(readout=readings.readout.name), bands.assign(readout=readings.readout.name)


def fitted_table(
    every: CurveSet, model: CurveModel | ModelChoice, confidence: float, flat_level: float, robust: str = "none"
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows as :func:`curves_table` does, without the read-out's name.

    Parameters
    ----------
    every : the curves as levels, or as single wells where ``robust`` is a method.
    model, confidence, flat_level, robust : as settings name them. Where the model was chosen, ``p_flat`` is multiplied by the
        number of candidates (Bonferroni): the best of several curves beats a flat line more often by chance.
    """
    if isinstance(model, CurveModel):
        return _of_one_model(every, model, confidence, flat_level, robust, np.zeros(len(every.frame), dtype=bool), 1)
    best, flat = model.choose(every)
    looks = len(model.candidates)
    parts = []
    for j, candidate in enumerate(model.candidates):
        mine = best == j
        if mine.any():
            rows, bands = _of_one_model(every.chosen(mine), candidate, confidence, flat_level, robust, flat[mine], looks)
            parts.append((rows.set_index(np.flatnonzero(mine)), bands))
    if not parts:
        return _of_one_model(every, model.candidates[0], confidence, flat_level, robust, flat, looks)
    filled = [bands for _, bands in parts if len(bands)] or [parts[0][1]]
    return pd.concat([rows for rows, _ in parts]).sort_index(), pd.concat(filled, ignore_index=True)


def _of_one_model(
    every: CurveSet,
    model: CurveModel,
    confidence: float,
    flat_level: float,
    robust: str,
    judged_flat: NDArray[np.bool_],
    looks: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    fit_able, curves = _ready(every, model, robust)
    rows = every.frame.assign(model=model.name)
    if len(curves.frame) == 0:
        return _with_parameters(rows, fit_able, {}, [], model), pd.DataFrame(columns=[column.name for column in BAND_COLUMNS])
    fits = model.fit(curves, confidence)
    p_flat = np.minimum(looks * flat_p_values(curves, fits.squares, model.n_parameters), 1.0)
    statements = _statements(curves, fits, p_flat, confidence, np.where(judged_flat[fit_able], 0.0, flat_level))
    parameters = parameter_columns(curves, fits, statements, p_flat, model)
    flat = np.array([statement.status == "no effect" for statement in statements])
    df = curves.total_weight - model.n_parameters
    bands = [curve_bands(curves, fits, model, ~flat, df, confidence), flat_bands(curves, flat, confidence)]
    drawn = pd.concat([part for part in bands if len(part)], ignore_index=True)
    parameters["auc"] = areas_of_bands(drawn, curves)
    return _with_parameters(rows, fit_able, parameters, statements, model), drawn


def _ready(every: CurveSet, model: CurveModel, robust: str) -> tuple[NDArray[np.bool_], CurveSet]:
    """Return which curves can be fitted, and those, reweighted where asked: too little weight may be left."""
    able = can_fit(every, model)
    curves = every.chosen(able)
    if robust == "none" or len(curves.frame) == 0:
        return able, curves
    curves = reweighted(curves, weights_of(curves, model, robust))
    enough = curves.total_weight >= model.n_parameters + 1
    able[able] = enough
    return able, curves.chosen(enough)


def _statements(curves: CurveSet, fits: CurveFits, p_flat: Floats, confidence: float, flat_levels: Floats) -> list[Statement]:
    statements = []
    tested = curves.frame[["lowest", "highest"]].to_numpy(dtype=np.float64)
    for i, unit in enumerate(curves.frame["dose_unit"].astype("str")):
        if not p_flat[i] < flat_levels[i]:
            note = f"no better than a flat line (F-test, p = {p_flat[i]:.2g})"
            note = "a flat line has the least AICc" if flat_levels[i] == 0 else note
            statements.append(Statement("no effect", np.nan, np.nan, np.nan, "no effect", note))
            continue
        ec50, low, high = (float(axis_dose(part[i], unit)) for part in (fits.midpoint, fits.midpoint_low, fits.midpoint_high))
        low = -np.inf if is_ordinal(unit) and fits.midpoint_low[i] == -np.inf else low
        statements.append(ec50_statement(ec50, low, high, tested[i], unit, confidence))
    return statements


def _with_parameters(
    rows: pd.DataFrame, fit_able: NDArray[np.bool_], parameters: dict[str, Floats], statements: list[Statement], model: CurveModel
) -> pd.DataFrame:
    chosen = np.flatnonzero(fit_able)
    every = [NOT_FITTED] * len(rows)
    for i, statement in zip(chosen, statements, strict=True):
        every[i] = statement
    for name in (*PARAMETERS, "auc"):
        column = np.full(len(rows), np.nan)
        if name in parameters:
            column[chosen] = parameters[name]
        rows[name] = column
    rows["ec50"] = [statement.ec50 for statement in every]
    rows["ec50_low"] = [statement.low for statement in every]
    rows["ec50_high"] = [statement.high for statement in every]
    rows["status"] = [statement.status for statement in every]
    rows["ec50_text"] = [statement.text for statement in every]
    rows["note"] = [_note(row, statement, model) for row, statement in zip(rows.itertuples(), every, strict=True)]
    return rows


def _note(row: object, statement: Statement, model: CurveModel) -> str:
    parts = [statement.note] if statement.note else []
    if statement.status == "not fitted":
        n_doses, n_wells = row.n_doses, row.n_wells  # type: ignore[attr-defined]
        if model.concentrations_only and is_ordinal(str(row.dose_unit)):  # type: ignore[attr-defined]
            parts.append(f"the model {model.name} needs concentrations, not dose steps")
        elif n_doses < model.fewest_doses:
            parts.append(f"{n_doses} tested doses above zero: the model needs {model.fewest_doses}")
        else:
            parts.append(f"{n_wells} wells leave no degree of freedom for {model.n_parameters} parameters")
    elif statement.status != "no effect":
        if row.at_limit:  # type: ignore[attr-defined]
            parts.append("the slope lies on its bound: the doses do not resolve it")
        if np.isnan(row.bottom) or np.isnan(row.top):  # type: ignore[attr-defined]
            parts.append("the plateau beyond the tested doses is not known and is left out")
        if row.combination:  # type: ignore[attr-defined]
            parts.append("the wells hold several compounds: the axis is the first one's dose")
    return "; ".join(parts)
