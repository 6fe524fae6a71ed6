"""Names, words and buttons that people make up: shown as text, refused in words, never obeyed."""

from __future__ import annotations

import pytest

from core.posts.models import UploadState, WaitReason
from tests.chat_kit import ADMIN, PERSON, Chat, make_command, make_press, make_video

MARKUP = "<b>bold</b><script>alert(1)</script>"
MIRRORED = "\u202eevil\u202c שלום"
FACES = "🧑🏽‍🚀" * 8
NAMES = (MARKUP, MIRRORED, FACES)
LONG = "<" * 4000
TELEGRAM_SIGNS = 4096
"""Source: core.telegram.org/bots/api, sendMessage, 2026-06-18."""
HUGE = 10**18
NO_USER = 3003


@pytest.mark.parametrize("name", NAMES)
async def test_names_of_accounts_are_shown_and_never_read_as_markup(chat: Chat, name: str) -> None:
    await chat.desk.book.rename(1, name)
    for command in ("/accounts", "/account 1", "/limits", "/groups new brand"):
        (call,) = await chat.ask(make_command(command, ADMIN))
        assert "<script" not in call.text


@pytest.mark.parametrize("name", NAMES)
async def test_names_of_groups_are_shown_and_never_read_as_markup(chat: Chat, name: str) -> None:
    await chat.desk.groups.create(name.replace(":", ""))
    (call,) = await chat.ask(make_command("/groups", ADMIN))
    assert "<script" not in call.text
    assert "<b>bold" not in call.text


@pytest.mark.parametrize(
    "command",
    [
        "/groups new {}",
        "/account 1 name {}",
        "/account {}",
        "/account 1 {} x",
        "/account 1 tags {}",
    ],
)
async def test_what_is_far_too_long_is_answered_in_a_message_that_telegram_takes(
    chat: Chat, command: str
) -> None:
    text = await chat.text(make_command(command.format(LONG), ADMIN))
    assert 0 < len(text.replace("&lt;", "<")) <= TELEGRAM_SIGNS


async def test_a_caption_of_the_longest_kind_is_accepted(chat: Chat) -> None:
    caption = f"{MARKUP}\n{MIRRORED}\n{FACES}\nto: telegram"
    (call,) = await chat.ask(make_video(caption))
    assert "<script" not in call.text


# Buttons that somebody makes up


@pytest.mark.parametrize(
    "data",
    [
        "ac1:leave:1:",
        "ac1:pause:1:",
        "ac1:default:1:privacy",
        "ac1:target:1:",
        "gr1:delete:1:0",
        "gr1:member:1:2",
        "g1:1:go",
        "g1:1:stay",
        "lp1:ask:1",
        "lp1:delete:1",
        "p1:cancel:1",
        "u1:live:1",
    ],
)
async def test_buttons_of_others_do_nothing(chat: Chat, data: str) -> None:
    await chat.desk.groups.create("brand")
    await chat.ask(make_video("Sea\ntogether: yes", ADMIN))
    await chat.move(1, UploadState.WAITING, reason=WaitReason.TURN)
    before = await state(chat)
    await chat.hear(make_press(data, PERSON))
    assert await state(chat) == before


@pytest.mark.parametrize("user", [PERSON, NO_USER])
@pytest.mark.parametrize(
    "data",
    [
        f"ac1:open:{HUGE}:",
        f"ac1:leave:-{HUGE}:",
        f"ac1:list:0:{HUGE}",
        f"gr1:show:{HUGE}:0",
        f"gr1:member:1:{HUGE}",
        f"g1:{HUGE}:go",
        f"g1:-{HUGE}:go",
        f"lp1:delete:{HUGE}",
        f"lu1:publish:{HUGE}",
        f"lf1:{HUGE}:1",
        f"lf1:1:{HUGE}",
        f"cn1:google:{HUGE}",
        "cn1:no such login:0",
        f"cn2:{HUGE}:x",
        f"l1:{HUGE}",
        f"l1:-{HUGE}",
        "gr1:" + "9" * 55 + ":0",
        "ac1:open:" + "9" * 50 + ":",
        "g1:" + "9" * 50 + ":go",
        "lp1:delete:" + "9" * 45,
        "u1:live:" + "9" * 45,
        "cn2:" + "9" * 45 + ":x",
        "\x00" * 20,
    ],
)
async def test_numbers_that_no_button_has_are_refused_in_words(
    chat: Chat, data: str, user: int, caplog: pytest.LogCaptureFixture
) -> None:
    await chat.desk.groups.create("brand")
    before = await state(chat)
    await chat.ask(make_press(data, user))
    assert await state(chat) == before
    assert [row.getMessage() for row in caplog.records if row.levelname == "ERROR"] == []


async def state(chat: Chat) -> list[object]:
    """Return what buttons could change."""
    posts = chat.desk.posts
    groups = await chat.desk.groups.all()
    accounts = [
        (one.id, one.state, one.is_target, one.name, dict(one.defaults))
        for one in await chat.desk.book.all()
    ]
    found = await posts.get(1)
    uploads = await posts.uploads(1) if found else []
    wish = found.wish if found else None
    return [groups, accounts, wish, [(one.state, one.stop_wanted) for one in uploads]]
