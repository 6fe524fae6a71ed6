from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.mashup_keeper import MashupKeeper
from bot.chat.mashup_text import MashupAction
from core.settings import PolicySettings
from core.studio.wizard import MOST_AT_ONCE, Choices, Step
from tests.chat_kit import (
    ADMIN,
    GROUP,
    PERSON,
    Chat,
    as_reply,
    make_chat_on,
    make_command,
    make_message,
    make_press,
    make_video,
)
from tests.draft_kit import answer, begin, open_draft, planted_chat, popped, press, shown
from tests.factories import Desk

HOSTILE = "<b>&\n'; drop \u202e" + "x" * 300
SRT = b"1\n00:00:00,000 --> 00:00:01,000\nHello\n"


@pytest.fixture
async def chat(desk: Desk, tmp_path: Path) -> Chat:
    return await planted_chat(desk, tmp_path)


async def test_the_list_turns_its_pages_and_searches(chat: Chat) -> None:
    await chat.deps.library.rename(4, "asset 3")
    await begin(chat)
    assert "Page 1 of 2" in shown(chat).text
    assert "not used yet" in shown(chat).text
    assert "Page 2 of 2" in (await press(chat, "page", 1)).text
    found = await answer(chat, "asset 3")
    assert "1. asset 3" in found.text
    assert "asset 4" not in found.text
    assert "Nothing of that kind" in (await answer(chat, "zebra")).text


async def test_hostile_names_stay_names(chat: Chat) -> None:
    async with chat.desk.store.transaction() as tx:
        await tx.all("library.get", id=1)
    await chat.deps.library.rename(1, HOSTILE)
    await begin(chat)
    text = (await press(chat, "page", 1)).text
    assert "&lt;b&gt;&amp; &#x27;; drop" in text
    assert len(text) < 4096


@pytest.mark.parametrize("user_id", [1002, ADMIN])
async def test_a_foreign_press_changes_nothing(chat: Chat, user_id: int) -> None:
    before = await begin(chat)
    await press(chat, "pick", 1, user_id)
    assert "somebody else" in popped(chat)
    assert (await open_draft(chat)).version == before.version


@pytest.mark.parametrize(("step", "action"), [("music", "pick"), ("source", "unheard_of")])
async def test_an_old_button_shows_where_one_is(chat: Chat, step: str, action: str) -> None:
    now = await begin(chat)
    data = MashupAction(draft_id=now.id, step=step, action=action, value=1).pack()
    await chat.hear(make_press(data))
    assert "earlier step" in popped(chat)
    assert (await open_draft(chat)).step is Step.SOURCE


@pytest.mark.parametrize("number", [-1, 0, 999, 2**62, 2**64])
async def test_buttons_of_drafts_that_never_were_are_answered(chat: Chat, number: int) -> None:
    data = MashupAction(draft_id=number, step="source", action="next").pack()
    await chat.hear(make_press(data))
    assert "closed" in popped(chat)


async def test_what_is_of_another_kind_cannot_be_picked(chat: Chat) -> None:
    await begin(chat)
    assert "not in the library" in (await press(chat, "pick", 17)).text
    assert (await open_draft(chat)).choices.source_id is None


async def test_without_a_video_there_is_no_next_step(chat: Chat) -> None:
    await begin(chat)
    assert "Choose a video first" in (await press(chat, "next")).text


async def test_back_and_skip_lead_through_the_steps(chat: Chat) -> None:
    await begin(chat, Step.TEMPLATE)
    await press(chat, "skip")
    await press(chat, "skip")
    now = await open_draft(chat)
    assert (now.step, now.choices.layout) == (Step.LAYOUT, "full")
    assert "Beside it: nothing" in shown(chat).text
    assert "step 3 of" in (await press(chat, "back")).text


async def test_words_without_a_reply_are_for_the_draft_only_for_a_while(chat: Chat) -> None:
    await begin(chat, Step.WORDS)
    await answer(chat, "Look at this")
    assert (await open_draft(chat)).choices.caption == "Look at this"
    await chat.clock.advance(3600)
    await answer(chat, "Something else")
    assert (await open_draft(chat)).choices.caption == "Look at this"


