"""The files of the library: their pictures, and how they go when their last asset has gone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Protocol

from core.store.base import Store
from core.studio.errors import StudioError
from core.studio.turns import Turns
from utils.clock import Clock
from utils.threads import in_thread

logger = logging.getLogger(__name__)

TIDY_SECONDS = 60.0
"""How often files are tried again that could not be removed."""


class Shelf(Protocol):
    """Where the bytes of assets lie."""

    async def put(self, sha256: str, suffix: str, path: Path, *, given: bool) -> object:
        """Keep a file, unless its bytes are there; ``given``: it may be linked."""
        ...

    def file(self, sha256: str) -> AbstractAsyncContextManager[Path]:
        """Lend a file on this disk for as long as it is used."""
        ...

    async def delete(self, sha256: str) -> object:
        """Forget a file, at the latest with its last user; where there is none is no error."""
        ...


class Files:
    """Files by digest, one after another for the same digest."""

    def __init__(self, store: Store, clock: Clock, shelves: Shelf, pictures: Path) -> None:
        self.shelves = shelves
        self.turns = Turns()
        """Who adds or removes bytes has the turn of their digest."""
        self._store = store
        self._clock = clock
        self._pictures = pictures
        self._leaving: set[str] = set()
        self._left = asyncio.Event()

    def picture(self, sha256: str) -> Path:
        """Return where the picture of a file lies, if there is one."""
        return self._pictures / f"{sha256}.jpg"

    def has_picture(self, sha256: str) -> bool:
        return self.picture(sha256).exists()

    def save_picture(self, sha256: str, picture: bytes) -> None:
        self._pictures.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = self._pictures / f"{sha256}.new"
        made.write_bytes(picture)
        made.replace(self.picture(sha256))

    def leave(self, digests: Iterable[str]) -> None:
        """Note that files may have lost their last asset; `clear` and `tidy` look."""
        self._leaving |= set(digests)
        if self._leaving:
            self._left.set()

    async def clear(self) -> None:
        """Remove the files of assets that have gone; what cannot be removed now is tried again."""
        for digest in sorted(self._leaving):
            async with self.turns.of(digest):
                if digest in self._leaving:
                    await self._remove(digest)

    async def tidy(self) -> None:
        """Remove files as soon as they lost their last asset; never returns."""
        while True:
            self._left.clear()
            await self.clear()
            if self._leaving:
                await self._pause()
            else:
                await self._left.wait()

    async def sweep(self) -> int:
        """Remove what a process that ended suddenly left; return how many files that were."""
        orphans = {row["sha256"] for row in await self._store.all("library.orphans")}
        self.leave(orphans)
        kept = {row["sha256"] for row in await self._store.all("library.digests")}
        await asyncio.to_thread(self._sweep_pictures, kept | orphans)
        await self.clear()
        return len(orphans)

    async def _remove(self, digest: str) -> None:
        """Remove a file unless its bytes are an asset (again)."""
        # Where it is written: who was cancelled while he committed has let go of his turn.
        async with self._store.transaction() as tx:
            assets = await tx.all("library.of_bytes", sha256=digest)
        if not assets:
            try:
                await self.shelves.delete(digest)
                await in_thread(partial(self.picture(digest).unlink, missing_ok=True))
            except (StudioError, OSError) as error:
                logger.warning("stored file stays for now", extra={"why": str(error)})
                return
        self._leaving.discard(digest)

    async def _pause(self) -> None:
        """Wait until a file is free, at most until it is time to try again."""
        async with asyncio.TaskGroup() as group:
            timer = group.create_task(self._clock.sleep(TIDY_SECONDS))
            freed = group.create_task(self._left.wait())
            await asyncio.wait({timer, freed}, return_when=asyncio.FIRST_COMPLETED)
            timer.cancel()
            freed.cancel()

    def _sweep_pictures(self, kept: Collection[str]) -> None:
        if not self._pictures.is_dir():
            return
        for path in self._pictures.iterdir():
            if path.suffix != ".jpg" or path.stem not in kept:
                path.unlink()
