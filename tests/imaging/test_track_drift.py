"""Drift of the field: planted shifts come back, rest stays rest."""

import numpy as np
import pandas as pd
import pytest
from tests.cases.films import wandering

from coculture.errors import InputError
from coculture.imaging.track.drift import correct_drift, estimate_drift


def shifted(film: pd.DataFrame, per_frame: np.ndarray) -> pd.DataFrame:
    frame = (film["t_min"] / 5).round().astype(int).to_numpy()
    return film.assign(x_um=film["x_um"] + per_frame[frame, 0], y_um=film["y_um"] + per_frame[frame, 1])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_resting_field_has_no_drift(seed: int) -> None:
    drift = estimate_drift(wandering(seed=seed, unseen=0.05))
    assert (drift[["dx_um", "dy_um"]] == 0).all(axis=None)


def test_a_jump_of_more_than_the_neighbour_distance_is_found() -> None:
    planted = np.zeros((20, 2))
    planted[8:] = [41.0, -23.0]
    drift = estimate_drift(shifted(wandering(side=9), planted))
    np.testing.assert_allclose(drift[["dx_um", "dy_um"]].to_numpy(), planted, atol=1.0)


def test_a_creeping_stage_is_followed() -> None:
    planted = np.cumsum(np.full((20, 2), [3.0, 1.5]), axis=0)
    planted -= planted[0]
    drift = estimate_drift(shifted(wandering(side=9, step_um=1.0), planted))
    np.testing.assert_allclose(drift[["dx_um", "dy_um"]].to_numpy(), planted, atol=1.5)


def test_correction_takes_out_what_was_planted() -> None:
    film = wandering(side=9, step_um=1.0)
    planted = np.zeros((20, 2))
    planted[5:] = [35.0, 10.0]
    mended = correct_drift(shifted(film, planted))
    assert np.abs(mended["x_um"] - film["x_um"]).max() < 1.0
    given = correct_drift(film, estimate_drift(shifted(film, planted)))
    assert given.loc[film["t_min"] == 0, "x_um"].equals(film.loc[film["t_min"] == 0, "x_um"])
    np.testing.assert_allclose(film["x_um"][film["t_min"] > 25] - given["x_um"][film["t_min"] > 25], 35.0, atol=1.0)


def test_too_few_cells_show_no_drift() -> None:
    few = shifted(wandering(side=2), np.arange(40.0).reshape(20, 2))
    assert (estimate_drift(few)[["dx_um", "dy_um"]] == 0).all(axis=None)


def test_cells_on_one_spot_show_no_drift() -> None:
    spot = pd.DataFrame({"t_min": np.repeat([0.0, 1.0], 10), "x_um": 0.0, "y_um": 0.0})
    assert (estimate_drift(spot)[["dx_um", "dy_um"]] == 0).all(axis=None)


@pytest.mark.parametrize("action", [estimate_drift, correct_drift])
def test_a_missing_column_is_named(action) -> None:
    with pytest.raises(InputError, match="lacks y_um"):
        action(pd.DataFrame({"t_min": [0.0], "x_um": [0.0]}))
