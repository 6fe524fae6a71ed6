"""Which spools there are, who uses them, how much disk they may take, and when they go."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import re
import shutil
import stat
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self
from uuid import uuid4

from core.errors import SourceError
from core.media.spool import DiskFullError, Spool
from utils.ffmpeg import end_orphan

_LOG = logging.getLogger(__name__)
_GONE = ".gone"
_NAME = re.compile(r"post-(\d+)(?:\.fit-(\d+))?\.video")
_WORK = "fitting"
"""Folder of what is being made; nothing in it outlives its maker."""


class FitKey(NamedTuple):
    """Names the spool of a fitted file; that of the video itself is named by its post alone."""

    post_id: int
    fit_id: int


Key = int | FitKey


class Spools:
    """The folder of spools of one process; an async context manager that closes all files.

    A spool that nobody uses keeps its file and its facts, but no open file. The file goes when it
    is retired and its last user has left, however that user ended.
    """

    def __init__(self, folder: Path, *, min_free_bytes: int = 0) -> None:
        self._folder = folder
        self._min_free_bytes = min_free_bytes
        self._spools: dict[Key, Spool] = {}
        self._users: dict[Key, int] = {}
        self._retired: dict[Key, bool] = {}
        self._deleting: set[asyncio.Future[None]] = set()
        self._wanted: dict[Key, int] = {}
        self._working: dict[Path, int] = {}
        self._replaced: dict[Key, list[Spool]] = {}
        self._scratches = itertools.count(1)
        self._opened = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for spool in self._spools.values():
            spool.close()
        if self._deleting:
            await asyncio.wait(self._deleting)

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def min_free_bytes(self) -> int:
        """Return what stays free on the disk."""
        return self._min_free_bytes

    def path(self, key: Key) -> Path:
        return self._folder / _name(key)

    def open(
        self, key: Key, *, size: int | None = None, sha256: str = "", in_place: str = ""
    ) -> Spool:
        """Return the spool of a post, made from what is on disk if it is not known yet.

        Args:
            key: whose video it is.
            size: total bytes, if they are known.
            sha256: the digest, if all was fetched before: then a file of that size is complete.
            in_place: path of somebody else's whole file to be used instead of one of ours.
        """
        spool = self._spools.get(key)
        if spool is None:
            spool = self._make(key, in_place)
            self._spools[key] = spool
        self._retired.pop(key, None)
        if size is not None and not spool.complete:
            if sha256 and spool.disk_bytes() == size:
                spool.adopt(size=size, sha256=sha256)
            elif spool.size is None:
                spool.announce(size)
        self._opened.set()
        self._opened = asyncio.Event()
        return spool

    def open_fitted(self, key: FitKey, *, size: int, sha256: str) -> Spool | None:
        """Return the spool of a fitted file; None when that is not (wholly) on the disk."""
        known = self._spools.get(key)
        if known is not None and known.sha256 != sha256:
            # It was made anew since; who still reads the old one may end.
            self._replaced.setdefault(key, []).append(self._spools.pop(key))
            if not self._users.get(key):
                self._close(key)
        if key not in self._spools:
            self._come_back(key)
        if _size(self.path(key)) != size:
            return None
        return self.open(key, size=size, sha256=sha256)

    def _come_back(self, key: Key) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.kept_path(key).rename(self.path(key))

    def _make(self, key: Key, in_place: str) -> Spool:
        if not in_place:
            self._come_back(key)
            return Spool(self.path(key), room=self._room)
        spool = Spool(Path(in_place), in_place=True)
        if not spool.path.is_file():
            raise SourceError(key="source_gone", retry=False)
        spool.adopt(size=spool.disk_bytes())
        return spool

    def get(self, key: Key) -> Spool | None:
        return self._spools.get(key)

    async def wait_open(self, post_id: int, timeout_seconds: float) -> Spool:
        """Return the spool as soon as somebody opens it.

        Raises:
            TimeoutError: nobody did in time.
        """
        async with asyncio.timeout(timeout_seconds):
            while (spool := self._spools.get(post_id)) is None:
                await self._opened.wait()
        return spool

    @contextmanager
    def use(self, key: Key) -> Iterator[Spool]:
        """Keep the spool's file open and in place as long as the block runs."""
        spool = self._spools[key]
        spool.open()
        self._users[key] = self._users.get(key, 0) + 1
        try:
            yield spool
        finally:
            self._leave(key)

    @asynccontextmanager
    async def reader(self, post_id: int, timeout_seconds: float) -> AsyncIterator[Spool]:
        """Wait for the spool and use it."""
        await self.wait_open(post_id, timeout_seconds)
        with self.use(post_id) as spool:
            yield spool

    def users(self, key: Key) -> int:
        return self._users.get(key, 0)

    def _leave(self, key: Key) -> None:
        self._users[key] -= 1
        if self._users[key] > 0:
            return
        del self._users[key]
        self._close(key)
        if key in self._retired:
            self._forget(key, keep_file=self._retired[key])

    def _close(self, key: Key) -> None:
        for spool in [*self._replaced.pop(key, []), *filter(None, [self._spools.get(key)])]:
            spool.close()

    def retire(self, key: Key, *, keep_file: bool = False) -> None:
        """Nobody will need the video again: forget it, and delete the file after its last user.

        With ``keep_file`` a whole file moves to `kept_path` instead, and comes back if the post is
        opened again.
        """
        self._wanted.pop(key, None)
        if self._users.get(key):
            self._retired[key] = keep_file
        else:
            self._forget(key, keep_file=keep_file)

    def _forget(self, key: Key, *, keep_file: bool) -> None:
        self._retired.pop(key, None)
        spool = self._spools.pop(key, None)
        if spool is not None and spool.in_place:
            return
        if keep_file and (spool is None or spool.complete):
            self._keep(key)
        else:
            self._delete(self.path(key))

    def kept_path(self, key: Key) -> Path:
        """Return where a video stays that is kept for good; no sweep looks there."""
        return self._folder / "kept" / _name(key)

    def _keep(self, key: Key) -> None:
        kept = self.kept_path(key)
        kept.parent.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            self.path(key).rename(kept)

    def _delete(self, path: Path) -> None:
        """Take the name away now and the bytes in a thread: for gigabytes that takes a while."""
        doomed = path.with_name(f"{path.name}.{uuid4().hex}{_GONE}")
        try:
            path.rename(doomed)
        except FileNotFoundError:
            return
        future = asyncio.get_running_loop().run_in_executor(None, doomed.unlink)
        self._deleting.add(future)
        future.add_done_callback(self._deleted)

    def _deleted(self, future: asyncio.Future[None]) -> None:
        self._deleting.discard(future)
        if not future.cancelled() and (error := future.exception()) is not None:
            _LOG.warning("a retired video could not be deleted: %s", error)

    def sweep(self, wanted: Collection[int], fits: Collection[int] = ()) -> list[int]:
        """Delete the files of posts and fits that are neither wanted nor open; return their posts.

        For the start, when a crash may have left files of posts that ended.
        """
        for path in self._folder.glob(f"*{_GONE}"):
            path.unlink(missing_ok=True)
        for path in self._folder.glob(f"{_WORK}/*"):
            if path not in self._working:
                _clear(path)
        gone = []
        for path, key in self._files():
            is_wanted = key.fit_id in fits if isinstance(key, FitKey) else key in wanted
            if not is_wanted and key not in self._spools:
                path.unlink(missing_ok=True)
                gone.append(key.post_id if isinstance(key, FitKey) else key)
        return gone

    def _files(self) -> Iterator[tuple[Path, Key]]:
        for path in self._folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match:
                post_id = int(match[1])
                yield path, FitKey(post_id, int(match[2])) if match[2] else post_id

    def used_bytes(self) -> int:
        """Return what all spools take on disk."""
        files = [path for path, _ in self._files()]
        return sum(map(_size, files)) + sum(map(_size, self._folder.glob(f"{_WORK}/**/*")))

    def missing_bytes(self, key: Key, size: int) -> int:
        """Return how many bytes must become free before this video may be fetched; 0: none."""
        open_wants = sum(self._left(other, want) for other, want in self._wanted.items())
        if key not in self._wanted:
            open_wants += self._left(key, size)
        return max(0, open_wants - self._room())

    def _room(self) -> int:
        return shutil.disk_usage(self._folder).free - self._min_free_bytes

    def _left(self, key: Key, size: int) -> int:
        """Return how much of a video is not on disk yet."""
        for folder, number in self._working.items():
            if number == key:
                return max(0, size - sum(map(_size, folder.rglob("*"))))
        return max(0, size - _size(self.path(key)))

    def admit(self, key: Key, size: int) -> None:
        """Set room aside for a video until it is retired.

        Raises:
            DiskFullError: there is not enough; nothing was set aside.
        """
        missing = self.missing_bytes(key, size)
        if missing:
            raise DiskFullError(needed_bytes=missing, free_bytes=max(0, self._room()))
        self._wanted[key] = size

    @contextmanager
    def scratch(self, size: int) -> Iterator[Path]:
        """Set room aside for a file that is needed only for the block, and return its path.

        What a crash leaves of it goes with the next `sweep`.

        Raises:
            DiskFullError: there is not enough room.
        """
        number = -next(self._scratches)
        self.admit(number, size)
        path = self._folder / f"scratch-{uuid4().hex}{_GONE}"
        try:
            yield path
        finally:
            self.withdraw(number)
            self._delete(path)

    @contextmanager
    def workshop(self, post_id: int, size: int) -> Iterator[Path]:
        """Set room aside for the making of files, and return an empty folder for it.

        What is left in it goes at the end of the block, or after a crash when the next one of
        this post, or a sweep, begins.

        Raises:
            DiskFullError: there is not enough room.
        """
        folder = self._folder / _WORK / str(post_id)
        _clear(folder)
        number = -next(self._scratches)
        self._working[folder] = number
        try:
            self.admit(number, size)
            folder.mkdir(parents=True, mode=0o700)
            yield folder
        finally:
            del self._working[folder]
            self.withdraw(number)
            _clear(folder)

    def withdraw(self, key: Key) -> None:
        """Give back the room set aside for a video that is not fetched now."""
        self._wanted.pop(key, None)


def _name(key: Key) -> str:
    if isinstance(key, FitKey):
        return f"post-{key.post_id}.fit-{key.fit_id}.video"
    return f"post-{key}.video"


def _clear(folder: Path) -> None:
    """Delete a folder of makers, and end those that outlived their process."""
    for own in folder.glob("*/"):
        end_orphan(own)
    shutil.rmtree(folder, ignore_errors=True)


def _size(path: Path) -> int:
    """Return how long a file is; what is none, or not there (any more), has no bytes."""
    try:
        found = path.stat()
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0
