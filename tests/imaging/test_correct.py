"""Illumination: known light is found again, doubtful estimates are refused."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.fft import dctn
from scipy.ndimage import center_of_mass, gaussian_filter, label
from scipy.ndimage import mean as mean_of
from tests.cases.lit_cells import cells, photographed, tilt, vignette

from coculture.errors import DataError, InputError
from coculture.imaging.correct import IlluminationField, IlluminationSettings, correct, estimate_illumination
from coculture.imaging.correct import basic as basic_module
from coculture.imaging.correct.sample import gather
from coculture.imaging.correct.smooth import local_polynomial
from coculture.imaging.read import open_images
from coculture.plate.layout import Layout

SHAPE = (240, 320)


@cache
def scenes(n: int, number: int, **scene: float) -> list[NDArray[np.float64]]:
    rng = np.random.default_rng(7)
    return [cells(rng, SHAPE, rng.poisson(number), **scene) for _ in range(n)]


def plate(n: int, light: NDArray[np.float32], number: int = 40, offset: float = 0.0, **scene: float) -> list[NDArray[np.uint16]]:
    rng = np.random.default_rng(8)
    return [photographed(rng, one, light, offset) for one in scenes(n, number, **scene)]


def worst(field: IlluminationField, light: NDArray[np.float32]) -> float:
    return float(np.abs(field.values / light - 1).max())


@pytest.mark.parametrize("light", [vignette(*SHAPE), tilt(*SHAPE)], ids=["vignette", "tilt"])
@pytest.mark.parametrize(("method", "allowed"), [("median-smooth", 0.03), ("basic", 0.05)])
def test_known_light_is_recovered(light: NDArray[np.float32], method: Any, allowed: float) -> None:
    field = estimate_illumination(plate(48, light), method)
    assert worst(field, light) < allowed
    assert np.corrcoef(field.values.ravel(), light.ravel())[0, 1] > 0.99
    assert (field.values.dtype, field.values.shape, field.method, field.n_images) == (np.float32, SHAPE, method, 48)
    assert field.values.mean() == pytest.approx(1, abs=1e-5)
    assert 0 < field.uncertainty < 0.02
    assert field.notes == ()


def test_even_light_stays_even() -> None:
    even = np.ones(SHAPE, np.float32)
    assert worst(estimate_illumination(plate(32, even), "median-smooth"), even) < 0.03


def test_a_black_background_leaves_the_mean() -> None:
    light = vignette(*SHAPE)
    field = estimate_illumination(plate(64, light, number=50, background=0.02, radius=9.0), "median-smooth")
    assert field.statistic == "mean"
    assert np.sqrt(np.mean((field.values / light - 1) ** 2)) < 0.08
    assert estimate_illumination(plate(24, light), "median-smooth").statistic == "median"


def test_one_image_full_of_debris_changes_little() -> None:
    light = vignette(*SHAPE)
    images = plate(24, light)
    clean = estimate_illumination(images, "median-smooth")
    images[5] = images[5].copy()
    images[5][:120, :160] = 60000
    assert np.abs(estimate_illumination(images, "median-smooth").values / clean.values - 1).max() < 0.02


def test_a_stated_offset_is_taken_off_before_and_after() -> None:
    light = vignette(*SHAPE)
    images = plate(24, light, offset=200)
    field = estimate_illumination(images, "median-smooth", IlluminationSettings(offset=200))
    assert worst(field, light) < 0.03
    even = correct(images[0], field)
    assert np.median(even) == pytest.approx(100, rel=0.05)
    blind = estimate_illumination(images, "median-smooth")
    assert np.ptp(blind.values) < 0.6 * np.ptp(light)
    assert re.search("the darkest place of any image reads 2..: if the camera adds an offset, state it", blind.notes[0])


def test_correction_makes_a_flat_scene_flat() -> None:
    light = vignette(*SHAPE)
    field = IlluminationField(light, "given", 1)
    scene = (np.float32(900) * light)[None].repeat(2, axis=0)
    even = correct(scene, field)
    assert (even.dtype, even.shape) == (np.float32, (2, *SHAPE))
    np.testing.assert_allclose(even, 900, rtol=1e-5)
    with pytest.raises(InputError, match="an image of 5 x 4 pixels and an illumination field of 320 x 240 do not fit"):
        correct(np.zeros((4, 5)), field)


def test_correction_is_linear_and_leaves_its_input() -> None:
    field = IlluminationField(vignette(8, 9), "given", 1, offset=10.0)
    image = np.arange(72, dtype=np.uint8).reshape(8, 9)
    before = image.copy()
    np.testing.assert_allclose(correct(image, field), (image.astype(float) - 10) / field.values, rtol=1e-5)
    np.testing.assert_array_equal(image, before)


def test_none_changes_nothing_and_reads_one_image() -> None:
    offered = []

    def images() -> Iterator[NDArray[np.uint8]]:
        for number in range(3):
            offered.append(number)
            yield np.full((4, 5), 7, np.uint8)

    field = estimate_illumination(images(), "none")
    assert (field.values == 1).all()
    assert (field.method, field.uncertainty, offered) == ("none", 0.0, [0])
    assert (correct(np.full((4, 5), 7, np.uint8), field) == 7).all()
    with pytest.raises(DataError, match="there is no image of this channel"):
        estimate_illumination([], "none")


def test_the_estimate_is_the_same_every_time_and_for_brighter_images() -> None:
    images = plate(16, vignette(*SHAPE))
    one, two = (estimate_illumination(images, "median-smooth").values for _ in range(2))
    np.testing.assert_array_equal(one, two)
    brighter = estimate_illumination([image.astype(np.float32) * 3 for image in images], "median-smooth").values
    np.testing.assert_allclose(brighter, one, rtol=1e-4)


def test_turned_images_give_a_turned_field() -> None:
    images = plate(16, vignette(*SHAPE))
    field = estimate_illumination(images, "median-smooth").values
    turned = estimate_illumination([image[::-1, ::-1] for image in images], "median-smooth").values
    np.testing.assert_allclose(turned, field[::-1, ::-1], rtol=2e-3)


@pytest.mark.parametrize("method", ["median-smooth", "basic"])
def test_few_images_are_refused_with_a_way_out(method: Any) -> None:
    with pytest.raises(
        DataError, match=rf"illumination: method '{method}' has 7 images, too few .*\n.*use 8 or more images .* or method 'none'"
    ):
        estimate_illumination(plate(7, vignette(*SHAPE)), method)


def test_few_images_are_taken_where_the_user_chose_so() -> None:
    field = estimate_illumination(plate(4, tilt(*SHAPE)), "median-smooth", IlluminationSettings(minimum_images=4))
    assert field.n_images == 4


def test_an_implausible_field_is_refused() -> None:
    light = np.ones(SHAPE, np.float32)
    light[:, :120] = 0.02
    with pytest.raises(DataError, match=r"the estimated light runs from .* of its mean, which no microscope does"):
        estimate_illumination(plate(12, light), "median-smooth")


def test_a_doubtful_field_is_said_to_be() -> None:
    field = estimate_illumination(plate(10, np.ones(SHAPE, np.float32), number=40, background=0.0, radius=14.0), "median-smooth")
    assert field.uncertainty > 0.05
    assert re.match(r"the illumination field is uncertain by \d+% \(two halves of the images disagree\)", field.notes[0])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([], "there is no image to estimate the illumination from"),
        ([np.zeros((8, 8))] * 9, "all images of this channel are black"),
        ([np.ones((8, 8)), np.ones((8, 9))], r"image 2 has shape \(8, 9\), the first has \(8, 8\)"),
        ([np.ones((2, 8, 8))], r"image 1 has shape \(2, 8, 8\)"),
    ],
)
def test_unusable_images(fields: list[NDArray[Any]], message: str) -> None:
    with pytest.raises((DataError, InputError), match=message):
        estimate_illumination(fields, "median-smooth")


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(InputError, match=r"there is no illumination method 'magic'\n.*use median-smooth, basic, none"):
        estimate_illumination([np.ones((4, 4))], "magic")  # type: ignore[arg-type]


def test_memory_is_bounded_and_the_choice_spread_evenly() -> None:
    settings = IlluminationSettings(most_images=5, reduced_side=4)
    stack = gather((np.full((8, 8), number + 1.0) for number in range(40)), settings)
    assert stack.images[:, 0, 0].tolist() == [1, 9, 17, 25, 33]
    assert (stack.n_seen, stack.step, stack.shape) == (40, 2, (8, 8))


def test_blocks_are_means_and_remainders_are_left_out() -> None:
    image = np.arange(7 * 11, dtype=np.uint8).reshape(7, 11)
    stack = gather([image] * 2, IlluminationSettings(reduced_side=4))
    assert stack.step == 3
    expected = image[:6, :9].reshape(2, 3, 3, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(stack.images[0], expected)
    assert stack.centres(1).tolist() == [1.5, 4.5, 7.5]


def test_the_smoother_keeps_parabolas_also_beyond_its_knots() -> None:
    knots, at = np.linspace(2, 98, 30), np.array([0.0, 3.3, 50, 99, 100])
    matrix = local_polynomial(at, knots, 15.0)
    for curve in (np.ones_like, lambda x: x, lambda x: (x - 40) ** 2):
        np.testing.assert_allclose(matrix @ curve(knots), curve(at), rtol=1e-6, atol=1e-6)
    far = local_polynomial(np.array([200.0]), knots, 0.5)
    assert np.isfinite(far).all()


def test_the_cosine_series_is_drawn_exactly() -> None:
    field = np.random.default_rng(1).uniform(0.5, 1.5, (6, 7))
    np.testing.assert_allclose(basic_module._drawn(field, (6, 7), (6, 7)), field)
    spectrum = dctn(field, norm="ortho")
    assert basic_module._drawn(field, (60, 70), (60, 70)).mean() == pytest.approx(spectrum[0, 0] / np.sqrt(42))


def test_a_field_crosses_processes() -> None:
    field = IlluminationField(vignette(6, 7), "given", 3, notes=("a",))
    copy = pickle.loads(pickle.dumps(field))
    np.testing.assert_array_equal(copy.gain, field.gain)
    assert copy.notes == ("a",)


def test_on_the_real_plate_nuclei_become_alike_wherever_they_lie(shared_data: Path) -> None:
    pattern = r"Channel(?P<channel>\d)-\d+-(?P<row>[A-P])-(?P<column>\d+)\.tif"
    folder = shared_data / "translocation_plate"
    index = open_images(folder, pattern, {"dna": "2"}, layout=Layout.of(96), pixel_size_um=0.65)
    images = list(index.images_of("dna"))
    field = estimate_illumination(images[::2], "median-smooth")
    before, after = [], []
    for image in images[1::2]:  # wells the estimate has not seen
        smooth = gaussian_filter(image.astype(np.float32), 1)
        labels, n = label(smooth > 25)
        places = np.array(center_of_mass(np.ones_like(smooth), labels, range(1, n + 1))) // 160 @ [4, 1]
        for kept, shown in ((before, image), (after, correct(image, field))):
            kept.append((places, np.asarray(mean_of(shown, labels, range(1, n + 1)))))
    spread_before, spread_after = (_spread_over_places(pairs) for pairs in (before, after))
    assert spread_after < 0.75 * spread_before


def _spread_over_places(pairs: list[tuple[NDArray[np.float64], NDArray[np.float64]]]) -> float:
    """Coefficient of variation, over 4 x 4 places of the image, of the median brightness of nuclei there."""
    places, brightness = (np.concatenate([pair[k] for pair in pairs]) for k in (0, 1))
    medians = [np.median(brightness[places == place]) for place in range(16)]
    return float(np.std(medians) / np.mean(medians))


def test_on_the_real_plate_planted_light_comes_back(shared_data: Path) -> None:
    pattern = r"Channel(?P<channel>\d)-\d+-(?P<row>[A-P])-(?P<column>\d+)\.tif"
    folder = shared_data / "translocation_plate"
    index = open_images(folder, pattern, {"dna": "2"}, layout=Layout.of(96), pixel_size_um=0.65)
    light = vignette(640, 640, 0.3)
    found = estimate_illumination(index.images_of("dna"), "median-smooth")
    shaded = estimate_illumination((image * light for image in index.images_of("dna")), "median-smooth")
    ratio = shaded.values / found.values / light
    assert np.std(ratio / ratio.mean()) < 0.015
    assert 0 < found.uncertainty < 0.05
