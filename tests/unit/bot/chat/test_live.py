from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.chat.live_messages import LIVE_TEXTS
from bot.chat.texts import plain
from core.platforms.base import Operation
from core.posts.operations import OperationState
from tests.aftercare_kit import make_live, make_operations
from tests.chat_kit import (
    ADMIN,
    Chat,
    as_reply,
    make_chat_on,
    make_command,
    make_message,
    make_press,
    make_video,
)
from tests.factories import Desk, make_account
from tests.token_kit import connected

PHOTO = [{"file_id": "p", "file_unique_id": "u", "width": 90, "height": 90, "file_size": 99}]
PUBLISH = "instagram_business_content_publish"


async def accept(chat: Chat) -> int:
    """Accept a video for YouTube and Telegram; return the id of its message."""
    update = make_video()
    await chat.ask(update)
    return int(update["message"]["message_id"])


async def accept_live(chat: Chat) -> int:
    message_id = await accept(chat)
    for upload_id in (1, 2):
        await make_live(chat.desk, upload_id)
    return message_id


async def answer(chat: Chat, update: dict[str, Any]) -> str:
    """Return what is said in answer to an update, the changed card left out."""
    await chat.clock.advance(10)
    calls = await chat.ask(update)
    return next(plain(call.text) for call in calls if call.method == "sendMessage")


async def kinds(chat: Chat) -> list[tuple[int, Operation]]:
    """Return what waits to be done, by upload."""
    operations = make_operations(chat.desk)
    known = [*await operations.of_upload(1), *await operations.of_upload(2)]
    waiting = [one for one in known if one.state is OperationState.WAITING]
    return [(one.upload_id, one.kind) for one in waiting]


async def test_a_reply_to_the_card_or_the_video_changes_what_is_live(chat: Chat) -> None:
    message_id = await accept_live(chat)
    text = await answer(chat, as_reply(make_message(text="New words"), message_id))
    assert text.startswith("✏️ Post 1, new words:")
    assert text.count("is being changed") == 2
    assert await kinds(chat) == [(1, Operation.EDIT), (2, Operation.EDIT)]
    card = await chat.desk.posts.card(1)
    assert card is not None
    assert card.message_id is not None
    await answer(chat, as_reply(make_message(text="Newer words"), card.message_id))
    post = await chat.desk.posts.require(1)
    assert post.text is not None
    assert (post.text.description, post.text.by) == ("Newer words", "person")


async def test_words_before_anything_has_begun_are_simply_taken(chat: Chat) -> None:
    message_id = await accept(chat)
    text = await answer(chat, as_reply(make_message(text="title: In time"), message_id))
    assert text.count("is published that way") == 2
    assert await kinds(chat) == []
    post = await chat.desk.posts.require(1)
    assert post.text is not None
    assert post.text.title == "In time"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("to: telegram\nWords", "The line to: cannot be changed"),
        ("at: 23:59\nWords", "The line at: cannot be changed"),
        ("together: yes", "The line together: cannot be changed"),
        ("duet: no", "No target of this post has duet:"),
        ("privacy: nonsense", "I do not know the privacy"),
    ],
)
async def test_what_cannot_be_changed_is_refused(chat: Chat, words: str, said: str) -> None:
    message_id = await accept_live(chat)
    text = await answer(chat, as_reply(make_message(text=words), message_id))
    assert said in text
    assert await kinds(chat) == []


async def test_a_privacy_goes_to_those_who_have_it_and_the_others_are_named(chat: Chat) -> None:
    message_id = await accept_live(chat)
    text = await answer(chat, as_reply(make_message(text="privacy: private"), message_id))
    assert "YouTube · my youtube: is being changed" in text
    assert "Telegram · my telegram: who can see a published video cannot be changed" in text
    assert await kinds(chat) == [(1, Operation.VISIBILITY)]


async def test_a_reply_with_a_picture_sets_it_and_one_without_a_post_is_a_hint(
    chat: Chat,
) -> None:
    message_id = await accept_live(chat)
    text = await answer(chat, as_reply(make_message(photo=PHOTO), message_id))
    assert "a new picture" in text
    assert await kinds(chat) == [(1, Operation.THUMBNAIL)]
    assert "That is a picture" in await answer(chat, make_message(photo=PHOTO))


