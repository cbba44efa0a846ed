"""One seed, an independent named stream for everything that draws.

A stream is addressed by name, never by order: the numbers a well draws do not depend on which worker does it, on how
many workers there are, or on which wells were done before. Each name is hashed (SHA-256) into the spawn key of a
:class:`numpy.random.SeedSequence`, so streams of different names are independent to the quality of that generator
(PCG64, O'Neill 2014).
"""

from __future__ import annotations

import hashlib

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the generator that belongs to ``names`` under ``seed``.

    Parameters
    ----------
    seed : the run's one seed, an integer >= 0.
    names : the address of the stream, for instance ``("plate-1", "B03", "migration")``. Order matters.

    Raises
    ------
    ValueError : if ``seed`` is negative.
    """
    if seed < 0:
        raise ValueError(f"a seed is an integer >= 0, found {seed}")
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    key = tuple(int.from_bytes(digest[i : i + 4], "little") for i in range(0, 16, 4))
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))
