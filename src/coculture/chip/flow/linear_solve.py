"""Symmetric positive definite systems: factorised directly while small, algebraic multigrid above."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix
from scipy.sparse.linalg import splu

from coculture.errors import DataError

Floats = NDArray[np.float64]
Solver = Literal["auto", "direct", "multigrid"]
DIRECT_BELOW = 60_000
"""Number of unknowns above which a direct solve loses (``benchmarks/chip_flow.py``)."""
TOLERANCE, ROUNDS = 1e-11, 200


def solve_symmetric(matrix: csr_array, right: Floats, solver: Solver = "auto") -> Floats:
    """Return x with matrix x = right; ``auto`` takes the direct solver below ``DIRECT_BELOW`` unknowns.

    Raises
    ------
    DataError : if the iteration does not converge.
    """
    direct = solver == "direct" or (solver == "auto" and right.size < DIRECT_BELOW)
    if not right.any():
        return np.zeros_like(right)
    return _directly(matrix, right) if direct else _by_multigrid(matrix, right)


def _scaled(matrix: csr_array) -> tuple[csr_array, Floats]:
    """Return D^-½ A D^-½ and D^-½: conductances of shallow and deep parts may differ by many orders."""
    scale = 1.0 / np.sqrt(matrix.diagonal())
    scaled = matrix.copy()
    scaled.data *= np.repeat(scale, np.diff(matrix.indptr)) * scale[matrix.indices]
    return scaled, scale


def _directly(matrix: csr_array, right: Floats) -> Floats:
    scaled, scale = _scaled(matrix)
    factors = splu(scaled.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return np.asarray(factors.solve(right * scale) * scale, dtype=np.float64)


def _by_multigrid(matrix: csr_array, right: Floats) -> Floats:
    import pyamg

    scaled, scale = _scaled(matrix)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyamg warns of its own use of SciPy
        hierarchy = pyamg.ruge_stuben_solver(csr_matrix(scaled), max_coarse=500)
        residuals: list[float] = []
        found = hierarchy.solve(right * scale, tol=TOLERANCE, maxiter=ROUNDS, accel="cg", residuals=residuals)
    if not residuals[-1] <= 10 * TOLERANCE * float(np.linalg.norm(right * scale)):
        raise DataError(
            f"the pressure was not found to {TOLERANCE:g} in {ROUNDS} iterations",
            where="flow",
            remedy="use a coarser grid, or solver='direct'",
        )
    return np.asarray(found * scale, dtype=np.float64)
