"""How long do synergy scores take, and do they agree with the R package synergyfinder?

Question: 466 real 6×6 matrices (Mathews Griner et al. 2014, PNAS 111:2349), scored by ZIP, HSA, Bliss and Loewe: how many
seconds, how many within 0.1 of stored scores of synergyfinder 3.15 (which took 619 s on another run), and for how many of the
rest does the published score hang on the rounding of its last digits?

    COCULTURE_DATA=FOLDER python benchmarks/synergy.py [--bootstraps 50]
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.screen.synergy.base import Prepared
from coculture.screen.synergy.combination_data import Combination
from coculture.screen.synergy.models import MODELS
from coculture.screen.synergy.musyc import fit_musyc
from coculture.screen.synergy.scores import score_combination
from coculture.screen.synergy.settings import SynergySettings
from machine import describe

REPEATS = 3


def matrices(folder: Path) -> dict[int, Combination]:
    """Read every block, doses in µM."""
    wells = pd.read_csv(folder / "synergy_matrices" / "mathews_griner.csv.gz")
    return {
        int(block): Combination(
            ("row drug", "ibrutinib"), rows[["RowConcs", "ColConcs"]].to_numpy() / 1000.0, 100.0 - rows["viability"].to_numpy()
        )
        for block, rows in wells.groupby("BlockId")
    }


def timed(data: dict[int, Combination], settings: SynergySettings, repeats: int) -> tuple[float, float, pd.DataFrame]:
    """Return the least wall and CPU seconds of the repeats, and the scores by block and model."""
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        scores = {block: score_combination(one, settings).scores.set_index("model")["score"] for block, one in data.items()}
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return min(walls), min(cpus), pd.DataFrame(scores).T


def spread_by_rounding(one: Combination) -> float:
    """Return how far published Loewe scores lie apart when the data change in their 13th digit."""
    table, draws = one.table, np.random.default_rng(0)
    scores = []
    for _ in range(8):
        shaken = table.response * (1.0 + 1e-13 * draws.standard_normal(table.response.size))
        scores.append(float(MODELS["Loewe"].apply(Prepared(table, shaken, "synergyfinder")).synergy[table.together].mean()))
    return float(np.ptp(scores))


def main() -> None:
    """Print times and agreement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bootstraps", type=int, default=50)
    bootstraps = parser.parse_args().bootstraps
    folder = Path(os.environ["COCULTURE_DATA"])
    data = matrices(folder)
    stored = pd.read_csv(folder / "synergy_matrices" / "reference_scores.csv").set_index("BlockId")
    print(describe())
    timed(dict(list(data.items())[:2]), SynergySettings(bootstraps=0, convention="synergyfinder"), 1)
    timed(dict(list(data.items())[:2]), SynergySettings(bootstraps=0), 1)
    for convention in ("synergyfinder", "exact"):
        wall, cpu, scores = timed(data, SynergySettings(bootstraps=0, convention=convention), REPEATS)
        missing = int(scores.isna().any(axis=1).sum())
        print(f"{convention}: {len(scores)} matrices, {missing} without a score, {wall:.1f} s wall, {cpu:.1f} s CPU")
        for model in scores:
            apart = (scores[model] - stored[f"{model}_synergy"]).dropna().abs()
            within, most = 100 * (apart <= 0.1).mean(), apart.max()
            print(f"  {model}: {within:.1f} % of {len(apart)} within 0.1, median {apart.median():.1e}, most {most:.2g}")
            if model == "Loewe" and convention == "synergyfinder":
                strays = apart.index[apart > 0.1]
                loose = sum(spread_by_rounding(data[block]) > 0.1 for block in strays)
                everywhere = sum(spread_by_rounding(one) > 0.1 for one in data.values())
                print(f"    of {len(strays)} beyond it {loose} hang on the 13th digit of the data, of all 466: {everywhere}")
    wall, cpu, _ = timed(data, SynergySettings(bootstraps=bootstraps), 1)
    print(f"exact, with intervals and p-values from {bootstraps} repetitions: {wall:.1f} s wall, {cpu:.1f} s CPU")
    started = time.process_time()
    for one in list(data.values())[:50]:
        fit_musyc(one)
    print(f"MuSyC: {1000 * (time.process_time() - started) / 50:.0f} ms CPU a matrix")


if __name__ == "__main__":
    main()
