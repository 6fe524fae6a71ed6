"""Buttons about a video that some targets do not take as it is."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery, User

from bot.chat.deps import ChatDeps
from bot.chat.keyboards import FitAll, FitChoice
from bot.chat.routers.owned import LARGEST_ID, owned_post
from bot.chat.voice import Voice
from core.errors import RefusedError


def build_router() -> Router:
    router = Router(name="fit")
    router.callback_query.register(choose, FitChoice.filter())
    router.callback_query.register(fix_all, FitAll.filter())
    return router


async def choose(
    query: CallbackQuery,
    callback_data: FitChoice,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """A person says what is done for one target; the card itself shows what came of it."""
    del query
    await voice.acknowledge()
    if not 0 < callback_data.upload_id < LARGEST_ID:
        raise RefusedError("old_button")
    upload = await deps.posts.require_upload(callback_data.upload_id)
    await owned_post(deps, upload.post_id, user, is_admin=is_admin)
    await deps.posts.choose_fit(upload.id, callback_data.word)


async def fix_all(
    query: CallbackQuery,
    callback_data: FitAll,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """A person wants every target fixed in the way that is proposed."""
    del query
    await voice.acknowledge()
    post = await owned_post(deps, callback_data.post_id, user, is_admin=is_admin)
    await deps.posts.choose_all(post.id)
