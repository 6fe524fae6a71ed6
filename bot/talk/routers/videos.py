"""Everything that may be a video, and captions that come later."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Animation, Document, Message, Video, VideoNote

from bot.talk.deps import ChatDeps
from bot.talk.texts import say
from core.errors import RefusedError
from core.posts.intake import Incoming
from core.posts.models import MediaFacts, PostState

VIDEO_ENDINGS = (".mp4", ".mov", ".m4v", ".webm", ".mkv", ".avi", ".mpg", ".mpeg", ".3gp", ".ts")
VIDEO_NOTE_TYPE = "video/mp4"

router = Router(name="videos")


@router.message(F.video)
async def video(message: Message, deps: ChatDeps, update_id: int) -> None:
    if message.video is not None:
        await _receive(message, message.video, deps, update_id)


@router.message(F.video_note)
async def video_note(message: Message, deps: ChatDeps, update_id: int) -> None:
    if message.video_note is not None:
        await _receive(message, message.video_note, deps, update_id)


@router.message(F.animation)
async def animation(message: Message, deps: ChatDeps, update_id: int) -> None:
    if message.animation is not None:
        await _receive(message, message.animation, deps, update_id)


@router.message(F.document)
async def document(message: Message, deps: ChatDeps, update_id: int) -> None:
    file = message.document
    if file is None or not _is_video(file):
        raise RefusedError("not_a_video")
    await _receive(message, file, deps, update_id)


@router.message(F.photo)
async def photo(message: Message) -> None:
    await message.reply(say("photo_only"))


@router.message(F.audio | F.voice)
async def audio(message: Message) -> None:
    await message.reply(say("audio_only"))


@router.message(F.text & ~F.text.startswith("/"))
async def text(message: Message, deps: ChatDeps, update_id: int) -> None:
    """A reply that gives a caption, or a link to a video."""
    words = (message.text or "").strip()
    if message.reply_to_message is not None:
        post = await deps.posts.find_by_message(
            message.chat.id, message.reply_to_message.message_id
        )
        if post is not None and post.state is PostState.DRAFT:
            await deps.intake.answer(post.id, words, update_id=update_id)
            return
    link, _, rest = words.partition("\n")
    if link.startswith(("http://", "https://")) and " " not in link:
        await deps.intake.receive(_from_link(message, link, rest, update_id))
        return
    await message.reply(say("text_only"))


async def _receive(
    message: Message,
    file: Video | VideoNote | Animation | Document,
    deps: ChatDeps,
    update_id: int,
) -> None:
    name = getattr(file, "file_name", None) or f"video-{message.message_id}.mp4"
    mime = getattr(file, "mime_type", None) or VIDEO_NOTE_TYPE
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
            width=getattr(file, "width", None) or getattr(file, "length", None) or None,
            height=getattr(file, "height", None) or getattr(file, "length", None) or None,
            mime_type=mime,
        ),
        fingerprint=f"telegram:{file.file_unique_id}",
        filename=name,
        chat_id=message.chat.id,
        user_id=message.from_user.id if message.from_user else 0,
        message_id=message.message_id,
        update_id=update_id,
        album=message.media_group_id or "",
    )
    await deps.intake.receive(incoming)


def _from_link(message: Message, link: str, rest: str, update_id: int) -> Incoming:
    name = link.partition("?")[0].rpartition("/")[2] or "video.mp4"
    return Incoming(
        source={"kind": "http", "url": link},
        caption=rest.strip(),
        facts=MediaFacts(),
        fingerprint=f"http:{link}",
        filename=name,
        chat_id=message.chat.id,
        user_id=message.from_user.id if message.from_user else 0,
        message_id=message.message_id,
        update_id=update_id,
    )


def _is_video(file: Document) -> bool:
    if (file.mime_type or "").startswith("video/"):
        return True
    return (file.file_name or "").lower().endswith(VIDEO_ENDINGS)
