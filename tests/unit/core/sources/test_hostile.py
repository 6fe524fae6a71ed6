"""Servers that break the rules: each ends with a clear word, soon, and with little memory."""

from __future__ import annotations

import asyncio
import contextlib
import gzip

import pytest
from aiohttp import web

from core.errors import SourceError
from core.sources.fetch import LEAST_BYTES, FetchRules
from core.sources.guard import Guard, link_session
from core.sources.http import HttpSource
from tests.http_kit import Handler, Talk, listen, read_head, serve

GUARD = Guard(["127.0.0.1"])
QUICK = FetchRules(redirects=3, max_bytes=1_000_000, stall_seconds=0.5)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n"


async def fetch(url: str, rules: FetchRules = QUICK, offset: int = 0, version: str = "") -> bytes:
    async with link_session(GUARD, stall_seconds=rules.stall_seconds) as session:
        source = HttpSource(url, session=session, guard=GUARD, rules=rules)
        stream = await source.open(offset, version=version)
        try:
            return b"".join([chunk async for chunk in stream.chunks()])
        finally:
            await stream.close()


async def failure(url: str, rules: FetchRules = QUICK) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await fetch(url, rules)
    return caught.value


async def tick(reader: asyncio.StreamReader) -> None:
    """Wait a moment, or until the other side has left."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.05):
            await reader.read(1)


def saying(*pieces: bytes, stays: bool = False) -> Talk:
    """Return a server that says this to everybody, and then leaves or falls silent."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if stays:
            await reader.read()

    return talk


@pytest.mark.parametrize(
    ("talk", "key"),
    [
        (saying(HEAD + b"Content-Length: 100\r\n\r\nhalf"), "source_interrupted"),
        (saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhal"), "source_interrupted"),
        (saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"), "source_interrupted"),
        (saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n"), "source_interrupted"),
        (saying(HEAD + b"Content-Length: -5\r\n\r\nx"), "source_interrupted"),
        (saying(b"SSH-2.0-OpenSSH_9.0\r\n"), "source_interrupted"),
        (saying(b""), "source_interrupted"),
        (saying(HEAD + b"X: " + b"x" * 100_000), "source_interrupted"),
        (saying(HEAD + b"X: 1\r\n" * 100_000), "source_interrupted"),
        (saying(b"HTTP/1.1 200 OK\r\n", stays=True), "source_stalled"),
        (saying(HEAD + b"Content-Length: 100\r\n\r\nhalf", stays=True), "source_stalled"),
        (saying(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", stays=True), "source_stalled"),
        (saying(b"", stays=True), "source_stalled"),
    ],
)
async def test_broken_answers_pass_and_may_be_asked_again(talk: Talk, key: str) -> None:
    async with listen(talk) as base:
        error = await failure(base)

    assert (error.key, error.retry) == (key, True)


async def test_a_trickle_is_no_progress() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(HEAD + b"Content-Length: 900000\r\n\r\n")
        while not reader.at_eof():
            writer.write(b"x")
            await tick(reader)

    async with listen(talk) as base:
        error = await failure(base)

    assert (error.key, error.retry) == ("source_stalled", True)
    assert LEAST_BYTES > 100


async def test_a_head_that_trickles_is_not_waited_for() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_head(reader)
        writer.write(HEAD)
        while not reader.at_eof():
            writer.write(b"X: 1\r\n")
            await tick(reader)

    async with listen(talk) as base:
        assert (await failure(base)).key == "source_stalled"


async def test_an_endless_body_is_cut_at_the_limit() -> None:
    sent = 0

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await read_head(reader)
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
            await writer.drain()
            sent += 0x10000

    async with listen(talk) as base:
        error = await failure(base)

    assert (error.key, error.retry) == ("link_too_big", False)
    assert error.facts["limit_bytes"] == QUICK.max_bytes
    assert sent < 100 * QUICK.max_bytes


async def test_a_file_that_says_it_is_too_big_is_not_read() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(QUICK.max_bytes + 1)})
        response.content_type = "video/mp4"
        await response.prepare(request)
        return response

    async with serve(handler) as base:
        error = await failure(base)

    assert error.facts["size_bytes"] == QUICK.max_bytes + 1


async def test_a_packed_bomb_is_refused_before_it_is_read() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)

    async def handler(request: web.Request) -> web.Response:
        assert request.headers["Accept-Encoding"] == "identity"
        headers = {"Content-Encoding": "gzip", "Content-Type": "video/mp4"}
        return web.Response(body=bomb, headers=headers)

    async with serve(handler) as base:
        error = await failure(base)

    assert (error.key, error.retry) == ("source_encoded", False)


def redirecting(target: str, status: int = 302) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        number = int(request.query.get("n", "0")) + 1
        return web.Response(status=status, headers={"Location": target.format(n=number)})

    return handler


@pytest.mark.parametrize("target", ["/", "/?n={n}", ""])
async def test_redirects_end(target: str) -> None:
    asked = 0
    inner = redirecting(target)

    async def handler(request: web.Request) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        return await inner(request)

    async with serve(handler) as base:
        error = await failure(base)

    wanted = ("too_many_redirects", QUICK.redirects + 1) if target else ("source_status", 1)
    assert (error.key, asked) == wanted
    assert not error.retry


async def test_as_many_redirects_as_the_settings_say_are_followed() -> None:
    async def handler(request: web.Request) -> web.Response:
        number = int(request.query.get("n", "0"))
        if number < QUICK.redirects:
            return web.Response(status=307, headers={"Location": f"?n={number + 1}"})
        return web.Response(body=b"video", content_type="video/mp4")

    async with serve(handler) as base:
        assert await fetch(base) == b"video"


@pytest.mark.parametrize(
    "content_range",
    [
        "bytes 0-9/10",
        "bytes 4-9/10",
        "bytes 6-9/10",
        "bytes */10",
        "bytes 5-9",
        "lines 5-9/10",
        "",
    ],
)
async def test_wrong_ranges_start_over(content_range: str) -> None:
    async def handler(request: web.Request) -> web.Response:
        headers = {"ETag": '"a"', "Content-Type": "video/mp4"}
        if "Range" not in request.headers:
            return web.Response(body=b"0123456789", headers=headers)
        headers["Content-Range"] = content_range
        return web.Response(status=206, body=b"56789", headers=headers)

    async with serve(handler) as base:
        assert await fetch(base, offset=5, version='"a"') == b"0123456789"


async def test_a_tag_that_always_changes_starts_over_each_time() -> None:
    asked = 0

    async def handler(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        headers = {"ETag": f'"{asked}"', "Content-Type": "video/mp4"}
        if "Range" not in request.headers:
            return web.Response(body=b"0123456789", headers=headers)
        headers["Content-Range"] = "bytes 5-9/10"
        return web.Response(status=206, body=b"56789", headers=headers)

    async with serve(handler) as base:
        assert await fetch(base, offset=5, version='"0"') == b"0123456789"

    assert asked == 2
