"""Who signs in at Google, and what becomes of their grants."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.google_remote import SERVICES, Google
from tests.sandbox_kit import JSON, Remote, new_session
from tests.sandbox_login import GOOGLE, Login
from utils.sandbox.google_accounts import (
    DEMO_CHANNEL,
    DEMO_USER,
    FIRST_CHANNEL,
    NO_CHANNEL_USER,
    SECOND_CHANNEL,
    TWO_CHANNELS_USER,
    WEB_CLIENT_ID,
    WEB_CLIENT_SECRET,
)
from utils.sandbox.server import Sandbox, SandboxOptions

DAY = 86_400


@pytest.fixture
async def google() -> AsyncIterator[Google]:
    async with (
        Sandbox(SandboxOptions(), SERVICES) as sandbox,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http,
    ):
        yield Google(sandbox, http)


@pytest.fixture
async def login(google: Google) -> AsyncIterator[Login]:
    async with new_session() as session:
        remotes = {"google_oauth": Remote(session, google.oauth)}
        yield Login(google.sandbox, remotes, "google")


@pytest.fixture
def web_login(login: Login) -> Login:
    login.app = {"client_id": WEB_CLIENT_ID, "client_secret": WEB_CLIENT_SECRET}
    login.redirect = "https://localhost/oauth/callback/google"
    return login


async def channels(google: Google, token: str) -> list[str]:
    google.token = token
    answer = await google.call("GET", "channels", params={"part": "id,snippet", "mine": "true"})
    assert answer.status == 200, answer.text
    return [row["id"] for row in answer.body["items"]]


async def refresh(google: Google, token: str) -> int:
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return (await google.exchange(**form)).status


@pytest.mark.parametrize(
    ("account", "channel"),
    [
        (DEMO_USER, DEMO_CHANNEL),
        (f"{TWO_CHANNELS_USER}/{FIRST_CHANNEL}", FIRST_CHANNEL),
        (f"{TWO_CHANNELS_USER}/{SECOND_CHANNEL}", SECOND_CHANNEL),
    ],
)
async def test_a_token_belongs_to_the_channel_that_was_chosen(
    google: Google, login: Login, account: str, channel: str
) -> None:
    told = await login.sign_in(account=account)
    assert await channels(google, told["access_token"]) == [channel]
    fresh = await google.exchange(grant_type="refresh_token", refresh_token=told["refresh_token"])
    assert await channels(google, fresh.body["access_token"]) == [channel]
    video_id = await google.upload()
    (row,) = google.sandbox.published()
    assert (row["account"], row["remote_id"]) == (channel, video_id)


async def test_somebody_without_a_channel_is_told_to_sign_up(google: Google, login: Login) -> None:
    google.token = (await login.sign_in(account=NO_CHANNEL_USER))["access_token"]
    query = {"part": "id", "mine": "true"}
    answer = await google.call("GET", "channels", params=query)
    assert answer.reason == (401, "youtubeSignupRequired")
    google.switch("no_channel_is_empty", True)
    assert (await google.call("GET", "channels", params=query)).body["items"] == []


async def test_all_channels_of_a_person_can_be_listed_on_request(
    google: Google, login: Login
) -> None:
    google.switch("mine_lists_all", True)
    told = await login.sign_in(account=f"{TWO_CHANNELS_USER}/{SECOND_CHANNEL}")
    assert await channels(google, told["access_token"]) == [SECOND_CHANNEL, FIRST_CHANNEL]


async def test_a_hint_chooses_who_the_page_begins_with(login: Login) -> None:
    hinted = await login.visit(login_hint=f"{NO_CHANNEL_USER}@demo.example")
    assert hinted.form.chosen == NO_CHANNEL_USER
    login.sandbox.set_option("google_oauth", "login_as", f"{TWO_CHANNELS_USER}/{FIRST_CHANNEL}")
    assert (await login.visit()).form.chosen == f"{TWO_CHANNELS_USER}/{FIRST_CHANNEL}"


async def test_earlier_grants_are_included_when_asked_for(login: Login) -> None:
    await login.sign_in(scope=f"{GOOGLE}youtube.readonly")
    again = {"scope": f"{GOOGLE}youtube.upload", "include_granted_scopes": "true"}
    told = await login.sign_in(**again)
    assert set(told["scope"].split()) == {f"{GOOGLE}youtube.readonly", f"{GOOGLE}youtube.upload"}
    alone = await login.sign_in(scope=f"{GOOGLE}youtube.upload")
    assert alone["scope"] == f"{GOOGLE}youtube.upload"


async def test_nobody_has_to_grant_anything(login: Login) -> None:
    visit = await login.visit()
    scopes = tuple(value for name, value in visit.form.boxes if name == "granted")
    back = login.read(await visit.press(untick=scopes))
    assert back["scope"] == ""
    assert (await login.trade(back["code"])).json["scope"] == ""


async def test_an_unknown_scope_is_refused_on_the_page(login: Login) -> None:
    assert "invalid_scope" in await login.refused(scope=f"{GOOGLE}everything")


async def test_a_challenge_has_the_length_of_one(login: Login) -> None:
    assert "code_challenge" in await login.refused(code_challenge="short")


async def test_grants_in_testing_end_after_a_week_and_say_so(google: Google, login: Login) -> None:
    google.sandbox.set_option("google_oauth", "testing_mode", value=True)
    told = await login.sign_in()
    assert told["refresh_token_expires_in"] == 7 * DAY - 1
    google.sandbox.advance(7 * DAY - 1)
    assert await refresh(google, told["refresh_token"]) == 200
    google.sandbox.advance(1)
    assert await refresh(google, told["refresh_token"]) == 400


async def test_in_testing_only_listed_people_sign_in(google: Google, login: Login) -> None:
    google.sandbox.services["google_oauth"].change_account(DEMO_USER, {"tester": False})
    assert (await login.sign_in())["scope"]
    google.sandbox.set_option("google_oauth", "testing_mode", value=True)
    assert "access_denied" in await login.refused()
    assert (await login.sign_in(account=NO_CHANNEL_USER))["scope"]


async def test_after_revoking_the_next_consent_is_the_first_again(
    google: Google, web_login: Login
) -> None:
    offline = {"access_type": "offline", "code_challenge": None, "code_challenge_method": None}

    async def sign_in() -> JSON:
        code = await web_login.code(**offline)
        answer = await web_login.trade(code, code_verifier=None)
        assert answer.status == 200, answer.body
        told: JSON = answer.json
        return told

    first, second = await sign_in(), await sign_in()
    assert ("refresh_token" in first, "refresh_token" in second) == (True, False)
    await google.send("POST", f"{google.oauth}/revoke", data={"token": second["access_token"]})
    assert await refresh(google, first["refresh_token"]) == 400
    assert "refresh_token" in await sign_in()


async def test_a_consent_for_now_ends_no_older_grant(google: Google, web_login: Login) -> None:
    plain = {"code_challenge": None, "code_challenge_method": None}
    code = await web_login.code(**plain, access_type="offline")
    kept = (await web_login.trade(code, code_verifier=None)).json["refresh_token"]
    for _ in range(99):
        google.accounts.grant(user=DEMO_USER, client_id=WEB_CLIENT_ID, scopes=("youtube",))
    code = await web_login.code(**plain)
    assert "refresh_token" not in (await web_login.trade(code, code_verifier=None)).json
    form = {"grant_type": "refresh_token", "refresh_token": kept}
    client = {"client_id": WEB_CLIENT_ID, "client_secret": WEB_CLIENT_SECRET}
    assert (await google.exchange(**form, **client)).status == 200


async def test_refreshes_fail_alone(google: Google, login: Login) -> None:
    told = await login.sign_in()
    down = {"service": "google_oauth", "action": "status", "status": 500}
    google.sandbox.faults.add({**down, "step": "refresh"})
    assert (await login.trade(await login.code())).status == 200
    assert await refresh(google, told["refresh_token"]) == 500
    rows = google.sandbox.journal.rows(service="google_oauth", step="refresh")
    assert [row["status"] for row in rows] == [500]


async def test_a_channel_changes_and_an_unknown_fact_is_refused(google: Google) -> None:
    service = google.sandbox.services["google_oauth"]
    service.change_account(DEMO_CHANNEL, {"title": "New", "custom_thumbnails": False})
    answer = await google.call("GET", "channels", params={"part": "snippet", "mine": "true"})
    assert answer.body["items"][0]["snippet"]["title"] == "New"
    for changes in ({"colour": "red"}, {"custom_thumbnails": "no"}):
        with pytest.raises(ValueError, match="cannot change"):
            service.change_account(DEMO_CHANNEL, changes)
    with pytest.raises(ValueError, match="cannot change"):
        service.change_account(NO_CHANNEL_USER, {"title": "x"})
    with pytest.raises(ValueError, match="no account"):
        service.change_account("nobody", {})


@pytest.mark.parametrize(
    "address",
    [
        "http://karvon.example/cb",
        "https://8.8.8.8/cb",
        "https://karvon.example/cb#top",
        "https://*.example/cb",
        "https://user@karvon.example/",
        "https://karvon.example/../cb",
    ],
)
async def test_addresses_that_the_form_does_not_take(google: Google, address: str) -> None:
    service = google.sandbox.services["google_oauth"]
    with pytest.raises(ValueError, match="cannot be registered"):
        service.change_app(WEB_CLIENT_ID, {"redirect_uris": [address]})
