"""The times and counts of the embedded engine, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a run counts as dead, and how often something is tried again."""

    heartbeat: timedelta = timedelta(seconds=10)
    """How often leases are prolonged and runs looked at."""
    dead_after: timedelta = timedelta(seconds=40)
    """Length of a lease, and how long a cancelled run may take to leave."""
    stall: timedelta = timedelta(seconds=300)
    """A run without progress for that long is cancelled and counts as a crash."""
    crashes: int = 5
    """A task that crashed so often is poisoned and ends."""
    retry_delays: tuple[timedelta, ...] = (
        timedelta(seconds=1),
        timedelta(seconds=5),
        timedelta(seconds=25),
    )
    """Pauses after errors that no handler foresaw; after the last one the task ends."""
    keys_kept: timedelta = timedelta(days=30)
    """How long the key of a task that ended is remembered."""
    look_again: timedelta = timedelta(seconds=60)
    """How often the wall clock is looked at, which may jump."""
    store_retry: timedelta = timedelta(seconds=1)
    """Pause before a database that failed is used again."""
