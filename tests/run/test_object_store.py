"""Runs whose wells' files lie in an object store: the bytes of a local run, and nothing lost when the store fails."""

from __future__ import annotations

import gc
import json
import logging
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import tests.run.fake_source as workers_source  # by the name that workers find it under
import tests.run.stored_screen as stage
from click.testing import CliRunner
from fake_job import RECIPE as FAKE_RECIPE
from fake_job import fake_job
from fake_source import FakeSource
from result_bytes import bytes_of
from small_screen import map_text, write_screen
from stored_screen import BUCKET, KEY, SECRET, s3_server, text_of

from coculture.cli.fetch import command as fetch_command
from coculture.cli.run import command as run_command
from coculture.errors import CocultureError, DataError, FileError, InputError
from coculture.run.cluster import ClusterExecutor
from coculture.run.execute import Job, execute
from coculture.run.executors.cluster_fit import Fit, require_fit
from coculture.run.executors.meeting import StoreMeeting
from coculture.run.export import export_cells
from coculture.run.ledger import LEDGER_NAME, read_ledger
from coculture.run.pipeline import run_screen
from coculture.run.stored import scratch
from coculture.run.stored.fetch import fetch_wells
from coculture.run.verify import verify_results
from coculture.store.object_store import ObjectStore, StoreError
from coculture.store.provenance import read_run_json, reproducible_part
from coculture.store.store_note import OWNER_NAME, StoreNote, noted_store
from coculture.store.tables import read_table, read_wells, table_path

WITH_IMAGES = FAKE_RECIPE.replace("images = false", "images = true")


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    with s3_server() as server:
        yield server


@pytest.fixture
def bucket(s3: Any) -> ObjectStore:
    """A place on a server that speaks S3."""
    return ObjectStore(ObjectStore.at(f"s3://{BUCKET}/{uuid.uuid4().hex[:8]}/screen").url, pauses_s=())


@pytest.fixture
def store() -> ObjectStore:
    """A place in this process's memory, behind the same library."""
    return ObjectStore(ObjectStore.at(f"memory://{BUCKET}/{uuid.uuid4().hex[:8]}/screen").url, pauses_s=())


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("local") / "results"
    execute(_job(), results, workers=1)
    return results


def _job(**source: Any) -> Job:
    return fake_job(FakeSource(with_images=True, **source), WITH_IMAGES)


def _plain(**source: Any) -> Job:
    """Return the job without images, which is quicker."""
    return fake_job(FakeSource(**source))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("plain") / "results"
    execute(_plain(), results, workers=1)
    return results


def _differences(results: Path) -> list[tuple[str, str]]:
    return [(one.kind, one.problem.where.rsplit("/", 2)[-1]) for one in verify_results(results).differences]


def test_a_run_with_a_store_gives_the_bytes_of_a_local_one(bucket: ObjectStore, local: Path, tmp_path: Path) -> None:
    store, results = bucket, tmp_path / "results"
    execute(_job(), results, workers=1, store=store)
    assert reproducible_part(read_run_json(results)) == reproducible_part(read_run_json(local))
    assert not (results / "cells").exists()
    assert _differences(results) == []

    with pytest.raises(FileError, match=rf"the cells of this folder's wells lie in the store {store.url}"):
        export_cells(results, tmp_path / "cells.csv", "csv")
    with pytest.raises(FileError, match="coculture fetch"):
        read_wells(results, "contacts")
    with duckdb.connect(str(results / "screen.duckdb")) as index, pytest.raises(duckdb.CatalogException):
        index.execute("SELECT count(*) FROM cells")
    one = table_path(results, "cells", "P1", "A01")
    assert len(read_table(one)) > 0
    assert one.exists()  # a reader that asks for one well has it brought

    with pytest.raises(InputError, match="there is no plate P9"):
        fetch_wells(results, ["P9"])
    told = CliRunner().invoke(fetch_command, [str(results)])
    assert told.exit_code == 0, told.output
    assert "71 fetched from s3://" in told.output
    assert "1 were here before" in told.output
    assert bytes_of(results) == bytes_of(local)
    assert fetch_wells(results).n_fetched == 0
    assert _differences(results) == []
    assert len(read_wells(results, "cells")) == len(read_wells(local, "cells"))
    for secret in (KEY, SECRET):
        assert secret.encode() not in text_of(results)


