from __future__ import annotations

from core.progress import Progress
from tests.clocks import ManualClock


async def test_snapshot_tells_speed_share_and_time_left() -> None:
    clock = ManualClock()
    progress = Progress(clock)
    progress.update(7, 0, 1000)
    await clock.advance(1)
    progress.update(7, 250, 1000)

    snapshot = progress.get(7)

    assert snapshot is not None
    assert (snapshot.done, snapshot.total, snapshot.share) == (250, 1000, 0.25)
    assert snapshot.rate_bytes_per_second == 250
    assert snapshot.eta_seconds == 3


async def test_unknown_total_has_neither_share_nor_time() -> None:
    progress = Progress(ManualClock())
    progress.update(("post", 1), 5, None)

    snapshot = progress.get(("post", 1))

    assert snapshot is not None
    assert snapshot.share is None
    assert snapshot.eta_seconds is None


async def test_transfer_that_stands_still_has_no_time_left() -> None:
    clock = ManualClock()
    progress = Progress(clock)
    progress.update(7, 0, 1000)
    await clock.advance(1)
    progress.update(7, 250, 1000)
    await clock.advance(600)

    snapshot = progress.get(7)

    assert snapshot is not None
    assert snapshot.eta_seconds is None


def test_forgotten_and_unknown_transfers_are_none() -> None:
    progress = Progress(ManualClock())
    progress.update(7, 1, 2)
    progress.forget(7)

    assert progress.get(7) is None
    assert progress.get(8) is None