async def test_a_picture_before_anything_is_live_is_planned_where_it_can_be_set(
    desk: Desk, log_folder: Path
) -> None:
    await desk.book.adopt(
        [make_account(name) for name in ("youtube", "telegram", "instagram", "facebook")]
    )
    chat = make_chat_on(desk, log_folder)
    update = make_video("Words\nat: tomorrow 9:00")
    await chat.ask(update)
    text = await answer(chat, as_reply(make_message(photo=PHOTO), update["message"]["message_id"]))
    assert "YouTube · my youtube: is changed as soon as it is live" in text
    assert "Instagram · my instagram: it takes no picture" in text
    assert "cover: 2.5" in text
    assert "Facebook · my facebook: it takes no picture, only one out of the video itself" in text
    assert "published video" not in text


@pytest.mark.parametrize(
    ("scopes", "said"),
    [
        (("instagram_business_basic", PUBLISH), "this kind of sign-in never allows that"),
        (("instagram_basic", "instagram_content_publish"), "/connect it again"),
    ],
)
async def test_a_right_that_no_sign_in_gives_is_not_asked_for_again(
    desk: Desk, log_folder: Path, scopes: tuple[str, ...], said: str
) -> None:
    await desk.book.adopt([])
    await desk.book.connect(connected("instagram", scopes=scopes))
    chat = make_chat_on(desk, log_folder)
    await chat.ask(make_video())
    await make_live(desk)
    text = await answer(chat, make_command("/delete 1"))
    assert said in text
    assert ("https://video.example/1" in text) == ("never" in said)


async def test_a_picture_as_a_file_is_limited(chat: Chat) -> None:
    message_id = await accept_live(chat)
    file = make_document("picture.png", "image/png", file_size=21 * 1024 * 1024)
    text = await answer(chat, as_reply(file, message_id))
    assert text == "That file is too large. Send one of at most 20 MB."


async def test_captions_need_their_language(chat: Chat) -> None:
    message_id = await accept_live(chat)
    nameless = as_reply(make_document("video.srt"), message_id)
    assert "In which language" in await answer(chat, nameless)
    text = await answer(chat, as_reply(make_document("video.de.srt"), message_id))
    assert "Telegram · my telegram: subtitle files are not taken" in text
    assert await kinds(chat) == [(1, Operation.CAPTIONS)]


def make_document(
    name: str, mime: str = "application/x-subrip", file_size: int = 100
) -> dict[str, Any]:
    document = {
        "file_id": name,
        "file_unique_id": name,
        "file_name": name,
        "mime_type": mime,
        "file_size": file_size,
    }
    return make_message(document=document)


async def test_delete_asks_first_and_says_what_becomes_of_it(chat: Chat) -> None:
    await accept_live(chat)
    await chat.clock.advance(10)
    (question,) = [c for c in await chat.ask(make_command("/delete 1")) if "Remove" in c.text]
    assert "https://video.example/1" in question.text
    assert question.data == ["lp1:delete:1", "lp1:leave:1"]
    assert await kinds(chat) == []
    await chat.ask(make_press("lp1:delete:1"))
    assert await kinds(chat) == [(1, Operation.DELETE), (2, Operation.DELETE)]
    shown = chat.session.of("editMessageText")
    assert any("is being removed" in call.text for call in shown)


async def test_the_card_of_what_is_live_has_a_button_that_asks(chat: Chat) -> None:
    await accept_live(chat)
    await chat.clock.advance(10)
    card = (await chat.speak())[-1]
    assert "lp1:ask:1" in card.data
    await chat.ask(make_press("lp1:ask:1"))
    assert "Remove post 1?" in chat.session.shown[-1].text
    await chat.ask(make_press("lp1:leave:1"))
    assert await kinds(chat) == []


async def test_the_card_shows_what_is_removed(chat: Chat) -> None:
    await accept_live(chat)
    operations = make_operations(chat.desk)
    for upload_id in (1, 2):
        async with chat.desk.store.transaction() as tx:
            await operations.absent(tx, upload_id, "removed")
            await tx.run("chat.touch_post", post_id=1)
    await chat.clock.advance(10)
    card = (await chat.speak())[-1]
    assert "Removed</b> · post 1" in card.text
    assert card.text.count(": removed") == 2
    assert "https://video.example" not in card.text
    assert card.data == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/delete", "Write the number of the post"),
        ("/delete 99", "I know no post 99"),
        ("/thumbnail", "Write the number of the post"),
        ("/stats", "Nothing is live yet"),
        ("/delete 1", "Nothing of post 1 is live"),
        ("/stats 1", "Nothing of post 1 is live"),
        ("/thumbnail 1", "cannot be had any more"),
    ],
)
async def test_what_is_not_live_or_not_there_is_refused(
    chat: Chat, command: str, said: str
) -> None:
    await accept(chat)
    assert said in await answer(chat, make_command(command))


