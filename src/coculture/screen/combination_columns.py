"""Columns of the tables on combinations."""

from __future__ import annotations

from coculture.plate.columns import Column

_CONDITION = Column("group", "", "key", "Arm of the screen (and plate, where plates are kept apart), '' where there is one.")
_DRUGS = Column("drugs", "", "key", "Names of the compounds, joined with ' + '.")
_MODEL = Column("model", "", "key", "Reference model: ZIP, HSA, Bliss, Loewe or MuSyC.")

COMBINATION_COLUMNS: tuple[Column, ...] = (
    Column("rank", "", "integer", "Within the model: calls before others, then the score's size that its interval guarantees."),
    _CONDITION,
    _DRUGS,
    _MODEL,
    Column("readout", "", "text", "Name of the read-out that was scored."),
    Column("score", "%", "real", "Mean inhibition beyond the expected one, over the points with all drugs; below 0 antagonism."),
    Column("score_low", "%", "real", "Lower limit of its interval."),
    Column("score_high", "%", "real", "Upper limit of its interval."),
    Column("p_value", "", "real", "Two-sided, score against 0."),
    Column("q_value", "", "real", "Benjamini-Hochberg adjusted over all combinations of the model."),
    Column("call", "", "text", "synergy, antagonism, no call or not judged."),
    Column("peak", "%", "real", "Largest synergy of a point."),
    Column(
        "combination_index",
        "",
        "real",
        "Chou and Talalay's, median over points with all drugs, below 1 synergy; missing where a drug alone does not rise.",
    ),
    Column("reduction_1", "", "real", "How many times less of the first drug is needed, median over the same points."),
    Column("reduction_2", "", "real", "Likewise of the second."),
    Column("reduction_3", "", "real", "Likewise of the third; missing for two drugs."),
    Column(
        "beta", "", "real", "MuSyC: effect of both beyond the stronger drug, as a part of the stronger drug's own (efficacy)."
    ),
    Column("beta_low", "", "real", "Lower limit of its interval."),
    Column("beta_high", "", "real", "Upper limit of its interval."),
    Column("alpha12", "", "real", "MuSyC: how many times more potent drug 2 is where drug 1 saturates."),
    Column("alpha12_low", "", "real", "Lower limit of its interval."),
    Column("alpha12_high", "", "real", "Upper limit of its interval."),
    Column("alpha21", "", "real", "MuSyC: how many times more potent drug 1 is where drug 2 saturates."),
    Column("alpha21_low", "", "real", "Lower limit of its interval."),
    Column("alpha21_high", "", "real", "Upper limit of its interval."),
    Column("n_wells", "", "integer", "Wells of the combination, its single agents and controls."),
    Column("noise_sd", "%", "real", "Standard deviation of one well behind the intervals."),
    Column("noise_source", "", "text", "replicates, residuals, or '' where nothing tells the noise."),
    Column(
        "status", "", "text", "ok; estimated (single agents or control were missing); at limit, undetermined (MuSyC); not scored."
    ),
    Column("reason", "", "text", "What was estimated or is missing, in words."),
)

SURFACE_COLUMNS: tuple[Column, ...] = (
    _CONDITION,
    _DRUGS,
    _MODEL,
    Column("dose_1", "", "real", "Dose of the first drug, in unit_1; 0 where it was left out."),
    Column("dose_2", "", "real", "Dose of the second."),
    Column("dose_3", "", "real", "Dose of the third; missing for two drugs."),
    Column("unit_1", "", "text", "uM or ug/mL."),
    Column("unit_2", "", "text", "uM or ug/mL."),
    Column("unit_3", "", "text", "uM or ug/mL, '' for two drugs."),
    Column("n_wells", "", "integer", "Wells at these doses."),
    Column("response", "%", "real", "Measured inhibition, mean of the wells."),
    Column("effect", "%", "real", "What is compared: the measured inhibition, or the model's own smoothing of it (ZIP, MuSyC)."),
    Column("expected", "%", "real", "Inhibition the model expects without interaction."),
    Column("synergy", "%", "real", "effect − expected."),
    Column("synergy_low", "%", "real", "Lower limit of its interval."),
    Column("synergy_high", "%", "real", "Upper limit of its interval."),
    Column("combination_index", "", "real", "Chou and Talalay's combination index of the point; below 1 synergy."),
    Column("reduction_1", "", "real", "Dose of drug 1 alone for the same effect, over its dose here."),
    Column("reduction_2", "", "real", "Likewise of drug 2."),
    Column("reduction_3", "", "real", "Likewise of drug 3; missing for two drugs."),
    Column("index_status", "", "text", "ok, estimated, or at edge (effect too near 0 or 100 % for the index)."),
)
