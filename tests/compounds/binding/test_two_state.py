"""A receptor active without ligand: the two-state model against its own partition sum, and the effects that rest on it."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.compounds.binding.occupancy import gaddum_occupancy
from coculture.compounds.binding.two_state import active_share, activity_of, ec50_of
from coculture.compounds.citation import Cited, Source
from coculture.compounds.effects.curve import EffectCurve
from coculture.compounds.effects.pair import Action, PairEffect
from coculture.errors import InputError

MADE_UP = Source("made up", "made up for a test", "assumed")
DOSES = np.array([0.0, 0.01, 0.3, 1.0, 7.0, 1e3])


def partition_sum(isomerisation: float, ligands: list[tuple[np.ndarray | float, float, float]]) -> np.ndarray:
    """Return R*/R_all by counting R, R*, and both with each ligand (concentration, K, α) on it."""
    active, silent = isomerisation, 1.0
    for um, dissociation, alpha in ligands:
        silent = silent + um / dissociation
        active = active + isomerisation * alpha * um / dissociation
    return np.asarray(active / (active + silent))


@pytest.mark.parametrize("isomerisation", [1e-6, 0.1, 1.0, 9.0])
@pytest.mark.parametrize("alpha", [0.0, 0.02, 1.0, 50.0])
def test_counting_by_midpoint_and_activity_is_the_partition_sum(isomerisation: float, alpha: float) -> None:
    basal, k, agonist_k, agonist_alpha = isomerisation / (1 + isomerisation), 0.7, 2.0, 300.0
    ligands = [(DOSES[:, None], k, alpha), (DOSES[None, :], agonist_k, agonist_alpha)]
    ratios = [ligand[0] / ec50_of(ligand[1], ligand[2], basal) for ligand in ligands]
    activities = [activity_of(alpha, basal), activity_of(agonist_alpha, basal)]
    np.testing.assert_allclose(active_share(basal, ratios, activities), partition_sum(isomerisation, ligands), rtol=1e-12)


def effect(action: Action, half: float, largest: float | None = None) -> PairEffect:
    cited = None if largest is None else Cited(largest, MADE_UP)
    return PairEffect("A", "R", action, EffectCurve(Cited(half, MADE_UP), Cited(1.0, MADE_UP), "uM"), cited)


def test_on_basal_activity_an_agonist_raises_a_neutral_antagonist_leaves_and_an_inverse_agonist_lowers() -> None:
    isomerisation, k = 0.25, 0.5
    basal = 0.2
    for alpha, action in ((40.0, "agonist"), (1.0, "competitive antagonist"), (0.1, "inverse agonist")):
        own, half = activity_of(alpha, basal), ec50_of(k, alpha, basal)
        largest = {"agonist": own, "competitive antagonist": None, "inverse agonist": own / basal}[action]
        found = effect(action, half, largest).signal(0.0, 1.0, DOSES, basal)  # type: ignore[arg-type]
        np.testing.assert_allclose(found, partition_sum(isomerisation, [(DOSES, k, alpha)]), rtol=1e-12)
    agonist, neutral, inverse = (
        effect(action, 1.0, largest).signal(0.0, 1.0, 1e6, basal)  # type: ignore[arg-type]
        for action, largest in (("agonist", 0.9), ("competitive antagonist", None), ("inverse agonist", 0.1))
    )
    assert (agonist, neutral, inverse) == (pytest.approx(0.9, rel=1e-4), pytest.approx(0.2), pytest.approx(0.02, rel=1e-4))


def test_a_neutral_antagonist_takes_the_effect_of_an_inverse_agonist_away() -> None:
    both = active_share(0.3, [10.0, np.array([0.0, 1e5])], [0.0, 0.3])
    assert both == pytest.approx([0.3 / 11, 0.3], rel=1e-3)


def test_without_basal_activity_an_inverse_agonist_is_a_competitive_antagonist() -> None:
    found = effect("inverse agonist", 2.0, 0.1).signal(3.0, 1.5, DOSES)
    np.testing.assert_allclose(found, gaddum_occupancy(3.0, 1.5, DOSES, 2.0), rtol=1e-12)
    assert effect("inverse agonist", 2.0, 0.1).signal_factor(2.0) == pytest.approx(0.55)


def test_ligand_goes_from_basal_activity_to_all_with_its_midpoint_between() -> None:
    inhibitor = effect("signalling inhibitor", 1.0, 0.0)
    assert inhibitor.signal(1.5, 1.5, 0.0, 0.2) == pytest.approx(0.6)
    assert inhibitor.signal(1.5, 1.5, 1.0, 0.2) == pytest.approx(0.3)
    assert effect("competitive antagonist", 1.0).signal(1e9, 1.5, 0.0, 0.2) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: active_share(1.2, [], []), "constitutive"),
        (lambda: active_share(0.2, [-1.0], [0.5]), "a dose is negative"),
        (lambda: active_share(0.2, [1.0], [1.5]), "activity"),
        (lambda: active_share(0.2, [1.0], []), "1 doses and 0 activities"),
        (lambda: activity_of(1.0, 1.0), "1 - constitutive"),
        (lambda: ec50_of(0.0, 1.0, 0.2), "dissociation_um"),
    ],
)
def test_what_cannot_be_is_refused(call: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        call()  # type: ignore[operator]
