"""A campaign of random faults: no finished well lost, no half file, a clear message, and the same bytes in the end.

By default one fault of each kind strikes; ``make faults`` draws more than a hundred (``COCULTURE_FAULTS``). Each fault is
made to strike for certain: a run that was over before is a failure of the test.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import cluster_kinds
import disk_kinds
import file_kinds
import image_kinds
import process_kinds
import pytest
import virtual_kinds
from drawn_faults import IMAGE_KINDS, KINDS, VIRTUAL_KINDS, Fault, drawn
from driven_runs import Driver
from result_bytes import bytes_of
from small_screen import RECIPE, map_text
from stage import Stage

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
PLAYS: tuple[Callable[[Stage, Fault], None], ...] = (
    *(process_kinds.worker_killed, process_kinds.parent_killed, process_kinds.sigterm, process_kinds.ctrl_c),
    *(process_kinds.second_run, process_kinds.lock_of_the_dead),
    *(disk_kinds.disk_full, disk_kinds.file_limit, disk_kinds.read_only, disk_kinds.folder_unusable),
    *(cluster_kinds.worker_lost, cluster_kinds.scheduler_lost),
    *(file_kinds.corrupt_table, file_kinds.corrupt_index, file_kinds.corrupt_chunk),
    *(file_kinds.clock_back, file_kinds.out_of_memory),
    *(virtual_kinds.worker_killed, virtual_kinds.parent_killed),
    *(image_kinds.truncated, image_kinds.flipped_bit, image_kinds.missing_channel),
    *(image_kinds.mixed_sizes, image_kinds.mixed_bits, image_kinds.mixed_planes, image_kinds.duplicate_well),
    *(image_kinds.empty, image_kinds.saturated, image_kinds.changed_before_run, image_kinds.changed),
    image_kinds.corrupt_light,
)
PLAY_OF = dict(zip(KINDS, PLAYS, strict=True))
FAULTS = drawn(int(os.environ.get("COCULTURE_FAULTS", len(KINDS))))
IN_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module", autouse=True)
def end_of_cluster() -> Iterator[None]:
    yield
    cluster_kinds.THE_CLUSTER.end()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: a campaign waits for the disk otherwise."""
    if not os.access(IN_MEMORY, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=IN_MEMORY) as name:
        yield Path(name)


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path | str]:
    """Return the recipe of each sort of wells; those that are made up have none."""
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "images").mkdir()
    image_kinds.draw_images(folder / "images")
    (folder / "map.csv").write_text(map_text(image_kinds.ROWS))
    drawn_screen = folder / "screen.toml"
    drawn_screen.write_text(RECIPE.replace("[plate]", '[illumination]\nmethod = "none"\n[plate]'))
    return {"made up": "", "drawn": drawn_screen, "virtual": virtual_kinds.write_dosed(tmp_path_factory.mktemp("virtual"))}


@pytest.fixture(scope="module")
def undisturbed(
    driver: Driver, screens: dict[str, Path | str], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], tuple[Path, dict[str, str]]]:
    """Give a function that returns the results folder of a run that nobody disturbs, and its bytes."""

    @cache
    def run(wells: str) -> tuple[Path, dict[str, str]]:
        results = tmp_path_factory.mktemp("undisturbed") / "results"
        ended = driver.run(results, recipe=screens[wells])
        assert (ended.code, ended.told) == (0, "")
        return results, bytes_of(results)

    return run


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_fault(
    fault: Fault,
    driver: Driver,
    screens: dict[str, Path | str],
    undisturbed: Callable[[str], tuple[Path, dict[str, str]]],
    folder: Path,
    record_property: Callable[[str, object], None],
) -> None:
    wells = "drawn" if fault.kind in IMAGE_KINDS else "virtual" if fault.kind in VIRTUAL_KINDS else "made up"
    order, recipe = {}, screens[wells]
    if isinstance(recipe, Path):
        shutil.copytree(recipe.parent, folder / "screen")
        order = {"recipe": str(folder / "screen" / "screen.toml"), "kernels": str(recipe)}
    stage = Stage(driver, folder / "results", *undisturbed(wells), order)
    PLAY_OF[fault.kind](stage, fault)
    for note in stage.notes:
        record_property("played otherwise", note)


def test_the_campaign_is_the_same_each_time_and_holds_every_kind() -> None:
    assert drawn(100) == drawn(100)
    assert {fault.kind for fault in drawn(100)} == set(KINDS)


def test_the_virtual_wells_have_courses_doses_and_medium(undisturbed: Callable[[str], tuple[Path, dict[str, str]]]) -> None:
    _, files = undisturbed("virtual")
    assert {"cells", "contacts", "courses", "doses"} <= {name.split("/")[0] for name in files}
    assert list(undisturbed("virtual")[0].glob("medium/*/*.npz"))
