"""Least squares of the four-parameter logistic by variable projection: numbers only.

The curve is ``y = start + span * f`` with ``f = 1 / (1 + exp(-h (u - m)))``, ``h > 0`` and ``u`` the axis position.
For given midpoint ``m`` and steepness ``h`` the plateaus are linear and are solved exactly, so that the search runs
over ``m`` and ``k = ln h`` alone (Golub & Pereyra 1973). A falling curve has a negative span. Level arrays: ``u``
position (minus infinity for dose zero), ``w`` total weight, ``y`` weighted mean.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coculture.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def rising_fraction(argument: float) -> float:
    """Return ``1 / (1 + exp(-argument))`` without overflow."""
    small: float = np.exp(-abs(argument))
    return 1.0 / (1.0 + small) if argument >= 0.0 else small / (1.0 + small)


@compiled
def plateau_fit(u: Floats, w: Floats, y: Floats, m: float, k: float, f: Floats) -> tuple[float, float, float]:
    """Return (sum of squares, start, span) of the best plateaus for ``m`` and ``k``; fills ``f``."""
    h = np.exp(k)
    total = 0.0
    f_mean = 0.0
    y_mean = 0.0
    for i in range(u.size):
        f[i] = rising_fraction(h * (u[i] - m))
        total += w[i]
        f_mean += w[i] * f[i]
        y_mean += w[i] * y[i]
    f_mean /= total
    y_mean /= total
    ff = 0.0
    fy = 0.0
    for i in range(u.size):
        ff += w[i] * (f[i] - f_mean) ** 2
        fy += w[i] * (f[i] - f_mean) * (y[i] - y_mean)
    span = fy / ff if ff > 1e-24 * total else 0.0
    start = y_mean - span * f_mean
    squares = 0.0
    for i in range(u.size):
        squares += w[i] * (y[i] - start - span * f[i]) ** 2
    return squares, start, span


@compiled
def normal_matrix(u: Floats, w: Floats, y: Floats, m: float, k: float, start: float, span: float, f: Floats) -> Floats:
    """Return (A_mm, A_mk, A_kk, g_m, g_k): Gauss-Newton matrix and gradient over (m, k), plateaus projected out."""
    h = np.exp(k)
    n = u.size
    jm = np.empty(n)
    jk = np.empty(n)
    total = 0.0
    f_mean = 0.0
    jm_mean = 0.0
    jk_mean = 0.0
    for i in range(n):
        slope = span * h * f[i] * (1.0 - f[i])
        jm[i] = -slope
        jk[i] = slope * (u[i] - m) if slope != 0.0 else 0.0
        total += w[i]
        f_mean += w[i] * f[i]
        jm_mean += w[i] * jm[i]
        jk_mean += w[i] * jk[i]
    f_mean /= total
    jm_mean /= total
    jk_mean /= total
    ff = 0.0
    fm = 0.0
    fk = 0.0
    for i in range(n):
        ff += w[i] * (f[i] - f_mean) ** 2
        fm += w[i] * (f[i] - f_mean) * (jm[i] - jm_mean)
        fk += w[i] * (f[i] - f_mean) * (jk[i] - jk_mean)
    cm = fm / ff if ff > 0.0 else 0.0
    ck = fk / ff if ff > 0.0 else 0.0
    out = np.zeros(5)
    for i in range(n):
        pm = jm[i] - jm_mean - cm * (f[i] - f_mean)
        pk = jk[i] - jk_mean - ck * (f[i] - f_mean)
        r = y[i] - start - span * f[i]
        out[0] += w[i] * pm * pm
        out[1] += w[i] * pm * pk
        out[2] += w[i] * pk * pk
        out[3] += w[i] * pm * r
        out[4] += w[i] * pk * r
    return out


@compiled
def descend(
    u: Floats, w: Floats, y: Floats, m: float, k: float, box: Floats, move_m: bool, f: Floats
) -> tuple[float, float, float]:
    """Return (sum of squares, m, k) at the local minimum reached from ``m``, ``k`` within ``box`` (Levenberg-Marquardt).

    ``box`` is (m lowest, m highest, k lowest, k highest, reach); the midpoint may lie outside its limits by ``reach`` over
    the steepness, where the curve is an exponential in ``u``. With ``move_m`` false the midpoint is held.
    """
    squares, start, span = plateau_fit(u, w, y, m, k, f)
    damping = 1e-3
    for _ in range(200):
        a = normal_matrix(u, w, y, m, k, start, span, f)
        beyond = box[4] * np.exp(-k)
        free_m = move_m and a[0] > 0.0 and not ((m <= box[0] - beyond and a[3] < 0.0) or (m >= box[1] + beyond and a[3] > 0.0))
        free_k = a[2] > 0.0 and not ((k <= box[2] and a[4] < 0.0) or (k >= box[3] and a[4] > 0.0))
        if not free_m and not free_k:
            break
        moved = False
        small = False
        for _ in range(30):
            amm = a[0] * (1.0 + damping)
            akk = a[2] * (1.0 + damping)
            determinant = amm * akk - a[1] * a[1]
            if free_m and free_k and determinant > 0.0:
                step_m = (akk * a[3] - a[1] * a[4]) / determinant
                step_k = (amm * a[4] - a[1] * a[3]) / determinant
            else:
                step_m = a[3] / amm if free_m else 0.0
                step_k = a[4] / akk if free_k and not free_m else 0.0
            longest = 2.0 + 0.2 * beyond
            trial_k = min(max(k + min(max(step_k, -1.0), 1.0), box[2]), box[3])
            outside = box[4] * np.exp(-trial_k)
            trial_m = m
            if move_m:
                trial_m = min(max(m + min(max(step_m, -longest), longest), box[0] - outside), box[1] + outside)
            trial, trial_start, trial_span = plateau_fit(u, w, y, trial_m, trial_k, f)
            small = abs(trial_m - m) < 1e-9 and abs(trial_k - k) < 1e-9
            if trial <= squares:
                small = small or squares - trial <= 1e-15 * squares
                m, k, squares, start, span = trial_m, trial_k, trial, trial_start, trial_span
                damping = max(damping * 0.2, 1e-12)
                moved = True
                break
            if small:
                break
            damping *= 5.0
        if small or not moved:
            break
    return squares, m, k


@compiled
def global_fit(u: Floats, w: Floats, y: Floats, box: Floats, f: Floats) -> tuple[float, float, float]:
    """Return (sum of squares, m, k) of the best of several descents: for each of five steepnesses, from every valley of
    a grid of midpoints.
    """
    n_m = 20
    n_k = 5 if box[4] == 0.0 else 8
    grid = np.empty(n_m)
    best, best_m, best_k = np.inf, box[0], box[2]
    for j in range(n_k):
        k = box[2] + (box[3] - box[2]) * (j + 1.0) / (n_k + 1.0)
        for i in range(n_m):
            grid[i] = plateau_fit(u, w, y, box[0] + (box[1] - box[0]) * (i + 0.5) / n_m, k, f)[0]
        for i in range(n_m):
            valley = (i == 0 or grid[i] < grid[i - 1]) and (i == n_m - 1 or grid[i] <= grid[i + 1])
            if not valley:
                continue
            start = box[0] + (box[1] - box[0]) * (i + 0.5) / n_m
            squares, end_m, end_k = descend(u, w, y, start, k, box, True, f)
            if squares < best:
                best, best_m, best_k = squares, end_m, end_k
    if box[4] > 0.0:
        squares, end_m, end_k = exponential_fit(u, w, y, box, f)
        if squares < best:
            best, best_m, best_k = squares, end_m, end_k
    jump, jump_m = best_jump(u, w, y, box, f)
    flat = plateau_fit(u, w, y, 1e300, box[3], f)[0]
    if jump <= best * (1.0 + 1e-5) + 1e-8 * flat:
        return jump, jump_m, box[3]
    return best, best_m, best_k


@compiled
def exponential_fit(u: Floats, w: Floats, y: Floats, box: Floats, f: Floats) -> tuple[float, float, float]:
    """Return (sum of squares, m, k) of the best descent that starts where the curve is nearly an exponential.

    From the midpoints farthest out on either side, with the best steepness of a grid.
    """
    n_k = 16
    best, best_m, best_k = np.inf, box[0], box[2]
    for side in range(2):
        lowest, start_m, start_k = np.inf, box[0], box[2]
        for j in range(n_k):
            k = box[2] + (box[3] - box[2]) * (j + 0.5) / n_k
            outside = 0.6 * box[4] * np.exp(-k)
            m = box[1] + outside if side == 1 else box[0] - outside
            squares = plateau_fit(u, w, y, m, k, f)[0]
            if squares < lowest:
                lowest, start_m, start_k = squares, m, k
        squares, end_m, end_k = descend(u, w, y, start_m, start_k, box, True, f)
        if squares < best:
            best, best_m, best_k = squares, end_m, end_k
    return best, best_m, best_k


@compiled
def best_jump(u: Floats, w: Floats, y: Floats, box: Floats, f: Floats) -> tuple[float, float]:
    """Return (sum of squares, m) of the best steepest curve whose midpoint lies half-way between neighbouring levels.

    Where data jump between two doses every midpoint between them fits alike, and a descent would stop anywhere: this
    gives the one answer in the middle.
    """
    best, best_m = np.inf, box[0]
    for i in range(1, u.size):
        below = u[i - 1] if u[i - 1] > box[0] else box[0]
        m = 0.5 * (below + u[i])
        squares = plateau_fit(u, w, y, m, box[3], f)[0]
        if squares < best:
            best, best_m = squares, m
    return best, best_m


@compiled
def profile_squares(u: Floats, w: Floats, y: Floats, m: float, k: float, box: Floats, f: Floats) -> tuple[float, float]:
    """Return (least sum of squares for the held midpoint ``m``, its k), searched from a grid of k and from the ``k`` given."""
    best, best_k = plateau_fit(u, w, y, m, k, f)[0], k
    for j in range(6):
        trial_k = box[2] + (box[3] - box[2]) * j / 5.0
        squares = plateau_fit(u, w, y, m, trial_k, f)[0]
        if squares < best:
            best, best_k = squares, trial_k
    squares, _, end_k = descend(u, w, y, m, best_k, box, False, f)
    return squares, end_k


@compiled
def profile_limit(
    u: Floats,
    w: Floats,
    y: Floats,
    m: float,
    k: float,
    box: Floats,
    threshold: float,
    first_step: float,
    direction: float,
    f: Floats,
) -> float:
    """Return where the profile sum of squares first exceeds ``threshold`` going from ``m``; infinite if not in the box.

    Walks in growing steps, then halves the last one 50 times.
    """
    edge = box[1] if direction > 0 else box[0]
    if (edge - m) * direction < 0.0:
        return direction * np.inf
    inside, inside_k = m, k
    step = first_step
    while True:
        outside = inside + direction * step
        at_edge = (edge - outside) * direction <= 0
        if at_edge:
            outside = edge
        squares, outside_k = profile_squares(u, w, y, outside, inside_k, box, f)
        if squares > threshold:
            break
        if at_edge:
            return direction * np.inf
        inside, inside_k = outside, outside_k
        step *= 1.4
    for _ in range(50):
        middle = 0.5 * (inside + outside)
        squares, middle_k = profile_squares(u, w, y, middle, inside_k, box, f)
        if squares > threshold:
            outside = middle
        else:
            inside, inside_k = middle, middle_k
        if abs(outside - inside) < 1e-7:
            break
    return 0.5 * (inside + outside)


@compiled
def fit_curves(
    offsets: NDArray[np.int64], u: Floats, w: Floats, y: Floats, within: Floats, boxes: Floats, ratios: Floats, out: Floats
) -> None:
    """Fit every curve and fill its row of ``out``.

    Parameters
    ----------
    offsets : (curves + 1,) levels of curve c are ``offsets[c]:offsets[c + 1]``.
    u, w, y : (levels,) position, weight, mean.
    within : (curves,) sum of squares within levels, which no curve can explain.
    boxes : (curves, 5) bounds as in :func:`descend`.
    ratios : (curves,) the profile's threshold is this times the least total sum of squares.
    out : (curves, 7) filled with total sum of squares, m, k, start, span, lower and upper limit of m.
    """
    for c in range(offsets.size - 1):
        uc = u[offsets[c] : offsets[c + 1]]
        wc = w[offsets[c] : offsets[c + 1]]
        yc = y[offsets[c] : offsets[c + 1]]
        box = boxes[c]
        f = np.empty(uc.size)
        squares, m, k = global_fit(uc, wc, yc, box, f)
        _, start, span = plateau_fit(uc, wc, yc, m, k, f)
        a = normal_matrix(uc, wc, yc, m, k, start, span, f)
        threshold = ratios[c] * (squares + within[c]) - within[c]
        curvature = a[0] - a[1] * a[1] / a[2] if a[2] > 0.0 else a[0]
        width = box[1] - box[0]
        guess = np.sqrt((threshold - squares) / curvature) / 3.0 if curvature > 0.0 else width / 50.0
        first_step = min(max(guess, width * 1e-4), width / 50.0)
        out[c, 0] = squares + within[c]
        out[c, 1] = m
        out[c, 2] = k
        out[c, 3] = start
        out[c, 4] = span
        out[c, 5] = profile_limit(uc, wc, yc, m, k, box, threshold, first_step, -1.0, f)
        out[c, 6] = profile_limit(uc, wc, yc, m, k, box, threshold, first_step, 1.0, f)
