from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.figures_text import period_blocks, summary_lines
from bot.chat.studio_text import studio_text
from bot.chat.texts import plain
from core.diagnostics import picture
from core.diagnostics.periods import period_of
from core.posts.models import UploadState, WaitReason
from tests.chat_kit import ADMIN, PERSON, Chat, make_command, make_press, make_video
from tests.figures_kit import History, make_history

TOKEN = "ya29.a0AfB_byC-secret-of-youtube"
HOSTILE = f"<b>&amp; token {TOKEN} \u202e\x1b[31m{{place}}"


async def publish(chat: Chat, upload_id: int, seconds: float = 30) -> None:
    await chat.clock.advance(seconds)
    states = UploadState.UPLOADING, UploadState.PROCESSING, UploadState.LIVE
    await chat.move(upload_id, *states, bytes_sent=5_000_000)


async def fail(chat: Chat, upload_id: int, text: str = "too loud") -> None:
    await chat.move(upload_id, UploadState.FAILED, error_kind="rejected", error_text=text)


async def test_diagnostics_of_today_count_what_ended(chat: Chat) -> None:
    await chat.ask(make_video())
    await publish(chat, 1)
    await fail(chat, 2)
    text = plain(await chat.text_of_command("/diagnostics"))
    assert "Diagnostics · today" in text
    assert "1 post accepted" in text
    assert "2 uploads ended: 1 live, 1 failed, 0 cancelled" in text
    assert "Success 50 %, 2 tries" in text
    assert "From accepted to live: 30 s on average, 95 of 100 within 30 s" in text
    assert "• refused, 1 ×. The last: post 1, Telegram · my telegram: too loud" in text
    assert "Sent: 4.8 MB" in text
    assert "Now: 0 under way, 0 with unknown outcome" in text


async def test_other_times_are_a_word_or_a_button_away(chat: Chat) -> None:
    await chat.ask(make_video())
    await publish(chat, 1)
    assert "Diagnostics · 30 days" in await chat.text_of_command("/diagnostics 30d")
    await chat.clock.advance(10)
    (call,) = await chat.ask(make_command("/diagnostics"))
    assert call.data == ["fg1:7d", "fg1:30d"]
    await chat.hear(make_press("fg1:7d"))
    changed = chat.session.of("editMessageText")[-1]
    assert "Diagnostics · 7 days" in changed.text
    assert changed.data == ["fg1:today", "fg1:30d"]


async def test_a_press_for_a_time_that_there_is_not_changes_nothing(chat: Chat) -> None:
    await chat.hear(make_press("fg1:99d"))
    assert chat.session.of("editMessageText") == []


async def test_the_time_before_is_told_beside(chat: Chat) -> None:
    await chat.ask(make_video())
    await publish(chat, 1, 30)
    await fail(chat, 2)
    await chat.clock.advance(timedelta(days=7).total_seconds())
    await chat.ask(make_video())
    await publish(chat, 3, 60)
    text = plain(await chat.text_of_command("/diagnostics 7d"))
    assert "Success 100 % (before: 50 %)" in text
    assert "From accepted to live: 1 min on average (before: 30 s)" in text


async def test_nothing_yet_is_said_in_words(chat: Chat) -> None:
    text = await chat.text_of_command("/diagnostics")
    assert "Nothing has ended in this time." in text
    assert "What would help" not in text


async def test_mashups_are_told_with_why_they_failed(chat: Chat, database: Path) -> None:
    at = chat.clock.now().timestamp()
    history = History()
    for number, state in enumerate(("ready", "ready", "failed"), start=1):
        history.renders.append(
            {
                "id": number,
                "state": state,
                "mashup": "{}",
                "chat_id": PERSON,
                "facts": '{"duration_seconds": 30.0}',
                "error_key": "disk_full" if state == "failed" else "",
                "created_at": at,
                "finished_at": at,
            }
        )
        stage = {
            "render_id": number,
            "attempt": 1,
            "stage": "rendering",
            "seconds": 20.0,
            "at": at,
        }
        history.render_stages.append(stage)
    history.write(database)
    text = plain(await chat.text_of_command("/diagnostics"))
    assert "Mashups: 2 made (1 min of video), 1 failed, 0 cancelled" in text
    assert f"Failed most often (1 ×): {plain(studio_text('disk_full', {}))}" in text
    assert "Rendering: 20 s on average, 95 of 100 within 20 s, 100 % of all" in text
    assert "Nothing has ended" not in text


async def test_people_see_their_own_chat_and_admins_all(chat: Chat) -> None:
    await chat.ask(make_video(user_id=PERSON))
    await publish(chat, 1)
    await publish(chat, 2)
    await chat.ask(make_video(user_id=ADMIN))
    await fail(chat, 3)
    assert "2 live, 0 failed" in await chat.text_of_command("/diagnostics", PERSON)
    assert "2 live, 1 failed" in await chat.text_of_command("/diagnostics", ADMIN)


