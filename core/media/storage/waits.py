"""How long and how often something is tried again."""

from __future__ import annotations

from core.studio.errors import StudioError
from utils.clock import Clock

FIRST_SECONDS = 1.0
MOST_SECONDS = 30.0
"""Longest pause of our own."""
LONGEST_SECONDS = 600.0
"""A remote that wants more than this is left alone; who asked may come back later."""
TRIES = 7


class Waits:
    """The pauses of one request; each is twice the one before."""

    def __init__(
        self, clock: Clock, *, tries: int = TRIES, first_seconds: float = FIRST_SECONDS
    ) -> None:
        self._clock = clock
        self._tries = tries
        self._first_seconds = first_seconds
        self._failed = 0

    def start_over(self) -> None:
        """Something moved: the next pause is the first again."""
        self._failed = 0

    async def wait(self, error: StudioError, wanted_seconds: float | None = None) -> None:
        """Wait, as long as the remote wants if it said so.

        Raises:
            StudioError: the one given, when that was often enough; ``storage_busy`` when the
                remote wants more than we wait.
        """
        self._failed += 1
        if wanted_seconds is not None and wanted_seconds > LONGEST_SECONDS:
            facts = {**error.facts, "seconds": wanted_seconds}
            raise StudioError("storage_busy", facts, retry=True) from error
        if self._failed >= self._tries:
            raise error
        own = min(MOST_SECONDS, self._first_seconds * 2 ** (self._failed - 1))
        await self._clock.sleep(own if wanted_seconds is None else max(0.0, wanted_seconds))
