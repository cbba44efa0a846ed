"""Every normalisation, by the name settings use."""

from __future__ import annotations

from coculture.errors import InputError
from coculture.screen.normalise import (
    as_given,
    b_score,
    loess,
    mad_robustize,
    normalised_percent_effect,
    percent_of_control,
    plate_median,
    plate_median_log2,
    robust_z,
    well_correction,
    z_score,
)
from coculture.screen.normalise.base import Normalisation, Normalised
from coculture.screen.well_table import Readings

NORMALISATIONS: dict[str, Normalisation] = {
    module.METHOD.name: module.METHOD
    for module in (
        as_given,
        percent_of_control,
        normalised_percent_effect,
        z_score,
        robust_z,
        mad_robustize,
        plate_median,
        plate_median_log2,
        b_score,
        loess,
        well_correction,
    )
}
"""In the order of their columns in the table of normalised wells."""


def normalisation(name: str) -> Normalisation:
    """Return the normalisation called ``name``; InputError names those there are."""
    if name not in NORMALISATIONS:
        raise InputError(
            f"normalisation '{name}' is not known", where="analysis.normalise", remedy="use one of: " + ", ".join(NORMALISATIONS)
        )
    return NORMALISATIONS[name]


def scales_of(readings: Readings, judged_on: str) -> dict[str, Normalised]:
    """Return the read-out on the scale it is judged on and on every other that is quick to compute, by name."""
    scales = {}
    for name, method in NORMALISATIONS.items():
        if name == judged_on or not method.on_request:
            found = method.apply(readings)
            scales[name] = found if method.noted or name == judged_on else Normalised(found.values, {})
    return scales
