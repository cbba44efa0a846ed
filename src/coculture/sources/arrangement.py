"""How the cells of one well lie at one time: distances, mixing, crowding and pair correlation of the types.

========================================  =====================================================================
``well_nearest_um_<a>_<b>``               mean distance from a cell of type a to the nearest other cell of type b, µm
``well_mixing_heterotypic_share``         share of contacts that join different types
``well_mixing_segregation``               1 − contacts between types / expected ones: 0 by chance, 1 fully parted
``well_mixing_segregation_<a>_<b>``       the same for one pair of types; a before b in the screen's order
``well_mixing_exposure_<a>_<b>``          mean share of type b among the neighbours of cells of type a
``well_mixing_assortativity``             Newman's coefficient over all types: 1 fully parted, 0 by chance
``well_density_per_mm2``                  mean number of other cells around a cell, per mm² of the disc that lies in the image
``well_density_per_mm2_<a>_<b>``          the same of cells of type b around cells of type a
``well_cross_g_<a>_<b>_<r>um``            pair correlation g at the distance r: 1 where places are independent
``well_cross_k_um2_<a>_<b>_<r>um``        Ripley's K at r, µm²; π r² where places are independent
========================================  =====================================================================

Definitions and sources stand in :mod:`~coculture.interactions.heterotypic.nearest`, ``mixing``, ``density`` and ``cross_k``. Only
living cells count. Sites are pooled: distances and densities over all cells, indices over one graph of all sites (labels being
exchanged within sites), and g and K with the weight n_a n_b of the site. What a well has no cells for is left out, never 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import DataError
from coculture.interactions.heterotypic.cross_k import cross_type_functions
from coculture.interactions.heterotypic.density import local_density
from coculture.interactions.heterotypic.mixing import mixing_indices
from coculture.interactions.heterotypic.nearest import nearest_by_type
from coculture.interactions.heterotypic.window import Window
from coculture.interactions.neighbours.touching import graph_from_contacts
from coculture.sources.well_numbers import WellNumbers

_INDICES = ("heterotypic_share", "segregation", "exposure", "assortativity")


@dataclass(frozen=True)
class ArrangementSettings:
    """Distances at which the arrangement is looked at.

    Attributes
    ----------
    density_radius_um : radius of the disc in which a cell's surroundings are counted.
    radii_um : distances at which g and K are given; none without.
    """

    density_radius_um: float = 50.0
    radii_um: tuple[float, ...] = ()


def arrangement_numbers(
    cells: pd.DataFrame,
    contacts: pd.DataFrame,
    cell_types: Sequence[str],
    size_um: tuple[float, float],
    settings: ArrangementSettings,
) -> WellNumbers:
    """Return the numbers of one well at one time; see the module's head.

    Parameters
    ----------
    cells : living cells of one well and time.
    contacts : their neighbours.
    cell_types : the types the screen tells apart, in its order. With one there are densities, distances, g and K of it alone.
    size_um : (width, height) of a site's image.
    settings : distances.
    """
    types = tuple(cell_types)
    if cells.empty:
        return WellNumbers()
    window = Window.rectangle(*size_um)
    sites = [site.reset_index(drop=True) for _, site in cells.groupby("site", sort=True)]
    numbers = _nearest(sites, types) | _density(sites, types, window, settings.density_radius_um)
    if len(types) > 1:
        numbers |= _mixing(cells, contacts, types)
    try:
        return WellNumbers(numbers | _cross(sites, types, window, settings.radii_um))
    except DataError as error:
        return WellNumbers(numbers, (f"no pair correlation: {error.problems[0].what}",))


def radius_text(radius_um: float) -> str:
    """Return a radius as it stands in a name: ``20um``, ``12p5um``."""
    return f"{radius_um:g}um".replace(".", "p")


def _points(site: pd.DataFrame) -> NDArray[np.float64]:
    return site[["x_um", "y_um"]].to_numpy(np.float64)


def _nearest(sites: list[pd.DataFrame], types: tuple[str, ...]) -> dict[str, float]:
    found = pd.concat([nearest_by_type(_points(site), site["cell_type"], names=types) for site in sites], ignore_index=True)
    kinds = np.concatenate([site["cell_type"].to_numpy(object) for site in sites])
    return _means(found, "nearest_{}_um", kinds, types, "well_nearest_um")


def _density(sites: list[pd.DataFrame], types: tuple[str, ...], window: Window, radius_um: float) -> dict[str, float]:
    tables = [local_density(_points(site), site["cell_type"], window, radius_um, names=types) for site in sites]
    found = pd.concat(tables, ignore_index=True)
    kinds = np.concatenate([site["cell_type"].to_numpy(object) for site in sites])
    numbers = {"well_density_per_mm2": float(found["density_per_mm2"].mean())}
    return numbers | (_means(found, "density_{}_per_mm2", kinds, types, "well_density_per_mm2") if len(types) > 1 else {})


def _means(table: pd.DataFrame, column: str, kinds: NDArray[np.object_], types: tuple[str, ...], name: str) -> dict[str, float]:
    """Return the mean of a column per ordered pair of types, over the cells of the first that have a value."""
    numbers: dict[str, float] = {}
    for b in types:
        values = table[column.format(b)].to_numpy(np.float64)
        for a in types:
            held = values[(kinds == a) & np.isfinite(values)]
            if held.size:
                numbers[f"{name}_{a}_{b}"] = float(held.mean())
    return numbers


def _mixing(cells: pd.DataFrame, contacts: pd.DataFrame, types: tuple[str, ...]) -> dict[str, float]:
    ids = _well_ids(cells["site"], cells["cell_id"])
    named = pd.DataFrame(
        {
            "cell_a": _well_ids(contacts["site"], contacts["cell_a"]),
            "cell_b": _well_ids(contacts["site"], contacts["cell_b"]),
            "contact_length_um": contacts["contact_length_um"].to_numpy(np.float64),
        }
    )
    graph = graph_from_contacts(named, ids, unknown="drop")
    table = mixing_indices(graph, cells["cell_type"], names=types, strata=cells["site"], n_permutations=0)
    table = table[table["index"].isin(_INDICES) & np.isfinite(table["value"])]
    parts = zip(table["index"], table["type_a"], table["type_b"], table["value"], strict=True)
    return {"_".join(filter(None, ("well_mixing", index, a, b))): float(value) for index, a, b, value in parts}


def _well_ids(site: pd.Series[int], cell: pd.Series[int]) -> NDArray[np.int64]:
    """Return one number for a cell of a site; cell ids are below 2³²."""
    return np.asarray((site.to_numpy(np.int64) << 32) | cell.to_numpy(np.int64), np.int64)


def _cross(sites: list[pd.DataFrame], types: tuple[str, ...], window: Window, radii: tuple[float, ...]) -> dict[str, float]:
    if not radii:
        return {}
    tables = [
        cross_type_functions(_points(site), site["cell_type"], window, np.sort(np.asarray(radii, np.float64)), names=types)
        for site in sites
    ]
    table = pd.concat(tables, ignore_index=True)
    table["weight"] = (table["n_a"] * table["n_b"]).astype(np.float64)
    numbers: dict[str, float] = {}
    for (a, b, at), rows in table.assign(at=table["radius_um"].map(radius_text)).groupby(["type_a", "type_b", "at"], sort=False):
        for column, value in _weighed(rows):
            numbers[f"well_cross_{column}_{a}_{b}_{at}"] = value
    return numbers


def _weighed(rows: pd.DataFrame) -> Iterator[tuple[str, float]]:
    """Yield g and K of one pair of types and radius, the sites weighed by their pairs of cells."""
    for name in ("g", "k_um2"):
        held = rows[np.isfinite(rows[name]) & (rows["weight"] > 0)]
        if len(held):
            yield name, float(np.average(held[name], weights=held["weight"]))
