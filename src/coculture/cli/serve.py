"""``coculture serve``: pages on results folders, in a browser."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

import click

from coculture.errors import InputError, MissingExtraError


@click.command("serve")
@click.argument("results", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to bind to; any but this machine's own needs a token."
)
@click.option(
    "--port", default=8750, show_default=True, type=click.IntRange(0, 65535), help="Port to bind to; 0 takes a free one."
)
@click.option("--token", default="", help="Secret a reader has to show; 'new' makes one up and prints it.")
def command(results: tuple[Path, ...], host: str, port: int, token: str) -> None:
    """Look at the results folders RESULTS in a browser: plates, wells, cells, hits.

    RESULTS are folders that 'coculture run' wrote, or folders that hold some. Pages only show; nothing is changed, and
    nothing is fetched from the internet.

    \b
    Example: coculture serve results
    """
    try:
        import uvicorn

        from coculture.web.app import create_app
        from coculture.web.warming import warm
    except ModuleNotFoundError as error:
        raise MissingExtraError.for_extra(error.name or "fastapi", "web", "the workbench") from error
    secret = secrets.token_urlsafe(24) if token == "new" else token
    app = create_app(results, host=host, token=secret)
    shown = f"[{host}]" if ":" in host else host
    with listening(host, port) as door:
        port = door.getsockname()[1]
        click.echo(f"Open http://{shown}:{port}/{f'?token={secret}' if secret else ''} in a browser. Ctrl-C ends it.")
        warm(app.state.library)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False)).run(sockets=[door])


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that already listens, so that the address told is one that answers, also where the system chose the port.

    Raises
    ------
    InputError : if the address is not to be had.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048)
    except OSError as error:
        what = f"cannot bind to {host}:{port}: {error.strerror or error}"
        raise InputError(what, "--port", "choose another port with --port") from error
