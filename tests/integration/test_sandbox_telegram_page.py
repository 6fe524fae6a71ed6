"""The chat page where a person makes channels and lets the bot in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.browser import Page, open_page
from tests.telegram_client import JSON, Client, until
from utils.sandbox.server import Sandbox
from utils.sandbox.telegram import Telegram

HEAD = "document.getElementById('room-title').textContent"
KEY = "document.getElementById('bot-admin')"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with (
        Sandbox(services=(Telegram,)) as sandbox,
        aiohttp.ClientSession() as http,
    ):
        yield Client(http, sandbox.address("telegram"))


@pytest.fixture
async def page(client: Client, tmp_path: Path) -> AsyncIterator[Page]:
    async with open_page(f"{client.base}/chat", tmp_path) as opened:
        await opened.wait_for("document.querySelector('#chats')?.children.length")
        yield opened


async def statuses(client: Client, count: int) -> list[str]:
    """Return what the bot became, once that many changes came."""

    async def ask() -> list[JSON]:
        rows = await client.call("getUpdates", timeout=0)
        return [row["my_chat_member"] for row in rows if "my_chat_member" in row]

    changes = await until(ask, lambda found: len(found) >= count)
    return [change["new_chat_member"]["status"] for change in changes]


async def test_a_person_makes_a_channel_and_lets_the_bot_in_and_out(
    client: Client, page: Page
) -> None:
    await page.run(
        "document.getElementById('new-title').value = 'News';"
        "document.getElementById('new-channel').requestSubmit();"
    )
    await page.wait_for(f"{HEAD} === 'News'")
    await page.wait_for(f"!{KEY}.hidden && {KEY}.textContent === 'Make the bot admin'")
    await page.run(f"{KEY}.click()")
    await page.wait_for(f"{KEY}.textContent === 'Remove the bot'")
    assert await statuses(client, 1) == ["administrator"]
    await page.run(f"{KEY}.click()")
    await page.wait_for(f"{KEY}.textContent === 'Make the bot admin'")
    assert (await statuses(client, 2))[-1] == "left"


async def test_the_bot_cannot_be_made_an_admin_of_a_private_chat(page: Page) -> None:
    await page.run("document.querySelectorAll('#chats .chat')[0].click()")
    await page.run(
        "[...document.querySelectorAll('#chats .chat')]"
        ".find((row) => row.innerText.includes('Karvon\\n')).click()"
    )
    await page.wait_for(f"{HEAD} === 'Karvon'")
    assert await page.run(f"return {KEY}.hidden") is True


async def test_subtitles_go_as_a_file(client: Client, page: Page, tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_text("1\n00:00:00,000 --> 00:00:01,000\nHello\n")
    await page.choose_files("#file", path)
    await page.run("document.getElementById('composer').requestSubmit()")

    async def sent() -> list[JSON]:
        return [row["message"] for row in await client.call("getUpdates", timeout=0)]

    (message,) = await until(sent, lambda found: len(found) == 1)
    assert message["document"]["file_name"] == "talk.srt"
