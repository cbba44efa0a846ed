"""A source without a microscope: small tables drawn from the seed, with wells that fail, hang or kill on request."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from coculture.errors import DataError
from coculture.plate.cell_table import empty_contact_table
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PlateMap, arrange
from coculture.randomness import stream
from coculture.sources.source import WellObservation
from coculture.store.atomic import write_bytes
from coculture.store.images.field import FieldImages


def fake_map(plates: int = 1) -> PlateMap:
    """Return plates of 24 wells: 6 negative, 6 positive, two compounds of 6 wells at three doses."""
    roles = ["negative"] * 6 + ["positive"] * 6 + ["treatment"] * 12
    compounds = [""] * 6 + ["killer"] * 6 + ["alpha"] * 6 + ["beta"] * 6
    doses = [0.0] * 6 + [10.0] * 6 + [1.0, 1.0, 3.0, 3.0, 9.0, 9.0] * 2
    layout = Layout.of(24)
    rows = [
        {"plate": f"P{number + 1}", "well": well, "role": role, "compound": compound, "dose": dose}
        for number in range(plates)
        for well, role, compound, dose in zip(layout.wells(), roles, compounds, doses, strict=True)
    ]
    frame = pd.DataFrame(rows).assign(dose_unit="uM", batch="", donor="", condition="")
    frame["treatment"] = [f"{row.compound} {row.dose:g} uM" if row.compound else "" for row in frame.itertuples()]
    return PlateMap(arrange(frame, layout), layout)


@dataclass(frozen=True)
class FakeSource:
    """Cells whose one feature rises with the dose.

    Attributes
    ----------
    plate_map : what every well was given.
    seconds : how long a well takes.
    failing, broken, deadly : wells that raise a mistake of the user's, raise a fault, or kill their process.
    log : file to which the name of each observed well is appended.
    with_images : whether each well gives a small image.
    """

    plate_map: PlateMap = field(default_factory=fake_map)
    seconds: float = 0.0
    failing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    deadly: tuple[str, ...] = ()
    log: Path | None = None
    with_images: bool = False

    def wells(self) -> list[tuple[str, str]]:
        return list(zip(self.plate_map.wells["plate"], self.plate_map.wells["well"], strict=True))

    def prepare(self, folder: Path) -> None:
        write_bytes(folder / "work" / "prepared.txt", b"light\n")

    def observe(self, folder: Path, plate: str, well: str) -> WellObservation:
        assert (folder / "work" / "prepared.txt").read_bytes() == b"light\n"
        self._misbehave(well)
        time.sleep(self.seconds)
        random = stream(3, plate, well)
        dose = float(self.plate_map.row(plate, well)["dose"])
        cells = self._cells(random, plate, well, dose)
        readouts = {"n_cells": len(cells), "ratio": float(np.median(cells["cell_fake_ratio"]))}
        return WellObservation(cells, empty_contact_table(), self._fields(random, plate, well), readouts, self._images(random))

    def _misbehave(self, well: str) -> None:
        if self.log is not None:
            with self.log.open("a") as file:
                file.write(well + "\n")
        if well in self.failing:
            raise DataError("the well is dry", well)
        if well in self.broken:
            raise ZeroDivisionError("a fault")
        if well in self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def _cells(self, random: np.random.Generator, plate: str, well: str, dose: float) -> pd.DataFrame:
        n = int(random.integers(20, 40))
        numbers = np.arange(1, n + 1)
        return pd.DataFrame(
            {"plate": plate, "well": well, "site": 1, "t_min": 0.0, "cell_id": numbers, "track_id": numbers}
            | {"parent_id": -1, "cell_type": "cell", "alive": True, "phase": ""}
            | {"x_um": random.uniform(0, 100, n), "y_um": random.uniform(0, 100, n), "z_um": 0.0, "area_um2": 150.0}
            | {"cell_fake_ratio": random.normal(1 + dose, 0.3, n)}
        )

    def _fields(self, random: np.random.Generator, plate: str, well: str) -> pd.DataFrame:
        return pd.DataFrame(
            [
                {"plate": plate, "well": well, "site": site, "t_min": 0.0, "channel": "dna"}
                | {"focus": float(random.uniform(1, 2)), "saturated_fraction": 0.0, "background": 100.0}
                | {"debris_fraction": 0.0, "out_of_focus": False, "saturated": False, "empty": False, "debris": False}
                for site in (1, 2)
            ]
        )

    def _images(self, random: np.random.Generator) -> tuple[FieldImages, ...]:
        if not self.with_images:
            return ()
        pixels = random.integers(0, 200, (1, 64, 64)).astype(np.uint16)
        return (FieldImages(1, 0.0, pixels, ("dna",), 0.5, {"nuclei": np.zeros((64, 64), np.int32)}),)
