"""/library in chat: pages, filters, one file and what is said of it, and who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.keyboards import MOST_BUTTONS
from core.studio.assets import NewAsset
from core.studio.mashup import AssetKind
from tests.chat_kit import (
    ADMIN,
    PERSON,
    Chat,
    as_reply,
    make_chat_on,
    make_command,
    make_message,
    make_press,
)
from tests.factories import Desk
from tests.library_kit import clip, plant, song

OTHER = 1002
BOARD = 101


@pytest.fixture
async def chat(desk: Desk, tmp_path: Path) -> Chat:
    return make_chat_on(desk, tmp_path / "logs", users=(PERSON, OTHER))


async def add(chat: Chat, name: str = "Waves", *, user: int = PERSON, **said: str) -> int:
    wanted = NewAsset(kind=AssetKind.TEMPLATE, name=name, **said)  # type: ignore[arg-type]
    return (await chat.deps.library.add(clip(), wanted, user_id=user)).asset.id


async def press(
    chat: Chat, action: str, value: int = 0, *, user: int = PERSON, view: int = 1
) -> str:
    message_id = BOARD + view - 1
    await chat.ask(make_press(f"lb1:{action}:{view}:{value}", user, message_id=message_id))
    return shown(chat)


async def reply(chat: Chat, words: str, *, user: int = PERSON) -> str:
    await chat.clock.advance(5)
    await chat.ask(as_reply(make_message(user, text=words), BOARD))
    return shown(chat)


def shown(chat: Chat) -> str:
    return chat.session.shown[-1].text


def words(chat: Chat) -> list[str]:
    return [button["text"] for button in chat.session.shown[-1].buttons]


async def test_a_category_narrows_too(chat: Chat) -> None:
    await plant(chat.deps.store, 3)  # type: ignore[arg-type]
    await chat.deps.library.set(2, category="Food")
    assert "one file of: food" in await chat.text(make_command("/library category:food"))


async def test_an_empty_library_says_how_to_begin(chat: Chat) -> None:
    assert "Your library is empty" in await chat.text(make_command("/library"))


async def test_pages_turn_and_filters_narrow(chat: Chat) -> None:
    await plant(chat.deps.store, 20)  # type: ignore[arg-type]
    first = await chat.text(make_command("/library"))
    assert "20 files" in first
    assert "Page 1 of 3" in first
    assert len(words(chat)) < MOST_BUTTONS
    assert "Page 3 of 3" in await press(chat, "page", 9)
    await press(chat, "mood")
    assert words(chat) == ["upbeat", "◀ Back", "Any"]
    assert "10 files of: upbeat" in await press(chat, "pick_mood", 0)
    await press(chat, "kind")
    assert "20 templates" in words(chat)
    assert "10 files of: template · upbeat" in await press(chat, "pick_kind", 1)
    assert "nothing of: template · upbeat · “zebra”" in await reply(chat, "zebra")
    assert "20 files" in await press(chat, "clear")
    assert "20 templates" in await press(chat, "stats")
    assert "There is none yet" in await press(chat, "tag")


async def test_a_command_may_say_what_is_looked_for(chat: Chat) -> None:
    await add(chat, mood="calm", platform="tiktok", tags=frozenset({"sea"}))  # type: ignore[arg-type]
    asked = "/library template #sea mood:calm platform:tiktok wav"
    assert "one file of: template · TikTok · calm · #sea · “wav”" in await chat.text(
        make_command(asked)
    )
    assert "nothing of" in await chat.text(make_command("/library hot"))


async def test_one_file_tells_all_that_is_known(chat: Chat) -> None:
    number = await add(
        chat,
        rights="licensed",
        licence="CC BY 4.0",
        origin="https://example.org/<a>",
        attribution="Jane",
        mood="calm",
    )
    await chat.deps.library.use([number], "render:7")
    await chat.ask(make_command("/library"))
    text = await press(chat, "open", number)
    for part in (
        "template · video · 160×284 · 1 s",
        "Mood: calm",
        "Rights: licensed",
        "Licence: \u2068CC BY 4.0",
        "From: https://example.org/&lt;a&gt;",
        "To be named: \u2068Jane",
        "Used once",
        "render 7",
    ):
        assert part in text, text


async def test_rights_that_nobody_stated_are_asked_for(chat: Chat) -> None:
    number = await add(chat)
    await chat.ask(make_command("/library"))
    assert "Nobody has said" in await press(chat, "open", number)
    await press(chat, "rights", number)
    text = await press(chat, "put_licensed", number)
    assert "Its licence is not named" in text
    assert "Licence: \u2068CC0" in await reply(chat, "licence: CC0\nattribution: Jane #sea")
    asset = await chat.deps.library.require(number)
    assert (asset.licence, asset.attribution, set(asset.tags)) == ("CC0", "Jane", {"sea"})


async def test_name_tags_mood_and_platform_are_changed(chat: Chat) -> None:
    number = await add(chat)
    await chat.ask(make_command("/library"))
    await press(chat, "open", number)
    assert "new name" in await press(chat, "rename", number)
    assert "&lt;b&gt;New" in await reply(chat, "<b>New\u202e name")
    await press(chat, "tags", number)
    assert "#one #two" in await reply(chat, "#one two")
    await press(chat, "set_mood", number)
    assert "Mood: upbeat" in await press(chat, "put_mood", 0)
    await press(chat, "set_platform", number)
    assert "For YouTube" in await press(chat, "put_platform", 4)
    await press(chat, "set_mood", number)
    assert "Mood" not in await press(chat, "no_mood", number)
    asset = await chat.deps.library.require(number)
    assert (asset.name, set(asset.tags), asset.platform) == (
        "<b>New name",
        {"one", "two"},
        "youtube",
    )


async def test_what_is_in_use_is_deleted_later(chat: Chat) -> None:
    number = await add(chat)
    await chat.deps.library.hold([number], "render:7")
    await chat.ask(make_command("/library"))
    await press(chat, "open", number)
    assert "right now" in await press(chat, "delete", number)
    assert "not offered any more" in await press(chat, "delete_yes", number)
    assert "It is deleted as soon as" in await press(chat, "open", number)
    assert words(chat) == ["▶️ Play", "◀ Back"]
    await chat.deps.library.release("render:7")
    assert "not in the library any more" in await press(chat, "open", number)
    assert "library is empty" in await press(chat, "list")


async def test_deleting_takes_two_presses_about_the_same_file(chat: Chat) -> None:
    number = await add(chat)
    await chat.ask(make_command("/library"))
    await press(chat, "open", number)
    await press(chat, "delete_yes", number)
    await press(chat, "delete", number)
    await press(chat, "delete_yes", number + 1)
    assert await chat.deps.library.get(number) is not None
    await press(chat, "delete_yes", number)
    assert await chat.deps.library.get(number) is None


async def test_others_see_a_file_and_change_nothing(chat: Chat) -> None:
    number = await add(chat)
    await chat.ask(make_command("/library", OTHER))
    await press(chat, "open", number, user=OTHER)
    assert words(chat) == ["▶️ Play", "◀ Back"]
    await press(chat, "rename", number, user=OTHER)
    await press(chat, "delete", number, user=OTHER)
    assert "Somebody else added that file" in shown(chat)
    assert (await chat.deps.views.get(1)).menu == "asset"  # type: ignore[union-attr]
    await chat.ask(make_command("/library", ADMIN))
    assert f"by {PERSON}" in await press(chat, "open", number, user=ADMIN, view=2)
    assert "🗑 Delete" in words(chat)


async def test_nobody_presses_in_the_list_of_another_one(chat: Chat) -> None:
    await add(chat)
    await chat.ask(make_command("/library"))
    before = await chat.deps.views.get(1)
    await press(chat, "stats", user=OTHER)
    await chat.ask(as_reply(make_message(OTHER, chat_id=PERSON, text="sea"), BOARD))
    assert await chat.deps.views.get(1) == before
    assert await chat.deps.views.get(2) is None


@pytest.mark.parametrize(
    ("action", "value", "view"),
    [
        ("pick_mood", 0, 1),
        ("put_mood", 0, 1),
        ("pick_kind", 99, 1),
        ("any_text", 0, 1),
        ("nonsense", 0, 1),
        ("open", 77, 1),
        ("play", -1, 1),
        ("pictures", 0, 9),
        ("list", 0, 2**63),
    ],
)
async def test_old_buttons_are_answered_and_change_nothing(
    chat: Chat, action: str, value: int, view: int
) -> None:
    await chat.ask(make_command("/library"))
    before = len(chat.session.shown)
    await chat.ask(make_press(f"lb1:{action}:{view}:{value}", message_id=BOARD))
    assert len(chat.session.shown) == before + 1
    assert "internal" not in shown(chat)


async def test_a_thousand_long_names_still_fit(chat: Chat) -> None:
    await plant(chat.deps.store, 8)  # type: ignore[arg-type]
    for number in range(1, 9):
        await chat.deps.library.rename(number, "&<>" * 40)
    await chat.ask(make_command("/library"))
    assert "Page" not in shown(chat)
    assert shown(chat).count("&amp;&lt;") >= 8


async def test_what_is_played_or_pictured_is_asked_of_the_player(chat: Chat) -> None:
    number = await add(chat)
    await chat.deps.library.add(song(), NewAsset(kind=AssetKind.AUDIO), user_id=PERSON)
    await chat.ask(make_command("/library"))
    await press(chat, "pictures")
    await press(chat, "play", number)
    wishes = [chat.deps.player._wishes.get_nowait() for _ in range(2)]
    assert [list(one.asset_ids) for one in wishes] == [[2, 1], [1]]
    assert [one.as_pictures for one in wishes] == [True, False]
