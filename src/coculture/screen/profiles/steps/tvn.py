"""TVN: sphering, then every batch is given the covariance its controls have over the whole screen."""

from __future__ import annotations

import numpy as np
from sklearn.covariance import ledoit_wolf

from coculture.errors import DataError
from coculture.screen.group_statistics import Floats
from coculture.screen.profiles.profiles import Profiles
from coculture.screen.profiles.settings import ProfileSettings
from coculture.screen.profiles.steps.base import Step
from coculture.screen.profiles.steps.sphere import FEWEST_CONTROLS, sphere


def tvn(profiles: Profiles, settings: ProfileSettings) -> Profiles:
    """Return sphered profiles aligned between batches (typical variation normalisation: Ando et al. 2017, bioRxiv 161422).

    After sphering, wells of each batch are centred on its controls and multiplied by ``C_b^(-1/2) C^(1/2)``, with ``C_b``
    and ``C`` the shrunken covariance of the controls of the batch and of all (correlation alignment: Sun et al. 2016, AAAI).

    Raises
    ------
    DataError : no such batch column, or a batch has fewer than ten negative controls.
    """
    if settings.batch not in profiles.wells:
        raise DataError(
            f"no column '{settings.batch}' names the batches", "profiles, step tvn", "name it, or use the step sphere"
        )
    sphered = sphere(profiles, settings)
    values = sphered.values.copy()
    whole = _root(values[profiles.negative] - values[profiles.negative].mean(axis=0), 0.5)
    batches = profiles.wells[settings.batch].to_numpy()
    for name in dict.fromkeys(batches):
        rows = np.flatnonzero(batches == name)
        controls = rows[profiles.negative[rows]]
        if len(controls) < FEWEST_CONTROLS:
            what = f"batch '{name}' has {len(controls)} negative controls"
            raise DataError(what, "profiles, step tvn", f"at least {FEWEST_CONTROLS} are needed; use the step sphere")
        mean = sphered.values[controls].mean(axis=0)
        values[rows] = (sphered.values[rows] - mean) @ _root(sphered.values[controls] - mean, -0.5) @ whole
    return sphered.changed(values, "batches were aligned on their negative controls (TVN)")


def _root(centred: Floats, power: float) -> Floats:
    covariance, _ = ledoit_wolf(centred, assume_centered=True)
    eigenvalues, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.maximum(eigenvalues, 1e-12) ** power) @ vectors.T)


STEP = Step("tvn", tvn)
