"""Settings refuse what cannot be meant, all at once."""

from __future__ import annotations

import pytest

from coculture.errors import InputError
from coculture.screen.settings import AnalysisSettings, ConditionContrast, Readout


def test_direction_must_be_known() -> None:
    with pytest.raises(InputError, match=r"readout 'a': direction 'sideways'.*\n.*up, down, both"):
        Readout("a", "a", "sideways")  # type: ignore[arg-type]


def test_every_problem_is_reported_at_once() -> None:
    twice = (Readout("a", "x", primary=True), Readout("a", "y", primary=True))
    with pytest.raises(InputError) as caught:
        AnalysisSettings(twice, fdr=0.0, confidence=1.0, flat_level=2.0, minimum_effect=-1.0, control_wells="outer")  # type: ignore[arg-type]
    text = str(caught.value)
    for part in (
        "two read-outs are named 'a'",
        "more than one read-out is primary",
        "fdr is 0.0",
        "confidence is 1.0",
        "flat_level is 2.0",
        "minimum_effect is -1.0",
        "control_wells 'outer' is not known",
    ):
        assert part in text


def test_a_readout_is_needed() -> None:
    with pytest.raises(InputError, match="no read-out is given"):
        AnalysisSettings(())


def test_primary_is_the_marked_or_the_first() -> None:
    first, second = Readout("a", "a"), Readout("b", "b")
    assert AnalysisSettings((first, second)).primary is first
    marked = Readout("b", "b", primary=True)
    assert AnalysisSettings((first, marked)).primary is marked


def test_contrast_reads_as_a_difference() -> None:
    assert ConditionContrast("mono", "co").text("co") == "co − mono"


def test_a_minimum_effect_counts_on_the_scale_it_was_meant_for():
    log2 = Readout("mixing", "m", normalise="as-given")
    own = Readout("own", "o", normalise="as-given", minimum_effect=0.3)
    percent = Readout("reporter", "r", normalise="normalised-percent-effect")
    settings = AnalysisSettings((log2, own, percent, Readout("plain", "p")), minimum_effect=20.0)
    assert [settings.minimum_effect_of(readout) for readout in settings.readouts] == [0.0, 0.3, 20.0, 20.0]
    with pytest.raises(InputError, match="minimum_effect is -1"):
        Readout("x", "x", minimum_effect=-1)
