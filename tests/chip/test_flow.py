"""Flow on a grid: ports, gels, depth steps, wall stress, residence, shear-thinning medium, and what is said to the user."""

import dataclasses
import math

import numpy as np
import pytest
from tests.cases.flow_grids import bend, chip, serpentine, straight, two_chambers

from coculture.chip.flow.judgement import cells_across, peclet_numbers
from coculture.chip.flow.medium import Carreau, Medium, PowerLaw
from coculture.chip.flow.model_error import flow_error_percent
from coculture.chip.flow.network.resistance import duct_resistance
from coculture.chip.flow.ports import PortCondition
from coculture.chip.flow.residence import age_of_medium, region_residence
from coculture.chip.flow.solve import solve_flow
from coculture.chip.grid import GEL, GelKind
from coculture.errors import DataError, InputError

WATER = Medium(viscosity_pa_s=1e-3)
DRIVEN = {"in": PortCondition(flow_ul_per_min=1.0), "out": PortCondition(pressure_pa=0.0)}
PRESSED = {"in": PortCondition(pressure_pa=100.0), "out": PortCondition(pressure_pa=0.0)}
METHODS = ["duct-modes", "hele-shaw", "brinkman", "brinkman-modes"]


def inflow(field):
    return float(field.port_flow.clip(min=0).sum())


@pytest.mark.parametrize("method", METHODS)
def test_flow_through_a_channel_follows_its_resistance(method):
    grid = straight(8, 81, 12.5, 50.0)
    field = solve_flow(grid, PRESSED, WATER, method)
    excess = 1 + flow_error_percent(2.0, method) / 100
    expected = excess * 100.0 / duct_resistance(100.0, 50.0, 80 * 12.5, WATER.viscosity_pa_min)
    assert inflow(field) == pytest.approx(expected, rel=1e-5)
    assert field.pressure_pa[4, 40] == pytest.approx(50.0, abs=1e-3)
    assert field.method == method


@pytest.mark.parametrize("method", METHODS)
def test_a_flow_port_has_one_pressure_and_its_flow(method):
    grid = two_chambers(100, 20.0, 100.0, 50.0)
    field = solve_flow(grid, DRIVEN, WATER, method)
    cells = grid.ports[0].cells
    assert field.port_flow.flat[cells].sum() == pytest.approx(1e9, rel=1e-12)
    assert np.ptp(field.pressure_pa.flat[cells]) == 0
    assert field.pressure_pa.flat[cells[0]] > 0


