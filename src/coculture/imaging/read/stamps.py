"""Time stamps in file names: a date and time of day, or the time passed."""

from __future__ import annotations

import re
from datetime import datetime

from coculture.errors import FileError

_DATE = re.compile(r"(\d{4})y(\d{1,2})m(\d{1,2})d_(\d{1,2})h(\d{1,2})m")
_PASSED = re.compile(r"(\d{1,3})d(\d{1,2})h(\d{1,2})m")


def stamp_minutes(stamp: str, where: str) -> int:
    """Return the minutes a stamp stands for: since the year 1 for a date, since the start for a time passed.

    Raises
    ------
    FileError : if the stamp has neither form, or its date does not exist.
    """
    date = _DATE.fullmatch(stamp)
    if date is not None:
        year, month, day, hour, minute = map(int, date.groups())
        try:
            passed = datetime(year, month, day, hour, minute) - datetime(1, 1, 1)
        except ValueError as error:
            raise FileError(f"the time stamp {stamp!r} is no date: {error}", where, "rename the file") from error
        return passed.days * 1440 + passed.seconds // 60
    passed_time = _PASSED.fullmatch(stamp)
    if passed_time is None:
        raise FileError(f"the time stamp {stamp!r} is not understood", where, "stamps read 2020y01m31d_12h00m or 00d02h30m")
    days, hours, minutes = map(int, passed_time.groups())
    return days * 1440 + hours * 60 + minutes
