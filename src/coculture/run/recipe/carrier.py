"""The section that declares a nano-carrier of a virtual screen, where the library does not know it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from coculture.compounds.release.base import ReleaseLaw
from coculture.compounds.release.fickian_sphere import FickianSphereRelease
from coculture.compounds.release.first_order import FirstOrderRelease
from coculture.compounds.release.higuchi import HiguchiRelease
from coculture.compounds.release.korsmeyer_peppas import KorsmeyerPeppasRelease
from coculture.compounds.release.weibull import WeibullRelease
from coculture.typed_file.section import Positive, Section

NEEDS = {
    "first order": ("rate_per_h",),
    "higuchi": ("rate_per_root_h",),
    "korsmeyer-peppas": ("rate_per_h_to_n", "exponent"),
    "weibull": ("scale_h", "shape"),
    "fickian sphere": ("radius_nm", "diffusion_um2_per_min"),
}
"""Keys each release law needs."""

Rate = Annotated[float, Field(ge=0)]


class Release(Section):
    """``[source.carrier.release]``: how a carrier gives off its load."""

    law: Literal["first order", "higuchi", "korsmeyer-peppas", "weibull", "fickian sphere"] = Field(description="the law")
    rate_per_h: Positive | None = Field(default=None, description="of first order: rate")
    rate_per_root_h: Positive | None = Field(default=None, description="of Higuchi: fraction per root of an hour")
    rate_per_h_to_n: Positive | None = Field(default=None, description="of Korsmeyer and Peppas: fraction per hⁿ")
    exponent: Annotated[float, Field(ge=0.43, le=0.85)] | None = Field(
        default=None, description="of Korsmeyer and Peppas: n of a sphere"
    )
    scale_h: Positive | None = Field(default=None, description="of Weibull: time until 63.2 % is out")
    shape: Positive | None = Field(default=None, description="of Weibull: b; below 1 an early burst")
    radius_nm: Positive | None = Field(default=None, description="of a sphere: its radius")
    diffusion_um2_per_min: Positive | None = Field(
        default=None, description="of a sphere: diffusion of the drug inside it; 1e-20 m²/s is 6e-7"
    )

    @model_validator(mode="after")
    def _keys_fit(self) -> Release:
        needed = NEEDS[self.law]
        if missing := [key for key in needed if getattr(self, key) is None]:
            raise ValueError(f"the law '{self.law}' needs {', '.join(missing)}")
        every = [key for key in type(self).model_fields if key != "law"]
        if foreign := [key for key in every if key not in needed and getattr(self, key) is not None]:
            raise ValueError(f"the law '{self.law}' takes no {', '.join(foreign)}; it takes {', '.join(needed)}")
        return self

    def made(self) -> ReleaseLaw:
        """Return the law."""
        laws: dict[str, type[ReleaseLaw]] = {
            "first order": FirstOrderRelease,
            "higuchi": HiguchiRelease,
            "korsmeyer-peppas": KorsmeyerPeppasRelease,
            "weibull": WeibullRelease,
            "fickian sphere": FickianSphereRelease,
        }
        return laws[self.law](*(getattr(self, key) for key in NEEDS[self.law]))


class Uptake(Section):
    """``[source.carrier.uptake]``: how cells take a carrier in; without the section it stays outside."""

    per_min: Positive = Field(description="rate at which a carrier at a cell's surface is taken in")
    drug_leaves_per_min: Rate = Field(description="rate at which drug set free inside a cell leaves it; 0: it stays")
    lost_per_min: Rate = Field(default=0.0, description="rate at which a carrier inside is broken down with its load")
    most_per_cell: Positive | None = Field(default=None, description="carriers a cell can hold; no limit without it")


class Carrier(Section):
    """``[[source.carrier]]``: a nano-carrier, declared here and not looked up in the library."""

    name: str = Field(min_length=1, description="its name in the plate map, dosed in uM of drug or in ug/mL of carriers")
    drug: str = Field(min_length=1, description="the compound it carries: a [[source.compound]] or one of the library")
    diameter_nm: Positive = Field(description="diameter in the medium")
    density_g_per_cm3: Positive = Field(description="density in the medium")
    load_mg_per_g: Annotated[float, Field(gt=0, lt=1000)] = Field(description="mg of drug in a g of loaded carriers")
    release: Release = Field(description="how it gives off its load")
    uptake: Uptake | None = Field(default=None, description="how cells take it in")
