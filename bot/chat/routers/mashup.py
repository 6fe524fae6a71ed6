"""Mashups put together in chat: /mashup, its steps, and what people send on the way."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message, User

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import button
from bot.chat.mashup_page import (
    assets_of,
    caption_of,
    findings_of,
    mashup_of,
    moods,
    places,
    without_gone,
    wizard_facts,
)
from bot.chat.mashup_show import end_board, put_draft, show_draft
from bot.chat.mashup_text import MashupAction
from bot.chat.player import Wish as Wanted
from bot.chat.routers import mashup_many
from bot.chat.routers.mashup_words import brought_by, take
from bot.chat.texts import plain, say, spoken
from bot.chat.voice import Voice
from core.studio.assets import Asset
from core.studio.building import drawn_choices
from core.studio.choosing import USUAL, Wish, surprise
from core.studio.drafts import Draft, DraftState
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind
from core.studio.queueing import NewRender
from core.studio.wizard import (
    ASPECTS,
    ASSET_STEPS,
    FIELDS,
    LENGTHS,
    ORDER,
    Choices,
    Looking,
    Step,
    before,
    fitted,
    following,
    layouts,
    left_to_draw,
    read_count,
    toggled,
    turned,
    with_asset,
    without_words,
)

SEEDS = 100_000
"""Surprises have numbers below, so that they can be said."""
LOOKS, PLACES = ("outline", "box"), ("bottom", "middle", "top")
PREVIEW_PRIORITY = 100


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
        await _ask(voice, draft)
        return
    if count is not None:
        await mashup_many.begin(message, deps, voice, user, count, words, instead=draft)
        return
    choices = await beginning(deps, user.id)
    brought = await brought_by(message.reply_to_message, deps, user)
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


async def beginning(deps: ChatDeps, user_id: int) -> Choices:
    """Return what a person's new mashup begins with: the last choices that still can be had."""
    habits = await deps.mashups.habits(user_id)
    known = await places(deps)
    here = without_gone(habits, await assets_of(deps, habits))
    accounts = {one.id for one in known if one.action == "account"}
    groups = {one.id for one in known if one.action == "group"}
    return fitted(
        here.model_copy(
            update={
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
        choices = await beginning(deps, user.id)
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
            await put_draft(deps, draft, tx=tx)
    async with deps.store.transaction() as tx:
        await tx.run(
            "mashups.take_message",
            name=draft.board,
            chat_id=draft.chat_id,
            message_id=query.message.message_id,
        )
    await show_draft(deps, voice, draft)


async def owned(deps: ChatDeps, voice: Voice, draft_id: int, user: User) -> Draft | None:
    """Return an open draft of this person; None for another one, which the press is told."""
    draft = await deps.mashups.get(draft_id) if 0 < draft_id < 2**62 else None
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
    asset = await deps.library.get(value) if value > 0 else None
    fits = asset is not None and asset.kind in ASSET_STEPS.get(draft.step, ())
    if asset is None or not fits or asset.deleted_at is not None:
        await _note(deps, voice, draft, "mashup_asset_gone")
        return
    choices = with_asset(draft.choices, draft.step, asset.id)
    await _to(deps, voice, draft, following(draft.step), choices)


async def _skip(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    choices = without_words(draft.choices)
    if draft.step in FIELDS:
        choices = with_asset(draft.choices, draft.step, None)
    await _to(deps, voice, draft, following(draft.step), choices)


async def _page(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await _look(deps, voice, draft, page=max(0, value))


async def _kind(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    kinds = ASSET_STEPS[draft.step]
    await _look(deps, voice, draft, page=0, kind=kinds[value % len(kinds)].value, search="")


async def _mood(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    known = ["", *await moods(deps)]
    mood = known[value] if 0 <= value < len(known) else ""
    looking = draft.looking.model_copy(update={"page": 0, "search": "", "note": ""})
    choices = draft.choices.model_copy(update={"mood": mood})
    saved = await deps.mashups.save(draft, choices=choices, looking=looking)
    await show_draft(deps, voice, saved)


async def _look(deps: ChatDeps, voice: Voice, draft: Draft, **changes: object) -> None:
    looking = draft.looking.model_copy(update={"note": "", **changes})
    await show_draft(deps, voice, await deps.mashups.save(draft, looking=looking))


async def _pictures(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Send the pictures of the page that is shown."""
    del value
    facts = await wizard_facts(deps, draft)
    _play(deps, voice, draft, [row["id"] for row in facts.get("rows", ())], as_pictures=True)


async def _listen(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    asset = await deps.library.get(value) if value > 0 else None
    if asset is None or asset.kind is not AssetKind.AUDIO:
        await _note(deps, voice, draft, "mashup_asset_gone")
    else:
        _play(deps, voice, draft, [asset.id])


def _play(
    deps: ChatDeps, voice: Voice, draft: Draft, ids: list[int], *, as_pictures: bool = False
) -> None:
    if ids:
        reply_to = voice.message.message_id if voice.message else 0
        deps.player.ask(
            Wanted(
                chat_id=draft.chat_id,
                reply_to=reply_to,
                asset_ids=ids,
                language=spoken(),
                as_pictures=as_pictures,
            )
        )


# From step to step


async def _next(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    if draft.step is Step.SOURCE and draft.choices.source_id is None:
        await _note(deps, voice, draft, "mashup_no_source")
    elif draft.step is Step.TARGETS and draft.choices.is_published and not draft.choices.post:
        await _note(deps, voice, draft, "mashup_write_post")
    else:
        await _to(deps, voice, draft, following(draft.step), draft.choices)


async def _back(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await _to(deps, voice, draft, before(draft.step), draft.choices)


async def _to(deps: ChatDeps, voice: Voice, draft: Draft, step: Step, choices: Choices) -> None:
    """Go to a step; what is gone from the library meanwhile is asked for again."""
    here = without_gone(choices, await assets_of(deps, choices))
    note = Looking() if here == choices else Looking(note="mashup_note_deleted")
    saved = await deps.mashups.save(draft, step=step, choices=fitted(here), looking=note)
    await show_draft(deps, voice, saved)


async def _note(deps: ChatDeps, voice: Voice, draft: Draft, key: str, /, **facts: object) -> None:
    """Say something about the step in its own message."""
    looking = draft.looking.model_copy(update={"note": key, "note_facts": facts})
    await show_draft(deps, voice, await deps.mashups.save(draft, looking=looking))


async def _choose(deps: ChatDeps, voice: Voice, draft: Draft, **changes: object) -> None:
    drawn = tuple(name for name in draft.choices.drawn if name not in changes)
    choices = draft.choices.model_copy(update={**changes, "drawn": drawn})
    looking = draft.looking.model_copy(update={"note": ""})
    saved = await deps.mashups.save(draft, choices=fitted(choices), looking=looking)
    await show_draft(deps, voice, saved)


async def _layout(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    offered = layouts(draft.choices)
    await _choose(deps, voice, draft, layout=offered[value % len(offered)])


async def _aspect(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await _choose(deps, voice, draft, aspect=ASPECTS[value % len(ASPECTS)])


async def _length(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await _choose(deps, voice, draft, seconds=value if value in LENGTHS else 0)


async def _letters(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await _choose(deps, voice, draft, look=turned(LOOKS, draft.choices.look))


async def _place(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await _choose(deps, voice, draft, place=turned(PLACES, draft.choices.place))


async def _clear(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await _choose(deps, voice, draft, caption="", caption_file="", caption_name="")


async def _account(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await _choose(deps, voice, draft, accounts=toggled(draft.choices.accounts, value))


async def _group(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    await _choose(deps, voice, draft, groups=toggled(draft.choices.groups, value))


async def _only(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    await _choose(deps, voice, draft, accounts=(), groups=())


# Surprise


async def _surprise(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Choose what is not decided yet; each press takes the next number."""
    del value
    choices = draft.choices
    seed = random.SystemRandom().randrange(SEEDS) if choices.seed is None else choices.seed + 1
    fields = left_to_draw(draft.step, choices)
    try:
        made = await surprise(deps.library, _wish(choices, fields), seed)
    except StudioError as error:
        await _note(deps, voice, draft, "studio", key=error.key, facts=error.facts)
        return
    drawn = fitted(drawn_choices(choices, made, fields, seed))
    await _to(deps, voice, draft, Step.REVIEW, drawn)


def _wish(choices: Choices, fields: tuple[str, ...]) -> Wish:
    alone = choices.template_id is None and "template_id" not in fields
    is_fixed = "source_id" not in fields and choices.source_id is not None
    return Wish(
        kinds=(AssetKind.SOURCE,) if alone else USUAL,
        layout="" if "layout" in fields else choices.layout,
        mood=choices.mood if "music_id" in fields else "",
        aspect=choices.aspect,
        seconds=choices.seconds or None,
        source_ids=(choices.source_id,) if is_fixed and choices.source_id else (),
    )


# The end


async def _leave(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    async with deps.store.transaction() as tx:
        await deps.mashups.end(tx, draft, DraftState.LEFT)
        await end_board(deps, draft, "left", tx=tx)
    await end_board(deps, draft, "left", voice=voice)


async def _preview(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Have three seconds made before everything else."""
    del value
    wanted = await _wanted(deps, voice, draft, preview=True)
    if wanted is None:
        return
    waiting = [one for one in await deps.renders.open() if one.preview]
    if not any(one.mashup == wanted.mashup and one.user_id == draft.user_id for one in waiting):
        _ = await deps.renders.create(None, wanted)
    await _note(deps, voice, draft, "mashup_note_preview")


async def _go(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Send it to be made; from now on the card of the render tells how it goes."""
    del value
    wanted = await _wanted(deps, voice, draft)
    if wanted is None:
        return
    found = await findings_of(deps, wanted.mashup, draft.choices)
    if any(one["severity"] == "block" for one in found):
        await show_draft(deps, voice, draft)
        return
    async with deps.store.transaction() as tx:
        await deps.mashups.end(tx, draft, DraftState.DONE)
        render_id = await deps.renders.create(tx, wanted)
        await end_board(deps, draft, "sent", tx=tx, render_id=render_id)
    await end_board(deps, draft, "sent", voice=voice, render_id=render_id)


async def _wanted(
    deps: ChatDeps, voice: Voice, draft: Draft, *, preview: bool = False
) -> NewRender | None:
    """Return what is to be made; None where its video is gone, which is said."""
    choices = draft.choices
    assets = await assets_of(deps, choices)
    if without_gone(choices, assets) != choices or choices.source_id is None:
        await _to(deps, voice, draft, Step.REVIEW, choices)
        return None
    caption = "" if preview else caption_of(choices, await places(deps))
    return NewRender(
        mashup=await mashup_of(deps, choices, assets),
        user_id=draft.user_id,
        chat_id=draft.chat_id,
        reply_to=draft.message_id,
        priority=PREVIEW_PRIORITY if preview else 0,
        caption=caption,
        preview=preview,
        name=_name(choices, assets),
    )


def _name(choices: Choices, assets: Mapping[int, Asset]) -> str:
    wanted = (choices.source_id, choices.template_id)
    return " + ".join(assets[one].name for one in wanted if one is not None and one in assets)[
        :120
    ]


Act = Callable[[ChatDeps, Voice, Draft, int], Awaitable[None]]

_ACTIONS: Mapping[str, Act] = {
    "pick": _pick,
    "skip": _skip,
    "page": _page,
    "kind": _kind,
    "mood": _mood,
    "pictures": _pictures,
    "listen": _listen,
    "next": _next,
    "back": _back,
    "layout": _layout,
    "aspect": _aspect,
    "length": _length,
    "look": _letters,
    "place": _place,
    "clear": _clear,
    "account": _account,
    "group": _group,
    "only": _only,
    "surprise": _surprise,
    "another": _surprise,
    "leave": _leave,
    "preview": _preview,
    "go": _go,
}
