from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.chat.mashup_keeper import MashupKeeper
from bot.chat.mashup_text import MashupAction
from core.settings import PolicySettings
from core.studio.assets import NewAsset
from core.studio.mashup import AssetKind
from core.studio.queueing import Render
from core.studio.wizard import MOST_AT_ONCE, Step
from tests.bot_session import Call
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
from tests.draft_kit import answer, begin, open_draft, planted_chat, press, shown
from tests.factories import Desk, make_account, make_desk
from tests.library_kit import plant, song

JSON = dict[str, Any]
PHOTO = [{"file_id": "p", "file_unique_id": "pu", "width": 720, "height": 720, "file_size": 900}]
SONG = {"file_id": "s", "file_unique_id": "su", "duration": 20, "mime_type": "audio/mpeg"}


@pytest.fixture
async def chat(desk: Desk, tmp_path: Path) -> Chat:
    return await planted_chat(desk, tmp_path)


def labels(call: Call) -> list[str]:
    rows = json.loads(str(call.params["reply_markup"]))["inline_keyboard"]
    return [str(one["text"]) for row in rows for one in row]


def buttons(chat: Chat) -> str:
    return " ".join(shown(chat).data)


# What people send


async def test_a_file_is_taken_by_the_step_that_it_fits(chat: Chat) -> None:
    now = await begin(chat, Step.TEMPLATE)
    fitting: list[tuple[Step, JSON, AssetKind]] = [
        (Step.SOURCE, {"photo": PHOTO}, AssetKind.SOURCE),
        (Step.TEMPLATE, {"photo": PHOTO}, AssetKind.TEMPLATE),
        (Step.MUSIC, {"audio": SONG}, AssetKind.AUDIO),
        (Step.MUSIC, {"voice": SONG}, AssetKind.AUDIO),
    ]
    for step, sent, kind in fitting:
        await chat.deps.mashups.save(await open_draft(chat), step=step, addition_id=None)
        await chat.hear(make_message(**sent))
        now = await open_draft(chat)
        addition = await chat.deps.additions.require(now.addition_id or 0)
        assert addition.answers.kind is kind
    assert await chat.deps.posts.count_open() == 0


async def test_what_was_sent_is_chosen_where_it_was_sent_for(chat: Chat) -> None:
    await begin(chat, Step.TEMPLATE)
    await chat.ask(make_video(""))
    additions = chat.deps.additions
    addition = await additions.require(1)
    addition = await additions.answer(
        addition, addition.answers.model_copy(update={"rights": "mine"})
    )
    await additions.added(addition, 12, is_new=True)
    await MashupKeeper(chat.deps).look()
    now = await open_draft(chat)
    assert (now.step, now.choices.source_id, now.choices.template_id) == (Step.MUSIC, 1, 12)
    await chat.clock.advance(10)
    (led,) = [call for call in await chat.speak() if "“asset 3” is chosen" in call.text]
    assert json.loads(str(led.params["reply_parameters"]))["message_id"] == 101


async def test_a_reply_that_fits_no_step_is_told(chat: Chat) -> None:
    before = await begin(chat, Step.LAYOUT)
    unfit: list[tuple[Step, JSON, str]] = [
        (Step.SOURCE, {"audio": SONG}, "no use for that. Choose"),
        (Step.MUSIC, {"photo": PHOTO}, "no use for that. Choose"),
        (Step.LAYOUT, {"text": "wide"}, "no use for that. Press"),
        (Step.TARGETS, {"photo": PHOTO}, "no use for that. Press"),
        (Step.WORDS, {"photo": PHOTO}, "no use for that. Press"),
    ]
    for step, sent, said in unfit:
        await chat.deps.mashups.save(await open_draft(chat), step=step)
        await chat.clock.advance(10)
        told = [call.text for call in await chat.ask(as_reply(make_message(**sent), 101))]
        assert any(said in text for text in told), (step, told)
    now = await open_draft(chat)
    assert (now.choices, now.addition_id) == (before.choices, None)


async def test_a_command_in_reply_to_a_draft_is_a_command(chat: Chat) -> None:
    await begin(chat)
    await chat.hear(as_reply(make_video("/add template rights:mine"), 101))
    assert (await open_draft(chat)).addition_id is None
    assert (await chat.deps.additions.require(1)).answers.kind is AssetKind.TEMPLATE


