"""Single agents that were not measured are estimated from what was, so that every combination has a score."""

from __future__ import annotations

import numpy as np

from coculture.screen.group_statistics import Integers
from coculture.screen.synergy.combination_data import DoseTable
from coculture.screen.synergy.curve_fits import least_squares_curve

FEWEST_DOSES = 3
"""Doses without which no curve is drawn through a drug's own points."""


def with_single_agents(table: DoseTable) -> tuple[DoseTable, tuple[str, ...]]:
    """Return the table with every single agent and the control in it, and what was estimated, in words.

    A missing dose of a drug is read off the drug's own curve where three of its doses were measured; otherwise off the
    curve along another drug, run back to none of it; otherwise it is the response nearest to it. A missing control is 0 percent,
    which is what the effect is relative to.
    """
    notes: list[str] = []
    doses, response = [tuple(map(float, row)) for row in table.doses], list(map(float, table.response))
    if table.control < 0:
        notes.append("no control without drugs: taken as 0 % inhibition")
        doses.append((0.0,) * table.doses.shape[1])
        response.append(0.0)
    for drug in range(table.doses.shape[1]):
        missing = sorted({float(row[drug]) for row in table.doses if row[drug] > 0} - _measured(table, drug))
        for dose in missing:
            doses.append(tuple(dose if i == drug else 0.0 for i in range(table.doses.shape[1])))
            response.append(_estimate(table, drug, dose))
        if missing:
            notes.append(f"{len(missing)} doses of drug {drug + 1} alone were not measured: estimated")
    if not notes:
        return table, ()
    order = sorted(range(len(doses)), key=lambda i: doses[i])
    count = np.concatenate([table.count, np.zeros(len(doses) - table.count.size, dtype=np.int64)])
    filled = DoseTable(np.array(doses)[order], np.array(response)[order], count[order], table.squares, table.df)
    return filled, tuple(notes)


def _measured(table: DoseTable, drug: int) -> set[float]:
    return {float(dose) for dose in table.doses[table.alone(drug), drug] if dose > 0}


def _estimate(table: DoseTable, drug: int, dose: float) -> float:
    own = table.alone(drug)
    if (table.doses[own, drug] > 0).sum() >= FEWEST_DOSES:
        return float(least_squares_curve(table.doses[own, drug], table.response[own]).at(np.array([dose]))[0])
    other, rows = _best_background(table, drug, dose)
    if rows.size < FEWEST_DOSES:
        return float(table.response[rows[0]])
    base = least_squares_curve(table.doses[rows, other], table.response[rows]).lower
    seen = table.response[rows]
    return float(np.clip(base, min(0.0, float(seen.min())), float(seen.max())))


def _best_background(table: DoseTable, drug: int, dose: float) -> tuple[int, Integers]:
    """Return the other drug with the most points beside ``dose`` and the rows by its rising dose, fewest further drugs first."""
    best_other, best = 0, np.empty(0, dtype=np.int64)
    for other in range(table.doses.shape[1]):
        if other == drug:
            continue
        rows = np.flatnonzero((table.doses[:, drug] == dose) & (table.doses[:, other] > 0))
        rows = rows[table.order[rows] == table.order[rows].min()] if rows.size else rows
        if rows.size > best.size:
            best_other, best = other, rows[np.argsort(table.doses[rows, other])]
    return best_other, best
