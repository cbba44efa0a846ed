"""NK cells on a sheet of MCF-7 cells: one real field of a killing assay (celldetective's tests), and an effector on film.

The stored labels are 48 nuclei of targets. The field holds one effector and no dead target; what that little cannot show is
shown on effectors and dead nuclei planted into the real noise of their channels.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import tifffile
from examples.killing_coculture.run_killing_coculture import (
    DEAD,
    EFFECTOR,
    EFFECTORS,
    FILM_PIXEL_UM,
    PIXEL_SIZE_UM,
    TARGETS,
    Field,
    film_cell,
    marked_bodies,
    measure,
)
from numpy.typing import NDArray
from scipy import ndimage

from coculture.errors import DataError
from coculture.interactions.annotate.marker import fit_two_components
from coculture.randomness import stream

RADIUS_UM = 4.5
"""Of a planted effector; resting NK cells are 7 to 10 µm across."""


@pytest.fixture(scope="module")
def channels(shared_data: Path) -> NDArray[np.float32]:
    return tifffile.imread(shared_data / "killing_coculture" / "sample_4ch.tif").astype(np.float32)


@pytest.fixture(scope="module")
def field(channels: NDArray[np.float32]) -> Field:
    return measure(channels)


def best_overlap(truth: NDArray[np.int32], found: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return, for every true label, the highest intersection over union with a found one."""
    counts = np.zeros((int(truth.max()) + 1, int(found.max()) + 1))
    np.add.at(counts, (truth.ravel(), found.ravel()), 1)
    shared = counts[1:, 1:]
    union = counts.sum(1)[1:, None] + counts.sum(0)[None, 1:] - shared
    real = counts.sum(1)[1:] > 0
    return (shared / np.maximum(union, 1)).max(axis=1)[real]


def test_nuclei_agree_with_the_stored_labels(shared_data: Path, field: Field) -> None:
    truth = tifffile.imread(shared_data / "killing_coculture" / "sample_nuclei_labels.tif").astype(np.int32)
    overlap = best_overlap(truth, field.nuclei)
    right, n_found = int((overlap > 0.5).sum()), len(np.unique(field.nuclei)) - 1
    assert len(overlap) == 48
    assert 2 * right / (48 + n_found) >= 0.95  # 46 of 46 found; the two that are missed are slivers at the edge of the image
    assert overlap[overlap > 0.5].mean() > 0.88


def test_the_real_field_has_one_effector_on_one_target(field: Field) -> None:
    """A second speck at the right edge is 4 µm wide: no cell."""
    assert (field.count(TARGETS), field.count(EFFECTORS)) == (46, 1)
    mixed = _mixed(field)
    assert len(mixed) == 1
    assert mixed["contact_length_um"].item() > 8
    row = field.enrichment.set_index(["type_a", "type_b"]).loc[(TARGETS, EFFECTORS)]
    assert row["every"]
    assert row["arrangements"] == 47
    assert row["observed"] == 1
    assert row["p_value"] > 0.05  # one effector proves nothing
    alone = field.enrichment.set_index(["type_a", "type_b"]).loc[(EFFECTORS, EFFECTORS), "reason"]
    assert alone == "only one cell of type 'NK', so no pair of its own"
    assert not field.dead.size


def test_types_are_not_learnt_from_so_few_nuclei(channels: NDArray[np.float32], field: Field) -> None:
    numbers = np.unique(field.nuclei)[1:]
    stain = ndimage.mean(channels[EFFECTOR], field.nuclei, numbers)
    with pytest.raises(DataError, match="46 cells with a positive marker are too few"):
        fit_two_components(stain)


