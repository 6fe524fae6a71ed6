"""Messages as the chat page shows them."""

from __future__ import annotations

from typing import Any

from utils.sandbox.telegram.html import render
from utils.sandbox.telegram.media import KINDS

JSON = dict[str, Any]

SNIPPET_LENGTH = 80


def message_view(document: JSON) -> JSON:
    """Return what the page needs to draw a message, also of a deleted one."""
    message = document["message"]
    is_caption = "caption" in message
    text = message.get("caption" if is_caption else "text", "")
    entities = message.get("caption_entities" if is_caption else "entities", [])
    view = {
        "chat_id": document["chat_id"],
        "message_id": document["message_id"],
        "version": document["version"],
        "change": document["change"],
        "is_deleted": document["is_deleted"],
        "is_from_bot": document["is_from_bot"],
        "author": author(message),
        "date": message["date"],
        "edit_date": message.get("edit_date"),
        "text": text,
        "html": render(text, entities),
        "media": _media(message, document.get("file")),
        "caption_above": bool(message.get("show_caption_above_media")),
        "is_spoiler": bool(message.get("has_media_spoiler")),
        "keyboard": message.get("reply_markup", {}).get("inline_keyboard", []),
        "media_group_id": message.get("media_group_id"),
        "is_forwarded": "forward_origin" in message,
        "reply_to": _snippet(message.get("reply_to_message")),
    }
    return {key: value for key, value in view.items() if value is not None}


def author(message: JSON) -> str:
    sender = message.get("from") or message.get("sender_chat") or message["chat"]
    return str(sender.get("first_name") or sender.get("title") or "")


def _media(message: JSON, file: JSON | None) -> JSON | None:
    kind = next((kind for kind in ("animation", *KINDS) if kind in message), None)
    if kind is None:
        return None
    shown = message[kind][-1] if kind == "photo" else message[kind]
    facts = file or {}
    return {
        "kind": kind,
        "file_unique_id": shown["file_unique_id"],
        "url": f"/_phone/video/{shown['file_unique_id']}",
        "name": shown.get("file_name", ""),
        "mime_type": shown.get("mime_type", ""),
        "size": shown.get("file_size") or facts.get("size"),
        "sha256": facts.get("sha256"),
        "width": shown.get("width") or shown.get("length"),
        "height": shown.get("height") or shown.get("length"),
        "duration": shown.get("duration"),
        "is_kept": facts.get("path") is not None,
    }


def _snippet(message: JSON | None) -> JSON | None:
    if message is None:
        return None
    text = str(message.get("text") or message.get("caption") or "")
    if not text:
        text = next((kind.replace("_", " ") for kind in KINDS if kind in message), "")
    return {
        "message_id": message["message_id"],
        "author": author(message),
        "text": text[:SNIPPET_LENGTH],
    }
