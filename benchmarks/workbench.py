"""How long does the workbench take to answer, on a results folder as large as they come?

    python benchmarks/workbench.py [FOLDER/large]

A folder is made: one plate of 1,536 wells and its replicate with a million cells in 1,536 files of 25 features, and 100,000
treatments in the ranking. Times are those of the server, from the request to the last byte of the answer: the first
time a page is asked for after the start, and the median of five more.

Bars: first page < 1 s, plate page of 1,536 wells < 0.5 s, a page of 100,000 hits < 0.3 s; the scatter of a million cells
sends no more than its squares.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from starlette.testclient import TestClient

from coculture.plate.columns import CELL_COLUMNS
from coculture.plate.layout import Layout
from coculture.randomness import stream
from coculture.store.index import build_index
from coculture.store.provenance import write_run_json
from coculture.store.tables import table_path, write_table
from coculture.web.app import create_app
from machine import describe

CELLS, FEATURES, HITS, RUNS = 1_000_000, 25, 100_000, 5
PLATES = ("P1", "P2")
SETTINGS = {
    "screen": {"name": "large", "seed": 1},
    "source": {"kind": "images"},
    "plate": {"layout": 1536},
    "readout": [{"name": "mixing", "label": "mixing", "about": "interaction", "direction": "down", "primary": True}],
}
QUESTIONS = {
    "first page": ("/", 1.0),
    "plate page, 1,536 wells and a replicate": ("/screens/large/plate/P1?readout=mixing", 0.5),
    "hits, page 1 of 100,000": ("/screens/large/hits", 0.3),
    "hits, sorted by effect, page 700": ("/screens/large/hits?sort=effect&falling=true&page=700", 0.3),
    "hits, filtered by name": ("/screens/large/hits?contains=compound+77", 0.3),
    "scatter of a million cells": ("/screens/large/cells", None),
    "scatter of a million cells, one type": ("/screens/large/cells?type=tumour", None),
    "well page, 650 cells": ("/screens/large/plate/P1/well/A01", None),
}


def make(folder: Path) -> None:
    """Write the results folder."""
    rng = stream(8, "workbench")
    wells = [str(well) for well in Layout.of(1536).wells()]
    table = pd.concat([_wells(plate, wells, rng) for plate in PLATES], ignore_index=True)
    write_table(table, folder / "wells.parquet")
    write_table(table.assign(readout="mixing", raw=table["mixing"], robust_z=0.0), folder / "normalised.parquet")
    write_table(_hits(rng), folder / "hits.parquet")
    each = CELLS // len(wells) + 1
    for well in wells:
        path = table_path(folder, "cells", "P1", well)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(_cells(well, each, rng), path)
    write_run_json(folder, settings=SETTINGS, seed=1, inputs={}, outputs={})
    build_index(folder)


def _wells(plate: str, wells: list[str], rng: np.random.Generator) -> pd.DataFrame:
    control = np.arange(len(wells)) % 16 == 0
    names = np.array([f"compound {number}" for number in range(len(wells))])
    return pd.DataFrame(
        {
            "plate": plate,
            "well": wells,
            "role": np.where(control, "negative", "treatment"),
            "compound": np.where(control, "", names),
            "dose": np.where(control, np.nan, 1.0),
            "dose_unit": "uM",
            "condition": "",
            "batch": "",
            "donor": "",
            "treatment": np.where(control, "", names),
            "mixing": 1 + 0.1 * rng.standard_normal(len(wells)),
            "n_cells": CELLS // len(wells) + 1,
        }
    )


def _hits(rng: np.random.Generator) -> pd.DataFrame:
    effect = rng.standard_normal(HITS)
    columns = {
        "rank": np.arange(1.0, HITS + 1),
        "compound": [f"compound {number}" for number in range(HITS)],
        "dose": 1.0,
        "dose_unit": "uM",
        "condition": "",
        "readout": "mixing",
        "n_wells": 4,
        "n_negative": 96,
        "effect": effect,
        "effect_low": effect - 1,
        "effect_high": effect + 1,
        "p_value": rng.random(HITS),
        "q_value": rng.random(HITS),
        "hit": effect > 3,
        "direction": "down",
        "cell_count_percent": 100.0,
        "note": "",
        "interaction_class": np.where(effect > 3, "interaction-specific", "inactive"),
        "viability_effect": rng.standard_normal(HITS),
    }
    return pd.DataFrame(columns)


def _cells(well: str, n: int, rng: np.random.Generator) -> pd.DataFrame:
    table = pd.DataFrame({column.name: _column(column.name, n, rng) for column in CELL_COLUMNS if column.kind != "feature"})
    features = {f"cell_intensity_mean_c{number}": rng.lognormal(6, 0.5, n) for number in range(FEATURES)}
    table = table.assign(plate="P1", well=well, **features)
    return table.astype({column.name: column.dtype for column in CELL_COLUMNS if column.name in table})


def _column(name: str, n: int, rng: np.random.Generator) -> object:
    fixed = {
        "cell_type": np.where(rng.random(n) < 0.5, "tumour", "t_cell"),
        "cell_id": np.arange(n),
        "alive": True,
        "phase": "",
        "site": 1,
    }
    places = {"x_um": rng.random(n) * 1000, "y_um": rng.random(n) * 1000, "area_um2": rng.lognormal(5, 0.3, n)}
    return (fixed | places).get(name, 0)


def ask(browser: TestClient, address: str) -> tuple[float, int]:
    """Return the seconds an answer took and its bytes."""
    start = time.perf_counter()
    answer = browser.get(address)
    taken = time.perf_counter() - start
    assert answer.status_code == 200, (address, answer.status_code)
    return taken, len(answer.content)


def main() -> None:
    """Measure and print one table."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary) / "large"
        if not folder.exists():
            folder.mkdir(parents=True)
            make(folder)
        print(describe())
        print("| page | first time | median of 5 more | KB sent | bar |\n|---|---|---|---|---|")
        for said, (address, bar) in QUESTIONS.items():
            browser = TestClient(create_app([folder]), base_url="http://localhost")
            first, size = ask(browser, address)
            again = statistics.median(ask(browser, address)[0] for _ in range(RUNS))
            told = "–" if bar is None else f"{bar:g} s"
            print(f"| {said} | {first:.2f} s | {again:.2f} s | {size / 1000:,.0f} | {told} |", flush=True)


if __name__ == "__main__":
    main()
