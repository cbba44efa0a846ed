"""Results folders made without a run: wells from the seed, tables from the engine, images of discs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from coculture.plate.layout import Layout
from coculture.randomness import stream
from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout
from coculture.store.images.field import FieldImages
from coculture.store.images.illumination import write_illumination
from coculture.store.images.plate import create_plate, finish_plate, plate_images_path
from coculture.store.images.writing import write_well_images
from coculture.store.provenance import write_run_json
from coculture.store.tables import table_path, write_table

CHANNELS = ("dna", "gfp")


@dataclass(frozen=True)
class Design:
    """What the folder holds.

    Attributes
    ----------
    plates : number of plates of 96 wells.
    compounds : names; each gets 9 doses in 4 wells, two compounds a plate.
    dose_unit : of every dose.
    potency : how far the compounds raise the read-out; 0 for none.
    positive : whether there are positive controls.
    conditions : arms; each plate is then split between them by rows.
    images : whether images, outlines, illumination and field tables are kept.
    cells : whether cells were counted.
    stain_outlines : whether cell outlines follow gfp and shrink in the positive control.
    failed : wells of the first plate that failed, with their reason.
    settings : changes to the settings, by section.
    notes : notes of the run.
    """

    plates: int = 1
    compounds: tuple[str, str] = ("wortmannin", "LY294002")
    dose_unit: str = "step"
    potency: float = 3.0
    positive: bool = True
    conditions: tuple[str, ...] = ()
    images: bool = False
    cells: bool = True
    stain_outlines: bool = False
    failed: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    notes: tuple[str, ...] = ("One note of the analysis.",)


def make_results(folder: Path, design: Design) -> Path:
    """Fill ``folder`` and return it."""
    wells = make_wells(design)
    result = analyse(wells, _analysis(design))
    write_table(wells, table_path(folder, "wells"))
    for kind in ("quality", "normalised", "hits", "curves", "bands"):
        write_table(getattr(result, kind), folder / f"{kind}.parquet")
    if design.images:
        _write_images(folder, wells, design)
    lines = [{"plate": "P1", "well": well, "status": "failed", "reason": reason} for well, reason in design.failed.items()]
    lines += [
        {"plate": "P1", "well": "A01", "status": "failed", "reason": "early"},
        {"plate": "P1", "well": "A01", "status": "done"},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "ledger.jsonl").write_text(text + '{"plate": "P1", "well": "torn', encoding="utf-8")
    inputs = {f"{well}.tif": "ab" * 32 for well in wells["well"].head(20)}
    write_run_json(folder, settings=_settings(design), seed=7, inputs=inputs, outputs={}, notes=design.notes)
    return folder


def make_wells(design: Design) -> pd.DataFrame:
    """Return the well table: controls in columns 1, 2 and 12, nine doses in columns 3 to 11, a compound in rows A-D and E-H."""
    layout = Layout.of(96)
    rows = []
    for number in range(design.plates):
        plate = f"P{number + 1}"
        draw = stream(3, plate)
        for well in layout.wells():
            row, column = layout.position(well)
            if number == 0 and well in design.failed:
                continue
            rows.append({"plate": plate, "well": well} | _well(design, row, column, draw))
    return pd.DataFrame(rows)


def _well(design: Design, row: int, column: int, draw: np.random.Generator) -> dict[str, Any]:
    compound = design.compounds[row // 4]
    dose = float(column - 1) if column >= 2 else 0.0
    role = "treatment" if 2 <= column <= 10 else "negative"
    if column == 11 and design.positive:
        role, dose = "positive", 10.0
    if role == "negative":
        compound, dose = "", 0.0
    effect = design.potency / (1 + np.exp(-1.6 * (dose - 5))) if dose else 0.0
    if role == "positive":
        effect = 3.0
    shrunk = 0.6 if design.stain_outlines and role == "positive" else 1.0
    values: dict[str, Any] = {
        "role": role,
        "treatment": f"{compound} {dose:g} {design.dose_unit}" if compound else "",
        "compound": compound,
        "dose": dose,
        "dose_unit": design.dose_unit,
        "replicate": row % 4 + 1,
        "donor": f"D{column % 4 + 1}",
        "condition": design.conditions[row % len(design.conditions)] if design.conditions else "",
    }
    if design.cells:
        values["n_cells"] = int(draw.integers(180, 220))
    return values | {
        "nuclear_ratio": 1.0 + effect + draw.normal(0, 0.05),
        "correlation": 0.1 + 0.25 * effect + draw.normal(0, 0.02),
        "cell_shape_area_um2": 500.0 * shrunk + draw.normal(0, 5),
        "nucleus_shape_area_um2": 80.0 + draw.normal(0, 1),
    }


def _analysis(design: Design) -> AnalysisSettings:
    contrast = ConditionContrast(design.conditions[0], design.conditions[1]) if len(design.conditions) > 1 else None
    return AnalysisSettings(
        readouts=(
            Readout("nuclear_ratio", "nuclear_ratio", "both", True, "nuclear ratio"),
            Readout("correlation", "correlation", "up", False, "correlation of GFP and DNA"),
        ),
        contrast=contrast,
    )


def _settings(design: Design) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "screen": {"name": "made_screen", "seed": 7, "description": "A screen made for tests."},
        "source": {"kind": "images", "channels": {"dna": "w1", "gfp": "w2"}},
        "plate": {"layout": 96},
        "illumination": {"method": "median-smooth"},
        "nuclei": {"method": "watershed", "channel": "dna", "diameter_um": 12.0},
        "cells": {"method": "propagation", "channel": "gfp"} if design.stain_outlines else {"method": "territories"},
        "readout": [
            {
                "name": "nuclear_ratio",
                "feature": "cell_translocation_ratio_gfp",
                "aggregate": "median",
                "direction": "both",
                "primary": True,
                "label": "nuclear ratio",
            },
            {"name": "correlation", "feature": "cell_correlation_gfp_dna", "label": "correlation of GFP and DNA"},
        ],
        "analysis": {"normalise": "percent-of-control", "fdr": 0.05, "hit_method": "moderated-t", "confidence": 0.95},
        "dose_response": {"model": "logistic-4"},
    }
    for section, changes in design.settings.items():
        settings[section] = settings.get(section, {}) | dict(changes)
    return settings


def _write_images(folder: Path, wells: pd.DataFrame, design: Design) -> None:
    draw = stream(5, "images")
    for plate, rows in wells.groupby("plate", sort=True):
        path = plate_images_path(folder, str(plate))
        kept = [str(well) for well in rows["well"] if str(well)[1:] in ("01", "09", "12")]
        create_plate(path, plate=str(plate), wells=kept, layout_rows=8, layout_columns=12)
        for well in kept:
            write_well_images(path, well, [disc_field(draw)])
        for channel in CHANNELS:
            y, x = np.mgrid[-1:1:64j, -1:1:64j]
            write_illumination(path, channel, (1.1 - 0.2 * (x**2 + y**2)).astype(np.float32))
        finish_plate(path)
        for well in rows["well"]:
            write_table(_fields(str(plate), str(well)), table_path(folder, "fields", str(plate), str(well)))


def disc_field(draw: np.random.Generator, size: int = 200, n: int = 12) -> FieldImages:
    """Return a field of discs on a grid: nuclei of radius 8 in cells of radius 16 pixels."""
    y, x = np.mgrid[:size, :size]
    nuclei, cells = np.zeros((size, size), np.int32), np.zeros((size, size), np.int32)
    for label in range(1, n + 1):
        row, column = divmod(label - 1, 4)
        distance = np.hypot(y - (30 + 55 * row), x - (28 + 48 * column))
        nuclei[distance < 8] = label
        cells[distance < 16] = label
    noise = draw.poisson(100, (2, size, size))
    pixels = (noise + np.stack([800 * (nuclei > 0), 500 * (cells > 0)])).astype(np.uint16)
    return FieldImages(1, 0.0, pixels, CHANNELS, 0.65, {"nuclei": nuclei, "cells": cells})


def _fields(plate: str, well: str) -> pd.DataFrame:
    rows = [
        {
            "plate": plate,
            "well": well,
            "site": 1,
            "t_min": 0.0,
            "channel": channel,
            "focus": 3.2,
            "saturated_fraction": 0.001,
            "background": 100.0,
            "debris_fraction": 0.0,
            "out_of_focus": well == "C05",
            "saturated": well == "C05" and channel == "gfp",
            "empty": False,
            "debris": False,
        }
        for channel in CHANNELS
    ]
    return pd.DataFrame(rows)
