"""What the bot is in a chat changes: a person blocks it, makes it an admin, or removes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from utils.sandbox.telegram.call import Call
from utils.sandbox.telegram.methods_chats import RIGHTS, bot_member
from utils.sandbox.telegram.state import BOT, public_chat, public_user

if TYPE_CHECKING:
    from utils.sandbox.telegram.service import Telegram

JSON = dict[str, Any]

FIRST_CHAT_ID = -1001000000001


def block(service: Telegram, user: JSON, *, has_blocked: bool) -> JSON:
    """Let a person block the bot, or let it write again."""
    before, after = ("member", "kicked") if has_blocked else ("kicked", "member")
    service.state.put_user({**user, "has_blocked": has_blocked})
    members = [_private_member(status) for status in (before, after)]
    update_id = member_update(service, user, {**user, "type": "private"}, *members)
    return {"user_id": user["id"], "update_id": update_id}


def change_chat(service: Telegram, call: Call, user: JSON) -> JSON:
    """Create a channel or group, or change it, and tell the bot what it is there now."""
    state = service.state
    chat_id = call.integer("chat_id") or FIRST_CHAT_ID - state.chats.next_id()
    before = state.chats.get(str(chat_id)) or {"id": chat_id, "type": "channel"}
    is_kicked = call.boolean("bot_is_kicked", default=bool(before.get("is_kicked")))
    is_admin = call.boolean("bot_is_admin", default=bool(before.get("is_admin")))
    is_member = call.boolean("bot_is_member", default=is_admin)
    after = {
        **before,
        "type": call.text("type") or before["type"],
        "title": call.text("title") or before.get("title", "Channel"),
        "is_admin": is_admin and not is_kicked,
        "is_member": is_member and not is_kicked,
        "is_kicked": is_kicked,
        "rights": _rights(call, before),
    }
    after |= _people(call)
    if call.has("username"):
        after["username"] = call.text("username")
    state.put_chat(after)
    service.hub.emit("chat", {**public_chat(after), "is_admin": after["is_admin"]})
    members = bot_member(BOT, before), bot_member(BOT, after)
    if members[0] != members[1]:
        member_update(service, user, after, *members)
    return after


def _people(call: Call) -> JSON:
    """Return who owns and runs the chat, as far as it is named."""
    people: JSON = {"owner_id": call.integer("owner_id")} if call.has("owner_id") else {}
    admins = call.sequence("admin_ids")
    return people if admins is None else {**people, "admin_ids": admins}


def _rights(call: Call, before: JSON) -> JSON:
    """Return the bot's rights as an admin that differ from the usual ones.

    Raises:
        ValueError: for one that is unknown.
    """
    rights = call.mapping("rights")
    if rights is None:
        return dict(before.get("rights") or {})
    unknown = set(rights) - set(RIGHTS)
    if unknown:
        raise ValueError(f"no such right: {min(unknown)}")
    return rights


def member_update(
    service: Telegram, user: JSON, chat: JSON, before: JSON, after: JSON
) -> int | None:
    """Queue `my_chat_member`; None when the bot did not ask for it."""
    change = {
        "chat": public_chat(chat),
        "from": public_user(user),
        "date": int(service.sandbox.clock.now()),
        "old_chat_member": before,
        "new_chat_member": after,
    }
    return service.updates.add("my_chat_member", change)


def _private_member(status: str) -> JSON:
    member: JSON = {"status": status, "user": public_user(BOT)}
    return {**member, "until_date": 0} if status == "kicked" else member
