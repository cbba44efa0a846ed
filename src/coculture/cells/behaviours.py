"""Everything a cell does, as numbers a rule may change: one table, from which names, checks and documentation come.

A name with ``{solute}``, ``{type}`` or ``{phase}`` stands for one behaviour for each. ``grammar`` is the name of the published
cell-behaviour hypothesis grammar (Johnson et al. 2025, Cell), by which its files are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Behaviour:
    """One thing a cell does.

    Attributes
    ----------
    name : our name, with its unit.
    unit : unit of its value, '' for a pure number.
    meaning : one sentence.
    grammar : its name in the published grammar, '' where that has none.
    default : its value where a cell type does not say one.
    least, most : range of allowed values.
    """

    name: str
    unit: str
    meaning: str
    grammar: str = ""
    default: float = 0.0
    least: float = 0.0
    most: float = float("inf")


BEHAVIOURS: tuple[Behaviour, ...] = (
    # growth and death
    Behaviour("exit_{phase}_per_min", "1/min", "Rate at which the cycle's phase is left.", "exit from cycle phase {phase}"),
    Behaviour("apoptosis_per_min", "1/min", "Rate at which a living cell begins apoptosis.", "apoptosis"),
    Behaviour("necrosis_per_min", "1/min", "Rate at which a living cell begins necrosis.", "necrosis"),
    # mechanics
    Behaviour("adhesion_um_per_min", "µm/min", "Strength of cell-cell adhesion.", "cell-cell adhesion"),
    Behaviour("adhesion_reach", "", "Reach of adhesion, in radii.", "relative maximum adhesion distance", 1.25),
    Behaviour("affinity_{type}", "", "Affinity of adhesion to cells of that type.", "adhesive affinity to {type}", 1.0),
    Behaviour("repulsion_um_per_min", "µm/min", "Strength of cell-cell repulsion.", "cell-cell repulsion"),
    Behaviour("wall_adhesion_um_per_min", "µm/min", "Strength of adhesion to walls.", "cell-BM adhesion"),
    Behaviour("wall_repulsion_um_per_min", "µm/min", "Strength of repulsion from walls.", "cell-BM repulsion"),
    Behaviour("attach_per_min", "1/min", "Rate at which a spring forms to a touching cell.", "cell attachment rate"),
    Behaviour("detach_per_min", "1/min", "Rate at which a spring breaks.", "cell detachment rate"),
    Behaviour("attachments_most", "", "Number of springs a cell can hold.", "maximum number of cell attachments"),
    Behaviour("spring_per_min", "1/min", "Stiffness of springs.", "cell-cell adhesion elastic constant"),
    Behaviour("movable", "", "1 where forces move the cell, 0 where it stays.", "is movable", 1.0, 0.0, 1.0),
    # migration
    Behaviour("migration_speed_um_per_min", "µm/min", "Speed of active migration.", "migration speed"),
    Behaviour("migration_persistence_min", "min", "Mean time between changes of direction.", "migration persistence time", 1.0),
    Behaviour("migration_bias", "", "0: random; 1: straight along the bias.", "migration bias", 0.0, 0.0, 1.0),
    Behaviour(
        "chemotaxis_{solute}",
        "",
        "Weight of the solute's gradient in the bias; negative where it repels.",
        "chemotactic response to {solute}",
        0.0,
        -float("inf"),
    ),
    Behaviour("contact_inhibition", "", "Share of speed lost toward touched cells (0 to 1).", "", 0.0, 0.0, 1.0),
    # exchange with the medium
    Behaviour("secretion_{solute}_per_min", "1/min", "Rate of secretion toward its target.", "{solute} secretion"),
    Behaviour("secretion_target_{solute}_um", "µM", "Concentration at which secretion stops.", "{solute} secretion target"),
    Behaviour("uptake_{solute}_per_min", "1/min", "Rate of uptake.", "{solute} uptake"),
    Behaviour("export_{solute}_per_min", "µM·µm³/min", "Amount given off per minute.", "{solute} export", 0.0, -float("inf")),
    # contact
    Behaviour("attack_{type}_per_min", "1/min", "Rate at which a touched cell of that type is attacked.", "attack {type}"),
    Behaviour("attack_damage_per_min", "1/min", "Damage an attack does per minute.", "attack damage rate", 1.0),
    Behaviour("attack_duration_min", "min", "How long an attack lasts.", "attack duration", 0.1),
    Behaviour("immunogenicity_{type}", "", "How strongly it draws attacks by that type.", "immunogenicity to {type}", 1.0),
    Behaviour("damage_per_min", "1/min", "Damage the cell suffers by itself per minute.", "damage rate"),
    Behaviour("repair_per_min", "1/min", "Share of damage repaired per minute.", "damage repair rate"),
    Behaviour("engulf_apoptotic_per_min", "1/min", "Rate of engulfing a touched apoptotic cell.", "phagocytose apoptotic cell"),
    Behaviour("engulf_necrotic_per_min", "1/min", "Rate of engulfing a touched necrotic cell.", "phagocytose necrotic cell"),
    Behaviour("engulf_{type}_per_min", "1/min", "Rate of engulfing a touched living cell of that type.", "phagocytose {type}"),
    Behaviour("fuse_{type}_per_min", "1/min", "Rate of fusion with a touched cell of that type.", "fuse to {type}"),
    Behaviour("transform_{type}_per_min", "1/min", "Rate at which the cell becomes one of that type.", "transform to {type}"),
)
"""The table. Its order is the order of columns."""


def expanded(solutes: Sequence[str], types: Sequence[str], phases: Sequence[str]) -> Iterator[tuple[str, Behaviour]]:
    """Yield every behaviour of a model with its full name, in the table's order."""
    for behaviour in BEHAVIOURS:
        for mark, names in (("{solute}", solutes), ("{type}", types), ("{phase}", phases)):
            if mark in behaviour.name:
                yield from ((behaviour.name.replace(mark, name), behaviour) for name in names)
                break
        else:
            yield behaviour.name, behaviour
