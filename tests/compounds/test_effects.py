"""Effects against what their equations say in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from coculture.compounds.binding.occupancy import gaddum_occupancy
from coculture.compounds.citation import Cited, CitedRange, Source
from coculture.compounds.effects.behaviour import BehaviourEffect
from coculture.compounds.effects.curve import EffectCurve
from coculture.compounds.effects.link import LinkEffect
from coculture.compounds.effects.pair import PairEffect
from coculture.compounds.effects.viability import ViabilityEffect
from coculture.errors import InputError

HERE = Source("here", "Chosen by us: for a test", "assumed")
DOSES = np.array([0.0, 0.1, 1.0, 3.0, 100.0])


def number(value: float) -> Cited:
    return Cited(value, HERE)


def curve(half: float = 3.0, slope: float = 1.0, unit: str = "uM") -> EffectCurve:
    return EffectCurve(number(half), number(slope), unit)


def test_a_behaviour_runs_from_one_to_its_largest_factor() -> None:
    effect = BehaviourEffect("migration_speed_um_per_min", ("tumour",), curve(3, 2), number(0.2))
    assert effect.factor(DOSES) == pytest.approx(1 - 0.8 * DOSES**2 / (DOSES**2 + 9))
    assert effect.factor(0) == 1
    assert effect.factor(3) == pytest.approx(0.6)
    assert effect.factor(1e9) == pytest.approx(0.2)
    assert effect.direction == "decrease"
    assert BehaviourEffect("x", (), curve(), number(2)).direction == "increase"
    assert BehaviourEffect("x", (), curve(), number(1)).direction == "none"
    assert effect.text == "decrease migration_speed_um_per_min of tumour ×0.2 at most, half at 3 µM, slope 2"
    assert set(effect.sources) == {HERE}


def test_a_link_is_cut_likewise() -> None:
    effect = LinkEffect("junction", "GJA1", curve(), number(0))
    assert effect.factor(DOSES) == pytest.approx(3 / (3 + DOSES))
    assert effect.text == "junction (GJA1) ×0 at most, half at 3 µM, slope 1"


def test_a_competitive_antagonist_is_gaddums() -> None:
    effect = PairEffect("CXCL12", "CXCR4", "competitive antagonist", curve(0.65))
    ligand = np.array([0.001, 0.004, 0.1])[:, None]
    assert effect.dose_ratio(DOSES) == pytest.approx(1 + DOSES / 0.65)
    assert effect.signal(ligand, 0.004, DOSES) == pytest.approx(gaddum_occupancy(ligand, 0.004, DOSES, 0.65))
    assert effect.signal_factor(DOSES) == pytest.approx(1)
    assert effect.added_signal(DOSES) == pytest.approx(0)


def test_saturating_ligand_overcomes_an_antagonist_but_not_an_inhibitor() -> None:
    antagonist = PairEffect("A", "B", "competitive antagonist", curve(1))
    inhibitor = PairEffect("A", "B", "signalling inhibitor", curve(1), number(0))
    assert antagonist.signal(1e9, 1.0, 10.0) == pytest.approx(1, abs=1e-6)
    assert inhibitor.signal(1e9, 1.0, 10.0) == pytest.approx(1 / 11)
    assert inhibitor.signal(1.0, 1.0, 1.0) == pytest.approx(0.25)
    assert inhibitor.dose_ratio(DOSES) == pytest.approx(1)


def test_an_agonist_signals_alone_and_a_partial_one_takes_from_the_ligand() -> None:
    full = PairEffect("A", "B", "agonist", curve(2), number(1))
    partial = PairEffect("A", "B", "agonist", curve(2), number(0.3))
    assert full.signal(0.0, 1.0, DOSES) == pytest.approx(DOSES / (DOSES + 2))
    assert full.signal(0.0, 1.0, DOSES) == pytest.approx(full.added_signal(DOSES))
    assert partial.signal(1e6, 1.0, 1e12) == pytest.approx(0.3, abs=1e-3)
    assert partial.signal(100.0, 1.0, 0.0) == pytest.approx(100 / 101)


def test_an_agonist_without_efficacy_is_refused() -> None:
    with pytest.raises(InputError, match="the action 'agonist' needs 'largest'"):
        PairEffect("A", "B", "agonist", curve()).added_signal(1.0)


def test_viability_and_the_rate_of_death_agree() -> None:
    effect = ViabilityEffect("apoptosis", (), curve(3.2, 2), number(0.05), number(24))
    alive = effect.viability(DOSES)
    assert alive == pytest.approx(1 - 0.95 * DOSES**2 / (DOSES**2 + 3.2**2))
    assert np.exp(-effect.death_per_min(DOSES) * 24 * 60) == pytest.approx(alive)
    assert effect.death_per_min(0) == 0
    assert effect.text == "apoptosis, half at 3.2 µM, slope 2, 0.05 alive after 24 h at most"


def test_negative_doses_are_refused() -> None:
    with pytest.raises(InputError, match="negative"):
        BehaviourEffect("x", (), curve(), number(0)).factor([-1.0])


def test_the_middle_of_a_range() -> None:
    assert CitedRange(1, 3, HERE).middle == 2
    assert CitedRange(1, None, HERE).middle == 1
    assert HERE.line == "Chosen by us: for a test [assumed]"
    assert Source("a", "Smith 2001", "read", "doi:1").line == "Smith 2001, doi:1 [read]"
