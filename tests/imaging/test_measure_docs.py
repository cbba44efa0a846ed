"""The page of features names every family and every feature."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coculture.imaging.measure.families import FAMILIES, family, feature_names

PAGE = Path(__file__).resolve().parents[2] / "docs" / "features.md"


def section(name: str) -> str:
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert found is not None, f"docs/features.md has no section '{name}'"
    return found[1]


def written(what: str) -> str:
    """How the page writes a feature: orders as n_m or p_q, rings as k, directions left off."""
    what = re.sub(r"^(raw|central|normalised)_\d_\d$", r"\1_p_q", what)
    what = re.sub(r"^(shape|magnitude|phase)_\d_\d$", r"\1_n_m", what)
    what = re.sub(r"^hu_[2-6]$", "hu_1", what)
    what = re.sub(r"_\dof4$", "_kof4", what)
    return re.sub(r"_3_[0-3]$", "", what)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_feature_is_on_the_page(name: str) -> None:
    text = section(name)
    for feature in feature_names([name], ("aaa", "bbb")):
        what = re.sub(r"(_(aaa|bbb))+$", "", feature.split("_", 2)[2])
        what = "k" if name == "granularity" else written(what)
        assert f"`{what}`" in text, f"{feature} is not in the section {name}"


@pytest.mark.parametrize("name", FAMILIES)
def test_the_overview_counts_what_is_measured(name: str) -> None:
    row = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{name}` |"))
    parts = getattr(family(name), "PARTS", ("cell",))
    fields = (("a",), ("a", "b"), ("a", "b", "c"))
    one, two, three = (len(feature_names([name], channels)) // len(parts) for channels in fields)
    per_pair = (three - two) - (two - one)
    expected = [one - (two - one), two - one] if per_pair == 0 else [per_pair]
    assert [int(number) for number in re.findall(r"\d+", row.split("|")[3])] == [n for n in expected if n > 0]
