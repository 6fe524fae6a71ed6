"""Additions as the store keeps them; the task that fetches one is submitted in the same commit."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.errors import RefusedError, TransitionError
from core.ports import Engine, Task, TaskState
from core.posts.repository import Posts
from core.store.base import Store, Tx
from core.studio.addition import Addition, AdditionState, Answers, Brought, read_addition
from core.studio.assets import read_asset
from core.studio.telling import ADDITION, addition_facts
from utils.clock import Clock

logger = logging.getLogger(__name__)

TIDY_SECONDS = 300.0
KEPT = timedelta(days=14)
"""So long an addition is kept that nobody works on, also one whose question stays open."""
CLOUD_BYTES = 20 * 1024 * 1024
"""Largest file that the cloud lets a bot fetch.

Source: Bot API, ``getFile``, 2026-06-18.
"""
OPEN = frozenset({AdditionState.ASKING, AdditionState.FETCHING})
MOST_OPEN = 50
"""Additions of one person that are asked for or fetched at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRules:
    """What may be added."""

    is_cloud: bool
    """Whether files come through Telegram's own servers, with their limit."""
    max_bytes: int
    """Largest file of the library; 0 for no limit."""


@dataclass(slots=True)
class Additions:
    """Reads and writes additions; each change is a compare-and-set."""

    store: Store
    clock: Clock
    engine: Engine
    rules: AddRules
    posts: Posts
    """Tells the chat, in the commit that changes something."""

    def _now(self) -> float:
        return self.clock.now().timestamp()

    def require_size(self, brought: Brought) -> None:
        """Refuse at once what is too large by what Telegram says of it.

        Raises:
            RefusedError: ``add_too_big_for_cloud`` or ``add_too_big``.
        """
        size = brought.size_bytes or 0
        limit = self.rules.max_bytes
        if limit and size > limit:
            raise RefusedError("add_too_big", size_bytes=size, limit_bytes=limit)
        is_cloud = self.rules.is_cloud and brought.source.get("kind") == "telegram"
        if is_cloud and size > CLOUD_BYTES:
            raise RefusedError("add_too_big_for_cloud", size_bytes=size, limit_bytes=CLOUD_BYTES)

    async def require_room(self, user_id: int) -> None:
        """Refuse more than one person can answer for.

        Raises:
            RefusedError: ``add_many``.
        """
        row = await self.store.one("additions.busy", user_id=user_id)
        if row is not None and int(row["busy"]) >= MOST_OPEN:
            raise RefusedError("add_many", most=MOST_OPEN)

    async def create(self, tx: Tx, brought: Brought) -> Addition:
        """Keep a new addition; where nothing has to be asked its file is fetched at once."""
        answers = brought.answers
        state = AdditionState.ASKING if answers.question else AdditionState.FETCHING
        row = await tx.one(
            "additions.insert",
            chat_id=brought.chat_id,
            user_id=brought.user_id,
            message_id=brought.message_id,
            source=json.dumps(dict(brought.source)),
            filename=brought.filename,
            size_bytes=brought.size_bytes,
            album=brought.album,
            answers=answers.model_dump_json(),
            state=state.value,
            now=self._now(),
        )
        if row is None:
            raise AssertionError("an insert returns its id")
        if state is AdditionState.FETCHING:
            await self._submit(tx, int(row["id"]))
        return await self._tell(tx, int(row["id"]))

    async def get(self, addition_id: int) -> Addition | None:
        row = await self.store.one("additions.get", id=addition_id)
        return read_addition(row) if row else None

    async def require(self, addition_id: int) -> Addition:
        """Return an addition.

        Raises:
            RefusedError: ``add_unknown``.
        """
        addition = await self.get(addition_id)
        if addition is None:
            raise RefusedError("add_unknown")
        return addition

    async def by_message(self, chat_id: int, message_id: int) -> Addition | None:
        """Return the addition that a message shows."""
        row = await self.store.one("additions.by_board", chat_id=chat_id, message_id=message_id)
        return read_addition(row) if row else None

    async def of_album(self, chat_id: int, album: str) -> Addition | None:
        """Return the first addition of an album."""
        row = await self.store.one("additions.of_album", chat_id=chat_id, album=album)
        return read_addition(row) if row else None

    async def beside(self, addition: Addition) -> list[Addition]:
        """Return what else of the album of an addition is still asked about."""
        if not addition.brought.album:
            return []
        rows = await self.store.all(
            "additions.beside",
            id=addition.id,
            chat_id=addition.brought.chat_id,
            user_id=addition.brought.user_id,
            album=addition.brought.album,
        )
        return [read_addition(row) for row in rows]

    async def answer(self, addition: Addition, answers: Answers) -> Addition:
        """Keep an answer; after the last one the file is fetched.

        Raises:
            TransitionError: it was answered meanwhile, or nothing is asked.
        """
        state = AdditionState.ASKING if answers.question else AdditionState.FETCHING
        async with self.store.transaction() as tx:
            changed = await tx.run(
                "additions.answer",
                id=addition.id,
                before=addition.stored_answers,
                answers=answers.model_dump_json(),
                state=state.value,
            )
            if changed != 1:
                raise TransitionError(f"addition {addition.id} was answered meanwhile")
            if state is AdditionState.FETCHING:
                await self._submit(tx, addition.id)
            return await self._tell(tx, addition.id)

    async def cancel(self, addition: Addition) -> None:
        """Take it back.

        Raises:
            TransitionError: it has ended.
        """
        if addition.state not in OPEN:
            raise TransitionError(f"addition {addition.id} has ended")
        await self._move(addition, AdditionState.CANCELLED)

    async def again(self, addition: Addition) -> None:
        """Fetch once more what failed.

        Raises:
            TransitionError: it did not fail.
        """
        if addition.state is not AdditionState.FAILED:
            raise TransitionError(f"addition {addition.id} did not fail")
        async with self.store.transaction() as tx:
            await self._change(tx, addition, AdditionState.FETCHING, tries=0)
            await self._submit(tx, addition.id)
            await self._tell(tx, addition.id)

    async def added(self, addition: Addition, asset_id: int, *, is_new: bool) -> None:
        """Note what became of it; an asset is new to one addition only.

        Raises:
            TransitionError: it was taken back meanwhile.
        """
        async with self.store.transaction() as tx:
            is_new = is_new and await tx.one("additions.of_asset", asset_id=asset_id) is None
            await self._change(
                tx, addition, AdditionState.ADDED, asset_id=asset_id, is_new=int(is_new)
            )
            await self._tell(tx, addition.id)

    async def is_told(self, asset_id: int) -> bool:
        """Return whether somebody was told that their file is this asset."""
        return await self.store.one("additions.of_asset", asset_id=asset_id) is not None

    async def fail(self, addition: Addition, note: str, facts: Mapping[str, Any]) -> None:
        await self._move(addition, AdditionState.FAILED, note=note, facts=facts)

    async def wait(self, addition: Addition, note: str, facts: Mapping[str, Any]) -> None:
        """Note why it cannot be fetched for now."""
        tries = addition.tries + 1
        await self._move(addition, AdditionState.FETCHING, note=note, facts=facts, tries=tries)

    async def _move(self, addition: Addition, state: AdditionState, **more: Any) -> None:
        async with self.store.transaction() as tx:
            await self._change(tx, addition, state, **more)
            await self._tell(tx, addition.id)

    async def is_moving(
        self, addition: Addition, *, done: int, total: int | None, is_told: bool = True
    ) -> bool:
        """Tell the chat how far the file is; False when it is not wanted any more."""
        async with self.store.transaction() as tx:
            row = await tx.one("additions.get", id=addition.id)
            if row is None or row["state"] != AdditionState.FETCHING.value:
                return False
            if is_told:
                await self._tell(tx, addition.id, done=done, total=total)
            return True

    async def _tell(
        self, tx: Tx, addition_id: int, *, done: int = 0, total: int | None = None
    ) -> Addition:
        """Want its message drawn anew, as it is now."""
        row = await tx.one("additions.get", id=addition_id)
        if row is None:
            raise AssertionError("it was there a moment ago")
        addition = read_addition(row)
        found = await tx.one("library.get", id=addition.asset_id) if addition.asset_id else None
        asset = read_asset(found) if found else None
        await self.posts.put_board(
            addition.board,
            ADDITION,
            addition_facts(addition, asset, done=done, total=total),
            chat_id=addition.brought.chat_id,
            reply_to=addition.brought.message_id,
            final=addition.state not in OPEN,
            tx=tx,
        )
        tx.after_commit(self.posts.changed)
        return addition

    async def _change(
        self,
        tx: Tx,
        addition: Addition,
        state: AdditionState,
        *,
        asset_id: int | None = None,
        is_new: int = 0,
        note: str = "",
        facts: Mapping[str, Any] | None = None,
        tries: int | None = None,
    ) -> None:
        changed = await tx.run(
            "additions.move",
            id=addition.id,
            before=addition.state.value,
            state=state.value,
            asset_id=asset_id,
            is_new=is_new,
            note=note,
            note_facts=json.dumps(dict(facts or {}), default=str),
            tries=addition.tries if tries is None else tries,
            now=self._now(),
        )
        if changed != 1:
            raise TransitionError(f"addition {addition.id} is not {addition.state} any more")

    async def _submit(self, tx: Tx, addition_id: int) -> None:
        row = await tx.one("additions.next_generation", id=addition_id)
        if row is None:
            raise AssertionError("it was there a moment ago")
        await self.engine.submit(add_task(addition_id, int(row["generation"])), tx)

    async def fetching(self) -> list[Addition]:
        return [read_addition(row) for row in await self.store.all("additions.fetching")]

    async def recover(self) -> int:
        """Give additions whose task was lost another one; return how many there were."""
        count = 0
        for addition in await self.fetching():
            key = add_task(addition.id, addition.generation).key
            if await self.engine.state(key) is TaskState.ABSENT:
                async with self.store.transaction() as tx:
                    await self._submit(tx, addition.id)
                count += 1
        return count

    async def tidy(self) -> None:
        """See to additions without a task now and then, and forget old ones; never returns."""
        while True:
            if taken_up := await self.recover():
                logger.warning("additions taken up again", extra={"additions": taken_up})
            before = (self.clock.now() - KEPT).timestamp()
            async with self.store.transaction() as tx:
                await tx.run("additions.forget", before=before)
                await tx.run("library_views.forget", before=before)
            await self.clock.sleep(TIDY_SECONDS)


def add_task(addition_id: int, generation: int) -> Task:
    return Task(
        kind="add",
        key=f"add:{addition_id}#{generation}",
        args={"addition_id": addition_id},
        lock=f"add:{addition_id}",
        queue="add",
    )
