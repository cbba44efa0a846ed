"""What an analysis gives back: five typed tables, the settings they were made with, and notes in plain words."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from coculture.plate.columns import Column
from coculture.screen.settings import AnalysisSettings

_READOUT = Column("readout", "", "key", "Name of the read-out.")
_CONDITION = Column("condition", "", "key", "Arm of the screen, '' where there is one; 'co − mono' for a contrast of two.")
_TREATMENT = (
    Column("treatment", "", "text", "Everything dosed, as text."),
    Column("compound", "", "text", "Name of the compound, names joined with ' + ' where there are several."),
    Column("dose", "", "real", "Dose in dose_unit; missing for a contrast, which is taken over all doses."),
    Column("dose_unit", "", "text", "uM, ug/mL or step."),
)

QUALITY_COLUMNS: tuple[Column, ...] = (
    Column("plate", "", "key", "Name of the plate."),
    _CONDITION,
    _READOUT,
    Column("z_prime", "", "real", "1 − 3 (SD₊ + SD₋) / |mean₊ − mean₋|."),
    Column("robust_z_prime", "", "real", "Z′ with median and 1.4826 MAD."),
    Column("ssmd", "", "real", "(mean₊ − mean₋) / √(SD₊² + SD₋²)."),
    Column("signal_to_background", "", "real", "mean₊ / mean₋."),
    Column("cv_negative", "%", "real", "100 SD₋ / |mean₋|."),
    Column("cv_positive", "%", "real", "100 SD₊ / |mean₊|."),
    Column("n_negative", "", "integer", "Negative-control wells that have the read-out."),
    Column("n_positive", "", "integer", "Positive-control wells that have the read-out."),
    Column("n_missing", "", "integer", "Wells of the plate, blanks aside, that lack the read-out."),
    Column("replicate_correlation", "", "real", "Spearman correlation with the same treatments on other plates."),
    Column("edge_effect", "", "real", "Treated wells at the edge minus those inside, in robust SD of the plate's treated wells."),
    Column("edge_p_value", "", "real", "Mann-Whitney; like the other four multiplied by the tests made on the plate."),
    Column("row_effect", "", "real", "Median of the most different row minus that of the plate, likewise."),
    Column("row_p_value", "", "real", "Kruskal-Wallis over rows."),
    Column("column_effect", "", "real", "Median of the most different column minus that of the plate, likewise."),
    Column("column_p_value", "", "real", "Kruskal-Wallis over columns."),
    Column("gradient_effect", "", "real", "Rise from the first to the last row, or column, whichever is surer; likewise."),
    Column("gradient_p_value", "", "real", "Spearman of value and row, or column."),
    Column("dispensing_effect", "", "real", "Every second row, or column, minus the others; likewise."),
    Column("dispensing_p_value", "", "real", "Mann-Whitney."),
    Column("position_effects", "", "text", "The effects of position that are sure and large, named."),
    Column("control_shift", "", "real", "Negative controls' median minus that of the median plate, in robust SD of controls."),
    Column("control_cells_percent", "%", "real", "Cells of the negative controls, percent of the median plate."),
    Column("verdict", "", "text", "good, usable, poor or not judged."),
    Column("reasons", "", "text", "Why, in plain words."),
)

NORMALISED_COLUMNS: tuple[Column, ...] = (
    Column("plate", "", "key", "Name of the plate."),
    Column("well", "", "key", "Name of the well."),
    Column("role", "", "text", "What the well is for."),
    *_TREATMENT,
    _CONDITION,
    _READOUT,
    Column("raw", "", "real", "The read-out as it came; missing where the well has none."),
    Column("percent_of_control", "%", "real", "100 = mean of the plate's negative controls."),
    Column("normalised_percent_effect", "%", "real", "0 = negative controls, 100 = positive controls."),
    Column("z_score", "", "real", "Distance from the negative controls' mean in their standard deviation."),
    Column("robust_z", "", "real", "Distance from the negative controls' median in their 1.4826 MAD."),
    Column("mad_robustized", "", "real", "Distance from the treated wells' median in their 1.4826 MAD."),
    Column("plate_median", "", "real", "1 = median of the plate's treated wells."),
    Column("plate_median_log2", "", "real", "log2 minus the median log2 of the plate's treated wells."),
    Column("b_score", "", "real", "Residual of a two-way median polish over its 1.4826 MAD."),
    Column("loess", "", "real", "Residual of a robust smooth surface over its 1.4826 MAD; only where asked for."),
    Column("well_corrected", "", "real", "mad_robustized without what all plates show at a place; only where asked for."),
)

HIT_COLUMNS: tuple[Column, ...] = (
    Column("rank", "", "integer", "1 is first; hits before others, then the effect the interval still guarantees."),
    *_TREATMENT,
    _CONDITION,
    _READOUT,
    Column("n_wells", "", "integer", "Wells of the treatment that have the read-out."),
    Column("n_negative", "", "integer", "Negative-control wells they were compared with."),
    Column("effect", "", "real", "Treatment minus negative controls on the scale of the analysis; or the contrast."),
    Column("effect_low", "", "real", "Lower limit of the effect's interval."),
    Column("effect_high", "", "real", "Upper limit of the effect's interval."),
    Column("standard_error", "", "real", "Standard error of the effect; missing where the method gives none."),
    Column("degrees_of_freedom", "", "real", "Degrees of freedom of its t-test; inf where the error counts as known."),
    Column("effect_percent", "%", "real", "Effect as percent of the way from negative to positive controls."),
    Column("z", "", "real", "Effect in standard deviations of the negative controls; for a contrast of the paired differences."),
    Column("p_value", "", "real", "One-sided where the read-out has a direction, two-sided otherwise."),
    Column("q_value", "", "real", "Benjamini-Hochberg adjusted p-value within the read-out."),
    Column(
        "guarded_p_value",
        "",
        "real",
        "About interaction: the largest p-value of the read-out and its guards, in one direction (intersection-union test).",
    ),
    Column("guarded_q_value", "", "real", "Benjamini-Hochberg adjusted guarded_p_value within the read-out."),
    Column(
        "hit",
        "",
        "flag",
        "q below the FDR, effect large enough and in the asked direction; about interaction: by the guarded q.",
    ),
    Column("direction", "", "text", "up or down."),
    Column("cell_count_percent", "%", "real", "Cells of the treated wells as percent of the negative controls' cells."),
    Column("viability_effect", "%", "real", "Viability (else cells) as percent of the negative controls', minus 100."),
    Column("viability_low", "%", "real", "Lower limit of its interval."),
    Column("viability_high", "%", "real", "Upper limit of its interval."),
    Column(
        "interaction_class",
        "",
        "text",
        "interaction-specific, cytotoxic (or cytostatic), both, inactive or not judged (so for read-outs about something else). "
        "Of a contrast: by the contrast and by viability in the reference condition.",
    ),
    Column("method", "", "text", "Test that gave the p-value."),
    Column("note", "", "text", "What a reader must know about this row."),
)

CURVE_COLUMNS: tuple[Column, ...] = (
    Column("compound", "", "key", "Name of the compound."),
    _READOUT,
    _CONDITION,
    Column("dose_unit", "", "text", "Unit of ec50 and its limits."),
    Column("model", "", "text", "Curve model."),
    Column(
        "bottom",
        "",
        "real",
        "Lower plateau; missing where it lies beyond the tested doses. Both are the mean of a curve without effect.",
    ),
    Column("top", "", "real", "Upper plateau; likewise."),
    Column("slope", "", "real", "Hill slope (per step for step); above 0 rises with dose."),
    Column("ec50", "", "real", "Dose of half effect; missing where it lies beyond the tested doses or there is no effect."),
    Column("ec50_low", "", "real", "Lower limit of the interval; 0 (−inf for step) where open."),
    Column("ec50_high", "", "real", "Upper limit of the interval; inf where open."),
    Column("ec50_standard_error", "", "real", "Standard error of ec50 on its own axis (delta method)."),
    Column("n_wells", "", "integer", "Treated wells in the fit."),
    Column("n_controls", "", "integer", "Negative-control wells in the fit."),
    Column("n_doses", "", "integer", "Tested doses above 0."),
    Column("residual_sd", "", "real", "Residual standard deviation."),
    Column("p_flat", "", "real", "p-value of the F-test against a flat line."),
    Column("aicc", "", "real", "AICc of the curve, or of the flat line where there is no effect."),
    Column("auc", "", "real", "Mean of the curve over the tested doses on their axis (area under it over its width)."),
    Column("status", "", "text", "fitted, open interval, beyond range, no effect or not fitted."),
    Column("ec50_text", "", "text", "The EC50 as it may be quoted, with unit, interval, > and <."),
    Column("note", "", "text", "What a reader must know about this curve."),
)

BAND_COLUMNS: tuple[Column, ...] = (
    Column("compound", "", "key", "Name of the compound."),
    _READOUT,
    _CONDITION,
    Column("dose_unit", "", "text", "Unit of dose."),
    Column("dose", "", "key", "Dose at which the curve is drawn."),
    Column("fitted", "", "real", "The curve."),
    Column("low", "", "real", "Lower limit of the curve's pointwise interval."),
    Column("high", "", "real", "Upper limit of the curve's pointwise interval."),
)


@dataclass(frozen=True)
class ScreenResult:
    """The outcome of one analysis.

    Attributes
    ----------
    quality : one row a plate, condition and read-out (``QUALITY_COLUMNS``).
    normalised : one row a well and read-out (``NORMALISED_COLUMNS``).
    hits : one row a treatment and read-out, ranked (``HIT_COLUMNS``).
    curves : one row a compound, condition and read-out (``CURVE_COLUMNS``).
    bands : fitted curves as points with their intervals, for drawing (``BAND_COLUMNS``).
    settings : what was asked.
    version : version of coculture.
    notes : what a reader must know about the whole, in sentences.
    combinations : one row a combination and model, ranked (``combination_columns``); empty where nothing was asked.
    surfaces : one row a point of a combination and model (``combination_columns``); likewise.
    mixture_effects : one row an effect of a designed mixture (``mixture_columns``); empty where nothing was asked.
    ingredients : one row a read-out and ranked feature (``mixture_columns``); likewise.
    """

    quality: pd.DataFrame
    normalised: pd.DataFrame
    hits: pd.DataFrame
    curves: pd.DataFrame
    bands: pd.DataFrame
    settings: AnalysisSettings
    version: str
    notes: tuple[str, ...] = ()
    combinations: pd.DataFrame = field(default_factory=pd.DataFrame)
    surfaces: pd.DataFrame = field(default_factory=pd.DataFrame)
    mixture_effects: pd.DataFrame = field(default_factory=pd.DataFrame)
    ingredients: pd.DataFrame = field(default_factory=pd.DataFrame)


def typed(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Return ``frame`` with exactly the declared columns, in order and with the dtype of their kind."""
    kinds = {"integer": "int64", "real": "float64", "flag": "bool"}
    dtypes = {column.name: "float64" if column.name == "dose" else kinds.get(column.kind, "str") for column in columns}
    if len(frame) == 0:
        frame = pd.DataFrame(columns=list(dtypes))
    return frame[list(dtypes)].astype(dtypes).reset_index(drop=True)
