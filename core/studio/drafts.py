"""Mashups that people put together, as the store keeps them: nothing of them is in memory."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal

from core.errors import RefusedError, TransitionError
from core.settings import PolicySettings
from core.store.base import Row, Store, Tx
from core.studio.wizard import Choices, Looking, Step, habits_of
from utils.clock import Clock

logger = logging.getLogger(__name__)

TIDY_SECONDS = 300.0
KEPT = timedelta(days=14)
"""So long a draft is kept that was ended."""
CAPTIONS_KEPT = timedelta(days=60)
"""So long subtitles are kept, for what is made with them once more."""
FRESH = timedelta(minutes=30)
"""So long after the last press words and videos without a reply are meant for the draft."""


class DraftState(StrEnum):
    """Where a draft stands."""

    OPEN = "open"
    DONE = "done"
    """It was sent to be made."""
    LEFT = "left"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One mashup, or many of a kind, that somebody puts together."""

    id: int
    is_many: bool
    state: DraftState
    chat_id: int
    user_id: int
    message_id: int
    """The message that asked for it."""
    step: Step
    choices: Choices
    looking: Looking
    addition_id: int | None = None
    """What the person sent as its source and is not in the library yet."""
    version: int
    touched_at: float

    @property
    def board(self) -> str:
        return f"mashup:{self.id}"


Ended = Callable[[Tx, Draft], Awaitable[None]]


