"""5,152 curves of the Genomics of Drug Sensitivity in Cancer: a fit for each, as good as a search from many starts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize
from scipy.special import expit

from coculture.screen.dose_response.area import area_of_curve
from coculture.screen.dose_response.curve_data import CurveSet, merged_levels
from coculture.screen.dose_response.logistic_4 import fit_logistic_4
from coculture.screen.dose_response.models import single_model

N_CURVES = 5152


@pytest.fixture(scope="module")
def points(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "gdsc_curves" / "normalized_curves.csv.gz", dtype={"CL": str})


def _curves(points: pd.DataFrame) -> CurveSet:
    grouped = points.groupby(["CL", "drug"], sort=True)["x"]
    frame = pd.DataFrame({"dose_unit": "uM", "lowest": np.exp(grouped.min()), "highest": np.exp(grouped.max())})
    owner = points.groupby(["CL", "drug"], sort=True).ngroup().to_numpy()
    ones = np.ones(len(points))
    return merged_levels(frame.reset_index(), owner, points["x"].to_numpy(), ones, points["y"].to_numpy(), 0 * ones)


def test_every_curve_has_a_value(points: pd.DataFrame) -> None:
    curves = _curves(points)
    assert len(curves.frame) == N_CURVES
    for unbounded in (False, True):
        fits = fit_logistic_4(curves, 0.95, unbounded=unbounded)
        assert np.isfinite(fits.values).all()
        assert np.isfinite(fits.squares).all()
        assert (fits.midpoint_low <= fits.midpoint).all()


def test_no_search_from_many_starts_finds_better_fits(points: pd.DataFrame) -> None:
    """20 curves, 16 starts each without bounds; the benchmark takes more of them."""
    curves = _curves(points)
    squares = fit_logistic_4(curves, 0.95, unbounded=True).squares
    grouped = list(points.groupby(["CL", "drug"], sort=True))
    for place in np.random.default_rng(0).choice(N_CURVES, 20, replace=False):
        x, y = grouped[place][1]["x"].to_numpy(), grouped[place][1]["y"].to_numpy()
        assert squares[place] <= 1.01 * _best(x, y) + 1e-9


def _best(x: np.ndarray, y: np.ndarray) -> float:
    def residual(p: np.ndarray) -> np.ndarray:
        return p[0] + p[1] * expit(p[2] * (x - p[3])) - y

    starts = [(y.min(), side * np.ptp(y) + 1e-3, k, m) for m in (0.0, 3.0, 6.0, 9.5) for k in (0.6, 4.0) for side in (1, -1)]
    return min(2 * optimize.least_squares(residual, start, method="lm", max_nfev=300).cost for start in starts)


def test_areas_are_those_of_the_reference(points: pd.DataFrame, shared_data: Path) -> None:
    """``auc`` of gdscIC50, from its own parameters: one less the mean of the curve over the tested doses."""
    reference = pd.read_csv(shared_data / "gdsc_curves" / "reference_ic50.csv", dtype={"CL": str})
    grouped = points.groupby(["CL", "drug"])["x"]
    low, high = grouped.min(), grouped.max()
    model = single_model("logistic-4")
    for row in reference.iloc[::20].itertuples():
        tested = (low[row.CL, row.drug], high[row.CL, row.drug])
        area = area_of_curve(model, np.array([0.0, 1.0, 1 / row.scal, row.xmid]), *tested)
        assert 1 - area == pytest.approx(row.auc, abs=1e-12)
