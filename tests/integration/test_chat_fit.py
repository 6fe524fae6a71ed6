"""Videos that some targets do not take, as a person with a phone sees and decides it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.test_fitting import index_last, too_long
from tests.live_chat import LiveChat

pytestmark = pytest.mark.timeout(60)


async def test_a_too_long_video_is_asked_about_and_one_tap_fixes_it(
    live: LiveChat, tmp_path: Path
) -> None:
    clip = too_long(tmp_path)
    async with live.running():
        await live.send("A day at the sea\nto: youtube, facebook", clip.path)
        card = await live.says("Facebook takes")
        assert "⚠️ Facebook" in card["text"]
        await live.press(card, "Fix all")
        done = await live.says("Live everywhere")
        assert done["message_id"] == card["message_id"]
        assert "fitted: the end is cut off" in done["text"]
        assert not [b for row in done["keyboard"] for b in row if "Fix" in b["text"]]
        await live.answered(await live.press_data(done, "fa1:1"))
        await live.says("That is decided already", after=card["message_id"])


async def test_a_target_is_left_out_and_the_others_are_live(
    live: LiveChat, tmp_path: Path
) -> None:
    clip = too_long(tmp_path)
    async with live.running():
        await live.send("A day at the sea\nto: youtube, facebook", clip.path)
        card = await live.says("Facebook takes")
        await live.press(card, "leave out")
        await live.says("🚫 Facebook")
        assert await live.ended() == "partly_failed"


async def test_what_loses_nothing_needs_nobody(live: LiveChat, tmp_path: Path) -> None:
    clip = index_last(tmp_path)
    async with live.running():
        await live.send("A day at the sea\nto: instagram, telegram", clip.path)
        done = await live.says("Live everywhere")
        assert "fitted: written anew without loss" in done["text"]
        assert len(live.sandbox.published()) == 2


async def test_a_caption_that_wants_no_change_gets_the_refusal(
    live: LiveChat, tmp_path: Path
) -> None:
    clip = too_long(tmp_path)
    async with live.running():
        await live.send("A day at the sea\nto: facebook\nfit: off", clip.path)
        await live.says("No target takes this video")


async def test_a_default_of_the_account_is_heard(live: LiveChat, tmp_path: Path) -> None:
    clip = too_long(tmp_path)
    async with live.running():
        accounts = await live.parts.posts.accounts()
        (page,) = [account for account in accounts if account.platform == "facebook"]
        await live.ask(f"/account {page.id} fit auto", "fit")
        await live.send("A day at the sea\nto: facebook", clip.path)
        await live.says("Live everywhere")
