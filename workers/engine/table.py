"""The rows behind the embedded engine: each call is a few statements in the caller's transaction.

Of all tasks with one lock at most one is ``ready`` or ``running``; the rest are ``blocked``. So
the index of ready tasks holds only what can start now, and a claim takes its first rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.ports import Cancelled, Task, TaskState
from core.store.base import Row, Tx

PROMOTE_AT_ONCE = 500
FORGET_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A task that was taken, with what is counted about it."""

    id: int
    task: Task
    errors: int
    """Failures in a row that no handler foresaw."""
    crashes: int
    """How often the process died, or the task stood still, while it ran."""
    cancel_asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of a claimed task."""

    claim: Claim
    run_at: datetime | None
    """When it runs again; None: it has ended."""
    errors: int = 0
    crashes: int = 0


async def add(tx: Tx, task: Task, now: datetime) -> TaskState | None:
    """Add a task; return where it stands, None when its key is known already."""
    run_at = task.run_at or now
    row = await tx.one(
        "tasks.add",
        key=task.key,
        kind=task.kind,
        queue=task.queue,
        args=json.dumps(dict(task.args)),
        lock=task.lock,
        priority=task.priority,
        run_at=run_at.timestamp(),
        now=now.timestamp(),
    )
    if row is None:
        return None
    if row["state"] == "blocked" and await tx.run(
        "tasks.block", lock=task.lock, priority=task.priority
    ):
        await tx.one("tasks.unblock", lock=task.lock)
    return read_state(row)


async def claim(tx: Tx, queue: str, slots: int, lease_until: datetime) -> list[Claim]:
    """Take the first ready tasks of a queue, the most urgent first."""
    rows = await tx.all(
        "tasks.claim", queue=queue, slots=slots, lease_until=lease_until.timestamp()
    )
    rows.sort(key=lambda row: (-row["priority"], row["run_at"], row["id"]))
    return [_claim(row) for row in rows]


async def settle(tx: Tx, outcomes: Sequence[Outcome], now: datetime) -> set[str]:
    """Write what became of running tasks; return the queues that have something ready by it."""
    ended = [outcome.claim for outcome in outcomes if outcome.run_at is None]
    queues: set[str] = set()
    for outcome in outcomes:
        if outcome.run_at is None:
            continue
        row = await _release(tx, outcome, outcome.run_at, now)
        if row is None:
            ended.append(outcome.claim)
        elif row["state"] == "ready":
            queues.add(outcome.claim.task.queue)
    await _end(tx, ended, now)
    locks = {outcome.claim.task.lock for outcome in outcomes}
    return queues | await unblock(tx, locks)


async def unblock(tx: Tx, locks: Iterable[str]) -> set[str]:
    """Let the next task of each free lock through; return the queues where that is."""
    queues = set()
    for lock in sorted(filter(None, locks)):
        row = await tx.one("tasks.unblock", lock=lock)
        if row is not None:
            queues.add(row["queue"])
    return queues


async def promote_due(tx: Tx, now: datetime) -> set[str]:
    """Make tasks ready whose time has come, some hundred at once; return their queues."""
    rows = await tx.all("tasks.promote_due", now=now.timestamp(), most=PROMOTE_AT_ONCE)
    urgency: dict[str, int] = {}
    for row in rows:
        urgency[row["lock"]] = max(row["priority"], urgency.get(row["lock"], row["priority"]))
    for lock, priority in urgency.items():
        if lock:
            await tx.run("tasks.block", lock=lock, priority=priority)
    return {row["queue"] for row in rows if not row["lock"]} | await unblock(tx, urgency)


async def cancel(tx: Tx, key: str, now: datetime) -> tuple[Cancelled, set[str]]:
    """Remove a task that waits, mark one that runs; return also the queues this made ready."""
    row = await tx.one("tasks.cancel_waiting", key=key)
    if row is not None:
        await tx.run("tasks.remember", key=key, now=now.timestamp())
        return Cancelled.GONE, await unblock(tx, {row["lock"]})
    if await tx.run("tasks.cancel_running", key=key):
        return Cancelled.ASKED, set()
    return Cancelled.ABSENT, set()


async def renew(tx: Tx, claims: Iterable[Claim], lease_until: datetime) -> None:
    """Prolong the leases of tasks that run."""
    until = lease_until.timestamp()
    rows = [{"id": c.id, "key": c.task.key, "lease_until": until} for c in claims]
    if rows:
        await tx.many("tasks.renew", rows)


async def running(tx: Tx) -> list[Claim]:
    """Return all tasks that are marked as running."""
    return [_claim(row) for row in await tx.all("tasks.running")]


async def expired(tx: Tx, now: datetime) -> list[Claim]:
    """Return the running tasks whose lease nobody prolonged."""
    return [_claim(row) for row in await tx.all("tasks.expired", now=now.timestamp())]


async def ready_queues(tx: Tx) -> set[str]:
    """Return the queues that have something ready."""
    queues: set[str] = set()
    after = ""
    while (row := await tx.one("tasks.next_queue", after=after)) is not None:
        after = row["queue"]
        queues.add(after)
    return queues


async def forget_keys(tx: Tx, before: datetime) -> None:
    """Forget some of the keys of tasks that ended before that time."""
    await tx.run("tasks.forget", before=before.timestamp(), most=FORGET_AT_ONCE)


def read_state(row: Row | None) -> TaskState:
    """Return the state outsiders see; a task whose lock is taken counts as ready."""
    if row is None:
        return TaskState.ABSENT
    return TaskState.READY if row["state"] == "blocked" else TaskState(row["state"])


async def _release(tx: Tx, outcome: Outcome, run_at: datetime, now: datetime) -> Row | None:
    return await tx.one(
        "tasks.release",
        id=outcome.claim.id,
        key=outcome.claim.task.key,
        run_at=run_at.timestamp(),
        errors=outcome.errors,
        crashes=outcome.crashes,
        now=now.timestamp(),
    )


async def _end(tx: Tx, claims: Sequence[Claim], now: datetime) -> None:
    if not claims:
        return
    at = now.timestamp()
    await tx.many("tasks.remember", [{"key": c.task.key, "now": at} for c in claims])
    await tx.many("tasks.finish", [{"id": c.id, "key": c.task.key} for c in claims])


def _claim(row: Row) -> Claim:
    task = Task(
        kind=row["kind"],
        key=row["key"],
        args=json.loads(row["args"]),
        priority=row["priority"],
        run_at=datetime.fromtimestamp(row["run_at"], UTC),
        lock=row["lock"],
        queue=row["queue"],
    )
    return Claim(
        id=row["id"],
        task=task,
        errors=row["errors"],
        crashes=row["crashes"],
        cancel_asked=bool(row["cancel_asked"]),
    )
