"""Links of limited speed: one token bucket per service and direction, shared by its transfers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from utils.sandbox.options import EVERY

UP = "up"
DOWN = "down"
DIRECTIONS = (UP, DOWN)

BURST_BYTES = 64 * 1024
PATIENCE_SECONDS = 0.002
"""Shorter waits are saved up, because a sleep cannot be that short."""


class Bucket:
    """A link of `rate` bytes a second that serves whoever asks, in the order of asking.

    It is kept as the moment at which the link falls idle, so that no rounding of sleeps
    adds up; an idle link saves up a burst of at most 64 KiB (2 ms above 32 MB/s).
    """

    def __init__(self, rate: float) -> None:
        self.rate = rate
        burst = min(BURST_BYTES, max(4096.0, rate * 0.03))
        self._credit = max(burst / rate, PATIENCE_SECONDS)
        self._idle_at = 0.0

    @property
    def piece(self) -> int:
        """How many bytes to move at a time, so that parallel transfers share the link evenly."""
        return int(min(256 * 1024, max(2048, self.rate * 0.02)))

    async def take(self, size: int) -> None:
        """Wait until `size` bytes have passed the link."""
        now = time.monotonic()
        self._idle_at = max(self._idle_at, now - self._credit) + size / self.rate
        if (delay := self._idle_at - now) > PATIENCE_SECONDS:
            await asyncio.sleep(delay)


class Rates:
    """The buckets that are set; a service without one is not slowed."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def bucket(self, service: str, direction: str) -> Bucket | None:
        if not self._buckets:
            return None
        return self._buckets.get((service, direction)) or self._buckets.get((EVERY, direction))

    def assign(self, rates: Mapping[str, Any]) -> None:
        """Set rates, in the shape `{service: {"up": bytes a second or null, "down": ...}}`.

        Raises:
            ValueError: when the shape is wrong or a rate is not above 0.
        """
        changes = [
            ((service, direction), _bucket(rate))
            for service, directions in rates.items()
            for direction, rate in _directions(directions)
        ]
        for key, bucket in changes:
            self._buckets.pop(key, None)
            if bucket is not None:
                self._buckets[key] = bucket

    def document(self) -> dict[str, dict[str, float]]:
        """Return what is set, in the shape that `assign` takes."""
        rates: dict[str, dict[str, float]] = {}
        for (service, direction), bucket in self._buckets.items():
            rates.setdefault(service, {})[direction] = bucket.rate
        return rates

    def clear(self) -> None:
        self._buckets.clear()


def _directions(value: object) -> list[tuple[str, Any]]:
    if not isinstance(value, dict) or not set(value) <= set(DIRECTIONS):
        raise ValueError(f'rates of a service are {{"up": ..., "down": ...}}, not {value!r}')
    return list(value.items())


def _bucket(rate: object) -> Bucket | None:
    if rate is None:
        return None
    if isinstance(rate, bool) or not isinstance(rate, (int, float)) or rate <= 0:
        raise ValueError(f"a rate is a number of bytes a second above 0, or null: {rate!r}")
    return Bucket(float(rate))
