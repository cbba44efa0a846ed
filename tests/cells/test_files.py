from __future__ import annotations

import importlib.util
import math
import tomllib
from pathlib import Path

import numpy as np
import pytest

from coculture.cells.behaviours import BEHAVIOURS
from coculture.cells.files import process_keys
from coculture.cells.files.behaviour_names import named_things, range_fault
from coculture.cells.files.reading import TYPES, known_types, load_types, parse_model, read_model
from coculture.cells.links import NotchDelta
from coculture.cells.model import Steps
from coculture.cells.standard_models import APOPTOSIS, CYCLES, NECROSIS
from coculture.errors import FileError, InputError
from coculture.typed_file.section import Section

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.toml"))
DOCS = Path(__file__).resolve().parents[2] / "docs"

CULTURE = """
include = ["tumour", "t_cell"]
halved = ["amount_oxygen"]

[culture]
dimensions = 3
mechanics_step_min = 0.2
contact_step_min = 1
phenotype_step_min = 10
contact_gap_um = 0.5

[solutes.oxygen]
diffusion_um2_per_min = 1e5
decay_per_min = 0.1
[solutes.egf]

[[cell_type]]
name = "stroma"
like = "fibroblast"
adherent = false
[cell_type.cycle]
model = "flow_cytometry"
mean_h = { S = 9 }
fixed = ["S", "G2M"]
[cell_type.volume]
total_um3 = 3000
[cell_type.behaviours]
chemotaxis_egf = -1
exit_G0G1_per_min = 0.002
[cell_type.internal]
amount_oxygen = 4
[cell_type.necrosis]
bursts_at = 3

[affinity]
tumour = { tumour = 1, t_cell = 0, stroma = 0.5 }
t_cell = { tumour = 0.1, t_cell = 1, stroma = 1 }
stroma = { tumour = 0.5, t_cell = 1, stroma = 1 }

[[receptor]]
name = "egfr"
synthesis_per_min = { tumour = 10 }
turnover_per_min = 0.01
[[receptor.ligand]]
solute = "egf"
on_per_um_min = 6
off_per_min = 1

[[junction]]
internal = "amount_oxygen"
permeability_um_per_min = 3

[notch]
rate_per_min = 0.1

[[rule]]
cell_type = "stroma"
signal = "occupancy_egfr"
direction = "increases"
behaviour = "exit_G0G1_per_min"
saturation = 0.01
half_max = 0.5
hill_power = 2

[[rule]]
cell_type = "tumour"
signal = "pressure"
direction = "decreases"
behaviour = "exit_ki67_negative_per_min"
saturation = 0
half_max = 1
hill_power = 4
applies_to_dead = true
"""


def expectations(path: Path) -> list[str]:
    mark = "# expects: "
    return [line[len(mark) :] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(mark)]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_model_is_refused_with_line_key_and_remedy(path):
    with pytest.raises((InputError, FileError)) as caught:
        read_model(path)
    told = str(caught.value)
    wanted = expectations(path)
    assert len(wanted) == 2
    for one in wanted:
        assert one in told, told
    assert path.name in told
    assert all(problem.remedy for problem in caught.value.problems)


def test_every_way_of_being_wrong_is_told_at_once():
    with pytest.raises(InputError) as caught:
        parse_model(
            'include = ["tumour"]\nhalved = ["x"]\n[affinity.a]\ntumour = 1\n[culture]\ncontact_step_min = 0.15', "m.toml"
        )
    assert len(caught.value.problems) == 4


