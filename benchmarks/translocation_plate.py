"""The whole plate from TIFF to report: wall time, CPU time, peak memory of a worker, nuclei, Z′.

Question: does a 96-well, two-channel plate take at most 60 s of wall time on two cores and 60 s of CPU, and do the preset
read-outs tell the controls apart? Peer: CellProfiler 4.2.8 on the same images took 540 CPU s, found 17,719 nuclei, and
its stock nucleus/cytoplasm ratio reached Z′ 0.764 (its best of 905 features 0.824); quoted, not run here.

    python benchmarks/translocation_plate.py [--runs 3]

Needs the folder of real data: COCULTURE_DATA.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from machine import describe

ROOT = Path(__file__).resolve().parents[1]
RECIPE = ROOT / "examples" / "translocation" / "screen.toml"
COMMAND = Path(sys.executable).with_name("coculture")


def timed_run(out: Path, workers: int) -> tuple[float, float]:
    """Run the recipe; return wall seconds and CPU seconds of the command with all its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [COMMAND, "run", RECIPE, "-o", out, "--workers", str(workers), "--quiet"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def worker_memory_mb(out: Path) -> float:
    """Return the largest resident memory any worker noted in the ledger."""
    return float(pd.read_json(out / "ledger.jsonl", lines=True)["memory_mb"].max())


def main() -> None:
    """Run, and print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--workers", type=int, default=2)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "results"
        timed_run(out, asked.workers)  # first use: compilation
        times = []
        for _ in range(asked.runs):
            shutil.rmtree(out)
            times.append(timed_run(out, asked.workers))
        wells = pd.read_parquet(out / "wells.parquet")
        quality = pd.read_parquet(out / "quality.parquet")
        memory = worker_memory_mb(out)
        report = (out / "report.html").stat().st_size / 1e6
    print(describe())
    print("| quantity | measured | bar | CellProfiler 4.2.8 |\n|---|---|---|---|")
    print(f"| wall time, {asked.workers} workers | {statistics.median(wall for wall, _ in times):.1f} s | 60 s | – |")
    print(f"| CPU time | {statistics.median(cpu for _, cpu in times):.1f} s | 60 s | 540 s |")
    print(f"| peak memory of a worker | {memory:.0f} MB | 1000 MB | – |")
    print(f"| nuclei | {int(wells['n_cells'].sum()):,} | 17,700 ± 5 % | 17,719 |")
    for row in quality.itertuples():
        print(f"| Z′ {row.readout} | {row.z_prime:.3f} | see README | ratio 0.764, best feature 0.824 |")
    print(f"| report | {report:.1f} MB | – | – |")


if __name__ == "__main__":
    main()
