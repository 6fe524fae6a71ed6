"""What can go wrong with a sign-in: a clear sentence each time, and nothing half connected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.refusals import refusal_text
from bot.chat.texts import plain
from core.accounts.connector import Connector
from core.accounts.outcomes import Finished
from core.errors import RefusedError
from tests.sign_in_kit import OTHER, PERSON, PUBLIC, Browser, Page, SignInWorld, open_world
from utils.sandbox import google_accounts, meta_seeds
from utils.sandbox.server import Sandbox, SandboxOptions

YOUTUBE = "https://www.googleapis.com/auth/youtube"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=0.02)) as running:
        yield running


@pytest.fixture
async def world(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[SignInWorld]:
    async with open_world(tmp_path, sandbox) as opened:
        yield opened


async def refused(world: SignInWorld, page: Page, key: str, *, told: bool = True) -> None:
    """Check that a page says no in words, that the chat does too, and that nothing is there."""
    assert page.status >= 400, page.text
    assert "Not connected" in page.text
    assert await world.names() == []
    said = [message for message in await world.said() if message.sentence == key]
    assert bool(said) is told
    for message in said:
        assert plain(refusal_text(message.sentence, message.facts)) in plain(page.text)
        assert message.buttons[0]["data"].startswith("cn1:")


@pytest.mark.parametrize("login", ["google", "tiktok", "facebook"])
async def test_denied(world: SignInWorld, login: str) -> None:
    begun = await world.begin(login)
    browser = world.browser()
    page = await browser.sign_in(begun.link, "deny")
    await refused(world, page, "connect_denied")
    again = await browser.get(page.url)
    assert (again.status, "was used already" in again.text) == (410, True)


@pytest.mark.parametrize("login", ["instagram", "instagram_facebook"])
async def test_denied_elsewhere(world: SignInWorld, login: str) -> None:
    begun = await world.begin(login)
    stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link, "deny")
    with pytest.raises(RefusedError, match="connect_denied"):
        await world.connector.paste(stuck.url, user_id=PERSON)
    assert await world.names() == []
    # It is the answer to what was pasted; the chat need not say it twice.
    assert await world.sentences() == []


@pytest.mark.parametrize(
    ("login", "scope", "named"),
    [
        ("google", f"{YOUTUBE}.upload", ""),
        ("google", "both", "youtube.upload"),
        ("tiktok", "video.publish", "video.publish"),
    ],
)
async def test_missing_scope(world: SignInWorld, login: str, scope: str, named: str) -> None:
    begun = await world.begin(login)
    without = [f"{YOUTUBE}.upload", f"{YOUTUBE}.force-ssl"] if scope == "both" else [scope]
    page = await world.browser().sign_in(begun.link, without=without)
    if not named:
        # What allows everything allows uploads too.
        assert "Connected" in page.text
        return
    await refused(world, page, "connect_missing_scope")
    assert named in page.text


async def test_missing_scope_of_a_page(world: SignInWorld, sandbox: Sandbox) -> None:
    sandbox.services["graph"].change_app(meta_seeds.APP_ID, {"login": "classic"})
    begun = await world.begin("facebook")
    page = await world.browser().sign_in(begun.link, without=["pages_manage_posts"])
    await refused(world, page, "connect_missing_scope")
    assert "pages_manage_posts" in page.text


async def test_signed_in_as_another_account(world: SignInWorld) -> None:
    begun = await world.begin("google")
    await world.browser().sign_in(begun.link)
    before = await world.tokens()
    again = await world.begin("google", account_id=1)
    account = f"{google_accounts.TWO_CHANNELS_USER}/{google_accounts.FIRST_CHANNEL}"
    page = await world.browser().sign_in(again.link, account=account)
    assert "You signed in to YouTube as Tom plays" in page.text
    assert "Demo channel" in page.text
    assert (await world.sentences())[-1] == "connect_wrong_account"
    assert len(await world.names()) == 1
    assert (await world.tokens()) == before


@pytest.mark.parametrize(
    ("login", "account", "words"),
    [
        ("google", google_accounts.NO_CHANNEL_USER, "no YouTube channel"),
        ("facebook", meta_seeds.NO_PAGE_USER_ID, "no page to which you may publish"),
        ("instagram_facebook", meta_seeds.THREE_PAGES_USER_ID, "professional Instagram account"),
    ],
)
async def test_nothing_to_connect(
    world: SignInWorld, login: str, account: str, words: str
) -> None:
    begun = await world.begin(login)
    page = await world.browser().sign_in(begun.link, account=account)
    await refused(world, page, "connect_nothing_found")
    assert words in page.text


async def test_a_personal_account_is_told_how_to_become_a_professional_one(
    world: SignInWorld,
) -> None:
    begun = await world.begin("instagram")
    stuck = await world.browser().sign_in(begun.paste_link, account=meta_seeds.PERSONAL_IG_ID)
    with pytest.raises(RefusedError, match="connect_nothing_found") as caught:
        await world.connector.paste(stuck.url, user_id=PERSON)
    assert "no professional account" in refusal_text(caught.value.key, caught.value.facts)
    assert await world.names() == []


async def test_a_link_that_has_expired(world: SignInWorld) -> None:
    begun = await world.begin("google")
    browser = world.browser()
    consent = await browser.follow(begun.link)
    await world.clock.advance(15 * 60)
    page = await browser.answer(consent)
    assert (page.status, "has expired" in page.text) == (410, True)
    page = await world.browser().get(begun.link)
    assert (page.status, "has expired" in page.text) == (410, True)
    assert await world.names() == []


async def test_a_link_works_in_one_browser_only(world: SignInWorld) -> None:
    begun = await world.begin("google")
    mine = world.browser()
    assert (await mine.get(begun.link)).status == 302
    assert (await mine.get(begun.link)).status == 302
    other = await world.browser().get(begun.link)
    assert (other.status, "was used already" in other.text) == (410, True)


async def test_looking_at_a_link_does_not_use_it(world: SignInWorld) -> None:
    begun = await world.begin("google")
    assert (await world.browser().get(begun.link, "HEAD")).status == 405
    assert "Connected" in (await world.browser().sign_in(begun.link)).text


async def test_a_callback_works_once(world: SignInWorld) -> None:
    begun = await world.begin("tiktok")
    browser = world.browser()
    page = await browser.sign_in(begun.link)
    again = await browser.get(page.url)
    assert (again.status, "was used already" in again.text) == (410, True)
    assert len(await world.names()) == 1
    assert await world.sentences() == ["connected"]


async def test_a_callback_in_another_browser_is_refused_and_costs_nothing(
    world: SignInWorld,
) -> None:
    begun = await world.begin("google")
    mine = world.browser()
    await mine.get(begun.link)
    page = await world.browser().sign_in(begun.paste_link)
    assert page.status == 403
    assert "copy the address of this page" in page.text
    assert await world.names() == []
    assert isinstance(await world.connector.paste(page.url, user_id=PERSON), Finished)


async def test_an_address_pasted_by_somebody_else(world: SignInWorld) -> None:
    begun = await world.begin("google")
    stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link)
    with pytest.raises(RefusedError, match="connect_other_user"):
        await world.connector.paste(stuck.url, user_id=OTHER)
    assert await world.names() == []
    assert isinstance(await world.connector.paste(stuck.url, user_id=PERSON), Finished)


async def test_a_choice_by_somebody_else(world: SignInWorld) -> None:
    begun = await world.begin("facebook")
    await world.browser().sign_in(begun.link, account=meta_seeds.THREE_PAGES_USER_ID)
    key = meta_seeds.THREE_PAGE_IDS[0]
    with pytest.raises(RefusedError, match="connect_other_user"):
        await world.connector.choose(begun.id, key, user_id=OTHER)
    with pytest.raises(RefusedError, match="connect_used"):
        await world.connector.choose(begun.id, "61550000000000009", user_id=PERSON)
    await world.clock.advance(15 * 60)
    with pytest.raises(RefusedError, match="connect_choice_expired"):
        await world.connector.choose(begun.id, key, user_id=PERSON)
    assert await world.names() == []


@pytest.mark.parametrize(
    "path",
    [
        "/connect/nonsense",
        "/oauth/callback/google?state=nonsense&code=x",
        "/oauth/callback/google",
        "/oauth/callback/nowhere?state=a&code=b",
        "/oauth/callback/google?code=<script>alert(1)</script>",
    ],
)
async def test_what_is_no_link_of_ours(world: SignInWorld, path: str) -> None:
    page = await world.browser().get(world.server + path)
    assert page.status == 404
    assert "no link of a sign-in" in page.text
    assert "<script" not in page.text


async def test_a_code_for_another_login(world: SignInWorld) -> None:
    begun = await world.begin("google")
    stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link)
    with pytest.raises(RefusedError, match="connect_bad_link"):
        await world.connector.paste(stuck.url.replace("/google", "/tiktok"), user_id=PERSON)


@pytest.mark.parametrize("login", ["google", "tiktok", "instagram", "facebook"])
async def test_a_code_that_the_platform_does_not_take(world: SignInWorld, login: str) -> None:
    begun = await world.begin(login)
    stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link)
    url = stuck.url.replace("code=", "code=x")
    with pytest.raises(RefusedError, match="connect_code_refused"):
        await world.connector.paste(url, user_id=PERSON)
    with pytest.raises(RefusedError, match="connect_used"):
        await world.connector.paste(stuck.url, user_id=PERSON)
    assert await world.names() == []


@pytest.mark.parametrize("login", ["google", "tiktok", "instagram", "facebook"])
@pytest.mark.parametrize("status", [200, 400])
async def test_a_wrong_secret_is_the_owners_to_mend(
    tmp_path: Path, sandbox: Sandbox, login: str, status: int
) -> None:
    sandbox.set_option("tiktok", "oauth_error_status", status)
    app = {**sandbox.settings()["oauth"][login], "client_secret": "mistyped"}
    async with open_world(tmp_path, sandbox, apps={login: app}) as world:
        begun = await world.begin(login)
        stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link)
        with pytest.raises(RefusedError, match="connect_app_refused"):
            await world.connector.paste(stuck.url, user_id=PERSON)
        assert await world.names() == []


@pytest.mark.parametrize(
    ("login", "service"), [("google", "google_oauth"), ("tiktok", "tiktok"), ("facebook", "graph")]
)
async def test_a_platform_that_is_down_leaves_the_link_usable(
    world: SignInWorld, sandbox: Sandbox, login: str, service: str
) -> None:
    begun = await world.begin(login)
    browser = world.browser()
    consent = await browser.follow(begun.link)
    sandbox.faults.add(
        {"service": service, "step": "token", "action": "status", "status": 503, "times": 1}
    )
    page = await browser.answer(consent)
    assert (page.status, "The same link still works" in page.text) == (503, True)
    assert await world.names() == []
    page = await browser.get(page.url)
    assert "Connected" in page.text, page.text


async def test_a_platform_that_is_not_reached_leaves_the_link_usable(
    world: SignInWorld, sandbox: Sandbox
) -> None:
    begun = await world.begin("google")
    browser = world.browser()
    consent = await browser.follow(begun.link)
    real = dict(world.connector._deps.endpoints)
    world.connector._deps.endpoints["google_oauth"] = "http://127.0.0.1:9"  # type: ignore[index]
    page = await browser.answer(consent)
    assert page.status == 503
    world.connector._deps.endpoints.update(real)  # type: ignore[attr-defined]
    # The link of the chat leads there anew, as well as the page itself.
    assert "Connected" in (await browser.sign_in(begun.link)).text


async def test_a_lost_answer_ends_the_link(world: SignInWorld, sandbox: Sandbox) -> None:
    begun = await world.begin("google")
    sandbox.faults.add({"service": "google_oauth", "step": "token", "action": "drop_answer"})
    page = await world.browser().sign_in(begun.link)
    await refused(world, page, "connect_answer_lost")


async def test_a_platform_that_goes_down_in_the_middle(
    world: SignInWorld, sandbox: Sandbox
) -> None:
    begun = await world.begin("facebook")
    sandbox.faults.add({"service": "graph", "step": "accounts", "action": "status", "status": 502})
    page = await world.browser().sign_in(begun.link)
    await refused(world, page, "connect_answer_lost")


async def test_a_last_question_without_an_answer_is_asked_again_in_chat(
    world: SignInWorld, sandbox: Sandbox
) -> None:
    begun = await world.begin("tiktok")
    fault: dict[str, Any] = {"service": "tiktok", "step": "creator_info", "action": "status"}
    sandbox.faults.add({**fault, "status": 500})
    page = await world.browser().sign_in(begun.link)
    assert "press the name to ask again" in page.text
    assert await world.names() == []
    (message,) = await world.said()
    _, sign_in, key = message.buttons[0]["data"].split(":")
    done = await world.connector.choose(int(sign_in), key, user_id=PERSON)
    assert isinstance(done, Finished)
    assert len(await world.names()) == 1


async def test_an_account_that_a_test_call_refuses(world: SignInWorld, sandbox: Sandbox) -> None:
    begun = await world.begin("instagram")
    stuck = await world.browser().sign_in(begun.paste_link)
    body = {"error": {"message": "This account is restricted", "type": "O", "code": 10}}
    sandbox.faults.add(
        {
            "service": "instagram",
            "step": "quota",
            "action": "status",
            "status": 400,
            "body": body,
        }
    )
    with pytest.raises(RefusedError, match="connect_check_failed") as caught:
        await world.connector.paste(stuck.url, user_id=PERSON)
    assert "restricted" in str(caught.value.facts["why"])
    assert await world.names() == []


class Killed(BaseException):
    """The process ends here."""


async def test_killed_between_exchange_and_commit(
    world: SignInWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await world.begin("google")
    stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link)

    async def killed(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(world.book, "connect", killed)
        await world.connector.paste(stuck.url, user_id=PERSON)
    assert await world.names() == []
    assert await world.sentences() == []
    started_anew = Connector(world.connector._deps)
    assert await started_anew.recover() == 1
    (message,) = await world.said()
    assert message.sentence == "connect_interrupted"
    assert "sign in again" in plain(refusal_text(message.sentence, message.facts))
    with pytest.raises(RefusedError, match="connect_used"):
        await started_anew.paste(stuck.url, user_id=PERSON)
    assert await started_anew.recover() == 0
    assert (await world.rows())[0]["sealed"] == ""


async def test_the_commit_is_whole_or_not_at_all(
    world: SignInWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = await world.begin("google")
    stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link)

    async def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed):
        # After the account is written, before the commit.
        patch.setattr(world.posts, "say", killed)
        await world.connector.paste(stuck.url, user_id=PERSON)
    assert await world.names() == []
    assert (await world.rows())[0]["stage"] == "exchange"


async def test_two_callbacks_at_once_connect_once(world: SignInWorld) -> None:
    begun = await world.begin("google")
    stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link)
    async with asyncio.TaskGroup() as group:
        tries = [group.create_task(_tried(world, stuck.url)) for _ in range(4)]
    outcomes = sorted(one.result() for one in tries)
    assert outcomes == ["Finished", "connect_used", "connect_used", "connect_used"]
    assert await world.sentences() == ["connected"]


async def _tried(world: SignInWorld, url: str) -> str:
    try:
        return type(await world.connector.paste(url, user_id=PERSON)).__name__
    except RefusedError as refusal:
        return refusal.key


async def test_without_an_application_it_says_what_to_set(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    apps: dict[str, Any] = {"google": {}, "tiktok": {"client_id": "x", "client_secret": "y"}}
    async with open_world(tmp_path, sandbox, apps=apps) as world:
        obstacles = {s.login: o.key for s, o in world.connector.logins() if o is not None}
        assert obstacles == {"google": "connect_no_app", "tiktok": "connect_needs_https"}
        with pytest.raises(RefusedError, match="connect_no_app"):
            await world.begin("google")
        with pytest.raises(RefusedError, match="connect_needs_https"):
            await world.begin("tiktok")


async def test_with_the_port_taken_addresses_are_pasted(tmp_path: Path, sandbox: Sandbox) -> None:
    async with open_world(tmp_path, sandbox, listens=False) as world:
        begun = await world.begin("google")
        assert begun.link == ""
        stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link)
        assert isinstance(await world.connector.paste(stuck.url, user_id=PERSON), Finished)


async def test_pages_hold_nothing_secret_and_load_nothing(world: SignInWorld) -> None:
    begun = await world.begin("google")
    browser = world.browser()
    start = await browser.get(begun.link)
    page = await browser.sign_in(begun.link)
    for answer in (start, page):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    cookie = start.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    tokens = await world.tokens()
    code = page.url.partition("code=")[2].partition("&")[0]
    for secret in (tokens.access_token, tokens.refresh_token, code, "http", "src="):
        assert secret not in page.text


async def test_with_a_public_address_the_cookie_is_for_https_only(
    tmp_path: Path, sandbox: Sandbox
) -> None:
    async with open_world(tmp_path, sandbox, public=PUBLIC) as world:
        begun = await world.begin("facebook")
        browser: Browser = world.browser()
        assert "Secure" in (await browser.get(begun.link)).headers["Set-Cookie"]
