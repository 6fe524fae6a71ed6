"""``karvon backup``, ``karvon restore`` and ``karvon migrate``."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.control import ask_running
from core.errors import KarvonError
from core.settings import Settings, load_settings
from core.store.backup import back_up, restore
from core.store.open import open_store, sqlite_path
from utils.clock import SystemClock
from workers.engine.lock import FileLock


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    action = {"backup": _backup, "restore": _restore, "migrate": _migrate}[args.command]
    file = Path(args.file).absolute() if args.command != "migrate" else Path()
    return asyncio.run(action(settings, file, args))


async def _backup(settings: Settings, file: Path, args: argparse.Namespace) -> int:
    del args
    answer = await ask_running(settings, {"command": "backup", "file": str(file)})
    if answer is None:
        database = sqlite_path(settings.database_url)
        with FileLock.beside(database):
            await back_up(database, file)
    elif not answer[-1].get("ok"):
        raise KarvonError(str(answer[-1].get("message", "the backup failed")))
    sys.stdout.write(f"{file}\n")
    return 0


async def _restore(settings: Settings, file: Path, args: argparse.Namespace) -> int:
    database = sqlite_path(settings.database_url)
    with FileLock.beside(database):
        if database.exists() and not args.yes:
            raise KarvonError(f"{database} exists; say --yes to replace it")
        await restore(file, database)
    sys.stdout.write(f"restored {file}\n")
    return 0


async def _migrate(settings: Settings, file: Path, args: argparse.Namespace) -> int:
    del file, args
    with FileLock.beside(sqlite_path(settings.database_url)):
        store = await open_store(settings.database_url, clock=SystemClock())
        await store.close()
    sys.stdout.write("the database has the newest form\n")
    return 0
