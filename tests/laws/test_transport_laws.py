"""Laws of transport: solutions in closed form, conservation, positivity, and the order of convergence."""

from __future__ import annotations

from dataclasses import replace

import numba
import numpy as np
import pytest
from scipy.special import erfc, k0
from tests.cases.plain_chips import gel_box, oblique_flow, open_box, plug_flow

from coculture.chip.grid import GelKind
from coculture.chip.transport.boundaries import Reservoir
from coculture.chip.transport.floor_deficit import floor_deficit_um
from coculture.chip.transport.settings import TransportSettings
from coculture.chip.transport.solute import Solute
from coculture.chip.transport.sources import Saturable, Sources
from coculture.chip.transport.transport import Transport
from coculture.errors import InputError

needs_compiled_kernels = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="too many cells for plain Python")
pytestmark = needs_compiled_kernels

NO_DISPERSION = TransportSettings(taylor_dispersion="never")


def centres(count: int, pitch_um: float) -> np.ndarray:
    return (np.arange(count) + 0.5) * pitch_um


def closed(transport: Transport) -> bool:
    return all(abs(account.relative_residual) < 1e-10 for account in transport.ledger.values())


# V7: a step spreads


@pytest.mark.parametrize(
    ("minutes", "values"), [(1.0, (0.32403843, 0.18065521, 0.033944577)), (10.0, (0.44261696, 0.386415, 0.28185143))]
)
def test_a_step_spreads_as_the_error_function(minutes, values):
    columns, pitch = 800, 5.0
    x = centres(columns, pitch) - 2000.0
    grid = open_box(1, columns, pitch)
    start = np.where(x < 0, 1.0, 0.0)[None]
    settings = TransportSettings(tolerance=1e-4)
    transport = Transport(grid, None, [Solute("a", 6000.0)], start_um={"a": start}, settings=settings)
    transport.advance(minutes)
    found = transport.concentration("a")[0]
    assert np.interp((50.0, 100.0, 200.0), x, found) == pytest.approx(values, abs=1e-3)
    np.testing.assert_allclose(found, 0.5 * erfc(x / (2 * np.sqrt(6000 * minutes))), atol=1e-3)
    assert found.min() >= 0
    assert closed(transport)


# V8: shear over the depth spreads along the flow


def variance_along(values: np.ndarray, x: np.ndarray) -> float:
    mean = (values * x).sum() / values.sum()
    return float((values * (x - mean) ** 2).sum() / values.sum())


@pytest.mark.parametrize(("dispersion", "expected"), [("where_it_holds", 4.762905e-7 * 6e13), ("never", 6000.0)])
def test_a_pulse_in_a_channel_spreads_by_taylor_and_aris(dispersion, expected):
    speed, pitch, columns = 60_000.0, 400.0, 1500
    flow = plug_flow(1, columns, pitch, speed)
    x = centres(columns, pitch)
    start = np.exp(-0.5 * ((x - 60_000) / 8000) ** 2)[None]
    settings = TransportSettings(taylor_dispersion=dispersion, tolerance=1e-4)
    transport = Transport(
        flow.grid, flow, [Solute("a", 6000.0)], {"bottom": {"a": 0.0}}, start_um={"a": start}, settings=settings
    )
    variances = []
    for _ in range(2):
        transport.advance(2.0)
        variances.append(variance_along(transport.concentration("a")[0], x))
    slope = (variances[1] - variances[0]) / (2 * 2.0)
    if dispersion != "never":
        assert slope == pytest.approx(expected, rel=0.02)
    else:
        assert slope < 0.02 * 4.762905e-7 * 6e13  # nothing but molecular diffusion and what is left of numerical
    assert closed(transport)


def test_dispersion_is_what_a_resolved_parabolic_profile_does():
    """The rows are the depth here: 100 µm between plates, U = 600 µm/min, Pe = 10, D_eff = D (1 + 100/210)."""
    rows, pitch, mean, diffusion = 20, 5.0, 600.0, 6000.0
    z = centres(rows, pitch) / 100.0
    profile = 6 * z * (1 - z)
    flow = plug_flow(rows, 1200, pitch, mean * profile / profile.mean())
    x = centres(1200, pitch)
    start = np.broadcast_to(np.exp(-0.5 * ((x - 1500) / 150) ** 2), (rows, 1200))
    settings = TransportSettings(taylor_dispersion="never", tolerance=1e-4)
    inlets = {"top": {"a": 0.0}, "bottom": {"a": 0.0}}
    transport = Transport(flow.grid, flow, [Solute("a", diffusion)], inlets, start_um={"a": start}, settings=settings)
    variances = []
    for minutes in (1.5, 1.0):  # the first is longer than h²/2D
        transport.advance(minutes)
        variances.append(variance_along(transport.concentration("a").sum(axis=0), x))
    assert (variances[1] - variances[0]) / 2 == pytest.approx(diffusion * (1 + 100 / 210), rel=0.02)


