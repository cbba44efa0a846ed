"""A results folder, read once: the tables, the run's settings and the ledger.

Only the well table must be there. Every other table may be missing (a screen that began with a table of wells has no
fields and no images); it is then an empty frame with its columns, and the sections that need it say so.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pandas as pd

from coculture.errors import FileError
from coculture.plate import columns as declared
from coculture.report.analysis_scale import AnalysisScale, scale_of
from coculture.report.readouts import Readout, readouts_of
from coculture.store.provenance import RUN_FILE, read_run_json
from coculture.store.tables import read_table, read_wells, table_path

EXPECTED: dict[str, tuple[str, ...]] = {
    "wells": tuple(declared.names(declared.WELL_COLUMNS, required_only=True)),
    "fields": tuple(declared.names(declared.FIELD_COLUMNS)),
    "quality": (
        *(
            "plate",
            "condition",
            "readout",
            "z_prime",
            "robust_z_prime",
            "ssmd",
            "signal_to_background",
            "cv_negative",
            "cv_positive",
        ),
        *("n_negative", "n_positive", "verdict", "reasons"),
    ),
    "normalised": (
        *("plate", "well", "role", "compound", "dose", "dose_unit", "condition", "readout", "raw"),
        *("percent_of_control", "normalised_percent_effect", "z_score", "robust_z", "mad_robustized"),
        *("plate_median", "plate_median_log2", "b_score", "loess", "well_corrected"),
    ),
    "hits": (
        *("rank", "compound", "dose", "dose_unit", "condition", "readout", "n_wells", "n_negative", "effect", "effect_low"),
        *("effect_high", "effect_percent", "z", "p_value", "q_value", "hit", "direction", "cell_count_percent", "note"),
        *("guarded_q_value", "interaction_class", "viability_effect", "viability_low", "viability_high"),
    ),
    "curves": (
        *("compound", "readout", "condition", "dose_unit", "model", "bottom", "top", "slope", "ec50", "ec50_low"),
        *("ec50_high", "n_wells", "residual_sd", "status", "ec50_text", "note"),
    ),
    "combinations": (
        *("rank", "group", "drugs", "model", "score", "score_low", "score_high", "q_value", "call", "combination_index"),
        *("reduction_1", "reduction_2", "reduction_3", "beta", "beta_low", "beta_high", "alpha12", "alpha12_low"),
        *("alpha12_high", "alpha21", "alpha21_low", "alpha21_high", "status", "reason"),
    ),
    "surfaces": (
        *("group", "drugs", "model", "dose_1", "dose_2", "dose_3", "unit_1", "unit_2", "unit_3"),
        *("response", "expected", "synergy", "synergy_low", "synergy_high"),
    ),
    "mixture_effects": (
        *("mixture", "condition", "readout", "level_percent", "kind", "ingredient", "second", "shown", "formula_role", "rank"),
        *("effect", "effect_low", "effect_high", "share_percent", "q_value", "called", "reading", "n_wells", "design", "note"),
    ),
    "profile_activity": (
        *("question", "compound", "dose", "dose_unit", "condition", "group", "n_profiles"),
        *("mean_average_precision", "p_value", "q_value", "call"),
    ),
    "mechanism_matches": (
        *("compound", "dose", "dose_unit", "condition", "mechanism", "rule", "matched_compound", "matched_dose", "predicted"),
        *("similarity", "runner_up", "answerable", "correct"),
    ),
    "profile_similarities": ("first", "second", "similarity"),
    "ingredients": (
        *("condition", "readout", "feature", "rank", "rank_low", "rank_high", "jackknife_low", "jackknife_high", "top_share"),
        *("correlation", "p_value", "family_p_value", "called", "n_fractions", "driver", "note"),
    ),
    "bands": ("compound", "readout", "condition", "dose_unit", "dose", "fitted", "low", "high"),
}
"""The columns a section may use. One that a file lacks is filled with missing values."""


def _no_rows(kind: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(EXPECTED[kind]))


@dataclass(frozen=True)
class Results:
    """Everything the report is drawn from.

    Attributes
    ----------
    folder : the results folder.
    wells, fields, quality, normalised, hits, curves, bands : the tables; empty frames where there is none.
    run : what ``run.json`` holds; empty where there is none.
    settings : the recipe as it was run.
    ledger : one entry a finished or failed well.
    combinations, surfaces, mixture_effects, ingredients, profile_activity, mechanism_matches, profile_similarities : tables
        that a recipe asks for; likewise.
    """

    folder: Path
    wells: pd.DataFrame
    fields: pd.DataFrame
    quality: pd.DataFrame
    normalised: pd.DataFrame
    hits: pd.DataFrame
    curves: pd.DataFrame
    bands: pd.DataFrame
    run: Mapping[str, Any]
    settings: Mapping[str, Any]
    ledger: tuple[Mapping[str, Any], ...]
    combinations: pd.DataFrame = field(default_factory=pd.DataFrame)
    surfaces: pd.DataFrame = field(default_factory=pd.DataFrame)
    mixture_effects: pd.DataFrame = field(default_factory=pd.DataFrame)
    ingredients: pd.DataFrame = field(default_factory=pd.DataFrame)
    profile_activity: pd.DataFrame = field(default_factory=partial(_no_rows, "profile_activity"))
    mechanism_matches: pd.DataFrame = field(default_factory=partial(_no_rows, "mechanism_matches"))
    profile_similarities: pd.DataFrame = field(default_factory=partial(_no_rows, "profile_similarities"))

    @cached_property
    def readouts(self) -> tuple[Readout, ...]:
        """The read-outs in the recipe's order, the primary one first."""
        named = list(dict.fromkeys([*self.normalised["readout"], *self.hits["readout"], *self.quality["readout"]]))
        return readouts_of(self.settings, named)

    @cached_property
    def plates(self) -> tuple[str, ...]:
        """Names of the plates, sorted."""
        return tuple(sorted({str(name) for name in self.wells["plate"]}))

    @cached_property
    def conditions(self) -> tuple[str, ...]:
        """Arms of the screen, sorted; empty where it has one."""
        return tuple(sorted({str(name) for name in self.wells["condition"].dropna() if str(name)}))

    def scale_of(self, readout: str) -> AnalysisScale:
        """Return the scale on which the effects and curves of a read-out are judged."""
        return scale_of(self.settings, readout)

    @property
    def primary(self) -> Readout | None:
        """The read-out hits are ranked by, None where the screen has none."""
        return self.readouts[0] if self.readouts else None

    @property
    def confidence(self) -> int:
        """Level of the intervals, in per cent."""
        level = self.section("analysis").get("confidence", 0.95)
        return round(float(level) * 100) if isinstance(level, (int, float)) else 95

    @property
    def top_hits(self) -> int:
        """How many rows a table of hits shows."""
        most = self.section("report").get("top_hits", 50)
        return max(1, most) if isinstance(most, int) else 50

    @property
    def fewest_cells(self) -> float:
        """Per cent of the controls' cells below which an effect may come from the loss of cells."""
        limit = self.section("analysis").get("cell_count_minimum_percent", 70.0)
        return float(limit) if isinstance(limit, (int, float)) else 70.0

    def section(self, name: str) -> Mapping[str, Any]:
        """Return one section of the settings, empty where there is none."""
        found = self.settings.get(name)
        return found if isinstance(found, Mapping) else {}


