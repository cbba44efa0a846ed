"""A small virtual screen for tests: two types, one ligand, and drugs made by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from tests.cases.two_types import CULTURE

from coculture.cells.files.reading import parse_model
from coculture.cells.model import CellModel
from coculture.compounds.citation import Cited, Source
from coculture.compounds.compound import Effect
from coculture.compounds.effects.behaviour import BehaviourEffect
from coculture.compounds.effects.curve import EffectCurve
from coculture.compounds.effects.link import LinkEffect
from coculture.compounds.effects.pair import Action, PairEffect
from coculture.compounds.effects.viability import ViabilityEffect
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PlateMap, arrange
from coculture.sources.virtual_chip.drug import Drug
from coculture.sources.virtual_chip.seeding import Seeding
from coculture.sources.virtual_chip.settings import VirtualSettings
from coculture.sources.virtual_chip.vessels.well import WellVessel

MADE_UP = Source("made up", "made up for a test", "assumed")


def model(more: str = "") -> CellModel:
    """Return the culture, with more lines."""
    return parse_model(CULTURE + more, "culture.toml")


def cited(value: float) -> Cited:
    return Cited(value, MADE_UP)


def curve(half: float = 1.0, slope: float = 1.0, unit: str = "uM") -> EffectCurve:
    return EffectCurve(cited(half), cited(slope), unit)


def on_behaviour(name: str, largest: float, cells: tuple[str, ...] = ()) -> BehaviourEffect:
    return BehaviourEffect(name, cells, curve(), cited(largest))


def on_ligand(action: Action = "competitive antagonist", largest: float | None = None, receptor: str = "") -> PairEffect:
    return PairEffect("ligand", receptor, action, curve(), None if largest is None else cited(largest))


def on_life(alive: float = 0.25, hours: float = 2.0, way: str = "apoptosis") -> ViabilityEffect:
    return ViabilityEffect(way, (), curve(1e-6), cited(alive), cited(hours))  # type: ignore[arg-type]


def on_link(link: str, largest: float) -> LinkEffect:
    return LinkEffect(link, "", curve(1e-6), cited(largest))  # type: ignore[arg-type]


def drug(*effects: Effect, name: str = "drug", **known: float) -> Drug:
    return Drug(name, effects, **known)


def settings(*drugs: Drug, **changed: object) -> VirtualSettings:
    """Return a screen of 300 µm wells that live for two hours."""
    usual: dict[str, object] = {
        "model": model(),
        "vessel": WellVessel((300.0, 300.0)),
        "seedings": (Seeding("tumour", 20), Seeding("stroma", 15)),
        "read_out_min": (0.0, 60.0, 120.0),
        "drugs": {one.name: one for one in drugs},
        "substances": {(one.name, "uM"): {one.name: 1.0} for one in drugs},
    }
    return VirtualSettings(**(usual | changed))  # type: ignore[arg-type]


def plate(**treatments: str) -> PlateMap:
    """Return a plate with the treatments of its wells; an empty one is a negative control, 'blank' a well without cells."""
    rows = [
        {"plate": "P1", "well": well, "role": _role(text), "treatment": "" if text == "blank" else text, "dose": 0.0}
        | {"compound": "", "dose_unit": "uM", "batch": "", "donor": "", "condition": ""}
        for well, text in treatments.items()
    ]
    layout = Layout.of(24)
    return PlateMap(arrange(pd.DataFrame(rows), layout), layout)


def _role(text: str) -> str:
    return "blank" if text == "blank" else "treatment" if text else "negative"


NOWHERE = Path("/nowhere")
"""A results folder for wells that need none."""
