from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import pytest

from bot.chat.delivery import REFUSED_PAUSE, UNNAMED_PAUSE
from core.posts.models import UploadState, WaitReason
from core.store.errors import StoreFullError
from tests.bot_session import Call
from tests.chat_kit import GROUP, PERSON, Chat, make_chat_on, make_command, make_video

BLOCKED = "Forbidden: bot was blocked by the user"
EDIT_GONE = "Bad Request: message to edit not found"
UNCHANGED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


@pytest.fixture
async def carded(chat: Chat) -> Chat:
    """A chat whose first post has a card."""
    await chat.ask(make_video("The sea"))
    return chat


async def change(chat: Chat, upload_id: int = 1) -> None:
    """Make a card due with something new to tell."""
    await chat.move(upload_id, UploadState.PROCESSING)


async def test_a_card_is_sent_once_as_a_reply_and_edited_from_then_on(carded: Chat) -> None:
    (sent,) = carded.session.of("sendMessage")
    assert '"allow_sending_without_reply": true' in sent.params["reply_parameters"]
    await change(carded)
    await carded.clock.advance(3)
    (edit,) = await carded.speak()
    assert edit.method == "editMessageText"
    assert edit.params["message_id"] == "101"
    assert "is processing it" in edit.text


async def test_a_card_is_edited_at_most_every_three_seconds(carded: Chat) -> None:
    await change(carded)
    await carded.clock.advance(2.9)
    assert await carded.speak() == []
    await change(carded, 2)
    await carded.clock.advance(0.1)
    assert len(await carded.speak()) == 1


async def test_a_card_that_reads_the_same_is_not_sent(carded: Chat) -> None:
    card = await carded.desk.posts.card(1)
    assert card is not None
    await carded.desk.posts.card_lost(card)
    await carded.clock.advance(3)
    assert len(await carded.speak()) == 1
    await carded.move(1, UploadState.WAITING, reason=WaitReason.MEDIA)
    await carded.clock.advance(3)
    assert await carded.speak() == []
    assert await carded.desk.posts.due_cards() == []


async def test_a_message_that_is_not_modified_counts_as_shown(carded: Chat) -> None:
    await change(carded)
    await carded.clock.advance(3)
    carded.session.fail("editMessageText", 400, UNCHANGED)
    assert len(await carded.speak()) == 1
    assert await carded.desk.posts.due_cards() == []


async def test_a_card_whose_message_is_gone_is_sent_anew(carded: Chat) -> None:
    await change(carded)
    await carded.clock.advance(3)
    carded.session.fail("editMessageText", 400, EDIT_GONE)
    await carded.speak()
    (card,) = await carded.speak()
    assert card.method == "sendMessage"
    assert "is processing it" in card.text


async def test_a_429_pauses_the_chat_and_loses_nothing(chat: Chat) -> None:
    chat.session.fail("sendMessage", 429, "Too Many Requests", retry_after=40)
    await chat.ask(make_video(), make_video())
    await chat.clock.advance(39)
    assert await chat.speak() == []
    await chat.clock.advance(1)
    assert len(await chat.speak()) == 2


async def test_a_pause_outlives_a_restart(chat: Chat, log_folder: Path) -> None:
    chat.session.fail("sendMessage", 429, "Too Many Requests", retry_after=40)
    await chat.ask(make_video())
    after = make_chat_on(chat.desk, log_folder)
    await after.clock.advance(39)
    assert await after.speak() == []
    await after.clock.advance(1)
    (card,) = await after.speak()
    assert "Accepted" in card.text


async def test_a_429_without_a_time_pauses_too(chat: Chat) -> None:
    chat.session.fail("sendMessage", 429, "Too Many Requests")
    await chat.ask(make_video())
    assert await chat.speak() == []
    await chat.clock.advance(UNNAMED_PAUSE.total_seconds())
    assert len(await chat.speak()) == 1


async def test_a_pause_of_one_chat_does_not_hold_another(chat: Chat) -> None:
    chat.session.fail("sendMessage", 429, "Too Many Requests", retry_after=40)
    await chat.ask(make_video())
    (card,) = await chat.ask(make_video(chat_id=GROUP))
    assert card.chat_id == GROUP


async def test_a_blocked_chat_is_left_alone(chat: Chat) -> None:
    chat.session.fail("sendMessage", 403, BLOCKED)
    await chat.ask(make_video())
    await chat.clock.advance(100)
    assert await chat.speak() == []
    assert await chat.desk.posts.next_due() is None


async def test_a_group_that_moved_is_written_to_at_its_new_place(chat: Chat) -> None:
    chat.session.fail("sendMessage", 400, "Bad Request: upgraded", migrate_to_chat_id=-1009)
    await chat.ask(make_video(chat_id=GROUP))
    (card,) = await chat.speak()
    assert card.chat_id == -1009


