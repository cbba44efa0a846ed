"""Shear-thinning medium: the viscosity that gives a Newtonian field the flow of a thinning liquid.

Between plates, a liquid whose shear rate is γ(τ) at stress τ flows at the mean velocity

    ū = (h / 2τ_w²) ∫_0^τ_w τ γ(τ) dτ,        τ_w the stress on the floor

(the slit's form of Rabinowitsch's equation; R. B. Bird, R. C. Armstrong & O. Hassager, Dynamics of Polymeric Liquids, 1987). A
Newtonian liquid of viscosity τ_w/(6ū/h) flows as fast. That viscosity, as a function of the apparent rate 6ū/h, is tabulated
once; Picard's iteration then solves for the flow, reads off the viscosity from the apparent rate in every cell, and goes on.
It is exact between plates; near side walls the local stress on the floor stands in.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.medium import SECONDS_PER_MINUTE, Carreau, PowerLaw
from coculture.chip.flow.methods.base import FlowProblem, FlowSolution
from coculture.errors import DataError

Floats = NDArray[np.float64]
RATES_PER_S = np.geomspace(1e-9, 1e9, 20_001)
MOVING = 1e-3
"""Cells slower than this share of the fastest do not decide when the iteration has settled."""
TOLERANCE, ROUNDS = 1e-7, 300


def apparent_viscosity(law: PowerLaw | Carreau) -> Callable[[Floats], Floats]:
    """Return the function from apparent rate 6ū/h (1/min) to viscosity (Pa·min) of flow between plates."""
    viscosity = np.array([law.viscosity_pa_s(rate) for rate in RATES_PER_S])
    stress = viscosity * RATES_PER_S
    work = stress * RATES_PER_S
    first = stress[0] ** 2 * RATES_PER_S[0] / 3.0
    gathered = first + np.append(0.0, np.cumsum(0.5 * (work[1:] + work[:-1]) * np.diff(stress)))
    apparent = 3.0 * gathered / stress**2
    log_rate, log_viscosity = np.log(apparent), np.log(stress / apparent)

    def at(rate_per_min: Floats) -> Floats:
        rate = np.maximum(rate_per_min / SECONDS_PER_MINUTE, apparent[0])
        return np.asarray(np.exp(np.interp(np.log(rate), log_rate, log_viscosity)) / SECONDS_PER_MINUTE)

    return at


def settle(
    step: Callable[[FlowProblem], FlowSolution], problem: FlowProblem, law: PowerLaw | Carreau
) -> tuple[FlowSolution, Floats]:
    """Return the solution for a thinning liquid, and (Y, X) its apparent viscosity, Pa·min.

    Raises
    ------
    DataError : if the iteration does not settle.
    """
    at, viscosity = apparent_viscosity(law), problem.viscosity
    for _ in range(ROUNDS):
        solution = step(FlowProblem(problem.grid, problem.driven, viscosity, problem.solver))
        rate = apparent_rate(solution, problem)
        renewed = np.where(problem.grid.open, at(rate), viscosity)
        moving = rate > MOVING * float(rate.max(initial=0.0))
        change = float(np.abs(renewed[moving] / viscosity[moving] - 1.0).max(initial=0.0))
        viscosity = renewed
        if change < TOLERANCE:
            return solution, viscosity
    raise DataError(
        f"the viscosity of the medium still changes by {change:.1e} after {ROUNDS} rounds",
        where="medium.thinning",
        remedy="use an exponent nearer to 1, or drive the chip by flow rates",
    )


def apparent_rate(solution: FlowSolution, problem: FlowProblem) -> Floats:
    """Return (Y, X) the apparent shear rate at the floor, 1/min.

    Under ports, where what flows through one side need not leave by the other, the larger of the two counts.
    """
    flow, grid, driven = solution.flow, problem.grid, problem.driven
    area = np.where(grid.open, grid.depth_um, np.inf) * grid.pitch_um
    port = np.zeros(grid.shape, dtype=np.bool_)
    for cells in (driven.seeds, *(cells for cells, _ in driven.flows)):
        port.flat[cells] = True
    speeds = []
    for before, after in ((flow.flow_x[:, :-1], flow.flow_x[:, 1:]), (flow.flow_y[:-1], flow.flow_y[1:])):
        speeds.append(np.where(port, np.maximum(np.abs(before), np.abs(after)), 0.5 * np.abs(before + after)))
    return np.asarray(np.hypot(*speeds) / area / solution.floor_length)
