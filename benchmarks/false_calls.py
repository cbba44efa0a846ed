"""How often is a treatment called an interaction hit that only changes density, composition or stain?

Question: do false interaction calls stay at 5 ± 1 % (nominal 5 % a test) while wells lose, gain or change cells or their stain
shrinks, with and without a real affinity among the controls; and how often is a true change of affinity found?

Wells are simulated as marked point patterns (``simulated_tissue.py``): 600 cells of three types, hard discs of 12 µm that
attract within 20 µm. Tumour and T cells attract one another in the controls (0.7 kT) or do not. Wells vary in their counts
(SD 10 %) and in their affinity (SD 0.05 kT). Every plate has 16 controls and 104 treatments of three wells: eight of each shift
and two of each true change, all judged together by the engine, as a screen does it. Contacts are counted on discs of 13 µm
radius about the cells (the stain) and of 14 µm (territories), between Delaunay neighbours; affinity also between all cells
nearer than 24 µm.

    python benchmarks/false_calls.py [--plates 250] [--seed 1] [--affinity 0.7 0.0] [--save FOLDER]
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import Delaunay

from coculture.interactions.heterotypic.affinity import affinity
from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.joins import join_counts
from coculture.interactions.heterotypic.moments import null_moments
from coculture.interactions.neighbours.definition import Cells
from coculture.interactions.neighbours.graph import NeighbourGraph
from coculture.interactions.neighbours.radius import WithinRadius
from coculture.randomness import stream
from coculture.screen.engine import analyse
from coculture.screen.settings import AnalysisSettings, Readout
from machine import describe
from simulated_tissue import settle

TYPES = ("tumour", "tcell", "fibro")
COUNTS = np.array([240, 180, 180])
SIDE_UM, HARD_UM, REACH_UM, SWEEPS = 775.0, 12.0, 20.0, 20
STAIN_UM, TERRITORY_UM, NEAR_UM = 13.0, 14.0, 24.0
CONTROLS, NULLS, TRUE_ONES, REPLICATES = 16, 8, 2, 3
COUNT_SD, AFFINITY_SD = 0.10, 0.05


@dataclass(frozen=True)
class Shift:
    """What a treatment does: cells seeded and kept (factors by type), radius of the stain (factors by type), change of energy."""

    name: str
    seeded: tuple[float, float, float] = (1.0, 1.0, 1.0)
    kept: tuple[float, float, float] = (1.0, 1.0, 1.0)
    stain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    energy: float = 0.0


SHIFTS = (
    Shift("nothing"),
    Shift("density × 0.3, fewer seeded", seeded=(0.3, 0.3, 0.3)),
    Shift("density × 0.5, fewer seeded", seeded=(0.5, 0.5, 0.5)),
    Shift("density × 2", seeded=(2.0, 2.0, 2.0)),
    Shift("density × 0.3, killed", kept=(0.3, 0.3, 0.3)),
    Shift("density × 0.5, killed", kept=(0.5, 0.5, 0.5)),
    Shift("tumour × 1/3, killed", kept=(1 / 3, 1.0, 1.0)),
    Shift("T cells × 2", seeded=(1.0, 2.0, 1.0)),
    Shift("bystander × 0.2, killed", kept=(1.0, 1.0, 0.2)),
    Shift("stain radius × 0.75", stain=(0.75, 0.75, 0.75)),
    Shift("stain radius × 0.6, tumour only", stain=(0.6, 1.0, 1.0)),
    Shift("half killed, stain × 0.75", kept=(0.5, 0.5, 0.5), stain=(0.75, 0.75, 0.75)),
    Shift("affinity − 0.35 kT", energy=-0.35),
    Shift("affinity − 0.7 kT", energy=-0.7),
    Shift("affinity − 1.4 kT", energy=-1.4),
    Shift("affinity − 1.4 kT, half killed", kept=(0.5, 0.5, 0.5), energy=-1.4),
)

PAIR = "tumour_tcell"
READOUTS = (
    Readout("contacts", f"well_contacts_{PAIR}", about="interaction", primary=True),
    Readout("contacts_down", f"well_contacts_{PAIR}", "down", about="interaction"),
    Readout("enrichment", f"well_territory_enrichment_log2_{PAIR}", normalise="as-given"),
    Readout("affinity_unweighed", "affinity_unweighed", normalise="as-given"),
    Readout("affinity", f"well_territory_affinity_log2_{PAIR}", normalise="as-given"),
    Readout("affinity_within_24_um", f"well_affinity_log2_{PAIR}", normalise="as-given"),
)
"""The guarded read-out to both sides and to one; and, unguarded, what its guard could have been."""


def well(shift: Shift, energy: float, random: np.random.Generator) -> dict[str, float]:
    """Return the numbers of one simulated well."""
    counts = np.round(COUNTS * shift.seeded * np.exp(random.normal(0, COUNT_SD, 3))).astype(int)
    codes = random.permutation(np.repeat(np.arange(3), counts))
    between = np.zeros((3, 3))
    between[0, 1] = between[1, 0] = energy + shift.energy + random.normal(0, AFFINITY_SD)
    x, y = settle(codes, SIDE_UM, HARD_UM, REACH_UM, between, SWEEPS, random)
    kept = random.random(codes.size) < np.array(shift.kept)[codes]
    points, codes = np.column_stack((x, y))[kept], codes[kept]
    edges = touching_if_near(points)
    far = np.hypot(*(points[edges[:, 0]] - points[edges[:, 1]]).T)
    radius = STAIN_UM * np.array(shift.stain)[codes]
    types = CellTypes(TYPES, codes.astype(np.int64))
    numbers = {"n_cells": len(codes), **{f"n_{name}": int(count) for name, count in zip(TYPES, types.counts, strict=True)}}
    for prefix, reach in (("well_", radius[edges[:, 0]] + radius[edges[:, 1]]), ("well_territory_", 2 * TERRITORY_UM)):
        near = edges[far < reach]
        numbers |= pair_numbers(NeighbourGraph.from_pairs(len(codes), near[:, 0], near[:, 1], definition=prefix), types, prefix)
    row = affinity(WithinRadius(NEAR_UM).graph(Cells(points)), types).iloc[0]
    return numbers | {f"well_affinity_log2_{PAIR}": row["affinity_log2"], f"well_affinity_se_{PAIR}": row["standard_error"]}


def touching_if_near(points: np.ndarray) -> np.ndarray:
    """Return the (m, 2) edges of the Delaunay triangulation."""
    start, other = Delaunay(points).vertex_neighbor_vertices
    own = np.repeat(np.arange(len(points)), np.diff(start))
    return np.column_stack((own, other))[own < other].astype(np.int64)


def pair_numbers(graph: NeighbourGraph, types: CellTypes, prefix: str) -> dict[str, float]:
    """Return what the sources tell of tumour and T cells, on one kind of outline."""
    touching = float(join_counts(graph, types)[0, 1])
    numbers = {f"{prefix}contacts_{PAIR}": touching / types.counts[0]}
    if prefix == "well_":
        return numbers
    expected = float(null_moments(graph, types).mean[0, 1])
    row = affinity(graph, types).iloc[0]
    return numbers | {
        f"{prefix}enrichment_log2_{PAIR}": float(np.log2((touching + 0.5) / (expected + 0.5))),
        f"{prefix}affinity_log2_{PAIR}": row["affinity_log2"],
        f"{prefix}affinity_se_{PAIR}": row["standard_error"],
        "affinity_unweighed": row["affinity_log2"],
    }


def plate(energy: float, random: np.random.Generator) -> pd.DataFrame:
    """Return the well table of one plate."""
    rows = [{"role": "negative", "compound": "", **well(SHIFTS[0], energy, random)} for _ in range(CONTROLS)]
    for shift in SHIFTS:
        for number in range(TRUE_ONES if shift.energy else NULLS):
            name = f"{shift.name} #{number}"
            rows += [{"role": "treatment", "compound": name, **well(shift, energy, random)} for _ in range(REPLICATES)]
    table = pd.DataFrame(rows)
    treated = table["role"] == "treatment"
    return table.assign(
        plate="P", well=[f"C01U{i:03d}" for i in range(len(table))], dose=np.where(treated, 1.0, 0.0), dose_unit="uM"
    )


def calls(table: pd.DataFrame, level: float = 0.05) -> pd.DataFrame:
    """Return for every treatment of one plate which tests fall below the level."""
    settings = AnalysisSettings(READOUTS, dose_response="none", hit_method="moderated-t")
    hits = analyse(table, settings).hits.set_index(["compound", "readout"])
    p = hits["p_value"].unstack()
    kept = pd.DataFrame({name: p[name] <= level for name in p if name != "contacts_down"})
    wide = hits[["guarded_p_value", "interaction_class"]].unstack()
    for name, column in (("guarded", "contacts"), ("guarded, one side", "contacts_down")):
        kept[name] = wide[("guarded_p_value", column)] <= level
    kept["not judged"] = wide[("interaction_class", "contacts")] == "not judged"
    return kept.assign(shift=[name.rsplit(" #", 1)[0] for name in kept.index]).reset_index(drop=True)


def rates(found: pd.DataFrame) -> pd.DataFrame:
    """Return the per cent of tests called, for each shift."""
    table = 100 * found.groupby("shift", sort=False).mean()
    table.insert(0, "tests", found.groupby("shift", sort=False).size())
    return table.reindex([shift.name for shift in SHIFTS])


def main() -> None:
    """Simulate, judge, and print one table for each affinity of the controls."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--plates", type=int, default=250)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--affinity", type=float, nargs="*", default=[0.7, 0.0])
    options.add_argument("--save", type=Path)
    asked = options.parse_args()
    print(describe())
    for energy in asked.affinity:
        tables = [plate(energy, stream(asked.seed, f"{energy:g}", str(number))) for number in range(asked.plates)]
        if asked.save:
            pd.concat(tables, keys=range(len(tables)), names=["number", None]).to_parquet(
                asked.save / f"wells_{energy:g}.parquet"
            )
        found = rates(pd.concat([calls(table) for table in tables]))
        print(f"\n{asked.plates} plates, affinity of the controls {energy:g} kT; per cent of tests below 5 %:\n", flush=True)
        print("| shift | " + " | ".join(found.columns) + " |\n" + "|---" * (len(found.columns) + 1) + "|")
        for name, row in found.iterrows():
            print(f"| {name} | {row['tests']:.0f} | " + " | ".join(f"{value:.1f}" for value in row.iloc[1:]) + " |")


if __name__ == "__main__":
    main()
