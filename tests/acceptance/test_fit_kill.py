"""The process dies before, amid and after the making of a fitted file, and around each commit."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.system import BEGIN_STEP, BYTES_STEP, Video, World, open_world, until
from tests.acceptance.test_kill import hold
from tests.chaos.process import AwayError, Karvon
from tests.integration.test_fitting import index_last, places, too_long

pytestmark = pytest.mark.timeout(120)

JSON = dict[str, Any]
QUICK = {"retry_seconds": 0.2, "retry_max_seconds": 1, "stall_seconds": 30}
POSTS = "core.posts.repository:Posts"
MOMENTS = [
    f"{POSTS}.probed:after",
    f"{POSTS}.fetched:after",
    f"{POSTS}.start_fits:after",
    f"{POSTS}.fits_made:before",
    f"{POSTS}.fits_made:after",
    f"{POSTS}.take_fit:after",
]


class Owner:
    """A person with a Karvon whose process dies."""

    def __init__(self, karvon: Karvon, world: World) -> None:
        self.karvon = karvon
        self.world = world

    async def send(self, video: Video, to: str, caption: str = "A clip #clip") -> None:
        request = {"command": "send", "source": str(video.path), "to": to, "caption": caption}
        await self.karvon.wait_ready()
        answer = await self.karvon.first_answer(request)
        assert answer["post_id"] == 1

    async def start_again(self) -> None:
        self.world.heal()
        await self.karvon.start()

    async def report(self) -> dict[str, JSON]:
        try:
            answer = await self.karvon.ask({"command": "post", "post_id": 1})
        except AwayError:
            return {}
        return {upload["platform"]: upload for upload in answer["uploads"]}

    async def wait(self, condition: Callable[[JSON], bool]) -> JSON:
        found: JSON = {}
        try:
            async with asyncio.timeout(45):
                while not found or not condition(found):
                    await asyncio.sleep(0.05)
                    found = await self.report()
        except TimeoutError:
            raise AssertionError(f"never came: {found}") from None
        return found

    async def wait_live(self) -> JSON:
        return await self.wait(lambda ups: all(up["state"] == "live" for up in ups.values()))

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.karvon.folder / "karvon.db") as database:
            return database.execute(statement).fetchall()

    def leftovers(self) -> list[str]:
        folder = self.karvon.folder
        found = [*folder.rglob("*fit-*"), *folder.rglob("fitting/*"), *folder.rglob("*.gone")]
        return sorted(path.name for path in found)


@asynccontextmanager
async def owning(folder: Path, *, die: str = "") -> AsyncIterator[Owner]:
    async with open_world(folder) as world:
        settings = {**world.raw_settings(), "uploads": QUICK}
        karvon = Karvon(folder / "karvon", settings, lift_quotas=False)
        try:
            await karvon.start(die=die)
            owner = Owner(karvon, world)
            yield owner
            await until(lambda: not owner.leftovers())
            assert await karvon.stop() == 0
        finally:
            await karvon.close()


@pytest.mark.parametrize("moment", MOMENTS)
async def test_whenever_it_dies_the_fitted_video_is_live_once(tmp_path: Path, moment: str) -> None:
    clip = index_last(tmp_path)
    async with owning(tmp_path, die=moment) as owner:
        await owner.send(clip, "instagram, youtube")
        assert await owner.karvon.wait_end() != 0
        await owner.start_again()
        found = await owner.wait_live()
        live = await places(owner.world)
        assert live["youtube"] == clip.sha256
        assert live["instagram"] == found["instagram"]["sha256"] != clip.sha256
        assert found["instagram"]["fit"]["recipe"] == {"copy": True}
        assert len(owner.world.sandbox.published()) == 2


def makers(folder: Path) -> list[int]:
    """Return the processes that make files below a folder."""
    found = []
    for place in Path("/proc").iterdir():
        if not place.name.isdigit():
            continue
        try:
            inside = str(folder) in os.readlink(place / "cwd")  # noqa: PTH115 - may dangle
        except OSError:
            continue
        if inside:
            found.append(int(place.name))
    return found


async def test_killed_amid_the_making_it_starts_over_and_leaves_nothing(tmp_path: Path) -> None:
    clip = too_long(tmp_path)
    async with owning(tmp_path) as owner:
        fitting = owner.karvon.folder / "spool" / "fitting"
        await owner.send(clip, "facebook", "A clip\nfit: auto")
        await until(lambda: bool(makers(fitting)))
        (orphan,) = makers(fitting)
        await owner.karvon.kill()
        await owner.start_again()
        await owner.wait_live()
        assert orphan not in makers(fitting)
        assert len(owner.world.sandbox.published()) == 1


async def test_killed_again_and_again_amid_the_making(tmp_path: Path) -> None:
    clip = too_long(tmp_path)
    async with owning(tmp_path) as owner:
        fitting = owner.karvon.folder / "spool" / "fitting"
        await owner.send(clip, "facebook", "A clip\nfit: auto")
        for _ in range(4):
            await until(lambda: bool(makers(fitting)))
            await owner.karvon.kill()
            await owner.start_again()
        await owner.wait_live()
        assert len(owner.world.sandbox.published()) == 1


@pytest.mark.parametrize("place", [BEGIN_STEP["instagram"], BYTES_STEP["instagram"]])
async def test_killed_amid_the_sending_the_made_file_is_found_again(
    tmp_path: Path, place: tuple[str, str]
) -> None:
    clip = index_last(tmp_path)
    async with owning(tmp_path) as owner:
        hold(owner.world, {place}, "stall")
        await owner.send(clip, "instagram")
        await owner.wait(lambda ups: bool(ups["instagram"].get("fit", {}).get("recipe")))
        made = owner.rows("SELECT started_at, sha256 FROM fits")
        await owner.karvon.kill()
        await owner.start_again()
        await owner.wait_live()
        assert owner.rows("SELECT started_at, sha256 FROM fits") == made


async def test_a_question_is_still_there_after_a_kill(tmp_path: Path) -> None:
    clip = too_long(tmp_path)
    async with owning(tmp_path) as owner:
        await owner.send(clip, "facebook, youtube")
        await owner.wait(lambda ups: ups["facebook"].get("waits_for") == "person")
        await owner.karvon.kill()
        await owner.start_again()
        found = await owner.wait(lambda ups: ups["youtube"]["state"] == "live")
        assert found["facebook"]["waits_for"] == "person"
        assert [one["key"] for one in found["facebook"]["fit"]["findings"]] == ["too_long"]