@pytest.mark.parametrize("angle", [np.pi / 6, np.pi / 4])
def test_dispersion_follows_a_flow_oblique_to_the_grid(angle):
    cells, pitch, speed, diffusion = 160, 50.0, 3000.0, 6000.0  # Pe = 50, 13 times D along the flow
    flow = oblique_flow(cells, pitch, speed, angle)
    expected = diffusion * (1 + (speed * 100 / diffusion) ** 2 / 210)
    columns, rows = np.meshgrid(centres(cells, pitch), centres(cells, pitch))
    start = np.exp(-0.5 * ((columns - 2200) ** 2 + (rows - 1800) ** 2) / 400**2)
    inlets = {"low": {"a": 0.0}, "high": {"a": 0.0}}
    transport = Transport(flow.grid, flow, [Solute("a", diffusion)], inlets, start_um={"a": start})
    along = columns * np.cos(angle) + rows * np.sin(angle)
    across = -columns * np.sin(angle) + rows * np.cos(angle)
    before, after = [], []
    transport.advance(0.3)
    values = transport.concentration("a")
    before = [variance_along(values, along), variance_along(values, across)]
    transport.advance(0.4)
    values = transport.concentration("a")
    after = [variance_along(values, along), variance_along(values, across)]
    assert (after[0] - before[0]) / 0.8 == pytest.approx(expected, rel=0.02)
    assert (after[1] - before[1]) / 0.8 == pytest.approx(diffusion, abs=0.03 * expected)
    assert values.min() >= 0
    assert closed(transport)


# V9: two streams side by side


@pytest.mark.parametrize("scheme", ["limited", "fitted"])
def test_two_streams_mix_as_the_series_says(scheme):
    pitch, columns = 10.0, 2060
    flow = plug_flow(20, columns, pitch, 60_000.0)
    settings = TransportSettings(scheme=scheme, taylor_dispersion="never")
    transport = Transport(flow.grid, flow, [Solute("a", 30_000.0)], {"top": {"a": 1.0}, "bottom": {"a": 0.0}}, settings=settings)
    transport.steady()
    field = transport.concentration("a")
    y, x = centres(20, pitch), centres(columns, pitch)
    given = [(1, 50, 0.943076), (1, 150, 0.056924), (5, 50, 0.743506), (20, 50, 0.538176)]
    for x_mm, y_um, expected in given:
        profile = np.array([np.interp(x_mm * 1000, x, row) for row in field])
        assert np.interp(y_um, y, profile) == pytest.approx(expected, abs=0.01)
    for x_mm, expected in ((1, 0.998435), (5, 0.842723), (20, 0.553989)):
        assert np.interp(x_mm * 1000, x, field[0]) == pytest.approx(expected, abs=0.01)
    assert field.std(axis=0)[np.searchsorted(x, 17_810)] / 0.5 == pytest.approx(0.1, abs=0.01)


def diffusion_across(cells: int, scheme: str, diffusion: float) -> tuple[float, np.ndarray]:
    """Return the diffusion coefficient that the width between two streams at 45° to the grid tells, and the field."""
    length, speed = 2000.0, 6000.0
    pitch = length / cells
    flow = oblique_flow(cells, pitch, speed, np.pi / 4)
    settings = TransportSettings(scheme=scheme, taylor_dispersion="never")
    inlets = {"low": {"a": 0.0}, "high": {"a": 1.0}}
    transport = Transport(flow.grid, flow, [Solute("a", diffusion)], inlets, settings=settings)
    transport.steady()
    field = transport.concentration("a")
    total = 3 * cells // 2
    rows = np.arange(total - cells + 1, cells)
    across = (2 * rows - total) * pitch / np.sqrt(2)
    rise, place = np.diff(field[rows, total - rows]), (across[1:] + across[:-1]) / 2
    middle = (rise * place).sum() / rise.sum()
    variance = (rise * (place - middle) ** 2).sum() / rise.sum()
    return float(variance * speed / (2 * (total + 1) * pitch / np.sqrt(2))), field


def test_streams_oblique_to_the_grid_stay_sharp():
    """Cell Péclet 20 and 10: fluxes without sharpening smear across the flow like seven times the diffusion."""
    fitted, _ = diffusion_across(100, "fitted", 6000.0)
    coarse, _ = diffusion_across(100, "limited", 6000.0)
    fine, field = diffusion_across(200, "limited", 6000.0)
    assert fitted > 5 * 6000
    assert coarse == pytest.approx(6000, rel=0.3)
    assert fine == pytest.approx(6000, rel=0.06)
    assert (coarse - 6000) / (fine - 6000) > 3.5
    assert field.min() >= 0
    assert field.max() <= 1 + 1e-7


