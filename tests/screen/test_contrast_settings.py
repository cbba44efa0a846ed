"""What a contrast may be asked, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from tests.screen.made_contrast import screen, settings

from coculture.errors import InputError
from coculture.screen.hits.base import Estimate
from coculture.screen.hits.intersection_union import one_sided
from coculture.screen.settings import ConditionContrast
from coculture.screen.well_table import check_wells


def test_tested_conditions() -> None:
    assert ConditionContrast("mono", "co").arms(["co", "mono", "serum"]) == ("co",)
    assert ConditionContrast("mono", ["serum", "co"]).arms(["co", "mono", "serum"]) == ("serum", "co")
    assert ConditionContrast("mono", "*").arms(["serum", "co", "mono", ""]) == ("co", "serum")
    assert ConditionContrast("mono", "*").text("serum") == "serum − mono"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"tested": "mono"}, "'mono' is compared with itself"),
        ({"tested": ["co", "mono"]}, "'mono' is compared with itself"),
        ({"tested": []}, "no tested condition is named"),
        ({"tested": "co", "doses": "lowest"}, "doses 'lowest' is not known\n.*all, highest"),
    ],
)
def test_contrasts_that_make_no_sense_are_refused(asked: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ConditionContrast("mono", **asked)  # type: ignore[arg-type]


def test_the_wells_must_hold_what_is_asked_for() -> None:
    wells = screen(3, {"a": 0.0}).assign(n_stroma="many")
    asked = settings("paired-t", toxic_doses={"b": (1.0,), "a": (7.0,)}, toxicity="n_stroma")
    with pytest.raises(InputError) as caught:
        check_wells(wells, asked)
    text = str(caught.value)
    assert "analysis.contrast.toxic_doses: no well got 'b'" in text
    assert "no well got 'a' at dose 7" in text
    assert "its doses are: 0.1, 1, 10" in text
    assert "analysis.contrast.toxicity: column 'n_stroma' does not hold numbers" in text
    with pytest.raises(InputError, match=r"analysis\.contrast: column 'n_other' is missing"):
        check_wells(wells, settings("paired-t", toxicity="n_other"))


def test_a_fall_within_its_margin_is_none() -> None:
    """A margin moves the test of a fall and not that of a rise."""
    effect, estimate = np.array([-0.02, -1.0]), Estimate(np.full(2, 0.1), np.full(2, 1e9))
    plain, allowed = one_sided(effect, estimate), one_sided(effect, estimate, fall_beyond=np.array([0.02, 0.02]))
    assert allowed.up == pytest.approx(plain.up)
    assert allowed.down[0] == pytest.approx(0.5)
    assert plain.down[0] < 0.45
    assert allowed.down[1] < 1e-15