async def test_a_network_that_is_down_is_told_once_and_tried_ever_more_slowly(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for _ in range(3):
        chat.session.drop("sendMessage")
    await chat.hear(make_video())
    waits = [await chat.sender._guarded_round()]
    for _ in range(2):
        await chat.clock.advance(waits[-1])
        waits.append(await chat.sender._guarded_round())
    assert waits == [1, 2, 4]
    await chat.clock.advance(4)
    assert len(await chat.speak()) == 1
    events = [name for name in caplog.messages if name.startswith("telegram_")]
    assert events == ["telegram_down", "telegram_back"]


async def test_while_telegram_is_down_nothing_is_tried(chat: Chat) -> None:
    chat.session.drop("sendMessage")
    await chat.ask(make_video())
    await chat.hear(make_video(chat_id=GROUP))
    await chat.clock.advance(0.9)
    assert await chat.speak() == []


async def test_a_message_that_telegram_refuses_is_dropped_with_a_reason(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    chat.session.fail("sendMessage", 400, "Bad Request: can't parse entities")
    await chat.ask(make_command("/help"))
    assert await chat.speak() == []
    assert "message_refused" in caplog.messages


async def test_a_card_that_telegram_refuses_is_tried_again_later(chat: Chat) -> None:
    chat.session.fail("sendMessage", 400, "Bad Request: can't parse entities")
    await chat.ask(make_video())
    assert await chat.speak() == []
    await chat.clock.advance(REFUSED_PAUSE.total_seconds())
    assert len(await chat.speak()) == 1


async def test_what_cannot_be_rendered_does_not_hold_up_the_rest(chat: Chat) -> None:
    await chat.desk.posts.say(PERSON, "ask_duplicate", facts={})
    (card,) = await chat.ask(make_video())
    assert "Accepted" in card.text


async def test_a_database_that_is_down_is_told_once(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await chat.hear(make_video())
    with monkeypatch.context() as patched:

        async def full(limit: int) -> list[object]:
            raise StoreFullError("no space")

        patched.setattr(chat.desk.posts, "due_cards", full)
        assert await chat.speak() == []
        assert await chat.speak() == []
    assert len(await chat.speak()) == 1
    assert [m for m in caplog.messages if m.startswith("outbox")] == [
        "outbox_store_down",
        "outbox_store_back",
    ]


async def test_a_moving_upload_is_shown_every_three_seconds(carded: Chat) -> None:
    await carded.move(1, UploadState.UPLOADING)
    shown = []
    for second in range(13):
        carded.deps.progress.update(1, second * 100_000, 3_000_000)
        shown += [call.at for call in await carded.speak()]
        await carded.clock.advance(1)
    assert len(shown) == 4
    assert min(b - a for a, b in pairwise(shown)) >= 3


async def test_many_posts_share_the_budget_of_a_chat(chat: Chat) -> None:
    """New cards come first; afterwards every post has its turn."""
    await chat.hear(*(make_video(f"Film {n}") for n in range(30)))
    calls = await talk(chat, seconds=40)
    sent = [call for call in calls if call.method == "sendMessage"]
    assert len(sent) == 30
    assert in_any_minute(calls) <= 60 + 5
    for upload_id in range(1, 61):
        await change(chat, upload_id)
    edits = await talk(chat, seconds=120)
    assert {call.params["message_id"] for call in edits} == {str(101 + n) for n in range(30)}
    assert in_any_minute(edits) <= 20 + 2


async def test_a_group_gets_at_most_twenty_a_minute(chat: Chat) -> None:
    await chat.hear(*(make_video(f"Film {n}", chat_id=GROUP) for n in range(40)))
    calls = await talk(chat, seconds=150)
    assert len(calls) == 40
    assert in_any_minute(calls) <= 20


async def test_the_final_state_overtakes_what_is_still_moving(chat: Chat) -> None:
    await chat.hear(*(make_video(f"Film {n}") for n in range(8)))
    await talk(chat, seconds=30)
    for upload_id in range(1, 15):
        await change(chat, upload_id)
    for upload_id in (15, 16):
        await chat.move(upload_id, UploadState.PROCESSING, UploadState.LIVE)
    await chat.clock.advance(5)
    first, *_ = await chat.speak()
    assert "Live everywhere" in first.text


async def test_the_final_state_is_shown_after_a_restart(carded: Chat, log_folder: Path) -> None:
    for upload_id in (1, 2):
        await carded.move(upload_id, UploadState.PROCESSING, UploadState.LIVE)
    after = make_chat_on(carded.desk, log_folder)
    await after.clock.advance(3)
    (edit,) = await after.speak()
    assert "Live everywhere" in edit.text
    assert edit.params["message_id"] == "101"


async def test_chats_that_are_behind_do_not_hide_others(chat: Chat) -> None:
    for number in range(250):
        await chat.desk.posts.say(PERSON, "ready", facts={"html": f"line {number}"})
    await chat.desk.posts.say(GROUP, "ready", facts={"html": "Hello group"})
    calls = await talk(chat, seconds=2)
    assert "Hello group" in {call.text for call in calls}


async def test_it_sleeps_until_something_happens(chat: Chat) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(chat.sender.run())
        await chat.clock.sleepers()
        looks = chat.desk.posts.next_change()
        await chat.clock.advance(600)
        assert chat.session.calls == []
        assert chat.desk.posts.next_change() is looks
        await chat.hear(make_video())
        async with asyncio.timeout(5):
            await chat.session.arrived.wait()
        await chat.clock.advance(1)
        await chat.sender.leave(5)
    assert "Accepted" in chat.session.shown[0].text


async def talk(chat: Chat, *, seconds: int) -> list[Call]:
    """Let time pass and the sender look as often as it wants."""
    before = len(chat.session.shown)
    end = chat.clock.monotonic() + seconds
    while chat.clock.monotonic() < end:
        wait = await chat.sender._guarded_round()
        await chat.clock.advance(min(max(wait, 0.05), end - chat.clock.monotonic()))
    return chat.session.shown[before:]


def in_any_minute(calls: list[Call]) -> int:
    times = [call.at for call in calls]
    return max(sum(start <= at < start + 60 for at in times) for start in times)
