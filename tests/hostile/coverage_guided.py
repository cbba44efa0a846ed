"""Coverage-guided fuzzing of one door with atheris, where it is installed; a step of ``make hostile`` that tells when it is not.

    python tests/hostile/coverage_guided.py "rules CSV" 60

Runs the door in this process for so many seconds, guided by which lines of the reading rooms an input reaches. An exception
that is no CocultureError ends it, and the input is kept.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

WATCHED = (
    "coculture.plate",
    "coculture.typed_file",
    "coculture.cells.files",
    "coculture.chip.parchmint",
    "coculture.compounds.files",
)
"""Rooms whose lines guide the search: those that read. Others are left as they are, kernels among them."""


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one door; does not return."""
    import atheris

    with atheris.instrument_imports(include=list(WATCHED)):
        from door import all_doors

        door = all_doors(("tables", "models"))[name]
    from coculture.errors import CocultureError

    folder = Path(tempfile.mkdtemp(prefix="coverage-guided-"))
    (folder / "seeds").mkdir()
    for number, valid in enumerate(door.seeds().values()):
        (folder / "seeds" / str(number)).write_bytes(valid)

    def one_input(data: bytes) -> None:
        (folder / door.file).write_bytes(data)
        with contextlib.suppress(CocultureError):
            door.read(folder / door.file)

    kept = Path(__file__).parents[2] / "build" / "hostile" / "coverage-guided"
    kept.mkdir(parents=True, exist_ok=True)
    limits = [f"-max_total_time={seconds}", "-timeout=5", "-rss_limit_mb=2000", "-max_len=20000", f"-artifact_prefix={kept}/"]
    atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", str(folder / "seeds")], one_input)
    atheris.Fuzz()


def main() -> None:
    """Fuzz the door that is named, or tell that it cannot be done here."""
    try:
        import atheris  # noqa: F401
    except ImportError:
        print("coverage-guided fuzzing left out: atheris is not installed (pip install atheris; Python 3.11 to 3.13)")
        return
    fuzz(sys.argv[1], int(sys.argv[2]))


if __name__ == "__main__":
    main()
