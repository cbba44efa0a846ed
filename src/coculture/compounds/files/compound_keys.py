"""The keys of a compound's file."""

from __future__ import annotations

import re

from pydantic import Field, ValidationInfo, field_validator, model_validator

from coculture.compounds.compound import ActiveRange, Compound, Identity, Kind, Physical
from coculture.compounds.files.effect_keys import EffectsKeys
from coculture.compounds.files.number_keys import (
    EntryKeys,
    FractionKeys,
    NumberKeys,
    PositiveKeys,
    RangeKeys,
    Sources,
    cas_is_sound,
)
from coculture.compounds.molar_mass import molar_mass_g_per_mol
from coculture.errors import InputError
from coculture.typed_file.section import Names, Section

MASS_TOLERANCE = 1e-3


class IdentityKeys(Section):
    """What a compound is."""

    inchikey: str = Field("", description="InChIKey; its first block alone where the stereochemistry is left open")
    cas: str = Field("", description="CAS number, as 67-68-5; leave it out where there is none")
    formula: str = Field("", description="chemical formula, of the form whose molar mass is given")
    smiles: str = Field("", description="structure as SMILES")

    @field_validator("inchikey")
    @classmethod
    def _inchikey(cls, key: str) -> str:
        if key and re.fullmatch(r"[A-Z]{14}(-[A-Z]{10}-[A-Z])?", key) is None:
            raise ValueError(f"'{key}' is not an InChIKey: 14 letters, 10 letters, 1 letter, joined by hyphens")
        return key

    @field_validator("cas")
    @classmethod
    def _cas(cls, number: str) -> str:
        if number and not cas_is_sound(number):
            raise ValueError(f"'{number}' is not a CAS number: its last digit does not fit the others")
        return number

    @field_validator("formula")
    @classmethod
    def _formula(cls, text: str) -> str:
        try:
            if text:
                molar_mass_g_per_mol(text)
        except InputError as error:
            raise ValueError(error.problems[0].what) from None
        return text


class PhysicalKeys(Section):
    """How a compound moves and binds."""

    molar_mass_g_per_mol: PositiveKeys | None = Field(None, description="molar mass")
    log_p: NumberKeys | None = Field(None, description="logarithm of octanol over water")
    solubility_um: PositiveKeys | None = Field(None, description="solubility in water, µM")
    plasma_bound_fraction: FractionKeys | None = Field(None, description="share bound in undiluted human plasma")
    diffusion_um2_per_s: PositiveKeys | None = Field(None, description="measured in water at 37 °C")
    molar_volume_cm3_per_mol: PositiveKeys | None = Field(None, description="Le Bas volume, for Wilke and Chang's estimate")
    friction_ratio: PositiveKeys | None = Field(None, description="Stokes radius over compact radius, for proteins")

    def physical(self, sources: Sources) -> Physical:
        """Return the physical data."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return Physical(**{name: None if one is None else one.cited(sources) for name, one in given.items()})


class ActiveKeys(Section):
    """Doses at which it is used, in one unit."""

    um: RangeKeys | None = Field(None, description="in µM")
    ug_per_ml: RangeKeys | None = Field(None, description="in µg/mL")
    percent: RangeKeys | None = Field(None, description="in % of volume, for a vehicle")

    @model_validator(mode="after")
    def _one_unit(self) -> ActiveKeys:
        if sum(one is not None for one in (self.um, self.ug_per_ml, self.percent)) != 1:
            raise ValueError("give the active range once: um, ug_per_ml or percent")
        return self

    def range(self, sources: Sources) -> ActiveRange:
        """Return the range with its unit."""
        pairs = ((self.um, "uM"), (self.ug_per_ml, "ug/mL"), (self.percent, "%"))
        return next(ActiveRange(one.cited(sources), unit) for one, unit in pairs if one is not None)


class CompoundFile(EntryKeys):
    """A compound's file."""

    kind: Kind = Field(description="what sort of substance it is")
    identity: IdentityKeys = IdentityKeys()
    physical: PhysicalKeys = Field(PhysicalKeys(), description="how it moves and binds")
    interaction: str = Field("", description="what between cells it changes")
    direction: str = Field("", description="in which direction")
    targets: Names = Field((), description="genes or complexes")
    active: ActiveKeys | None = Field(None, description="doses at which it is used")
    effect: EffectsKeys = EffectsKeys()

    @field_validator("physical")
    @classmethod
    def _mass_fits_formula(cls, physical: PhysicalKeys, info: ValidationInfo) -> PhysicalKeys:
        given, identity = physical.molar_mass_g_per_mol, info.data.get("identity")
        if given is not None and identity is not None and identity.formula:
            computed = molar_mass_g_per_mol(identity.formula)
            if abs(given.value / computed - 1) > MASS_TOLERANCE:
                fault = f"the molar mass {given.value:g} g/mol does not fit the formula {identity.formula} ({computed:.2f} g/mol)"
                raise ValueError(f"{fault}: mend one of them")
        return physical

    def entry(self) -> Compound:
        """Return the compound."""
        sources = self.all_sources()
        return Compound(
            names=self.all_names(),
            kind=self.kind,
            identity=Identity(**self.identity.model_dump()),
            physical=self.physical.physical(sources),
            interaction=self.interaction,
            direction=self.direction,
            targets=self.targets,
            active=self.active.range(sources) if self.active else None,
            effects=self.effect.effects(sources),
            sources=tuple(sources.values()),
            note=self.note,
        )
