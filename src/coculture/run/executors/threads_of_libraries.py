"""Keep numerical libraries at one thread each.

The wells are what runs in parallel. A library that starts threads of its own inside every worker would oversubscribe
the machine, and a sum split over threads may round differently from one machine to the next.
"""

from __future__ import annotations

import os

VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def one_thread_each() -> None:
    """Set the variables that libraries read when they are first imported. Call before NumPy is imported.

    A value that the user has set is kept.
    """
    for variable in VARIABLES:
        os.environ.setdefault(variable, "1")
