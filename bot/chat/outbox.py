"""Draws due cards and sends due messages, within the chats' budgets; drops nothing."""

from __future__ import annotations

import asyncio
import logging
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.budget import Budget, Urgency
from bot.chat.delivery import Delivery, Fate, Verdict
from core.posts.notices import EDIT_SECONDS, Card, OutboxMessage
from core.posts.repository import Posts
from core.progress import Progress
from core.store.errors import StoreError
from utils.clock import Clock
from workers.waits import wait_event

logger = logging.getLogger(__name__)

FIRST_LOOK, LONGEST_LOOK = 50, 12_800
"""How many due things are looked at; more when a few chats are behind and hide the others."""
CHATS_AT_ONCE = 6
BREATH_SECONDS = 0.05
"""Least time between two looks: a storm of commits is one look."""
STORE_PAUSE_SECONDS = 2.0
LONGEST_REST_SECONDS = 3600.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 30.0


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to be sent."""

    what: Card | OutboxMessage

    @property
    def urgency(self) -> Urgency:
        card = self.what
        if isinstance(card, OutboxMessage) or card.message_id is None or card.final:
            return Urgency.SAID_ONCE
        return Urgency.ROUTINE

    @property
    def rank(self) -> tuple[int, bool, bool, float]:
        """Messages first, in order; then new cards, final states, and who waits longest."""
        card = self.what
        if isinstance(card, OutboxMessage):
            return 0, False, False, card.id
        return 1, card.message_id is not None, not card.final, card.due_at.timestamp()


class OutboxSender:
    """The only writer of cards and queued messages; `run` ends after `leave`."""

    def __init__(self, posts: Posts, progress: Progress, clock: Clock, delivery: Delivery) -> None:
        self._posts = posts
        self._progress = progress
        self._clock = clock
        self._delivery = delivery
        self._budget = Budget(clock)
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        self._refresh_at = -math.inf
        self._look = FIRST_LOOK
        self._silent_until = -math.inf
        self._pause = FIRST_PAUSE_SECONDS
        self._is_down = False
        self._store_is_down = False
        self._looked_at = -math.inf

    async def leave(self, seconds: float) -> None:
        """Send no more; wait at most that long for what is being sent."""
        self._stopping.set()
        self._posts.changed()
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        except TimeoutError:
            logger.warning("outbox_unfinished")

    async def run(self) -> None:
        """Work until `leave`."""
        self._ended.clear()
        try:
            while not self._stopping.is_set():
                changed = self._posts.next_change()
                seconds = await self._guarded_round()
                if seconds > 0 and not self._stopping.is_set():
                    await wait_event(changed, self._clock, seconds)
                await self._breathe()
        finally:
            self._ended.set()

    async def _breathe(self) -> None:
        """Let a storm of commits pass; a first change after a rest is served at once."""
        now = self._clock.monotonic()
        if now - self._looked_at < BREATH_SECONDS:
            await wait_event(self._stopping, self._clock, BREATH_SECONDS)
        self._looked_at = self._clock.monotonic()

    async def _guarded_round(self) -> float:
        try:
            seconds = await self._round()
        except StoreError as error:
            if not self._store_is_down:
                logger.warning("outbox_store_down", extra={"why": str(error)})
            self._store_is_down = True
            return STORE_PAUSE_SECONDS
        if self._store_is_down:
            logger.info("outbox_store_back")
            self._store_is_down = False
        return min(seconds, LONGEST_REST_SECONDS)

    async def _round(self) -> float:
        """Send what may be sent now; return after how many seconds the next look is due."""
        silent = self._silent_until - self._clock.monotonic()
        if silent > 0:
            return silent
        if (everywhere := self._budget.overall_seconds()) > 0:
            return everywhere
        refresh = await self._refresh()
        messages = await self._posts.due_messages(limit=self._look)
        cards = await self._posts.due_cards(limit=self._look)
        waits, sent = await self._serve([*map(Due, messages), *map(Due, cards)])
        silent = self._silent_until - self._clock.monotonic()
        if silent > 0:
            return silent
        is_cut = len(messages) == self._look or len(cards) == self._look
        if self._budget.overall_seconds() > 0:
            return min(refresh, self._budget.overall_seconds())
        if self._look_further(is_cut=is_cut, is_stuck=not sent) or (is_cut and sent):
            return 0.0
        return min(refresh, *waits) if waits else min(refresh, await self._next_due())

    async def _serve(self, items: Sequence[Due]) -> tuple[list[float], int]:
        """Serve the chats side by side; return what the budgets made wait and what was sent."""
        chats: defaultdict[int, list[Due]] = defaultdict(list)
        for item in items:
            chats[item.what.chat_id].append(item)
        room = asyncio.Semaphore(CHATS_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as group:
                serving = [
                    group.create_task(self._serve_chat(room, chat_id, due))
                    for chat_id, due in chats.items()
                ]
        except* StoreError as failures:
            raise first_error(failures) from None
        results = [task.result() for task in serving]
        return [wait for wait, _ in results if wait > 0], sum(count for _, count in results)

    async def _serve_chat(
        self, room: asyncio.Semaphore, chat_id: int, items: Sequence[Due]
    ) -> tuple[float, int]:
        """Send in order until the budget, the chat or the network says stop."""
        done = 0
        async with room:
            for item in sorted(items, key=lambda due: due.rank):
                if self._stopping.is_set() or self._silent_until > self._clock.monotonic():
                    break
                if (wait := self._budget.missing_seconds(chat_id, item.urgency)) > 0:
                    return wait, done
                ready = await self._delivery.prepare(item.what)
                if ready is None:
                    done += 1
                    continue
                wait = self._budget.take(chat_id, item.urgency)
                if wait > 0:
                    return wait, done
                verdict = await self._delivery.send(ready)
                self._learn(verdict)
                if verdict.fate is not Fate.DONE:
                    break
                done += 1
        return 0.0, done

    def _learn(self, verdict: Verdict) -> None:
        """Note whether Telegram answers; said once when it stops and once when it is back."""
        if verdict.fate is Fate.DOWN:
            if not self._is_down:
                logger.warning("telegram_down", extra={"why": verdict.why})
            now = self._clock.monotonic()
            if self._silent_until <= now:
                self._silent_until = now + self._pause
                self._pause = min(self._pause * 2, LONGEST_PAUSE_SECONDS)
            self._is_down = True
            return
        if self._is_down:
            logger.info("telegram_back")
        self._is_down = False
        self._pause = FIRST_PAUSE_SECONDS

    def _look_further(self, *, is_cut: bool, is_stuck: bool) -> bool:
        """Look at more when chats without budget fill the whole view; tell whether we do."""
        if not is_cut:
            self._look = FIRST_LOOK
        elif is_stuck and self._look < LONGEST_LOOK:
            self._look *= 2
            return True
        return False

    async def _refresh(self) -> float:
        """Want the cards of what moves drawn again; return after how long to look again."""
        moving = self._progress.keys()
        if not moving:
            return math.inf
        now = self._clock.monotonic()
        if now - self._refresh_at >= EDIT_SECONDS:
            self._refresh_at = now
            await self._posts.touch_moving(moving)
        return self._refresh_at + EDIT_SECONDS - now

    async def _next_due(self) -> float:
        due = await self._posts.next_due()
        return math.inf if due is None else max(0.0, (due - self._clock.now()).total_seconds())


def first_error(failures: BaseExceptionGroup[StoreError]) -> StoreError:
    """Return the error that a group of tasks failed with."""
    error = failures.exceptions[0]
    return first_error(error) if isinstance(error, BaseExceptionGroup) else error
