"""What front speed to expect of cells that spread and divide: Fisher's equation.

``∂u/∂t = D ∂²u/∂x² + r u (1 − u)``, with D the motility coefficient and r the net rate of division, has fronts that advance at
``c = 2 √(r D)`` in the long run, and slower before: ``c(t) = 2 √(r D) − (3/2) √(D/r) / t`` (Bramson 1983, Mem Am Math Soc 285).
"""

from __future__ import annotations

import numpy as np

from coculture.errors import InputError


def fisher_front_speed(diffusion_um2_per_min: float, growth_per_min: float, t_min: float | None = None) -> float:
    """Return the speed of the front, µm/min; in the long run, or after ``t_min``.

    Fitted D and r depend on how densely cells were seeded (Jin et al. 2016, J Theor Biol 390:136), so expect the order of
    magnitude.

    Raises
    ------
    InputError : if D, r or the time is not > 0, or the time is so short that the front has not formed (speed <= 0).
    """
    for name, value in (("diffusion_um2_per_min", diffusion_um2_per_min), ("growth_per_min", growth_per_min)):
        if not (np.isfinite(value) and value > 0):
            raise InputError(f"{name} = {value}", name, "give a number > 0")
    speed = 2 * float(np.sqrt(growth_per_min * diffusion_um2_per_min))
    if t_min is None:
        return speed
    lag = 1.5 * float(np.sqrt(diffusion_um2_per_min / growth_per_min))
    if not t_min * speed > lag:
        raise InputError(f"no front has formed after {t_min} min", "t_min", f"ask for times above {lag / speed:.3g} min")
    return speed - lag / t_min
