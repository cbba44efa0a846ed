"""How cells lie, on places that can be measured with a ruler.

Site 1: a at (20, 20) and (50, 20), b at (30, 20); a1 touches b1. Site 2: a at (10, 10) alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from coculture.sources.arrangement import ArrangementSettings, arrangement_numbers, radius_text

SIZE = (100.0, 80.0)
TYPES = ("a", "b")


def cells() -> pd.DataFrame:
    rows = [(1, 1, "a", 20.0, 20.0), (1, 2, "a", 50.0, 20.0), (1, 3, "b", 30.0, 20.0), (2, 1, "a", 10.0, 10.0)]
    return pd.DataFrame(rows, columns=["site", "cell_id", "cell_type", "x_um", "y_um"])


def contacts() -> pd.DataFrame:
    return pd.DataFrame({"site": [1], "cell_a": [1], "cell_b": [3], "contact_length_um": [5.0]})


def numbers(**asked: object) -> dict[str, float]:
    found = arrangement_numbers(cells(), contacts(), TYPES, SIZE, ArrangementSettings(**asked))  # type: ignore[arg-type]
    assert found.notes == ()
    return dict(found.numbers)


def test_nearest_distances_by_ruler() -> None:
    found = numbers()
    assert found["well_nearest_um_a_b"] == pytest.approx((10 + 20) / 2)  # the a of site 2 has no b
    assert found["well_nearest_um_b_a"] == pytest.approx(10.0)
    assert found["well_nearest_um_a_a"] == pytest.approx(30.0)
    assert "well_nearest_um_b_b" not in found


def test_density_counts_neighbours_per_area() -> None:
    disc = np.pi * 15**2 / 1e6
    found = numbers(density_radius_um=15.0)
    assert found["well_density_per_mm2_b_a"] == pytest.approx(1 / disc, rel=0.02)
    assert found["well_density_per_mm2_a_b"] == pytest.approx(1 / 3 / disc, rel=0.02)
    assert found["well_density_per_mm2"] == pytest.approx(2 / 4 / disc, rel=0.02)


def test_mixing_of_one_contact_between_types() -> None:
    found = numbers()
    assert found["well_mixing_heterotypic_share"] == 1.0
    assert found["well_mixing_exposure_a_b"] == 1.0
    assert found["well_mixing_exposure_b_a"] == 1.0
    assert found["well_mixing_segregation_a_b"] == pytest.approx(1 - 1 / (2 / 3))  # 2 of 3 pairs of site 1 are a and b


def test_pair_correlation_and_k_at_the_radii_asked_for() -> None:
    found = numbers(radii_um=(12.5, 25.0))
    assert found["well_cross_k_um2_a_b_12p5um"] < found["well_cross_k_um2_a_b_25um"]
    area = SIZE[0] * SIZE[1]
    assert found["well_cross_k_um2_a_b_12p5um"] == pytest.approx(area / 2 * 100 / 90)  # 1 of 2 pairs, 10 µm of 100 lost
    assert not [name for name in numbers() if "cross" in name]


def test_many_random_cells_are_as_by_chance() -> None:
    rng = np.random.default_rng(4)
    many = pd.DataFrame({"site": 1, "cell_id": np.arange(4000), "x_um": rng.uniform(0, 1000, 4000)})
    many = many.assign(y_um=rng.uniform(0, 1000, 4000), cell_type=rng.choice(["a", "b"], 4000))
    none = contacts().iloc[:0]
    found = arrangement_numbers(many, none, TYPES, (1000.0, 1000.0), ArrangementSettings(radii_um=(30.0,))).numbers
    assert found["well_cross_g_a_b_30um"] == pytest.approx(1.0, abs=0.05)
    assert found["well_cross_k_um2_a_b_30um"] == pytest.approx(np.pi * 900, rel=0.05)
    assert found["well_density_per_mm2_a_b"] == pytest.approx(2000.0, rel=0.05)
    assert found["well_nearest_um_a_b"] == pytest.approx(0.5 / np.sqrt(2000 / 1e6), rel=0.05)
    assert not [name for name in found if "mixing" in name]


def test_radii_that_do_not_fit_the_image_are_told() -> None:
    found = arrangement_numbers(cells(), contacts(), TYPES, SIZE, ArrangementSettings(radii_um=(500.0,)))
    assert len(found.notes) == 1
    assert found.notes[0].startswith("no pair correlation: ")
    assert "well_nearest_um_a_b" in found.numbers


def test_no_cells_no_numbers() -> None:
    assert not arrangement_numbers(cells().iloc[:0], contacts(), TYPES, SIZE, ArrangementSettings()).numbers


def test_a_radius_in_a_name() -> None:
    assert [radius_text(radius) for radius in (20.0, 12.5, 100.0)] == ["20um", "12p5um", "100um"]
