"""Read a ParchMint file as a network of channels and, where its geometry is complete, as a chip."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from coculture.chip.geometry.chip import Chip
from coculture.chip.network import ChannelNetwork
from coculture.chip.parchmint.device_file import DeviceFile
from coculture.chip.parchmint.to_chip import drawn_chip
from coculture.chip.parchmint.to_network import NetworkMaker
from coculture.errors import InputError
from coculture.typed_file.complaints import merged, problem_of
from coculture.typed_file.reading import read_text


@dataclass(frozen=True, eq=False)
class ParchMintChip:
    """What a ParchMint file gives.

    Attributes
    ----------
    network : its channels, on its flow layers.
    chip : its drawing; None where the file does not place everything (``notes`` say what is missing).
    notes : what was assumed, and what was left out, in words.
    """

    network: ChannelNetwork
    chip: Chip | None
    notes: tuple[str, ...]


def read_parchmint(path: Path, *, depth_um: float | None = None, width_um: float | None = None) -> ParchMintChip:
    """Read a ParchMint file (JSON, version 1.2 or 1).

    Parameters
    ----------
    path : the file.
    depth_um, width_um : depth and width of the channels whose own the file does not give.

    Raises
    ------
    FileError : if there is no such file, or it is no text.
    InputError : if it is no JSON, lacks keys, names components that are not there, or leaves the length, width or depth of
        a channel unsaid.
    """
    text = read_text(path, "ParchMint file", "check the path")
    return parse_parchmint(text, str(path), depth_um=depth_um, width_um=width_um)


def parse_parchmint(text: str, file: str, *, depth_um: float | None = None, width_um: float | None = None) -> ParchMintChip:
    """Return what the text of a ParchMint file gives; see :func:`read_parchmint`."""
    device = parse_device(text, file)
    maker = NetworkMaker(device, file, depth_um, width_um)
    network = maker.network()
    chip, missing = drawn_chip(maker)
    notes = (*maker.notes, *(f"no drawing: {reason}" for reason in missing))
    return ParchMintChip(network, chip, notes)


def parse_device(text: str, file: str) -> DeviceFile:
    """Return the keys of a ParchMint text.

    Raises
    ------
    InputError : if it is no JSON or not a ParchMint device.
    """
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"this is not valid JSON: {error}", file, "a ParchMint file is one JSON object") from None
    if not isinstance(tree, dict):
        raise InputError("this is JSON, but not one object", file, "a ParchMint file is one JSON object with 'components'")
    try:
        return DeviceFile.model_validate(tree)
    except ValidationError as error:
        problems = [problem_of(detail, DeviceFile, file, {}) for detail in error.errors(include_url=False)]
        raise InputError(merged(problems)) from None
