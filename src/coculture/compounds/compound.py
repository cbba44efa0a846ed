"""A compound: what it is, how it moves and binds, at what dose it is used, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

from coculture.compounds import diffusion
from coculture.compounds.citation import Cited, CitedRange, Source
from coculture.compounds.diffusion import Diffusion
from coculture.compounds.effects.behaviour import BehaviourEffect
from coculture.compounds.effects.link import LinkEffect
from coculture.compounds.effects.pair import PairEffect
from coculture.compounds.effects.viability import ViabilityEffect
from coculture.compounds.naming import Names
from coculture.compounds.serum import free_fraction
from coculture.errors import DataError, InputError

Kind = Literal["small molecule", "natural product", "peptide", "protein", "vehicle"]
Kept = TypeVar("Kept", BehaviourEffect, PairEffect, LinkEffect, ViabilityEffect)
Effect = BehaviourEffect | PairEffect | LinkEffect | ViabilityEffect
GLOBULAR_FRICTION_RATIO = 1.25
"""Where a protein's file says none (Erickson 2009, Biol Proced Online 11:32: 1.2 to 1.3 for globular proteins)."""


@dataclass(frozen=True)
class Identity:
    """What a compound is; '' where unknown or without meaning (a protein has no SMILES)."""

    inchikey: str = ""
    cas: str = ""
    formula: str = ""
    smiles: str = ""


@dataclass(frozen=True)
class Physical:
    """How a compound moves and binds; None where it is not known.

    Attributes
    ----------
    molar_mass_g_per_mol : of the form named in ``identity.formula``.
    log_p : logarithm of octanol over water.
    solubility_um : in water.
    plasma_bound_fraction : in undiluted human plasma.
    diffusion_um2_per_s : measured in water at 37 °C.
    molar_volume_cm3_per_mol : at the boiling point, for Wilke and Chang's estimate.
    friction_ratio : Stokes radius over compact radius, for proteins.
    """

    molar_mass_g_per_mol: Cited | None = None
    log_p: Cited | None = None
    solubility_um: Cited | None = None
    plasma_bound_fraction: Cited | None = None
    diffusion_um2_per_s: Cited | None = None
    molar_volume_cm3_per_mol: Cited | None = None
    friction_ratio: Cited | None = None


@dataclass(frozen=True)
class ActiveRange:
    """Doses at which a compound is used on cells.

    Attributes
    ----------
    dose : lowest and highest.
    unit : ``uM`` or ``ug/mL``; or ``%`` of volume for a vehicle.
    """

    dose: CitedRange
    unit: str


@dataclass(frozen=True)
class Compound:
    """One compound.

    Attributes
    ----------
    names : what it is called.
    kind : what sort of substance it is.
    identity, physical : what it is; how it moves and binds.
    interaction : what between cells it changes, in words; '' for an ingredient of herbs that no screen uses by itself.
    direction : in which direction, in words.
    targets : genes or complexes.
    active : doses at which it is used.
    effects : what it does.
    sources : all sources of its file.
    note : what has to be known to use it.
    """

    names: Names
    kind: Kind
    identity: Identity
    physical: Physical
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

    def molar_mass(self) -> float:
        """Return the molar mass, g/mol; DataError where it has none."""
        if self.physical.molar_mass_g_per_mol is None:
            raise DataError(f"the molar mass of '{self.name}' is not known", self.name, "dose it in µM, or add its molar mass")
        return self.physical.molar_mass_g_per_mol.value

    def in_um(self, dose: float, unit: str) -> float:
        """Return a dose in µM; ``unit`` is ``uM`` or ``ug/mL``.

        Raises
        ------
        InputError : for another unit (a ``step`` is no concentration).
        DataError : if µg/mL has to be turned and the molar mass is not known.
        """
        if unit == "uM":
            return dose
        if unit == "ug/mL":
            return 1e3 * dose / self.molar_mass()
        raise InputError(f"a dose of '{self.name}' in '{unit}' is no concentration", self.name, "use uM or ug/mL")

    def free_fraction(self, serum_share: float) -> float:
        """Return the free fraction in medium with that share of serum; DataError where plasma binding is not known."""
        bound = self.physical.plasma_bound_fraction
        if bound is None:
            raise DataError(
                f"how much of '{self.name}' plasma binds is not known", self.name, "add plasma_bound_fraction to its file"
            )
        return free_fraction(bound.value, serum_share)

    def diffusion(self, temperature_k: float = 310.15, viscosity_pa_min: float = 1.153e-5) -> Diffusion:
        """Return D in the medium, measured where the file says so, else estimated; its ``method`` tells which.

        A measured value is carried to another medium by ``T/η`` from water at 37 °C. The default medium is water at 37 °C
        (0.692 mPa·s, Kestin et al. 1978, J Phys Chem Ref Data 7:941).

        Raises
        ------
        DataError : if neither a measured value nor a molar mass is known.
        """
        physical = self.physical
        if physical.diffusion_um2_per_s is not None:
            scale = (temperature_k / 310.15) * (1.153e-5 / viscosity_pa_min)
            return Diffusion(60 * physical.diffusion_um2_per_s.value * scale, "measured")
        if physical.molar_volume_cm3_per_mol is not None:
            value = diffusion.wilke_chang(physical.molar_volume_cm3_per_mol.value, temperature_k, viscosity_pa_min)
            return Diffusion(value, "Wilke-Chang")
        mass = self.molar_mass()
        if self.kind == "protein":
            ratio = physical.friction_ratio.value if physical.friction_ratio else GLOBULAR_FRICTION_RATIO
            return diffusion.protein(mass, temperature_k, viscosity_pa_min, ratio)
        return diffusion.small_molecule(mass, temperature_k, viscosity_pa_min)

    def effects_on(
        self, kind: type[BehaviourEffect] | type[PairEffect] | type[LinkEffect] | type[ViabilityEffect]
    ) -> list[Effect]:
        """Return its effects of one kind."""
        return [effect for effect in self.effects if isinstance(effect, kind)]
