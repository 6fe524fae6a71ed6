"""Many mashups at once: /mashup 20 upbeat, what would be made, and one confirmation."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from aiogram.types import CallbackQuery, Message, User

from bot.chat.deps import ChatDeps
from bot.chat.mashup_moves import choose, note
from bot.chat.mashup_page import caption_of, goes, moods, places
from bot.chat.mashup_plan import plan
from bot.chat.mashup_show import end_board, put_draft, show_draft
from bot.chat.mashup_text import MashupAction
from bot.chat.routers import mashup_list
from bot.chat.routers.mashup_list import Act
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import plain, say
from bot.chat.voice import Voice
from core.errors import RefusedError
from core.studio.drafts import Draft, DraftState
from core.studio.errors import StudioError
from core.studio.naming import MOST_NAMED, named
from core.studio.order_line import read_order
from core.studio.orders import digest_of, names_of
from core.studio.queueing import NewRender
from core.studio.wizard import (
    ASSET_STEPS,
    MANY_FIELDS,
    MOST_AT_ONCE,
    Choices,
    Looking,
    Step,
    narrowed,
    toggled,
)

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
        RefusedError: too many, no music has the mood that is asked for, or something that is
            named is not in the library.
    """
    if not 1 <= count <= MOST_AT_ONCE:
        raise RefusedError("mashup_many_usage", most=MOST_AT_ONCE)
    line = read_order(words)
    mood = await _mood(deps, " ".join(filter(None, (line.words, line.mood))), count)
    said = (line.sources, line.templates, line.music)
    wanted = {
        field: await named(deps.library, text, step)
        for (step, field), text in zip(MANY_FIELDS.items(), said, strict=True)
    }
    habits = await deps.mashups.habits(user.id)
    choices = Choices(
        count=count,
        mood=mood,
        seed=random.SystemRandom().randrange(SEEDS),
        aspect=habits.aspect,
        seconds=habits.seconds,
        **wanted,
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


def mood_in(words: str, known: Sequence[str]) -> str:
    """Return the mood that words name; empty where they name none."""
    said = f" {' '.join(words.casefold().split())} "
    return max((mood for mood in known if f" {mood.casefold()} " in said), key=len, default="")


async def _mood(deps: ChatDeps, words: str, count: int) -> str:
    """Return the mood that the words name; empty without words."""
    if not words:
        return ""
    known = await moods(deps)
    if found := mood_in(words, known):
        return found
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
    act = _act_of(draft, callback_data.action)
    if act is None:
        await voice.acknowledge(plain(say("mashup_moved")))
        await show_draft(deps, voice, draft)
        return
    await voice.acknowledge()
    await act(deps, voice, draft, callback_data.value)


def _act_of(draft: Draft, action: str) -> Act | None:
    """Return what a button does; None where it is of a message of before.

    Raises:
        RefusedError: ``old_button``; there is no such button.
    """
    if action == "leave":
        return _leave
    if action not in _BOARD and action not in _LIST:
        raise RefusedError("old_button")
    return (_LIST if draft.step in MANY_FIELDS else _BOARD).get(action)


async def _another(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await _change(deps, voice, draft, seed=(draft.choices.seed or 0) + 1)


async def _account(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await _change(deps, voice, draft, accounts=toggled(draft.choices.accounts, value))


async def _group(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await _change(deps, voice, draft, groups=toggled(draft.choices.groups, value))


async def _only(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await _change(deps, voice, draft, accounts=(), groups=())


async def _twins(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await _change(deps, voice, draft, twins=not draft.choices.twins)


async def _change(
    deps: ChatDeps,
    voice: Voice,
    draft: Draft,
    step: Step | None = None,
    told: str = "",
    **changes: Any,
) -> None:
    """Change what was chosen, and show what would be made now, or why nothing can be."""
    choices = draft.choices.model_copy(update=changes)
    try:
        digest = digest_of(await plan(deps, choices))
    except StudioError:
        # The message tells it, and has the buttons that mend it.
        digest = ""
    looking = Looking(plan=digest, note=told)
    saved = await deps.mashups.save(draft, step=step, choices=choices, looking=looking)
    await show_draft(deps, voice, saved)


# Which of the library


async def _choose(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Show the list that the order may be narrowed to."""
    steps = [*MANY_FIELDS]
    saved = await deps.mashups.save(draft, step=steps[value % len(steps)], looking=Looking())
    await show_draft(deps, voice, saved)


async def _pick(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Take one more from the list, or leave one out that was taken."""
    asset = await deps.library.get(value) if 0 < value < LARGEST_ID else None
    fits = asset is not None and asset.kind in ASSET_STEPS[draft.step]
    if asset is None or not fits or asset.deleted_at is not None:
        await note(deps, voice, draft, "mashup_asset_gone")
        return
    now = narrowed(draft.choices, draft.step)
    if asset.id not in now and len(now) >= MOST_NAMED:
        await note(deps, voice, draft, "mashup_many_chosen_most", most=MOST_NAMED)
        return
    await choose(deps, voice, draft, **{MANY_FIELDS[draft.step]: toggled(now, asset.id)})


async def _everything(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await choose(deps, voice, draft, **{MANY_FIELDS[draft.step]: ()})


async def _chosen(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Go back from the list to the order; what is gone meanwhile is not asked for any more."""
    del value
    field, wanted = MANY_FIELDS[draft.step], narrowed(draft.choices, draft.step)
    found = [await deps.library.get(one) for one in wanted]
    there = tuple(one.id for one in found if one is not None and one.deleted_at is None)
    told = "" if there == wanted else "mashup_note_deleted"
    await _change(deps, voice, draft, step=Step.REVIEW, told=told, **{field: there})


async def _leave(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    async with deps.store.transaction() as tx:
        await deps.mashups.end(tx, draft, DraftState.LEFT)
        await end_board(deps, draft, "left", tx=tx)
    await end_board(deps, draft, "left", voice=voice)


async def _go(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Send all of them to be made, exactly those that were shown."""
    del value
    made = await plan(deps, draft.choices)
    if (digest := digest_of(made)) != draft.looking.plan:
        looking = Looking(plan=digest, note="mashup_many_changed")
        await show_draft(deps, voice, await deps.mashups.save(draft, looking=looking))
        return
    known = await places(deps)
    caption = caption_of(draft.choices, known)
    if goes(draft.choices, known) and not draft.choices.post:
        raise RefusedError("mashup_write_post")
    wanted = [
        NewRender(
            mashup=one,
            user_id=draft.user_id,
            chat_id=draft.chat_id,
            reply_to=draft.message_id,
            caption=caption,
            twins_wanted=draft.choices.twins,
            name=name,
        )
        for one, name in zip(made, await names_of(deps.library, made), strict=True)
    ]
    async with deps.store.transaction() as tx:
        await deps.mashups.end(tx, draft, DraftState.DONE)
        _ = await deps.renders.create_many(wanted, tx)
        await end_board(deps, draft, "sent_many", tx=tx, count=len(made))
    await end_board(deps, draft, "sent_many", voice=voice, count=len(made))


_BOARD: Mapping[str, Act] = {
    "go": _go,
    "another": _another,
    "account": _account,
    "group": _group,
    "only": _only,
    "twins": _twins,
    "choose": _choose,
}
_LIST: Mapping[str, Act] = {
    **mashup_list.ACTIONS,
    "pick": _pick,
    "everything": _everything,
    "chosen": _chosen,
}
