from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.posts.models import UploadState
from tests.chat_kit import ADMIN, PERSON, Chat, make_command, make_press, make_video
from tests.clocks import START
from tests.token_kit import connected, tokens

OWNED = 3
"""The account that the person connected; 1 and 2 stand in the settings."""


@pytest.fixture
async def mine(chat: Chat) -> Chat:
    await own(chat)
    return chat


async def own(chat: Chat, platform: str = "youtube", **changes: Any) -> int:
    values = {"owner_id": PERSON, "chat_id": PERSON, "remote_id": "mine", **changes}
    return await chat.desk.book.connect(connected(platform, **values))


async def press(chat: Chat, data: str, user_id: int = PERSON) -> str:
    """Press a button; return the redrawn page."""
    await chat.hear(make_press(data, user_id))
    return chat.session.of("editMessageText")[-1].text


async def refused(chat: Chat, data: str, user_id: int = PERSON) -> str:
    (call,) = await chat.ask(make_press(data, user_id))
    return call.text


async def page(chat: Chat, user_id: int = PERSON, account_id: int = OWNED) -> Any:  # noqa: ANN401 - a call
    (call,) = await chat.ask(make_command(f"/account {account_id}", user_id))
    return call


async def test_everybody_sees_the_list_with_marks_and_states(mine: Chat) -> None:
    await mine.desk.book.pause(1)
    assert await mine.desk.book.need_reconnect(2, "refused")
    # The news about the sign-in goes out at the same time.
    calls = await mine.ask(make_command("/accounts"))
    (call,) = [one for one in calls if one.text.startswith("<b>Accounts")]
    lines = call.text.split("\n")
    assert lines[0] == "<b>Accounts</b> · 3 accounts, page 1 of 1"
    assert lines[1:] == [
        "⏸ <b>1</b> · YouTube · my youtube: paused",
        "🔑 <b>2</b> · Telegram · my telegram: must be connected again",
        "✅ <b>3</b> · YouTube · Ann&#x27;s channel: ready",
    ]
    assert call.data == ["ac1:open:1:", "ac1:open:2:", "ac1:open:3:"]


async def test_a_long_list_has_pages(chat: Chat) -> None:
    for number in range(9):
        await own(chat, remote_id=f"r{number}", name=f"Channel {number}")
    (call,) = await chat.ask(make_command("/accounts"))
    assert "page 1 of 2" in call.text
    assert call.data[-1] == "ac1:list:0:1"
    assert "Channel 8" in await press(chat, "ac1:list:0:1")
    assert "page 2 of 2" in await press(chat, "ac1:list:0:99")
    assert "page 1 of 2" in await press(chat, "ac1:list:0:x")


async def test_without_accounts_it_says_how_to_connect_one(chat: Chat) -> None:
    await chat.desk.book.adopt([])
    assert "/connect" in await chat.text(make_command("/accounts"))


async def test_a_page_tells_state_sign_in_scopes_outcome_and_defaults(chat: Chat) -> None:
    await own(
        chat,
        tokens=tokens(START + timedelta(hours=1)),
        scopes=("https://www.googleapis.com/auth/youtube.upload",),
        sign_in_expires_at=START + timedelta(days=30),
    )
    await chat.desk.book.set_default(OWNED, "privacy", "private")
    await chat.desk.book.set_default(OWNED, "tags", ["sea", "sun"])
    text = (await page(chat)).text
    assert "Ready to publish, but look" in text
    assert "renews itself, until 2026-01-31 12:00 at the latest" in text
    assert "statistics" in text
    assert "No video has ended here yet." in text
    assert "Defaults: privacy private, tags sea, sun." in text


async def test_a_page_tells_how_the_last_video_ended(mine: Chat) -> None:
    await mine.ask(make_video("to: Ann's channel\nThe sea"))
    uploads = await mine.desk.posts.uploads(1)
    target = next(each for each in uploads if each.account_id == OWNED)
    await mine.move(target.id, UploadState.FAILED, error_kind="rejected", error_text="too loud")
    text = await mine.text_of_command(f"/account {OWNED}")
    assert "Last video: failed, 12:00:00. too loud" in text


