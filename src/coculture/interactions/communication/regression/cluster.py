r"""Cluster-robust covariance: cells of one well (or site, or track) may be alike in any way.

With design X, residuals e, weights folded in (X and e times √w), ``X = QR`` and rows of cluster g as ``Q_g, e_g`` the sandwich is

    V = R⁻¹ ( Σ_g s_g s_g' ) R⁻ᵀ

- **CR1** (Stata's): s_g = Q_g' e_g, times ``G/(G − 1) · (n − 1)/(n − p)``; t with G − 1 degrees of freedom.
- **CR2** (Bell & McCaffrey 2002, Survey Methodology 28:169): s_g = Q_g' (I − H_gg)^{-1/2} e_g, H_gg = Q_g Q_g', unbiased where
  errors are independent and alike. Because Q_g' (I − Q_g Q_g')^{-1/2} = (I − Q_g' Q_g)^{-1/2} Q_g' only p × p matrices are
  needed, however large a cluster. Where I − H_gg is singular its pseudo-inverse is taken (Pustejovsky & Tipton 2018, J. Bus.
  Econ. Stat. 36:672). t with Satterthwaite's degrees of freedom, (tr Γ)²/tr Γ², for each coefficient, where Γ is the Gram matrix
  of the G vectors whose products with the errors are summed in squares.

CR1 with few clusters is too sure of itself; CR2 holds its level from about ten clusters, or five that are alike.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from coculture.errors import InputError

Kind = Literal["CR1", "CR2"]
Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_SINGULAR = 1e-10


def cluster_covariance(
    design: Reals, residual: Reals, cluster: Integers, kind: Kind = "CR2", *, absorbed: int = 0
) -> tuple[Reals, Reals]:
    """Return the covariance of least-squares coefficients and the degrees of freedom of each.

    Parameters
    ----------
    design : (n, p) of full column rank, rows times √weight.
    residual : (n,) times √weight.
    cluster : (n,) numbers 0 to G − 1, G >= 2.
    kind : ``"CR1"`` or ``"CR2"``.
    absorbed : parameters taken out of design and response before (CR1 counts them in p).

    Raises
    ------
    InputError : if the kind is unknown.
    """
    if kind not in ("CR1", "CR2"):
        raise InputError(f"covariance '{kind}'", "covariance", "use CR1 or CR2")
    n, p = design.shape
    many = int(cluster.max()) + 1
    q, r = np.linalg.qr(design)
    inverse = np.linalg.inv(r)
    scores = _sum_by(q * residual[:, None], cluster, many)
    if kind == "CR1":
        factor = many / (many - 1) * (n - 1) / max(1, n - p - absorbed)
        covariance = inverse @ (scores.T @ scores) @ inverse.T * factor
        return np.asarray(covariance), np.full(p, float(many - 1))
    gram = _grams(q, cluster, many)
    roots = _inverse_roots(gram)
    scores = np.einsum("gij,gj->gi", roots, scores)
    covariance = inverse @ (scores.T @ scores) @ inverse.T
    degrees = np.array([_satterthwaite(roots @ inverse[row], gram) for row in range(p)])
    return np.asarray(covariance), degrees


def _sum_by(values: Reals, cluster: Integers, many: int) -> Reals:
    return np.stack([np.bincount(cluster, column, many) for column in values.T], axis=1)


def _grams(q: Reals, cluster: Integers, many: int) -> Reals:
    """Return Q_g' Q_g of every cluster, (G, p, p)."""
    p = q.shape[1]
    found = np.empty((many, p, p))
    for i in range(p):
        for j in range(i, p):
            found[:, i, j] = found[:, j, i] = np.bincount(cluster, q[:, i] * q[:, j], many)
    return found


def _inverse_roots(gram: Reals) -> Reals:
    """Return (I − Q_g' Q_g)^{-1/2}, a direction in which it is singular left out."""
    values, vectors = np.linalg.eigh(np.eye(gram.shape[1]) - gram)
    kept = values > _SINGULAR
    roots = np.where(kept, 1 / np.sqrt(np.where(kept, values, 1.0)), 0.0)
    return np.asarray(np.einsum("gij,gj,gkj->gik", vectors, roots, vectors))


def _satterthwaite(along: Reals, gram: Reals) -> float:
    """Return (tr Γ)²/tr Γ² with Γ_gh = δ_gh k_g'B_g k_g − (B_g k_g)'(B_h k_h), k_g ``along``, (G, p), and B_g ``gram``."""
    moved = np.einsum("gij,gj->gi", gram, along)
    own = (along * moved).sum(axis=1)
    size = (moved**2).sum(axis=1)
    trace = float((own - size).sum())
    squared = float((own**2 - 2 * own * size).sum() + ((moved.T @ moved) ** 2).sum())
    return trace**2 / squared if squared > 0 else 1.0
