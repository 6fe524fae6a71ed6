"""``karvon account connect``: signing in from a terminal, alone or beside a running Karvon."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.app import App
from bot.control import ask_running
from core.settings import Settings, load_settings
from tests.acceptance.system import HurriedClock
from tests.live_chat import until
from tests.sign_in_kit import Browser, Page
from tests.terminal import ROOT, stand_ins
from utils.sandbox import meta_seeds
from utils.sandbox.server import Sandbox

WAIT_SECONDS = 30.0


class Terminal:
    """One ``karvon account connect`` that waits for what a person does."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def line(self) -> str:
        assert self.process.stdout is not None
        async with asyncio.timeout(WAIT_SECONDS):
            return (await self.process.stdout.readline()).decode()

    async def stage(self, name: str) -> dict[str, Any]:
        """Return the next object it prints, which is of this stage."""
        answer: dict[str, Any] = json.loads(await self.line() or "{}")
        assert answer.get("stage") == name, answer
        return answer

    async def type(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n".encode())
        await self.process.stdin.drain()

    async def end(self) -> tuple[int, str]:
        """Wait for the end; return its code and what it complained about."""
        assert self.process.stderr is not None
        async with asyncio.timeout(WAIT_SECONDS):
            complaint = (await self.process.stderr.read()).decode()
            return await self.process.wait(), complaint


@pytest.fixture
async def remotes() -> AsyncIterator[Sandbox]:
    async with stand_ins() as sandbox:
        yield sandbox


@pytest.fixture
def settings(remotes: Sandbox, tmp_path: Path) -> Settings:
    values = {
        **remotes.settings(),
        "accounts": [],
        "data_dir": str(tmp_path / "data"),
        "min_free_disk": 0,
        "web": {"listen": "127.0.0.1:0"},
    }
    (tmp_path / "config.py").write_text(f"APP_CONFIG = {values!r}\n")
    return load_settings(config=tmp_path / "config.py")


@asynccontextmanager
async def terminal(settings: Settings, *arguments: str) -> AsyncIterator[Terminal]:
    config = settings.data_dir.parent / "config.py"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "--config", str(config), "account", "connect", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield Terminal(process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def accounts_of(settings: Settings) -> list[str]:
    async with App(settings, chat=False) as app:
        return [f"{one.platform} {one.name}" for one in await app.parts.book.all()]


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[App]:
    stop = asyncio.Event()
    async with (
        App(settings, chat=False, clock=HurriedClock()) as app,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(app.work(stop))
        try:
            while await ask_running(settings, {"command": "ping"}) is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            yield app
        finally:
            stop.set()


async def test_alone_it_waits_for_the_browser(
    settings: Settings, http: aiohttp.ClientSession
) -> None:
    async with terminal(settings, "google", "--json") as typed:
        link = (await typed.stage("link"))["link"]
        page = await Browser(http).sign_in(link)
        assert "Connected" in page.text
        done = await typed.stage("connected")
        assert (done["name"], done["platform"]) == ("Demo channel", "youtube")
        assert await typed.end() == (0, "")
    assert await accounts_of(settings) == ["youtube Demo channel"]


async def test_a_copied_address_is_pasted(settings: Settings, http: aiohttp.ClientSession) -> None:
    async with terminal(settings, "instagram", "--json") as typed:
        told = await typed.stage("link")
        assert told["link"] == ""
        stuck = await Browser(http).sign_in(told["paste_link"])
        await typed.type("nonsense")
        await typed.type(stuck.url)
        await typed.stage("connected")
        code, complaint = await typed.end()
    assert (code, "no link of a sign-in" in complaint) == (0, True)
    assert await accounts_of(settings) == ["instagram karvon.ig"]


async def test_a_running_karvon_is_asked(settings: Settings, http: aiohttp.ClientSession) -> None:
    async with running(settings) as app, terminal(settings, "tiktok", "--json") as typed:
        told = await typed.stage("link")
        stuck = await Browser(http, closed=[_origin(told["paste_link"])]).sign_in(
            told["paste_link"]
        )
        await typed.type(stuck.url)
        await typed.stage("connected")
        assert (await typed.end())[0] == 0
        assert [one.platform for one in await app.parts.book.all()] == ["tiktok"]


def _origin(link: str) -> str:
    """Return where the sign-in comes back to: nobody listens there."""
    back = urlsplit(parse_qs(urlsplit(link).query)["redirect_uri"][0])
    return f"{back.scheme}://{back.netloc}"


async def test_one_of_several_pages_is_chosen_by_its_number(
    settings: Settings, http: aiohttp.ClientSession
) -> None:
    async with terminal(settings, "facebook", "--json") as typed:
        link = (await typed.stage("link"))["link"]
        await Browser(http).sign_in(link, account=meta_seeds.THREE_PAGES_USER_ID)
        asked = await typed.stage("choose")
        assert [one["name"] for one in asked["choices"]] == ["Tess Cooks", "Tess Travels"]
        await typed.type("2")
        assert (await typed.stage("connected"))["name"] == "Tess Travels"
        assert (await typed.end())[0] == 0


async def test_a_denial_ends_it_with_a_sentence(
    settings: Settings, http: aiohttp.ClientSession
) -> None:
    async with terminal(settings, "google") as typed:
        assert await typed.line() == "Open in a browser on this computer:\n"
        await Browser(http).sign_in((await typed.line()).strip(), "deny")
        code, complaint = await typed.end()
    assert code == 2
    assert "Access to YouTube was not allowed" in complaint
    assert await accounts_of(settings) == []


async def test_killed_while_it_waits_nothing_is_left(
    settings: Settings, http: aiohttp.ClientSession, remotes: Sandbox
) -> None:
    """The process dies after the code was used and before anything was written."""
    remotes.faults.add({"service": "youtube", "step": "account", "action": "stall"})
    async with terminal(settings, "google", "--json") as typed:
        link = (await typed.stage("link"))["link"]
        browser = Browser(http)
        consent = await browser.follow(link)
        async with asyncio.TaskGroup() as group:
            answering = group.create_task(_answered(browser, consent))
            await until(lambda: _is_asked(remotes), lambda: "never asked")
            typed.process.kill()
            await answering
        await typed.process.wait()
    assert await accounts_of(settings) == []
    async with App(settings, chat=False) as app:
        assert await app.parts.connector.recover() == 1


async def _answered(browser: Browser, consent: Page) -> None:
    try:
        await browser.answer(consent)
    except aiohttp.ClientError:
        return


def _is_asked(remotes: Sandbox) -> bool:
    return bool(remotes.journal.rows(service="youtube", step="account"))
