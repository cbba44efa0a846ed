"""What an analysis of mixtures is asked to do, checked when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from coculture.errors import InputError, Problem
from coculture.screen.deconvolve.composition import Composition

DesignName = Literal["auto", "leave-one-out", "factorial", "pooled", "none"]
DESIGN_NAMES: tuple[DesignName, ...] = ("auto", "leave-one-out", "factorial", "pooled", "none")
EffectScale = Literal["readout", "log"]
EFFECT_SCALES: tuple[EffectScale, ...] = ("readout", "log")
RANKINGS = ("correlation", "grey-relation", "vip", "selectivity-ratio", "elastic-net")
"""Names of ``screen.deconvolve.scorers``, which are imported only where something is ranked."""

WHERE = "mixture"


@dataclass(frozen=True)
class MixtureSettings:
    """How mixtures are taken apart and what carries the activity is ranked.

    Attributes
    ----------
    formula : the formula whose herbs are the ingredients, by any of its names; '' finds mixtures by what is dosed together.
    ingredients : the ingredients, in place of a formula's.
    readouts : read-outs that are analysed; all where empty.
    scale : ``readout``: effects add on the scale the read-out is judged on; ``log``: on the natural logarithm of the
        value over the negative controls', where independent ingredients multiply (Bliss).
    design : how designed mixtures are read; ``auto`` goes by the wells there are, ``none`` leaves it out.
    pairs : whether pairs of ingredients are looked at where the wells can tell them.
    composition : what each fraction holds, for the ranking of its features; None where nothing is ranked.
    direction : of the activity that is ranked: ``down`` where a lower read-out is more active, ``up``, or ``readout``: as the
        read-out looks (``both``: the size of the effect).
    methods : rankings of the consensus (``screen.deconvolve.scorers``).
    bootstraps : bootstrap samples behind the intervals of ranks.
    permutations : behind the p-values of correlations.
    top : how many first places ``top_share`` counts.
    minimum_effect : smallest absolute effect of a designed mixture that counts.
    fdr : false discovery rate among the contrasts of a table.
    confidence : of every interval.
    seed : of bootstrap, permutations and decoding.
    """

    formula: str = ""
    ingredients: tuple[str, ...] = ()
    readouts: tuple[str, ...] = ()
    scale: EffectScale = "readout"
    design: DesignName = "auto"
    pairs: bool = True
    composition: Composition | None = None
    direction: Literal["readout", "up", "down"] = "readout"
    methods: tuple[str, ...] = RANKINGS
    bootstraps: int = 200
    permutations: int = 2000
    top: int = 10
    minimum_effect: float = 0.0
    fdr: float = 0.1
    confidence: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        problems = []
        for name, value, allowed in (("design", self.design, DESIGN_NAMES), ("scale", self.scale, EFFECT_SCALES)):
            if value not in allowed:
                problems.append(Problem(f"{name} '{value}' is not known", WHERE, "use one of: " + ", ".join(allowed)))
        if self.formula and self.ingredients:
            problems.append(Problem("a formula and a list of ingredients are both given", WHERE, "give one of them"))
        problems += [
            Problem(f"{name} is {getattr(self, name)}", WHERE, "give a number between 0 and 1")
            for name in ("fdr", "confidence")
            if not 0 < getattr(self, name) < 1
        ]
        if not self.minimum_effect >= 0:
            problems.append(Problem(f"minimum_effect is {self.minimum_effect}", WHERE, "give a number >= 0"))
        if self.bootstraps < 20 or self.permutations < 100 or self.top < 1:
            what = f"bootstraps is {self.bootstraps}, permutations {self.permutations}, top {self.top}"
            problems.append(Problem(what, WHERE, "give 20 bootstraps, 100 permutations and a top of 1, or more"))
        if unknown := [name for name in self.methods if name not in RANKINGS]:
            problems.append(Problem(f"the ranking '{unknown[0]}' is not known", WHERE, "use some of: " + ", ".join(RANKINGS)))
        if problems:
            raise InputError(problems)
