"""Family ``moments``: spatial moments of nuclei and cells, in pixels, and what is built on them.

With p the power of y and q that of x, sums over the object's pixels:

``raw_p_q``         Σ y^p x^q, from the first row and column of the object's box (p to 2, q to 3)
``central_p_q``     μ_pq = Σ (y − ȳ)^p (x − x̄)^q (p to 2, q to 3)
``normalised_p_q``  ν_pq = μ_pq / μ_00^((p+q)/2 + 1), for p + q ≥ 2, both to 3: no unit, the same at any size
``hu_1`` to ``hu_7``  Hu's invariants of place, size and direction (Hu 1962, IRE Trans Inf Theory 8:179); ``hu_7`` changes
                    its sign in the mirror
``inertia_i_j``     inertia tensor [[μ_02, −μ_11], [−μ_11, μ_20]] / μ_00 and its eigenvalues ``inertia_eigenvalue_1`` ≥ ``_2``

Pixels are points here, without the width that ``shape`` gives them; units are powers of the pixel.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.imaging.measure.kernels import moments as kernel
from coculture.imaging.measure.objects import FieldObjects

Values = dict[str, NDArray[np.float64]]

PARTS = ("nucleus", "cell")
ORDER = 4
LOW = tuple((p, q) for p in range(3) for q in range(ORDER))
SCALED = tuple((p, q) for p in range(ORDER) for q in range(ORDER) if p + q >= 2)
WHAT = (
    *(f"raw_{p}_{q}" for p, q in LOW),
    *(f"central_{p}_{q}" for p, q in LOW),
    *(f"normalised_{p}_{q}" for p, q in SCALED),
    *(f"hu_{k}" for k in range(1, 8)),
    *("inertia_0_0", "inertia_0_1", "inertia_1_1", "inertia_eigenvalue_1", "inertia_eigenvalue_2"),
)


def measure(objects: FieldObjects, parts: Sequence[str] = PARTS) -> Values:
    """Return the family's features, each (cells,)."""
    features: Values = {}
    for part in parts:
        lists = objects.compartment(part)
        raw, central = kernel.moments(lists.starts, lists.pixels, objects.nuclei.shape[1])
        values = _values(raw, central)
        features |= {f"{part}_moments_{what}": values[what] for what in WHAT}
    return features


def names(channels: tuple[str, ...]) -> list[str]:
    """Return the names of the family's features; the channels do not matter."""
    return [f"{part}_moments_{what}" for part in PARTS for what in WHAT]


def _values(raw: NDArray[np.float64], central: NDArray[np.float64]) -> Values:
    area = central[:, 0, 0]
    scaled = {(p, q): central[:, p, q] / area ** ((p + q) / 2 + 1) for p, q in SCALED}
    values = {f"raw_{p}_{q}": raw[:, p, q] for p, q in LOW} | {f"central_{p}_{q}": central[:, p, q] for p, q in LOW}
    values |= {f"normalised_{p}_{q}": value for (p, q), value in scaled.items()}
    values |= {f"hu_{k}": value for k, value in enumerate(_hu(scaled), start=1)}
    return values | _inertia(central)


def _hu(n: dict[tuple[int, int], NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    a, b = n[3, 0] + n[1, 2], n[2, 1] + n[0, 3]
    c, d = n[3, 0] - 3 * n[1, 2], 3 * n[2, 1] - n[0, 3]
    wide = n[2, 0] - n[0, 2]
    return [
        n[2, 0] + n[0, 2],
        wide**2 + 4 * n[1, 1] ** 2,
        c**2 + d**2,
        a**2 + b**2,
        c * a * (a**2 - 3 * b**2) + d * b * (3 * a**2 - b**2),
        wide * (a**2 - b**2) + 4 * n[1, 1] * a * b,
        d * a * (a**2 - 3 * b**2) - c * b * (3 * a**2 - b**2),
    ]


def _inertia(central: NDArray[np.float64]) -> Values:
    yy, xy, xx = (central[:, p, q] / central[:, 0, 0] for p, q in ((2, 0), (1, 1), (0, 2)))
    middle, half = (yy + xx) / 2, np.sqrt(((xx - yy) / 2) ** 2 + xy**2)
    return {
        "inertia_0_0": xx,
        "inertia_0_1": -xy,
        "inertia_1_1": yy,
        "inertia_eigenvalue_1": middle + half,
        "inertia_eigenvalue_2": np.maximum(middle - half, 0.0),
    }
