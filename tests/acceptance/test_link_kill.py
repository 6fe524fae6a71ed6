"""The process is killed in the middle of a link's download; the rest is fetched by range."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.acceptance.system import MIB, Video, World, make_video, open_world, until
from tests.chaos.process import Karvon
from tests.http_kit import serve

pytestmark = pytest.mark.timeout(120)

SIZE = 16 * MIB
HALF = SIZE // 2
QUICK = {"retry_seconds": 0.2, "retry_max_seconds": 1, "stall_seconds": 30}


class Shelf:
    """A server that hangs in the middle of the file until it is healed."""

    def __init__(self, video: Video, tag: str) -> None:
        self.data = video.path.read_bytes()
        self.tag = tag
        self.healed = asyncio.Event()
        self.gone = False
        self.starts: list[int] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if self.gone:
            return web.Response(status=404)
        is_same = request.headers.get("If-Range", self.tag) == self.tag
        wanted = request.headers.get("Range") if is_same else None
        start = int(wanted[6:-1]) if wanted else 0
        self.starts.append(start)
        headers = {
            "ETag": self.tag,
            "Content-Type": "video/mp4",
            "Content-Disposition": 'attachment; filename="../day at sea.mp4"',
            "Content-Length": str(len(self.data) - start),
        }
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
        response = web.StreamResponse(status=206 if wanted else 200, headers=headers)
        await response.prepare(request)
        if not self.healed.is_set():
            await response.write(self.data[start:HALF])
            await self.healed.wait()
            start = max(start, HALF)
        await response.write(self.data[start:])
        return response


@asynccontextmanager
async def karvon_of(folder: Path, world: World, *bases: str) -> AsyncIterator[Karvon]:
    hosts = [base.removeprefix("http://") for base in bases]
    settings = {
        **world.raw_settings(),
        "uploads": QUICK,
        "sources": {"allowed_hosts": hosts},
    }
    karvon = Karvon(folder / "karvon", settings, lift_quotas=False)
    try:
        await karvon.start()
        await karvon.wait_ready()
        yield karvon
        assert await karvon.stop() == 0
    finally:
        await karvon.close()


async def send(karvon: Karvon, url: str, *lines: str) -> None:
    request = {
        "command": "send",
        "source": url,
        "to": "telegram",
        "caption": "\n".join(["A clip", *lines]),
    }
    assert (await karvon.first_answer(request))["post_id"] == 1


async def is_kept(folder: Path) -> None:
    """Wait until half of the file lies on the disk."""
    spool = folder / "karvon" / "spool"
    await until(lambda: any(p.stat().st_size >= HALF - MIB for p in spool.glob("*")))


async def wait_live(karvon: Karvon) -> None:
    while True:
        async with asyncio.timeout(60):
            found: dict[str, Any] = await karvon.ask({"command": "post", "post_id": 1})
        if found["state"] == "done":
            return
        assert found["state"] in {"accepted", "preparing", "publishing"}, found
        await asyncio.sleep(0)


async def test_killed_in_a_download_it_asks_for_the_rest(tmp_path: Path) -> None:
    video = make_video(tmp_path, size=SIZE)
    shelf = Shelf(video, '"v1"')
    async with (
        open_world(tmp_path) as world,
        serve(shelf) as base,
        karvon_of(tmp_path, world, base) as karvon,
    ):
        await send(karvon, f"{base}/download?id=7")
        await is_kept(tmp_path)
        await karvon.kill()
        shelf.healed.set()
        await karvon.start()
        await karvon.wait_ready()
        await wait_live(karvon)

        assert await world.live(video) == ["telegram"]
        first, second = shelf.starts
        assert first == 0
        assert second >= HALF - MIB


@pytest.mark.parametrize(("tag", "resumes"), [('"v1"', True), ('"v2"', False)])
async def test_after_the_kill_a_mirror_goes_on_if_it_is_surely_the_same(
    tmp_path: Path, tag: str, *, resumes: bool
) -> None:
    video = make_video(tmp_path, size=SIZE)
    shelf, mirror = Shelf(video, '"v1"'), Shelf(video, tag)
    mirror.healed.set()
    async with (
        open_world(tmp_path) as world,
        serve(shelf) as base,
        serve(mirror) as other,
        karvon_of(tmp_path, world, base, other) as karvon,
    ):
        await send(karvon, f"{base}/v.mp4", f"mirror: {other}/v.mp4")
        await is_kept(tmp_path)
        await karvon.kill()
        shelf.gone = True
        shelf.healed.set()
        await karvon.start()
        await karvon.wait_ready()
        await wait_live(karvon)

        assert await world.live(video) == ["telegram"]
        assert (min(mirror.starts) >= HALF - MIB) is resumes
