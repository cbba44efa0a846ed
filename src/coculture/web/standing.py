"""How a run stands: going on, ended, stopped, and which wells failed and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coculture.run.ledger import LEDGER_NAME, LedgerLine, failures, read_ledger
from coculture.run.lock import running_process
from coculture.run.state import planned_wells
from coculture.store.provenance import RUN_FILE

State = Literal["running", "done", "stopped"]


@dataclass(frozen=True)
class Standing:
    """How a run stands.

    Attributes
    ----------
    state : ``running``; ``done``, where ``run.json`` was written, which is the last thing a run does; else ``stopped``.
    n_done : wells that are done; of a table of wells made elsewhere, which has no ledger, 0.
    failed : wells that failed, with their reasons.
    n_all : wells the run is of; None where it does not say.
    """

    state: State
    n_done: int
    failed: tuple[LedgerLine, ...]
    n_all: int | None = None

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.state == "running"


def standing_of(folder: Path) -> Standing:
    """Return how the run in a results folder stands."""
    lines = read_ledger(folder / LEDGER_NAME)
    lost = failures(lines.values())
    ended = (folder / RUN_FILE).is_file()
    state: State = "running" if running_process(folder) is not None and not ended else "done" if ended else "stopped"
    return Standing(state, len(lines) - len(lost), lost, planned_wells(folder))
