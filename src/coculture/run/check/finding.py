"""One thing a check found, and how bad it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from coculture.errors import Problem

Grade = Literal["error", "warning"]


@dataclass(frozen=True)
class Finding:
    """A problem and its grade: an ``error`` keeps a run from starting, a ``warning`` does not."""

    grade: Grade
    problem: Problem

    @classmethod
    def error(cls, what: str, where: str = "", remedy: str = "") -> Finding:
        """Return a finding that keeps a run from starting."""
        return cls("error", Problem(what, where, remedy))

    @classmethod
    def warning(cls, what: str, where: str = "", remedy: str = "") -> Finding:
        """Return a finding that a run can live with."""
        return cls("warning", Problem(what, where, remedy))


def errors_of(findings: Iterable[Finding]) -> list[Problem]:
    """Return the problems that are errors."""
    return [finding.problem for finding in findings if finding.grade == "error"]


def warnings_of(findings: Iterable[Finding]) -> list[Problem]:
    """Return the problems that are warnings."""
    return [finding.problem for finding in findings if finding.grade == "warning"]


def in_one_line(problem: Problem) -> str:
    """Return a problem as one sentence for a list of notes, without the place."""
    return f"{problem.what}: {problem.remedy}" if problem.remedy else problem.what


def named(items: Sequence[str], most: int = 6) -> str:
    """Return the first few items in words: 'A01, A02 and 7 more'."""
    shown = ", ".join(items[:most])
    return f"{shown} and {len(items) - most} more" if len(items) > most else shown
