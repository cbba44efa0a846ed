"""The table of plate quality: every statistic and a verdict for each plate, condition and read-out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from coculture.screen.quality.across_plates import (
    control_cells_percent,
    control_shift,
    guard_remarks,
    replicate_correlation,
)
from coculture.screen.quality.coefficient_of_variation import coefficient_of_variation
from coculture.screen.quality.controls import Controls
from coculture.screen.quality.position_effects import KINDS, position_effects
from coculture.screen.quality.signal_to_background import signal_to_background
from coculture.screen.quality.ssmd import ssmd
from coculture.screen.quality.verdict import PlateEvidence, judge
from coculture.screen.quality.z_prime import robust_z_prime, z_prime
from coculture.screen.results import QUALITY_COLUMNS, typed
from coculture.screen.well_table import Readings, WellTable

EVIDENCE = ["z_prime", "robust_z_prime", "cv_negative", "n_negative", "n_positive", "n_missing", "difference"]


def quality_table(table: WellTable, readings: Readings) -> pd.DataFrame:
    """Return the quality of each stratum for one read-out, columns as ``QUALITY_COLUMNS``."""
    controls = Controls.of(readings)
    wanted = (table.frame["role"] != "blank").to_numpy()
    frame = table.strata.assign(
        readout=readings.readout.name,
        z_prime=z_prime(controls),
        robust_z_prime=robust_z_prime(controls),
        ssmd=ssmd(controls),
        signal_to_background=signal_to_background(controls),
        cv_negative=coefficient_of_variation(controls.negative),
        cv_positive=coefficient_of_variation(controls.positive),
        n_negative=controls.negative.count,
        n_positive=controls.positive.count,
        n_missing=np.bincount(readings.stratum[wanted & ~np.isfinite(readings.values)], minlength=readings.n_strata),
    )
    frame["difference"] = controls.positive.mean - controls.negative.mean
    evidence = zip(*(frame[name].tolist() for name in EVIDENCE), strict=True)
    verdicts = [judge(PlateEvidence(readings.readout.direction, *one)) for one in evidence]
    effects = position_effects(table, readings)
    for kind in KINDS:
        frame[f"{kind}_effect"] = [of_plate[kind].size for of_plate in effects]
        frame[f"{kind}_p_value"] = [of_plate[kind].p_value for of_plate in effects]
    frame["replicate_correlation"] = replicate_correlation(table, readings)
    frame["control_shift"] = control_shift(table, readings)
    frame["control_cells_percent"] = control_cells_percent(table, readings)
    named = ["; ".join(f"{kind}: {one.words}" for kind, one in of_plate.items() if one.named) for of_plate in effects]
    frame["position_effects"] = named
    guards = map(guard_remarks, frame["control_shift"].tolist(), frame["control_cells_percent"].tolist())
    frame["verdict"] = [verdict for verdict, _ in verdicts]
    frame["reasons"] = [
        "; ".join(part for part in (reasons, words, *remarks) if part)
        for (_, reasons), words, remarks in zip(verdicts, named, guards, strict=True)
    ]
    return typed(frame, QUALITY_COLUMNS)
