"""Rendered images obey the laws of optics, and their truth is true."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import ndimage

from coculture.errors import InputError
from coculture.imaging.render.field import RenderedField, render_field, specimen
from coculture.imaging.render.kernels import claim_pixels
from coculture.imaging.render.optics import bleed_matrix, blurred, expected_image, haze, illumination_field, photograph
from coculture.imaging.render.outlines import draw_outlines
from coculture.imaging.render.placement import scatter_cells
from coculture.imaging.render.scene import COMPARTMENTS, CellKind, Optics, Scene, dress_cells

CLEAR = Optics(psf_sigma_um=0, vignetting=0, background=0, haze=0, read_noise=0, photons_per_grey=1e6, offset=0, bit_depth=16)
KINDS = {
    "tumour": CellKind(11, 6.5, 1.3, levels={"dna": (500, 20, 0), "gfp": (150, 600, 0)}),
    "T": CellKind(6, 4.2, 1.1, levels={"dna": (700, 20, 0), "gfp": (0, 0, 400)}),
}


def _grid(n: int = 4, step_um: float = 40.0, kind: str = "tumour") -> pd.DataFrame:
    """Return n × n cells that do not touch."""
    place = (np.arange(n) + 0.5) * step_um
    y, x = np.meshgrid(place, place, indexing="ij")
    return pd.DataFrame({"x_um": x.ravel() + 1.3, "y_um": y.ravel() - 2.1, "cell_type": kind})


def _scene(places: pd.DataFrame, optics: Optics = CLEAR, size: tuple[int, int] = (320, 320), **more: Any) -> Scene:
    channels = ("dna", "gfp")
    cells = dress_cells(np.random.default_rng(3), places, more.pop("kinds", KINDS), channels)
    return Scene(cells, channels, *size, 0.5, optics, **more)


def _mixed(attraction: float, seed: int = 0) -> pd.DataFrame:
    counts, radii = {"tumour": 40, "T": 40}, {"tumour": 11.0, "T": 6.0}
    return scatter_cells(np.random.default_rng(seed), counts, radii, (330, 330), attraction)


def _touching_pairs(rendered: RenderedField) -> set[tuple[int, int]]:
    labels = rendered.cells
    both = [(labels[:, 1:], labels[:, :-1]), (labels[1:], labels[:-1])]
    pairs: set[tuple[int, int]] = set()
    for one, other in both:
        touch = (one != other) & (one > 0) & (other > 0)
        low, high = np.minimum(one[touch], other[touch]), np.maximum(one[touch], other[touch])
        pairs |= set(zip(low.tolist(), high.tolist(), strict=True))
    return pairs


# --- laws of the microscope


@settings(max_examples=20, deadline=None)
@given(sigma=st.floats(0, 9), height=st.integers(20, 90), width=st.integers(20, 90), seed=st.integers(0, 9))
def test_blur_moves_light_and_loses_none(sigma: float, height: int, width: int, seed: int) -> None:
    light = np.random.default_rng(seed).random((height, width), dtype=np.float32) ** 8
    assert blurred(light, sigma).sum(dtype=float) == pytest.approx(light.sum(dtype=float), rel=1e-4)
    assert haze(light, sigma + 1).sum(dtype=float) == pytest.approx(light.sum(dtype=float), rel=1e-4)


def test_a_point_blurs_to_the_declared_width() -> None:
    light = np.zeros((1, 101, 101), np.float32)
    light[0, 50, 50] = 1
    optics = replace(CLEAR, psf_sigma_um=1.5, focus_offset_um=4.0, focus_spread=0.5)
    image = expected_image(light, ("dna",), optics, 0.5)[0].astype(float)
    rows = np.arange(101) - 50
    variance = (image.sum(axis=1) * rows**2).sum() / image.sum()
    assert math.sqrt(variance) * 0.5 == pytest.approx(2.5, rel=0.01)
    assert optics.blur_um == pytest.approx(2.5)


@pytest.mark.parametrize(("grey", "photons"), [(20, 0.5), (400, 0.5), (400, 4.0), (3000, 1.0)])
def test_shot_noise_has_the_variance_of_counting(grey: float, photons: float) -> None:
    optics = replace(CLEAR, photons_per_grey=photons, read_noise=3.0, offset=100.0)
    image = photograph(np.full((1, 400, 400), grey, np.float32), optics, np.random.default_rng(0)).astype(float)
    assert image.mean() == pytest.approx(grey + 100, abs=5 * math.sqrt(grey / photons + 9) / 400)
    assert image.var() == pytest.approx(grey / photons + 9 + 1 / 12, rel=0.02)


def test_shading_divides_out_again() -> None:
    light = np.full((1, 90, 140), 200, np.float32)
    optics = replace(CLEAR, vignetting=0.4, axis_shift=(0.1, -0.05), background=25.0)
    field = illumination_field((90, 140), optics)
    assert field.mean() == pytest.approx(1, abs=1e-6)
    assert field.min() / field.max() == pytest.approx(0.6, abs=0.01)
    np.testing.assert_allclose(expected_image(light, ("dna",), optics, 0.5)[0] / field, 225, rtol=1e-5)
    row, column = np.unravel_index(field.argmax(), field.shape)
    assert (row, column) == pytest.approx((0.6 * 90, 0.45 * 140), abs=1)


def test_bleed_through_is_linear_and_goes_one_way() -> None:
    rng = np.random.default_rng(0)
    light = rng.random((2, 60, 60), dtype=np.float32) * 100
    optics = replace(CLEAR, psf_sigma_um=0.5, haze=0.1, bleed_through={"gfp": {"dna": 0.2}})
    plain = expected_image(light, ("dna", "gfp"), replace(optics, bleed_through={}), 0.5)
    mixed = expected_image(light, ("dna", "gfp"), optics, 0.5)
    np.testing.assert_allclose(mixed[0], plain[0], rtol=1e-5)
    np.testing.assert_allclose(mixed[1], plain[1] + 0.2 * plain[0], rtol=1e-5)
    np.testing.assert_allclose(expected_image(3 * light, ("dna", "gfp"), optics, 0.5), 3 * mixed, rtol=1e-4)
    assert bleed_matrix(("dna", "gfp"), optics).tolist() == [[1, 0], [0.2, 1]]


def test_the_camera_saturates_and_never_wraps() -> None:
    expected = np.full((1, 50, 50), 300, np.float32)
    assert photograph(expected, replace(CLEAR, bit_depth=8), np.random.default_rng(0)).max() == 255
    dark = photograph(0 * expected, replace(CLEAR, read_noise=5.0), np.random.default_rng(0))
    assert (dark.min(), dark.max() < 40) == (0, True)


def test_an_objective_gives_the_published_width() -> None:
    sigma, spread = Optics.from_objective(0.75, 0.52)
    assert sigma == pytest.approx(0.225 * 0.52 / 0.75, rel=0.001)
    assert spread == pytest.approx(0.75 / math.sqrt(1 - 0.75**2) / 2)
    with pytest.raises(InputError, match=r"no objective has NA 1\.2 in a medium"):
        Optics.from_objective(1.2, 0.52)


# --- the truth is true


def test_nuclei_and_cells_lie_where_the_truth_says() -> None:
    rendered = render_field(_scene(_grid()), np.random.default_rng(0))
    truth = rendered.truth
    assert truth["cell_id"].tolist() == list(range(1, 17))
    for labels, column in ((rendered.nuclei, "nucleus_area_um2"), (rendered.cells, "area_um2")):
        centres = np.array(ndimage.center_of_mass(labels > 0, labels, truth["cell_id"])) + 0.5
        offset = centres - truth[["y_um", "x_um"]].to_numpy() / 0.5
        assert np.abs(offset[:, 0] if column == "area_um2" else offset).max() < (2 if column == "area_um2" else 0.5)
        areas = np.bincount(labels.ravel())[1:] * 0.25
        np.testing.assert_allclose(truth[column], areas)
    sizes = _scene(_grid()).cells
    np.testing.assert_allclose(truth["area_um2"], math.pi * sizes["radius_um"] ** 2, rtol=0.03)
    np.testing.assert_allclose(truth["nucleus_area_um2"], math.pi * sizes["nucleus_radius_um"] ** 2, rtol=0.04)


def test_every_compartment_shines_as_its_level_says() -> None:
    scene = _scene(_grid(), texture=0.4)
    outlines = draw_outlines(scene, np.random.default_rng(0))
    light = specimen(scene, outlines, np.random.default_rng(1))
    cytoplasm = np.where(outlines.nuclei > 0, 0, outlines.cells)
    ids = np.arange(1, 17)
    for number, channel in enumerate(scene.channels):
        for labels, place in ((outlines.nuclei, "nucleus"), (cytoplasm, "cytoplasm")):
            np.testing.assert_allclose(ndimage.mean(light[number], labels, ids), scene.cells[f"{channel}_{place}"], rtol=1e-4)
    assert light[:, outlines.cells == 0].max() == 0
    inside = ndimage.standard_deviation(light[0], outlines.nuclei, ids) / ndimage.mean(light[0], outlines.nuclei, ids)
    assert inside.min() > 0.1


def test_crowded_cells_share_borders_and_keep_their_nuclei() -> None:
    rendered = render_field(_scene(_mixed(0.5), size=(660, 660)), np.random.default_rng(0))
    own = rendered.nuclei > 0
    assert np.array_equal(rendered.cells[own], rendered.nuclei[own])
    assert len(_touching_pairs(rendered)) > 20
    pieces = [ndimage.label(rendered.cells == number)[1] for number in rendered.truth["cell_id"]]
    assert set(pieces) == {1}


def test_two_discs_that_overlap_part_half_way() -> None:
    places = pd.DataFrame({"x_um": [60.0, 75.0], "y_um": [80.0, 80.0], "cell_type": ["tumour"] * 2})
    round_ = {"tumour": replace(KINDS["tumour"], aspect=1.0, size_variation=0.0)}
    rendered = render_field(_scene(places, kinds=round_, irregularity=0.0), np.random.default_rng(0))
    columns = np.arange(320)
    assert columns[(rendered.cells == 1).any(axis=0)].max() == 134
    assert columns[(rendered.cells == 2).any(axis=0)].min() == 135
    lens = 2 * 121 * math.acos(7.5 / 11) - 7.5 * math.sqrt(4 * 121 - 15**2)
    np.testing.assert_allclose(rendered.truth["area_um2"], math.pi * 121 - lens / 2, rtol=0.01)


def test_a_membrane_is_a_rim_one_pixel_wide() -> None:
    scene = _scene(_grid(kind="T"), texture=0.0)
    outlines = draw_outlines(scene, np.random.default_rng(0))
    light = specimen(scene, outlines, np.random.default_rng(0))[1]
    inner = ndimage.binary_erosion(outlines.cells > 0)
    assert light[inner].max() == 0
    rim = (outlines.cells > 0) & ~inner
    np.testing.assert_allclose(light[rim], scene.cells["gfp_membrane"].to_numpy()[outlines.cells[rim] - 1], rtol=1e-5)


def test_cells_at_the_edge_are_cut_and_cells_outside_are_not_there() -> None:
    places = pd.DataFrame({"x_um": [0.0, 80.0, -50.0], "y_um": [80.0, 80.0, 80.0], "cell_type": ["tumour"] * 3})
    alike = {"tumour": replace(KINDS["tumour"], size_variation=0.0)}
    truth = render_field(_scene(places, kinds=alike), np.random.default_rng(0)).truth
    assert truth["cell_id"].tolist() == [1, 2]
    assert truth["touches_border"].tolist() == [True, False]
    assert truth["area_um2"][0] == pytest.approx(0.5 * truth["area_um2"][1], rel=0.15)


def test_the_same_generator_gives_the_same_pixels_and_another_does_not() -> None:
    scene = _scene(_mixed(0.0), Optics(), debris=3)
    one, same, other = (render_field(scene, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.pixels, same.pixels)
    assert not np.array_equal(one.pixels, other.pixels)
    assert one.pixels.dtype == np.uint16
    assert one.pixels.max() <= one.max_value == 4095


def test_a_field_without_cells_is_background() -> None:
    empty = render_field(_scene(_grid().iloc[:0], Optics(vignetting=0.0)), np.random.default_rng(0))
    assert len(empty.truth) == 0
    assert empty.cells.max() == 0
    assert empty.pixels.mean() == pytest.approx(130, abs=0.5)


def test_debris_is_bright_and_no_cell() -> None:
    clean, dirty = (render_field(_scene(_grid(), debris=number), np.random.default_rng(0)) for number in (0, 6))
    assert (dirty.pixels > 30_000).mean() > 2 * (clean.pixels > 30_000).mean()
    assert np.array_equal(clean.cells, dirty.cells)


# --- planted effects


def test_a_marker_that_moves_into_the_nucleus_changes_the_ratio_it_was_planted_with() -> None:
    def ratio(nucleus: float, cytoplasm: float) -> float:
        kind = {"tumour": replace(KINDS["tumour"], levels={"dna": (500, 20, 0), "gfp": (nucleus, cytoplasm, 0)})}
        rendered = render_field(_scene(_grid(), Optics(vignetting=0.0), kinds=kind), np.random.default_rng(0))
        deep = ndimage.binary_erosion(rendered.nuclei > 0, iterations=3)
        body = ndimage.binary_erosion((rendered.cells > 0) & (rendered.nuclei == 0), iterations=3)
        ground = np.median(rendered.pixels[1][rendered.cells == 0])
        return float((rendered.pixels[1][deep].mean() - ground) / (rendered.pixels[1][body].mean() - ground))

    assert ratio(150, 600) == pytest.approx(0.25, abs=0.12)
    assert ratio(600, 300) == pytest.approx(2.0, rel=0.2)


def test_attraction_alone_changes_contacts_between_types_at_equal_counts() -> None:
    def mixed_contacts(attraction: float) -> float:
        found = []
        for seed in range(4):
            rendered = render_field(_scene(_mixed(attraction, seed), size=(660, 660)), np.random.default_rng(seed))
            kind = dict(zip(rendered.truth["cell_id"], rendered.truth["cell_type"], strict=True))
            found.append(sum(kind[a] != kind[b] for a, b in _touching_pairs(rendered)))
            assert rendered.truth["cell_type"].value_counts().to_dict() == {"tumour": 40, "T": 40}
        return float(np.mean(found))

    parted, chance, drawn = mixed_contacts(-1.0), mixed_contacts(0.0), mixed_contacts(0.8)
    assert parted < 0.2 * chance
    assert drawn > 2 * chance


def test_the_hard_core_is_kept_and_the_margin_too() -> None:
    cells = scatter_cells(np.random.default_rng(0), {"a": 60, "b": 60}, 8.0, (300, 400), 0.5, spacing=0.9, margin_um=10)
    place = cells[["y_um", "x_um"]].to_numpy()
    distance = np.linalg.norm(place[:, None] - place[None], axis=2) + 1e9 * np.eye(120)
    assert distance.min() >= 0.9 * 16 - 1e-9
    assert place.min() >= 10
    assert place[:, 0].max() <= 290
    assert place[:, 1].max() <= 390
    assert cells["cell_type"].value_counts().to_dict() == {"a": 60, "b": 60}


# --- the kernel and its plain twin


def _claimed_plainly(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    angle: NDArray[np.float64],
    aspect: NDArray[np.float64],
    outline: NDArray[np.float64],
    height: int,
    width: int,
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    rows, columns = np.mgrid[:height, :width] + 0.5
    best = np.zeros((height, width))
    owner, relative = np.zeros((height, width), np.int32), np.ones((height, width))
    for i in range(x.size):
        turned = np.exp(-1j * angle[i]) * ((columns - x[i]) + 1j * (rows - y[i]))
        plane = turned.real / math.sqrt(aspect[i]) + 1j * turned.imag * math.sqrt(aspect[i])
        knots = np.arange(outline.shape[1] + 1) * 2 * math.pi / outline.shape[1]
        radius = np.interp(np.angle(plane) % (2 * math.pi), knots, np.append(outline[i], outline[i, 0]))
        depth = radius - np.abs(plane)
        wins = depth > best
        best[wins], owner[wins] = depth[wins], i + 1
        relative[wins] = (np.abs(plane) / radius)[wins]
    return owner, relative


@pytest.mark.kernel
def test_the_kernel_agrees_with_its_plain_twin() -> None:
    rng = np.random.default_rng(0)
    n = 12
    x, y, angle = rng.uniform(-5, 85, n), rng.uniform(-5, 65, n), rng.uniform(0, math.pi, n)
    arguments = (x, y, angle, rng.uniform(1, 2, n), rng.uniform(6, 14, (n, 16)), 60, 80)
    owner, relative = claim_pixels(*arguments)
    plain_owner, plain_relative = _claimed_plainly(*arguments)
    assert (owner != plain_owner).sum() <= 2  # ties of rounding
    same = owner == plain_owner
    np.testing.assert_allclose(relative[same], plain_relative[same], atol=1e-5)


# --- what cannot be is refused


def test_scenes_that_cannot_be_are_refused() -> None:
    good = _scene(_grid())
    with pytest.raises(InputError, match="lacks gfp_membrane"):
        replace(good, cells=good.cells.drop(columns="gfp_membrane"))
    with pytest.raises(InputError, match="0 × 320 pixels"):
        replace(good, height_px=0)
    with pytest.raises(InputError, match="not above 0"):
        replace(good, cells=good.cells.assign(radius_um=0.0))
    with pytest.raises(InputError, match="no CellKind describes the type B"):
        dress_cells(np.random.default_rng(0), _grid(kind="B"), KINDS, ("dna",))
    assert [f"dna_{place}" in good.cells for place in COMPARTMENTS] == [True] * 3


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vignetting": 1.0}, "vignetting is 1"),
        ({"photons_per_grey": 0.0}, "photons_per_grey is 0"),
        ({"bit_depth": 17}, "bit_depth is 17"),
        ({"haze": float("nan")}, "haze is nan"),
    ],
)
def test_optics_that_cannot_be_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        replace(CLEAR, **change)


@pytest.mark.parametrize("bleed", [{"rfp": {"dna": 0.1}}, {"gfp": {"rfp": 0.1}}, {"gfp": {"gfp": 0.1}}, {"gfp": {"dna": 2.0}}])
def test_bleed_through_that_cannot_be_is_refused(bleed: dict[str, dict[str, float]]) -> None:
    with pytest.raises(InputError, match="bleed-through of"):
        bleed_matrix(("dna", "gfp"), replace(CLEAR, bleed_through=bleed))


def test_places_that_cannot_be_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match=r"attraction of 1\.5"):
        scatter_cells(rng, {"a": 1}, 5.0, (100, 100), 1.5)
    with pytest.raises(InputError, match="no room inside a margin"):
        scatter_cells(rng, {"a": 1}, 5.0, (100, 100), margin_um=50)
    with pytest.raises(InputError, match="count is below 0"):
        scatter_cells(rng, {"a": -1}, 5.0, (100, 100))
    with pytest.raises(InputError, match="no radius above 0 for the type b"):
        scatter_cells(rng, {"a": 1, "b": 1}, {"a": 5.0}, (100, 100))
    with pytest.raises(ValueError, match="no free place for cell"):
        scatter_cells(rng, {"a": 100}, 10.0, (100, 100))
