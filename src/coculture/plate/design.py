"""Generate a plate map: dose series, combinations, replicates and controls, placed on as many plates as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

import numpy as np
import pandas as pd

from coculture.errors import InputError, Problem
from coculture.plate.dose_series import DoseSeries
from coculture.plate.layout import Layout
from coculture.plate.placement import Placement, place_blocks, plan_plates, spread, usable_positions, without
from coculture.plate.plate_map import PlateMap, arrange
from coculture.plate.treatment import Part, Treatment
from coculture.randomness import stream

NOTHING = Treatment()

PLACEMENTS: tuple[Placement, ...] = ("randomised", "blocked", "ordered")


@dataclass(frozen=True)
class DesignSpec:
    """What a screen asks, before it is laid out.

    Attributes
    ----------
    layout : the grid of every plate.
    series : compounds, each at its doses.
    combinations : two or three series; every dose of one with every dose of the others. The doses of one alone are in the
        design only if the series is also in ``series``.
    mixtures : treatments of several parts, made by ``plate.designs_of_mixtures``.
    references : known compounds that are judged like treatments.
    replicates : wells of each treatment, in each condition and donor.
    negatives, positives, untreated : control wells on each plate, in each condition.
    blanks : wells without cells on each plate.
    positive : what the positive controls get; needed if there are any.
    vehicle : name of what the negative controls get, '' if it has none.
    background : parts that every well with cells gets beside its treatment (a stimulus, a carrier's serum).
    conditions : arms of the screen, side by side on every plate; ``("",)`` for one without a name.
    donors : where cells come from; each has plates of its own. ``("",)`` for one without a name.
    placement : ``randomised``: every treatment well anywhere on any plate of its donor. ``blocked``: each replicate
        forms a block of neighbouring columns (or whole plates), randomised within. ``ordered``: as listed, row by row,
        for pipetting by hand; replicates side by side. Controls are spread over the plate in all three.
    edge_margin : how many rings of wells at the edge stay empty.
    plate_prefix : plates are named by it and a number.

    Raises
    ------
    InputError : with everything that cannot be laid out: no treatments, negative counts, controls that leave no room,
        positive controls without a treatment, a treatment listed twice.
    """

    layout: Layout
    series: tuple[DoseSeries, ...] = ()
    combinations: tuple[tuple[DoseSeries, ...], ...] = ()
    mixtures: tuple[Treatment, ...] = ()
    references: tuple[DoseSeries, ...] = ()
    replicates: int = 3
    negatives: int = 8
    positives: int = 0
    untreated: int = 0
    blanks: int = 0
    positive: Treatment = NOTHING
    vehicle: str = ""
    background: tuple[Part, ...] = ()
    conditions: tuple[str, ...] = ("",)
    donors: tuple[str, ...] = ("",)
    placement: Placement = "randomised"
    edge_margin: int = 0
    plate_prefix: str = "P"

    def __post_init__(self) -> None:
        problems = [Problem(what, "design", remedy) for what, remedy in self._problems()]
        if problems:
            raise InputError(problems)

    def _problems(self) -> Iterator[tuple[str, str]]:
        for name in ("negatives", "positives", "untreated", "blanks", "edge_margin"):
            if getattr(self, name) < 0:
                yield f"{name} is {getattr(self, name)}", "give 0 or more"
        if self.replicates < 1:
            yield f"replicates is {self.replicates}", "give 1 or more"
        if self.placement not in PLACEMENTS:
            yield f"unknown placement '{self.placement}'", "use one of: " + ", ".join(PLACEMENTS)
        if self.positives > 0 and not self.positive.parts:
            yield "there are positive controls, and nothing says what they get", "give positive = 'compound dose unit'"
        for name in ("conditions", "donors"):
            if len(set(getattr(self, name))) != len(getattr(self, name)) or not getattr(self, name):
                yield f"{name} is empty or names one twice: {', '.join(getattr(self, name))}", "name each once"
        yield from self._problems_of_room()
        yield from self._problems_of_treatments()

    def _problems_of_room(self) -> Iterator[tuple[str, str]]:
        if min(self.edge_margin, self.negatives, self.positives, self.untreated, self.blanks) >= 0 and self.capacity < 1:
            what = f"controls take {self.controls} of {self.usable} usable wells on a plate of {self.layout.name}"
            yield what, "use fewer controls, a smaller edge margin or a larger layout"

    def _problems_of_treatments(self) -> Iterator[tuple[str, str]]:
        texts = [treatment.text for _, treatment in self.treatments()]
        if not texts:
            yield "there is nothing to test", "give at least one series, combination or mixture"
        repeated = sorted({text for text in texts if texts.count(text) > 1}) if len(set(texts)) < len(texts) else []
        for text in repeated:
            yield f"'{text}' is in the design twice", "list it once; replicates repeat it"

    @property
    def usable(self) -> int:
        """Wells of a plate that may be used."""
        return len(usable_positions(self.layout, self.edge_margin))

    @property
    def controls(self) -> int:
        """Control wells on each plate, blanks included."""
        return len(self.conditions) * (self.negatives + self.positives + self.untreated) + self.blanks

    @property
    def capacity(self) -> int:
        """Wells left for treatments on each plate."""
        return self.usable - self.controls

    def treatments(self) -> list[tuple[str, Treatment]]:
        """Return (role, treatment) of everything that is tested, in the order listed, background included."""
        background = self.background
        found: list[tuple[str, tuple[Part, ...]]] = [("treatment", (part,)) for series in self.series for part in series.parts]
        found += [("treatment", parts) for joined in self.combinations for parts in product(*(series.parts for series in joined))]
        found += [("treatment", mixture.parts) for mixture in self.mixtures]
        found += [("reference", (part,)) for series in self.references for part in series.parts]
        return [(role, Treatment((*parts, *background))) for role, parts in found]


@dataclass(frozen=True)
class _Kind:
    """What is in a well."""

    role: str
    treatment: Treatment
    vehicle: str
    condition: str


def generate_design(spec: DesignSpec, seed: int) -> PlateMap:
    """Lay a design out.

    Parameters
    ----------
    spec : what is asked.
    seed : the same seed gives the same plates; a donor's plates do not depend on the donors beside it.

    Returns
    -------
    PlateMap : all plates of all donors, named by ``spec.plate_prefix`` and a number from 1.
    """
    controls, control_numbers = _controls(spec)
    tested = [_Kind(role, what, "", arm) for role, what in spec.treatments() for arm in spec.conditions]
    frames = []
    plates = 0
    for donor in spec.donors:
        frame = _donor_wells(spec, control_numbers, len(tested), partial(stream, seed, "design", donor))
        frame["plate"] += plates
        frame["donor"] = donor
        plates = int(frame["plate"].max())
        frames.append(frame)
    wells = _describe(pd.concat(frames, ignore_index=True), [*controls, *tested], len(controls))
    wells["plate"] = [f"{spec.plate_prefix}{number}" for number in wells["plate"]]
    return PlateMap(arrange(wells, spec.layout), spec.layout)


def _controls(spec: DesignSpec) -> tuple[list[_Kind], list[int]]:
    """Return the kinds of controls and how many wells of each a plate has."""
    positive = Treatment((*spec.positive.parts, *spec.background))
    kinds, numbers = [], []
    for arm in spec.conditions:
        kinds.append(_Kind("negative", Treatment(spec.background), spec.vehicle, arm))
        kinds.append(_Kind("positive", positive, "", arm))
        kinds.append(_Kind("untreated", Treatment(), "", arm))
        numbers += [spec.negatives, spec.positives, spec.untreated]
    return [*kinds, _Kind("blank", Treatment(), "", "")], [*numbers, spec.blanks]


def _donor_wells(
    spec: DesignSpec, control_numbers: list[int], tested: int, draw: Callable[[str], np.random.Generator]
) -> pd.DataFrame:
    """Return one donor's wells: plate (from 1), well, kind (controls first, then what is tested), replicate."""
    layout = spec.layout
    names = np.array(layout.wells(), dtype=object).reshape(layout.rows, layout.columns)
    usable = usable_positions(layout, spec.edge_margin)
    control_kinds = np.repeat(np.arange(len(control_numbers)), control_numbers)
    frames = []
    for plate, blocks in enumerate(plan_plates(tested, spec.replicates, spec.capacity, spec.placement, draw("plan")), start=1):
        taken = np.concatenate(spread(usable, control_numbers, draw(f"controls of plate {plate}")))
        free = without(usable, taken)
        chosen = place_blocks(free, [len(block) for block in blocks], spec.placement, draw(f"wells of plate {plate}"))
        at = np.concatenate([taken, chosen])
        entries = np.concatenate(blocks)
        kind = np.concatenate([control_kinds, entries[:, 0] + len(control_numbers)])
        replicate = np.concatenate([np.zeros(len(taken), dtype=np.int64), entries[:, 1]])
        frames.append(pd.DataFrame({"plate": plate, "well": names[at[:, 0], at[:, 1]], "kind": kind, "replicate": replicate}))
    return pd.concat(frames, ignore_index=True)


def _describe(wells: pd.DataFrame, kinds: list[_Kind], controls: int) -> pd.DataFrame:
    """Put role, treatment and condition in place of the kind's number, and count the controls' replicates."""
    kind = wells.pop("kind").to_numpy()
    is_control = kind < controls
    counted = wells.assign(kind=kind).groupby(["kind", "donor"]).cumcount() + 1
    wells["replicate"] = wells["replicate"].where(~is_control, counted)
    texts = {
        "role": [one.role for one in kinds],
        "treatment": [one.treatment.text for one in kinds],
        "compound": [one.treatment.compound or one.vehicle for one in kinds],
        "dose_unit": [one.treatment.dose_unit for one in kinds],
        "condition": [one.condition for one in kinds],
    }
    for name, values in texts.items():
        wells[name] = np.array(values, dtype=object)[kind]
    wells["dose"] = np.array([one.treatment.dose for one in kinds])[kind]
    wells["batch"] = ""
    return wells.astype(dict.fromkeys([*texts, "well", "donor", "batch"], "str"))