# V12: a gel between a source and a sink


def gel_between(columns: int, loss_per_min: float, tolerance: float = 1e-4) -> tuple[Transport, np.ndarray]:
    pitch = 1000.0 / columns
    grid = gel_box(1, columns, pitch, GelKind("collagen", 0.1, diffusion_factor=0.5))
    ends = [
        Reservoir("source", np.array([0]), {"a": 1.0}, pitch / 2),
        Reservoir("sink", np.array([columns - 1]), {"a": 0.0}, pitch / 2),
    ]
    settings = TransportSettings(tolerance=tolerance)
    solute = Solute("a", 6000.0, loss_per_min)
    return Transport(grid, None, [solute], reservoirs=ends, settings=settings), centres(columns, pitch)


def test_a_gel_between_source_and_sink_is_steady_as_the_hyperbolic_sine():
    transport, x = gel_between(100, 6e-3)
    rates = transport.steady()["a"]
    found = np.interp((250, 500, 750), x, transport.concentration("a")[0])
    assert found == pytest.approx((0.65683777, 0.39663909, 0.18653891), rel=2e-3)
    assert abs(rates.relative_residual) < 1e-10
    assert rates.decayed > 0
    without, x = gel_between(100, 0.0)
    without.steady()
    np.testing.assert_allclose(without.concentration("a")[0], 1 - x / 1000, atol=1e-7)


def test_the_steady_gel_converges_with_order_two():
    errors = []
    length = np.sqrt(3000 / 6e-3)
    for columns in (16, 32, 64):
        transport, x = gel_between(columns, 6e-3)
        transport.steady()
        exact = np.sinh((1000 - x) / length) / np.sinh(1000 / length)
        errors.append(np.abs(transport.concentration("a")[0] - exact).max())
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert (orders > 1.8).all()


def test_a_gel_fills_up_as_the_series_says():
    transport, _ = gel_between(101, 0.0)
    for minutes, expected in ((10, 0.041226832), (60, 0.39226833), (240, 0.49947792)):
        transport.advance(minutes - transport.time_min)
        assert transport.concentration("a")[0, 50] == pytest.approx(expected, abs=1e-3)
    assert closed(transport)


def test_time_steps_converge_with_order_two():
    """The error against a much finer run falls with the tolerance; steps are chosen by it, the order is that of the method."""

    def run(step: float) -> np.ndarray:
        transport, _ = gel_between(40, 6e-3)
        settings = replace(transport.settings, tolerance=0.09, first_step_min=step, longest_step_min=step)
        transport.settings = settings
        transport.state.next_step_min[:] = step
        transport.state.cells_um[0] = np.sin(np.pi * centres(40, 25.0) / 1000)
        transport.advance(64.0)
        return transport.concentration("a")[0]

    finest = run(0.125)
    errors = [np.abs(run(step) - finest).max() for step in (8.0, 4.0, 2.0)]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert (orders > 1.7).all()


# V13: oxygen


def test_oxygen_under_a_still_medium_falls_to_three_quarters():
    """The columns are the height here: 3 mm of medium, an area of 100 µm × 20 µm, 5e-8 mol/m²/s taken up at the bottom."""
    columns, pitch = 150, 20.0
    grid = open_box(1, columns, pitch)
    flux = 5e-8 * 1e6 * 60 * 1e3 * 1e-6 * 1e6  # mol/m²/s to µM µm/min
    highest = np.zeros(grid.shape)
    highest[0, -1] = flux * 100.0 * pitch
    top = Reservoir("air", np.array([0]), {"oxygen": 200.0}, pitch / 2)
    transport = Transport(grid, None, [Solute("oxygen", 180_000.0)], reservoirs=[top], start_um={"oxygen": 200.0})
    transport.steady(Sources(saturable={"oxygen": Saturable(highest, 1e-6)}))
    bottom = transport.concentration("oxygen")[0, -1] - flux * 10.0 / 180_000
    assert bottom / 200 == pytest.approx(0.75, rel=0.01)


def perfused(columns: int, flow_ul_per_min: float, half_um: float) -> tuple[Transport, Sources, float]:
    pitch = 10_000.0 / columns
    speed = flow_ul_per_min * 1e9 / (pitch * 100.0)
    flow = plug_flow(1, columns, pitch, speed)
    flux = 3000.0
    share = pitch * 1000.0 / columns  # a channel 1 mm wide is drawn one cell wide: every cell takes the uptake of its length
    highest = np.full(flow.grid.shape, flux * 10_000.0 * 1000.0 / columns)
    transport = Transport(
        flow.grid,
        flow,
        [Solute("oxygen", 180_000.0)],
        {"bottom": {"oxygen": 200.0}},
        start_um={"oxygen": 200.0},
        settings=NO_DISPERSION,
    )
    assert share > 0
    return transport, Sources(saturable={"oxygen": Saturable(highest, half_um)}), flux


