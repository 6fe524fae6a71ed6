"""What the chat still has to show: cards that changed and messages that are said once."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.posts.boards import Boards
from core.posts.records import dump, require_time, to_time
from core.store.base import Row, Store, Tx
from utils.clock import Clock

EDIT_SECONDS = 3.0
"""Least time between two edits of one card.

Source: shared budget of sends and edits, about 20 a minute in one chat (TDLib's maintainer,
tdlib/td issues 2592 and 3034), read 2026-11-21.
"""
BATCH_EDIT_SECONDS = 6.0
"""The same for the card of a batch, which changes all the time for hours."""

NEXT_DUE = ("chat.next_due", "batches.next_due", "boards.next_due")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The one message that follows a post, or a batch of them."""

    post_id: int
    """0 for the card of a batch and for a board."""
    chat_id: int
    reply_to: int
    message_id: int | None
    wanted: int
    shown: int
    digest: str
    final: bool
    due_at: datetime
    batch_id: int = 0
    board: str = ""
    """Name of the board that it is, see ``core/posts/boards.py``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxMessage:
    """A message that is said once; ``sentence`` is a key of the texts."""

    id: int
    chat_id: int
    reply_to: int
    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)
    buttons: list[dict[str, str]] = field(default_factory=list)
    post_id: int | None = None
    tries: int = 0


class Notices(Boards):
    """Reads and writes what the chat has to show."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def _seconds(self) -> float:
        return self._clock.now().timestamp()

    async def due_cards(self, limit: int = 50) -> list[Card]:
        due = {"now": self._seconds(), "limit": limit}
        rows = await self._store.all("chat.due_cards", **due)
        batches = await self._store.all("batches.due_cards", **due)
        boards = await self._store.all("boards.due_cards", **due)
        return [_read_card(row) for row in (*rows, *batches, *boards)]

    async def card(self, post_id: int) -> Card | None:
        row = await self._store.one("chat.card", post_id=post_id)
        return _read_card(row) if row else None

    async def batch_card_sent(self, card: Card, message_id: int, digest: str) -> None:
        """The same as `card_sent` for the card of a batch."""
        due = self._seconds() + (BATCH_EDIT_SECONDS if digest != card.digest else 0.0)
        async with self._store.transaction() as tx:
            await tx.run(
                "batches.card_sent",
                batch_id=card.batch_id,
                message_id=message_id,
                wanted=card.wanted,
                digest=digest,
                due_at=due,
            )

    async def board_sent(self, card: Card, message_id: int, digest: str) -> None:
        """The same as `card_sent` for a board."""
        due = self._seconds() + (EDIT_SECONDS if digest != card.digest else 0.0)
        async with self._store.transaction() as tx:
            await tx.run(
                "boards.card_sent",
                name=card.board,
                message_id=message_id,
                wanted=card.wanted,
                digest=digest,
                due_at=due,
            )

    async def card_sent(
        self, post_id: int, message_id: int, wanted: int, digest: str, *, edited: bool = True
    ) -> None:
        """Record what the chat shows now: the id and the version in one commit.

        ``edited`` is False when nothing had to be sent since it shows that already.
        """
        due = self._seconds() + (EDIT_SECONDS if edited else 0.0)
        async with self._store.transaction() as tx:
            await tx.run(
                "chat.card_sent",
                post_id=post_id,
                message_id=message_id,
                wanted=wanted,
                digest=digest,
                due_at=due,
            )

    async def card_later(self, card: Card, due_at: datetime) -> None:
        name, key = _card_key(card)
        async with self._store.transaction() as tx:
            await tx.run(f"{name}.card_later", due_at=due_at.timestamp(), **key)

    async def card_lost(self, card: Card) -> None:
        """The message of the card is gone; a new one is sent."""
        name, key = _card_key(card)
        async with self._store.transaction() as tx:
            await tx.run(f"{name}.card_lost", **key)

    async def due_messages(self, limit: int = 50) -> list[OutboxMessage]:
        rows = await self._store.all("chat.due_messages", now=self._seconds(), limit=limit)
        return [
            OutboxMessage(
                id=row["id"],
                chat_id=row["chat_id"],
                reply_to=row["reply_to"],
                sentence=row["sentence"],
                facts=json.loads(row["facts"]),
                buttons=json.loads(row["buttons"]),
                post_id=row["post_id"],
                tries=row["tries"],
            )
            for row in rows
        ]

    async def message_sent(self, message: int, message_id: int) -> None:
        async with self._store.transaction() as tx:
            await tx.run(
                "chat.message_sent", id=message, message_id=message_id, now=self._seconds()
            )

    async def message_later(self, message: int, due_at: datetime) -> None:
        async with self._store.transaction() as tx:
            await tx.run("chat.message_later", id=message, due_at=due_at.timestamp())

    async def message_dropped(self, message: int, why: str) -> None:
        """Give up on a message that the chat refuses for good."""
        async with self._store.transaction() as tx:
            await tx.run("chat.message_sent", id=message, message_id=None, now=self._seconds())
            await tx.run("chat.set_fact", name=f"dropped:{message}", value=why)

    async def say(
        self,
        chat_id: int,
        sentence: str,
        *,
        facts: dict[str, Any] | None = None,
        buttons: list[dict[str, str]] | None = None,
        reply_to: int = 0,
        post_id: int | None = None,
        tx: Tx | None = None,
    ) -> None:
        """Queue a message, inside the caller's transaction when one is given."""
        params = {
            "chat_id": chat_id,
            "reply_to": reply_to,
            "sentence": sentence,
            "facts": dump(facts or {}),
            "buttons": dump(buttons or []),
            "post_id": post_id,
            "due_at": self._seconds(),
        }
        if tx is not None:
            await tx.one("chat.say", **params)
            return
        async with self._store.transaction() as own:
            await own.one("chat.say", **params)

    async def pause_chat(self, chat_id: int, until: datetime) -> None:
        async with self._store.transaction() as tx:
            await tx.run("chat.pause", chat_id=chat_id, until=until.timestamp())

    async def chat_gone(self, chat_id: int, why: str) -> None:
        async with self._store.transaction() as tx:
            await tx.run("chat.gone", chat_id=chat_id, why=why)

    async def chat_back(self, chat_id: int) -> None:
        """A person wrote again: the chat can be written to."""
        async with self._store.transaction() as tx:
            await tx.run("chat.back", chat_id=chat_id)

    async def touch_moving(self, moving: Iterable[Hashable]) -> None:
        """Want the cards drawn again whose uploads, downloads or renders move."""
        keys = list(moving)
        uploads = [key for key in keys if isinstance(key, int)]
        named = [key for key in keys if isinstance(key, tuple)]
        posts = [key[1] for key in named if key[0] in {"post", "fit"}]
        renders = [key[1] for key in named if key[0] == "render"]
        if not keys:
            return
        async with self._store.transaction() as tx:
            for upload_id in uploads:
                await tx.run("chat.touch_upload", upload_id=upload_id)
            for post_id in posts:
                await tx.run("chat.touch_post", post_id=post_id)
            for render_id in renders:
                await tx.run("mashups.touch_render", render_id=render_id)

    async def move_chat(self, chat_id: int, to: int) -> None:
        """A group became a supergroup: everything for it goes to the new id."""
        async with self._store.transaction() as tx:
            for what in ("chat.move_cards", "chat.move_outbox", "chat.move_posts"):
                await tx.run(what, chat_id=chat_id, to=to)
            for what in ("batches.move_cards", "batches.move_batches", "boards.move_chat"):
                await tx.run(what, chat_id=chat_id, to=to)
            await tx.run("people.move_chat", chat_id=chat_id, to=to)
            await tx.run("mashups.move_chat", chat_id=chat_id, to=to)

    async def next_due(self) -> datetime | None:
        """Return when the earliest card or message may be sent."""
        rows = [await self._store.one(name) for name in NEXT_DUE]
        times = [row["due"] for row in rows if row is not None and row["due"] is not None]
        return to_time(min(times, default=None))

    async def fact(self, name: str) -> str | None:
        row = await self._store.one("chat.fact", name=name)
        return row["value"] if row else None

    async def set_fact(self, name: str, value: str) -> None:
        async with self._store.transaction() as tx:
            await tx.run("chat.set_fact", name=name, value=value)

    async def seen(self, update_id: int) -> bool:
        return await self._store.one("posts.update_seen", update_id=update_id) is not None

    async def mark_seen(self, update_id: int) -> bool:
        """Remember an update; False when it was remembered already."""
        async with self._store.transaction() as tx:
            return await tx.run("posts.see_update", update_id=update_id, at=self._seconds()) == 1

    async def forget_updates(self, age: timedelta) -> int:
        before = self._seconds() - age.total_seconds()
        async with self._store.transaction() as tx:
            return await tx.run("posts.forget_updates", before=before)


def _card_key(card: Card) -> tuple[str, dict[str, int | str]]:
    """Return the subject of a card's statements and what they find it by."""
    if card.board:
        return "boards", {"name": card.board}
    if card.batch_id:
        return "batches", {"batch_id": card.batch_id}
    return "chat", {"post_id": card.post_id}


def _read_card(row: Row) -> Card:
    return Card(
        post_id=row.get("post_id", 0),
        batch_id=row.get("batch_id", 0),
        board=row.get("name", ""),
        chat_id=row["chat_id"],
        reply_to=row["reply_to"],
        message_id=row["message_id"],
        wanted=row["wanted"],
        shown=row["shown"],
        digest=row["digest"],
        final=bool(row["final"]),
        due_at=require_time(row["due_at"]),
    )
