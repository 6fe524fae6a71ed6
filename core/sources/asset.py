"""A file of the library: used in place where it lies on this disk, else read from its storage."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.errors import SourceError
from core.sources.base import CHUNK_BYTES
from core.sources.file import FileStream


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFile:
    """Where the bytes of an asset lie."""

    sha256: str
    size_bytes: int
    path: Path | None
    """The file itself on this disk, for as long as the asset is held; None: it lies elsewhere."""


class AssetFiles(Protocol):
    """What knows the files of assets; `core.studio.publishing.LibraryFiles`."""

    async def find(self, asset_id: int) -> AssetFile | None: ...

    def lend(self, asset_id: int) -> AbstractAsyncContextManager[Path]:
        """Lend a file on this disk for as long as it is used.

        Raises:
            SourceError: it cannot be had.
        """
        ...


class LentStream:
    """A file that is lent as long as the stream is open, read from an offset on."""

    local_path = ""

    def __init__(
        self, path: Path, lent: AsyncExitStack, *, size: int, start: int, version: str
    ) -> None:
        self._path = path
        self._lent = lent
        self.size = size
        self.start = start
        self.version = version

    async def chunks(self) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(self._path.open, "rb")
        try:
            await asyncio.to_thread(file.seek, self.start)
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield chunk
        finally:
            file.close()

    async def close(self) -> None:
        await self._lent.aclose()


class AssetSource:
    """An asset, by its number; its file is never changed or deleted."""

    def __init__(self, asset_id: int, files: AssetFiles) -> None:
        self._asset_id = asset_id
        self._files = files

    @property
    def fingerprint(self) -> str:
        return f"asset:{self._asset_id}"

    async def open(self, offset: int, *, version: str = "") -> FileStream | LentStream:
        """Open it, at 0 if it has not the bytes of ``version``."""
        file = await self._files.find(self._asset_id)
        if file is None:
            raise SourceError(key="source_gone", retry=False)
        if file.path is not None:
            if not file.path.is_file():
                raise SourceError(key="source_gone", retry=False)
            size = file.size_bytes
            return FileStream(file.path, size=size, start=0, version=file.sha256)
        start = offset if not version or version == file.sha256 else 0
        return await self.lent(file, start=start, version=file.sha256)

    async def lent(self, file: AssetFile, *, start: int, version: str) -> LentStream:
        """Open a copy of the file on this disk that stays until the stream is closed."""
        async with AsyncExitStack() as stack:
            path = await stack.enter_async_context(self._files.lend(self._asset_id))
            lent = stack.pop_all()
        return LentStream(path, lent, size=file.size_bytes, start=start, version=version)
