"""How easily a solute crosses a membrane of straight round pores.

Three resistances in a row, for porosity ε, pore radius a and length (thickness) L:

- inside the pores ``L/(ε H D)``, with Renkin's hindrance ``H = (1 − λ)² (1 − 2.104 λ + 2.09 λ³ − 0.95 λ⁵)``, ``λ`` solute
radius over pore radius
  (Renkin 1954, J Gen Physiol 38:225; good up to λ of about 0.4);
- the way to and from the pore mouths. One disc-shaped mouth in a wide wall has ``1/(4 D a)`` (Brown & Escombe 1900; Crank 1975),
  so that both sides of a membrane have ``π a/(2 ε D)``, as if the pores were ``π a/2`` longer. Neighbouring mouths help each
  other: with Zwanzig's factor ``1 − ε`` (Zwanzig 1990, PNAS 87:5856) the resistance vanishes, as it must, when there is no
  wall left;
- a stagnant layer at the channel side, where the caller gives its mass transfer velocity.

The permeability P is one over their sum: flux = P × difference of concentrations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from coculture.chip.grid import Membrane
from coculture.sound_numbers import require_number

LARGEST_RATIO = 0.4
"""Solute over pore radius up to which Renkin's polynomial is trusted."""


@dataclass(frozen=True)
class Permeability:
    """A membrane's permeability for one solute.

    Attributes
    ----------
    value_um_per_min : P.
    hindrance : H, 1 for a point-like solute.
    inside_share, access_share, layer_share : shares of the resistance; they sum to 1.
    """

    value_um_per_min: float
    hindrance: float
    inside_share: float
    access_share: float
    layer_share: float


def renkin_hindrance(ratio: float) -> float:
    """Return H of a sphere in a pore; InputError if the ratio of radii is not between 0 and 0.4."""
    require_number(
        ratio,
        "solute radius over pore radius",
        least=0,
        most=LARGEST_RATIO,
        remedy="Renkin's law does not hold for solutes nearly as wide as the pore; measure the permeability",
    )
    return (1 - ratio) ** 2 * (1 - 2.104 * ratio + 2.09 * ratio**3 - 0.95 * ratio**5)


def membrane_permeability(
    membrane: Membrane,
    diffusion_um2_per_min: float,
    *,
    solute_radius_um: float = 0.0,
    layer_um_per_min: float = math.inf,
) -> Permeability:
    """Return the permeability of a membrane.

    Parameters
    ----------
    membrane : thickness, pore radius and porosity.
    diffusion_um2_per_min : D of the solute in medium.
    solute_radius_um : its radius; 0 for one much smaller than the pores.
    layer_um_per_min : mass transfer velocity of a stagnant layer before the membrane; infinite for none.

    Raises
    ------
    InputError : if a number is not above 0, the porosity is above 1, or the solute too wide for the pores.
    """
    require_number(diffusion_um2_per_min, "diffusion_um2_per_min", above=0)
    require_number(membrane.thickness_um, "thickness_um", above=0)
    require_number(membrane.pore_radius_um, "pore_radius_um", above=0)
    require_number(membrane.porosity, "porosity", above=0, most=1, remedy="the open share of the membrane's area, 0 to 1")
    if layer_um_per_min != math.inf:
        require_number(layer_um_per_min, "layer_um_per_min", above=0)
    hindrance = renkin_hindrance(solute_radius_um / membrane.pore_radius_um)
    open_conductance = membrane.porosity * diffusion_um2_per_min
    inside = membrane.thickness_um / (hindrance * open_conductance)
    access = math.pi * membrane.pore_radius_um * (1 - membrane.porosity) / (2 * open_conductance)
    layer = 1 / layer_um_per_min
    whole = inside + access + layer
    return Permeability(1 / whole, hindrance, inside / whole, access / whole, layer / whole)
