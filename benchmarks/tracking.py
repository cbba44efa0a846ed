"""Linking of ground-truth detections, against greedy nearest neighbour, trackpy, laptrack and btrack.

Questions: does `link` make fewer edge errors (missing + wrong links) than the best peer on every sequence, at full frame rate
and at every 4th frame, with one preset and no radius given? How sure are its track qualities? Does it link 50,000 detections a
second on one core? How well does it find divisions?

Every peer is run with each of its options (gap memory, splitting, motion model) at
- the *automatic* radius that `link` learned from the detections alone, its options then being the best on the truth, and
- the *best* radius of a grid over the median neighbour distance, chosen with the truth, which no user has.

An edge joins two detections of one track in consecutive frames; a daughter's first detection begins a new track, as the truth has
it. "with gaps" counts edges between successive detections of a track however far apart.

    python benchmarks/tracking.py [--truth GT_TRA|ST_SEG] [--every 1,4] [--peers ...] [--only accuracy,quality,divisions,speed]

Needs the folder of real data: COCULTURE_DATA. Needs the peers: pip install 'coculture[bench]'.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import tifffile
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from coculture.imaging.track.film import film_of
from coculture.imaging.track.likelihood import learn
from coculture.imaging.track.linking import link
from coculture.imaging.track.settings import TrackSettings
from machine import describe
from tracking_peers import PEERS, laptrack_divisions

DATA = Path(os.environ.get("COCULTURE_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")) / "cell_tracking"
SEQUENCES = (
    "Fluo-N2DL-HeLa_01",
    "PhC-C2DL-PSC_01",
    "Fluo-N2DH-SIM+_01",
    "Fluo-N2DH-GOWT1_01",
    "DIC-C2DH-HeLa_01",
    "Fluo-C2DL-MSC_01",
    "PhC-C2DH-U373_01",
)
RADII = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0, 1.4)
Edges = set[tuple[int, int]]


def sequence(name: str, truth: str, every: int) -> pd.DataFrame:
    """Return t, x, y, area and the true track of every ``every``-th frame, counted from the first."""
    table = pd.read_csv(DATA / f"{name}_{truth}_tracks.csv")
    frame = table["frame"] - table["frame"].min()
    table = table[frame % every == 0].assign(t=frame[frame % every == 0] // every)
    return table.sort_values(["t", "x", "y"], kind="stable").reset_index(drop=True)


def as_cells(detections: pd.DataFrame) -> pd.DataFrame:
    """Return the detections under our names; a pixel counts as a µm."""
    return pd.DataFrame(
        {"t_min": detections["t"].astype(float), "x_um": detections["x"], "y_um": detections["y"], "area_um2": detections["area"]}
    )


def edges(t: NDArray[np.int64], track: NDArray[np.int64]) -> tuple[Edges, Edges]:
    """Return the edges between consecutive frames, and all edges."""
    order = np.lexsort((t, track))
    one, two = order[:-1], order[1:]
    same = track[one] == track[two]
    one, two = one[same], two[same]
    near = t[two] - t[one] == 1
    return set(zip(one[near], two[near], strict=True)), set(zip(one, two, strict=True))


def errors(detections: pd.DataFrame, track: NDArray[np.int64]) -> tuple[int, int]:
    """Return missing plus wrong edges between consecutive frames, and with gaps."""
    t = detections["t"].to_numpy()
    true, given = edges(t, detections["track_id"].to_numpy()), edges(t, track)
    return len(true[0] ^ given[0]), len(true[1] ^ given[1])


def neighbour_distance(detections: pd.DataFrame) -> float:
    """Return the median distance between nearest neighbours within frames."""
    frames = [group[["x", "y"]].to_numpy() for _, group in detections.groupby("t") if len(group) > 1]
    return float(np.median(np.concatenate([cKDTree(points).query(points, k=2)[0][:, 1] for points in frames])))


def accuracy(truth: str, peers: list[str], rates: list[int]) -> None:
    """Print the table of edge errors."""
    head = "".join(f" {peer}: auto | {peer}: best |" for peer in peers)
    print(f"\n### Edge errors, {truth} detections: consecutive frames (with gaps)\n")
    print(f"| sequence | every | edges | radius |{head} best peer | **coculture** |")
    print("|---|---|---|---|" + "---|" * (2 * len(peers) + 2))
    for name in SEQUENCES:
        if not (DATA / f"{name}_{truth}_tracks.csv").exists():
            continue
        for every in rates:
            detections = sequence(name, truth, every)
            cells = as_cells(detections)
            radius = learn(film_of(cells, TrackSettings()), TrackSettings()).link.radius()
            grid = [factor * neighbour_distance(detections) for factor in RADII]
            row, best = "", (10**9, 10**9)
            for peer in peers:
                at_auto = [errors(detections, run(detections, radius)) for run in PEERS[peer].values()]
                at_grid = at_auto + [errors(detections, run(detections, r)) for run in PEERS[peer].values() for r in grid]
                auto, top = least(at_auto), least(at_grid)
                best = least([best, top])
                row += f" {auto[0]} ({auto[1]}) | {top[0]} ({top[1]}) |"
            own = errors(detections, link(cells)["track_id"].to_numpy())
            n_edges = len(edges(detections["t"].to_numpy(), detections["track_id"].to_numpy())[0])
            print(
                f"| {name} | {every} | {n_edges} | {radius:.1f} |{row} {best[0]} ({best[1]}) | **{own[0]}** ({own[1]}) |",
                flush=True,
            )


def least(found: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the least of each kind of error."""
    return min(one for one, _ in found), min(two for _, two in found)


