"""Designs of mixtures: the laws each kind must obey, and every refusal."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from coculture.errors import InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign
from coculture.plate.designs_of_mixtures.leave_one_out import knock_in, knock_out_and_in, leave_one_out
from coculture.plate.designs_of_mixtures.orthogonal import fold_over, hadamard, orthogonal
from coculture.plate.designs_of_mixtures.pooled import knock_out_groups, largest_correlation, pooled
from coculture.plate.designs_of_mixtures.uniform import centred_discrepancy, uniform
from coculture.plate.treatment import Part

HERBS = ("麻黄", "桂枝", "杏仁", "甘草")


def names(count: int) -> tuple[str, ...]:
    return tuple(f"h{one}" for one in range(count))


def test_leave_one_herb_out_is_the_whole_and_each_lack() -> None:
    design = leave_one_out(HERBS)
    assert design.runs == 5
    assert set(design.run_names) == {"all", *(f"all but {herb}" for herb in HERBS)}
    assert leave_one_out(HERBS, pairs=True).runs == 1 + 4 + 6
    assert set(knock_in(HERBS).run_names) == {"none", *HERBS}
    assert knock_out_and_in(HERBS).runs == 10
    assert design.frame().columns.tolist() == ["run", *HERBS]


def test_two_ingredients_share_runs_of_both_kinds() -> None:
    assert set(knock_out_and_in(("a", "b")).run_names) == {"all", "none", "a", "b"}


@pytest.mark.parametrize(
    ("count", "levels", "runs"),
    [(3, 2, 4), (7, 2, 8), (11, 2, 12), (15, 2, 16), (19, 2, 20), (4, 3, 9), (13, 3, 27), (6, 5, 25), (8, 7, 49)],
)
def test_orthogonal_arrays_have_strength_two(count: int, levels: int, runs: int) -> None:
    table = orthogonal(names(count), levels).levels
    assert table.shape == (runs, count)
    for i, j in combinations(range(count), 2):
        met = np.zeros((levels, levels), dtype=int)
        np.add.at(met, (table[:, i], table[:, j]), 1)
        assert (met == runs / levels**2).all()


def test_fold_over_parts_main_effects_from_pairs() -> None:
    design = fold_over(orthogonal(names(7)))
    x = 2 * design.levels - 1
    for i, j in combinations(range(7), 2):
        assert not (x.T @ (x[:, i] * x[:, j])).any()
    assert design.settings["strength"] == 3


@pytest.mark.parametrize("order", [1, 2, 4, 8, 12, 16, 20, 24, 32, 40])
def test_hadamard_matrices_are_orthogonal(order: int) -> None:
    matrix = hadamard(order)
    assert matrix is not None
    assert np.array_equal(matrix @ matrix.T, order * np.eye(order))
    assert hadamard(28) is None


def test_uniform_design_is_even_and_beats_chance() -> None:
    design = uniform(names(4), 12, trials=100)
    assert (np.sort(design.levels, axis=0) == np.arange(12)[:, None]).all()
    rng = np.random.default_rng(0)
    chance = [centred_discrepancy(np.column_stack([rng.permutation(12) for _ in range(4)]), 12) for _ in range(50)]
    assert design.settings["centred_discrepancy"] ** 2 < min(chance)
    assert np.array_equal(uniform(names(4), 12, trials=100).levels, design.levels)


def test_centred_discrepancy_of_one_centred_point() -> None:
    """One point at ½ in one dimension: 13/12 − 2 + 1 = 1/12."""
    assert centred_discrepancy(np.zeros((1, 1), dtype=np.int64), 1) == pytest.approx(1 / 12)


def test_uniform_design_without_enough_lattice_generators() -> None:
    assert uniform(names(5), 11, trials=5).levels.shape == (11, 5)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.7])
def test_pools_are_balanced(share: float) -> None:
    design = pooled(names(20), 24, share, trials=3)
    assert set(design.levels.sum(axis=1)) == {round(20 * share)}
    used = design.levels.sum(axis=0)
    assert used.max() - used.min() <= 1
    assert largest_correlation(design.levels) == design.settings["largest_correlation"] < 1
    assert np.array_equal(pooled(names(20), 24, share, trials=3).levels, design.levels)


def test_knock_out_groups_lack_their_share() -> None:
    assert set((1 - knock_out_groups(names(20), 16, 0.3).levels).sum(axis=1)) == {6}


def test_an_ingredient_in_every_pool_is_fully_confounded() -> None:
    assert largest_correlation(np.array([[1, 0], [1, 1]])) == 1.0


def test_treatments_keep_the_dose_of_what_stays() -> None:
    doses = {herb: Part(herb, 90.0, "ug/mL") for herb in HERBS}
    found = {len(one.parts): one for one in leave_one_out(HERBS).treatments(doses)}
    assert {part.dose for part in found[3].parts} == {90.0}
    three = MixtureDesign("mine", ("a",), np.array([[0], [1], [2]]), 3)
    assert [one.text for one in three.treatments({"a": Part("a", 10.0, "uM")})] == ["", "a 5 uM", "a 10 uM"]
    assert three.run_names == ("a=0", "a=1", "a=2")
    with pytest.raises(InputError, match="'桂枝' has no dose"):
        leave_one_out(HERBS).treatments({HERBS[0]: doses[HERBS[0]]})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: leave_one_out(("a",)), "there are 1 ingredients"),
        (lambda: leave_one_out(("a", "a")), "'a' is there twice"),
        (lambda: orthogonal(names(3), 4), "no orthogonal array of 4 levels"),
        (lambda: orthogonal(names(128)), "128 ingredients are more than 127"),
        (lambda: fold_over(orthogonal(names(3), 3)), "it has 3 levels"),
        (lambda: uniform(names(4), 5), "5 runs for 4 ingredients"),
        (lambda: pooled(names(8), 8, 0.01), "share of 0.01"),
        (lambda: MixtureDesign("mine", ("a", "b"), np.zeros((2, 3))), r"shape \(2, 3\)"),
        (lambda: MixtureDesign("mine", ("a",), np.array([[2]])), "not in 0 to 1"),
    ],
)
def test_designs_refuse(make, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()
