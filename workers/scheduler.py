"""Work that comes round: the sweep, forgotten updates, files nobody owns."""

from __future__ import annotations

import logging
from datetime import timedelta
from types import TracebackType
from typing import Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core.media.spools import Spools
from core.posts.intake import Intake
from core.posts.letters import LetterBox
from core.posts.patience import Patience
from core.posts.repository import Posts
from workers.reaper import Reaper
from workers.renewals import Renewals

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 30
ALBUM_LEFT = timedelta(minutes=1)
UPDATES_KEPT = timedelta(days=3)
"""Telegram repeats an update for 24 hours. Source: core.telegram.org/bots/api, getUpdates."""


class Housekeeping:
    """Runs what comes round while it is entered."""

    def __init__(
        self,
        posts: Posts,
        intake: Intake,
        reaper: Reaper,
        spools: Spools,
        renewals: Renewals,
        letters: LetterBox,
        patience: Patience,
    ) -> None:
        self._renewals = renewals
        self._letters = letters
        self._patience = patience
        self._posts = posts
        self._intake = intake
        self._reaper = reaper
        self._spools = spools
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    async def __aenter__(self) -> Self:
        add = self._scheduler.add_job
        add(self._reaper.reconcile, "interval", seconds=SWEEP_SECONDS, coalesce=True)
        add(self._posts.wake_quotas, "interval", seconds=SWEEP_SECONDS, coalesce=True)
        add(self._albums, "interval", seconds=SWEEP_SECONDS, coalesce=True)
        add(self._letters.look, "interval", seconds=SWEEP_SECONDS, coalesce=True)
        add(self._patience.look, "interval", seconds=SWEEP_SECONDS, coalesce=True)
        add(self._forget, "interval", hours=1, coalesce=True)
        add(self._sweep, "interval", minutes=5, coalesce=True)
        add(self._renewals.look, "interval", minutes=1, coalesce=True)
        self._scheduler.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scheduler.shutdown(wait=False)

    async def _albums(self) -> None:
        """Look at albums whose own task was lost."""
        for chat_id, album in await self._posts.left_albums(ALBUM_LEFT):
            logger.warning("album without a task taken up again", extra={"chat": chat_id})
            await self._intake.finish_album(chat_id, album)

    async def _forget(self) -> None:
        await self._posts.forget_updates(UPDATES_KEPT)
        await self._posts.quotas.forget()
        await self._letters.forget()

    async def _sweep(self) -> None:
        owned = [post.id for post in await self._posts.open_posts(limit=1_000_000)]
        for post_id in self._spools.sweep(owned, await self._posts.kept_fits()):
            logger.info("file of an ended post deleted", extra={"post": post_id})
