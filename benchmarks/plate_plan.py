"""How long does a plan of 10,000 wells take: laid out, written, read back and checked?

    python benchmarks/plate_plan.py

Bar: less than 2 s.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from coculture.plate.design import DesignSpec, generate_design
from coculture.plate.dose_series import DoseSeries
from coculture.plate.layout import Layout
from coculture.plate.plate_map import read_plate_map, write_plate_map
from machine import describe

RUNS = 5


def plan() -> DesignSpec:
    """Return a design of about 10,000 wells on 384-well plates."""
    series = tuple(DoseSeries.diluted(f"compound {k}", 10.0, 3.0, 8, "uM") for k in range(288))
    return DesignSpec(Layout.of(384), series=series, replicates=4, negatives=16, positives=0, vehicle="DMSO")


def timed(folder: Path) -> tuple[int, float]:
    """Lay out, write, read and check once; return wells and seconds."""
    start = time.perf_counter()
    made = generate_design(plan(), seed=1)
    path = folder / "plan.csv"
    write_plate_map(made, path)
    read = read_plate_map(path, layout=made.layout)
    return len(read.wells), time.perf_counter() - start


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [timed(Path(folder)) for _ in range(RUNS)]
    print(describe())
    print("| quantity | measured | bar |\n|---|---|---|")
    print(f"| {runs[0][0]:,} wells laid out, written, read and checked | {statistics.median(s for _, s in runs):.2f} s | 2 s |")


if __name__ == "__main__":
    main()
