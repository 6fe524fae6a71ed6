from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from core.errors import SourceError
from core.sources.asset import AssetFile, AssetSource
from core.sources.render import Growths, RenderAccess, RenderNow, RenderSource
from tests.clocks import ManualClock

DATA = b"0123456789" * 100


class Files:
    """A library of one file, on this disk or elsewhere."""

    def __init__(self, path: Path, *, here: bool) -> None:
        self.path = path
        self.here = here
        self.lent = 0

    async def find(self, asset_id: int) -> AssetFile | None:
        if asset_id != 1:
            return None
        path = self.path if self.here else None
        return AssetFile(sha256="digest", size_bytes=len(DATA), path=path)

    @asynccontextmanager
    async def lend(self, asset_id: int) -> AsyncIterator[Path]:
        self.lent += 1
        try:
            yield self.path
        finally:
            self.lent -= 1


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
    assert world.files.lent == 1
    await rest.close()
    assert world.files.lent == 0


async def test_an_asset_that_lies_elsewhere_is_lent_and_one_that_is_gone_is_told(
    world: World,
) -> None:
    world.write(DATA)
    world.files.here = False
    stream = await AssetSource(1, world.files).open(10, version="digest")
    heard: list[bytes] = []
    await read_all(stream.chunks(), heard)
    assert b"".join(heard) == DATA[10:]
    await stream.close()
    assert world.files.lent == 0
    with pytest.raises(SourceError, match="source_gone"):
        await AssetSource(2, world.files).open(0)
    world.files.here = True
    world.path.unlink()
    with pytest.raises(SourceError, match="source_gone"):
        await AssetSource(1, world.files).open(0)
