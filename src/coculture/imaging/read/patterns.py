"""Ready file-name patterns of common microscopes, and the reading of a pattern the user wrote.

A pattern is one regular expression or several that are tried in turn. Named groups say what a part of the name means:

=================================  ==========================================================================
``well``, or ``row`` + ``column``  the well (needed)
``plate``                          the plate; without it the folder has one plate
``site``                           field of view within the well; without it 1
``channel``                        value the recipe's channels are compared with
``z``                              focal plane, a whole number
``t``                              number of the time point, a whole number
``stamp``                          date and time, ``2020y01m01d_12h00m``, or time passed, ``00d02h30m``
=================================  ==========================================================================

A pattern that holds ``/`` (outside square brackets) is compared with the whole path below the image folder, any other with
the file's name alone. The whole name must match.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

from coculture.errors import InputError
from coculture.imaging.read.regex_guard import danger

GROUPS = ("plate", "well", "row", "column", "site", "channel", "z", "t", "stamp")
"""The named groups a pattern may use."""

LONGEST_PATTERN = 1000
_CHARACTER_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_GUID = r"(?:[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12})?"
_TIFF = r"\.tiff?"
_WELL = r"(?P<row>[A-Z]{1,2})(?P<column>\d{1,2})"
_SITE = r"(?:_s(?P<site>\d+))?"
_WAVE = r"(?:_(?P<channel>w\d{1,2}))?"
_STAMP = r"(?P<stamp>[0-9ymdh_]+)"


@dataclass(frozen=True)
class FilePattern:
    """How a file's name says what the file is.

    Attributes
    ----------
    name : the ready pattern's name, or 'regex'.
    expressions : regular expressions, tried in turn.
    example : a name that matches, for messages.
    ignore_case : whether capital and small letters are one.
    """

    name: str
    expressions: tuple[str, ...]
    example: str = ""
    ignore_case: bool = True

    @property
    def is_own(self) -> bool:
        """Whether a person wrote it; the ready ones are known to be quick."""
        return self.name == "regex"

    def compiled(self) -> tuple[tuple[re.Pattern[str], bool], ...]:
        """Return each expression compiled, with whether it speaks of the path rather than of the name alone."""
        flags = re.IGNORECASE if self.ignore_case else 0
        return tuple((re.compile(text, flags), "/" in _CHARACTER_CLASS.sub("", text)) for text in self.expressions)


READY: dict[str, FilePattern] = {
    pattern.name: pattern
    for pattern in (
        FilePattern(
            "imagexpress",
            (
                rf"(?:.*/)?TimePoint_(?P<t>\d+)/(?:ZStep_(?P<z>\d+)/)?(?P<plate>[^/]+?)_{_WELL}{_SITE}{_WAVE}{_GUID}{_TIFF}",
                rf"(?P<plate>[^/]+?)_{_WELL}{_SITE}{_WAVE}{_GUID}{_TIFF}",
            ),
            "Experiment_A01_s1_w1.TIF",
        ),
        FilePattern(
            "opera",
            (
                r"r(?P<row>\d{2})c(?P<column>\d{2})f(?P<site>\d+)p(?P<z>\d+)-(?P<channel>ch\d+)"
                rf"(?:sk(?P<t>\d+))?(?:fk\d+)?(?:fl\d+)?{_TIFF}",
            ),
            "r01c01f01p01-ch1sk1fk1fl1.tiff",
        ),
        FilePattern(
            "cellvoyager",
            (rf"(?P<plate>.+)_{_WELL}_T(?P<t>\d+)F(?P<site>\d+)L\d+A\d+Z(?P<z>\d+)(?P<channel>C\d+){_TIFF}",),
            "AssayPlate_Greiner_A01_T0001F001L01A01Z01C01.tif",
        ),
        FilePattern(
            "incucyte",
            (
                rf"(?:.*/)?(?P<channel>[^/]+)/(?P<plate>VID\d+)_{_WELL}_(?P<site>\d+)_{_STAMP}{_TIFF}",
                rf"(?P<plate>VID\d+)_{_WELL}_(?P<site>\d+)_{_STAMP}{_TIFF}",
                rf"(?P<channel>[^/]+)_{_WELL}_(?P<site>\d+)_{_STAMP}{_TIFF}",
            ),
            "VID123_A1_1_2020y01m01d_12h00m.tif",
        ),
        FilePattern(
            "plain",
            tuple(
                rf"{well}{_SITE}(?:_t(?P<t>\d+))?(?:_z(?P<z>\d+))?(?:_(?P<channel>[^_/.]+))?(?:\.ome)?{_TIFF}"
                for well in (_WELL, r"(?P<well>C\d+U\d+)")
            ),
            "A01_s1_dna.tif",
        ),
    )
}
"""The ready patterns by name. A channel's value is given as in the name or as its number: 'w1', 'ch1', 'C01' or '1'."""


def file_pattern(text: str) -> FilePattern:
    """Return the ready pattern named ``text``, or the pattern that ``text`` spells as a regular expression.

    Raises
    ------
    InputError : if ``text`` is neither, names no well, uses unknown groups, or could take for ever on some file name.
    """
    if text in READY:
        return READY[text]
    if "(?P<" not in text:
        raise InputError(
            f"{text!r} is no ready pattern and no regular expression with named groups",
            where="pattern",
            remedy=f"use one of {', '.join(READY)}, ome-zarr, or an expression as (?P<well>[A-P]\\d+)_(?P<channel>\\w+)\\.tif",
        )
    _check_expression(text)
    return FilePattern("regex", (text,), ignore_case=False)


def _check_expression(text: str) -> None:
    if len(text) > LONGEST_PATTERN:
        raise InputError(f"the expression has {len(text)} characters", where="pattern", remedy=f"keep it below {LONGEST_PATTERN}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of signs that a later Python may read otherwise
            groups = set(re.compile(text).groupindex)
    except (re.error, OverflowError, RecursionError) as error:
        raise InputError(
            f"{text!r} is not a regular expression: {error}",
            where="pattern",
            remedy="mind that . ( ) + and other signs must be written \\. \\( \\) \\+ to mean themselves",
        ) from error
    unknown = sorted(groups - set(GROUPS))
    if unknown:
        raise InputError(f"unknown groups: {', '.join(unknown)}", where="pattern", remedy=f"the groups are {', '.join(GROUPS)}")
    if "well" not in groups and not {"row", "column"} <= groups:
        raise InputError(
            f"{text!r} does not say which part of the name is the well",
            where="pattern",
            remedy="add a group (?P<well>...) or the two groups (?P<row>...) and (?P<column>...)",
        )
    if "well" in groups and groups & {"row", "column"}:
        raise InputError("the well is named twice", where="pattern", remedy="use the group well, or row and column")
    if {"t", "stamp"} <= groups:
        raise InputError("the time is named twice", where="pattern", remedy="use the group t or the group stamp")
    fault = danger(text)
    if fault:
        raise InputError(
            f"{text!r} could take for ever on some file names: {fault}",
            where="pattern",
            remedy="repeat single characters or classes, as in [A-Za-z_]+, and not groups that repeat or choose",
        )