def test_a_culture_becomes_its_model():
    model = parse_model(CULTURE, "m.toml")
    assert model.type_names == ("tumour", "t_cell", "stroma")
    assert model.solutes == ("oxygen", "egf")
    assert (model.dimensions, model.steps, model.contact_gap_um) == (3, Steps(0.2, 1.0, 10.0), 0.5)
    assert model.internal == ("amount_oxygen", "egfr_free", "egfr_egf", "notch", "delta")
    assert model.halved == ("amount_oxygen", "egfr_free", "egfr_egf")
    assert model.links["notch"] == NotchDelta(rate_per_min=0.1)
    assert model.links["receptors"][0].ligands[0].solute == "egf"
    assert model.links["junctions"][0].permeability_um_per_min == 3
    assert model.links["solutes"]["oxygen"].diffusion_um2_per_min == 1e5
    stroma = model.types[2]
    assert [(phase.name, phase.fixed) for phase in stroma.cycle.phases] == [("G0G1", False), ("S", True), ("G2M", True)]
    assert stroma.cycle.phases[1].mean_min == 540
    assert (stroma.volume.total_um3, stroma.volume.nuclear_um3) == (3000, 500)
    assert stroma.necrosis.rupture == 3
    assert stroma.necrosis.fluid_per_min == NECROSIS.fluid_per_min
    assert stroma.internal == {"amount_oxygen": 4}
    assert not stroma.adherent
    assert stroma.behaviours["uptake_oxygen_per_min"] == 10
    assert stroma.behaviours["affinity_tumour"] == 0.5
    assert model.rules[0].behaviour == "exit_phase_0_per_min"
    assert model.rules[1].applies_to_dead
    values = model.parameters(3, np.arange(3))
    exits = [values.by_type[2, values.number(f"exit_phase_{place}_per_min")] for place in range(3)]
    np.testing.assert_allclose(exits, [0.002, 1 / 540, 0.00333])
    assert values.by_type[1, values.number("attack_tumour_per_min")] == 0.2
    assert values.by_type[1, values.number("exit_phase_0_per_min")] == 0


def test_what_names_an_absent_solute_or_type_is_left_out_where_the_file_says_so():
    model = parse_model('include = ["t_cell"]', "m.toml")
    assert "uptake_oxygen_per_min" not in model.types[0].behaviours
    assert "attack_tumour_per_min" not in model.types[0].behaviours


def test_a_file_of_one_type_is_a_culture_of_it():
    text = (TYPES / "tumour.toml").read_text(encoding="utf-8").replace("[behaviours_where_present]\n", "")
    model = parse_model(text, "one.toml")
    assert model.type_names == ("tumour",)
    assert model.solutes == ("oxygen",)


def test_types_of_ones_own_beside_the_culture(tmp_path):
    (tmp_path / "mine.toml").write_text(
        'name = "mine"\ncycle = { model = "none" }\nvolume = { total_um3 = 1000, nuclear_um3 = 200 }\n'
    )
    (tmp_path / "culture.toml").write_text('include = ["mine.toml"]\n[[cell_type]]\nname = "other"\nlike = "mine.toml"\n')
    model = read_model(tmp_path / "culture.toml")
    assert model.type_names == ("mine", "other")
    assert model.types[1].volume.total_um3 == 1000
    (tmp_path / "mine.toml").write_text(
        'name = "mine"\ncycle = { model = "none" }\nvolume = { total_um3 = -1, nuclear_um3 = 200 }\n'
    )
    with pytest.raises(InputError, match=r"mine\.toml, line 3, volume\.total_um3: found -1"):
        read_model(tmp_path / "culture.toml")


def test_an_own_cycle():
    model = parse_model(
        """
        name = "a"
        cycle = { model = "own", phase = [
          { name = "rest", mean_h = 2 }, { name = "go", mean_h = 3, fixed = true, divides = true, doubles = true } ] }
        volume = { total_um3 = 1000, nuclear_um3 = 200 }
        """,
        "a.toml",
    )
    assert [(phase.name, phase.mean_min, phase.fixed) for phase in model.types[0].cycle.phases] == [
        ("rest", 120, False),
        ("go", 180, True),
    ]
    assert model.types[0].apoptosis == APOPTOSIS
    assert model.types[0].necrosis == NECROSIS


def test_types_that_come_with_the_program():
    assert {"tumour", "fibroblast", "t_cell", "macrophage", "nk_cell", "endothelial", "neutrophil"} == set(known_types())
    model = load_types("tumour", "t_cell", solutes=("oxygen",), dimensions=3)
    assert (model.type_names, model.solutes, model.dimensions) == (("tumour", "t_cell"), ("oxygen",), 3)
    assert model.types[0].cycle == CYCLES["ki67_advanced"]
    for name in known_types():
        assert load_types(name, solutes=("oxygen",)).types[0].name == name


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("tumor",), "there is no cell type 'tumor'\n  → did you mean 'tumour'?"),
        (("tumour", "tumour"), "a second cell type 'tumour'"),
        (('a"b',), "there is no cell type 'a\"b'"),
        ((), "the culture has no cell type"),
    ],
)
def test_unknown_types_are_refused(names, message):
    with pytest.raises(InputError) as caught:
        load_types(*names)
    assert message in str(caught.value)


