"""What people do with videos that are live: /stats, /thumbnail, /delete, and replies to a card."""

from __future__ import annotations

import json
import logging
from typing import Any

from aiogram import F, Router
from aiogram.exceptions import AiogramError
from aiogram.filters import BaseFilter, Command, CommandObject
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    Document,
    InputMediaPhoto,
    Message,
    ReplyParameters,
    User,
)

from bot.chat.busy import while_busy
from bot.chat.deps import ChatDeps
from bot.chat.keyboards import Frame, LivePost, LiveUpload, button
from bot.chat.live_messages import wish_text
from bot.chat.routers.owned import LARGEST_ID, named_post, owned_post, seen_chat
from bot.chat.texts import say
from bot.chat.voice import Voice
from core.errors import RefusedError
from core.posts.models import Post, PostState, UploadState
from core.posts.operations import ABSENT
from workers.wishes import CAPTION_FILES

logger = logging.getLogger(__name__)

LATEST = 10
LOOKED_AT = 50
PICTURE_TYPES = frozenset({"image/jpeg", "image/png"})


class AboutPost(BaseFilter):
    """Lets messages through that reply to a post that was accepted; hands on ``about``."""

    async def __call__(self, message: Message, deps: ChatDeps) -> bool | dict[str, Any]:
        if message.reply_to_message is None:
            return False
        number = message.reply_to_message.message_id
        post = await deps.posts.find_by_message(message.chat.id, number)
        if post is None or post.state is PostState.DRAFT:
            return False
        return {"about": post}


def build_router() -> Router:
    router = Router(name="live")
    router.message.register(statistics, Command("stats"))
    router.message.register(delete, Command("delete"))
    router.message.register(thumbnail, Command("thumbnail"))
    router.message.register(picture, F.photo, AboutPost())
    router.message.register(file, F.document.func(is_aftercare), AboutPost())
    router.message.register(words, F.text & ~F.text.startswith("/"), AboutPost())
    router.callback_query.register(post_action, LivePost.filter())
    router.callback_query.register(upload_action, LiveUpload.filter())
    router.callback_query.register(frame_chosen, Frame.filter())
    return router


def is_aftercare(document: Document | None) -> bool:
    """Return whether a message brings a picture or captions as a file, and no video."""
    if document is None:
        return False
    return is_picture(document) or _name(document).endswith(CAPTION_FILES)


def is_picture(document: Document) -> bool:
    return document.mime_type in PICTURE_TYPES


def _name(document: Document) -> str:
    return (document.file_name or "").casefold()


