"""Takes a file in: a copy of our own, whose digest is of the bytes that were copied."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from core.studio.errors import StudioError
from utils.threads import in_thread

CHUNK_BYTES = 4 * 1024 * 1024
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

OnBytes = Callable[[int, int | None], None]
"""Told how many bytes are there, and of how many where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A whole copy that nobody else changes."""

    path: Path
    sha256: str
    size_bytes: int


class Incoming:
    """The folder of copies that are not assets yet; what a killed process left in it is swept."""

    def __init__(self, folder: Path, *, max_bytes: int, min_free_bytes: int) -> None:
        self.folder = folder
        self.max_bytes = max_bytes
        self._min_free_bytes = min_free_bytes
        self._open: dict[Path, int] = {}
        """Copies that are being made, and how many of their bytes are still to come."""

    def sweep(self) -> None:
        """Remove what nobody is making any more."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in self.folder.iterdir():
            if path not in self._open:
                path.unlink()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[Path]:
        """Lend the name of a file that is not there yet; what is there at the end is removed."""
        path = self.folder / uuid4().hex
        with writing():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._open[path] = 0
        try:
            yield path
        finally:
            self._open.pop(path, None)
            path.unlink(missing_ok=True)

    @asynccontextmanager
    async def copy(
        self, opened: Callable[[], BinaryIO], on_bytes: OnBytes | None = None
    ) -> AsyncIterator[Copied]:
        """Lend a copy of what ``opened`` gives; it is removed unless it was moved away.

        Raises:
            StudioError: it cannot be read, is empty or too large, or the disk is full.
        """
        async with self.place() as path:
            source = await _opened(opened)
            try:
                size = await in_thread(_require_bytes, source)
                self.admit(path, size)
                yield await self._copy(source, path, size, on_bytes)
            finally:
                source.close()

    def admit(self, path: Path, size: int) -> None:
        """Set room aside for a copy as long as it is being made.

        Raises:
            StudioError: it is larger than what is taken, or the disk has no room for it.
        """
        self.require_size(size)
        wanted = size + sum(left for other, left in self._open.items() if other != path)
        free = shutil.disk_usage(self.folder).free - self._min_free_bytes
        if wanted > free:
            raise disk_full(wanted - free)
        if path in self._open:
            self._open[path] = size

    def require_size(self, size: int) -> None:
        """Check a size against the largest that is taken.

        Raises:
            StudioError: ``too_big``.
        """
        if self.max_bytes and size > self.max_bytes:
            raise StudioError("too_big", {"size_bytes": size, "limit_bytes": self.max_bytes})

    async def _copy(
        self, source: BinaryIO, path: Path, size: int, on_bytes: OnBytes | None
    ) -> Copied:
        digest, done = hashlib.sha256(), 0
        with writing():
            target = await in_thread(create, path)
        try:
            while count := await in_thread(_move_chunk, source, target, digest.update):
                done += count
                self.require_size(done)
                self._open[path] = max(0, size - done)
                if on_bytes is not None:
                    on_bytes(done, size)
            with writing():
                await in_thread(to_disk, target)
        except OSError as error:
            raise unreadable(error) from error
        finally:
            with writing():
                target.close()
        if done != size:
            raise StudioError("changed_meanwhile", retry=True)
        return Copied(path=path, sha256=digest.hexdigest(), size_bytes=done)


def disk_full(missing_bytes: int | None = None) -> StudioError:
    """Return that there is no room."""
    return StudioError("disk_full", {"missing_bytes": missing_bytes}, retry=True)


@contextmanager
def writing() -> Iterator[None]:
    """Turn what keeps us from writing into our own folders into a `StudioError`; it may pass."""
    try:
        yield
    except (TimeoutError, ConnectionError):  # these are of a network
        raise
    except OSError as error:
        raise unwritable(error) from error


def unwritable(error: OSError) -> StudioError:
    """Return that a folder of ours cannot be written to."""
    if error.errno in NO_ROOM:
        return disk_full()
    return StudioError("cannot_write", {"reason": _reason(error)}, retry=True)


def unreadable(error: OSError) -> StudioError:
    """Return that a file cannot be read."""
    return StudioError("cannot_read", {"reason": _reason(error)})


def _reason(error: OSError) -> str:
    return error.strerror or type(error).__name__


def open_file(path: Path) -> BinaryIO:
    """Open a file without waiting for who would write into it, were it a pipe.

    Raises:
        OSError: it cannot be opened.
        StudioError: it is a folder, a pipe or a device.
    """
    return file_of(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))


def file_of(handle: int) -> BinaryIO:
    """Return the file of a handle, which is closed if it is none.

    Raises:
        StudioError: ``not_a_file``.
    """
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise StudioError("not_a_file")
    return os.fdopen(handle, "rb")


async def _opened(opened: Callable[[], BinaryIO]) -> BinaryIO:
    try:
        return await in_thread(opened)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError):
            raise unreadable(error) from error
        raise StudioError("cannot_read", {"reason": "bad name"}) from error


def _require_bytes(file: BinaryIO) -> int:
    size = os.fstat(file.fileno()).st_size
    if not size:
        raise StudioError("empty_file")
    return size


def _move_chunk(source: BinaryIO, target: BinaryIO, seen: Callable[[bytes], None]) -> int:
    chunk = source.read(CHUNK_BYTES)
    with writing():
        target.write(chunk)
    seen(chunk)
    return len(chunk)


def create(path: Path) -> BinaryIO:
    """Open a file to write that is not there yet."""
    return path.open("xb")


def to_disk(file: BinaryIO) -> None:
    """Have what was written survive a loss of power."""
    file.flush()
    os.fsync(file.fileno())
