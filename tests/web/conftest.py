"""A small results folder to look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coculture.plate.layout import Layout
from coculture.randomness import stream
from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, Readout
from coculture.store.index import build_index
from coculture.store.provenance import write_run_json
from coculture.store.tables import write_table

pytest.importorskip("fastapi", reason="the extra 'web' is not installed")

from starlette.testclient import TestClient

from coculture.web.app import create_app

RECIPE = {
    "screen": {"name": "A made screen", "seed": 1},
    "source": {"kind": "wells"},
    "plate": {"layout": 96},
    "readout": [{"name": "mixing", "label": "mixing of the types", "about": "interaction", "direction": "down", "primary": True}],
}


def made_wells(plates: tuple[str, ...] = ("P1", "P2"), layout: int = 96) -> pd.DataFrame:
    """Return wells of which every eighth is a negative control, and one compound parts the cells."""
    rng, rows = stream(4, "web"), []
    for plate in plates:
        for number, well in enumerate(Layout.of(layout).wells()):
            role = "negative" if number % 8 == 0 else "treatment"
            compound = "" if role == "negative" else f"compound {number % 24}"
            value = 1.0 + 0.1 * rng.standard_normal() - (0.8 if number % 24 == 5 else 0.0)
            dose = np.nan if role == "negative" else 1.0
            rows.append((plate, well, role, compound, dose, "uM", value, 500 + int(rng.integers(40))))
    columns = ["plate", "well", "role", "compound", "dose", "dose_unit", "mixing", "n_cells"]
    wells = pd.DataFrame(rows, columns=columns)
    wells["treatment"] = np.where(wells["compound"] == "", "", wells["compound"] + " 1 uM")
    return wells.assign(replicate=1, batch="", donor="", condition="")


def write_screen(folder: Path, wells: pd.DataFrame) -> Path:
    """Analyse the wells and write a results folder."""
    folder.mkdir(parents=True)
    found = analyse(wells, AnalysisSettings((Readout("mixing", "mixing", "down", primary=True, about="interaction"),)))
    write_table(wells, folder / "wells.parquet")
    for name in ("quality", "normalised", "hits", "curves", "bands"):
        write_table(getattr(found, name), folder / f"{name}.parquet")
    write_run_json(folder, settings=RECIPE, seed=1, inputs={}, outputs={})
    build_index(folder)
    return folder


@pytest.fixture(scope="session")
def screen_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a results folder."""
    return write_screen(tmp_path_factory.mktemp("web") / "made screen", made_wells())


@pytest.fixture
def client(screen_folder: Path) -> TestClient:
    """Return a browser without a window on the workbench."""
    return asking([screen_folder])


def asking(folders: list[Path], **options: str) -> TestClient:
    """Return a browser without a window on a workbench of some folders."""
    return TestClient(create_app(folders, **options), base_url="http://localhost", follow_redirects=False)


@pytest.fixture
def ask() -> Callable[..., TestClient]:
    """Return :func:`asking`."""
    return asking
