"""Read a design from a TOML file.

Only ``layout`` and what is tested must be there. For instance::

    layout = 384
    seed = 1
    replicates = 4
    placement = "blocked"
    negatives = 16
    vehicle = "DMSO"
    positives = 8
    positive = "staurosporine 1 uM"

    [[compound]]
    name = "wortmannin"
    unit = "nM"
    highest = 150
    factor = 2
    number = 9

    [[combination]]
    first = "wortmannin"
    second = "LY294002"
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError

from coculture.errors import FileError, InputError, Problem
from coculture.plate.design import DesignSpec
from coculture.plate.designs_of_mixtures.section import DesignSection, FormulaParts, MixtureSection
from coculture.plate.dose_series import DoseSeries
from coculture.plate.layout import Layout
from coculture.plate.treatment import Treatment

T = TypeVar("T")


class _Compound(DesignSection):
    name: str
    unit: str
    role: Literal["treatment", "reference", "combination only"] = "treatment"
    doses: tuple[float, ...] = ()
    highest: float | None = None
    lowest: float | None = None
    factor: float | None = None
    number: int | None = None

    def series(self) -> DoseSeries:
        given = {key for key in ("highest", "lowest", "factor", "number") if getattr(self, key) is not None}
        if self.doses and not given:
            return DoseSeries(self.name, self.doses, self.unit)
        if not self.doses and given == {"highest", "factor", "number"}:
            return DoseSeries.diluted(self.name, self.highest or 0.0, self.factor or 0.0, self.number or 0, self.unit)
        if not self.doses and given == {"lowest", "highest", "number"}:
            return DoseSeries.spaced(self.name, self.lowest or 0.0, self.highest or 0.0, self.number or 0, self.unit)
        raise InputError(
            f"the doses of '{self.name}' are not given in one of the three ways",
            remedy="give doses = [...]; or highest, factor and number; or lowest, highest and number",
        )


class _Combination(DesignSection):
    first: str
    second: str
    third: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.first, self.second, self.third)))


class _Design(DesignSection):
    layout: int | str
    seed: int = Field(default=1, ge=0)
    replicates: int = 3
    negatives: int = 8
    positives: int = 0
    untreated: int = 0
    blanks: int = 0
    positive: str = ""
    vehicle: str = ""
    background: str = ""
    conditions: tuple[str, ...] = ("",)
    donors: tuple[str, ...] = ("",)
    placement: Literal["randomised", "blocked", "ordered"] = "randomised"
    edge_margin: int = 0
    plate_prefix: str = "P"
    compound: tuple[_Compound, ...] = ()
    combination: tuple[_Combination, ...] = ()
    mixture: tuple[MixtureSection, ...] = ()


def read_design(path: Path, formula_parts: FormulaParts | None = None) -> tuple[DesignSpec, int]:
    """Read a design file.

    Parameters
    ----------
    path : the TOML file.
    formula_parts : turns a dose of a formula into doses of its herbs; without it a ``[[mixture]]`` cannot name a formula.

    Returns
    -------
    (DesignSpec, int) : the design, and the file's seed (1 where it has none).

    Raises
    ------
    FileError : if the file is missing or not a text.
    InputError : with all problems of the file at once, each with its key.
    """
    if not path.is_file():
        raise FileError("the design file does not exist", str(path), "check the path")
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileError("the design file is not UTF-8 text", str(path), "save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"the file is not TOML: {error}", str(path), "texts stand in quotes, decimals have a point") from error
    try:
        design = _Design.model_validate(given)
    except ValidationError as error:
        raise InputError([_problem(detail, path.name) for detail in error.errors()]) from error
    return _spec(design, path.name, formula_parts), design.seed


def _problem(detail: Any, file: str) -> Problem:
    """Turn one complaint of pydantic into what, where, remedy."""
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in detail["loc"] if part not in ("int", "str"))
    where = f"{file}, {key}"
    if detail["type"] == "extra_forbidden":
        sections: dict[str, type[DesignSection]] = {"compound": _Compound, "combination": _Combination, "mixture": MixtureSection}
        keys = sections.get(detail["loc"][0] if len(detail["loc"]) > 1 else "", _Design).model_fields
        return Problem("unknown key", where, f"the keys are: {', '.join(keys)}")
    if detail["type"] == "missing":
        return Problem("the key is missing", where, "add it")
    return Problem(f"{detail['msg']}, found {detail['input']!r}", where, "change the value")


class _Collector:
    """Runs one step after the other and keeps what each complains of."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def attempt(self, key: str, step: Callable[[], T], otherwise: T) -> T:
        """Return what ``step`` gives, or ``otherwise`` where it complains."""
        try:
            return step()
        except InputError as error:
            self.problems += [Problem(problem.what, f"{self.file}, {key}", problem.remedy) for problem in error.problems]
            return otherwise


def _spec(design: _Design, file: str, formula_parts: FormulaParts | None) -> DesignSpec:
    collector = _Collector(file)
    layout = collector.attempt("layout", lambda: Layout.of(design.layout), Layout.of(96))
    positive = collector.attempt("positive", lambda: Treatment.parse(design.positive), Treatment())
    background = collector.attempt("background", lambda: Treatment.parse(design.background), Treatment())
    series = _series(design, collector)
    pairs = _pairs(design, series, collector)
    none: tuple[Treatment, ...] = ()
    mixtures = [
        collector.attempt(f"mixture.{number}", partial(mixture.treatments, formula_parts, design.seed), none)
        for number, mixture in enumerate(design.mixture, start=1)
    ]
    if collector.problems:
        raise InputError(collector.problems)
    same = {name: getattr(design, name) for name in _SAME}
    return DesignSpec(
        layout=layout,
        positive=positive,
        background=background.parts,
        series=tuple(series[one.name] for one in design.compound if one.role == "treatment"),
        references=tuple(series[one.name] for one in design.compound if one.role == "reference"),
        combinations=pairs,
        mixtures=tuple(treatment for made in mixtures for treatment in made),
        **same,
    )


_SAME = {field.name for field in fields(DesignSpec)} & set(_Design.model_fields) - {"layout", "positive", "background"}
"""Settings that stand in the file as they stand in :class:`DesignSpec`."""


def _series(design: _Design, collector: _Collector) -> dict[str, DoseSeries]:
    found: dict[str, DoseSeries] = {}
    for number, compound in enumerate(design.compound, start=1):
        where = f"{collector.file}, compound.{number}"
        if compound.name in found:
            collector.problems.append(Problem(f"'{compound.name}' is listed twice", where, "list it once"))
        found[compound.name] = collector.attempt(f"compound.{number}", compound.series, DoseSeries("?", (1.0,), "step"))
    return found


def _pairs(design: _Design, series: dict[str, DoseSeries], collector: _Collector) -> tuple[tuple[DoseSeries, ...], ...]:
    for number, pair in enumerate(design.combination, start=1):
        for name in pair.names:
            if name not in series:
                where = f"{collector.file}, combination.{number}"
                collector.problems.append(Problem(f"there is no compound '{name}'", where, "list it under [[compound]]"))
    return tuple(tuple(series[name] for name in one.names) for one in design.combination if set(one.names) <= set(series))
