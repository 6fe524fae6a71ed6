"""Cards and messages when Telegram is busy, away, or the message is gone; and over restarts."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from core.posts.models import UploadState
from tests.live_chat import JSON, MIB, LiveChat, until
from utils.sandbox.telegram.state import PERSON_ID

HERE = "A day at the sea\nto: telegram"
THERE = "A day at the sea\nto: youtube"
LATER = f"{HERE}\nat: 2040-01-01 10:00"
SLOW = {"telegram": {"down": 100_000}}
FREE = {"telegram": {"down": None}}


def cards(live: LiveChat) -> list[int]:
    """Return the ids of messages of the bot that are cards."""
    return [int(view["message_id"]) for view in live.seen() if "· post " in view["text"]]


async def test_a_card_is_edited_at_most_every_three_seconds(live: LiveChat) -> None:
    live.sandbox.set_rates(SLOW)
    async with live.running():
        await live.send(THERE)
        await live.says("uploading ")
        await until(lambda: len(live.calls("editMessageText")) >= 4, lambda: "no edits")
        live.sandbox.set_rates(FREE)
        await live.says("Live everywhere")
    (card,) = cards(live)
    assert len(live.paces(card)) >= 3
    live.check_paces()
    texts = [row["body"]["text"] for row in live.tellings()]
    assert all(before != after for before, after in pairwise(texts))


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
@pytest.mark.parametrize("mode", ["plain", "bare"])
async def test_a_429_is_waited_for_and_nothing_is_lost(
    live: LiveChat, method: str, mode: str
) -> None:
    live.fail("telegram", method, "flood", retry_after=6, mode=mode)
    async with live.running():
        await live.send(HERE)
        await live.says("Live everywhere")
    refused, following, *_ = [
        row for row in live.calls(method) if row["status"] == 429 or row["status"] == 200
    ][-2:]
    assert (refused["status"], following["status"]) == (429, 200)
    waited = 6.0 if mode == "plain" else 5.0
    assert (following["at"] - refused["at"]) * live.speed >= waited - 0.05
    assert len(cards(live)) == 1
    assert "Accepted" in live.tellings()[0]["body"]["text"]


async def test_many_posts_at_once_stay_within_the_budget_of_the_chat(live: LiveChat) -> None:
    live.sandbox.set_option("telegram", "budgets", value=True)
    # The stand-in's rates in Karvon's seconds; the burst has room for the edit of an answer.
    for name, value in (("private_rate", live.speed), ("private_burst", 8)):
        live.sandbox.set_option("telegram", name, value)
    live.sandbox.set_option("telegram", "overall_rate", 30 * live.speed)
    async with live.running():
        for _ in range(12):
            await live.send(LATER)
        for number in range(1, 13):
            await live.says(f"post {number}\n")
        await live.ask("/clear", "What shall be emptied?")
        await live.press((await live.says("What shall be emptied?")), "Queue")
        for number in range(1, 13):
            await live.says(f"Cancelled · post {number}\n")
    assert [row for row in live.calls() if row["status"] == 429] == []


async def test_a_card_that_was_deleted_is_sent_anew(live: LiveChat) -> None:
    live.fail("telegram", "download", "stall")
    async with live.running():
        await live.send(HERE)
        card = await live.says("Accepted")
        live.delete(card["message_id"])
        live.sandbox.release()
        fresh = await live.says("Live everywhere")
        assert fresh["message_id"] > card["message_id"]
        assert len(cards(live)) == 1


async def test_an_edit_whose_answer_is_lost_is_repeated_without_harm(live: LiveChat) -> None:
    live.fail("telegram", "editMessageText", "drop_answer", times=2)
    async with live.running():
        await live.send(HERE)
        await live.says("Live everywhere")
        post = await live.parts.posts.card(1)
        assert post is not None
        await until(
            lambda: [r for r in live.calls("editMessageText") if r["status"] in {200, 400}],
            lambda: "no edit was answered",
        )
        await live.ask("/status", "Nothing runs")
        assert len(cards(live)) == 1
    refused = [r for r in live.calls("editMessageText") if r["status"] == 400]
    assert all("message is not modified" in r["answer"]["description"] for r in refused)


async def test_a_web_server_in_front_that_answers_html_is_overcome(live: LiveChat) -> None:
    for method in ("sendMessage", "editMessageText", "getUpdates"):
        live.fail("telegram", method, "html", status=502)
    async with live.running():
        await live.send(HERE)
        await live.says("Live everywhere")
        assert len(cards(live)) == 1


async def test_telegram_that_is_away_for_a_while_misses_nothing(live: LiveChat) -> None:
    async with live.running():
        await live.send(LATER)
        await live.says("starts at 2040")
        for method in ("sendMessage", "editMessageText", "getUpdates"):
            live.fail("telegram", method, "reset", times=1_000)
        await live.write("/cancel 1")
        await until(lambda: len(_faulty(live)) >= 4, lambda: "nothing was tried")
        assert "starts at 2040" in live.seen()[0]["text"]
        live.sandbox.release()
        await live.says("Cancelled · post 1")
        await live.says("Post 1: 1 upload stopped.")
        assert len(live.tellings("1 upload stopped")) == 1


async def test_who_blocked_the_bot_is_left_alone_and_hears_the_end_when_back(
    live: LiveChat,
) -> None:
    async with live.running():
        await live.send(LATER)
        await live.says("starts at 2040")
        await live.phone("block", blocked=True)
        await live.heard()
        await live.parts.posts.cancel_post(1, by="person")
        told = len(live.calls("editMessageText"))
        await live.phone("block", blocked=False)
        await live.says("Cancelled · post 1")
        assert len(live.calls("editMessageText")) == told + 1


async def test_a_refused_chat_is_not_written_to_again_until_it_writes(live: LiveChat) -> None:
    async with live.running():
        await live.send(LATER)
        await live.says("starts at 2040")
        user = live.telegram.state.user(PERSON_ID)
        assert user is not None
        live.telegram.state.put_user({**user, "has_blocked": True})
        await live.parts.posts.cancel_post(1, by="person")
        await until(
            lambda: [r for r in live.calls("editMessageText") if r["status"] == 403],
            lambda: "the chat was not tried",
        )
        live.telegram.state.put_user({**user, "has_blocked": False})
        await live.write("/status")
        await live.says("Cancelled · post 1")
        assert len([r for r in live.calls() if r["status"] == 403]) == 1


async def test_a_restart_goes_on_with_the_same_card_and_says_resumed(live: LiveChat) -> None:
    live.sandbox.set_rates({"telegram": {"down": 1_000_000}})
    async with live.running():
        await live.send(THERE, live.video(size=2 * MIB))
        await _sent_half(live)
    before = cards(live)
    assert len(before) == 1
    live.sandbox.set_rates({"telegram": {"down": 300_000}})
    async with live.running():
        resumed = await live.says("resumed at ")
        assert resumed["message_id"] == before[0]
        live.sandbox.set_rates(FREE)
        await live.says("Live everywhere")
    assert cards(live) == before
    assert len(live.sandbox.published()) == 1


async def test_what_changed_while_it_was_down_is_shown_after_the_start(live: LiveChat) -> None:
    async with live.running():
        await live.send(LATER)
        await live.says("starts at 2040")
        live.fail("telegram", "editMessageText", "reset", times=1_000)
        await live.parts.posts.cancel_post(1, by="person")
        await until(lambda: live.calls("editMessageText"), lambda: "no edit was tried")
    await live.write("/status")
    live.sandbox.release()
    async with live.running():
        await live.says("Cancelled · post 1")
        await live.says("Nothing runs and nothing waits")
        assert len(cards(live)) == 1


def _faulty(live: LiveChat) -> list[JSON]:
    return [row for row in live.calls() if row["fault"]]


async def _sent_half(live: LiveChat) -> None:
    """Wait until the remote has confirmed a good part of the one upload."""
    async with asyncio.timeout(15):
        while True:
            for upload in await live.parts.posts.uploads(1):
                snapshot = live.parts.progress.get(upload.id)
                share = 0.0 if snapshot is None else snapshot.share or 0.0
                if upload.state is UploadState.UPLOADING and share > 0.4:
                    return
            await asyncio.sleep(0.01)
