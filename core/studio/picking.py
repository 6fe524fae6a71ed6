"""Which assets a random pick takes: the least used first, and none twice within the window."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.store.base import Row

Seed = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What decides whether an asset is picked."""

    id: int
    sha256: str
    uses: int
    touched_at: datetime | None
    """When it was last used or picked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """Why nothing can be picked: so many fit, and all of them rest until the first is back."""

    fitting: int
    resting: int
    back_at: datetime | None


def read_candidate(row: Row) -> Candidate:
    """Return the candidate of a row."""
    touched = [at for at in (row["last_used_at"], row["picked_at"]) if at is not None]
    return Candidate(
        id=row["id"],
        sha256=row["sha256"],
        uses=row["uses"],
        touched_at=datetime.fromtimestamp(max(touched), UTC) if touched else None,
    )


def choose(
    candidates: Sequence[Candidate],
    *,
    seed: Seed,
    count: int,
    now: datetime,
    window: timedelta,
    avoid: Collection[int] = (),
) -> list[int]:
    """Return ids, at most ``count``: the least used first, the rest of the order from the seed.

    The order depends on the bytes of the assets, so that it is the same in a library whose
    assets were added in another order.
    """
    free = [one for one in candidates if one.id not in avoid and not _rests(one, now, window)]
    ordered = sorted(free, key=lambda one: (one.uses, _lot(seed, one.sha256), one.id))
    return [one.id for one in ordered[:count]]


def resting(candidates: Sequence[Candidate], *, now: datetime, window: timedelta) -> Resting:
    """Return how many there are, how many of them rest, and when the first is back."""
    waiting = [one.touched_at for one in candidates if one.touched_at and _rests(one, now, window)]
    back_at = min(waiting) + window if waiting else None
    return Resting(fitting=len(candidates), resting=len(waiting), back_at=back_at)


def _rests(one: Candidate, now: datetime, window: timedelta) -> bool:
    # Also what was touched in the future of a clock that was set back is not taken for free.
    return one.touched_at is not None and now - one.touched_at < window


def _lot(seed: Seed, sha256: str) -> bytes:
    return hashlib.sha256(f"{seed}:{sha256}".encode()).digest()
