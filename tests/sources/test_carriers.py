"""Nano-carriers in virtual wells: against the population's equations, and with all drug accounted for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from virtual_screen import NOWHERE, cited, drug, model, on_behaviour, on_ligand, plate, settings

from coculture.cells.process import World
from coculture.chip.flow.ports import PortCondition
from coculture.chip.particles.static.column import SettlingColumn
from coculture.chip.particles.static.deposition import deposited_fraction
from coculture.compounds.carrier import Carrier, Uptake
from coculture.compounds.carrier_dose import CellsDosed, carrier_dose
from coculture.compounds.naming import Names
from coculture.compounds.release.first_order import FirstOrderRelease
from coculture.plate.cell_table import validate_cell_table
from coculture.plate.treatment import Treatment
from coculture.sources.virtual_chip.carriers.cargo import Cargo
from coculture.sources.virtual_chip.carriers.carrier import CULTURE_MEDIUM, DosedCarrier
from coculture.sources.virtual_chip.carriers.doses import CELL_DOSES, WELL_DOSES, doses_now
from coculture.sources.virtual_chip.living_well import live
from coculture.sources.virtual_chip.receptor_effects import acts_outside
from coculture.sources.virtual_chip.seeding import Seeding
from coculture.sources.virtual_chip.settings import VirtualSettings
from coculture.sources.virtual_chip.source import VirtualChipSource
from coculture.sources.virtual_chip.vessels.chip import ChipVessel
from coculture.sources.virtual_chip.vessels.well import WellVessel

MOLAR_MASS = 500.0
LAW = FirstOrderRelease(0.5)


def carrier(**changed: object) -> DosedCarrier:
    usual: dict[str, object] = {"uptake_per_min": 0.02, "drug_leaves_per_min": 0.01}
    load = 1e9 * 1.2 * math.pi / 6 * 0.2**3 * 0.1 / MOLAR_MASS
    return DosedCarrier("particle", "drug", 200.0, 1.2, load, LAW, **(usual | changed))  # type: ignore[arg-type]


def with_carrier(one: DosedCarrier, *effects: object, **changed: object) -> VirtualSettings:
    """Return a screen whose cells neither divide nor die, with a drug and its carrier."""
    usual: dict[str, object] = {
        "model": model(),
        "seedings": (Seeding("stroma", 30, 0.0),),
        "carriers": {"particle": one},
        "substances": {("particle", "uM"): {"particle": 1.0}, ("drug", "uM"): {"drug": 1.0}},
        "read_out_min": (60.0, 240.0),
    }
    load = drug(*effects, molar_mass_g_per_mol=MOLAR_MASS, diffusion_um2_per_min=3e4)  # type: ignore[arg-type]
    return settings(load, **(usual | changed))


def worlds(asked: VirtualSettings, text: str, folder: Path = NOWHERE) -> Iterator[World]:
    return live(asked, folder, "P1", "A01", Treatment.parse(text))


def last(asked: VirtualSettings, text: str, folder: Path = NOWHERE) -> tuple[World, Cargo]:
    *_, world = worlds(asked, text, folder)
    return world, world.kept[WELL_DOSES].cargo


def of_population(one: DosedCarrier, minutes: list[float], fraction: object) -> object:
    """Return the doses of one cell by the population's equations, for a mass of carriers that is 1 pg of drug."""
    most = None if math.isinf(one.most_per_cell) else cited(one.most_per_cell)
    uptake = Uptake(cited(one.uptake_per_min), cited(one.lost_per_min), most)
    entry = Carrier(Names("particle"), "drug", cited(200), cited(1.2), cited(100), one.release, cited(0).source, uptake)
    cells = CellsDosed(1.0, drug_lost_per_min=one.drug_leaves_per_min)
    return carrier_dose(entry, 1e-5, cells, minutes, fraction)