def test_flow_is_linear_in_what_drives_it_and_turns_round_with_it():
    grid = bend(6, 60.0, 60.0)
    once = solve_flow(grid, PRESSED, WATER)
    back = solve_flow(grid, {"in": PortCondition(pressure_pa=-200.0), "out": PortCondition(pressure_pa=0.0)}, WATER)
    assert np.allclose(back.flow_x, -2 * once.flow_x, rtol=1e-9, atol=1e-6 * inflow(once))
    assert np.allclose(back.floor_shear_pa, 2 * once.floor_shear_pa, rtol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_mirror_images_flow_alike(method):
    grid = bend(6, 60.0, 60.0)
    turned = dataclasses.replace(
        grid,
        space=grid.space.T.copy(),
        depth_um=grid.depth_um.T.copy(),
        ports=tuple(dataclasses.replace(port, cells=np.sort((port.cells % 24) * 24 + port.cells // 24)) for port in grid.ports),
    )
    one, other = solve_flow(grid, PRESSED, WATER, method), solve_flow(turned, PRESSED, WATER, method)
    assert np.allclose(one.pressure_pa, other.pressure_pa.T, atol=1e-5)
    assert np.allclose(one.flow_x, other.flow_y.T, atol=1e-5 * inflow(one))
    assert np.allclose(one.side_shear_pa, other.side_shear_pa.T, rtol=1e-4, atol=1e-9)


def test_a_long_serpentine_is_factorised_where_multigrid_stalls():
    grid = serpentine(150, 8, 2, 5.0, 40.0)
    assert int(grid.open.sum()) > 10_000
    with pytest.raises(DataError, match=r"not found to 1e-10(.|\n)*solver='direct'"):
        solve_flow(grid, DRIVEN, WATER, solver="multigrid")
    field = solve_flow(grid, DRIVEN, WATER)
    centre_line = 15 * (146 - 8) * 5.0 + 14 * 10 * 5.0 - 8 * 5.0
    corners = 28 * 0.525 * 40.0  # each saves half a width, as in a single bend
    expected = 1e9 * duct_resistance(40.0, 40.0, centre_line - corners, WATER.viscosity_pa_min)
    assert field.pressure_pa.max() == pytest.approx(expected, rel=0.01)


def test_only_flow_ports_count_pressure_from_the_last_one():
    grid = straight(4, 30, 10.0, 40.0)
    ports = {"in": PortCondition(flow_ul_per_min=2.0), "out": PortCondition(flow_ul_per_min=-2.0)}
    field = solve_flow(grid, ports, WATER)
    assert inflow(field) == pytest.approx(2e9, rel=1e-12)
    assert (field.pressure_pa.flat[grid.ports[1].cells] == 0).all()
    assert any("counted from port 'out'" in note for note in field.notes)


def test_a_pocket_without_port_stays_still_and_is_reported():
    grid = straight(4, 30, 10.0, 40.0)
    space = np.vstack((grid.space, np.zeros((3, 30), dtype=np.uint8)))
    space[-2, 5:9] = 1
    y, x = np.indices(space.shape)
    first = (space > 0) & (y < 6)
    field = solve_flow(chip(space, 10.0, 40.0, {"in": first & (x == 0), "out": first & (x == 29)}), PRESSED, WATER)
    assert (field.pressure_pa[-2] == 0).all()
    assert (field.flow_x[-2] == 0).all()
    assert any("4 open cells are joined to no port" in note for note in field.notes)


def test_a_chip_without_ports_stays_still():
    field = solve_flow(dataclasses.replace(straight(4, 20, 10.0, 40.0), ports=()), {}, WATER)
    assert (field.flow_x == 0).all()
    assert (field.pressure_pa == 0).all()
    assert any("joined to no port" in note for note in field.notes)
    assert np.isinf(age_of_medium(field)[field.grid.open]).all()


def test_nothing_drives_nothing():
    still = {"in": PortCondition(pressure_pa=0.0), "out": PortCondition(flow_ul_per_min=0.0)}
    for method in METHODS:
        field = solve_flow(straight(4, 20, 10.0, 40.0), still, WATER, method)
        assert (field.flow_x == 0).all()
        assert (field.floor_shear_pa == 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_gel_obeys_darcy(method):
    grid = straight(8, 40, 10.0, 50.0)
    space = np.where(grid.space > 0, np.uint8(GEL), grid.space)
    x = np.indices(space.shape)[1]
    ports = {"in": (x == 0) & (space > 0), "out": (x == 39) & (space > 0)}
    gelled = chip(space, 10.0, 50.0, ports, (GelKind("collagen", permeability_um2=0.1),))
    field = solve_flow(gelled, PRESSED, WATER, method)
    expected = 0.1 * 80.0 * 50.0 * 100.0 / (390.0 * WATER.viscosity_pa_min)
    assert inflow(field) == pytest.approx(expected, rel=0.03)
    middle = field.floor_shear_pa[4, 20]
    assert middle == pytest.approx(100.0 / 390.0 * math.sqrt(0.1), rel=0.05)


def test_a_gel_plug_takes_the_pressure():
    grid = straight(8, 60, 10.0, 50.0)
    space = grid.space.copy()
    space[1:-1, 25:35] = GEL
    x = np.indices(space.shape)[1]
    ports = {"in": (x == 0) & (space > 0), "out": (x == 59) & (space > 0)}
    field = solve_flow(chip(space, 10.0, 50.0, ports, (GelKind("fibrin", 0.01),)), PRESSED, WATER)
    expected = 0.01 * 80.0 * 50.0 * 100.0 / (100.0 * WATER.viscosity_pa_min)
    assert inflow(field) == pytest.approx(expected, rel=0.01)


def test_a_step_in_depth_joins_two_resistances():
    grid = straight(10, 60, 20.0, 100.0)
    depth = grid.depth_um.copy()
    depth[1:-1, 30:] = 40.0
    stepped = dataclasses.replace(grid, depth_um=depth)
    field = solve_flow(stepped, PRESSED, WATER)
    resistance = sum(duct_resistance(200.0, h, 29.5 * 20.0, WATER.viscosity_pa_min) for h in (100.0, 40.0))
    assert inflow(field) == pytest.approx(100.0 / resistance, rel=0.03)


def test_side_wall_stress_balances_the_pressure():
    """Force on the section: pressure drop × area = floor and ceiling stress + stress on both sides."""
    grid = straight(20, 80, 5.0, 100.0)
    for method in ("duct-modes", "brinkman-modes"):
        field = solve_flow(grid, DRIVEN, WATER, method)
        push = (field.pressure_pa[10, 39] - field.pressure_pa[10, 41]) / 10.0 * 100.0 * 100.0
        floors = 2 * float(field.floor_shear_pa[1:-1, 40].sum()) * 5.0
        sides = 2 * float(field.side_shear_pa[1, 40]) * 100.0
        assert floors + sides == pytest.approx(push, rel=0.02)
        assert (field.side_shear_pa[5:15, 5:-5] == 0).all()


def test_residence_and_age():
    grid = straight(6, 50, 10.0, 40.0)
    x = np.indices(grid.shape)[1]
    middle = chip(
        grid.space,
        10.0,
        40.0,
        {port.name: np.isin(np.arange(400).reshape(8, 50), port.cells) for port in grid.ports},
        regions={"middle": (grid.space > 0) & (x >= 10) & (x < 30)},
    )
    field = solve_flow(middle, DRIVEN, WATER, "hele-shaw")
    stay = region_residence(field, "middle")
    assert stay.volume_um3 == pytest.approx(20 * 10 * 60 * 40)
    assert stay.residence_min == pytest.approx(stay.volume_um3 / 1e9, rel=1e-9)
    age = age_of_medium(field)
    assert age[3, 40] - age[3, 20] == pytest.approx(20 * 10 * 60 * 40 / 1e9, rel=1e-9)
    assert (age[0] == 0).all()
    with pytest.raises(InputError, match="no region 'end'"):
        region_residence(field, "end")


def test_age_is_infinite_only_where_nothing_flows():
    age = age_of_medium(solve_flow(two_chambers(100, 20.0, 100.0, 50.0), PRESSED, WATER))
    assert not np.isnan(age).any()
    assert np.isfinite(age[20, 70])


@pytest.mark.parametrize("exponent", [0.3, 0.5, 0.8])
def test_power_law_between_plates(exponent):
    consistency, depth = 0.01, 50.0
    grid = straight(10, 40, 500.0, depth)
    medium = Medium(viscosity_pa_s=1e-3, thinning=PowerLaw(consistency, exponent))
    gradient = 100.0 / (39 * 500.0)
    mean = exponent / (2 * exponent + 1) * depth / 2 * (depth / 2 * gradient / consistency) ** (1 / exponent) * 60
    for ports in (PRESSED, {**DRIVEN, "in": PortCondition(flow_ul_per_min=mean * depth * 5000 * 1e-9)}):
        field = solve_flow(grid, ports, medium, "hele-shaw")
        assert inflow(field) == pytest.approx(mean * depth * 5000.0, rel=1e-4)
        assert field.pressure_pa.max() == pytest.approx(100.0, rel=1e-4)
        assert field.floor_shear_pa[5, 20] == pytest.approx(depth / 2 * gradient, rel=1e-4)


def test_a_carreau_liquid_at_rest_and_at_speed_is_newtonian():
    law = Carreau(rest_viscosity_pa_s=4e-3, fast_viscosity_pa_s=1e-3, time_s=1.0, exponent=0.4)
    grid = straight(6, 30, 50.0, 50.0)
    for pressure, viscosity, tolerance in ((1e-6, 4e-3, 1e-4), (1e9, 1e-3, 0.01)):
        ports = {"in": PortCondition(pressure_pa=pressure), "out": PortCondition(pressure_pa=0.0)}
        thinning = solve_flow(grid, ports, Medium(viscosity_pa_s=2e-3, thinning=law), "hele-shaw")
        newtonian = solve_flow(grid, ports, Medium(viscosity_pa_s=viscosity), "hele-shaw")
        assert inflow(thinning) == pytest.approx(inflow(newtonian), rel=tolerance)


def test_numbers_and_notes():
    fast = solve_flow(straight(10, 40, 10.0, 100.0), {**DRIVEN, "in": PortCondition(flow_ul_per_min=100.0)}, WATER)
    mean = 100e9 / (100.0 * 100.0)
    assert fast.numbers["inflow_ul_per_min"] == pytest.approx(100.0)
    assert fast.numbers["largest_reynolds"] > 1e3 * mean * 50 / 1e-3 * 1e-12 / 60
    assert any("Reynolds number" in note for note in fast.notes)
    slow = solve_flow(straight(10, 40, 10.0, 100.0), {**DRIVEN, "in": PortCondition(flow_ul_per_min=0.1)}, WATER)
    assert slow.notes == ()
    thin = solve_flow(straight(2, 40, 10.0, 100.0), {**DRIVEN, "in": PortCondition(flow_ul_per_min=0.01)}, WATER, "brinkman")
    assert thin.numbers["fewest_cells_across"] == 2
    assert any("2 cell(s) across" in note for note in thin.notes)
    assert any("brinkman overstates flow" in note and "use duct-modes" in note for note in thin.notes)
    assert peclet_numbers(slow, 1000.0).max() == pytest.approx(np.hypot(*slow.velocity()).max() * 10.0 / 1000.0)


def test_cells_across_takes_the_shorter_run():
    across = cells_across(bend(3, 30.0, 30.0))
    assert across[1, 2] == 3
    assert across[8, 10] == 3
    assert across[8, 2] == 0


# What is refused, and how


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "either a pressure or a flow rate"),
        ({"pressure_pa": 1.0, "flow_ul_per_min": 1.0}, "not both"),
        ({"pressure_pa": math.nan}, "held at nan"),
        ({"flow_ul_per_min": math.inf}, "held at inf"),
    ],
)
def test_a_port_condition_is_one_finite_number(given, said):
    with pytest.raises(InputError, match=said):
        PortCondition(**given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"viscosity_pa_s": 0.0}, "viscosity_pa_s is 0.0"),
        ({"viscosity_pa_s": 1e-3, "density_kg_per_m3": -1.0}, "density_kg_per_m3 is -1.0"),
        ({"viscosity_pa_s": 1e-3, "thinning": PowerLaw(0.01, 1.4)}, "exponent of 1.4 cannot be used"),
        ({"viscosity_pa_s": 1e-3, "thinning": Carreau(0.01, 0.001, -1.0, 0.5)}, "thinning.time_s is -1.0"),
    ],
)
def test_a_medium_is_positive(given, said):
    with pytest.raises(InputError, match=said):
        Medium(**given)


