"""Boards: one message of the chat about many posts, kept up to date by editing it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from core.posts.records import dump
from core.store.base import Store, Tx
from utils.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What a board shows; ``sentence`` names who draws it."""

    name: str
    """Such as ``look:3``."""
    sentence: str
    facts: dict[str, Any]


class Boards:
    """Reads and writes boards; part of what the chat has to show."""

    _store: Store
    _clock: Clock

    async def put_board(
        self,
        name: str,
        sentence: str,
        facts: dict[str, Any],
        *,
        chat_id: int,
        reply_to: int = 0,
        final: bool = False,
        tx: Tx | None = None,
    ) -> None:
        """Want a board shown so, inside the caller's transaction when one is given.

        The chat and the message that it answers are those of the first time.
        """
        params = {
            "name": name,
            "sentence": sentence,
            "facts": dump(facts),
            "chat_id": chat_id,
            "reply_to": reply_to,
            "final": int(final),
            "due_at": self._clock.now().timestamp(),
        }
        if tx is not None:
            await tx.run("boards.put", **params)
            return
        async with self._store.transaction() as own:
            await own.run("boards.put", **params)

    async def show_board(
        self, name: str, sentence: str, facts: dict[str, Any], digest: str, *, final: bool = False
    ) -> None:
        """Record what a pressed button makes the chat show, so that it is not sent again."""
        async with self._store.transaction() as tx:
            await tx.run(
                "boards.show",
                name=name,
                sentence=sentence,
                facts=dump(facts),
                digest=digest,
                final=int(final),
            )

    async def board(self, name: str) -> Board | None:
        row = await self._store.one("boards.get", name=name)
        if row is None:
            return None
        facts: dict[str, Any] = json.loads(row["facts"])
        return Board(name=row["name"], sentence=row["sentence"], facts=facts)
