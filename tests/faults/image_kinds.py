"""Faults that strike images: before the check the run is refused and names the file, after it the well fails alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import tifffile
from drawn_faults import Fault
from file_kinds import finish, flip_bit
from result_bytes import bytes_of
from stage import Stage

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
    lines = stage.ledger()
    assert [WELLS[fault.well] in line for line in lines if '"failed"' in line] == [True]
    assert len(lines) == len(WELLS)
    stage.require_whole_files()
    image.write_bytes(whole)
    stage.require_recovery()


def _refused(stage: Stage, fault: Fault, content: bytes | None) -> None:
    """Spoil an image before the check, and expect a refusal that names its well and leaves nothing behind."""
    image = _image(stage, fault)
    whole = image.read_bytes()
    if content is None:
        image.unlink()
    else:
        image.write_bytes(content)
    ended = stage.run()
    assert ended.code == 2, ended.told
    assert WELLS[fault.well] in ended.told
    assert not stage.results.exists()
    image.write_bytes(whole)
    stage.require_recovery()


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
    other = stage.results.parent / "other.tif"
    tifffile.imwrite(other, np.zeros((64, 96), np.uint16), compression="zlib")
    (_refused if fault.moment < 0.5 else _spoilt)(stage, fault, other.read_bytes())


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


def changed(stage: Stage, fault: Fault) -> None:
    """An image is another one when the run goes on."""
    finish(stage)
    image = _image(stage, fault)
    whole = image.read_bytes()
    image.write_bytes(flip_bit(whole, fault.moment * 0.99))
    ended = stage.run()
    assert ended.code == 2, ended.told
    assert image.name in ended.told
    image.write_bytes(whole)
    stage.require_recovery()
