"""The process dies while a mashup is made, and around the commits that end it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from core.studio.mashup import File, Mashup, Part
from tests.acceptance.system import World, open_world, until
from tests.acceptance.test_fit_kill import makers
from tests.chaos.process import AwayError, Karvon
from tests.render_kit import small

pytestmark = pytest.mark.timeout(120)

JSON = dict[str, Any]
MOVES = "core.studio.render_moves:RenderMoves"


class Owner:
    """A person with a Karvon that makes one mashup of a file."""

    def __init__(self, karvon: Karvon, world: World) -> None:
        self.karvon = karvon
        self.world = world
        self.work = karvon.folder / "studio" / "work"

    async def want(self, to: str) -> None:
        part = Part(file=File(path=str(small())))
        mashup = Mashup(
            layout="full", parts=(part,), seconds=3.5, preset="ultrafast", loudness=None
        )
        request = {"command": "renders", "action": "want", "caption": f"A mashup #m\nto: {to}"}
        await self.karvon.wait_ready()
        answer = await self.karvon.ask({**request, "mashup": mashup.model_dump(mode="json")})
        assert answer == {"ok": True, "render_id": 1}

    async def wait(self, condition: Callable[[JSON], bool]) -> JSON:
        found: JSON = {}
        request = {"command": "renders", "action": "show", "id": 1}
        try:
            async with asyncio.timeout(60):
                while not found or not condition(found):
                    await asyncio.sleep(0.05)
                    try:
                        found = (await self.karvon.ask(request))["render"]
                    except AwayError:
                        continue
        except TimeoutError:
            raise AssertionError(f"never came: {found}") from None
        return found

    async def wait_live(self) -> JSON:
        """Wait until the render's post is live everywhere; return the render."""
        render = await self.wait(lambda one: one["post_id"] is not None)
        states: set[str] = set()
        async with asyncio.timeout(60):
            while states != {"live"}:
                await asyncio.sleep(0.05)
                post = await self.karvon.ask({"command": "post", "post_id": render["post_id"]})
                states = {upload["state"] for upload in post["uploads"]}
        return await self.wait(lambda one: one["state"] == "ready")

    def leftovers(self) -> list[str]:
        return sorted(str(path) for path in self.work.rglob("*"))


@asynccontextmanager
async def owning(folder: Path, *, die: str = "") -> AsyncIterator[Owner]:
    async with open_world(folder) as world:
        quick = {"retry_seconds": 0.2, "retry_max_seconds": 1, "stall_seconds": 30}
        settings = {**world.raw_settings(), "uploads": quick}
        karvon = Karvon(folder / "karvon", settings, lift_quotas=False)
        try:
            await karvon.start(die=die)
            yield Owner(karvon, world)
            assert await karvon.stop() == 0
        finally:
            await karvon.close()


async def test_dying_before_it_is_ready_it_is_one_asset_and_live_once(tmp_path: Path) -> None:
    async with owning(tmp_path, die=f"{MOVES}.ready:before") as owner:
        await owner.want("instagram")
        assert await owner.karvon.wait_end() != 0
        await owner.karvon.start()
        await owner.wait_live()
        (live,) = owner.world.sandbox.published()
        listed = await owner.karvon.ask({"command": "library", "action": "list"})
        assert [one["sha256"] for one in listed["assets"]] == [live["sha256"]]
        await until(lambda: not owner.leftovers())


async def test_killed_while_it_is_made_and_sent_it_begins_anew(tmp_path: Path) -> None:
    async with owning(tmp_path) as owner:
        await owner.want("youtube")
        await until(lambda: bool(makers(owner.work)))
        orphans = makers(owner.work)
        await owner.karvon.kill()
        await owner.karvon.start()
        render = await owner.wait_live()
        assert not set(orphans) & set(makers(owner.work))
        (live,) = owner.world.sandbox.published()
        assert live["service"] == "youtube"
        assert render["stages"][0]["stage"] == "looking"
        await until(lambda: not owner.leftovers())
