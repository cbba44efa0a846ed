"""Laws of point patterns: uniform cells look uniform in a window of any shape."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from coculture.interactions.heterotypic.cross_k import cross_type_functions
from coculture.interactions.heterotypic.envelopes import cross_type_envelope
from coculture.interactions.heterotypic.window import Window
from coculture.randomness import stream

RADII = np.array([10.0, 25.0, 50.0, 100.0])
FEW = 30 if numba.config.DISABLE_JIT else 120


def l_shape() -> Window:
    mask = np.zeros((100, 100), bool)
    mask[:, :30], mask[70:, :] = True, True
    return Window.from_mask(mask, 10.0)


@pytest.mark.parametrize("window", [Window.rectangle(700.0, 500.0), l_shape()], ids=["rectangle", "L"])
def test_k_and_g_of_uniform_cells_are_unbiased(window: Window) -> None:
    rng, types = stream(1, str(window.area_um2)), np.repeat(["a", "b"], [60, 90])
    drawn = [cross_type_functions(window.sample(150, rng), types, window, RADII, bandwidth_um=8.0) for _ in range(FEW)]
    for name, expected in (("k_um2", np.tile(np.pi * RADII**2, 3)), ("g", np.ones(12))):
        seen = np.stack([table[name].to_numpy() for table in drawn])
        error = (seen.mean(axis=0) - expected) / (seen.std(axis=0) / np.sqrt(FEW))
        assert np.abs(error).max() < 3.5
        if FEW > 100:
            assert np.abs(seen.mean(axis=0) / expected - 1)[[2, 3, 6, 7, 10, 11]].max() < 0.05


def test_without_correction_the_l_would_look_dispersed() -> None:
    """The window matters: counting pairs as if it had no walls loses a third of them at 100 µm."""
    window, rng = l_shape(), stream(2)
    walled, blind = [], []
    for _ in range(30):
        points = window.sample(150, rng)
        walled.append(cross_type_functions(points, ["a"] * 150, window, RADII, bandwidth_um=8.0)["k_um2"].iloc[-1])
        apart = np.linalg.norm(points[:, None] - points[None], axis=2)
        blind.append(((apart <= 100).sum() - 150) * window.area_um2 / (150 * 149))
    assert np.mean(walled) / (np.pi * 1e4) == pytest.approx(1, abs=0.03)
    assert np.mean(blind) / (np.pi * 1e4) < 0.85


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="too many draws for plain Python")
@pytest.mark.parametrize("null", ["labels", "positions"])
def test_envelopes_call_uniform_cells_at_their_level(null: str) -> None:
    window, rng, called, runs = l_shape(), stream(3, null), 0, 100
    for _ in range(runs):
        points = window.sample(60, rng)
        table = cross_type_envelope(
            points, np.repeat(["a", "b"], 30), window, RADII, rng, curve="k", null=null, n_simulations=19, level=0.1
        )
        called += int(table.loc[table["type_a"] != table["type_b"], "p_value"].iloc[0] <= 0.1)
    assert 0.02 < called / runs < 0.19  # 0.1 ± 3 standard errors
