"""A reduced form of an assay of ``examples/assays``: its own culture and recipe, fewer wells and hours."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coculture.run.pipeline import run_screen
from coculture.store.tables import read_table

ASSAYS = Path(__file__).parents[2] / "examples" / "assays"

CONTROL = "control"
"""Name, in what tests read, of the wells that were given the vehicle."""


@dataclass(frozen=True)
class Seen:
    """What a reduced assay came to.

    Attributes
    ----------
    wells : mean of every number of the wells, by treatment.
    hits : one row a treatment and read-out.
    """

    wells: pd.DataFrame
    hits: pd.DataFrame

    def change(self, number: str, treatment: str) -> float:
        """Return a number of the treated wells over that of the controls."""
        return float(self.wells.loc[treatment, number] / self.wells.loc[CONTROL, number])

    def is_hit(self, readout: str, treatment: str) -> bool:
        """Tell whether a treatment is a hit of a read-out."""
        row = self.hits[(self.hits["readout"] == readout) & (self.hits["treatment"] == treatment)]
        return bool(row["hit"].iloc[0])

    def called(self, readout: str, treatment: str) -> str:
        """Return the class a treatment was given."""
        row = self.hits[(self.hits["readout"] == readout) & (self.hits["treatment"] == treatment)]
        return str(row["interaction_class"].iloc[0])


def reduced(name: str, work: Path, treatments: dict[str, int], controls: int = 3, **keys: object) -> Seen:
    """Run an assay with other wells and other keys.

    Parameters
    ----------
    name : the assay's folder.
    work : where to.
    treatments : wells of each treatment, as ``{"DAPT 10 uM": 2}``.
    controls : wells of the vehicle.
    keys : key of the recipe = its value; the first line with that key is changed.
    """
    shutil.copytree(ASSAYS / name, work, dirs_exist_ok=True)
    recipe = work / "screen.toml"
    text = recipe.read_text(encoding="utf-8")
    for key, value in keys.items():
        text, found = re.subn(rf"(?m)^{key} = [^#\n]*", f"{key} = {value} ", text, count=1)
        assert found, key
    recipe.write_text(text, encoding="utf-8")
    (work / "plate_map.csv").write_text(_map(treatments, controls), encoding="utf-8")
    outcome = run_screen(recipe, workers=1)
    assert not outcome.failed, outcome.failed
    wells, hits = (read_table(work / "results" / f"{kind}.parquet") for kind in ("wells", "hits"))
    named = wells["treatment"].where(wells["role"] != "negative", CONTROL)
    return Seen(wells.select_dtypes("number").groupby(named).mean(), hits)


def _map(treatments: dict[str, int], controls: int) -> str:
    rows = [("negative", "DMSO", "0", "")] * controls
    for treatment, count in treatments.items():
        compound, dose, unit = treatment.rsplit(" ", 2)
        rows += [("treatment", compound, dose, unit)] * count
    lines = [f"A{place:02d},{','.join(row)}" for place, row in enumerate(rows, start=1)]
    return "\n".join(["well,role,compound,dose,dose_unit", *lines]) + "\n"
