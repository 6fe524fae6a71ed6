"""How fast something moves, and how long it will still take."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

WINDOW_SECONDS = 10.0
_STEP_SECONDS = 0.25


class RateMeter:
    """The mean speed over the latest seconds, from samples of a running total."""

    def __init__(self, window_seconds: float = WINDOW_SECONDS) -> None:
        self._window_seconds = window_seconds
        self._samples: deque[tuple[float, int]] = deque()

    def add(self, done: int, at: float) -> None:
        """Note the total at a monotonic time; a smaller total than before starts over."""
        samples = self._samples
        if samples and done < samples[-1][1]:
            samples.clear()
        if len(samples) > 1 and at - samples[-2][0] < _STEP_SECONDS:
            samples[-1] = (at, done)
        else:
            samples.append((at, done))
        self._forget_before(at - self._window_seconds)

    def rate(self, at: float) -> float:
        """Return bytes per second up to now; it sinks while nothing comes."""
        self._forget_before(at - self._window_seconds)
        if len(self._samples) < 2:
            return 0.0
        since, first = self._samples[0]
        seconds = at - since
        return (self._samples[-1][1] - first) / seconds if seconds > 0 else 0.0

    def _forget_before(self, at: float) -> None:
        """Keep one sample from before as the base of those within the window."""
        while len(self._samples) > 1 and self._samples[1][0] <= at:
            self._samples.popleft()


def eta(left: int, rate: float) -> timedelta | None:
    """Return how long ``left`` bytes take, None when nothing moves."""
    if left <= 0:
        return timedelta(0)
    return timedelta(seconds=left / rate) if rate >= 1 else None
