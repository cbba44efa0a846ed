"""Coverage-guided fuzzing of the doors that read text with atheris, where it is installed; a step of ``make hostile``.

    python tests/hostile/coverage_guided.py 180                 # every door of DOORS for so many seconds
    python tests/hostile/coverage_guided.py 60 "rules CSV"      # one of them

Each door runs in a process of its own, guided by which lines of its reading modules an input reaches. A failure, as the guarded
child judges it (``guarded_child.py``: a traceback, a warning, a refusal without words or that hides something), 5 s, or 2 GB end
it; the input is then kept under ``build/hostile/coverage-guided``, and the exit status is 1.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import warnings
from dataclasses import dataclass, replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

KEPT = Path(__file__).parents[2] / "build" / "hostile" / "coverage-guided"


@dataclass(frozen=True)
class Guided:
    """Where a door stands, and the modules whose lines guide the search: only those that read, so that a start takes seconds."""

    room: str
    watched: tuple[str, ...]


DOORS = {
    "recipe": Guided("screens", ("coculture.typed_file", "coculture.run.recipe")),
    "plate map, CSV": Guided("tables", ("coculture.plate", "coculture.spreadsheet_cells")),
    "rules CSV": Guided("models", ("coculture.cells.files",)),
    "chip": Guided("models", ("coculture.typed_file", "coculture.chip.geometry")),
    "ParchMint": Guided("models", ("coculture.chip.parchmint",)),
}


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one door in this process; does not return."""
    import atheris

    with atheris.instrument_imports(include=list(DOORS[name].watched)):
        from door import all_doors

        door = all_doors((DOORS[name].room,))[name]
        if name == "chip":  # the file alone: checking a chip that can be read fills a grid, which takes a second
            from coculture.chip.geometry.reading import read_chip

            door = replace(door, read=lambda path: str(read_chip(path)))
    from guarded_child import _outcome

    warnings.simplefilter("error")
    folder = Path(tempfile.mkdtemp(prefix="coverage-guided-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
    seeds = folder / "seeds"
    seeds.mkdir()
    for number, valid in enumerate(door.seeds().values()):
        (seeds / str(number)).write_bytes(valid)
    print(f"FOLDER {folder}", flush=True)

    def one_input(data: bytes) -> None:
        (folder / door.file).write_bytes(data)
        outcome, told = _outcome(door, folder / door.file)
        if outcome == "failed":
            print(told, flush=True)
            raise AssertionError(told)

    limits = [f"-max_total_time={seconds}", "-timeout=5", "-rss_limit_mb=2000", "-max_len=8000", "-print_final_stats=1"]
    prefix = KEPT / name.replace(", ", "_").replace(" ", "_")
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={prefix}-", str(seeds)], one_input)
    atheris.Fuzz()


def campaign(name: str, seconds: int) -> bool:
    """Fuzz one door in a process of its own, print what became of it, and tell whether it held."""
    command = [sys.executable, __file__, "--here", str(seconds), name]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    told = done.stdout + done.stderr
    for folder in re.findall(r"^FOLDER (.+)$", told, re.MULTILINE):
        shutil.rmtree(folder, ignore_errors=True)
    numbers = [re.search(rf"stat::{what}:\s*(\d+)", told) for what in ("number_of_executed_units", "new_units_added")]
    reached = re.findall(r"cov: (\d+)", told)
    executions, new = (int(found[1]) if found else 0 for found in numbers)
    held = done.returncode == 0 and executions > 0
    lines = f"{reached[0]} to {reached[-1]}" if reached else "none"
    print(
        f"{name:18s} {executions:9d} executions, {new:5d} new inputs, branches {lines}: {'held' if held else 'FAILED'}",
        flush=True,
    )
    if not held:
        print(told[-6000:])
    return held


def main() -> int:
    """Fuzz the doors that are named, or tell that it cannot be done here."""
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("coverage-guided fuzzing left out: atheris is not installed (pip install atheris; Python 3.11 to 3.13)")
        return 0
    KEPT.mkdir(parents=True, exist_ok=True)
    if sys.argv[1] == "--here":
        fuzz(sys.argv[3], int(sys.argv[2]))
    held = [campaign(name, int(sys.argv[1])) for name in sys.argv[2:] or DOORS]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
