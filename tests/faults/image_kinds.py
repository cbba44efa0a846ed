"""Faults that strike images: before the check the run is refused and names the file, after it the well fails alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from drawn_faults import Fault
from file_kinds import damage, flip_bit
from numpy.typing import NDArray
from result_bytes import bytes_of
from small_screen import map_text
from stage import Stage

from coculture.store.checksums import hash_file
from coculture.store.provenance import read_run_json

ROWS = (
    *[f"A0{column},negative,,0" for column in range(1, 7)],
    *[f"B0{column},positive,killer,10" for column in range(1, 4)],
    *[f"C0{column},treatment,alpha,{dose}" for column, dose in enumerate((1, 2, 4), start=1)],
)
WELLS = tuple(row[:3] for row in ROWS)


def draw_images(folder: Path) -> None:
    """Draw a disc for each well and channel, packed with a check sum, so that a flipped bit cannot be read."""
    y, x = np.mgrid[:64, :64] - 32
    for number, well in enumerate(WELLS):
        for channel in ("dna", "gfp"):
            pixels = 10 + (y * y + x * x) % 7 + (200 + number) * (y * y + x * x < 81)
            tifffile.imwrite(folder / f"{well}_s1_{channel}.tif", pixels.astype(np.uint16), compression="zlib")


def _image(stage: Stage, fault: Fault) -> Path:
    return Path(stage.order["recipe"]).parent / "images" / f"{WELLS[fault.well]}_s1_gfp.tif"


def _spoilt(stage: Stage, fault: Fault, content: bytes) -> None:
    """Put spoilt bytes in place of an image after the check, and expect its well alone to fail."""
    image = _image(stage, fault)
    whole, spoilt = image.read_bytes(), stage.results.parent / "spoilt.tif"
    spoilt.write_bytes(content)
    ended = stage.run(spoil=[[str(spoilt), str(image)]])
    assert ended.code == 3, ended.told
    assert image.name in ended.told
    assert stage.wells("failed") == {WELLS[fault.well]}
    assert stage.wells("done") == set(WELLS) - {WELLS[fault.well]}
    assert not list(stage.results.rglob(f"well={WELLS[fault.well]}.*"))
    stage.require_whole_files()
    image.write_bytes(whole)
    stage.require_recovery()


def _refused(stage: Stage, fault: Fault, content: bytes | None, path: Path | None = None) -> None:
    """Spoil an image, or another file, before the check, and expect a refusal that names its well and leaves nothing behind.

    None takes the file away.
    """
    path = path or _image(stage, fault)
    whole = path.read_bytes() if path.exists() else None
    _put(path, content)
    ended = stage.run()
    assert ended.code == 2, ended.told
    assert WELLS[fault.well] in ended.told
    assert "→" in ended.told
    assert not stage.results.exists()
    _put(path, whole)
    stage.require_recovery()


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink()
    else:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)


def _unlike(stage: Stage, fault: Fault, pixels: NDArray[Any], **how: Any) -> None:
    """Put an image unlike the others in place of one, before the check or after it."""
    other = stage.results.parent / "other.tif"
    tifffile.imwrite(other, pixels, compression="zlib", **how)
    (_refused if fault.moment < 0.5 else _spoilt)(stage, fault, other.read_bytes())


def truncated(stage: Stage, fault: Fault) -> None:
    """The copying of an image was cut off."""
    whole = _image(stage, fault).read_bytes()
    _spoilt(stage, fault, whole[: int(fault.moment * 0.9 * len(whole))])


def flipped_bit(stage: Stage, fault: Fault) -> None:
    """One bit of the packed pixels is turned over."""
    image = _image(stage, fault)
    whole = image.read_bytes()
    with tifffile.TiffFile(image) as file:
        page = file.pages.first
        start, count = page.dataoffsets[0], page.databytecounts[0]
    pixels = flip_bit(whole[start : start + count], fault.moment)
    _spoilt(stage, fault, whole[:start] + pixels + whole[start + count :])


def missing_channel(stage: Stage, fault: Fault) -> None:
    """One channel of one well is not there."""
    _refused(stage, fault, None)


def mixed_sizes(stage: Stage, fault: Fault) -> None:
    """One image is larger than the others."""
    _unlike(stage, fault, np.zeros((64, 96), np.uint16))


def mixed_bits(stage: Stage, fault: Fault) -> None:
    """One image has 8 bits, the others 16."""
    _unlike(stage, fault, (tifffile.imread(_image(stage, fault)) // 2).astype(np.uint8))


def mixed_planes(stage: Stage, fault: Fault) -> None:
    """One image has more focal planes than the others, in its file or as a file of its own."""
    image = _image(stage, fault)
    if fault.well % 2:
        _unlike(stage, fault, np.stack([tifffile.imread(image)] * (2 + fault.well % 3)), photometric="minisblack")
        return
    recipe = Path(stage.order["recipe"])
    recipe.write_text(recipe.read_text().replace('pattern = "plain"', 'pattern = "plain"\nz = "max"'))
    stage.finish_anew()
    _refused(stage, fault, image.read_bytes(), image.with_name(f"{WELLS[fault.well]}_s1_z2_gfp.tif"))


def duplicate_well(stage: Stage, fault: Fault) -> None:
    """A well is there twice: its files in a second folder or under a second ending, or its row in the plate map."""
    image = _image(stage, fault)
    if fault.moment < 0.4:
        _refused(stage, fault, image.read_bytes(), image.parent / "again" / image.name)
    elif fault.moment < 0.6:
        _refused(stage, fault, image.read_bytes(), image.with_suffix(".tiff"))
    else:
        row = ROWS[fault.well] if fault.moment < 0.8 else f"{WELLS[fault.well]},positive,killer,20"
        _refused(stage, fault, map_text((*ROWS, row)).encode(), Path(stage.order["recipe"]).parent / "map.csv")


def _uniform(stage: Stage, fault: Fault, value: int) -> None:
    """A well of images without anything in them hurts no other well."""
    images = [_image(stage, fault), _image(stage, fault).with_name(f"{WELLS[fault.well]}_s1_dna.tif")]
    whole = [image.read_bytes() for image in images]
    for image in images:
        tifffile.imwrite(image, np.full((64, 64), value, np.uint16), compression="zlib")
    ended = stage.run()
    assert ended.code in (0, 3), ended.told
    stage.require_whole_files()
    mine = f"well={WELLS[fault.well]}.parquet"
    others = {name: hashed for name, hashed in bytes_of(stage.results).items() if name.startswith("cells/")}
    assert len(others) >= len(WELLS) - 1
    assert all(stage.expected[name] == hashed for name, hashed in others.items() if not name.endswith(mine))
    for image, content in zip(images, whole, strict=True):
        image.write_bytes(content)
    assert stage.run(arguments=["--fresh"]).code == 0
    assert bytes_of(stage.results) == stage.expected


def empty(stage: Stage, fault: Fault) -> None:
    """The camera saw nothing."""
    _uniform(stage, fault, 0)


def saturated(stage: Stage, fault: Fault) -> None:
    """The camera saw too much."""
    _uniform(stage, fault, 65535)


def changed_before_run(stage: Stage, fault: Fault) -> None:
    """An image becomes another, whole one after the check: its hash is that of what was measured, and tells later.

    Where the old image comes back, going on is refused; so it is where its size alone has changed.
    """
    image, other = _image(stage, fault), stage.results.parent / "other.tif"
    whole = image.read_bytes()
    tifffile.imwrite(other, tifffile.imread(image) + np.uint16(7), compression="zlib")
    assert stage.run(spoil=[[str(other), str(image)]]).code == 0
    assert read_run_json(stage.results)["inputs"][image.name] == hash_file(other)
    assert bytes_of(stage.results) != stage.expected
    image.write_bytes(whole)
    ended = stage.run()
    assert ended.code == 2
    assert f"{image.name} has changed since this run began" in ended.told
    assert "--fresh" in ended.told
    assert stage.run(arguments=["--fresh"]).code == 0
    assert bytes_of(stage.results) == stage.expected


def changed(stage: Stage, fault: Fault) -> None:
    """An image is another one, or gone, when the run goes on."""
    stage.finish()
    image = _image(stage, fault)
    whole = image.read_bytes()
    _put(image, flip_bit(whole, fault.moment * 0.99) if fault.well % 3 else None)
    ended = stage.run()
    assert ended.code == 2, ended.told
    assert (image.name if fault.well % 3 else WELLS[fault.well]) in ended.told
    image.write_bytes(whole)
    stage.require_recovery()


def corrupt_light(stage: Stage, fault: Fault) -> None:
    """What was learnt of the plate's light is cut, changed or lost when a well is still to be done: it is learnt anew."""
    stage.finish()
    shards = sorted(path for path in (stage.results / "images").rglob("illumination/*/0/c/0/0"))
    shard = shards[int(fault.moment * 10) % len(shards)]
    shard.unlink() if fault.well % 3 == 0 else damage(shard, fault)
    well = WELLS[fault.well]
    (table,) = stage.results.glob(f"cells/*/well={well}.parquet")
    table.unlink()
    stage.require_recovery(again=frozenset({well}))
