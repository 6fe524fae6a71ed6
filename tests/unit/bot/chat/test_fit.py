from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.card_fit import fit_buttons
from bot.chat.keyboards import FitChoice
from core.posts.fits import FitState, is_asked, waits_for_fit
from core.posts.models import MediaFacts, Upload, UploadState
from core.store.sqlite import SqliteStore
from tests.bot_session import Call
from tests.chat_kit import Chat, make_chat_on, make_command, make_press, make_video
from tests.clocks import ManualClock
from tests.factories import make_account, make_desk
from tests.unit.core.posts.test_fitting import GOOD, LAST, LONG, fetch
from workers.engine.embedded import EmbeddedEngine

STRANGER_PERSON = 1002


@pytest.fixture
async def chat(
    store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine, log_folder: Path
) -> Chat:
    """A chat with accounts that take less than YouTube does."""
    names = ("instagram", "facebook", "youtube")
    desk = await make_desk(store, clock, engine, *(make_account(name) for name in names))
    return make_chat_on(desk, log_folder, users=(1001, STRANGER_PERSON))


async def card(chat: Chat) -> Call:
    """Return the card as it is drawn next."""
    await chat.clock.advance(10)
    return (await chat.speak())[-1]


async def upload_of(chat: Chat, platform: str) -> Upload:
    return next(up for up in await chat.desk.posts.uploads(1) if up.platform == platform)


async def seen(chat: Chat, facts: MediaFacts, caption: str = "The sea") -> Call:
    """Send a video that turns out to be this."""
    await chat.hear(make_video(caption))
    await fetch(chat.desk, 1, facts)
    return await card(chat)


async def test_the_card_says_of_each_target_whether_it_takes_the_video(chat: Chat) -> None:
    shown = await seen(chat, LONG)
    assert "⚠️ Facebook" in shown.text
    assert "the end is cut off" in shown.text
    assert shown.text.count("✅ takes the video as it is") == 2
    assert shown.data[:2] == ["fa1:1", "ft1:2:cut"]
    assert "ft1:2:out" in shown.data


async def test_one_tap_fixes_all_and_the_card_goes_on(chat: Chat) -> None:
    await seen(chat, LONG)
    await chat.hear(make_press("fa1:1"))
    shown = await card(chat)
    assert waits_for_fit(await upload_of(chat, "facebook"))
    assert "🎞" in shown.text
    assert not any(data.startswith(("fa1", "ft1")) for data in shown.data)


async def test_what_loses_nothing_is_told_and_not_asked(chat: Chat) -> None:
    shown = await seen(chat, LAST)
    assert "🎞 Instagram" in shown.text
    assert "written anew without loss" in shown.text
    assert not any(data.startswith(("fa1", "ft1")) for data in shown.data)


async def test_a_way_is_chosen_by_its_button(chat: Chat) -> None:
    await seen(chat, LONG)
    await chat.hear(make_press("ft1:2:speed"))
    (fit,) = await chat.desk.posts.fits(1)
    assert fit.recipe.speed > 1


async def test_of_two_things_to_choose_the_chosen_ones_are_marked(chat: Chat) -> None:
    shown = await seen(chat, replace(LONG, width=1920, height=640))
    assert "ft1:2:fix" in shown.data
    await chat.hear(make_press("ft1:2:crop"))
    shown = await card(chat)
    marked = [one["callback_data"] for one in shown.buttons if one["text"].startswith("●")]
    assert sorted(marked) == ["ft1:2:crop", "ft1:2:cut"]
    assert is_asked(await upload_of(chat, "facebook"))


async def test_a_target_is_left_out(chat: Chat) -> None:
    await seen(chat, LONG)
    await chat.hear(make_press("ft1:2:out"))
    assert (await upload_of(chat, "facebook")).state is UploadState.CANCELLED
    assert "🚫 Facebook" in (await card(chat)).text


@pytest.mark.parametrize("data", ["fa1:1", "ft1:2:fix", "ft1:2:out"])
async def test_a_button_of_before_the_choice_is_refused_kindly(chat: Chat, data: str) -> None:
    await seen(chat, LONG)
    await chat.hear(make_press("fa1:1"))
    await chat.clock.advance(10)
    told = [call.text for call in await chat.ask(make_press(data))]
    assert any("decided already" in text for text in told)


@pytest.mark.parametrize("data", ["fa1:99", "ft1:0:fix", "ft1:99:fix", "ft1:2:dance"])
async def test_a_button_that_was_never_there_is_refused(chat: Chat, data: str) -> None:
    await seen(chat, LONG)
    await chat.hear(make_press(data))
    assert is_asked(await upload_of(chat, "facebook"))


async def test_somebody_else_decides_nothing(chat: Chat) -> None:
    await seen(chat, LONG)
    for data in ("fa1:1", "ft1:2:fix", "ft1:2:out"):
        await chat.hear(make_press(data, STRANGER_PERSON))
    assert is_asked(await upload_of(chat, "facebook"))


async def test_the_card_says_how_far_the_fitting_is(chat: Chat) -> None:
    await seen(chat, LAST)
    await chat.hear(make_video("Another"))
    chat.deps.progress.update(("fit", 1), 4200, 10_000, eta_seconds=90)
    await chat.desk.posts.touch_moving(chat.deps.progress.keys())
    await chat.clock.advance(10)
    assert any("Fitting 42 %" in call.text for call in await chat.speak())


async def test_a_warning_stands_under_its_target(chat: Chat) -> None:
    shown = await seen(chat, replace(GOOD, has_audio=False, audio_codec=""))
    assert "⚠️ It has no sound" in shown.text


async def test_a_fitting_that_failed_says_why_and_retry_begins_it_anew(chat: Chat) -> None:
    await seen(chat, LAST, "The sea\nto: instagram")
    (fit,) = await chat.desk.posts.fits(1)
    await chat.desk.posts.fail_fit(fit.id, fit.generation, "broken", {"text": "no frame"})
    shown = await card(chat)
    assert "damaged and can not be fitted (no frame)" in shown.text
    await chat.hear(make_command("/retry 1"))
    upload = await upload_of(chat, "instagram")
    await chat.desk.posts.take_fit(await chat.desk.start(upload.id))
    (fit,) = await chat.desk.posts.fits(1)
    assert fit.state is FitState.WANTED


async def test_the_default_of_an_account_is_set_in_words(chat: Chat) -> None:
    await chat.hear(make_command("/account 2 fit auto", 1))
    account = await chat.desk.book.get(2)
    assert account is not None
    assert account.defaults["fit"] == "auto"


async def test_many_targets_keep_the_buttons_within_reach(chat: Chat) -> None:
    await seen(chat, LONG)
    upload = await upload_of(chat, "facebook")
    post = await chat.desk.posts.require(1)
    many = [replace(upload, id=number) for number in range(1, 40)]  # type: ignore[arg-type]
    rows = fit_buttons(post, many)
    assert len(rows) < 20
    assert all(len(FitChoice(upload_id=2**61, word="speed").pack()) <= 64 for _ in rows)
