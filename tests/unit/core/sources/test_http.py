from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from core.errors import SourceError
from core.ports import SourceStream
from core.sources.guard import Guard, link_session
from core.sources.http import HttpSource
from tests.http_kit import Handler, listen, read_head, serve
from tests.media_kit import noise

DATA = noise(3_000_000)
GUARD = Guard(["127.0.0.1"])


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with link_session(GUARD, stall_seconds=5.0) as session:
        yield session


class Shelf:
    """A file behind an address, with switches for how the server behaves."""

    def __init__(self, data: bytes = DATA, version: str = '"v1"', *, ranges: bool = True) -> None:
        self.data = data
        self.version = version
        self.ranges = ranges
        self.seen: list[dict[str, str]] = []

    async def __call__(self, request: web.Request) -> web.Response:
        self.seen.append({name.lower(): value for name, value in request.headers.items()})
        headers = {"ETag": self.version} if self.version else {}
        wanted = request.headers.get("Range")
        if_range = request.headers.get("If-Range", self.version)
        if not self.ranges or wanted is None or if_range != self.version:
            return web.Response(body=self.data, content_type="video/mp4", headers=headers)
        start, total = int(wanted[6:-1]), len(self.data)
        if start >= total:
            headers["Content-Range"] = f"bytes */{total}"
            return web.Response(status=416, headers=headers)
        headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        return web.Response(
            status=206, body=self.data[start:], content_type="video/mp4", headers=headers
        )


async def read(stream: SourceStream) -> bytes:
    try:
        return b"".join([chunk async for chunk in stream.chunks()])
    finally:
        await stream.close()


async def open_at(
    session: aiohttp.ClientSession, handler: Handler, offset: int = 0, version: str = ""
) -> tuple[SourceStream, bytes]:
    async with serve(handler) as base:
        source = HttpSource(f"{base}/v.mp4", session=session, guard=GUARD)
        stream = await source.open(offset, version=version)
        return stream, await read(stream)


async def test_reads_a_whole_file(session: aiohttp.ClientSession) -> None:
    shelf = Shelf()
    stream, data = await open_at(session, shelf)

    assert data == DATA
    assert (stream.size, stream.start, stream.version) == (len(DATA), 0, '"v1"')
    assert shelf.seen[0]["accept-encoding"] == "identity"
    assert "range" not in shelf.seen[0]


async def test_chunks_are_bounded(session: aiohttp.ClientSession) -> None:
    async with serve(Shelf()) as base:
        source = HttpSource(base, session=session, guard=GUARD)
        stream = await source.open(0)
        sizes = [len(chunk) async for chunk in stream.chunks()]
        await stream.close()

    assert max(sizes) <= 1 << 20
    assert sum(sizes) == len(DATA)


async def test_resumes_by_range_if_the_file_is_the_same(session: aiohttp.ClientSession) -> None:
    shelf = Shelf()
    stream, data = await open_at(session, shelf, 1000, '"v1"')

    assert data == DATA[1000:]
    assert (stream.start, stream.size) == (1000, len(DATA))
    assert shelf.seen[0]["if-range"] == '"v1"'


async def test_changed_file_starts_over(session: aiohttp.ClientSession) -> None:
    stream, data = await open_at(session, Shelf(version='"v2"'), 1000, '"v1"')

    assert (stream.start, stream.version) == (0, '"v2"')
    assert data == DATA


async def test_weak_tag_is_compared_by_us(session: aiohttp.ClientSession) -> None:
    shelf = Shelf(version='W/"v2"')
    stream, data = await open_at(session, shelf, 1000, 'W/"v1"')

    assert "if-range" not in shelf.seen[0]
    assert (stream.start, data) == (0, DATA)


async def test_size_identifies_a_file_without_a_tag(session: aiohttp.ClientSession) -> None:
    same, data = await open_at(session, Shelf(version=""), 10, f"size:{len(DATA)}")
    other, _ = await open_at(session, Shelf(version=""), 10, "size:99")

    assert (same.start, data) == (10, DATA[10:])
    assert other.start == 0


async def test_server_without_ranges_starts_over(session: aiohttp.ClientSession) -> None:
    stream, data = await open_at(session, Shelf(ranges=False), 1000, '"v1"')

    assert (stream.start, data) == (0, DATA)