@dataclass(slots=True)
class Drafts:
    """Reads and writes drafts; each change is a compare-and-set of the version that was read."""

    store: Store
    clock: Clock
    folder: Path
    """Where subtitles lie that people sent."""
    expire: timedelta | None = None
    """How long nobody may touch a draft; None: for ever."""
    rules: PolicySettings = field(default_factory=PolicySettings)
    """What mashups must keep to."""
    loudness: float | None = -14.0
    """Of what is made, in LUFS."""

    def _now(self) -> float:
        return self.clock.now().timestamp()

    async def create(
        self,
        tx: Tx,
        *,
        chat_id: int,
        user_id: int,
        message_id: int,
        choices: Choices,
        step: Step = Step.SOURCE,
        looking: Looking | None = None,
        is_many: bool = False,
    ) -> Draft:
        """Keep a new draft; the person has no other open one in this chat."""
        draft = Draft(
            id=0,
            is_many=is_many,
            state=DraftState.OPEN,
            chat_id=chat_id,
            user_id=user_id,
            message_id=message_id,
            step=step,
            choices=choices,
            looking=looking or Looking(),
            version=1,
            touched_at=self._now(),
        )
        row = await tx.one(
            "mashups.insert",
            kind="many" if is_many else "one",
            chat_id=chat_id,
            user_id=user_id,
            message_id=message_id,
            step=step.value,
            choices=choices.model_dump_json(),
            look=draft.looking.model_dump_json(),
            now=draft.touched_at,
        )
        if row is None:
            raise AssertionError("an insert returns its id")
        return replace(draft, id=int(row["id"]))

    async def require(self, draft_id: int) -> Draft:
        """Return a draft that is open.

        Raises:
            RefusedError: ``mashup_closed``; it ended, or was never there.
        """
        row = await self.store.one("mashups.get", id=draft_id)
        draft = read_draft(row) if row else None
        if draft is None or draft.state is not DraftState.OPEN:
            raise RefusedError("mashup_closed")
        return draft

    async def get(self, draft_id: int) -> Draft | None:
        row = await self.store.one("mashups.get", id=draft_id)
        return read_draft(row) if row else None

    async def open(self, chat_id: int, user_id: int) -> Draft | None:
        """Return the draft that a person works on in a chat."""
        row = await self.store.one("mashups.open", chat_id=chat_id, user_id=user_id)
        return read_draft(row) if row else None

    async def by_message(self, chat_id: int, message_id: int) -> Draft | None:
        """Return the draft that a message shows."""
        row = await self.store.one("mashups.by_message", chat_id=chat_id, message_id=message_id)
        return read_draft(row) if row else None

    async def by_addition(self, addition_id: int) -> Draft | None:
        """Return the open draft that waits for what somebody sent."""
        row = await self.store.one("mashups.by_addition", addition_id=addition_id)
        return read_draft(row) if row else None

    async def followed(self) -> list[Draft]:
        """Return the open drafts whose addition has ended."""
        return [read_draft(row) for row in await self.store.all("mashups.followed")]

    async def choosing(self) -> list[Draft]:
        """Return the fresh drafts whose step shows what is in the library."""
        since = self._now() - FRESH.total_seconds()
        return [read_draft(row) for row in await self.store.all("mashups.choosing", since=since)]

    async def newest_asset(self) -> int:
        row = await self.store.one("mashups.newest_asset")
        return int(row["id"]) if row else 0

    def is_fresh(self, draft: Draft) -> bool:
        """Return whether the person was at it a moment ago."""
        return self._now() - draft.touched_at <= FRESH.total_seconds()

    async def save(
        self,
        draft: Draft,
        *,
        step: Step | None = None,
        choices: Choices | None = None,
        looking: Looking | None = None,
        addition_id: int | Literal["same"] | None = "same",
        tx: Tx | None = None,
    ) -> Draft:
        """Change an open draft; another step begins with its first page.

        Raises:
            TransitionError: it was changed meanwhile, or has ended.
        """
        moved = step is not None and step is not draft.step
        changed = replace(
            draft,
            step=step or draft.step,
            choices=choices or draft.choices,
            looking=looking or (Looking() if moved else draft.looking),
            addition_id=draft.addition_id if addition_id == "same" else addition_id,
            version=draft.version + 1,
            touched_at=self._now(),
        )
        if tx is not None:
            await self._save(tx, changed)
            return changed
        async with self.store.transaction() as own:
            await self._save(own, changed)
        return changed

    async def _save(self, tx: Tx, draft: Draft) -> None:
        count = await tx.run(
            "mashups.save",
            id=draft.id,
            version=draft.version - 1,
            step=draft.step.value,
            choices=draft.choices.model_dump_json(),
            look=draft.looking.model_dump_json(),
            addition_id=draft.addition_id,
            now=draft.touched_at,
        )
        if count != 1:
            raise TransitionError(f"draft {draft.id} was changed meanwhile")

    async def end(self, tx: Tx, draft: Draft, state: DraftState) -> None:
        """End a draft; what was sent to be made is what its person begins with next time.

        Raises:
            TransitionError: it was changed meanwhile, or has ended.
        """
        count = await tx.run(
            "mashups.end",
            id=draft.id,
            version=draft.version,
            state=state.value,
            now=self._now(),
        )
        if count != 1:
            raise TransitionError(f"draft {draft.id} was changed meanwhile")
        if state is DraftState.DONE and not draft.is_many:
            choices = habits_of(draft.choices).model_dump_json()
            await tx.run("mashups.keep_habits", user_id=draft.user_id, choices=choices)

    async def habits(self, user_id: int) -> Choices:
        """Return what a person's next mashup begins with."""
        row = await self.store.one("mashups.habits", user_id=user_id)
        return Choices.model_validate_json(row["choices"]) if row else Choices()

    # Subtitles

    def keep_captions(self, content: bytes, suffix: str) -> str:
        """Keep subtitles under a name of our own; return it."""
        name = f"{hashlib.sha256(content).hexdigest()[:32]}{suffix}"
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / name
        part = path.with_name(f".{name}.part")
        part.write_bytes(content)
        part.replace(path)
        return name

    def captions_path(self, name: str) -> Path:
        return self.folder / Path(name).name

    # What nobody touches

    async def give_up(self, follow: Ended) -> int:
        """End drafts that nobody touched for too long; return how many.

        ``follow`` tells the chat, in the commit that gives a draft up.
        """
        if self.expire is None:
            return 0
        before = self._now() - self.expire.total_seconds()
        rows = await self.store.all("mashups.expired", before=before)
        count = 0
        for draft in map(read_draft, rows):
            try:
                async with self.store.transaction() as tx:
                    await self.end(tx, draft, DraftState.EXPIRED)
                    await follow(tx, draft)
            except TransitionError:
                logger.info("draft was touched meanwhile", extra={"draft": draft.id})
            else:
                count += 1
        return count

    async def forget(self) -> None:
        """Drop drafts that ended long ago, and subtitles that nobody sent lately."""
        before = self._now() - KEPT.total_seconds()
        async with self.store.transaction() as tx:
            await tx.run("mashups.forget", before=before)
        if self.expire is not None:
            kept = max(CAPTIONS_KEPT, 2 * self.expire)
            await asyncio.to_thread(self._forget_captions, self._now() - kept.total_seconds())

    def _forget_captions(self, before: float) -> None:
        for path in self.folder.glob("*"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)


def read_draft(row: Row) -> Draft:
    return Draft(
        id=int(row["id"]),
        is_many=row["kind"] == "many",
        state=DraftState(row["state"]),
        chat_id=row["chat_id"],
        user_id=row["user_id"],
        message_id=row["message_id"],
        step=Step(row["step"]),
        choices=Choices.model_validate_json(row["choices"]),
        looking=Looking.model_validate_json(row["look"]),
        addition_id=row["addition_id"],
        version=int(row["version"]),
        touched_at=row["touched_at"],
    )
