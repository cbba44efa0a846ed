"""Published dose-response data against the R package drc 3.2 (Ritz et al. 2015, PLoS ONE 10:e0146021)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from coculture.screen.dose_response.one_curve import fit_curve


@pytest.fixture
def classics(shared_data: Path) -> Path:
    return shared_data / "dose_response_classics"


def test_ryegrass_four_parameters(classics: Path) -> None:
    """drc LL.4: ED50 3.05795 (SE 0.18573), b 2.98222, c 0.48141, d 7.79296; its b has the opposite sign."""
    grass = pd.read_csv(classics / "ryegrass.csv")
    curve, _ = fit_curve(grass["conc"], grass["rootl"], "uM")
    assert curve["ec50"] == pytest.approx(3.05795496654805, rel=1e-4)
    assert curve["ec50_standard_error"] == pytest.approx(0.185731326889108, rel=1e-4)
    assert (curve["bottom"], curve["top"]) == pytest.approx((0.48141, 7.79296), rel=1e-4)
    assert curve["slope"] == pytest.approx(-2.98222, rel=1e-4)


def test_ryegrass_wald_limits_follow_from_the_standard_error(classics: Path) -> None:
    """drc's limits (2.67053, 3.44538) are ED50 ± t(20) SE; ours come from the profile and are not symmetric."""
    grass = pd.read_csv(classics / "ryegrass.csv")
    curve, _ = fit_curve(grass["conc"], grass["rootl"])
    half = stats.t.ppf(0.975, 20) * curve["ec50_standard_error"]
    assert (curve["ec50"] - half, curve["ec50"] + half) == pytest.approx((2.67052620764518, 3.44538372545092), rel=1e-4)
    assert (curve["ec50_low"], curve["ec50_high"]) == pytest.approx((2.67053, 3.44538), rel=0.01)


def test_ryegrass_likelihood_gives_drcs_aic(classics: Path) -> None:
    """drc LL.4: log-likelihood -16.1551432181693, AIC 42.3102864363385 (the error variance counts as a parameter)."""
    grass = pd.read_csv(classics / "ryegrass.csv")
    curve, _ = fit_curve(grass["conc"], grass["rootl"])
    n = len(grass)
    squares = curve["residual_sd"] ** 2 * (n - 4)
    likelihood = -n / 2 * (np.log(2 * np.pi * squares / n) + 1)
    assert likelihood == pytest.approx(-16.1551432181693, rel=1e-6)


def test_two_herbicides_on_white_mustard(classics: Path) -> None:
    """drc LL.4 with free parameters for each herbicide and one error variance.

    drc stopped a little short of the optimum here: our log-likelihood is the higher one (-25.17304 against -25.17310),
    and the ED50 differ by 1.2e-4 and 6.4e-4.
    """
    mustard = pd.read_csv(classics / "S.alba.csv")
    curves = {name: fit_curve(part["Dose"], part["DryMatter"])[0] for name, part in mustard.groupby("Herbicide")}
    sizes = mustard.groupby("Herbicide").size()
    n = len(mustard)
    squares = sum(curves[name]["residual_sd"] ** 2 * (sizes[name] - 4) for name in curves)
    likelihood = -n / 2 * (np.log(2 * np.pi * squares / n) + 1)
    assert 0 < likelihood - -25.1730998246683 < 1e-4
    assert curves["Glyphosate"]["ec50"] == pytest.approx(62.0876062731746, rel=1e-3)
    assert curves["Bentazone"]["ec50"] == pytest.approx(29.2684443240646, rel=2e-4)
    shared = curves["Glyphosate"]["ec50_standard_error"] * np.sqrt(squares / (n - 8)) / curves["Glyphosate"]["residual_sd"]
    assert shared == pytest.approx(6.61144438457635, rel=3e-3)
