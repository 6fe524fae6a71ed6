"""Addresses of a sign-in that somebody makes up: nothing connects, breaks or runs."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from bot.chat.refusals import refusal_text
from core.accounts.connector import is_pasted
from core.errors import RefusedError
from tests.sign_in_kit import PERSON, SignInWorld, open_world
from utils.sandbox.server import Sandbox, SandboxOptions

SCRIPT = "</p><script>alert(1)</script><img src=x onerror=alert(1)>"
GUESSES = 200


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=0.02)) as running:
        yield running


@pytest.fixture
async def world(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[SignInWorld]:
    async with open_world(tmp_path, sandbox) as opened:
        yield opened


async def state_of(world: SignInWorld, link: str) -> tuple[str, str]:
    """Return the state of a sign-in that was begun, and where it comes back to."""
    ours = link.startswith(world.server)
    address = (await world.browser().get(link)).headers["Location"] if ours else link
    query = parse_qs(urlsplit(address).query)
    return query["state"][0], query["redirect_uri"][0]


async def test_words_of_a_platform_are_shown_as_words(world: SignInWorld) -> None:
    begun = await world.begin("google")
    browser = world.browser()
    opened = await browser.get(begun.link)
    state = parse_qs(urlsplit(opened.headers["Location"]).query)["state"][0]
    query = {"state": state, "error": "server_error", "error_description": SCRIPT * 20}
    page = await browser.get(f"{world.server}/oauth/callback/google?{urlencode(query)}")
    assert page.status >= 400
    assert "<script" not in page.text
    assert "<img" not in page.text
    for message in await world.said():
        assert "<script" not in refusal_text(message.sentence, message.facts)


async def test_words_in_a_pasted_address_are_shown_as_words(world: SignInWorld) -> None:
    begun = await world.begin("google")
    state, home = await state_of(world, begun.paste_link)
    query = {"state": state, "error": SCRIPT, "error_description": SCRIPT * 20}
    with pytest.raises(RefusedError) as caught:
        await world.connector.paste(f"{home}?{urlencode(query)}", user_id=PERSON)
    text = refusal_text(caught.value.key, caught.value.facts)
    assert "<script" not in text
    assert len(text) < 4096


async def test_a_guessed_state_neither_connects_nor_costs_the_real_one(
    world: SignInWorld,
) -> None:
    begun = await world.begin("google")
    browser = world.browser()
    state, _ = await state_of(world, begun.link)
    for number in range(GUESSES):
        guess = f"{state[:-2]}{number:02x}"
        query = urlencode({"state": guess, "code": "x"})
        page = await browser.get(f"{world.server}/oauth/callback/google?{query}")
        assert page.status == 404 or guess == state
    assert await world.names() == []
    again = await world.begin("google")
    await browser.sign_in(again.link)
    assert len(await world.names()) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/oauth/callback/..%2f..%2fkeys.json?state=a&code=b",
        "/oauth/callback/%2e%2e/%2e%2e/etc/passwd?state=a&code=b",
        "/connect/..%2f..%2fkeys.json",
        "/connect/%00",
        "/connect/" + quote("🧑🏽‍🚀\u202e"),
        "/oauth/callback/google%00?state=a&code=b",
        "/oauth/callback/google?state=" + "a" * 7000,
        "/oauth/callback/google?" + "&".join(f"state={n}" for n in range(500)),
        "/oauth/callback/google?state=%ff%fe&code=%00",
        "/oauth/callback/google?state=%ed%a0%80&code=%ed%b0%80",
    ],
)
async def test_made_up_paths_and_parameters_are_refused_without_a_traceback(
    world: SignInWorld, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = await world.browser().get(world.server + path)
    assert page.status in {400, 404, 414}
    assert "Traceback" not in page.text
    errors = [row for row in caplog.records if row.levelno >= logging.ERROR]
    assert errors == []


@pytest.mark.parametrize(
    "text",
    [
        "http://[::1/oauth/callback/google?state=a&code=b",
        "http://127.0.0.1:99999999/oauth/callback/google?state=a&code=b",
        "http://x/oauth/callback/../google?state=a&code=b",
        "http://x/oauth/callback/google?state=\x00&code=\ud800",
        "http://x/oauth/callback/google?state=" + "a" * 4000,
        "http://x/oauth/callback/google?" + "&" * 4000,
        "http://x/oauth/callback/google?" + "&".join(f"a{n}=b" for n in range(600)),
        "javascript:/oauth/callback/google?state=a&code=b",
    ],
)
async def test_made_up_addresses_in_a_message_are_refused_in_words(
    world: SignInWorld, text: str
) -> None:
    if not is_pasted(text):
        return
    with pytest.raises(RefusedError, match=r"connect_(bad_link|incomplete)"):
        await world.connector.paste(text, user_id=PERSON)
    assert await world.names() == []
