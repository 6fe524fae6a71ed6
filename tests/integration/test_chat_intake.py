"""Videos in every form in which people send them, and what is refused with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live_chat import EVERYWHERE, MIB, LiveChat
from utils.sandbox.telegram.state import STRANGER_ID

HERE = "to: telegram"
LATER = "at: 2040-01-01 10:00"


def captions(live: LiveChat) -> list[str]:
    """Return the first line of what is published in the channel, in order."""
    texts = [str(row["text"]["caption"]) for row in live.sandbox.published()]
    return [text.partition("\n")[0] for text in texts]


async def test_a_video_is_accepted_and_ends_with_five_links_on_one_card(live: LiveChat) -> None:
    async with live.running():
        await live.send(f"A day at the sea #sea\n{EVERYWHERE}")
        card = await live.says("Live everywhere")
        assert len(live.seen()) == 1
        first = live.tellings()[0]
        assert first["step"] == "sendMessage"
        assert "Accepted" in first["body"]["text"]
        links = [str(row["url"]).rstrip("/") for row in live.sandbox.published()]
        assert len(links) == 5
        assert all(link in card["text"] for link in links)
        assert [b["text"] for row in card["keyboard"] for b in row] == ["🗑 Delete everywhere"]


async def test_accepted_is_said_while_the_download_has_not_begun(live: LiveChat) -> None:
    live.fail("telegram", "getFile", "stall")
    async with live.running():
        await live.send(HERE + "\nA day at the sea")
        card = await live.says("Accepted")
        assert card["reply_to"]["text"].endswith("A day at the sea")
        assert "waits for the video" in card["text"]
        assert all(row["status"] is None for row in live.calls("getFile"))
        live.sandbox.release()
        await live.says("Live everywhere")


@pytest.mark.parametrize("kind", ["document", "animation"])
async def test_files_and_animations_are_videos(live: LiveChat, kind: str) -> None:
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}", kind=kind)
        await live.says("Live everywhere")
        assert captions(live) == ["A day at the sea"]


async def test_a_round_video_is_asked_for_its_words(live: LiveChat) -> None:
    async with live.running(accounts=live.only("telegram")):
        await live.send("", kind="video_note")
        question = await live.says("What is this video about?")
        await live.write("Round the world", reply_to_message_id=question["message_id"])
        await live.says("Live everywhere")
        assert captions(live) == ["Round the world"]


async def test_an_album_becomes_one_post_each_with_the_one_caption(live: LiveChat) -> None:
    async with live.running(speed=2.0):
        videos = [live.video() for _ in range(3)]
        await live.send(f"Three views of one hill #hill\n{HERE}", *videos)
        for post_id in (1, 2, 3):
            await live.says(f"Live everywhere · post {post_id}")
        assert captions(live) == ["Three views of one hill #hill"] * 3
        assert len(live.seen()) == 3


async def test_an_album_with_a_bad_line_is_refused_once(live: LiveChat) -> None:
    async with live.running(speed=2.0):
        await live.send("A hill\nto: vimeo", live.video(), live.video())
        await live.says("I know no target vimeo")
        live.add_to_album(await live.parts.posts.require(1), live.video())
        assert await live.ended(3) == "cancelled"
        await live.ask("/status", "Nothing runs and nothing waits")
        assert len(live.tellings("I know no target")) == 1


async def test_a_late_item_of_an_album_shares_the_caption_too(live: LiveChat) -> None:
    async with live.running(speed=2.0):
        await live.send(f"Two views\n{HERE}", live.video(), live.video())
        await live.says("Live everywhere · post 2")
        live.add_to_album(await live.parts.posts.require(1), live.video())
        await live.says("Live everywhere · post 3")
        assert captions(live) == ["Two views"] * 3


async def test_an_album_without_words_is_asked_about_once(live: LiveChat) -> None:
    async with live.running(speed=2.0, accounts=live.only("telegram")):
        await live.send("", *[live.video() for _ in range(3)])
        await live.says("What is this video about?")
        await live.write("Three views")
        for post_id in (1, 2, 3):
            await live.says(f"Live everywhere · post {post_id}")
        assert captions(live) == ["Three views"] * 3
        assert len(live.tellings("What is this video about?")) == 1


async def test_the_words_that_follow_do_not_forget_the_targets(live: LiveChat) -> None:
    async with live.running():
        await live.send("to: telegram")
        await live.says("What is this video about?")
        await live.write("The old harbour")
        await live.says("Live everywhere")
        assert [row["service"] for row in live.sandbox.published()] == ["telegram"]


async def test_a_forwarded_video_is_taken(live: LiveChat) -> None:
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}", forward=True)
        await live.says("Live everywhere")


async def test_a_reply_to_the_video_gives_a_draft_its_caption(live: LiveChat) -> None:
    async with live.running():
        sent = await live.send("")
        await live.says("What is this video about?")
        await live.write(f"The old harbour\n{HERE}", reply_to_message_id=sent)
        await live.says("Live everywhere")
        assert captions(live) == ["The old harbour"]


async def test_a_button_takes_the_name_of_the_file(live: LiveChat) -> None:
    async with live.running(accounts=live.only("telegram")):
        await live.send("", live.video(name="old_harbour-at-night.mp4"))
        question = await live.says("What is this video about?")
        await live.press(question, "Use the file's name")
        await live.says("Live everywhere")
        assert captions(live) == ["old harbour at night"]
        assert all(not view["keyboard"] for view in live.seen() if "Live" not in view["text"])


async def test_lines_of_the_caption_are_obeyed(live: LiveChat) -> None:
    async with live.running():
        lines = "to: youtube\ntitle: The harbour\nprivacy: private\ntags: sea, ships"
        await live.send(f"A day at the sea\n{lines}")
        card = await live.says("Live everywhere")
        assert "private: only you see it" in card["text"]
        (row,) = live.sandbox.published()
        assert row["service"] == "youtube"
        assert row["visibility"] == "private"
        assert row["text"]["title"] == "The harbour"


async def test_a_time_is_waited_for_and_named(live: LiveChat) -> None:
    async with live.running():
        await live.send(f"A day at the sea\n{HERE}\nchannel: Karvon demo channel\n{LATER}")
        card = await live.says("starts at 2040-01-01 10:00")
        assert "Accepted" in card["text"]
        assert live.calls("getFile") == []
        await live.press(card, "Cancel")
        await live.says("Cancelled · post 1")


async def test_a_video_that_the_cloud_does_not_hand_out_is_refused(live: LiveChat) -> None:
    async with live.running():
        sent = await live.send("Too big", live.video(size=20 * MIB + 1))
        answer = await live.says("Telegram hands bots only files up to 20 MB")
        assert answer["reply_to"]["message_id"] == sent
        assert "send a link" in answer["text"]
        assert live.calls("getFile") == []


async def test_a_file_that_is_no_video_is_refused(live: LiveChat, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no video")
    async with live.running():
        await live.send("My notes", notes, kind="document")
        await live.says("That is no video.")


async def test_a_file_that_only_looks_like_a_video_fails_with_that_reason(
    live: LiveChat, tmp_path: Path
) -> None:
    fake = tmp_path / "fake.mp4"
    fake.write_bytes(b"no video" * 4000)
    async with live.running():
        await live.send(f"A day\n{HERE}", fake, kind="document")
        card = await live.says("Not published")
        assert "the file is no video" in card["text"]
        assert live.sandbox.published() == []


REFUSALS = {
    "x\nto: vimeo": "I know no target vimeo. I know: ",
    "x\nto: tiktok": "No TikTok account is connected.",
    "x\nto: telegram\nchannel: @other": "I know no channel other.",
    "x\nto: telegram\nprivacy: private": "Telegram has no “private”; it has: ",
    "x\nprivacy: secret": "I do not know the privacy “secret”. Known are: ",
    "x\nat: yesterday": "I do not understand the time “yesterday”.",
    "x\nat: 2020-01-01 10:00": "is in the past",
    "x\ntitel: The harbour": "Did you mean title:?",
    "x\ntemplate: Mine": "I cannot do the line “template: Mine” yet.",
    "x\ntitle:": "The line title: says nothing.",
}


async def test_what_cannot_be_done_is_said_with_a_way_out(live: LiveChat) -> None:
    video = live.video()
    async with live.running(accounts=live.only("telegram", "youtube")):
        for caption, words in REFUSALS.items():
            sent = await live.send(caption, video)
            answer = await live.says(words, after=sent)
            assert answer["reply_to"]["message_id"] == sent
        assert await live.parts.posts.count_open() == 0


async def test_without_any_account_the_bot_says_how_to_add_one(live: LiveChat) -> None:
    async with live.running(accounts=[]):
        await live.ask("/start", "No channel is connected yet")
        await live.send("A day at the sea")
        await live.says("Connect one with /connect")


async def test_a_full_disk_is_said_at_once(live: LiveChat) -> None:
    async with live.running(min_free_disk=2**60):
        await live.send("A day at the sea")
        await live.says("There is no room for this video on Karvon's disk.")


async def test_the_same_file_again_is_asked_about_and_published_again(live: LiveChat) -> None:
    async with live.running():
        sent = await live.send(f"A day at the sea\n{HERE}")
        await live.says("Live everywhere · post 1")
        live.forward(sent)
        question = await live.says("This file is there already")
        assert "https://t.me/" in question["text"]
        await live.press(question, "Publish again")
        await live.says("Live everywhere · post 2")
        assert len(live.sandbox.published()) == 2


async def test_the_same_file_again_goes_only_where_it_is_not(live: LiveChat) -> None:
    async with live.running(accounts=live.only("telegram", "youtube")):
        sent = await live.send(f"A day at the sea\n{HERE}")
        await live.says("Live everywhere · post 1")
        _recaption(live, sent, "A day at the sea")
        live.forward(sent)
        await live.press(await live.says("This file is there already"), "Only where it is not")
        await live.says("Live everywhere · post 2")
        assert sorted(row["service"] for row in live.sandbox.published()) == [
            "telegram",
            "youtube",
        ]


async def test_the_same_file_again_is_left(live: LiveChat) -> None:
    async with live.running():
        sent = await live.send(f"A day at the sea\n{HERE}")
        await live.says("Live everywhere · post 1")
        live.forward(sent)
        question = await live.says("This file is there already")
        await live.press(question, "Leave it")
        await live.says("nothing is published")
        await live.press_data(question, "q1:2:again")
        await live.says("has ended already")
        assert len(live.sandbox.published()) == 1


async def test_a_stranger_gets_one_polite_line(live: LiveChat) -> None:
    async with live.running():
        for text in ("Hello", "/start", "/clear"):
            await live.write(text, user_id=STRANGER_ID)
        await live.send("Mine", user_id=STRANGER_ID)
        await live.heard()
        await live.ask("/status", "Nothing runs")
        (line,) = live.seen(STRANGER_ID)
        assert "this bot works for a few people only" in line["text"]
        assert str(STRANGER_ID) in line["text"]


def _recaption(live: LiveChat, message_id: int, caption: str) -> None:
    document = live.telegram.state.message(1001, message_id)
    assert document is not None
    document["message"]["caption"] = caption
    live.telegram.save(document)
