"""The medium that a virtual well keeps is the one its cells met."""

from __future__ import annotations

import numpy as np
from virtual_screen import NOWHERE, drug, plate, settings

from coculture.sources.virtual_chip.kept_medium import told_names
from coculture.sources.virtual_chip.source import VirtualChipSource
from coculture.sources.virtual_chip.vessels.chip import ChipVessel


def test_a_well_keeps_every_read_out_only_where_asked() -> None:
    assert VirtualChipSource(plate(A01=""), settings()).observe(NOWHERE, "P1", "A01").medium is None
    seen = VirtualChipSource(plate(A01=""), settings(keep_medium=True)).observe(NOWHERE, "P1", "A01")
    kept = seen.medium
    assert kept is not None
    assert (list(kept.t_min), kept.solutes, kept.pixel_um) == ([0.0, 60.0, 120.0], ("ligand",), 20.0)
    assert kept.concentration_um.shape == (3, 1, 15, 15)
    assert kept.is_open.all()
    assert kept.size_um == (300.0, 300.0)
    last = seen.cells[seen.cells["t_min"] == 120.0]["cell_medium_ligand_um"]
    values = kept.concentration_um[2, 0]
    assert values.min() - 1e-6 <= last.min() <= last.max() <= values.max() + 1e-6
    assert values.mean() < kept.concentration_um[0].mean()  # it decays


def test_a_chip_keeps_its_walls_and_no_solute_in_them() -> None:
    small = {"gel_width_um": 300.0, "media_width_um": 150.0, "lane_length_um": 600.0, "end_um": 150.0}
    posts = {"post_length_um": 100.0, "post_thickness_um": 50.0}
    asked = settings(vessel=ChipVessel("lane3", {**small, **posts}, pitch_um=25.0), keep_medium=True, read_out_min=(0.0, 6.0))
    kept = VirtualChipSource(plate(A01=""), asked).observe(NOWHERE, "P1", "A01").medium
    assert kept is not None
    assert kept.concentration_um.shape[2:] == kept.is_open.shape == asked.vessel.grid.shape  # type: ignore[attr-defined]
    assert 0.2 < kept.is_open.mean() < 1.0
    assert np.all(kept.concentration_um[:, :, ~kept.is_open] == 0.0)
    assert np.all(kept.concentration_um[0, 0][kept.is_open] > 0.1)


def test_what_was_dosed_is_kept_by_its_name() -> None:
    one, other = drug(name="丹參酮 IIA", diffusion_um2_per_min=3e4), drug(name="ligand", diffusion_um2_per_min=3e4)
    asked = settings(one, other, delivered=True, keep_medium=True, read_out_min=(0.0, 6.0))
    wells = plate(A01="", A02="ligand 3 uM + 丹參酮 IIA 1 uM", A03="丹參酮 IIA 2 uM")
    source = VirtualChipSource(wells, asked)
    kept = {well: source.observe(NOWHERE, "P1", well).medium for well in ("A01", "A02", "A03")}
    names = {well: medium.solutes for well, medium in kept.items() if medium is not None}
    assert names["A01"] == ("ligand",)
    assert set(names["A02"]) == {"ligand", "ligand (dosed)", "丹參酮 IIA"}
    assert names["A03"] == ("ligand", "丹參酮 IIA")
    dosed = dict(zip(names["A02"], kept["A02"].concentration_um[1], strict=True))  # type: ignore[union-attr]
    assert np.allclose(dosed["ligand (dosed)"], 3.0)
    assert np.allclose(dosed["丹參酮 IIA"], 1.0)


def test_names_are_never_told_twice() -> None:
    solutes = ("a", "drug_0", "carrier_0", "carrier_1")
    told = told_names(solutes, {"drug_0": "a", "carrier_0": "a", "carrier_1": "liposome"})
    assert told == ("a", "a (dosed)", "a (dosed, 2)", "liposome")
    assert told_names(("a", "b"), {}) == ("a", "b")
