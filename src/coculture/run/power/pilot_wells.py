"""Which virtual wells a pilot has: without effect, with it at every size, and positive controls, at every density of cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from coculture.compounds.citation import Cited, Source
from coculture.compounds.effects.behaviour import BehaviourEffect
from coculture.compounds.effects.curve import EffectCurve
from coculture.errors import InputError, Problem
from coculture.plate.layout import Layout
from coculture.plate.plate_map import PlateMap, arrange
from coculture.plate.treatment import Part, Treatment
from coculture.run.power.effect import WAYS, Effect, FactorEffect, ShiftEffect, TreatmentEffect
from coculture.run.virtual_drugs import cabinet
from coculture.run.virtual_job import virtual_settings
from coculture.run.virtual_plan import VirtualPlan
from coculture.sources.virtual_chip.drug import Drug
from coculture.sources.virtual_chip.drug_targets import targets_of
from coculture.sources.virtual_chip.settings import VirtualSettings
from coculture.sources.virtual_chip.source import VirtualChipSource

CHOSEN = Source("chosen", "chosen for the power calculation", "assumed")
_FULL_UM, _NEGLIGIBLE_UM = 1.0, 1e-9
LAYOUT = Layout.of(1536)


@dataclass(frozen=True)
class PilotSize:
    """How many wells of each kind a pilot has at one density.

    Attributes
    ----------
    control : without effect.
    effect : with the effect, at each size.
    positive : positive controls; 0 where no scale needs them.
    """

    control: int = 24
    effect: int = 12
    positive: int = 0


def usual_effect(plan: VirtualPlan) -> TreatmentEffect:
    """Return the effect of the plate map's positive control.

    Raises
    ------
    InputError : if it has none.
    """
    wells = plan.plate_map.wells
    positive = wells.loc[wells["role"] == "positive", "treatment"].astype(str)
    if positive.empty:
        raise InputError("the plate map has no positive control to take the effect from", "--effect", f"name one: {WAYS}")
    return TreatmentEffect(Treatment.parse(positive.iloc[0]))


def plate_name(density: float) -> str:
    """Return how the plate of pilot wells at a density is called; it addresses their random numbers."""
    return f"power {density:g}"


def pilot_sources(
    plan: VirtualPlan, effect: Effect, densities: Sequence[float], sizes: Sequence[float], wells: PilotSize
) -> dict[float, VirtualChipSource]:
    """Return the wells to be simulated, by density.

    Raises
    ------
    InputError : if the effect is none of a virtual culture, or finds nothing to act on.
    """
    dosed, settings = _dosed(plan, effect, sizes)
    own = plan.plate_map.wells
    vehicle = _first(own, "negative")
    positive = _first(own, "positive")
    rows = [("negative", vehicle, wells.control), ("positive", positive, wells.positive)]
    rows += [("treatment", dosed[size].text, wells.effect) for size in sizes]
    sources = {}
    for density in densities:
        seedings = tuple(replace(one, cells=round(one.cells * density)) for one in settings.seedings)
        table = _plate(plate_name(density), rows)
        sources[density] = VirtualChipSource(PlateMap(table, LAYOUT), replace(settings, seedings=seedings))
    return sources


def size_of_well(effect: Effect, sizes: Sequence[float]) -> dict[str, float]:
    """Return the effect size of each treatment's text."""
    return {_treatment(effect, number, size).text: size for number, size in enumerate(sizes)}


def _treatment(effect: Effect, number: int, size: float) -> Treatment:
    if isinstance(effect, TreatmentEffect):
        return effect.scaled(size)
    return Treatment((Part(f"effect_{number + 1}", _FULL_UM, "uM"),))


def _dosed(plan: VirtualPlan, effect: Effect, sizes: Sequence[float]) -> tuple[Mapping[float, Treatment], VirtualSettings]:
    """Return what wells of each size are given, and the screen's settings with the drugs for it."""
    settings = replace(virtual_settings(plan), photographs=None, keep_images=False)
    dosed = {size: _treatment(effect, number, size) for number, size in enumerate(sizes)}
    if isinstance(effect, ShiftEffect):
        raise InputError(
            f"'{effect.text}' is a shift of a read-out, and virtual wells are simulated", "--effect", f"give instead {WAYS}"
        )
    if isinstance(effect, TreatmentEffect):
        more = cabinet(plan.source, [one.text for one in dosed.values()], str(plan.loaded.path))
        if more.problems:
            raise InputError(more.problems)
        drugs, substances = {**settings.drugs, **more.drugs}, {**settings.substances, **more.substances}
        return dosed, replace(settings, drugs=drugs, substances=substances, carriers={**settings.carriers, **more.carriers})
    made = {f"effect_{number + 1}": _drug(number, effect, size) for number, size in enumerate(sizes)}
    _require_targets(made.values(), effect, plan)
    substances = {**settings.substances, **{(name, "uM"): {name: 1.0} for name in made}}
    return dosed, replace(settings, drugs={**settings.drugs, **made}, substances=substances)


def _drug(number: int, effect: FactorEffect, size: float) -> Drug:
    """Return a drug whose effect is full at the dose given."""
    curve = EffectCurve(Cited(_NEGLIGIBLE_UM, CHOSEN), Cited(1.0, CHOSEN), "uM")
    cells = (effect.cell_type,) if effect.cell_type else ()
    acts = BehaviourEffect(effect.behaviour, cells, curve, Cited(effect.scaled(size), CHOSEN))
    return Drug(f"effect_{number + 1}", (acts,), diffusion_um2_per_min=1e5)


def _require_targets(drugs: Sequence[Drug] | object, effect: FactorEffect, plan: VirtualPlan) -> None:
    missed = targets_of(drugs, plan.model, plan.source.genes).missed  # type: ignore[arg-type]
    if missed:
        raise InputError(Problem(missed[0][2], f"--effect '{effect.text}'", "see the behaviours of the culture's cell types"))


def _first(wells: pd.DataFrame, role: str) -> str:
    own = wells.loc[wells["role"] == role, "treatment"].astype(str)
    return str(own.iloc[0]) if len(own) else ""


def _plate(name: str, kinds: Sequence[tuple[str, str, int]]) -> pd.DataFrame:
    """Return the plate map of the pilot wells of one density."""
    places = iter(LAYOUT.wells())
    return arrange(pd.DataFrame(list(_rows(name, kinds, places))), LAYOUT)


def _rows(name: str, kinds: Sequence[tuple[str, str, int]], places: Iterator[str]) -> Iterator[dict[str, object]]:
    for role, text, number in kinds:
        given = Treatment.parse(text) if text else Treatment(())
        for _ in range(number):
            yield {
                "plate": name, "well": next(places), "role": role, "treatment": given.text, "compound": given.compound,
                "dose": given.dose, "dose_unit": given.dose_unit, "batch": "", "donor": "", "condition": "",
            }  # fmt: skip
