"""Real tissue: contacts of three cell types in pancreas imaging mass cytometry (crops of the cytomapper package), 1 µm pixels.

Counts and z are compared with squidpy 1.8.2, ``gr.nhood_enrichment`` with 100,000 permutations (seed 1) on the same graph; its z
carries a sampling error of about 0.003 √(1 + z²).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tifffile
from examples.tissue_contacts.run_tissue_contacts import CROPS, centres_of, measure

from coculture.interactions.contacts import touching_pairs
from coculture.interactions.heterotypic.enrichment import enrichment, permutation_enrichment
from coculture.interactions.heterotypic.wells import contact_statistics
from coculture.interactions.neighbours.touching import graph_from_contacts
from coculture.randomness import stream

SQUIDPY = {
    "E34": {"AA": (21, 8.017), "AB": (8, 1.567), "AC": (23, -5.456), "BB": (1, 0.014), "BC": (15, -2.515), "CC": (154, 3.432)},
    "G01": {"AA": (75, 9.529), "AB": (39, -2.136), "AC": (11, -7.322), "BB": (40, 4.900), "BC": (32, -2.446), "CC": (32, 1.845)},
    "J02": {"BB": (111, 8.382), "BC": (48, -9.519), "CC": (81, 4.890)},
}
"""Per crop and pair of types: contacts, and z by 100,000 permutations."""


def crop(folder: Path, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cells and contacts of one crop; outlines lie up to 2 µm apart."""
    mask = tifffile.imread(folder / "tissue_contacts" / f"{name}_mask.tiff").astype(np.int32)
    cells = pd.read_csv(folder / "tissue_contacts" / "cells.csv")
    cells = cells[cells["ImageName"] == f"{name}_imc.tiff"].reset_index(drop=True)
    return cells, touching_pairs(mask, 1.0, gap_um=2.0)


@pytest.mark.parametrize("name", list(SQUIDPY))
def test_enrichment_table(shared_data: Path, name: str) -> None:
    cells, contacts = crop(shared_data, name)
    graph = graph_from_contacts(contacts, cells["CellNb"].to_numpy())
    table = enrichment(graph, cells["CellType"]).table
    pairs = (table["type_a"].str[-1] + table["type_b"].str[-1]).tolist()
    assert pairs == list(SQUIDPY[name])
    counts, z = np.array(list(SQUIDPY[name].values())).T
    assert table["observed"].tolist() == counts.tolist()
    assert (np.abs(table["z"] - z) / (np.sqrt(1 + z**2) / np.sqrt(1e5))).max() < 4
    permuted = permutation_enrichment(graph, cells["CellType"], stream(1, name), n_permutations=2000)
    assert (np.abs(permuted["z"] - z) / (np.sqrt(1 + z**2) / np.sqrt(2000))).max() < 4


def test_the_three_crops_as_sites_of_one_well(shared_data: Path) -> None:
    parts = [crop(shared_data, name) for name in SQUIDPY]
    place = {"plate": "pancreas", "well": "A01", "t_min": 0.0}
    cells = pd.concat([part[0].assign(**place, site=site) for site, part in enumerate(parts)], ignore_index=True)
    cells = cells.rename(columns={"CellNb": "cell_id", "CellType": "cell_type"})
    contacts = pd.concat([part[1].assign(**place, site=site) for site, part in enumerate(parts)], ignore_index=True)
    table = contact_statistics(cells, contacts).set_index(["type_a", "type_b"])
    assert table.loc[("celltype_A", "celltype_C"), "contacts"] == 23 + 11
    assert table.loc[("celltype_A", "celltype_C"), "contacts_z"] < -8
    assert (table["contacts_z"].loc[[("celltype_A", "celltype_A"), ("celltype_B", "celltype_B")]] > 8).all()
    assert (table["mean_contact_length_um"].between(1.5, 6)).all()
    assert (table["reason"] == "").all()


def test_the_example_shows_these_numbers(shared_data: Path) -> None:
    """The picture of docs/cases.md is drawn from the same tables."""
    for name in CROPS:
        shown = measure(shared_data / "tissue_contacts", name)
        pairs = (shown.table["type_a"].str[-1] + shown.table["type_b"].str[-1]).tolist()
        assert dict(zip(pairs, shown.table["observed"], strict=True)) == {pair: row[0] for pair, row in SQUIDPY[name].items()}
        areas, centres = centres_of(shown)
        rim = np.concatenate([shown.labels[[0, -1]].ravel(), shown.labels[:, [0, -1]].ravel()])
        whole = ~shown.cells["CellNb"].isin(rim).to_numpy()
        assert whole.sum() > 70
        assert areas[whole].tolist() == shown.cells["Area"][whole].tolist()
        shift = centres - shown.cells[["Pos_X", "Pos_Y"]].to_numpy()  # stored places count from the corner of the uncut image
        assert np.ptp(shift[whole], axis=0).max() < 1e-6
