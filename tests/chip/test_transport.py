"""Transport: accounts, gels, membranes, walls, schedules over time, saving, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.cases.plain_chips import gel_box, oblique_flow, open_box, plug_flow

from coculture.chip.grid import FLUID, GEL, WALL, GelKind, Membrane
from coculture.chip.transport.boundaries import Exchange, Reservoir
from coculture.chip.transport.schedule import Schedule
from coculture.chip.transport.settings import TransportSettings
from coculture.chip.transport.solute import Solute
from coculture.chip.transport.sources import Saturable, Sources
from coculture.chip.transport.state import TransportState
from coculture.chip.transport.still import StillDiffusion
from coculture.chip.transport.transport import Transport
from coculture.chip.transport.walls import FirstOrderWall
from coculture.errors import DataError, FileError, InputError

DRUG, LIGAND = Solute("drug", 6000.0, 0.01), Solute("ligand", 3000.0)


def dosed(**more: object) -> Transport:
    """Return a small square with oblique flow, a drug in pulses and a ligand from cells."""
    flow = oblique_flow(12, 20.0, 300.0, 0.7)
    inlets = {"low": {"drug": Schedule.pulses(4.0, 1.0, 3, 2.0), "ligand": 0.0}, "high": {"drug": 0.0, "ligand": 0.0}}
    return Transport(flow.grid, flow, [DRUG, LIGAND], inlets, **more)  # type: ignore[arg-type]


def cell_sources(transport: Transport) -> Sources:
    secretion, uptake = np.zeros(transport.grid.shape), np.zeros(transport.grid.shape)
    secretion[3, 4], uptake[8:, :] = 500.0, 0.3
    return Sources({"ligand": secretion}, {"ligand": uptake}, {"drug": Saturable(300.0 * uptake, 0.5)})


def test_every_amount_is_accounted_for():
    transport = dosed(start_um={"drug": 0.1}, walls=FirstOrderWall({"drug": 2.0}))
    sources = cell_sources(transport)
    for minutes in (0.5, 3.0, 6.5):
        transport.advance(minutes, sources)
    drug, ligand = transport.ledger["drug"], transport.ledger["ligand"]
    for account in (drug, ligand):
        assert abs(account.relative_residual) < 1e-10
    assert drug.inflow > 0
    assert min(drug.outflow, drug.taken_up, drug.decayed, drug.into_walls, ligand.taken_up, ligand.outflow) > 0
    assert ligand.secreted == pytest.approx(500.0 * 10, rel=1e-12)
    assert ligand.inflow == ligand.decayed == 0
    assert drug.as_dict()["residual"] == drug.residual
    for name in ("drug", "ligand"):
        field = transport.concentration(name)
        assert np.isfinite(field).all()
        assert field.min() >= 0
    uptake = transport.uptake_rate("ligand")
    np.testing.assert_allclose(uptake[8:], 0.3 * transport.concentration("ligand")[8:] * 40_000, rtol=1e-12)


def test_what_enters_is_the_schedule_over_time():
    schedule = Schedule.points([0.0, 2.0, 3.0], [0.0, 4.0, 1.0])
    flow = plug_flow(1, 5, 100.0, 50.0)
    transport = Transport(flow.grid, flow, [LIGAND], {"bottom": {"ligand": schedule}})
    transport.advance(7.0)
    through = flow.port_flow.max()
    assert transport.ledger["ligand"].inflow == pytest.approx(through * (4.0 + 2.5 + 4.0), rel=1e-9)


def test_a_constant_stays_constant_whatever_the_flow():
    flow = oblique_flow(10, 20.0, 4000.0, 1.1)
    inlets = {"low": {"ligand": 3.0}, "high": {"ligand": 3.0}}
    transport = Transport(flow.grid, flow, [LIGAND], inlets, start_um={"ligand": 3.0})
    transport.advance(5.0)
    np.testing.assert_allclose(transport.concentration("ligand"), 3.0, rtol=1e-6)
    transport.steady()
    np.testing.assert_allclose(transport.concentration("ligand"), 3.0, rtol=1e-8)


def test_partition_makes_a_jump_of_what_is_there_not_of_what_is_felt():
    gel = GelKind("matrix", 0.1, diffusion_factor=0.5, porosity=0.8)
    grid = open_box(1, 20, 10.0)
    space = np.full(grid.shape, FLUID, np.uint8)
    space[:, 10:] = GEL
    grid = replace(grid, space=space, gel=np.where(space == GEL, 0, -1).astype(np.int16), gels=(gel,))
    solute = Solute("drug", 6000.0, gel_partition={"matrix": 3.0})
    transport = Transport(grid, None, [solute], start_um={"drug": np.where(space == FLUID, 1.0, 0.0)})
    transport.advance(10_000.0)
    expected = 10 / (10 + 10 * 0.8 * 3)
    np.testing.assert_allclose(transport.concentration("drug"), expected, rtol=1e-3)
    assert transport.ledger["drug"].stored == pytest.approx(10 * 10_000.0, rel=1e-10)


def test_flux_through_gel_is_cut_by_its_diffusion_factor_and_partition():
    grid = gel_box(1, 50, 10.0, GelKind("matrix", 0.1, diffusion_factor=0.25))
    ends = [Reservoir("a", np.array([0]), {"drug": 2.0}, 5.0), Reservoir("b", np.array([49]), {"drug": 0.0}, 5.0)]
    transport = Transport(grid, None, [Solute("drug", 6000.0, gel_partition={"matrix": 2.0})], reservoirs=ends)
    transport.steady()
    down, across = transport.gradient("drug")[0], transport.gradient("drug")[1]
    np.testing.assert_allclose(down, -2.0 / 500.0, rtol=1e-6)
    assert not across.any()


def test_a_tank_fills_through_its_membrane_as_two_compartments_do():
    """A chamber held at 1 µM from outside; the tank follows 1 - exp(-P A t / V)."""
    grid = open_box(4, 5, 100.0)
    membrane = Membrane("floor", "well", 10.0, 1.0, 0.1, tank_volume_um3=2e7)
    grid = replace(grid, region=np.zeros(grid.shape, np.int16), region_names=("well",), membranes=(membrane,))
    held = Reservoir("bath", np.arange(20), {"drug": 1.0}, 1e-3)
    exchange = Exchange("floor", {"drug": 30.0})
    settings = TransportSettings(tolerance=1e-4)
    transport = Transport(grid, None, [Solute("drug", 6000.0)], reservoirs=[held], exchanges=[exchange], settings=settings)
    for minutes in (1.0, 2.0, 4.0):
        transport.advance(minutes)
        expected = 1 - np.exp(-30.0 * 20 * 1e4 * transport.time_min / 2e7)
        assert transport.tank_concentration("drug")["floor"] == pytest.approx(expected, abs=1e-3)
    assert abs(transport.ledger["drug"].relative_residual) < 1e-10
    assert transport.ledger["drug"].in_tanks > 0
    transport.steady()
    assert transport.tank_concentration("drug")["floor"] == pytest.approx(1.0, rel=1e-6)


def test_a_wall_of_first_order_takes_its_share():
    grid = open_box(1, 1, 10.0, depth_um=50.0)
    settings = TransportSettings(wall_surfaces=("floor", "ceiling"), tolerance=1e-5)
    transport = Transport(
        grid, None, [LIGAND], start_um={"ligand": 1.0}, walls=FirstOrderWall({"ligand": 5.0}), settings=settings
    )
    transport.advance(4.0)
    assert transport.concentration("ligand")[0, 0] == pytest.approx(np.exp(-2 * 5.0 / 50.0 * 4.0), rel=1e-3)
    account = transport.ledger["ligand"]
    assert account.into_walls == pytest.approx(account.begun_with - account.stored, rel=1e-9)


def test_a_broken_wall_law_is_named():
    grid = open_box(1, 2, 10.0)
    transport = Transport(grid, None, [LIGAND], walls=FirstOrderWall({"ligand": float("nan")}))
    with pytest.raises(InputError, match="uptake is negative or not a number"):
        transport.advance(1.0)


def test_fast_decay_empties_without_going_below_nothing():
    grid = open_box(3, 3, 10.0)
    transport = Transport(
        grid, None, [Solute("drug", 600.0, 50.0)], start_um={"drug": 1.0}, settings=TransportSettings(tolerance=0.05)
    )
    for _ in range(5):
        transport.advance(1.0)
        assert transport.concentration("drug").min() >= 0
    assert transport.concentration("drug").max() < 0.01
    assert abs(transport.ledger["drug"].relative_residual) < 1e-10


def test_washout_of_a_front_never_goes_below_nothing():
    flow = plug_flow(3, 40, 10.0, 2000.0)
    inlets = {"top": {"ligand": 0.0}, "bottom": {"ligand": 0.0}}
    transport = Transport(flow.grid, flow, [LIGAND], inlets, start_um={"ligand": 1.0}, settings=TransportSettings(tolerance=0.02))
    for _ in range(6):
        transport.advance(0.1)
        assert transport.concentration("ligand").min() >= 0
    assert abs(transport.ledger["ligand"].relative_residual) < 1e-10


def test_a_saved_state_goes_on_bit_for_bit(tmp_path):
    one, other = dosed(), dosed(settings=TransportSettings(keep_operators=False))
    sources = cell_sources(one)
    one.advance(1.3, sources)
    one.state.save(tmp_path / "state.npz")
    other.restore(TransportState.load(tmp_path / "state.npz"))
    for transport in (one, other):
        transport.advance(2.2, sources)
    for name, values in one.state.as_arrays().items():
        np.testing.assert_array_equal(values, other.state.as_arrays()[name])


def test_walls_in_the_grid_stay_empty_and_split_what_they_part():
    grid = open_box(5, 5, 10.0)
    space = grid.space.copy()
    space[:, 2] = WALL
    grid = replace(grid, space=space, depth_um=np.where(space == WALL, 0.0, 100.0))
    start = np.zeros(grid.shape)
    start[:, 0] = 1.0
    transport = Transport(grid, None, [LIGAND], start_um={"ligand": start})
    transport.advance(100.0)
    field = transport.concentration("ligand")
    np.testing.assert_allclose(field[:, :2], 0.5, rtol=1e-3)
    assert not field[:, 2:].any()


def test_nothing_entering_stays_nothing():
    transport = dosed()
    transport.advance(0.5)
    assert not transport.concentration("ligand").any()
    assert transport.ledger["ligand"].relative_residual == 0


def test_still_diffusion_agrees_with_transport():
    grid = open_box(20, 16, 10.0)
    start = np.zeros(grid.shape)
    start[4:9, 5:12] = 1.0
    transport = Transport(grid, None, [Solute("a", 600.0)], start_um={"a": start}, settings=TransportSettings(tolerance=1e-5))
    transport.advance(1.0)
    explicit, implicit = (StillDiffusion(grid, Solute("a", 600.0), step) for step in (0.005, 0.002))
    assert explicit.longest_explicit_share < 1
    c, out = start.copy(), start.copy()
    for _ in range(200):
        explicit.explicit(c, out)
        c, out = out, c
    np.testing.assert_allclose(c, transport.concentration("a"), atol=2e-3)
    assert c.sum() == pytest.approx(start.sum(), rel=1e-12)
    c = start.copy()
    for _ in range(500):
        implicit.alternating(c)
    np.testing.assert_allclose(c, transport.concentration("a"), atol=2e-3)
    with pytest.raises(InputError, match="step_min is 0"):
        StillDiffusion(grid, Solute("a", 600.0), 0.0)


def test_dispersion_is_left_out_where_it_does_not_hold_and_said_so():
    fast = plug_flow(1, 30, 10.0, 60_000.0)
    inlets = {"bottom": {"ligand": 1.0}}
    transport = Transport(fast.grid, fast, [LIGAND], inlets)
    assert "left out" in transport.notes[0]
    assert "replaced in 0.005 min, before diffusion over the depth (3.33 min)" in transport.notes[0]
    forced = Transport(fast.grid, fast, [LIGAND], inlets, settings=TransportSettings(taylor_dispersion="always"))
    assert "applied all the same" in forced.notes[0]
    slow = plug_flow(1, 30, 10.0, 10.0)
    assert Transport(slow.grid, slow, [LIGAND], inlets).notes == ()


# what is refused


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Solute("a", -1.0), "diffusion_um2_per_min is -1.0"),
        (lambda: Solute("a", 1.0, float("nan")), "loss_per_min is nan"),
        (lambda: Solute("a", 1.0, gel_partition={"g": 0.0}), "gel_partition of 'g' is 0"),
        (lambda: Schedule.steps([0, 0], [1, 2]), "times do not ascend"),
        (lambda: Schedule.steps([0, 1], [1, -2]), "a concentration is negative"),
        (lambda: Schedule.steps([0, 1], [1]), "differ in number"),
        (lambda: Schedule.pulses(1.0, 2.0, 3, 1.0), "pulses of 2.0 min every 1.0 min"),
        (lambda: TransportSettings(scheme="upwind"), "unknown scheme 'upwind'"),
        (lambda: TransportSettings(tolerance=0.0), "tolerance is 0.0"),
        (lambda: TransportSettings(taylor_dispersion="yes"), "taylor_dispersion is 'yes'"),
        (lambda: TransportSettings(first_step_min=-1.0), "first_step_min -1.0"),
        (lambda: TransportSettings(wall_surfaces=("roof",)), "unknown surface 'roof'"),
    ],
)
def test_numbers_out_of_range_are_refused(make, message):
    with pytest.raises(InputError, match=message):
        make()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"solutes": []}, "there is no solute"),
        ({"solutes": [LIGAND, LIGAND]}, "two solutes are called 'ligand'"),
        ({"solutes": [Solute("ligand", 1.0, gel_partition={"jelly": 1.0})]}, "names the gel 'jelly'"),
        ({"inlets": {"left": {"ligand": 1.0}}}, "there is no port 'left'"),
        ({"inlets": {"bottom": {"drug": 1.0}}}, "there is no solute 'drug'"),
        ({"inlets": {}}, "what it brings of 'ligand' is not said"),
        ({"inlets": {"bottom": {"ligand": -1.0}}}, "a concentration is negative"),
        ({"start_um": {"ligand": -1.0}}, "a concentration is negative"),
        ({"start_um": {"drug": 1.0}}, "there is no solute 'drug'"),
        ({"start_um": {"ligand": np.zeros(3)}}, "the shape is"),
        ({"reservoirs": [Reservoir("r", np.array([], np.int64), {"ligand": 1.0}, 5.0)]}, "none of its cells is open"),
        ({"reservoirs": [Reservoir("r", np.array([0]), {"ligand": 1.0}, 0.0)]}, "distance_um is 0.0"),
        ({"exchanges": [Exchange("skin", {"ligand": 1.0})]}, "the grid has no such membrane"),
        ({"exchanges": [Exchange("skin", {"drug": 1.0})]}, "there is no solute 'drug'"),
    ],
)
def test_a_contradiction_with_the_grid_is_refused(changes, message):
    flow = plug_flow(1, 6, 10.0, 100.0)
    given = {"grid": flow.grid, "flow": flow, "solutes": [LIGAND], "inlets": {"bottom": {"ligand": 1.0}}} | changes
    with pytest.raises(InputError, match=message):
        Transport(**given)


def with_entry(shape: tuple[int, int], value: float) -> np.ndarray:
    field = np.zeros(shape)
    field[0, 1] = value
    return field


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (Sources(secretion={"drug": np.zeros((1, 6))}), "there is no solute 'drug'"),
        (Sources(secretion={"ligand": np.zeros((2, 6))}), r"the shape is \(2, 6\)"),
        (Sources(secretion={"ligand": with_entry((1, 6), np.nan)}), r"nan in cell \(row 0, column 1\)"),
        (Sources(secretion={"ligand": with_entry((1, 6), -1.0)}), "a constant sink would turn"),
        (Sources(uptake_per_min={"ligand": with_entry((1, 6), -1.0)}), "finite numbers >= 0"),
        (Sources(saturable={"ligand": Saturable(np.zeros((1, 6)), 0.0)}), "half_um is 0.0"),
    ],
)
def test_sources_that_cannot_be_used_are_refused(sources, message):
    flow = plug_flow(1, 6, 10.0, 100.0)
    transport = Transport(flow.grid, flow, [LIGAND], {"bottom": {"ligand": 1.0}})
    with pytest.raises(InputError, match=message):
        transport.advance(1.0, sources)
    assert not transport.concentration("ligand").any()


def test_sources_in_walls_are_refused():
    grid = open_box(1, 3, 10.0)
    grid = replace(grid, space=np.array([[FLUID, WALL, FLUID]], np.uint8), depth_um=np.array([[1.0, 0.0, 1.0]]))
    with pytest.raises(InputError, match=r"cell \(row 0, column 1\) is a wall"):
        Transport(grid, None, [LIGAND]).advance(1.0, Sources(secretion={"ligand": with_entry((1, 3), 1.0)}))


def test_flows_that_cannot_be_are_refused():
    flow = plug_flow(1, 6, 10.0, 100.0)
    inlets = {"bottom": {"ligand": 1.0}}

    def refused(message: str, **changes: np.ndarray) -> None:
        with pytest.raises(InputError, match=message):
            Transport(flow.grid, replace(flow, **changes), [LIGAND], inlets)

    leaking = flow.port_flow.copy()
    leaking[0, 3] = 5.0
    refused(r"inflow is not outflow in cell \(row 0, column 3\)", port_flow=leaking)
    refused("not finite", flow_x=flow.flow_x * np.nan)
    edge = flow.flow_x.copy()
    edge[0, 0] = flow.port_flow[0, 0]
    refused("through the edge of the grid", flow_x=edge, port_flow=np.where(flow.port_flow > 0, 0.0, flow.port_flow))
    with pytest.raises(InputError, match="solved on another grid"):
        Transport(replace(flow.grid, space=1 - flow.grid.space), flow, [LIGAND], inlets)
    grid = replace(flow.grid, ports=())
    with pytest.raises(InputError, match="where there is no port"):
        Transport(grid, replace(flow, grid=grid), [LIGAND], {})
    with pytest.raises(InputError, match="no cell is open"):
        Transport(replace(flow.grid, space=0 * flow.grid.space), None, [LIGAND])


def test_a_chip_without_a_way_out_has_no_steady_state():
    grid = open_box(2, 2, 10.0)
    with pytest.raises(DataError, match="no way out of a part of 4 cells"):
        Transport(grid, None, [LIGAND]).steady()


@pytest.mark.parametrize("minutes", [0.0, -1.0, float("nan"), float("inf")])
def test_a_duration_must_be_one(minutes):
    with pytest.raises(InputError, match="minutes is"):
        Transport(open_box(2, 2, 10.0), None, [LIGAND]).advance(minutes)


def test_a_state_of_another_chip_is_refused(tmp_path):
    transport = Transport(open_box(2, 2, 10.0), None, [LIGAND])
    other = Transport(open_box(2, 3, 10.0), None, [LIGAND])
    with pytest.raises(InputError, match="restore it on the chip it was saved on"):
        other.restore(transport.state)
    (tmp_path / "bad.npz").write_text("no state")
    with pytest.raises(FileError, match="cannot be read as a state of transport"):
        TransportState.load(tmp_path / "bad.npz")
    with pytest.raises(InputError, match="these arrays are missing: accounts"):
        TransportState.from_arrays({"time_min": np.zeros(1)})
    with pytest.raises(InputError, match="there is no solute 'x'"):
        transport.concentration("x")


def test_schedules_say_their_value_on_either_side_of_a_jump():
    pulses = Schedule.pulses(10.0, 2.0, 2, high_um=5.0, low_um=1.0, first_min=3.0)
    assert [pulses.value(t) for t in (0, 2.9, 3, 4.9, 5, 13, 14.9, 15, 99)] == [1, 1, 5, 5, 1, 5, 5, 1, 1]
    assert pulses.value(3.0, before=True) == 1
    assert list(pulses.corners(3.0, 15.0)) == [5.0, 13.0]
    assert pulses.highest() == 5
    ramp = Schedule.ramp(1.0, 3.0, 0.0, 4.0)
    assert [ramp.value(t) for t in (0, 1, 2, 3, 9)] == [0, 0, 2, 4, 4]
