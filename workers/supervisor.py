"""The only creator of asyncio tasks: names them, logs their crashes, restarts loops, stops all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any, Self, TypeVar

from utils.clock import Clock
from workers.waits import wait_event

RESTART_AFTER = timedelta(seconds=1)
RESTART_AT_MOST = timedelta(minutes=1)
HEALTHY_AFTER = timedelta(minutes=5)
LEAVE_SECONDS = 5.0

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class Supervisor:
    """Owns every task that nobody waits for; `stop` ends them, the latest first.

    ``stopping`` is set first, for loops that want to leave by themselves.
    """

    def __init__(self, clock: Clock) -> None:
        self.stopping = asyncio.Event()
        self._clock = clock
        self._tasks: dict[asyncio.Task[Any], None] = {}

    def spawn(self, name: str, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        """Start one piece of work; when it fails, that is logged with its name."""
        if self.stopping.is_set():
            work.close()
            raise RuntimeError(f"{name} was started while everything stops")
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - the one place that does
        self._tasks[task] = None
        task.add_done_callback(self._ended)
        return task

    def loop(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Keep work going: when it fails it is called again, after a pause that grows.

        Work that returns has finished and is not called again.
        """
        _ = self.spawn(name, self._keep_going(name, work))

    async def stop(self, grace: timedelta = timedelta(0)) -> None:
        """Give everything ``grace`` to leave by itself, then cancel it, the latest first."""
        self.stopping.set()
        if grace and self._tasks:
            await self._wait_at_most(grace)
        for task in reversed(list(self._tasks)):
            if task is not asyncio.current_task():
                await _cancel(task)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def _wait_at_most(self, grace: timedelta) -> None:
        async with asyncio.TaskGroup() as group:
            timer = group.create_task(self._clock.sleep(grace.total_seconds()))
            everything = group.create_task(_wait_all(self._tasks))
            await asyncio.wait({timer, everything}, return_when=asyncio.FIRST_COMPLETED)
            timer.cancel()
            everything.cancel()

    async def _keep_going(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        pause = RESTART_AFTER
        while True:
            started = self._clock.monotonic()
            try:
                await work()
            except Exception:
                log.exception("%s failed", name)
            else:
                return
            if self._clock.monotonic() - started >= HEALTHY_AFTER.total_seconds():
                pause = RESTART_AFTER
            if await wait_event(self.stopping, self._clock, pause.total_seconds()):
                return
            pause = min(pause * 2, RESTART_AT_MOST)
            log.info("%s starts again", name)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s failed", task.get_name(), exc_info=error)


async def _cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()
    _, left = await asyncio.wait({task}, timeout=LEAVE_SECONDS)
    if left:
        log.error("%s does not leave after its cancellation", task.get_name())


async def _wait_all(tasks: dict[asyncio.Task[Any], None]) -> None:
    while tasks:
        await asyncio.wait(set(tasks))