async def test_a_sign_in_that_ends_soon_asks_for_a_look(chat: Chat) -> None:
    end = START + timedelta(days=6)
    await own(chat, "facebook", tokens=tokens(None, refresh_token=""), sign_in_expires_at=end)
    text = (await page(chat)).text
    assert text.startswith("⚠️")
    assert "Sign-in: good until 2026-01-07 12:00; then connect it again." in text


async def test_who_does_not_own_it_sees_but_cannot_change_it(mine: Chat) -> None:
    call = await page(mine, account_id=1)
    assert call.data == ["ac1:list:0:"]
    for data in ("ac1:pause:1:", "ac1:leave:1:", "ac1:default:1:privacy", "ac1:again:1:"):
        assert "Only an admin" in await refused(mine, data)
    assert "Only an admin" in await mine.text_of_command("/account 1 pause")
    assert [account.state for account in await mine.desk.book.all()] == ["ok"] * 3


async def test_an_admin_changes_what_somebody_else_connected(mine: Chat) -> None:
    assert "Paused" in await press(mine, f"ac1:pause:{OWNED}:", ADMIN)


async def test_pausing_and_resuming_redraw_the_page(mine: Chat) -> None:
    assert "Paused: nothing new begins" in await press(mine, f"ac1:pause:{OWNED}:")
    assert "ac1:resume:3:" in mine.session.of("editMessageText")[-1].data
    assert "Ready to publish" in await press(mine, f"ac1:resume:{OWNED}:")
    assert "is not paused" in await refused(mine, f"ac1:resume:{OWNED}:")


async def test_buttons_go_through_the_values_of_a_default(mine: Chat) -> None:
    seen = []
    for _ in range(4):
        await press(mine, f"ac1:default:{OWNED}:privacy")
        account = await mine.desk.book.get(OWNED)
        assert account is not None
        seen.append(account.defaults.get("privacy"))
    assert seen == ["public", "unlisted", "private", None]
    await press(mine, f"ac1:default:{OWNED}:kids")
    account = await mine.desk.book.get(OWNED)
    assert account is not None
    assert account.defaults == {"kids": "yes"}
    assert "old" in await refused(mine, f"ac1:default:{OWNED}:stitch")


@pytest.mark.parametrize(
    ("order", "defaults"),
    [
        ("privacy Private", {"privacy": "private"}),
        ("tags #sea,  sun, sea", {"tags": ["sea", "sun"]}),
        ("category Music", {"category": "10"}),
        ("ai on", {"ai": "yes"}),
        ("AI –", {}),
    ],
)
async def test_defaults_are_set_in_words(
    mine: Chat, order: str, defaults: dict[str, object]
) -> None:
    await mine.ask(make_command(f"/account {OWNED} {order}"))
    account = await mine.desk.book.get(OWNED)
    assert account is not None
    assert account.defaults == defaults


async def test_a_button_keeps_what_words_keep(mine: Chat) -> None:
    text = await press(mine, f"ac1:default:{OWNED}:category")
    account = await mine.desk.book.get(OWNED)
    assert account is not None
    assert account.defaults == {"category": "1"}
    assert "Defaults: category Film &amp; Animation." in text
    await mine.desk.book.set_default(OWNED, "category", "27")
    assert "category Science &amp; Technology" in await press(
        mine, f"ac1:default:{OWNED}:category"
    )


async def test_an_account_is_found_by_a_name_of_several_words(mine: Chat) -> None:
    assert "account 3" in await mine.text_of_command("/account Ann's channel")


async def test_what_was_not_allowed_is_called_by_what_it_is_for(chat: Chat) -> None:
    rights = ("youtube.upload", "youtube.readonly")
    await own(chat, scopes=tuple(f"https://www.googleapis.com/auth/{right}" for right in rights))
    text = (await page(chat)).text
    assert "does not work: changing title and description later; removing a video" in text


