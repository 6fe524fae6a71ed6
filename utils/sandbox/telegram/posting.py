"""Writing into a chat: the budget, the message itself, and what becomes visible of it."""

from __future__ import annotations

import asyncio
from typing import Any

from utils.sandbox.telegram.call import Call
from utils.sandbox.telegram.errors import bad_request, too_many
from utils.sandbox.telegram.keyboards import inline_only, read_markup
from utils.sandbox.telegram.state import public_chat, public_user, require_writable
from utils.sandbox.telegram.view import message_view

JSON = dict[str, Any]

HELD_SECONDS = 3.0
HELD_RETRY_AFTER = 60


def require_target(call: Call) -> JSON:
    """Return the chat that a call writes into.

    Raises:
        TelegramError: when it is unknown or the bot may not write there.
    """
    chat = call.service.state.require_chat(call.text("chat_id"))
    require_writable(chat)
    if call.has("message_thread_id") and call.integer("message_thread_id"):
        raise bad_request("message thread not found")
    return chat


async def charge(call: Call, chat: JSON, count: int = 1) -> None:
    """Spend the budget of a chat.

    The fault ``flood`` refuses on command (``retry_after``, ``mode``); the mode, also that of
    the switch ``flood_mode``, is ``plain``, ``bare`` (no parameters) or ``held`` (the answer
    comes 3 s late and says 60).

    Raises:
        TelegramError: with 429.
    """
    service = call.service
    mode = str(call.switch("flood_mode", "plain"))
    seconds = service.budgets.charge(chat["id"], chat["type"], count)
    fault = service.sandbox.faults.take(service.name, call.method, "flood")
    if fault is not None:
        seconds = int(fault.number("retry_after", 7))
        mode = str(fault.params.get("mode", mode))
    if not seconds:
        return
    if mode == "held":
        await asyncio.sleep(HELD_SECONDS)
        seconds = HELD_RETRY_AFTER
    raise too_many(seconds, is_bare=mode == "bare")


def post(call: Call, chat: JSON, content: JSON, *, file: JSON | None = None) -> JSON:
    """Write a checked message into a chat and return it as the Bot API shows it."""
    state = call.service.state
    markup = read_markup(call, chat["type"])
    message: JSON = {
        "message_id": state.messages.next_id(),
        **_sender(call, chat),
        "date": int(call.now),
        "chat": public_chat(chat),
        **_reply(call, chat),
        **content,
    }
    if call.boolean("protect_content"):
        message["has_protected_content"] = True
    if inline_only(markup):
        message["reply_markup"] = markup
    document = {
        "chat_id": chat["id"],
        "message_id": message["message_id"],
        "is_deleted": False,
        "is_from_bot": True,
        "file": file,
        "message": message,
    }
    call.service.save(document)
    call.service.drop_draft(chat["id"])
    if markup and not inline_only(markup):
        call.service.hub.emit("keyboard", {"chat_id": chat["id"], "markup": markup})
    publish(call, chat, document, _choices(call, file))
    return message


def replaced(call: Call, document: JSON, changes: JSON) -> JSON:
    """Edit a message: None takes a field away. Returns the message."""
    message = {**document["message"], **changes, "edit_date": int(call.now)}
    document["message"] = {key: value for key, value in message.items() if value is not None}
    call.service.save(document)
    if document.get("file") is not None and document["chat_id"] < 0:
        call.service.sandbox.update_published(
            call.service.name, str(document["message_id"]), text=published_text(document)
        )
    return dict(document["message"])


CHOICES = (
    *("supports_streaming", "has_spoiler", "show_caption_above_media"),
    *("disable_notification", "protect_content"),
)
"""Flags of a sending that are shown with what is live."""


def _choices(call: Call, file: JSON | None) -> JSON:
    """Return the options and the picture of what is sent."""
    shown = [(file or {}).get("thumbnail"), *((file or {}).get("cover") or [])]
    pictures = [call.service.state.file_by_unique_id(p["file_unique_id"]) for p in shown if p]
    digest = next((picture["sha256"] for picture in reversed(pictures) if picture), None)
    options = {name: call.boolean(name) for name in CHOICES if call.has(name)}
    return {"options": options, "thumbnail_sha256": digest}


def publish(call: Call, chat: JSON, document: JSON, choices: JSON) -> None:
    """Show a file in a channel among what is live."""
    file = document.get("file")
    if file is None or chat["type"] != "channel":
        return
    message_id = document["message_id"]
    call.service.sandbox.publish(
        service=call.service.name,
        account=str(chat["id"]),
        remote_id=str(message_id),
        sha256=file["sha256"],
        size=file["size"],
        text=published_text(document),
        visibility="public" if chat.get("username") else "private",
        url=message_url(chat, message_id),
        **choices,
    )


def published_text(document: JSON) -> JSON:
    shown = message_view(document)
    return {"caption": shown["text"], "html": shown["html"], "kind": shown["media"]["kind"]}


def message_url(chat: JSON, message_id: int) -> str:
    """Return the public link of a channel post; without a name only members can open it."""
    name = chat.get("username") or f"c/{str(chat['id']).removeprefix('-100')}"
    return f"https://t.me/{name}/{message_id}"


def _sender(call: Call, chat: JSON) -> JSON:
    if chat["type"] == "channel":
        return {"sender_chat": public_chat(chat)}
    return {"from": public_user(call.bot)}


def _reply(call: Call, chat: JSON) -> JSON:
    """Return the field that shows the message replied to.

    Raises:
        TelegramError: when that message is not there and was not optional.
    """
    asked = call.mapping("reply_parameters") or {}
    message_id = asked.get("message_id") or call.integer("reply_to_message_id")
    if not message_id:
        return {}
    found = call.service.state.message(chat["id"], int(message_id))
    if found is None:
        if asked.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": without_reply(found["message"])}


def without_reply(message: JSON) -> JSON:
    return {key: value for key, value in message.items() if key != "reply_to_message"}
