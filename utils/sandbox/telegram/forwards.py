"""Messages that a person forwards to the bot: from somebody hidden, or a post of a channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from utils.sandbox.telegram.call import Call
from utils.sandbox.telegram.errors import bad_request
from utils.sandbox.telegram.state import public_chat

if TYPE_CHECKING:
    from utils.sandbox.telegram.service import Telegram

JSON = dict[str, Any]

HIDDEN_NAME = "Somebody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """What a forwarded post brings along."""

    file: JSON | None
    text: JSON
    """Text and entities, empty for a file."""
    caption: JSON


def forward_origin(service: Telegram, call: Call) -> JSON:
    """Return the field ``forward_origin``, or nothing.

    The person names ``forward_from_chat_id`` (and ``forward_from_message_id``) for a post of a
    channel, or says ``forward`` for a message of somebody who hides.
    """
    if call.has("forward_from_chat_id"):
        chat = service.state.require_chat(call.text("forward_from_chat_id"))
        number = call.integer("forward_from_message_id") or 1
        document = service.state.message(chat["id"], number)
        date = document["message"]["date"] if document else int(call.now)
        origin = {"type": "channel", "date": date, "chat": public_chat(chat)}
        return {"forward_origin": {**origin, "message_id": number}}
    if not call.boolean("forward"):
        return {}
    hidden = {"type": "hidden_user", "date": int(call.now), "sender_user_name": HIDDEN_NAME}
    return {"forward_origin": hidden}


def forwarded_content(service: Telegram, call: Call) -> Forwarded | None:
    """Return what the forwarded post holds, None when none is named.

    Raises:
        TelegramError: when it is not there.
    """
    if not call.has("forward_from_message_id"):
        return None
    chat = service.state.require_chat(call.text("forward_from_chat_id"))
    document = service.state.message(chat["id"], call.integer("forward_from_message_id"))
    if document is None:
        if call.text("text"):
            return None  # a post that the stand-in never saw, with a text of the test's own
        raise bad_request("message to forward not found")
    message = document["message"]
    return Forwarded(
        file=document.get("file"),
        text={name: message[name] for name in ("text", "entities") if name in message},
        caption={
            name: message[name] for name in ("caption", "caption_entities") if name in message
        },
    )