async def test_a_video_goes_with_the_draft_that_is_begun_anew(chat: Chat) -> None:
    old = await begin(chat, Step.MUSIC)
    update = make_command("/mashup")
    update["message"]["reply_to_message"] = make_video("Sea")["message"]
    await chat.clock.advance(10)
    said = [call.text for call in await chat.ask(update)]
    assert any("Go on with it" in text for text in said)
    assert (await open_draft(chat)).addition_id == 1
    data = MashupAction(draft_id=old.id, step="again", action="anew").pack()
    await chat.hear(make_press(data, message_id=102))
    now = await open_draft(chat)
    assert (now.id, now.step, now.addition_id) == (old.id + 1, Step.SOURCE, 1)


async def test_a_file_that_was_announced_is_for_the_library(chat: Chat) -> None:
    await begin(chat)
    now = int(chat.clock.now().timestamp())
    line, file = make_command("/add template rights:mine"), make_video("")
    line["message"]["date"] = file["message"]["date"] = now + 5
    await chat.hear(line, file)
    assert (await open_draft(chat)).addition_id is None
    assert (await chat.deps.additions.require(1)).answers.kind is AssetKind.TEMPLATE
    await chat.clock.advance(10)
    await press(chat, "page", 1)
    file = make_video("")
    file["message"]["date"] = now + 12
    await chat.hear(file)
    assert (await open_draft(chat)).addition_id == 2


async def test_a_reply_to_a_draft_that_ended_says_so(chat: Chat) -> None:
    await begin(chat)
    await press(chat, "leave")
    await chat.clock.advance(10)
    said = await chat.ask(as_reply(make_message(text="asset 3"), 101))
    assert any("mashup is closed" in call.text for call in said)


async def test_a_list_is_drawn_anew_when_the_library_has_more(chat: Chat) -> None:
    await begin(chat)
    await chat.deps.mashups.save(await open_draft(chat), step=Step.SOURCE)
    keeper = MashupKeeper(chat.deps)
    await keeper.refresh()
    await chat.clock.advance(10)
    assert await chat.speak() == []
    await plant(chat.desk.store, 1, AssetKind.PRODUCT)  # type: ignore[arg-type]
    await chat.deps.library.rename(25, "Newest")
    await press(chat, "kind", 1)
    await plant(chat.desk.store, 1, AssetKind.HOT)  # type: ignore[arg-type]
    await chat.deps.library.rename(25, "Renamed")
    await keeper.refresh()
    await chat.clock.advance(10)
    assert "Renamed" in (await chat.speak())[-1].text


# Where it goes


async def test_go_is_not_offered_before_there_are_words_for_the_places(chat: Chat) -> None:
    await begin(chat, Step.SOURCE, accounts=(1,))
    seen = await press(chat, "surprise")
    assert "Write the caption that is published" in seen.text
    assert "Nearly ready" in seen.text
    assert ":go:" not in buttons(chat)
    await press(chat, "go")
    assert await chat.deps.renders.recent() == []
    assert "Caption: A day" in (await answer(chat, "A day")).text
    assert ":go:" in buttons(chat)
    await press(chat, "go")
    (made,) = await chat.deps.renders.recent()
    assert made.targets == (1,)


async def test_places_that_are_gone_want_no_words(chat: Chat) -> None:
    await begin(chat, Step.TARGETS, accounts=(999,))
    await press(chat, "next")
    assert (await open_draft(chat)).step is Step.REVIEW
    await press(chat, "back")
    await press(chat, "account", 1)
    assert (await open_draft(chat)).choices.accounts == (1,)
    await press(chat, "account", 999)
    assert (await open_draft(chat)).choices.accounts == (1,)


async def test_everywhere_is_every_account(chat: Chat) -> None:
    await begin(chat, Step.TARGETS)
    seen = await answer(chat, "to: all")
    now = (await open_draft(chat)).choices
    assert (now.post, now.accounts) == ("", (1, 2))
    assert "caption is kept" not in seen.text


