"""The screening engine: from one table of wells to quality, normalised wells, ranked hits and curves."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from coculture import __version__
from coculture.errors import DataError, Problem
from coculture.screen.combinations import combination_tables
from coculture.screen.dose_response.models import curve_model
from coculture.screen.dose_response.table import curves_table
from coculture.screen.group_statistics import Floats
from coculture.screen.hits.cell_count import cell_count_percent
from coculture.screen.hits.contrasts.methods import contrast_method
from coculture.screen.hits.contrasts.rows import contrast_rows
from coculture.screen.hits.guards import error_column, guards_of, stain_guard
from coculture.screen.hits.interaction_class import guarded, with_viability
from coculture.screen.hits.intersection_union import OneSided
from coculture.screen.hits.known_error import METHOD_NAME as KNOWN_ERROR
from coculture.screen.hits.methods import hit_method
from coculture.screen.hits.ranking import ranked
from coculture.screen.hits.table import effects_table
from coculture.screen.hits.treatments import Treatments
from coculture.screen.hits.viability import viability_of
from coculture.screen.mixtures import mixture_tables
from coculture.screen.normalise.base import Normalised
from coculture.screen.normalise.methods import NORMALISATIONS, normalisation, scales_of
from coculture.screen.quality.across_plates import drift_notes
from coculture.screen.quality.edge_controls import edge_control_notes
from coculture.screen.quality.table import quality_table
from coculture.screen.results import (
    BAND_COLUMNS,
    CURVE_COLUMNS,
    HIT_COLUMNS,
    NORMALISED_COLUMNS,
    QUALITY_COLUMNS,
    ScreenResult,
    typed,
)
from coculture.screen.settings import AnalysisSettings, Readout
from coculture.screen.well_table import Readings, WellTable, check_wells


@dataclass
class _Parts:
    """Tables and notes gathered over the read-outs."""

    quality: list[pd.DataFrame] = field(default_factory=list)
    normalised: list[pd.DataFrame] = field(default_factory=list)
    hits: list[pd.DataFrame] = field(default_factory=list)
    curves: list[pd.DataFrame] = field(default_factory=list)
    bands: list[pd.DataFrame] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def analyse(wells: pd.DataFrame, settings: AnalysisSettings) -> ScreenResult:
    """Judge every read-out of a screen.

    Parameters
    ----------
    wells : one row a well: plate, well, role, compound, dose, dose_unit, the read-outs' columns and, where there are
        such, treatment, condition, donor, batch, n_cells (``plate.columns.WELL_COLUMNS``).
    settings : what is asked.

    Returns
    -------
    Tables, settings, version and notes. Missing numbers are always explained: in the row's note or reasons, or in the
    result's notes.

    Raises
    ------
    InputError : the table or a setting cannot be used; names every problem.
    DataError : there are no negative controls where wells are to be judged, or the primary read-out's scale can be had
        nowhere. Another read-out of that kind is left out of hits and curves, and a note says so.
    """
    for name in (settings.normalise, *map(settings.scale_of, settings.readouts)):
        normalisation(name)
    hit_method(settings.hit_method)
    curve_model(settings.dose_response)
    if settings.contrast is not None:
        contrast_method(settings.contrast.method)
    table = check_wells(wells, settings)
    treatments = Treatments.of(table)
    cells = cell_count_percent(table, settings.cell_count_column)
    parts = _Parts()
    if settings.cell_count_column not in table.frame:
        parts.notes.append(f"No column '{settings.cell_count_column}': hits could not be guarded against loss of cells.")
    for readout in settings.readouts:
        _judge_readout(table, table.readings(readout), treatments, cells, settings, parts)
    hits = ranked(_joined(parts.hits), settings.primary.name)
    normalised = typed(_joined(parts.normalised), NORMALISED_COLUMNS)
    mixtures, combined = mixture_tables(normalised, settings), combination_tables(normalised, settings)
    return ScreenResult(
        quality=typed(_joined(parts.quality), QUALITY_COLUMNS),
        normalised=normalised,
        hits=typed(hits, HIT_COLUMNS),
        curves=typed(_joined(parts.curves), CURVE_COLUMNS),
        bands=typed(_joined(parts.bands), BAND_COLUMNS),
        settings=settings,
        version=__version__,
        notes=(*parts.notes, *combined.notes, *mixtures.notes),
        combinations=combined.combinations,
        surfaces=combined.surfaces,
        mixture_effects=mixtures.effects,
        ingredients=mixtures.ingredients,
    )


def _judge_readout(
    table: WellTable,
    readings: Readings,
    treatments: Treatments,
    cells: Floats,
    settings: AnalysisSettings,
    parts: _Parts,
) -> None:
    readout = readings.readout
    scales = scales_of(readings, settings.scale_of(readout))
    parts.notes.extend(_missing_notes(table, readings))
    parts.notes.extend(_scale_notes(table, readout, scales))
    if settings.control_wells == "all":
        parts.notes.extend(edge_control_notes(table, readings))
    parts.notes.extend(drift_notes(table, readings))
    parts.quality.append(quality_table(table, readings))
    parts.normalised.append(_normalised_rows(table, readings, scales))
    problem = _why_not_judged(readings, scales, settings.scale_of(readout))
    if problem is not None:
        if readout is settings.primary:
            raise DataError(problem)
        parts.notes.append(f"{readout.name}: not judged: {problem.what}; {problem.remedy}.")
        return
    scale = scales[settings.scale_of(readout)]
    percent = scales["normalised-percent-effect"].values
    errors = _own_errors(table, readout, settings)
    effects, remark, own = effects_table(readings, scale.values, percent, cells, treatments, settings, errors)
    parts.hits.append(_in_classes(effects, own, table, readings, treatments, settings, parts))
    if remark:
        parts.notes.append(f"{readout.name}: {settings.hit_method if errors is None else KNOWN_ERROR}: {remark}.")
    if settings.contrast is not None:
        contrasted, remarks = contrast_rows(table, readings, scale.values, percent, cells, settings)
        parts.hits.append(contrasted)
        parts.notes.extend(remarks)
    model = curve_model(settings.dose_response)
    if model is not None:
        curves, bands = curves_table(table, readings, scale.values, model, settings)
        parts.curves.append(curves)
        parts.bands.append(bands)


def _own_errors(table: WellTable, readout: Readout, settings: AnalysisSettings) -> Floats | None:
    """Return each well's own standard error of the read-out, where its source gave one on the scale it is judged on."""
    column = error_column(readout.number, table)
    if not column or settings.scale_of(readout) != "as-given":
        return None
    return table.frame[column].to_numpy(dtype=np.float64, na_value=np.nan)


