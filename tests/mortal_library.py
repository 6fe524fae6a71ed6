"""A library that dies: ``python -m tests.mortal_library FOLDER FILE``.

For each step that reaches the disk while a file is added and deleted again, a child process works
in a folder of its own (``FOLDER/NUMBER``) and kills itself right before that step, as a power cut
would; the last one comes to its end.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from core.accounts.keyfile import KeyFile
from core.accounts.vault import Vault
from core.settings import load_settings
from core.store.sqlite import SqliteStore
from core.studio.assets import NewAsset
from core.studio.library import Library
from core.studio.mashup import AssetKind
from core.studio.shelves import open_shelves
from tests.mortal import mortal
from utils.clock import SystemClock
from utils.transport import HttpTransport

DATABASE = "karvon.db"
MOST_STEPS = 60


@asynccontextmanager
async def open_library(folder: Path) -> AsyncIterator[tuple[Library, SqliteStore]]:
    """Open a library whose files lie in a folder, as a start of Karvon does."""
    clock = SystemClock()
    settings = load_settings(overrides={"data_dir": str(folder), "min_free_disk": 0})
    vault = Vault.of(KeyFile(folder, clock).read_or_make(frozenset()))
    async with (
        await SqliteStore.open(folder / DATABASE, clock=clock, readers=1) as store,
        HttpTransport(stall_seconds=5) as transport,
        open_shelves(settings, store, clock, transport, vault) as shelves,
    ):
        library = Library(store, clock, shelves, folder=folder / "library")
        await library.recover()
        yield library, store


async def _live(folder: Path, file: Path, last: int) -> None:
    """Add a file, hold it, delete it and let go, up to one step."""
    async with open_library(folder) as (library, store):
        steps = itertools.count()
        os.fsync = mortal(os.fsync, steps, last)
        os.link = mortal(os.link, steps, last)
        os.unlink = mortal(os.unlink, steps, last)
        Path.replace = mortal(Path.replace, steps, last)  # type: ignore[method-assign]
        Path.unlink = mortal(Path.unlink, steps, last)  # type: ignore[method-assign]
        store.transaction = mortal(store.transaction, steps, last)  # type: ignore[method-assign]
        asset = (await library.add(file, NewAsset(kind=AssetKind.SOURCE))).asset
        await library.hold([asset.id], "render:1")
        await library.delete(asset.id)
        await library.release("render:1")


def _child(work: Path, file: Path, last: int) -> bool:
    """Run one life in a child process; return whether it came to its end."""
    child = os.fork()
    if not child:
        asyncio.run(_live(work, file, last))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


async def _prepare(folder: Path) -> None:
    async with open_library(folder):
        pass


def main(folder: Path, file: Path) -> None:
    base = folder / "base"
    base.mkdir()
    if not (child := os.fork()):
        asyncio.run(_prepare(base))
        os._exit(0)
    os.waitpid(child, 0)
    for last in range(MOST_STEPS):
        work = folder / str(last)
        shutil.copytree(base, work)
        if _child(work, file, last):
            sys.stdout.write(f"{last}\n")
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