@pytest.mark.parametrize("lost", [0.0, 0.005])
def test_nominal_doses_are_those_of_the_population_whose_carriers_arrive_at_once(lost: float) -> None:
    one = carrier(lost_per_min=lost)
    expected = of_population(one, [60.0, 240.0], 1.0)
    for k, world in enumerate(worlds(with_carrier(one), "particle 2 uM")):
        cargo = world.kept[WELL_DOSES].cargo
        on_cells = cargo.booked[0].on_cells
        inside, free = (cargo.held(world, kind, 0).sum() / on_cells for kind in ("inside", "free"))
        assert inside * (1 - LAW.released(60 * (1, 4)[k])) == pytest.approx(expected.inside_carried[k], rel=5e-3)
        assert free == pytest.approx(expected.inside_free[k], rel=0.03)


def test_delivered_carriers_settle_as_in_a_still_column_and_are_taken_in_as_in_the_population() -> None:
    one = carrier()
    asked = with_carrier(one, delivered=True, read_out_min=(0.0, 240.0))
    footprints = []
    for world in worlds(asked, "particle 2 uM"):
        footprints.append(float((np.pi * world.cells.radius**2).sum()))  # cells grow
    cargo = world.kept[WELL_DOSES].cargo
    times = np.linspace(0, 240, 81)
    fell = deposited_fraction(SettlingColumn.of(one.particle, CULTURE_MEDIUM, 100.0), times).fraction
    assert cargo.bed.landed(0) / (2.0 * 300 * 300 * 100) == pytest.approx(fell[-1], rel=1e-3)
    caught = cargo.booked[0].on_cells / (2.0 * 100 * fell[-1])
    assert footprints[0] < caught < footprints[1]
    assert caught == pytest.approx(np.mean(footprints), rel=0.1)
    expected = of_population(one, list(times), fell)
    share = cargo.held(world, "inside", 0).sum() / cargo.booked[0].on_cells
    assert share == pytest.approx((expected.inside_carried[-1]) / (1 - LAW.released(240)) / fell[-1], rel=0.02)


def everything(world: World, cargo: Cargo, medium: float) -> float:
    """Return all drug there is, over what was administered."""
    there, f = cargo.bed.administered(0, world.time_min), float(LAW.released(world.time_min))
    book = cargo.booked[0]
    outside = (there - book.taken_up) * (1 - f)
    inside = cargo.held(world, "inside", 0).sum() * (1 - f) + cargo.held(world, "free", 0).sum()
    return float(medium + outside + inside) / there


@pytest.mark.parametrize("delivered", [False, True])
def test_no_drug_is_lost_or_made(delivered: bool) -> None:
    world, cargo = last(with_carrier(carrier(), delivered=delivered), "particle 2 uM")
    if delivered:
        medium = world.surroundings.amounts()[-1]
    else:
        medium = cargo.bed.free_um[0] * cargo.room.volume_um3
    assert everything(world, cargo, medium) == pytest.approx(1.0, abs=2e-3)


def test_a_cell_holds_no_more_than_it_can() -> None:
    one = carrier(most_per_cell=20.0, uptake_per_min=0.2)
    world, cargo = last(with_carrier(one), "particle 50 uM")
    held = cargo.held(world, "inside", 0) / one.drug_per_carrier
    assert held.max() <= 20 * 1.05
    assert held.min() > 15


def test_daughters_share_what_their_mother_had() -> None:
    quick = model('[[cell_type]]\nname = "quick"\nlike = "tumour"\n[cell_type.behaviours]\nexit_ki67_negative_per_min = 0.05\n')
    asked = with_carrier(
        carrier(drug_leaves_per_min=0.0), model=quick, seedings=(Seeding("quick", 20, 0.0),), vessel=WellVessel((600.0, 600.0))
    )
    first, *_ = (w for w in worlds(asked, "particle 2 uM"))
    assert len(first.cells) >= 20
    world, cargo = last(asked, "particle 2 uM")
    assert len(world.cells) > 21
    held = cargo.held(world, "inside", 0) + cargo.held(world, "surface", 0)
    assert held.sum() == pytest.approx(cargo.booked[0].on_cells, rel=1e-6)
    born = world.cells.parent_id >= 0
    assert held[born].mean() < 0.75 * held[~born].mean()


