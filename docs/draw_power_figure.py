"""Draw the figure of docs/power.md: the virtual screen's power to find effectors that were slowed.

    python docs/draw_power_figure.py [FOLDER]

Without FOLDER, the tables are calculated anew from ``examples/virtual_screen``, which takes some minutes.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from draw_report_figures import save

from coculture.report.power.page import power_page

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "examples" / "virtual_screen"))

from run_virtual_screen import write_screen

ASKED = ("--effect", "effector: migration_speed_um_per_min x 0.3", "--wells", "8", "--screens", "40", "--replicates", "2,3,4")


def main() -> None:
    """Calculate where no folder is named, and draw the primary read-out."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(work) / "power"
        if len(sys.argv) < 2:
            recipe = write_screen(Path(work))
            command = [Path(sys.executable).with_name("coculture"), "power", recipe, "-o", folder, *ASKED]
            subprocess.run(command, check=True)
        save("power", [("", drawing) for _, drawing in power_page(folder).parts[0].curves], across=2)


if __name__ == "__main__":
    main()
