"""A move that dies: ``python -m tests.mortal_move DATA FROM TO STEP``.

The process kills itself while the second file moves: when its key is claimed (``claimed``), in the
middle of the copy (``copying``), when the copy is there (``copied``), when it was compared
(``compared``), when the database names it (``switched``), when the old one is deleted
(``deleted``).
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

from core.media.storage import open as opening
from core.media.storage.base import OnBytes, Storage, Stored
from core.media.storage.folder import FolderStorage
from core.settings import StorageSettings, fixed_settings
from core.store.sqlite import SqliteStore
from core.studio import shelves as shelving
from core.studio.moving import CHECK, Mover
from core.studio.shelves import Shelves, StoredFile, open_shelves
from tests.factories import NoTransport
from tests.storage_kit import Quick, make_vault


class Death:
    """Comes at one step of the second file."""

    step = ""
    files = 0
    """Files whose move has begun."""

    @classmethod
    def at(cls, step: str) -> None:
        if step == cls.step and cls.files == 2:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalFolder(FolderStorage):
    """A folder whose process ends while it is used."""

    async def put(
        self,
        key: str,
        path: Path,
        *,
        on_bytes: OnBytes | None = None,
        sha256: str = "",
        given: bool = False,
    ) -> Stored:
        Death.files += not key.endswith(CHECK)
        Death.at("claimed")
        if Death.step == "copying":
            # Neither linked nor cloned: there is a middle.
            on_bytes, given = (lambda _: Death.at("copying")), False
        stored = await super().put(key, path, on_bytes=on_bytes, sha256=sha256, given=given)
        Death.at("copied")
        return stored

    async def delete(self, key: str) -> None:
        await super().delete(key)
        Death.at("deleted")


class MortalShelves(Shelves):
    """Shelves whose process ends when they switched a file."""

    async def switch(self, file: StoredFile, storage: Storage, asked: str, new: Stored) -> bool:
        Death.at("compared")
        changed = await super().switch(file, storage, asked, new)
        Death.at("switched")
        return changed


async def move(data: Path, source: str, target: str) -> None:
    clock = Quick()
    settings = fixed_settings({"data_dir": data, "storage": {"url": source}, "min_free_disk": 0})
    async with (
        await SqliteStore.open(data / "karvon.db", clock=clock) as store,
        open_shelves(settings, store, clock, NoTransport(), make_vault()) as shelves,
    ):
        await Mover(shelves, clock).move(StorageSettings(url=target))


if __name__ == "__main__":
    Death.step = sys.argv[4]
    opening.FolderStorage = MortalFolder  # type: ignore[attr-defined]
    shelving.Shelves = MortalShelves  # type: ignore[misc]
    asyncio.run(move(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
