"""Looks at pages as the store keeps them: their links, what is picked, and what became of it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from core.errors import RefusedError, TransitionError
from core.ports import Engine, Task, TaskState
from core.sources.http import link_fingerprint
from core.sources.pages.addresses import digest
from core.sources.pages.links import Link
from core.sources.pages.look import (
    WORKING,
    FoundLink,
    Known,
    Look,
    LookState,
    PullMode,
    Tally,
    Wanted,
    read_link,
    read_look,
)
from core.sources.pages.scraper import Scraped
from core.store.base import Row, Store, Tx
from utils.clock import Clock

logger = logging.getLogger(__name__)

TIDY_SECONDS = 60.0
KEPT = timedelta(days=14)
"""So long a look that nobody works on is kept."""


@dataclass(slots=True)
class Looks:
    """Reads and writes looks; the tasks that move them on are submitted in the same commits."""

    store: Store
    clock: Clock
    engine: Engine
    mode: PullMode = PullMode.PARALLEL
    """What a new look begins with."""
    smallest_first: bool = True

    def _now(self) -> float:
        return self.clock.now().timestamp()

    async def create(self, tx: Tx, wanted: Wanted, *, read: bool) -> int:
        """Keep a new look; with ``read`` a task reads its pages."""
        row = await tx.one(
            "links.insert",
            url=wanted.url,
            caption=wanted.caption,
            mode=wanted.mode.value,
            smallest_first=int(wanted.smallest_first),
            chat_id=wanted.chat_id,
            user_id=wanted.user_id,
            message_id=wanted.message_id,
            state=LookState.READING.value,
            now=self._now(),
        )
        if row is None:
            raise AssertionError("an insert returns its id")
        look_id = int(row["id"])
        if read:
            await self.engine.submit(look_task(look_id, 1), tx)
        return look_id

    async def get(self, look_id: int) -> Look | None:
        row = await self.store.one("links.get", id=look_id)
        return read_look(row) if row else None

    async def require(self, look_id: int) -> Look:
        """Return a look.

        Raises:
            RefusedError: ``scrape_unknown``.
        """
        look = await self.get(look_id)
        if look is None:
            raise RefusedError("scrape_unknown")
        return look

    async def by_message(self, chat_id: int, message_id: int) -> Look | None:
        """Return the look whose list a message is."""
        row = await self.store.one("links.by_board", chat_id=chat_id, message_id=message_id)
        return read_look(row) if row else None

    async def same_pull(self, url: str, caption: str) -> Look | None:
        """Return the pull of a terminal that goes on with the same words."""
        row = await self.store.one("links.same_pull", url=url, caption=caption)
        return read_look(row) if row else None

    async def unfinished(self) -> list[Look]:
        return [read_look(row) for row in await self.store.all("links.unfinished")]

    async def links(self, look_id: int) -> list[FoundLink]:
        return [read_link(row) for row in await self.store.all("links.links", look_id=look_id)]

    async def move(
        self,
        look: Look,
        state: LookState,
        *,
        note: str = "",
        facts: Mapping[str, Any] | None = None,
        tx: Tx | None = None,
    ) -> None:
        """Change the state of a look; where a task is needed it is submitted.

        Raises:
            TransitionError: it is not in the state any more that ``look`` says.
        """
        if tx is not None:
            await self._move(tx, look, state, note, facts or {})
            return
        async with self.store.transaction() as own:
            await self._move(own, look, state, note, facts or {})

    async def _move(
        self, tx: Tx, look: Look, state: LookState, note: str, facts: Mapping[str, Any]
    ) -> None:
        ended = state not in WORKING and state is not LookState.OPEN
        changed = await tx.run(
            "links.set_state",
            id=look.id,
            before=look.state.value,
            state=state.value,
            note=note,
            note_facts=json.dumps(dict(facts), default=str),
            ended=int(ended),
            now=self._now(),
        )
        if changed != 1:
            raise TransitionError(f"look {look.id} is not {look.state} any more")
        if state in WORKING:
            await self._submit(tx, look.id)

    async def _submit(self, tx: Tx, look_id: int) -> None:
        row = await tx.one("links.next_generation", id=look_id)
        if row is None:
            raise AssertionError("it was there a moment ago")
        await self.engine.submit(look_task(look_id, int(row["generation"])), tx)

    async def recover(self) -> int:
        """Give looks whose task was lost another one; returns how many there were."""
        count = 0
        for look in await self.unfinished():
            key = look_task(look.id, look.generation).key
            if await self.engine.state(key) is TaskState.ABSENT:
                async with self.store.transaction() as tx:
                    await self._submit(tx, look.id)
                count += 1
        return count

    async def save_found(
        self, tx: Tx, look_id: int, found: Scraped, known: Sequence[Known]
    ) -> None:
        """Keep what a look found, in place of what an earlier reading did."""
        await tx.run("links.drop_links", look_id=look_id)
        rows = [
            {
                "look_id": look_id,
                "number": number,
                "is_seen": int(mark.is_seen),
                "identity": mark.identity,
                **_link_row(link),
            }
            for number, (link, mark) in enumerate(zip(found.links, known, strict=True), start=1)
        ]
        await tx.many("links.insert_link", rows=rows)
        findings = json.dumps([asdict(one) for one in found.findings], default=str)
        await tx.run(
            "links.set_found", id=look_id, title=found.title, pages=found.pages, findings=findings
        )

    async def known(self, links: Sequence[Link]) -> list[Known]:
        """Return for each link what earlier looks and posts know of it."""
        async with self.store.transaction() as tx:
            found = await tx.each("links.seen", rows=[{"digest": digest(x.url)} for x in links])
            identities = [
                _identity(link, rows[0] if rows else None)
                for link, rows in zip(links, found, strict=True)
            ]
            keys = [{"fingerprint": identity} for identity in identities]
            published = await tx.each("links.published", rows=keys)
        return [
            Known(
                identity=identity,
                is_seen=bool(there) or any(_counts(row, identity) for row in rows),
            )
            for identity, rows, there in zip(identities, found, published, strict=True)
        ]

    async def pick(self, look_id: int, picked: Mapping[int, bool]) -> None:
        rows = [
            {"look_id": look_id, "number": number, "is_picked": int(wanted)}
            for number, wanted in picked.items()
        ]
        async with self.store.transaction() as tx:
            await tx.many("links.pick", rows=rows)

    async def view(
        self, look: Look, *, page: int | None = None, menu: str = "", mode: PullMode | None = None
    ) -> None:
        """Remember what of a list is shown."""
        async with self.store.transaction() as tx:
            await tx.run(
                "links.set_view",
                id=look.id,
                shown_page=look.shown_page if page is None else page,
                menu=menu,
                mode=(mode or look.mode).value,
            )

    async def unfed(self, look: Look, limit: int) -> list[FoundLink]:
        """Return picked links that the intake has not been given, in their order."""
        rows = await self.store.all(
            "links.unfed",
            look_id=look.id,
            smallest_first=int(look.smallest_first),
            limit=limit,
        )
        return [read_link(row) for row in rows]

    async def settle(
        self,
        tx: Tx,
        look_id: int,
        found: FoundLink,
        outcome: str,
        *,
        note: str = "",
        post_id: int | None = None,
    ) -> None:
        """Write what became of a link; what was taken is remembered for later looks."""
        await tx.run(
            "links.settle",
            look_id=look_id,
            number=found.number,
            outcome=outcome,
            note=note,
            post_id=post_id,
        )
        if outcome in {"accepted", "taken"}:
            await tx.run(
                "links.see",
                digest=digest(found.link.url),
                url=found.link.url,
                version=found.link.version,
                identity=found.identity,
                post_id=post_id,
                now=self._now(),
            )

    async def leave(self, look_id: int) -> None:
        """Give up what the intake has not been given."""
        async with self.store.transaction() as tx:
            await tx.run("links.leave", look_id=look_id)

    async def room(self, look_id: int) -> tuple[int, int]:
        """Return how many posts have not ended, and how many of them have bytes to move."""
        row = await self.store.one("links.room", look_id=look_id)
        return (int(row["open"]), int(row["busy"])) if row else (0, 0)

    async def is_stuck(self, look_id: int) -> bool:
        """Tell whether there are posts that have not ended, and all of them wait for a person."""
        row = await self.store.one("links.moving", look_id=look_id)
        return row is not None and bool(row["open"]) and not row["moving"]

    async def open_posts(self, look_id: int) -> list[int]:
        return [row["id"] for row in await self.store.all("links.open_posts", look_id=look_id)]

    async def tally(self, look_id: int) -> Tally:
        """Count what is picked by what became of it."""
        rows = await self.store.all("links.tally", look_id=look_id)
        sent = await self.store.one("links.sent", look_id=look_id)
        twins = await self.store.one("links.twins", look_id=look_id)
        if sent is None or twins is None:
            raise AssertionError("an aggregate always has a row")
        counts: dict[str, int] = {}
        for row in rows:
            kind = _kind(row["outcome"], row["state"])
            counts[kind] = counts.get(kind, 0) + int(row["links"])
        again = min(int(twins["links"]), counts.get("failed", 0))
        counts["failed"] = counts.get("failed", 0) - again
        counts["there"] = counts.get("there", 0) + again
        return Tally(
            **counts,
            asking=int(sent["asking"]),
            size_bytes=sum(int(row["size"]) for row in rows),
            fetched_bytes=sum(int(row["fetched"]) for row in rows),
            upload_bytes=int(sent["size"]),
            sent_bytes=int(sent["sent"]),
        )

    async def tidy(self) -> None:
        """See to looks without a task now and then, and forget old ones; never returns."""
        while True:
            await self.clock.sleep(TIDY_SECONDS)
            if taken_up := await self.recover():
                logger.warning("looks without a task taken up again", extra={"looks": taken_up})
            await self.forget()

    async def forget(self) -> None:
        """Drop looks that nobody works on any more; what was taken stays remembered."""
        before = (self.clock.now() - KEPT).timestamp()
        async with self.store.transaction() as tx:
            await tx.run("links.forget_links", before=before)
            await tx.run("links.forget_looks", before=before)
            await tx.run("boards.forget", before=before)


def look_task(look_id: int, generation: int) -> Task:
    return Task(
        kind="look",
        key=f"look:{look_id}#{generation}",
        args={"look_id": look_id},
        lock=f"look:{look_id}",
        queue="look",
    )


def _kind(outcome: str, state: str) -> str:
    if outcome != "accepted":
        return {"": "waiting", "taken": "there"}.get(outcome, outcome)
    ends = {"done": "live", "partly_failed": "partly", "failed": "failed"}
    return "cancelled" if state == "cancelled" else ends.get(state, "running")


def _identity(link: Link, row: Row | None) -> str:
    """Return what the ledger knows a link by: as if it were sent alone, until it changes."""
    alone = link_fingerprint(link.url)
    if row is None:
        return alone
    if not link.version or not row["version"] or row["version"] == link.version:
        return str(row["identity"])
    return f"{alone}@{digest(link.version)[:16]}"


def _counts(row: Row, identity: str) -> bool:
    """Return whether a link taken earlier counts: it is the same file and did not fail."""
    if row["identity"] != identity:
        return False
    return bool(row["is_twin"]) or row["state"] not in {"failed", "cancelled"}


def _link_row(link: Link) -> dict[str, Any]:
    return {
        "url": link.url,
        "digest": digest(link.url),
        "kind": link.kind.value,
        "title": link.title,
        "size_bytes": link.size_bytes,
        "duration_seconds": link.duration_seconds,
        "version": link.version,
        "trouble": link.trouble,
        "page": link.page,
    }
