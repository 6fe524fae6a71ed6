"""Local copies of files that lie elsewhere: fetched once, checked, kept while there is room."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import shutil
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.media.storage.base import BLOCK, disk_errors
from core.media.storage.waits import Waits
from core.studio.errors import StudioError
from utils.clock import Clock
from utils.threads import in_thread

_LOG = logging.getLogger(__name__)
_PART = ".part"
_GONE = ".gone"

Fetch = Callable[[int], AsyncGenerator[bytes, None]]
"""Yields the bytes of the file from a position on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A file that is to be here."""

    sha256: str
    size_bytes: int
    suffix: str


class Locks:
    """One lock for each name, there as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._users: Counter[str] = Counter()

    @asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        lock = self._locks.setdefault(name, asyncio.Lock())
        self._users[name] += 1
        try:
            async with lock:
                yield
        finally:
            self._users[name] -= 1
            if not self._users[name]:
                del self._users[name], self._locks[name]


class Copies:
    """The folder of copies, at most ``cache_bytes`` of them unless more are in use.

    The least recently used go first; what is in use never goes. What was fetched of a file stays
    after an interruption and is gone on with.
    """

    def __init__(
        self, folder: Path, clock: Clock, *, cache_bytes: int, min_free_bytes: int = 0
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._cache_bytes = cache_bytes
        self._min_free_bytes = min_free_bytes
        self._locks = Locks()
        self._used: Counter[str] = Counter()
        self._coming: dict[str, int] = {}

    @asynccontextmanager
    async def use(self, wanted: Wanted, fetch: Fetch) -> AsyncIterator[Path]:
        """Yield the path of a whole copy, which stays for as long as the block runs.

        Raises:
            StudioError: it could not be fetched, or has another digest: ``storage_damaged``.
        """
        path = self._path(wanted)
        try:
            with self._using(path.name):
                async with self._locks.hold(wanted.sha256):
                    if not _is_whole(path, wanted.size_bytes):
                        await self._fetch(wanted, fetch, path)
                path.touch()
                yield path
        finally:
            await self._shrink()

    @asynccontextmanager
    async def borrow(self, wanted: Wanted) -> AsyncIterator[Path | None]:
        """Yield a whole copy that is here already, which stays for as long as the block runs."""
        path = self._path(wanted)
        try:
            with self._using(path.name):
                is_here = _is_whole(path, wanted.size_bytes)
                if is_here:
                    path.touch()
                yield path if is_here else None
        finally:
            await self._shrink()

    async def adopt(self, wanted: Wanted, path: Path) -> None:
        """Keep a file that nobody changes any more as a copy, if that takes no room.

        It is linked, so that its bytes lie once, and gives way to others like every copy. What is
        larger than all copies may be, lies on another disk, or finds the disk full is left out.
        """
        if wanted.size_bytes > self._cache_bytes:
            return
        async with self._locks.hold(wanted.sha256):
            try:
                await in_thread(self._link, wanted, path)
            except OSError as error:
                _LOG.info("no copy is kept", extra={"why": error.strerror})
                return
        await self._shrink()

    def _link(self, wanted: Wanted, path: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        copy = self._path(wanted)
        is_narrow = shutil.disk_usage(self._folder).free < self._min_free_bytes
        if is_narrow or _is_whole(copy, wanted.size_bytes):
            return
        _unlink([copy, copy.with_name(copy.name + _PART)])
        copy.hardlink_to(path)
        copy.touch()

    def forget(self, sha256: str) -> None:
        """Delete the copy of a file unless it is in use."""
        for path in self._folder.glob(f"{sha256}*"):
            if not self._used[path.name.removesuffix(_PART)]:
                path.unlink(missing_ok=True)

    async def sweep(self) -> None:
        """Finish what a crash left half deleted, and keep to the limit."""
        await in_thread(_unlink, list(self._folder.glob(f"*{_GONE}")))
        await self._shrink()

    def used_bytes(self) -> int:
        """Return what the copies take on this disk."""
        return sum(size for _, _, size in self._files())

    @contextmanager
    def _using(self, name: str) -> Iterator[None]:
        self._used[name] += 1
        try:
            yield
        finally:
            self._used[name] -= 1
            if not self._used[name]:
                del self._used[name]

    async def _fetch(self, wanted: Wanted, fetch: Fetch, path: Path) -> None:
        with disk_errors("cache"):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            part = path.with_name(path.name + _PART)
            self._coming[path.name] = wanted.size_bytes
            try:
                await self._make_room(wanted, part)
                await self._download(wanted, fetch, part)
                part.replace(path)
            finally:
                del self._coming[path.name]

    async def _download(self, wanted: Wanted, fetch: Fetch, part: Path) -> None:
        """Fetch what is missing; a copy that turns out bad is fetched anew, once."""
        for is_last in (False, True):
            with part.open("ab+", buffering=0) as file:
                digest = await in_thread(_read_digest, file)
                await self._append(wanted, fetch, file, digest)
            if digest.hexdigest() == wanted.sha256 and _is_whole(part, wanted.size_bytes):
                return
            _unlink([part])
            if is_last:
                raise StudioError("storage_damaged", {"sha256": wanted.sha256[:12]})
            _LOG.warning("a copy was bad and is fetched anew", extra={"sha256": wanted.sha256})

    async def _append(
        self, wanted: Wanted, fetch: Fetch, file: BinaryIO, digest: hashlib._Hash
    ) -> None:
        waits = Waits(self._clock)
        while (done := file.tell()) < wanted.size_bytes:
            try:
                async with contextlib.aclosing(fetch(done)) as pieces:
                    async for piece in pieces:
                        digest.update(piece)
                        await in_thread(_write, file, piece)
                        waits.start_over()
            except StudioError as error:
                if not error.retry:
                    raise
                await waits.wait(error)
            else:
                return

    async def _make_room(self, wanted: Wanted, part: Path) -> None:
        await self._shrink()
        left = wanted.size_bytes - _size(part)
        missing = left + self._min_free_bytes - shutil.disk_usage(self._folder).free
        missing -= await self._free(missing)
        if missing > 0:
            facts = {"storage": "cache", "needed": left, "free": max(0, left - missing)}
            raise StudioError("storage_full", facts, retry=True)

    async def _shrink(self) -> None:
        """Delete copies until those that stay and those that are coming fit.

        Where the disk has less left than has to stay free, they give way to everything else.
        """
        coming = sum(
            max(0, size - _size(self._folder / f"{name}{_PART}"))
            for name, size in self._coming.items()
        )
        too_many = self.used_bytes() + coming - self._cache_bytes
        if self._folder.exists():
            missing = self._min_free_bytes - shutil.disk_usage(self._folder).free
            await self._free(max(too_many, missing))

    async def _free(self, wanted_bytes: int) -> int:
        """Delete the least recently used; return how many bytes that were."""
        doomed, freed = [], 0
        for path, _, size in self._unused():
            if freed >= wanted_bytes:
                break
            # The name goes now, so that nobody begins to use it; the bytes take a while.
            doomed.append(path.rename(path.with_name(f"{path.name}{_GONE}")))
            freed += size
        if doomed:
            await in_thread(_unlink, doomed)
        return freed

    def _unused(self) -> list[tuple[Path, float, int]]:
        """Return what nobody uses, the least recently used first."""
        free = [one for one in self._files() if not self._used[one[0].name.removesuffix(_PART)]]
        return sorted(free, key=lambda one: one[1])

    def _files(self) -> list[tuple[Path, float, int]]:
        found = []
        for path in self._folder.glob("*"):
            if path.name.endswith(_GONE):
                continue
            with contextlib.suppress(FileNotFoundError):
                facts = path.stat()
                found.append((path, facts.st_mtime, facts.st_size))
        return found

    def _path(self, wanted: Wanted) -> Path:
        return self._folder / f"{wanted.sha256}{wanted.suffix}"


async def read_file(path: Path, start: int) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of a copy from a position on.

    Raises:
        StudioError: it cannot be read.
    """
    with disk_errors("cache"), await in_thread(_open, path) as file:
        file.seek(start)
        while piece := await in_thread(file.read, BLOCK):
            yield piece


def _open(path: Path) -> BinaryIO:
    return path.open("rb", buffering=0)


def _read_digest(file: BinaryIO) -> hashlib._Hash:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(BLOCK):
        digest.update(block)
    return digest


def _write(file: BinaryIO, piece: bytes) -> None:
    view = memoryview(piece)
    while view:
        view = view[file.write(view) :]


def _is_whole(path: Path, size: int) -> bool:
    return path.is_file() and path.stat().st_size == size


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _unlink(paths: Sequence[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
