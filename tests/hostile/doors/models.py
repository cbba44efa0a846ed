"""What describes chips, cells and compounds."""

from __future__ import annotations

import dataclasses
from functools import partial
from pathlib import Path

import numpy as np
from door import Door

import coculture
from coculture.cells.files.reading import load_types, read_model
from coculture.cells.files.rules_csv import read_grammar_rules
from coculture.chip.geometry.check.whole import check_chip
from coculture.chip.geometry.reading import read_chip
from coculture.chip.network_json import read_generator
from coculture.chip.parchmint.reading import read_parchmint
from coculture.compounds.files.reading import read_entry
from doors.screens import EXAMPLES, toml_files

SOURCE = Path(coculture.__file__).parent
TESTS = Path(__file__).resolve().parents[2]
RULES = """\
tumour,oxygen,decreases,necrosis,0,3.75,8,0
tumour,oxygen,increases,cycle entry,0.001,21.5,4,0
tumour,pressure,decreases,cycle entry,0,1,4,0
fibroblast,oxygen,increases,migration speed,1,10,4,0
"""
GENERATOR = """{"name": "ladder", "channels": [
 {"id": "c1", "a": "in", "b": "n1", "w": 1e-4, "h": 5e-5, "L": 1e-3},
 {"id": "c2", "a": "n1", "b": "groundNode", "w": 1e-4, "h": 5e-5, "L": 2e-3}],
 "pumps": [{"id": "p1", "a": "groundNode", "b": "in", "Q": 1e-12}]}"""


def chip_account(path: Path) -> str:
    """Read and check a chip."""
    chip = read_chip(path)
    report = check_chip(chip, cells_across=2)
    if report.grid is not None:
        assert np.isfinite(report.grid.depth_um).all()
    return f"{chip}\n{report.summary}\n{report.errors}\n{report.warnings}"


def parchmint_account(path: Path) -> str:
    """Read a ParchMint device."""
    found = read_parchmint(path, depth_um=100.0, width_um=200.0)
    return f"{found.network}\n{found.chip}\n{found.notes}"


def culture_account(path: Path) -> str:
    """Read a culture or a cell type."""
    return repr(read_model(path))


def rules_account(path: Path) -> str:
    """Read the rules of a culture in the grammar's CSV."""
    return repr(read_grammar_rules(path, load_types("tumour", "fibroblast", solutes=("oxygen",))))


def entry_account(path: Path) -> str:
    """Read a compound, herb, extract, formula or carrier."""
    return repr(dataclasses.asdict(read_entry(path)))


def library_files() -> dict[str, bytes]:
    """Return one file of the library of each kind."""
    names = ("compounds/berberine", "herbs/huanglian", "formulas/siwu_tang", "carriers/doxorubicin_liposome")
    names = (*names, "herbs/danshen_aqueous_extract")
    return {name: (SOURCE / "compounds" / "data" / f"{name}.toml").read_bytes() for name in names}


def cultures() -> dict[str, bytes]:
    """Return cultures and types."""
    assays = {
        name: (EXAMPLES / "assays" / name / "culture.toml").read_bytes()
        for name in ("paracrine_growth", "t_cell_killing", "notch")
    }
    return {**assays, "type": (SOURCE / "cells" / "types" / "macrophage.toml").read_bytes()}


_CHIP = (
    b'"=lane_um"',
    b'"=1/0"',
    b'"=9**9**9"',
    b'"=(((((1)))))"',
    b"{n}",
    b"count = 100000",
    b"1e9",
    b"pitch_um = 0.001",
    b"__import__",
)
_JSON = (b'"\\ud800"', b'{"a":1}', b"[1e400]", b"NaN", b"Infinity", b"-0", b"null", b'"', b"true")
_RULES = (b"oxygen,", b"increases", b"decreases", b"0,", b"a,b,c,d,e,f,g,h", b"pressure", b"contact with tumour")

DOORS = (
    Door(
        "chip",
        "chip.toml",
        chip_account,
        partial(toml_files, SOURCE / "chip" / "designs", "lane3.toml", "gap.toml"),
        _CHIP,
        many=0.5,
    ),
    Door(
        "ParchMint",
        "device.json",
        parchmint_account,
        lambda: {"device": (TESTS / "chip" / "parchmint_device.json").read_bytes()},
        _JSON,
    ),
    Door("network JSON", "network.json", lambda path: repr(read_generator(path)), lambda: {"ladder": GENERATOR.encode()}, _JSON),
    Door("culture", "culture.toml", culture_account, cultures, many=1.5),
    Door("rules CSV", "rules.csv", rules_account, lambda: {"rules": RULES.encode()}, _RULES),
    Door("compound file", "entry.toml", entry_account, library_files, many=1.5),
)
