from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.media.storage.base import Storage, Stored
from core.settings import MIB
from core.studio.errors import StudioError
from tests.storage_kit import World, digest, make_file, make_world, read

KINDS = ["folder", "s3", "cloudinary"]
KEY = "ab/abcdef-01.mp4"
LARGE = 11 * MIB + 17
"""Three parts at S3; one chunk at Cloudinary, which has a test of its own."""


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with make_world(tmp_path) as made:
        yield made


@pytest.fixture(params=KINDS)
async def storage(request: pytest.FixtureRequest, world: World) -> AsyncIterator[Storage]:
    opened = world.open(request.param)
    yield opened
    await opened.close()


async def put(storage: Storage, path: Path, key: str = KEY) -> Stored:
    return await storage.put(key, path, sha256=digest(path))


@pytest.mark.parametrize("size", [1, 300_000, LARGE])
async def test_what_is_put_is_read(storage: Storage, tmp_path: Path, size: int) -> None:
    path = make_file(tmp_path, size)

    stored = await put(storage, path)

    assert stored.size_bytes == await storage.size(stored.key) == size
    assert await read(storage, stored.key) == path.read_bytes()


async def test_every_range_is_read(storage: Storage, tmp_path: Path) -> None:
    path = make_file(tmp_path)
    content = path.read_bytes()
    key = (await put(storage, path)).key

    for start, length in ((0, 1), (1, 1000), (299_990, 100), (150_000, None), (7, 0)):
        end = None if length is None else start + length
        assert await read(storage, key, start, length) == content[start:end]
    assert await read(storage, key, len(content)) == b""
    assert await read(storage, key, len(content) + 5, 10) == b""


async def test_progress_ends_with_the_size(storage: Storage, tmp_path: Path) -> None:
    told: list[int] = []

    await storage.put(KEY, make_file(tmp_path, LARGE), on_bytes=told.append)

    assert told[-1] == LARGE
    assert told == sorted(told)
    assert len(told) > 5


async def test_what_is_not_there_is_missing(storage: Storage) -> None:
    assert await storage.size("no/such.mp4") is None
    with pytest.raises(StudioError) as caught:
        await read(storage, "no/such.mp4")
    assert caught.value.key == "storage_gone"
    assert not caught.value.retry


async def test_deleted_twice(storage: Storage, tmp_path: Path) -> None:
    key = (await put(storage, make_file(tmp_path))).key

    await storage.delete(key)
    await storage.delete(key)

    assert await storage.size(key) is None
    await storage.delete("never/was.mp4")


async def test_a_second_put_replaces_the_first(storage: Storage, tmp_path: Path) -> None:
    await put(storage, make_file(tmp_path, 5000))
    second = make_file(tmp_path, 7000, seed=2)

    stored = await put(storage, second)

    assert await read(storage, stored.key) == second.read_bytes()


@pytest.mark.parametrize(
    "key",
    ["", "ü.mp4", "a b.mp4", "../a.mp4", "a//b", "/a", "a/.b", "a\n", "a?b", "a%2fb", "a\\b"],
)
async def test_odd_keys_are_refused(storage: Storage, tmp_path: Path, key: str) -> None:
    with pytest.raises(StudioError, match="storage_bad_key"):
        await storage.put(key, make_file(tmp_path))
    for ask in (storage.size(key), storage.delete(key), read(storage, key)):
        with pytest.raises(StudioError, match="storage_bad_key"):
            await ask


async def test_a_file_that_changed_is_not_stored(storage: Storage, tmp_path: Path) -> None:
    for size in (1000, LARGE):
        with pytest.raises(StudioError, match="storage_changed"):
            await storage.put(KEY, make_file(tmp_path, size), sha256="0" * 64)
        assert await storage.size(KEY) is None


async def test_cancelled_in_the_middle_leaves_nothing(storage: Storage, tmp_path: Path) -> None:
    path, begun = make_file(tmp_path, LARGE), asyncio.Event()

    def told(done: int) -> None:
        if 0 < done < LARGE:
            begun.set()

    async with asyncio.TaskGroup() as group:
        putting = group.create_task(storage.put(KEY, path, on_bytes=told))
        await begun.wait()
        putting.cancel()

    assert putting.cancelled()
    assert await storage.size(KEY) is None
    stored = await put(storage, path)
    assert await storage.size(stored.key) == LARGE


async def test_a_file_that_is_not_there_is_refused(storage: Storage, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="storage_refused") as caught:
        await storage.put(KEY, tmp_path / "nothing.mp4")
    assert not caught.value.retry


async def test_many_at_once(storage: Storage, tmp_path: Path) -> None:
    paths = [make_file(tmp_path, 4000 + n, f"{n}.mp4", seed=n) for n in range(8)]

    async with asyncio.TaskGroup() as group:
        puts = [group.create_task(put(storage, path, f"ab/{path.name}")) for path in paths]

    for path, one in zip(paths, puts, strict=True):
        assert await read(storage, one.result().key) == path.read_bytes()