def quality(truth: str) -> None:
    """Print how often tracks of a given quality are right in every link."""
    rows = []
    for name in SEQUENCES:
        if not (DATA / f"{name}_{truth}_tracks.csv").exists():
            continue
        for every in (1, 4):
            detections = sequence(name, truth, every)
            linked = link(as_cells(detections))
            true = edges(detections["t"].to_numpy(), detections["track_id"].to_numpy())[1]
            given = edges(detections["t"].to_numpy(), linked["track_id"].to_numpy())[1]
            wrong = set(linked["track_id"].to_numpy()[[one for one, _ in given - true]])
            tracks = linked.groupby("track_id")["track_quality"].agg(["first", "size"])
            rows.append(tracks[tracks["size"] > 1].assign(right=lambda frame, wrong=wrong: ~frame.index.isin(wrong)))
    table = pd.concat(rows)
    print("\n### Quality of a track and whether all its links are right (all sequences, both rates)\n")
    print("| quality | tracks | all links right |\n|---|---|---|")
    for low, high in ((0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.97), (0.97, 0.99), (0.99, 1.0001)):
        part = table[(table["first"] >= low) & (table["first"] < high)]
        if len(part):
            print(f"| {low:g} to {min(high, 1):g} | {len(part)} | {part['right'].mean():.0%} |")


