"""Every way to score features that a consensus may ask, by name: contents and activity in, a score a feature out."""

from __future__ import annotations

from collections.abc import Callable

from coculture.errors import InputError
from coculture.screen.deconvolve import correlation, grey_relation, partial_least_squares, stability_selection
from coculture.screen.group_statistics import Floats

Scorer = Callable[[Floats, Floats], Floats]


def _vip(contents: Floats, activity: Floats) -> Floats:
    return partial_least_squares.importance(partial_least_squares.fit(contents, activity, 2))


def _selectivity(contents: Floats, activity: Floats) -> Floats:
    return partial_least_squares.selectivity_ratio(partial_least_squares.fit(contents, activity, 2))


SCORERS: dict[str, Scorer] = {
    "correlation": correlation.score,
    "grey-relation": grey_relation.score,
    "vip": _vip,
    "selectivity-ratio": _selectivity,
    "elastic-net": stability_selection.score,
}
"""Two latent variables for both PLS scores, so that resamples do not choose differently; elastic net by order of entry."""


def scorer(name: str) -> Scorer:
    """Return the scorer called ``name``; InputError names those there are."""
    if name not in SCORERS:
        raise InputError(f"the ranking '{name}' is not known", "consensus", "use one of: " + ", ".join(SCORERS))
    return SCORERS[name]
