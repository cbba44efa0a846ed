"""How long do profiles take, and do they agree with the libraries of the field?

Questions: (1) median of 1,000,000 cells × 500 features by well from one Parquet file, seconds and memory, beside pycytominer;
(2) mean average precision of 5,000 profiles × 300 features, seconds and largest difference, beside copairs; (3) B-score and
LOESS of 57 plates × 2 replicates (needs COCULTURE_DATA); (4) mechanisms of BBBC021 by each preset (needs COCULTURE_DATA).

    COCULTURE_DATA=FOLDER python benchmarks/profiles.py [aggregate|map|scales|mechanisms ...] [--cells 1000000] [--plates 4]

pycytominer and copairs are left out where they are not installed.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from machine import describe

FEATURES = 500


def write_cells(path: Path, cells: int, plates: int) -> None:
    """Write random cells of plates of 384 wells, in no order, one row group a tenth."""
    draws, writer = np.random.default_rng(0), None
    names = [f"p{one + 1}" for one in range(plates)]
    for _ in range(10):
        n = cells // 10
        columns: dict[str, object] = {
            "plate": draws.choice(names, n),
            "well": draws.integers(0, 384, n).astype(str),
        }
        columns |= {f"f{i:03d}": draws.standard_normal(n) for i in range(FEATURES)}
        table = pa.table(columns)
        writer = writer or pq.ParquetWriter(path, table.schema, use_dictionary=["plate", "well"])
        writer.write_table(table)
    if writer is not None:
        writer.close()


def peak_gb() -> float:
    """Return the most memory this process held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def aggregate(cells: int, plates: int, file: Path | None) -> None:
    """Time the median by well, ours first: memory is counted for the whole process."""
    from coculture.screen.profiles.aggregation import aggregate_parquet

    with tempfile.TemporaryDirectory() as folder:
        path = file or Path(folder) / "cells.parquet"
        if file is None:
            write_cells(path, cells, plates)
        aggregate_parquet(path, ["plate", "well"], ["f000", "f001"])
        for _ in range(2):
            wall, cpu = time.perf_counter(), time.process_time()
            ours = aggregate_parquet(path, ["plate", "well"])
            told = f"{time.perf_counter() - wall:.1f} s wall, {time.process_time() - cpu:.1f} s CPU, peak {peak_gb():.1f} GB"
            print(f"ours: {len(ours)} wells × {ours.shape[1] - 2} medians: {told}, reading included", flush=True)
        try:
            from pycytominer import aggregate as peer
        except ImportError:
            print("pycytominer: left out, not installed")
            return
        wall = time.perf_counter()
        frame = pd.read_parquet(path)
        theirs = peer(frame, strata=["plate", "well"], features=[f"f{i:03d}" for i in range(FEATURES)])
        apart = np.abs(theirs.sort_values(["plate", "well"]).iloc[:, 2:].to_numpy() - ours.iloc[:, 2:].to_numpy()).max()
        print(f"pycytominer: {time.perf_counter() - wall:.1f} s wall, peak {peak_gb():.1f} GB; largest difference {apart:.1g}")


