"""Files in messages that may become assets: what Telegram says of them."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass

from aiogram.types import (
    Animation,
    Audio,
    Document,
    Message,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    PhotoSize,
    Video,
    VideoNote,
    Voice,
)

from core.sources.names import clean_name

MEDIA = ("video", "audio", "image")

File = Video | VideoNote | Animation | Document | Audio | Voice | PhotoSize


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One file of a message."""

    file_id: str
    file_unique_id: str
    filename: str
    mime_type: str
    size_bytes: int | None
    origin: str
    """Whom it was forwarded from; empty for a file of one's own."""

    @property
    def media(self) -> str:
        """Return ``video``, ``audio``, ``image``, or empty for what is none of them."""
        kind = self.mime_type.partition("/")[0]
        return kind if kind in MEDIA else ""

    @property
    def source(self) -> dict[str, str]:
        return {
            "kind": "telegram",
            "file_id": self.file_id,
            "file_unique_id": self.file_unique_id,
            "mime_type": self.mime_type,
        }


def carried(message: Message) -> Carried | None:
    """Return the file of a message, None where it has none."""
    file, kind = _file(message)
    if file is None:
        return None
    name = clean_name(getattr(file, "file_name", None) or "")
    mime = getattr(file, "mime_type", None) or mimetypes.guess_type(name)[0] or kind
    return Carried(
        file_id=file.file_id,
        file_unique_id=file.file_unique_id,
        filename=name or _made_up(message, mime),
        mime_type=mime,
        size_bytes=file.file_size,
        origin=_origin(message),
    )


def _file(message: Message) -> tuple[File | None, str]:
    """Return the file with the type that Telegram gives such messages."""
    if message.photo:
        return message.photo[-1], "image/jpeg"
    # Telegram sends an animation as a document too.
    video = message.video or message.animation or message.video_note
    if video is not None:
        return video, "video/mp4"
    sound = message.audio or message.voice
    if sound is not None:
        return sound, "audio/mpeg" if message.audio else "audio/ogg"
    return message.document, "application/octet-stream"


def _made_up(message: Message, mime: str) -> str:
    """Return a name for a file that Telegram has none for."""
    media, _, _ = mime.partition("/")
    stem = {"image": "picture", "audio": "sound"}.get(media, "video")
    return f"{stem}-{message.date:%Y-%m-%d}-{message.message_id}{_ending(mime)}"


def _ending(mime: str) -> str:
    known = {"image/jpeg": ".jpg", "audio/ogg": ".ogg", "audio/mpeg": ".mp3"}
    return known.get(mime) or mimetypes.guess_extension(mime) or ""


def _origin(message: Message) -> str:
    match message.forward_origin:
        case MessageOriginChannel(chat=chat) | MessageOriginChat(sender_chat=chat):
            if chat.username:
                return f"https://t.me/{chat.username}"
            return chat.title or ""
        case MessageOriginUser(sender_user=user):
            return user.full_name
        case MessageOriginHiddenUser(sender_user_name=name):
            return name
    return ""
