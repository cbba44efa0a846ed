"""Join counts of a labelled graph, and the sums of its weights on which their null moments rest.

Graphs are neighbour lists (``start``, ``neighbour``, ``weight``); codes are the cells' types, 0 to T - 1.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled
from coculture.interactions.kernels.lists import mirror_weight

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Short = NDArray[np.int32]


@compiled
def count_joins(start: Whole, neighbour: Short, weight: Reals, codes: Whole, joins: Reals) -> None:
    """Add to ``joins[a, b]`` the weight of every entry from a cell of type a to a neighbour of type b."""
    for row in range(start.size - 1):
        own = codes[row]
        for place in range(start[row], start[row + 1]):
            joins[own, codes[neighbour[place]]] += weight[place]


@compiled
def weight_sums(start: Whole, neighbour: Short, weight: Reals, directed: bool) -> tuple[float, float, float, float, float]:
    """Return five sums over a graph: Σw, Σw², Σ out², Σ in², Σ out·in."""
    total, squares, out_out, in_in, out_in = 0.0, 0.0, 0.0, 0.0, 0.0
    out, inward = np.zeros(start.size - 1), np.zeros(start.size - 1 if directed else 0)
    for row in range(start.size - 1):
        given = 0.0
        for place in range(start[row], start[row + 1]):
            given += weight[place]
            squares += weight[place] * weight[place]
            if directed:
                inward[neighbour[place]] += weight[place]
        total += given
        out_out += given * given
        out[row] = given
    if not directed:
        return total, squares, out_out, out_out, out_out
    for row in range(start.size - 1):
        in_in += inward[row] * inward[row]
        out_in += out[row] * inward[row]
    return total, squares, out_out, in_in, out_in


@compiled
def stratum_sums(
    start: Whole, neighbour: Short, weight: Reals, back_start: Whole, back: Short, back_weight: Reals, strata: Whole, sums: Reals
) -> None:
    """Fill ``sums[q, s, u]``, the six sums of :func:`weight_sums` for entries between the strata s and u.

    q = 0: Σw, 1: Σw², 2: Σ w_ij w_ji over i in s, j in u; 3, 4, 5: Σ over i in s of out², in² and out·in, where out and in
    count what i gives to and takes from cells of u only.
    """
    many = sums.shape[1]
    out, inward = np.zeros(many), np.zeros(many)
    for row in range(start.size - 1):
        own = strata[row]
        for place in range(start[row], start[row + 1]):
            other = strata[neighbour[place]]
            out[other] += weight[place]
            sums[0, own, other] += weight[place]
            sums[1, own, other] += weight[place] * weight[place]
            sums[2, own, other] += weight[place] * mirror_weight(start, neighbour, weight, neighbour[place], row)
        for place in range(back_start[row], back_start[row + 1]):
            inward[strata[back[place]]] += back_weight[place]
        for place in range(start[row], start[row + 1]):
            other = strata[neighbour[place]]
            sums[3, own, other] += out[other] * out[other]
            sums[5, own, other] += out[other] * inward[other]
            out[other] = 0.0
        for place in range(back_start[row], back_start[row + 1]):
            other = strata[back[place]]
            sums[4, own, other] += inward[other] * inward[other]
            inward[other] = 0.0


@compiled
def within_weights(start: Whole, neighbour: Short, weight: Reals, strata: Whole, within: Reals) -> None:
    """Fill each cell's total weight to neighbours of its own stratum."""
    for row in range(start.size - 1):
        for place in range(start[row], start[row + 1]):
            if strata[neighbour[place]] == strata[row]:
                within[row] += weight[place]


@compiled
def expected_across(start: Whole, neighbour: Short, weight: Reals, strata: Whole, fractions: Reals, across: Reals) -> None:
    """Fill, for each cell and type, the weight it is expected to have to that type in *other* strata.

    ``fractions[s, b]`` is the fraction of type b in stratum s; ``across`` is (cells, types), zeros.
    """
    for row in range(start.size - 1):
        for place in range(start[row], start[row + 1]):
            other = strata[neighbour[place]]
            if other != strata[row]:
                for kind in range(across.shape[1]):
                    across[row, kind] += weight[place] * fractions[other, kind]
