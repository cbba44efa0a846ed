"""From the keys of a cell type to the type: cycle, volume, death; faults that only the whole shows."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from coculture.cells.files.places import Place
from coculture.cells.files.type_keys import ApoptosisSection, CycleSection, NecrosisSection, TypeFile, VolumeSection
from coculture.cells.model import CellType, CycleModel, DeathModel, Phase, VolumeModel
from coculture.cells.standard_models import CYCLES
from coculture.errors import Problem
from coculture.typed_file.complaints import did_you_mean


def cell_type(keys: TypeFile) -> CellType:
    """Return the type, its behaviours as the file names them; the keys were found faultless by :func:`faults`."""
    return CellType(
        name=keys.name,
        cycle=_cycle(keys.cycle),
        volume=VolumeModel(**keys.volume.model_dump()),
        apoptosis=_death(keys.apoptosis),
        necrosis=_death(keys.necrosis),
        behaviours={**keys.behaviours_where_present, **keys.behaviours},
        internal=dict(keys.internal),
        adherent=keys.adherent,
    )


def faults(keys: TypeFile, place: Place) -> Iterable[Problem]:
    """Yield what is wrong in a type's cycle and volume."""
    yield from _volume_faults(keys.volume, place.part("volume"))
    yield from _cycle_faults(keys.cycle, place.part("cycle"))


def _volume_faults(volume: VolumeSection, place: Place) -> Iterable[Problem]:
    if volume.nuclear_um3 >= volume.total_um3:
        yield place.problem(
            f"the nucleus ({volume.nuclear_um3:g} µm³) is not smaller than the cell ({volume.total_um3:g} µm³)",
            ("nuclear_um3",),
            "total_um3 is the whole cell, its nucleus included",
        )


def _cycle_faults(cycle: CycleSection, place: Place) -> Iterable[Problem]:
    if cycle.model == "own":
        yield from _own_faults(cycle, place)
        return
    names = [phase.name for phase in CYCLES[cycle.model].phases]
    allowed = f"the model '{cycle.model}' has the phases " + ", ".join(names) if names else "the model 'none' has no phases"
    if cycle.phase:
        yield place.problem("phases are written out", ("phase",), f'{allowed}; write model = "own" to give your own')
    for key, named in (("mean_h", list(cycle.mean_h)), ("fixed", list(cycle.fixed or ()))):
        for name in named:
            if name not in names:
                path = (key, name) if key == "mean_h" else (key,)
                yield place.problem(f"unknown phase '{name}'", path, did_you_mean(name, names) + allowed)


def _own_faults(cycle: CycleSection, place: Place) -> Iterable[Problem]:
    if not cycle.phase:
        yield place.problem("an own cycle has no phase", ("model",), 'give [[cycle.phase]], or write model = "none"')
    if cycle.mean_h or cycle.fixed is not None:
        key = "mean_h" if cycle.mean_h else "fixed"
        yield place.problem("an own cycle says times in its phases", (key,), "write mean_h and fixed in [[cycle.phase]]")
    seen: set[str] = set()
    for number, phase in enumerate(cycle.phase):
        if phase.name in seen:
            yield place.problem(f"a second phase '{phase.name}'", ("phase", number, "name"), "give every phase its own name")
        seen.add(phase.name)
    dividing = [number for number, phase in enumerate(cycle.phase) if phase.divides]
    if len(dividing) > 1:
        yield place.problem("a second phase divides", ("phase", dividing[1], "divides"), "a cycle has one division")


def _cycle(keys: CycleSection) -> CycleModel:
    if keys.model == "own":
        own = tuple(Phase(one.name, one.mean_h * 60, one.fixed, one.divides, one.doubles, one.spread) for one in keys.phase)
        return CycleModel("own", own)
    phases = CYCLES[keys.model].phases
    if keys.fixed is not None:
        phases = tuple(dataclasses.replace(one, fixed=one.name in keys.fixed) for one in phases)
    phases = tuple(
        dataclasses.replace(one, mean_min=keys.mean_h[one.name] * 60) if one.name in keys.mean_h else one for one in phases
    )
    return CycleModel(keys.model, phases)


def _death(keys: ApoptosisSection | NecrosisSection) -> DeathModel:
    values = keys.model_dump()
    duration = values.pop("duration_h") * 60
    if isinstance(keys, NecrosisSection):
        values["rupture"] = values.pop("bursts_at")
    return DeathModel(duration_min=duration, **values)