async def test_what_belongs_to_somebody_else_is_left_alone(chat: Chat) -> None:
    await chat.ask(make_video(user_id=ADMIN))
    for upload_id in (1, 2):
        await make_live(chat.desk, upload_id)
    for command in ("/delete 1", "/stats 1", "/thumbnail 1"):
        assert "belongs to somebody else" in await answer(chat, make_command(command))
    for data in ("lp1:delete:1", "lu1:check:1", "lf1:1:1"):
        await chat.ask(make_press(data))
    assert await kinds(chat) == []


@pytest.mark.parametrize(
    "data",
    ["lp1:dance:1", "lu1:dance:1", "lu1:check:99999999999999999999", "lf1:1:3", "lp1:ask:7"],
)
async def test_old_buttons_do_nothing(chat: Chat, data: str) -> None:
    await accept_live(chat)
    await chat.clock.advance(10)
    await chat.ask(make_press(data))
    assert await kinds(chat) == []


async def test_known_figures_are_told_at_once_with_their_growth(chat: Chat) -> None:
    await accept_live(chat)
    operations = make_operations(chat.desk)
    for views in (10, 1250):
        async with chat.desk.store.transaction() as tx:
            value = {"views": views, "likes": 3, "comments": None, "shares": 0}
            await operations.set_figures(tx, 1, value)
    await chat.clock.advance(300)
    calls = await chat.ask(make_command("/stats"))
    text = next(plain(call.text) for call in calls if "views" in call.text)
    assert "views 1,250 (+1,240) · likes 3 · comments – · shares 0 (5 min ago)" in text
    assert "Telegram · my telegram: no figures: bots are told none here" in text
    assert await kinds(chat) == []


async def test_unknown_figures_are_asked_for_once(chat: Chat) -> None:
    await accept_live(chat)
    update = make_command("/stats 1")
    await chat.hear(update, update)
    assert await kinds(chat) == [(1, Operation.STATISTICS)]


PLACE = {"platform": "youtube", "account": "Sea films", "url": "", "kind": "edit"}
DONE = {**PLACE, "failed": False, "error_kind": "", "error_code": "", "error_text": ""}
FAILED = {**PLACE, "failed": True, "error_kind": "rejected", "error_code": "x"}


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([DONE], ["Edited", "✅ YouTube · Sea films"]),
        ([DONE, {**FAILED, "error_text": "no"}], ["not everywhere", "YouTube refused it: no."]),
        ([{**FAILED, "error_code": "gone", "error_text": ""}], ["Not done", "not there any more"]),
        ([{**FAILED, "error_code": "missing_scope", "error_text": ""}], ["/connect it again"]),
        (
            [{**FAILED, "error_code": "source_source_gone", "error_text": ""}],
            ["it is not there any more"],
        ),
    ],
)
def test_outcomes_say_where_and_why_not(places: list[dict[str, Any]], said: list[str]) -> None:
    facts = {"post_id": 1, "kind": "edit", "places": places}
    text = plain(LIVE_TEXTS["live_outcome"](facts))
    assert all(words in text for words in said)


def test_a_finding_says_what_should_be_and_what_is() -> None:
    facts = {**PLACE, "post_id": 7, "why": "private", "wanted": "public"}
    text = LIVE_TEXTS["finding_visibility"](facts)
    assert "post 7 should be public, but it is private" in text


def test_many_figures_are_cut_at_whole_posts() -> None:
    line: dict[str, Any] = {**PLACE, "value": {}, "before": {}, "at": None, "trouble": "transient"}
    posts = [{"post_id": n, "title": "x" * 80, "lines": [line] * 9} for n in range(12)]
    text = LIVE_TEXTS["live_figures"]({"posts": posts, "now": 0.0})
    assert len(plain(text)) < 4096
    assert "more posts: /stats with a number" in text
    assert "YouTube · Sea films: no figures: not reachable" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "no figures yet"),
        ({"value": {"views": 3}, "trouble": "transient"}, "views 3 · likes – · comments – · sh"),
        ({"value": {"views": 3}, "trouble": "transient"}, "nothing newer: not reachable"),
    ],
)
def test_figures_that_are_not_known_say_why(changes: dict[str, Any], said: str) -> None:
    line = {**PLACE, "value": {}, "before": {}, "at": None, "trouble": "", **changes}
    post = {"post_id": 1, "title": "Sea", "lines": [line]}
    assert said in LIVE_TEXTS["live_figures"]({"posts": [post], "now": 0.0})