async def test_a_post_is_told_stage_by_stage(chat: Chat) -> None:
    await chat.ask(make_video())
    posts = chat.desk.posts
    posts.measure("fetch", 4.0, post_id=1, bytes=8 << 20)
    posts.measure("send", 2.0, post_id=1, upload_id=1, bytes=4 << 20)
    posts.measure("resume", 0.1, post_id=1, upload_id=1, bytes=1 << 20)
    await publish(chat, 1)
    await chat.move(2, UploadState.WAITING, reason=WaitReason.TURN)
    text = plain(await chat.text_of_command("/diagnostics 1"))
    assert "• fetching the video: 4 s, 8 MB at 2 MB/s" in text
    assert "YouTube · my youtube: live" in text
    assert "• waited for the video: 30 s" in text
    assert "• sending: 2 s, 4 MB at 2 MB/s" in text
    assert "• went on where it had stopped: 1 MB not sent again" in text
    assert "From accepted to live: 30 s" in text
    assert "Telegram · my telegram: waiting" in text


async def test_the_post_of_somebody_else_is_not_told(chat: Chat) -> None:
    await chat.ask(make_video(user_id=ADMIN))
    assert "Post 1" not in await chat.text_of_command("/diagnostics 1", PERSON)
    assert "Post 1" in await chat.text_of_command("/diagnostics 1", ADMIN)


@pytest.mark.parametrize("word", ["soon", "31d", "-1", "٣", "1" * 30, "<b>", "1 2"])
async def test_another_word_is_refused_with_what_is_known(chat: Chat, word: str) -> None:
    assert "I do not know the time" in await chat.text_of_command(f"/diagnostics {word}")


async def test_a_hostile_error_is_shown_harmless(chat: Chat) -> None:
    await chat.ask(make_video())
    await fail(chat, 1, HOSTILE)
    for command in ("/diagnostics", "/diagnostics 1"):
        text = await chat.text_of_command(command)
        assert "&lt;b&gt;&amp;amp; token *** " in text
        assert TOKEN not in text
        assert "\u202e" not in text
        assert "\x1b" not in text


async def test_a_finding_is_told_by_its_sentence(chat: Chat) -> None:
    await chat.ask(make_video())
    facts = '{"actual":90.0,"limit":60}'
    code = {"error_code": "fit.too_long"}
    await chat.move(1, UploadState.FAILED, error_kind="rejected", error_text=facts, **code)
    text = await chat.text_of_command("/diagnostics")
    assert "1 min 30 s" in text
    assert "actual" not in text


async def test_a_long_history_fits_into_one_message_with_a_picture(
    chat: Chat, database: Path
) -> None:
    history = make_history(chat.clock.now(), 200, days=60)
    history.accounts = [{**row, "id": row["id"] + 10} for row in history.accounts]
    for row in [*history.uploads, *history.measures]:
        row["account_id"] = row["account_id"] and row["account_id"] + 10
    await asyncio.to_thread(history.write, database)
    text = await chat.text_of_command("/diagnostics 30d", ADMIN)
    assert len(plain(text)) < 4096
    assert "What would help" in text
    (photo,) = chat.session.of("sendPhoto")
    assert photo.params["caption"] == "Success and duration · 30 days"


async def test_without_the_library_the_text_says_it_all(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> bytes:
        raise ImportError("matplotlib")

    monkeypatch.setattr("bot.chat.routers.figures.draw", missing)
    monkeypatch.setattr(picture, "LEAST_POINTS", 1)
    await chat.ask(make_video())
    await publish(chat, 1)
    assert "Diagnostics · today" in await chat.text_of_command("/diagnostics")
    assert chat.session.of("sendPhoto") == []


async def test_a_refused_picture_leaves_the_text(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.routers.figures.draw", lambda *_: b"png")
    monkeypatch.setattr(picture, "LEAST_POINTS", 1)
    chat.session.fail("sendPhoto", 400, "Bad Request: IMAGE_PROCESS_FAILED")
    await chat.ask(make_video())
    await publish(chat, 1)
    assert "Diagnostics · today" in await chat.text_of_command("/diagnostics")


async def test_a_run_ends_in_a_few_lines(chat: Chat) -> None:
    await chat.ask(make_video())
    await publish(chat, 1)
    period = period_of("today", chat.clock.now(), chat.deps.zone)
    assert period is not None
    found = await chat.deps.figures.diagnostics([period])
    lines = [plain(line) for line in summary_lines(found.periods["today"])]
    assert lines[:3] == [
        "1 post accepted",
        "1 upload ended: 1 live, 0 failed, 0 cancelled",
        "Success 100 %, 1 try",
    ]
    assert len(lines) < 10
    assert len(period_blocks(found, found.periods["today"])) > 1
