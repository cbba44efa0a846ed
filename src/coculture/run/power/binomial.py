"""How sure a share is that was counted."""

from __future__ import annotations

from scipy import special


def exact_interval(found: int, tried: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a share (Clopper & Pearson 1934, Biometrika 26:404).

    The limits are the shares under which as many or more, or as few or fewer, would be found with probability
    ``(1 − confidence)/2``: quantiles of Beta(k, n − k + 1) and Beta(k + 1, n − k). It covers at least as often as it says.

    Parameters
    ----------
    found, tried : k of n.
    confidence : between 0 and 1.

    Raises
    ------
    ValueError : if nothing was tried, or more found than tried.
    """
    if not 0 <= found <= tried or tried < 1:
        raise ValueError(f"{found} of {tried} is no share")
    tail = (1.0 - confidence) / 2.0
    low = 0.0 if found == 0 else float(special.betaincinv(found, tried - found + 1, tail))
    high = 1.0 if found == tried else float(special.betaincinv(found + 1, tried - found, 1.0 - tail))
    return low, high
