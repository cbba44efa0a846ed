"""What is written down after every round, and what it says in the end."""

from __future__ import annotations

import csv
import gc
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import numpy as np
from company import Company
from processes import Burden, burden, descendants, files_below, locks_held, shared_memory
from rounds import fork_server

FLAT = 1.05
"""Most that the memory of the last fifth of the rounds may be, as a share of that of the second fifth."""

SETTLE_S = 5.0
"""How long threads and connections of servers may take to end after the last question."""

NOTHING_LEFT = ("zombies",)
IN_MB = (": memory", ": resident")


@dataclass(frozen=True)
class Round:
    """What there was after one round.

    Attributes
    ----------
    number : of the round.
    minute : since the soak began.
    seconds : it took.
    strike : what struck it.
    burdens : name of a process → what it holds.
    counts : of the whole: children, zombies, temporary files, names in shared memory, locks.
    """

    number: int
    minute: float
    seconds: float
    strike: str
    burdens: dict[str, Burden]
    counts: dict[str, int]

    def line(self) -> str:
        """Return the round in one line."""
        held = "  ".join(f"{name} {one.memory_mb:.0f}/{one.handles}/{one.threads}" for name, one in self.burdens.items())
        counted = "  ".join(f"{name} {value}" for name, value in self.counts.items())
        return f"{self.number:4d} {self.minute:5.1f} min {self.seconds:5.1f} s  {held}  {counted}  {self.strike}"

    def flat(self) -> dict[str, float]:
        """Return everything that is counted, by name; memory in MB."""
        found: dict[str, float] = dict(self.counts)
        for name, held in self.burdens.items():
            found |= {f"{name}: memory": round(held.memory_mb, 2), f"{name}: resident": round(held.resident_mb, 2)}
            found |= {f"{name}: handles": held.handles, f"{name}: threads": held.threads}
        return found


@dataclass
class Record:
    """The rounds so far.

    Attributes
    ----------
    folder : where temporary files are put.
    company : the children that live as long as the soak.
    rounds : what there was after each.
    killed : processes that were killed so far.
    """

    folder: Path
    company: Company
    rounds: list[Round] = field(default_factory=list)
    killed: list[int] = field(default_factory=list)
    _begun: float = field(default_factory=time.monotonic)

    def take(self, strike: str, seconds: float) -> Round:
        """Write down what there is now, once what ends by itself has ended."""
        gc.collect()
        end = time.monotonic() + SETTLE_S
        now = self._now(strike, seconds)
        while self.rounds and self._more(now) and time.monotonic() < end:
            time.sleep(0.25)
            now = self._now(strike, seconds)
        self.rounds.append(now)
        return now

    def _more(self, now: Round) -> bool:
        before = self.rounds[-1].flat()
        return any(value > before.get(name, 0) for name, value in now.flat().items() if not name.endswith(IN_MB))

    def _now(self, strike: str, seconds: float) -> Round:
        own = descendants(os.getpid())
        pids = {"parent": os.getpid(), "fork server": fork_server(), **self.company.pids}
        living = {one.pid for one in own if not one.zombie} | {os.getpid()}
        counts = {
            "children": len(own),
            "zombies": sum(one.zombie for one in own),
            "temporary files": files_below(self.folder / "temporary"),
            "shared memory": len(shared_memory(living, self.killed)),
            "locks": locks_held(living),
        }
        burdens = {name: burden(pid) for name, pid in pids.items() if pid}
        return Round(len(self.rounds), (time.monotonic() - self._begun) / 60, seconds, strike, burdens, counts)

    def write(self, path: Path) -> None:
        """Write every round as CSV."""
        rows = [{"round": one.number, "minute": round(one.minute, 2), "strike": one.strike} | one.flat() for one in self.rounds]
        with path.open("w", newline="") as file:
            names = list(dict.fromkeys(name for row in rows for name in row))
            table = csv.DictWriter(file, names, restval="")
            table.writeheader()
            table.writerows(rows)


@dataclass(frozen=True)
class Verdict:
    """One line of the end: what was judged, the number early and late, and whether it holds."""

    name: str
    early: float
    late: float
    holds: bool
    said: str

    def line(self) -> str:
        """Return the line."""
        return f"{'holds' if self.holds else 'FAILS':5s}  {self.name:26s} {self.early:9.1f} {self.late:9.1f}  {self.said}"


def verdicts(rounds: Sequence[Round], *, memory: bool = True) -> list[Verdict]:
    """Judge the rounds.

    Parameters
    ----------
    rounds : at least two; the first fifth is the warm-up, the second fifth (of few rounds one) is what the last is compared with.
    memory : whether memory is judged too; a handful of rounds says nothing about it.
    """
    fifth = max(1, len(rounds) // 5)
    table = [one.flat() for one in rounds]
    names = [name for name in table[-1] if not name.endswith(IN_MB) or (memory and name.endswith(": memory"))]
    early = {name: [row[name] for row in table[fifth : 2 * fifth] if name in row] for name in names}
    late = {name: [row[name] for row in table[-fifth:]] for name in names}
    minutes = [one.minute for one in rounds[fifth:]]
    found = []
    for name in names:
        if name in NOTHING_LEFT:
            found.append(_none(name, [row[name] for row in table]))
        elif name.endswith(": memory"):
            found.append(_flat(name, early[name], late[name], minutes, [row[name] for row in table[fifth:]]))
        else:
            found.append(_no_more(name, early[name], late[name]))
    return found


def _none(name: str, values: Sequence[float]) -> Verdict:
    return Verdict(name, max(values), values[-1], max(values) == 0, "none after any round (most, last)")


def _no_more(name: str, early: Sequence[float], late: Sequence[float]) -> Verdict:
    return Verdict(name, max(early), max(late), max(late) <= max(early), "most in the second fifth, in the last")


def _flat(name: str, early: Sequence[float], late: Sequence[float], minutes: Sequence[float], values: Sequence[float]) -> Verdict:
    before, after = median(early), median(late)
    slope = float(np.polyfit(minutes, values, 1)[0]) * 60 if len(values) > 2 else 0.0
    said = f"MB, medians of the second and the last fifth: {100 * (after / before - 1):+.1f} %; slope {slope:+.1f} MB/h"
    return Verdict(name, before, after, after <= FLAT * before, said)
