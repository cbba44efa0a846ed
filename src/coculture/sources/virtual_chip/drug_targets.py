"""Where the effects of drugs find their targets in a culture: from names to behaviours, rules and types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from coculture.cells.behaviours import BEHAVIOURS
from coculture.cells.links import junctions_of, notch_of, receptors_of
from coculture.cells.model import CellModel
from coculture.compounds.compound import Effect
from coculture.compounds.effects.behaviour import BehaviourEffect
from coculture.compounds.effects.link import LinkEffect
from coculture.compounds.effects.pair import PairEffect
from coculture.compounds.effects.viability import ViabilityEffect
from coculture.compounds.naming import folded
from coculture.sources.virtual_chip.drug import Drug
from coculture.sources.virtual_chip.drugged_cells import CellEffect
from coculture.sources.virtual_chip.receptor_effects import RuleEffect
from coculture.typed_file.complaints import did_you_mean

_NOT_DIVIDING = 1e-12


@dataclass(frozen=True)
class Targets:
    """What drugs do in one culture.

    Attributes
    ----------
    on_cells : effects on behaviours.
    on_rules : effects on what rules hear.
    on_links : effects on links between cells, by drug.
    missed : (drug, effect, why) of effects that find nothing to act on.
    """

    on_cells: tuple[CellEffect, ...]
    on_rules: tuple[RuleEffect, ...]
    on_links: tuple[tuple[Drug, LinkEffect], ...]
    missed: tuple[tuple[str, str, str], ...] = ()


def targets_of(drugs: Iterable[Drug], model: CellModel, genes: Mapping[str, str]) -> Targets:
    """Find what every effect of some drugs acts on.

    Parameters
    ----------
    drugs : the drugs.
    model : the culture.
    genes : name of a ligand or receptor in an effect → the solute or receptor of the culture that stands for it. A name that the
        culture itself has needs no entry.
    """
    cells: list[CellEffect] = []
    rules: list[RuleEffect] = []
    links: list[tuple[Drug, LinkEffect]] = []
    missed: list[tuple[str, str, str]] = []
    for drug in drugs:
        for effect in drug.effects:
            before = len(cells) + len(rules) + len(links)
            if isinstance(effect, LinkEffect):
                links += [(drug, effect)] * _has_link(model, effect)
            elif isinstance(effect, PairEffect):
                rules += _heard(drug, effect, model, genes)
                cells += _followed(drug, effect, model, genes)
            else:
                cells += _done(drug, effect, model)
            if len(cells) + len(rules) + len(links) == before:
                missed.append((drug.name, effect.text, _why(effect, model)))
    return Targets(tuple(cells), tuple(rules), tuple(links), tuple(missed))


def linked(model: CellModel, effects: Iterable[tuple[Drug, LinkEffect]], free: Mapping[str, float]) -> CellModel:
    """Return the culture with its links as drugs leave them at these free concentrations, µM, the same for the whole run."""
    links = dict(model.links)
    for drug, effect in effects:
        dose = drug.in_unit(np.array([free.get(drug.name, 0.0)]), effect.curve)
        factor = float(effect.factor(dose)[0])
        notch = links.get("notch")
        if effect.link == "junction":
            channels = junctions_of(replace(model, links=links))
            links["junctions"] = tuple(
                replace(one, permeability_um_per_min=one.permeability_um_per_min * factor) for one in channels
            )
        elif notch is not None:
            heard = notch_of(replace(model, links=links))
            assert heard is not None
            links["notch"] = replace(heard, a=heard.a / max(factor, _NOT_DIVIDING) ** heard.k)  # hears factor times the Delta
    return replace(model, links=links)


def behaviours_named(pattern: str, model: CellModel) -> tuple[str, ...]:
    """Return the behaviours of a culture that a name with or without braces means.

    The cycle's phases may be called by number, as in ``exit_phase_0_per_min``, or by ``exit_{phase}_per_min`` for all.
    """
    wanted = re.escape(pattern)
    for mark in ("{solute}", "{type}", "{phase}"):
        wanted = wanted.replace(re.escape(mark), ".+")
    known = dict.fromkeys(model.behaviour_names)
    if pattern in known:
        return (pattern,)
    if pattern not in {one.name for one in BEHAVIOURS}:
        return ()
    return tuple(name for name in known if re.fullmatch(wanted, name) and _is_of(name, pattern, model))


def _is_of(name: str, pattern: str, model: CellModel) -> bool:
    """Tell whether a full name stands for the pattern and not for a longer one that looks alike."""
    for mark, things in (("{solute}", model.solutes), ("{type}", model.type_names), ("{phase}", model.phase_names)):
        if mark in pattern:
            return any(pattern.replace(mark, thing) == name for thing in things)
    return True


def _types(names: tuple[str, ...], model: CellModel) -> tuple[int, ...]:
    wanted = {folded(name) for name in names}
    return tuple(number for number, name in enumerate(model.type_names) if not names or folded(name) in wanted)


def _done(drug: Drug, effect: BehaviourEffect | ViabilityEffect, model: CellModel) -> Iterator[CellEffect]:
    """Yield the effect on behaviours of the types it acts on."""
    named = f"{effect.way}_per_min" if isinstance(effect, ViabilityEffect) else effect.behaviour
    behaviours, types = behaviours_named(named, model), _types(effect.cells, model)
    if behaviours and types:
        yield CellEffect(drug, effect, behaviours, types)


def _same(one: str, other: str, genes: Mapping[str, str]) -> bool:
    return folded(genes.get(one, one)) == folded(other)


def _solutes(effect: PairEffect, model: CellModel, genes: Mapping[str, str]) -> list[str]:
    return [name for name in model.solutes if _same(effect.ligand, name, genes)]


def _heard(drug: Drug, effect: PairEffect, model: CellModel, genes: Mapping[str, str]) -> Iterator[RuleEffect]:
    """Yield the effect on what rules hear of the ligand."""
    signals = [f"concentration_{name}_um" for name in _solutes(effect, model, genes)]
    signals += [f"occupancy_{one.name}" for one in receptors_of(model) if _same(effect.receptor, one.name, genes)]
    used = tuple(name for name in signals if any(rule.signal == name for rule in model.rules))
    if used:
        yield RuleEffect(drug, effect, used)


def _followed(drug: Drug, effect: PairEffect, model: CellModel, genes: Mapping[str, str]) -> Iterator[CellEffect]:
    """Yield the effect on chemotaxis toward the ligand: cells lose their way as the receptor's answer to a slope shrinks.

    At occupancies well below one half the difference of occupancy across a cell is ``∝ 1/DR``, and the bias with it. Where a rule
    makes the bias answer to a ligand, the drug acts through that rule alone.
    """
    if effect.action not in ("competitive antagonist", "signalling inhibitor"):
        return
    names = [f"chemotaxis_{name}" for name in _solutes(effect, model, genes)]
    ruled = {rule.cell_type for rule in model.rules if rule.behaviour == "migration_bias"}
    follows = [one.name not in ruled and any(one.behaviours.get(name, 0.0) for name in names) for one in model.types]
    types = tuple(number for number, does in enumerate(follows) if does)
    if types:
        yield CellEffect(drug, effect, ("migration_bias",), types)


def _has_link(model: CellModel, effect: LinkEffect) -> bool:
    return bool(junctions_of(model)) if effect.link == "junction" else notch_of(model) is not None


def _why(effect: Effect, model: CellModel) -> str:
    if isinstance(effect, LinkEffect):
        return f"the culture has no {effect.link}"
    if isinstance(effect, PairEffect):
        receptors = [one.name for one in receptors_of(model)]
        there = ", ".join((*model.solutes, *receptors)) or "no solute"
        return f"no rule of the culture hears '{effect.ligand}' or '{effect.receptor}'; it has {there}"
    if isinstance(effect, BehaviourEffect) and not behaviours_named(effect.behaviour, model):
        return (
            f"the cells have no behaviour '{effect.behaviour}': {did_you_mean(effect.behaviour, model.behaviour_names)}".rstrip(
                ": "
            )
        )
    return f"the culture has no cells of {', '.join(effect.cells)}"
