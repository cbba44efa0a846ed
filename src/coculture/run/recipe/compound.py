"""The section that says what a compound of a virtual screen does, where the library does not."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from coculture.typed_file.section import Fraction, Names, OpenFraction, Positive, Section

NEEDS = {
    "behaviour": ("behaviour", "largest_factor"),
    "antagonist": ("ligand",),
    "inhibitor": ("ligand", "largest_factor"),
    "agonist": ("ligand", "largest_factor"),
    "inverse agonist": ("ligand", "largest_factor"),
    "link": ("link", "largest_factor"),
    "viability": ("alive_fraction", "exposure_h"),
}
"""Keys each kind of effect needs, beside half_um and slope."""

TAKES = {"behaviour": ("cells",), "viability": ("cells", "way"), "antagonist": ("receptor",), "inhibitor": ("receptor",)}
TAKES |= {"agonist": ("receptor",), "inverse agonist": ("receptor",)}
"""Keys a kind may have besides."""


class CompoundEffect(Section):
    """``[[source.compound.effect]]``: one thing a compound does, half of it at ``half_um``."""

    kind: Literal["behaviour", "antagonist", "inhibitor", "agonist", "inverse agonist", "link", "viability"] = Field(
        description="on a behaviour; on a ligand's receptor (competing, behind it, in the ligand's place, or silencing it where "
        "it is active without ligand); on a link; on life"
    )
    half_um: Positive = Field(description="free concentration of half effect: EC50, IC50 or KB, µM")
    slope: Positive = Field(default=1.0, description="Hill slope (Schild slope of an antagonist)")
    behaviour: str | None = Field(default=None, description="name of a behaviour; {solute}, {type}, {phase} stand for every one")
    cells: Names | None = Field(default=None, description="cell types it acts on; all without it")
    ligand: str | None = Field(default=None, description="the solute that is the ligand")
    receptor: str | None = Field(default=None, description="the culture's receptor, where it has one")
    link: Literal["junction", "notch"] | None = Field(default=None, description="link between touching cells")
    largest_factor: float | None = Field(
        default=None,
        ge=0,
        description="factor at high dose; of an agonist its efficacy beside the ligand's; of an inverse agonist what is left "
        "of the signal without ligand",
    )
    way: Literal["apoptosis", "necrosis"] | None = Field(default=None, description="how cells die; apoptosis without it")
    alive_fraction: Fraction | None = Field(default=None, description="share alive after the exposure at high dose")
    exposure_h: Positive | None = Field(default=None, description="how long that exposure lasts")

    @model_validator(mode="after")
    def _keys_fit(self) -> CompoundEffect:
        needed, taken = NEEDS[self.kind], (*NEEDS[self.kind], *TAKES.get(self.kind, ()))
        missing = [key for key in needed if getattr(self, key) is None]
        if missing:
            raise ValueError(f"an effect of kind '{self.kind}' needs {', '.join(missing)}")
        every = [key for key in type(self).model_fields if key not in ("kind", "half_um", "slope")]
        foreign = [key for key in every if key not in taken and getattr(self, key) is not None]
        if foreign:
            raise ValueError(f"an effect of kind '{self.kind}' takes no {', '.join(foreign)}; it takes {', '.join(taken)}")
        return self


class Compound(Section):
    """``[[source.compound]]``: a compound of the screen, declared here and not looked up in the library."""

    name: str = Field(min_length=1, description="its name in the plate map")
    effect: Annotated[tuple[CompoundEffect, ...], Field(strict=False)] = Field(
        default=(), description="what it does, as [[source.compound.effect]]; none: it does nothing"
    )
    molar_mass_g_per_mol: Positive | None = Field(default=None, description="needed where it is dosed by mass")
    diffusion_um2_per_min: Positive | None = Field(default=None, description="in medium; needed where doses are delivered")
    decay_per_min: float = Field(default=0.0, ge=0, description="rate at which it is lost in medium, where doses are delivered")
    plasma_bound_fraction: OpenFraction | None = Field(default=None, description="share bound in undiluted plasma; 0 without it")
    pdms_partition: float = Field(default=0.0, ge=0, description="concentration in PDMS over that in medium; 0: not taken up")
    pdms_diffusion_um2_per_min: Positive = Field(default=600.0, description="diffusion coefficient in PDMS")
