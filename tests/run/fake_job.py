"""A job of the fake source, for tests of a run."""

from __future__ import annotations

from fake_source import FakeSource

from coculture.run.execute import Job
from coculture.run.recipe.reading import parse_recipe
from coculture.run.state import state_of

RECIPE = """
[screen]
name = "fake"
seed = 3
[source]
kind = "images"
images = "images"
pattern = "plain"
[source.channels]
dna = "w1"
[plate]
layout = 24
map = "map.csv"
[[readout]]
name = "ratio"
feature = "cell_fake_ratio"
direction = "up"
primary = true
[store]
images = false
"""


def fake_job(source: FakeSource | None = None, recipe: str = RECIPE) -> Job:
    """Return a job of the fake source."""
    parsed = parse_recipe(recipe)
    return Job(parsed, source or FakeSource(), state_of(parsed, {"images/a.tif": 3}, "hash of the map"))
