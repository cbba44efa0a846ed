"""Mechanisms of 103 real treatments (BBBC021, well means of Ljosa et al. 2013) by the presets of docs/profiles.md."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from coculture.screen.profiles.mechanisms import RULES, mechanism_matches, prediction_accuracy
from coculture.screen.profiles.settings import PRESETS, ProfileSettings
from coculture.screen.profiles.steps.registry import prepared
from coculture.screen.profiles.treatments import treatment_profiles


def _layout() -> ModuleType:
    """Load what the wells held from the benchmark that uses it too."""
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "bbbc021_layout.py"
    spec = importlib.util.spec_from_file_location("bbbc021_layout", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("preset", "compound", "batch"), [("morphology", 0.91, 0.72), ("morphology-batches", 0.92, 0.80)])
def test_mechanisms_are_named(shared_data: Path, preset: str, compound: float, batch: float) -> None:
    """The bars are 0.85 and 0.80; the first preset was fixed before it was run, and misses the second."""
    profiles = _layout().read_profiles(shared_data / "morphology_profiles")
    assert len(profiles.wells) == 632
    assert profiles.negative.sum() == 330
    ready = prepared(profiles, ProfileSettings(steps=PRESETS[preset], mechanism="mechanism"))
    found = prediction_accuracy(mechanism_matches(treatment_profiles(ready, "mechanism", "batch"))).set_index("rule")
    assert found["n_treatments"].to_dict() == {RULES[0]: 103, RULES[1]: 92}
    assert found.loc[RULES[0], "accuracy"] >= compound
    assert found.loc[RULES[1], "accuracy"] >= batch
