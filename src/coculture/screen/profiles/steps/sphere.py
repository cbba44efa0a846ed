"""Sphere: in the space of profiles the negative controls become a ball."""

from __future__ import annotations

import numpy as np
from sklearn.covariance import ledoit_wolf

from coculture.errors import DataError
from coculture.screen.group_statistics import Floats
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step

FEWEST_CONTROLS = 10


def sphere(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return ``(x - mean₋) W`` with ``Wᵀ W = Σ₋⁻¹``: what controls do among themselves counts the same in every direction.

    ``Σ₋`` is the controls' covariance, shrunk towards a multiple of the identity by the amount that Ledoit & Wolf (2004, J
    Multivar Anal 88:365) derive from the data. ``zca`` takes the symmetric root (Bell & Sejnowski 1997, Vision Res 37:3327; Kessy
    et al. 2018, Am Stat 72:309), ``pca`` the principal components.

    Raises
    ------
    DataError : fewer than ten negative controls.
    """
    mean, matrix = whitening(profiles, settings)
    values = (profiles.values - mean) @ matrix
    note = f"profiles were sphered on {int(profiles.negative.sum())} negative controls ({settings.sphering}, Ledoit-Wolf)"
    if settings.sphering == "zca":
        return profiles.changed(values, note)
    names = tuple(f"component_{number + 1}" for number in range(matrix.shape[1]))
    return Profiles(profiles.wells, values, names, (*profiles.notes, note))


def whitening(profiles: Profiles, settings: ProfileSettings) -> tuple[Floats, Floats]:
    """Return the controls' mean (p,) and the whitening matrix (p, p)."""
    controls = profiles.values[profiles.negative]
    if len(controls) < FEWEST_CONTROLS:
        what = f"only {len(controls)} negative controls"
        raise DataError(what, "profiles, step sphere", f"at least {FEWEST_CONTROLS} are needed; leave the step out")
    mean = controls.mean(axis=0)
    covariance, _ = ledoit_wolf(controls - mean, assume_centered=True)
    eigenvalues, vectors = np.linalg.eigh(covariance)
    scaled = vectors / np.sqrt(np.maximum(eigenvalues, 1e-12 * eigenvalues[-1]))
    return mean, np.asarray(scaled @ vectors.T if settings.sphering == "zca" else scaled[:, ::-1])


STEP = Step("sphere", sphere)
