from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from core.media.storage import folder as module
from core.media.storage.folder import FICLONE, FolderStorage
from core.studio.errors import StudioError
from tests.storage_kit import digest, make_file

KEY = "ab/abc.mp4"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def storage(shelf: Path) -> FolderStorage:
    return FolderStorage(shelf, "file:///media")


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def folders(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@contextmanager
def cloning(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Let the disk clone files, as far as anybody can tell from outside."""
    calls: list[int] = []
    real = fcntl.ioctl

    def clone(target: BinaryIO, request: int, source: int) -> Any:  # noqa: ANN401
        if request != FICLONE:
            return real(target, request, source)
        calls.append(source)
        target.write(os.pread(source, 10_000_000, 0))
        return 0

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "ioctl", clone)
        yield calls


async def test_a_file_is_a_copy_of_its_own(
    storage: FolderStorage, shelf: Path, tmp_path: Path
) -> None:
    path = make_file(tmp_path)

    stored = await storage.put(KEY, path, sha256=digest(path))
    path.write_bytes(b"something else")

    assert (shelf / KEY).stat().st_size == stored.size_bytes
    assert (shelf / KEY).stat().st_nlink == 1
    assert files(shelf) == [KEY]


async def test_what_was_given_is_linked(
    storage: FolderStorage, shelf: Path, tmp_path: Path
) -> None:
    path = make_file(tmp_path)

    await storage.put(KEY, path, sha256=digest(path), given=True)

    assert (shelf / KEY).samefile(path)
    assert files(shelf) == [KEY]


async def test_a_link_to_a_file_is_not_linked(
    storage: FolderStorage, shelf: Path, tmp_path: Path
) -> None:
    path = make_file(tmp_path)
    (tmp_path / "link.mp4").symlink_to(path)

    await storage.put(KEY, tmp_path / "link.mp4", given=True)

    assert not (shelf / KEY).is_symlink()
    assert not (shelf / KEY).samefile(path)
    assert digest(shelf / KEY) == digest(path)


async def test_the_disk_may_clone(
    storage: FolderStorage, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_file(tmp_path)

    with cloning(monkeypatch) as calls:
        await storage.put(KEY, path, sha256=digest(path))

    assert len(calls) == 1
    assert digest(shelf / KEY) == digest(path)


@pytest.mark.parametrize("given", [True, False])
async def test_a_clone_or_link_of_other_bytes_is_refused(
    storage: FolderStorage,
    shelf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: bool,
) -> None:
    with cloning(monkeypatch), pytest.raises(StudioError, match="storage_changed"):
        await storage.put(KEY, make_file(tmp_path), sha256="0" * 64, given=given)
    assert files(shelf) == []


async def test_a_full_disk_is_told_before_anything_is_written(shelf: Path, tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    storage = FolderStorage(shelf, "file:///media", min_free_bytes=free * 2)

    with pytest.raises(StudioError, match="storage_full") as caught:
        await storage.put(KEY, make_file(tmp_path))

    assert caught.value.retry
    assert files(shelf) == []


async def test_what_is_linked_needs_no_room(shelf: Path, tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free
    storage = FolderStorage(shelf, "file:///media", min_free_bytes=free * 2)
    path = make_file(tmp_path)
    await storage.put(KEY, path, sha256=digest(path), given=True)
    assert await storage.size(KEY) == path.stat().st_size


@pytest.mark.parametrize(
    ("code", "key", "retry"),
    [
        (errno.ENOSPC, "storage_full", True),
        (errno.EDQUOT, "storage_full", True),
        (errno.EIO, "storage_unreachable", True),
        (errno.EROFS, "storage_refused", False),
    ],
)
async def test_a_failure_in_the_middle_leaves_nothing(
    storage: FolderStorage,
    shelf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    key: str,
    retry: bool,
) -> None:
    written: list[int] = []

    def write(draft: BinaryIO, block: bytes) -> None:
        if written:
            raise OSError(code, os.strerror(code))
        written.append(draft.write(block))

    monkeypatch.setattr(module, "_write", write)
    with pytest.raises(StudioError, match=key) as caught:
        await storage.put(KEY, make_file(tmp_path, 3_000_000))

    assert (caught.value.retry, files(shelf)) == (retry, [])


async def test_empty_folders_go_with_their_last_file(
    storage: FolderStorage, shelf: Path, tmp_path: Path
) -> None:
    for name in ("ab/one.mp4", "ab/two.mp4"):
        await storage.put(name, make_file(tmp_path))

    await storage.delete("ab/one.mp4")
    assert (shelf / "ab").is_dir()
    await storage.delete("ab/two.mp4")
    assert folders(shelf) == [".unfinished"]


async def test_what_dead_writers_left_is_swept(
    storage: FolderStorage, shelf: Path, tmp_path: Path
) -> None:
    await storage.put(KEY, make_file(tmp_path))
    left = shelf / ".unfinished" / "left"
    left.write_bytes(b"half")

    assert await storage.sweep() == 1
    assert files(shelf) == [KEY]


async def test_what_is_being_written_is_not_swept(
    storage: FolderStorage, shelf: Path, tmp_path: Path
) -> None:
    path = make_file(tmp_path, 3_000_000)
    swept: list[int] = []

    def told(done: int) -> None:
        if not swept:
            swept.append(storage._sweep())
            assert done < 3_000_000

    await storage.put(KEY, path, on_bytes=told)

    assert swept == [0]
    assert digest(shelf / KEY) == digest(path)


async def test_readers_of_a_replaced_file_read_what_they_began(
    storage: FolderStorage, tmp_path: Path
) -> None:
    first = make_file(tmp_path, 3_000_000)
    content = first.read_bytes()
    await storage.put(KEY, first)
    pieces = storage.open(KEY)
    got = await anext(pieces)

    await storage.put(KEY, make_file(tmp_path, 3_000_000, seed=9))

    async for piece in pieces:
        got += piece
    assert got == content


async def test_the_file_itself_is_named_where_it_is(
    storage: FolderStorage, shelf: Path, tmp_path: Path
) -> None:
    assert storage.local(KEY) is None
    await storage.put(KEY, make_file(tmp_path))
    assert storage.local(KEY) == shelf / KEY


async def test_a_cancelled_copy_ends_before_its_file_is_closed(
    storage: FolderStorage, shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    inside, release = asyncio.Event(), asyncio.Event()
    closed: list[bool] = []

    def write(draft: BinaryIO, block: bytes) -> None:
        loop.call_soon_threadsafe(inside.set)
        asyncio.run_coroutine_threadsafe(release.wait(), loop).result(5)
        closed.append(draft.closed)
        draft.write(block)

    monkeypatch.setattr(module, "_write", write)
    async with asyncio.TaskGroup() as group:
        putting = group.create_task(storage.put(KEY, make_file(tmp_path)))
        await inside.wait()
        putting.cancel()
        loop.call_later(0, release.set)

    assert putting.cancelled()
    assert closed == [False]
    assert files(shelf) == []
