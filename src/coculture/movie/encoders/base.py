"""What every encoder does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
"""(Y, X, 3) one picture, red, green, blue."""


class Encoder(Protocol):
    """Turns pictures into a file."""

    @property
    def moves(self) -> bool:
        """Whether the file holds several pictures."""
        ...

    def require(self) -> None:
        """Make sure that it can work.

        Raises
        ------
        MissingExtraError : if a library is missing.
        """
        ...

    def write(self, file: Path, frames: Iterator[Frame], fps: float) -> None:
        """Write pictures of one size to a file.

        Parameters
        ----------
        file : where to.
        frames : the pictures; they are taken one at a time.
        fps : pictures a second.
        """
        ...
