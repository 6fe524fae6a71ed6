"""The spool: a file that one producer makes longer while many readers already send it on."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import ParamSpec

from core.errors import KarvonError, SourceError
from utils.threads import in_thread

PIECE_BYTES = 256 * 1024
"""How much is read and handed to a socket at once; also how much of a file is held back."""
HASH_BYTES = 4 * 1024 * 1024
"""How much is digested in one go of a thread."""
ROOM_BYTES = 64 * 1024 * 1024
"""How much is written between two looks at the free space."""

SLOW_SECONDS = 0.02
"""A write that takes longer was no copy into the page cache: the disk lags behind."""
THREADED_WRITES = 256
"""So many writes go through a thread after a slow one."""

_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOWAIT: int = getattr(os, "RWF_NOWAIT", 0)

P = ParamSpec("P")
Gate = Callable[[], Awaitable[None]]


class DiskFullError(KarvonError):
    """There is no room for the bytes of a video; it goes on when there is."""

    def __init__(self, *, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(f"{needed_bytes} bytes are needed and {free_bytes} may be used")
        self.needed_bytes = needed_bytes
        self.free_bytes = free_bytes


class SpoolResetError(KarvonError):
    """The source changed and started over: what a reader has sent so far is void."""


class SpoolFailedError(KarvonError):
    """The producer gave up; ``cause`` says why."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(f"the source failed: {cause}")
        self.cause = cause