def test_drug_set_free_inside_acts_there_and_not_on_receptors() -> None:
    slow, blind = on_behaviour("migration_speed_um_per_min", 0.0, ("stroma",)), on_ligand()
    assert acts_outside(blind)
    assert not acts_outside(slow)
    asked = with_carrier(carrier(drug_leaves_per_min=0.0), slow)
    world, cargo = last(asked, "particle 0.02 uM")
    free = cargo.free_inside(world)["drug"] + cargo.bed.free_um[0]
    assert free.min() > 3 * cargo.bed.free_um[0]
    speeds = world.parameters.values("migration_speed_um_per_min", world.cells.type)
    before, _ = last(asked, "")
    undrugged = before.parameters.values("migration_speed_um_per_min", before.cells.type)[0]
    assert (speeds / undrugged < 1 / (1 + 2 * cargo.bed.free_um[0])).all()  # slower than what is outside could make them


def test_washing_takes_what_is_not_at_a_cell() -> None:
    kept, cargo = last(with_carrier(carrier()), "particle 2 uM to 60 min")
    dry, all_of_it = last(with_carrier(carrier()), "particle 2 uM")
    assert cargo.bed.free_um[0] < 0.2 * all_of_it.bed.free_um[0]
    np.testing.assert_allclose(cargo.held(kept, "inside", 0), all_of_it.held(dry, "inside", 0), rtol=1e-9)
    late, other = last(with_carrier(carrier(), delivered=True), "particle 2 uM to 6 min")
    assert other.bed.landed(0) < 0.5 * last(with_carrier(carrier(), delivered=True), "particle 2 uM")[1].bed.landed(0)
    assert late.surroundings.amounts()[-1] < 0.2 * 2.0 * 300 * 300 * 100 * LAW.released(240)


def test_doses_stand_side_by_side_and_on_every_cell() -> None:
    asked = with_carrier(carrier(), read_out_min=(0.0, 240.0))
    seen = VirtualChipSource(plate(A01="particle 2 uM + drug 1 uM"), asked).observe(NOWHERE, "P1", "A01")
    validate_cell_table(seen.cells)
    assert set(CELL_DOSES) <= set(seen.cells.columns)
    last = seen.cells[seen.cells["t_min"] > 0]
    assert last[CELL_DOSES[0]].gt(0).all()
    only = VirtualChipSource(plate(A01="drug 1 uM"), asked).observe(NOWHERE, "P1", "A01").cells
    assert only[CELL_DOSES[1]].to_numpy() == pytest.approx(1.0)
    assert last[CELL_DOSES[1]].gt(1.0).all()
    table = seen.doses
    assert isinstance(table, pd.DataFrame)
    assert list(table["substance"]) == ["drug", "particle"] * 2
    end = table[table["t_min"] == 240].set_index("substance")
    volume = 300 * 300 * 100 * 1e-6
    assert end.loc["particle", "administered_fmol"] == pytest.approx(2 * volume)
    assert end.loc["particle", "released_fmol"] == pytest.approx(2 * volume * LAW.released(240))
    assert end.loc["drug", "administered_fmol"] == pytest.approx(volume)
    assert 0 < end.loc["particle", "delivered_fmol"] < end.loc["particle", "landed_fmol"]
    assert end.loc["particle", "cell_free_um"] > end.loc["particle", "medium_free_um"] > 1


def test_wells_without_carriers_have_no_doses_and_the_same_cells() -> None:
    asked = settings(drug(on_behaviour("migration_speed_um_per_min", 0.5)))
    seen = VirtualChipSource(plate(A01="drug 1 uM"), asked).observe(NOWHERE, "P1", "A01")
    assert seen.doses is None
    assert not set(CELL_DOSES) & set(seen.cells.columns)


