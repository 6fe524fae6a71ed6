"""Lists of clips and publisher configurations that people send, and the buttons about batches."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery, Document, Message, User

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import BatchAction
from bot.chat.refusals import source_text
from bot.chat.routers.owned import LARGEST_ID
from bot.chat.texts import plain
from bot.chat.voice import Voice
from core.batches.listing import Kind, kind_of
from core.batches.models import Batch, BatchState
from core.batches.publisher import is_publisher
from core.errors import RefusedError, SourceError

CONFIG_KEPT = timedelta(hours=1)
"""How long a configuration waits for its list of clips."""


def build_router() -> Router:
    router = Router(name="batches")
    router.message.register(document, F.document.func(is_list))
    router.callback_query.register(pressed, BatchAction.filter())
    return router


def is_list(file: Document | None) -> bool:
    """Return whether a document may list clips, or say how to publish them."""
    return file is not None and kind_of(file.file_name or "") is not None


async def document(
    message: Message, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """Take a list of clips, or a configuration for one."""
    file = message.document
    if file is None or await deps.posts.seen(voice.update_id):
        return
    kind = kind_of(file.file_name or "")
    if kind is None:
        raise RefusedError("not_a_video")
    if kind is Kind.CLIPS and is_publisher(await _read(deps, file)):
        await _take_config(message, file, deps, voice, user, is_admin=is_admin)
        return
    caption = message.caption or ""
    _ = deps.batches.config(None, caption)
    await _take_list(message, file, kind, deps, voice, user)


async def _take_list(
    message: Message, file: Document, kind: Kind, deps: ChatDeps, voice: Voice, user: User
) -> None:
    config = await _config_for(message, deps, user)
    name = (file.file_name or "")[-120:]
    plan = {"source": _source(file), "config": config, "caption": message.caption or ""}
    key = "batch_received_config" if config else "batch_received"
    async with deps.store.transaction() as tx:
        if not await deps.posts.see_update(tx, voice.update_id):
            return
        _ = await deps.batches.book.create(
            kind=kind.value,
            name=name,
            plan=plan,
            chat_id=message.chat.id,
            user_id=user.id,
            message_id=message.message_id,
            tx=tx,
        )
        await tx.run("chat.set_fact", name=_kept_name(message.chat.id, user.id), value="")
        facts = {"name": name}
        number = message.message_id
        await deps.posts.say(message.chat.id, key, facts=facts, reply_to=number, tx=tx)
        tx.after_commit(deps.posts.changed)


async def _take_config(
    message: Message,
    file: Document,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    *,
    is_admin: bool,
) -> None:
    """Use a configuration for the list it is about, else keep it for the next one."""
    batch = await _batch_of(message, deps, user, is_admin=is_admin)
    if batch is None:
        kept = {"source": _source(file), "at": deps.clock.now().isoformat()}
        await deps.posts.set_fact(_kept_name(message.chat.id, user.id), json.dumps(kept))
        await voice.say("batch_config_kept")
    elif batch.state not in {BatchState.CHECKING, BatchState.ASKED}:
        await voice.say("batch_config_late", batch_id=batch.id)
    else:
        plan = {**batch.plan, "config": _source(file)}
        _ = await deps.batches.book.recheck(batch.id, plan)
        await voice.say("batch_config_used", name=batch.name)


async def _batch_of(
    message: Message, deps: ChatDeps, user: User, *, is_admin: bool
) -> Batch | None:
    """Return the batch that a message replies to, else the newest one that is not decided."""
    book, chat_id = deps.batches.book, message.chat.id
    if message.reply_to_message is not None:
        batch = await book.by_message(chat_id, message.reply_to_message.message_id)
        if batch is not None:
            return _owned(batch, user, is_admin=is_admin)
    return await book.newest_open(chat_id, user.id)


async def _config_for(message: Message, deps: ChatDeps, user: User) -> dict[str, Any] | None:
    """Return the configuration that a list replies to, else the one that was sent before it."""
    about = message.reply_to_message.document if message.reply_to_message else None
    if about is not None and kind_of(about.file_name or "") is Kind.CLIPS:
        return _source(about)
    text = await deps.posts.fact(_kept_name(message.chat.id, user.id))
    if not text:
        return None
    kept = json.loads(text)
    is_fresh = deps.clock.now() - datetime.fromisoformat(kept["at"]) < CONFIG_KEPT
    return dict(kept["source"]) if is_fresh else None


async def pressed(
    query: CallbackQuery,
    callback_data: BatchAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Carry out what a person decided about a batch; its card shows what comes of it."""
    del query
    await voice.acknowledge()
    if not 0 < callback_data.batch_id < LARGEST_ID:
        raise RefusedError("old_button")
    book = deps.batches.book
    batch = _owned(await book.require(callback_data.batch_id), user, is_admin=is_admin)
    match callback_data.action:
        case "all" | "good" as which:
            _ = await book.confirm(batch.id, good_only=which == "good")
            await voice.drop_buttons()
        case "leave":
            _ = await book.move(batch.id, BatchState.LEFT)
            await voice.drop_buttons()
            await voice.say("batch_left", name=batch.name)
        case "cancel":
            _ = await book.move(batch.id, BatchState.CANCELLING)
        case "retry":
            _ = await book.move(batch.id, BatchState.RETRYING)
        case _:
            raise RefusedError("old_button")


def _owned(batch: Batch, user: User, *, is_admin: bool) -> Batch:
    if not is_admin and batch.user_id != user.id:
        raise RefusedError("not_allowed")
    return batch


async def _read(deps: ChatDeps, file: Document) -> bytes:
    try:
        return await deps.batches.read_source(_source(file))
    except SourceError as error:
        raise RefusedError("batch_fetch", why=plain(source_text(error.key))) from error


def _source(file: Document) -> dict[str, Any]:
    return {
        "kind": "telegram",
        "file_id": file.file_id,
        "file_unique_id": file.file_unique_id,
    }


def _kept_name(chat_id: int, user_id: int) -> str:
    return f"batch_config:{chat_id}:{user_id}"
