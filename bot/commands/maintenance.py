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
from core.store.open import open_store
from workers.engine.lock import hold_lock


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    action = {"backup": _backup, "restore": _restore, "migrate": _migrate}[args.command]
    return asyncio.run(action(settings, args))


async def _backup(settings: Settings, args: argparse.Namespace) -> int:
    target = Path(args.file).absolute()
    answer = await ask_running(settings, {"command": "backup", "file": str(target)})
    if answer is None:
        with hold_lock(settings.data_dir):
            store = await open_store(settings.database_url)
            try:
                await back_up(store, target)
            finally:
                await store.close()
    elif not answer[-1].get("ok"):
        raise KarvonError(str(answer[-1].get("message", "the backup failed")))
    sys.stdout.write(f"{target}\n")
    return 0


async def _restore(settings: Settings, args: argparse.Namespace) -> int:
    database = settings.data_dir / "karvon.db"
    with hold_lock(settings.data_dir):
        if database.exists() and not args.yes:
            raise KarvonError(f"{database} exists; say --yes to replace it")
        await restore(Path(args.file).absolute(), database)
    sys.stdout.write(f"restored {args.file}\n")
    return 0


async def _migrate(settings: Settings, args: argparse.Namespace) -> int:
    del args
    with hold_lock(settings.data_dir):
        store = await open_store(settings.database_url)
        await store.close()
    sys.stdout.write("the database has the newest form\n")
    return 0
