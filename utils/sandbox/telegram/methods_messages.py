"""Methods that write, change and take away messages without files."""

from __future__ import annotations

import asyncio
from typing import Any

from utils.sandbox.telegram.call import TEXT_LIMIT, Call, Method
from utils.sandbox.telegram.errors import bad_request
from utils.sandbox.telegram.keyboards import inline_only, read_markup
from utils.sandbox.telegram.posting import charge, post, replaced, require_target
from utils.sandbox.telegram.state import has_right

JSON = dict[str, Any]

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)
DELETE_SECONDS = 48 * 3600
CALLBACK_SECONDS = 15.0
CALLBACK_TEXT_LIMIT = 200
ACTIONS = frozenset(
    {
        *("typing", "upload_photo", "record_video", "upload_video", "record_voice"),
        *("upload_voice", "upload_document", "choose_sticker", "find_location"),
        *("record_video_note", "upload_video_note"),
    }
)


async def send_message(call: Call) -> JSON:
    chat = require_target(call)
    text, entities = call.message_text()
    content: JSON = {"text": text}
    if entities:
        content["entities"] = entities
    options = call.mapping("link_preview_options")
    if options:
        content["link_preview_options"] = options
    read_markup(call, chat["type"])
    await charge(call, chat)
    return post(call, chat, content)


async def edit_message_text(call: Call) -> JSON:
    chat, document = require_own(call)
    text, entities = call.message_text()
    if "text" not in document["message"]:
        raise bad_request("there is no text in the message to edit")
    changes = {"text": text, "entities": entities or None}
    return await change(call, chat, document, changes)


async def edit_message_caption(call: Call) -> JSON:
    chat, document = require_own(call)
    fields = call.caption()
    if document.get("file") is None:
        raise bad_request("there is no caption in the message to edit")
    changes = {key: fields.get(key) for key in ("caption", "caption_entities")}
    if call.has("show_caption_above_media"):
        changes["show_caption_above_media"] = call.boolean("show_caption_above_media") or None
    return await change(call, chat, document, changes)


async def edit_message_reply_markup(call: Call) -> JSON:
    chat, document = require_own(call)
    return await change(call, chat, document, {})


def require_own(call: Call) -> tuple[JSON, JSON]:
    """Return chat and document of the message to edit.

    Raises:
        TelegramError: when it is not there, or somebody else's.
    """
    chat = require_target(call)
    document = call.service.state.message(chat["id"], call.integer("message_id"))
    if document is None:
        raise bad_request("message to edit not found")
    may_edit = chat["type"] == "channel" and has_right(chat, "can_edit_messages")
    if not document["is_from_bot"] and not may_edit:
        raise bad_request("message can't be edited")
    return chat, document


async def change(call: Call, chat: JSON, document: JSON, changes: JSON) -> JSON:
    """Charge and make an edit; an edit without a keyboard takes the keyboard away.

    Raises:
        TelegramError: when nothing would change, or the budget is spent.
    """
    markup = inline_only(read_markup(call, chat["type"]))
    changes = {**changes, "reply_markup": markup}
    message = document["message"]
    if all(message.get(key) == value for key, value in changes.items()):
        raise bad_request(NOT_MODIFIED)
    await charge(call, chat)
    return replaced(call, document, changes)


async def delete_message(call: Call) -> bool:
    chat = require_target(call)
    remove(call, chat, call.integer("message_id"))
    return True


async def delete_messages(call: Call) -> bool:
    """Delete those of the list that are there; the others are skipped."""
    chat = require_target(call)
    ids = call.sequence("message_ids") or []
    if not 1 <= len(ids) <= 100:
        raise bad_request("message identifiers are not specified")
    for message_id in ids:
        if call.service.state.message(chat["id"], int(message_id)) is not None:
            remove(call, chat, int(message_id))
    return True


def remove(call: Call, chat: JSON, message_id: int) -> None:
    document = call.service.state.message(chat["id"], message_id)
    if document is None:
        raise bad_request("message to delete not found")
    may_delete = chat["type"] == "private" or has_right(chat, "can_delete_messages")
    too_old = call.now - document["message"]["date"] > DELETE_SECONDS
    if too_old or not (document["is_from_bot"] or may_delete):
        raise bad_request("message can't be deleted")
    document["is_deleted"] = True
    call.service.save(document)
    call.service.sandbox.unpublish(call.service.name, str(message_id))


async def send_message_draft(call: Call) -> bool:
    chat = require_target(call)
    if chat["type"] != "private":
        raise bad_request("drafts can be sent to private chats only")
    draft_id = call.integer("draft_id")
    if not draft_id:
        raise bad_request("draft identifier must be non-zero")
    text, entities = call.formatted("text", limit=TEXT_LIMIT)
    call.service.put_draft(chat["id"], draft_id, text, entities)
    return True


async def send_chat_action(call: Call) -> bool:
    chat = require_target(call)
    if chat["type"] == "channel":
        raise bad_request("chat actions can't be sent to channel chats")
    action = call.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.service.hub.emit("action", {"chat_id": chat["id"], "action": action})
    return True


async def answer_callback_query(call: Call) -> bool:
    queries = call.service.state.queries
    query_id = call.text("callback_query_id")
    query = queries.get(query_id)
    patience = float(call.switch("callback_seconds", CALLBACK_SECONDS))
    if query is None or query["is_answered"] or call.now - query["at"] > patience:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = call.text("text")
    if len(text) > CALLBACK_TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": call.boolean("show_alert"), "url": call.text("url")}
    queries.put(query_id, {**query, "is_answered": True, "answer": answer})
    call.service.hub.emit("answer", {"query_id": query_id, "chat_id": query["chat_id"], **answer})
    # The spinner on the button ends before the edit that usually follows.
    await asyncio.sleep(0)
    return True


METHODS: dict[str, Method] = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "sendMessageDraft": send_message_draft,
    "sendChatAction": send_chat_action,
    "answerCallbackQuery": answer_callback_query,
}
