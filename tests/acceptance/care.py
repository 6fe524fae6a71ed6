"""A running Karvon with videos that are live, and a clock that can be moved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.posts.models import Post, Upload
from core.posts.notices import OutboxMessage
from tests.acceptance.system import (
    HURRY,
    HurriedClock,
    System,
    Video,
    World,
    open_world,
    running,
)
from workers.aftercare import Aftercare

CHAT = 1001
WAIT_SECONDS = 15.0
JSON = dict[str, Any]


class JumpClock(HurriedClock):
    """A hurried clock that can also be moved; who sleeps across that time wakes."""

    def __init__(self) -> None:
        super().__init__()
        self._jumped = 0.0
        self._moved = asyncio.Event()

    def monotonic(self) -> float:
        return super().monotonic() + self._jumped

    def now(self) -> datetime:
        return self._wall + timedelta(seconds=self.monotonic())

    async def sleep(self, seconds: float) -> None:
        due = self.monotonic() + seconds
        while (left := due - self.monotonic()) > 0:
            try:
                async with asyncio.timeout(left / HURRY):
                    await self._moved.wait()
            except TimeoutError:
                continue

    def jump(self, seconds: float) -> None:
        self._jumped += seconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What tests do with what is live, and what they ask."""

    system: System
    world: World
    clock: JumpClock

    @property
    def aftercare(self) -> Aftercare:
        return self.system.parts.aftercare

    async def live(self, video: Video, *targets: str) -> Post:
        """Publish a video and wait until it is live."""
        post_id = await self.system.send(video, *targets)
        await self.system.wait_live(post_id)
        return await self.system.parts.posts.require(post_id)

    async def upload(self, post: Post, platform: str) -> Upload:
        return (await self.system.uploads(post.id))[platform]

    async def told(self, sentence: str, count: int = 1) -> OutboxMessage:
        """Wait until the chat is told something for that many times; return the newest."""
        found: list[OutboxMessage] = []

        async def look() -> bool:
            found[:] = await self.messages(sentence)
            return len(found) >= count

        await wait_until(look)
        assert len(found) == count, found
        return found[-1]

    async def messages(self, sentence: str) -> list[OutboxMessage]:
        due = await self.system.parts.posts.due_messages(limit=500)
        return [message for message in due if message.sentence == sentence]

    async def outcome(self, count: int = 1) -> dict[str, str]:
        """Wait for what came of it, by platform: ``done`` or why not."""
        message = await self.told("live_outcome", count)
        places: Sequence[Mapping[str, Any]] = message.facts["places"]
        return {
            str(p["platform"]): str(p["error_code"] or p["error_text"]) if p["failed"] else "done"
            for p in places
        }

    async def happened(self, post: Post, event: str) -> None:
        """Wait until the post's history has an event."""

        async def look() -> bool:
            events = await self.system.parts.posts.timeline(post.id)
            return event in {one.event for one in events}

        await wait_until(look)

    def jump(self, **time: float) -> None:
        """Move the clocks of both sides."""
        seconds = timedelta(**time).total_seconds()
        self.world.sandbox.advance(seconds)
        self.clock.jump(seconds)

    async def published(self, service: str) -> list[JSON]:
        await self.world.sandbox.settle()
        return [row for row in self.world.sandbox.published() if row["service"] == service]


async def wait_until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not await condition():  # noqa: ASYNC110 - the condition is in a database
            await asyncio.sleep(0.01)


@asynccontextmanager
async def caring(folder: Path, **changes: Any) -> AsyncIterator[Care]:
    """Run the stand-ins and Karvon, without the chat."""
    clock = JumpClock()
    async with (
        open_world(folder) as world,
        running(world, world.settings(folder / "data", **changes), clock) as system,
    ):
        yield Care(system=system, world=world, clock=clock)
