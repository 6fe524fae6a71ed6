"""The queue of updates and its one poller."""

from __future__ import annotations

import asyncio
from typing import Any

from utils.sandbox.server import Sandbox
from utils.sandbox.telegram.errors import TelegramError, conflict
from utils.sandbox.telegram.state import State

JSON = dict[str, Any]

LIFE_SECONDS = 24 * 3600.0
FIRST_ID = 100_000_000
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
UPDATE_TYPES = frozenset(
    {
        *("message", "edited_message", "channel_post", "edited_channel_post"),
        *("business_connection", "business_message", "edited_business_message"),
        *("deleted_business_messages", "guest_message", "message_reaction", "inline_query"),
        *("message_reaction_count", "chosen_inline_result", "callback_query"),
        *("shipping_query", "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer"),
        *("my_chat_member", "chat_member", "chat_join_request", "chat_boost"),
        *("removed_chat_boost", "managed_bot"),
    }
)
OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
LATE_SECONDS = 3.0
"""How long a conflict is answered late when another one came within this time."""


class Updates:
    """Keeps each update until it is confirmed or a day old.

    Switches: ``duplicate_updates`` gives each one twice with the same id, and
    ``unknown_updates`` puts an update of a type nobody knows before each, and a field nobody
    knows into each.
    """

    def __init__(self, sandbox: Sandbox, service: str, state: State) -> None:
        self._sandbox = sandbox
        self._service = service
        self._settings = state.settings
        self._updates = sandbox.collection("telegram.updates")
        self._signal = asyncio.Event()
        self._poll = 0
        """Number of the newest poll; an older one that still waits is told to end."""
        self._end_reason = OTHER_POLLER
        self._conflict_at = float("-inf")

    def __len__(self) -> int:
        return len(self._updates)

    def reset(self) -> None:
        self._conflict_at = float("-inf")
        self.wake()

    def add(self, kind: str, payload: JSON) -> int | None:
        """Queue an update and return its id, None when the bot did not ask for its kind."""
        if kind not in self.allowed():
            return None
        body = {kind: payload}
        if self._switch("unknown_updates"):
            self._put({"quantum_entanglement": {"spin": "up"}})
            body["not_in_any_schema"] = {"value": 1}
        update_id = self._put(body)
        self.wake()
        return update_id

    def _put(self, body: JSON) -> int:
        update_id = FIRST_ID + self._updates.next_id()
        update = {"update_id": update_id, **body}
        self._updates.put(str(update_id), {"at": self._sandbox.clock.now(), "update": update})
        return update_id

    def allowed(self) -> frozenset[str]:
        """Return the kinds the bot wants; the list it named last is remembered."""
        named = (self._settings.get("allowed_updates") or {}).get("names")
        return frozenset(named) if named else UPDATE_TYPES - NOT_BY_DEFAULT

    def named(self) -> list[str]:
        """Return the list as the bot gave it, empty for the default."""
        return list((self._settings.get("allowed_updates") or {}).get("names") or [])

    def allow(self, names: list[Any] | None) -> None:
        """Remember a list; None keeps the last, an empty one goes back to the default."""
        if names is None:
            return
        known = [name for name in names if name in UPDATE_TYPES]
        self._settings.put("allowed_updates", {"names": known})

    def pending(self) -> list[JSON]:
        """Return unconfirmed updates in order; those older than a day are gone."""
        oldest = self._sandbox.clock.now() - LIFE_SECONDS
        kept = []
        for key, row in self._updates.items():
            if row["at"] < oldest:
                self._updates.delete(key)
            else:
                kept.append(row["update"])
        return kept

    def confirm(self, update_id: int) -> None:
        self._updates.delete(str(update_id))

    def drop_all(self) -> None:
        self._updates.clear()

    def wake(self) -> None:
        """Let everyone who waits look again."""
        self._signal.set()
        self._signal = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Wait until something changes, at most that long."""
        try:
            async with asyncio.timeout(seconds):
                await self._signal.wait()
        except TimeoutError:
            return

    def end_poll(self, reason: str) -> None:
        """Tell a waiting poller to end, with the reason as its conflict."""
        self._poll += 1
        self._end_reason = reason
        self.wake()

    async def poll(self, *, offset: int, limit: int, seconds: float) -> list[JSON]:
        """Confirm what is below `offset` and return what is there, waiting for the first.

        Raises:
            TelegramError: with 409 when another poller or a webhook takes over.
        """
        self.end_poll(OTHER_POLLER)
        mine = self._poll
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while True:
            if mine != self._poll:
                raise await self._conflict()
            batch = self._batch(offset, limit)
            left = deadline - loop.time()
            if batch or left <= 0:
                return batch
            await self.wait(left)

    def _batch(self, offset: int, limit: int) -> list[JSON]:
        pending = self.pending()
        if offset < 0:
            offset = pending[offset:][0]["update_id"] if pending else 0
        for update in pending:
            if update["update_id"] < offset:
                self.confirm(update["update_id"])
        batch = [update for update in pending if update["update_id"] >= offset][:limit]
        if self._switch("duplicate_updates"):
            return [update for update in batch for _ in range(2)][:limit]
        return batch

    async def _conflict(self) -> TelegramError:
        loop = asyncio.get_running_loop()
        reason = self._end_reason
        is_repeated = loop.time() - self._conflict_at < LATE_SECONDS
        self._conflict_at = loop.time()
        if is_repeated:
            await asyncio.sleep(LATE_SECONDS)
        return conflict(reason)

    def _switch(self, name: str) -> bool:
        return bool(self._sandbox.options.switch(self._service, name, default=False))