def read_results(folder: Path, *, with_fields: bool = True) -> Results:
    """Read the results folder.

    Parameters
    ----------
    folder : the results folder.
    with_fields : read the tables of fields too, of which there is one a well.

    Raises
    ------
    FileError : if the folder or its well table is missing, or a file in it cannot be read.
    """
    if not folder.is_dir():
        raise FileError("there is no such results folder", where=str(folder), remedy="name the folder that 'coculture run' wrote")
    if not table_path(folder, "wells").exists():
        raise FileError(
            "the folder holds no wells.parquet, so there is nothing to report",
            where=str(folder),
            remedy="run the screen to its end, or name another folder",
        )
    run = read_run_json(folder) if (folder / RUN_FILE).exists() else {}
    wells = completed(read_table(table_path(folder, "wells")), "wells")
    optional = {name: None for name in ("condition", "batch", "donor") if name not in wells}
    wells = wells.assign(**optional)
    return Results(
        folder=folder,
        wells=wells,
        fields=completed(_fields(folder) if with_fields else pd.DataFrame(), "fields"),
        quality=_table(folder, "quality"),
        normalised=_table(folder, "normalised"),
        hits=_table(folder, "hits"),
        curves=_table(folder, "curves"),
        bands=_bands(folder),
        run=run,
        settings=settings_of(folder, run),
        ledger=_ledger(folder / "ledger.jsonl"),
        combinations=_table(folder, "combinations"),
        surfaces=_table(folder, "surfaces"),
        mixture_effects=_table(folder, "mixture_effects"),
        ingredients=_table(folder, "ingredients"),
        profile_activity=_table(folder, "profile_activity"),
        mechanism_matches=_table(folder, "mechanism_matches"),
        profile_similarities=_table(folder, "profile_similarities"),
    )


def _table(folder: Path, kind: str) -> pd.DataFrame:
    path = table_path(folder, kind)
    return completed(read_table(path) if path.exists() else pd.DataFrame(), kind)


def _bands(folder: Path) -> pd.DataFrame:
    path = folder / "bands.parquet"
    return completed(read_table(path) if path.exists() else pd.DataFrame(), "bands")


def _fields(folder: Path) -> pd.DataFrame:
    return read_wells(folder, "fields") if any((folder / "fields").glob("plate=*/well=*.parquet")) else pd.DataFrame()


def completed(frame: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return a table with every column a section may use; one that it lacks is filled with missing values."""
    missing = {name: None for name in EXPECTED[kind] if name not in frame}
    return frame.assign(**missing) if missing else frame


def settings_of(folder: Path, run: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the recipe as it was run: what ``run.json`` holds of it, else ``recipe.toml``; empty where there is neither.

    Raises
    ------
    FileError : if the recipe cannot be read.
    """
    if isinstance(run.get("settings"), Mapping) and run["settings"]:
        settings: Mapping[str, Any] = run["settings"]
        return settings
    path = folder / "recipe.toml"
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileError(
            f"is not readable: {error}", where=str(path), remedy="restore the recipe the screen was run with"
        ) from error


def _ledger(path: Path) -> tuple[Mapping[str, Any], ...]:
    """Read the entries; the last line may have been cut by a kill and is then left out."""
    if not path.exists():
        return ()
    entries = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            entries.append(entry)
    return tuple(entries)
