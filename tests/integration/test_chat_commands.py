"""Commands and buttons, as a person uses them."""

from __future__ import annotations

from pathlib import Path

from tests.live_chat import LiveChat, until
from utils.sandbox.telegram.state import PERSON_ID, STRANGER_ID

HERE = "to: telegram"
LATER = f"{HERE}\nat: 2040-01-01 10:00"
LISTS = 2 * 4 + 1
"""Private chats and groups in four languages each, and the list of one admin."""
USER = {"admins": [PERSON_ID], "users": [STRANGER_ID]}


def _answers(live: LiveChat) -> int:
    return sum(row["status"] is not None for row in live.calls("sendVideo"))


async def wait_posts(live: LiveChat, count: int) -> None:
    for number in range(1, count + 1):
        await live.says(f"post {number}\n")


async def test_start_and_help_say_what_to_do(live: LiveChat) -> None:
    async with live.running(accounts=live.only("telegram", "youtube")):
        start = await live.ask("/start", "Send me a video with a caption")
        assert "YouTube (Demo channel)" in start["text"]
        told = await live.ask("/help", "These lines in the caption")
        assert "to: youtube, tiktok" in told["text"]
        assert "/clear" in told["text"]
        await live.ask("/nonsense", "I do not know that command")


async def test_commands_are_registered_per_scope_and_only_when_they_change(
    live: LiveChat,
) -> None:
    def registered() -> bool:
        return len(live.calls("setMyCommands")) == LISTS

    async with live.running():
        await until(registered, lambda: "commands were not registered")
        await live.ask("/status", "Nothing runs")
    scopes = [row["body"]["scope"] for row in live.calls("setMyCommands")]
    assert ["all_private_chats" in scopes[0], "all_group_chats" in scopes[1]] == [True, True]
    assert [call["body"].get("language_code") for call in live.calls("setMyCommands")][:4] == [
        None,
        None,
        "uz",
        "uz",
    ]
    assert str(PERSON_ID) in scopes[-1]
    assert "clear" in live.calls("setMyCommands")[-1]["body"]["commands"]
    assert "clear" not in live.calls("setMyCommands")[0]["body"]["commands"]
    async with live.running():
        await until(
            lambda: len(live.calls("getMyCommands")) == 2 * LISTS,
            lambda: "commands were not compared",
        )
        await live.ask("/status", "Nothing runs")
    assert registered()


async def test_status_shows_percent_speed_and_what_is_waited_for(live: LiveChat) -> None:
    live.sandbox.set_rates({"telegram": {"down": 60_000}})
    async with live.running():
        await live.send("A day at the sea\nto: youtube")
        await live.send(f"Another day\n{LATER}")
        await live.says("starts at 2040-01-01 10:00")
        card = await live.says("uploading ")
        assert " KB/s · " in card["text"]
        assert "left" in card["text"]
        told = await live.ask("/status", "2 posts open, 1 uploading now")
        assert "uploading " in told["text"]
        assert "starts at 2040-01-01 10:00" in told["text"]
        live.sandbox.set_rates({"telegram": {"down": None}})
        await live.says("Live everywhere · post 1")


async def test_the_queue_has_pages_and_buttons_that_work(live: LiveChat) -> None:
    async with live.running():
        for number in range(7):
            await live.send(f"Video {number}\n{LATER}")
        await wait_posts(live, 7)
        page = await live.ask("/queue", "7 posts, page 1 of 2")
        assert page["text"].count("\n") == 5
        await live.press(page, "Next")
        second = await live.says("page 2 of 2")
        assert second["message_id"] == page["message_id"]
        await live.press(second, "Back")
        first = await live.says("page 1 of 2")
        await live.press(first, "1 ✖️ Cancel")
        await live.says("1 upload stopped")
        await live.says("Cancelled · post 1")
        await live.press(first, "2 ⏩ Now")
        await live.says("Post 2 goes first.")
        await live.says("Live everywhere · post 2")
        await live.ask("/queue", "5 posts, page 1 of 1")


async def test_what_failed_is_tried_again_by_button_and_by_command(live: LiveChat) -> None:
    live.fail("telegram", "sendVideo", "status", status=400, times=2)
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}")
        card = await live.says("Not published · post 1")
        assert "Telegram refused it" in card["text"]
        await live.press(card, "Retry")
        await live.says("Post 1: trying 1 upload again.")
        await until(lambda: _answers(live) == 2, lambda: "no second try")
        assert await live.ended() == "failed"
        await live.ask("/retry 1", "Post 1: trying 1 upload again.")
        await live.says("Live everywhere · post 1")
        await live.ask("/retry 1", "Nothing failed in post 1.")
        await live.ask("/retry failed", "Nothing failed lately.")