def test_a_plate_in_the_store_is_whole_by_itself(store: ObjectStore, tmp_path: Path) -> None:
    """A viewer opens it where it lies."""
    execute(_job(), tmp_path / "results", workers=1, store=store)
    plate = json.loads(store.read("images/P1.zarr/zarr.json") or b"")["attributes"]["ome"]["plate"]
    assert len(plate["wells"]) == 24
    assert plate["field_count"] == 1
    assert all(store.read(f"images/P1.zarr/{well['path']}/zarr.json") for well in plate["wells"])


def test_what_the_store_has_lost_or_changed_is_done_again_and_nothing_else(
    store: ObjectStore, local: Path, tmp_path: Path
) -> None:
    results, log = tmp_path / "results", tmp_path / "log"
    execute(_job(), results, workers=1, store=store)
    changed = store.read("contacts/plate=P1/well=B02.parquet") or b""
    store.remove(["cells/plate=P1/well=A01.parquet", next(name for name in store.marks("images/P1.zarr/C") if "/0/c" in name)])
    store.write("contacts/plate=P1/well=B02.parquet", changed[:-1])
    store.write("cells/plate=P1/well=Z99.parquet", b"")
    assert sorted(kind for kind, _ in _differences(results)) == ["added", "changed", "changed", "missing"]
    store.remove(["cells/plate=P1/well=Z99.parquet"])
    outcome = execute(_job(log=log), results, workers=1)  # the store is that of the folder
    assert outcome.n_before == 21
    assert set(log.read_text().split()) > {"A01", "B02"}
    assert len(log.read_text().split()) == 3
    assert reproducible_part(read_run_json(results)) == reproducible_part(read_run_json(local))
    assert _differences(results) == []


def test_objects_that_were_copied_stand_by_their_bytes(store: ObjectStore, tmp_path: Path) -> None:
    """Their marks are others then."""
    results, log = tmp_path / "results", tmp_path / "log"
    execute(_plain(), results, workers=1, store=store)
    ledger = results / LEDGER_NAME
    lines = [json.loads(line) for line in ledger.read_text().splitlines()]
    for line in lines[:2]:
        line["objects"] = {name: "another mark" for name in line["objects"]}
    ledger.write_text("".join(json.dumps(line) + "\n" for line in lines))
    execute(_plain(log=log), results, workers=1)
    assert not log.exists()


class Flood:
    """An executor that takes the server away after some wells."""

    def __init__(self, server: Any, wells: int) -> None:
        self._server, self._left = server, wells

    def results(self, task: Any, items: Any) -> Iterator[Any]:
        for item in items:
            if not self._left:
                self._server.stop()
            self._left -= 1
            yield item, task(item)


def test_a_store_that_goes_away_costs_the_well_in_work(tmp_path: Path, plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)
    from moto.server import ThreadedMotoServer

    with s3_server() as server:
        host, port = server.get_host_and_port()
        store = ObjectStore(f"s3://{BUCKET}/away/screen", pauses_s=(0.01,))
        results = tmp_path / "results"
        with pytest.raises(StoreError, match="the store does not answer") as told:
            execute(_plain(), results, store=store, executor=Flood(server, 5))
        assert "the same command to go on" in str(told.value)
        assert SECRET not in str(told.value)
        assert len(read_ledger(results / LEDGER_NAME)) == 5
        again = ThreadedMotoServer(ip_address=host, port=port, verbose=False)
        again.start()
        try:
            log = tmp_path / "log"
            outcome = execute(_plain(log=log), results, workers=1, store=store)
            assert outcome.n_before == 5
            assert len(log.read_text().split()) == 19
            assert reproducible_part(read_run_json(results)) == reproducible_part(read_run_json(plain))
        finally:
            again.stop()


