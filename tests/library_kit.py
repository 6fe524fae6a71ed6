"""A library over a folder for tests, and small media of every sort."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.sources.asset import AssetFile
from core.store.sqlite import SqliteStore
from core.studio.library import Library
from core.studio.mashup import AssetKind
from tests.clocks import ManualClock
from tests.media_kit import encode

SMALL = ("-f", "lavfi", "-i", "testsrc2=s=160x284:r=10:d=1")
QUICK = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def clip(name: str = "clip.mp4", colour: str = "red") -> Path:
    """Return a tiny video; another colour is other bytes."""
    source = f"color=c={colour}:s=160x284:r=10:d=1"
    return encode(name, "-f", "lavfi", "-i", source, *QUICK, "-movflags", "+faststart")


def song(name: str = "song.mp3") -> Path:
    return encode(name, "-f", "lavfi", "-i", "sine=d=2", "-c:a", "libmp3lame", "-b:a", "64k")


def still(name: str = "still.png") -> Path:
    return encode(name, *SMALL, "-frames:v", "1")


@dataclass(slots=True)
class FolderShelf:
    """Files in one folder, by digest, with nothing around them."""

    folder: Path
    deleted: list[str] = field(default_factory=list)
    broken: OSError | None = None
    emptied: asyncio.Event = field(default_factory=asyncio.Event)

    async def put(self, sha256: str, suffix: str, path: Path, *, given: bool) -> None:
        del suffix, given
        self.folder.mkdir(exist_ok=True)
        await asyncio.to_thread(path.replace, self.folder / sha256)

    @asynccontextmanager
    async def file(self, sha256: str) -> AsyncIterator[Path]:
        yield self.folder / sha256

    async def delete(self, sha256: str) -> None:
        if self.broken is not None:
            raise self.broken
        self.deleted.append(sha256)
        (self.folder / sha256).unlink(missing_ok=True)
        self.emptied.set()

    @property
    def files(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()} if self.folder.exists() else set()


class FolderFiles:
    """The files of assets whose shelf is a folder: each lies on this disk."""

    def __init__(self, library: Library, shelf: FolderShelf) -> None:
        self._library = library
        self._shelf = shelf

    async def find(self, asset_id: int) -> AssetFile | None:
        asset = await self._library.get(asset_id)
        if asset is None:
            return None
        path = self._shelf.folder / asset.sha256
        return AssetFile(sha256=asset.sha256, size_bytes=asset.size_bytes, path=path)

    async def read(self, file: AssetFile, start: int) -> AsyncGenerator[bytes, None]:
        yield (self._shelf.folder / file.sha256).read_bytes()[start:]


def make_library(
    store: SqliteStore, clock: ManualClock, folder: Path, shelf: FolderShelf
) -> Library:
    return Library(store, clock, shelf, folder=folder, repeat_days=7.0)


async def plant(store: SqliteStore, count: int, kind: AssetKind = AssetKind.TEMPLATE) -> None:
    """Put rows of assets into the database, without files: for what only reads rows."""
    async with store.transaction() as tx:
        for number in range(count):
            await tx.all(
                "library.insert",
                kind=kind.value,
                sha256=f"{number:064x}",
                suffix=".mp4",
                size_bytes=10,
                media="video",
                facts="{}",
                seconds=1.5,
                thumbnail=0,
                name=f"asset {number}",
                tags="[]",
                platform="",
                mood="upbeat" if number % 2 else "",
                category="",
                licence="",
                origin="",
                attribution="",
                rights="",
                added_by=0,
                now=0.0,
            )
