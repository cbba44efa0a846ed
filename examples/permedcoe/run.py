"""Run the PerMedCoE community benchmark of centre-based simulators: ``python examples/permedcoe/run.py [case …]``.

The cases and the experimental points are those of appendix 1 of https://github.com/PerMedCoE/observatory_benchmark. Pictures
go to ``docs/images``, the table to standard output; without names all ten run (the last three take minutes).
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path

import matplotlib

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

CASES = (
    "cell_cycle_fixed", "cell_cycle_stochastic", "diffusion_one_sink", "diffusion_many_sinks", "friction", "pushing",
    "chemotaxis", "monolayer", "spheroid", "spheroid_oxygen",
)  # fmt: skip


def main() -> None:
    """Run the named cases."""
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    plt.style.use(HERE.parent / "pictures.mplstyle")
    pictures = HERE.parents[1] / "docs" / "images"
    print("| case | number | ours | right | from |\n|---|---|---|---|---|")
    for name in sys.argv[1:] or CASES:
        start = time.process_time()
        for one in import_module(f"cases.{name}").run(pictures):
            right = "–" if one.right is None else f"{one.right:.4g}"
            print(f"| {name} | {one.what} | {one.ours:.5g} | {right} | {one.source or '–'} |", flush=True)
        print(f"| {name} | CPU s, compilation included | {time.process_time() - start:.1f} | – | – |", flush=True)


if __name__ == "__main__":
    main()
