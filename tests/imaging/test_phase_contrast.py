"""Cells in phase contrast: planted ones are found, parted and placed, whatever the camera, the light and the magnification."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from coculture.errors import InputError
from coculture.imaging.segment import NucleusSettings, segment_nuclei
from coculture.imaging.segment.centres import body_centres
from coculture.imaging.segment.phase_contrast import PhaseContrast
from coculture.randomness import stream

DIAMETER_UM = 40.0


def phase_image(centres: list[tuple[float, float]], shape: tuple[int, int] = (240, 300), *, scale: float = 1.0) -> np.ndarray:
    """Draw grainy dark discs of 20 pixels' radius in bright halos on an even floor; ``scale`` pixels a µm."""
    rows, columns = np.indices((round(shape[0] * scale), round(shape[1] * scale))) + 0.5
    inside = np.zeros(rows.shape, bool)
    halo = np.zeros(rows.shape)
    for x, y in centres:
        away = np.hypot(columns / scale - x, rows / scale - y)
        inside |= away < 18
        halo = np.maximum(halo, np.exp(-(((away - 20) / 1.6) ** 2)))
    grain = ndimage.gaussian_filter(stream(1, "grain").normal(size=rows.shape), 1.2 * scale)
    contrast = 0.45 * halo + inside * (-0.12 + 0.16 * grain / grain.std())
    noise = 0.01 * stream(2, "noise").normal(size=rows.shape)
    return (1000 * (1 + contrast + noise)).astype(np.float32)


APART = [(50.0, 60.0), (150.0, 80.0), (240.0, 170.0), (70.0, 180.0)]


def centres_found(labels: NDArray[np.int32], pixel_size_um: float = 1.0) -> NDArray[np.float64]:
    table = body_centres(labels, pixel_size_um)
    return table[["x_um", "y_um"]].to_numpy()


def nearest(points: NDArray[np.float64], x: float, y: float) -> float:
    return float(np.hypot(points[:, 0] - x, points[:, 1] - y).min())


def test_every_planted_cell_is_found_at_its_place_and_size() -> None:
    labels = segment_nuclei(phase_image(APART), NucleusSettings("phase-contrast", diameter_um=DIAMETER_UM), 1.0)
    points = centres_found(labels)
    assert len(points) == 4
    assert max(nearest(points, x, y) for x, y in APART) < 3
    areas = body_centres(labels, 1.0)["area_um2"]
    assert areas.to_numpy() == pytest.approx(np.pi * 18**2, rel=0.35)


def test_a_halo_parts_cells_that_touch() -> None:
    labels = PhaseContrast(DIAMETER_UM).segment(phase_image([(120.0, 120.0), (159.0, 120.0)]), 1.0)
    points = centres_found(labels)
    assert len(points) == 2
    assert max(nearest(points, x, 120.0) for x in (120.0, 159.0)) < 4


@pytest.mark.parametrize("gain", [0.1, 7.0])
def test_the_gain_does_not_matter(gain: float) -> None:
    image = phase_image(APART)
    method = PhaseContrast(DIAMETER_UM)
    assert (method.segment(gain * image, 1.0) != method.segment(image, 1.0)).mean() < 1e-3


def test_uneven_light_does_not_matter() -> None:
    image = phase_image(APART)
    light = np.linspace(0.5, 1.5, image.shape[1], dtype=np.float32)
    points = centres_found(PhaseContrast(DIAMETER_UM).segment(image * light, 1.0))
    assert len(points) == 4
    assert max(nearest(points, x, y) for x, y in APART) < 3


def test_the_magnification_does_not_matter() -> None:
    fine = PhaseContrast(DIAMETER_UM).segment(phase_image(APART, scale=2.0), 0.5)
    points = centres_found(fine, 0.5)
    assert len(points) == 4
    assert max(nearest(points, x, y) for x, y in APART) < 3


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_a_flat_image_has_no_cells(value: float) -> None:
    assert not PhaseContrast(DIAMETER_UM).segment(np.full((60, 70), value, np.float32), 1.0).any()


def test_cores_keep_their_numbers_as_they_grow() -> None:
    image, method = phase_image(APART), PhaseContrast(DIAMETER_UM)
    cores, cells = method.cores(image, 1.0), method.segment(image, 1.0)
    assert (cells[cores > 0] == cores[cores > 0]).all()
    assert (cells > 0).sum() > (cores > 0).sum()
    assert (PhaseContrast(DIAMETER_UM, growth_share=0.0).segment(image, 1.0) == cores).all()


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("roughness", 0.0, "nuclei.options.roughness: must be a number above 0, found 0.0"),
        ("rim_share", -1.0, "nuclei.options.rim_share: must be a number of 0 or more"),
        ("halo", float("nan"), "nuclei.options.halo: must be a number, found nan"),
        ("diameter_um", -3.0, "nuclei.diameter_um: must be a number above 0"),
    ],
)
def test_settings_that_cannot_be_used_are_named(option: str, value: float, message: str) -> None:
    with pytest.raises(InputError) as error:
        PhaseContrast(**{option: value})
    assert message in str(error.value)


def test_the_centre_of_a_disc_is_its_middle_and_an_arm_hardly_moves_it() -> None:
    rows, columns = np.indices((80, 120)) + 0.5
    labels = (np.hypot(columns - 40, rows - 40) < 15).astype(np.int32) * 7
    plain = body_centres(labels, 0.5)
    assert plain["cell_id"].tolist() == [7]
    assert plain[["x_um", "y_um"]].to_numpy()[0] == pytest.approx([20, 20], abs=1e-6)
    assert plain["area_um2"].item() == (labels > 0).sum() / 4
    labels[38:42, 50:110] = 7
    with_arm = body_centres(labels, 0.5)["x_um"].item()
    assert abs(with_arm - 20) < 0.25
    assert body_centres(labels, 0.5, power=0)["x_um"].item() - 20 > 4


def test_touching_labels_are_parted_by_the_line_between_them() -> None:
    labels = np.zeros((40, 80), np.int32)
    labels[10:30, 10:40] = 3
    labels[10:30, 40:70] = 9
    table = body_centres(labels, 1.0)
    assert table["cell_id"].tolist() == [3, 9]
    assert table["x_um"].tolist() == pytest.approx([25, 55])
    assert table["y_um"].tolist() == pytest.approx([20, 20])


def test_thin_labels_and_none_at_all() -> None:
    labels = np.zeros((9, 9), np.int32)
    assert body_centres(labels, 1.0).empty
    labels[4, 2:5] = 1
    assert body_centres(labels, 1.0)[["x_um", "y_um"]].to_numpy()[0] == pytest.approx([3.5, 4.5])


@pytest.mark.parametrize(
    ("labels", "options", "message"),
    [
        (np.zeros((3, 3), np.float64), {}, "labels are a (y, x) image of whole numbers"),
        (np.zeros((0, 3), np.int32), {}, "the image holds no pixel"),
        (np.zeros((3, 3), np.int32), {"power": -1.0}, "power: must be a number of 0 or more"),
        (np.zeros((3, 3), np.int32), {"pixel_size_um": 0.0}, "pixel_size_um: must be a number above 0"),
    ],
)
def test_what_centres_cannot_be_taken_of(labels: np.ndarray, options: dict[str, float], message: str) -> None:
    with pytest.raises(InputError) as error:
        body_centres(labels, **{"pixel_size_um": 1.0, **options})
    assert message in str(error.value)
