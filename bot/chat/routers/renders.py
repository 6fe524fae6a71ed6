"""Renders in chat: /renders, the buttons of their cards, and captions that publish a result."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message, User

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Button, Rows, button, to_stored
from bot.chat.mashup_text import finding_line
from bot.chat.render_card import (
    LOG_SHOWN,
    RenderAction,
    RenderBatchAction,
    RenderPage,
    render_board,
    render_line,
)
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import Markup, counted, escape, plain, say
from bot.chat.voice import Voice
from core.errors import RefusedError
from core.posts.intake import Incoming, Outcome
from core.store.base import Tx
from core.studio.errors import StudioError
from core.studio.publishing import asset_source
from core.studio.queueing import Render, RenderState
from core.studio.renders import PER_PAGE, post_holder
from core.studio.rules import Rule

_FOLDERS = re.compile(r"(?<![\w.~-])~?/(?:[^\s/'\":;,|=]+/)+")
"""Of a path all but its name."""


def build_router() -> Router:
    router = Router(name="renders")
    router.message.register(renders, Command("renders"))
    router.message.register(caption, F.text & ~F.text.startswith("/"), about_render)
    router.callback_query.register(turn, RenderPage.filter())
    router.callback_query.register(press, RenderAction.filter())
    router.callback_query.register(press_batch, RenderBatchAction.filter())
    return router


async def renders(
    message: Message, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """Show the newest renders of this person; admins see all."""
    del message
    await voice.tell(*await _page(deps, 0 if is_admin else user.id, 1))


async def turn(
    query: CallbackQuery,
    callback_data: RenderPage,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    del query
    await voice.acknowledge()
    if not 0 < callback_data.page < LARGEST_ID // PER_PAGE:
        raise RefusedError("old_button")
    await voice.show(*await _page(deps, 0 if is_admin else user.id, callback_data.page))


async def _page(deps: ChatDeps, user_id: int, page: int) -> tuple[Markup, Rows]:
    found = await deps.renders.recent(user_id, page)
    if not found:
        return (say("render_none"), []) if page == 1 else await _page(deps, user_id, page - 1)
    lines = [_line(one) for one in found]
    shown = [
        button("render_show", RenderAction(action="show", render_id=one.id), render_id=one.id)
        for one in found
    ]
    turns: list[Button] = []
    if page > 1:
        turns.append(button("render_newer", RenderPage(page=page - 1)))
    if len(found) == PER_PAGE:
        turns.append(button("render_older", RenderPage(page=page + 1)))
    text = Markup("\n".join([say("render_head_list"), *lines]))
    return text, [shown[:5], shown[5:], turns]


def _line(render: Render) -> Markup:
    return render_line({"render_id": render.id, "name": render.name, "state": render.state.value})


async def open_line(deps: ChatDeps, chat_id: int | None) -> Markup | None:
    """Return the line of /status and /queue about what is being made; None for nothing."""
    count = sum(
        not one.preview and chat_id in {None, one.chat_id} for one in await deps.renders.open()
    )
    return say("render_some_open", renders=counted("renders", count)) if count else None


async def owned_render(deps: ChatDeps, number: int, user: User, *, is_admin: bool) -> Render:
    """Return a render that this person may see and change.

    Raises:
        RefusedError: ``render_unknown`` or ``render_not_yours``.
    """
    render = await deps.renders.get(number) if 0 < number < LARGEST_ID else None
    if render is None:
        raise RefusedError("render_unknown", render_id=number)
    if not is_admin and render.user_id != user.id:
        raise RefusedError("render_not_yours")
    return render


async def press(
    query: CallbackQuery,
    callback_data: RenderAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Do what a button of a card says; the card itself shows what came of it."""
    del query
    await voice.acknowledge()
    number = callback_data.render_id
    render = await owned_render(deps, number, user, is_admin=is_admin)
    match callback_data.action:
        case "cancel":
            _ = await deps.renders.cancel(render.id)
        case "first":
            _ = await deps.renders.raise_priority(render.id)
        case "again":
            await _again(deps, voice, render)
        case "log":
            await _log(deps, voice, render, is_admin=is_admin)
        case "publish":
            await _ask_caption(deps, voice, render)
        case "show":
            await _show(deps, voice, render)
        case "twins":
            await _want_twins(deps, voice, render)
        case _:
            raise RefusedError("old_button")


async def _again(deps: ChatDeps, voice: Voice, render: Render) -> None:
    try:
        made = await deps.renders.again(render.id)
    except StudioError as error:
        blocks = [o for o in error.facts.get("breaches", ()) if o["severity"] == "block"]
        if not blocks:
            raise
        await _not_allowed(voice, render, blocks)
        return
    if made.published is not None:
        await voice.say("render_again_kept", render_id=render.id, post_id=made.published)
    else:
        await voice.say("render_again", render_id=render.id)


async def _want_twins(deps: ChatDeps, voice: Voice, render: Render) -> None:
    """Note that the same file is meant, and do what the rule kept from being done."""
    await deps.renders.want_twins(render.id)
    if render.state in {RenderState.FAILED, RenderState.CANCELLED}:
        await _again(deps, voice, render)
    else:
        await voice.say("render_twins", render_id=render.id)


async def _log(deps: ChatDeps, voice: Voice, render: Render, *, is_admin: bool) -> None:
    """Show what the attempts ran and were told; where files lie only admins see."""
    text = await deps.renders.log(render.id)
    if not text:
        raise RefusedError("render_no_log", render_id=render.id)
    if not is_admin:
        text = without_folders(text, (deps.log_folder.parent, Path.home()))
    log = Markup(f"<code>{escape(text[-LOG_SHOWN:])}</code>")
    await voice.say("render_log", render_id=render.id, log=log)