def test_a_blank_well_still_has_its_medium() -> None:
    asked = with_carrier(carrier(), delivered=True)
    *_, world = live(asked, NOWHERE, "P1", "A01", Treatment.parse("particle 2 uM"), empty=True)
    row = doses_now(world, "P1", "A01").iloc[0]
    assert row["n_cells"] == 0
    assert world.surroundings.amounts()[-1] == pytest.approx(2 * 9e6 * LAW.released(240), rel=1e-3)
    assert np.isnan(row["carriers_per_cell"])


def lane() -> ChipVessel:
    driven = {"upper_in": PortCondition(flow_ul_per_min=0.2), "lower_in": PortCondition(flow_ul_per_min=0.2)}
    driven |= {name: PortCondition(pressure_pa=0.0) for name in ("upper_out", "lower_out")}
    return ChipVessel("lane3", pitch_um=50.0, conditions=driven, dosed_ports=("upper_in",))


def test_on_a_perfused_chip_carriers_come_down_where_the_flow_brings_them(tmp_path: Path) -> None:
    vessel = lane()
    places = (Seeding("stroma", 20, 0.0, "upper_lane"), Seeding("tumour", 20, 0.0, "lower_lane"))
    asked = with_carrier(carrier(), delivered=True, vessel=vessel, seedings=places, read_out_min=(120.0,))
    vessel.prepare(tmp_path)
    world, cargo = last(asked, "particle 2 uM", tmp_path)
    inside = cargo.held(world, "inside", 0)
    upper = world.cells.type == asked.model.type_names.index("stroma")
    assert inside[upper].mean() > 20 * inside[~upper].mean()
    account = world.surroundings.transport.ledger[world.model.solutes[-1]]
    assert cargo.bed.administered(0, 120.0) == pytest.approx(2.0 * 0.2e9 * 120, rel=0.01)
    assert cargo.bed.landed(0) == pytest.approx(account.decayed, rel=1e-9)
    assert account.relative_residual == pytest.approx(0, abs=1e-6)
    free = world.surroundings.transport.ledger[world.model.solutes[-2]]
    fed = 2.0 * 0.2e9 * sum(LAW.released(15 + 30 * k) * 30 for k in range(4))
    assert free.inflow == pytest.approx(float(fed), rel=0.02)
    assert free.secreted > 0


def test_the_kept_medium_calls_carriers_and_drug_by_their_names(tmp_path: Path) -> None:
    vessel = lane()
    vessel.prepare(tmp_path)
    asked = with_carrier(carrier(), delivered=True, vessel=vessel, read_out_min=(6.0,), keep_medium=True)
    kept = VirtualChipSource(plate(A01="particle 2 uM"), asked).observe(tmp_path, "P1", "A01").medium
    assert kept is not None
    assert kept.solutes == ("ligand", "drug", "particle")


def test_a_chip_at_rest_holds_what_it_was_filled_with() -> None:
    vessel = ChipVessel("gap", pitch_um=50.0, filled=True, pdms=False)
    asked = with_carrier(carrier(), delivered=True, vessel=vessel, read_out_min=(60.0,))
    world, cargo = last(asked, "particle 2 uM")
    volume = cargo.room.volume_um3
    assert volume == pytest.approx(1900 * 1450 * 2000, rel=0.02)
    assert everything(world, cargo, world.surroundings.transport.ledger[world.model.solutes[-1]].stored) == pytest.approx(
        1, abs=2e-3
    )
    empty, nothing = last(replace(asked, vessel=replace(vessel, filled=False)), "particle 2 uM")
    assert nothing.bed.administered(0, 60.0) == 0
    assert nothing.held(empty, "inside", 0).sum() == 0


def test_one_seed_gives_the_same_doses() -> None:
    source = VirtualChipSource(plate(A01="particle 2 uM"), with_carrier(carrier(), delivered=True, read_out_min=(60.0,)))
    first, again = (source.observe(NOWHERE, "P1", "A01").doses for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
