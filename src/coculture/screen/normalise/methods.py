"""Every normalisation, by the name settings use."""

from __future__ import annotations

from coculture.errors import InputError
from coculture.screen.normalise import as_given, b_score, normalised_percent_effect, percent_of_control, robust_z
from coculture.screen.normalise.base import Normalisation

NORMALISATIONS: dict[str, Normalisation] = {
    module.METHOD.name: module.METHOD for module in (as_given, percent_of_control, normalised_percent_effect, robust_z, b_score)
}


def normalisation(name: str) -> Normalisation:
    """Return the normalisation called ``name``; InputError names those there are."""
    if name not in NORMALISATIONS:
        raise InputError(
            f"normalisation '{name}' is not known", where="analysis.normalise", remedy="use one of: " + ", ".join(NORMALISATIONS)
        )
    return NORMALISATIONS[name]
