"""Symmetric positive definite systems as sparse matrices: factorised directly, or by algebraic multigrid (PyAMG).

Both see only the matrix. In open chambers the geometric multigrid of ``multigrid.py`` is faster than either; in long serpentines,
whose equations are nearly one-dimensional and badly conditioned, the factorisation is fast and the multigrids do not converge.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix
from scipy.sparse.linalg import splu

from coculture.errors import DataError

Floats = NDArray[np.float64]
TOLERANCE, ROUNDS = 1e-11, 200


def _scaled(matrix: csr_array) -> tuple[csr_array, Floats]:
    """Return D^-½ A D^-½ and D^-½: conductances of shallow and deep parts may differ by many orders."""
    scale = 1.0 / np.sqrt(matrix.diagonal())
    scaled = matrix.copy()
    scaled.data *= np.repeat(scale, np.diff(matrix.indptr)) * scale[matrix.indices]
    return scaled, scale


def factorise(matrix: csr_array) -> Callable[[Floats], Floats]:
    """Return the function that solves matrix x = right for x, by a sparse factorisation made once."""
    scaled, scale = _scaled(matrix)
    factors = splu(scaled.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return lambda right: np.asarray(factors.solve(right * scale) * scale, dtype=np.float64)


def solve_directly(matrix: csr_array, right: Floats) -> Floats:
    """Return x with matrix x = right by a sparse factorisation."""
    return factorise(matrix)(right)


def solve_algebraically(matrix: csr_array, right: Floats) -> Floats:
    """Return x with matrix x = right by conjugate gradients, preconditioned by Ruge-Stüben multigrid.

    Raises
    ------
    DataError : if the iteration does not converge.
    """
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