def test_planted_effectors_are_found_with_the_targets_they_touch(channels: NDArray[np.float32], field: Field) -> None:
    near, far = _places(field, 8, touching=True), _places(field, 5, touching=False)
    planted = channels.copy()
    truth = np.zeros(field.labels.shape, np.int32)
    for number, (row, column) in enumerate([*near, *far], start=1):
        truth[_disc(truth.shape, row, column)] = number
    planted[EFFECTOR] += 90 * ndimage.gaussian_filter((truth > 0).astype(np.float32), 1.5)
    found = measure(planted)
    effectors = found.cells[found.cells["cell_type"] == EFFECTORS]
    assert len(effectors) == 1 + len(near) + len(far)
    for places, touches in ((near, True), (far, False)):
        for row, column in places:
            number = found.labels[row, column]
            assert number in set(effectors["cell_id"])
            area = effectors.set_index("cell_id").loc[number, "area_um2"]
            assert area == pytest.approx(np.pi * RADIUS_UM**2, rel=0.15)
            assert (number in set(_mixed(found)["cell_b"])) == touches
    z = found.enrichment.set_index(["type_a", "type_b"]).loc[(EFFECTORS, EFFECTORS), "z"]
    assert z < 0  # planted apart from one another


def test_planted_dead_nuclei_are_found(channels: NDArray[np.float32], field: Field) -> None:
    numbers = np.unique(field.nuclei)[[5, 20, 33]]
    planted = channels.copy()
    planted[DEAD] += 60 * np.isin(field.nuclei, numbers)
    assert measure(planted).dead.tolist() == numbers.tolist()


def test_noise_alone_has_no_bodies() -> None:
    noise = stream(3, "noise").normal(150, 9, (400, 400)).astype(np.float32)
    assert not marked_bodies(noise).any()


def test_an_effector_is_outlined_and_followed_over_a_film(shared_data: Path) -> None:
    """Against the stored labels and centres of celldetective's own model for this kind of contrast (not hand-made)."""
    folder = shared_data / "killing_coculture" / "ricm_effector_demo" / "W1" / "100"
    film = film_cell(tifffile.imread(folder / "movie" / "stack.tif"))
    truth = [tifffile.imread(folder / "labels_effectors" / f"{frame:04d}.tif") > 0 for frame in range(6)]
    pairs = list(zip(film.labels > 0, truth, strict=True))
    assert min((found & stored).sum() / (found | stored).sum() for found, stored in pairs) > 0.88
    assert film.track["track_id"].tolist() == [1] * 6
    stored = pd.read_csv(folder / "output" / "tables" / "trajectories_effectors.csv").sort_values("FRAME")
    apart = film.track[["x_um", "y_um"]].to_numpy() - (stored[["POSITION_X", "POSITION_Y"]].to_numpy() + 0.5) * FILM_PIXEL_UM
    assert np.linalg.norm(apart, axis=1).max() < 1.0


def _mixed(field: Field) -> pd.DataFrame:
    kind = field.cells.set_index("cell_id")["cell_type"]
    unlike = kind.loc[field.contacts["cell_a"]].to_numpy() != kind.loc[field.contacts["cell_b"]].to_numpy()
    return field.contacts[unlike]


def _disc(shape: tuple[int, ...], row: int, column: int) -> NDArray[np.bool_]:
    rows, columns = np.indices(shape)
    return np.asarray((rows - row) ** 2 + (columns - column) ** 2 <= (RADIUS_UM / PIXEL_SIZE_UM) ** 2)


def _places(field: Field, wanted: int, *, touching: bool) -> list[tuple[int, int]]:
    """Choose places on the rim of the sheet, or well away from it, apart from one another and from the image's edge."""
    effectors = field.cells.loc[field.cells["cell_type"] == EFFECTORS, "cell_id"]
    lone = ndimage.distance_transform_edt(~np.isin(field.labels, effectors)) * PIXEL_SIZE_UM > 15
    away = ndimage.distance_transform_edt(field.labels == 0) * PIXEL_SIZE_UM
    fits = lone & ((away > 1) & (away < 2) if touching else away > 12)
    margin = np.zeros_like(fits)
    margin[40:-40, 40:-40] = True
    rows, columns = np.nonzero(fits & margin)
    chosen: list[tuple[int, int]] = []
    for k in stream(7, "places", str(touching)).permutation(len(rows)):
        row, column = int(rows[k]), int(columns[k])
        if all(np.hypot(row - r, column - c) * PIXEL_SIZE_UM > 15 for r, c in chosen):
            chosen.append((row, column))
        if len(chosen) == wanted:
            return chosen
    raise AssertionError("the field has no room for them")
