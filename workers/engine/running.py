"""One run of a task: what its handler sees and what the engine knows about it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from core.ports import Task
from utils.clock import Clock
from workers.engine.table import Claim, Outcome


class ActiveRun:
    """A claimed task that runs in this process; the handler sees it as a `core.ports.Run`."""

    def __init__(self, claim: Claim, clock: Clock, *, is_stopping: Callable[[], bool]) -> None:
        self.claim = claim
        self.asked = claim.cancel_asked
        """Whether a person wants it to leave."""
        self.stalled_at: float | None = None
        """When it was cancelled for lack of progress."""
        self.outcome: Outcome | None = None
        self.worker: asyncio.Task[None] | None = None
        self._clock = clock
        self._is_stopping = is_stopping
        self._moved_at = clock.monotonic()

    @property
    def task(self) -> Task:
        return self.claim.task

    def stopping(self) -> bool:
        return self.asked or self._is_stopping()

    def progress(self) -> None:
        self._moved_at = self._clock.monotonic()

    def idle_seconds(self) -> float:
        """Return for how long nothing was heard of it."""
        return self._clock.monotonic() - self._moved_at

    def give_up(self) -> None:
        """Cancel it because it stands still."""
        self.stalled_at = self._clock.monotonic()
        self.cancel()

    def cancel(self) -> None:
        if self.worker is not None:
            self.worker.cancel()
