"""Media in a folder of this machine: written beside, put in place in one step."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from core.media.storage.base import (
    BLOCK,
    Digested,
    OnBytes,
    Stored,
    disk_errors,
    gone,
    require_digest,
    require_key,
)
from core.studio.errors import StudioError
from utils.threads import in_thread

FICLONE = 0x40049409
"""Shares the bytes of another file until one of the two is changed. Source: ioctl_ficlone(2)."""
UNFINISHED = "unfinished"
"""Sub-folder of what is being written; no key lies in it, as its names begin with a dot."""


class FolderStorage:
    """Files below a folder, which is made when the first one comes."""

    def __init__(self, folder: Path, name: str, *, min_free_bytes: int = 0) -> None:
        self._folder = folder
        self._name = name
        self._min_free_bytes = min_free_bytes

    @property
    def name(self) -> str:
        return self._name

    async def put(
        self,
        key: str,
        path: Path,
        *,
        on_bytes: OnBytes | None = None,
        sha256: str = "",
        given: bool = False,
    ) -> Stored:
        target = self._path(key)
        with disk_errors(self._name):
            size = await in_thread(self._prepare, path, target)
            with self._unfinished() as (draft, name):
                if await in_thread(_share, path, draft, name, given):
                    # Of a link nobody can say whether it is what was looked at before.
                    await require_digest(name, sha256)
                else:
                    await in_thread(self._require_room, size)
                    await self._copy(path, draft, sha256, on_bytes)
                await in_thread(_settle, draft, name, target)
        if on_bytes is not None:
            on_bytes(size)
        return Stored(key=key, size_bytes=size)

    def _prepare(self, path: Path, target: Path) -> int:
        size = path.stat().st_size
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return size

    def _require_room(self, size: int) -> None:
        free = shutil.disk_usage(self._folder).free - self._min_free_bytes
        if size > free:
            facts = {"storage": self._name, "needed": size, "free": max(0, free)}
            raise StudioError("storage_full", facts, retry=True)

    @contextmanager
    def _unfinished(self) -> Iterator[tuple[BinaryIO, Path]]:
        """Yield a new file and its name; the lock on it tells that its writer lives."""
        folder = self._folder / f".{UNFINISHED}"
        folder.mkdir(exist_ok=True, mode=0o700)
        name = folder / uuid4().hex
        with name.open("xb", buffering=0) as draft:
            fcntl.flock(draft, fcntl.LOCK_EX)
            try:
                yield draft, name
            finally:
                name.unlink(missing_ok=True)

    async def _copy(
        self, path: Path, draft: BinaryIO, sha256: str, on_bytes: OnBytes | None
    ) -> None:
        done = 0
        with Digested(path) as source:
            while block := await source.read():
                await in_thread(_write, draft, block)
                done += len(block)
                if on_bytes is not None:
                    on_bytes(done)
            source.require(sha256)

    async def open(
        self, key: str, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        path = self._path(key)
        with disk_errors(self._name):
            try:
                file = await in_thread(_open, path)
            except (FileNotFoundError, NotADirectoryError) as error:
                raise gone(self._name, key) from error
            with file:
                file.seek(start)
                left = length
                while left is None or left > 0:
                    block = await in_thread(file.read, min(BLOCK, left or BLOCK))
                    if not block:
                        break
                    left = left - len(block) if left is not None else None
                    yield block

    async def size(self, key: str) -> int | None:
        path = self._path(key)
        with disk_errors(self._name):
            try:
                found = await in_thread(path.stat)
            except (FileNotFoundError, NotADirectoryError):
                return None
        return found.st_size

    async def delete(self, key: str) -> None:
        path = self._path(key)
        with disk_errors(self._name):
            try:
                await in_thread(path.unlink)
            except (FileNotFoundError, NotADirectoryError):
                return
            await in_thread(self._prune, path.parent)

    def _prune(self, folder: Path) -> None:
        """Take away folders that became empty; a new file may come at the same moment."""
        while folder != self._folder:
            try:
                folder.rmdir()
            except OSError:
                return
            folder = folder.parent

    def local(self, key: str) -> Path | None:
        path = self._path(key)
        return path if path.is_file() else None

    async def close(self) -> None:
        """Nothing is held open."""

    async def sweep(self) -> int:
        """Delete what dead processes left unfinished; return how many files that were."""
        return await in_thread(self._sweep)

    def _sweep(self) -> int:
        count = 0
        for name in self._folder.glob(f".{UNFINISHED}/*"):
            # Who writes holds a lock that ends with his process.
            with contextlib.suppress(OSError), name.open("rb") as left:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                name.unlink()
                count += 1
        return count

    def _path(self, key: str) -> Path:
        return self._folder / require_key(key)


def _open(path: Path) -> BinaryIO:
    return path.open("rb", buffering=0)


def _share(path: Path, draft: BinaryIO, name: Path, given: bool) -> bool:
    """Take the bytes over without copying, where the disk can and nobody can change them.

    A clone is a file of its own. A link is the same file, and so only for what was given up.
    """
    with path.open("rb") as source:
        try:
            fcntl.ioctl(draft, FICLONE, source.fileno())
        except OSError:
            if not given or not path.is_file() or path.is_symlink():
                return False
        else:
            return True
    spare = name.with_name(f"{name.name}-link")
    try:
        spare.hardlink_to(path)
    except OSError:
        return False
    spare.replace(name)
    return True


def _write(draft: BinaryIO, block: bytes) -> None:
    view = memoryview(block)
    while view:
        view = view[draft.write(view) :]


def _settle(draft: BinaryIO, name: Path, target: Path) -> None:
    """Bring the file to the disk, then to its place, then the place to the disk."""
    del draft
    _sync(name)
    try:
        name.replace(target)
    except FileNotFoundError:
        # The folder was empty and went at this moment.
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        name.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
