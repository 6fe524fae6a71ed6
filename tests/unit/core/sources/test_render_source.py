from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest

from core.errors import SourceError
from core.sources.asset import AssetFile, AssetSource
from core.sources.heads import promised_digest
from core.sources.render import Growths, RenderAccess, RenderNow, RenderSource
from tests.clocks import ManualClock

DATA = b"0123456789" * 100
DIGEST = hashlib.sha256(DATA).hexdigest()


class Files:
    """A library of one file, on this disk or elsewhere."""

    def __init__(self, path: Path, *, here: bool) -> None:
        self.path = path
        self.here = here
        self.readers = 0
        self.reading = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.error: SourceError | None = None
        """After half of it."""

    async def find(self, asset_id: int) -> AssetFile | None:
        if asset_id != 1:
            return None
        path = self.path if self.here else None
        return AssetFile(sha256=DIGEST, size_bytes=len(DATA), path=path)

    async def read(self, file: AssetFile, start: int) -> AsyncGenerator[bytes, None]:
        assert file.sha256 == DIGEST
        self.readers += 1
        self.reading.set()
        try:
            half = max(start, len(DATA) // 2)
            yield DATA[start:half]
            await self.gate.wait()
            if self.error is not None:
                raise self.error
            yield DATA[half:]
        finally:
            self.readers -= 1


class World:
    """A render that is made into a file, and becomes asset 1."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "result.mp4"
        self.clock = ManualClock()
        self.growths = Growths()
        self.files = Files(self.path, here=True)
        self.now = RenderNow(is_open=True, version="render:7#1", asset_id=None)

    def source(self) -> RenderSource:
        async def state(render_id: int) -> RenderNow:
            assert render_id == 7
            return self.now

        access = RenderAccess(
            growths=self.growths,
            state=state,
            files=self.files,
            clock=self.clock,
            begin_seconds=0.01,
        )
        return RenderSource(7, access)

    def write(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def read_all(chunks: AsyncIterator[bytes], heard: list[bytes]) -> None:
    async for chunk in chunks:
        heard.append(chunk)  # noqa: PERF401 - looked at while more comes


async def test_what_is_written_is_read_at_once_until_it_is_whole(world: World) -> None:
    growth = world.growths.begin(7, world.path, "render:7#1")
    stream = await world.source().open(0)
    assert (stream.size, stream.start, stream.version) == (None, 0, "render:7#1")
    heard: list[bytes] = []
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(read_all(stream.chunks(), heard))
        await world.clock.sleepers()
        world.write(DATA[:400])
        await world.clock.advance(2)
        await world.clock.sleepers()
        assert b"".join(heard) == DATA[:400]
        assert b"" in heard
        world.write(DATA[400:])
        growth.finish(len(DATA))
        # The library takes it away: who reads it has it open.
        world.path.rename(world.path.with_name("elsewhere"))
        while not reading.done():
            await world.clock.advance(0.1)
    await stream.close()
    assert b"".join(heard) == DATA


async def test_the_file_of_another_attempt_is_read_from_its_start(world: World) -> None:
    world.write(DATA)
    world.growths.begin(7, world.path, "render:7#2").finish(len(DATA))
    other = await world.source().open(500, version="render:7#1")
    assert (other.start, other.version) == (0, "render:7#2")
    same = await world.source().open(500, version="render:7#2")
    heard: list[bytes] = []
    await read_all(same.chunks(), heard)
    assert b"".join(heard) == DATA[500:]
    for stream in (other, same):
        await stream.close()


async def test_a_making_that_fails_tells_its_readers(world: World) -> None:
    growth = world.growths.begin(7, world.path, "render:7#1")
    world.write(DATA)
    stream = await world.source().open(0)
    growth.fail(SourceError(key="render_failed", retry=False))
    with pytest.raises(SourceError, match="render_failed"):
        await read_all(stream.chunks(), [])
    await stream.close()
    with pytest.raises(SourceError, match="render_failed"):
        await world.source().open(0)


async def test_a_file_that_is_not_what_was_made_is_no_end(world: World) -> None:
    world.write(DATA[:-1])
    world.growths.begin(7, world.path, "render:7#1").finish(len(DATA))
    stream = await world.source().open(0)
    with pytest.raises(SourceError, match="source_changed"):
        await read_all(stream.chunks(), [])
    await stream.close()


async def test_what_has_not_begun_is_waited_for_and_comes_later(world: World) -> None:
    with pytest.raises(SourceError, match="render_waits") as caught:
        await world.source().open(0)
    assert caught.value.retry
    world.now = RenderNow(is_open=False, version="", asset_id=None, error="render_cancelled")
    with pytest.raises(SourceError, match="render_cancelled") as caught:
        await world.source().open(0)
    assert not caught.value.retry


async def test_a_result_is_used_in_place_or_read_on_where_it_was_left(world: World) -> None:
    world.write(DATA)
    world.now = RenderNow(is_open=False, version="render:7#3", asset_id=1)
    stream = await world.source().open(0)
    assert (stream.local_path, stream.size) == (str(world.path), len(DATA))
    rest = await world.source().open(500, version="render:7#3")
    heard: list[bytes] = []
    await read_all(rest.chunks(), heard)
    assert (b"".join(heard), rest.start, rest.local_path) == (DATA[500:], 500, "")
    await rest.close()
    assert world.files.readers == 0


async def read_away(world: World, start: int = 0, version: str = "") -> tuple[bytes, int]:
    stream = await AssetSource(1, world.files).open(start, version=version)
    heard: list[bytes] = []
    try:
        await read_all(stream.chunks(), heard)
    finally:
        await stream.close()
        assert world.files.readers == 0
    return b"".join(heard), stream.start


async def test_an_asset_that_lies_elsewhere_is_read_from_there(world: World) -> None:
    world.files.here = False
    stream = await AssetSource(1, world.files).open(0)
    await stream.close()
    assert (stream.local_path, stream.size) == ("", len(DATA))
    assert promised_digest(stream.version) == DIGEST
    assert await read_away(world) == (DATA, 0)
    assert await read_away(world, 10, stream.version) == (DATA[10:], 10)
    assert await read_away(world, 10, "another") == (DATA, 0)
    world.files.error = SourceError(key="source_unavailable", retry=True)
    with pytest.raises(SourceError, match="source_unavailable"):
        await read_away(world)


async def test_who_waits_for_a_storage_hears_so_and_can_leave(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.sources.asset.BEAT_SECONDS", 0.01)
    world.files.here = False
    world.files.gate.clear()
    stream = await AssetSource(1, world.files).open(0)
    chunks = stream.chunks()
    assert await anext(chunks) == DATA[: len(DATA) // 2]
    assert await anext(chunks) == b""
    assert world.files.readers == 1
    await stream.close()
    assert world.files.readers == 0


async def test_cancelling_a_reader_ends_the_reading(world: World) -> None:
    world.files.here = False
    world.files.gate.clear()
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(read_away(world))
        await world.files.reading.wait()
        reading.cancel()
    assert reading.cancelled()
    assert world.files.readers == 0


async def test_an_asset_that_is_gone_is_told(world: World) -> None:
    with pytest.raises(SourceError, match="source_gone"):
        await AssetSource(2, world.files).open(0)
    with pytest.raises(SourceError, match="source_gone"):
        await AssetSource(1, world.files).open(0)
