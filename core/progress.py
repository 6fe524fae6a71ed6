"""What moves right now, for people who look; memory only, the truth is in the database."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from utils.clock import Clock
from utils.progress import RateMeter, eta


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """How far a transfer is."""

    done: int
    """Bytes."""
    total: int | None
    rate_bytes_per_second: float
    eta_seconds: float | None
    """None while it does not move or the total is not known."""

    @property
    def share(self) -> float | None:
        """Return the done part, 0 to 1."""
        return self.done / self.total if self.total else None


class Progress:
    """The transfers of this process by key.

    That is an upload's id, ``("post", post_id)`` for a fetch, ``("fit", post_id)`` for what is
    made of its video.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._meters: dict[Hashable, RateMeter] = {}
        self._latest: dict[Hashable, tuple[int, int | None]] = {}
        self._told: dict[Hashable, float] = {}

    def update(
        self,
        key: Hashable,
        done: int,
        total: int | None,
        at: float | None = None,
        *,
        eta_seconds: float | None = None,
    ) -> None:
        """Note the running total of a transfer, at a monotonic time (now by default).

        ``eta_seconds`` is what somebody knows better than the rate tells.
        """
        meter = self._meters.setdefault(key, RateMeter())
        meter.add(done, self._clock.monotonic() if at is None else at)
        self._latest[key] = (done, total)
        if eta_seconds is None:
            self._told.pop(key, None)
        else:
            self._told[key] = eta_seconds

    def get(self, key: Hashable) -> Snapshot | None:
        latest = self._latest.get(key)
        if latest is None:
            return None
        done, total = latest
        rate = self._meters[key].rate(self._clock.monotonic())
        left = eta(total - done, rate) if total is not None else None
        return Snapshot(
            done=done,
            total=total,
            rate_bytes_per_second=rate,
            eta_seconds=self._told.get(key, None if left is None else left.total_seconds()),
        )

    def keys(self) -> list[Hashable]:
        """Return what moves now."""
        return list(self._latest)

    def forget(self, key: Hashable) -> None:
        """Drop a transfer that ended."""
        self._latest.pop(key, None)
        self._told.pop(key, None)
        self._meters.pop(key, None)
