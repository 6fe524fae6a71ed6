"""For admins who keep Karvon running: /clear."""

from __future__ import annotations

import asyncio
import logging

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Clear, button
from bot.chat.texts import Markup, counted, say
from bot.chat.voice import Voice
from core.errors import RefusedError
from utils.log import clear_logs

logger = logging.getLogger(__name__)

CHOICES = ("queue", "logs", "both")


def build_router() -> Router:
    router = Router(name="owner")
    router.message.register(clear, Command("clear"))
    router.callback_query.register(clear_chosen, Clear.filter())
    return router


async def clear(message: Message, deps: ChatDeps, voice: Voice, is_admin: bool) -> None:
    del message
    if not is_admin:
        raise RefusedError("admins_only")
    posts, renders = await deps.posts.count_open(), len(await deps.renders.open())
    choices = [button(f"clear_{what}", Clear(what=what)) for what in CHOICES]
    nothing = button("cancel", Clear(what="nothing"))
    await voice.tell(say("clear_ask", open=_counted(posts, renders)), [choices, [nothing]])


async def clear_chosen(
    query: CallbackQuery, callback_data: Clear, deps: ChatDeps, voice: Voice, is_admin: bool
) -> None:
    await voice.acknowledge()
    if not is_admin:
        raise RefusedError("admins_only")
    done = []
    if callback_data.what in {"queue", "both"}:
        # What is made first: else it would be published after all.
        renders = await deps.renders.cancel_all()
        posts = await deps.posts.clear_queue()
        done.append(say("cleared_queue", cleared=_counted(posts, renders)))
        facts = {"user": query.from_user.id, "posts": posts, "renders": renders}
        logger.info("queue_cleared", extra=facts)
    if callback_data.what in {"logs", "both"}:
        files = await asyncio.to_thread(clear_logs, deps.log_folder)
        done.append(say("cleared_logs", files=counted("files", files)))
        logger.info("logs_cleared", extra={"user": query.from_user.id, "files": files})
    await voice.show(Markup("\n".join(done)) if done else say("cleared_nothing"))


def _counted(posts: int, renders: int) -> Markup:
    told = [counted("posts", posts), *([counted("renders", renders)] if renders else [])]
    return Markup(", ".join(told))
