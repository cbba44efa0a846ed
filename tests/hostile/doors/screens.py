"""What describes a screen: recipes with all they name, tables of wells, compositions, designs of plates."""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from door import Door
from tests.cases.plates import TWO_BY_THREE_CSV

from coculture.plate.design import generate_design
from coculture.plate.design_file import read_design
from coculture.plate.layout import Layout
from coculture.run.cell_labels import read_cell_labels
from coculture.run.check.whole import check_recipe
from coculture.run.composition_file import read_composition
from coculture.run.formula_parts import formula_parts
from coculture.run.recipe.reading import parse_recipe, read_recipe
from coculture.run.recipe.recipe import LoadedRecipe
from coculture.run.well_table_file import read_well_table

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
TEMPLATES = Path(__file__).resolve().parents[3] / "src" / "coculture" / "run" / "templates"
OF_WELLS = """
[screen]
name = "P1"
[source]
kind = "wells"
table = "wells.csv"
[source.columns]
well = "well"
[plate]
layout = 24
[[readout]]
name = "mixing"
column = "mixing"
primary = true
"""
OF_MIXTURES = """
[screen]
name = "P1"
[source]
kind = "wells"
table = "wells.csv"
[source.columns]
well = "well"
[plate]
layout = 24
[mixture.composition]
table = "COMPOSITION"
[[readout]]
name = "mixing"
column = "mixing"
primary = true
"""
COMPOSITION = "fraction,berberine,palmatine,坎普醇\nF1,0.5,0,1.25\nF2,1e-3,2,0\nF3,0,0,3\n"
LABELS = "well,x_um,y_um,cell_type,site\nA01,1.5,2,tumour,1\nA02,3,4.25,stroma,2\n"


def toml_files(folder: Path, *names: str) -> dict[str, bytes]:
    """Return files of a folder by their names."""
    return {name: (folder / name).read_bytes() for name in names}


def well_table_text(n: int = 24) -> str:
    """Return a table of wells as CSV."""
    rows = ["plate,well,role,compound,dose,dose_unit,mixing,n_cells"]
    for number, well in enumerate(Layout.of(24).wells()[:n]):
        role = ("negative", "positive", "treatment")[min(number // 6, 2)]
        given = {"negative": "DMSO,0,", "positive": "killer,10,uM", "treatment": f"alpha,{1 + number % 4},uM"}[role]
        rows.append(f"P1,{well},{role},{given},{0.5 + 0.01 * number:.2f},{100 + number}")
    return "\n".join(rows) + "\n"


def recipe_account(path: Path) -> str:
    """Read a recipe, check all it leads to, and tell both."""
    (path.parent / "wells.csv").write_text(well_table_text())
    (path.parent / "culture.toml").write_bytes((EXAMPLES / "virtual_screen" / "culture.toml").read_bytes())
    (path.parent / "plate_map.csv").write_text(
        TWO_BY_THREE_CSV.replace("wortmannin", "berberine").replace("staurosporine", "curcumin")
    )
    settings = read_recipe(path).settings
    report = check_recipe(path)
    return "\n".join([settings.model_dump_json(), *(str(one.problem) for one in report.findings)])


def read_only_account(path: Path) -> str:
    """Read a recipe and tell its settings."""
    return read_recipe(path).settings.model_dump_json()


def well_table_account(path: Path) -> str:
    """Read a table of wells and tell it."""
    loaded = LoadedRecipe(path=path.parent / "screen.toml", settings=parse_recipe(OF_WELLS), images_override=None)
    _, wells = read_well_table(path, loaded, Layout.of(24))
    assert np.isfinite(wells["dose"]).all()
    assert not np.isinf(wells["mixing"]).any()
    return str(wells.to_csv(index=False))


def well_table_parquet() -> dict[str, bytes]:
    """Return a table of wells as Parquet."""
    buffer = io.BytesIO()
    pd.read_csv(io.StringIO(well_table_text()), keep_default_na=False).to_parquet(buffer)
    return {"table": buffer.getvalue()}


def composition_account(path: Path) -> str:
    """Read a composition and tell it."""
    recipe = parse_recipe(OF_MIXTURES.replace("COMPOSITION", path.name))
    found = read_composition(LoadedRecipe(path=path.parent / "screen.toml", settings=recipe, images_override=None))
    assert found is not None
    assert np.isfinite(found.contents).all()
    return f"{found.fractions} {found.features} {found.contents.tolist()}"


def labels_account(path: Path) -> str:
    """Read labelled cells and tell them."""
    found = read_cell_labels(path, Layout.of(24), "P1", ("tumour", "stroma"), 5.0)
    return str(found.table.to_csv(index=False))


def design_account(path: Path) -> str:
    """Read a design, lay it out, and tell the plate map."""
    spec, seed = read_design(path, formula_parts)
    return str(generate_design(spec, seed).wells.to_csv(index=False))


_TOML = (
    b"=",
    b"'''",
    b'"""',
    b"[[readout]]",
    b"[plate]",
    b"\\u0000",
    b"1979-05-27",
    b"-nan",
    b"+inf",
    b"1_000",
    b"{ a = 1 }",
    b"../",
)
_RECIPES = partial(toml_files, TEMPLATES, "images.toml", "time-series.toml", "mixture.toml", "combination.toml")

DOORS = (
    Door("recipe", "screen.toml", read_only_account, _RECIPES, _TOML, many=1.5),
    Door("recipe, wells", "screen.toml", recipe_account, lambda: {"wells": OF_WELLS.encode()}, _TOML),
    Door(
        "recipe, virtual",
        "screen.toml",
        recipe_account,
        partial(toml_files, EXAMPLES / "virtual_screen", "screen.toml"),
        _TOML,
        many=0.1,
    ),
    Door("well table, CSV", "wells.csv", well_table_account, lambda: {"table": well_table_text().encode()}, (b"1,5", b"1.234,5")),
    Door("well table, Parquet", "wells.parquet", well_table_account, well_table_parquet),
    Door(
        "composition",
        "composition.csv",
        composition_account,
        lambda: {"fractions": COMPOSITION.encode()},
        (b"1,5", b"<0.1", b"nd"),
    ),
    Door("cell labels", "labels.csv", labels_account, lambda: {"labels": LABELS.encode()}),
    Door("design", "design.toml", design_account, partial(toml_files, EXAMPLES / "virtual_screen", "design.toml"), _TOML),
)
