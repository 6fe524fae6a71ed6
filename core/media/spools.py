"""Which spools there are, who uses them, how much disk they may take, and when they go."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import re
import shutil
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from core.errors import SourceError
from core.media.spool import DiskFullError, Spool

_LOG = logging.getLogger(__name__)
_GONE = ".gone"
_NAME = re.compile(r"post-(\d+)\.video")


class Spools:
    """The folder of spools of one process; an async context manager that closes all files.

    A spool that nobody uses keeps its file and its facts, but no open file. The file goes when it
    is retired and its last user has left, however that user ended.
    """

    def __init__(self, folder: Path, *, min_free_bytes: int = 0) -> None:
        self._folder = folder
        self._min_free_bytes = min_free_bytes
        self._spools: dict[int, Spool] = {}
        self._users: dict[int, int] = {}
        self._retired: dict[int, bool] = {}
        self._deleting: set[asyncio.Future[None]] = set()
        self._wanted: dict[int, int] = {}
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

    def path(self, post_id: int) -> Path:
        return self._folder / f"post-{post_id}.video"

    def open(
        self, post_id: int, *, size: int | None = None, sha256: str = "", in_place: str = ""
    ) -> Spool:
        """Return the spool of a post, made from what is on disk if it is not known yet.

        Args:
            post_id: whose video it is.
            size: total bytes, if they are known.
            sha256: the digest, if all was fetched before: then a file of that size is complete.
            in_place: path of somebody else's whole file to be used instead of one of ours.
        """
        spool = self._spools.get(post_id)
        if spool is None:
            spool = self._make(post_id, in_place)
            self._spools[post_id] = spool
        self._retired.pop(post_id, None)
        if size is not None and not spool.complete:
            if sha256 and spool.disk_bytes() == size:
                spool.adopt(size=size, sha256=sha256)
            elif spool.size is None:
                spool.announce(size)
        self._opened.set()
        self._opened = asyncio.Event()
        return spool

    def _make(self, post_id: int, in_place: str) -> Spool:
        if not in_place:
            with contextlib.suppress(FileNotFoundError):
                self.kept_path(post_id).rename(self.path(post_id))
            return Spool(self.path(post_id), room=self._room)
        spool = Spool(Path(in_place), in_place=True)
        if not spool.path.is_file():
            raise SourceError(key="source_gone", retry=False)
        spool.adopt(size=spool.disk_bytes())
        return spool

    def get(self, post_id: int) -> Spool | None:
        return self._spools.get(post_id)

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
    def use(self, post_id: int) -> Iterator[Spool]:
        """Keep the spool's file open and in place as long as the block runs."""
        spool = self._spools[post_id]
        spool.open()
        self._users[post_id] = self._users.get(post_id, 0) + 1
        try:
            yield spool
        finally:
            self._leave(post_id)

    @asynccontextmanager
    async def reader(self, post_id: int, timeout_seconds: float) -> AsyncIterator[Spool]:
        """Wait for the spool and use it."""
        await self.wait_open(post_id, timeout_seconds)
        with self.use(post_id) as spool:
            yield spool

    def users(self, post_id: int) -> int:
        return self._users.get(post_id, 0)

    def _leave(self, post_id: int) -> None:
        self._users[post_id] -= 1
        if self._users[post_id] > 0:
            return
        del self._users[post_id]
        self._spools[post_id].close()
        if post_id in self._retired:
            self._forget(post_id, keep_file=self._retired[post_id])

    def retire(self, post_id: int, *, keep_file: bool = False) -> None:
        """Nobody will need the video again: forget it, and delete the file after its last user.

        With ``keep_file`` a whole file moves to `kept_path` instead, and comes back if the post is
        opened again.
        """
        self._wanted.pop(post_id, None)
        if self._users.get(post_id):
            self._retired[post_id] = keep_file
        else:
            self._forget(post_id, keep_file=keep_file)

    def _forget(self, post_id: int, *, keep_file: bool) -> None:
        self._retired.pop(post_id, None)
        spool = self._spools.pop(post_id, None)
        if spool is not None and spool.in_place:
            return
        if keep_file and (spool is None or spool.complete):
            self._keep(post_id)
        else:
            self._delete(self.path(post_id))

    def kept_path(self, post_id: int) -> Path:
        """Return where a video stays that is kept for good; no sweep looks there."""
        return self._folder / "kept" / f"post-{post_id}.video"

    def _keep(self, post_id: int) -> None:
        kept = self.kept_path(post_id)
        kept.parent.mkdir(exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            self.path(post_id).rename(kept)

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

    def sweep(self, wanted: Collection[int]) -> list[int]:
        """Delete the files of posts that are not wanted and not open; return their posts.

        For the start, when a crash may have left files of posts that ended.
        """
        for path in self._folder.glob(f"*{_GONE}"):
            path.unlink(missing_ok=True)
        gone = []
        for path, post_id in self._files():
            if post_id not in wanted and post_id not in self._spools:
                path.unlink(missing_ok=True)
                gone.append(post_id)
        return gone

    def _files(self) -> Iterator[tuple[Path, int]]:
        for path in self._folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match:
                yield path, int(match[1])

    def used_bytes(self) -> int:
        """Return what all spools take on disk."""
        total = 0
        for path, _ in self._files():
            with contextlib.suppress(FileNotFoundError):
                total += path.stat().st_size
        return total

    def missing_bytes(self, post_id: int, size: int) -> int:
        """Return how many bytes must become free before this video may be fetched; 0: none."""
        open_wants = sum(self._left(other, want) for other, want in self._wanted.items())
        if post_id not in self._wanted:
            open_wants += self._left(post_id, size)
        return max(0, open_wants - self._room())

    def _room(self) -> int:
        return shutil.disk_usage(self._folder).free - self._min_free_bytes

    def _left(self, post_id: int, size: int) -> int:
        """Return how much of a video is not on disk yet."""
        try:
            return max(0, size - self.path(post_id).stat().st_size)
        except FileNotFoundError:
            return size

    def admit(self, post_id: int, size: int) -> None:
        """Set room aside for a video until it is retired.

        Raises:
            DiskFullError: there is not enough; nothing was set aside.
        """
        missing = self.missing_bytes(post_id, size)
        if missing:
            raise DiskFullError(needed_bytes=missing, free_bytes=max(0, self._room()))
        self._wanted[post_id] = size

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

    def withdraw(self, post_id: int) -> None:
        """Give back the room set aside for a video that is not fetched now."""
        self._wanted.pop(post_id, None)
