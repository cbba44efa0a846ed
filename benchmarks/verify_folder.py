"""What do the checksums of a screen of 10,000 wells cost: taken at the end of a run, and compared by ``coculture verify``?

    python benchmarks/verify_folder.py

The folder is made up: the files of small virtual wells, of their usual sizes, filled with random bytes.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from coculture.run.verify import verify_results
from coculture.run.well_files import numbers_path
from coculture.store.provenance import hash_outputs, note_file, write_run_json
from coculture.store.tables import table_path
from machine import describe

WELLS = 10_000
RUNS = 3
SIZES = {"cells": 40_000, "contacts": 10_000, "courses": 5_000}
NUMBERS_SIZE = 2_000


def fill(results: Path) -> int:
    """Write the files of all wells; return how many bytes."""
    drawn, n_bytes = random.Random(1), 0
    for number in range(WELLS):
        plate, well = f"P{number // 384:02d}", f"{'ABCDEFGHIJKLMNOP'[number % 384 // 24]}{number % 24 + 1:02d}"
        files = {table_path(results, kind, plate, well): size for kind, size in SIZES.items()}
        for path, size in (files | {numbers_path(results, plate, well): NUMBERS_SIZE}).items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(drawn.randbytes(size))
            n_bytes += size
    return n_bytes


def timed(action: Callable[[], object]) -> str:
    """Return median seconds by the clock and of the processor."""
    wall, cpu = [], []
    for _ in range(RUNS):
        begun = time.perf_counter(), time.process_time()
        action()
        wall.append(time.perf_counter() - begun[0])
        cpu.append(time.process_time() - begun[1])
    return f"{statistics.median(wall):.1f} s ({statistics.median(cpu):.1f} CPU s)"


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder)
        n_bytes = fill(results)
        hashed = hash_outputs(results)
        rows = {
            "checksums at the end of the run, those of the wells known from their workers": lambda: hash_outputs(
                results, known=hashed
            ),
            "the same, had every file to be read again": lambda: hash_outputs(results),
            "run.json written": lambda: write_run_json(results, settings={}, seed=1, inputs={}, outputs=hashed),
            "coculture verify, all in memory of the system": lambda: verify_results(results),
        }
        print(describe())
        print(f"\n{WELLS:,} wells, {len(hashed):,} files, {n_bytes / 1e6:.0f} MB\n\n| quantity | measured |\n|---|---|")
        for name, action in rows.items():
            print(f"| {name} | {timed(action)} |", flush=True)
        (results / "report.html").write_text("a page")
        print(f"| a report noted in run.json | {timed(lambda: note_file(results, 'report.html'))} |")
        print(f"\nrun.json: {(results / 'run.json').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