def test_ports_that_cannot_drive_a_flow_are_refused_all_at_once():
    grid = straight(4, 20, 10.0, 40.0)
    with pytest.raises(InputError, match=r"neither pressure nor flow") as caught:
        solve_flow(grid, {"in": PortCondition(pressure_pa=1.0), "drain": PortCondition(pressure_pa=0.0)}, WATER)
    assert "there is no port 'drain'" in str(caught.value)
    unbalanced = {"in": PortCondition(flow_ul_per_min=2.0), "out": PortCondition(flow_ul_per_min=-1.0)}
    with pytest.raises(InputError, match="do not balance: in 2, out -1 µL/min sum to 1"):
        solve_flow(grid, unbalanced, WATER)


def test_ports_must_lie_on_open_cells_and_apart():
    grid = straight(4, 20, 10.0, 40.0)
    on_wall = dataclasses.replace(grid, ports=(grid.ports[0], dataclasses.replace(grid.ports[1], cells=np.array([0]))))
    with pytest.raises(InputError, match="covers walls"):
        solve_flow(on_wall, PRESSED, WATER)
    same = dataclasses.replace(grid, ports=(grid.ports[0], dataclasses.replace(grid.ports[1], cells=grid.ports[0].cells)))
    with pytest.raises(InputError, match="overlaps another port"):
        solve_flow(same, PRESSED, WATER)


