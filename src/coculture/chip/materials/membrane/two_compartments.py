"""A perfused channel and a well-mixed tank on the two sides of a membrane, in closed form.

``V1 dc1/dt = Q (cin − c1) − S (c1 − c2)`` and ``V2 dc2/dt = S (c1 − c2)`` with ``S = P × area``. Linear, with two rates that
are real and negative; without flow the sum of amounts is kept. Both compartments are taken to be mixed: right for the channel
when S is well below Q, and for the tank when something stirs it (diffusion alone needs ``height²/D``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coculture.errors import InputError
from coculture.sound_numbers import require_number

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TwoCompartments:
    """A channel and a tank.

    Attributes
    ----------
    channel_um3, tank_um3 : volumes V1 and V2.
    exchange_um3_per_min : S, permeability × area.
    flow_um3_per_min : Q through the channel; 0 for none.

    Raises
    ------
    InputError : if a volume or the exchange is not above 0, or the flow is negative.
    """

    channel_um3: float
    tank_um3: float
    exchange_um3_per_min: float
    flow_um3_per_min: float = 0.0

    def __post_init__(self) -> None:
        require_number(self.channel_um3, "channel_um3", above=0)
        require_number(self.tank_um3, "tank_um3", above=0)
        require_number(self.exchange_um3_per_min, "exchange_um3_per_min", above=0)
        require_number(self.flow_um3_per_min, "flow_um3_per_min", least=0)

    def concentrations(
        self, minutes: ArrayLike, *, inlet: float = 0.0, channel: float = 0.0, tank: float = 0.0
    ) -> tuple[Floats, Floats]:
        """Return the concentrations in channel and tank over time.

        Parameters
        ----------
        minutes : times, any shape.
        inlet : cin, what flows in.
        channel, tank : at time 0.

        Raises
        ------
        InputError : if a time is negative or a concentration is.
        """
        for where, value in (("inlet", inlet), ("channel", channel), ("tank", tank)):
            require_number(value, where, least=0)
        times = np.asarray(minutes, np.float64)
        if not bool((times >= 0).all()):
            raise InputError("a time is negative", "minutes", "give minutes since the start")
        slow, fast = self.rates_per_min
        if self.flow_um3_per_min > 0:
            rest = inlet
        else:
            rest = (self.channel_um3 * channel + self.tank_um3 * tank) / (self.channel_um3 + self.tank_um3)
        # tank = rest + A e^{-slow t} + B e^{-fast t}, with tank and its slope known at time 0
        gap = tank - rest
        slope = self.exchange_um3_per_min * (channel - tank) / self.tank_um3
        first, second = (fast * gap + slope) / (fast - slow), (-slow * gap - slope) / (fast - slow)
        late, early = first * np.exp(-slow * times), second * np.exp(-fast * times)
        in_tank = rest + late + early
        exchange = self.tank_um3 / self.exchange_um3_per_min
        return np.asarray(in_tank - exchange * (slow * late + fast * early)), np.asarray(in_tank)

    @property
    def rates_per_min(self) -> tuple[float, float]:
        """The slow and the fast rate, 1/min; the slow one is 0 without flow."""
        leave = (self.flow_um3_per_min + self.exchange_um3_per_min) / self.channel_um3
        enter = self.exchange_um3_per_min / self.tank_um3
        product = self.flow_um3_per_min * self.exchange_um3_per_min / (self.channel_um3 * self.tank_um3)
        total = leave + enter
        fast = 0.5 * (total + math.sqrt(total**2 - 4 * product))
        return product / fast, fast
