"""NP Analyst's stored scores of 9,834 features of 925 prefractions in 15 assays (Lee et al. 2022, ACS Cent Sci 8:223)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from coculture.screen.deconvolve.fingerprint_scores import fingerprint_scores


def test_activity_and_cluster_scores_equal_the_stored_ones(shared_data: Path) -> None:
    folder = shared_data / "natural_product_fractions"
    activity = pd.read_csv(folder / "Activity.csv", index_col=0)
    stored = pd.read_csv(folder / "table_mzml.csv")
    row = {name: number for number, name in enumerate(activity.index)}
    present = [np.array([row[name] for name in names.split("|")]) for names in stored["SampleList"]]
    scores = fingerprint_scores(stored["BasketID"].astype(str).tolist(), present, activity.to_numpy(dtype=np.float64))
    assert len(scores.table) == 9834
    assert np.abs(scores.table["activity_score"] - stored["ACTIVITY_SCORE"]).max() < 1e-12
    assert np.abs(scores.table["cluster_score"] - stored["CLUSTER_SCORE"]).max() < 1e-12
    assert len(scores.chosen(2.0, 0.3)) == 845
