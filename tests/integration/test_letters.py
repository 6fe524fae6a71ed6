"""Dead letters and patience with the whole system: real tasks, a real chat, restarts."""

from __future__ import annotations

from core.posts.models import PostState
from tests.live_chat import LiveChat, until

HERE = "to: telegram"
HOUR = 3600.0


async def test_what_failed_of_one_cause_is_tried_again_by_one_press(live: LiveChat) -> None:
    live.fail("telegram", "sendVideo", "status", status=400, times=2)
    async with live.running():
        for number in (1, 2):
            await live.send(f"Video {number}\n{HERE}")
            await live.says(f"Not published · post {number}")
        page = await live.ask("/failed", "2 uploads failed")
        assert "2 failed: Telegram: refused" in page["text"]
        await live.press(page, "🔁 c1")
        await live.says("Trying 2 uploads again.")
        for number in (1, 2):
            await live.says(f"Live everywhere · post {number}")
        await live.ask("/failed", "Nothing failed")


async def test_a_question_outlives_restarts_and_is_given_up(live: LiveChat) -> None:
    """The clock runs fast: hours of the settings are moments of the test."""
    asking = {"remind_hours": 0.1, "expire_hours": 0.4}
    async with live.running(asking=asking):
        await live.send("")
        await live.says("What is this video about?")
        await live.parts.patience.look()
    async with live.running(speed=2000.0, asking=asking):
        patience, clock = live.parts.patience, live.parts.clock
        await clock.sleep(0.11 * HOUR)
        await patience.look()
        await live.says("One thing still waits for you")
    async with live.running(speed=2000.0, asking=asking):
        patience, clock = live.parts.patience, live.parts.clock
        await patience.look()
        await clock.sleep(0.41 * HOUR)
        await patience.look()
        await live.says("Nobody answered in time")
        assert (await live.parts.posts.require(1)).state is PostState.CANCELLED
        await live.ask("/waiting", "Nothing waits for you")
    assert len(live.tellings("One thing still waits")) == 1
    assert len(live.tellings("Nobody answered in time")) == 1


async def test_a_group_that_is_put_aside_comes_back_by_the_same_message(live: LiveChat) -> None:
    live.fail("telegram", "sendVideo", "status", status=400)
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}")
        await live.says("Not published · post 1")
        page = await live.ask("/failed", "1 upload failed")
        await live.press(page, "🗑 c1")
        dropped = await live.says("1 upload put aside")
        assert dropped["message_id"] == page["message_id"]
        await live.press(dropped, "Undo")
        await live.says("1 upload listed again")
        await until(
            lambda: [v for v in live.seen() if v["message_id"] == page["message_id"]],
            lambda: "the message is gone",
        )