async def test_a_place_without_a_button_can_be_written_down(chat: Chat, tmp_path: Path) -> None:
    accounts = [make_account("telegram", f"channel {number:02}") for number in range(15)]
    accounts += [make_account("youtube", "twin", remote_id=one) for one in ("a", "b")]
    desk = chat.desk
    crowded = await make_desk(desk.store, desk.clock, desk.engine, *accounts)
    many = make_chat_on(crowded, tmp_path / "logs")
    await begin(many, Step.TARGETS)
    seen = await answer(many, "A day\nto: channel 14")
    marked = [text for text in labels(seen) if text.startswith("✓")]
    assert marked == ["✓ Telegram · channel 14"]
    before = (await open_draft(many)).choices
    assert len(before.accounts) == 1
    await many.clock.advance(10)
    said = await many.ask(make_message(text="A day\nto: twin"))
    assert any("cannot be named alone" in call.text for call in said)
    assert (await open_draft(many)).choices == before


# Steps


async def test_without_its_video_it_goes_back_to_the_first_step(chat: Chat) -> None:
    await begin(chat, Step.REVIEW)
    await chat.deps.library.delete(1)
    seen = await press(chat, "go")
    assert "step 1 of" in seen.text
    assert "not in the library any more" in seen.text


async def test_a_surprise_that_has_nothing_left_to_choose_says_so(chat: Chat) -> None:
    await begin(chat, Step.REVIEW, caption="Mine")
    before = await open_draft(chat)
    assert "chose everything yourself" in (await press(chat, "surprise")).text
    assert (await open_draft(chat)).choices == before.choices


async def test_a_mood_that_no_music_has_any_more_narrows_nothing(chat: Chat) -> None:
    await begin(chat, Step.REVIEW, mood="gone")
    await press(chat, "back")
    await chat.deps.mashups.save(await open_draft(chat), step=Step.MUSIC)
    assert "Page 1 of 2" in (await press(chat, "page")).text
    await chat.deps.mashups.save(await open_draft(chat), step=Step.REVIEW)
    await press(chat, "go")
    await chat.ask(make_command("/mashup"))
    assert (await open_draft(chat)).choices.mood == ""


async def test_the_command_may_name_a_mood_and_nothing_else(chat: Chat) -> None:
    for words in ("twenty", "-5", "gloomy"):
        assert f"{MOST_AT_ONCE} at most" in await chat.text_of_command(f"/mashup {words}")
    assert await chat.deps.mashups.open(PERSON, PERSON) is None
    await chat.ask(make_command("/mashup some Upbeat one"))
    assert (await open_draft(chat)).choices.mood == "upbeat"


async def test_a_search_is_taken_back_by_a_button(chat: Chat) -> None:
    await begin(chat)
    await answer(chat, "zebra")
    assert ":all:" in buttons(chat)
    assert "Page 1 of 2" in (await press(chat, "all")).text
    assert ":all:" not in buttons(chat)


async def test_marks_and_credits_are_shown_and_taken_away(chat: Chat) -> None:
    await begin(chat, Step.WORDS)
    seen = await answer(chat, "watermark: @ann\nCredit:  Bob  <b>")
    assert "Mark: @ann" in seen.text
    assert "At the foot: Bob &lt;b&gt;" in seen.text
    await press(chat, "no_mark")
    await press(chat, "no_credit")
    now = (await open_draft(chat)).choices
    assert (now.watermark, now.credit) == ("", "")
    assert ":no_mark:" not in buttons(chat)


async def test_the_message_that_was_pressed_last_is_the_draft(chat: Chat) -> None:
    now = await begin(chat)
    data = MashupAction(draft_id=now.id, step="source", action="page", value=1).pack()
    await chat.hear(make_press(data, message_id=55))
    found = await chat.deps.mashups.by_message(PERSON, 55)
    assert found is not None
    assert await chat.deps.mashups.by_message(PERSON, 101) is None
    assert await chat.speak() == []


async def test_buttons_that_were_never_sent_break_nothing(chat: Chat) -> None:
    await begin(chat, Step.SOURCE)
    for action in ("pick", "page", "kind"):
        assert "step 1" in (await press(chat, action, 2**70)).text
    await chat.deps.mashups.save(await open_draft(chat), step=Step.LAYOUT)
    assert "step 4" in (await press(chat, "kind", 3)).text
    assert not any("inside Karvon" in call.text for call in chat.session.shown)