def mean_precision() -> None:
    """Time activity and consistency of 5,000 profiles."""
    from coculture.screen.profiles.average_precision import Question, average_precision, mean_average_precision

    draws = np.random.default_rng(0)
    values = draws.standard_normal((5000, 300))
    compound = np.repeat(np.arange(1250), 4)
    values += np.repeat(draws.standard_normal((1250, 300)) * draws.uniform(0, 0.6, (1250, 1)), 4, axis=0)
    question = Question(compound, np.ones(5000, dtype=bool))
    mean_average_precision(average_precision(values[:40], Question(compound[:40], np.ones(40, dtype=bool))), compound[:40], 99, 0)
    best = cpu = np.inf
    for _ in range(3):
        start, begun = time.perf_counter(), time.process_time()
        found = average_precision(values, question)
        table = mean_average_precision(found, compound, 10_000, 0)
        best, cpu = min(best, time.perf_counter() - start), min(cpu, time.process_time() - begun)
    print(f"ours: 5,000 × 300, all pairs, 10,000 random rankings: {best:.2f} s wall, {cpu:.2f} s CPU (least of 3)", flush=True)
    try:
        from copairs import map as copairs_map
    except ImportError:
        print("copairs: left out, not installed")
        return
    meta = pd.DataFrame({"compound": compound.astype(str)})
    start, begun = time.perf_counter(), time.process_time()
    theirs = copairs_map.average_precision(meta, values, ["compound"], [], [], ["compound"], progress_bar=False)
    groups = copairs_map.mean_average_precision(theirs, ["compound"], 10_000, 0.05, 0, progress_bar=False)
    taken, theirs_cpu = time.perf_counter() - start, time.process_time() - begun
    apart = np.abs(theirs["average_precision"].to_numpy() - found["average_precision"].to_numpy()).max()
    groups = groups.assign(number=groups["compound"].astype(int)).set_index("number").sort_index()
    p_apart = np.abs(groups["p_value"].to_numpy() - table["p_value"].to_numpy()).max()
    score = np.abs(groups["mean_average_precision"].to_numpy() - table["mean_average_precision"].to_numpy()).max()
    print(f"copairs: {taken:.1f} s wall ({taken / best:.0f}×), {theirs_cpu:.1f} s CPU ({theirs_cpu / cpu:.0f}×)")
    print(f"largest differences: AP {apart:.1g}, mAP {score:.1g}, p {p_apart:.2g}")


def scales(folder: Path) -> None:
    """Time scales on a real RNAi screen."""
    from coculture.screen.normalise.methods import NORMALISATIONS
    from coculture.screen.settings import AnalysisSettings, Readout
    from coculture.screen.well_table import check_wells

    data = pd.read_csv(folder / "kcviab" / "kcviab_raw.csv")
    roles = data["wellAnno"].map({"sample": "treatment", "neg": "negative", "pos": "positive", "other": "untreated"})
    wells = pd.DataFrame({"plate": data["plate"].astype(str), "well": data["well"], "role": roles, "compound": "x", "dose": 1.0})
    wells = wells.assign(dose_unit="step", rep1=data["rep1"], rep2=data["rep2"])
    settings = AnalysisSettings((Readout("rep1", "rep1"), Readout("rep2", "rep2")), dose_response="none")
    table = check_wells(wells, settings)
    for name in ("b-score", "loess", "plate-median"):
        best = cpu = np.inf
        for _ in range(3):
            start, begun = time.perf_counter(), time.process_time()
            for readout in settings.readouts:
                NORMALISATIONS[name].apply(table.readings(readout))
            best, cpu = min(best, time.perf_counter() - start), min(cpu, time.process_time() - begun)
        print(f"{name}: 57 plates × 2 in {best:.3f} s wall, {cpu:.3f} s CPU (least of 3)")


def mechanisms(folder: Path) -> None:
    """Predict mechanisms of BBBC021 (Ljosa et al. 2013, J Biomol Screen 18:1321) by each preset."""
    from bbbc021_layout import read_profiles
    from coculture.screen.profiles.mechanisms import mechanism_matches, prediction_accuracy
    from coculture.screen.profiles.settings import PRESETS, ProfileSettings
    from coculture.screen.profiles.steps.registry import prepared
    from coculture.screen.profiles.treatments import treatment_profiles

    profiles = read_profiles(folder / "morphology_profiles")
    for name, steps in PRESETS.items():
        ready = prepared(profiles, ProfileSettings(steps=steps, mechanism="mechanism"))
        found = prediction_accuracy(mechanism_matches(treatment_profiles(ready, "mechanism", "batch")))
        told = ", ".join(f"{row.rule}: {row.accuracy:.1%} of {row.n_treatments}" for row in found.itertuples())
        print(f"{name}: {len(ready.features)} features; {told}")


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="*", default=["aggregate", "map", "scales", "mechanisms"])
    parser.add_argument("--cells", type=int, default=1_000_000)
    parser.add_argument("--plates", type=int, default=4)
    parser.add_argument("--file", type=Path, default=None, help="a file of cells written before")
    asked = parser.parse_args()
    print(describe(), flush=True)
    data = os.environ.get("COCULTURE_DATA")
    if "aggregate" in asked.what:
        aggregate(asked.cells, asked.plates, asked.file)
    if "map" in asked.what:
        mean_precision()
    for name, run in (("scales", scales), ("mechanisms", mechanisms)):
        if name in asked.what and data:
            run(Path(data))


if __name__ == "__main__":
    main()
