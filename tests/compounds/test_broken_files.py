"""Every way a file of the library can be wrong is told with file, key and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from coculture.compounds.files.reading import parse_entry, read_entry
from coculture.errors import FileError, InputError

BROKEN = Path(__file__).with_name("broken")

FAULTS = {
    "antagonist_with_largest": "line 4, effect.pair[1]: the action 'competitive antagonist' has no 'largest'",
    "bad_cas": "line 5, identity.cas: '67-68-4' is not a CAS number: its last digit does not fit the others",
    "bad_formula": "line 5, identity.formula: no atomic weight of 'Xx' in the formula 'C2H6Xx'",
    "bad_inchikey": "line 5, identity.inchikey: 'IAZDPXIOMUYVGZ-UHFFFAOYSA' is not an InChIKey",
    "carrier_all_drug": "line 6, load_mg_per_g.value: found 1000",
    "carrier_with_unknown_law": "line 9, release.law: found 'zeroth order'",
    "extract_of_unknown_content": "ingredient: say what is in it once",
    "formula_herb_twice": "line 5, herb: 'Danshen' is listed twice: add the two up",
    "formula_with_bad_role": "line 8, herb[1].role: found '王'",
    "herb_adds_to_too_much": "line 5, ingredient: the least contents add to 1200 mg/g",
    "herb_with_too_much": "line 7, ingredient[1].content_mg_per_g.low: 1200 mg/g is more than everything",
    "ingredient_twice": "line 5, ingredient: 'berberine' is listed twice: add the two up",
    "inhibitor_without_largest": "line 4, effect.pair[1]: the action 'signalling inhibitor' needs 'largest': give it",
    "mass_against_formula": "line 7, physical: the molar mass 87.1 g/mol does not fit the formula C2H6OS (78.13 g/mol)",
    "not_toml": "this is not valid TOML",
    "number_without_source": "line 5, physical.molar_mass_g_per_mol.source: key 'source' is missing",
    "range_of_no_unit": "line 4, active: give the active range once: um, ug_per_ml or percent",
    "range_upside_down": "line 5, active.um.high: the upper end 1 is below the lower end 10",
    "two_units": "line 4, effect.behaviour[1]: give the dose of half effect once: half_um or half_ug_per_ml",
    "unknown_evidence": "line 9, sources.smith.evidence: found 'sure'",
    "unknown_key": "line 5, physical.logp: unknown key 'logp'",
    "unknown_kind": "line 2, kind: found 'small molecules'",
    "unknown_source": "line 5, physical.log_p.source: there is no source 'smith'",
    "unused_source": "line 4, sources.smith: nothing cites the source 'smith'",
    "weighed_as_nothing": "line 8, ingredient[1].weighed_as: cannot read the formula 'chloride'",
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_broken_file_is_refused_with_file_key_and_remedy(name: str) -> None:
    path = BROKEN / f"{name}.toml"
    with pytest.raises(InputError) as caught:
        read_entry(path)
    told = str(caught.value)
    assert str(path) in told
    assert FAULTS[name] in told


def test_every_broken_file_is_tested() -> None:
    assert {path.stem for path in BROKEN.glob("*.toml")} == set(FAULTS)


def test_remedies_name_what_is_near() -> None:
    for name, remedy in (("unknown_key", "did you mean 'log_p'?"), ("unknown_source", "did you mean 'smiht'?")):
        with pytest.raises(InputError) as caught:
            read_entry(BROKEN / f"{name}.toml")
        assert remedy in str(caught.value)
    with pytest.raises(InputError, match="use one of: 君, 臣, 佐, 使"):
        read_entry(BROKEN / "formula_with_bad_role.toml")


def test_all_faults_of_a_file_are_told_at_once() -> None:
    text = 'name = "x"\nkind = "herb"\npart = 3\nroot = 1\n'
    with pytest.raises(InputError) as caught:
        parse_entry(text, "x.toml")
    assert len(caught.value.problems) == 3


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="there is no such file of the library"):
        read_entry(tmp_path / "none.toml")