def without_folders(text: str, folders: Iterable[Path]) -> str:
    """Return a log in which no file tells where it lies; these folders may have spaces."""
    for folder in sorted(map(str, folders), key=len, reverse=True):
        text = text.replace(f"{folder.rstrip('/')}/", "…/")
    return _FOLDERS.sub("…/", text)


async def _show(deps: ChatDeps, voice: Voice, render: Render) -> None:
    """Show the card of a render, and its picture when it is ready."""
    facts = {**await deps.renders.facts(render.id), "batch": None}
    drawn = render_board(facts)
    if render.state is not RenderState.READY or voice.message is None:
        await voice.tell(Markup(drawn.text), drawn.rows)
        return
    name = {"render_id": render.id, "name": render.name}
    media = {"show": "picture", "render_id": render.id}
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            await deps.posts.say(
                voice.message.chat.id,
                "render_shown" if render.post_id is None else "render_shown_post",
                facts={**name, "media": media, "post_id": render.post_id},
                buttons=to_stored(drawn.rows),
                tx=tx,
            )
            tx.after_commit(deps.posts.changed)
    voice.has_spoken = True


# Publishing a result later


async def _ask_caption(deps: ChatDeps, voice: Voice, render: Render) -> None:
    _require_result(render)
    if voice.message is None:
        return
    async with deps.store.transaction() as tx:
        if await deps.posts.see_update(tx, voice.update_id):
            await deps.posts.say(
                voice.message.chat.id,
                "render_publish_how",
                facts={"render_id": render.id, "name": render.name},
                reply_to=voice.message.message_id,
                tx=tx,
            )
            tx.after_commit(deps.posts.changed)
    voice.has_spoken = True


async def about_render(message: Message, deps: ChatDeps) -> dict[str, Any] | bool:
    """Tell whether words reply to the card or the picture of a render."""
    if message.reply_to_message is None:
        return False
    place = {"chat_id": message.chat.id, "message_id": message.reply_to_message.message_id}
    row = await deps.store.one("mashups.told", **place)
    if row is not None:
        return {"render_id": int(json.loads(row["facts"])["render_id"])}
    row = await deps.store.one("mashups.board_of", **place)
    return {"render_id": int(row["name"].partition(":")[2])} if row is not None else False


async def caption(
    message: Message,
    render_id: int,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Publish a result with the words that reply to it."""
    render = _require_result(await owned_render(deps, render_id, user, is_admin=is_admin))
    words = message.text or ""
    if not await _is_allowed(deps, voice, render, words):
        return

    async def follow(tx: Tx, outcome: Outcome) -> None:
        if outcome.post_id is not None and render.asset_id is not None:
            await deps.library.hold([render.asset_id], post_holder(outcome.post_id), tx)
            await deps.renders.published(tx, render.id, outcome.post_id)

    incoming = Incoming(
        source=await asset_source(deps.files, render),
        caption=words,
        facts=render.facts,
        fingerprint=f"sha256:{render.sha256}",
        filename=f"{render.name or f'mashup-{render.id}'}.mp4",
        chat_id=message.chat.id,
        user_id=user.id,
        message_id=message.message_id,
        update_id=voice.update_id,
    )
    _ = await deps.intake.receive(incoming, follow)
    voice.has_spoken = True


async def _is_allowed(deps: ChatDeps, voice: Voice, render: Render, words: str) -> bool:
    """Tell whether the rules let it go there; what a person may wish all the same has a button.

    Raises:
        RefusedError: ``render_not_allowed``.
    """
    wish = await deps.intake.require_words(words)
    targets = [one.account.id for one in await deps.intake.targets_of(wish.targets)]
    found = await deps.renders.check(render.mashup, targets, twins_wanted=render.twins_wanted)
    blocks = [
        {"rule": one.rule.value, "severity": "block", "key": one.key, "facts": dict(one.facts)}
        for one in found
        if one.severity == "block"
    ]
    if blocks:
        await _not_allowed(voice, render, blocks)
    return not blocks


async def _not_allowed(voice: Voice, render: Render, blocks: Sequence[Mapping[str, Any]]) -> None:
    why = "\n".join(plain(finding_line(one)) for one in blocks)
    if any(one["rule"] != Rule.TWINS for one in blocks):
        raise RefusedError("render_not_allowed", why=why)
    twins = button("render_twins", RenderAction(action="twins", render_id=render.id))
    await voice.say("render_not_allowed", [[twins]], why=why)


def _require_result(render: Render) -> Render:
    if render.state is not RenderState.READY or render.asset_id is None:
        raise RefusedError("render_no_result", render_id=render.id)
    return render


# Many at once


async def _retry(deps: ChatDeps, failed: Sequence[Render]) -> None:
    """Try each again; one that cannot be holds up none of the others.

    Raises:
        StudioError: one of them cannot be made again.
    """
    errors = []
    for one in failed:
        try:
            _ = await deps.renders.again(one.id)
        except StudioError as error:
            errors.append(error)
    if errors:
        raise errors[0]


async def press_batch(
    query: CallbackQuery,
    callback_data: RenderBatchAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Cancel what is left of many, or try again what of them failed."""
    del query
    await voice.acknowledge()
    number = callback_data.batch_id
    made = await deps.renders.of_batch(number) if 0 < number < LARGEST_ID else []
    if not made:
        raise RefusedError("old_button")
    if not is_admin and made[0].user_id != user.id:
        raise RefusedError("render_not_yours")
    match callback_data.action:
        case "cancel":
            _ = await deps.renders.cancel_batch(number)
        case "retry":
            await _retry(deps, [one for one in made if one.state is RenderState.FAILED])
        case _:
            raise RefusedError("old_button")
