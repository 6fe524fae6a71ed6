"""/add in chat: what it takes, what it asks, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.studio.addition import AdditionState
from core.studio.assets import Rights
from core.studio.mashup import AssetKind
from tests.adding_kit import FakeRun, ScriptedSource, make_adder
from tests.chat_kit import (
    PERSON,
    Chat,
    as_reply,
    make_chat_on,
    make_command,
    make_message,
    make_press,
    make_video,
)
from tests.factories import Desk
from tests.library_kit import clip

JSON = dict[str, Any]
OTHER = 1002
MIB = 1024 * 1024
BOARD = 101
"""The first message of the bot."""


@pytest.fixture
async def chat(desk: Desk, tmp_path: Path) -> Chat:
    return make_chat_on(desk, tmp_path / "logs", users=(PERSON, OTHER))


def file(kind: str, caption: str = "/add", **fields: Any) -> JSON:
    """Return an update that brings a file of some kind."""
    base = {"file_id": "f", "file_unique_id": "u", **fields}
    sized = {"width": 90, "height": 90}
    more: JSON = {
        "photo": [{**base, **sized, "file_size": 10}, {**base, "file_id": "large", **sized}],
        "audio": {**base, "duration": 3, "file_name": "song.mp3", **fields},
        "voice": {**base, "duration": 3},
        "document": base,
        "video_note": {**base, "length": 90, "duration": 3},
    }
    return make_message(caption=caption, **{kind: more[kind]})


async def press(chat: Chat, action: str, word: str = "", *, user: int = PERSON) -> str:
    await chat.ask(make_press(f"ad1:{action}:1:{word}", user, message_id=BOARD))
    return shown(chat)


async def answer(chat: Chat, words: str, *, user: int = PERSON) -> str:
    await chat.ask(as_reply(make_message(user, text=words), BOARD))
    await chat.clock.advance(5)
    await chat.speak()
    return shown(chat)


def shown(chat: Chat) -> str:
    return chat.session.shown[-1].text


def words(chat: Chat) -> list[str]:
    return [button["text"] for button in chat.session.shown[-1].buttons]


async def kept(chat: Chat) -> tuple[AdditionState, AssetKind | None, Rights]:
    addition = await chat.deps.additions.require(1)
    return addition.state, addition.answers.kind, addition.answers.rights


async def test_all_that_is_not_said_is_asked_one_after_another(chat: Chat) -> None:
    assert "What is it for?" in await chat.text(make_video("/add #sea name:Waves"))
    assert words(chat) == ["own clip", "template", "hot video", "product", "✖ Cancel"]
    assert "May you use it?" in await press(chat, "kind", "template")
    assert "Which licence" in await press(chat, "licensed")
    assert "Who has to be named?" in await press(chat, "licence", "1")
    assert "Adding it" in await answer(chat, "Music: Jane <Doe>")
    answers = (await chat.deps.additions.require(1)).answers
    assert (answers.licence, answers.attribution) == ("CC BY 4.0", "Music: Jane <Doe>")
    assert await kept(chat) == (AdditionState.FETCHING, AssetKind.TEMPLATE, "licensed")


@pytest.mark.parametrize("licence", ["CC0 1.0", "cc 0", "Public Domain Mark 1.0"])
async def test_what_is_nobodys_names_nobody(chat: Chat, licence: str) -> None:
    line = f"/add template rights:licensed licence:{licence}"
    assert "Adding it" in await chat.text(make_video(line))


async def test_a_licence_by_its_button_may_name_nobody(chat: Chat) -> None:
    await chat.ask(make_video("/add template rights:licensed"))
    await press(chat, "licence", "0")
    assert await kept(chat) == (AdditionState.FETCHING, AssetKind.TEMPLATE, "licensed")
    answers = (await chat.deps.additions.require(1)).answers
    assert (answers.licence, answers.attribution, answers.is_unnamed) == ("CC0 1.0", "", False)


async def test_nothing_is_asked_where_all_is_said(chat: Chat) -> None:
    assert "Adding it" in await chat.text(make_video("/add template rights:mine"))


async def test_own_files_need_no_licence(chat: Chat) -> None:
    await chat.ask(make_video("/add template"))
    await press(chat, "mine")
    assert await kept(chat) == (AdditionState.FETCHING, AssetKind.TEMPLATE, "mine")


@pytest.mark.parametrize("kind", ["audio", "voice"])
async def test_a_sound_can_only_be_music(chat: Chat, kind: str) -> None:
    assert "music\nMay you use it?" in await chat.text(file(kind))


async def test_a_picture_is_taken_in_its_largest_size(chat: Chat) -> None:
    assert "What is it for?" in await chat.text(file("photo"))
    assert words(chat)[0] == "product"
    assert (await chat.deps.additions.require(1)).source["file_id"] == "large"


@pytest.mark.parametrize(
    "update",
    [
        file("document", file_name="a.webm", mime_type="video/webm"),
        file("document", file_name="a.bin"),
        file("video_note"),
        make_command("/add https://example.org/waves.mp4 template"),
    ],
)
async def test_other_ways_to_bring_a_file(chat: Chat, update: JSON) -> None:
    assert "📥" in await chat.text(update)


async def test_a_reply_takes_the_file_it_replies_to(chat: Chat) -> None:
    reply = as_reply(make_command("/add hot"), 5)
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Jane"}
    video = make_video("a caption")["message"]["video"]
    reply["message"]["reply_to_message"] |= {"video": video, "forward_origin": origin}
    assert "May you use it?" in await chat.text(reply)
    assert (await chat.deps.additions.require(1)).answers.origin == "Jane"


async def test_all_of_an_album_is_added(chat: Chat) -> None:
    first = make_video("/add template #sea name:Waves", media_group_id="7")
    await chat.ask(first, make_video("", media_group_id="7"))
    second = await chat.deps.additions.require(2)
    assert (second.answers.kind, second.answers.tags, second.answers.name) == (
        AssetKind.TEMPLATE,
        ("sea",),
        "",
    )
    assert await chat.desk.posts.count_open() == 0


@pytest.mark.parametrize(
    ("update", "says"),
    [
        (make_command("/add"), "Send me a video, a sound or a picture"),
        (make_command("/add template"), "Send or forward me the file now"),
        (make_command("/add http://127.0.0.1/a.mp4"), "private network"),
        (make_video("/add moood:calm"), "Did you mean mood:"),
        (make_video("/add platform:vimeo"), "I do not know the platform"),
        (make_video("/add mood:" + "x" * 90), "too long"),
        (make_video("/add audio", file={"file_size": 21 * MIB}), "only files up to 20 MB"),
        (file("document", file_name="a.txt", mime_type="text/plain"), "is no video, sound"),
        (file("audio", "/add template"), "The file is a sound, and template has to be"),
        (file("photo", "/add music"), "music has to be one of these: sound, video"),
    ],
)
async def test_what_cannot_be_added_says_why(chat: Chat, update: JSON, says: str) -> None:
    text = await chat.text(update)
    assert says in text.replace("<code>", "").replace("</code>", "")
    assert await chat.deps.additions.get(1) is None


FORWARD: JSON = {
    "forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Jane"},
}


def later(update: JSON, seconds: int) -> JSON:
    update["message"]["date"] += seconds
    return update


async def test_what_is_forwarded_with_a_line_is_added_as_the_line_says(chat: Chat) -> None:
    """Telegram sends the line first, then what is forwarded, each with the caption it had."""
    await chat.ask(
        make_command("/add template #sea name:Waves rights:mine"),
        make_video("What Jane wrote", **FORWARD),
        later(make_video("", **FORWARD), 1),
    )
    first, second = [await chat.deps.additions.require(number) for number in (1, 2)]
    assert first.state is second.state is AdditionState.FETCHING
    assert (first.answers.kind, first.answers.name) == (AssetKind.TEMPLATE, "Waves")
    assert (first.answers.origin, first.answers.tags) == ("Jane", ("sea",))
    assert (second.answers.kind, second.answers.name) == (AssetKind.TEMPLATE, "")
    assert await chat.desk.posts.count_open() == 0
    # What comes after that is something else.
    await chat.ask(later(make_video("", **FORWARD), 60))
    await chat.ask(make_video(""))
    assert await chat.deps.additions.get(3) is None


async def test_a_forwarded_album_is_added_whole(chat: Chat) -> None:
    album = {**FORWARD, "media_group_id": "9"}
    updates = [make_command("/add hot"), make_video("Of Jane", **album)]
    await chat.ask(*updates, make_video("", **album), make_video("Too", **album))
    assert await chat.deps.additions.get(3) is not None
    assert await chat.desk.posts.count_open() == 0


async def test_the_file_may_come_a_while_after_the_line(chat: Chat) -> None:
    await chat.ask(make_command("/add"))
    await chat.ask(make_video("My own words", PERSON))
    await chat.ask(make_video("", OTHER))
    assert await chat.deps.additions.get(1) is None
    update = later(make_video(""), 300)
    await chat.ask(update, update)
    assert (await kept(chat))[0] is AdditionState.ASKING
    assert await chat.deps.additions.get(2) is None
    await chat.ask(make_command("/add"), later(make_video(""), 900))
    assert await chat.deps.additions.get(2) is None


async def test_an_answer_counts_for_all_of_an_album(chat: Chat) -> None:
    picture = file("photo", "")
    picture["message"]["media_group_id"] = "7"
    first = make_video("/add", media_group_id="7")
    await chat.ask(first, make_video("", media_group_id="7"), picture, make_video("/add"))
    await press(chat, "kind", "hot")
    await press(chat, "mine")
    found = [await chat.deps.additions.require(number) for number in (1, 2, 3, 4)]
    assert [one.state.value for one in found] == ["fetching", "fetching", "asking", "asking"]
    assert found[1].answers.kind is AssetKind.HOT
    # A picture is no hot video.
    assert found[2].answers.kind is None
    assert found[3].answers.kind is None


async def test_what_lets_others_in_is_left_out_of_the_origin(chat: Chat) -> None:
    url = "https://example.org/waves.mp4?token=verysecretword1234&v=2#t=1"
    await chat.ask(make_command(f"/add {url} template"))
    addition = await chat.deps.additions.require(1)
    assert addition.answers.origin == "https://example.org/waves.mp4?token=***&v=2"
    assert addition.source["url"] == url


async def test_an_update_that_comes_twice_adds_once(chat: Chat) -> None:
    update = make_video("/add template")
    await chat.ask(update, update)
    assert await chat.deps.additions.get(2) is None
    assert len(chat.session.shown) == 1


async def test_nobody_answers_for_another_one(chat: Chat) -> None:
    await chat.ask(make_video("/add template"))
    assert "Somebody else adds that file" in await press(chat, "mine", user=OTHER)
    assert (await kept(chat))[0] is AdditionState.ASKING


@pytest.mark.parametrize(
    ("action", "word"),
    [("kind", "hot"), ("licence", "1"), ("unnamed", ""), ("again", ""), ("open", ""), ("x", "y")],
)
async def test_buttons_of_another_question_change_nothing(
    chat: Chat, action: str, word: str
) -> None:
    await chat.ask(make_video("/add template"))
    before = await kept(chat)
    await press(chat, action, word)
    assert await kept(chat) == before
    assert len(chat.session.shown) == 2


async def test_words_where_only_a_button_counts(chat: Chat) -> None:
    await chat.ask(make_video("/add template"))
    assert "Press one of the buttons" in await answer(chat, "it is mine, really")


async def test_what_is_cancelled_stays_so(chat: Chat) -> None:
    await chat.ask(make_video("/add template"))
    await press(chat, "cancel")
    await chat.clock.advance(5)
    await chat.speak()
    assert "not added" in shown(chat)
    assert "decided already" in await press(chat, "mine")


async def test_nobody_keeps_more_questions_open_than_that(chat: Chat) -> None:
    for _ in range(50):
        await chat.hear(make_video("/add template"))
    assert await chat.deps.additions.get(51) is None
    await chat.hear(make_video("/add template"))
    assert await chat.deps.additions.get(51) is None


async def test_what_failed_is_tried_again_where_that_may_help(chat: Chat) -> None:
    await chat.ask(make_video("/add template rights:mine"))
    additions = chat.deps.additions
    facts = {"storage": "s3", "reason": "503"}
    await additions.fail(await additions.require(1), "studio_storage_unreachable", facts)
    await chat.clock.advance(5)
    await chat.speak()
    assert "was not added" in shown(chat)
    assert words(chat) == ["🔁 Try again"]
    await press(chat, "again")
    assert (await kept(chat))[0] is AdditionState.FETCHING
    await additions.fail(await additions.require(1), "studio_not_media", {})
    await chat.clock.advance(5)
    await chat.speak()
    assert "Save it as MP4" in shown(chat)
    assert words(chat) == []


@pytest.mark.parametrize(
    "name", ["<b>&amp;", "\u202edrop table", "a\nb", "x" * 500, "'; --", "🦊" * 100, "-rf"]
)
async def test_hostile_names_are_shown_as_they_are(chat: Chat, tmp_path: Path, name: str) -> None:
    await chat.ask(make_video("/add template rights:mine", file={"file_name": f"{name}.mp4"}))
    source = ScriptedSource(clip().read_bytes(), filename=name)
    await make_adder(chat, tmp_path / "adding", source)(FakeRun())
    await chat.clock.advance(5)
    await chat.speak()
    assert "is in your library" in shown(chat)
    asset = await chat.deps.library.require(1)
    assert asset.name
    assert "\u202e" not in asset.name