def test_a_well_that_fails_leaves_nothing_in_the_store(store: ObjectStore, tmp_path: Path) -> None:
    results = tmp_path / "results"
    execute(_job(), results, workers=1, store=store)
    store.remove(["cells/plate=P1/well=A02.parquet"])
    outcome = execute(_job(failing=("A02",)), results, workers=1)
    assert [line.well for line in outcome.failed] == ["A02"]
    assert [name for name in store.marks() if "well=A02" in name or "/A/02/" in name] == []
    assert _differences(results) == []


def test_a_place_of_another_run_is_refused(store: ObjectStore, tmp_path: Path) -> None:
    execute(_plain(), tmp_path / "one", workers=1, store=store)
    for fresh in (False, True):
        with pytest.raises(StoreError, match="another run keeps its wells there"):
            execute(_plain(), tmp_path / "two", workers=1, store=store, fresh=fresh)
    other = replace(store, url=f"{store.url}-other")
    other.write("notes.txt", b"mine")
    with pytest.raises(StoreError, match="files lie there that no run began"):
        execute(_plain(), tmp_path / "three", workers=1, store=other)
    with pytest.raises(InputError, match=rf"this run keeps its wells at {store.url}"):
        execute(_plain(), tmp_path / "one", workers=1, store=other)
    assert other.read("notes.txt") == b"mine"
    assert _differences(tmp_path / "one") == []


