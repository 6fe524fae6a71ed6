"""Everything that may be a video, links to one, and captions that come later."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Animation, Document, Message, User, Video, VideoNote

from bot.chat.deps import ChatDeps
from bot.chat.voice import Voice
from core.errors import RefusedError
from core.posts.intake import Incoming
from core.posts.linking import incoming_link, read_link, require_link
from core.posts.models import MediaFacts, Post, PostState

ENDINGS = (".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".3gp", ".ts")
ROUND_TYPE = "video/mp4"
DRAFTS_LOOKED_AT = 50

File = Video | VideoNote | Animation | Document


def build_router() -> Router:
    router = Router(name="videos")
    router.message.register(video, F.video)
    router.message.register(video_note, F.video_note)
    # Before documents: Telegram sends an animation as both.
    router.message.register(animation, F.animation)
    router.message.register(document, F.document)
    router.message.register(text, F.text & ~F.text.startswith("/"))
    return router


async def video(message: Message, deps: ChatDeps, update_id: int, user: User) -> None:
    if message.video is not None:
        await _receive(message, message.video, deps, update_id, user)


async def video_note(message: Message, deps: ChatDeps, update_id: int, user: User) -> None:
    if message.video_note is not None:
        await _receive(message, message.video_note, deps, update_id, user)


async def animation(message: Message, deps: ChatDeps, update_id: int, user: User) -> None:
    if message.animation is not None:
        await _receive(message, message.animation, deps, update_id, user)


async def document(message: Message, deps: ChatDeps, update_id: int, user: User) -> None:
    file = message.document
    if file is None or not _is_video(file):
        raise RefusedError("not_a_video")
    await _receive(message, file, deps, update_id, user)


async def text(message: Message, deps: ChatDeps, voice: Voice, user: User, is_admin: bool) -> None:
    """Take a reply as a caption, a link as a video, and words after a question as its answer."""
    words = (message.text or "").strip()
    if message.reply_to_message is not None:
        await _reply(message, message.reply_to_message.message_id, deps, voice, user, is_admin)
        return
    wish = read_link(words)
    if wish is not None:
        require_link(wish, deps.guard)
        await deps.intake.receive(
            incoming_link(
                wish,
                chat_id=message.chat.id,
                user_id=user.id,
                message_id=message.message_id,
                update_id=voice.update_id,
            )
        )
        return
    if voice.is_private:
        await _answer_open_question(message, words, deps, voice)


async def _reply(
    message: Message, about: int, deps: ChatDeps, voice: Voice, user: User, is_admin: bool
) -> None:
    post = await deps.posts.find_by_message(message.chat.id, about)
    if post is None:
        if voice.is_private:
            await voice.say("text_only")
        return
    if post.user_id != user.id and not is_admin:
        raise RefusedError("not_allowed")
    await deps.intake.answer(post.id, message.text or "", update_id=voice.update_id)


async def _answer_open_question(
    message: Message, words: str, deps: ChatDeps, voice: Voice
) -> None:
    """Words without a reply answer the one question that is open; of several, none."""
    waiting = await _questions(deps, message.chat.id)
    match waiting:
        case []:
            await voice.say("text_only")
        case [post]:
            await deps.intake.answer(post.id, words, update_id=voice.update_id)
        case _:
            await voice.say("many_drafts")


async def _questions(deps: ChatDeps, chat_id: int) -> list[Post]:
    posts = await deps.posts.open_posts(chat_id=chat_id, limit=DRAFTS_LOOKED_AT)
    return [p for p in posts if p.state is PostState.DRAFT and p.question == "caption"]


async def _receive(
    message: Message, file: File, deps: ChatDeps, update_id: int, user: User
) -> None:
    mime = getattr(file, "mime_type", None) or ROUND_TYPE
    side = getattr(file, "length", None)
    incoming = Incoming(
        source={
            "kind": "telegram",
            "file_id": file.file_id,
            "file_unique_id": file.file_unique_id,
            "mime_type": mime,
        },
        caption=message.caption or "",
        facts=MediaFacts(
            size_bytes=file.file_size,
            duration_seconds=getattr(file, "duration", None) or None,
            width=getattr(file, "width", None) or side or None,
            height=getattr(file, "height", None) or side or None,
            mime_type=mime,
        ),
        fingerprint=f"telegram:{file.file_unique_id}",
        filename=getattr(file, "file_name", None) or f"video-{message.message_id}.mp4",
        chat_id=message.chat.id,
        user_id=user.id,
        message_id=message.message_id,
        update_id=update_id,
        album=message.media_group_id or "",
    )
    await deps.intake.receive(incoming)


def _is_video(file: Document) -> bool:
    if (file.mime_type or "").startswith("video/"):
        return True
    return (file.file_name or "").lower().endswith(ENDINGS)
