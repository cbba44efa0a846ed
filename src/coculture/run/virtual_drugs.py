"""From the compounds of a recipe, and the library, to the drugs of a virtual screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from coculture.compounds.carrier import Carrier
from coculture.compounds.citation import Cited, Source
from coculture.compounds.compound import Compound, Effect
from coculture.compounds.effects.behaviour import BehaviourEffect
from coculture.compounds.effects.curve import EffectCurve
from coculture.compounds.effects.link import LinkEffect
from coculture.compounds.effects.pair import Action, PairEffect
from coculture.compounds.effects.viability import ViabilityEffect
from coculture.compounds.expansion import expand
from coculture.compounds.library import standard_library
from coculture.compounds.naming import folded
from coculture.compounds.serum import free_fraction
from coculture.errors import CocultureError, InputError, Problem
from coculture.plate.treatment import Part, Treatment
from coculture.run.recipe.carrier import Carrier as DeclaredCarrier
from coculture.run.recipe.compound import Compound as Declared
from coculture.run.recipe.compound import CompoundEffect
from coculture.run.recipe.virtual import VirtualSource
from coculture.run.virtual_carriers import declared_carrier, library_carrier, um_of_drug, validity_notes
from coculture.sources.virtual_chip.carriers.carrier import DosedCarrier
from coculture.sources.virtual_chip.drug import Drug

RECIPE = Source("recipe", "declared in the recipe", "assumed")

ACTIONS: dict[str, Action] = {
    "antagonist": "competitive antagonist",
    "inhibitor": "signalling inhibitor",
    "agonist": "agonist",
    "inverse agonist": "inverse agonist",
}


@dataclass
class DrugCabinet:
    """The drugs of a screen.

    Attributes
    ----------
    drugs : by name.
    carriers : nano-carriers, by name.
    substances : (name, unit) of what is dosed → µM of each drug (or of a carrier's load) that one unit of it brings.
    problems : what is dosed and cannot be used.
    notes : what a reader must know.
    """

    drugs: dict[str, Drug] = field(default_factory=dict)
    carriers: dict[str, DosedCarrier] = field(default_factory=dict)
    substances: dict[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def cabinet(source: VirtualSource, treatments: Iterable[str], where: str) -> DrugCabinet:
    """Return the drugs that some treatments need: declared in the recipe, or from the library.

    Parameters
    ----------
    source : the recipe's section.
    treatments : texts of the plate map.
    where : the recipe's file, for messages.
    """
    found = DrugCabinet()
    declared = {one.name: one for one in source.compound}
    carriers = {one.name: one for one in source.carrier}
    vehicles = {folded(name) for name in source.vehicles}
    parts = {(part.compound, part.unit) for text in dict.fromkeys(treatments) for part in Treatment.parse(text).parts}
    for name, unit in sorted(parts):
        try:
            if folded(name) in vehicles:
                found.substances[name, unit] = {}
            elif name in carriers:
                _declared_carrier(carriers[name], unit, source, found)
            elif name in declared:
                found.drugs[name] = declared_drug(declared[name], source)
                found.substances[name, unit] = {name: _um_per_unit(found.drugs[name], unit)}
            else:
                _from_library(name, unit, source, found)
        except CocultureError as error:
            found.problems += [_placed(problem, where, name) for problem in error.problems]
    return found


def _placed(problem: Problem, where: str, name: str) -> Problem:
    remedy = problem.remedy or "declare it as [[source.compound]]"
    if "in the library" in problem.what:
        remedy = f'declare it as [[source.compound]] with name = "{name}"; {problem.remedy}'
    return Problem(problem.what, f"{where}, compound '{name}'", remedy)


def _um_per_unit(drug: Drug, unit: str) -> float:
    if unit == "uM":
        return 1.0
    if unit == "ug/mL" and drug.molar_mass_g_per_mol is not None:
        return 1e3 / drug.molar_mass_g_per_mol
    if unit == "ug/mL":
        raise InputError(
            f"'{drug.name}' is dosed in µg/mL, and its molar mass is not known", drug.name, "add molar_mass_g_per_mol"
        )
    raise InputError(f"'{drug.name}' is dosed in '{unit}', which is no concentration", drug.name, "dose it in uM or ug/mL")


def _from_library(name: str, unit: str, source: VirtualSource, found: DrugCabinet) -> None:
    library = standard_library()
    if isinstance(entry := library.find(name), Carrier):
        known = library.get(entry.drug, Compound)
        load = found.drugs.setdefault(known.name, library_drug(known, source, found.notes))
        carrier = library_carrier(entry, load)
        _keep_carrier(carrier, name, unit, um_of_drug(carrier, entry.load_mg_per_g.value, load, unit), source, found)
        return
    brought = expand(Part(name, 1.0, unit))
    for drug in brought:
        if drug not in found.drugs:
            found.drugs[drug] = library_drug(library.get(drug, Compound), source, found.notes)
    found.substances[name, unit] = brought


def _declared_carrier(asked: DeclaredCarrier, unit: str, source: VirtualSource, found: DrugCabinet) -> None:
    own = {one.name: one for one in source.compound}
    if asked.drug in own:
        drug = found.drugs.setdefault(asked.drug, declared_drug(own[asked.drug], source))
    else:
        entry = standard_library().get(asked.drug, Compound)
        drug = found.drugs.setdefault(entry.name, library_drug(entry, source, found.notes))
    carrier = declared_carrier(asked, drug)
    _keep_carrier(carrier, asked.name, unit, um_of_drug(carrier, asked.load_mg_per_g, drug, unit), source, found)


def _keep_carrier(
    carrier: DosedCarrier, name: str, unit: str, um_per_unit: float, source: VirtualSource, found: DrugCabinet
) -> None:
    found.carriers[carrier.name] = carrier
    found.substances[name, unit] = {carrier.name: um_per_unit}
    notes = [*validity_notes(carrier.name, carrier.release, source.hours)]
    if any(isinstance(effect, LinkEffect) for effect in found.drugs[carrier.drug].effects):
        notes.append(
            f"{carrier.name}: {carrier.drug} acts on links by the dose at the start, when carriers have released nothing"
        )
    found.notes += [note for note in notes if note not in found.notes]


def library_drug(compound: Compound, source: VirtualSource, notes: list[str]) -> Drug:
    """Return a compound of the library as a drug; what is not known of it goes to ``notes``."""

    def known(read: Callable[[], float], otherwise: float | None, missing: str) -> float | None:
        try:
            return read()
        except CocultureError:
            if missing:
                notes.append(f"{compound.name}: {missing}")
            return otherwise

    serum, travels = source.serum_fraction, source.dosing == "delivered"
    free = known(lambda: compound.free_fraction(serum), 1.0, "how serum binds it is not known; taken as free") if serum else 1.0
    spread = known(lambda: compound.diffusion().um2_per_min, None, "") if travels else None
    return Drug(
        compound.name,
        compound.effects,
        known(compound.molar_mass, None, ""),
        1.0 if free is None else free,
        diffusion_um2_per_min=spread,
    )


def declared_drug(asked: Declared, source: VirtualSource) -> Drug:
    """Return a compound that the recipe declares."""
    bound = asked.plasma_bound_fraction
    return Drug(
        asked.name,
        tuple(_effect(one) for one in asked.effect),
        asked.molar_mass_g_per_mol,
        1.0 if bound is None else free_fraction(bound, source.serum_fraction),
        asked.diffusion_um2_per_min,
        asked.decay_per_min,
        asked.pdms_partition,
        asked.pdms_diffusion_um2_per_min,
    )


def _effect(asked: CompoundEffect) -> Effect:
    curve = EffectCurve(Cited(asked.half_um, RECIPE), Cited(asked.slope, RECIPE), "uM")
    largest = None if asked.largest_factor is None else Cited(asked.largest_factor, RECIPE)
    cells = asked.cells or ()
    if asked.kind == "viability":
        assert asked.alive_fraction is not None
        assert asked.exposure_h is not None
        alive, exposure = Cited(asked.alive_fraction, RECIPE), Cited(asked.exposure_h, RECIPE)
        return ViabilityEffect(asked.way or "apoptosis", cells, curve, alive, exposure)
    if asked.kind in ACTIONS:
        return PairEffect(asked.ligand or "", asked.receptor or "", ACTIONS[asked.kind], curve, largest)
    assert largest is not None
    if asked.kind == "link":
        return LinkEffect(asked.link or "junction", "", curve, largest)
    return BehaviourEffect(asked.behaviour or "", cells, curve, largest)