def test_a_run_that_began_in_its_folder_stays_there(store: ObjectStore, plain: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    execute(_plain(), results, workers=1)
    with pytest.raises(InputError, match="go on without --store, or start over with --fresh"):
        execute(_plain(), results, workers=1, store=store)
    execute(_plain(), results, workers=1, store=store, fresh=True)
    assert not (results / "cells").exists()
    execute(_plain(), results, workers=1, fresh=True)  # and back
    assert noted_store(results) is None
    assert store.marks() == {}
    assert bytes_of(results) == bytes_of(plain)


def test_a_kill_between_note_and_claim_is_no_other_run(store: ObjectStore, tmp_path: Path) -> None:
    results = tmp_path / "results"
    execute(_plain(), results, workers=1, store=store)
    store.remove([OWNER_NAME])
    execute(_plain(), results, workers=1)
    assert store.read(OWNER_NAME)


def test_a_missing_bucket_and_a_bad_address_are_told(s3: Any, tmp_path: Path) -> None:
    (tmp_path / "screen.toml").write_text(FAKE_RECIPE)
    with pytest.raises(StoreError, match="there is no such bucket"):
        execute(_job(), tmp_path / "results", workers=1, store=ObjectStore("s3://nowhere/screen", pauses_s=()))
    refused = CliRunner().invoke(run_command, [str(tmp_path / "screen.toml"), "--store", "s3://me:hush@bucket/screen"])
    assert isinstance(refused.exception, CocultureError)
    assert "hush" not in str(refused.exception)
    (tmp_path / "screen.toml").write_text(FAKE_RECIPE.replace('images = "images"', 'images = "s3://bucket/images"'))
    (tmp_path / "map.csv").write_text(map_text())
    with pytest.raises(InputError, match="is the address of a store"):
        run_screen(tmp_path / "screen.toml", tmp_path / "results")
    with pytest.raises(FileError, match="no wells of this folder lie in a store"):
        fetch_wells(tmp_path)


@pytest.fixture(scope="module")
def cluster(s3: Any) -> Iterator[Any]:
    from distributed import LocalCluster

    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as found:
        yield found
    gc.collect()
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_workers_that_see_no_file_of_this_machine_give_the_same_bytes(
    cluster: Any, bucket: ObjectStore, plain: Path, tmp_path: Path
) -> None:
    from distributed import Client

    results = tmp_path / "spread"
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        client.run(stage.hide, str(results))
        with pytest.raises(Exception, match="another machine"):
            client.run(touch, str(results / "x"))
    job = fake_job(workers_source.FakeSource())
    executor = ClusterExecutor(cluster.scheduler_address, results, bucket)
    outcome = execute(job, results, executor=executor, store=bucket)
    assert outcome.failed == ()
    assert reproducible_part(read_run_json(results)) == reproducible_part(read_run_json(plain))
    assert all(not name.startswith(".tmp-") for name in bucket.top())
    fetch_wells(results)
    assert bytes_of(results) == bytes_of(plain)


def test_the_command_hands_the_store_on(store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def take(job: Job, results: Path, **options: Any) -> Any:
        given.update(options)
        raise KeyboardInterrupt

    monkeypatch.setattr("coculture.run.pipeline.execute", take)
    recipe = write_screen(tmp_path / "screen")
    words = [str(recipe), "-o", str(tmp_path / "r"), "--store", store.url, "--scheduler", "tcp://127.0.0.1:9"]
    told = CliRunner().invoke(run_command, words)
    assert given["store"].url == store.url
    assert isinstance(given["executor"], ClusterExecutor)
    assert f"--store {store.url}" in told.output


def touch(path: str) -> None:
    Path(path).open("w").close()


def test_a_worker_that_cannot_reach_the_store_is_named(cluster: Any, bucket: ObjectStore) -> None:
    from distributed import Client

    place = StoreMeeting(bucket).opened(b"task")
    fit = Fit.of(place)
    with Client(cluster.scheduler_address, set_as_default=False) as client:
        require_fit(client, fit)
        lost = Fit(fit.software, replace(place, name="not there"))
        with pytest.raises(FileError, match="the worker sees another store at s3://"):
            require_fit(client, lost)
        nowhere = Fit(fit.software, replace(place, store=ObjectStore("s3://no-such-bucket/screen", ())))
        with pytest.raises(FileError, match="the worker does not see the store s3://no-such-bucket/screen"):
            require_fit(client, nowhere)
    place.close()
    assert bucket.top() == []


def test_marks_in_a_store_tell_who_died_and_a_swapped_task_is_not_run(store: ObjectStore) -> None:
    place = StoreMeeting(store).opened(b"task")
    assert place.task() == b"task"
    assert place.unseen() == ("", "")
    first, second = place.mark(4), place.mark(4)
    assert (place.marks(4), place.marks(40)) == (2, 0)
    place.unmark(first)
    assert place.marks(4) == 1
    place.unmark(second)
    store.write(f"{place.name}/task.pickle", b"another program")
    with pytest.raises(DataError, match="is not the one this run wrote"):
        place.task()


def test_the_folder_of_a_dead_worker_is_removed_by_the_next(
    store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scratch.drop_scratch()
    store.write("prepared/light.json", b"{}")
    hashed = {"prepared/light.json": store.sha256("prepared/light.json") or ""}
    dead = tmp_path / f"{scratch.PREFIX}dead"
    (dead / "cells").mkdir(parents=True)
    Path(f"{dead}{scratch.LOCK_ENDING}").touch()
    folder = scratch.scratch_of(StoreNote(store.url, "one"), hashed)
    assert not dead.exists()
    assert (folder / "prepared" / "light.json").read_bytes() == b"{}"
    (folder / "cells").mkdir()
    (folder / "cells" / "A01.parquet").touch()
    scratch.clear(folder, hashed)
    assert [path.name for path in folder.iterdir()] == ["prepared"]
    scratch.sweep()  # the owner lives
    assert scratch.scratch_of(StoreNote(store.url, "one"), hashed) == folder
    other = scratch.scratch_of(StoreNote(store.url, "two"), {})
    assert not folder.exists()
    with pytest.raises(StoreError, match="is not in the store"):
        scratch.scratch_of(StoreNote(store.url, "three"), {"prepared/none": "0"})
    assert not other.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_refuses_the_key_is_told(bucket: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moto.settings.INITIAL_NO_AUTH_ACTION_COUNT", 0.0)  # from now on it knows no key
    with pytest.raises(StoreError, match="the store refuses") as told:
        execute(_job(), tmp_path / "results", workers=1, store=bucket)
    assert "has a key for this store" in str(told.value)
    assert KEY not in str(told.value)
    assert SECRET not in str(told.value)


def test_a_truncated_object_is_not_fetched(store: ObjectStore, tmp_path: Path) -> None:
    results = tmp_path / "results"
    execute(_plain(), results, workers=1, store=store)
    name = "cells/plate=P1/well=A01.parquet"
    store.write(name, (store.read(name) or b"")[:-9])
    with pytest.raises(StoreError, match="has changed in the store"):
        fetch_wells(results)
    assert not (results / name).exists()
