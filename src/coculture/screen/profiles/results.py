"""Tables an analysis of profiles gives back."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coculture.plate.columns import Column

_TREATMENT = (
    Column("compound", "", "text", "Name of the compound; '' for a mechanism."),
    Column("dose", "", "real", "Dose in dose_unit."),
    Column("dose_unit", "", "text", "uM, ug/mL or step."),
    Column("condition", "", "text", "Arm of the screen, '' where there is one."),
)

ACTIVITY_COLUMNS: tuple[Column, ...] = (
    Column("question", "", "key", "activity: are replicates alike? consistency: are treatments of a mechanism alike?"),
    *_TREATMENT,
    Column("group", "", "text", "The mechanism, for consistency."),
    Column("n_profiles", "", "integer", "Wells of the treatment, or treatments of the mechanism, that could be ranked."),
    Column("mean_average_precision", "", "real", "1: all its like come before all others; low: no better than chance."),
    Column("p_value", "", "real", "Fraction of random rankings at least as good."),
    Column("q_value", "", "real", "Benjamini-Hochberg adjusted p-value within the question."),
    Column("call", "", "flag", "q at most the FDR: active, or consistent."),
)

MATCH_COLUMNS: tuple[Column, ...] = (
    *_TREATMENT,
    Column("mechanism", "", "text", "Its own mechanism where known."),
    Column("rule", "", "key", "Which treatments may answer: not same compound, or not same compound or batch."),
    Column("matched_compound", "", "text", "The most similar treatment of known mechanism that may answer."),
    Column("matched_dose", "", "real", "Its dose."),
    Column("predicted", "", "text", "Its mechanism."),
    Column("similarity", "", "real", "Cosine of the two mean profiles."),
    Column("runner_up", "", "real", "Similarity of the nearest treatment of any other mechanism."),
    Column("answerable", "", "flag", "A treatment that may answer has the right mechanism."),
    Column("correct", "", "flag", "The prediction is its own mechanism."),
)

SIMILARITY_COLUMNS: tuple[Column, ...] = (
    Column("first", "", "key", "A treatment: compound, dose and condition as text."),
    Column("second", "", "key", "Another, or the same."),
    Column("similarity", "", "real", "Cosine of their mean profiles."),
)
"""Of active treatments, most strongly alike beside one another; rows in the order of the heat map."""


@dataclass(frozen=True)
class ProfileResult:
    """The outcome of an analysis of profiles.

    Attributes
    ----------
    profiles : one row a well: what it is, and its features after all steps.
    activity : ``ACTIVITY_COLUMNS``.
    matches : ``MATCH_COLUMNS``; empty where no mechanism is known.
    similarities : ``SIMILARITY_COLUMNS``.
    notes : what was done and what a reader must know, in sentences.
    """

    profiles: pd.DataFrame
    activity: pd.DataFrame
    matches: pd.DataFrame
    similarities: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by the name of their file."""
        return {
            "profiles": self.profiles,
            "profile_activity": self.activity,
            "mechanism_matches": self.matches,
            "profile_similarities": self.similarities,
        }
