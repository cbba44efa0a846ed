"""The one coherent unit system: µm, min, µM, Pa, K. Suffixes and conversion live here and nowhere else.

A quantity carries its unit at the end of its name (``flow_rate_ul_per_min``, ``dose_um``). Inside, numbers are in the
base units below and carry none. Mass concentration (µg/mL) is a second dose axis: it turns into µM only with a molar
mass. ``step`` is the ordinal axis of a dilution series whose concentrations were not written down: it orders doses
and says nothing about their distance.
"""

from __future__ import annotations


class UnitError(ValueError):
    """A unit is unknown, or two units measure different things. Callers say where it was found."""


TO_BASE: dict[str, tuple[str, float]] = {
    # length, µm
    "nm": ("length", 1e-3),
    "um": ("length", 1.0),
    "mm": ("length", 1e3),
    "cm": ("length", 1e4),
    "m": ("length", 1e6),
    # time, min
    "s": ("time", 1 / 60),
    "min": ("time", 1.0),
    "h": ("time", 60.0),
    "d": ("time", 1440.0),
    # amount concentration, µM
    "pM": ("concentration", 1e-6),
    "nM": ("concentration", 1e-3),
    "uM": ("concentration", 1.0),
    "mM": ("concentration", 1e3),
    "M": ("concentration", 1e6),
    # mass concentration, µg/mL
    "ng/mL": ("mass concentration", 1e-3),
    "ug/mL": ("mass concentration", 1.0),
    "mg/mL": ("mass concentration", 1e3),
    # pressure, Pa
    "Pa": ("pressure", 1.0),
    "kPa": ("pressure", 1e3),
    "mbar": ("pressure", 100.0),
    # an ordered series of unknown spacing
    "step": ("ordinal", 1.0),
}

BASE_UNIT = {
    "length": "um",
    "time": "min",
    "concentration": "uM",
    "mass concentration": "ug/mL",
    "pressure": "Pa",
    "ordinal": "step",
}

DOSE_UNITS = ("uM", "ug/mL", "step")
"""What a dose may be in, inside: amount, mass, or the step of a series."""

_SPELLINGS = {
    "µm": "um",
    "μm": "um",
    "µM": "uM",
    "μM": "uM",
    "µg/mL": "ug/mL",
    "μg/mL": "ug/mL",
    "µg/ml": "ug/mL",
    "μg/ml": "ug/mL",
    "ug/ml": "ug/mL",
    "mg/ml": "mg/mL",
    "ng/ml": "ng/mL",
    "umol/L": "uM",
    "nmol/L": "nM",
    "mmol/L": "mM",
    "hr": "h",
    "hours": "h",
    "sec": "s",
    "days": "d",
}

_LABELS = {"um": "µm", "uM": "µM", "ug/mL": "µg/mL", "um2": "µm²"}


def canonical(unit: str) -> str:
    """Return the one spelling of ``unit`` this project uses (``µM`` becomes ``uM``).

    Raises
    ------
    UnitError : if the unit is not known.
    """
    text = unit.strip()
    text = _SPELLINGS.get(text, text)
    if text not in TO_BASE:
        raise UnitError(f"unknown unit '{unit}'; use one of: " + ", ".join(TO_BASE))
    return text


def convert(value: float, source: str, target: str) -> float:
    """Convert ``value`` from one unit to another of the same dimension.

    Raises
    ------
    UnitError : if a unit is unknown or the dimensions differ.
    """
    source, target = canonical(source), canonical(target)
    source_dimension, source_factor = TO_BASE[source]
    target_dimension, target_factor = TO_BASE[target]
    if source_dimension != target_dimension:
        hint = "; µg/mL turns into µM only with a molar mass" if "concentration" in source_dimension else ""
        raise UnitError(f"cannot turn {source} ({source_dimension}) into {target} ({target_dimension}){hint}")
    return value * (source_factor / target_factor)


def to_base(value: float, unit: str) -> tuple[float, str]:
    """Return ``value`` in the base unit of its dimension, and that unit (``5 nM`` gives ``(0.005, 'uM')``)."""
    base = BASE_UNIT[TO_BASE[canonical(unit)][0]]
    return convert(value, unit, base), base


def label(unit: str) -> str:
    """Return the unit as a person reads it (``uM`` gives ``µM``)."""
    return _LABELS.get(unit, unit)
