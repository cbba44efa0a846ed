"""What does a contact graph cost, and the neighbour search beside SciPy's?

Contacts with border lengths of a 1920 × 1920 label image of 1,600 cells (bar: 20 ms on one core), without and with a gap,
beside plain NumPy (which counts shared pixel edges only); and the cell list beside ``scipy.spatial.cKDTree`` on 100,000
points, in two and three dimensions. CPU time.

Measured on two shared, busy cores: contacts 8 to 10 ms, NumPy 82 to 86 ms, with a gap 70 to 100 ms; the cell list 1.7 to 2.5
times faster than the tree.

    python benchmarks/contact_graph.py
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from coculture.interactions.contacts import touching_pairs
from coculture.interactions.neighbours.cell_list import CellList
from machine import describe

SIZE, CELLS, PIXEL_UM, REPEATS = 1920, 1600, 0.65, 9


def label_image() -> np.ndarray:
    """Return discs cut where they meet, numbered with gaps."""
    centres = np.random.default_rng(0).uniform(0, SIZE, (CELLS, 2))
    pixels = np.indices((SIZE, SIZE)).reshape(2, -1).T + 0.5
    far, nearest = cKDTree(centres).query(pixels, distance_upper_bound=34)
    numbers = np.append(7 + 3 * np.arange(CELLS), 0)
    return np.where(np.isfinite(far), numbers[nearest], 0).reshape(SIZE, SIZE).astype(np.int32)


def with_numpy(labels: np.ndarray) -> np.ndarray:
    """Count shared pixel edges of every pair, without compiled code."""
    sides = [(labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])]
    found = []
    for one, other in sides:
        touch = (one != other) & (one > 0) & (other > 0)
        found.append(np.sort(np.column_stack((one[touch], other[touch])), axis=1))
    return np.unique(np.vstack(found), axis=0, return_counts=True)[0]


def milliseconds(action: Callable[[], Any]) -> str:
    """Run once to compile, then several times; return the median and the range of CPU time."""
    action()
    spent = []
    for _ in range(REPEATS):
        begin = time.process_time()
        action()
        spent.append(1e3 * (time.process_time() - begin))
    return f"{np.median(spent):7.1f} ms CPU ({min(spent):.1f} to {max(spent):.1f})"


def main() -> None:
    print(describe())
    labels = label_image()
    print(
        f"label image {SIZE} × {SIZE}, {len(np.unique(labels)) - 1} cells, {len(touching_pairs(labels, PIXEL_UM))} touching pairs"
    )
    print("  contacts with border lengths ", milliseconds(lambda: touching_pairs(labels, PIXEL_UM)), "(bar: 20 ms)")
    print("  NumPy, edges only, no lengths", milliseconds(lambda: with_numpy(labels)))
    for gap in (1.0, 5.0):
        print(f"  gap of {gap:g} µm               ", milliseconds(lambda gap=gap: touching_pairs(labels, PIXEL_UM, gap_um=gap)))
    rng = np.random.default_rng(1)
    for box, cutoff in (((10_000.0, 10_000.0), 60.0), ((2_000.0, 2_000.0, 500.0), 30.0)):
        points = rng.uniform(0, 1, (100_000, len(box))) * box
        print(f"100,000 points in {len(box)} dimensions, {len(CellList.build(points, cutoff).pairs(cutoff)[0])} pairs")
        print("  cell list: build and pairs  ", milliseconds(lambda p=points, c=cutoff: CellList.build(p, c).pairs(c)))
        tree = milliseconds(lambda p=points, c=cutoff: cKDTree(p).query_pairs(c, output_type="ndarray"))
        print("  cKDTree: build and pairs    ", tree)
        print("  cell list: 6 nearest        ", milliseconds(lambda p=points: CellList.build(p).nearest(6)))
        print("  cKDTree: 6 nearest          ", milliseconds(lambda p=points: cKDTree(p).query(p, 7)))


if __name__ == "__main__":
    main()
