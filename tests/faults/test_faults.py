"""A campaign of random faults: no finished well lost, no half file, a clear message, and the same bytes in the end.

By default one fault of each kind strikes; ``make faults`` draws a hundred (``COCULTURE_FAULTS``).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import file_kinds
import image_kinds
import process_kinds
import pytest
from drawn_faults import IMAGE_KINDS, KINDS, Fault, drawn
from result_bytes import bytes_of
from small_screen import RECIPE, map_text
from stage import Driver, Stage

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
PLAYS = (
    *(process_kinds.worker_killed, process_kinds.parent_killed, process_kinds.sigterm, process_kinds.ctrl_c),
    *(process_kinds.disk_full, process_kinds.folder_unusable, process_kinds.second_run),
    *(file_kinds.corrupt_table, file_kinds.corrupt_index, file_kinds.clock_back, file_kinds.out_of_memory),
    *(image_kinds.truncated, image_kinds.flipped_bit, image_kinds.missing_channel, image_kinds.mixed_sizes),
    *(image_kinds.empty, image_kinds.saturated, image_kinds.changed),
)
PLAY_OF = dict(zip(KINDS, PLAYS, strict=True))
FAULTS = drawn(int(os.environ.get("COCULTURE_FAULTS", len(KINDS))))
IN_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    started = Driver.started()
    with started.process as process:
        yield started
        assert process.stdin is not None
        process.stdin.close()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: a campaign waits for the disk otherwise."""
    if not os.access(IN_MEMORY, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=IN_MEMORY) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def drawn_screen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "images").mkdir()
    image_kinds.draw_images(folder / "images")
    (folder / "map.csv").write_text(map_text(image_kinds.ROWS))
    (folder / "screen.toml").write_text(RECIPE.replace("[plate]", '[illumination]\nmethod = "none"\n[plate]'))
    return folder


@pytest.fixture(scope="module")
def expected(driver: Driver, drawn_screen: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Return the bytes of runs that nobody disturbs, by recipe."""
    found = {}
    for recipe in ("", str(drawn_screen / "screen.toml")):
        results = tmp_path_factory.mktemp("undisturbed") / "results"
        ended = driver.run(results, recipe=recipe)
        assert (ended.code, ended.told) == (0, "")
        found[recipe] = bytes_of(results)
    return dict(zip(("made up", "drawn"), found.values(), strict=True))


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_fault(fault: Fault, driver: Driver, drawn_screen: Path, expected: dict[str, dict[str, str]], folder: Path) -> None:
    order, which = {}, "made up"
    if fault.kind in IMAGE_KINDS:
        shutil.copytree(drawn_screen, folder / "screen")
        order, which = {"recipe": str(folder / "screen" / "screen.toml")}, "drawn"
    PLAY_OF[fault.kind](Stage(driver, folder / "results", expected[which], order), fault)


def test_the_campaign_is_the_same_each_time_and_holds_every_kind() -> None:
    assert drawn(100) == drawn(100)
    assert {fault.kind for fault in drawn(100)} == set(KINDS)
