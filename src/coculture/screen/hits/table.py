"""The table of effects: every treatment against the negative controls of its own plates and condition."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.screen.group_statistics import Floats, group_means
from coculture.screen.hits.base import compare, interval, p_values
from coculture.screen.hits.cell_count import FEWER_CELLS
from coculture.screen.hits.false_discovery import benjamini_hochberg
from coculture.screen.hits.intersection_union import OneSided, one_sided
from coculture.screen.hits.known_error import METHOD_NAME, known_error
from coculture.screen.hits.methods import hit_method
from coculture.screen.hits.sense import Sense, on_scale, sense_of
from coculture.screen.hits.single_well import single_well_note, with_single_wells
from coculture.screen.hits.treatments import Treatments
from coculture.screen.settings import AnalysisSettings, Direction, Readout
from coculture.screen.well_table import Readings


def effects_table(
    readings: Readings,
    scale: Floats,
    percent_effect: Floats,
    cells: Floats,
    treatments: Treatments,
    settings: AnalysisSettings,
    errors: Floats | None = None,
) -> tuple[pd.DataFrame, str, OneSided]:
    """Return one row a treatment for one read-out, not yet ranked, how the method set itself, and the test to either side.

    Parameters
    ----------
    readings : the read-out.
    scale : (n,) its values on the scale of the analysis.
    percent_effect : (n,) its normalised percent effect, NaN without positive controls.
    cells : (n,) cells as percent of the negative controls'.
    treatments : the treatments and which wells got them.
    settings : thresholds and method.
    errors : (n,) standard error of each well on the scale, where the source gave one: then wells are weighed by it.
    """
    size = len(treatments.frame)
    if errors is None:
        comparison = compare(scale, treatments.code, size, readings.stratum, readings.negative)
        estimate = with_single_wells(comparison, hit_method(settings.hit_method).apply(comparison))
        method = np.where(comparison.n == 1, "robust z of one well", np.where(comparison.n > 1, settings.hit_method, ""))
    else:
        comparison, estimate = known_error(scale, errors, treatments.code, size, readings.stratum, readings.negative)
        method = np.where(comparison.n > 0, METHOD_NAME, "")
    sense = sense_of(readings, scale)
    tested = on_scale(readings.readout.direction, sense)
    low, high = interval(comparison.effect, estimate, settings.confidence)
    p = p_values(comparison.effect, estimate, tested)
    q = benjamini_hochberg(p)
    cell_percent = treatment_means(cells, treatments)
    frame = treatments.frame.assign(
        readout=readings.readout.name,
        n_wells=comparison.n,
        n_negative=comparison.n_negative,
        effect=comparison.effect,
        effect_low=low,
        effect_high=high,
        standard_error=estimate.standard_error,
        degrees_of_freedom=estimate.df,
        effect_percent=treatment_means(np.where(readings.judged, percent_effect, np.nan), treatments),
        z=comparison.effect / np.where(comparison.control_sd > 0, comparison.control_sd, np.nan),
        p_value=p,
        q_value=q,
        hit=called(comparison.effect, q, settings.fdr, settings.minimum_effect_of(readings.readout), tested),
        direction=direction_words(comparison.effect, sense),
        cell_count_percent=cell_percent,
        method=method,
    )
    frame["note"] = _notes(frame, readings.readout, tested, settings)
    return frame, estimate.remark, one_sided(comparison.effect, estimate, sense)


def direction_words(effect: Floats, sense: Sense) -> NDArray[np.object_]:
    """Return which way the raw read-out moved: up, down, or '' where it is not known."""
    moved = effect * sense
    return np.where(moved > 0, "up", np.where(moved < 0, "down", "")).astype(object)


def called(effect: Floats, q: Floats, fdr: float, minimum_effect: float, direction: Direction) -> NDArray[np.bool_]:
    """Return which effects are hits: q at most the FDR, at least the minimum effect, and in the asked direction."""
    with np.errstate(invalid="ignore"):
        strong = (q <= fdr) & (np.abs(effect) >= minimum_effect)
        if direction == "both":
            return np.asarray(strong)
        return np.asarray(strong & ((effect > 0) if direction == "up" else (effect < 0)))


def treatment_means(values: Floats, treatments: Treatments) -> Floats:
    """Return the mean over each treatment's wells of one number per well, NaN where no well has it."""
    chosen = (treatments.code >= 0) & np.isfinite(values)
    return group_means(values[chosen], treatments.code[chosen], len(treatments.frame))[1]


def _notes(frame: pd.DataFrame, readout: Readout, tested: Direction, settings: AnalysisSettings) -> list[str]:
    notes: list[list[str]] = [[] for _ in range(len(frame))]

    def add(mask: pd.Series, text: str) -> None:
        for index in np.flatnonzero(mask.to_numpy()):
            notes[index].append(text)

    add(frame["n_wells"] == 0, "not judged: no well with the read-out on a plate with two negative controls that have it")
    for index in np.flatnonzero(((frame["n_wells"] == 1) & (frame["method"] != METHOD_NAME)).to_numpy()):
        notes[index].append(single_well_note(int(frame["n_negative"].iloc[index])))
    add((frame["n_wells"] > 1) & frame["p_value"].isna(), "not judged: its wells have no spread that could be tested")
    if readout.direction != "both":
        opposite = (frame["effect_high"] < 0) if tested == "up" else (frame["effect_low"] > 0)
        add(opposite, f"acts against the asked direction '{readout.direction}'")
    weak = (frame["q_value"] <= settings.fdr) & (frame["effect"].abs() < settings.minimum_effect_of(readout))
    add(weak, "significant but below the minimum effect")
    add(frame["cell_count_percent"] < settings.cell_count_minimum_percent, FEWER_CELLS)
    return ["; ".join(texts) for texts in notes]
