"""What a check comes to."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.run.check.finding import Finding


@dataclass(frozen=True)
class CheckReport:
    """What a check found.

    Attributes
    ----------
    findings : errors and warnings.
    facts : what the recipe comes to, in sentences.
    """

    findings: list[Finding]
    facts: tuple[str, ...]
