"""The real command line with a slow fake source behind it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))


def main() -> None:
    """Put the fake source where the recipe's would be, and run the program."""
    from fake_job import fake_job
    from fake_source import FakeSource

    import coculture.run.pipeline
    from coculture.cli import main as program
    from coculture.run.execute import RunOutcome, execute

    def run_fake(recipe: Path, out: Path, *, images: Path | None, scheduler: str | None, **named: Any) -> RunOutcome:
        assert scheduler is None
        return execute(fake_job(FakeSource(seconds=0.25)), out, **named)

    coculture.run.pipeline.run_screen = run_fake  # type: ignore[assignment]
    program([*sys.argv[1:], "--no-report"])


if __name__ == "__main__":
    main()
