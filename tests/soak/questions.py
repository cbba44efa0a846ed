"""Every address of the workbench, asked of a screen that can answer it."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from coculture.store.tables import read_table, table_path
from coculture.web.app import PAGES

FIELD = "/screens/{screen}/plate/{plate}/well/{well}"


@dataclass(frozen=True)
class Asked:
    """A screen that is asked about.

    Attributes
    ----------
    name : as the workbench calls it: ``film``, ``chip`` or ``table``.
    results : its folder.
    plate, well : a well with cells.
    compound : a compound of it.
    time : a time point with cells, by number.
    """

    name: str
    results: Path
    plate: str
    well: str
    compound: str
    time: int = 1


class Reader:
    """A browser without a window, on one connection that is kept until it hangs up; the next question opens another."""

    def __init__(self, address: str) -> None:
        self._connection = http.client.HTTPConnection(address, timeout=120)
        self.asked = 0

    def ask(self, address: str) -> int:
        """Ask for a page; return the status of the answer."""
        self._connection.request("GET", address)
        answer = self._connection.getresponse()
        content = answer.read()
        self.asked += 1
        assert answer.status != 500, address
        assert content or answer.status != 200, address
        return answer.status

    def require(self, address: str) -> None:
        """Ask for a page that is there."""
        status = self.ask(address)
        assert status == 200, f"{address} gives {status}"

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def known_routes() -> set[str]:
    """Return the templates of every address the workbench answers."""
    return {str(route.path) for room in PAGES for route in room.router.routes}  # type: ignore[attr-defined]


def questions(screen: Asked) -> dict[str, list[str]]:
    """Return template → what it is followed by in the questions, for one screen; braces are filled by :func:`addresses`."""
    found = {
        "/": ["", "?lang=zh"],
        "/screens/{screen}/plate": [""],
        "/screens/{screen}/plate/{plate}": ["", "?scale=robust_z"],
        "/screens/{screen}/hits": ["", "?sort=effect&falling=true", "?contains=a&only_hits=true"],
        "/screens/{screen}/hits.{shape}": [""],
        "/screens/{screen}/classes": [""],
        "/screens/{screen}/compound": [f"?name={quote(screen.compound)}"],
        "/screens/{screen}/mixtures": [""],
        "/screens/{screen}/compare": ["", "?other=kept"],
        "/screens/{screen}/cells": ["", f"?plate={screen.plate}"],
        "/screens/{screen}/chip": [""],
        FIELD: ["", f"?time={screen.time}"],
    }
    if screen.name == "table":
        return found
    found |= {f"{FIELD}/cell/{{cell}}": [f"?time={screen.time}"]}
    found |= {f"{FIELD}/{layer}/{{site}}/{{time}}.svg": [""] for layer in ("contacts", "tracks")}
    found |= {f"{FIELD}/nearest/{{site}}/{{time}}": ["?x_um=50&y_um=50"]}
    if screen.name == "film":
        found |= {f"{FIELD}/{layer}/{{site}}/{{time}}/{{level}}/{{column}}/{{row}}.png": [""] for layer in ("tile", "outline")}
        found |= {f"{FIELD}/crop/{{site}}/{{time}}/{{cell}}.png": [""]}
    else:
        found |= {"/screens/{screen}/chip/{name}.png": [""], f"{FIELD}/flow/{{site}}/{{time}}.svg": [""]}
        found |= {f"{FIELD}/drawing/{{site}}/{{time}}.png": ["", "?solute=ligand"]}
    return found


def addresses(screen: Asked) -> list[str]:
    """Return every address to ask about a screen."""
    places = {"screen": screen.name, "plate": screen.plate, "well": screen.well, "site": "1", "time": str(screen.time)}
    places |= {"level": "0", "column": "0", "row": "0", "cell": _cell(screen)}
    shown = {"shape": ("csv", "parquet"), "name": ("geometry", "speed", "shear")}
    found = []
    for template, ends in questions(screen).items():
        key = next((name for name in shown if f"{{{name}}}" in template), None)
        for value in shown[key] if key else ("",):
            found += [template.format(**places, **({key: value} if key else {})) + end for end in ends]
    return found


def _cell(screen: Asked) -> str:
    """Return the number of a cell that is there at the time asked about."""
    path = table_path(screen.results, "cells", screen.plate, screen.well)
    if not path.is_file():
        return ""
    cells = read_table(path)
    times = sorted(cells["t_min"].unique())
    return str(int(cells.loc[cells["t_min"] == times[screen.time], "cell_id"].iloc[0]))
