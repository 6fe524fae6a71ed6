"""The engines that the contract suite runs over; a new one is one entry here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from core.ports import Engine, Run, Task, TaskState
from core.store.backup import back_up
from core.store.base import Store
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.waiting import LIMIT_SECONDS, until
from workers.engine.embedded import EmbeddedEngine
from workers.engine.limits import Limits
from workers.engine.lock import FileLock

SLOTS = {"one": 1, "two": 2, "eight": 8}

# A test waits for somebody to sleep for a certain time; this one must not be mistaken for it.
LIMITS = Limits(look_again=timedelta(seconds=4321.5))


class CountingEngine(Engine, Protocol):
    """The seam, and what ``/status`` asks beside it."""

    async def counts(self) -> dict[str, dict[TaskState, int]]: ...


@dataclass(kw_only=True)
class Bench:
    """An engine with everything around it that a test moves."""

    engine: CountingEngine
    store: Store
    clock: ManualClock
    path: Path
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Keys of tasks that ended by errors, with the last error."""
    poisoned: list[str] = field(default_factory=list)
    """Keys of tasks that ended by crashes."""

    async def submit(self, *tasks: Task) -> list[bool]:
        async with self.store.transaction() as tx:
            return [await self.engine.submit(task, tx) for task in tasks]

    async def is_in(self, key: str, state: TaskState) -> None:
        """Wait until the task is in that state."""

        async def reached() -> bool:
            return await self.engine.state(key) is state

        await until(reached)

    @asynccontextmanager
    async def running(self, grace: float = 0.0) -> AsyncIterator[None]:
        """Run the engine inside the block."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.engine.run())
            try:
                yield
            finally:
                await self.engine.stop(timedelta(seconds=grace))


class Worker:
    """A handler that tells when it starts and waits until it may go on."""

    def __init__(self, *, waits: bool = True) -> None:
        self.keys: list[str] = []
        """Keys in the order of their starts."""
        self.runs: dict[str, Run] = {}
        self.most = 0
        """How many ran at once."""
        self.cancelled: list[str] = []
        self._now = 0
        self._started: asyncio.Queue[str] = asyncio.Queue()
        self._may_end = asyncio.Event()
        self._errors: dict[str, list[BaseException]] = {}
        if not waits:
            self.let_go()

    def fails(self, key: str, *errors: BaseException) -> None:
        """Make the next runs of that task raise, one error each."""
        self._errors[key] = list(errors)

    def let_go(self) -> None:
        self._may_end.set()

    async def started(self, count: int = 1) -> list[str]:
        """Wait for the next starts."""
        async with asyncio.timeout(LIMIT_SECONDS):
            return [await self._started.get() for _ in range(count)]

    async def __call__(self, run: Run) -> None:
        key = run.task.key
        self.keys.append(key)
        self.runs[key] = run
        self._now += 1
        self.most = max(self.most, self._now)
        self._started.put_nowait(key)
        try:
            await self._may_end.wait()
        except asyncio.CancelledError:
            self.cancelled.append(key)
            raise
        finally:
            self._now -= 1
        if self._errors.get(key):
            raise self._errors[key].pop(0)


class OpenBench(Protocol):
    """Opens an engine kept in a folder; with ``after`` it continues where that one was killed."""

    def __call__(
        self, folder: Path, *, after: Bench | None = None
    ) -> AbstractAsyncContextManager[Bench]: ...


@asynccontextmanager
async def _open_embedded(folder: Path, *, after: Bench | None = None) -> AsyncIterator[Bench]:
    path = folder / "karvon.db"
    if after is not None:
        # A copy taken while it runs is what a kill at this moment would leave.
        path = folder / f"after-{after.path.name}"
        await back_up(after.path, path)
    clock = ManualClock() if after is None else after.clock
    async with await SqliteStore.open(path, clock=clock) as store:
        failed: list[tuple[str, str]] = []
        poisoned: list[str] = []

        async def on_failed(task: Task, error: Exception) -> None:
            failed.append((task.key, str(error)))

        async def on_poisoned(task: Task) -> None:
            poisoned.append(task.key)

        engine = EmbeddedEngine(
            store,
            clock,
            lock=FileLock.beside(path),
            slots=SLOTS,
            limits=LIMITS,
            on_failed=on_failed,
            on_poisoned=on_poisoned,
        )
        yield Bench(
            engine=engine,
            store=store,
            clock=clock,
            path=path,
            failed=failed,
            poisoned=poisoned,
        )


ENGINES: dict[str, Callable[..., AbstractAsyncContextManager[Bench]]] = {
    "embedded": _open_embedded
}
