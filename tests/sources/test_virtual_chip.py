"""The virtual chip as a source: drugs act as declared, doses come and go, and a seed fixes every byte."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from virtual_screen import NOWHERE, drug, on_behaviour, on_life, on_ligand, plate, settings

from coculture.chip.flow.ports import PortCondition
from coculture.errors import InputError
from coculture.plate.cell_table import validate_cell_table, validate_contact_table
from coculture.plate.treatment import Treatment
from coculture.sources.number_names import number_names, track_feature_names
from coculture.sources.source import WellObservation
from coculture.sources.virtual_chip.drug import Dose, doses_of
from coculture.sources.virtual_chip.exposure import Nominal
from coculture.sources.virtual_chip.living_well import live
from coculture.sources.virtual_chip.photographs import PhotographSettings, photograph
from coculture.sources.virtual_chip.read_outs import feature_names, seen_cells
from coculture.sources.virtual_chip.seeding import Seeding
from coculture.sources.virtual_chip.settings import VirtualSettings
from coculture.sources.virtual_chip.source import VirtualChipSource
from coculture.sources.virtual_chip.vessels.chip import ChipVessel, dose_schedule
from coculture.sources.virtual_chip.vessels.well import WellVessel


def observed(asked: VirtualSettings, treatment: str = "", well: str = "A01") -> WellObservation:
    return VirtualChipSource(plate(**{well: treatment}), asked).observe(NOWHERE, "P1", well)


def last_cells(asked: VirtualSettings, treatment: str) -> pd.DataFrame:
    """Return the cells at the end."""
    *_, world = live(asked, NOWHERE, "P1", "A01", Treatment.parse(treatment))
    return seen_cells(world, "P1", "A01", asked.model.solutes)


def test_a_well_fills_valid_tables_and_named_numbers():
    asked = settings(drug(on_life()))
    seen = observed(asked, "drug 1 uM")
    validate_cell_table(seen.cells)
    validate_contact_table(seen.contacts)
    assert sorted(seen.cells["t_min"].unique()) == [0.0, 60.0, 120.0]
    known = {*number_names(asked.model.type_names, asked.numbers, tracked=True, territories=False, deaths_told=True)}
    known |= {*feature_names(asked.model), *track_feature_names(asked.numbers.time.motion)}
    strange = {name for name in seen.readouts if name not in known and not name.startswith("cell_motion_")}
    assert not strange


def test_one_seed_gives_the_same_well_whatever_was_done_before():
    asked = settings()
    source = pickle.loads(pickle.dumps(VirtualChipSource(plate(A01="", A02=""), asked)))
    first = source.observe(NOWHERE, "P1", "A02")
    source.observe(NOWHERE, "P1", "A01")
    again = source.observe(NOWHERE, "P1", "A02")
    pd.testing.assert_frame_equal(first.cells, again.cells)
    assert first.readouts == again.readouts
    other = VirtualChipSource(plate(A02=""), replace(asked, seed=2)).observe(NOWHERE, "P1", "A02")
    assert not np.array_equal(other.cells["x_um"], first.cells["x_um"])


def test_wells_differ_in_their_cells():
    one, other = (observed(settings(), well=well) for well in ("A01", "A02"))
    assert not np.array_equal(one.cells["x_um"].head(20), other.cells["x_um"].head(20))


def test_a_drug_without_effect_changes_no_byte():
    idle = drug(on_behaviour("migration_speed_um_per_min", 1.0))
    without = last_cells(settings(), "")
    pd.testing.assert_frame_equal(last_cells(settings(idle), "drug 5 uM"), without)


def test_a_blank_well_has_no_cells_and_no_numbers_that_need_them():
    seen = observed(settings(), "blank")
    assert len(seen.cells) == 0
    assert seen.readouts["n_cells"] == 0


def behaviours(asked: VirtualSettings, treatment: str, name: str) -> dict[str, float]:
    """Return the mean of a behaviour by type at the end."""
    *_, world = live(asked, NOWHERE, "P1", "A01", Treatment.parse(treatment))
    values = world.parameters.values(name, world.cells.type)
    return {kind: float(values[world.cells.type == number].mean()) for number, kind in enumerate(asked.model.type_names)}


def test_factors_of_several_drugs_multiply_and_leave_other_types_alone():
    one = drug(on_behaviour("migration_speed_um_per_min", 0.0, ("stroma",)), name="one")
    two = drug(on_behaviour("migration_speed_um_per_min", 0.5, ("stroma",)), name="two")
    asked = settings(one, two)
    before = behaviours(asked, "", "migration_speed_um_per_min")
    after = behaviours(asked, "one 1 uM + two 1 uM", "migration_speed_um_per_min")
    assert after["stroma"] == pytest.approx(before["stroma"] * 0.5 * 0.75, rel=1e-12)
    assert after["tumour"] == pytest.approx(before["tumour"], rel=0.05)


def test_an_antagonist_silences_the_rule_that_hears_the_ligand():
    asked = settings(drug(on_ligand()))
    speeds = [behaviours(asked, text, "migration_speed_um_per_min")["tumour"] for text in ("", "drug 1 uM", "drug 100 uM")]
    assert speeds[0] > 2 * speeds[1] > 20 * speeds[2]


def test_a_killer_leaves_the_share_it_is_declared_to_leave():
    asked = settings(
        drug(on_life(alive=0.25, hours=2.0)),
        seedings=(Seeding("stroma", 400, 0.0),),
        vessel=WellVessel((1000.0, 1000.0)),
        read_out_min=(120.0,),
    )
    cells = last_cells(asked, "drug 10 uM")
    born_here = cells["parent_id"] >= 0
    alive = cells.loc[~born_here, "alive"].sum() / 400
    assert alive == pytest.approx(0.25, abs=4 * np.sqrt(0.25 * 0.75 / 400) + 0.02)  # births and own deaths: 2 h of 25


def test_doses_come_and_go_when_the_treatment_says():
    doses = doses_of(Treatment.parse("drug 2 uM from 60 min to 90 min + drug 1 uM"), {("drug", "uM"): {"drug": 1.0}})
    there = Nominal(doses, {"drug": drug()})
    assert [there.at_time(t)["drug"] for t in (0, 59, 60, 89, 90)] == [1.0, 1.0, 3.0, 3.0, 1.0]
    schedule = dose_schedule("drug", doses)
    assert [schedule.value(t) for t in (0, 59, 60, 89, 90)] == [1.0, 1.0, 3.0, 3.0, 1.0]


def test_serum_leaves_less_free():
    there = Nominal((Dose("drug", 2.0),), {"drug": drug(free_fraction=0.25)})
    assert there.at_time(0.0) == {"drug": 0.5}


def test_an_unknown_compound_is_told():
    with pytest.raises(InputError, match="nothing is known of 'other' in uM"):
        observed(settings(), "other 1 uM")


def test_an_effect_by_mass_needs_a_molar_mass():
    by_mass = replace(on_behaviour("migration_speed_um_per_min", 0.0), curve=replace(on_ligand().curve, unit="ug/mL"))
    with pytest.raises(InputError, match="its molar mass is not known"):
        observed(settings(drug(by_mass)), "drug 1 uM")
    known = drug(by_mass, molar_mass_g_per_mol=500.0)  # 2 µM is 1 µg/mL
    assert behaviours(settings(known), "drug 2 uM", "migration_speed_um_per_min")["stroma"] == pytest.approx(0.5 * 0.33)


def test_a_delivered_dose_that_nothing_takes_up_acts_as_the_nominal_one():
    slow = drug(on_behaviour("migration_speed_um_per_min", 0.0, ("stroma",)), diffusion_um2_per_min=3e4)
    nominal, delivered = settings(slow), settings(slow, delivered=True)
    name = "migration_speed_um_per_min"
    for text in ("drug 1 uM", "drug 3 uM from 60 min", "drug 3 uM to 60 min"):
        expected, found = behaviours(nominal, text, name), behaviours(delivered, text, name)
        assert found["stroma"] == pytest.approx(expected["stroma"], rel=1e-6)


def test_a_delivered_drug_needs_a_diffusion_coefficient():
    with pytest.raises(InputError, match="the diffusion of 'drug' is not known"):
        observed(settings(drug(on_life()), delivered=True), "drug 1 uM")


def lane(**changed: object) -> ChipVessel:
    """A lane chip, coarse, with medium flowing through its two lanes."""
    ports = {"upper_in": 0.2, "lower_in": 0.2}
    driven = {name: PortCondition(flow_ul_per_min=flow) for name, flow in ports.items()}
    driven |= {name: PortCondition(pressure_pa=0.0) for name in ("upper_out", "lower_out")}
    return ChipVessel("lane3", pitch_um=50.0, conditions=driven, dosed_ports=("upper_in",), **changed)  # type: ignore[arg-type]


def on_chip(vessel: ChipVessel, taken: float, folder: Path) -> dict[str, float]:
    """Return the mean concentration of a drug at cells of two lanes after an hour."""
    asked = settings(
        drug(diffusion_um2_per_min=2e4, pdms_partition=taken),
        vessel=vessel,
        delivered=True,
        read_out_min=(60.0,),
        seedings=(Seeding("tumour", 20, 0.0, "upper_lane"), Seeding("stroma", 20, 0.0, "lower_lane")),
    )
    vessel.prepare(folder)
    (world,) = live(asked, folder, "P1", "A01", Treatment.parse("drug 1 uM"))
    here = world.surroundings.concentrations(world.cells.position)[:, -1]
    return {kind: float(here[world.cells.type == number].mean()) for number, kind in enumerate(asked.model.type_names)}


def test_on_a_chip_the_dose_goes_where_it_is_led_and_walls_take_of_it(tmp_path):
    plain = on_chip(lane(), 0.0, tmp_path)
    assert plain["tumour"] > 0.8
    assert plain["stroma"] < 0.2
    lossy = on_chip(lane(), 30.0, tmp_path)
    assert lossy["tumour"] < 0.7 * plain["tumour"]
    assert on_chip(lane(pdms=False), 30.0, tmp_path)["tumour"] == pytest.approx(plain["tumour"], rel=1e-9)


def test_the_flow_is_solved_once_and_kept_to_the_byte(tmp_path):
    vessel = lane()
    vessel.prepare(tmp_path)
    kept = (tmp_path / "prepared" / "flow.npz").read_bytes()
    vessel.prepare(tmp_path / "again")
    assert (tmp_path / "again" / "prepared" / "flow.npz").read_bytes() == kept


def test_cells_are_sown_in_their_region(tmp_path):
    vessel = lane()
    inside = vessel.region("upper_lane").sample(np.random.default_rng(0), 200)
    grid = vessel.grid
    rows, columns = (inside[:, 1] // grid.pitch_um).astype(int), (inside[:, 0] // grid.pitch_um).astype(int)
    assert grid.in_region("upper_lane")[rows, columns].all()
    with pytest.raises(InputError, match="the chip has no region 'attic'"):
        vessel.region("attic")
    with pytest.raises(InputError, match="a plain well has no region 'lane'"):
        WellVessel((100.0, 100.0)).region("lane")


def test_cells_in_a_rectangle_stay_in_it_at_the_start():
    asked = settings(seedings=(Seeding("tumour", 10, 0.0, "", (0.0, 0.0, 100.0, 300.0)), Seeding("stroma", 10, 0.0)))
    world = next(iter(live(asked, NOWHERE, "P1", "A01", Treatment(()))))
    assert (world.cells.position[world.cells.type == 0, 0] <= 100).all()
    assert (world.cells.position[world.cells.type == 1, 0] > 100).any()
    assert sorted(world.cells.cell_id) == list(range(1, 21))


def test_a_photograph_shows_the_living_cells_under_their_own_numbers():
    asked = settings(drug(on_life()), read_out_min=(120.0,))
    cells = last_cells(asked, "drug 1 uM")
    assert not cells["alive"].all()
    how = PhotographSettings(pixel_size_um=1.0, channels=("dna",))
    seen = photograph(cells, asked.vessel.size_um, how, ("P1", "A01"), 120.0)
    assert seen.pixels.shape == (1, 300, 300)
    assert set(seen.truth["cell_id"]) == set(cells.loc[cells["alive"], "cell_id"])
    living = cells[cells["alive"]].set_index("cell_id")
    for label, one in living.iterrows():
        assert seen.nuclei[int(one["y_um"]), int(one["x_um"])] in (label, 0)
    again = photograph(cells, asked.vessel.size_um, how, ("P1", "A01"), 120.0)
    np.testing.assert_array_equal(seen.pixels, again.pixels)
