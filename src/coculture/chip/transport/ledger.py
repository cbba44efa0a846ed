"""Where every solute came from and where it went."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields


@dataclass
class Account:
    """Amounts of one solute since the beginning, µM·µm³ (1 of them is 1e-21 mol).

    Attributes
    ----------
    begun_with : what the chip and its tanks held at first.
    inflow, outflow : through ports.
    from_reservoirs : net, from concentrations held from outside.
    secreted, taken_up : by sources given from outside.
    decayed : first-order loss, tanks included.
    into_walls : net, into wall material.
    stored, in_tanks : what cells and tanks hold now.
    """

    begun_with: float = 0.0
    inflow: float = 0.0
    outflow: float = 0.0
    from_reservoirs: float = 0.0
    secreted: float = 0.0
    taken_up: float = 0.0
    decayed: float = 0.0
    into_walls: float = 0.0
    stored: float = 0.0
    in_tanks: float = 0.0

    @property
    def residual(self) -> float:
        """What is there less what should be there."""
        gained = self.begun_with + self.inflow + self.secreted + self.from_reservoirs
        return self.stored + self.in_tanks - (gained - self.outflow - self.taken_up - self.decayed - self.into_walls)

    @property
    def relative_residual(self) -> float:
        """The residual over everything that ever entered or was there."""
        turnover = abs(self.begun_with) + self.inflow + self.secreted + abs(self.from_reservoirs)
        turnover = max(turnover, self.outflow + self.taken_up + self.decayed + abs(self.into_walls), self.stored + self.in_tanks)
        return 0.0 if turnover == 0.0 else self.residual / turnover

    def add(self, other: Account, factor: float) -> None:
        """Add rates of another account times a duration; what is stored stays as it is."""
        for name in RATES:
            setattr(self, name, getattr(self, name) + factor * getattr(other, name))

    def as_dict(self) -> dict[str, float]:
        """Return the entries by name, the residual included."""
        return asdict(self) | {"residual": self.residual, "relative_residual": self.relative_residual}


RATES = tuple(field.name for field in fields(Account) if field.name not in ("begun_with", "stored", "in_tanks"))
