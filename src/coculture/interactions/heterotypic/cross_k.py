"""Cross-type K, L and pair correlation in windows of any shape, beside complete randomness and beside random labels.

Translation-corrected estimators (Ohser & Stoyan 1981; Illian et al. 2008, *Statistical Analysis and Modelling of Spatial
Point Patterns*, section 4.3), ``γ(h) = |W ∩ (W + h)|``, i of type a, j of type b, i ≠ j:

    K_ab(r) = |W|²/(n_a n_b) Σ_ij [d_ij <= r] / γ(x_j − x_i)                        (n_a (n_a − 1) where a = b)
    L_ab(r) = √(K_ab(r)/π)
    g_ab(r) = |W|²/(n_a n_b) Σ_ij k(r − d_ij) / (2π d_ij γ(x_j − x_i)) / M(r)

with k the Epanechnikov kernel of half width ``bandwidth_um``, the divisor d of Guan (2007, Stat. Probab. Lett. 77:1135), and
``M(r) = ∫_0^∞ k(r − u) du``, which mends the kernel's loss at r < bandwidth. K is exactly unbiased for independent uniform points
in any window, as long as two points that far apart fit into it in every direction. Complete randomness: K = πr², L = r, g = 1.

*Random labels*: positions stay, labels are exchanged. Each sum is then a join count on the graph whose weights are the summands,
so its mean and standard deviation are exact (:mod:`coculture.interactions.heterotypic.moments`), at every radius and without a
permutation. This null asks whether *types* keep together or apart, whatever the crowding of cells as such.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from coculture.errors import InputError
from coculture.interactions.heterotypic.cell_types import CellTypes
from coculture.interactions.heterotypic.joins import once_per_edge
from coculture.interactions.heterotypic.moments import Chances, WeightSums, as_edges, second_moments
from coculture.interactions.heterotypic.point_pairs import PointPairs, checked_radii
from coculture.interactions.heterotypic.window import SetCovariance, Window
from coculture.interactions.kernels.distances import degree_squares_by_bin, sum_by_bin, sum_smoothed

Curve = Literal["k", "g"]


@dataclass(frozen=True, eq=False)
class CrossSums:
    """What K and g of every labelling of one set of points are made from.

    Attributes
    ----------
    pairs : all pairs within reach.
    radii : (R,) µm.
    bandwidth_um : half width of the kernel of g.
    """

    pairs: PointPairs
    radii: NDArray[np.float64]
    bandwidth_um: float

    @classmethod
    def of(
        cls, positions: NDArray[np.float64], window: Window, radii_um: NDArray[np.float64], bandwidth_um: float | None
    ) -> CrossSums:
        """Find the pairs. A bandwidth of None is 0.15/√(n/|W|), Stoyan's rule."""
        radii, points = checked_radii(radii_um), window.require(positions)
        width = 0.15 / np.sqrt(max(len(points), 1) / window.area_um2) if bandwidth_um is None else float(bandwidth_um)
        if not (np.isfinite(width) and width > 0):
            raise InputError(f"bandwidth {bandwidth_um}", "bandwidth_um", "give a length in µm, > 0")
        reach = float(radii[-1]) + width
        overlap = SetCovariance.of(window, reach)
        overlap.require_overlap(reach)
        return cls(PointPairs.of(points, window, overlap, reach), radii, width)

    def curve(self, kind: Curve, types: CellTypes) -> NDArray[np.float64]:
        """Return the (R, T, T) values of K (µm²) or g for these labels; NaN where a type has too few cells."""
        sums = np.zeros((len(self.radii), len(types.names), len(types.names)))
        held = self.pairs
        if kind == "k":
            bins = np.searchsorted(self.radii, held.distance_um)
            within = int(np.searchsorted(bins, len(self.radii)))
            part = slice(0, within)
            sum_by_bin(held.first[part], held.second[part], bins[part], held.weight[part], types.codes, sums)
            sums = np.cumsum(sums, axis=0)
        else:
            away = held.distance_um > 0
            arrays = (held.first[away], held.second[away], held.distance_um[away], self._ring_weight()[away])
            sum_smoothed(*arrays, types.codes, self.radii, self.bandwidth_um, sums)
            sums /= self._kernel_mass()[:, None, None]
        turned = (sums + sums.swapaxes(1, 2)) * once_per_edge(False, len(types.names))
        return turned * self.per_join(types)

    def null(self, kind: Curve, types: CellTypes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the exact (R, T, T) mean and standard deviation of a curve over all exchanges of the labels."""
        chances, mean, sd = Chances.of(types.counts), [], []
        for sums in self._k_sums() if kind == "k" else self._g_sums():
            entries = sums.total * chances.two
            covariance = second_moments(sums, chances) - np.einsum("ab,cd->abcd", entries, entries)
            moments = as_edges(entries, covariance, False)
            mean.append(moments.mean)
            sd.append(np.sqrt(moments.variance()))
        scale = self.per_join(types)
        return np.stack(mean) * scale, np.stack(sd) * scale

    def per_join(self, types: CellTypes) -> NDArray[np.float64]:
        """Return (T, T): ``|W|²`` over the pairs of types there are, ``n_a n_b`` or ``n_a (n_a − 1)/2``; NaN where none."""
        n = types.counts.astype(np.float64)
        pairs = np.outer(n, n)
        np.fill_diagonal(pairs, n * (n - 1) / 2)
        scale: NDArray[np.float64] = np.divide(self.pairs.area_um2**2, pairs, out=np.full(pairs.shape, np.nan), where=pairs > 0)
        return scale

    def _ring_weight(self) -> NDArray[np.float64]:
        apart = self.pairs.distance_um
        return np.divide(self.pairs.weight, 2 * np.pi * apart, out=np.zeros_like(apart), where=apart > 0)

    def _kernel_mass(self) -> NDArray[np.float64]:
        """Return the part of the kernel at each radius that lies on distances > 0."""
        u = np.minimum(self.radii / self.bandwidth_um, 1.0)
        mass: NDArray[np.float64] = 0.5 + 0.75 * u - 0.25 * u**3
        return mass

    def _k_sums(self) -> list[WeightSums]:
        held = self.pairs
        start = np.r_[0, np.searchsorted(held.distance_um, self.radii, side="right")].astype(np.int64)
        degrees = np.zeros(len(self.radii))
        degree_squares_by_bin(held.first, held.second, start, held.weight, held.n_cells, degrees)
        total, squares = (np.r_[0.0, np.cumsum(held.weight**power)][start[1:]] * 2 for power in (1, 2))
        return [_undirected_sums(*values) for values in zip(total, squares, degrees, strict=True)]

    def _g_sums(self) -> list[WeightSums]:
        held, ring, found = self.pairs, self._ring_weight(), []
        for radius, mass in zip(self.radii, self._kernel_mass(), strict=True):
            near = slice(*np.searchsorted(held.distance_um, [radius - self.bandwidth_um, radius + self.bandwidth_um]))
            u = (radius - held.distance_um[near]) / self.bandwidth_um
            weight = ring[near] * 0.75 * (1 - u**2) / self.bandwidth_um / mass
            degree = np.bincount(held.first[near], weight, held.n_cells) + np.bincount(held.second[near], weight, held.n_cells)
            found.append(_undirected_sums(2 * weight.sum(), 2 * (weight**2).sum(), (degree**2).sum()))
        return found


def _undirected_sums(total: float, squares: float, degrees: float) -> WeightSums:
    return WeightSums(float(total), float(squares), float(squares), float(degrees), float(degrees), float(degrees))


def cross_type_functions(
    positions: NDArray[np.float64],
    types: Any,
    window: Window,
    radii_um: NDArray[np.float64],
    *,
    bandwidth_um: float | None = None,
    names: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return K, L and g for every pair of types, with the exact null of random labels.

    Parameters
    ----------
    positions : (n, 2) x and y, µm, all inside the window.
    types : (n,) names of the cells' types.
    window : where cells could be seen.
    radii_um : ascending distances, µm.
    bandwidth_um : half width of the kernel of g, µm; None takes 0.15/√(density) (Stoyan & Stoyan 1994).
    names : types to report, in order. None: those found.

    Returns
    -------
    One row a pair of types (``type_a`` not after ``type_b``; both curves are symmetric) and radius: ``type_a, type_b, n_a, n_b,
    radius_um, k_um2, l_um, g``; ``k_random_um2`` (πr²); ``k_labels_um2, k_labels_sd, k_z, g_labels, g_labels_sd, g_z`` (random
    labels); ``reason`` where a value is NaN.

    Raises
    ------
    InputError : if an argument cannot be used.
    DataError : if a cell lies outside the window, or the window is too small for the radii.
    """
    known = CellTypes.of(types, names).for_cells(len(np.asarray(positions)))
    sums = CrossSums.of(positions, window, radii_um, bandwidth_um)
    k, g = sums.curve("k", known), sums.curve("g", known)
    nulls = {"k": sums.null("k", known), "g": sums.null("g", known)}
    first, second = np.triu_indices(len(known.names))
    labels, parts = np.array(known.names, dtype=object), []
    for a, b in zip(first, second, strict=True):
        part = {
            "type_a": labels[a], "type_b": labels[b], "n_a": known.counts[a], "n_b": known.counts[b],
            "radius_um": sums.radii, "k_um2": k[:, a, b], "l_um": np.sqrt(k[:, a, b] / np.pi), "g": g[:, a, b],
            "k_random_um2": np.pi * sums.radii**2,
        }  # fmt: skip
        for name, values, unit in (("k", k, "_um2"), ("g", g, "")):
            mean, sd = (array[:, a, b] for array in nulls[name])
            part |= {f"{name}_labels{unit}": mean, f"{name}_labels_sd": sd}
            part[f"{name}_z"] = np.divide(values[:, a, b] - mean, sd, out=np.full(len(sd), np.nan), where=sd > 0)
        parts.append(pd.DataFrame(part))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"type_a": [], "type_b": []})
    return table.assign(reason=_reasons(table)) if parts else table


def _reasons(table: pd.DataFrame) -> list[str]:
    same = table["type_a"] == table["type_b"]
    few = (table["n_a"] == 0) | (table["n_b"] == 0) | (same & (table["n_a"] < 2))
    stiff = (table["k_z"].isna() | table["g_z"].isna()) & ~few
    return [
        "too few cells" if little else "labels cannot change it" if still else ""
        for little, still in zip(few, stiff, strict=True)
    ]
