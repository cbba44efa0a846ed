"""The table of curves: one fit, or the reason why there is none, for each compound, condition and read-out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.compounds.dose_curve import axis_dose, is_ordinal
from coculture.screen.dose_response.band import curve_bands
from coculture.screen.dose_response.base import CurveFits, CurveModel
from coculture.screen.dose_response.curve_data import CurveSet, curve_set
from coculture.screen.dose_response.flat_test import flat_p_values
from coculture.screen.dose_response.wording import Statement, ec50_statement
from coculture.screen.group_statistics import Floats
from coculture.screen.settings import AnalysisSettings
from coculture.screen.well_table import Readings, WellTable

NOT_FITTED = Statement("not fitted", np.nan, np.nan, np.nan, "", "")


def curves_table(
    table: WellTable, readings: Readings, scale: Floats, model: CurveModel, settings: AnalysisSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row a curve and the bands of those with an effect, for one read-out.

    Parameters
    ----------
    table, readings : the wells and the read-out.
    scale : (n,) its values on the scale of the analysis.
    model : the curve model.
    settings : confidence, level of the flat test, use of controls.
    """
    every = curve_set(table, readings, scale, settings.controls_in_curves)
    fit_able = (every.frame["n_doses"] >= model.fewest_doses).to_numpy() & (every.total_weight >= model.n_parameters + 1)
    curves = every.chosen(fit_able)
    if len(curves.frame) == 0:
        bands = pd.DataFrame(columns=["compound", "readout", "condition", "dose_unit", "dose", "fitted", "low", "high"])
        return _rows(every, fit_able, None, [], np.empty(0), model, readings.readout.name), bands
    fits = model.fit(curves, settings.confidence)
    p_flat = flat_p_values(curves, fits.squares, model.n_parameters)
    statements = _statements(curves, fits, p_flat, settings)
    df = curves.total_weight - model.n_parameters
    drawn = np.array([statement.status != "no effect" for statement in statements])
    bands = curve_bands(curves, fits, drawn, df, settings.confidence).assign(readout=readings.readout.name)
    return _rows(every, fit_able, fits, statements, p_flat, model, readings.readout.name), bands


def _statements(curves: CurveSet, fits: CurveFits, p_flat: Floats, settings: AnalysisSettings) -> list[Statement]:
    statements = []
    tested = curves.frame[["lowest", "highest"]].to_numpy(dtype=np.float64)
    for i, unit in enumerate(curves.frame["dose_unit"].astype("str")):
        if not p_flat[i] < settings.flat_level:
            note = f"no better than a flat line (F-test, p = {p_flat[i]:.2g})"
            statements.append(Statement("no effect", np.nan, np.nan, np.nan, "no effect", note))
            continue
        ec50, low, high = (float(axis_dose(part[i], unit)) for part in (fits.midpoint, fits.midpoint_low, fits.midpoint_high))
        low = -np.inf if is_ordinal(unit) and fits.midpoint_low[i] == -np.inf else low
        statements.append(ec50_statement(ec50, low, high, tested[i], unit, settings.confidence))
    return statements


def _rows(
    every: CurveSet,
    fit_able: NDArray[np.bool_],
    fits: CurveFits | None,
    statements: list[Statement],
    p_flat: Floats,
    model: CurveModel,
    readout: str,
) -> pd.DataFrame:
    frame = every.frame.assign(readout=readout, model=model.name)
    chosen = np.flatnonzero(fit_able)
    all_statements = [NOT_FITTED] * len(frame)
    for i, statement in zip(chosen, statements, strict=True):
        all_statements[i] = statement
    values: dict[str, Floats] = {}
    if fits is not None:
        df = every.total_weight[chosen] - model.n_parameters
        values = {
            "bottom": fits.bottom,
            "top": fits.top,
            "slope": fits.slope,
            "residual_sd": np.sqrt(fits.squares / df),
            "p_flat": p_flat,
            "ec50_standard_error": _ec50_errors(frame.iloc[chosen], fits),
            "at_limit": fits.slope_at_limit.astype(np.float64),
        }
    for name in ("bottom", "top", "slope", "residual_sd", "p_flat", "ec50_standard_error", "at_limit"):
        column = np.full(len(frame), np.nan)
        column[chosen] = values.get(name, np.empty(0))
        frame[name] = column
    frame["ec50"] = [statement.ec50 for statement in all_statements]
    frame["ec50_low"] = [statement.low for statement in all_statements]
    frame["ec50_high"] = [statement.high for statement in all_statements]
    frame["status"] = [statement.status for statement in all_statements]
    frame["ec50_text"] = [statement.text for statement in all_statements]
    frame.loc[frame["ec50"].isna(), "ec50_standard_error"] = np.nan
    frame["note"] = [_note(row, statement, model) for row, statement in zip(frame.itertuples(), all_statements, strict=True)]
    return frame


def _ec50_errors(frame: pd.DataFrame, fits: CurveFits) -> Floats:
    """Return the standard error of the EC50 itself: on a concentration axis EC50 times that of its logarithm."""
    with np.errstate(invalid="ignore"):
        error = np.sqrt(fits.covariance[:, 3, 3])
    ordinal = (frame["dose_unit"] == "step").to_numpy()
    return np.where(ordinal, error, np.exp(np.where(ordinal, 0.0, fits.midpoint)) * error)


def _note(row: object, statement: Statement, model: CurveModel) -> str:
    parts = [statement.note] if statement.note else []
    if statement.status == "not fitted":
        n_doses, n_wells = row.n_doses, row.n_wells  # type: ignore[attr-defined]
        if n_doses < model.fewest_doses:
            parts.append(f"{n_doses} tested doses above zero: the model needs {model.fewest_doses}")
        else:
            parts.append(f"{n_wells} wells leave no degree of freedom for {model.n_parameters} parameters")
    elif statement.status != "no effect":
        if row.at_limit:  # type: ignore[attr-defined]
            parts.append("the slope lies on its bound: the doses do not resolve it")
        if row.combination:  # type: ignore[attr-defined]
            parts.append("the wells hold several compounds: the axis is the first one's dose")
    return "; ".join(parts)
