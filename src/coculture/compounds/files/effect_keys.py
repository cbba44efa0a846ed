"""The keys of effects: on a behaviour, a ligand and its receptor, a link, or life."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from coculture.compounds.effects.behaviour import BehaviourEffect
from coculture.compounds.effects.curve import EffectCurve
from coculture.compounds.effects.link import LinkEffect, LinkKind
from coculture.compounds.effects.pair import Action, PairEffect
from coculture.compounds.effects.viability import ViabilityEffect, Way
from coculture.compounds.files.number_keys import FractionKeys, NonNegativeKeys, PositiveKeys, Sources
from coculture.typed_file.section import Names, Section

Text = Annotated[str, Field(min_length=1)]


class CurveKeys(Section):
    """The dose of half effect and the slope; one unit."""

    half_um: PositiveKeys | None = Field(None, description="dose of half effect (EC50, IC50, KB) in µM")
    half_ug_per_ml: PositiveKeys | None = Field(None, description="dose of half effect in µg/mL")
    slope: PositiveKeys = Field(description="Hill slope (Schild slope of an antagonist)")

    @model_validator(mode="after")
    def _one_unit(self) -> CurveKeys:
        if (self.half_um is None) == (self.half_ug_per_ml is None):
            raise ValueError("give the dose of half effect once: half_um or half_ug_per_ml")
        return self

    def curve(self, sources: Sources) -> EffectCurve:
        """Return the curve."""
        half = self.half_um or self.half_ug_per_ml
        assert half is not None
        return EffectCurve(half.cited(sources), self.slope.cited(sources), "uM" if self.half_um else "ug/mL")


class BehaviourKeys(CurveKeys):
    """An effect on a behaviour."""

    behaviour: Text = Field(description="name of a behaviour of the cells; {solute}, {type}, {phase} stand for every one")
    cells: Names = Field((), description="cell types it acts on; none: all")
    largest_factor: NonNegativeKeys = Field(description="factor of the behaviour at high dose")

    def effect(self, sources: Sources) -> BehaviourEffect:
        """Return the effect."""
        return BehaviourEffect(self.behaviour, self.cells, self.curve(sources), self.largest_factor.cited(sources))


class LinkKeys(CurveKeys):
    """An effect on a link between touching cells."""

    link: LinkKind = Field(description="junction or notch")
    channel: Text = Field(description="molecules the link is made of")
    largest_factor: NonNegativeKeys = Field(description="factor of the link's strength at high dose")

    def effect(self, sources: Sources) -> LinkEffect:
        """Return the effect."""
        return LinkEffect(self.link, self.channel, self.curve(sources), self.largest_factor.cited(sources))


class PairKeys(CurveKeys):
    """An effect on a ligand and its receptor."""

    ligand: Text = Field(description="gene or complex")
    receptor: Text = Field(description="gene or complex")
    action: Action = Field(description="what the compound does to them")
    largest: NonNegativeKeys | None = Field(None, description="efficacy of an agonist; share of the signal an inhibitor leaves")

    @model_validator(mode="after")
    def _largest_where_it_means_something(self) -> PairKeys:
        if self.largest is None and self.action != "competitive antagonist":
            raise ValueError(f"the action '{self.action}' needs 'largest': give it")
        if self.largest is not None and self.action == "competitive antagonist":
            raise ValueError(f"the action '{self.action}' has no 'largest' (saturating ligand overcomes it): take it out")
        return self

    def effect(self, sources: Sources) -> PairEffect:
        """Return the effect."""
        largest = self.largest.cited(sources) if self.largest else None
        return PairEffect(self.ligand, self.receptor, self.action, self.curve(sources), largest)


class ViabilityKeys(CurveKeys):
    """An effect on life."""

    way: Way = Field(description="apoptosis or necrosis")
    cells: Names = Field((), description="cell types it acts on; none: all")
    alive_fraction: FractionKeys = Field(description="share alive after the exposure at high dose")
    exposure_h: PositiveKeys = Field(description="how long the measurement lasted")

    def effect(self, sources: Sources) -> ViabilityEffect:
        """Return the effect."""
        curve, alive = self.curve(sources), self.alive_fraction.cited(sources)
        return ViabilityEffect(self.way, self.cells, curve, alive, self.exposure_h.cited(sources))


class EffectsKeys(Section):
    """All effects of one entry."""

    behaviour: Annotated[tuple[BehaviourKeys, ...], Field(strict=False)] = Field((), description="effects on behaviours")
    pair: Annotated[tuple[PairKeys, ...], Field(strict=False)] = Field((), description="effects on ligands and receptors")
    link: Annotated[tuple[LinkKeys, ...], Field(strict=False)] = Field((), description="effects on links between cells")
    viability: Annotated[tuple[ViabilityKeys, ...], Field(strict=False)] = Field((), description="effects on life")

    def effects(self, sources: Sources) -> tuple[BehaviourEffect | PairEffect | LinkEffect | ViabilityEffect, ...]:
        """Return the effects."""
        behaviours = [one.effect(sources) for one in self.behaviour]
        pairs = [one.effect(sources) for one in self.pair]
        links = [one.effect(sources) for one in self.link]
        return (*behaviours, *pairs, *links, *(one.effect(sources) for one in self.viability))