def _in_classes(
    effects: pd.DataFrame,
    own: OneSided,
    table: WellTable,
    readings: Readings,
    treatments: Treatments,
    settings: AnalysisSettings,
    parts: _Parts,
) -> pd.DataFrame:
    """Return the effects with viability, and those of a read-out about interaction guarded and in classes."""
    viability = viability_of(table, treatments, settings)
    effects = with_viability(effects, viability)
    readout = readings.readout
    if readout.about != "interaction":
        return effects
    guards = guards_of(table, readings, treatments, settings)
    names = ", ".join(guard.name for guard in guards)
    twin = "" if readout.guard or not stain_guard(readout, table) else " (the first was found beside it)"
    parts.notes.append(
        f"{readout.name}: an interaction hit must also show in {names}{twin}."
        if guards
        else f"{readout.name}: matched to the counts by itself; no read-out on other outlines guards it against the stain."
    )
    return guarded(effects, own, guards, viability, readout, settings)


def _normalised_rows(table: WellTable, readings: Readings, scales: dict[str, Normalised]) -> pd.DataFrame:
    keys = ["plate", "well", "role", "treatment", "compound", "dose", "dose_unit", "condition"]
    columns = {method.column: scales[name].values if name in scales else np.nan for name, method in NORMALISATIONS.items()}
    return table.frame[keys].assign(readout=readings.readout.name, **columns)


def _missing_notes(table: WellTable, readings: Readings) -> list[str]:
    lacking = (table.frame["role"] != "blank").to_numpy() & ~np.isfinite(readings.values)
    if not lacking.any():
        return []
    wells = table.frame.loc[lacking, "plate"] + " " + table.frame.loc[lacking, "well"]
    names = wells.head(10).tolist()
    more = f" and {len(wells) - 10} more" if len(wells) > 10 else ""
    return [f"{readings.readout.name}: {len(wells)} wells have no value and were left out: {', '.join(names)}{more}."]


def _scale_notes(table: WellTable, readout: Readout, scales: dict[str, Normalised]) -> list[str]:
    notes = []
    for name, scale in scales.items():
        for reason in sorted(set(scale.lacking.values())):
            codes = [code for code, why in scale.lacking.items() if why == reason]
            notes.append(f"{readout.name}: {name} cannot be had on {table.stratum_names(codes)}: {reason}.")
        notes.extend(f"{readout.name}: {remark}" for remark in scale.remarks)
    return notes


def _why_not_judged(readings: Readings, scales: dict[str, Normalised], name: str) -> Problem | None:
    where = f"readout '{readings.readout.name}'"
    if not readings.judged.any():
        return Problem("no treated well has a value", where, "check its column, and that wells have the role 'treatment'")
    if np.isfinite(scales[name].values[readings.judged]).any():
        return None
    others = [other for other, scale in scales.items() if np.isfinite(scale.values[readings.judged]).any()]
    reasons = "; ".join(sorted(set(scales[name].lacking.values())))
    what = f"the scale '{name}' can be had on no plate ({reasons})"
    return Problem(what, where, "choose another 'normalise' for it" + (f": {', '.join(others)}" if others else ""))


def _joined(frames: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    if not filled:
        return pd.DataFrame()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # all-missing columns of one frame: typed() sets the dtype
        return pd.concat(filled, ignore_index=True)
