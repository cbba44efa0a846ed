"""Objects under one address: whole, marked, checked; what a store says when it cannot is told in plain words."""

from __future__ import annotations

import hashlib
import pickle
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from coculture.errors import InputError, MissingExtraError
from coculture.store.object_store import ObjectStore, StoreError, digest
from coculture.store.store_note import StoreNote, noted_store


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    url = f"memory://{uuid.uuid4().hex}/screen" if request.param == "memory" else f"file://{tmp_path}/bucket/screen"
    return ObjectStore(ObjectStore.at(url).url, pauses_s=())


def test_what_is_written_is_read(store: ObjectStore, tmp_path: Path) -> None:
    assert store.read("a/b") is None
    assert store.marks() == {}
    assert store.top() == []
    store.write("a/b", b"one")
    store.write("c", b"")
    assert (store.read("a/b"), store.read("c")) == (b"one", b"")
    assert store.top() == ["a", "c"]
    assert store.sha256("a/b") == hashlib.sha256(b"one").hexdigest()
    assert store.sha256("a") is None
    store.download("a/b", tmp_path / "deep" / "copy", hashlib.sha256(b"one").hexdigest())
    assert (tmp_path / "deep" / "copy").read_bytes() == b"one"
    store.remove(["a/b", "not there"])
    assert list(store.marks()) == ["c"]
    assert pickle.loads(pickle.dumps(store)) == store


def test_a_mark_tells_a_changed_object_from_one_that_stayed(store: ObjectStore, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for name in ("x/one", "x/two"):
        (tmp_path / name).write_bytes(name.encode())
    noted = store.upload(tmp_path, ["x/two", "x/one"])
    assert store.marks("x") == noted
    assert list(noted) == ["x/one", "x/two"]
    assert store.upload(tmp_path, noted, "x/") == store.marks("x")
    noted = store.marks("x")
    store.write("x/one", b"other bytes")
    now = store.marks("x")
    assert now["x/one"] != noted["x/one"]
    assert now["x/two"] == noted["x/two"]
    assert digest(now) != digest(noted)


def test_only_one_of_two_creates(store: ObjectStore) -> None:
    assert store.create("owner", b"me")
    assert store.create("owner", b"me")
    assert not store.create("owner", b"you")
    assert store.read("owner") == b"me"


def test_an_object_that_is_missing_or_changed_is_told_and_leaves_no_file(store: ObjectStore, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "a"
    with pytest.raises(StoreError, match="is not in the store"):
        store.download("a", target)
    store.write("a", b"new")
    with pytest.raises(StoreError, match="has changed in the store"):
        store.download("a", target, hashlib.sha256(b"old").hexdigest())
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("bucket/screen", "is no address of a store"),
        ("s3://bucket", "names a whole bucket"),
        ("s3://bucket/", "names a whole bucket"),
        ("s3://key:secret@bucket/screen", "holds a name with a password"),
        ("s3://bucket/screen?secret=x", "holds a name with a password, or options"),
        ("s3://bucket/../screen", "steps out of itself"),
        ("nothing://bucket/screen", "no library opens addresses that begin with nothing://"),
    ],
)
def test_what_is_no_address_is_refused_and_no_secret_repeated(url: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        ObjectStore.at(url)
    assert "secret" not in str(refused.value)


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingExtraError, match=r"coculture\[objectstore\]"):
        ObjectStore.at("s3://bucket/screen")


class Failing:
    """A file system of which every call raises."""

    protocol = "failing"

    def __init__(self, error: Exception, calls: list[str]) -> None:
        self._error, self._calls = error, calls

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self._calls.append(name)
            raise self._error

        return call


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> tuple[ObjectStore, list[str]]:
    calls: list[str] = []
    monkeypatch.setattr(ObjectStore, "_opened", lambda self: (Failing(error, calls), "bucket/screen"))
    return ObjectStore("s3://bucket/screen", pauses_s=(0.0, 0.0)), calls


def test_what_fails_for_a_moment_is_tried_again_so_often_and_no_oftener(monkeypatch: pytest.MonkeyPatch) -> None:
    store, calls = failing(monkeypatch, RuntimeError("cannot reach http://me:hush@store/x?sign=hush"))
    with pytest.raises(StoreError, match=r"does not answer \(cannot reach http://store/x\)") as told:
        store.write("a", b"")
    assert calls == ["pipe_file"] * 3
    assert "the same command to go on" in str(told.value)
    assert "hush" not in str(told.value)


def test_a_refusal_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    store, calls = failing(monkeypatch, PermissionError("Access Denied"))
    with pytest.raises(StoreError, match=r"the store refuses \(Access Denied\)"):
        store.read("a")
    assert calls == ["cat_file"]
    store, _ = failing(monkeypatch, FileNotFoundError("The specified bucket does not exist"))
    with pytest.raises(StoreError, match="there is no such bucket"):
        store.read("a")


def test_the_note_of_a_folder_is_read_as_written(tmp_path: Path) -> None:
    assert noted_store(tmp_path) is None
    note = StoreNote("memory://bucket/screen", "1f")
    note.write(tmp_path)
    assert noted_store(tmp_path) == note
    assert note.store.url == note.url
    (tmp_path / "store.json").write_text("{")
    with pytest.raises(OSError, match="put the old file back"):
        noted_store(tmp_path)
