"""The ready assays show the biology they are made for: by direction, and by class where a read-out has one."""

from __future__ import annotations

from pathlib import Path

from reduced import reduced


def test_paracrine_growth_falls_where_the_factor_is_blocked_and_fibroblasts_stay(tmp_path: Path) -> None:
    asked = {"ruxolitinib 10 uM": 2, "tocilizumab 0.1 uM": 2, "doxorubicin 3 uM": 2}
    seen = reduced("paracrine_growth", tmp_path, asked, hours=36)
    for blocker in ("ruxolitinib 10 uM", "tocilizumab 0.1 uM"):
        assert seen.is_hit("tumour_growth", blocker)
        assert seen.change("tumour_growth", blocker) < 0.75
        assert not seen.is_hit("fibroblasts", blocker)
        assert not seen.is_hit("dead_tumour", blocker)
    assert seen.change("tumour_growth", "doxorubicin 3 uM") < 0.6
    assert seen.change("fibroblasts", "doxorubicin 3 uM") < 0.6
    assert seen.change("dead_tumour", "doxorubicin 3 uM") > 2


def test_t_cells_do_not_come_without_their_receptor_and_do_not_kill_without_their_synapse(tmp_path: Path) -> None:
    asked = {"AMG 487 1 uM": 2, "dasatinib 0.3 uM": 2, "staurosporine 1 uM": 2}
    seen = reduced("t_cell_killing", tmp_path, asked, hours=6, read_out_every_min=60)
    blocked, idle, dead = asked
    assert seen.called("affinity", blocked) == "interaction-specific"
    assert seen.change("recruited", blocked) < 0.5
    assert seen.change("killed", blocked) < 0.6
    assert seen.change("recruited", idle) > 0.7
    assert seen.change("killed", idle) < 0.5
    assert seen.called("affinity", dead) != "interaction-specific"
    assert seen.change("t_cells", dead) < 0.7


def test_neutrophils_lose_their_way_to_an_antagonist_and_their_speed_to_latrunculin(tmp_path: Path) -> None:
    asked = {"SB 225002 1 uM": 2, "latrunculin A 1 uM": 2, "plerixafor 10 uM": 1}
    seen = reduced("neutrophil_chemotaxis", tmp_path, asked, hours=0.6)
    lost, slow, other = asked
    assert seen.wells.loc["control", "up_the_gradient"] > 0.15
    assert abs(seen.wells.loc[lost, "up_the_gradient"]) < 0.1
    assert abs(seen.change("speed", lost) - 1) < 0.05
    assert seen.is_hit("speed", slow)
    assert seen.change("speed", slow) < 0.4
    assert seen.wells.loc[slow, "up_the_gradient"] > 0.1
    assert seen.wells.loc[other, "up_the_gradient"] > 0.1


def test_a_gamma_secretase_inhibitor_takes_the_pattern_and_a_killer_does_not(tmp_path: Path) -> None:
    asked = {"DAPT 1 uM": 2, "DAPT 10 uM": 2, "doxorubicin 10 uM": 2}
    seen = reduced("notch", tmp_path, asked, hours=12, read_out_every_min=240)
    weak, full, dead = asked
    assert 0.2 < seen.wells.loc["control", "senders"] < 0.5
    assert seen.called("pattern", full) == "interaction-specific"
    assert seen.change("pattern", full) < 0.05 < seen.change("pattern", weak) < 0.9
    assert seen.wells.loc[full, "senders"] > 0.95
    assert seen.called("pattern", dead) in ("cytotoxic", "inactive")
    assert seen.change("pattern", dead) > 0.9
    assert seen.change("cells", dead) < 0.7
