"""The demo's assay shows what is planted in it, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from coculture.errors import InputError
from coculture.imaging.render.assay import EFFECTOR, KINDS, TUMOUR, Assay, Planted, assay_scene, translocated
from coculture.imaging.render.field import RenderedField, render_field

SMALL = Assay(size_px=(400, 400), n_tumour=27, n_effector=34)


def _measured(planted: Planted) -> dict[str, float]:
    """Return means over six fields: cells of each type, reporter ratio of tumour cells, effector cells touching a tumour cell."""
    rows = [_of_field(_rendered(planted, seed)) for seed in range(6)]
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def _rendered(planted: Planted, seed: int) -> RenderedField:
    rng = np.random.default_rng(seed)
    return render_field(assay_scene(rng, planted, SMALL), rng)


def _of_field(rendered: RenderedField) -> dict[str, float]:
    truth = rendered.truth.set_index("cell_id")
    tumour = truth.index[truth["cell_type"] == TUMOUR].to_numpy()
    effector = truth.index[truth["cell_type"] == EFFECTOR].to_numpy()
    grey = rendered.pixels[1] - np.median(rendered.pixels[1][rendered.cells == 0])
    cytoplasm = np.where(rendered.nuclei > 0, 0, rendered.cells)
    inside, outside = ndimage.mean(grey, rendered.nuclei, tumour), ndimage.mean(grey, cytoplasm, tumour)
    beside_tumour = ndimage.binary_dilation(np.isin(rendered.cells, tumour))
    touching = ndimage.maximum(beside_tumour, rendered.cells, effector)
    return {
        "tumour": len(tumour),
        "effector": len(effector),
        "ratio": float(np.median(np.asarray(inside) / np.asarray(outside))),
        "touching": float(np.mean(touching)),
    }


@pytest.fixture(scope="module")
def untreated() -> dict[str, float]:
    return _measured(Planted())


def test_killing_removes_one_type(untreated: dict[str, float]) -> None:
    found = _measured(Planted(kill_tumour=0.6))
    assert found["tumour"] == pytest.approx(0.4 * untreated["tumour"], rel=0.25)
    assert found["effector"] == pytest.approx(untreated["effector"], rel=0.25)


def test_translocation_raises_the_ratio_and_moves_no_cell(untreated: dict[str, float]) -> None:
    found = _measured(Planted(translocation=0.5))
    assert found["ratio"] > 3 * untreated["ratio"]
    for name in ("tumour", "effector", "touching"):
        assert found[name] == pytest.approx(untreated[name], rel=0.1)


def test_parting_lowers_contact_at_equal_counts(untreated: dict[str, float]) -> None:
    found = _measured(Planted(parting=1.0))
    assert found["touching"] < 0.6 * untreated["touching"]
    for name in ("tumour", "effector"):
        assert found[name] == pytest.approx(untreated[name], rel=0.1)
    assert found["ratio"] == pytest.approx(untreated["ratio"], rel=0.1)


def test_translocation_keeps_the_light_of_the_cell() -> None:
    kind = KINDS[TUMOUR]
    inner, whole = kind.nucleus_radius_um**2, kind.radius_um**2

    def total(levels: tuple[float, float, float]) -> float:
        return levels[0] * inner + levels[1] * (whole - inner)

    moved = translocated(kind, "gfp", 0.3).levels
    assert total(moved["gfp"]) == pytest.approx(total(kind.levels["gfp"]))
    assert moved["gfp"][1] == pytest.approx(0.7 * kind.levels["gfp"][1])
    assert moved["dna"] == kind.levels["dna"]


def test_a_share_outside_0_to_1_is_refused() -> None:
    with pytest.raises(InputError, match=r"parting is 1\.5"):
        Planted(parting=1.5)
