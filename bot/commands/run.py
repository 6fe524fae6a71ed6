"""``karvon run`` and ``karvon worker``."""

from __future__ import annotations

import argparse
import asyncio
import resource
import signal
from pathlib import Path

from bot.app import App
from core.errors import SettingsError
from core.settings import Settings, load_settings
from core.store.open import sqlite_path
from utils.log import set_up_log
from workers.engine.lock import FileLock


def run(args: argparse.Namespace) -> int:
    settings = load_settings(config=Path(args.config) if args.config else None)
    chat = args.command == "run"
    if chat and not settings.telegram.token.get_secret_value():
        raise SettingsError(
            "telegram.token is empty. Get one from @BotFather and put it into config.py, "
            "or try `karvon demo` first."
        )
    require_alone(settings)
    keep_memory()
    set_up_log(settings.data_dir / "logs", debug=settings.debug)
    asyncio.run(serve(settings, chat=chat))
    return 0


def keep_memory() -> None:
    """Let a crash leave no image of the memory, in which tokens are open."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


def require_alone(settings: Settings) -> None:
    """Look before anything is written that belongs to the process that runs.

    Raises:
        InUseError: another process has the database; it is named.
    """
    with FileLock.beside(sqlite_path(settings.database_url)):
        return


async def serve(settings: Settings, *, chat: bool) -> None:
    """Work until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with App(settings, chat=chat) as app:
        await app.work(stop)
