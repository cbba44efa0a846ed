"""Kernels of motion against plain Python."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.interactions.motion.autocovariance import step_autocovariance
from coculture.interactions.motion.mean_squared import mean_squared_displacement
from coculture.interactions.motion.tracks import Tracks

pytestmark = pytest.mark.kernel


def uneven_tracks(seed: int) -> Tracks:
    """Tracks with gaps, jitter and off-beat points."""
    rng = np.random.default_rng(seed)
    ids, times = [], []
    for track in range(5):
        grid = np.sort(rng.choice(12, size=rng.integers(1, 9), replace=False)).astype(float)
        times.append(grid * 2 + rng.uniform(-0.3, 0.3, len(grid)) * (track % 2))
        ids.append(np.full(len(grid), track))
    t = np.concatenate(times)
    return Tracks.from_arrays(np.concatenate(ids), t, rng.normal(size=(len(t), 1 + seed % 3)), step_min=2.0, step_tolerance=0.2)


def plain_pairs(tracks: Tracks, kind: str) -> dict[int, list[tuple[int, float, float]]]:
    """For each lag: track, squared displacement and true lag of every pair."""
    found: dict[int, list[tuple[int, float, float]]] = {}
    for m in range(tracks.n_tracks):
        begin, end = tracks.start[m], tracks.start[m + 1]
        for i in range(begin, end if kind != "from the start" else begin + 1):
            for j in range(i + 1, end):
                lag = tracks.t_min[j] - tracks.t_min[i]
                k = round(lag / tracks.step_min)
                since = round((tracks.t_min[i] - tracks.t_min[begin]) / tracks.step_min)
                if k < 1 or abs(lag - k * tracks.step_min) > tracks.step_tolerance * tracks.step_min:
                    continue
                if kind == "apart" and since % k:
                    continue
                found.setdefault(k, []).append((m, float(((tracks.positions[j] - tracks.positions[i]) ** 2).sum()), lag))
    return found


@pytest.mark.parametrize("kind", ["overlapping", "apart", "from the start"])
@pytest.mark.parametrize("seed", range(6))
def test_squared_displacements(seed: int, kind: str) -> None:
    tracks = uneven_tracks(seed)
    expected = plain_pairs(tracks, kind)
    curve = mean_squared_displacement(tracks, pairs=kind)  # type: ignore[arg-type]
    table = curve.table.set_index("lag_steps")
    assert sorted(expected) == list(table.index)
    for k, pairs in expected.items():
        values = np.array([value for _, value, _ in pairs])
        assert table.loc[k, "n_pairs"] == len(pairs)
        assert table.loc[k, "msd_um2"] == pytest.approx(values.mean(), rel=1e-12)
        assert table.loc[k, "lag_min"] == pytest.approx(np.mean([lag for _, _, lag in pairs]), rel=1e-12)
        if len(pairs) > 1:
            assert table.loc[k, "standard_error_um2"] == pytest.approx(values.std(ddof=1) / np.sqrt(len(values)), abs=1e-12)
        owners = {m for m, _, _ in pairs}
        assert table.loc[k, "n_tracks"] == len(owners)
        if len(owners) > 1:
            off = [sum(value - values.mean() for m, value, _ in pairs if m == owner) for owner in owners]
            error = np.sqrt(np.sum(np.square(off)) * len(owners) / (len(owners) - 1)) / len(pairs)
            assert table.loc[k, "track_standard_error_um2"] == pytest.approx(error, abs=1e-12)


@pytest.mark.parametrize("of", ["velocity", "displacement", "direction"])
@pytest.mark.parametrize("seed", range(4))
def test_step_products(seed: int, of: str) -> None:
    tracks = uneven_tracks(seed)
    steps = tracks.steps
    found: dict[int, list[float]] = {}
    for i in np.flatnonzero(steps.regular):
        for j in np.flatnonzero(steps.regular):
            if steps.track[i] != steps.track[j] or j < i:
                continue
            lag = tracks.t_min[steps.first[j]] - tracks.t_min[steps.first[i]]
            k = round(lag / 2.0)
            if abs(lag - 2.0 * k) > 0.4:
                continue
            scale = {
                "velocity": steps.duration_min[i] * steps.duration_min[j],
                "displacement": 1.0,
                "direction": steps.length_um[i] * steps.length_um[j],
            }[of]
            found.setdefault(k, []).append(float(steps.vector[i] @ steps.vector[j]) / scale)
    curve = step_autocovariance(tracks, of=of)  # type: ignore[arg-type]
    assert sorted(found) == list(curve.table["lag_steps"])
    for k, value, pairs in zip(curve.table["lag_steps"], curve.values, curve.table["n_pairs"], strict=True):
        assert pairs == len(found[k])
        assert value == pytest.approx(np.mean(found[k]), rel=1e-12)
