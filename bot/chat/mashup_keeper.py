"""What happens to drafts by itself: what was sent arrives, and what nobody touches is put away."""

from __future__ import annotations

import logging

from bot.chat.deps import ChatDeps
from bot.chat.mashup_show import end_board, put_draft
from core.errors import TransitionError
from core.store.base import Tx
from core.studio.addition import Addition, AdditionState
from core.studio.drafts import TIDY_SECONDS, Draft
from core.studio.wizard import SENT_AS, Looking, Step, chosen, following, with_asset
from workers.waits import wait_event

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.5
"""Least time between two looks at what has arrived."""


class MashupKeeper:
    """Looks after the drafts while the chat runs."""

    def __init__(self, deps: ChatDeps) -> None:
        self._deps = deps
        self._newest: int | None = None
        """The asset that was added last when lists were drawn."""

    async def run(self) -> None:
        """Look whenever something changes, and now and then; never returns."""
        clock, drafts = self._deps.clock, self._deps.mashups
        tidied_at = clock.monotonic() - TIDY_SECONDS
        while True:
            changed = self._deps.posts.next_change()
            await self.look()
            await self.refresh()
            if clock.monotonic() - tidied_at >= TIDY_SECONDS:
                tidied_at = clock.monotonic()
                await drafts.give_up(self._expired)
                await drafts.forget()
            await clock.sleep(PAUSE_SECONDS)
            await wait_event(changed, clock, TIDY_SECONDS)

    async def look(self) -> None:
        """Let drafts take what was sent for them and is in the library now."""
        for draft in await self._deps.mashups.followed():
            addition = await self._deps.additions.get(draft.addition_id or 0)
            try:
                await self._take(draft, addition)
            except TransitionError:
                # A button was pressed meanwhile; the next look finds the draft again.
                logger.info("draft changed meanwhile", extra={"draft": draft.id})

    async def refresh(self) -> None:
        """Draw lists anew when the library has more: who was told to add something looks there."""
        newest = await self._deps.mashups.newest_asset()
        if self._newest is not None and newest > self._newest:
            for draft in await self._deps.mashups.choosing():
                async with self._deps.store.transaction() as tx:
                    row = await tx.one("mashups.get", id=draft.id)
                    if row is not None and row["version"] == draft.version:
                        await put_draft(self._deps, draft, tx=tx)
        self._newest = newest

    async def _take(self, draft: Draft, addition: Addition | None) -> None:
        choices, step, looking = draft.choices, draft.step, draft.looking
        asset_id = addition.asset_id if addition else None
        asset = await self._deps.library.get(asset_id) if asset_id else None
        if addition is not None and asset is not None:
            steps = (one for one, kind in SENT_AS.items() if kind is asset.kind)
            meant = next(steps, Step.SOURCE)
            if step is meant or chosen(choices, meant) is None:
                choices = with_asset(choices, meant, asset.id)
            step = following(step) if step is meant else step
            key = "mashup_note_added" if addition.is_new else "mashup_note_known"
            looking = Looking(note=key, note_facts={"name": asset.name})
        elif addition is not None and addition.state is AdditionState.FAILED:
            looking = looking.model_copy(update={"note": "mashup_note_not_added"})
        else:
            looking = looking.model_copy(update={"note": ""})
        async with self._deps.store.transaction() as tx:
            saved = await self._deps.mashups.save(
                draft, step=step, choices=choices, looking=looking, addition_id=None, tx=tx
            )
            await put_draft(self._deps, saved, tx=tx)
            if step is not draft.step and asset is not None:
                await self._point(tx, saved, asset.name)

    async def _point(self, tx: Tx, draft: Draft, name: str) -> None:
        """Lead back to the message of a draft: what was sent, and its questions, stand below."""
        board = await tx.one("boards.get", name=draft.board)
        about = board["message_id"] if board else None
        if about is not None:
            facts = {"name": name}
            await self._deps.posts.say(
                draft.chat_id, "mashup_goes_on", facts=facts, reply_to=about, tx=tx
            )

    async def _expired(self, tx: Tx, draft: Draft) -> None:
        await end_board(self._deps, draft, "expired", tx=tx)
