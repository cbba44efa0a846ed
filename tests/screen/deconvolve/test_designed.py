"""Analysis of designed mixtures: exact answers without noise, error control with it, and every refusal."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from coculture.errors import DataError, InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign
from coculture.plate.designs_of_mixtures.confirmation import confirmation_design
from coculture.plate.designs_of_mixtures.leave_one_out import knock_in, knock_out_and_in, leave_one_out
from coculture.plate.designs_of_mixtures.orthogonal import fold_over, orthogonal
from coculture.plate.designs_of_mixtures.pooled import pooled
from coculture.screen.deconvolve.designed.confirmation import confirm
from coculture.screen.deconvolve.designed.effects import effects
from coculture.screen.deconvolve.designed.leave_one_out import leave_one_out_effects
from coculture.screen.deconvolve.designed.level_range import level_range
from coculture.screen.deconvolve.designed.pooled_decoding import decode
from coculture.screen.deconvolve.designed.wells import DesignedWells

ABCD = ("a", "b", "c", "d")


def wells(design: MixtureDesign, response, replicates: int = 1, noise: float = 0.0, seed: int = 0) -> DesignedWells:
    """Every run ``replicates`` times; ``response`` of the shares."""
    run = np.repeat(np.arange(design.runs), replicates)
    exact = response(design.shares[run].T)
    return DesignedWells(design, run, exact + np.random.default_rng(seed).normal(0, noise, run.size))


def test_effects_are_exact_without_noise() -> None:
    design = fold_over(orthogonal(ABCD))
    found = effects(wells(design, lambda x: 5 - 2 * x[0] + x[1] + 3 * (x[0] - 0.5) * (x[2] - 0.5)), pairs=(("a", "c"),))
    table = found.table.set_index("term")
    assert table["effect"].tolist() == pytest.approx([-2, 1, 0, 0, 3])
    assert table.loc["a × c", "kind"] == "pair"
    assert found.degrees_of_freedom == 16 - 6
    assert not found.notes


def test_effects_have_the_standard_error_of_least_squares() -> None:
    """Two levels, n wells in balance: the variance of a main effect is 4 s² / n."""
    found = effects(wells(orthogonal(("a", "b", "c")), lambda x: x[0], replicates=3, noise=0.3))
    y = wells(orthogonal(("a", "b", "c")), lambda x: x[0], replicates=3, noise=0.3)
    means = np.array([y.response[y.run == one].mean() for one in range(4)])
    variance = ((y.response - means[y.run]) ** 2).sum() / 8
    row = found.table.iloc[0]
    assert row["standard_error"] == pytest.approx((4 * variance / 12) ** 0.5)
    assert row["high"] - row["low"] == pytest.approx(2 * stats.t.ppf(0.975, 8) * row["standard_error"])
    assert "mixed with pair interactions" in found.notes[0]


def test_curvature_over_three_levels() -> None:
    found = effects(wells(orthogonal(("a", "b"), 3), lambda x: 4 * (x[0] - 0.5) ** 2 + x[1]), squares=True)
    assert found.table.set_index("term").loc[["b", "a²", "b²"], "effect"].tolist() == pytest.approx([1, 4, 0])


def test_effects_refuse() -> None:
    y = wells(orthogonal(("a", "b", "c")), lambda x: x[0])
    with pytest.raises(DataError, match="cannot tell 6 terms apart"):
        effects(y, pairs="all")
    with pytest.raises(DataError, match="nothing to tell the noise from"):
        effects(y)
    with pytest.raises(InputError, match="'a × z' is no pair"):
        effects(y, pairs=(("a", "z"),))
    with pytest.raises(InputError, match="pairs is 'some'"):
        effects(y, pairs="some")


def test_level_range_by_hand() -> None:
    """L9, y = level of a: means 0, 1, 2, sum of squares 3 · (1 + 0 + 1) = 6; b moves nothing."""
    table = level_range(wells(orthogonal(("a", "b"), 3), lambda x: 2 * x[0])).set_index("ingredient")
    assert table.loc["a", ["mean_at_0", "mean_at_1", "mean_at_2", "range", "best_level"]].tolist() == pytest.approx(
        [0, 1, 2, 2, 2]
    )
    assert table["sum_of_squares"].tolist() == pytest.approx([6, 0])
    assert table.loc["a", "rank"] == 1
    noisy = level_range(wells(orthogonal(("a", "b"), 3), lambda x: 2 * x[0], replicates=2, noise=0.2))
    assert noisy["p_value"][0] < 1e-6


def test_knock_out_and_in_tells_partners_from_soloists() -> None:
    """c acts alone, a and b only together, d not at all."""
    y = wells(knock_out_and_in(ABCD), lambda x: -x[2] - 1.5 * x[0] * x[1], replicates=4, noise=0.05)
    found = leave_one_out_effects(y)
    reading = found.table.set_index("ingredient")["reading"]
    assert reading["c"] == "needed and sufficient"
    assert reading["a"] == reading["b"] == "needed, does nothing alone: acts with another"
    assert found.table["lost"].to_numpy() == pytest.approx([-1.5, -1.5, -1, 0], abs=0.15)
    assert found.degrees_of_freedom == 10 * 3
    lost = found.table.iloc[0]
    assert lost["lost_low"] < -1.5 < lost["lost_high"]


def test_each_half_alone_has_its_own_reading() -> None:
    out = leave_one_out_effects(wells(leave_one_out(ABCD), lambda x: x[0], 3, 0.05), fdr=0.001).table
    assert out["reading"].tolist() == ["needed", "loss not seen", "loss not seen", "loss not seen"]
    alone = leave_one_out_effects(wells(knock_in(ABCD), lambda x: x[0], 3, 0.05), fdr=0.001).table
    assert alone["reading"].tolist() == ["acts alone"] + 3 * ["does nothing alone"]


def test_leave_one_out_refuses() -> None:
    with pytest.raises(DataError, match="no run is repeated"):
        leave_one_out_effects(wells(leave_one_out(ABCD), lambda x: x[0]))
    with pytest.raises(InputError, match="neither the whole"):
        leave_one_out_effects(wells(MixtureDesign("mine", ABCD, np.eye(4)), lambda x: x[0], 2, 0.1))
    with pytest.raises(InputError, match="3 levels"):
        leave_one_out_effects(wells(orthogonal(ABCD, 3), lambda x: x[0], 2, 0.1))


def test_pools_name_the_active_ingredient_and_the_pair() -> None:
    names = tuple(f"i{one}" for one in range(20))
    design = pooled(names, 40, trials=3)
    found = decode(wells(design, lambda x: -x[3] - 1.2 * x[7] * x[11], noise=0.1), permutations=100)
    assert found.singles == ("i3",)
    assert found.pairs == (("i7", "i11"),)
    effect = found.table.set_index("term")["effect"]
    assert effect["i3"] == pytest.approx(-1, abs=0.15)
    assert decode(wells(design, lambda x: -x[3], noise=0.1), pairs=False, permutations=100).singles == ("i3",)
    exact = decode(wells(design, lambda x: -x[3]), permutations=100)
    assert exact.table["term"].tolist() == ["i3"]


def test_pools_of_nothing_are_decoded_at_the_stated_rate() -> None:
    design = pooled(tuple(f"i{one}" for one in range(10)), 16, trials=2)
    found = [
        not decode(wells(design, lambda x: 0 * x[0], noise=1, seed=seed), level=0.2, permutations=49, seed=seed).table.empty
        for seed in range(150)
    ]
    assert stats.binomtest(sum(found), 150, 0.2).pvalue > 0.001


def test_decode_refuses() -> None:
    y = wells(pooled(tuple("abcdefgh"), 8, trials=1), lambda x: x[0])
    with pytest.raises(InputError, match="level is 2"):
        decode(y, level=2)
    with pytest.raises(DataError, match="5 pools"):
        decode(wells(leave_one_out(ABCD), lambda x: x[0]))
    with pytest.raises(InputError, match="3 levels"):
        decode(wells(orthogonal(ABCD, 3), lambda x: x[0]))


def test_confirmation_tests_the_pair_against_the_sum() -> None:
    design = confirmation_design(ABCD, ["c"], [("a", "b")])
    assert set(design.run_names) == {"none", "a", "b", "c", "a + b"}
    found = confirm(wells(design, lambda x: -x[2] - x[0] * x[1] - 0.5 * x[0], replicates=4, noise=0.05), fdr=0.001)
    table = found.table.set_index("term")
    assert table.loc["a × b", "effect"] == pytest.approx(-1, abs=0.2)
    assert table["confirmed"].to_dict() == {"a": True, "b": False, "c": True, "a × b": True}


def test_confirmation_refuses() -> None:
    with pytest.raises(InputError, match="nothing to confirm"):
        confirmation_design(ABCD, [])
    with pytest.raises(InputError, match="'z' is not an ingredient"):
        confirmation_design(ABCD, ["z"])
    with pytest.raises(InputError, match="lacks nothing"):
        confirm(wells(leave_one_out(ABCD), lambda x: x[0], 2, 0.1))
    alone = MixtureDesign("mine", ABCD, np.array([[0, 0, 0, 0], [1, 1, 0, 0]]))
    with pytest.raises(InputError, match="not tested alone"):
        confirm(wells(alone, lambda x: x[0], 2, 0.1))


def test_wells_refuse() -> None:
    design = leave_one_out(ABCD)
    with pytest.raises(InputError, match="response"):
        DesignedWells(design, np.arange(3), np.zeros(2))
    with pytest.raises(InputError, match="not in 0 to 4"):
        DesignedWells(design, np.array([9]), np.zeros(1))
    with pytest.raises(InputError, match="a response is missing"):
        DesignedWells(design, np.array([0]), np.array([np.nan]))