async def test_in_a_group_only_replies_are_for_the_draft(chat: Chat) -> None:
    await chat.ask(make_command("/mashup", chat_id=GROUP))
    number = chat.session.of("sendMessage")[-1]
    assert number.chat_id == GROUP
    made = await chat.deps.mashups.open(GROUP, PERSON)
    assert made is not None
    await chat.hear(make_message(text="asset 3", chat_id=GROUP))
    assert (await chat.deps.mashups.require(made.id)).looking.search == ""
    await chat.hear(as_reply(make_message(text="asset 3", chat_id=GROUP), 101))
    assert (await chat.deps.mashups.require(made.id)).looking.search == "asset 3"
    foreign = as_reply(make_message(1002, text="asset 4", chat_id=GROUP), 101)
    await chat.clock.advance(10)
    assert any("somebody else" in call.text for call in await chat.ask(foreign))


async def test_links_and_videos_with_a_caption_are_published_as_ever(chat: Chat) -> None:
    await begin(chat)
    await chat.hear(make_message(text="https://example.org/a.mp4"))
    await chat.hear(make_video("A day at the sea"))
    assert await chat.deps.posts.count_open() == 2
    assert (await open_draft(chat)).addition_id is None


async def test_a_video_is_taken_once_at_a_time(chat: Chat) -> None:
    await begin(chat)
    await chat.hear(make_video(""))
    assert (await open_draft(chat)).addition_id == 1
    await chat.clock.advance(10)
    said = [call.text for call in await chat.ask(make_video(""))]
    assert any("Wait until it is here" in text for text in said)


async def test_a_command_that_replies_to_a_video_takes_it(chat: Chat) -> None:
    update = make_command("/mashup")
    video = make_video("Sea")["message"]
    update["message"]["reply_to_message"] = video
    await chat.ask(update)
    waiting = (await open_draft(chat)).addition_id
    addition = await chat.deps.additions.require(waiting or 0)
    assert (addition.answers.name, addition.brought.message_id) == ("Sea", video["message_id"])


async def test_old_subtitles_and_drafts_are_forgotten(chat: Chat) -> None:
    await begin(chat)
    await press(chat, "leave")
    drafts = chat.deps.mashups
    drafts.expire = timedelta(hours=72)
    kept = drafts.captions_path(drafts.keep_captions(SRT, ".srt"))
    now = chat.clock.now().timestamp()
    os.utime(kept, (now, now))
    await drafts.forget()
    assert kept.exists()
    await chat.clock.advance(61 * 86400)
    await drafts.forget()
    assert not kept.exists()
    assert await drafts.get(1) is None


async def test_the_caption_presses_the_buttons_of_its_places(chat: Chat) -> None:
    await begin(chat, Step.TARGETS)
    await answer(chat, "A day at the sea\nto: youtube\ntitle: Sea")
    now = (await open_draft(chat)).choices
    assert (now.post, len(now.accounts)) == ("A day at the sea\ntitle: Sea", 1)
    assert "unknown" in (await answer(chat, "to: nowhere")).text or "I know" in shown(chat).text
    assert (await open_draft(chat)).choices == now


