"""Claiming, completing and starting tasks, the latter two against huey's SQLite queue."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.ports import Run, Task
from core.store.sqlite import SqliteStore
from tests.bench.results import Result, at_least, at_most, median_ratio, percentile, reference
from utils.clock import SystemClock
from workers.engine import table
from workers.engine.embedded import EmbeddedEngine
from workers.engine.lock import FileLock

FEW, MANY = 10_000, 1_000_000
CLAIMS = 300
SLOTS = 8
CYCLES = 2_000
CYCLE_ROUNDS = 3
WAITING = 100_000
STARTS = 300
HUEY_STARTS = 8
PAUSE_SECONDS = 0.01
GRACE = timedelta(seconds=5)
QUEUE, KIND = "bench", "bench"
DAY_SECONDS = 86_400.0
SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}

INSERT = (
    "INSERT INTO tasks (key, kind, queue, args, lock, priority, state, run_at)"
    " VALUES (?, ?, ?, '{}', ?, ?, ?, ?)"
)


def run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        return [
            *asyncio.run(_claims(folder)),
            *_cycles(folder),
            *_idle(folder),
        ]


async def _claims(folder: Path) -> list[Result]:
    """Claim in turns from a small and from a large table."""
    clock = SystemClock()
    until = clock.now() + timedelta(hours=1)
    alone: dict[int, list[float]] = {FEW: [], MANY: []}
    durable: dict[int, list[float]] = {FEW: [], MANY: []}
    async with _filled(folder, FEW) as few, _filled(folder, MANY) as many:
        for number in range(CLAIMS + 20):
            for rows, store in ((FEW, few), (MANY, many)):
                started = time.perf_counter()
                async with store.transaction() as tx:
                    claimed = await table.claim(tx, QUEUE, 1, until)
                    taken = time.perf_counter() - started
                assert len(claimed) == 1
                if number >= 20:
                    alone[rows].append(taken)
                    durable[rows].append(time.perf_counter() - started)
    how = f"P50 of {CLAIMS} interleaved claims with {MANY:,} rows ÷ with {FEW:,}"
    mix = "six tenths ready, the rest for later or behind a lock"
    return [
        at_most("tasks.claim", median_ratio(alone[MANY], alone[FEW]), 1.5, method=f"{how}; {mix}"),
        at_most(
            "tasks.claim_durable",
            median_ratio(durable[MANY], durable[FEW]),
            1.5,
            method=f"{how}, with the commit (synchronous=FULL); {mix}",
        ),
    ]


@asynccontextmanager
async def _filled(folder: Path, rows: int) -> AsyncIterator[SqliteStore]:
    path = folder / f"tasks-{rows}.db"
    clock = SystemClock()
    async with await SqliteStore.open(path, clock=clock):
        pass
    fill(path, _mixed(rows, clock.now().timestamp()))
    async with await SqliteStore.open(path, clock=clock) as store:
        yield store


def fill(path: Path, rows: Iterator[tuple[Any, ...]]) -> None:
    """Write rows of tasks at once; the engine is not running."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany(INSERT, rows)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _mixed(rows: int, now: float) -> Iterator[tuple[Any, ...]]:
    for number in range(rows):
        key, priority = f"task:{number}#1", -(number % 7)
        kind = number % 10
        if kind < 6:
            yield key, KIND, QUEUE, "", priority, "ready", now - number % 1000
        elif kind < 8:
            yield key, KIND, QUEUE, "", priority, "later", now + DAY_SECONDS + number
        else:
            yield key, KIND, QUEUE, f"account:{number % 50}", priority, "blocked", now