async def test_wrong_content_range_is_not_believed(session: aiohttp.ClientSession) -> None:
    async def handler(request: web.Request) -> web.Response:
        if "Range" not in request.headers:
            return web.Response(body=DATA, content_type="video/mp4")
        headers = {"Content-Range": f"bytes 0-{len(DATA) - 1}/{len(DATA)}"}
        return web.Response(status=206, body=DATA, headers=headers, content_type="video/mp4")

    stream, data = await open_at(session, handler, 1000)

    assert (stream.start, data) == (0, DATA)


async def test_nothing_is_left_to_fetch(session: aiohttp.ClientSession) -> None:
    stream, data = await open_at(session, Shelf(), len(DATA), '"v1"')

    assert (stream.start, stream.size, data) == (len(DATA), len(DATA), b"")


async def test_file_that_became_shorter_starts_over(session: aiohttp.ClientSession) -> None:
    stream, data = await open_at(session, Shelf(DATA[:500]), 1000, '"v1"')

    assert (stream.start, data) == (0, DATA[:500])


async def test_size_may_be_unknown(session: aiohttp.ClientSession) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "video/mp4"})
        await response.prepare(request)
        await response.write(DATA)
        return response

    stream, data = await open_at(session, handler)

    assert (stream.size, stream.version, data) == (None, "", DATA)


def answer(status: int = 200, **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=b"...", headers=named)

    return handler


@pytest.mark.parametrize(
    ("handler", "key", "is_passing"),
    [
        (answer(403), "source_forbidden", False),
        (answer(401), "source_forbidden", False),
        (answer(404), "source_gone", False),
        (answer(410), "source_gone", False),
        (answer(418), "source_status", False),
        (answer(206), "source_status", False),
        (answer(429), "source_unavailable", True),
        (answer(503), "source_unavailable", True),
        (answer(content_type="text/html; charset=utf-8"), "not_a_file", False),
        (answer(content_type="application/json"), "not_a_file", False),
        (answer(content_type="video/mp4", content_encoding="gzip"), "source_encoded", False),
        (answer(302, location="/again"), "too_many_redirects", False),
        (answer(302, location="http://10.1.2.3/"), "link_private", False),
        (answer(302, location="file:///etc/passwd"), "bad_url", False),
    ],
)
async def test_each_refusal_has_its_own_sentence(
    session: aiohttp.ClientSession, handler: Handler, key: str, *, is_passing: bool
) -> None:
    with pytest.raises(SourceError) as caught:
        await open_at(session, handler)

    assert (caught.value.key, caught.value.retry) == (key, is_passing)


async def test_redirect_to_an_allowed_place_is_followed(session: aiohttp.ClientSession) -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/v.mp4":
            return web.Response(status=302, headers={"Location": "/real"})
        return web.Response(body=DATA, content_type="video/mp4")

    assert (await open_at(session, handler))[1] == DATA


async def test_connection_cut_in_the_middle_passes(session: aiohttp.ClientSession) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()

    async with listen(talk) as base:
        stream = await HttpSource(base, session=session, guard=GUARD).open(0)
        with pytest.raises(SourceError, match="source_interrupted") as caught:
            await read(stream)

    assert caught.value.retry


async def test_silence_ends_the_wait() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await reader.read()

    async with listen(talk) as base, link_session(GUARD, stall_seconds=0.2) as session:
        stream = await HttpSource(base, session=session, guard=GUARD).open(0)
        with pytest.raises(SourceError, match="source_stalled"):
            await read(stream)


async def test_nobody_listens(session: aiohttp.ClientSession) -> None:
    source = HttpSource("http://127.0.0.1:1/", session=session, guard=GUARD)

    with pytest.raises(SourceError, match="source_interrupted") as caught:
        await source.open(0)
    assert caught.value.retry


async def test_fingerprint_is_that_of_the_link(session: aiohttp.ClientSession) -> None:
    def fingerprint(url: str) -> str:
        return HttpSource(url, session=session, guard=GUARD).fingerprint

    assert fingerprint("http://a/") == fingerprint("http://a/") != fingerprint("http://b/")
