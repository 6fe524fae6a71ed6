"""Reads the pages of looks, and moves pulls on: a few videos at a time, until all have ended."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from core.errors import RefusedError, TransitionError
from core.ports import Defer, Run
from core.posts.intake import Incoming, Intake, Outcome
from core.posts.models import MediaFacts
from core.posts.repository import Posts
from core.sources.pages import telling
from core.sources.pages.addresses import file_name
from core.sources.pages.links import PageError, PageFinding
from core.sources.pages.look import FoundLink, Known, Look, LookState, PullMode, Tally, offered
from core.sources.pages.looks import Looks
from core.sources.pages.scraper import OnProgress, Scraped, Scraper
from core.sources.pages.wording import caption_of
from core.store.base import Tx
from utils.clock import Clock
from workers.waits import wait_event

logger = logging.getLogger(__name__)

MOST_OPEN = 100
"""Videos of a pull that the intake has at once; the others follow as these end."""
BREATH_SECONDS, LONG_BREATH_SECONDS = 0.05, 0.5
"""Least time between two looks at a pull: with one video at a time, and with many."""
LOOK_SECONDS = 3.0
"""How often a pull is told of, and looked at when nothing is heard of it."""
IDLE_SECONDS = 20.0
"""How long a pull of which nothing moves is left alone."""
OF_ONE = frozenset({"empty_file", "fits_nowhere", "disk_full"})
"""Refusals that are about one video; every other one is about all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookDeps:
    """What looks and pulls are worked on with."""

    looks: Looks
    posts: Posts
    intake: Intake
    scraper: Scraper
    clock: Clock
    timezone: str


