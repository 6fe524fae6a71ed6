"""The process is killed with SIGKILL at named points of all five uploads at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.system import (
    BORDER,
    BYTES_STEP,
    COMMIT_STEP,
    MIB,
    PLATFORMS,
    Video,
    World,
    make_video,
    open_world,
    until,
)
from tests.chaos.judge import resent_parts
from tests.chaos.process import AwayError, Karvon

pytestmark = pytest.mark.timeout(120)

ALL = sorted(PLATFORMS)
SIZE = 16 * MIB
"""More than the buffers between here and there take in."""
LIMIT_SECONDS = 45.0
QUICK = {"retry_seconds": 0.2, "retry_max_seconds": 1, "stall_seconds": 30}
JSON = dict[str, Any]


class Owner:
    """A person with a Karvon that is killed."""

    def __init__(self, karvon: Karvon, world: World) -> None:
        self.karvon = karvon
        self.world = world

    async def send(self, video: Video) -> None:
        request = {
            "command": "send",
            "source": str(video.path),
            "to": "",
            "caption": "A clip #clip",
        }
        await self.karvon.wait_ready()
        answer = await self.karvon.first_answer(request)
        assert answer["post_id"] == 1

    async def kill_and_start(self) -> int:
        """Return the number of the newest journal row at the kill."""
        await self.karvon.kill()
        newest = max((int(r["seq"]) for r in self.world.sandbox.journal.rows()), default=0)
        self.world.heal()
        await self.karvon.start()
        return newest

    async def report(self) -> dict[str, JSON]:
        try:
            answer = await self.karvon.ask({"command": "post", "post_id": 1})
        except AwayError:
            return {}
        return {upload["platform"]: upload for upload in answer["uploads"]}

    async def wait(self, condition: Callable[[JSON], bool]) -> JSON:
        """Wait until a condition on the report holds."""
        found: JSON = {}
        async with asyncio.timeout(LIMIT_SECONDS):
            while not found or not condition(found):
                await asyncio.sleep(0.05)
                found = await self.report()
        return found

    async def decide(self, *, is_live: bool) -> None:
        """Answer the question about Telegram when it is asked."""
        found = await self.wait(lambda ups: ups["telegram"].get("waits_for") == "person")
        assert found["telegram"]["state"] == "unknown"
        request = {"command": "decide", "post_id": 1, "platform": "telegram", "is_live": is_live}
        await self.karvon.ask({**request, "account": found["telegram"]["account"]})

    async def wait_live(self) -> None:
        await self.wait(lambda ups: all(u["state"] == "live" for u in ups.values()))


@asynccontextmanager
async def owning(folder: Path) -> AsyncIterator[Owner]:
    async with open_world(folder) as world:
        settings = {**world.raw_settings(), "uploads": QUICK}
        karvon = Karvon(folder / "karvon", settings, lift_quotas=False)
        try:
            await karvon.start()
            yield Owner(karvon, world)
            assert await karvon.stop() == 0
        finally:
            await karvon.close()


def hold(world: World, places: set[tuple[str, str]], action: str, **params: Any) -> None:
    """Let the next request of each of these steps hang."""
    for service, step in places:
        times = 2 if service in {"graph", "graph_upload"} else 1
        world.fail((service, step), action, times=times, seconds=600, **params)


async def held(world: World) -> None:
    """Wait until a request of every platform hangs."""
    await until(lambda: not world.sandbox.faults.pending())


def parts_sent_again(world: World, kill: int) -> float:
    sendings = [s for name in PLATFORMS for s in world.sendings(name)]
    known = [
        type(s)(
            seq=s.seq,
            platform=s.platform,
            size_bytes=s.size_bytes if s.platform != "telegram" else SIZE,
            start=s.start,
            received=s.received,
            part_bytes=s.part_bytes,
            has_failed=False,
        )
        for s in sendings
    ]
    ratios = resent_parts(sorted(known, key=lambda s: s.seq), [kill])
    return max(ratios.values(), default=0.0)


async def test_killed_when_the_sessions_are_saved_and_no_byte_is_there(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=SIZE)
    async with owning(tmp_path) as owner:
        hold(owner.world, set(BYTES_STEP.values()), "stall")
        await owner.send(video)
        await held(owner.world)
        await owner.kill_and_start()
        await owner.wait_live()
        assert await owner.world.live(video) == ALL
        for service in ("youtube", "tiktok"):
            begun = [row for row in owner.world.rows("begin") if row["service"] == service]
            assert len(begun) == 1


async def test_killed_amid_the_bytes_sends_at_most_one_part_again(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=SIZE)
    async with owning(tmp_path) as owner:
        hold(owner.world, set(BYTES_STEP.values()), "stall", after_bytes=6 * MIB)
        await owner.send(video)
        await held(owner.world)
        await until(lambda: owner.world.stored_bytes() > 30 * MIB - MIB // 2)
        kill = await owner.kill_and_start()
        await owner.wait_live()
        assert await owner.world.live(video) == ALL
        assert parts_sent_again(owner.world, kill) <= 1
        for platform in ("youtube", "instagram", "facebook"):
            first, second = owner.world.sendings(platform)
            assert 0 <= first.received - second.start < BORDER
            assert second.start >= 6 * MIB - BORDER


async def test_killed_between_the_intent_and_the_call(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    async with owning(tmp_path) as owner:
        last = {place for place in COMMIT_STEP.values() if place[0] != "graph"}
        hold(owner.world, last, "stall", after_bytes=video.size_bytes - 1000)
        hold(owner.world, {("graph", "commit")}, "stall")
        await owner.send(video)
        await held(owner.world)
        await owner.wait(lambda ups: all(u["state"] == "committing" for u in ups.values()))
        await owner.kill_and_start()
        await owner.decide(is_live=False)
        await owner.wait_live()
        assert await owner.world.live(video) == ALL


async def test_killed_between_the_call_and_its_answer(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    async with owning(tmp_path) as owner:
        hold(owner.world, set(COMMIT_STEP.values()), "delay")
        await owner.send(video)
        await held(owner.world)
        await owner.wait(lambda ups: all(u["state"] == "committing" for u in ups.values()))
        await until(lambda: "telegram" in {r["service"] for r in owner.world.sandbox.published()})
        await owner.kill_and_start()
        await owner.decide(is_live=True)
        await owner.wait_live()
        assert await owner.world.live(video) == ALL


async def test_killed_while_the_platforms_work(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=MIB)
    async with owning(tmp_path) as owner:
        places = {("youtube", "status"), ("tiktok", "status"), ("graph", "status")}
        hold(owner.world, places, "stall")
        await owner.send(video)
        await held(owner.world)
        await owner.kill_and_start()
        await owner.wait_live()
        assert await owner.world.live(video) == ALL
        assert sum(s.received for s in owner.world.sendings("youtube")) == video.size_bytes


async def test_killed_again_and_again_right_after_each_start(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=SIZE)
    async with owning(tmp_path) as owner:
        hold(owner.world, set(BYTES_STEP.values()), "stall")
        await owner.send(video)
        for _ in range(7):
            await owner.kill_and_start()
            await owner.karvon.wait_ready()
        await owner.wait_live()
        assert await owner.world.live(video) == ALL


async def test_terminated_it_leaves_with_zero_and_goes_on_at_the_next_start(
    tmp_path: Path,
) -> None:
    video = make_video(tmp_path, size=SIZE)
    async with owning(tmp_path) as owner:
        hold(owner.world, set(BYTES_STEP.values()), "stall", after_bytes=2 * MIB)
        await owner.send(video)
        await held(owner.world)
        assert await owner.karvon.stop() == 0
        owner.world.heal()
        await owner.karvon.start()
        await owner.wait_live()
        assert await owner.world.live(video) == ALL
