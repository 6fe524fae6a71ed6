"""`/limits` in chat: what is told of each account, the forecast in words, pages, warnings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat.limits_text import LimitsText, warning_text
from bot.chat.texts import plain
from core.accounts.limits import AccountLimits, DayPlan, Forecast, QuotaState, Spill, Told
from core.accounts.quotas import Quotas
from core.accounts.rules import RuleBook
from core.posts.models import UploadState
from core.store.sqlite import SqliteStore
from tests.chat_kit import Chat, make_chat_on, make_command, make_press, make_video
from tests.clocks import ManualClock
from tests.factories import make_account, make_desk
from workers.engine.embedded import EmbeddedEngine

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 21)
TEXT = LimitsText(NOW, UTC)


def make_plan(*days: tuple[int, int, int], **more: Any) -> Forecast:
    """Return a forecast from distance in days, count and first hour of each day."""
    plans = [
        DayPlan(
            day=TODAY + timedelta(days=distance),
            count=count,
            first_at=datetime(2026, 11, 21, hour, tzinfo=UTC) + timedelta(days=distance),
        )
        for distance, count, hour in days
    ]
    queued = sum(plan.count for plan in plans) + int(more.get("never", 0))
    return Forecast(queued=queued, days=tuple(plans), done_at=None, **more)


def make_limits(**changes: Any) -> AccountLimits:
    values: dict[str, Any] = {
        "account_id": 1,
        "platform": "youtube",
        "name": "A",
        "state": "ok",
        "held_until": None,
        "quotas": (),
        "told": (),
        "forecast": make_plan(),
        **changes,
    }
    return AccountLimits(**values)


def queue_of(plan: Forecast) -> str:
    return plain(TEXT.account(make_limits(forecast=plan))).splitlines()[-1]


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (make_plan(), "Nothing is queued."),
        (make_plan((0, 1, 12)), "1 video: 1 today"),
        (make_plan((0, 3, 18)), "3 videos: 3 today from 18:00"),
        (make_plan((0, 3, 12), (1, 9, 10)), "12 videos: 3 today, 9 tomorrow from 10:00"),
        (make_plan((2, 4, 8)), "4 videos: 4 on 2026-11-23 from 08:00"),
        (
            make_plan((0, 1, 12), (1, 1, 8), (2, 5, 8)),
            "7 videos: 1 today, 1 tomorrow from 08:00, 5 on 2026-11-23 from 08:00",
        ),
        (
            make_plan((0, 1, 12), (1, 1, 8), (2, 5, 8), (3, 2, 8)),
            "9 videos: 1 today, 1 tomorrow from 08:00, 7 more until 2026-11-24",
        ),
        (
            make_plan(never=2),
            "2 videos: 2 never, since a limit is lower than what one video takes",
        ),
    ],
)
def test_the_forecast_is_said_in_words(plan: Forecast, said: str) -> None:
    assert queue_of(plan) == said


@pytest.mark.parametrize(
    ("distance", "said"),
    [
        (0, "spill to B finishes today"),
        (1, "spill to B finishes tomorrow"),
        (4, "spill to B finishes on 2026-11-25"),
    ],
)
def test_an_account_that_is_done_earlier_is_named(distance: int, said: str) -> None:
    spill = Spill(account="B", count=9, done_at=NOW + timedelta(days=distance))
    assert queue_of(make_plan((0, 3, 12), (5, 9, 10), spill=spill)).endswith(f"; {said}")


def test_a_paused_account_only_says_how_much_is_queued() -> None:
    plan = Forecast(queued=4, days=(), done_at=None)
    text = plain(TEXT.account(make_limits(state="paused", forecast=plan)))
    assert "A (YouTube), paused" in text
    assert text.endswith("4 videos queued; it goes on when the account does.")


def make_quota(**changes: Any) -> QuotaState:
    values: dict[str, Any] = {
        "name": "video_uploads",
        "window": "pacific_day",
        "shared": True,
        "limit": 100,
        "used": 40,
        "left": 60,
        "back_at": NOW + timedelta(hours=5),
        **changes,
    }
    return QuotaState(**values)


def test_a_day_resets_and_a_rolling_window_gives_back_one_by_one() -> None:
    day, rolling = make_quota(), make_quota(name="posts", window="rolling_day")
    assert "40 of 100 used, 60 left, resets at 17:00" in TEXT.line(day, "youtube")
    assert "the next back at 17:00" in TEXT.line(rolling, "youtube")
    assert TEXT.line(make_quota(back_at=None), "youtube").endswith("60 left")


def test_the_platforms_own_word_is_told() -> None:
    until = NOW + timedelta(hours=2)
    held = Told(name="posts", allowed=None, used=None, held_until=until, at=NOW)
    quota = make_quota(name="posts", told=held)
    calls = Told(name="app_calls", allowed=100, used=28, held_until=None, at=NOW)
    text = TEXT.account(make_limits(quotas=(quota,), told=(calls,), held_until=until))
    assert "allows none before 14:00" in text
    assert "says at 12:00:00: API calls of the application: 28 % used" in text
    assert "Nothing may start before 14:00" in text


def test_thousands_stand_apart() -> None:
    quota = make_quota(name="units", used=8_501, limit=10_000, left=1_499)
    assert "8,501 of 10,000 used, 1,499 left" in TEXT.line(quota, "youtube")
    told = Told(name="active_users", allowed=1_000, used=None, held_until=None, at=NOW)
    assert "? of 1,000" in TEXT.account(make_limits(told=(told,)))
    facts = {"platform": "youtube", "account": "A", "quota": "units", "used": 8000, "limit": 10000}
    assert "8,000 of 10,000" in warning_text(facts)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"ready": 1}, "1 video is ready and goes live with the others of its post."),
        (
            {"ready": 1, "ready_at": NOW + timedelta(hours=6)},
            "1 video is ready and goes live at 18:00.",
        ),
        (
            {"ready": 2, "ready_at": NOW + timedelta(hours=6)},
            "2 videos are ready; the first goes live at 18:00.",
        ),
    ],
)
def test_what_is_ready_to_go_live_is_not_nothing(more: dict[str, Any], said: str) -> None:
    assert queue_of(make_plan(**more)) == said
    both = plain(TEXT.account(make_limits(forecast=make_plan((0, 3, 12), **more))))
    assert both.splitlines()[-2:] == ["3 videos: 3 today", said]
    assert "Nothing is queued" not in both


def test_a_quota_of_a_third_party_has_the_name_that_it_gave() -> None:
    assert "cat videos" in TEXT.line(make_quota(name="cat_videos"), "elsewhere")


# In chat


@pytest.fixture
async def crowded(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine, tmp_path: Path
) -> Chat:
    desk = await make_desk(
        store, clock, engine, *[make_account("telegram", f"channel {n}") for n in range(12)]
    )
    desk.posts.quotas = Quotas(store, clock, RuleBook(per_channel=1), admins=(1001,))
    return make_chat_on(desk, tmp_path)


async def test_it_says_how_to_begin_when_nothing_is_connected(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine, tmp_path: Path
) -> None:
    desk = await make_desk(store, clock, engine, make_account())
    await desk.book.adopt([])
    chat = make_chat_on(desk, tmp_path)
    assert "/connect" in await chat.text(make_command("/limits"))


async def test_one_account_after_the_other_page_by_page(crowded: Chat) -> None:
    (call,) = await crowded.ask(make_command("/limits"))
    assert "page 1 of 3" in call.text
    assert call.text.count("Telegram") == 5
    assert call.data == ["lm1:1"]
    await crowded.hear(make_press("lm1:2"))
    last = crowded.session.of("editMessageText")[-1]
    assert "page 3 of 3" in last.text
    assert last.data == ["lm1:1"]


async def test_a_page_that_is_gone_becomes_the_last_one(crowded: Chat) -> None:
    await crowded.hear(make_press("lm1:77"))
    assert "page 3 of 3" in crowded.session.of("editMessageText")[-1].text


async def test_what_is_queued_and_used_is_told(crowded: Chat) -> None:
    for _ in range(2):
        await crowded.hear(make_video("A clip\nto: channel 0"))
    posts = crowded.desk.posts
    first, _ = await posts.reserve(await posts.start(1))
    first, _ = await posts.intend(first, sha256="x")
    await posts.save(first, UploadState.LIVE, intent_at=None)
    await posts.reserve(await posts.start(2))
    await crowded.speak()
    text = await crowded.text_of_command("/limits")
    assert "1 of 1 used, 0 left, the next back at 12:00 tomorrow" in text
    assert "1 video: 1 tomorrow from 12:00" in text


async def test_a_staged_video_is_told_with_the_minute_at_which_it_goes_live(crowded: Chat) -> None:
    await crowded.hear(make_video("A clip\nto: channel 0\nat: tomorrow 9:00\ntogether: yes"))
    posts = crowded.desk.posts
    upload, _ = await posts.reserve(await posts.start(1))
    _ = await posts.stage(upload)
    await crowded.speak()
    text = await crowded.text_of_command("/limits")
    assert "1 video is ready and goes live at 09:00 tomorrow." in text


async def test_a_warning_reaches_the_chat(crowded: Chat) -> None:
    await crowded.hear(make_video("A clip\nto: channel 0"))
    posts = crowded.desk.posts
    await posts.reserve(await posts.start(1))
    said = [call.text for call in await crowded.speak() if "⚠️" in call.text]
    assert len(said) == 1
    assert "channel 0 (Telegram) has used 1 of 1: videos in 24 hours, our own cap" in said[0]
