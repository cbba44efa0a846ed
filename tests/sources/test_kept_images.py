"""Images are kept at hand while they are few, and come back the same where they are read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import tifffile

from coculture.imaging.read.index import ImageIndex
from coculture.imaging.read.opening import open_images
from coculture.plate.layout import Layout
from coculture.sources.field_analysis import FieldAnalysis, FieldSettings, analyse_field
from coculture.sources.kept_images import KeptImages
from coculture.store.images.field import FieldImages, FieldOnDemand


@pytest.fixture
def film(tmp_path: Path) -> tuple[ImageIndex, list[FieldAnalysis]]:
    """One bright square that moves, at three times."""
    for frame in range(3):
        pixels = np.full((48, 64), 100, np.uint16)
        pixels[10:26, 10 + 5 * frame : 26 + 5 * frame] = 900
        tifffile.imwrite(tmp_path / f"A01_t{frame}_dna.tif", pixels)
    pattern = r"(?P<well>A\d\d)_t(?P<t>\d)_(?P<channel>\w+)\.tif"
    index = open_images(
        tmp_path, pattern, {"dna": "dna"}, layout=Layout.of(6), pixel_size_um=0.65, plate_name="P", time_step_min=5.0
    )
    fields = [index.read("P", "A01", 1, t) for t in range(3)]
    return index, [analyse_field(seen, seen.pixels.astype(np.float32), FieldSettings()) for seen in fields]


def test_beyond_what_may_be_held_images_are_read_again_and_are_the_same(film: tuple[ImageIndex, list[FieldAnalysis]]) -> None:
    index, analyses = film
    one_field = analyses[0].field.pixels.nbytes + sum(labels.nbytes for labels in analyses[0].labels.values())
    kept = KeptImages(index, held_bytes=one_field)
    for t_index, one in enumerate(analyses):
        kept.add(one, t_index)
    first, *later = kept.fields
    assert isinstance(first, FieldImages)
    for one, demanded in zip(analyses[1:], later, strict=True):
        assert isinstance(demanded, FieldOnDemand)
        found = demanded.load()
        assert (found.site, found.t_min) == (demanded.site, demanded.t_min) == (1, one.field.t_min)
        assert np.array_equal(found.pixels, one.field.pixels)
        assert found.labels.keys() == one.labels.keys()
        assert all(np.array_equal(found.labels[name], one.labels[name]) for name in one.labels)
        assert found.labels["nuclei"].max() == 1
