"""The scale effects and curves are judged on, and how the report names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coculture.report.language import mark, say
from coculture.report.words.numbers import THIN


@dataclass(frozen=True)
class AnalysisScale:
    """One normalisation.

    Attributes
    ----------
    column : its column in the table of normalised wells.
    axis : what is written along an axis after the read-out's name.
    unit : what follows an effect in running text, with the blank before it.
    meaning : one sentence on what the numbers say.
    """

    column: str
    axis: str
    unit: str
    meaning: str


_SCALES = {
    "percent-of-control": AnalysisScale(
        "percent_of_control",
        mark("% of negative control"),
        mark(" percentage points"),
        mark(
            "Values are per cent of the mean of the plate's negative controls (100 = no effect); effects are differences in "
            "percentage points."
        ),
    ),
    "normalised-percent-effect": AnalysisScale(
        "normalised_percent_effect",
        mark("% effect"),
        f"{THIN}%",
        mark("Values run from 0 (the plate's negative controls) to 100 (its positive controls)."),
    ),
    "z": AnalysisScale(
        "z_score",
        mark("z"),
        mark(" SD"),
        mark("Values are distances from the mean of the plate's negative controls, in their standard deviation."),
    ),
    "mad-robustize": AnalysisScale(
        "mad_robustized",
        mark("robust z of treated wells"),
        mark(" robust SD"),
        mark("Values are distances from the median of the plate's treated wells, in 1.4826 × their median absolute deviation."),
    ),
    "plate-median": AnalysisScale(
        "plate_median",
        mark("× plate median"),
        mark(" × plate median"),
        mark("Values are multiples of the median of the plate's treated wells."),
    ),
    "plate-median-log2": AnalysisScale(
        "plate_median_log2",
        mark("log2 × plate median"),
        mark(" log2 units"),
        mark("Values are doublings away from the median of the plate's treated wells."),
    ),
    "loess": AnalysisScale(
        "loess",
        mark("LOESS score"),
        mark(" LOESS units"),
        mark("Values are residuals of a robust smooth surface over the plate, in 1.4826 × their median absolute deviation."),
    ),
    "well-correction": AnalysisScale(
        "well_corrected",
        mark("robust z, places corrected"),
        mark(" robust SD"),
        mark("Values are robust z of the plate's treated wells after what all plates show at the same place was taken off."),
    ),
    "robust-z": AnalysisScale(
        "robust_z",
        mark("robust z"),
        mark(" robust SD"),
        mark(
            "Values are distances from the median of the plate's negative controls, in 1.4826 × their median absolute deviation."
        ),
    ),
    "b-score": AnalysisScale(
        "b_score",
        mark("B-score"),
        mark(" B-score units"),
        mark("Values are residuals of a two-way median polish of the plate, in 1.4826 × their median absolute deviation."),
    ),
}
_RAW = AnalysisScale("raw", "", "", mark("Values are as they were read, without normalisation."))


def scale_of(settings: Mapping[str, Any], readout: str) -> AnalysisScale:
    """Return the scale a read-out is judged on: its own, or the one the recipe asks for all.

    Percent of control where the recipe says nothing, raw where the scale's name is unknown here.
    """
    entries = settings.get("readout", [])
    own = [entry.get("normalise") for entry in entries if isinstance(entry, Mapping) and entry.get("name") == readout]
    analysis = settings.get("analysis")
    shared = analysis.get("normalise") if isinstance(analysis, Mapping) else None
    name = next((str(name) for name in (*own, shared) if name), "percent-of-control")
    found = _SCALES.get(name, _RAW)
    return AnalysisScale(found.column, say(found.axis), say(found.unit), say(found.meaning))
