"""Herbs and their extracts: what is in a gram of them."""

from __future__ import annotations

from dataclasses import dataclass

from coculture.compounds.citation import Cited, CitedRange, Source
from coculture.compounds.compound import ActiveRange, Effect
from coculture.compounds.naming import Names


@dataclass(frozen=True)
class Ingredient:
    """A compound in a herb or extract.

    Attributes
    ----------
    compound : its name in the library.
    content_mg_per_g : of the dried herb (or of the dry extract).
    weighed_as_g_per_mol : molar mass of the form in which the content is stated (berberine as its chloride); None: the
        compound's own.
    """

    compound: str
    content_mg_per_g: CitedRange
    weighed_as_g_per_mol: float | None = None


@dataclass(frozen=True)
class Herb:
    """A dried herb. A dose of it is the mass of dried herb in a volume of medium, as if all that is listed dissolved.

    Attributes
    ----------
    names : what it is called; Latin names are those of the drug and of the plants it may come from.
    part : the part of the plant.
    ingredients : what is in it.
    sources : all sources of its file.
    note : what has to be known to use it.
    """

    names: Names
    part: str
    ingredients: tuple[Ingredient, ...]
    sources: tuple[Source, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """Its name in the library."""
        return self.names.name


@dataclass(frozen=True)
class Extract:
    """What a solvent took from a herb or a formula, dried. A dose of it is the mass of dry extract in a volume of medium.

    Attributes
    ----------
    names : what it is called.
    of : name of the herb or formula.
    solvent : what it was extracted with.
    yield_mg_per_g : dry extract from a gram of dried herb; None where the ingredients are stated for the extract itself.
    recovered_fraction : share of the herb's ingredients that is in the extract; None where stated for the extract itself.
    ingredients : content of the extract itself; empty: from ``of``, yield and recovered fraction.
    interaction, direction, targets, active, effects : as those of a compound, for the extract as a whole.
    sources : all sources of its file.
    note : what has to be known to use it.
    """

    names: Names
    of: str
    solvent: str
    yield_mg_per_g: Cited | None = None
    recovered_fraction: Cited | None = None
    ingredients: tuple[Ingredient, ...] = ()
    interaction: str = ""
    direction: str = ""
    targets: tuple[str, ...] = ()
    active: ActiveRange | None = None
    effects: tuple[Effect, ...] = ()
    sources: tuple[Source, ...] = ()
    note: str = ""

    @property
    def name(self) -> str:
        """Its name in the library."""
        return self.names.name
