"""Videos that are live, as a person with a phone sees and changes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.live_chat import LiveChat, until

CAPTION = "A day at the sea\nto: youtube, facebook, tiktok"


def published(live: LiveChat, service: str) -> dict[str, Any]:
    (row,) = [row for row in live.sandbox.published() if row["service"] == service]
    return row


async def test_a_reply_changes_the_words_everywhere_it_can(live: LiveChat) -> None:
    async with live.running():
        await live.send(CAPTION)
        card = await live.says("Live everywhere")
        await live.write(
            "title: Quite new\nOther words #new", reply_to_message_id=card["message_id"]
        )
        told = await live.says("Post 1, new words:")
        assert "TikTok · karvon.tt: a published video cannot be edited" in told["text"]
        outcome = await live.says("Edited · post 1")
        assert outcome["text"].count("✅") == 2
        assert published(live, "youtube")["text"]["title"] == "Quite new"
        assert "Other words" in str(published(live, "facebook")["text"])
        card = await live.says("Quite new\n")
        assert "Live everywhere" in card["text"]


async def test_a_post_is_removed_after_a_question_and_may_come_again(live: LiveChat) -> None:
    video = live.video()
    async with live.running():
        await live.send("A day at the sea\nto: youtube, facebook", video)
        card = await live.says("Live everywhere")
        await live.press(card, "Delete everywhere")
        question = await live.says("Remove post 1?")
        assert "youtube.com/watch" in question["text"]
        await live.press(question, "Yes, remove")
        await live.says("is being removed")
        await live.says("Removed · post 1\n✅")
        card = await live.says("YouTube · Demo channel: removed")
        assert not card["keyboard"]
        assert live.sandbox.published() == []
        await live.send("A day at the sea\nto: youtube, facebook", video)
        await live.says("Live everywhere · post 2")
        assert len(live.sandbox.published()) == 2


async def test_one_of_three_frames_becomes_the_picture(live: LiveChat) -> None:
    async with live.running(keep_files_on_disk=True):
        await live.send("A day at the sea\nto: youtube, facebook")
        await live.says("Live everywhere")
        question = await live.ask("/thumbnail 1", "Which picture shall post 1 have?")
        assert len(live.calls("sendMediaGroup")) == 1
        await live.press(question, "2")
        told = await live.says("Post 1, a new picture:")
        assert "Facebook · Karvon Page: the picture" in told["text"]
        await live.says("New picture · post 1")
        assert published(live, "youtube")["thumbnail_sha256"]


async def test_the_frames_of_a_video_that_has_left_the_disk_are_taken_from_its_source(
    live: LiveChat,
) -> None:
    async with live.running():
        await live.send("A day at the sea\nto: youtube")
        await live.says("Live everywhere")
        await until(lambda: not spooled(live), lambda: f"{spooled(live)} stays")
        question = await live.ask("/thumbnail 1", "Which picture shall post 1 have?")
        assert live.calls("sendChatAction")
        await until(lambda: not spooled(live), lambda: f"{spooled(live)} stays")
    async with live.running():
        await live.press(question, "2")
        await live.says("New picture · post 1")
        assert published(live, "youtube")["thumbnail_sha256"]


async def test_a_source_that_does_not_answer_leaves_the_reply_with_a_picture(
    live: LiveChat,
) -> None:
    async with live.running():
        await live.send("A day at the sea\nto: youtube")
        await live.says("Live everywhere")
        await until(lambda: not spooled(live), lambda: f"{spooled(live)} stays")
        live.telegram.state.files.clear()
        await live.ask("/thumbnail 1", "or reply to its card with a picture")


def spooled(live: LiveChat) -> list[Path]:
    return [path for path in live.parts.spools.path(1).parent.iterdir() if path.is_file()]


async def test_captions_and_pictures_come_as_replies(live: LiveChat, tmp_path: Path) -> None:
    captions = tmp_path / "clip.de.srt"
    captions.write_text("1\n00:00:00,000 --> 00:00:01,000\nHallo\n")
    async with live.running():
        await live.send("A day at the sea\nto: youtube")
        card = await live.says("Live everywhere")
        about = {"reply_to_message_id": card["message_id"]}
        await live.send("", captions, kind="document", **about)
        await live.says("Subtitles added · post 1")
        assert [c["language"] for c in published(live, "youtube")["captions"]] == ["de"]
        picture = tmp_path / "picture.jpg"
        picture.write_bytes(b"\xff\xd8\xff\xe0" + b"jpeg" * 200)
        await live.send("", picture, kind="photo", **about)
        await live.says("New picture · post 1")


async def test_stats_are_shown_with_what_a_platform_does_not_tell(live: LiveChat) -> None:
    async with live.running():
        await live.send("A day at the sea\nto: youtube, telegram")
        await live.says("Live everywhere")
        told = await live.ask("/stats 1", "views 0")
        assert "Telegram · Karvon demo channel: no figures: bots are told none" in told["text"]
        asked = len(live.sandbox.journal.rows(step="statistics"))
        await live.ask("/stats", "views 0")
        assert len(live.sandbox.journal.rows(step="statistics")) == asked == 1


async def test_a_video_that_vanished_is_told_with_a_way_out(live: LiveChat) -> None:
    async with live.running(speed=120.0):
        await live.send("A day at the sea\nto: youtube")
        await live.says("Live everywhere")
        remote_id = published(live, "youtube")["remote_id"]
        await live.sandbox.playing("youtube").alter(remote_id, {"gone": True})
        finding = await live.says("is not there any more, and I did not remove it")
        await live.press(finding, "Publish again")
        await live.says("It is published there again.")
        await live.says("Live everywhere · post 2")
        await until(lambda: published(live, "youtube"), lambda: "not there again")