def divisions() -> None:
    """Print divisions found in the lineage of HeLa 01_RES, a tracker's result with masks and a parent table."""
    masks = tifffile.imread(DATA / "Fluo-N2DL-HeLa_01_RES.tif")
    lineage = np.loadtxt(DATA / "Fluo-N2DL-HeLa_01_RES_res_track.txt", dtype=int)
    rows = []
    for t, labels in enumerate(masks):
        y, x = np.nonzero(labels)
        values = labels[y, x].astype(int)
        count = np.bincount(values)
        seen = np.flatnonzero(count)
        centres = [np.bincount(values, place)[seen] / count[seen] for place in (x, y)]
        rows.append(np.column_stack((np.full(len(seen), t), *centres, count[seen], seen)))
    detections = pd.DataFrame(np.concatenate(rows), columns=["t", "x", "y", "area", "track_id"]).astype(
        {"t": int, "track_id": int}
    )
    parents, counts = np.unique(lineage[lineage[:, 3] > 0, 3], return_counts=True)
    print("\n### HeLa 01_RES: divisions (a mother's last detection with both daughters' first)\n")
    print("| every | linker | divisions | found | right | recall | precision |\n|---|---|---|---|---|---|---|")
    for every in (1, 4):
        part = detections[detections["t"] % every == 0].assign(t=lambda frame, every=every: frame["t"] // every)
        part = part.sort_values(["t", "x", "y"]).reset_index(drop=True)
        first, last = part.groupby("track_id")["t"].idxmin(), part.groupby("track_id")["t"].idxmax()
        true = set()
        for mother in parents[counts == 2]:
            children = [label for label in lineage[lineage[:, 3] == mother, 0] if label in first]
            if mother in last and len(children) == 2 and len({part["t"][first[child]] for child in children}) == 1:
                true.add((last[mother], *sorted(first[child] for child in children)))
        division_row(every, "**coculture**", true, divisions_of(link(as_cells(part))))
        radius = learn(film_of(as_cells(part), TrackSettings()), TrackSettings()).link.radius()
        for factor in (1.0, 1.4, 2.0):
            division_row(every, f"laptrack, {factor:g} × our radius", true, laptrack_divisions(part, factor * radius))


def division_row(every: int, linker: str, true: set[tuple[int, ...]], found: set[tuple[int, ...]]) -> None:
    """Print one row of the table of divisions."""
    right = len(true & found)
    shares = f"{right / len(true):.2f} | {right / max(len(found), 1):.2f}"
    print(f"| {every} | {linker} | {len(true)} | {len(found)} | {right} | {shares} |", flush=True)


def divisions_of(linked: pd.DataFrame) -> set[tuple[int, int, int]]:
    """Return the divisions of a linked table as rows: mother's last, daughters' first."""
    ordered = linked.sort_values("t_min")
    first, last = (ordered.reset_index().groupby("track_id")["index"].agg(which) for which in ("first", "last"))
    parent = linked.groupby("track_id")["parent_id"].first()
    found = set()
    for mother, children in parent[parent >= 0].groupby(parent[parent >= 0]):
        found.add((last[mother], *sorted(first[child] for child in children.index)))
    return found


def planted_film(cells: int, frames: int, seed: int = 1) -> pd.DataFrame:
    """Return cells on a jittered grid that wander, vanish for a frame (3 %) and divide (0.2 %)."""
    rng = np.random.default_rng(seed)
    side = int(np.sqrt(cells))
    here = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2) * 20.0 + rng.uniform(
        -4, 4, (side * side, 2)
    )
    label, rows = np.arange(len(here)), []
    for t in range(frames):
        here = here + rng.normal(0, 1.5, here.shape)
        divides = rng.random(len(here)) < 0.002
        half = rng.normal(size=(int(divides.sum()), 2))
        half *= 5 / np.linalg.norm(half, axis=1, keepdims=True)
        fresh = label.max() + 1 + np.arange(2 * len(half))
        here = np.concatenate((here[~divides], here[divides] + half, here[divides] - half))
        label = np.concatenate((label[~divides], fresh))
        seen = rng.random(len(here)) > 0.03
        area = np.exp(rng.normal(5, 0.1, seen.sum()))
        rows.append(np.column_stack((np.full(seen.sum(), t), here[seen], area, label[seen])))
    return pd.DataFrame(np.concatenate(rows), columns=["t", "x", "y", "area", "track_id"]).astype({"t": int, "track_id": int})


def speed(peers: list[str]) -> None:
    """Print detections linked per second on one core."""
    print("\n### Detections per second, one core, planted film\n")
    print("| linker | detections | seconds | per second | edge errors |\n|---|---|---|---|---|")
    large, small = planted_film(4900, 100), planted_film(400, 50)
    link(as_cells(small))  # compilation
    for film in (large, small):
        begin = time.perf_counter()
        linked = link(as_cells(film))
        timed_row("**coculture**", film, time.perf_counter() - begin, linked["track_id"].to_numpy())
    for peer in peers:
        option, run = next(iter(PEERS[peer].items()))
        begin = time.perf_counter()
        track = run(small, 8.0)
        timed_row(f"{peer} {option}".strip(), small, time.perf_counter() - begin, track)


def timed_row(name: str, film: pd.DataFrame, seconds: float, track: NDArray[np.int64]) -> None:
    """Print one row of the speed table."""
    print(f"| {name} | {len(film):,} | {seconds:.2f} | {len(film) / seconds:,.0f} | {errors(film, track)[0]:,} |", flush=True)


def main() -> None:
    """Measure, and print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--truth", default="GT_TRA", choices=["GT_TRA", "ST_SEG"])
    options.add_argument("--peers", default=",".join(PEERS))
    options.add_argument("--every", default="1,4", help="frame rates of the table of errors")
    options.add_argument("--only", default="accuracy,quality,divisions,speed")
    asked = options.parse_args()
    peers, wanted = [name for name in asked.peers.split(",") if name], asked.only.split(",")
    print(describe())
    if "accuracy" in wanted:
        accuracy(asked.truth, peers, [int(every) for every in asked.every.split(",")])
    if "quality" in wanted:
        quality(asked.truth)
    if "divisions" in wanted:
        divisions()
    if "speed" in wanted:
        speed(peers)


if __name__ == "__main__":
    main()
