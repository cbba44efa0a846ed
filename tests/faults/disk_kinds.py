"""Faults of the disk: full, read-only, or with something else in the folder's place."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

from drawn_faults import Fault
from driven_runs import Ended
from stage import MADE_UP_WELLS, Stage


def _sizes(folder: Path) -> list[int]:
    return [path.stat().st_size for path in folder.rglob("*") if path.is_file()]


def file_limit(stage: Stage, fault: Fault) -> None:
    """No file may grow beyond a limit, which fails in the same calls as a full disk."""
    largest = max(_sizes(stage.whole))
    ended = stage.run(file_limit=int(100 * (0.9 * largest / 100) ** fault.moment), workers=1 + fault.well % 2)
    assert ended.code in (2, 3), ended
    assert "cannot be written: File too large" in ended.told, ended.told
    assert str(stage.results) in ended.told
    stage.require_whole_files()
    stage.require_recovery()


def _may_mount(stage: Stage, fault: Fault) -> bool:
    """Tell whether the driver may mount folders; where the system does not allow that, note it."""
    if not stage.driver.root:
        stage.notes.append(f"{fault}: mounting is not allowed here")
    return bool(stage.driver.root)


def disk_full(stage: Stage, fault: Fault) -> None:
    """The results are to lie on a small disk that fills up; where none can be made, a file-size limit takes its place."""
    if not _may_mount(stage, fault):
        file_limit(stage, fault)
        return
    driver = stage.driver
    disk = stage.results.parent / "disk"
    disk.mkdir()
    needed_kb = sum((size + 4095) // 4096 * 4 for size in _sizes(stage.whole))
    assert driver.command(f"mount -t tmpfs -o size={8 + int(fault.moment * 0.9 * needed_kb)}k none {disk}") == 0
    there = replace(stage, results=Path(f"{driver.root}{disk}") / "results")
    try:
        ended = there.run(workers=1 + fault.well % 2)
        assert ended.code in (2, 3), ended
        assert "cannot be written: No space left on device" in ended.told, ended.told
        there.require_whole_files()
        assert driver.command(f"mount -o remount,size=64m {disk}") == 0
        there.require_recovery()
    finally:
        assert driver.command(f"umount {disk}") == 0


def read_only(stage: Stage, fault: Fault) -> None:
    """The folder is read-only: empty, with half a run in it, with a whole one, or from the middle of a run on.

    Where neither mounts nor rights bind, as for root in a closed container, a file takes the folder's place.
    """
    if not stage.driver.root and os.geteuid() == 0:
        stage.notes.append(f"{fault}: neither mounts nor rights bind here")
        folder_unusable(stage, fault)
        return
    if fault.well % 4 == 3 and _may_mount(stage, fault):
        _read_only_amid(stage, fault)
        return
    if fault.well % 4 == 1:
        assert stage.run(step=20 + int(fault.moment * 200)).code == -signal.SIGKILL
    elif fault.well % 4 == 2:
        stage.finish()
    stage.results.mkdir(exist_ok=True)
    before = sorted(path for path in stage.results.rglob("*"))
    ended = _run_read_only(stage, fault)
    assert ended.code == 2, ended
    assert ended.told.startswith("Error: "), ended.told
    assert "the results folder cannot be written to: " in ended.told, ended.told
    assert str(stage.results) in ended.told
    assert sorted(path for path in stage.results.rglob("*")) == before
    stage.require_recovery()


def _read_only_amid(stage: Stage, fault: Fault) -> None:
    """A disk with errors is made read-only by the system while a well is being done."""
    well, folder = MADE_UP_WELLS[2 * fault.well], stage.results

    def strike(child: int) -> None:
        stage.process_holding(well)
        assert stage.driver.command(f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}") == 0
        (folder.parent / "marks" / "go on").touch()

    try:
        ended = stage.run(strike, held=[well])
    finally:
        assert stage.driver.command(f"umount {folder}") == 0
    assert ended.code == 2, ended
    assert "Read-only file system" in ended.told, ended.told
    assert "then run again" in ended.told, ended.told
    assert well not in stage.wells("done")
    stage.require_whole_files()
    stage.require_recovery()


def _run_read_only(stage: Stage, fault: Fault) -> Ended:
    driver, folder = stage.driver, stage.results
    if _may_mount(stage, fault):
        assert driver.command(f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}") == 0
        try:
            return stage.run(orphans=False)
        finally:
            assert driver.command(f"umount {folder}") == 0
    folder.chmod(0o555)
    for path in (folder, *folder.iterdir()):
        path.chmod(path.stat().st_mode & 0o555)
    try:
        return stage.run(orphans=False)
    finally:
        for path in (folder, *folder.iterdir()):
            path.chmod(path.stat().st_mode | 0o200)


def folder_unusable(stage: Stage, fault: Fault) -> None:
    """A file lies where the results folder, or one in it, should be."""
    place = stage.results if fault.moment < 0.5 else stage.results / "work"
    place.parent.mkdir(exist_ok=True)
    place.write_text("not a folder")
    ended = stage.run(orphans=False)
    assert ended.code == 2
    assert ended.told.startswith("Error: ")
    assert str(stage.results) in ended.told
    place.unlink()
    stage.require_recovery()