class Spool:
    """One video on disk, growing from 0 to its size.

    One producer writes, any number of readers of the same event loop follow the `watermark`. It
    belongs to `core.media.spools.Spools`, which opens and closes it.
    """

    def __init__(
        self, path: Path, *, in_place: bool = False, room: Callable[[], int] | None = None
    ) -> None:
        self.path = path
        self._room = room
        self._room_checked_at = 0
        self.in_place = in_place
        """Somebody else's whole file: only read, never deleted."""
        self.size: int | None = None
        """Total bytes as the source tells, None while it does not."""
        self.watermark = 0
        """Everything below is on disk and may be read."""
        self.complete = False
        self.sha256 = ""
        """Hex digest of the content, once it is complete and known."""
        self.epoch = 0
        """Rises with each `reset`."""
        self.error: BaseException | None = None
        self._fd = -1
        self._written = 0
        self._threaded_writes = 0
        self._hash = hashlib.sha256()
        self._event = asyncio.Event()
        self._digesting = asyncio.Lock()
        self._can_ask_cache = _NOWAIT != 0
        self._one_byte = bytearray(1)

    def open(self) -> None:
        """Open the file; does nothing when it is open."""
        if self._fd >= 0:
            return
        flags = os.O_RDONLY if self.in_place else os.O_RDWR | os.O_CREAT
        self._fd = os.open(self.path, flags | os.O_CLOEXEC, 0o600)

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    @property
    def is_open(self) -> bool:
        return self._fd >= 0

    def disk_bytes(self) -> int:
        """Return how long the file is on disk, whoever wrote it."""
        return self.path.stat().st_size if self.path.exists() else 0

    def adopt(self, *, size: int, sha256: str = "") -> None:
        """Take the file as whole and unchanged, without reading it."""
        self.size = self._written = size
        self.sha256 = sha256
        self.complete = True
        self._publish()

    def adopt_path(self, path: Path) -> None:
        """Use somebody else's whole file from now on, and drop what was fetched before."""
        if self._written:
            self.reset()
        was_open = self.is_open
        self.close()
        if not self.in_place:
            self.path.unlink(missing_ok=True)
        self.path, self.in_place = path, True
        if was_open:
            self.open()
        self.adopt(size=self.disk_bytes())

    async def resume(self) -> int:
        """Make what is on disk readable, clear an earlier error, and return how much it is.

        The bytes are hashed in a thread on the way, so that the end knows the digest of all.
        """
        self.error = None
        kept = self.disk_bytes()
        if self.size is not None and kept > self.size:
            self.reset()
            return 0
        while self._written < kept and not self.complete:
            await self._work(self._hash_kept, min(HASH_BYTES, kept - self._written))
        return self.watermark

    async def write(self, chunk: bytes) -> None:
        """Append a chunk; readers see it when this returns.

        As long as the page cache takes the bytes at once, they are digested and written where
        they are: handing each chunk to a thread costs twice the CPU time.

        Raises:
            DiskFullError: the chunk is not readable and must be written again.
        """
        if self._threaded_writes > 0:
            self._threaded_writes -= 1
            await self._work(self._append, chunk)
            return
        now = asyncio.get_running_loop().time
        began = now()
        try:
            self._append(chunk)
        finally:
            self._publish()
        if now() - began > SLOW_SECONDS:
            self._threaded_writes = THREADED_WRITES
        await asyncio.sleep(0)

    def announce(self, size: int) -> None:
        """Tell readers the total size."""
        self.size = size
        self._publish()

    def finish(self, sha256: str = "") -> None:
        """Declare that all bytes are there.

        Args:
            sha256: hex digest that the source promised; empty when it did not.

        Raises:
            SourceError: they are fewer or more than announced, or not those that were promised.
        """
        if self.size is not None and self.watermark != self.size:
            raise SourceError(
                key="source_truncated",
                retry=True,
                facts={"size": self.size, "fetched": self.watermark},
            )
        digest = self._hash.hexdigest()
        if sha256 and sha256 != digest:
            raise SourceError(key="source_damaged", retry=True, facts={"promised": sha256})
        self.size = self.watermark
        self.sha256 = digest
        self.complete = True
        self._publish()

    def fail(self, error: BaseException) -> None:
        """Tell readers that no more bytes will come; what is on disk stays."""
        self.error = error
        self._publish()

    def reset(self) -> None:
        """Throw everything away because the source changed; readers get a `SpoolResetError`."""
        os.ftruncate(self._fd, 0)
        self.epoch += 1
        self.size = None
        self.complete = False
        self.sha256 = ""
        self._hash = hashlib.sha256()
        self._written = self._room_checked_at = 0
        self._publish()

    async def wait_for(self, offset: int, *, epoch: int | None = None) -> int:
        """Wait until a byte at ``offset`` can be read or the end is known; return the watermark.

        Raises:
            SpoolResetError: it is no longer the content of ``epoch``.
            SpoolFailedError: the producer gave up before that byte.
        """
        while True:
            if epoch is not None and epoch != self.epoch:
                raise SpoolResetError(self.path.name)
            if self.watermark > offset or self.complete:
                return self.watermark
            await self._change()

    async def wait_size(self) -> int:
        """Wait until the total size is known."""
        while self.size is None:
            await self._change()
        return self.size

    async def wait_complete(self) -> int:
        """Wait until all bytes are there; return the size."""
        while not self.complete:
            await self._change()
        return self.watermark

    async def digest(self) -> str:
        """Return the SHA-256 of the whole content; reads the file once if it is not known yet."""
        size = await self.wait_complete()
        async with self._digesting:
            if not self.sha256:
                self.sha256 = await self._digest_file(size)
        return self.sha256

    async def read(self, offset: int, length: int) -> bytes:
        """Return the bytes there; in a thread if the disk has to be asked."""
        if self._is_cached(offset + length - 1):
            return os.pread(self._fd, length, offset)
        return await in_thread(os.pread, self._fd, length, offset)

    def _is_cached(self, offset: int) -> bool:
        """Tell whether a read can not block, by asking the page cache for a single byte."""
        if not self._can_ask_cache:
            return True
        try:
            return os.preadv(self._fd, [self._one_byte], offset, _NOWAIT) >= 0
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in {errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS}:
                raise
            self._can_ask_cache = False
            return True

    async def _change(self) -> None:
        if self.error is not None:
            raise SpoolFailedError(self.error) from self.error
        await self._event.wait()

    def _publish(self) -> None:
        self.watermark = self._written
        self._event.set()
        self._event = asyncio.Event()

    async def _work(self, work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await in_thread(work, *args, **kwargs)
        finally:
            self._publish()

    def _append(self, chunk: bytes) -> None:
        self._require_room()
        done = 0
        try:
            while done < len(chunk):
                done += os.pwrite(self._fd, memoryview(chunk)[done:], self._written + done)
        except OSError as error:
            if error.errno not in _DISK_FULL:
                raise
            raise DiskFullError(needed_bytes=len(chunk) - done, free_bytes=0) from error
        self._hash.update(chunk)
        self._written += len(chunk)

    def _require_room(self) -> None:
        """Look at the disk once in a while: others write to it too."""
        if self._room is None or self._written < self._room_checked_at:
            return
        free = self._room()
        if free <= 0:
            left = (self.size or self._written) - self._written
            raise DiskFullError(needed_bytes=left - free, free_bytes=0)
        self._room_checked_at = self._written + ROOM_BYTES

    def _hash_kept(self, length: int) -> None:
        done = _hash_span(self._fd, self._hash, self._written, self._written + length)
        if not done:
            raise SourceError(key="spool_lost", retry=True)
        self._written += done

    async def _digest_file(self, size: int) -> str:
        digest = hashlib.sha256()
        for offset in range(0, size, HASH_BYTES):
            end = min(size, offset + HASH_BYTES)
            await in_thread(_hash_span, self._fd, digest, offset, end)
        if self.disk_bytes() != size:
            raise SourceError(key="source_changed", retry=False)
        return digest.hexdigest()


async def read_span(
    spool: Spool,
    start: int,
    end: int,
    *,
    piece: int = PIECE_BYTES,
    gate: Gate | None = None,
    on_sent: Callable[[int], None] | None = None,
) -> AsyncGenerator[bytes, None]:
    """Yield the bytes ``[start, end)`` in pieces, following the spool while it grows.

    The last piece of the file (not of the span) is yielded only after ``gate`` has returned; what
    the gate raises ends the reading. ``on_sent`` hears of each piece when the next one is asked
    for, that is when the socket took it.

    Raises:
        SpoolResetError: the source changed meanwhile.
        SpoolFailedError: the producer gave up.
        SourceError: the file became shorter under us.
    """
    epoch = spool.epoch
    offset = start
    is_held = gate is not None
    while offset < end:
        stop = min(end, offset + piece, await spool.wait_for(offset, epoch=epoch))
        if gate is not None and is_held:
            held_from = await _held_from(spool, offset, end, piece)
            if offset >= held_from:
                await gate()
                is_held = False
                continue
            stop = min(stop, held_from)
        data = await spool.read(offset, stop - offset) if stop > offset else b""
        if spool.epoch != epoch:
            raise SpoolResetError(spool.path.name)
        if not data:
            raise SourceError(key="source_truncated", retry=False, facts={"size": offset})
        offset += len(data)
        yield data
        if on_sent is not None:
            on_sent(len(data))


async def _held_from(spool: Spool, offset: int, end: int, piece: int) -> int:
    """Return where the held piece begins; without a known size, nothing but the end tells."""
    if spool.size is None and offset + piece >= end:
        await spool.wait_size()
    if spool.size is None:
        return end - piece
    return max(0, spool.size - piece)


def _hash_span(file: int, digest: hashlib._Hash, start: int, end: int) -> int:
    """Feed the bytes ``[start, end)`` to a digest; return how many there were.

    Through one small buffer: each thread of the pool keeps the memory it ever asked for at once.
    """
    buffer = memoryview(bytearray(min(PIECE_BYTES, end - start)))
    offset = start
    while offset < end:
        taken = os.preadv(file, [buffer[: end - offset]], offset)
        if not taken:
            break
        digest.update(buffer[:taken])
        offset += taken
    return offset - start
