"""Sign-ins in a real browser: the page of consent, our callback, and what the chat says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.settings import OAuthSettings
from tests.browser import Page, find_browser, open_page
from tests.sign_in_kit import SignInWorld, open_world
from utils.sandbox.server import Sandbox, SandboxOptions

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]
TEXT = "document.body.innerText"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[SignInWorld]:
    find_browser()
    async with (
        Sandbox(SandboxOptions(processing_seconds=0.02)) as sandbox,
        open_world(tmp_path, sandbox) as opened,
    ):
        yield opened


@pytest.fixture
async def page(world: SignInWorld, tmp_path: Path) -> AsyncIterator[Page]:
    async with open_page("about:blank", tmp_path / "browser") as opened:
        yield opened


async def press(page: Page, name: str) -> str:
    """Press a button of the page of consent; return what our page says then."""
    await page.wait_for(f"document.getElementById({name!r})")
    await page.command("Page.enable")
    # A moment later, so that the answer of the script comes before the page goes.
    await page.run(f"setTimeout(() => document.getElementById({name!r}).click(), 0);")
    await page.loaded()
    return str(await page.run(f"return {TEXT};"))


@pytest.mark.parametrize(
    ("login", "platform"), [("google", "youtube"), ("tiktok", "tiktok"), ("facebook", "facebook")]
)
async def test_a_person_allows_it(
    world: SignInWorld, page: Page, login: str, platform: str
) -> None:
    begun = await world.begin(login)
    await page.go(begun.link)
    text = await press(page, "allow")
    assert text.startswith("Connected\n"), text
    assert await page.run("return document.cookie;") == ""
    assert [one.platform for one in await world.book.all()] == [platform]
    assert await world.sentences() == ["connected"]


async def test_a_person_denies_it(world: SignInWorld, page: Page) -> None:
    begun = await world.begin("google")
    await page.go(begun.link)
    text = await press(page, "deny")
    assert text.startswith("Not connected\n"), text
    assert "was not allowed" in text
    assert await world.book.all() == []
    await page.go(begun.link)
    assert "was used already" in await page.run(f"return {TEXT};")


async def test_the_page_of_the_platform_refuses_the_application(
    world: SignInWorld, page: Page
) -> None:
    apps: Any = world.connector._deps.apps
    wrong = apps.google.model_copy(update={"client_id": "unknown"})
    changed = OAuthSettings(**{**apps.model_dump(), "google": wrong.model_dump()})
    object.__setattr__(world.connector._deps, "apps", changed)
    begun = await world.begin("google")
    await page.go(begun.link)
    # The platform leads nobody back; the link lives on until it expires.
    assert "invalid_client" in await page.run(f"return {TEXT};")
    assert await world.book.all() == []
    assert await world.sentences() == []


async def test_our_page_loads_nothing_and_runs_nothing(world: SignInWorld, page: Page) -> None:
    await page.go(f"{world.server}/oauth/callback/google?state=x&code=%3Cscript%3E")
    loaded = await page.run(
        "return JSON.stringify(performance.getEntriesByType('resource').map((one) => one.name)"
        ".filter((name) => !name.endsWith('/favicon.ico')));"
    )
    assert json.loads(loaded) == []
    assert await page.run("return document.scripts.length;") == 0
    assert await page.run("return getComputedStyle(document.body).maxWidth;") != "none"
