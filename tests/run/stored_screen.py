"""An S3 server on this machine, for tests of runs whose wells' files lie in a store."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

KEY, SECRET = "AKIAFORTESTSONLY", "thesecretofthetests"
BUCKET = "screens"


@contextmanager
def s3_server() -> Iterator[Any]:
    """Run moto's server with an empty bucket; this process and those it starts find it by their environment."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", KEY)
        patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        system = file_system()
        type(system).clear_instance_cache()  # those of another server
        if not system.exists(BUCKET):
            system.mkdir(BUCKET)
        try:
            yield server
        finally:
            server.stop()
            type(system).clear_instance_cache()


def file_system() -> Any:
    """Return the server's objects as a file system."""
    import s3fs

    return s3fs.S3FileSystem(skip_instance_cache=True, use_listings_cache=False)


def text_of(folder: Any) -> bytes:
    """Return all bytes of a folder's files, one behind the other."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def hide(folder: str) -> None:
    """Let this process fail that touches anything under ``folder``, as if it were on another machine."""

    def refused(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(("open", "os.", "shutil.")) and any(
            isinstance(one, str) and one.startswith(folder) for one in arguments
        ):
            raise FileNotFoundError(f"{event} of a file of another machine: {arguments}")

    sys.addaudithook(refused)
