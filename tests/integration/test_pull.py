"""Pulls of a page: side by side, one by one, killed, repeated, cancelled, in a terminal."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.control import ask_running
from bot.pulling import pull, scrape
from core.errors import RefusedError
from core.settings import Settings
from core.sources.pages.look import LookState, Tally
from core.store.errors import StoreError
from tests.acceptance.system import System, World, open_world, running
from tests.chaos.media import LEAST_BYTES, write_video
from tests.terminal import program
from tests.website import HOST, Site, open_site

pytestmark = pytest.mark.timeout(90)

VIDEOS = 6
JSON = dict[str, Any]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(listed=VIDEOS) as opened:
        for number in range(VIDEOS):
            fill(opened, tmp_path, number)
        yield opened


def fill(site: Site, folder: Path, number: int) -> None:
    """Put a video on the site; a later one is smaller."""
    path = folder / "made.mp4"
    size = LEAST_BYTES + (VIDEOS - number) * 10_000
    write_video(path, size_bytes=size, seed=f"video {number}")
    site.videos[f"clip-{number:04d}"] = path.read_bytes()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        yield opened


def changes(**more: Any) -> JSON:
    return {
        "sources": {"allowed_hosts": [HOST]},
        "scrape": {"pace_seconds": 0},
        "groq": {"api_key": ""},
        **more,
    }


@asynccontextmanager
async def system(world: World, tmp_path: Path, **more: Any) -> AsyncIterator[System]:
    settings = world.settings(tmp_path / "data", **changes(**more))
    async with running(world, settings) as one:
        yield one


def request(site: Site, **more: Any) -> JSON:
    return {"url": site.url("/list"), "caption": "to: youtube, facebook", **more}


async def pulled(one: System, asked: JSON) -> JSON:
    """Pull until the end; return the last answer with the items."""
    items: list[JSON] = []
    last: JSON = {}
    async with aclosing(pull(one.parts, asked)) as answers:
        async for answer in answers:
            items += answer.get("items", [])
            last = answer
    end: JSON = last["end"]
    return {**end, "items": items}


async def published(world: World) -> Counter[tuple[str, str]]:
    await world.sandbox.settle()
    return Counter((str(x["service"]), str(x["sha256"])) for x in world.sandbox.published())


async def test_publishes_every_video_of_a_page_once(
    world: World, site: Site, tmp_path: Path
) -> None:
    async with system(world, tmp_path) as one:
        end = await pulled(one, request(site))
    assert (end["state"], end["live"], end["links"]) == ("done", VIDEOS, VIDEOS)
    live = await published(world)
    assert len(live) == 2 * VIDEOS
    assert set(live.values()) == {1}
    assert {item["state"] for item in end["items"]} == {"done"}
    assert end["fetched_bytes"] == sum(map(len, site.videos.values()))


async def test_a_second_run_takes_only_what_is_new(
    world: World, site: Site, tmp_path: Path
) -> None:
    async with system(world, tmp_path) as one:
        await pulled(one, request(site))
        again = await pulled(one, request(site))
        assert (again["links"], again["items"]) == (0, [])
        fill(site, tmp_path, VIDEOS)
        site.listed = VIDEOS + 1
        third = await pulled(one, request(site))
    assert [item["title"] for item in third["items"]] == [f"Clip {VIDEOS}"]
    assert set((await published(world)).values()) == {1}


async def test_what_is_there_already_is_published_only_elsewhere(
    world: World, site: Site, tmp_path: Path
) -> None:
    async with system(world, tmp_path) as one:
        await pulled(one, request(site, caption="to: youtube"))
        both = await pulled(one, {**request(site), "all": True})
        same = await pulled(one, {**request(site), "all": True})
    assert both["live"] == VIDEOS
    assert {len(item["uploads"]) for item in both["items"]} == {1}
    assert same["there"] == VIDEOS
    assert set((await published(world)).values()) == {1}


async def test_a_changed_file_at_a_known_address_is_new(
    world: World, site: Site, tmp_path: Path
) -> None:
    async with system(world, tmp_path) as one:
        await pulled(one, request(site, caption="to: youtube"))
        write_video(tmp_path / "other.mp4", size_bytes=LEAST_BYTES, seed="another")
        site.videos["clip-0002"] = (tmp_path / "other.mp4").read_bytes()
        found = [x async for x in scrape(one.parts, {"url": site.url("/list")})]
        links = [link for answer in found for link in answer.get("found", [])]
        end = await pulled(one, request(site, caption="to: youtube"))
        same = await pulled(one, {**request(site, caption="to: youtube"), "all": True})
    assert [link["title"] for link in links if not link["seen"]] == ["Clip 2"]
    assert (end["links"], end["live"], same["there"]) == (1, 1, VIDEOS), same


async def test_smaller_videos_come_first(world: World, site: Site, tmp_path: Path) -> None:
    async with system(world, tmp_path, download_concurrency=1) as one:
        await pulled(one, request(site, caption="to: youtube", mode="sequential"))
    fetched = [path for _, path in site.order if path.startswith("/v/")]
    assert fetched[VIDEOS:] == [f"/v/clip-{number:04d}.mp4" for number in reversed(range(VIDEOS))]


async def test_one_by_one_means_that_the_next_waits(
    world: World, site: Site, tmp_path: Path
) -> None:
    async with system(world, tmp_path) as one:
        site.hold.clear()
        async with asyncio.TaskGroup() as group:
            whole = group.create_task(pulled(one, request(site, mode="sequential")))
            await until_held(site, 1)
            (look,) = await one.parts.looks.unfinished()
            assert await one.parts.looks.room(look.id) == (1, 1)
            site.hold.set()
        assert whole.result()["live"] == VIDEOS


async def until_held(site: Site, count: int) -> None:
    async with asyncio.timeout(20):
        while site.held < count:  # noqa: ASYNC110 - the site tells nobody
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("wish", "titles"),
    [
        ({"match": "*000[12]*"}, ["Clip 1", "Clip 2"]),
        ({"match": "clip 4"}, ["Clip 4"]),
        ({"max_size": f"{LEAST_BYTES + 20_000}"}, ["Clip 4", "Clip 5"]),
        ({"limit": 1}, ["Clip 0"]),
    ],
)
async def test_takes_what_is_asked_for(
    world: World, site: Site, tmp_path: Path, wish: JSON, titles: list[str]
) -> None:
    async with system(world, tmp_path) as one:
        end = await pulled(one, request(site, caption="to: youtube", **wish))
    assert [item["title"] for item in end["items"]] == titles


async def test_the_title_of_the_page_is_the_caption(
    world: World, site: Site, tmp_path: Path
) -> None:
    caption = "Best of {title} #{number} from {host}\nto: youtube"
    async with system(world, tmp_path) as one:
        await pulled(one, request(site, caption=caption, limit=1))
        await pulled(one, request(site, caption="to: facebook", limit=1, all=True))
    texts = {str(row["service"]): json.dumps(row) for row in world.sandbox.published()}
    assert f"Best of Clip 0 #1 from {HOST}" in texts["youtube"]
    assert any("Clip 0" in text for service, text in texts.items() if service != "youtube")


@pytest.mark.parametrize(
    ("caption", "key"),
    [
        ("to: nowhere", "unknown_target"),
        ("{titel}\nto: youtube", "pull_place"),
        ("privacy: secret", "bad_privacy"),
    ],
)
async def test_bad_words_are_refused_before_a_page_is_read(
    world: World, site: Site, tmp_path: Path, caption: str, key: str
) -> None:
    async with system(world, tmp_path) as one:
        with pytest.raises(RefusedError) as caught:
            await pulled(one, request(site, caption=caption))
    assert caught.value.key == key
    assert not site.asked


async def test_a_page_that_is_not_there_is_a_refusal(
    world: World, site: Site, tmp_path: Path
) -> None:
    async with system(world, tmp_path) as one:
        with pytest.raises(RefusedError) as caught:
            await pulled(one, {**request(site), "url": site.url("/nowhere")})
    assert caught.value.key == "scrape_finding_page_gone"


async def test_broken_videos_do_not_hold_up_the_others(
    world: World, site: Site, tmp_path: Path
) -> None:
    site.videos["clip-0001"] = b"no video at all" * 1000
    async with system(world, tmp_path) as one:
        end = await pulled(one, request(site))
        again = await pulled(one, request(site))
    assert (end["live"], end["failed"]) == (VIDEOS - 1, 1)
    assert [item["title"] for item in again["items"]] == ["Clip 1"], "what failed is new again"


async def test_twins_are_published_once(world: World, site: Site, tmp_path: Path) -> None:
    site.videos["clip-0003"] = site.videos["clip-0002"]
    async with system(world, tmp_path) as one:
        end = await pulled(one, request(site, caption="to: youtube"))
    assert (end["live"], end["there"], end["failed"]) == (VIDEOS - 1, 1, 0)
    assert set((await published(world)).values()) == {1}


async def test_a_cancelled_pull_ends(world: World, site: Site, tmp_path: Path) -> None:
    async with system(world, tmp_path) as one:
        site.hold.clear()
        async with asyncio.TaskGroup() as group:
            whole = group.create_task(pulled(one, request(site, mode="sequential")))
            await until_held(site, 1)
            (look,) = await one.parts.looks.unfinished()
            await one.parts.looks.move(look, LookState.CANCELLING)
            one.parts.posts.changed()
        end = whole.result()
    assert (end["state"], end["cancelled"], end["left"]) == ("cancelled", 1, VIDEOS - 1)
    assert not await published(world)


async def test_a_stopped_process_goes_on_with_its_pull(
    world: World, site: Site, tmp_path: Path
) -> None:
    site.hold.clear()
    asked = request(site)
    async with system(world, tmp_path) as one, aclosing(pull(one.parts, asked)) as answers:
        async for answer in answers:
            if "pull" in answer:
                break
        await until_held(site, 1)
        look_id = (await one.parts.looks.unfinished())[0].id
    site.hold.set()
    async with system(world, tmp_path) as two:
        end = await pulled(two, asked)
    assert (end["look_id"], end["state"], end["live"]) == (look_id, "done", VIDEOS)
    assert set((await published(world)).values()) == {1}


class _Dying:
    """A store whose commits fail from some point on, as in a process that is killed."""

    def __init__(self, real: Any, good: int) -> None:  # noqa: ANN401
        self._real = real
        self._left = good

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(self._real, name)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        async with self._real.transaction() as tx:
            yield tx
            self._left -= 1
            if self._left < 0:
                raise StoreError("killed")


@pytest.mark.parametrize("good", range(4))
async def test_a_video_is_accepted_and_ticked_off_in_one_commit(
    world: World, site: Site, tmp_path: Path, good: int
) -> None:
    async with system(world, tmp_path) as one:
        site.hold.clear()
        real = one.parts.intake.store
        one.parts.intake.store = _Dying(real, good)
        with pytest.raises((AssertionError, TimeoutError)):
            async with asyncio.timeout(3):
                await pulled(one, request(site))
                raise AssertionError("it cannot end")
        one.parts.intake.store = real
        tally: Tally = await one.parts.looks.tally(1)
        rows = await one.parts.store.all("links.open_posts", look_id=1)
        assert len(rows) == tally.running == good
        assert tally.waiting + tally.left == VIDEOS - good
        assert await one.parts.posts.count_open() == good


async def test_a_running_process_pulls_for_others(
    world: World, site: Site, tmp_path: Path
) -> None:
    settings = world.settings(tmp_path / "data", **changes())
    async with running(world, settings) as one:
        await until_answers(settings)
        ends = await ask_running(settings, {"command": "pull", **request(site)})
        looks = await ask_running(settings, {"command": "scrape", "url": site.url("/list")})
        refused = await ask_running(settings, {"command": "scrape", "url": "nothing"})
        assert await one.parts.posts.count_open() == 0
    assert ends is not None
    assert looks is not None
    assert refused is not None
    assert ends[-1]["end"]["live"] == VIDEOS
    assert all(link["seen"] for answer in looks for link in answer.get("found", []))
    assert refused[-1]["key"] == "scrape_finding_page_bad_url"


async def until_answers(settings: Settings) -> None:
    async with asyncio.timeout(20):
        while await ask_running(settings, {"command": "ping"}) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_typed_in_a_terminal(world: World, site: Site, tmp_path: Path) -> None:
    values = {**world.raw_settings(), **changes(), "data_dir": str(tmp_path / "data")}
    (tmp_path / "config.py").write_text(f"APP_CONFIG = {values!r}\n")
    async with program(tmp_path, "scrape", site.url("/list"), "--json") as looked:
        said = await looked.read()
    assert (said.code, said.err) == (0, "")
    assert len(said.json["links"]) == VIDEOS
    assert said.json["links"][0]["size_bytes"] == len(site.videos["clip-0000"])
    words = ("pull", site.url("/list"), "--to", "youtube", "--json")
    async with program(tmp_path, *words) as first:
        site.hold.clear()
        await until_held(site, 1)
        first.process.kill()
        await first.wait()
    site.hold.set()
    async with program(tmp_path, *words) as second:
        said = await second.read()
    assert said.code == 0, said.err
    assert (said.json["state"], said.json["live"]) == ("done", VIDEOS)
    assert set((await published(world)).values()) == {1}