def test_grids_that_contradict_themselves_are_refused():
    grid = straight(4, 20, 10.0, 40.0)
    with pytest.raises(InputError, match="no positive depth"):
        solve_flow(dataclasses.replace(grid, depth_um=np.zeros(grid.shape)), PRESSED, WATER)
    with pytest.raises(InputError, match="pitch_um is -1"):
        solve_flow(dataclasses.replace(grid, pitch_um=-1), PRESSED, WATER)
    gelled = dataclasses.replace(grid, space=np.where(grid.space > 0, np.uint8(GEL), grid.space))
    with pytest.raises(InputError, match="names no gel of the chip"):
        solve_flow(gelled, PRESSED, WATER)
    with pytest.raises(InputError, match="permeability_um2 is 0"):
        solve_flow(dataclasses.replace(grid, gels=(GelKind("dense", 0),)), PRESSED, WATER)


def test_an_unknown_method_names_those_there_are():
    with pytest.raises(InputError, match=r"'lattice' is not known(.|\n)*duct-modes, hele-shaw, brinkman, brinkman-modes"):
        solve_flow(straight(4, 20, 10.0, 40.0), PRESSED, WATER, "lattice")
    with pytest.raises(InputError, match="'lattice' is not known"):
        flow_error_percent(1.0, "lattice")
    with pytest.raises(InputError, match="width/depth is 0"):
        flow_error_percent(0, "brinkman")
