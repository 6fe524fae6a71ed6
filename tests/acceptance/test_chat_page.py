from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.browser import Page, find_browser, open_page

SAMPLE = Path(__file__).parents[2] / "utils" / "sandbox" / "sample.mp4"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]


@pytest.fixture
async def chat() -> AsyncIterator[str]:
    """The address of the chat page of a running demo."""
    find_browser()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(40):
            while line := await process.stdout.readline():
                if found := re.search(rb"Chat: (\S+)", line):
                    yield found[1].decode()
                    break
    finally:
        process.send_signal(signal.SIGINT)
        await process.wait()


@pytest.fixture
async def page(chat: str, tmp_path: Path) -> AsyncIterator[Page]:
    async with open_page(chat, tmp_path / "browser") as opened:
        await opened.wait_for("document.querySelector('#chats')?.children.length")
        yield opened


async def send(page: Page, text: str) -> None:
    await page.run(
        f"""
        const field = document.getElementById('text');
        field.value = {text!r};
        field.dispatchEvent(new Event('input', {{bubbles: true}}));
        document.getElementById('composer').requestSubmit();
        """
    )


MESSAGES = "document.getElementById('messages').innerText"


async def test_a_person_publishes_a_video_in_the_browser(page: Page) -> None:
    await send(page, "/start")
    await page.wait_for(f"{MESSAGES}.includes('Send me a video')")
    await page.choose_files("#file", SAMPLE)
    await send(page, "Sunrise over the city #sunrise")
    await page.wait_for(f"{MESSAGES}.includes('Accepted')")
    links = await page.wait_for(
        "(() => { const found = [...document.querySelectorAll('#messages a')]"
        ".map((link) => link.href); return ['youtube.com', 'tiktok.com', 'instagram.com',"
        " 'facebook.com', 't.me'].every((host) => found.some((link) => link.includes(host)))"
        " ? found : null; })()"
    )
    assert all(link.startswith("http") for link in links)


async def test_buttons_can_be_pressed(page: Page) -> None:
    await page.choose_files("#file", SAMPLE)
    await send(page, "")
    await page.wait_for("document.querySelectorAll('#messages button').length > 1")
    pressed = await page.run(
        "const buttons = [...document.querySelectorAll('#messages button')];"
        "const leave = buttons.find((one) => /Leave|Cancel/i.test(one.innerText));"
        "leave.click(); return leave.innerText;"
    )
    assert pressed
    await page.wait_for(f"/nothing (is|was) published|cancelled/i.test({MESSAGES})")
