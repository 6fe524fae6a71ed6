"""Buttons under cards, questions and the queue; last, what nobody else understood."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message, User

from bot.chat.actions import act
from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Answer, PostAction, QueuePage, UploadAction
from bot.chat.routers.owned import LARGEST_ID, owned_post, seen_chat
from bot.chat.routers.queue import queue_page
from bot.chat.texts import plain, say
from bot.chat.voice import Voice
from core.errors import RefusedError


def build_router() -> Router:
    router = Router(name="buttons")
    router.callback_query.register(turn_page, QueuePage.filter())
    router.callback_query.register(post_action, PostAction.filter())
    router.callback_query.register(upload_action, UploadAction.filter())
    router.callback_query.register(answer, Answer.filter())
    router.callback_query.register(old_button)
    router.message.register(unknown_command, F.text.startswith("/"))
    return router


async def turn_page(
    query: CallbackQuery, callback_data: QueuePage, deps: ChatDeps, voice: Voice, is_admin: bool
) -> None:
    await voice.acknowledge()
    if isinstance(query.message, Message):
        chat = seen_chat(query.message, is_admin=is_admin)
        await voice.show(*await queue_page(deps, chat, callback_data.page))


async def post_action(
    query: CallbackQuery,
    callback_data: PostAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Act; the card itself shows what came of it, and words say what it does not."""
    del query
    await voice.acknowledge()
    post = await owned_post(deps, callback_data.post_id, user, is_admin=is_admin)
    await voice.tell(await act(deps, post, callback_data.action))


async def upload_action(
    query: CallbackQuery,
    callback_data: UploadAction,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """A person says how an upload ended whose answer was lost."""
    del query
    await voice.acknowledge()
    if not 0 < callback_data.upload_id < LARGEST_ID:
        raise RefusedError("old_button")
    upload = await deps.posts.require_upload(callback_data.upload_id)
    await owned_post(deps, upload.post_id, user, is_admin=is_admin)
    is_live = callback_data.action == "live"
    await deps.posts.decide(upload.id, is_live=is_live)
    await voice.say("decided_live" if is_live else "decided_resend")


async def answer(
    query: CallbackQuery,
    callback_data: Answer,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """A person chose what happens to a draft."""
    del query
    await voice.acknowledge()
    await owned_post(deps, callback_data.post_id, user, is_admin=is_admin)
    outcome = await deps.intake.choose(callback_data.post_id, callback_data.choice)
    await voice.drop_buttons()
    if outcome.status == "cancelled":
        await voice.say("draft_cancelled")


async def old_button(query: CallbackQuery, voice: Voice) -> None:
    """A button of an earlier version, or one that was never ours."""
    del query
    await voice.acknowledge(plain(say("old_button")))


async def unknown_command(message: Message, voice: Voice) -> None:
    del message
    if voice.is_private:
        await voice.say("unknown_command")
