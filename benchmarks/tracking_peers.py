"""The peers of benchmarks/tracking.py: each takes detections and a search radius and returns a track number per detection.

Columns of the detections: t (frame from 0), x, y, in the same length unit as the radius. Rows lie in order of t.
"""

from __future__ import annotations

import contextlib
import logging
import os
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Tracks = NDArray[np.int64]
Peer = Callable[[pd.DataFrame, float], Tracks]


def greedy(detections: pd.DataFrame, radius: float) -> Tracks:
    """Closest pairs of consecutive frames first."""
    t, here = detections["t"].to_numpy(), detections[["x", "y"]].to_numpy()
    track = np.arange(len(detections))
    for frame in range(int(t.max())):
        one, two = np.flatnonzero(t == frame), np.flatnonzero(t == frame + 1)
        if not len(one) or not len(two):
            continue
        near = cKDTree(here[one]).sparse_distance_matrix(cKDTree(here[two]), radius, output_type="ndarray")
        free_one, free_two = np.ones(len(one), bool), np.ones(len(two), bool)
        for pair in near[np.argsort(near["v"], kind="stable")]:
            if free_one[pair["i"]] and free_two[pair["j"]]:
                track[two[pair["j"]]] = track[one[pair["i"]]]
                free_one[pair["i"]] = free_two[pair["j"]] = False
    return track


def trackpy_with(memory: int) -> Peer:
    """Link with trackpy's default (numba where present) linker and a memory in frames."""

    def run(detections: pd.DataFrame, radius: float) -> Tracks:
        import trackpy

        trackpy.quiet()
        table = pd.DataFrame(
            {"x": detections["x"], "y": detections["y"], "frame": detections["t"], "row": range(len(detections))}
        )
        linked = trackpy.link(table, search_range=radius, memory=memory)
        track = np.empty(len(detections), np.int64)
        track[linked["row"].to_numpy()] = linked["particle"].to_numpy()
        return track

    return run


def laptrack_with(gap: int, splits: bool) -> Peer:
    """Link with laptrack: squared distances, one radius for links, gaps and splits."""

    def run(detections: pd.DataFrame, radius: float) -> Tracks:
        from laptrack import LapTrack

        bound = radius**2
        tracker = LapTrack(
            cutoff=bound,
            gap_closing_cutoff=bound if gap else False,
            gap_closing_max_frame_count=gap,
            splitting_cutoff=bound if splits else False,
        )
        table = pd.DataFrame(
            {"x": detections["x"], "y": detections["y"], "frame": detections["t"], "row": range(len(detections))}
        )
        linked, _, _ = tracker.predict_dataframe(table, ["x", "y"], frame_col="frame", only_coordinate_cols=False)
        track = np.empty(len(detections), np.int64)
        track[linked["row"].to_numpy()] = linked["track_id"].to_numpy()
        return track

    return run


def laptrack_divisions(detections: pd.DataFrame, radius: float) -> set[tuple[int, int, int]]:
    """Return laptrack's splits as rows: mother's last detection, daughters' first."""
    from laptrack import LapTrack

    bound = radius**2
    tracker = LapTrack(cutoff=bound, gap_closing_cutoff=bound, gap_closing_max_frame_count=2, splitting_cutoff=bound)
    table = pd.DataFrame({"x": detections["x"], "y": detections["y"], "frame": detections["t"], "row": range(len(detections))})
    linked, splits, _ = tracker.predict_dataframe(table, ["x", "y"], frame_col="frame", only_coordinate_cols=False)
    frame = linked.reset_index(drop=True).assign(t=detections["t"].to_numpy()[linked["row"].to_numpy()]).sort_values("t")
    first, last = frame.groupby("track_id")["row"].first(), frame.groupby("track_id")["row"].last()
    return {
        (int(last[mother]), *sorted(int(first[child]) for child in children["child_track_id"]))
        for mother, children in splits.groupby("parent_track_id")
    }


def btrack_with(model: str) -> Peer:
    """Link with btrack and its published cell or particle configuration, tracklets joined by its global optimiser."""

    def run(detections: pd.DataFrame, radius: float) -> Tracks:
        import btrack
        from btrack.btypes import PyTrackObject
        from btrack.config import TrackerConfig

        logging.getLogger("btrack").setLevel(logging.CRITICAL)
        objects = []
        for row, (t, x, y) in enumerate(detections[["t", "x", "y"]].to_numpy()):
            item = PyTrackObject()
            item.ID, item.t, item.x, item.y, item.z, item.label, item.prob = row, int(t), x, y, 0.0, 5, 0.0
            objects.append(item)
        track = np.full(len(detections), -1)
        with _silent(), btrack.BayesianTracker(verbose=False) as tracker:
            tracker.configure(TrackerConfig(**_btrack_models(model)))
            tracker.max_search_radius = radius
            tracker.append(objects)
            low, high = detections[["x", "y"]].min() - 1, detections[["x", "y"]].max() + 1
            tracker.volume = ((low["x"], high["x"]), (low["y"], high["y"]), (-1e5, 1e5))
            tracker.track(step_size=100)
            tracker.optimize(options={"tm_lim": 60_000})
            for number, rows in enumerate(tracker.refs):
                track[[row for row in rows if row >= 0]] = number
        alone = track < 0
        track[alone] = track.max() + 1 + np.arange(alone.sum())
        return track

    return run


def _btrack_models(model: str) -> dict[str, object]:
    """Return the numbers of btrack's cell_config.json or particle_config.json."""
    from btrack.models import HypothesisModel, MotionModel

    motion = np.eye(6)
    hypotheses = ["P_FP", "P_init", "P_term", "P_link"]
    if model == "cell":
        motion[0, 3] = motion[1, 4] = motion[2, 5] = 1
        hypotheses += ["P_branch", "P_dead"]
    return {
        "motion_model": MotionModel(
            name=f"{model}_motion",
            measurements=3,
            states=6,
            accuracy=7.5,
            prob_not_assign=0.001,
            max_lost=5,
            A=motion,
            H=np.eye(3, 6),
            P=150 * np.diag([0.1, 0.1, 0.1, 1, 1, 1]),
            G=15 * np.array([[0.5, 0.5, 0.5, 1, 1, 1]]),
            R=5 * np.eye(3),
        ),
        "hypothesis_model": HypothesisModel(
            name=f"{model}_hypothesis",
            hypotheses=hypotheses,
            lambda_time=5.0,
            lambda_dist=3.0,
            lambda_link=10.0,
            lambda_branch=50.0,
            eta=1e-10,
            theta_dist=20.0,
            theta_time=5.0,
            dist_thresh=40,
            time_thresh=2,
            apop_thresh=5,
            segmentation_miss_rate=0.1,
            apoptosis_rate=0.001,
            relax=True,
        ),
        "verbose": False,
    }


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Send what compiled code prints nowhere."""
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


PEERS: dict[str, dict[str, Peer]] = {
    "greedy": {"": greedy},
    "trackpy": {f"memory {memory}": trackpy_with(memory) for memory in (0, 2, 8)},
    "laptrack": {
        "": laptrack_with(0, False),
        "gap 2, splits": laptrack_with(2, True),
        "gap 8, splits": laptrack_with(8, True),
    },
    "btrack": {model: btrack_with(model) for model in ("cell", "particle")},
}
