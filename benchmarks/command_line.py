"""How long does the command line take to start?

    python benchmarks/command_line.py

Bar: importing the command line takes less than 0.4 s. Each measurement is a fresh process; the time of an empty Python
process is taken off.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from machine import describe

RUNS = 11


def seconds(code: str) -> float:
    """Return the median wall time of ``python -c code``."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    """Measure and print one table."""
    empty, loaded = seconds("pass"), seconds("import coculture.cli")
    print(describe())
    print("| quantity | measured | bar |\n|---|---|---|")
    print(f"| import of the command line | {loaded - empty:.3f} s | 0.4 s |")


if __name__ == "__main__":
    main()
