"""The keys of a cited number, and of what every file of the library has: names and sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from coculture.compounds.citation import Cited, CitedRange, Evidence, Source
from coculture.compounds.naming import Names
from coculture.typed_file.section import Names as Listed
from coculture.typed_file.section import Section

SourceKey = Annotated[str, Field(min_length=1, description="name of one of the file's [sources]")]
Sources = Mapping[str, Source]


class SourceKeys(Section):
    """Where numbers come from."""

    text: Annotated[str, Field(min_length=1, description="the citation")]
    evidence: Evidence = Field(description="what was read of it")
    address: str = Field("", description="DOI or web address")


class NumberKeys(Section):
    """A number and its source."""

    value: float = Field(description="the number, in the unit of its key")
    source: SourceKey
    note: str = Field("", description="what has to be known to use it")

    def cited(self, sources: Sources) -> Cited:
        """Return the number with its source."""
        return Cited(float(self.value), sources[self.source], self.note)


class PositiveKeys(NumberKeys):
    """A number above 0 and its source."""

    value: Annotated[float, Field(gt=0, description="the number, above 0, in the unit of its key")]


class NonNegativeKeys(NumberKeys):
    """A number of 0 or more and its source."""

    value: Annotated[float, Field(ge=0, description="the number, 0 or more")]


class FractionKeys(NumberKeys):
    """A number from 0 to 1 and its source."""

    value: Annotated[float, Field(ge=0, le=1, description="a fraction, 0 to 1")]


class RangeKeys(Section):
    """A range and its source."""

    low: Annotated[float, Field(ge=0, description="lower end")]
    high: Annotated[float, Field(ge=0)] | None = Field(
        None, description="upper end; leave it out where only a least value is known"
    )
    source: SourceKey
    note: str = Field("", description="what has to be known to use it")

    @field_validator("high")
    @classmethod
    def _ordered(cls, high: float | None, info: ValidationInfo) -> float | None:
        low = info.data.get("low")
        if high is not None and low is not None and high < low:
            raise ValueError(f"the upper end {high:g} is below the lower end {low:g}")
        return high

    def cited(self, sources: Sources) -> CitedRange:
        """Return the range with its source."""
        high = None if self.high is None else float(self.high)
        return CitedRange(float(self.low), high, sources[self.source], self.note)


class NameKeys(Section):
    """Other names."""

    english: Listed = Field((), description="other English names and codes")
    chinese: Listed = Field((), description="Chinese names in simplified characters")
    traditional: Listed = Field((), description="Chinese names in traditional characters")
    pinyin: Listed = Field((), description="names in pinyin, with or without tones")
    latin: Listed = Field((), description="Latin names of the drug and the plant")


class EntryKeys(Section):
    """What every file has."""

    name: Annotated[str, Field(min_length=1, description="the name in the library")]
    note: str = Field("", description="what has to be known to use it")
    names: NameKeys = NameKeys()
    sources: dict[str, SourceKeys] = Field({}, description="what the file cites")

    def all_names(self) -> Names:
        """Return all its names."""
        return Names(self.name, **self.names.model_dump())

    def all_sources(self) -> dict[str, Source]:
        """Return its sources by their names."""
        return {key: Source(key, one.text, one.evidence, one.address) for key, one in self.sources.items()}


def cas_is_sound(number: str) -> bool:
    """Tell whether a CAS number is well formed and its last digit the one the others give."""
    if re.fullmatch(r"\d{2,7}-\d{2}-\d", number) is None:
        return False
    digits = [int(digit) for digit in number.replace("-", "")]
    return sum(place * digit for place, digit in enumerate(reversed(digits[:-1]), start=1)) % 10 == digits[-1]
