"""Names of the published cell-behaviour hypothesis grammar, and what they are called here.

Names are compared without case, blanks and signs, so that its 'M0 macrophage' and 'IFN-gamma' are our ``M0_macrophage`` and
``ifn_gamma``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from coculture.cells.behaviours import BEHAVIOURS
from coculture.cells.model import CellModel
from coculture.cells.signals import SIGNALS, SignalNames, signal_kind
from coculture.errors import InputError
from coculture.typed_file.complaints import did_you_mean

SYNONYMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cycle entry", ("exit_phase_0_per_min",)),
    ("phagocytose dead cell", ("engulf_apoptotic_per_min", "engulf_necrotic_per_min")),
    ("phagocytosis of dead cell", ("engulf_apoptotic_per_min", "engulf_necrotic_per_min")),
    ("phagocytosis of dead cells", ("engulf_apoptotic_per_min", "engulf_necrotic_per_min")),
    ("phagocytosis of apoptotic cell", ("engulf_apoptotic_per_min",)),
    ("phagocytosis of apoptotic cells", ("engulf_apoptotic_per_min",)),
    ("phagocytosis of necrotic cell", ("engulf_necrotic_per_min",)),
    ("phagocytosis of necrotic cells", ("engulf_necrotic_per_min",)),
    ("cell-membrane adhesion", ("wall_adhesion_um_per_min",)),
    ("cell-membrane repulsion", ("wall_repulsion_um_per_min",)),
    ("is_movable", ("movable",)),
    ("movable", ("movable",)),
    ("{solute} secretion saturation density", ("secretion_target_{solute}_um",)),
    ("chemotactic sensitivity to {solute}", ("chemotaxis_{solute}",)),
    ("transition to {type}", ("transform_{type}_per_min",)),
)
"""Further names of behaviours in the grammar; an early name may stand for two behaviours of today."""

WITHOUT_COUNTERPART = {
    "phagocytose other dead cell": "cells here are apoptotic or necrotic when dead; write a rule for each",
    "contact with other dead cell": "cells here are apoptotic or necrotic when dead; use 'contact with dead cell'",
    "asymmetric division": "daughters are of their mother's type; use 'transform to' after division",
    "custom:": "numbers kept inside cells are signals, not behaviours",
}
"""What the grammar knows and this program does not, with a way around."""


def plain(name: str) -> str:
    """Return a name without case, blanks and signs."""
    return re.sub(r"[\W_]+", "", name.lower())


@dataclass(frozen=True)
class GrammarNames:
    """The grammar's names in one model. Make one with :meth:`of`.

    Attributes
    ----------
    types, signals, behaviours : by the plain name, what it is called here; a behaviour's may be two.
    shown : the names in full, for messages, by kind.
    """

    types: dict[str, str]
    signals: dict[str, str]
    behaviours: dict[str, tuple[str, ...]]
    shown: dict[str, list[str]] = field(repr=False)

    @classmethod
    def of(cls, model: CellModel) -> GrammarNames:
        """Return the names of a model.

        Raises
        ------
        InputError : if two types or two solutes cannot be told apart without case, blanks and signs.
        """
        for kind, names in (("types", model.type_names), ("solutes", model.solutes)):
            if len({plain(name) for name in names}) < len(names):
                raise InputError(f"two {kind} differ only in case or signs", ", ".join(names), "give them names further apart")
        signals = _signal_names(model)
        behaviours = _behaviour_names(model)
        return cls(
            {plain(name): name for name in model.type_names},
            {plain(name): ours for name, ours in signals.items()},
            {plain(name): ours for name, ours in behaviours.items()},
            {"cell type": list(model.type_names), "signal": list(signals), "behaviour": list(behaviours)},
        )

    def remedy(self, kind: str, name: str) -> str:
        """Return what to do about a name that is not known."""
        for start, way in WITHOUT_COUNTERPART.items():
            if name.lower().startswith(start):
                return way
        near = did_you_mean(name, self.shown[kind])
        if kind == "cell type":
            return near + "there is: " + ", ".join(self.shown[kind])
        return near + f"the page on rules lists all {kind}s"


def _signal_names(model: CellModel) -> dict[str, str]:
    found, names = {}, SignalNames.of(model)
    for signal in SIGNALS:
        kind = signal_kind(signal)
        for name in getattr(names, kind) if kind else ("",):
            for written in signal.grammar:
                found[written.replace(f"{{{kind}}}", name)] = signal.name.replace(f"{{{kind}}}", name)
    return found


def _behaviour_names(model: CellModel) -> dict[str, tuple[str, ...]]:
    phases = [name.removeprefix("phase_") for name in model.phase_names]
    kinds = {"{solute}": model.solutes, "{type}": model.type_names, "{phase}": phases}
    written = [(one.grammar, (one.name.replace("{phase}", "phase_{phase}"),)) for one in BEHAVIOURS if one.grammar]
    found: dict[str, tuple[str, ...]] = {}
    for name, ours in (*written, *SYNONYMS):
        mark = next((mark for mark in kinds if mark in name), "")
        for one in kinds[mark] if mark else ("",):
            found[name.replace(mark, one) if mark else name] = tuple(our.replace(mark, one) if mark else our for our in ours)
    if not model.phase_names:
        del found["cycle entry"]
    return found
