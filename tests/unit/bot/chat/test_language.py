"""Who is spoken to in which language, and how a language counts and dates."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.card import Scene, render_card
from bot.chat.commands import ADMINS, EVERYBODY, register_commands
from bot.chat.routers.language import LanguageChoice
from bot.chat.texts import counted, human, lexicon, ru, say, speaking, spoken, tongues, when
from bot.chat.texts.tongues import language_accepted, language_named, language_of
from tests.chat_kit import (
    ADMIN,
    GROUP,
    PERSON,
    STRANGER,
    Chat,
    make_chat_on,
    make_command,
    make_message,
    make_press,
    make_video,
)
from tests.factories import Desk

JSON = dict[str, Any]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
IDLE = {language: say("status_idle", language) for language in tongues.LANGUAGES}


def speaks(update: JSON, code: str) -> JSON:
    """Let the telephone of who writes be set to a language."""
    (update.get("message") or update["callback_query"])["from"]["language_code"] = code
    return update


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("uz", "uz"), ("vi-VN", "vi"), ("en-GB", "en"), ("de", "en"), ("", "en")],
)
async def test_first_contact_is_answered_in_the_language_of_the_telephone(
    chat: Chat, code: str, language: str
) -> None:
    assert await chat.text(speaks(make_command("/status"), code)) == IDLE[language]


async def test_whose_language_is_not_spoken_hears_that_of_the_settings(
    desk: Desk, log_folder: Path
) -> None:
    chat = make_chat_on(desk, log_folder, language="vi")
    assert await chat.text(speaks(make_command("/status"), "de")) == IDLE["vi"]
    assert await chat.text(speaks(make_command("/status"), "en")) == IDLE["en"]


async def test_the_telephone_is_followed_until_a_person_chooses(chat: Chat) -> None:
    await chat.ask(speaks(make_command("/status"), "ru"))
    assert await chat.text(speaks(make_command("/status"), "uz")) == IDLE["uz"]
    await chat.ask(speaks(make_command("/language vi"), "uz"))
    assert await chat.text(speaks(make_command("/status"), "uz")) == IDLE["vi"]


@pytest.mark.parametrize("given", ["ru", "RU", "русский", "Russian", "ruscha", "tiếng nga"])
async def test_a_language_is_named_by_its_code_or_in_any_language(chat: Chat, given: str) -> None:
    assert await chat.text(make_command(f"/language {given}")) == say("language_chosen", "ru")
    assert await chat.text(make_command("/status")) == IDLE["ru"]


async def test_an_unknown_language_is_answered_with_those_there_are(chat: Chat) -> None:
    (call,) = await chat.ask(make_command("/language klingon"))
    assert "klingon" in call.text
    assert len(call.buttons) == len(tongues.LANGUAGES)


async def test_four_buttons_each_in_its_own_language(chat: Chat) -> None:
    (call,) = await chat.ask(speaks(make_command("/language"), "ru"))
    assert call.text == say("language_ask", "ru")
    assert [button["text"] for button in call.buttons] == [
        "English",
        "Oʻzbekcha",
        "✓ Русский",
        "Tiếng Việt",
    ]


async def test_a_pressed_button_changes_the_language_and_the_question(chat: Chat) -> None:
    await chat.ask(make_command("/language"))
    await chat.hear(make_press(LanguageChoice(language="uz").pack()))
    (edit,) = chat.session.of("editMessageText")
    assert edit.text == say("language_chosen", "uz")
    assert await chat.text(make_command("/status")) == IDLE["uz"]


async def test_a_forged_button_changes_nothing(chat: Chat) -> None:
    told = await chat.text(make_press(LanguageChoice(language="xx").pack()))
    assert told == say("old_button")
    assert await chat.text(make_command("/status")) == IDLE["en"]


async def test_cards_are_drawn_again_in_the_new_language(chat: Chat) -> None:
    (card,) = await chat.ask(make_video("A day at the sea"))
    assert "Accepted" in card.text
    await chat.clock.advance(10)
    await chat.hear(make_command("/language ru"))
    shown = await chat.speak()
    drawn = [call for call in shown if call.method == "editMessageText"]
    assert ["Принято" in call.text for call in drawn] == [True]
    assert drawn[0].buttons[0]["text"] == "✖️ Отменить"


async def test_messages_queued_before_a_restart_are_said_in_the_language_of_their_chat(
    desk: Desk, log_folder: Path
) -> None:
    before = make_chat_on(desk, log_folder)
    await before.ask(make_command("/language ru"))
    await desk.posts.say(PERSON, "account_gone_uploads", facts={"failed": "2"})
    await desk.posts.say(ADMIN, "account_gone_uploads", facts={"failed": "2"})
    after = make_chat_on(desk, log_folder)
    told = {call.chat_id: call.text for call in await after.speak()}
    assert told[PERSON] == say("account_gone_uploads", "ru", failed="2")
    assert told[ADMIN] == say("account_gone_uploads", "en", failed="2")
    assert await after.text(make_command("/status")) == IDLE["ru"]


async def test_a_group_has_one_language_whoever_writes(chat: Chat) -> None:
    first = speaks(make_command("/status", chat_id=GROUP), "ru")
    assert await chat.text(first) == IDLE["ru"]
    await chat.ask(speaks(make_command("/status", ADMIN), "vi"))
    await chat.clock.advance(10)
    assert (
        await chat.text(speaks(make_command("/status", ADMIN, chat_id=GROUP), "vi"))
        == (IDLE["ru"])
    )
    await chat.clock.advance(10)
    await chat.ask(speaks(make_command("/language uz", ADMIN, chat_id=GROUP), "vi"))
    await chat.clock.advance(10)
    assert await chat.text(make_command("/status", chat_id=GROUP)) == IDLE["uz"]
    assert await chat.deps.languages.of_chat(ADMIN) == "vi"


async def test_a_group_that_moves_keeps_its_language(chat: Chat) -> None:
    await chat.deps.languages.choose(GROUP, "vi")
    await chat.desk.posts.move_chat(GROUP, GROUP - 1000)
    assert await chat.deps.languages.of_chat(GROUP - 1000) == "vi"


async def test_a_stranger_is_turned_away_in_their_language(chat: Chat) -> None:
    told = await chat.text(speaks(make_message(STRANGER), "uz"))
    assert told == say("stranger", "uz", user_id=STRANGER)
    assert await chat.desk.store.all("people.chats_with_language") == []


async def test_nobody_speaks_anything_but_english_afterwards(chat: Chat) -> None:
    await chat.ask(speaks(make_command("/status"), "ru"))
    assert spoken() == "en"


async def test_menus_are_told_in_every_language(chat: Chat) -> None:
    await register_commands(chat.bot, [], chat.deps.languages)
    told = {
        call.params.get("language_code"): json.loads(call.params["commands"])
        for call in chat.session.of("setMyCommands")
        if "all_private_chats" in call.params["scope"]
    }
    assert set(told) == {None, "uz", "ru", "vi"}
    assert [item["command"] for item in told["vi"]] == list(EVERYBODY)
    assert told["vi"][0]["description"] == say("cmd_start", "vi")


async def test_who_chose_a_language_has_a_menu_in_it(chat: Chat) -> None:
    await chat.ask(make_command("/language ru", ADMIN))
    (call,) = chat.session.of("setMyCommands")
    assert json.loads(call.params["scope"]) == {"type": "chat", "chat_id": ADMIN}
    items = json.loads(call.params["commands"])
    assert [item["command"] for item in items] == list(ADMINS)
    assert items[0]["description"] == say("cmd_start", "ru")


async def test_telegram_refusing_the_menu_does_not_undo_the_choice(chat: Chat) -> None:
    chat.session.fail("setMyCommands", 400, "Bad Request: chat not found")
    assert await chat.text(make_command("/language ru")) == say("language_chosen", "ru")
    assert await chat.text(make_command("/status")) == IDLE["ru"]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "0 постов"),
        (1, "1 пост"),
        (2, "2 поста"),
        (5, "5 постов"),
        (11, "11 постов"),
        (21, "21 пост"),
        (1234, "1\xa0234 поста"),
    ],
)
def test_russian_counts_by_its_rules(count: int, said: str) -> None:
    assert counted("posts", count, "ru") == said


def test_vietnamese_and_uzbek_words_stay_as_they_are() -> None:
    assert [counted("posts", count, "vi") for count in (1, 2)] == ["1 bài đăng", "2 bài đăng"]
    assert [counted("posts", count, "uz") for count in (1, 2)] == ["1 ta post", "2 ta post"]


@pytest.mark.parametrize(
    ("language", "size", "speed", "span", "number", "percent"),
    [
        ("en", "2.1 MB", "2.1 MB/s", "2 min 5 s", "1,234,567", "61 %"),
        ("uz", "2,1 MB", "2,1 MB/s", "2 daq 5 s", "1\xa0234\xa0567", "61%"),
        ("ru", "2,1 МБ", "2,1 МБ/с", "2 мин 5 с", "1\xa0234\xa0567", "61 %"),
        ("vi", "2,1 MB", "2,1 MB/s", "2 phút 5 giây", "1.234.567", "61%"),
    ],
)
def test_numbers_and_units(
    language: str, size: str, speed: str, span: str, number: str, percent: str
) -> None:
    with speaking(language):
        assert human.size(2.1 * 1024 * 1024) == size
        assert human.speed(2.1 * 1024 * 1024) == speed
        assert human.span(125) == span
        assert human.number(1_234_567) == number
        assert human.percent(0.619) == percent


@pytest.mark.parametrize(
    ("language", "tomorrow", "this_year", "next_year"),
    [
        ("en", "12:00 tomorrow", "2026-12-01 12:00", "2027-02-01 12:00"),
        ("uz", "ertaga 12:00", "1-dekabr 12:00", "2027-yil 1-fevral 12:00"),
        ("ru", "завтра, 12:00", "1 декабря, 12:00", "1 февраля 2027, 12:00"),
        ("vi", "12:00 ngày mai", "12:00 ngày 1/12", "12:00 ngày 1/2/2027"),
    ],
)
def test_moments(language: str, tomorrow: str, this_year: str, next_year: str) -> None:
    moments = [NOW + timedelta(days=1), NOW.replace(month=12, day=1)]
    moments.append(NOW.replace(year=2027, month=2, day=1))
    told = [when(moment, NOW, language) for moment in moments]
    assert told == [tomorrow, this_year, next_year]


def test_a_sentence_that_a_language_lacks_is_told_in_english_and_logged_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    lexicon._log_untranslated.cache_clear()
    monkeypatch.delitem(ru.SENTENCES, "count_posts")
    caplog.set_level(logging.WARNING)
    assert [counted("posts", 21, "ru") for _ in range(3)] == ["21 posts"] * 3
    assert caplog.messages == ["sentence_untranslated"]
    lexicon._log_untranslated.cache_clear()


def test_tags_and_names_of_languages() -> None:
    assert [language_of(tag) for tag in ("ru", "uz-Latn", "VI_vn", "de", None)] == [
        "ru",
        "uz",
        "vi",
        "",
        "",
    ]
    assert language_named("O'zbekcha") == language_named("uzbek") == "uz"
    assert language_named("deutsch") == ""


def test_browsers_are_answered_in_the_first_language_that_is_spoken() -> None:
    assert language_accepted("de-DE,de;q=0.9,ru;q=0.8,en;q=0.7") == "ru"
    assert language_accepted("") == language_accepted("*") == "en"


async def test_the_same_card_differs_by_language_and_by_nothing_else(chat: Chat) -> None:
    await chat.ask(make_video())
    scene = Scene(
        post=await chat.desk.posts.require(1),
        uploads=await chat.desk.posts.uploads(1),
        progress=chat.deps.progress,
        now=chat.clock.now(),
        zone=UTC,
    )
    cards = {}
    for language in tongues.LANGUAGES:
        with speaking(language):
            cards[language] = render_card(scene)
    assert len({card.text for card in cards.values()}) == len(tongues.LANGUAGES)
    assert len({str([[b.data for b in row] for row in c.rows]) for c in cards.values()}) == 1
