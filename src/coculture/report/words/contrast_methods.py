"""How each contrast of conditions is told in the methods, and what it rests on."""

from __future__ import annotations

from coculture.report.language import mark

CONTRAST_WORDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "paired-t": (mark("differences were averaged over doses and tested over {unit}s by the paired t-test"), ()),
    "paired-moderated-t": (
        mark(
            "differences were averaged over doses, after correction for the place at the plate's edge; {unit}s "
            "were weighed by the scatter of their controls, with standard errors that hold for any weights, and variances were "
            "shared over compounds"
        ),
        ("moderated-t", "robust-errors"),
    ),
    "mixed-model": (
        mark(
            "a linear mixed model with a random intercept and slope of each {unit} was fitted by REML, after correction for the "
            "place at the plate's edge; variances were shared over compounds"
        ),
        ("mixed-model", "moderated-t"),
    ),
    "most-variable-dose": (
        mark(
            "the paired t-test was made at the dose of the largest variance, and the effect is the relative change of the area "
            "under the median dose-response curve, in per cent"
        ),
        ("most-variable-dose",),
    ),
    "linear-model": (mark("the interaction of compound and condition in one linear model of all wells was tested"), ()),
}
"""Name of the method -> what was done, with {unit} for what was paired, and the keys of its citations."""
