"""Objects in a store (S3 and what speaks like it, or anything else `fsspec` opens), under one address.

An object is written in one step: it is there whole or not at all (where the store is a file system a kill may leave half of
one, which its size and checksum tell). What fails for a moment is tried again a few times; then a
:class:`StoreError` says what the store said. An address never holds a secret: each machine has its own way in (environment,
``~/.aws/credentials``, a role), so nothing of it can reach a results folder, a ledger or a message.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from coculture.errors import FileError, InputError, MissingExtraError
from coculture.store.atomic import written_file
from coculture.store.checksums import hash_file

Made = TypeVar("Made")

PAUSES_S = (1.0, 4.0, 16.0)
"""Pauses before another try, in seconds; the library beneath tries several times each time."""

AT_ONCE = 8
"""Objects that are read or written at the same time."""

AGAIN = "finished wells are kept: when the store answers again, give the same command to go on"

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://(.+)")
_LIBRARIES = {"s3fs": "objectstore", "fsspec": "objectstore"}
_WITH_FOLDERS = {"file", "local", "sftp", "ssh", "smb", "ftp", "hdfs", "webhdfs"}
_MARKS = ("ETag", "etag", "md5Hash", "content_md5", "crc32c", "LastModified", "last_modified", "mtime", "created")
_SECRETS = re.compile(r"(?<=://)[^/\s@]*@|\?\S*")
_OURS_TO_MEND = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoCredentials", "Forbidden", "ExpiredToken")


class StoreError(FileError):
    """A store does not answer, refuses, or does not hold what it should."""


@dataclass(frozen=True)
class ObjectStore:
    """What lies under one address. Small: it is sent to workers.

    Attributes
    ----------
    url : the address, such as ``s3://bucket/screen1``, without a slash behind it.
    pauses_s : pauses before another try, in seconds.
    """

    url: str
    pauses_s: tuple[float, ...] = PAUSES_S

    @classmethod
    def at(cls, url: str) -> ObjectStore:
        """Return the store at an address that a person gave.

        Raises
        ------
        InputError : if it is no address, holds a secret or options, or names nothing under the bucket.
        MissingExtraError : if the library that opens it is not installed.
        """
        found = _ADDRESS.fullmatch(url.strip())
        if found is None:
            raise InputError(f"{_clean(url)!r} is no address of a store", "--store", "give it as s3://BUCKET/NAME")
        place = found[2].rstrip("/")
        if "@" in place or "?" in place or "#" in place:
            what = "the address of a store holds a name with a password, or options"
            remedy = "leave them out: put them into the environment of every machine, as AWS_ACCESS_KEY_ID and the like"
            raise InputError(what, "--store", remedy)
        if "/" not in place:
            what = f"{url.strip()!r} names a whole bucket"
            raise InputError(what, "--store", "give the screen a name of its own in it: s3://BUCKET/NAME")
        if ".." in place.split("/"):
            raise InputError(f"{url.strip()!r} steps out of itself with '..'", "--store", "give the address in full")
        store = cls(f"{found[1]}://{place}")
        store._opened()
        return store

    def write(self, name: str, content: bytes) -> None:
        """Write an object, whole or not at all."""
        system, root = self._opened()
        self._patiently(name, lambda: _write(system, f"{root}/{name}", content))

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes, None where there is none."""
        system, root = self._opened()
        content: bytes | None = self._patiently(name, lambda: system.cat_file(f"{root}/{name}"))
        return content

    def create(self, name: str, content: bytes) -> bool:
        """Write an object unless there is one of this name; tell whether the one that is there now has this content."""
        system, root = self._opened()
        self._patiently(name, lambda: _create(system, f"{root}/{name}", content))
        return self.read(name) == content

    def upload(self, folder: Path, names: Iterable[str], together: str = "") -> dict[str, str]:
        """Write the files ``names`` of ``folder`` as objects of the same names; return the mark of each, see :meth:`marks`.

        Marks of objects whose names begin with ``together`` are asked for in one go, where that is given.

        Raises
        ------
        StoreError : if the store does not take one, or has not all of its bytes.
        """
        system, root = self._opened()
        ordered = sorted(names)

        def put(name: str) -> str:
            alone = not (together and name.startswith(together))
            return self._patiently(name, lambda: _upload(system, folder / name, f"{root}/{name}", marked=alone)) or ""

        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = dict(zip(ordered, pool.map(put, ordered), strict=True))
        listed = self.marks(together) if any(not mark for mark in found.values()) else {}
        for name in (name for name, mark in found.items() if not mark):
            if listed.get(name, "").split(" ")[0] != str((folder / name).stat().st_size):
                raise StoreError("not all of it has come", f"{self.url}/{name}", AGAIN)
            found[name] = listed[name]
        return found

    def download(self, name: str, path: Path, sha256: str | None = None) -> None:
        """Write an object to the file ``path``, atomically.

        Raises
        ------
        StoreError : if there is none, or its bytes are not those of ``sha256``.
        """
        system, root = self._opened()
        with written_file(path) as temporary:
            self._patiently(name, lambda: (system.get_file(f"{root}/{name}", str(temporary)), True)[1])
            if not temporary.is_file():
                raise StoreError("is not in the store", f"{self.url}/{name}", AGAIN)
            if sha256 is not None and hash_file(temporary) != sha256:
                remedy = "run again in this folder: what has changed is made anew"
                raise StoreError("has changed in the store", f"{self.url}/{name}", remedy)

    def sha256(self, name: str) -> str | None:
        """Return the SHA-256 of an object, all of it read; None where there is none."""
        system, root = self._opened()
        with tempfile.TemporaryDirectory(prefix="coculture-") as folder:
            copy = Path(folder, "object")
            self._patiently(name, lambda: (system.get_file(f"{root}/{name}", str(copy)), True)[1])
            return hash_file(copy) if copy.is_file() else None

    def marks(self, prefix: str = "") -> dict[str, str]:
        """Return the mark of every object under ``prefix``, by its name: changes when it is written, costs no reading.

        Of S3 it is the size and the entity tag (MD5 of most objects), of others the size and the best there is.
        """
        system, root = self._opened()
        place = f"{root}/{prefix}".rstrip("/")

        def listed() -> dict[str, Any]:
            system.invalidate_cache()
            found: dict[str, Any] = system.find(place, detail=True)
            return found

        found = self._patiently(prefix, listed) or {}
        start = len(system._strip_protocol(root).rstrip("/")) + 1
        return {name[start:]: _mark(about) for name, about in sorted(found.items()) if len(name) > start}

    def top(self) -> list[str]:
        """Return the names at the address itself, of objects and of what stands for folders."""
        system, root = self._opened()

        def listed() -> list[str]:
            system.invalidate_cache()
            return [str(path).rstrip("/").rsplit("/", 1)[-1] for path in system.ls(root, detail=False)]

        return sorted(self._patiently("", listed) or [])

    def remove(self, names: Iterable[str]) -> None:
        """Remove objects; one that is not there is no fault."""
        system, root = self._opened()

        def gone(name: str) -> None:
            self._patiently(name, lambda: system.rm_file(f"{root}/{name}"))

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(gone, names))

    def _opened(self) -> tuple[Any, str]:
        """Return the file system and the path in it; libraries keep one of them a process."""
        try:
            import fsspec

            system, root = fsspec.url_to_fs(self.url)
        except (ImportError, ValueError) as error:
            raise _not_opened(self.url, error) from error
        return system, str(root).rstrip("/")

    def _patiently(self, name: str, attempt: Callable[[], Made]) -> Made | None:
        """Return what the attempt gives, None where there is no such object; try again what fails for a moment.

        Raises
        ------
        StoreError : when the last try failed, or the store refuses.
        """
        for pause in (*self.pauses_s, None):
            try:
                return attempt()
            except FileNotFoundError as error:
                if "bucket does not exist" not in str(error):
                    return None
                raise StoreError("there is no such bucket", self.url, "make it, or name another with --store") from error
            except Exception as error:  # each library has errors of its own
                if pause is None or _is_refusal(error):
                    raise self._failed(name, error) from None  # the cause may tell more than a log should
                time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _failed(self, name: str, error: Exception) -> StoreError:
        said = _clean(str(error)) or type(error).__name__
        where = f"{self.url}/{name}" if name else self.url
        if _is_refusal(error):
            remedy = "see that this machine has a key for this store that may list, read, write and delete there"
            return StoreError(f"the store refuses ({said})", where, remedy)
        return StoreError(f"the store does not answer ({said})", where, AGAIN)


