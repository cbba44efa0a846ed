"""Random labels on a graph: exact shuffles, and fast counts of the joins of each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Reals = NDArray[np.float64]
Whole = NDArray[np.int64]
Rows = NDArray[np.uint32]


@compiled
def shuffle(codes: NDArray[np.uint8], first: int, last: int, draws: NDArray[np.uint32], used: int) -> int:
    """Shuffle ``codes[first:last]`` in place with uniform 32-bit draws, from ``draws[used]`` on; return draws used so far.

    Fisher-Yates; each bounded number is made by multiplication with rejection (Lemire 2019, ACM Trans. Model. Comput.
    Simul. 29:3), so that every order is exactly equally likely. Returns -1 where the draws run out.
    """
    for left in range(last - first, 1, -1):
        floor = (1 << 32) % left if left > 1 else 0
        while True:
            if used >= draws.size:
                return -1
            product = np.int64(draws[used]) * np.int64(left)
            used += 1
            if (product & np.int64(0xFFFFFFFF)) >= floor:
                break
        chosen = first + (product >> np.int64(32))
        codes[first + left - 1], codes[chosen] = codes[chosen], codes[first + left - 1]
    return used


@compiled
def interleave(codes: NDArray[np.uint8], words: NDArray[np.uint64]) -> None:
    """Put the eight labellings ``codes`` (8, cells) side by side: byte k of a cell's word is its type in labelling k."""
    for cell in range(words.size):
        word = np.uint64(0)
        for lane in range(8):
            word |= np.uint64(codes[lane, cell]) << np.uint64(8 * lane)
        words[cell] = word


@compiled
def count_lanes(first: Rows, second: Rows, words: NDArray[np.uint64], joins: Whole) -> None:
    """Add to ``joins[k, 16 a + b]`` the pairs from type a to type b in each of eight interleaved labellings (types < 16)."""
    for pair in range(first.size):
        code = (words[first[pair]] << np.uint64(4)) | words[second[pair]]
        for lane in range(8):
            joins[lane, (code >> np.uint64(8 * lane)) & np.uint64(255)] += 1


@compiled
def weigh_lanes(first: Rows, second: Rows, weight: Reals, words: NDArray[np.uint64], joins: Reals) -> None:
    """Add the pairs' weights as :func:`count_lanes` adds their number."""
    for pair in range(first.size):
        code = (words[first[pair]] << np.uint64(4)) | words[second[pair]]
        for lane in range(8):
            joins[lane, (code >> np.uint64(8 * lane)) & np.uint64(255)] += weight[pair]


@compiled
def weigh_one(first: Rows, second: Rows, weight: Reals, codes: NDArray[np.uint8], joins: Reals) -> None:
    """Add the pairs' weights between every two of any number of types, for one labelling."""
    for pair in range(first.size):
        joins[codes[first[pair]], codes[second[pair]]] += weight[pair]
