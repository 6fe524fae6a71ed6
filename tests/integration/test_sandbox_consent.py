"""The pages of consent in a real browser, as wide as a phone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from tests.browser import Page, open_page
from tests.http_kit import serve
from tests.sandbox_kit import Remote, new_session
from tests.sandbox_login import GOOGLE, SERVICES, Login
from utils.sandbox.google_accounts import SECOND_CHANNEL, TWO_CHANNELS_USER
from utils.sandbox.meta_seeds import THREE_PAGE_IDS, THREE_PAGES_USER_ID
from utils.sandbox.server import Sandbox, SandboxOptions
from utils.sandbox.tiktok import SECOND_OPEN_ID

PHONE = 360
WAIT_SECONDS = 20.0


class Callback:
    """The application's own address, to which the browser comes back."""

    def __init__(self) -> None:
        self.queries: asyncio.Queue[dict[str, str]] = asyncio.Queue()
        self.port = 0

    async def answer(self, request: web.Request) -> web.Response:
        if request.path.startswith("/oauth/callback/"):
            self.queries.put_nowait(dict(request.query))
        return web.Response(text="You can close this page.")

    async def came(self) -> dict[str, str]:
        async with asyncio.timeout(WAIT_SECONDS):
            return await self.queries.get()


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions()) as running:
        yield running


@pytest.fixture
async def callback() -> AsyncIterator[Callback]:
    made = Callback()
    async with serve(made.answer) as address:
        made.port = urlsplit(address).port or 0
        yield made


@pytest.fixture
async def logins(sandbox: Sandbox, callback: Callback) -> AsyncIterator[dict[str, Login]]:
    async with new_session() as session:
        remotes = {name: Remote(session, sandbox.address(name)) for name in SERVICES.values()}
        made = {name: Login(sandbox, remotes, name) for name in SERVICES}
        for login in made.values():
            login.redirect = login.redirect.replace("50123", str(callback.port))
        yield made


@pytest.fixture
async def page(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Page]:
    async with open_page(f"{sandbox.address('control')}/_sandbox/addresses", tmp_path) as opened:
        size = {"width": PHONE, "height": 740, "deviceScaleFactor": 2, "mobile": True}
        await opened.command("Emulation.setDeviceMetricsOverride", **size)
        yield opened


async def show(page: Page, login: Login, **changes: str) -> None:
    await page.go(login.remote.base + login.address(**changes))
    assert await page.run("return document.documentElement.scrollWidth") <= PHONE


async def click(page: Page, *selectors: str) -> None:
    for selector in selectors:
        await page.run(f"document.querySelector({selector!r}).click()")


async def test_a_person_chooses_the_second_channel_and_unticks_a_scope(
    page: Page, callback: Callback, logins: dict[str, Login]
) -> None:
    google = logins["google"]
    await show(page, google)
    chosen = f"input[name=account][value='{TWO_CHANNELS_USER}/{SECOND_CHANNEL}']"
    await click(page, chosen, f"input[value='{GOOGLE}youtube.upload']", "#allow")
    back = await callback.came()
    assert back["scope"] == f"{GOOGLE}youtube.readonly"
    told = (await google.trade(back["code"])).json
    answer = await google.remote(
        "GET",
        f"{google.sandbox.address('youtube')}/youtube/v3/channels?part=id&mine=true",
        headers={"Authorization": f"Bearer {told['access_token']}"},
    )
    assert [row["id"] for row in answer.json["items"]] == [SECOND_CHANNEL]


async def test_a_person_chooses_a_creator_by_the_label(
    page: Page, callback: Callback, logins: dict[str, Login]
) -> None:
    tiktok = logins["tiktok"]
    await show(page, tiktok)
    await page.run(
        f"document.querySelector(\"input[value='{SECOND_OPEN_ID}']\").closest('label').click()"
    )
    await click(page, "input[value='video.publish']", "#allow")
    back = await callback.came()
    assert back["scopes"] == "user.info.basic"
    assert (await tiktok.trade(back["code"])).json["open_id"] == SECOND_OPEN_ID


async def test_a_person_keeps_a_page_back(
    page: Page, callback: Callback, logins: dict[str, Login]
) -> None:
    facebook = logins["facebook"]
    await show(page, facebook)
    assert await page.run("return document.querySelectorAll('[name=granted]').length") == 0
    first, second, third = THREE_PAGE_IDS
    await click(page, f"input[value='{THREE_PAGES_USER_ID}']", f"input[value='{second}']")
    await click(page, "#allow")
    back = await callback.came()
    told = (await facebook.trade(back["code"])).json
    answer = await facebook.remote(
        "GET",
        "/v26.0/me/accounts?fields=id,name,tasks",
        headers={"Authorization": f"Bearer {told['access_token']}"},
    )
    assert [row["id"] for row in answer.json["data"]] == [first, third]


@pytest.mark.parametrize("platform", ["google", "tiktok", "facebook"])
async def test_a_person_refuses(
    page: Page, callback: Callback, logins: dict[str, Login], platform: str
) -> None:
    await show(page, logins[platform])
    await click(page, "#deny")
    back = await callback.came()
    assert (back["error"], back["state"]) == ("access_denied", "s t&te")


async def test_instagram_leads_to_https_alone(page: Page, logins: dict[str, Login]) -> None:
    instagram = logins["instagram"]
    await show(page, instagram)
    assert await page.run("return document.querySelectorAll('[name=account]').length") == 4
    await click(page, "#allow")
    await asyncio.wait_for(leads_away(instagram), WAIT_SECONDS)


async def leads_away(login: Login) -> None:
    """Wait until the form was sent; nobody listens at the https address."""
    while True:
        rows = login.sandbox.journal.rows(service="instagram", step="authorize")
        if any(row["query"].get("decision") and row["status"] == 302 for row in rows):
            return
        await asyncio.sleep(0)


async def test_a_page_that_leads_nowhere_says_why(page: Page, logins: dict[str, Login]) -> None:
    await show(page, logins["google"], redirect_uri="https://evil.example/")
    words = await page.run("return document.querySelector('#error').textContent")
    assert "redirect_uri_mismatch" in words
