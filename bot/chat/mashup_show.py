"""The one message of a draft: put on the board, or changed at once where a button was pressed."""

from __future__ import annotations

from typing import Any

from bot.chat.boards import draw_board
from bot.chat.deps import ChatDeps
from bot.chat.mashup_page import wizard_facts
from bot.chat.mashup_plan import many_facts
from bot.chat.mashup_text import ENDED, MANY, WIZARD
from bot.chat.texts import Markup
from bot.chat.voice import Voice
from core.posts.boards import Board
from core.store.base import Tx
from core.studio.drafts import Draft


async def put_draft(deps: ChatDeps, draft: Draft, *, tx: Tx) -> None:
    """Want the message of a draft shown, inside the caller's transaction."""
    sentence, facts = await _shown(deps, draft)
    await deps.posts.put_board(
        draft.board,
        sentence,
        facts,
        chat_id=draft.chat_id,
        reply_to=draft.message_id,
        tx=tx,
    )
    tx.after_commit(deps.posts.changed)


async def show_draft(deps: ChatDeps, voice: Voice, draft: Draft) -> None:
    """Show the message of a draft as it stands now."""
    sentence, facts = await _shown(deps, draft)
    if voice.is_press:
        await _show(deps, voice, draft, sentence, facts)
        return
    await deps.posts.put_board(
        draft.board, sentence, facts, chat_id=draft.chat_id, reply_to=draft.message_id
    )
    deps.posts.changed()


async def end_board(
    deps: ChatDeps,
    draft: Draft,
    end: str,
    *,
    tx: Tx | None = None,
    voice: Voice | None = None,
    **more: object,
) -> None:
    """Show what became of a draft: wanted with ``tx`` first, then shown at once with ``voice``.

    A process that is killed in between leaves the message to the outbox.
    """
    facts: dict[str, Any] = {"draft_id": draft.id, "end": end, **more}
    if tx is not None:
        await deps.posts.put_board(
            draft.board,
            ENDED,
            facts,
            chat_id=draft.chat_id,
            reply_to=draft.message_id,
            final=True,
            tx=tx,
        )
        tx.after_commit(deps.posts.changed)
    if voice is not None:
        await _show(deps, voice, draft, ENDED, facts, final=True)


async def take_message(draft: Draft, message_id: int, *, tx: Tx) -> None:
    """Let the message whose button was pressed show the draft, and no other one."""
    await tx.run(
        "mashups.take_message",
        name=draft.board,
        chat_id=draft.chat_id,
        message_id=message_id,
    )


async def _shown(deps: ChatDeps, draft: Draft) -> tuple[str, dict[str, Any]]:
    if draft.is_many:
        return MANY, await many_facts(deps, draft)
    return WIZARD, await wizard_facts(deps, draft)


async def _show(
    deps: ChatDeps,
    voice: Voice,
    draft: Draft,
    sentence: str,
    facts: dict[str, Any],
    *,
    final: bool = False,
) -> None:
    drawn = draw_board(Board(name=draft.board, sentence=sentence, facts=facts))
    if voice.message is not None:
        async with deps.store.transaction() as tx:
            await take_message(draft, voice.message.message_id, tx=tx)
    await deps.posts.show_board(draft.board, sentence, facts, drawn.digest, final=final)
    await voice.show(Markup(drawn.text), drawn.rows)
