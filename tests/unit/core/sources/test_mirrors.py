from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from core.errors import SourceError
from core.sources.guard import Guard, link_session
from core.sources.http import MOST_ADDRESSES, STRIKES, HttpSource, PlaceStream
from tests.http_kit import serve
from tests.media_kit import noise

DATA = noise(300_000)
HALF = len(DATA) // 2
GUARD = Guard(["127.0.0.1"])
PROMISE = {"Repr-Digest": f"sha-256=:{base64.b64encode(hashlib.sha256(DATA).digest()).decode()}:"}


class Mirror:
    """A server with one file, that can go down or break off in the middle."""

    def __init__(self, **headers: str) -> None:
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.data = DATA
        self.status = 0
        self.cut = 0
        self.starts: list[int] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        if self.status:
            return web.Response(status=self.status)
        wanted = request.headers.get("Range")
        tag = self.headers.get("ETag", "")
        if request.headers.get("If-Range", tag) != tag:
            wanted = None
        start = int(wanted[6:-1]) if wanted else 0
        self.starts.append(start)
        headers = {**self.headers, "Content-Length": str(len(self.data) - start)}
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
        response = web.StreamResponse(status=206 if wanted else 200, headers=headers)
        response.content_type = "video/mp4"
        await response.prepare(request)
        end = start + self.cut if self.cut else len(self.data)
        await response.write(self.data[start:end])
        if self.cut:
            assert request.transport is not None
            request.transport.close()
        return response


@asynccontextmanager
async def source_of(*mirrors: Mirror, session: aiohttp.ClientSession) -> AsyncIterator[HttpSource]:
    async with serve(mirrors[0]) as first, serve(mirrors[1]) as second:
        yield HttpSource(first, session=session, guard=GUARD, mirrors=[second])


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with link_session(GUARD, stall_seconds=5.0) as session:
        yield session


async def read(stream: PlaceStream) -> bytes:
    found = b""
    try:
        async for chunk in stream.chunks():
            found += chunk
    except SourceError:
        return found
    finally:
        await stream.close()
    return found


async def test_the_link_itself_is_asked_first(session: aiohttp.ClientSession) -> None:
    first, second = Mirror(), Mirror()
    async with source_of(first, second, session=session) as source:
        assert await read(await source.open(0)) == DATA

    assert (first.starts, second.starts) == ([0], [])


@pytest.mark.parametrize("status", [403, 404, 500])
async def test_a_mirror_answers_for_a_link_that_does_not(
    session: aiohttp.ClientSession, status: int
) -> None:
    first, second = Mirror(), Mirror()
    first.status = status
    async with source_of(first, second, session=session) as source:
        assert await read(await source.open(0)) == DATA


@pytest.mark.parametrize("headers", [{"ETag": '"same"'}, PROMISE])
async def test_a_mirror_goes_on_when_it_has_surely_the_same(
    session: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    first, second = Mirror(**headers), Mirror(**headers)
    first.cut = HALF
    async with source_of(first, second, session=session) as source:
        stream = await source.open(0)
        begun = await read(stream)
        first.status = 503
        rest = await source.open(len(begun), version=stream.version)

        assert (rest.start, rest.version) == (len(begun), stream.version)
        assert begun + await read(rest) == DATA


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"ETag": '"one"'}, {"ETag": '"other"'}),
        ({"ETag": 'W/"same"'}, {"ETag": 'W/"same"'}),
        ({"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"},) * 2,
        ({}, {}),
    ],
)
async def test_a_mirror_without_a_proof_starts_over(
    session: aiohttp.ClientSession, one: dict[str, str], other: dict[str, str]
) -> None:
    first, second = Mirror(**one), Mirror(**other)
    async with source_of(first, second, session=session) as source:
        stream = await source.open(0)
        await stream.close()
        first.status = 503
        again = await source.open(1000, version=stream.version)

        assert again.start == 0
        assert await read(again) == DATA


async def test_who_can_go_on_is_preferred_to_who_starts_over(
    session: aiohttp.ClientSession,
) -> None:
    first, second = Mirror(ETag='"one"'), Mirror(ETag='"other"')
    first.cut = HALF
    async with source_of(first, second, session=session) as source:
        stream = await source.open(0)
        begun = await read(stream)
        rest = await source.open(len(begun), version=stream.version)

        assert rest.start == len(begun)
        await rest.close()
    assert first.starts == [0, len(begun)]


async def test_who_fails_again_and_again_is_left(session: aiohttp.ClientSession) -> None:
    first, second = Mirror(ETag='"one"'), Mirror(ETag='"other"')
    async with source_of(first, second, session=session) as source:
        stream = await source.open(0)
        await stream.close()
        for _ in range(STRIKES):
            stream.place.strikes += 1
        again = await source.open(1000, version=stream.version)
        await again.close()

    assert again.start == 0
    assert second.starts == [0]


async def test_all_failures_are_told(session: aiohttp.ClientSession) -> None:
    first, second = Mirror(), Mirror()
    first.status, second.status = 404, 503
    async with source_of(first, second, session=session) as source:
        with pytest.raises(SourceError) as caught:
            await source.open(0)

    assert (caught.value.key, caught.value.retry) == ("source_unavailable", True)
    assert [one.partition(":")[0] for one in caught.value.facts["tried"]] == [
        "source_gone",
        "source_unavailable",
    ]


async def test_mirrors_that_the_server_names_are_used(session: aiohttp.ClientSession) -> None:
    second = Mirror(ETag='"same"')
    async with serve(second) as base:
        named = [f"<{base}/{number}>; rel=duplicate" for number in range(2 * MOST_ADDRESSES)]
        first = Mirror(ETag='"same"', Link=", ".join(["<http://[bad>; rel=duplicate", *named]))
        first.cut = HALF
        async with serve(first) as link:
            source = HttpSource(link, session=session, guard=GUARD)
            stream = await source.open(0)
            begun = await read(stream)
            first.status = 503
            rest = await source.open(len(begun), version=stream.version)

            assert begun + await read(rest) == DATA
            assert len(source._places) == MOST_ADDRESSES


async def test_mirrors_in_private_networks_are_not_asked() -> None:
    first, second = Mirror(), Mirror()
    first.status = 503
    async with serve(first) as link, serve(second) as private:
        guard = Guard([link.removeprefix("http://")])
        async with link_session(guard) as session:
            source = HttpSource(link, session=session, guard=guard, mirrors=[private])
            with pytest.raises(SourceError) as caught:
                await source.open(0)

    assert second.starts == []
    assert "link_private" in caught.value.facts["tried"][1]
