"""Mashups put together in chat: /mashup, its steps, and what people send on the way."""

from __future__ import annotations

from collections.abc import Mapping

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, User

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import button
from bot.chat.mashup_moves import choose, go_to, needs_post, note
from bot.chat.mashup_page import (
    assets_of,
    moods,
    places,
    without_gone,
)
from bot.chat.mashup_show import end_board, put_draft, show_draft, take_message
from bot.chat.mashup_text import MashupAction
from bot.chat.routers import mashup_end, mashup_list, mashup_many
from bot.chat.routers.mashup_list import Act
from bot.chat.routers.mashup_words import brought_by, take
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import plain, say
from bot.chat.voice import Voice
from core.errors import RefusedError
from core.studio.drafts import Draft, DraftState
from core.studio.order_line import has_key
from core.studio.wizard import (
    ASPECTS,
    ASSET_STEPS,
    FIELDS,
    LENGTHS,
    MOST_AT_ONCE,
    ORDER,
    Choices,
    Looking,
    Step,
    before,
    fitted,
    following,
    layouts,
    read_count,
    toggled,
    turned,
    with_asset,
    without_words,
)

LOOKS, PLACES = ("outline", "box"), ("bottom", "middle", "top")


def build_router() -> Router:
    router = Router(name="mashup")
    router.message.register(mashup, Command("mashup"))
    router.callback_query.register(again, MashupAction.filter(F.step == "again"))
    router.callback_query.register(mashup_many.press, MashupAction.filter(F.step == "many"))
    router.callback_query.register(press, MashupAction.filter())
    return router


