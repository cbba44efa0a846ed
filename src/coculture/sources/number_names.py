"""The name of every number a well can have, so that a misspelt one is found before a run.

The lists stand beside what makes the numbers (see the heads of the modules named below); a test holds them to what a run
writes. A number that is named here can still be missing from a well that has nothing for it to rest on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from coculture.interactions.motion.cell_features import TRACK_FEATURES
from coculture.interactions.motion.settings import MotionSettings
from coculture.sources.arrangement import radius_text
from coculture.sources.linking import QUALITY
from coculture.sources.over_time import CommunicationSettings, DynamicsSettings
from coculture.sources.well_summary import NumberSettings

EVENTS = ("death", "division", "speed")
"""What of a cell's fate has a slope on its neighbours."""


def number_names(
    cell_types: Sequence[str], settings: NumberSettings, *, tracked: bool, territories: bool, deaths_told: bool
) -> tuple[str, ...]:
    """Return the names of the numbers of the wells of one screen.

    Parameters
    ----------
    cell_types : the types the screen tells apart, in its order.
    settings : what is asked.
    tracked : whether cells are followed over time.
    territories : whether outlines follow a stain, so that territories are counted beside them.
    deaths_told : whether dead cells are told from living ones.
    """
    types = tuple(cell_types)
    found = ["n_cells", *(f"n_{name}" for name in types if len(types) > 1)]
    if deaths_told:
        groups = ("", *(f"_{name}" for name in types if len(types) > 1))
        found += [f"{number}{name}" for name in groups for number in ("n_dead", "well_dead_fraction")]
    found += [f"well_{name}" for name in _contacts(types)]
    if territories:
        found += [f"well_territory_{name}" for name in _contacts(types)]
    found += [f"well_{name}" for name in _arrangement(types, settings.arrangement.radii_um)]
    if tracked:
        found += [f"well_motion_{name}" for name in _motion(types, settings.time.motion)]
        found += [f"well_{name}" for name in _dynamics(types, settings.time.dynamics)]
    found += [f"well_{name}" for name in _communication(types, settings.communication, tracked)]
    return tuple(dict.fromkeys(found))


def track_feature_names(settings: MotionSettings) -> tuple[str, ...]:
    """Return the features of tracked cells that a read-out at the well's end can use.

    Features of single steps are not among them: at the last time point there is no step to come.
    """
    needs = {"arrest_coefficient": settings.arrest_speed_um_per_min, "fmi_parallel": settings.direction}
    needs["fmi_perpendicular"] = settings.direction
    motion = tuple(f"cell_motion_{name}" for name in TRACK_FEATURES if needs.get(name, ()) is not None)
    return (QUALITY, *motion)


def _ordered_pairs(types: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    yield from ((a, b) for a in types for b in types)


def _pairs(types: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((a, b) for number, a in enumerate(types) for b in types[number:])


def _contacts(types: tuple[str, ...]) -> Iterator[str]:
    """Yield the numbers of :mod:`coculture.sources.between_cells`."""
    yield from ("contacts_per_cell", "contacts_length_um")
    if len(types) > 1:
        yield from (f"contacts_{a}_{b}" for a, b in _ordered_pairs(types))
        yield from (f"enrichment_{scale}_{a}_{b}" for scale in ("z", "log2") for a, b in _pairs(types))
        yield from (f"affinity_{what}_{a}_{b}" for what in ("log2", "se") for a, b in _pairs(types) if a != b)


def _arrangement(types: tuple[str, ...], radii: Sequence[float]) -> Iterator[str]:
    """Yield the numbers of :mod:`coculture.sources.arrangement`."""
    yield "density_per_mm2"
    yield from (f"nearest_um_{a}_{b}" for a, b in _ordered_pairs(types))
    if len(types) > 1:
        yield from ("mixing_heterotypic_share", "mixing_segregation", "mixing_assortativity")
        yield from (f"mixing_segregation_{a}_{b}" for a, b in _pairs(types) if a != b)
        yield from (f"mixing_exposure_{a}_{b}" for a, b in _ordered_pairs(types))
        yield from (f"density_per_mm2_{a}_{b}" for a, b in _ordered_pairs(types))
    for radius in radii:
        yield from (f"cross_{what}_{a}_{b}_{radius_text(radius)}" for what in ("g", "k_um2") for a, b in _pairs(types))


def _motion(types: tuple[str, ...], settings: MotionSettings) -> Iterator[str]:
    """Yield the numbers of :mod:`coculture.interactions.motion.wells`."""
    plain = ["tracks", "speed_um_per_min", "directness", "outreach_ratio", "asphericity", "mean_turning_angle_rad"]
    plain += ["diffusion_um2_per_min", "persistence_min", "agreement", "centre_displacement_um"]
    plain += ["fmi_parallel", "fmi_perpendicular"] if settings.direction is not None else []
    plain += ["arrest_coefficient"] if settings.arrest_speed_um_per_min is not None else []
    plain += ["correlation_length_um"] if settings.correlation_reach_um is not None else []
    yield from plain
    if len(types) > 1:
        yield from (f"{name}_{kind}" for name in plain for kind in types)
        yield from (f"toward_{a}_{b}" for a, b in _ordered_pairs(types) if a != b and settings.toward_each_type)
        yield from (f"contact_speed_ratio_{a}_{b}" for a, b in _ordered_pairs(types))


def _dynamics(types: tuple[str, ...], settings: DynamicsSettings) -> Iterator[str]:
    """Yield the numbers of :mod:`coculture.interactions.dynamics.wells`, in which a comes before b in the alphabet."""
    symmetric = ["formation_per_h", "loss_per_h", "dwell_median_min"]
    symmetric += ["dwell_mean_min"] if settings.horizon_min is not None else []
    symmetric += ["long_fraction"] if settings.long_min is not None else []
    yield from (f"contacts_{name}_{a}_{b}" for name in symmetric for a, b in _pairs(sorted(types)))
    yield from (f"contacts_first_median_min_{a}_{b}" for a, b in _ordered_pairs(types) if a != b)
    yield "contacts_swaps_per_cell_h"
    yield from (f"contacts_gained_per_cell_h_{name}" for name in types)
    yield from (f"killing_log2_hazard_ratio_{a}_{b}" for a, b in _ordered_pairs(types) if a != b)


def _communication(types: tuple[str, ...], asked: CommunicationSettings, tracked: bool) -> Iterator[str]:
    """Yield the numbers of :mod:`coculture.interactions.communication.wells`."""
    for kind, of in _ordered_pairs(types):
        if tracked:
            yield from (f"{event}_slope_per_neighbour_{kind}_{of}" for event in EVENTS)
        yield from (f"signal_slope_per_neighbour_{kind}_{of}_{_short(signal)}" for signal in asked.signals)
    yield from (f"transfer_slope_{donor}_{receiver}_{_short(signal)}" for signal, donor, receiver in asked.transfers)


def _short(signal: str) -> str:
    """Return a feature's name without the object it is of, as the numbers of communication have it."""
    head, _, rest = signal.partition("_")
    return rest if rest and head in ("cell", "nucleus", "cytoplasm", "ring") else signal
