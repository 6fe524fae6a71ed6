"""Wall time of posts against max(download, slowest upload) on throttled links."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from bot.app import App
from core.posts.intake import Incoming
from tests.bench.results import Result, at_most, reference
from tests.bench.world import (
    MIB,
    PLATFORMS,
    StandIns,
    child,
    from_chat,
    from_file,
    from_link,
    make_video,
    publish,
    running,
    settings_for,
    stand_ins,
)
from utils.clock import SystemClock

MB = 1_000_000
CHAT_BYTES = 18 * MIB
LINK_BYTES = 200 * MIB
CHAT_DOWN = 2 * MB
UPLOADS = {"telegram": 1, "youtube": 2, "tiktok": 2, "instagram": 4, "facebook": 4}
"""Megabytes a second of the links to the platforms; the link scenario has ten times as much."""
SERVICES = {"tiktok": "tiktok_upload", "instagram": "graph_upload", "facebook": "graph_upload"}
"""Services that take the bytes of a platform, where they are not called like it."""
REFERENCE_SHARE = 3
"""The slower ways are measured with a third of the bytes at the same rates."""
POSTS = 50
POST_BYTES = MIB
POSTS_TO = ("youtube", "instagram")
POSTS_DOWN = 10 * MB
POSTS_UP = {"youtube": 3 * MB, "instagram": 6 * MB}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One video on links of a certain speed."""

    name: str
    size: int
    down: float
    up: dict[str, float]
    remotes: StandIns
    folder: Path
    origin: str = ""
    """Where the video is to be fetched from; empty: from the chat."""

    @property
    def limit(self) -> float:
        """The seconds that the slowest link needs for the bytes."""
        return self.size / min(self.down, *self.up.values())

    async def incoming(self, to: Sequence[str]) -> Incoming:
        path = self.folder / f"{self.name}-{self.size}.mp4"
        if not path.exists():
            make_video(path, self.size)
        if self.origin:
            return from_link(f"{self.origin}/{path.name}", to=to)
        return await from_chat(self.remotes, path, to=to)

    def smaller(self) -> Scene:
        return replace(self, size=self.size // REFERENCE_SHARE)


def run() -> list[Result]:
    return asyncio.run(_run())


async def _run() -> list[Result]:
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        async with stand_ins() as remotes:
            results += await _chat(remotes, folder)
        async with (
            stand_ins() as remotes,
            child("tests.bench.origin", name, str(10 * CHAT_DOWN)) as (_, origin),
        ):
            results += await _link(remotes, folder, origin["base"])
        async with (
            stand_ins() as remotes,
            child("tests.bench.origin", name, str(POSTS_DOWN)) as (_, origin),
        ):
            results.append(await _many(remotes, folder, origin["base"]))
    return results


async def _chat(remotes: StandIns, folder: Path) -> list[Result]:
    up = {name: float(rate * MB) for name, rate in UPLOADS.items()}
    scene = Scene(
        name="chat", size=CHAT_BYTES, down=CHAT_DOWN, up=up, remotes=remotes, folder=folder
    )
    await _limit_links(scene)
    return await _measure(scene, "an 18 MiB file of the chat at 2 MB/s to 1, 2, 2, 4, 4 MB/s")


async def _link(remotes: StandIns, folder: Path, base: str) -> list[Result]:
    up = {name: float(rate * 10 * MB) for name, rate in UPLOADS.items()}
    scene = Scene(
        name="link",
        size=LINK_BYTES,
        down=10 * CHAT_DOWN,
        up=up,
        remotes=remotes,
        folder=folder,
        origin=base,
    )
    await _limit_links(scene)
    # Telegram takes more than 50 MB from a local Bot API server only.
    await remotes.option("local", value=True, service="telegram")
    how = "a link to 200 MiB at 20 MB/s to 10, 20, 20, 40, 40 MB/s"
    return [await _bare(scene), *await _measure(scene, how)]


async def _limit_links(scene: Scene) -> None:
    rates: dict[str, dict[str, float | None]] = {}
    for name, rate in scene.up.items():
        # Two platforms behind one server share a link that is as wide as both together.
        link = rates.setdefault(SERVICES.get(name, name), {"up": 0.0})
        link["up"] = (link["up"] or 0.0) + rate
    if not scene.origin:
        rates["telegram"]["down"] = scene.down
    await scene.remotes.rates(rates)


async def _bare(scene: Scene) -> Result:
    """Fetch the smaller file with nothing else around, to see how exact the links are."""
    small = scene.smaller()
    source = (await small.incoming(())).source
    clock = SystemClock()
    started = clock.monotonic()
    async with (
        httpx.AsyncClient(timeout=60) as client,
        client.stream("GET", str(source["url"])) as answer,
    ):
        async for _ in answer.aiter_raw():
            continue
    ratio = (clock.monotonic() - started) * small.down / small.size
    return reference(
        "overlap.bare_link", ratio, method="a plain download ÷ size/rate: how exact the links are"
    )


async def _measure(scene: Scene, how: str) -> list[Result]:
    streaming = await _post(scene, {})
    small = scene.smaller()
    after = await _post(small, {"use_streaming_upload": False})
    one_by_one = await _one_after_another(small)
    name = f"overlap.{scene.name}"
    base = f"{how}, until the last byte was accepted, ÷ max(download, slowest upload)"
    third = f"{base}; a third of the bytes"
    return [
        at_most(name, streaming / scene.limit, 1.05, method=base),
        reference(
            f"{name}.after_download", after / small.limit, method=f"{third}, uploads after it"
        ),
        reference(
            f"{name}.sequential", one_by_one / small.limit, method=f"{third}, one after another"
        ),
    ]


async def _post(scene: Scene, changes: dict[str, Any]) -> float:
    async with _app(scene, changes) as app:
        return await publish(app, await scene.incoming(PLATFORMS))


async def _one_after_another(scene: Scene) -> float:
    """Fetch and upload to the first platform; then upload the file on the disk to each other."""
    changes = {"use_streaming_upload": False, "mode": "sequential"}
    async with _app(scene, changes) as app:
        first, *others = PLATFORMS
        seconds = await publish(app, await scene.incoming([first]))
        path = scene.folder / f"{scene.name}-{scene.size}.mp4"
        for name in others:
            seconds += await publish(app, from_file(path, to=[name], name=name))
        return seconds


def _app(scene: Scene, changes: dict[str, Any]) -> AbstractAsyncContextManager[App]:
    values = dict(scene.remotes.settings)
    if scene.origin:
        values["accounts"] = [_local(account) for account in values["accounts"]]
    folder = tempfile.mkdtemp(prefix="karvon-", dir=scene.folder)
    return running(settings_for(values, Path(folder), **changes))


def _local(account: dict[str, Any]) -> dict[str, Any]:
    if account["platform"] != "telegram":
        return account
    return {**account, "options": {"local": "true"}}


async def _many(remotes: StandIns, folder: Path, base: str) -> Result:
    rates = {SERVICES.get(name, name): {"up": float(rate)} for name, rate in POSTS_UP.items()}
    await remotes.rates(rates)
    for number in range(POSTS):
        make_video(folder / f"post-{number}.mp4", POST_BYTES)
    links = [from_link(f"{base}/post-{number}.mp4", to=POSTS_TO) for number in range(POSTS)]
    home = Path(tempfile.mkdtemp(prefix="karvon-", dir=folder))
    settings = settings_for(
        remotes.settings,
        home,
        download_concurrency=8,
        upload_workers=8,
        uploads={"per_channel_a_day": 1000},
    )
    async with running(settings) as app:
        seconds = await publish(app, *links)
    limit = POSTS * POST_BYTES / min(POSTS_DOWN, *POSTS_UP.values())
    how = f"{POSTS} links to 1 MiB at once, to YouTube and Instagram at 3 and 6 MB/s, down 10 MB/s"
    return at_most(
        "overlap.fifty", seconds / limit, 1.10, method=f"{how}, ÷ all bytes over the slowest link"
    )