async def words(
    message: Message, about: Post, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """Other words for a post that was accepted."""
    post = await owned_post(deps, about.id, user, is_admin=is_admin)
    outcome = await deps.aftercare.edit(post, message.text or "", chat_id=message.chat.id)
    await voice.tell(wish_text("edit_head", post.id, outcome))


async def picture(
    message: Message, about: Post, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """Another picture for a post."""
    post = await owned_post(deps, about.id, user, is_admin=is_admin)
    photo = (message.photo or [])[-1]
    source = {
        "kind": "telegram",
        "file_id": photo.file_id,
        "file_unique_id": photo.file_unique_id,
    }
    await _set_thumbnail(deps, voice, post, source, photo.file_size or 0, message.chat.id)


async def file(
    message: Message, about: Post, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    """A picture or captions, sent as a file."""
    document = message.document
    if document is None or await deps.posts.seen(voice.update_id):
        return
    post = await owned_post(deps, about.id, user, is_admin=is_admin)
    source = {
        "kind": "telegram",
        "file_id": document.file_id,
        "file_unique_id": document.file_unique_id,
    }
    size = document.file_size or 0
    if is_picture(document):
        await _set_thumbnail(deps, voice, post, source, size, message.chat.id)
        return
    outcome = await deps.aftercare.add_captions(
        post,
        source,
        filename=document.file_name or "",
        note=message.caption or "",
        size_bytes=size,
        chat_id=message.chat.id,
    )
    await voice.tell(wish_text("captions_head", post.id, outcome))


async def _set_thumbnail(
    deps: ChatDeps, voice: Voice, post: Post, source: dict[str, str], size: int, chat_id: int
) -> None:
    outcome = await deps.aftercare.set_thumbnail(post, source, size_bytes=size, chat_id=chat_id)
    await voice.tell(wish_text("thumbnail_head", post.id, outcome))


async def statistics(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Show the figures of one post, or of the latest ones that are live."""
    post = await named_post(message, command, deps, user, is_admin=is_admin)
    posts = [post] if post else await _latest(deps, seen_chat(message, is_admin=is_admin))
    if not posts:
        raise RefusedError("nothing_live_yet")
    await deps.aftercare.figures.statistics(
        posts,
        chat_id=message.chat.id,
        reply_to=message.message_id,
        update_id=voice.update_id,
    )


async def _latest(deps: ChatDeps, chat_id: int | None) -> list[Post]:
    live: list[Post] = []
    for post in await deps.posts.recent(chat_id=chat_id, limit=LOOKED_AT):
        uploads = await deps.posts.uploads(post.id)
        is_live = any(
            one.state is UploadState.LIVE and one.visibility not in ABSENT for one in uploads
        )
        if is_live and len(live) < LATEST:
            live.append(post)
    return live


async def delete(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    post = await named_post(message, command, deps, user, is_admin=is_admin)
    if post is None:
        raise RefusedError("delete_usage")
    await _ask_delete(deps, voice, post)


async def _ask_delete(deps: ChatDeps, voice: Voice, post: Post) -> None:
    """List the places, and ask before anything is removed."""
    outcome = await deps.aftercare.removable(post)
    text = wish_text("delete_ask", post.id, outcome, done="delete_place")
    yes = button("delete_yes", LivePost(action="delete", post_id=post.id))
    no = button("cancel", LivePost(action="leave", post_id=post.id))
    await voice.tell(text, [[yes, no]] if outcome.asked else [])


async def post_action(
    query: CallbackQuery,
    callback_data: LivePost,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    await voice.acknowledge()
    post = await owned_post(deps, callback_data.post_id, user, is_admin=is_admin)
    chat_id = voice.message.chat.id if voice.message else query.from_user.id
    match callback_data.action:
        case "ask":
            await _ask_delete(deps, voice, post)
        case "delete":
            outcome = await deps.aftercare.delete(post, chat_id=chat_id)
            await voice.show(wish_text("delete_head", post.id, outcome, done="wish_removed"))
        case "leave":
            await voice.show(say("delete_left"))
        case _:
            raise RefusedError("old_button")


async def upload_action(
    query: CallbackQuery,
    callback_data: LiveUpload,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """A person reacts to a finding."""
    await voice.acknowledge()
    if not 0 < callback_data.upload_id < LARGEST_ID:
        raise RefusedError("old_button")
    upload = await deps.posts.require_upload(callback_data.upload_id)
    await owned_post(deps, upload.post_id, user, is_admin=is_admin)
    chat_id = voice.message.chat.id if voice.message else query.from_user.id
    action = callback_data.action
    if not await deps.aftercare.act(upload, action, chat_id=chat_id):
        raise RefusedError("old_button")
    await voice.drop_buttons()
    told = {"check": "finding_asked", "show": "finding_show", "publish": "finding_publish"}
    await voice.say(told[action])


async def thumbnail(
    message: Message,
    command: CommandObject,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    """Show three pictures of the video to choose from."""
    post = await named_post(message, command, deps, user, is_admin=is_admin)
    if post is None:
        raise RefusedError("thumbnail_usage")
    taking = deps.aftercare.frames(post)
    frames = await while_busy(message, "upload_photo", deps.clock, taking)
    sent = await _send_frames(message, frames)
    await deps.posts.set_fact(f"frames:{post.id}", json.dumps(sent))
    numbers = [
        button("frame", Frame(post_id=post.id, number=number), number=number)
        for number in range(1, len(sent) + 1)
    ]
    leave = button("cancel", Frame(post_id=post.id, number=0))
    await voice.say("frames_choose", [numbers, [leave]], post_id=post.id)


async def _send_frames(message: Message, frames: list[bytes]) -> list[dict[str, str]]:
    """Send the pictures as one album; return what they are called at Telegram.

    Raises:
        RefusedError: ``internal`` when Telegram does not take them now.
    """
    if message.bot is None:
        raise AssertionError("a message that came by a bot has it")
    album = [
        InputMediaPhoto(media=BufferedInputFile(frame, filename=f"{number}.jpg"))
        for number, frame in enumerate(frames, start=1)
    ]
    try:
        shown = await message.bot.send_media_group(
            message.chat.id,
            list(album),
            reply_parameters=ReplyParameters(
                message_id=message.message_id, allow_sending_without_reply=True
            ),
        )
    except AiogramError as error:
        logger.info("pictures_not_sent", extra={"why": type(error).__name__})
        raise RefusedError("frames_busy") from error
    largest = [one.photo[-1] for one in shown if one.photo]
    return [
        {"kind": "telegram", "file_id": one.file_id, "file_unique_id": one.file_unique_id}
        for one in largest
    ]


async def frame_chosen(
    query: CallbackQuery,
    callback_data: Frame,
    deps: ChatDeps,
    voice: Voice,
    user: User,
    is_admin: bool,
) -> None:
    await voice.acknowledge()
    post = await owned_post(deps, callback_data.post_id, user, is_admin=is_admin)
    if callback_data.number == 0:
        await voice.show(say("frames_left"))
        return
    shown: list[dict[str, str]] = json.loads(await deps.posts.fact(f"frames:{post.id}") or "[]")
    if not 0 < callback_data.number <= len(shown):
        raise RefusedError("frames_old", post_id=post.id)
    chat_id = voice.message.chat.id if voice.message else query.from_user.id
    source = shown[callback_data.number - 1]
    outcome = await deps.aftercare.set_thumbnail(post, source, size_bytes=0, chat_id=chat_id)
    await voice.show(wish_text("thumbnail_head", post.id, outcome))
