"""The keys of the files of herbs, extracts and formulas."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from coculture.compounds.files.compound_keys import ActiveKeys
from coculture.compounds.files.effect_keys import EffectsKeys
from coculture.compounds.files.number_keys import EntryKeys, FractionKeys, PositiveKeys, RangeKeys, Sources
from coculture.compounds.formula import Formula, Member, Role
from coculture.compounds.herb import Extract, Herb, Ingredient
from coculture.compounds.molar_mass import molar_mass_g_per_mol
from coculture.errors import InputError
from coculture.typed_file.section import Names, Section

MOST_MG_PER_G = 1000.0
Text = Annotated[str, Field(min_length=1)]


class ContentKeys(RangeKeys):
    """A content in mg per g."""

    @field_validator("low", "high")
    @classmethod
    def _not_more_than_all(cls, value: float | None) -> float | None:
        if value is not None and value > MOST_MG_PER_G:
            raise ValueError(f"{value:g} mg/g is more than everything")
        return value


class IngredientKeys(Section):
    """A compound in a herb."""

    compound: Text = Field(description="name of a compound in the library")
    content_mg_per_g: ContentKeys = Field(description="content of the dried herb (or dry extract)")
    weighed_as: str = Field("", description="formula of the form in which the content is stated, where it is another one")

    @field_validator("weighed_as")
    @classmethod
    def _formula(cls, text: str) -> str:
        try:
            if text:
                molar_mass_g_per_mol(text)
        except InputError as error:
            raise ValueError(error.problems[0].what) from None
        return text

    def ingredient(self, sources: Sources) -> Ingredient:
        """Return the ingredient."""
        mass = molar_mass_g_per_mol(self.weighed_as) if self.weighed_as else None
        return Ingredient(self.compound, self.content_mg_per_g.cited(sources), mass)


Ingredients = Annotated[tuple[IngredientKeys, ...], Field(strict=False)]


def _each_once(names: list[str]) -> None:
    """Raise ValueError where a name stands twice."""
    if twice := [name for name in names if names.count(name) > 1]:
        raise ValueError(f"'{twice[0]}' is listed twice: add the two up")


def _whole(ingredients: tuple[IngredientKeys, ...]) -> tuple[IngredientKeys, ...]:
    """Return the ingredients; ValueError where one is listed twice or the contents add to more than all."""
    _each_once([one.compound for one in ingredients])
    total = sum(one.content_mg_per_g.low for one in ingredients)
    if total > MOST_MG_PER_G:
        raise ValueError(f"the least contents add to {total:g} mg/g, more than everything: mg in a gram is meant")
    return ingredients


class HerbFile(EntryKeys):
    """A herb's file."""

    kind: Literal["herb"] = Field(description="herb")
    part: Text = Field(description="the part of the plant")
    ingredient: Ingredients = Field(description="what is in it")

    @field_validator("ingredient")
    @classmethod
    def _sound(cls, ingredients: tuple[IngredientKeys, ...]) -> tuple[IngredientKeys, ...]:
        if not ingredients:
            raise ValueError("it has no ingredient: give [[ingredient]]")
        return _whole(ingredients)

    def entry(self) -> Herb:
        """Return the herb."""
        sources = self.all_sources()
        ingredients = tuple(one.ingredient(sources) for one in self.ingredient)
        return Herb(self.all_names(), self.part, ingredients, tuple(sources.values()), self.note)


class ExtractFile(EntryKeys):
    """An extract's file."""

    kind: Literal["extract"] = Field(description="extract")
    of: Text = Field(description="name of the herb or formula")
    solvent: Text = Field(description="what it was extracted with")
    yield_mg_per_g: PositiveKeys | None = Field(None, description="dry extract from a gram of dried herb, mg")
    recovered_fraction: FractionKeys | None = Field(None, description="share of the herb's ingredients that is in the extract")
    ingredient: Ingredients = Field(
        (), validate_default=True, description="what is in a gram of the extract; none: from the herb, yield and recovery"
    )
    interaction: str = Field("", description="what between cells it changes")
    direction: str = Field("", description="in which direction")
    targets: Names = Field((), description="genes or complexes")
    active: ActiveKeys | None = Field(None, description="doses at which it is used")
    effect: EffectsKeys = EffectsKeys()

    @field_validator("ingredient")
    @classmethod
    def _one_way(cls, ingredients: tuple[IngredientKeys, ...], info: ValidationInfo) -> tuple[IngredientKeys, ...]:
        given = [info.data.get(key) is not None for key in ("yield_mg_per_g", "recovered_fraction")]
        if any(given) == bool(ingredients) or any(given) != all(given):
            raise ValueError("say what is in it once: list its ingredients, or give yield_mg_per_g and recovered_fraction")
        return _whole(ingredients)

    def entry(self) -> Extract:
        """Return the extract."""
        sources = self.all_sources()
        return Extract(
            names=self.all_names(),
            of=self.of,
            solvent=self.solvent,
            yield_mg_per_g=self.yield_mg_per_g.cited(sources) if self.yield_mg_per_g else None,
            recovered_fraction=self.recovered_fraction.cited(sources) if self.recovered_fraction else None,
            ingredients=tuple(one.ingredient(sources) for one in self.ingredient),
            interaction=self.interaction,
            direction=self.direction,
            targets=self.targets,
            active=self.active.range(sources) if self.active else None,
            effects=self.effect.effects(sources),
            sources=tuple(sources.values()),
            note=self.note,
        )


class MemberKeys(Section):
    """A herb of a formula."""

    herb: Text = Field(description="name of a herb in the library")
    weight_g: PositiveKeys = Field(description="weight in one dose of the formula, g")
    role: Role | None = Field(None, description="君, 臣, 佐 or 使; leave it out where the books disagree")


class FormulaFile(EntryKeys):
    """A formula's file."""

    kind: Literal["formula"] = Field(description="formula")
    book: Text = Field(description="the classic it comes from")
    herb: Annotated[tuple[MemberKeys, ...], Field(strict=False)] = Field(description="its herbs")

    @field_validator("herb")
    @classmethod
    def _sound(cls, herbs: tuple[MemberKeys, ...]) -> tuple[MemberKeys, ...]:
        if not herbs:
            raise ValueError("it has no herb: give [[herb]]")
        _each_once([one.herb for one in herbs])
        return herbs

    def entry(self) -> Formula:
        """Return the formula."""
        sources = self.all_sources()
        members = tuple(Member(one.herb, one.weight_g.cited(sources), one.role) for one in self.herb)
        total = sum(one.weight_g.value for one in members)
        return Formula(self.all_names(), self.book, members, total, tuple(sources.values()), self.note)
