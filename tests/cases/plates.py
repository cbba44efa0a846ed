"""Tiny named plates and cell tables that every room's tests may use."""

from __future__ import annotations

import pandas as pd

from coculture.plate.cell_table import empty_cell_table, empty_contact_table
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PlateMap, arrange

TWO_BY_THREE_CSV = """\
plate,well,role,compound,dose,dose_unit
P1,A01,negative,DMSO,0,
P1,A02,treatment,wortmannin,1,uM
P1,A03,treatment,wortmannin,10,uM
P1,B01,positive,staurosporine,1,uM
P1,B02,treatment,wortmannin,1,uM
P1,B03,treatment,wortmannin,10,uM
"""


def two_by_three() -> PlateMap:
    """Return the plate ``TWO_BY_THREE_CSV`` describes, made without reading a file.

          1          2          3
      +----------+----------+----------+
    A | negative | wort 1   | wort 10  |
      +----------+----------+----------+
    B | positive | wort 1   | wort 10  |
      +----------+----------+----------+
    """
    contents = [
        ("A01", "negative", "", "DMSO", 0.0, ""),
        ("A02", "treatment", "wortmannin 1 uM", "wortmannin", 1.0, "uM"),
        ("A03", "treatment", "wortmannin 10 uM", "wortmannin", 10.0, "uM"),
        ("B01", "positive", "staurosporine 1 uM", "staurosporine", 1.0, "uM"),
        ("B02", "treatment", "wortmannin 1 uM", "wortmannin", 1.0, "uM"),
        ("B03", "treatment", "wortmannin 10 uM", "wortmannin", 10.0, "uM"),
    ]
    wells = pd.DataFrame(contents, columns=["well", "role", "treatment", "compound", "dose", "dose_unit"])
    wells = wells.assign(plate="P1", batch="", donor="", condition="")
    return PlateMap(arrange(wells, Layout.of(6)), Layout.of(6))


def three_cells() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cell table and contact table of one site of well A01 of plate P1.

    Cells 1 (tumour) and 2 (stroma) touch along 8 µm; cell 3 (stroma, dead) lies alone.

        +----+----+
        | 1  |  2 |        (3)
        +----+----+
    """
    cells = pd.DataFrame(
        {
            "plate": "P1",
            "well": "A01",
            "site": 1,
            "t_min": 0.0,
            "cell_id": [1, 2, 3],
            "track_id": [1, 2, 3],
            "parent_id": -1,
            "cell_type": ["tumour", "stroma", "stroma"],
            "alive": [True, True, False],
            "phase": "",
            "x_um": [10.0, 20.0, 60.0],
            "y_um": [10.0, 10.0, 10.0],
            "z_um": 0.0,
            "area_um2": [100.0, 100.0, 50.0],
            "nucleus_shape_area_um2": [30.0, 30.0, 10.0],
        }
    )
    contacts = pd.DataFrame(
        {"plate": "P1", "well": "A01", "site": 1, "t_min": 0.0, "cell_a": [1], "cell_b": [2], "contact_length_um": [8.0]}
    )
    return cells.astype(empty_cell_table().dtypes.to_dict()), contacts.astype(empty_contact_table().dtypes.to_dict())
