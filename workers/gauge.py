"""What platforms themselves say of quotas: asked for now and then, and read off their answers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import RemoteError
from core.platforms.base import Job, LiveLimit, Platform
from core.ports import LostAnswerError, NotSentError, Transport
from core.posts.models import Upload
from core.posts.repository import Posts
from utils.clock import Clock
from utils.http import Response

logger = logging.getLogger(__name__)

ASK_EVERY = timedelta(minutes=10)
"""So often an account's limits are asked for at most."""
ASK_SECONDS = 10.0
"""The question is a courtesy: an upload does not wait longer for its answer."""
STEP = 10
"""By so many units a figure changes until it is worth writing down."""


class Gauge:
    """Keeps the figures of the platforms; that they cannot be had keeps no upload from going."""

    def __init__(self, posts: Posts, transport: Transport, clock: Clock) -> None:
        self._posts = posts
        self._transport = transport
        self._clock = clock
        self._asked: dict[int, datetime] = {}
        self._heard: dict[tuple[int, str], tuple[datetime, LiveLimit]] = {}

    async def ask(
        self, platform: Platform, job: Job, upload: Upload, *, at_once: bool = False
    ) -> None:
        """Ask how much is left, unless that was asked lately."""
        now = self._clock.now()
        asked = self._asked.get(upload.account_id)
        if not at_once and asked is not None and now - asked < ASK_EVERY:
            return
        self._asked[upload.account_id] = now
        try:
            limits = await self._question(platform, job)
        except (RemoteError, NotSentError, LostAnswerError) as error:
            logger.info("limits not told", extra={"account": upload.account_id, "why": str(error)})
            return
        if limits:
            await self._posts.take_live(upload, limits)

    async def _question(self, platform: Platform, job: Job) -> Sequence[LiveLimit]:
        request = platform.build_live_limits(job)
        if request is None:
            return ()
        patience = min(request.timeout_seconds, ASK_SECONDS)
        response = await self._transport.send(replace(request, timeout_seconds=patience))
        return platform.read_live_limits(job, response)

    async def hear(self, platform: Platform, upload: Upload, response: Response) -> None:
        """Keep what an answer tells by the way, when it is news."""
        news = [one for one in platform.read_usage(response) if self._is_news(upload, one)]
        if news:
            await self._posts.take_live(upload, news)

    def _is_news(self, upload: Upload, limit: LiveLimit) -> bool:
        now, key = self._clock.now(), (upload.account_id, limit.name)
        before = self._heard.get(key)
        if before is not None and not limit.wait and not before[1].wait:
            steady = abs((limit.used or 0) - (before[1].used or 0)) < STEP
            if steady and now - before[0] < ASK_EVERY:
                return False
        self._heard[key] = (now, limit)
        return True