@pytest.mark.parametrize(("flow_ul_per_min", "left"), [(1.0, 0.85), (0.1875, 0.2)])
def test_perfused_oxygen_leaves_as_the_balance_says(flow_ul_per_min, left):
    transport, sources, _ = perfused(200, flow_ul_per_min, 1e-6)
    rates = transport.steady(sources)["oxygen"]
    assert transport.concentration("oxygen")[0, -1] / 200 == pytest.approx(left, rel=0.01)
    assert rates.outflow / rates.inflow == pytest.approx(left, rel=1e-6)
    assert abs(rates.relative_residual) < 1e-10


def test_oxygen_at_the_floor_is_below_the_mean_as_the_profile_over_the_depth_says():
    """The rows are the depth here, with a developed parabolic flow; uptake at the last one."""
    flux = 3000.0
    assert floor_deficit_um(flux, 100.0, 180_000.0, flowing=True) / 200 == pytest.approx(0.0030952, rel=1e-4)
    rows, columns, pitch = 20, 200, 5.0
    z = centres(rows, pitch) / 100.0
    flow = plug_flow(rows, columns, pitch, 2000.0 * 6 * z * (1 - z))
    highest = np.zeros((rows, columns))
    highest[-1] = flux * pitch * 100.0
    given = {"oxygen": 200.0}
    transport = Transport(
        flow.grid, flow, [Solute("oxygen", 180_000.0)], {"top": given, "bottom": given}, start_um=given, settings=NO_DISPERSION
    )
    transport.steady(Sources(saturable={"oxygen": Saturable(highest, 1e-6)}))
    profile = transport.concentration("oxygen")[:, columns // 2]
    carried = (profile * z * (1 - z)).sum() / (z * (1 - z)).sum()
    at_floor = profile[-1] - flux * pitch / 2 / 180_000
    assert carried - at_floor == pytest.approx(floor_deficit_um(flux, 100.0, 180_000.0, flowing=True), rel=0.01)
    with pytest.raises(InputError, match="diffusion_um2_per_min is 0"):
        floor_deficit_um(1.0, 1.0, 0.0, flowing=False)


def test_saturable_uptake_along_a_channel_obeys_its_implicit_law():
    transport, sources, flux = perfused(400, 0.3, 40.0)
    transport.steady(sources)
    found = transport.concentration("oxygen")[0]
    along = 40.0 * np.log(200.0 / found) + 200.0 - found
    x = centres(400, 25.0)
    expected = flux * x * 1000.0 / 0.3e9
    np.testing.assert_allclose(along[20:], expected[20:], rtol=0.01)


# V14: how far a signal reaches


def test_a_point_source_decays_as_the_modified_bessel_function():
    cells, pitch, diffusion, loss = 201, 10.0, 6000.0, 0.06
    grid = open_box(cells, cells, pitch)
    secretion = np.zeros(grid.shape)
    secretion[cells // 2, cells // 2] = 1.0
    transport = Transport(grid, None, [Solute("a", diffusion, loss)])
    rates = transport.steady(Sources(secretion={"a": secretion}))["a"]
    rows, columns = np.indices(grid.shape) - cells // 2
    distance = pitch * np.hypot(rows, columns)
    near = (distance > 45) & (distance < 400)
    exact = k0(distance[near] / np.sqrt(diffusion / loss)) / (2 * np.pi * diffusion * 100.0)
    np.testing.assert_allclose(transport.concentration("a")[near], exact, rtol=0.02)
    assert rates.secreted == pytest.approx(rates.decayed, rel=1e-10)


def test_a_closed_box_settles_where_secretion_meets_capture_and_decay():
    grid = open_box(6, 7, 20.0)
    rng = np.random.default_rng(0)
    secretion, uptake = rng.uniform(0, 5, grid.shape), np.full(grid.shape, 0.02)
    sources = Sources(secretion={"a": secretion}, uptake_per_min={"a": uptake})
    transport = Transport(grid, None, [Solute("a", 600.0, 0.01)])
    rates = transport.steady(sources)["a"]
    volume = grid.depth_um * 400
    mean = (transport.concentration("a") * volume).sum() / volume.sum()
    assert mean == pytest.approx(secretion.sum() / (0.03 * volume.sum()), rel=1e-9)
    assert rates.taken_up == pytest.approx(2 * rates.decayed, rel=1e-9)
    later = Transport(grid, None, [Solute("a", 600.0, 0.01)])
    later.advance(2000.0, sources)
    np.testing.assert_allclose(later.concentration("a"), transport.concentration("a"), rtol=1e-3)
    assert closed(later)
