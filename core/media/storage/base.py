"""What every storage promises, and how its failures are told."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from core.studio.errors import StudioError
from utils.threads import in_thread

T = TypeVar("T")

BLOCK = 1024 * 1024
"""Bytes that are held at once where a file is copied or read."""

OnBytes = Callable[[int], None]
"""Takes how many bytes of the file are done; after a failure the number may go back."""

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*", re.ASCII)
_LONGEST_KEY = 400
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file that lies whole in a storage."""

    key: str
    """By this it is found again; it need not be the one that was asked for."""
    size_bytes: int


class Storage(Protocol):
    """Keeps files under keys; whoever opened it closes it.

    Keys are ASCII: letters, digits, ``.``, ``_``, ``-``, folders divided by ``/``; what is no such
    key is refused with ``storage_bad_key``. Every method raises nothing but `StudioError`.
    """

    @property
    def name(self) -> str:
        """Return what tells it from every other storage; without secrets."""
        ...

    async def put(
        self,
        key: str,
        path: Path,
        *,
        on_bytes: OnBytes | None = None,
        sha256: str = "",
        given: bool = False,
    ) -> Stored:
        """Store a file, wholly or not at all; what lay under the key is replaced.

        Args:
            key: where it is to lie.
            path: a file on this disk.
            on_bytes: told how much went over.
            sha256: the digest that the file must have.
            given: nobody changes this file any more, so it may be linked instead of copied.

        Raises:
            StudioError: ``storage_changed`` when the file has another digest.
        """
        ...

    def open(
        self, key: str, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from ``start`` on, at most ``length``; beyond the end there are none.

        Raises:
            StudioError: ``storage_gone`` when there is no such file.
        """
        ...

    async def size(self, key: str) -> int | None:
        """Return how long the file is, None when there is none."""
        ...

    async def delete(self, key: str) -> None:
        """Take the file away; one that is not there is no error."""
        ...

    def local(self, key: str) -> Path | None:
        """Return the path of the file itself, where it lies on this disk."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def require_key(key: str) -> str:
    """Return the key.

    Raises:
        StudioError: ``storage_bad_key``.
    """
    if not _KEY.fullmatch(key) or len(key) > _LONGEST_KEY:
        raise StudioError("storage_bad_key", {"key": key[:100]})
    return key


def gone(storage: str, key: str) -> StudioError:
    """Return the error of a file that is not there."""
    return StudioError("storage_gone", {"storage": storage, "key": key})


def refused(storage: str, reason: str) -> StudioError:
    """Return the error of something that does not work later either."""
    return StudioError("storage_refused", {"storage": storage, "reason": reason})


def unreachable(storage: str, reason: str) -> StudioError:
    """Return the error of something that may work later."""
    return StudioError("storage_unreachable", {"storage": storage, "reason": reason}, retry=True)


def of_disk(error: OSError, storage: str) -> StudioError:
    """Return what an error of the disk means."""
    reason = error.strerror or type(error).__name__
    if error.errno in _FULL:
        return StudioError("storage_full", {"storage": storage}, retry=True)
    if error.errno in {errno.EIO, errno.ESTALE, errno.ETIMEDOUT, errno.EBUSY, errno.EMFILE}:
        return unreachable(storage, reason)
    return refused(storage, reason)


@contextmanager
def disk_errors(storage: str) -> Iterator[None]:
    """Turn what the disk says into a `StudioError`."""
    try:
        yield
    except OSError as error:
        raise of_disk(error, storage) from error


class Digested:
    """Reads a file piece by piece, in threads, and knows the digest of what was read so far.

    A context manager that closes the file. What is read a second time is not digested again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hash = hashlib.sha256()
        self._digested = 0
        self._position = 0
        self._file: BinaryIO

    def __enter__(self) -> Digested:
        # Neither a pipe nor a device may hold us up.
        handle = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        self._file = os.fdopen(handle, "rb", buffering=0)
        self.size = os.fstat(handle).st_size
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    async def read(self, size: int = BLOCK) -> bytes:
        """Return the next bytes, fewer only at the end of the file."""
        found = await self.read_at(self._position, size)
        self._position += len(found)
        return found

    async def read_at(self, start: int, size: int) -> bytes:
        """Return the bytes from ``start`` on."""
        return await in_thread(self._read, start, size)

    def _read(self, start: int, size: int) -> bytes:
        found = bytearray()
        handle = self._file.fileno()
        while len(found) < size and (
            piece := os.pread(handle, size - len(found), start + len(found))
        ):
            found += piece
        if start <= self._digested < start + len(found):
            self._hash.update(memoryview(found)[self._digested - start :])
            self._digested = start + len(found)
        return bytes(found)

    def require(self, sha256: str) -> None:
        """Check what was read so far.

        Raises:
            StudioError: ``storage_changed``.
        """
        if sha256 and self._hash.hexdigest() != sha256:
            raise StudioError("storage_changed", {"file": self._path.name})

    async def require_whole(self, sha256: str) -> None:
        """Read what was not read yet, and check the file.

        Raises:
            StudioError: ``storage_changed``.
        """
        while sha256 and await self.read_at(self._digested, 4 * BLOCK):
            pass
        self.require(sha256)


async def require_digest(path: Path, sha256: str) -> None:
    """Read a file and compare its digest.

    Raises:
        StudioError: ``storage_changed``.
    """
    with Digested(path) as file:
        await file.require_whole(sha256)
