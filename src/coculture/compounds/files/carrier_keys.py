"""The keys of a carrier's file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from coculture.compounds.carrier import Carrier, Uptake
from coculture.compounds.files.number_keys import EntryKeys, NonNegativeKeys, NumberKeys, PositiveKeys, SourceKey
from coculture.compounds.release.base import ReleaseLaw
from coculture.compounds.release.fickian_sphere import FickianSphereRelease
from coculture.compounds.release.first_order import FirstOrderRelease
from coculture.compounds.release.higuchi import HiguchiRelease
from coculture.compounds.release.korsmeyer_peppas import KorsmeyerPeppasRelease, Shape
from coculture.compounds.release.weibull import WeibullRelease
from coculture.typed_file.section import Positive, Section


class FirstOrderKeys(Section):
    """First-order release."""

    law: Literal["first order"]
    rate_per_h: Positive = Field(description="rate")
    source: SourceKey

    def release(self) -> ReleaseLaw:
        """Return the law."""
        return FirstOrderRelease(self.rate_per_h)


class HiguchiKeys(Section):
    """Higuchi's law."""

    law: Literal["higuchi"]
    rate_per_root_h: Positive = Field(description="fraction per root of an hour")
    source: SourceKey

    def release(self) -> ReleaseLaw:
        """Return the law."""
        return HiguchiRelease(self.rate_per_root_h)


class KorsmeyerPeppasKeys(Section):
    """The power law."""

    law: Literal["korsmeyer-peppas"]
    rate_per_h_to_n: Positive = Field(description="fraction per hⁿ")
    exponent: Annotated[float, Field(ge=0.43, le=1)] = Field(description="n")
    shape: Shape = Field("sphere", description="shape of the carrier")
    source: SourceKey

    def release(self) -> ReleaseLaw:
        """Return the law."""
        return KorsmeyerPeppasRelease(self.rate_per_h_to_n, self.exponent, self.shape)


class WeibullKeys(Section):
    """Weibull's law."""

    law: Literal["weibull"]
    scale_h: Positive = Field(description="time until 63.2 % is out, hours")
    shape: Positive = Field(description="b")
    source: SourceKey

    def release(self) -> ReleaseLaw:
        """Return the law."""
        return WeibullRelease(self.scale_h, self.shape)


class FickianKeys(Section):
    """Diffusion out of a sphere."""

    law: Literal["fickian sphere"]
    radius_nm: Positive = Field(description="radius")
    diffusion_um2_per_min: Positive = Field(description="diffusion inside the sphere; 1e-20 m²/s is 6e-7")
    source: SourceKey

    def release(self) -> ReleaseLaw:
        """Return the law."""
        return FickianSphereRelease(self.radius_nm, self.diffusion_um2_per_min)


ReleaseKeys = Annotated[
    FirstOrderKeys | HiguchiKeys | KorsmeyerPeppasKeys | WeibullKeys | FickianKeys, Field(discriminator="law")
]


class UptakeKeys(Section):
    """How cells take it in."""

    per_min: PositiveKeys = Field(description="chance per minute that a carrier at the cell is taken in")
    lost_per_min: NonNegativeKeys = Field(description="chance per minute that a carrier inside is given back or broken down")
    most_per_cell: PositiveKeys | None = Field(None, description="carriers a cell can hold; leave it out for no limit")
    drug_leaves_per_min: NonNegativeKeys | None = Field(
        None, description="rate at which drug set free inside a cell leaves it; the virtual chip needs it"
    )


class LoadKeys(NumberKeys):
    """Drug per carrier, mg/g."""

    value: Annotated[float, Field(gt=0, lt=1000, description="mg of drug in a g of loaded carriers, below 1000")]


class CarrierFile(EntryKeys):
    """A carrier's file."""

    kind: Literal["carrier"] = Field(description="carrier")
    drug: Annotated[str, Field(min_length=1, description="name of the compound it carries")]
    diameter_nm: PositiveKeys = Field(description="diameter in the medium")
    density_g_per_cm3: PositiveKeys = Field(description="density in the medium")
    load_mg_per_g: LoadKeys = Field(description="drug in a gram of loaded carriers")
    release: ReleaseKeys = Field(description="how it gives off its load")
    uptake: UptakeKeys = Field(description="how cells take it in")

    def entry(self) -> Carrier:
        """Return the carrier."""
        sources = self.all_sources()
        limit, leaves = self.uptake.most_per_cell, self.uptake.drug_leaves_per_min
        return Carrier(
            names=self.all_names(),
            drug=self.drug,
            diameter_nm=self.diameter_nm.cited(sources),
            density_g_per_cm3=self.density_g_per_cm3.cited(sources),
            load_mg_per_g=self.load_mg_per_g.cited(sources),
            release=self.release.release(),
            release_source=sources[self.release.source],
            uptake=Uptake(
                self.uptake.per_min.cited(sources),
                self.uptake.lost_per_min.cited(sources),
                limit.cited(sources) if limit else None,
                leaves.cited(sources) if leaves else None,
            ),
            sources=tuple(sources.values()),
            note=self.note,
        )
