"""Named cycle and death models with their published rates.

Rates are those of the standard models of Ghaffarizadeh et al. 2018, PLoS Comput Biol 14:e1005991 (supplement, and the source of
the program it describes), most of them measured on MCF-10A breast epithelium; the two Ki-67 models come from Macklin et al.
2012, J Theor Biol 301:122, whose apoptosis and necrosis the death models continue.
"""

from __future__ import annotations

from coculture.cells.model import CycleModel, DeathModel, Phase

HOUR = 60.0

GHAFFARIZADEH = "Ghaffarizadeh et al. 2018, PLoS Comput Biol 14:e1005991, standard models"
"""Where the rates come from."""


def _ki67_basic() -> CycleModel:
    return CycleModel(
        "ki67_basic",
        (
            Phase("ki67_negative", 4.59 * HOUR),
            Phase("ki67_positive", 15.5 * HOUR, fixed=True, divides=True, doubles=True),
        ),
    )


def _ki67_advanced() -> CycleModel:
    return CycleModel(
        "ki67_advanced",
        (
            Phase("ki67_negative", 3.62 * HOUR),
            Phase("ki67_premitotic", 13.0 * HOUR, fixed=True, divides=True, doubles=True),
            Phase("ki67_postmitotic", 2.5 * HOUR, fixed=True),
        ),
    )


def _flow_cytometry() -> CycleModel:
    return CycleModel(
        "flow_cytometry",
        (
            Phase("G0G1", 1 / 0.00324),
            Phase("S", 1 / 0.00208, doubles=True),
            Phase("G2M", 1 / 0.00333, divides=True),
        ),
    )


def _flow_cytometry_separated() -> CycleModel:
    return CycleModel(
        "flow_cytometry_separated",
        (
            Phase("G0G1", 1 / 0.00335),
            Phase("S", 1 / 0.00208, doubles=True),
            Phase("G2", 1 / 0.00417),
            Phase("M", 1 / 0.0167, divides=True),
        ),
    )


def _cycling_quiescent() -> CycleModel:
    return CycleModel(
        "cycling_quiescent",
        (
            Phase("quiescent", 4.59 * HOUR),
            Phase("cycling", 15.5 * HOUR, fixed=True, divides=True, doubles=True),
        ),
    )


CYCLES: dict[str, CycleModel] = {
    one.name: one
    for one in (
        CycleModel("none", ()),
        CycleModel("live", (Phase("live", HOUR / 0.0432, divides=True, doubles=True),)),
        _ki67_basic(),
        _ki67_advanced(),
        _flow_cytometry(),
        _flow_cytometry_separated(),
        _cycling_quiescent(),
    )
}
"""Cycle models by name."""

APOPTOSIS = DeathModel(
    duration_min=8.6 * HOUR,
    fluid_per_min=3.0 / HOUR,
    cytoplasmic_per_min=1.0 / HOUR,
    nuclear_per_min=0.35 / HOUR,
)
"""The cell shrinks, and is gone after 8.6 h."""

NECROSIS = DeathModel(
    duration_min=60 * 24 * HOUR,
    fluid_per_min=0.67 / HOUR,
    cytoplasmic_per_min=0.0032 / HOUR,
    nuclear_per_min=0.013 / HOUR,
    target_fluid_fraction=1.0,
    rupture=2.0,
    lysed_fluid_per_min=0.05 / HOUR,
    calcified_per_min=0.0042 / HOUR,
)
"""The cell swells to twice its volume, bursts, and loses its fluid; what stays calcifies for 60 days."""
