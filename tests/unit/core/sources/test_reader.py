"""Pages that only yt-dlp can read, by its generic reader, from a server of this machine."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys

import pytest
from aiohttp import web

from core.errors import SourceError
from core.sources import reader as reading
from core.sources.guard import Guard, link_session
from core.sources.http import HttpSource, Media
from core.sources.reader import YtDlpReader
from tests.http_kit import serve

pytestmark = pytest.mark.timeout(60)

VIDEO = b"not really a video" * 100
PLAYLIST = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nlow.m3u8\n"


def page(body: str) -> web.Response:
    text = f"<html><head><title>My clip</title></head><body>{body}</body></html>"
    return web.Response(text=text, content_type="text/html")


async def site(request: web.Request) -> web.StreamResponse:
    match request.path:
        case "/clip.mp4":
            return web.Response(body=VIDEO, content_type="video/mp4")
        case "/stream.m3u8":
            return web.Response(text=PLAYLIST, content_type="application/vnd.apple.mpegurl")
        case "/away":
            return web.Response(status=302, headers={"Location": "http://[::1]:9/page"})
        case "/inside":
            return page('<video src="http://169.254.169.254/clip.mp4"></video>')
        case "/text":
            return page("Only words.")
        case "/pieces":
            return page('<video><source src="/stream.m3u8" type="application/x-mpegURL"></video>')
        case "/missing":
            return web.Response(status=404)
        case _:
            return page('<video src="/clip.mp4"></video>')


def open_reader(base: str, *, enabled: bool = True, seconds: float = 60.0) -> YtDlpReader:
    return YtDlpReader(Guard([base.removeprefix("http://")]), enabled=enabled, seconds=seconds)


async def refused(reader: YtDlpReader, url: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await reader.find(url)
    return caught.value


async def test_the_video_of_a_page_is_fetched_when_the_person_may_publish_it() -> None:
    async with serve(site) as base:
        guard = Guard([base.removeprefix("http://")])
        async with link_session(guard) as session:
            source = HttpSource(
                f"{base}/page",
                session=session,
                guard=guard,
                reader=open_reader(base),
                may_publish=True,
            )
            stream = await source.open(0)
            found = b"".join([chunk async for chunk in stream.chunks()])
            await stream.close()

    assert found == VIDEO
    assert source.filename.startswith("My clip")
    assert source.filename.endswith(".mp4")


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/away", "link_private"),
        ("/inside", "link_private"),
        ("/text", "link_no_video"),
        ("/pieces", "link_playlist"),
        ("/missing", "link_no_video"),
    ],
)
async def test_pages_without_a_file_say_so(path: str, key: str) -> None:
    async with serve(site) as base:
        error = await refused(open_reader(base), f"{base}{path}")

    assert (error.key, error.retry) == (key, False)
    assert base not in str(error)


async def test_private_pages_are_not_read() -> None:
    asked = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request.path)
        return page("")

    async with serve(handler) as base:
        error = await refused(YtDlpReader(Guard(), enabled=True), base)

    assert (error.key, asked) == ("link_private", [])


async def test_a_page_that_never_ends_is_given_up() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b"<p>more</p>" * 1000)

    async with serve(handler) as base:
        error = await refused(open_reader(base, seconds=2.0), base)

    assert (error.key, error.retry) == ("link_page_slow", True)


async def test_switched_off_and_not_installed_say_how(monkeypatch: pytest.MonkeyPatch) -> None:
    off = await refused(open_reader("http://127.0.0.1", enabled=False), "http://127.0.0.1/")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    missing = await refused(open_reader("http://127.0.0.1"), "http://127.0.0.1/")

    assert (off.key, missing.key) == ("link_pages_off", "link_pages_missing")


class Never:
    """A reader that must not be asked."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled

    async def find(self, url: str) -> Media:
        raise AssertionError(url)


@pytest.mark.parametrize(("enabled", "key"), [(True, "link_rights"), (False, "not_a_file")])
async def test_nothing_is_read_without_the_word_of_the_person(*, enabled: bool, key: str) -> None:
    async with serve(site) as base:
        guard = Guard([base.removeprefix("http://")])
        async with link_session(guard) as session:
            source = HttpSource(base, session=session, guard=guard, reader=Never(enabled=enabled))
            with pytest.raises(SourceError) as caught:
                await source.open(0)

    assert caught.value.key == key


async def test_a_share_page_instead_of_a_file_is_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serve(site) as base:
        guard = Guard([base.removeprefix("http://")])
        monkeypatch.setattr("core.sources.http.direct_address", lambda url: f"{url}/page")
        async with link_session(guard) as session:
            with pytest.raises(SourceError, match="link_share_page"):
                await HttpSource(base, session=session, guard=guard).open(0)


TRIES = {
    "program": "import subprocess; subprocess.run(['true'])",
    "shell": "import os; os.system('true')",
    "fork": "import os; os.fork()",
    "local socket": "import socket; socket.socket(socket.AF_UNIX).connect('/run/x')",
    "datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('1.1.1.1', 9))",
    "private": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "by name": "import socket; socket.getaddrinfo('localhost', 9)",
}


@pytest.mark.parametrize("attempt", TRIES.values(), ids=TRIES.keys())
async def test_the_process_cannot_leave_its_fence(attempt: str) -> None:
    code = (
        "from core.sources.guard import Guard\n"
        "from core.sources.reading import BlockedError, Fence\n"
        "Fence(Guard()).close()\n"
        "try:\n"
        f"    {attempt}\n"
        "except BlockedError:\n"
        "    print('blocked')\n"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()

    assert said == b"blocked\n"


async def test_what_the_process_may_know_of_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KARVON_TELEGRAM__TOKEN", "1:secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    known = json.dumps(reading._environment("/nowhere"))

    assert "secret" not in known
    assert "proxy" not in known.lower()
