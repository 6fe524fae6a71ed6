from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.clocks import START, ManualClock
from workers.supervisor import Supervisor


async def fail() -> None:
    raise ZeroDivisionError("broken")


async def wait_for_ever() -> None:
    await asyncio.Event().wait()


async def test_a_failure_is_logged_with_its_name(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    async with Supervisor(clock) as supervisor:
        task = supervisor.spawn("the reaper", fail())
        await asyncio.wait({task})
    assert "the reaper failed" in caplog.text
    assert "ZeroDivisionError: broken" in caplog.text


async def test_a_result_can_be_waited_for(clock: ManualClock) -> None:
    async def work() -> int:
        return 7

    async with Supervisor(clock) as supervisor:
        assert await supervisor.spawn("work", work()) == 7


async def test_a_loop_that_fails_starts_again_after_a_growing_pause(
    clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    starts = 0

    async def work() -> None:
        nonlocal starts
        starts += 1
        await fail()

    async with Supervisor(clock) as supervisor:
        supervisor.loop("sweep", work)
        for pause in (1, 2, 4, 8, 16, 32, 60, 60):
            await clock.sleeps(pause)
            await clock.advance(pause)
        assert starts == 9
    assert caplog.text.count("sweep failed") == 9


async def test_the_pause_is_short_again_after_a_healthy_time(clock: ManualClock) -> None:
    async def work() -> None:
        await clock.sleep(600)
        await fail()

    async with Supervisor(clock) as supervisor:
        supervisor.loop("sweep", work)
        for seconds in (600, 1, 600, 1):
            await clock.sleeps(seconds)
            await clock.advance(seconds)
        await clock.sleeps(600)


async def test_a_loop_that_returns_has_finished(clock: ManualClock) -> None:
    starts: list[int] = []

    async def work() -> None:
        starts.append(1)

    supervisor = Supervisor(clock)
    supervisor.loop("once", work)
    await supervisor.stop(timedelta(seconds=30))
    assert starts == [1]
    assert clock.now() == START


async def test_stopping_cancels_the_latest_first(clock: ManualClock) -> None:
    ended: list[str] = []
    started = asyncio.Semaphore(0)

    async def work(name: str) -> None:
        try:
            started.release()
            await wait_for_ever()
        finally:
            await asyncio.sleep(0)
            ended.append(name)

    supervisor = Supervisor(clock)
    for name in "abc":
        _ = supervisor.spawn(name, work(name))
        await started.acquire()
    await supervisor.stop()
    assert ended == ["c", "b", "a"]


async def test_stopping_waits_for_who_leaves_by_himself(clock: ManualClock) -> None:
    ended: list[str] = []

    async def polite(supervisor: Supervisor) -> None:
        await supervisor.stopping.wait()
        ended.append("polite")

    supervisor = Supervisor(clock)
    _ = supervisor.spawn("polite", polite(supervisor))
    await supervisor.stop(timedelta(seconds=30))
    assert ended == ["polite"]


async def test_grace_ends(clock: ManualClock) -> None:
    supervisor = Supervisor(clock)
    stubborn = supervisor.spawn("stubborn", wait_for_ever())
    async with asyncio.TaskGroup() as group:
        group.create_task(supervisor.stop(timedelta(seconds=30)))
        await clock.sleeps(30)
        assert not stubborn.done()
        await clock.advance(30)
    assert stubborn.cancelled()


async def test_a_loop_in_its_pause_stops_at_once(clock: ManualClock) -> None:
    supervisor = Supervisor(clock)
    supervisor.loop("sweep", fail)
    await clock.sleeps(1)
    await supervisor.stop(timedelta(seconds=30))
    assert clock.now() == START


async def test_who_ignores_his_cancellation_does_not_hold_up_the_stop(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("workers.supervisor.LEAVE_SECONDS", 0.01)
    may_end, started = asyncio.Event(), asyncio.Event()

    async def stubborn() -> None:
        started.set()
        try:
            await may_end.wait()
        except asyncio.CancelledError:
            await may_end.wait()

    supervisor = Supervisor(clock)
    task = supervisor.spawn("stubborn", stubborn())
    await started.wait()
    await supervisor.stop()
    assert "stubborn does not leave" in caplog.text
    may_end.set()
    await task


async def test_nothing_starts_while_everything_stops(clock: ManualClock) -> None:
    supervisor = Supervisor(clock)
    await supervisor.stop()
    with pytest.raises(RuntimeError, match="late"):
        _ = supervisor.spawn("late", wait_for_ever())
