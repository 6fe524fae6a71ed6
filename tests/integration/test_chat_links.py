"""Links in the chat: what is published, what is refused and with which words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from core.posts.models import PostId
from tests.http_kit import serve
from tests.live_chat import LiveChat

pytestmark = pytest.mark.timeout(90)

HERE = "to: telegram"


class Site:
    """A web site with one video, a page that shows it, and a page that does not."""

    def __init__(self, video: bytes) -> None:
        self.video = video
        self.base = ""

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/clip.mp4" | "/download":
                headers = {"Content-Disposition": "attachment; filename*=UTF-8''day%20one.mp4"}
                return web.Response(body=self.video, content_type="video/mp4", headers=headers)
            case "/inside":
                raise web.HTTPFound("http://169.254.169.254/clip.mp4")
            case "/page":
                text = '<html><title>A</title><video src="/clip.mp4"></video></html>'
                return web.Response(text=text, content_type="text/html")
            case _:
                return web.Response(status=404)


@asynccontextmanager
async def site_of(live: LiveChat, **sources: object) -> AsyncIterator[Site]:
    """Run a site and Karvon, which may ask it although it is on this machine."""
    site = Site(live.video().read_bytes())
    async with serve(site) as base:
        site.base = base
        hosts = [base.removeprefix("http://")]
        accounts = live.only("telegram")
        async with live.running(accounts=accounts, sources={"allowed_hosts": hosts, **sources}):
            yield site


async def test_a_link_with_caption_lines_is_published_like_a_video(live: LiveChat) -> None:
    async with site_of(live) as site:
        await live.write(f"{site.base}/download?id=7\nA day at the sea\n{HERE}")
        await live.says("Live everywhere")

        captions = [str(row["text"]["caption"]) for row in live.sandbox.published()]
        post = await live.parts.posts.require(PostId(1))
        assert captions == ["A day at the sea"]
        assert post.source["filename"] == "day one.mp4"


async def test_a_mirror_stands_in_for_a_link_that_is_gone(live: LiveChat) -> None:
    async with site_of(live) as site:
        lines = f"{site.base}/gone.mp4\nmirror: {site.base}/clip.mp4\nA day at the sea\n{HERE}"
        await live.write(lines)
        await live.says("Live everywhere")

        captions = [str(row["text"]["caption"]) for row in live.sandbox.published()]
        assert captions == ["A day at the sea"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http://127.0.0.1:9/clip.mp4\nA day", "private network"),
        ("http://2130706433/clip.mp4\nA day", "cannot be used"),
        ("https://drive.google.com/drive/folders/1AbC\nA day", "leads to a folder"),
        ("https://example.org/page\nrights: theirs\nA day", "rights: mine"),
        ("https://example.org/page\nmirror: elsewhere\nA day", "cannot be used"),
    ],
)
async def test_links_that_lead_nowhere_are_refused_at_once(
    live: LiveChat, text: str, words: str
) -> None:
    async with live.running(accounts=live.only("telegram")):
        await live.ask(text, words)
        assert await live.parts.posts.count_open() == 0


async def test_a_redirect_into_a_private_network_fails_with_its_reason(live: LiveChat) -> None:
    async with site_of(live) as site:
        await live.write(f"{site.base}/inside\nA day at the sea\n{HERE}")
        await live.says("private network")


@pytest.mark.parametrize(
    ("settings", "lines", "words"),
    [
        ({}, "", "send the address of the file itself"),
        ({"yt_dlp": True}, "", "rights: mine"),
        ({}, "rights: mine\n", "sources.yt_dlp"),
    ],
)
async def test_a_page_is_read_only_when_that_is_wanted_and_allowed(
    live: LiveChat, settings: dict[str, object], lines: str, words: str
) -> None:
    async with site_of(live, **settings) as site:
        await live.write(f"{site.base}/page\n{lines}A day at the sea\n{HERE}")
        await live.says(words)


async def test_the_video_of_a_page_is_published_by_who_may(live: LiveChat) -> None:
    async with site_of(live, yt_dlp=True) as site:
        await live.write(f"{site.base}/page\nrights: mine\nA day at the sea\n{HERE}")
        await live.says("Live everywhere")

        captions = [str(row["text"]["caption"]) for row in live.sandbox.published()]
        assert captions == ["A day at the sea"]
