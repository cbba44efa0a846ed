"""Run every benchmark, one after the other, each in a process of its own: ``make bench`` or ``python benchmarks/run_all.py``.

A benchmark that needs real data says so and is left out where COCULTURE_DATA is not set. Peers that are not installed are
left out by each script with a line that names them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from machine import describe

HERE = Path(__file__).resolve().parent
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # a waiting BLAS thread spins and counts as CPU time
NEEDS_DATA = {
    "condition_contrasts.py",
    "synergy.py",
    "dose_response.py",
    "translocation_plate.py",
    "nuclei_segmentation.py",
    "tracking.py",
    "features.py",
}
SCRIPTS = (
    "cell_responses.py",
    "chip_flow.py",
    "chip_flow_methods.py",
    "chip_transport.py",
    "command_line.py",
    "condition_contrasts.py",
    "plate_plan.py",
    "pooled_designs.py",
    "ome_zarr_writing.py",
    "contact_graph.py",
    "enrichment.py",
    "false_calls.py",
    "features.py",
    "particles_and_walls.py",
    "cells.py",
    "coculture_well.py",
    "planted_mechanisms.py",
    "verify_folder.py",
    "virtual_plate.py",
    "synergy.py",
    "tracking.py",
    "dose_response.py",
    "profiles.py",
    "nuclei_segmentation.py",
    "translocation_plate.py",
    "workbench.py",
    "scaling.py",
    "scheduler_simulation.py",
)


def main() -> int:
    """Run the scripts; return 1 if one failed."""
    print(f"# Benchmarks\n\n{describe()}\n", flush=True)
    failed = []
    for name in SCRIPTS:
        print(f"## {name}\n", flush=True)
        if name in NEEDS_DATA and not os.environ.get("COCULTURE_DATA"):
            print("left out: COCULTURE_DATA does not name the folder of real data\n", flush=True)
            continue
        if subprocess.run([sys.executable, HERE / name], cwd=HERE, env=ONE_CORE | dict(os.environ), check=False).returncode:
            failed.append(name)
        print(flush=True)
    if failed:
        print("failed: " + ", ".join(failed))
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
