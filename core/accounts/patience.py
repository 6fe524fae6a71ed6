"""Leaving a token server alone that has just failed for an account."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import TOKEN_SERVER, ErrorKind, RemoteError
from utils.clock import Clock

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
PASSING = frozenset({ErrorKind.TRANSIENT, ErrorKind.RATE_LIMITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """An account whose token server is not asked for a while."""

    failures: int
    until: datetime
    message: str


class Patience:
    """Who waits in line for a renewal, and for which accounts none is tried now."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._pauses: dict[int, Pause] = {}
        self.turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        """One lock an account: who waits here does not ask the store again and again."""

    def is_paused(self, account_id: int) -> bool:
        pause = self._pauses.get(account_id)
        return pause is not None and self._clock.now() < pause.until

    def require_none(self, account_id: int) -> None:
        """See that the token server may be asked.

        Raises:
            RemoteError: ``TRANSIENT``, with the time that is left.
        """
        if self.is_paused(account_id):
            raise self._error(self._pauses[account_id])

    def failed(self, account_id: int, error: RemoteError) -> RemoteError:
        """Return the error that callers get; one that will pass opens a pause that grows."""
        if error.kind not in PASSING:
            return error
        before = self._pauses.get(account_id)
        failures = before.failures + 1 if before is not None else 1
        length = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
        until = self._clock.now() + max(length, error.retry_after or timedelta(0))
        pause = Pause(failures=failures, until=until, message=error.message)
        self._pauses[account_id] = pause
        facts = {"account": account_id, "why": error.message, "again_at": until.isoformat()}
        logger.warning("token not renewed", extra=facts)
        return self._error(pause)

    def forget(self, account_id: int) -> None:
        """The token server answered well, or a person wants another try."""
        self._pauses.pop(account_id, None)

    def _error(self, pause: Pause) -> RemoteError:
        """Say that it goes on later; by its code it counts as no attempt of an upload."""
        return RemoteError(
            kind=ErrorKind.TRANSIENT,
            message=f"the sign-in cannot be renewed now: {pause.message}",
            code=TOKEN_SERVER,
            retry_after=max(pause.until - self._clock.now(), timedelta(seconds=1)),
        )
