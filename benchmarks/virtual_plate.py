"""A virtual plate of 384 wells × 1,000 cells × 48 h with two solutes: processor seconds a well, all in, and what costs what.

Question: does the plate take at most 15 min on two cores, which is 4.7 processor seconds a well with tables and analysis?

    python benchmarks/virtual_plate.py [--wells 8] [--every-min 60] [--workers 1]   some wells, and what the plate would take
    python benchmarks/virtual_plate.py --whole --workers 2 [--keep FOLDER]           the whole plate
    python benchmarks/virtual_plate.py profile [--every-min 60]                      one dosed well under the profiler

The culture is that of ``examples/virtual_screen`` with oxygen from the sides as second solute: 320 tumour cells that divide and
300 effector cells that follow a chemokine by a rule and hold on to what they touch, which is 1,000 cells on the mean over the
48 h of a control well. ``--every-min`` takes read-outs over time as well; without it there is one at the end. What a run costs
once (importing, compiled kernels read from the disk, analysis, report) is measured by the run itself and not spread over more
wells than were done.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import pandas as pd

from coculture.plate.design import generate_design
from coculture.plate.design_file import read_design
from coculture.plate.plate_map import PlateMap, write_plate_map
from machine import describe

HERE = Path(__file__).resolve().parent
CULTURE = HERE.parent / "examples" / "virtual_screen" / "culture.toml"
OXYGEN = """
[solutes.oxygen]                 # in mmHg
diffusion_um2_per_min = 1e5
decay_per_min = 0.1
start_um = 38
"""
DESIGN = """
layout = 384
seed = 5
replicates = 4
placement = "randomised"
negatives = 48
vehicle = "DMSO"
positives = 48
positive = "blocker 10 uM"
""" + "".join(
    f'[[compound]]\nname = "{name}"\nunit = "uM"\ndoses = [{", ".join(f"{0.01 * 1.4**k:.3g}" for k in range(24))}]\n'
    for name in ("blocker", "antagonist", "poison")
)
BAR_S = 15 * 60.0
WELLS = 384


def write_plate(folder: Path, every_min: float | None, wells: int | None) -> Path:
    """Write recipe, culture and plate map of the whole plate or of some wells of it; return the recipe."""
    (folder / "design.toml").write_text(DESIGN, encoding="utf-8")
    plate_map = generate_design(*read_design(folder / "design.toml"))
    if wells is not None:
        plate_map = PlateMap(_some(plate_map.wells, wells), plate_map.layout)
    write_plate_map(plate_map, folder / "plate_map.csv")
    (folder / "culture.toml").write_text(CULTURE.read_text(encoding="utf-8") + OXYGEN, encoding="utf-8")
    text = (HERE / "virtual_plate.toml").read_text(encoding="utf-8")
    if every_min is not None:
        text = text.replace("hours = 48\n", f"hours = 48\nread_out_every_min = {every_min:g}\n", 1)
    (folder / "screen.toml").write_text(text, encoding="utf-8")
    return folder / "screen.toml"


def _some(wells: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return wells in the shares of the plate: an eighth of each control, the rest dosed."""
    shares = {"negative": max(2, count // 8), "positive": max(2, count // 8)}
    parts = [wells[wells["role"] == role].head(number) for role, number in shares.items()]
    dosed = wells[wells["role"] == "treatment"]
    parts.append(dosed.iloc[:: max(1, len(dosed) // max(1, count - sum(shares.values())))].head(count - sum(shares.values())))
    return pd.concat(parts).reset_index(drop=True)


def run(asked: argparse.Namespace) -> None:
    """Run some wells, or all, by the command line, and print what they cost."""
    with tempfile.TemporaryDirectory() if asked.keep is None else nullcontext(asked.keep) as folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        recipe = write_plate(Path(folder), asked.every_min, None if asked.whole else asked.wells)
        results = Path(folder) / "results"
        load, begun, before = os.getloadavg()[0], time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [Path(sys.executable).with_name("coculture"), "run", recipe, "-o", results, "--workers", asked.workers]
        subprocess.run([*map(str, command), *([] if asked.whole else ["-q"])], check=True)
        wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
        ledger = pd.read_json(results / "ledger.jsonl", lines=True)
        cells = pd.read_parquet(results / "wells.parquet", columns=["n_cells"])["n_cells"]
        rows = sum(len(pd.read_parquet(file, columns=["t_min"])) for file in results.glob("cells/**/*.parquet"))
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    n, well = len(ledger), ledger["cpu_seconds"]
    once = spent - well.sum()
    per_plate = well.mean() * WELLS + once
    print(f"load of the machine {load:.1f} before, {os.getloadavg()[0]:.1f} after; {asked.workers} workers, {n} wells")
    print(f"cells at the end of a well: mean {cells.mean():.0f}, {cells.min():.0f} to {cells.max():.0f}")
    if asked.every_min is not None:
        print(f"cells at a read-out, dead ones included: mean {rows / n / (48 * 60 / asked.every_min + 1):.0f}")
    print(f"CPU s a well: mean {well.mean():.2f}, median {well.median():.2f}, {well.min():.2f} to {well.max():.2f}")
    print(f"the run: {spent:.0f} CPU s, {once:.1f} of them outside the wells; {wall:.0f} s by the clock")
    print(f"memory of a worker: {ledger['memory_mb'].max():.0f} MB")
    print(f"384 wells: {per_plate:.0f} CPU s, {per_plate / 2 / 60:.1f} min of two free cores (bar {BAR_S / 60:.0f} min)")


def profiled(asked: argparse.Namespace) -> None:
    """Say what costs what in one dosed well."""
    from coculture.run.recipe.reading import read_recipe
    from coculture.run.virtual_job import virtual_job
    from coculture.run.virtual_plan import make_virtual_plan
    from coculture.run.well_files import write_well

    with tempfile.TemporaryDirectory() as folder:
        recipe = write_plate(Path(folder), asked.every_min, 16)
        job = virtual_job(make_virtual_plan(read_recipe(recipe)))
        source, results = job.source, Path(folder)
        wells = job.source.plate_map.wells
        dosed = wells[wells["treatment"].str.startswith("antagonist")].iloc[-1]
        place = (str(dosed["plate"]), str(dosed["well"]))
        write_well(results, *place, source.observe(results, *place))
        taken = []
        for _ in range(3):
            start = time.process_time()
            write_well(results, *place, source.observe(results, *place))
            taken.append(time.process_time() - start)
        print(f"{dosed['treatment']}: {min(taken):.2f} CPU s at best of 3 ({', '.join(f'{one:.2f}' for one in taken)})")
        profile = cProfile.Profile()
        profile.runcall(lambda: write_well(results, *place, source.observe(results, *place)))
    stats = pstats.Stats(profile)
    stats.sort_stats("cumulative").print_stats(70)
    stats.sort_stats("tottime").print_stats(40)


def main() -> None:
    """Read what is asked, and do it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["run", "profile"], default="run")
    parser.add_argument("--wells", type=int, default=8)
    parser.add_argument("--every-min", type=float)
    parser.add_argument("--workers", default="1")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    print(describe())
    profiled(asked) if asked.what == "profile" else run(asked)


if __name__ == "__main__":
    main()