async def test_post_tells_the_whole_story(live: LiveChat) -> None:
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}")
        await live.says("Live everywhere")
        told = await live.ask("/post 1", "Timeline")
        for words in ("accepted", "video is here", "publishing", ": live"):
            assert words in told["text"].partition("Timeline")[2]
        await live.ask("/post", "Write the number of the post")
        await live.ask("/post abc", "is no number of a post")
        await live.ask("/post 99", "I know no post 99")
        await live.ask("/cancel 1", "Post 1 has ended already")


async def test_cancel_while_the_download_runs_publishes_nothing(live: LiveChat) -> None:
    live.fail("telegram", "download", "stall")
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}")
        await live.says("Accepted")
        await live.ask("/cancel 1", "What is live stays live")
        await live.says("Cancelled · post 1")
        live.sandbox.release()
    assert live.sandbox.published() == []


async def test_diagnostics_tell_what_became_of_it_and_of_one_post(live: LiveChat) -> None:
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}")
        await live.says("Live everywhere")
        told = await live.ask("/diagnostics", "Diagnostics · today")
        assert "1 upload ended: 1 live, 0 failed" in told["text"]
        assert "Success 100 %" in told["text"]
        assert "All is well" in told["text"]
        await live.ask("/diagnostics 30d", "Diagnostics · 30 days")
        told = await live.ask("/diagnostics 1", "Post 1: live everywhere")
        assert "From accepted to live" in told["text"]
        await live.ask("/diagnostics 99", "I know no post 99")
        await live.ask("/diagnostics soon", "I do not know the time soon")


async def test_clear_asks_first_and_never_touches_what_is_live(
    live: LiveChat, tmp_path: Path
) -> None:
    logs = tmp_path / "data" / "logs"
    logs.mkdir(parents=True)
    (logs / "karvon.log.2026-01-01").write_text("old")
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}")
        await live.says("Live everywhere · post 1")
        await live.send(f"Another day\n{LATER}")
        await live.says("starts at 2040")
        question = await live.ask("/clear", "What shall be emptied?")
        assert await live.parts.posts.count_open() == 1
        await live.press(question, "Both")
        await live.says("The queue is empty: 1 post stopped.")
        await live.says("Cancelled · post 2")
        assert not (logs / "karvon.log.2026-01-01").exists()
        assert len(live.sandbox.published()) == 1
        assert (await live.parts.posts.require(1)).state == "done"
        second = await live.ask("/clear", "What shall be emptied?")
        await live.press(second, "Leave it")
        await live.says("Nothing was emptied.")


async def test_what_belongs_to_others_and_to_admins_is_refused(live: LiveChat) -> None:
    async with live.running(telegram=USER):
        await live.send(f"Mine\n{LATER}")
        card = await live.says("starts at 2040")
        sam = {"user_id": STRANGER_ID, "chat_id": STRANGER_ID}
        for command in ("/post 1", "/cancel 1", "/retry 1"):
            sent = await live.write(command, **sam)
            refusal = "belongs to somebody else"
            await live.says(refusal, after=sent, chat_id=STRANGER_ID)
        await live.write("/clear", **sam)
        await live.says("Only an admin can do that", chat_id=STRANGER_ID)
        await live.write("/queue", **sam)
        answer = await live.says("The queue is empty", chat_id=STRANGER_ID)
        for data in ("p1:cancel:1", "c1:queue"):
            await live.press_data(answer, data, STRANGER_ID)
        await live.answered(await live.press_data(answer, "l1:0", STRANGER_ID))
        await live.heard()
        assert await live.parts.posts.count_open() == 1
        assert "starts at 2040" in live.seen()[0]["text"]
        assert card["message_id"] == live.seen()[0]["message_id"]


async def test_old_and_foreign_buttons_are_answered(live: LiveChat) -> None:
    async with live.running():
        message = await live.ask("/status", "Nothing runs")
        for data in ("v0:gone", "p1:dance:1", "u1:live:99999999999999999999", "q1:7:again"):
            assert await live.answered(await live.press_data(message, data)) is not None
        popped = await live.answered(await live.press_data(message, "zzz"))
        assert popped == "That button is too old. /queue shows what can be done now."
        await live.says("I know no post 7")
        await live.ask("/status", "Nothing runs")


async def test_a_person_decides_what_cannot_be_asked(live: LiveChat) -> None:
    live.fail("telegram", "sendVideo", "drop_answer")
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}")
        card = await live.says("Look there: is it published?")
        await live.press(card, "it is there")
        await live.says("Good: it counts as live.")
        await live.says("Live everywhere")
        assert len(live.sandbox.published()) == 1