def digest(names: Mapping[str, str]) -> str:
    """Return one mark for the marks of several objects."""
    return hashlib.sha256("".join(f"{name}\0{mark}\n" for name, mark in sorted(names.items())).encode()).hexdigest()


def _write(system: Any, path: str, content: bytes) -> None:
    _make_folder(system, path)
    system.pipe_file(path, content)


def _create(system: Any, path: str, content: bytes) -> None:
    _make_folder(system, path)
    with suppress(FileExistsError):
        system.pipe_file(path, content, mode="create")


def _upload(system: Any, file: Path, path: str, *, marked: bool) -> str:
    """Write a file as an object; where ``marked``, make sure that all of it came, and return the object's mark."""
    _make_folder(system, path)
    system.put_file(str(file), path)
    if not marked:
        return ""
    system.invalidate_cache(path)
    about: Mapping[str, Any] = system.info(path)
    if about["size"] != file.stat().st_size:
        raise OSError(f"{about['size']} of {file.stat().st_size} bytes came")
    return _mark(about)


def _make_folder(system: Any, path: str) -> None:
    """Make the folder of a path where the store is a file system; in others a name may hold slashes."""
    protocols = {system.protocol} if isinstance(system.protocol, str) else set(system.protocol)
    if protocols & _WITH_FOLDERS:
        system.makedirs(path.rsplit("/", 1)[0], exist_ok=True)


def _mark(about: Mapping[str, Any]) -> str:
    best = next((about[name] for name in _MARKS if about.get(name)), "")
    best = best.timestamp() if isinstance(best, datetime) else best
    return f"{about['size']} {best}".replace('"', "")


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, PermissionError) or any(word in f"{type(error).__name__} {error}" for word in _OURS_TO_MEND)


def _clean(text: str) -> str:
    """Return a text of others in one line, without what stands before an @ or behind a ? in an address."""
    return _SECRETS.sub("", " ".join(text.split()))


def _not_opened(url: str, error: Exception) -> Exception:
    protocol = url.split("://")[0]
    if isinstance(error, ImportError):
        named = re.search(r"[Ii]nstall (\w+)|No module named '(\w+)'", str(error))
        library = next(filter(None, named.groups()), protocol) if named else protocol
        if library in _LIBRARIES or protocol in ("s3", "s3a"):
            library = library if library in _LIBRARIES else "s3fs"
            return MissingExtraError.for_extra(library, "objectstore", "a screen in an object store")
        what = f"a store at {protocol}:// needs a library that is not installed"
        return MissingExtraError(what, remedy=f"{_clean(str(error))}, on every machine")
    return InputError(f"no library opens addresses that begin with {protocol}://", "--store", "give it as s3://BUCKET/NAME")
