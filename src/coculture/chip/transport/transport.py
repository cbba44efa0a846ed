"""Transport of several solutes on a chip: concentrations over time, steady states, and the account of every amount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from coculture.chip.flow.field import FlowField
from coculture.chip.grid import ChipGrid
from coculture.chip.transport.balance import Balance
from coculture.chip.transport.boundaries import Exchange, Reservoir
from coculture.chip.transport.cell_map import CellMap
from coculture.chip.transport.checking import check_flow, check_inlets, check_solutes, check_start
from coculture.chip.transport.dispersion import disperses
from coculture.chip.transport.ledger import Account
from coculture.chip.transport.outside import held_cells, inlet_flows, membrane_tanks, outlet_flows, tank_start, wall_area
from coculture.chip.transport.rows import assemble
from coculture.chip.transport.schedule import Schedule, as_schedule
from coculture.chip.transport.settings import TransportSettings
from coculture.chip.transport.solute import Solute
from coculture.chip.transport.solver import Solver
from coculture.chip.transport.sources import Sources, check_sources
from coculture.chip.transport.state import TransportState
from coculture.chip.transport.steady import steady_state
from coculture.chip.transport.stepping import march
from coculture.chip.transport.walls import WallUptake
from coculture.errors import InputError

Floats = NDArray[np.float64]
Inlets = Mapping[str, Mapping[str, Schedule | float]]
NO_SOURCES = Sources()


class Transport:
    """Advection, diffusion, loss, exchange, uptake and secretion of solutes on a grid.

    The equation, for the concentration c in medium: capacity ∂c/∂t = -∇·(q c - K ∇c) depth - k capacity c + exchange +
    sources, with q the flow, K the diffusion (and dispersion) tensor, and capacity = depth × porosity × partition.

    Parameters
    ----------
    grid : the chip.
    flow : its flow; None for a chip at rest.
    solutes : what is dissolved.
    inlets : by name of the port, by name of the solute, what enters; every port through which medium enters needs every solute.
    start_um : by name of the solute, what is there at first: one number, or (Y, X); 0 where not named.
    reservoirs : concentrations held from outside.
    exchanges : permeabilities of the grid's membranes.
    walls : law of uptake by the walls' material.
    settings : how it is computed.

    Attributes
    ----------
    notes : where a model does not hold, in words.

    Raises
    ------
    InputError : if any of it contradicts itself or the grid.
    """

    def __init__(
        self,
        grid: ChipGrid,
        flow: FlowField | None,
        solutes: Sequence[Solute],
        inlets: Inlets | None = None,
        *,
        start_um: Mapping[str, float | Floats] | None = None,
        reservoirs: Sequence[Reservoir] = (),
        exchanges: Sequence[Exchange] = (),
        walls: WallUptake | None = None,
        settings: TransportSettings | None = None,
    ) -> None:
        inlets = inlets or {}
        check_solutes(solutes, grid)
        check_flow(flow, grid)
        self.grid, self.flow, self.walls = grid, flow, walls
        self.solutes = tuple(solutes)
        self.settings = settings or TransportSettings()
        self.cells = CellMap.build(grid, flow)
        check_inlets(inlets, solutes, grid, flow)
        self._inlets = {
            port: {name: as_schedule(given) for name, given in per_solute.items()} for port, per_solute in inlets.items()
        }
        self._reservoirs, self._exchanges = tuple(reservoirs), tuple(exchanges)
        choice = self.settings.taylor_dispersion
        judged = [disperses(flow, solute, choice) for solute in self.solutes]
        self._disperses = [applied for applied, _ in judged]
        self.notes = tuple(note for _, note in judged if note)
        self._wall_area = None if walls is None else wall_area(self.cells, self.settings.wall_surfaces)
        self._solvers: dict[str, Solver] = {}
        self._sources = NO_SOURCES
        self.state = self._first_state(start_um or {})

    @property
    def time_min(self) -> float:
        """The time, min."""
        return self.state.time_min

    @property
    def ledger(self) -> dict[str, Account]:
        """The account of every solute, by name."""
        return {solute.name: account for solute, account in zip(self.solutes, self.state.accounts, strict=True)}

    def concentration(self, solute: str) -> Floats:
        """Return (Y, X) µM in medium (in a gel: in the medium it would be in equilibrium with); 0 in walls."""
        return self.cells.unpack(self.state.cells_um[self._number(solute)])

    def tank_concentration(self, solute: str) -> dict[str, float]:
        """Return the concentrations in the tanks behind membranes, µM, by name of the membrane."""
        values = self.state.tanks_um[self._number(solute)]
        return {exchange.membrane: float(value) for exchange, value in zip(self._exchanges, values, strict=True)}

    def gradient(self, solute: str) -> tuple[Floats, Floats]:
        """Return (Y, X) the slopes of the concentration along x and y, µM/µm; one-sided beside walls, 0 in them."""
        values = self.state.cells_um[self._number(solute)]
        return self.cells.unpack(self._slope(values, 0)), self.cells.unpack(self._slope(values, 2))

    def uptake_rate(self, solute: str) -> Floats:
        """Return (Y, X) what cells take up now by the sources last given, µM·µm³/min."""
        number = self._number(solute)
        balance = self._solver(number).balance
        values = self.state.cells_um[number]
        return self.cells.unpack(balance.uptake(values) * values)

    def advance(self, minutes: float, sources: Sources = NO_SOURCES) -> None:
        """Go on for ``minutes`` with the same sources.

        Raises
        ------
        InputError : if ``minutes`` is not above 0, or a source cannot be used.
        """
        if not np.isfinite(minutes) or minutes <= 0:
            raise InputError(f"minutes is {minutes}", "advance", "give a finite duration above 0")
        self._take(sources)
        begin, state = self.state.time_min, self.state
        end = begin + minutes
        for number, solute in enumerate(self.solutes):
            solver = self._solver(number)
            balance = solver.balance
            march(solver, state, number, solute.name, end, self.settings, self.walls, self._wall_area)
            self._settle(number, balance)
            self._release(solute.name)
            del solver, balance  # else the next solute's would be built beside them
        state.time_min = end
        if self.walls is not None:
            state.walls = self.walls.memory()

    def steady(self, sources: Sources = NO_SOURCES) -> dict[str, Account]:
        """Go to the steady state of what enters now; time stands still.

        Returns
        -------
        By name of the solute, the rates at which amounts come and go, µM·µm³/min; their residual is the gap.

        Raises
        ------
        DataError : if there is no steady state, or the solver does not find it.
        """
        self._take(sources)
        rates: dict[str, Account] = {}
        for number, solute in enumerate(self.solutes):
            solver = self._solver(number)
            x, tanks, account = steady_state(solver, self.state, number, solute.name, self.settings, self.walls, self._wall_area)
            self.state.cells_um[number], self.state.tanks_um[number] = x, tanks
            rates[solute.name] = account
            self._settle(number, solver.balance)
            self.state.accounts[number] = self._fresh_account(number)
            self._release(solute.name)
            del solver
        return rates

    def restore(self, state: TransportState) -> None:
        """Go on from a state saved by a transport of the same chip and solutes.

        Raises
        ------
        InputError : if it has other numbers of solutes, cells or tanks.
        """
        expected = (self.state.cells_um.shape, self.state.tanks_um.shape)
        if (state.cells_um.shape, state.tanks_um.shape) != expected:
            raise InputError(
                f"the state has (solutes, cells) {state.cells_um.shape} and (solutes, tanks) {state.tanks_um.shape}",
                "transport state",
                f"this chip has {expected[0]} and {expected[1]}: restore it on the chip it was saved on",
            )
        self.state = TransportState.from_arrays(state.as_arrays())
        if self.walls is not None:
            self.walls.remember(self.state.walls)

    def _number(self, name: str) -> int:
        names = [solute.name for solute in self.solutes]
        if name not in names:
            raise InputError(f"there is no solute '{name}'", "transport", "solutes are: " + ", ".join(names))
        return names.index(name)

    def _first_state(self, start_um: Mapping[str, float | Floats]) -> TransportState:
        names = [solute.name for solute in self.solutes]
        check_start(start_um, names, self.grid)
        cells = np.zeros((len(names), self.cells.count))
        for name, given in start_um.items():
            cells[names.index(name)] = self.cells.pack(np.broadcast_to(np.asarray(given, float), self.grid.shape))
        tanks = tank_start(self._exchanges, names)
        state = TransportState(0.0, cells, tanks, np.full(len(names), self.settings.first_step_min), [])
        self.state = state
        state.accounts = [Account() for _ in names]
        for number in range(len(names)):
            state.accounts[number] = self._fresh_account(number)
            self._release(names[number])
        return state

    def _fresh_account(self, number: int) -> Account:
        account = Account()
        self.state.accounts[number] = account
        self._settle(number, self._solver(number).balance)
        account.begun_with = account.stored + account.in_tanks
        return account

    def _settle(self, number: int, balance: Balance) -> None:
        account = self.state.accounts[number]
        account.stored = float(balance.operator.capacity @ self.state.cells_um[number])
        account.in_tanks = float(
            sum(tank.volume * value for tank, value in zip(balance.tanks, self.state.tanks_um[number], strict=True))
        )

    def _take(self, sources: Sources) -> None:
        check_sources(sources, [solute.name for solute in self.solutes], self.grid.open)
        self._sources = sources
        for name, solver in self._solvers.items():
            self._give_sources(name, solver.balance)

    def _give_sources(self, name: str, balance: Balance) -> None:
        given = self._sources
        balance.secretion = self.cells.pack(given.secretion[name]) if name in given.secretion else None
        balance.clearance = (
            self.cells.pack(given.uptake_per_min[name]) * self.cells.volume() if name in given.uptake_per_min else None
        )
        law = given.saturable.get(name)
        balance.saturable = None if law is None else (self.cells.pack(law.highest), law.half_um)
        balance.refresh()

    def _solver(self, number: int) -> Solver:
        solute = self.solutes[number]
        if solute.name not in self._solvers:
            settings = self.settings
            balance = Balance(
                assemble(self.cells, self.flow, solute, self._disperses[number]),
                inlet_flows(self.cells, self._inlets, solute.name),
                outlet_flows(self.cells),
                solute.loss_per_min,
                held_cells(self.cells, self._reservoirs, solute),
                membrane_tanks(self.cells, self._exchanges, solute.name),
                limited=settings.scheme == "limited" and self.flow is not None,
            )
            self._give_sources(solute.name, balance)
            self._solvers[solute.name] = Solver(balance, *self.cells.rows_and_columns())
        return self._solvers[solute.name]

    def _release(self, name: str) -> None:
        if not self.settings.keep_operators:
            self._solvers.pop(name, None)

    def _slope(self, values: Floats, side: int) -> Floats:
        own = np.arange(self.cells.count)
        before, after = self.cells.neighbours[:, side], self.cells.neighbours[:, side + 1]
        width = ((before != own).astype(float) + (after != own)) * self.grid.pitch_um
        return np.asarray((values[after] - values[before]) / np.where(width > 0, width, 1.0))
