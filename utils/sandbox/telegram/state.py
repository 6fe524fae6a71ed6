"""What the stand-in remembers: bots, people, channels, messages and files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from utils.sandbox.server import Sandbox
from utils.sandbox.telegram.errors import bad_request, forbidden

JSON = dict[str, Any]

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
BOT_ID = 110201543
BOT: JSON = {"id": BOT_ID, "is_bot": True, "first_name": "Karvon", "username": "karvon_bot"}
PERSON_ID = 1001
STRANGER_ID = 1002
CHANNEL_ID = -1001000000001

PUBLIC_CHAT = ("id", "type", "title", "username", "first_name", "last_name")
PUBLIC_USER = ("id", "is_bot", "first_name", "last_name", "username", "language_code")


class State:
    """Documents of the stand-in; every change of a message gets the next change number.

    A message document is ``{chat_id, message_id, version, change, is_deleted, is_from_bot,
    is_live, file_id, message}`` with the Bot API's own message inside.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self.bots = sandbox.collection("telegram.bots")
        self.users = sandbox.collection("telegram.users")
        self.chats = sandbox.collection("telegram.chats")
        self.messages = sandbox.collection("telegram.messages")
        self.files = sandbox.collection("telegram.files")
        self.links = sandbox.collection("telegram.links")
        self.queries = sandbox.collection("telegram.queries")
        self.settings = sandbox.collection("telegram.settings")
        self.changes = sandbox.collection("telegram.changes")

    def seed(self) -> None:
        if self.bots.get(TOKEN) is not None:
            return
        self.bots.put(TOKEN, dict(BOT))
        people = ((PERSON_ID, "Ann", "ann_demo", True), (STRANGER_ID, "Sam", "sam_demo", False))
        for user_id, name, username, has_started in people:
            self.put_user(
                {
                    "id": user_id,
                    "is_bot": False,
                    "first_name": name,
                    "username": username,
                    "language_code": "en",
                    "has_started": has_started,
                    "has_blocked": False,
                }
            )
        self.put_chat(
            {
                "id": CHANNEL_ID,
                "type": "channel",
                "title": "Karvon demo channel",
                "username": "karvon_demo",
                "is_member": True,
                "is_admin": True,
            }
        )

    def user(self, user_id: int) -> JSON | None:
        return self.users.get(str(user_id))

    def put_user(self, user: JSON) -> None:
        self.users.put(str(user["id"]), user)

    def put_chat(self, chat: JSON) -> None:
        self.chats.put(str(chat["id"]), chat)

    def chat(self, chat_id: int) -> JSON | None:
        """Return a chat; a person's private chat with the bot has the person's id."""
        user = self.user(chat_id)
        if user is not None:
            return {**user, "type": "private"}
        return self.chats.get(str(chat_id))

    def all_chats(self) -> Iterator[JSON]:
        yield from ({**user, "type": "private"} for _, user in self.users.items())
        yield from (chat for _, chat in self.chats.items())

    def require_chat(self, reference: str) -> JSON:
        """Return the chat that a ``chat_id`` argument names, by number or ``@username``.

        Raises:
            TelegramError: when the argument is empty or names no chat.
        """
        if not reference:
            raise bad_request("chat_id is empty")
        chat = self._find_chat(reference.strip().strip('"'))
        if chat is None:
            raise bad_request("chat not found")
        return chat

    def _find_chat(self, reference: str) -> JSON | None:
        if reference.startswith("@"):
            name = reference[1:].lower()
            found = (chat for _, chat in self.chats.items() if chat.get("username"))
            return next((chat for chat in found if chat["username"].lower() == name), None)
        try:
            return self.chat(int(reference))
        except ValueError:
            return None

    def message(self, chat_id: int, message_id: int) -> JSON | None:
        found = self.messages.get(f"{chat_id}:{message_id}")
        return None if found is None or found["is_deleted"] else found

    def put_message(self, document: JSON) -> JSON:
        """Save a message with its next version and change number."""
        document["version"] = document.get("version", 0) + 1
        document["change"] = self.changes.next_id()
        self.messages.put(f"{document['chat_id']}:{document['message_id']}", document)
        return document

    def messages_since(self, change: int, chat_id: int | None = None) -> list[JSON]:
        """Return the messages that changed after a change number, in order of their ids."""
        found = (document for _, document in self.messages.items())
        return [
            document
            for document in found
            if document["change"] > change and chat_id in (None, document["chat_id"])
        ]

    def file_by_unique_id(self, unique_id: str) -> JSON | None:
        found = (file for _, file in self.files.items() if file["file_unique_id"] == unique_id)
        return next(found, None)


def public_chat(chat: JSON) -> JSON:
    """Return a chat as messages show it."""
    return {key: chat[key] for key in PUBLIC_CHAT if chat.get(key) is not None}


def public_user(user: JSON) -> JSON:
    return {key: user[key] for key in PUBLIC_USER if user.get(key) is not None}


def require_writable(chat: JSON) -> None:
    """Check that the bot may write into a chat.

    Raises:
        TelegramError: with the reason for which it may not.
    """
    if chat["type"] == "private":
        _require_person(chat)
        return
    name = "channel" if chat["type"] == "channel" else "supergroup"
    if chat.get("is_kicked"):
        raise forbidden(f"bot was kicked from the {name} chat")
    if not chat.get("is_member"):
        raise forbidden(f"bot is not a member of the {name} chat")
    if chat["type"] == "channel" and not has_right(chat, "can_post_messages"):
        raise bad_request("need administrator rights in the channel chat")


def has_right(chat: JSON, right: str) -> bool:
    """Tell whether the bot may do something in a channel; an administrator may unless told."""
    return bool(chat.get("is_admin")) and bool((chat.get("rights") or {}).get(right, True))


def require_readable(chat: JSON) -> None:
    """Check that the bot may ask about a chat: everybody may about a public one.

    Raises:
        TelegramError: with the reason for which it may not.
    """
    if chat["type"] == "private" or chat.get("is_member") or chat.get("username"):
        return
    name = "channel" if chat["type"] == "channel" else "supergroup"
    told = "was kicked from" if chat.get("is_kicked") else "is not a member of"
    raise forbidden(f"bot {told} the {name} chat")


def _require_person(user: JSON) -> None:
    if user.get("is_deactivated"):
        raise forbidden("user is deactivated")
    if user.get("has_blocked"):
        raise forbidden("bot was blocked by the user")
    if not user.get("has_started"):
        raise forbidden("bot can't initiate conversation with a user")