# Many


async def test_words_for_many_leave_their_plan(chat: Chat) -> None:
    await chat.ask(make_command("/mashup 3"))
    await press(chat, "account", 1)
    await answer(chat, "A day at the sea")
    await press(chat, "go")
    made: list[Render] = await chat.deps.renders.of_batch(1)
    assert [one.caption.partition("\n")[0] for one in made] == ["A day at the sea"] * 3
    assert all("asset" in one.name and "/" not in one.name for one in made)


async def test_what_is_missing_for_many_is_told_in_words(desk: Desk, tmp_path: Path) -> None:
    chat = make_chat_on(desk, tmp_path / "logs")
    await chat.ask(make_command("/mashup 5"))
    assert "none of these: own clip. Add some" in shown(chat).text
    await plant(desk.store, 2, AssetKind.SOURCE)  # type: ignore[arg-type]
    assert "can be made of what is there (2 own clips)" in (await many(chat, 50)).text


async def many(chat: Chat, count: int) -> Call:
    await chat.clock.advance(10)
    await chat.ask(make_command(f"/mashup {count}"))
    return shown(chat)


async def test_lines_below_the_command_name_what_many_are_made_from(chat: Chat) -> None:
    library = chat.deps.library
    await library.rename(3, "Beach <b>")
    await library.tag(5, add=["cats"])
    await chat.ask(make_command("/mashup 4 upbeat\nfrom: beach, #cats\ntemplates: 9, 10"))
    seen = shown(chat).text
    assert "<b>4 mashups</b> from 2 videos, 2 templates" in seen
    assert "Only these videos: Beach &lt;b&gt;, asset 4" in seen
    assert "Only these templates: asset 0, asset 1" in seen
    assert "Mood of the music: upbeat" in seen
    await press(chat, "go")
    made = await chat.deps.renders.of_batch(1)
    assert {one.mashup.parts[0].file.asset_id for one in made} == {3, 5}
    assert {one.mashup.parts[1].file.asset_id for one in made} == {9, 10}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("3\nfrom: 1, zebra", "None of your videos is called “zebra”"),
        ("3\ntemplates: 1", "None of your templates is called “1”"),
        ("3 music: <b>", "None of your music is called “&lt;b&gt;”"),
        ("3 upbeat\nwith: me", "no line “with:”"),
        ("upbeat\nfrom: asset 1", f"{MOST_AT_ONCE} at most"),
        ("3 mood: gloomy", "There is: upbeat"),
    ],
)
async def test_what_many_cannot_be_made_from_is_named(chat: Chat, words: str, said: str) -> None:
    assert said in await chat.text_of_command(f"/mashup {words}")
    assert await chat.deps.mashups.open(PERSON, PERSON) is None


async def test_what_many_are_made_from_is_chosen_from_lists(chat: Chat) -> None:
    await chat.ask(make_command("/mashup 3"))
    seen = await press(chat, "choose", 0)
    assert "Which videos" in seen.text
    assert "Page 1 of 2" in seen.text
    assert "all of the library may be taken" in seen.text
    await press(chat, "pick", 8)
    await press(chat, "page", 1)
    seen = await press(chat, "pick", 2)
    assert "2 are chosen" in seen.text
    assert "☑️ 1. asset 1" in seen.text
    assert "asset 6" in (await answer(chat, "asset 6")).text
    await press(chat, "pick", 7)
    await press(chat, "pick", 8)
    seen = await press(chat, "chosen")
    assert "Only these videos: asset 1, asset 6" in seen.text
    await press(chat, "choose", 2)
    await press(chat, "pick", 17)
    await press(chat, "everything")
    await press(chat, "chosen")
    now = (await open_draft(chat)).choices
    assert (now.source_ids, now.music_ids) == ((2, 7), ())
    await press(chat, "go")
    made = await chat.deps.renders.of_batch(1)
    assert {one.mashup.parts[0].file.asset_id for one in made} == {2, 7}