def _cycles(folder: Path) -> list[Result]:
    """Claim and complete tasks that do nothing, in turns with huey."""
    ours, theirs = [], []
    synchronous = 0
    for number in range(CYCLE_ROUNDS + 1):
        mine = asyncio.run(_cycle(folder / f"cycle-{number}.db"))
        found = _huey("throughput", folder / f"huey-{number}.db", CYCLES, SLOTS)
        synchronous = int(found["synchronous"])
        if number:
            ours.append(mine)
            theirs.append(found["per_second"])
    how = (
        f"{CYCLES} waiting tasks that do nothing, {SLOTS} slots, medians of {CYCLE_ROUNDS} "
        "interleaved rounds"
    )
    return [
        at_least(
            "tasks.cycle",
            median_ratio(ours, theirs),
            0.5,
            method=(
                f"claim + complete a second (synchronous=FULL) ÷ huey's SqliteHuey as installed "
                f"(WAL, synchronous={SYNCHRONOUS[synchronous]}): {how}"
            ),
        ),
        reference("tasks.per_second", statistics.median(ours), unit="1/s", method=f"ours: {how}"),
    ]


async def _cycle(path: Path) -> float:
    clock = SystemClock()
    finished = asyncio.Event()
    left = CYCLES

    async def work(run: Run) -> None:
        nonlocal left
        left -= 1
        if not left:
            finished.set()

    async with await SqliteStore.open(path, clock=clock) as store:
        engine = _engine(store, path)
        engine.handler(KIND, work)
        async with store.transaction() as tx:
            for number in range(CYCLES):
                await engine.submit(Task(kind=KIND, key=f"task:{number}#1", queue=QUEUE), tx)
        started = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            group.create_task(engine.run())
            await finished.wait()
            # The last outcome is on disk soon after the last task has run.
            while await store.one("tasks.state", key=f"task:{CYCLES - 1}#1"):  # noqa: ASYNC110
                await asyncio.sleep(0)
            seconds = time.perf_counter() - started
            await engine.stop(GRACE)
    return CYCLES / seconds


def _engine(store: SqliteStore, path: Path) -> EmbeddedEngine:
    return EmbeddedEngine(store, SystemClock(), lock=FileLock.beside(path), slots={QUEUE: SLOTS})


def _idle(folder: Path) -> list[Result]:
    ours = asyncio.run(_starts(folder / "idle.db"))
    theirs = _huey("idle", folder / "huey-idle.db", WAITING, HUEY_STARTS)["seconds"]
    return [
        at_most(
            "tasks.idle_start",
            percentile(ours, 99) / statistics.median(theirs),
            1,
            strict=True,
            method=(
                f"submit to start in an idle engine with {WAITING:,} tasks waiting for their "
                f"time: P99 of {STARTS} ÷ huey's P50 of {HUEY_STARTS} (consumer as installed)"
            ),
        ),
        reference(
            "tasks.idle_start_p99", percentile(ours, 99) * 1000, unit="ms", method="ours alone"
        ),
    ]


async def _starts(path: Path) -> list[float]:
    clock = SystemClock()
    async with await SqliteStore.open(path, clock=clock) as store:
        now = clock.now().timestamp()
        fill(
            path,
            (
                (f"later:{number}#1", KIND, QUEUE, "", 0, "later", now + DAY_SECONDS + number)
                for number in range(WAITING)
            ),
        )
        engine = _engine(store, path)
        async with asyncio.TaskGroup() as group:
            seconds = await _submit_in_turn(store, engine, group)
            await engine.stop(GRACE)
    return seconds


async def _submit_in_turn(
    store: SqliteStore, engine: EmbeddedEngine, group: asyncio.TaskGroup
) -> list[float]:
    started = asyncio.Event()
    at = 0.0

    async def work(run: Run) -> None:
        nonlocal at
        at = time.perf_counter()
        started.set()

    engine.handler(KIND, work)
    group.create_task(engine.run())
    seconds = []
    for number in range(STARTS + 10):
        await asyncio.sleep(PAUSE_SECONDS)  # it has nothing to do from here on
        started.clear()
        before = time.perf_counter()
        async with store.transaction() as tx:
            await engine.submit(Task(kind=KIND, key=f"now:{number}#1", queue=QUEUE), tx)
        await started.wait()
        seconds.append(at - before)
    return seconds[10:]


def _huey(kind: str, file: Path, first: int, second: int) -> dict[str, Any]:
    command = (sys.executable, "-m", "tests.bench.huey_queue", kind, str(file))
    done = subprocess.run(
        [*command, str(first), str(second)], check=True, stdout=subprocess.PIPE, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
