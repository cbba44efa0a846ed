"""The medium that a virtual well keeps is the one its cells met."""

from __future__ import annotations

import numpy as np
from virtual_screen import NOWHERE, plate, settings

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
