"""Videos in every form that people send them, and what the bot refuses."""

from __future__ import annotations

import pytest

from tests.live_chat import EVERYWHERE, LiveChat


async def test_a_video_is_accepted_and_ends_with_five_links_on_one_card(live: LiveChat) -> None:
    async with live.running():
        await live.send(f"A day at the sea #sea\n{EVERYWHERE}")
        await live.says("Accepted")
        card = await live.says("Live everywhere")
        assert len(live.seen()) == 1
        first = live.tellings()[0]
        assert first["step"] == "sendMessage"
        assert "Accepted" in first["body"]["text"]
        links = [row["url"] for row in live.sandbox.published()]
        assert len(links) == 5
        assert all(link in card["text"] for link in links)
        assert card["keyboard"] == []
