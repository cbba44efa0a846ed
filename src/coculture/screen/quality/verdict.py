"""A verdict on a plate in plain words, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["good", "usable", "poor", "not judged"]

GOOD_Z_PRIME = 0.5
"""Z′ from which an assay is called excellent (Zhang et al. 1999)."""
FEW_CONTROLS = 4
LARGE_CV_PERCENT = 20.0
OUTLIER_GAP = 0.2
"""Robust Z′ may exceed Z′ by this much before outlying control wells are suspected."""


@dataclass(frozen=True)
class PlateEvidence:
    """What a verdict rests on, for one plate, condition and read-out; statistics NaN where they cannot be had."""

    direction: str
    z_prime: float
    robust_z_prime: float
    cv_negative: float
    n_negative: int
    n_positive: int
    n_missing: int
    difference: float


def judge(evidence: PlateEvidence) -> tuple[Verdict, str]:
    """Return the verdict and its reasons.

    ``good`` from Z′ 0.5, ``usable`` from 0, ``poor`` below or where the positive controls move against the read-out's
    declared direction, ``not judged`` where Z′ cannot be had.
    """
    verdict, reasons = _by_controls(evidence)
    reasons.extend(_remarks(evidence))
    return verdict, "; ".join(reasons)


def _by_controls(evidence: PlateEvidence) -> tuple[Verdict, list[str]]:
    for name, count in (("negative", evidence.n_negative), ("positive", evidence.n_positive)):
        if count == 0:
            return "not judged", [f"no {name} control"]
        if count == 1:
            return "not judged", [f"only one {name} control: its spread is not known"]
    if evidence.difference == 0 or evidence.z_prime != evidence.z_prime:
        return "poor", ["positive and negative controls have the same mean"]
    moved = "down" if evidence.difference < 0 else "up"
    if evidence.direction not in (moved, "both"):
        return "poor", [f"the positive controls move {moved}, the read-out is declared '{evidence.direction}'"]
    if evidence.z_prime >= GOOD_Z_PRIME:
        return "good", [f"Z′ {evidence.z_prime:.2f} is at least {GOOD_Z_PRIME}"]
    if evidence.z_prime >= 0:
        return "usable", [f"Z′ {evidence.z_prime:.2f} is between 0 and {GOOD_Z_PRIME}: replicates are needed"]
    return "poor", [f"Z′ {evidence.z_prime:.2f} is below 0: the controls' bands overlap"]


def _remarks(evidence: PlateEvidence) -> list[str]:
    remarks = []
    if evidence.robust_z_prime - evidence.z_prime > OUTLIER_GAP:
        remarks.append(f"robust Z′ {evidence.robust_z_prime:.2f} is much higher: look for outlying control wells")
    for name, count in (("negative", evidence.n_negative), ("positive", evidence.n_positive)):
        if 1 < count < FEW_CONTROLS:
            remarks.append(f"only {count} {name} controls")
    if evidence.cv_negative > LARGE_CV_PERCENT:
        remarks.append(f"the negative controls vary by {evidence.cv_negative:.0f} %")
    if evidence.n_missing:
        remarks.append(f"{evidence.n_missing} wells lack the read-out")
    return remarks