async def test_going_on_needs_words_for_what_is_published(chat: Chat) -> None:
    await begin(chat, Step.TARGETS, accounts=(1,))
    assert "Write the caption first" in (await press(chat, "next")).text
    await press(chat, "only")
    await press(chat, "next")
    assert (await open_draft(chat)).step is Step.REVIEW


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("talk.srt", SRT, "The words of “talk.srt” are kept"),
        ("../../evil.ass", SRT, "are kept"),
        ("talk.srt", b"\x00\x01", "no captions"),
    ],
)
async def test_subtitles_are_read_before_they_are_taken(
    chat: Chat, name: str, content: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read(spec: dict[str, Any]) -> bytes:
        assert spec["kind"] == "telegram"
        return content

    deps = replace(chat.deps.batches, read_source=read)
    object.__setattr__(chat.deps, "batches", deps)
    await begin(chat, Step.WORDS)
    document = {"file_id": "f", "file_unique_id": "u", "file_name": name, "file_size": 50}
    await answer_with(chat, document)
    assert any(said in call.text for call in chat.session.shown)
    kept = list(chat.deps.mashups.folder.iterdir())
    assert all(path.parent == chat.deps.mashups.folder for path in kept)
    is_taken = bool((await open_draft(chat)).choices.caption_file)
    assert is_taken is ("kept" in said)


async def answer_with(chat: Chat, document: dict[str, Any]) -> None:
    await chat.clock.advance(10)
    await chat.ask(make_message(document=document))


async def test_a_rule_that_blocks_is_explained_and_nothing_is_made(chat: Chat) -> None:
    strict = PolicySettings(licence="block")
    chat.deps.mashups.rules = strict
    await begin(chat, Step.TARGETS)
    seen = await press(chat, "next")
    assert "⛔" in seen.text
    assert "cannot be made like this" in seen.text
    assert not any(":go:" in data for data in seen.data)
    await press(chat, "go")
    assert await chat.deps.renders.recent() == []


async def test_go_sends_it_once_and_keeps_the_habits(chat: Chat) -> None:
    await begin(chat, Step.REVIEW, template_id=9, layout="stack", aspect="4:5")
    data = MashupAction(draft_id=1, step="review", action="go").pack()
    update = make_press(data)
    await chat.hear(update, update)
    await chat.hear(make_press(data))
    (made,) = await chat.deps.renders.recent()
    assert (made.mashup.layout, made.mashup.aspect) == ("stack", "4:5")
    assert "closed" in popped(chat)
    habits = await chat.deps.mashups.habits(PERSON)
    assert (habits.layout, habits.template_id, habits.source_id) == ("stack", 9, None)
    assert "Sent to be made" in shown(chat).text


async def test_a_surprise_without_anything_to_choose_says_why(desk: Desk, tmp_path: Path) -> None:
    chat = make_chat_on(desk, tmp_path / "logs")
    await begin(chat)
    assert "⚠️" in (await press(chat, "surprise")).text
    assert (await open_draft(chat)).step is Step.SOURCE


async def test_a_surprise_keeps_what_was_chosen_before_it(chat: Chat) -> None:
    await begin(chat, Step.MUSIC, template_id=9, layout="corner")
    await press(chat, "surprise")
    first = (await open_draft(chat)).choices
    assert (first.source_id, first.template_id) == (1, 9)
    assert first.music_id is not None
    assert f"Surprise {first.seed}" in shown(chat).text
    await press(chat, "another")
    assert (await open_draft(chat)).choices.seed == (first.seed or 0) + 1


async def test_a_draft_that_nobody_touches_is_put_away_and_told(chat: Chat) -> None:
    await begin(chat)
    chat.deps.mashups.expire = timedelta(hours=72)
    keeper = MashupKeeper(chat.deps)
    assert await chat.deps.mashups.give_up(keeper._expired) == 0
    await chat.clock.advance(73 * 3600)
    assert await chat.deps.mashups.give_up(keeper._expired) == 1
    assert "waited too long" in (await chat.speak())[-1].text
    assert await chat.deps.mashups.open(PERSON, PERSON) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("0", f"{MOST_AT_ONCE} at most"),
        ("999999999999999999999", f"{MOST_AT_ONCE} at most"),
        ("5 gloomy", "There is: upbeat"),
        ("90", "90 mashups"),
        ("5 upbeat music", "5 mashups"),
    ],
)
async def test_orders_of_many_say_what_would_be_made(chat: Chat, words: str, said: str) -> None:
    await chat.ask(make_command(f"/mashup {words}"))
    assert said in shown(chat).text


async def test_many_are_planned_again_when_the_library_changed(chat: Chat) -> None:
    await chat.ask(make_command("/mashup 5"))
    for number in range(1, 9):
        await chat.deps.library.delete(number + 8)
    seen = await press(chat, "go")
    assert "has changed meanwhile" in seen.text
    assert await chat.deps.renders.recent() == []
    await press(chat, "go")
    assert len(await chat.deps.renders.of_batch(1)) == 5
    cards = [call.text for call in await chat.speak()]
    assert sum("order 1" in text for text in cards) == 1


async def test_an_order_counts_for_the_rules_as_a_whole(chat: Chat) -> None:
    chat.deps.mashups.rules = PolicySettings(licence="off")
    for number in range(2, 9):
        await chat.deps.library.delete(number)
    await chat.ask(make_command("/mashup 5"))
    (account, *_) = await chat.desk.posts.accounts()
    told = await press(chat, "account", account.id)
    assert "was used 4 times" in told.text
    assert told.text.count("was used") == 1


async def test_two_orders_are_two_batches(chat: Chat) -> None:
    for _ in range(2):
        await chat.ask(make_command("/mashup 2"))
        await press(chat, "go")
    assert [len(await chat.deps.renders.of_batch(one)) for one in (1, 2)] == [2, 2]


def test_choices_of_another_version_are_read() -> None:
    text = '{"source_id": 1, "colour": "red"}'
    assert Choices.model_validate_json(text).source_id == 1
