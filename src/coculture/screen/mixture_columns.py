"""Columns of the tables on mixtures."""

from __future__ import annotations

from coculture.plate.columns import Column

_MIXTURE = Column("mixture", "", "key", "Name of the formula, or of the ingredients that were dosed together.")
_CONDITION = Column("condition", "", "key", "Arm of the screen, '' where there is one.")
_READOUT = Column("readout", "", "key", "Name of the read-out.")

MIXTURE_EFFECT_COLUMNS: tuple[Column, ...] = (
    _MIXTURE,
    _CONDITION,
    _READOUT,
    Column("level_percent", "%", "real", "Dose of what is in, as percent of its full dose."),
    Column(
        "kind",
        "",
        "key",
        "whole (less nothing); left out (whole less whole without it); alone (it alone less nothing); pair in the whole; pair "
        "alone; main effect, pair interaction, curvature (of a factorial design); candidate, candidate pair (of pools).",
    ),
    Column("ingredient", "", "key", "Name in the library, or as written where the library does not know it; '' for the whole."),
    Column("second", "", "key", "The other ingredient of a pair, '' otherwise."),
    Column("shown", "", "text", "The name or names with the Chinese ones."),
    Column("formula_role", "", "text", "君 sovereign, 臣 minister, 佐 assistant, 使 envoy; '' where none is known."),
    Column("rank", "", "integer", "Within mixture, condition, read-out, level and kind: by the effect the interval guarantees."),
    Column("effect", "", "real", "On the scale the read-out is judged on, or the logarithm of the value over the controls'."),
    Column("effect_low", "", "real", "Lower limit of its interval."),
    Column("effect_high", "", "real", "Upper limit of its interval."),
    Column(
        "share_percent", "%", "real", "Effect as percent of the whole's; missing where the whole is not known or does nothing."
    ),
    Column("p_value", "", "real", "Two-sided; of a candidate: of the step of the search that took it."),
    Column("q_value", "", "real", "Benjamini-Hochberg adjusted over the contrasts of the design; missing for candidates."),
    Column("called", "", "flag", "q at most the false discovery rate of [mixture], and the effect large enough."),
    Column("reading", "", "text", "What it means in words: needed and sufficient, acts with another …"),
    Column("n_wells", "", "integer", "Wells of the design, negative controls included."),
    Column("design", "", "text", "leave-one-out, factorial or pooled."),
    Column("method", "", "text", "How it was estimated."),
    Column("note", "", "text", "What a reader must know about this design."),
)

INGREDIENT_COLUMNS: tuple[Column, ...] = (
    Column("composition", "", "key", "Where the contents come from: the table's name, or the library."),
    _CONDITION,
    Column("readout", "", "key", "Name of the read-out; 'all read-outs' for the ranking over several."),
    Column("feature", "", "key", "The ranked feature: an LC-MS peak, a compound."),
    Column("rank", "", "real", "Consensus rank, 1 carries most; ties share their mean."),
    Column("rank_low", "", "real", "Lower limit of its interval over bootstrap samples of fractions (over read-outs: the best)."),
    Column("rank_high", "", "real", "Upper limit (over read-outs: the worst)."),
    Column("jackknife_low", "", "real", "Best rank with one fraction left out."),
    Column("jackknife_high", "", "real", "Worst rank with one fraction left out."),
    Column("top_share", "", "real", "Share of bootstrap samples in which it is among the first."),
    Column("correlation", "", "real", "Pearson's, of content and activity over the fractions."),
    Column("p_value", "", "real", "Of the correlation, by permutation of the fractions."),
    Column("family_p_value", "", "real", "Chance that the strongest of all features correlates so by permutation (max-T)."),
    Column("q_value", "", "real", "Benjamini-Hochberg adjusted p_value."),
    Column("called", "", "flag", "q at most the false discovery rate of [mixture], and no single fraction drives the result."),
    Column("activity_score", "", "real", "Over read-outs: sum of the squared mean activities of the fractions that hold it."),
    Column(
        "cluster_score", "", "real", "Over read-outs: how alike the activities of the fractions that hold it are (NP Analyst)."
    ),
    Column("best_readout", "", "text", "Over read-outs: the one that ranks it first."),
    Column("n_fractions", "", "integer", "Fractions with contents and activity."),
    Column("driver", "", "text", "The one fraction that drives the result, '' where none does."),
    Column("method", "", "text", "How it was ranked."),
    Column("note", "", "text", "The verdict on single fractions, in words."),
)
