"""What a person says of files that come right after: ``/add template``, then the file.

Who forwards files and writes a line to them sends the line first, as a message of its own.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from core.store.base import Store, Tx

TOGETHER_SECONDS = 10.0
"""Files that are forwarded with one line come within so many seconds of it."""
KEPT_SECONDS = 600.0
"""So long a file is waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """A line whose file was still to come."""

    words: str
    """What stood after the command."""
    at: float
    """When it was sent, in Telegram's time."""
    is_taken: bool = False
    """Whether a file came; more of those that were forwarded with it may follow."""

    def covers(self, at: float, *, is_forwarded: bool, has_words: bool) -> bool:
        """Tell whether it was said of a file that came at this time.

        A file of one's own that has words itself is about something else.
        """
        if self.is_taken:
            return is_forwarded and at - self.at <= TOGETHER_SECONDS
        return at - self.at <= KEPT_SECONDS and (is_forwarded or not has_words)

    def taken(self) -> Announced:
        return replace(self, is_taken=True)


async def announce(tx: Tx, chat_id: int, user_id: int, line: Announced) -> None:
    """Remember a line; it takes the place of the one before."""
    name, value = _name(chat_id, user_id), json.dumps(asdict(line))
    await tx.run("chat.set_fact", name=name, value=value)


async def announced(store: Store, chat_id: int, user_id: int) -> Announced | None:
    """Return the last line of a person in a chat."""
    row = await store.one("chat.fact", name=_name(chat_id, user_id))
    return Announced(**json.loads(row["value"])) if row else None


def _name(chat_id: int, user_id: int) -> str:
    return f"add:{chat_id}:{user_id}"
