"""A file of the library: used in place where it lies on this disk, else read from its storage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.errors import SourceError
from core.sources.file import FileStream
from core.sources.heads import promise

BEAT_SECONDS = 1.0
"""How often a reader hears that nothing has come, so that it can leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFile:
    """Where the bytes of an asset lie."""

    sha256: str
    size_bytes: int
    path: Path | None
    """The file itself on this disk, for as long as the asset is held; None: it lies elsewhere."""

    @property
    def version(self) -> str:
        """Return what names these bytes; who has read them all compares the digest in it."""
        return promise(f"asset:{self.sha256[:16]}", self.sha256)


class AssetFiles(Protocol):
    """What knows the files of assets; `core.studio.publishing.LibraryFiles`."""

    async def find(self, asset_id: int) -> AssetFile | None: ...

    def read(self, file: AssetFile, start: int) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from a position on, straight from where they lie.

        Raises:
            SourceError: they cannot be had.
        """
        ...


class StoredStream:
    """A file that is read from its storage, one piece ahead of who takes it.

    Opened and closed by the same task, as it holds a task group between the two.
    """

    local_path = ""

    def __init__(
        self, pieces: AsyncGenerator[bytes, None], *, size: int, start: int, version: str
    ) -> None:
        self.size = size
        self.start = start
        self.version = version
        self._pieces = pieces
        self._ahead: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1)
        self._error: Exception | None = None
        self._stack = AsyncExitStack()

    async def begin(self) -> None:
        group = await self._stack.enter_async_context(asyncio.TaskGroup())
        pulling = group.create_task(self._pull())
        self._stack.callback(pulling.cancel)

    async def _pull(self) -> None:
        try:
            async with aclosing(self._pieces) as pieces:
                async for piece in pieces:
                    await self._ahead.put(piece)
                    # Not further ahead than this: the pieces of some storages are large.
                    await self._ahead.join()
        except Exception as error:  # noqa: BLE001 - told to who reads
            self._error = error
        await self._ahead.put(None)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the bytes as they come, and nothing now and then while none do."""
        while True:
            try:
                async with asyncio.timeout(BEAT_SECONDS):
                    piece = await self._ahead.get()
            except TimeoutError:
                yield b""
                continue
            self._ahead.task_done()
            if piece is None:
                break
            yield piece
        if self._error is not None:
            raise self._error

    async def close(self) -> None:
        await self._stack.aclose()


class AssetSource:
    """An asset, by its number; its file is never changed or deleted."""

    def __init__(self, asset_id: int, files: AssetFiles) -> None:
        self._asset_id = asset_id
        self._files = files

    @property
    def fingerprint(self) -> str:
        return f"asset:{self._asset_id}"

    async def open(self, offset: int, *, version: str = "") -> FileStream | StoredStream:
        """Open it, at 0 if it has not the bytes of ``version``."""
        file = await self._files.find(self._asset_id)
        if file is None:
            raise SourceError(key="source_gone", retry=False)
        if file.path is not None:
            if not file.path.is_file():
                raise SourceError(key="source_gone", retry=False)
            size = file.size_bytes
            return FileStream(file.path, size=size, start=0, version=file.version)
        start = offset if not version or version == file.version else 0
        return await self.read(file, start=start, version=file.version)

    async def read(self, file: AssetFile, *, start: int, version: str) -> StoredStream:
        """Read the file from a position on, wherever it lies."""
        pieces = self._files.read(file, start)
        stream = StoredStream(pieces, size=file.size_bytes, start=start, version=version)
        await stream.begin()
        return stream
