"""Contacts between types for every well and time point of a screen, from the cell table and the contact table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.heterotypic.affinity import affinity
from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.enrichment import enrichment
from coculture.interactions.neighbours.graph import NeighbourGraph
from coculture.interactions.neighbours.touching import graph_from_contacts

_WELL = ["plate", "well", "t_min"]
_CELL_NEEDS = ("plate", "well", "site", "t_min", "cell_id", "cell_type")
_CONTACT_NEEDS = ("plate", "well", "site", "t_min", "cell_a", "cell_b", "contact_length_um")


def contact_statistics(
    cells: pd.DataFrame,
    contacts: pd.DataFrame,
    *,
    names: Sequence[str] | None = None,
    strata: str | None = None,
    unknown: Literal["refuse", "drop"] = "refuse",
) -> pd.DataFrame:
    """Return, for each well and time point, the contacts of every pair of types beside their exact null.

    The sites of a well are pooled: contacts are summed, and under the null labels are exchanged within each site only, so
    that sites of different composition do not pass for segregation.

    Parameters
    ----------
    cells : cell table (plate, well, site, t_min, cell_id, cell_type, and ``strata`` where named).
    contacts : contact table (plate, well, site, t_min, cell_a, cell_b, contact_length_um).
    names : types to report, in order. None: all types of the table, sorted, in every well.
    strata : column of the cell table within whose values (and sites) labels are exchanged: a compartment, a density class.
    unknown : what to do with contacts of cells that are not in the cell table: refuse, or drop.

    Returns
    -------
    One row a well, time point and pair of types: ``plate, well, t_min, type_a, type_b, n_a, n_b``; ``contacts,
    contacts_expected, contacts_sd, contacts_z, contacts_p_value`` (numbers of pairs that touch); the same five for
    ``contact_length`` (µm); ``mean_contact_length_um`` (NaN where there is no contact); ``reason`` and ``note`` as in
    :class:`~coculture.interactions.heterotypic.enrichment.Enrichment` (of the numbers).

    Raises
    ------
    InputError : if a column is missing or a cell has no type.
    DataError : if a contact names a cell that is not in the cell table, and such contacts are not to be dropped.
    """
    _need(cells, (*_CELL_NEEDS, *((strata,) if strata else ())), "cells")
    _need(contacts, _CONTACT_NEEDS, "contacts")
    types = cells["cell_type"]
    known = CellTypes.of(types.astype(str).where(types.notna(), None) if len(cells) else [], names)
    coded = cells.assign(_code=known.codes)
    tables = [
        _well_table(well, touching, known.names, strata, unknown).assign(**dict(zip(_WELL, key, strict=True)))
        for key, well, touching in _wells(coded, contacts)
    ]
    if not tables:
        return _well_table(coded, contacts, (), None, unknown).assign(**{name: [] for name in _WELL})
    joined = pd.concat(tables, ignore_index=True)
    return joined[[*_WELL, *(name for name in joined.columns if name not in _WELL)]]


def _wells(cells: pd.DataFrame, contacts: pd.DataFrame) -> Iterator[tuple[tuple[Any, ...], pd.DataFrame, pd.DataFrame]]:
    """Go through wells and time points with their cells and their contacts."""
    touching = dict(iter(contacts.groupby(_WELL, sort=False)))
    for key, well in cells.groupby(_WELL, sort=True):
        yield key, well, touching.get(key, contacts.iloc[:0])


def well_affinity(
    cells: pd.DataFrame,
    contacts: pd.DataFrame,
    *,
    names: Sequence[str] | None = None,
    unknown: Literal["refuse", "drop"] = "refuse",
) -> pd.DataFrame:
    """Return, for each well and time point, the affinity of every two types with its standard error.

    Sites are pooled as in :func:`contact_statistics`; see :mod:`~coculture.interactions.heterotypic.affinity`.

    Parameters
    ----------
    cells, contacts, names, unknown : as in :func:`contact_statistics`.

    Returns
    -------
    One row a well, time point and pair of different types: ``plate, well, t_min, type_a, type_b, affinity_log2,
    standard_error, reason``.

    Raises
    ------
    InputError, DataError : as :func:`contact_statistics`.
    """
    _need(cells, _CELL_NEEDS, "cells")
    _need(contacts, _CONTACT_NEEDS, "contacts")
    types = cells["cell_type"]
    known = CellTypes.of(types.astype(str).where(types.notna(), None) if len(cells) else [], names)
    tables = []
    for key, well, touching in _wells(cells.assign(_code=known.codes), contacts):
        graph, site = touching_graph(well, touching, unknown)
        table = affinity(graph, CellTypes(known.names, well["_code"].to_numpy(np.int64)), strata=site)
        for place, (name, value) in enumerate(zip(_WELL, key, strict=True)):
            table.insert(place, name, value)
        tables.append(table)
    columns = [*_WELL, "type_a", "type_b", "affinity_log2", "standard_error", "reason"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame({name: [] for name in columns})


def touching_graph(
    cells: pd.DataFrame, contacts: pd.DataFrame, unknown: Literal["refuse", "drop"] = "refuse"
) -> tuple[NeighbourGraph, NDArray[np.int64]]:
    """Return the graph of one well and time, all its sites together, weighted by length (µm), and each cell's site.

    Parameters
    ----------
    cells : (n) rows of a cell table (site, cell_id); the graph has their order.
    contacts : contact table (site, cell_a, cell_b, contact_length_um).
    unknown : as in :func:`contact_statistics`.

    Returns
    -------
    The graph, and (n,) numbers of the sites in the order in which they first stand in ``cells``.

    Raises
    ------
    DataError : as :func:`contact_statistics`.
    """
    sites = pd.Index(cells["site"].unique())
    here = sites.get_indexer(pd.Index(cells["site"])).astype(np.int64)
    there = sites.get_indexer(pd.Index(contacts["site"])).astype(np.int64)
    ids = _site_id(here, cells["cell_id"])
    named = pd.DataFrame(
        {
            "cell_a": _site_id(np.where(there < 0, len(sites), there), contacts["cell_a"]),
            "cell_b": _site_id(np.where(there < 0, len(sites), there), contacts["cell_b"]),
            "contact_length_um": contacts["contact_length_um"].to_numpy(np.float64),
        }
    )
    return graph_from_contacts(named, ids, weight="length", unknown=unknown), here


def _well_table(
    cells: pd.DataFrame, contacts: pd.DataFrame, names: tuple[str, ...], strata: str | None, unknown: Literal["refuse", "drop"]
) -> pd.DataFrame:
    lengths, here = touching_graph(cells, contacts, unknown)
    types = CellTypes(names, cells["_code"].to_numpy(np.int64))
    within: Any = here if strata is None else pd.factorize(pd.MultiIndex.from_arrays([here, cells[strata]]))[0]
    counted = enrichment(lengths.with_unit_weights(), types, strata=within).table
    measured = enrichment(lengths, types, strata=within).table
    table = counted[["type_a", "type_b", "n_a", "n_b"]].copy()
    for name, source in (("contacts", counted), ("contact_length", measured)):
        table[name if name == "contacts" else "contact_length_um"] = source["observed"]
        for part in ("expected", "sd", "z", "p_value"):
            table[f"{name}_{part}"] = source[part]
    table["mean_contact_length_um"] = measured["observed"] / counted["observed"].where(counted["observed"] > 0)
    return table.assign(reason=counted["reason"], note=counted["note"])


def _site_id(site: Any, cell: pd.Series) -> Any:
    """Return one number for a cell of a site; cell ids are below 2³²."""
    return (np.asarray(site, np.int64) << 32) | cell.to_numpy(np.int64)


def _need(table: pd.DataFrame, columns: Sequence[str], where: str) -> None:
    missing = [name for name in columns if name not in table.columns]
    if missing:
        raise InputError(f"the {where.rstrip('s')} table lacks {', '.join(missing)}", where)
