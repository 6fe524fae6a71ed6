"""``karvon backup``, ``karvon restore`` and ``karvon migrate``."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.control import ask_running, require_ok
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
    if args.command == "backup" and file.is_dir():
        raise KarvonError(f"{file} is a directory; name the file to write")
    if args.command == "restore" and not file.is_file():
        raise KarvonError(f"{file}: no such file")
    return asyncio.run(action(settings, file, args))


async def _backup(settings: Settings, file: Path, args: argparse.Namespace) -> int:
    del args
    database = sqlite_path(settings.database_url)
    _refuse_own_files(file, database)
    answers = await ask_running(settings, {"command": "backup", "file": str(file)})
    if answers is None:
        with FileLock.beside(database):
            await back_up(database, file)
    else:
        require_ok(answers)
    sys.stdout.write(f"{file}\n")
    return 0


def _refuse_own_files(file: Path, database: Path) -> None:
    """Refuse a copy over the database itself or the files that belong to it."""
    own = {f"{database.name}{ending}" for ending in ("", "-wal", "-shm", ".lock")}
    if file.name in own and file.parent.resolve() == database.parent.resolve():
        raise KarvonError(f"{file} belongs to the database itself; name another file")


async def _restore(settings: Settings, file: Path, args: argparse.Namespace) -> int:
    database = sqlite_path(settings.database_url)
    _refuse_own_files(file, database)
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
