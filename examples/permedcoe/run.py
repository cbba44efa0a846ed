"""Run the PerMedCoE community benchmark of centre-based simulators: ``python examples/permedcoe/run.py [case …]``.

The cases, what is asked of them and the experimental points are those of appendix 1 of
https://github.com/PerMedCoE/observatory_benchmark. Without names all ten run, one after the other, each in a process of its own
(the last three take minutes), so that its CPU time and its memory are its own; compilation is included where nothing is cached.

Pictures go to ``docs/images``, the tables that the benchmark asks for to ``examples/permedcoe/results``, what was found and what
it should be to standard output and to ``permedcoe_findings.csv`` beside the tables. Energy is not measured.
"""

from __future__ import annotations

import csv
import os
import resource
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
TABLES, PICTURES = HERE / "results", HERE.parents[1] / "docs" / "images"
CASES = (
    "cell_cycle_fixed", "cell_cycle_stochastic", "diffusion_one_sink", "diffusion_many_sinks", "friction", "pushing",
    "chemotaxis", "monolayer", "spheroid", "spheroid_oxygen",
)  # fmt: skip
HEAD = ("case", "number", "ours", "right", "from")


def run_one(name: str) -> None:
    """Run one case in this process; print and keep its rows."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.style.use(HERE.parent / "pictures.mplstyle")
    start = time.process_time()
    found = import_module(f"cases.{name}").run(PICTURES, TABLES)
    rows = [(name, one.what, one.ours, "" if one.right is None else one.right, one.source) for one in found]
    rows.append((name, "CPU s", time.process_time() - start, "", ""))
    rows.append((name, "memory, MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "", ""))
    for case, what, ours, right, source in rows:
        print(f"| {case} | {what} | {ours:.5g} | {right if right == '' else f'{right:.4g}'} | {source} |", flush=True)
    with (TABLES / "permedcoe_findings.csv").open("a", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows(rows)


def _in_own_process(name: str) -> int:
    """Run a case in a process of its own, with one thread; return how it ended."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import run; run.run_one(sys.argv[2])"
    one_thread = {"OMP_NUM_THREADS": "1"} | dict(os.environ)
    return subprocess.run([sys.executable, "-c", code, str(HERE), name], env=one_thread, check=False).returncode


def main() -> int:
    """Run the named cases, or all; return 1 where a case failed."""
    names = sys.argv[1:] or CASES
    unknown = [name for name in names if name not in CASES]
    if unknown:
        print(f"there is no case {', '.join(unknown)}; choose from: {', '.join(CASES)}", file=sys.stderr)
        return 2
    TABLES.mkdir(exist_ok=True)
    with (TABLES / "permedcoe_findings.csv").open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerow(HEAD)
    print(f"| {' | '.join(HEAD)} |\n{'|---' * len(HEAD)}|", flush=True)
    failed = [name for name in names if _in_own_process(name)]
    if failed:
        print("failed: " + ", ".join(failed), file=sys.stderr)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
