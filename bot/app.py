"""The composition root: settings → store, engine, platforms, chat, web; stops them in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from types import TracebackType
from typing import Self

from bot.account_life import life_commands
from bot.batching import batch_commands
from bot.commands.failed import letter_commands
from bot.commands.limits import limits_commands
from bot.connecting import connect_commands
from bot.control import ControlServer, socket_path
from bot.figures import DiagnosticsFile, figures_commands
from bot.keeping import doctor_commands, key_commands
from bot.library import build_collector, library_commands
from bot.parts import Builder, Parts
from bot.posting import post_commands
from bot.pulling import pull_commands
from bot.rendering import render_commands
from core.errors import KarvonError
from core.posts.models import (
    Post,
    PostState,
)
from core.settings import Settings
from core.store.open import sqlite_path
from utils.clock import Clock, SystemClock
from workers.engine.lock import FileLock
from workers.renewals import Renewals
from workers.scheduler import Housekeeping
from workers.supervisor import Supervisor

logger = logging.getLogger(__name__)

GRACE = timedelta(seconds=5)


class App:
    """One running Karvon; an async context manager that holds the lock of its data folder."""

    def __init__(self, settings: Settings, *, chat: bool, clock: Clock | None = None) -> None:
        self._settings = settings
        self._with_chat = chat
        self._clock = clock or SystemClock()
        self._stack = AsyncExitStack()
        self.parts: Parts

    async def __aenter__(self) -> Self:
        settings = self._settings
        # Whatever is made from here on, also by what is started: only the owner reads it.
        self._stack.callback(os.umask, os.umask(0o077))
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock.beside(sqlite_path(settings.database_url))
            self._stack.enter_context(self._lock)
            builder = Builder(settings, self._clock, self._stack, self._lock)
            self.parts = await builder.build()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def work(self, stop: asyncio.Event) -> None:
        """Run everything until ``stop`` is set, then stop taking, checkpoint and leave."""
        parts = self.parts
        async with AsyncExitStack() as stack:
            supervisor = await stack.enter_async_context(Supervisor(parts.clock))
            commands = {
                **post_commands(parts),
                **doctor_commands(parts),
                **limits_commands(parts),
                **figures_commands(parts),
                **letter_commands(parts),
                **batch_commands(parts),
                **pull_commands(parts),
                **library_commands(parts),
                **render_commands(parts),
                **life_commands(parts.book),
                **key_commands(parts.keys, parts.posts, supervisor),
                **connect_commands(parts.connector, parts.clock),
            }
            diagnostics = DiagnosticsFile(parts)
            supervisor.loop("diagnostics", diagnostics.keep)
            stack.push_async_callback(diagnostics.write)
            control = ControlServer(socket_path(self._settings), commands)
            await control.start()
            stack.push_async_callback(control.stop)
            owned = await parts.posts.open_posts(limit=1_000_000)
            parts.spools.sweep([post.id for post in owned], await parts.posts.kept_fits())
            await self._drop_orphans(owned)
            await parts.posts.wake_accounts()
            await parts.posts.wake_quotas()
            _ = await parts.connector.recover()
            supervisor.loop("sign-ins", parts.connector.tidy)
            supervisor.loop("looks", parts.looks.tidy)
            await parts.reaper.reconcile()
            _ = await parts.batches.book.recover()
            supervisor.loop("batches", parts.batches.tidy)
            _ = await parts.looks.recover()
            await parts.studio.begin(supervisor)
            supervisor.loop("watched folders", build_collector(parts).keep)
            parts.adder.sweep()
            _ = await parts.additions.recover()
            supervisor.loop("additions", parts.additions.tidy)
            await parts.letters.look()
            await parts.patience.look()
            _ = supervisor.spawn("keys", parts.keys.finish())
            engine = supervisor.spawn("engine", parts.engine.run())
            stack.push_async_callback(parts.engine.stop, GRACE)
            housekeeping = Housekeeping(
                parts.posts,
                parts.intake,
                parts.reaper,
                parts.spools,
                Renewals(parts.book),
                parts.letters,
                parts.patience,
            )
            await stack.enter_async_context(housekeeping)
            if self._with_chat:
                from bot.chat.front import ChatFront

                await stack.enter_async_context(ChatFront(parts))
            gc.collect()
            gc.freeze()
            logger.info("running", extra={"chat": self._with_chat})
            await _first_of(stop, engine)
        logger.info("stopped")
        if engine.done() and not engine.cancelled() and engine.exception() is not None:
            raise KarvonError(f"the engine stopped: {engine.exception()}")

    async def _drop_orphans(self, posts: Sequence[Post]) -> None:
        """End the questions of commands that were waiting for an answer at the last end."""
        for post in posts:
            if post.state is PostState.DRAFT and not post.chat_id:
                await self.parts.posts.cancel_post(post.id, by="restart")


async def _first_of(stop: asyncio.Event, engine: asyncio.Task[None]) -> None:
    """Wait until somebody wants the end, or the engine ends by itself."""
    engine.add_done_callback(lambda _: stop.set())
    await stop.wait()