@pytest.mark.parametrize(
    ("order", "said"),
    [
        ("privacy friends", "no value of privacy. It takes: public, unlisted, private"),
        ("stitch yes", "YouTube has no option “stitch”"),
        ("target perhaps", "It takes: on, off"),
        ("tags ,", "no value of tags"),
        ("name 17", "no number"),
        ("ai perhaps", "“perhaps” is no value of ai. It takes: yes, no."),
        ("privacy", "Write a value behind privacy: public, unlisted, private"),
        ("tags", "Write a value behind tags: one, two"),
    ],
)
async def test_what_cannot_be_set_is_said(mine: Chat, order: str, said: str) -> None:
    assert said in await mine.text(make_command(f"/account {OWNED} {order}"))
    account = await mine.desk.book.get(OWNED)
    assert account is not None
    assert account.defaults == {}


async def test_renaming_by_command_is_confirmed_by_the_page(mine: Chat) -> None:
    assert f"/account {OWNED} name" in await press(mine, f"ac1:rename:{OWNED}:")
    text = await mine.text(make_command(f"/account {OWNED} name The  new one"))
    assert "<b>The new one</b>" in text


async def test_a_target_is_turned_off_and_on(mine: Chat) -> None:
    assert "Only videos that name it" in await press(mine, f"ac1:target:{OWNED}:")
    text = await mine.text(make_command(f"/account {OWNED} target on"))
    assert "without a <b>to:</b> line goes here" in text


async def test_a_disconnection_is_asked_about_and_tells_what_is_left_to_do(chat: Chat) -> None:
    await own(chat, "instagram", options={"login": "instagram"})
    question = await press(chat, f"ac1:disconnect:{OWNED}:")
    assert "Disconnect <b>Ann&#x27;s channel</b> (Instagram)?" in question
    assert "Nothing waits for it" in question
    asked = chat.session.of("editMessageText")[-1]
    assert asked.data == [f"ac1:leave:{OWNED}:", f"ac1:open:{OWNED}:"]
    farewell = await press(chat, f"ac1:leave:{OWNED}:")
    assert "is disconnected" in farewell
    assert "Take it away yourself: the settings of Instagram" in farewell
    assert "I know no account" in await refused(chat, f"ac1:open:{OWNED}:")


async def test_an_account_of_the_settings_says_that_it_comes_back(chat: Chat) -> None:
    farewell = await press(chat, "ac1:leave:2:", ADMIN)
    assert "comes back at the next start" in farewell


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/account", "Write the number of the account"),
        ("/account nobody", "I know no account “nobody”"),
        ("/account 99", "I know no account “99”"),
    ],
)
async def test_an_account_that_is_not_named_well(chat: Chat, command: str, said: str) -> None:
    assert said in await chat.text(make_command(command))


@pytest.mark.parametrize(
    "data", ["ac1:open:0:", "ac1:open:99999999999999999999:", "ac1:what:3:", "ac1:default:3:"]
)
async def test_foreign_buttons_do_no_harm(mine: Chat, data: str) -> None:
    (call,) = await mine.ask(make_press(data))
    assert "account" in call.text or "old" in call.text
    assert [account.state for account in await mine.desk.book.all()] == ["ok"] * 3


async def test_news_carry_the_button_that_connects_again(mine: Chat) -> None:
    assert await mine.desk.book.need_reconnect(OWNED, "Token has been revoked.")
    (call,) = await mine.speak()
    assert "must be connected again: Token has been revoked." in call.text
    assert call.data == [f"ac1:again:{OWNED}:"]


async def test_a_sign_in_is_not_begun_before_others(mine: Chat) -> None:
    update = make_press(f"ac1:again:{OWNED}:")
    update["callback_query"]["message"]["chat"] = {"id": -500, "type": "group", "title": "All"}
    (call,) = await mine.ask(update)
    assert "private chat" in call.text