async def mashup(
    message: Message, command: CommandObject, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Begin a mashup by steps, or ask whether many are to be made."""
    count, words = read_count(command.args or "")
    draft = await deps.mashups.open(message.chat.id, user.id)
    if draft is not None and count is None:
        await _bring(message, deps, voice, user, draft)
        await _ask(voice, draft)
        return
    if count is not None:
        await mashup_many.begin(message, deps, voice, user, count, words, instead=draft)
        return
    choices = await beginning(deps, user.id, words)
    brought = await brought_by(message.reply_to_message, Step.SOURCE, deps, user)
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            made = await deps.mashups.create(
                tx,
                chat_id=message.chat.id,
                user_id=user.id,
                message_id=message.message_id,
                choices=choices,
            )
            if brought is not None:
                made = await take(deps, made, brought, tx=tx)
            await put_draft(deps, made, tx=tx)
    voice.has_spoken = True


async def _bring(message: Message, deps: ChatDeps, voice: Voice, user: User, draft: Draft) -> None:
    """Keep the video that the command replies to, for the draft or for the one after it."""
    brought = await brought_by(message.reply_to_message, Step.SOURCE, deps, user)
    if brought is None or draft.is_many or draft.addition_id is not None:
        return
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            await put_draft(deps, await take(deps, draft, brought, tx=tx), tx=tx)
    voice.has_spoken = True


async def beginning(deps: ChatDeps, user_id: int, words: str = "") -> Choices:
    """Return what a person's new mashup begins with: the last choices that still can be had.

    Raises:
        RefusedError: the words name no mood of the music.
    """
    habits = await deps.mashups.habits(user_id)
    known = await places(deps)
    here = without_gone(habits, await assets_of(deps, habits))
    accounts = {one.id for one in known if one.action == "account"}
    groups = {one.id for one in known if one.action == "group"}
    tunes = await moods(deps)
    if has_key(words):
        raise RefusedError("mashup_many_usage", most=MOST_AT_ONCE)
    mood = mashup_many.mood_in(words, tunes) if words else habits.mood
    if words and not mood:
        raise RefusedError("mashup_many_usage", most=MOST_AT_ONCE)
    return fitted(
        here.model_copy(
            update={
                "mood": mood if mood in tunes else "",
                "accounts": tuple(one for one in here.accounts if one in accounts),
                "groups": tuple(one for one in here.groups if one in groups),
            }
        )
    )


async def _ask(voice: Voice, draft: Draft) -> None:
    """A draft is open already: go on, or start anew?"""

    def answer(words: str, action: str) -> MashupAction:
        del words
        return MashupAction(draft_id=draft.id, step="again", action=action)

    rows = [
        [
            button("mashup_go_on", answer("go_on", "go_on")),
            button("mashup_anew", answer("anew", "anew")),
        ]
    ]
    number = ORDER.index(draft.step) + 1
    await voice.say("mashup_again", rows, number=number, of=len(ORDER))


async def again(
    query: CallbackQuery, callback_data: MashupAction, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Go on with the open draft in the message that asked, or begin a new one in it."""
    draft = await owned(deps, voice, callback_data.draft_id, user)
    if draft is None or not isinstance(query.message, Message):
        return
    await voice.acknowledge()
    if callback_data.action == "anew":
        choices, coming = await beginning(deps, user.id), draft.addition_id
        async with deps.store.transaction() as tx:
            await deps.mashups.end(tx, draft, DraftState.LEFT)
            await end_board(deps, draft, "left", tx=tx)
            draft = await deps.mashups.create(
                tx,
                chat_id=draft.chat_id,
                user_id=user.id,
                message_id=draft.message_id,
                choices=choices,
            )
            if coming is not None:
                # What was sent for it is on its way still.
                note = Looking(note="mashup_note_fetching")
                draft = await deps.mashups.save(draft, looking=note, addition_id=coming, tx=tx)
            await put_draft(deps, draft, tx=tx)
            await take_message(draft, query.message.message_id, tx=tx)
    await show_draft(deps, voice, draft)


async def owned(deps: ChatDeps, voice: Voice, draft_id: int, user: User) -> Draft | None:
    """Return an open draft of this person; None for another one, which the press is told."""
    draft = await deps.mashups.get(draft_id) if 0 < draft_id < LARGEST_ID else None
    if draft is None or draft.state is not DraftState.OPEN:
        await voice.acknowledge(plain(say("mashup_closed")))
        return None
    if draft.user_id != user.id:
        await voice.acknowledge(plain(say("mashup_not_yours")))
        return None
    return draft


async def press(
    query: CallbackQuery, callback_data: MashupAction, deps: ChatDeps, voice: Voice, user: User
) -> None:
    """Do what a button says and draw the message again."""
    del query
    draft = await owned(deps, voice, callback_data.draft_id, user)
    if draft is None:
        return
    act = _ACTIONS.get(callback_data.action)
    if act is None or callback_data.step != draft.step.value:
        await voice.acknowledge(plain(say("mashup_moved")))
        await show_draft(deps, voice, draft)
        return
    await voice.acknowledge()
    await act(deps, voice, draft, callback_data.value)


# What stands in the library


async def _pick(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    asset = await deps.library.get(value) if 0 < value < LARGEST_ID else None
    fits = asset is not None and asset.kind in ASSET_STEPS.get(draft.step, ())
    if asset is None or not fits or asset.deleted_at is not None:
        await note(deps, voice, draft, "mashup_asset_gone")
        return
    choices = with_asset(draft.choices, draft.step, asset.id)
    await go_to(deps, voice, draft, following(draft.step), choices)


async def _skip(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    choices = without_words(draft.choices)
    if draft.step in FIELDS:
        choices = with_asset(draft.choices, draft.step, None)
    await go_to(deps, voice, draft, following(draft.step), choices)


# From step to step


async def _next(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    if draft.step is Step.SOURCE and draft.choices.source_id is None:
        await note(deps, voice, draft, "mashup_no_source")
    elif draft.step is Step.TARGETS and await needs_post(deps, draft):
        await note(deps, voice, draft, "mashup_write_post")
    else:
        await go_to(deps, voice, draft, following(draft.step), draft.choices)


async def _back(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await go_to(deps, voice, draft, before(draft.step), draft.choices)


async def _layout(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    offered = layouts(draft.choices)
    await choose(deps, voice, draft, layout=offered[value % len(offered)])


async def _aspect(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await choose(deps, voice, draft, aspect=ASPECTS[value % len(ASPECTS)])


async def _length(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await choose(deps, voice, draft, seconds=value if value in LENGTHS else 0)


async def _letters(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await choose(deps, voice, draft, look=turned(LOOKS, draft.choices.look))


async def _place(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await choose(deps, voice, draft, place=turned(PLACES, draft.choices.place))


async def _clear(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await choose(deps, voice, draft, caption="", caption_file="", caption_name="")


async def _no_mark(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await choose(deps, voice, draft, watermark="")


async def _no_credit(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await choose(deps, voice, draft, credit="")


async def _account(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    known = [one.id for one in await places(deps) if one.action == "account"]
    kept = tuple(one for one in draft.choices.accounts if one in known)
    await choose(deps, voice, draft, accounts=toggled(kept, value) if value in known else kept)


async def _group(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    known = [one.id for one in await places(deps) if one.action == "group"]
    kept = tuple(one for one in draft.choices.groups if one in known)
    await choose(deps, voice, draft, groups=toggled(kept, value) if value in known else kept)


async def _only(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await choose(deps, voice, draft, accounts=(), groups=())


async def _twins(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await choose(deps, voice, draft, twins=not draft.choices.twins)


_ACTIONS: Mapping[str, Act] = {
    **mashup_list.ACTIONS,
    "pick": _pick,
    "skip": _skip,
    "next": _next,
    "back": _back,
    "layout": _layout,
    "aspect": _aspect,
    "length": _length,
    "look": _letters,
    "place": _place,
    "clear": _clear,
    "no_mark": _no_mark,
    "no_credit": _no_credit,
    "account": _account,
    "group": _group,
    "only": _only,
    "twins": _twins,
    "surprise": mashup_end.draw,
    "another": mashup_end.draw,
    "leave": mashup_end.leave,
    "preview": mashup_end.preview,
    "go": mashup_end.go,
}