def numbers(tree: object, path: tuple[str, ...] = ()) -> list[str]:
    if isinstance(tree, dict):
        return [found for key, value in tree.items() if key != "sources" for found in numbers(value, (*path, key))]
    return [".".join(path)] if isinstance(tree, int | float) and not isinstance(tree, bool) else []


@pytest.mark.parametrize("name", known_types())
def test_every_number_of_a_type_names_its_source(name):
    tree = tomllib.loads((TYPES / f"{name}.toml").read_text(encoding="utf-8"))
    sources = tree["sources"]
    found = numbers(tree)
    assert len(found) > 5
    for key in found:
        covering = [named for named in sources if key == named or key.startswith(named + ".")]
        assert covering, f"{name}: {key} names no source"
    for named, source in sources.items():
        assert any(key == named or key.startswith(named + ".") for key in found), f"{name}: nothing is named {named}"
        assert "chosen by us" in source or any(str(year) in source for year in range(1950, 2027)), f"{name}: {source}"


@pytest.mark.parametrize("name", known_types())
def test_what_a_type_leaves_out_is_still_a_behaviour(name):
    tree = tomllib.loads((TYPES / f"{name}.toml").read_text(encoding="utf-8"))
    for behaviour in tree.get("behaviours_where_present", {}):
        assert {kind for kind, _ in named_things(behaviour)} & {"solute", "type"}, behaviour


def test_published_rates_of_the_standard_cycles():
    """Doubling needs 2 ∏ L = 1; the means are those of the published models, hours."""
    means = {name: [round(phase.mean_min / 60, 2) for phase in cycle.phases] for name, cycle in CYCLES.items()}
    assert means == {
        "none": [],
        "live": [23.15],
        "ki67_basic": [4.59, 15.5],
        "ki67_advanced": [3.62, 13.0, 2.5],
        "flow_cytometry": [5.14, 8.01, 5.01],
        "flow_cytometry_separated": [4.98, 8.01, 4.0, 1.0],
        "cycling_quiescent": [4.59, 15.5],
    }
    assert all(sum(phase.divides for phase in cycle.phases) == 1 for name, cycle in CYCLES.items() if name != "none")


def test_published_rates_of_death():
    assert APOPTOSIS.duration_min == 516
    assert NECROSIS.duration_min == 86_400
    assert math.isinf(APOPTOSIS.rupture)
    assert NECROSIS.calcified_per_min == pytest.approx(7e-5)


def test_ranges_are_told_with_their_unit():
    speed = next(one for one in BEHAVIOURS if one.name == "migration_speed_um_per_min")
    assert range_fault(-2.0, speed) == ("found -2 µm/min", "it has to be at least 0: speed of active migration.")
    assert range_fault(2.0, speed) is None


def test_a_process_brings_its_own_section(monkeypatch):
    class Humming(Section):
        pitch_hz: float

        def internal_names(self):
            return ("tune",)

        def faults(self, types, solutes):
            if self.pitch_hz > 100:
                yield ("pitch_hz",), f"{', '.join(types)} cannot hum so high", "give at most 100 Hz"

    monkeypatch.setattr(process_keys, "process_sections", lambda: {"humming": Humming})
    model = parse_model('include = ["tumour"]\nhalved = ["tune"]\n[humming]\npitch_hz = 50', "m.toml")
    assert model.links["humming"].pitch_hz == 50
    assert model.internal == ("tune",)
    with pytest.raises(InputError, match=r"line 3, humming.pitch_hz: tumour cannot hum so high"):
        parse_model('include = ["tumour"]\n[humming]\npitch_hz = 500', "m.toml")
    with pytest.raises(InputError, match=r"line 3, humming.pich_hz: unknown key 'pich_hz'"):
        parse_model('include = ["tumour"]\n[humming]\npich_hz = 500', "m.toml")


def test_the_culture_of_the_docs_reads():
    model = read_model(DOCS / "snippets" / "culture.toml")
    assert model.type_names == ("tumour", "macrophage", "t_cell")
    assert len(model.rules) == 2


@pytest.mark.parametrize("page", ["cell_types.md", "growth.md"])
def test_the_pages_say_what_the_code_declares(page):
    spec = importlib.util.spec_from_file_location("generate_cells", DOCS / "generate_cells.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    written = (DOCS / "cells" / page).read_text(encoding="utf-8")
    assert written == generator.PAGES[page](), "run: python docs/generate_cells.py"
