"""Orthogonal arrays: every pair of ingredients meets every pair of levels equally often."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.plate.designs_of_mixtures.base import MixtureDesign, check_ingredients

PRIMES = (2, 3, 5, 7)
LARGEST_HADAMARD = 128


def orthogonal(ingredients: tuple[str, ...], level_count: int = 2) -> MixtureDesign:
    """Return the smallest orthogonal array of strength 2 that these constructions give.

    Two levels: a Hadamard matrix (Paley 1933; Sylvester's doubling) with n runs for up to n − 1 ingredients, n a multiple
    of 4: Plackett & Burman's designs, L4, L8, L12, L16, L20 ... Three, five or seven levels: the linear array of
    Rao (1947) and Bose, ``q^k`` runs for up to ``(q^k − 1) / (q − 1)`` ingredients: L9, L27, L25, L49 ...

    Main effects are estimated free of each other; with two levels they are mixed with pair interactions, unless the design is
    folded over (:func:`fold_over`).

    Raises
    ------
    InputError : for another number of levels, or more than 127 ingredients at two levels.
    """
    check_ingredients(ingredients, "orthogonal array", fewest=2)
    if level_count not in PRIMES:
        what = f"there is no orthogonal array of {level_count} levels here"
        raise InputError(what, "orthogonal array", "use 2, 3, 5 or 7 levels, or a uniform design")
    count = len(ingredients)
    table = _two_level(count) if level_count == 2 else _linear(count, level_count)
    name = f"L{len(table)}({level_count}^{count})"
    return MixtureDesign("orthogonal array", ingredients, table, level_count, {"array": name, "strength": 2})


def fold_over(design: MixtureDesign) -> MixtureDesign:
    """Return a two-level design with its mirror image: strength 3, main effects free of all pair interactions.

    Raises
    ------
    InputError : if it has more than two levels.
    """
    if design.level_count != 2:
        raise InputError(f"it has {design.level_count} levels", "fold over", "fold a two-level design")
    settings = {**design.settings, "strength": 3, "folded": "yes"}
    return MixtureDesign(design.kind, design.ingredients, np.concatenate((design.levels, 1 - design.levels)), 2, settings)


def _two_level(count: int) -> NDArray[np.int64]:
    for order in range(4, LARGEST_HADAMARD + 1, 4):
        if order > count and (matrix := hadamard(order)) is not None:
            signed = matrix * matrix[:, :1]
            return np.asarray((signed[:, 1 : count + 1] + 1) // 2)
    what = f"{count} ingredients are more than {LARGEST_HADAMARD - 1}"
    raise InputError(what, "orthogonal array", "use a pooled design, which needs fewer runs than ingredients")


def hadamard(order: int) -> NDArray[np.int64] | None:
    """Return a Hadamard matrix (entries ±1, ``H Hᵀ = n I``), None where Paley I with a prime and doubling give none."""
    if order == 1:
        return np.ones((1, 1), dtype=np.int64)
    if order == 2:
        return np.array([[1, 1], [1, -1]], dtype=np.int64)
    prime = order - 1
    if order % 4 == 0 and all(prime % one for one in range(2, int(prime**0.5) + 1)):
        residues = {(one * one) % prime for one in range(1, prime)}
        sign = np.array([0] + [1 if one in residues else -1 for one in range(1, prime)], dtype=np.int64)
        place = np.arange(prime)
        skew = np.zeros((order, order), dtype=np.int64)
        skew[0, 1:], skew[1:, 0] = 1, -1
        skew[1:, 1:] = sign[(place[:, None] - place[None, :]) % prime]
        return np.asarray(skew + np.eye(order, dtype=np.int64))
    half = hadamard(order // 2) if order % 2 == 0 else None
    return None if half is None else np.block([[half, half], [half, -half]])


def _linear(count: int, q: int) -> NDArray[np.int64]:
    """Return runs = all vectors over GF(q); columns = one vector of each direction."""
    size = 2
    while (q**size - 1) // (q - 1) < count:
        size += 1
    runs = np.array(list(product(range(q), repeat=size)), dtype=np.int64)
    directions = [one for one in product(range(q), repeat=size) if any(one) and next(digit for digit in one if digit) == 1]
    return np.asarray(runs @ np.array(directions[::-1][:count], dtype=np.int64).T % q)
