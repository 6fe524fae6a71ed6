"""What every engine promises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.ports import Cancelled, Defer, Permanent, Run, Task, TaskState, Transient
from tests.contract.engines import ENGINES, Bench, OpenBench, Worker


@pytest.fixture(params=ENGINES)
def open_bench(request: pytest.FixtureRequest) -> OpenBench:
    return ENGINES[request.param]


@pytest.fixture
async def bench(open_bench: OpenBench, tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path) as opened:
        yield opened


@pytest.fixture
def worker(bench: Bench) -> Worker:
    made = Worker()
    bench.engine.handler("work", made)
    return made


def task(key: str, *, queue: str = "one", lock: str = "", priority: int = 0) -> Task:
    return Task(kind="work", key=key, queue=queue, lock=lock, priority=priority)


def tasks(keys: str, *, queue: str = "one", lock: str = "") -> list[Task]:
    return [task(key, queue=queue, lock=lock) for key in keys]


async def let_pass(bench: Bench, seconds: float) -> None:
    """Let time pass that ends with a heartbeat."""
    await bench.clock.sleeps(10)
    if seconds > 10:
        await bench.clock.advance(seconds - 10)
        await bench.clock.sleeps(10)
    await bench.clock.advance(10)


# Submitting


async def test_a_task_reaches_its_handler_as_it_was_submitted(
    bench: Bench, worker: Worker
) -> None:
    sent = Task(
        kind="work",
        key="upload:17#3",
        args={"id": 17, "deep": {"list": [1, 2]}},
        priority=3,
        run_at=bench.clock.now(),
        lock="account:1",
        queue="one",
    )
    await bench.submit(sent)
    async with bench.running():
        await worker.started()
        assert worker.runs["upload:17#3"].task == sent


async def test_a_finished_task_is_forgotten(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    await bench.submit(task("a"))
    async with bench.running():
        await worker.started()
        await bench.is_in("a", TaskState.ABSENT)
    assert await bench.engine.counts() == {}


async def test_a_key_is_accepted_once(bench: Bench) -> None:
    assert await bench.submit(task("a"), task("a"), task("b")) == [True, False, True]
    assert await bench.submit(task("a")) == [False]


async def test_the_key_of_a_finished_task_is_never_used_again(
    bench: Bench, worker: Worker
) -> None:
    worker.let_go()
    await bench.submit(task("a"))
    async with bench.running():
        await worker.started()
        await bench.is_in("a", TaskState.ABSENT)
        assert await bench.submit(task("a")) == [False]
    assert worker.keys == ["a"]


async def test_a_task_of_a_rolled_back_transaction_never_was(bench: Bench, worker: Worker) -> None:
    async with bench.running():
        with pytest.raises(ZeroDivisionError):
            async with bench.store.transaction() as tx:
                await bench.engine.submit(task("a"), tx)
                raise ZeroDivisionError
        await bench.submit(task("b"))
        assert await worker.started() == ["b"]
        assert await bench.engine.state("a") is TaskState.ABSENT


async def test_a_submit_wakes_an_idle_engine(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    async with bench.running():
        for key in "abc":
            await bench.submit(task(key))
            assert await worker.started() == [key]


async def test_what_was_submitted_before_the_start_runs(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    await bench.submit(task("a", queue="one"), task("b", queue="two"), task("c", queue="other"))
    async with bench.running():
        assert sorted(await worker.started(3)) == ["a", "b", "c"]


async def test_thousands_of_tasks_run_once_each(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    keys = [f"{number}#1" for number in range(2000)]
    async with bench.running():
        for start in range(0, 2000, 100):
            await bench.submit(*(task(key, queue="eight") for key in keys[start : start + 100]))
        await worker.started(2000)
    assert sorted(worker.keys) == sorted(keys)


# Order, slots and locks


async def test_urgent_tasks_run_first_and_equals_in_order(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    await bench.submit(task("a"), task("b", priority=5), task("c"), task("d", priority=-1))
    async with bench.running():
        assert await worker.started(4) == ["b", "a", "c", "d"]


@pytest.mark.parametrize(("queue", "slots"), [("one", 1), ("eight", 8), ("other", 2)])
async def test_a_queue_has_its_number_of_slots(
    bench: Bench, worker: Worker, queue: str, slots: int
) -> None:
    await bench.submit(*tasks("abcdefghijkl", queue=queue))
    async with bench.running():
        await worker.started(slots)
        worker.let_go()
        await worker.started(12 - slots)
    assert worker.most == slots


async def test_a_full_queue_does_not_hold_up_another(bench: Bench, worker: Worker) -> None:
    await bench.submit(*tasks("ab", queue="one"), task("c", queue="two"))
    async with bench.running():
        assert sorted(await worker.started(2)) == ["a", "c"]
        assert await bench.engine.state("b") is TaskState.READY


async def test_tasks_with_one_lock_never_run_at_once(bench: Bench, worker: Worker) -> None:
    await bench.submit(*tasks("abc", queue="eight", lock="x"), task("d", queue="eight"))
    async with bench.running():
        assert sorted(await worker.started(2)) == ["a", "d"]
        assert await bench.engine.state("b") is TaskState.READY
        worker.let_go()
        assert await worker.started(2) == ["b", "c"]
    assert worker.most == 2


async def test_a_lock_holds_across_queues(bench: Bench, worker: Worker) -> None:
    await bench.submit(task("a", queue="one", lock="x"), task("b", queue="two", lock="x"))
    async with bench.running():
        assert await worker.started() == ["a"]
        await bench.submit(task("c", queue="two"))
        assert await worker.started() == ["c"]
        worker.let_go()
        assert await worker.started() == ["b"]


async def test_the_urgent_task_of_a_lock_goes_first(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    await bench.submit(task("a", lock="x"), task("b", lock="x", priority=1))
    await bench.submit(task("c", lock="x", priority=2), task("d", lock="x", priority=1))
    async with bench.running():
        assert await worker.started(4) == ["c", "b", "d", "a"]


async def test_a_lock_is_free_after_an_error(
    bench: Bench, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    worker.let_go()
    worker.fails("a", ZeroDivisionError())
    await bench.submit(*tasks("ab", lock="x"))
    async with bench.running():
        assert await worker.started(2) == ["a", "b"]
    assert "ZeroDivisionError" in caplog.text


async def test_a_lock_is_free_after_a_cancel(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    await bench.submit(*tasks("ab", lock="x"))
    assert await bench.engine.cancel("a") is Cancelled.GONE
    async with bench.running():
        assert await worker.started() == ["b"]


# Time


async def test_a_task_for_later_waits_for_its_time(bench: Bench, worker: Worker) -> None:
    later = bench.clock.now() + timedelta(seconds=45)
    async with bench.running():
        await bench.submit(Task(kind="work", key="a", queue="one", run_at=later))
        assert await bench.engine.state("a") is TaskState.LATER
        await bench.clock.sleeps(45)
        await bench.clock.advance(44)
        assert worker.keys == []
        await bench.clock.advance(1)
        assert await worker.started() == ["a"]


async def test_the_earliest_of_many_is_waited_for(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    now = bench.clock.now()
    for key, seconds in (("a", 45), ("b", 15), ("c", 35)):
        run_at = now + timedelta(seconds=seconds)
        await bench.submit(Task(kind="work", key=key, queue="one", run_at=run_at))
    async with bench.running():
        for key, wait in (("b", 15), ("c", 20), ("a", 10)):
            await bench.clock.sleeps(wait)
            await bench.clock.advance(wait)
            assert await worker.started() == [key]


async def test_due_tasks_with_one_lock_run_one_by_one(bench: Bench, worker: Worker) -> None:
    run_at = bench.clock.now() + timedelta(seconds=5)
    await bench.submit(
        *(Task(kind="work", key=key, queue="eight", lock="x", run_at=run_at) for key in "abc")
    )
    await bench.clock.advance(6)
    worker.let_go()
    async with bench.running():
        assert await worker.started(3) == ["a", "b", "c"]
    assert worker.most == 1


# How a run ends


async def test_a_deferred_task_comes_back_and_frees_its_lock(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    worker.fails("a", Defer(bench.clock.now() + timedelta(seconds=45)))
    await bench.submit(*tasks("ab", lock="x"))
    async with bench.running():
        assert await worker.started(2) == ["a", "b"]
        await bench.is_in("a", TaskState.LATER)
        await bench.clock.sleeps(45)
        await bench.clock.advance(45)
        assert await worker.started() == ["a"]


async def test_a_task_may_be_deferred_for_ever(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    worker.fails("a", *(Defer(bench.clock.now()) for _ in range(20)))
    await bench.submit(task("a"))
    async with bench.running():
        await worker.started(21)
        await bench.is_in("a", TaskState.ABSENT)
    assert bench.failed == []


async def test_a_transient_failure_is_tried_again(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    worker.fails("a", Transient(timedelta(seconds=45)))
    await bench.submit(task("a"))
    async with bench.running():
        await worker.started()
        await bench.is_in("a", TaskState.LATER)
        await bench.clock.sleeps(45)
        await bench.clock.advance(45)
        assert await worker.started() == ["a"]


async def test_a_permanent_failure_ends_the_task(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    worker.fails("a", Permanent("no"))
    await bench.submit(task("a"))
    async with bench.running():
        await worker.started()
        await bench.is_in("a", TaskState.ABSENT)
    assert worker.keys == ["a"]


async def test_an_unknown_error_is_tried_three_times_more(
    bench: Bench, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    worker.let_go()
    worker.fails("a", *(ZeroDivisionError(f"try {number}") for number in range(9)))
    await bench.submit(task("a"))
    async with bench.running():
        for pause in (1, 5, 25):
            await worker.started()
            await bench.is_in("a", TaskState.LATER)
            await bench.clock.sleeps(pause)
            await bench.clock.advance(pause)
        await worker.started()
        await bench.is_in("a", TaskState.ABSENT)
    assert bench.failed == [("a", "try 3")]
    assert sum("Traceback" in (record.exc_text or "") for record in caplog.records) == 4


async def test_errors_are_counted_in_a_row(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    errors = [ZeroDivisionError(), Transient(timedelta(seconds=1))] * 4
    worker.fails("a", *errors)
    await bench.submit(task("a"))
    async with bench.running():
        for _ in errors:  # 8 seconds: before the first heartbeat, which would be taken for it
            await worker.started()
            await bench.is_in("a", TaskState.LATER)
            await bench.clock.sleeps(1)
            await bench.clock.advance(1)
        await worker.started()
        await bench.is_in("a", TaskState.ABSENT)
    assert bench.failed == []


async def test_a_task_of_an_unknown_kind_is_reported(bench: Bench, worker: Worker) -> None:
    worker.let_go()
    await bench.submit(Task(kind="unheard", key="a", queue="one"), task("b"))
    async with bench.running():
        assert await worker.started() == ["b"]
        for pause in (1, 5, 25):
            await bench.is_in("a", TaskState.LATER)
            await bench.clock.sleeps(pause)
            await bench.clock.advance(pause)
        await bench.is_in("a", TaskState.ABSENT)
    assert [key for key, _ in bench.failed] == ["a"]


async def test_a_cancellation_that_escapes_a_handler_is_an_error(
    bench: Bench, worker: Worker
) -> None:
    worker.let_go()
    worker.fails("a", asyncio.CancelledError())
    await bench.submit(task("a"), task("b"))
    async with bench.running():
        assert await worker.started(2) == ["a", "b"]
        await bench.is_in("a", TaskState.LATER)


def test_a_kind_has_one_handler(bench: Bench, worker: Worker) -> None:
    with pytest.raises(ValueError, match="work"):
        bench.engine.handler("work", worker)


# Cancelling


async def test_cancelling_what_has_not_started(bench: Bench, worker: Worker) -> None:
    await bench.submit(task("a"), task("b"))
    assert await bench.engine.cancel("a") is Cancelled.GONE
    assert await bench.submit(task("a")) == [False]
    async with bench.running():
        assert await worker.started() == ["b"]


async def test_cancelling_what_waits_for_its_time(bench: Bench) -> None:
    later = bench.clock.now() + timedelta(seconds=45)
    await bench.submit(Task(kind="work", key="a", run_at=later))
    assert await bench.engine.cancel("a") is Cancelled.GONE
    assert await bench.engine.state("a") is TaskState.ABSENT


async def test_cancelling_what_nobody_knows(bench: Bench) -> None:
    assert await bench.engine.cancel("a") is Cancelled.ABSENT


async def test_cancelling_what_runs_asks_it_to_leave(bench: Bench, worker: Worker) -> None:
    worker.fails("a", Defer(bench.clock.now()))
    await bench.submit(*tasks("ab", queue="two"))
    async with bench.running():
        await worker.started(2)
        assert await bench.engine.cancel("a") is Cancelled.ASKED
        assert worker.runs["a"].stopping()
        assert not worker.runs["b"].stopping()
        worker.let_go()
        await bench.is_in("a", TaskState.ABSENT)
    assert worker.keys.count("a") == 1


async def test_a_cancelled_task_does_not_come_back_after_a_crash(
    open_bench: OpenBench, bench: Bench, worker: Worker, tmp_path: Path
) -> None:
    await bench.submit(*tasks("ab"))
    async with bench.running():
        await worker.started()
        await bench.engine.cancel("a")
        async with open_bench(tmp_path, after=bench) as second:
            again = Worker()
            second.engine.handler("work", again)
            async with second.running():
                assert await again.started() == ["b"]


# Stopping, crashing, standing still


async def test_stopping_asks_runs_to_leave_and_waits(bench: Bench, worker: Worker) -> None:
    await bench.submit(*tasks("ab"))
    async with asyncio.TaskGroup() as group:
        group.create_task(bench.engine.run())
        await worker.started()
        stopping = group.create_task(bench.engine.stop(timedelta(seconds=30)))
        await bench.clock.sleeps(30)
        assert worker.runs["a"].stopping()
        assert not stopping.done()
        worker.let_go()
    assert await bench.engine.state("a") is TaskState.ABSENT
    assert await bench.engine.state("b") is TaskState.READY


async def test_a_run_that_does_not_leave_in_time_is_cancelled_and_kept(
    bench: Bench, worker: Worker
) -> None:
    await bench.submit(task("a", lock="x"))
    async with asyncio.TaskGroup() as group:
        group.create_task(bench.engine.run())
        await worker.started()
        group.create_task(bench.engine.stop(timedelta(seconds=30)))
        await bench.clock.sleeps(30)
        await bench.clock.advance(30)
    assert worker.cancelled == ["a"]
    assert await bench.engine.state("a") is TaskState.READY


async def test_a_deferring_run_is_waiting_after_a_stop(bench: Bench, worker: Worker) -> None:
    worker.fails("a", Defer(bench.clock.now()))
    await bench.submit(task("a"))
    async with bench.running(grace=30):
        await worker.started()
        worker.let_go()
    assert await bench.engine.state("a") is TaskState.READY


async def test_cancelling_the_engine_keeps_its_tasks(bench: Bench, worker: Worker) -> None:
    await bench.submit(*tasks("ab"))
    async with asyncio.TaskGroup() as group:
        running = group.create_task(bench.engine.run())
        await worker.started()
        running.cancel()
    assert worker.cancelled == ["a"]
    assert await bench.engine.counts() == {"one": {TaskState.READY: 2}}


async def test_an_engine_can_be_stopped_before_it_runs(bench: Bench, worker: Worker) -> None:
    await bench.submit(task("a"))
    await bench.engine.stop(timedelta(0))
    await bench.engine.run()
    assert worker.keys == []


async def test_a_stopped_engine_leaves_work_to_the_next(
    open_bench: OpenBench, bench: Bench, worker: Worker, tmp_path: Path
) -> None:
    await bench.submit(*tasks("abc"))
    async with bench.running():
        await worker.started()
    async with open_bench(tmp_path, after=bench) as second:
        again = Worker(waits=False)
        second.engine.handler("work", again)
        async with second.running():
            assert await again.started(3) == ["a", "b", "c"]


async def test_what_ran_at_a_crash_runs_again_at_once(
    open_bench: OpenBench, bench: Bench, worker: Worker, tmp_path: Path
) -> None:
    await bench.submit(task("a", lock="x"), task("b", lock="x"))
    async with bench.running():
        await worker.started()
        async with open_bench(tmp_path, after=bench) as second:
            again = Worker(waits=False)
            second.engine.handler("work", again)
            async with second.running():
                assert await again.started(2) == ["a", "b"]


async def test_a_task_that_crashes_the_process_again_and_again_ends(
    open_bench: OpenBench, tmp_path: Path
) -> None:
    async def crash(times: int, after: Bench | None) -> list[str]:
        async with open_bench(tmp_path, after=after) as bench:
            worker = Worker()
            bench.engine.handler("work", worker)
            if after is None:
                await bench.submit(task("a"))
            async with bench.running():
                if times == 0:
                    await bench.is_in("a", TaskState.ABSENT)
                    return [*bench.poisoned, *worker.keys]
                await worker.started()
                return await crash(times - 1, bench)

    assert await crash(5, None) == ["a"]


async def test_crashes_are_counted_apart_from_errors(
    open_bench: OpenBench, bench: Bench, worker: Worker, tmp_path: Path
) -> None:
    await bench.submit(task("a"))
    async with bench.running():
        await worker.started()
        async with open_bench(tmp_path, after=bench) as second:
            again = Worker(waits=False)
            again.fails("a", *(ZeroDivisionError() for _ in range(3)))
            second.engine.handler("work", again)
            async with second.running():
                for pause in (1, 5, 25):
                    await again.started()
                    await second.is_in("a", TaskState.LATER)
                    await second.clock.sleeps(pause)
                    await second.clock.advance(pause)
                await again.started()
                await second.is_in("a", TaskState.ABSENT)
            assert second.failed == []


async def test_a_run_without_progress_is_cancelled_and_tried_again(
    bench: Bench, worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.submit(task("a"))
    async with bench.running():
        await worker.started()
        await let_pass(bench, 290)
        assert worker.cancelled == []
        await let_pass(bench, 10)
        assert await worker.started() == ["a"]
    assert "makes no progress" in caplog.text


async def test_a_run_with_progress_may_last(bench: Bench, worker: Worker) -> None:
    await bench.submit(task("a"))
    async with bench.running():
        await worker.started()
        for _ in range(20):
            await let_pass(bench, 100)
            worker.runs["a"].progress()
        assert worker.cancelled == []


async def test_a_task_that_stands_still_again_and_again_ends(bench: Bench, worker: Worker) -> None:
    await bench.submit(task("a"))
    async with bench.running():
        for _ in range(5):
            await worker.started()
            await let_pass(bench, 300)
        await bench.is_in("a", TaskState.ABSENT)
    assert bench.poisoned == ["a"]


async def test_a_run_that_ignores_its_cancellation_is_left_behind(
    bench: Bench, worker: Worker
) -> None:
    may_end = asyncio.Event()
    starts: asyncio.Queue[Run] = asyncio.Queue()

    async def stubborn(run: Run) -> None:
        starts.put_nowait(run)
        try:
            await may_end.wait()
        except asyncio.CancelledError:
            await may_end.wait()

    bench.engine.handler("stubborn", stubborn)
    await bench.submit(Task(kind="stubborn", key="a", queue="one"))
    async with bench.running():
        await starts.get()
        await let_pass(bench, 300)
        await let_pass(bench, 40)
        await starts.get()
        may_end.set()
        await bench.is_in("a", TaskState.ABSENT)


async def test_counts_by_queue_and_state(bench: Bench, worker: Worker) -> None:
    later = bench.clock.now() + timedelta(seconds=45)
    await bench.submit(*tasks("abc", lock="x"), task("d", queue="two"))
    await bench.submit(Task(kind="work", key="e", queue="two", run_at=later))
    async with bench.running():
        await worker.started(2)
        assert await bench.engine.counts() == {
            "one": {TaskState.READY: 2, TaskState.RUNNING: 1},
            "two": {TaskState.LATER: 1, TaskState.RUNNING: 1},
        }