async def test_a_list_for_many_is_heard_narrowed_and_drawn_anew(chat: Chat) -> None:
    await chat.ask(make_command("/mashup 3"))
    await press(chat, "choose", 2)
    seen = await press(chat, "mood", 1)
    assert [text for text in labels(seen) if text.startswith("✓")] == ["✓ upbeat"]
    assert "asset 2" not in seen.text
    await press(chat, "listen", 18)
    assert chat.deps.player._wishes.qsize() == 1
    keeper = MashupKeeper(chat.deps)
    await keeper.refresh()
    newest = NewAsset(kind=AssetKind.AUDIO, name="Newest", mood="upbeat")
    await chat.deps.library.add(song(), newest)
    await keeper.refresh()
    await chat.clock.advance(10)
    assert "1. Newest" in (await chat.speak())[-1].text
    assert "Mood of the music: upbeat" in (await press(chat, "chosen")).text


async def test_buttons_of_another_message_of_many_break_nothing(chat: Chat) -> None:
    await chat.ask(make_command("/mashup 3"))
    assert "3 mashups" in (await press(chat, "pick", 1)).text
    await press(chat, "choose", 2**40)
    assert "is chosen" in (await press(chat, "go")).text
    for number in (1, 2**70, -1):
        assert "Choose another one" in (await press(chat, "pick", number)).text
    assert (await open_draft(chat)).choices.template_ids == ()
    assert await chat.deps.renders.recent() == []


async def test_what_was_chosen_for_many_and_is_gone_is_told(chat: Chat) -> None:
    await chat.ask(make_command("/mashup 2\nfrom: 4"))
    await chat.deps.library.delete(4)
    await chat.clock.advance(10)
    seen = await press(chat, "another")
    assert "none of these: own clip" in seen.text
    assert ":go:" not in buttons(chat)
    await press(chat, "choose", 0)
    seen = await press(chat, "chosen")
    assert "not in the library any more" in seen.text
    assert ":go:" in buttons(chat)


# The same file on purpose


async def twin_chat(desk: Desk, folder: Path, severity: str) -> Chat:
    accounts = [make_account("youtube", one, remote_id=one) for one in ("ann", "bob")]
    chat = await planted_chat(
        await make_desk(desk.store, desk.clock, desk.engine, *accounts), folder
    )
    rules = PolicySettings.model_validate({"licence": "off", "twins": severity})
    chat.deps.mashups.rules = rules
    object.__setattr__(chat.deps.renders, "_deps", replace(chat.deps.renders._deps, rules=rules))
    return chat


@pytest.mark.parametrize("severity", ["warn", "block"])
async def test_the_same_file_for_two_accounts_is_wanted_by_a_button(
    desk: Desk, tmp_path: Path, severity: str
) -> None:
    chat = await twin_chat(desk, tmp_path, severity)
    ids = tuple(one.id for one in await chat.deps.posts.accounts() if one.name in {"ann", "bob"})
    await begin(chat, Step.TARGETS, accounts=ids, post="A day")
    seen = await press(chat, "next")
    assert "would get the very same video" in seen.text
    assert (":go:" in buttons(chat)) is (severity == "warn")
    seen = await press(chat, "twins")
    assert "the very same video" not in seen.text
    assert "✓ The same file on purpose" in labels(seen)
    await press(chat, "twins")
    assert not (await open_draft(chat)).choices.twins
    await press(chat, "twins")
    await press(chat, "go")
    (made,) = await chat.deps.renders.recent()
    assert (made.twins_wanted, made.warnings, made.targets) == (True, (), ids)
    await chat.deps.renders.cancel(made.id)
    again = await chat.deps.renders.again(made.id)
    assert again.render.twins_wanted
    assert not (await chat.deps.mashups.habits(PERSON)).twins


async def test_the_same_files_of_many_are_wanted_by_a_button(desk: Desk, tmp_path: Path) -> None:
    chat = await twin_chat(desk, tmp_path, "block")
    await chat.ask(make_command("/mashup 2"))
    await answer(chat, "A day\nto: ann, bob")
    assert ":twins:" in buttons(chat)
    assert ":go:" not in buttons(chat)
    await press(chat, "twins")
    assert ":go:" in buttons(chat)
    await press(chat, "go")
    made = await chat.deps.renders.of_batch(1)
    assert [(one.twins_wanted, len(one.targets)) for one in made] == [(True, 2)] * 2
