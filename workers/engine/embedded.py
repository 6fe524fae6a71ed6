"""The engine inside the process: a lease runner over our own store.

One loop, the dispatcher, writes outcomes and claims for free slots together in one transaction.
It is woken by events: a submit, a run that ended, a task that became due. A handler that leaves
early because of `stopping` raises `Defer` with the present time; returning ends the task.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from core.ports import Cancelled, Defer, Handler, Permanent, Task, TaskState, Transient
from core.store.base import Store, Tx
from core.store.errors import StoreError
from utils.clock import Clock
from workers.engine import table
from workers.engine.limits import Limits
from workers.engine.lock import FileLock
from workers.engine.running import ActiveRun
from workers.engine.table import Claim, Outcome
from workers.waits import wait_event

FORGET_EVERY_SECONDS = 3600.0

OnFailed = Callable[[Task, Exception], Awaitable[None]]
OnPoisoned = Callable[[Task], Awaitable[None]]

log = logging.getLogger(__name__)


class EmbeddedEngine:
    """Runs handlers in this process; `run` lasts until `stop`.

    ``slots`` says how many tasks of a queue run at once, ``default_slots`` for other queues.
    ``on_failed`` is called before a task ends after too many errors that no handler foresaw,
    ``on_poisoned`` before it ends after too many crashes; both may be called again after a crash.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        lock: FileLock,
        slots: Mapping[str, int] | None = None,
        default_slots: int = 2,
        limits: Limits | None = None,
        on_failed: OnFailed | None = None,
        on_poisoned: OnPoisoned | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._lock = lock
        self._slots = dict(slots or {})
        self._default_slots = default_slots
        self._limits = limits or Limits()
        self._on_failed = on_failed
        self._on_poisoned = on_poisoned
        self._handlers: dict[str, Handler] = {}
        self._active: dict[str, ActiveRun] = {}
        self._ended: list[ActiveRun] = []
        self._used: Counter[str] = Counter()
        self._asked_early: set[str] = set()
        # Queues that may have something ready; a queue that was found empty leaves it.
        self._hopeful: set[str] = set()
        self._next_due = math.inf
        self._forgot_at = -math.inf
        self._wake = asyncio.Event()
        self._due_changed = asyncio.Event()
        self._left = asyncio.Event()
        self._running = False
        self._stopping = False
        self._store_down = False

    def handler(self, kind: str, fn: Handler) -> None:
        if kind in self._handlers:
            raise ValueError(f"{kind} has a handler already")
        self._handlers[kind] = fn

    async def submit(self, task: Task, tx: Tx) -> bool:
        state = await table.add(tx, task, self._clock.now())
        if state is None:
            return False
        tx.after_commit(partial(self._submitted, task, state))
        return True

    async def cancel(self, key: str) -> Cancelled:
        async with self._store.transaction() as tx:
            cancelled, queues = await table.cancel(tx, key, self._clock.now())
        self._hope(queues)
        if cancelled is Cancelled.ASKED:
            run = self._active.get(key)
            if run is not None:
                run.asked = True
            elif self._running:
                self._asked_early.add(key)
        return cancelled

    async def state(self, key: str) -> TaskState:
        return table.read_state(await self._store.one("tasks.state", key=key))

    async def counts(self) -> dict[str, dict[TaskState, int]]:
        """Return how many tasks each queue has, by state."""
        found: dict[str, Counter[TaskState]] = {}
        for row in await self._store.all("tasks.counts"):
            found.setdefault(row["queue"], Counter())[table.read_state(row)] += row["tasks"]
        return {queue: dict(states) for queue, states in found.items()}

    async def run(self) -> None:
        """Work until `stop`; takes the lock beside the database unless it is held already.

        Raises:
            InUseError: another process works on this database.
        """
        if self._running:
            raise RuntimeError("the engine runs already")
        held_before = self._lock.held
        self._lock.acquire()
        self._running = True
        self._left.clear()
        try:
            await self._work_until_stopped()
        finally:
            self._running = False
            if not held_before:
                self._lock.release()
            self._left.set()

    async def stop(self, grace: timedelta) -> None:
        self._stopping = True
        self._wake.set()
        if not self._running:
            return
        if not await wait_event(self._left, self._clock, grace.total_seconds()):
            for run in list(self._active.values()):
                run.cancel()
            await self._left.wait()

    async def _work_until_stopped(self) -> None:
        await self._recover()
        try:
            async with asyncio.TaskGroup() as group:
                helpers = [
                    group.create_task(self._watch(), name="engine watch"),
                    group.create_task(self._keep_time(), name="engine time"),
                ]
                try:
                    await self._dispatch(group)
                finally:
                    for helper in helpers:
                        helper.cancel()
        finally:
            # Shielded: who cancels the engine must not lose what its runs achieved.
            await asyncio.shield(self._write_last())

    # The dispatcher.

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        self._wake.set()
        while not self._has_left():
            await self._wake.wait()
            self._wake.clear()
            try:
                claims = await self._settle_and_claim()
            except StoreError as error:
                self._note_store(error)
                if self._stopping and len(self._ended) == len(self._active):
                    return
                await self._clock.sleep(self._limits.store_retry.total_seconds())
                self._wake.set()
                continue
            # What was claimed while `stop` came is not started and goes back at the end.
            for claim in () if self._stopping else claims:
                self._start(claim, group)

    def _has_left(self) -> bool:
        return self._stopping and not self._active

    async def _settle_and_claim(self) -> list[Claim]:
        ended, self._ended = self._ended, []
        if not ended and not self._wanted(ended):
            return []
        claims: list[Claim] = []
        hopeful = set(self._hopeful)
        try:
            async with self._store.transaction() as tx:
                self._hopeful |= await self._settle(tx, ended)
                for queue, slots in self._wanted(ended).items():
                    claims += await self._claim(tx, queue, slots)
        except BaseException:
            self._ended = ended + self._ended
            self._hopeful |= hopeful
            raise
        self._note_store(None)
        for run in ended:
            self._remove(run)
            if run.outcome is not None and run.outcome.run_at is not None:
                self._note_due(run.outcome.run_at)
        return claims

    async def _settle(self, tx: Tx, ended: list[ActiveRun]) -> set[str]:
        outcomes = [run.outcome for run in ended if run.outcome is not None]
        return await table.settle(tx, outcomes, self._clock.now()) if outcomes else set()

    async def _claim(self, tx: Tx, queue: str, slots: int) -> list[Claim]:
        lease_until = self._clock.now() + self._limits.dead_after
        claims = await table.claim(tx, queue, slots, lease_until)
        if len(claims) < slots:
            self._hopeful.discard(queue)
        return claims

    def _wanted(self, ended: list[ActiveRun]) -> dict[str, int]:
        """Return the free slots of the queues that may have something ready."""
        if self._stopping:
            return {}
        leaving = Counter(run.task.queue for run in ended)
        free = {
            queue: self._slots.get(queue, self._default_slots) - self._used[queue] + leaving[queue]
            for queue in sorted(self._hopeful)
        }
        return {queue: slots for queue, slots in free.items() if slots > 0}

    def _start(self, claim: Claim, group: asyncio.TaskGroup) -> None:
        run = ActiveRun(claim, self._clock, is_stopping=lambda: self._stopping)
        key = claim.task.key
        if key in self._asked_early:
            self._asked_early.discard(key)
            run.asked = True
        self._active[key] = run
        self._used[claim.task.queue] += 1
        run.worker = group.create_task(self._work(run), name=f"task {key}")

    def _remove(self, run: ActiveRun) -> None:
        self._active.pop(run.task.key, None)
        self._asked_early.discard(run.task.key)
        self._used[run.task.queue] -= 1

    # One run.

    async def _work(self, run: ActiveRun) -> None:
        # What stands when the run is cancelled: it goes back as it was and counts for nothing.
        outcome = self._back(run.claim)
        try:
            outcome = await self._call(run)
        finally:
            self._end(run, outcome)

    async def _call(self, run: ActiveRun) -> Outcome:
        claim, now = run.claim, self._clock.now
        try:
            await self._require_handler(run.task.kind)(run)
        except Defer as defer:
            return Outcome(claim=claim, run_at=defer.until, crashes=claim.crashes)
        except Transient as failure:
            return Outcome(claim=claim, run_at=now() + failure.after, crashes=claim.crashes)
        except Permanent as failure:
            log.info("task %s failed for good: %s", run.task.key, failure)
        except asyncio.CancelledError as error:
            return await self._cancelled(run, error)
        except Exception as error:
            log.exception("task %s failed", run.task.key)
            return await self._failed(claim, error)
        return Outcome(claim=claim, run_at=None)

    def _require_handler(self, kind: str) -> Handler:
        handler = self._handlers.get(kind)
        if handler is None:
            raise LookupError(f"nothing handles tasks of the kind {kind!r}")
        return handler

    async def _cancelled(self, run: ActiveRun, error: asyncio.CancelledError) -> Outcome:
        worker = asyncio.current_task()
        if run.stalled_at is not None and worker is not None and worker.uncancel() == 0:
            return await self._crashed(run.claim)
        if worker is None or worker.cancelling():
            raise error
        # Nobody cancelled the run: the handler let something else's cancellation escape.
        log.error("task %s failed", run.task.key, exc_info=error)
        return await self._failed(run.claim, RuntimeError("a cancellation escaped the handler"))

    async def _failed(self, claim: Claim, error: Exception) -> Outcome:
        delays = self._limits.retry_delays
        if claim.errors >= len(delays):
            if self._on_failed is not None:
                await _tell(claim.task, self._on_failed(claim.task, error))
            return Outcome(claim=claim, run_at=None)
        run_at = self._clock.now() + delays[claim.errors]
        return Outcome(claim=claim, run_at=run_at, errors=claim.errors + 1, crashes=claim.crashes)

    async def _crashed(self, claim: Claim) -> Outcome:
        crashes = claim.crashes + 1
        if crashes < self._limits.crashes:
            return self._back(claim, crashes)
        log.error("task %s crashed %d times and ends", claim.task.key, crashes)
        if self._on_poisoned is not None:
            await _tell(claim.task, self._on_poisoned(claim.task))
        return Outcome(claim=claim, run_at=None)

    def _back(self, claim: Claim, crashes: int | None = None) -> Outcome:
        """Return the outcome of a task that keeps its place."""
        return Outcome(
            claim=claim,
            run_at=claim.task.run_at or self._clock.now(),
            errors=claim.errors,
            crashes=claim.crashes if crashes is None else crashes,
        )

    def _end(self, run: ActiveRun, outcome: Outcome) -> None:
        if run.outcome is None:  # else it was given up and comes too late
            run.outcome = outcome
            self._ended.append(run)
            self._wake.set()

    # What happens beside the runs.

    async def _recover(self) -> None:
        """Free what ran when the last process died: the lock proves that it is gone."""
        async with self._store.transaction() as tx:
            claims = await table.running(tx)
            self._hope(await table.ready_queues(tx))
        await self._count_crashes(claims)

    async def _count_crashes(self, claims: list[Claim]) -> None:
        for claim in claims:
            log.warning("task %s was interrupted by a crash", claim.task.key)
        outcomes = [await self._crashed(claim) for claim in claims]
        if outcomes:
            async with self._store.transaction() as tx:
                self._hope(await table.settle(tx, outcomes, self._clock.now()))

    async def _write_last(self) -> None:
        """Write the outcomes that are left; what was claimed and not started goes back."""
        ended, self._ended = self._ended, []
        try:
            async with self._store.transaction() as tx:
                await self._settle(tx, ended)
                back = [self._back(claim) for claim in await table.running(tx)]
                await table.settle(tx, back, self._clock.now())
        except StoreError as error:
            log.warning("outcomes could not be written; those tasks run again: %s", error)
        self._active.clear()
        self._used.clear()
        self._asked_early.clear()

    async def _watch(self) -> None:
        while True:
            started = self._clock.monotonic()
            heartbeat = self._limits.heartbeat.total_seconds()
            await self._clock.sleep(heartbeat)
            late = self._clock.monotonic() - started - heartbeat
            if late > heartbeat:
                log.warning("the process stood still for %.0f s", late)
            await self._look_at_runs()
            try:
                await self._renew()
            except StoreError as error:
                self._note_store(error)

    async def _look_at_runs(self) -> None:
        for run in list(self._active.values()):
            if run.stalled_at is None:
                if run.idle_seconds() >= self._limits.stall.total_seconds():
                    log.error("task %s makes no progress and is cancelled", run.task.key)
                    run.give_up()
            elif (
                self._clock.monotonic() - run.stalled_at >= self._limits.dead_after.total_seconds()
            ):
                await self._abandon(run)

    async def _abandon(self, run: ActiveRun) -> None:
        """Go on without a run that does not leave; the domain's fences keep it harmless."""
        if run.outcome is None:
            log.error("task %s does not leave after its cancellation", run.task.key)
            self._end(run, await self._crashed(run.claim))

    async def _renew(self) -> None:
        now, moment = self._clock.now(), self._clock.monotonic()
        healthy = [run.claim for run in self._active.values() if run.stalled_at is None]
        async with self._store.transaction() as tx:
            await table.renew(tx, healthy, now + self._limits.dead_after)
            expired = await table.expired(tx, now)
            self._hope(await table.ready_queues(tx))
            if moment - self._forgot_at >= FORGET_EVERY_SECONDS:
                await table.forget_keys(tx, now - self._limits.keys_kept)
                self._forgot_at = moment
        lost = [claim for claim in expired if claim.task.key not in self._active]
        await self._count_crashes(lost)

    async def _keep_time(self) -> None:
        while True:
            self._due_changed.clear()
            try:
                pause = await self._promote()
            except StoreError as error:
                self._note_store(error)
                pause = self._limits.store_retry.total_seconds()
            await wait_event(self._due_changed, self._clock, pause)

    async def _promote(self) -> float:
        """Make due tasks ready; return for how many seconds there is nothing to do."""
        self._next_due = math.inf
        row = await self._store.one("tasks.next_due")
        due: float | None = row["run_at"] if row is not None else None
        now = self._clock.now()
        pause = self._limits.look_again.total_seconds()
        if due is None:
            return pause
        if due > now.timestamp():
            self._next_due = min(due, self._next_due)
            return min(pause, due - now.timestamp())
        async with self._store.transaction() as tx:
            queues = await table.promote_due(tx, now)
        self._hope(queues)
        return 0.0

    def _submitted(self, task: Task, state: TaskState) -> None:
        if state is TaskState.LATER and task.run_at is not None:
            self._note_due(task.run_at)
        else:
            self._hope({task.queue})

    def _note_due(self, run_at: datetime) -> None:
        if run_at.timestamp() < self._next_due:
            self._due_changed.set()

    def _hope(self, queues: set[str]) -> None:
        if queues:
            self._hopeful |= queues
            self._wake.set()

    def _note_store(self, error: StoreError | None) -> None:
        """Log once that the database is down, and once that it is back."""
        if error is not None and not self._store_down:
            log.error("the engine waits for the database: %s", error)
        elif error is None and self._store_down:
            log.info("the database works again")
        self._store_down = error is not None


async def _tell(task: Task, call: Awaitable[None]) -> None:
    try:
        await call
    except Exception:
        # The task ends all the same: the sweep that resubmits lost work comes back to it.
        log.exception("what follows the end of task %s failed", task.key)
