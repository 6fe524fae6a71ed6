"""A power cut while something is done with videos that are live."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import App
from core.posts.notices import OutboxMessage
from core.settings import Settings
from tests.acceptance.system import MIB, Video, World, make_video, open_world, running, until
from tests.chaos.process import Karvon

CHAT = 1001
PLACES = {
    "edit": {("youtube", "update"), ("graph", "edit"), ("telegram", "editMessageCaption")},
    "delete": {("youtube", "delete"), ("graph", "delete"), ("telegram", "deleteMessage")},
}
TARGETS = ("youtube", "facebook", "telegram")
WORDS = "Words after a power cut"


async def publish(world: World, settings: Settings, video: Video) -> None:
    async with running(world, settings) as system:
        await system.wait_live(await system.send(video, *TARGETS))


async def ask(settings: Settings, kind: str) -> None:
    """Plan the work while nobody is there to do it."""
    async with App(settings, chat=False) as app:
        post = await app.parts.posts.require(1)
        if kind == "edit":
            await app.parts.aftercare.edit(post, WORDS, chat_id=CHAT)
        else:
            await app.parts.aftercare.delete(post, chat_id=CHAT)


async def outcomes(settings: Settings) -> list[OutboxMessage]:
    async with App(settings, chat=False) as app:
        due = await app.parts.posts.due_messages(limit=500)
    return [message for message in due if message.sentence == "live_outcome"]


def is_done(world: World, kind: str) -> bool:
    rows = world.sandbox.published()
    if kind == "delete":
        return not rows
    return all(WORDS in str(row["text"]) for row in rows)


@pytest.mark.parametrize("action", ["stall", "delay"])
@pytest.mark.parametrize("kind", sorted(PLACES))
async def test_killed_amid_a_change_it_goes_on_after_the_start(
    tmp_path: Path, kind: str, action: str
) -> None:
    video = make_video(tmp_path, size=MIB)
    folder = tmp_path / "karvon"
    async with open_world(tmp_path) as world:
        settings = world.settings(folder)
        await publish(world, settings, video)
        await ask(settings, kind)
        for service, step in PLACES[kind]:
            world.fail((service, step), action, seconds=600)
        karvon = Karvon(folder, world.raw_settings(), lift_quotas=False)
        try:
            await karvon.start()
            await until(lambda: not world.sandbox.faults.pending())
            if action == "delay":
                await until(lambda: is_done(world, kind))
            await karvon.kill()
            world.heal()
            await karvon.start()
            await karvon.wait_ready()
            await until(lambda: is_done(world, kind))
            await until(lambda: answered(world, kind) >= len(TARGETS))
            assert await karvon.stop() == 0
        finally:
            await karvon.close()
        (message,) = await outcomes(settings)
        told = {p["platform"]: p["failed"] for p in message.facts["places"]}
        assert told == dict.fromkeys(TARGETS, False)


def answered(world: World, kind: str) -> int:
    """Return how many requests that change something were made after the kill, and before."""
    steps = {step for _, step in PLACES[kind]}
    return sum(row["step"] in steps and row["status"] is not None for row in world.rows(*steps))