class Looker:
    """The handler of ``look`` tasks; what a look needs next is told by its state."""

    def __init__(self, deps: LookDeps) -> None:
        self._deps = deps
        self._looks = deps.looks
        self._posts = deps.posts
        self._clock = deps.clock

    async def __call__(self, run: Run) -> None:
        """Read pages, feed a pull or cancel one.

        Raises:
            Defer: the engine stops, or nothing moves for now.
        """
        look = await self._looks.get(int(run.task.args["look_id"]))
        if look is None:
            return
        try:
            match look.state:
                case LookState.READING:
                    await self._read(run, look)
                case LookState.PULLING:
                    await self._follow(run, look, self._feed)
                case LookState.CANCELLING:
                    await self._cancel(run, look)
                case _:
                    await self._show_again(look)
        except TransitionError as error:
            logger.info("look left to others", extra={"look": look.id, "why": str(error)})

    # Reading

    async def scrape(
        self, url: str, on_progress: OnProgress, *, measure_seconds: float | None = None
    ) -> tuple[Scraped, list[Known]]:
        """Return what a page leads to, and what is known of it already.

        Raises:
            PageError: the page cannot be read.
        """
        found = await self._deps.scraper.scrape(
            url, on_progress=on_progress, measure_seconds=measure_seconds
        )
        return found, await self._looks.known(found.links)

    async def _read(self, run: Run, look: Look) -> None:
        told = -math.inf

        async def on_progress(pages: int, links: int) -> None:
            nonlocal told
            self._stay(run)
            if self._clock.monotonic() - told >= LOOK_SECONDS:
                told = self._clock.monotonic()
                await self._show(look, telling.READING, telling.reading_facts(look, pages, links))

        try:
            found, known = await self.scrape(look.url, on_progress)
        except PageError as error:
            await self.fail(look, error.finding)
            return
        async with self._deps.looks.store.transaction() as tx:
            await self._looks.save_found(tx, look.id, found, known)
            await self._looks.move(look, LookState.OPEN, tx=tx)
        links = await self._show_list(await self._looks.require(look.id))
        logger.info("look done", extra={"look": look.id, "links": links})

    async def _show_list(self, look: Look) -> int:
        links = await self._looks.links(look.id)
        await self._show(look, telling.LIST, telling.list_facts(look, links))
        return len(links)

    async def _show_again(self, look: Look) -> None:
        """Show what an earlier run came to: it may have been killed before it could."""
        if look.state is LookState.OPEN:
            _ = await self._show_list(look)
        elif look.started_at is not None:
            _ = await self._tell(look, None)
        elif look.state is LookState.FAILED:
            finding = PageFinding(key=look.note, facts=dict(look.note_facts))
            await self._show(look, telling.FAILED, telling.failed_facts(look, finding), final=True)

    async def fail(self, look: Look, finding: PageFinding) -> None:
        """End a look whose page cannot be read."""
        await self._looks.move(look, LookState.FAILED, note=finding.key, facts=finding.facts)
        facts = telling.failed_facts(look, finding)
        await self._show(look, telling.FAILED, facts, final=True)

    async def give_up(self, look_id: int) -> None:
        """End what cannot be worked on: a bug, or crashes again and again."""
        look = await self._looks.get(look_id)
        if look is None or look.state is LookState.OPEN:
            return
        await self._looks.leave(look_id)
        await self._end(look, LookState.FAILED, note="pull_internal")

    # Pulling

    async def _follow(self, run: Run, look: Look, step: Callable[[Look], Awaitable[bool]]) -> None:
        """Take steps until nothing of a pull is left to do; ``step`` says whether it has more."""
        told_at, told = -math.inf, Tally()
        while True:
            changed = self._posts.next_change()
            self._stay(run)
            fresh = await self._looks.require(look.id)
            if fresh.state is not look.state:
                return
            has_more = await step(fresh)
            open_posts, busy = await self._looks.room(look.id)
            if not has_more and not open_posts:
                await self._finish(fresh)
                return
            if self._clock.monotonic() - told_at >= LOOK_SECONDS:
                told_at, told = self._clock.monotonic(), await self._tell(fresh, told)
            if not await wait_event(changed, self._clock, LOOK_SECONDS) and not busy:
                raise Defer(self._later(IDLE_SECONDS))
            in_turn = look.mode is PullMode.SEQUENTIAL
            await self._clock.sleep(BREATH_SECONDS if in_turn else LONG_BREATH_SECONDS)

    async def _feed(self, look: Look) -> bool:
        """Give the intake as much as it shall have at once; return whether there is more."""
        while True:
            open_posts, busy = await self._looks.room(look.id)
            room = MOST_OPEN - open_posts
            if look.mode is PullMode.SEQUENTIAL:
                room = min(room, 0 if busy else 1)
            waiting = await self._looks.unfed(look, max(room, 1))
            if not waiting or room <= 0:
                return bool(waiting)
            for found in waiting:
                if not await self._take(look, found):
                    return False

    async def _take(self, look: Look, found: FoundLink) -> bool:
        """Give one video to the intake; False when a refusal is about all of them."""
        settle = partial(self._settle, look, found)
        try:
            _ = await self._deps.intake.receive_part(self._incoming(look, found), settle)
        except RefusedError as refusal:
            if refusal.key not in OF_ONE:
                await self._stop(look, refusal)
                return False
            async with self._looks.store.transaction() as tx:
                await self._looks.settle(tx, look.id, found, "refused", note=refusal.key)
        return True

    async def _settle(self, look: Look, found: FoundLink, tx: Tx, outcome: Outcome) -> None:
        await self._looks.settle(tx, look.id, found, outcome.status, post_id=outcome.post_id)

    def _incoming(self, look: Look, found: FoundLink) -> Incoming:
        link = found.link
        caption = caption_of(look, found, now=self._clock.now(), timezone=self._deps.timezone)
        return Incoming(
            source={"kind": "http", "url": link.url},
            caption=caption,
            facts=MediaFacts(size_bytes=link.size_bytes),
            fingerprint=found.identity,
            filename=file_name(link.url),
            chat_id=look.chat_id,
            user_id=look.user_id,
        )

    async def _stop(self, look: Look, refusal: RefusedError) -> None:
        """End a pull of which no video can be taken, such as without an account."""
        logger.warning("pull stopped", extra={"look": look.id, "why": refusal.key})
        await self._looks.leave(look.id)
        await self._end(look, LookState.FAILED, note=refusal.key, facts=refusal.facts)
        raise TransitionError(f"look {look.id} has failed")

    async def _cancel(self, run: Run, look: Look) -> None:
        """Take back what has not ended; what can be seen already stays."""
        await self._looks.leave(look.id)
        for post_id in await self._looks.open_posts(look.id):
            self._stay(run)
            try:
                _ = await self._posts.cancel_post(post_id, by="person")
            except (RefusedError, TransitionError) as error:
                logger.info("post goes on", extra={"post": post_id, "why": str(error)})

        async def nothing_more(_: Look) -> bool:
            return False

        await self._follow(run, look, nothing_more)

    async def _finish(self, look: Look) -> None:
        is_cancelled = look.state is LookState.CANCELLING
        await self._end(look, LookState.CANCELLED if is_cancelled else LookState.DONE)

    async def _end(
        self,
        look: Look,
        state: LookState,
        *,
        note: str = "",
        facts: dict[str, object] | None = None,
    ) -> None:
        await self._looks.move(look, state, note=note, facts=facts)
        _ = await self._tell(await self._looks.require(look.id), None)
        self._posts.changed()
        logger.info("pull ended", extra={"look": look.id, "state": state.value})

    # Telling

    async def _tell(self, look: Look, told: Tally | None) -> Tally:
        """Have the chat show how a pull stands, unless that was told already."""
        tally = await self._looks.tally(look.id)
        if not look.chat_id or tally == told:
            return tally
        refused = []
        if tally.refused:
            links = offered(await self._looks.links(look.id))
            refused = [one for one in links if one.outcome == "refused"]
        facts = telling.pull_facts(look, tally, refused)
        is_final = look.state not in {LookState.PULLING, LookState.CANCELLING}
        await self._show(look, telling.PULL, facts, final=is_final)
        return tally

    async def _show(
        self, look: Look, sentence: str, facts: dict[str, object], *, final: bool = False
    ) -> None:
        if not look.chat_id:
            return
        await self._posts.put_board(
            look.board,
            sentence,
            facts,
            chat_id=look.chat_id,
            reply_to=look.message_id,
            final=final,
        )
        self._posts.changed()

    def _stay(self, run: Run) -> None:
        run.progress()
        if run.stopping():
            raise Defer(self._clock.now())

    def _later(self, seconds: float) -> datetime:
        return self._clock.now() + timedelta(seconds=seconds)
