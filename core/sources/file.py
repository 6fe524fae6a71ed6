"""A whole file on this disk, used where it lies."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from core.errors import SourceError
from core.sources.base import CHUNK_BYTES


class FileStream:
    """A file that is there already."""

    def __init__(self, path: Path, *, size: int, start: int, version: str) -> None:
        self.local_path = str(path)
        self.size = size
        self.start = start
        self.version = version

    async def chunks(self) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(Path(self.local_path).open, "rb")
        try:
            await asyncio.to_thread(file.seek, self.start)
            while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
                yield chunk
        finally:
            file.close()

    async def close(self) -> None:
        """Nothing is held open between the chunks."""


class FileSource:
    """A path; the file is never changed, copied or deleted."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def fingerprint(self) -> str:
        return f"file:{hashlib.sha256(str(self._path).encode()).hexdigest()[:32]}"

    async def open(self, offset: int, *, version: str = "") -> FileStream:
        """Open it, at 0 if it is not the file of ``version`` any more."""
        return await asyncio.to_thread(open_file, self._path, offset, version)


def open_file(path: Path, offset: int, version: str) -> FileStream:
    """Look at the file.

    Raises:
        SourceError: it is not there, not readable, empty, or no regular file.
    """
    try:
        with path.open("rb"):
            facts = path.stat()
    except PermissionError as error:
        raise SourceError(key="source_forbidden", retry=False) from error
    except IsADirectoryError as error:
        raise SourceError(key="not_a_file", retry=False) from error
    except OSError as error:
        raise SourceError(key="source_gone", retry=False) from error
    if not facts.st_size:
        raise SourceError(key="empty_file", retry=False)
    found = f"{facts.st_size}-{facts.st_mtime_ns}"
    start = offset if not version or version == found else 0
    return FileStream(path, size=facts.st_size, start=start, version=found)
