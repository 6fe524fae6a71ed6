"""Adding what a link leads to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from core.errors import SourceError
from core.sources.fetch import FetchRules
from core.sources.guard import Guard, link_session
from core.sources.registry import LinkAccess
from core.store.sqlite import SqliteStore
from core.studio.assets import NewAsset
from core.studio.errors import StudioError
from core.studio.fetching import TRIES, add_link
from core.studio.library import Library
from core.studio.mashup import AssetKind
from tests.clocks import ManualClock
from tests.http_kit import Handler, serve
from tests.library_kit import FolderShelf, clip

WANTED = NewAsset(kind=AssetKind.SOURCE, licence="CC0")


class ImpatientClock(ManualClock):
    """Sleeps take no time."""

    async def sleep(self, seconds: float) -> None:
        del seconds
        await asyncio.sleep(0)


@asynccontextmanager
async def links(handler: Handler, *hosts: str) -> AsyncIterator[tuple[str, LinkAccess]]:
    guard = Guard(hosts)
    async with serve(handler) as base, link_session(guard, stall_seconds=5) as session:
        yield base, LinkAccess(session=session, guard=guard, rules=FetchRules(stall_seconds=5))


@pytest.fixture
def shelf(tmp_path: Path) -> FolderShelf:
    return FolderShelf(tmp_path / "shelf")


@pytest.fixture
def library(store: SqliteStore, clock: ManualClock, tmp_path: Path, shelf: FolderShelf) -> Library:
    return Library(store, clock, shelf, folder=tmp_path / "library", max_bytes=100_000)


async def test_a_link_is_added_with_its_name_and_origin(library: Library) -> None:
    async def answer(request: web.Request) -> web.Response:
        del request
        return web.Response(body=clip().read_bytes(), content_type="video/mp4")

    told: list[int] = []
    async with links(answer, "127.0.0.1") as (base, access):
        url = f"{base}/videos/Night%20drive.mp4?token=secret-words#t=3"
        added = await add_link(
            library,
            url,
            WANTED,
            access,
            ImpatientClock(),
            on_bytes=lambda done, _: told.append(done),
        )
    asset = added.asset
    assert (asset.name, asset.licence) == ("Night drive", "CC0")
    assert asset.origin == f"{base}/videos/Night%20drive.mp4?token=***"
    assert told[-1] == asset.size_bytes == clip().stat().st_size


async def test_an_interrupted_download_goes_on_by_range(library: Library) -> None:
    content, asked = clip().read_bytes(), list[str]()

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers.get("range", ""))
        start = int(asked[-1].removeprefix("bytes=").rstrip("-") or 0)
        end = len(content)
        headers = {"etag": '"v1"', "content-length": str(end - start)}
        if start:
            headers["content-range"] = f"bytes {start}-{end - 1}/{end}"
        response = web.StreamResponse(status=206 if start else 200, headers=headers)
        await response.prepare(request)
        await response.write(content[start : start + 1000])
        if start < 1000:
            assert request.transport is not None
            request.transport.close()
            return response
        await response.write(content[start + 1000 :])
        return response

    async with links(answer, "127.0.0.1") as (base, access):
        added = await add_link(library, f"{base}/a.mp4", WANTED, access, ImpatientClock())
    assert added.asset.size_bytes == len(content)
    assert asked == ["", "bytes=1000-"]


async def test_what_cannot_be_fetched_leaves_nothing(library: Library, shelf: FolderShelf) -> None:
    hits = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal hits
        hits += 1
        if request.path == "/page":
            return web.Response(text="<html></html>", content_type="text/html")
        if request.path == "/large.mp4":
            return web.Response(body=b"x" * 200_000, content_type="video/mp4")
        if request.path == "/endless.mp4":
            response = web.StreamResponse(headers={"content-type": "video/mp4"})
            response.enable_chunked_encoding()
            await response.prepare(request)
            for _ in range(20):
                await response.write(b"x" * 20_000)
            return web.Response()
        return web.Response(status=503)

    clock = ImpatientClock()
    async with links(answer, "127.0.0.1") as (base, access):
        for path, key in (("page", "not_a_file"), ("large.mp4", "link_too_big")):
            with pytest.raises(SourceError, match=key):
                await add_link(library, f"{base}/{path}", WANTED, access, clock)
        with pytest.raises((SourceError, StudioError), match="too_big"):
            await add_link(library, f"{base}/endless.mp4", WANTED, access, clock)
        hits = 0
        with pytest.raises(SourceError, match="source_unavailable"):
            await add_link(library, f"{base}/busy.mp4", WANTED, access, clock)
        assert hits == TRIES
    assert shelf.files == set()
    assert list(library.incoming.folder.iterdir()) == []


async def test_a_server_that_always_begins_again_is_left(library: Library) -> None:
    hits = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal hits
        hits += 1
        response = web.StreamResponse(
            headers={"content-type": "video/mp4", "content-length": "9000"}
        )
        await response.prepare(request)
        await response.write(b"x" * 1000)
        assert request.transport is not None
        request.transport.close()
        return response

    async with links(answer, "127.0.0.1") as (base, access), asyncio.timeout(20):
        with pytest.raises(SourceError):
            await add_link(library, f"{base}/a.mp4", WANTED, access, ImpatientClock())
    assert TRIES <= hits <= 2 * TRIES
    assert list(library.incoming.folder.iterdir()) == []


async def test_private_places_are_not_asked(library: Library) -> None:
    async def answer(request: web.Request) -> web.Response:
        raise AssertionError(request.path)

    async with links(answer) as (base, access):
        with pytest.raises(SourceError, match="link_private"):
            await add_link(library, f"{base}/a.mp4", WANTED, access, ImpatientClock())
