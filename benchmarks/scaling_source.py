"""Wells that cost next to nothing, sleep, or compute: what the benchmarks of scaling hand to the workers."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.plate.cell_table import empty_contact_table
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PlateMap, arrange
from coculture.sources.source import WellObservation

ROLES = ["negative", "positive", *["treatment"] * 10] * 32
"""Of the wells of a plate of 384."""


def plate_map(wells: int) -> PlateMap:
    """Return whole plates of 384 wells and a part of one: ``wells`` wells, compounds in four replicates."""
    layout = Layout.of(384)
    names = layout.wells()
    place = np.arange(wells)
    role = np.array(ROLES)[place % 384]
    compound = np.where(role == "negative", "", np.where(role == "positive", "killer", [f"c{number // 4}" for number in place]))
    dose = np.where(role == "negative", 0.0, 1.0)
    frame = pd.DataFrame({"plate": [f"P{number // 384 + 1}" for number in place], "well": [names[n % 384] for n in place]})
    frame = frame.assign(role=role, compound=compound, dose=dose, dose_unit="uM", batch="", donor="", condition="")
    frame["treatment"] = [f"{name} 1 uM" if name else "" for name in compound]
    return PlateMap(arrange(frame, layout), layout)


@dataclass(frozen=True)
class EmptySource:
    """Wells of three cells.

    Attributes
    ----------
    plate_map : what every well was given.
    sleep_s : how long a well waits.
    loops : how often a well sorts 50,000 numbers, which is work for the processor.
    """

    plate_map: PlateMap = field(default_factory=lambda: plate_map(384))
    sleep_s: float = 0.0
    loops: int = 0

    def wells(self) -> list[tuple[str, str]]:
        """Return every well."""
        return list(zip(self.plate_map.wells["plate"], self.plate_map.wells["well"], strict=True))

    def prepare(self, folder: Path) -> None:
        """Do nothing."""

    def observe(self, folder: Path, plate: str, well: str) -> WellObservation:
        """Return three cells and one field."""
        time.sleep(self.sleep_s)
        random = np.random.default_rng([ord(letter) for letter in plate + well])
        for _ in range(self.loops):
            np.sort(random.random(50_000))
        numbers = np.arange(1, 4)
        cells = pd.DataFrame(
            {"plate": plate, "well": well, "site": 1, "t_min": 0.0, "cell_id": numbers, "track_id": numbers}
            | {"parent_id": -1, "cell_type": "cell", "alive": True, "phase": ""}
            | {"x_um": 1.0 * numbers, "y_um": 2.0 * numbers, "z_um": 0.0, "area_um2": 150.0, "cell_fake_value": random.random(3)}
        )
        quality = {"focus": 1.0, "saturated_fraction": 0.0, "background": 100.0, "debris_fraction": 0.0}
        flags = dict.fromkeys(("out_of_focus", "saturated", "empty", "debris"), False)
        fields = pd.DataFrame([{"plate": plate, "well": well, "site": 1, "t_min": 0.0, "channel": "dna"} | quality | flags])
        numbers_of_well = {"n_cells": 3, "ratio": 1.0 + 0.1 * float(random.random())}
        return WellObservation(cells, empty_contact_table(), fields, numbers_of_well, ())
