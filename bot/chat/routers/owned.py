"""Posts that a person names: found, and only shown to whom they belong."""

from __future__ import annotations

from aiogram.filters import CommandObject
from aiogram.types import Message, User

from bot.chat.deps import ChatDeps
from core.errors import RefusedError
from core.posts.models import Post

LARGEST_ID = 2**62


async def owned_post(deps: ChatDeps, post_id: int, user: User, *, is_admin: bool) -> Post:
    """Return a post that this person may see and change.

    Raises:
        RefusedError: ``unknown_post`` or ``not_allowed``.
    """
    post = await deps.posts.get(post_id) if 0 < post_id < LARGEST_ID else None
    if post is None:
        raise RefusedError("unknown_post", post_id=post_id)
    if not is_admin and post.user_id != user.id:
        raise RefusedError("not_allowed")
    return post


async def named_post(
    message: Message, command: CommandObject, deps: ChatDeps, user: User, *, is_admin: bool
) -> Post | None:
    """Return the post whose number follows a command, or that the message replies to.

    Raises:
        RefusedError: ``bad_id`` for what is no number, and those of `owned_post`.
    """
    words = (command.args or "").strip().lstrip("#")
    if words:
        if not (words.isascii() and words.isdigit()):
            raise RefusedError("bad_id", given=words[:40])
        return await owned_post(deps, int(words[:20]), user, is_admin=is_admin)
    if message.reply_to_message is None:
        return None
    about = message.reply_to_message.message_id
    post = await deps.posts.find_by_message(message.chat.id, about)
    if post is None:
        return None
    return await owned_post(deps, post.id, user, is_admin=is_admin)


def seen_chat(message: Message, *, is_admin: bool) -> int | None:
    """Return the chat whose posts a list shows; None for all, which only admins see."""
    return None if is_admin else message.chat.id
