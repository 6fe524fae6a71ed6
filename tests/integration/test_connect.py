"""Signing in at every platform, from the link to the account, against the stand-ins."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.accounts.outcomes import Choose, Finished
from tests.sign_in_kit import PERSON, PUBLIC, SignInWorld, open_world
from utils.sandbox import google_accounts, meta_seeds
from utils.sandbox.server import Sandbox, SandboxOptions

LOGINS = ("google", "tiktok", "instagram", "instagram_facebook", "facebook")
PLATFORM = {
    "google": ("youtube", google_accounts.DEMO_CHANNEL),
    "tiktok": ("tiktok", "-0000demo-open-id"),
    "instagram": ("instagram", meta_seeds.IG_ID),
    "instagram_facebook": ("instagram", meta_seeds.IG_ID),
    "facebook": ("facebook", meta_seeds.PAGE_ID),
}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=0.02)) as running:
        yield running


@pytest.fixture
async def world(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[SignInWorld]:
    async with open_world(tmp_path, sandbox) as opened:
        yield opened


@pytest.fixture
async def public(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[SignInWorld]:
    """With an address of its own on the internet, and applications for the web."""
    web = {
        "google": {
            "client_id": google_accounts.WEB_CLIENT_ID,
            "client_secret": google_accounts.WEB_CLIENT_SECRET,
            "kind": "web",
        }
    }
    async with open_world(tmp_path, sandbox, public=PUBLIC, apps=web) as opened:
        yield opened


@pytest.mark.parametrize("login", ["google", "tiktok", "facebook"])
async def test_a_browser_on_this_computer_comes_back_by_itself(
    world: SignInWorld, login: str
) -> None:
    begun = await world.begin(login)
    page = await world.browser().sign_in(begun.link)
    assert page.status == 200, page.text
    assert "Connected" in page.text
    platform, _ = PLATFORM[login]
    assert [(p, s) for p, _, s in await world.names()] == [(platform, "ok")]
    assert await world.sentences() == ["connected"]


@pytest.mark.parametrize("login", LOGINS)
async def test_from_another_device_the_address_is_pasted(world: SignInWorld, login: str) -> None:
    begun = await world.begin(login)
    stuck = await world.browser(is_elsewhere=True).sign_in(begun.paste_link)
    assert stuck.status == 0
    finished = await world.connector.paste(f"here it is: {stuck.url}", user_id=PERSON)
    assert isinstance(finished, Finished)
    assert finished.platform == PLATFORM[login][0]
    assert len(await world.names()) == 1


@pytest.mark.parametrize("login", ["google", "instagram", "instagram_facebook", "facebook"])
async def test_with_a_public_address_any_browser_comes_back(
    public: SignInWorld, login: str
) -> None:
    public.register(login, f"{PUBLIC}/oauth/callback/{login}")
    begun = await public.begin(login)
    assert begun.link.startswith(f"{PUBLIC}/connect/")
    assert begun.paste_link == ""
    page = await public.browser(is_elsewhere=True).sign_in(begun.link)
    assert "Connected" in page.text, page.text
    assert len(await public.names()) == 1


async def test_google_gives_a_lasting_sign_in(world: SignInWorld) -> None:
    begun = await world.begin("google")
    await world.browser().sign_in(begun.link)
    tokens = await world.tokens()
    assert tokens.refresh_token.startswith("1//")
    assert tokens.expires_at == world.clock.now() + timedelta(seconds=3599)
    (account,) = await world.book.all()
    assert (account.name, account.owner_id, account.chat_id) == ("Demo channel", PERSON, PERSON)
    assert len(account.scopes) == 3


async def test_instagram_is_connected_for_sixty_days(world: SignInWorld) -> None:
    begun = await world.begin("instagram")
    assert begun.link == ""
    stuck = await world.browser().sign_in(begun.paste_link)
    assert stuck.url.endswith("#_")
    await world.connector.paste(stuck.url, user_id=PERSON)
    tokens = await world.tokens()
    assert tokens.expires_at == world.clock.now() + timedelta(seconds=5_183_944)
    assert await world.options() == {"login": "instagram"}


@pytest.mark.parametrize("switch", ["flat_token", "wrap_me"])
async def test_instagram_answers_in_either_shape(
    world: SignInWorld, sandbox: Sandbox, switch: str
) -> None:
    sandbox.set_option("instagram", switch, value=True)
    begun = await world.begin("instagram")
    stuck = await world.browser().sign_in(begun.paste_link)
    await world.connector.paste(stuck.url, user_id=PERSON)
    (account,) = await world.book.all()
    assert (account.name, account.remote_id) == ("karvon.ig", meta_seeds.IG_ID)


@pytest.mark.parametrize("login", ["facebook", "instagram_facebook"])
async def test_the_token_of_a_page_has_no_end(world: SignInWorld, login: str) -> None:
    begun = await world.begin(login)
    await world.browser().sign_in(begun.link)
    tokens = await world.tokens()
    assert tokens.expires_at is None
    row = world.sandbox.collection("meta.tokens").get(tokens.access_token)
    assert row is not None
    assert (row["kind"], row["expires_at"]) == ("page", None)
    assert (await world.options())["user_id"] == meta_seeds.USER_ID


async def test_of_several_pages_one_is_chosen_in_chat_and_then_another(
    world: SignInWorld,
) -> None:
    begun = await world.begin("facebook")
    browser = world.browser()
    page = await browser.sign_in(begun.link, account=meta_seeds.THREE_PAGES_USER_ID)
    assert "choose one of 2 accounts" in page.text
    assert await world.names() == []
    (asked,) = await world.said()
    assert [one["text"] for one in asked.buttons] == ["Tess Cooks", "Tess Travels"]
    first, second, _ = meta_seeds.THREE_PAGE_IDS
    done = await world.connector.choose(begun.id, second, user_id=PERSON)
    assert isinstance(done, Finished)
    assert (done.name, done.left) == ("Tess Travels", 1)
    done = await world.connector.choose(begun.id, first, user_id=PERSON)
    assert isinstance(done, Finished)
    assert done.left == 0
    assert {remote_id for _, remote_id, _ in await world.names()} == {first, second}
    (row,) = await world.rows()
    assert (row["stage"], row["sealed"]) == ("done", "")


async def test_two_channels_of_one_google_account_are_two_sign_ins(world: SignInWorld) -> None:
    for channel in (google_accounts.FIRST_CHANNEL, google_accounts.SECOND_CHANNEL):
        begun = await world.begin("google")
        account = f"{google_accounts.TWO_CHANNELS_USER}/{channel}"
        await world.browser().sign_in(begun.link, account=account)
    assert [remote_id for _, remote_id, _ in await world.names()] == [
        google_accounts.FIRST_CHANNEL,
        google_accounts.SECOND_CHANNEL,
    ]


async def test_connecting_again_keeps_the_account_and_renews_its_tokens(
    world: SignInWorld,
) -> None:
    begun = await world.begin("google")
    await world.browser().sign_in(begun.link)
    before = await world.tokens()
    await world.book.mark(1, "reconnect")
    again = await world.begin("google", account_id=1)
    assert again.again == "Demo channel"
    await world.browser().sign_in(again.link)
    assert await world.names() == [("youtube", google_accounts.DEMO_CHANNEL, "ok")]
    assert (await world.tokens()).refresh_token != before.refresh_token


async def test_connecting_a_page_again_does_not_ask_which(world: SignInWorld) -> None:
    begun = await world.begin("facebook")
    answers = {"account": meta_seeds.THREE_PAGES_USER_ID}
    await world.browser().sign_in(begun.link, **answers)
    first = meta_seeds.THREE_PAGE_IDS[0]
    await world.connector.choose(begun.id, first, user_id=PERSON)
    again = await world.begin("facebook", account_id=1)
    page = await world.browser().sign_in(again.link, **answers)
    assert "Connected" in page.text
    assert len(await world.names()) == 1


async def test_a_missing_optional_scope_connects_with_a_note(world: SignInWorld) -> None:
    begun = await world.begin("google")
    page = await world.browser().sign_in(
        begun.link, without=["https://www.googleapis.com/auth/youtube.force-ssl"]
    )
    assert "removing a video" in page.text
    (message,) = await world.said()
    assert message.sentence == "connected_partly"
    (account,) = await world.book.all()
    data = f"cn1:google:{account.id}"
    assert message.buttons == [{"text_key": "button_connect_again", "data": data}]
    assert {"edit", "delete"} <= set(message.facts["cannot"])


async def test_nothing_secret_is_kept_in_the_clear(world: SignInWorld) -> None:
    begun = await world.begin("tiktok")
    ticket = begun.link.rpartition("/")[2]
    redirect = await world.connector.open(ticket, [])
    kept = repr(await world.rows())
    state = redirect.url.partition("state=")[2].partition("&")[0]
    assert len(state) >= 22
    for secret in (ticket, state, redirect.browser, begun.link):
        assert secret not in kept
        assert secret not in repr(begun)
        assert secret not in repr(redirect)


async def test_what_is_sealed_goes_when_the_link_ends(world: SignInWorld) -> None:
    begun = await world.begin("facebook")
    browser = world.browser()
    await browser.sign_in(begun.link, account=meta_seeds.THREE_PAGES_USER_ID)
    assert (await world.rows())[0]["sealed"]
    await world.clock.advance(16 * 60)
    assert await world.connector.recover() == 0
    (row,) = await world.rows()
    assert (row["stage"], row["sealed"]) == ("choose", "")
    await world.clock.advance(25 * 3600)
    await world.connector.recover()
    assert await world.rows() == []


async def test_pages_of_a_person_are_read_to_their_end(world: SignInWorld) -> None:
    for number in range(130):
        row = {
            "name": f"Page {number}",
            "ig_id": None,
            "tasks": meta_seeds.ALL_TASKS,
            "owner": meta_seeds.USER_ID,
        }
        world.sandbox.collection("meta.pages").put(f"6199{number:04}", row)
    begun = await world.begin("facebook")
    await world.browser().sign_in(begun.link)
    grant = await world.connector._ins.get(begun.id)
    assert grant is not None
    found = await world.connector.choose(begun.id, "61990129", user_id=PERSON)
    assert not isinstance(found, Choose)
    assert found.name == "Page 129"
