"""Many mashups at once: /mashup 20 upbeat, what would be made, and one confirmation."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from aiogram.types import CallbackQuery, Message, User

from bot.chat.deps import ChatDeps
from bot.chat.mashup_page import caption_of, moods, places
from bot.chat.mashup_plan import digest_of, plan
from bot.chat.mashup_show import end_board, put_draft, show_draft
from bot.chat.mashup_text import MashupAction
from bot.chat.texts import plain, say
from bot.chat.voice import Voice
from core.errors import RefusedError
from core.studio.drafts import Draft, DraftState
from core.studio.queueing import NewRender
from core.studio.wizard import MOST_AT_ONCE, Choices, Looking, Step, toggled

SEEDS = 100_000


async def begin(
    message: Message,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    count: int,
    words: str,
    *,
    instead: Draft | None,
) -> None:
    """Show what would be made; an order or a draft of before makes room.

    Raises:
        RefusedError: too many, or no music has the mood that is asked for.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise RefusedError("mashup_many_usage", most=MOST_AT_ONCE)
    mood = await _mood(deps, words, count)
    habits = await deps.mashups.habits(user.id)
    choices = Choices(
        count=count,
        mood=mood,
        seed=random.SystemRandom().randrange(SEEDS),
        aspect=habits.aspect,
        seconds=habits.seconds,
    )
    looking = Looking(plan=digest_of(await plan(deps, choices)))
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            if instead is not None:
                await deps.mashups.end(tx, instead, DraftState.LEFT)
                await end_board(deps, instead, "left", tx=tx)
            draft = await deps.mashups.create(
                tx,
                chat_id=message.chat.id,
                user_id=user.id,
                message_id=message.message_id,
                choices=choices,
                looking=looking,
                step=Step.REVIEW,
                is_many=True,
            )
            await put_draft(deps, draft, tx=tx)
    voice.has_spoken = True


async def _mood(deps: ChatDeps, words: str, count: int) -> str:
    """Return the mood that the words name; empty without words."""
    if not words:
        return ""
    known = await moods(deps)
    spoken = f" {' '.join(words.casefold().split())} "
    found = [mood for mood in known if f" {mood.casefold()} " in spoken]
    if found:
        return max(found, key=len)
    if not known:
        raise RefusedError("mashup_many_no_moods", count=count)
    raise RefusedError("mashup_many_mood", mood=words[:40], known=known)


async def press(
    query: CallbackQuery, callback_data: MashupAction, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Do what a button of an order says."""
    del query
    number = callback_data.draft_id
    draft = await deps.mashups.get(number) if 0 < number < 2**62 else None
    if draft is None or draft.state is not DraftState.OPEN or not draft.is_many:
        await voice.acknowledge(plain(say("mashup_closed")))
        return
    if draft.user_id != user.id:
        await voice.acknowledge(plain(say("mashup_not_yours")))
        return
    await voice.acknowledge()
    match callback_data.action:
        case "go":
            await _go(deps, voice, draft)
        case "leave":
            await _leave(deps, voice, draft)
        case "another":
            await _change(deps, voice, draft, seed=(draft.choices.seed or 0) + 1)
        case "account":
            accounts = toggled(draft.choices.accounts, callback_data.value)
            await _change(deps, voice, draft, accounts=accounts)
        case "group":
            groups = toggled(draft.choices.groups, callback_data.value)
            await _change(deps, voice, draft, groups=groups)
        case "only":
            await _change(deps, voice, draft, accounts=(), groups=())
        case _:
            raise RefusedError("old_button")


async def _change(deps: ChatDeps, voice: Voice, draft: Draft, **changes: Any) -> None:
    choices = draft.choices.model_copy(update=changes)
    looking = Looking(plan=digest_of(await plan(deps, choices)))
    saved = await deps.mashups.save(draft, choices=choices, looking=looking)
    await show_draft(deps, voice, saved)


async def _leave(deps: ChatDeps, voice: Voice, draft: Draft) -> None:
    async with deps.store.transaction() as tx:
        await deps.mashups.end(tx, draft, DraftState.LEFT)
        await end_board(deps, draft, "left", tx=tx)
    await end_board(deps, draft, "left", voice=voice)


async def _go(deps: ChatDeps, voice: Voice, draft: Draft) -> None:
    """Send all of them to be made, exactly those that were shown."""
    made = await plan(deps, draft.choices)
    if (digest := digest_of(made)) != draft.looking.plan:
        looking = Looking(plan=digest, note="mashup_many_changed")
        await show_draft(deps, voice, await deps.mashups.save(draft, looking=looking))
        return
    caption = caption_of(draft.choices, await places(deps))
    if draft.choices.is_published and not draft.choices.post:
        raise RefusedError("mashup_write_post")
    wanted = [
        NewRender(
            mashup=one,
            user_id=draft.user_id,
            chat_id=draft.chat_id,
            reply_to=draft.message_id,
            caption=caption,
            name=f"{number}/{len(made)}",
        )
        for number, one in enumerate(made, start=1)
    ]
    async with deps.store.transaction() as tx:
        await deps.mashups.end(tx, draft, DraftState.DONE)
        row = await tx.one("renders.next_batch")
        for one in wanted:
            batch_id = int(row["id"]) if row else 1
            _ = await deps.renders.create(tx, replace(one, batch_id=batch_id))
        await end_board(deps, draft, "sent_many", tx=tx, count=len(made))
    await end_board(deps, draft, "sent_many", voice=voice, count=len(made))
