"""A virtual run that is killed goes on and ends with the bytes of one that nobody disturbed, photographs included."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from driven_runs import Driver, killing
from result_bytes import bytes_of
from virtual_recipe import RECIPE, write_virtual

KILLS = 4
PHOTOGRAPHED = RECIPE.replace(
    "[[source.seeding]]",
    "[source.render]\npixel_size_um = 2.0\n[source.render.markers.tumour]\ndna = [900, 0, 0]\n[[source.seeding]]",
    1,
)


@dataclass
class Screen:
    """A recipe, what a run of it that nobody killed wrote, and how long that took."""

    recipe: Path
    files: dict[str, str]
    seconds: float


@pytest.fixture(scope="module")
def screen(driver: Driver, tmp_path_factory: pytest.TempPathFactory) -> Screen:
    folder = tmp_path_factory.mktemp("undisturbed")
    recipe = write_virtual(folder, PHOTOGRAPHED)
    assert driver.run(folder / "first", recipe=recipe).code == 0
    started = time.monotonic()
    assert driver.run(folder / "second", recipe=recipe, workers=2).code == 0
    files = bytes_of(folder / "first")
    assert bytes_of(folder / "second") == files
    return Screen(recipe, files, time.monotonic() - started)


def test_what_is_compared_holds_every_table_and_photograph(screen: Screen) -> None:
    kinds = {name.split("/")[0] for name in screen.files}
    tables = {f"{kind}.parquet" for kind in ("wells", "quality", "normalised", "hits", "curves", "bands")}
    assert kinds >= {"cells", "contacts", "images", "rendered", "recipe.toml", "run.json", *tables}
    assert sum(name.startswith("rendered/") and name.endswith(".tif") for name in screen.files) == 12 * 3 * 3


def test_a_run_killed_at_any_moment_goes_on_to_the_same_bytes(driver: Driver, screen: Screen, tmp_path: Path) -> None:
    """Kill the parent alone, or all its processes, at random moments, going on with the same folder in between."""
    moments, kills, folders = random.Random(6), 0, 0
    while kills < KILLS:
        results = tmp_path / str(folders)
        for _ in range(3):
            workers, whole_group = moments.choice([(1, True), (2, True), (2, False)])
            after = moments.uniform(0.1, 0.7) * screen.seconds
            killed = killing(after, whole_group)
            code = driver.run(results, killed, recipe=screen.recipe, workers=workers).code
            assert code in (0, -signal.SIGKILL)
            kills += code != 0
        assert driver.run(results, recipe=screen.recipe).code == 0
        assert bytes_of(results) == screen.files
        folders += 1


def workers_of(parent: int) -> list[int]:
    """Return the processes whose parent is ``parent``."""
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return []


@pytest.mark.skipif(not Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists(), reason="reads /proc")
def test_a_run_whose_worker_is_killed_does_its_wells_again_by_itself(driver: Driver, screen: Screen, tmp_path: Path) -> None:
    killed: list[int] = []

    def kill_a_worker(parent: int) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = workers_of(parent)
            begun = (tmp_path / "results" / "ledger.jsonl").exists()
            if found and begun:
                os.kill(found[0], signal.SIGKILL)
                killed.append(found[0])
                return
            time.sleep(0.002)

    results = tmp_path / "results"
    assert driver.run(results, kill_a_worker, recipe=screen.recipe, workers=2).code == 0
    assert killed
    assert bytes_of(results) == screen.files
