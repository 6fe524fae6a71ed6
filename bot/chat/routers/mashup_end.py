"""The last buttons of a draft: a surprise, three seconds to look at, go, and leaving."""

from __future__ import annotations

import random
from collections.abc import Mapping

from bot.chat.deps import ChatDeps
from bot.chat.mashup_moves import go_to, needs_post, note
from bot.chat.mashup_page import (
    assets_of,
    caption_of,
    findings_of,
    mashup_of,
    places,
    without_gone,
)
from bot.chat.mashup_show import end_board, show_draft
from bot.chat.voice import Voice
from core.studio.assets import Asset
from core.studio.building import drawn_choices
from core.studio.choosing import USUAL, Wish, surprise
from core.studio.drafts import Draft, DraftState
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind
from core.studio.queueing import NewRender
from core.studio.wizard import Choices, Step, fitted, left_to_draw

SEEDS = 100_000
"""Surprises have numbers below, so that they can be said."""
PREVIEW_PRIORITY = 100


async def draw(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Choose what is not decided yet; each press takes the next number."""
    del value
    choices = draft.choices
    seed = random.SystemRandom().randrange(SEEDS) if choices.seed is None else choices.seed + 1
    fields = left_to_draw(draft.step, choices)
    if not fields:
        await note(deps, voice, draft, "mashup_all_chosen")
        return
    try:
        made = await surprise(deps.library, _wish(choices, fields), seed)
    except StudioError as error:
        await note(deps, voice, draft, "studio", key=error.key, facts=error.facts)
        return
    drawn = fitted(drawn_choices(choices, made, fields, seed))
    await go_to(deps, voice, draft, Step.REVIEW, drawn)


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


async def leave(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    del value
    async with deps.store.transaction() as tx:
        await deps.mashups.end(tx, draft, DraftState.LEFT)
        await end_board(deps, draft, "left", tx=tx)
    await end_board(deps, draft, "left", voice=voice)


async def preview(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Have three seconds made before everything else."""
    del value
    wanted = await _wanted(deps, voice, draft, preview=True)
    if wanted is None:
        return
    waiting = [one for one in await deps.renders.open() if one.preview]
    if not any(one.mashup == wanted.mashup and one.user_id == draft.user_id for one in waiting):
        _ = await deps.renders.create(None, wanted)
    await note(deps, voice, draft, "mashup_note_preview")


async def go(deps: ChatDeps, voice: Voice, draft: Draft, value: int) -> None:
    """Send it to be made; from now on the card of the render tells how it goes."""
    del value
    wanted = await _wanted(deps, voice, draft)
    if wanted is None:
        return
    found = await findings_of(deps, wanted.mashup, draft.choices)
    if any(one["severity"] == "block" for one in found) or await needs_post(deps, draft):
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
        await go_to(deps, voice, draft, Step.REVIEW, choices)
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
        twins_wanted=choices.twins,
        name=_name(choices, assets),
    )


def _name(choices: Choices, assets: Mapping[int, Asset]) -> str:
    wanted = (choices.source_id, choices.template_id)
    return " + ".join(assets[one].name for one in wanted if one is not None and one in assets)[
        :120
    ]
