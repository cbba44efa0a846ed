"""From what was dosed to what is dissolved: compounds, herbs, extracts and formulas as µM of compounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from coculture.compounds.carrier import Carrier
from coculture.compounds.citation import CitedRange
from coculture.compounds.compound import Compound
from coculture.compounds.files.reading import Entry
from coculture.compounds.formula import Formula
from coculture.compounds.herb import Extract, Herb, Ingredient
from coculture.compounds.library import Library, standard_library
from coculture.errors import InputError
from coculture.sound_numbers import require_number

LEAST_VALUE = "only a least content is known, so the concentration is at least this"


WHOLE_LOAD = "as if the whole load were free"


class Dose(Protocol):
    """A part of a treatment: :class:`coculture.plate.treatment.Part` is one."""

    @property
    def compound(self) -> str:
        """What was dosed."""

    @property
    def dose(self) -> float:
        """How much, in ``unit``."""

    @property
    def unit(self) -> str:
        """``uM`` or ``ug/mL``."""


@dataclass(frozen=True)
class Dissolved:
    """One compound of an expanded dose.

    Attributes
    ----------
    um : concentration from the middle of the content's range, µM.
    low_um : from its lower end.
    high_um : from its upper end; None where no upper end is known.
    notes : what has to be known to use the numbers.
    """

    um: float
    low_um: float
    high_um: float | None
    notes: tuple[str, ...] = ()

    def plus(self, other: Dissolved) -> Dissolved:
        """Return both together."""
        high = None if self.high_um is None or other.high_um is None else self.high_um + other.high_um
        notes = tuple(dict.fromkeys((*self.notes, *other.notes)))
        return Dissolved(self.um + other.um, self.low_um + other.low_um, high, notes)


@dataclass
class Expansion:
    """A dose as compounds.

    Attributes
    ----------
    compounds : what is dissolved, by the compound's name.
    dosed_ug_per_ml : mass that was dosed, None where the dose was in µM.
    explained_ug_per_ml : mass of the compounds listed; the rest of a herb (fibre, starch, what nobody measured) is not followed.
    """

    compounds: dict[str, Dissolved] = field(default_factory=dict)
    dosed_ug_per_ml: float | None = None
    explained_ug_per_ml: float = 0.0

    def add(self, name: str, more: Dissolved) -> None:
        """Add an amount of a compound."""
        self.compounds[name] = self.compounds[name].plus(more) if name in self.compounds else more


def expand(part: Dose, library: Library | None = None) -> dict[str, float]:
    """Return the concentrations a part of a treatment brings, µM by the compound's name. See :func:`expand_with_ranges`."""
    return {name: one.um for name, one in expand_with_ranges(part, library).compounds.items()}


def expand_all(parts: Iterable[Dose], library: Library | None = None) -> dict[str, float]:
    """Return the concentrations that several parts bring together, µM by the compound's name."""
    total: dict[str, float] = {}
    for part in parts:
        for name, um in expand(part, library).items():
            total[name] = total.get(name, 0.0) + um
    return total


def expand_with_ranges(part: Dose, library: Library | None = None) -> Expansion:
    """Return the concentrations a part of a treatment brings, with their ranges.

    A compound may be dosed in µM or µg/mL. A herb or formula is dosed in µg of dried herb per mL (1 mg of herb per mL is
    1000 µg/mL) and counted as if all that is listed dissolved; an extract in µg of dry extract per mL. A carrier
    (in µg/mL of carriers, or in µM of the drug it carries) brings its load as if all of it were free:
    :func:`coculture.compounds.carrier_dose.carrier_dose` and the virtual chip follow it in time.

    Parameters
    ----------
    part : what was dosed, how much, and the unit.
    library : where names are looked up; None: the program's.

    Raises
    ------
    InputError : if the name is unknown, the dose is negative, or the unit does not suit what was dosed.
    DataError : if a molar mass that is needed is not known.
    """
    books = library or standard_library()
    dose = require_number(part.dose, f"dose of '{part.compound}'", least=0)
    entry = books.find(part.compound)
    found = Expansion(dosed_ug_per_ml=dose if part.unit == "ug/mL" else None)
    if isinstance(entry, Compound):
        um = entry.in_um(dose, part.unit)
        found.add(entry.name, Dissolved(um, um, um))
        found.explained_ug_per_ml = dose if part.unit == "ug/mL" else 0.0
        return found
    if isinstance(entry, Carrier) and part.unit == "uM":
        found.add(books.get(entry.drug, Compound).name, Dissolved(dose, dose, dose, (WHOLE_LOAD,)))
        return found
    if part.unit != "ug/mL":
        kind = type(entry).__name__.lower()
        remedy = "dose it in ug/mL (or mg/mL): of dried herb, of dry extract, or of carriers"
        raise InputError(f"the {kind} '{entry.name}' was dosed in '{part.unit}'", part.compound, remedy)
    _expand_mass(entry, dose, books, found)
    return found


def _expand_mass(entry: Entry, dose_ug_per_ml: float, books: Library, found: Expansion) -> None:
    if isinstance(entry, Herb):
        for one in entry.ingredients:
            _add(one, dose_ug_per_ml, books, found)
    elif isinstance(entry, Formula):
        for member in entry.members:
            _expand_mass(books.get(member.herb, Herb), dose_ug_per_ml * entry.weight_share(member.herb), books, found)
    elif isinstance(entry, Extract):
        _expand_extract(entry, dose_ug_per_ml, books, found)
    elif isinstance(entry, Carrier):
        drug, mass = books.get(entry.drug, Compound), entry.drug_ug_per_ml(dose_ug_per_ml)
        um = drug.in_um(mass, "ug/mL")
        found.add(drug.name, Dissolved(um, um, um, (WHOLE_LOAD,)))
        found.explained_ug_per_ml += mass


def _expand_extract(extract: Extract, dose_ug_per_ml: float, books: Library, found: Expansion) -> None:
    """Go by the extract's own contents, or back to the dried herb: ``dose · recovered / yield``."""
    if extract.ingredients:
        for one in extract.ingredients:
            _add(one, dose_ug_per_ml, books, found)
        return
    assert extract.yield_mg_per_g is not None
    assert extract.recovered_fraction is not None
    herb_ug_per_ml = dose_ug_per_ml * extract.recovered_fraction.value / (extract.yield_mg_per_g.value / 1e3)
    _expand_mass(books.find(extract.of), herb_ug_per_ml, books, found)


def _add(ingredient: Ingredient, herb_ug_per_ml: float, books: Library, found: Expansion) -> None:
    compound = books.get(ingredient.compound, Compound)
    mass = ingredient.weighed_as_g_per_mol or compound.molar_mass()
    content: CitedRange = ingredient.content_mg_per_g
    um_per_mg_per_g = herb_ug_per_ml / mass
    high = None if content.high is None else content.high * um_per_mg_per_g
    notes = tuple(filter(None, (content.note, LEAST_VALUE if content.high is None else "")))
    found.add(compound.name, Dissolved(content.middle * um_per_mg_per_g, content.low * um_per_mg_per_g, high, notes))
    found.explained_ug_per_ml += herb_ug_per_ml * content.middle / 1e3
