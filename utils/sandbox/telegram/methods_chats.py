"""Methods about the bot itself, its chats, its commands and its menu."""

from __future__ import annotations

import json
import re
from typing import Any

from utils.sandbox.telegram.call import Call, Method
from utils.sandbox.telegram.errors import bad_request, too_many
from utils.sandbox.telegram.state import (
    PERSON_ID,
    has_right,
    public_chat,
    public_user,
    require_readable,
)

JSON = dict[str, Any]

COMMAND_LIMIT = 100
DESCRIPTION_LIMIT = 256
COMMAND_NAME = re.compile(r"[a-z0-9_]{1,32}")
SCOPES = frozenset(
    {
        *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
        *("chat", "chat_administrators", "chat_member"),
    }
)
CLOSE_SECONDS = 600.0
RIGHTS = (
    *("can_be_edited", "can_manage_chat", "can_delete_messages", "can_manage_video_chats"),
    *("can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users"),
    *("can_post_stories", "can_edit_stories", "can_delete_stories", "can_post_messages"),
    "can_edit_messages",
)
NOT_GIVEN = frozenset({"can_be_edited", "can_promote_members"})


async def get_me(call: Call) -> JSON:
    return {
        **public_user(call.bot),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_chat(call: Call) -> JSON:
    chat = call.service.state.require_chat(call.text("chat_id"))
    require_readable(chat)
    full: JSON = {
        **public_chat(chat),
        "accent_color_id": 1,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }
    if chat.get("username"):
        full["active_usernames"] = [chat["username"]]
    return full


async def get_chat_member(call: Call) -> JSON:
    chat = call.service.state.require_chat(call.text("chat_id"))
    require_readable(chat)
    user_id = call.integer("user_id")
    if user_id == call.bot["id"]:
        return bot_member(call.bot, chat)
    user = call.service.state.user(user_id)
    if user is None:
        raise bad_request("user not found")
    return person_member(user, chat)


async def get_chat_administrators(call: Call) -> list[JSON]:
    chat = call.service.state.require_chat(call.text("chat_id"))
    if chat["type"] == "private":
        raise bad_request("there are no administrators in the private chat")
    require_readable(chat)
    members = [bot_member(call.bot, chat)]
    members += [person_member(user, chat) for _, user in call.service.state.users.items()]
    return [member for member in members if member["status"] in {"creator", "administrator"}]


async def get_chat_member_count(call: Call) -> int:
    chat = call.service.state.require_chat(call.text("chat_id"))
    return 2 if chat["type"] == "private" or chat.get("is_member") else 1


def bot_member(bot: JSON, chat: JSON) -> JSON:
    """Return what the bot is in a chat."""
    user = public_user(bot)
    if chat["type"] == "private":
        return {"status": "member", "user": user}
    if chat.get("is_kicked"):
        return {"status": "kicked", "user": user, "until_date": 0}
    if not chat.get("is_member"):
        return {"status": "left", "user": user}
    if not chat.get("is_admin"):
        return {"status": "member", "user": user}
    rights = {right: right not in NOT_GIVEN and has_right(chat, right) for right in RIGHTS}
    return {"status": "administrator", "user": user, "is_anonymous": False, **rights}


def person_member(user: JSON, chat: JSON) -> JSON:
    """Return what a person is in a chat; the first person owns every channel unless told."""
    shown = public_user(user)
    if chat["type"] == "private":
        return {"status": "member", "user": shown}
    if user["id"] == chat.get("owner_id", PERSON_ID):
        return {"status": "creator", "user": shown, "is_anonymous": False}
    if user["id"] in chat.get("admin_ids", []):
        rights = {right: right not in NOT_GIVEN for right in RIGHTS}
        return {"status": "administrator", "user": shown, "is_anonymous": False, **rights}
    return {"status": "left", "user": shown}


async def set_my_commands(call: Call) -> bool:
    commands = call.sequence("commands")
    if commands is None:
        raise bad_request("commands must be non-empty")
    if len(commands) > COMMAND_LIMIT or not all(map(_is_command, commands)):
        raise bad_request("BOT_COMMAND_INVALID")
    chosen = [{key: item[key] for key in ("command", "description")} for item in commands]
    call.service.state.settings.put(_commands_key(call), {"commands": chosen})
    call.service.hub.emit("commands", call.service.phone.commands())
    return True


async def get_my_commands(call: Call) -> list[JSON]:
    found = call.service.state.settings.get(_commands_key(call)) or {}
    return list(found.get("commands", []))


async def delete_my_commands(call: Call) -> bool:
    call.service.state.settings.delete(_commands_key(call))
    call.service.hub.emit("commands", call.service.phone.commands())
    return True


def _is_command(item: object) -> bool:
    if not isinstance(item, dict):
        return False
    name, description = item.get("command"), item.get("description")
    return (
        isinstance(name, str)
        and COMMAND_NAME.fullmatch(name.removeprefix("/")) is not None
        and isinstance(description, str)
        and 1 <= len(description) <= DESCRIPTION_LIMIT
    )


def _commands_key(call: Call) -> str:
    scope = call.mapping("scope") or {"type": "default"}
    if scope.get("type") not in SCOPES:
        raise bad_request("unsupported type specified")
    if "chat_id" in scope:
        scope = {**scope, "chat_id": call.service.state.require_chat(str(scope["chat_id"]))["id"]}
    return f"commands {json.dumps(scope, sort_keys=True)} {call.text('language_code')}"


async def set_chat_menu_button(call: Call) -> bool:
    button = call.mapping("menu_button") or {"type": "default"}
    if button.get("type") not in {"default", "commands", "web_app"}:
        raise bad_request("unsupported type specified")
    if button["type"] == "web_app":
        _check_web_app(call, button)
    call.service.state.settings.put(_menu_key(call), button)
    call.service.hub.emit("menu", button)
    return True


def _check_web_app(call: Call, button: JSON) -> None:
    url = str((button.get("web_app") or {}).get("url") or "")
    schemes = (
        ("https://", "http://") if call.switch("plain_web_apps", default=False) else "https://"
    )
    if not button.get("text") or not url.startswith(schemes):
        raise bad_request("BUTTON_URL_INVALID")


async def get_chat_menu_button(call: Call) -> JSON:
    settings = call.service.state.settings
    return settings.get(_menu_key(call)) or settings.get("menu ") or {"type": "default"}


def _menu_key(call: Call) -> str:
    return f"menu {call.text('chat_id')}"


async def log_out(call: Call) -> bool:
    """Leave the cloud; it refuses the bot from then on, for ten minutes at least."""
    call.service.state.bots.put(call.token, {**call.bot, "logged_out_at": call.now})
    return True


async def close(call: Call) -> bool:
    """Close the bot's instance; not within ten minutes of its start."""
    waited = call.now - call.service.started_at
    if waited < CLOSE_SECONDS:
        raise too_many(int(CLOSE_SECONDS - waited) + 1)
    return True


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "logOut": log_out,
    "close": close,
}
