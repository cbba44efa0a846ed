"""From a number to a place on the page: linear and logarithmic axes with readable ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

from coculture.report.words.numbers import plain


@dataclass(frozen=True)
class Tick:
    """A marked value of an axis and its text."""

    value: float
    label: str


class Scale(Protocol):
    """An axis: maps values from ``low`` .. ``high`` to pixels from ``start`` to ``end``."""

    @property
    def start(self) -> float:
        """Pixel of the low end."""
        ...

    @property
    def end(self) -> float:
        """Pixel of the high end."""
        ...

    def __call__(self, value: float) -> float:
        """Return the pixel of ``value``."""
        ...

    def ticks(self) -> list[Tick]:
        """Return the marked values, in order."""
        ...


@dataclass(frozen=True)
class LinearScale:
    """Equal steps for equal differences.

    Attributes
    ----------
    low, high : values at the two ends; a range of no width is widened around its value.
    start, end : pixels of the two ends.
    wanted : about how many ticks.
    """

    low: float
    high: float
    start: float
    end: float
    wanted: int = 5

    def __call__(self, value: float) -> float:
        """Return the pixel of ``value``; values beyond the ends lie beyond the pixels."""
        low, high = self._range()
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def ticks(self) -> list[Tick]:
        """Return multiples of 1, 2, 2.5 or 5 times a power of ten that lie within the ends."""
        low, high = self._range()
        step = _step((high - low) / max(self.wanted, 1))
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        return [Tick(k * step, plain(k * step, step)) for k in range(first, last + 1)]

    def _range(self) -> tuple[float, float]:
        if self.high > self.low:
            return self.low, self.high
        half = abs(self.low) * 0.05 or 0.5
        return self.low - half, self.low + half


@dataclass(frozen=True)
class LogScale:
    """Equal steps for equal ratios; both ends are above zero."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the pixel of ``value`` > 0."""
        low, high = math.log10(self.low), math.log10(self.high)
        if high <= low:
            low, high = low - 0.5, low + 0.5
        return self.start + (math.log10(value) - low) / (high - low) * (self.end - self.start)

    def ticks(self) -> list[Tick]:
        """Return the powers of ten within the ends; with fewer than three, the 2s and 5s (then all digits) as well."""
        for digits in ((1,), (1, 3), (1, 2, 5), (1, 2, 3, 4, 5, 6, 7, 8, 9)):
            values = [d * 10.0**p for p in range(self._floor(), self._floor(self.high) + 1) for d in digits]
            values = [value for value in values if self.low * 0.999 <= value <= self.high * 1.001]
            if len(values) >= 3:
                break
        every = math.ceil(len(values) / 7)
        return [Tick(value, plain(value, 10.0 ** math.floor(math.log10(value)))) for value in values[::every]]

    def _floor(self, value: float | None = None) -> int:
        return math.floor(math.log10(self.low if value is None else value) + 1e-9)


def padded(low: float, high: float, share: float = 0.06) -> tuple[float, float]:
    """Return the range widened by ``share`` of its width on both sides."""
    gap = (high - low) * share
    return low - gap, high + gap


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1, 2, 2.5, 5):
        if factor * power >= rough * 0.999:
            return factor * power
    return 10 * power
