"""The well's numbers about contacts, on four cells that can be counted by hand.

a1 – b1      a1 touches b1 (2 µm) and a2 (4 µm); b2 touches nobody.
|
a2     b2
"""

from __future__ import annotations

import pandas as pd
import pytest

from coculture.sources.between_cells import contact_numbers, territory_numbers

KEYS = {"plate": "P", "well": "A01", "site": 1, "t_min": 0.0}


def cells(dead: tuple[int, ...] = ()) -> pd.DataFrame:
    frame = pd.DataFrame({"cell_id": [1, 2, 3, 4], "cell_type": ["a", "a", "b", "b"]}).assign(**KEYS)
    return frame.assign(alive=~frame["cell_id"].isin(dead))


def contacts() -> pd.DataFrame:
    return pd.DataFrame({"cell_a": [1, 1], "cell_b": [2, 3], "contact_length_um": [4.0, 2.0]}).assign(**KEYS)


def test_counts_and_lengths_by_hand():
    numbers = contact_numbers(cells(), contacts(), ("a", "b"))
    assert numbers["well_contacts_per_cell"] == pytest.approx(1.0)  # 2 pairs seen from both ends, 4 cells
    assert numbers["well_contacts_length_um"] == pytest.approx(3.0)  # 6 µm seen from both ends, 4 cells
    assert numbers["well_contacts_a_a"] == pytest.approx(1.0)  # a1 and a2 see each other
    assert numbers["well_contacts_a_b"] == pytest.approx(0.5)
    assert numbers["well_contacts_b_a"] == pytest.approx(0.5)
    assert numbers["well_contacts_b_b"] == 0.0


def test_enrichment_is_the_exact_null():
    # 2 edges among 6 pairs of cells; of the 6 pairs 4 join a to b: 4/3 joins expected, 1 seen
    numbers = contact_numbers(cells(), contacts(), ("a", "b"))
    assert numbers["well_enrichment_log2_a_b"] == pytest.approx(-0.2895, abs=1e-4)
    assert numbers["well_enrichment_z_a_b"] < 0


def test_dead_cells_touch_nobody():
    numbers = contact_numbers(cells(dead=(3,)), contacts(), ("a", "b"))
    assert numbers["well_contacts_per_cell"] == pytest.approx(2 / 3)
    assert numbers["well_contacts_a_b"] == 0.0


def test_one_type_has_no_numbers_between_types():
    assert set(contact_numbers(cells(), contacts(), ("cell",))) == {"well_contacts_per_cell", "well_contacts_length_um"}


def test_a_type_without_cells_has_no_number():
    numbers = contact_numbers(cells(dead=(3, 4)), contacts(), ("a", "b"))
    assert "well_contacts_b_a" not in numbers
    assert not any(name.startswith("well_enrichment_z_a_b") for name in numbers)


def test_no_cells_no_numbers():
    assert contact_numbers(cells(dead=(1, 2, 3, 4)), contacts(), ("a", "b")) == {}


def test_sites_are_kept_apart():
    second = contacts().assign(site=2)
    numbers = contact_numbers(cells(), second, ("a", "b"))
    assert numbers["well_contacts_per_cell"] == 0.0


def test_territories_have_the_same_numbers_under_their_own_names():
    plain, named = (make(cells(), contacts(), ("a", "b")) for make in (contact_numbers, territory_numbers))
    assert named["well_territory_contacts_a_b"] == plain["well_contacts_a_b"]
    assert {name.replace("well_territory_", "well_") for name in named} == set(plain)


def test_affinity_comes_with_its_error_and_on_territories_under_their_name():
    many = pd.concat([cells().assign(cell_id=cells()["cell_id"] + 10 * i) for i in range(30)], ignore_index=True)
    rows = [(10 * i + a, 10 * i + b) for i in range(30) for a, b in ((1, 2), (1, 3), (2, 4), (3, 4))]
    touching = pd.DataFrame(rows, columns=["cell_a", "cell_b"]).assign(contact_length_um=1.0, **KEYS)
    numbers = contact_numbers(many, touching, ("a", "b"))
    # 60 contacts between the types where 120·3600/7140 are expected, 30 within each where 120·1770/7140 are
    assert numbers["well_affinity_log2_a_b"] == pytest.approx(-0.0360, abs=5e-4)
    assert 0.2 < numbers["well_affinity_se_a_b"] < 0.35
    on_territories = territory_numbers(many, touching, ("a", "b"))
    assert on_territories["well_territory_affinity_log2_a_b"] == numbers["well_affinity_log2_a_b"]
    assert on_territories["well_territory_affinity_se_a_b"] == numbers["well_affinity_se_a_b"]
    assert "well_affinity_log2_a_b" not in contact_numbers(cells(), contacts(), ("a", "b"))  # too few contacts to compare with
