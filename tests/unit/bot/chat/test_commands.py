from __future__ import annotations

import json

import pytest

from bot.chat.commands import ADMINS, register_commands
from tests.chat_kit import Chat


def names(commands: str) -> list[str]:
    return [command["command"] for command in json.loads(commands)]


async def test_commands_are_told_per_scope(chat: Chat) -> None:
    await register_commands(chat.bot, [1], chat.deps.languages)
    told = {
        json.loads(call.params["scope"])["type"]: names(call.params["commands"])
        for call in chat.session.of("setMyCommands")
    }
    assert told["chat"] == list(ADMINS)
    assert "clear" not in told["all_private_chats"]
    assert "start" not in told["all_group_chats"]


async def test_what_is_unchanged_is_not_told_again(chat: Chat) -> None:
    await register_commands(chat.bot, [1], chat.deps.languages)
    before = len(chat.session.of("setMyCommands"))
    await register_commands(chat.bot, [1], chat.deps.languages)
    assert len(chat.session.of("setMyCommands")) == before


async def test_an_admin_without_a_chat_does_not_stop_the_others(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await register_commands(chat.bot, [], chat.deps.languages)
    chat.session.fail("setMyCommands", 400, "Bad Request: chat not found")
    await register_commands(chat.bot, [1, 2], chat.deps.languages)
    assert "no_chat_for_commands" in caplog.messages
    scopes = [json.loads(scope) for scope in chat.session.commands]
    assert [scope["chat_id"] for scope in scopes if scope["type"] == "chat"] == [2]
