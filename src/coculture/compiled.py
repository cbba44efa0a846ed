"""The one numba decorator.

Kernels are numbers only: no units, no checks, no input or output. They are compiled once, cached on disk, release
the GIL, and keep IEEE arithmetic (no fast-math: a result must not depend on the compiler's mood).
``NUMBA_DISABLE_JIT=1`` runs them as plain Python, which the coverage run does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile ``function`` with the settings every kernel of this project shares."""
    return numba.njit(cache=True, nogil=True, error_model="numpy")(function)
