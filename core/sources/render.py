"""The result of a render, read while it is still being written."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import SourceError
from core.sources.asset import BEAT_SECONDS, AssetFiles, AssetSource, StoredStream
from core.sources.base import CHUNK_BYTES
from core.sources.file import FileStream
from utils.clock import Clock

LOOK_SECONDS = 0.1
"""How often it is seen whether the file has grown."""
BEGIN_SECONDS = 5.0
"""How long a reader waits for a making to begin."""
WAITS = "render_waits"
"""Key of the error that says: later, however long that takes."""


class Growth:
    """A file that is being written by this process."""

    def __init__(self, path: Path, version: str) -> None:
        self.path = path
        self.version = version
        """Names the attempt: what another one writes is other content."""
        self.size: int | None = None
        """Once the file is whole and good."""
        self.error: SourceError | None = None

    def finish(self, size: int) -> None:
        self.size = size

    def fail(self, error: SourceError) -> None:
        """Tell readers that this file will never be whole."""
        if self.size is None:
            self.error = error


class Growths:
    """What is being written now, by render."""

    def __init__(self) -> None:
        self._growths: dict[int, Growth] = {}
        self._news = asyncio.Event()

    def begin(self, render_id: int, path: Path, version: str) -> Growth:
        growth = Growth(path, version)
        self._growths[render_id] = growth
        self._news.set()
        self._news = asyncio.Event()
        return growth

    def end(self, render_id: int, growth: Growth) -> None:
        """Forget it, unless another attempt writes by now; who has it open reads on."""
        if self._growths.get(render_id) is growth:
            del self._growths[render_id]

    def get(self, render_id: int) -> Growth | None:
        return self._growths.get(render_id)

    async def wait(self, render_id: int, timeout_seconds: float) -> Growth | None:
        """Return what is written of a render, as soon as something is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                while render_id not in self._growths:
                    await self._news.wait()
        return self._growths.get(render_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderNow:
    """How a render stands, as far as its readers care."""

    is_open: bool
    version: str
    """Of its last attempt."""
    asset_id: int | None
    """Its result, when it is ready."""
    error: str = ""
    """Key of a `SourceError` when nothing will come of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderAccess:
    """What the results of renders are read with."""

    growths: Growths
    state: Callable[[int], Awaitable[RenderNow]]
    files: AssetFiles
    clock: Clock
    begin_seconds: float = BEGIN_SECONDS


class GrowingStream:
    """The file of one attempt, from an offset on, until it is whole."""

    size = None
    local_path = ""

    def __init__(self, growth: Growth, *, start: int, clock: Clock) -> None:
        self._growth = growth
        self._clock = clock
        self._file = -1
        self.start = start
        self.version = growth.version

    def open(self) -> bool:
        """Open the file if it is there yet; later it may have gone to the library."""
        if self._file < 0:
            with suppress(FileNotFoundError):
                self._file = os.open(self._growth.path, os.O_RDONLY | os.O_CLOEXEC)
        return self._file >= 0

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes as they come, and nothing now and then while none do."""
        offset, beat = self.start, self._clock.monotonic()
        while True:
            is_last = self._growth.size is not None
            data = b""
            if self.open():
                data = await asyncio.to_thread(os.pread, self._file, CHUNK_BYTES, offset)
            if data:
                offset += len(data)
                yield data
                continue
            if self._growth.error is not None:
                raise self._growth.error
            if is_last:
                self._require_whole(offset)
                return
            if self._clock.monotonic() - beat >= BEAT_SECONDS:
                beat = self._clock.monotonic()
                yield b""
            await self._clock.sleep(LOOK_SECONDS)

    def _require_whole(self, offset: int) -> None:
        if offset != self._growth.size:
            raise SourceError(key="source_changed", retry=True)

    async def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


class RenderSource:
    """What comes of a render: the file that grows, or the asset that it has become."""

    def __init__(self, render_id: int, access: RenderAccess) -> None:
        self._render_id = render_id
        self._access = access

    @property
    def fingerprint(self) -> str:
        return f"render:{self._render_id}"

    async def open(
        self, offset: int, *, version: str = ""
    ) -> GrowingStream | FileStream | StoredStream:
        """Open it, at 0 if it is not the file of ``version`` any more."""
        access = self._access
        growth = access.growths.get(self._render_id)
        if growth is None:
            now = await access.state(self._render_id)
            if not now.is_open:
                return await self._open_result(now, offset, version)
            growth = await access.growths.wait(self._render_id, access.begin_seconds)
        if growth is None:
            raise SourceError(key=WAITS, retry=True)
        if growth.error is not None:
            raise growth.error
        start = offset if not version or version == growth.version else 0
        stream = GrowingStream(growth, start=start, clock=access.clock)
        stream.open()
        return stream

    async def _open_result(
        self, now: RenderNow, offset: int, version: str
    ) -> FileStream | StoredStream:
        if now.asset_id is None:
            raise SourceError(key=now.error or "source_gone", retry=False)
        asset = AssetSource(now.asset_id, self._access.files)
        if not offset or version != now.version:
            return await asset.open(offset, version=version)
        file = await self._access.files.find(now.asset_id)
        if file is None:
            raise SourceError(key="source_gone", retry=False)
        # The beginning of these very bytes was read while they were written.
        return await asset.read(file, start=offset, version=version)
