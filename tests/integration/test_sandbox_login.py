"""What the sign-ins of all platforms have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.sandbox_kit import JSON, Remote, new_session
from tests.sandbox_login import PATHS, SERVICES, Login
from utils.sandbox.server import Sandbox, SandboxOptions

PLATFORMS = tuple(PATHS)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions()) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with new_session() as opened:
        yield opened


@pytest.fixture(params=PLATFORMS)
def login(
    request: pytest.FixtureRequest, sandbox: Sandbox, session: aiohttp.ClientSession
) -> Login:
    remotes = {name: Remote(session, sandbox.address(name)) for name in SERVICES.values()}
    return Login(sandbox, remotes, request.param)


@pytest.fixture
def control(sandbox: Sandbox, session: aiohttp.ClientSession) -> Remote:
    return Remote(session, f"{sandbox.address('control')}/_sandbox/")


async def test_the_page_shows_who_can_go_on_and_what_is_asked(login: Login) -> None:
    visit = await login.visit()
    assert visit.form.buttons == ["allow", "deny"]
    assert len(visit.form.radios) >= 3
    assert visit.form.chosen in visit.form.radios


async def test_an_allowed_application_gets_a_token(login: Login) -> None:
    visit = await login.visit()
    back = login.read(await visit.press())
    assert back["state"] == "s t&te"
    answer = await login.trade(back["code"])
    assert answer.status == 200
    assert b"access_token" in answer.body


async def test_a_denied_application_is_told_so(login: Login) -> None:
    back = login.read(await (await login.visit()).press("deny"))
    assert (back["error"], back["state"]) == ("access_denied", "s t&te")
    assert "code" not in back
    told = {
        "google": set(),
        "tiktok": {"error_description"},
        "instagram": {"error_reason", "error_description"},
        "facebook": {"error_reason", "error_description"},
    }
    assert set(back) - {"error", "state"} == told[login.platform]


@pytest.mark.parametrize("name", ["client", "redirect", "scheme", "host"])
async def test_nobody_is_sent_to_an_address_that_is_not_registered(
    login: Login, name: str
) -> None:
    client = "client_key" if login.platform == "tiktok" else "client_id"
    changes = {
        "client": {client: "nobody"},
        "redirect": {"redirect_uri": "https://evil.example/"},
        "scheme": {"redirect_uri": login.redirect.replace("http", "ftp", 1)},
        "host": {"redirect_uri": login.redirect.replace("://", "://evil.")},
    }
    assert await login.refused(**changes[name])


async def test_an_unknown_account_goes_nowhere(login: Login) -> None:
    assert await login.refused(account="nobody")


async def test_a_code_works_once(login: Login) -> None:
    code = await login.code()
    assert (await login.trade(code)).status == 200
    assert (await login.trade(code)).status == 400


async def test_a_code_is_bound_to_its_redirect(login: Login) -> None:
    code = await login.code()
    assert (await login.trade(code, redirect_uri=f"{login.redirect}/")).status == 400


async def test_a_code_grows_old(login: Login) -> None:
    code = await login.code()
    login.sandbox.advance(3600)
    assert (await login.trade(code)).status == 400


async def test_a_wrong_secret_is_refused_in_the_words_of_the_platform(login: Login) -> None:
    answer = await login.trade(await login.code(), client_secret="wrong")
    told: JSON = answer.json
    match login.platform:
        case "google":
            assert (answer.status, told["error"]) == (401, "invalid_client")
        case "tiktok":
            assert (answer.status, told["error"]) == (400, "invalid_client")
        case "instagram":
            assert (answer.status, told["error_type"]) == (400, "OAuthException")
        case _:
            error = told["error"]
            assert (answer.status, error["type"], error["code"]) == (400, "OAuthException", 1)


async def test_the_page_can_be_skipped(login: Login) -> None:
    service = SERVICES[login.platform]
    login.sandbox.set_option(service, "auto_consent", "allow")
    answer = await login.remote("GET", login.address())
    assert (await login.trade(login.read(answer)["code"])).status == 200
    login.sandbox.set_option(service, "auto_consent", "deny")
    assert login.read(await login.remote("GET", login.address()))["error"] == "access_denied"


async def test_faults_reach_the_steps_of_a_sign_in_by_their_names(login: Login) -> None:
    service = SERVICES[login.platform]
    down = {"service": service, "action": "status", "status": 503}
    login.sandbox.faults.add({**down, "step": "authorize"})
    assert (await login.remote("GET", login.address())).status == 503
    code = await login.code()
    for step in ("code", "token"):
        login.sandbox.faults.add({**down, "step": step})
        assert (await login.trade(code)).status == 503
    assert (await login.trade(code)).status == 200
    rows = login.sandbox.journal.rows(service=service, step="token")
    assert [row["status"] for row in rows] == [503, 503, 200]


async def test_more_addresses_are_registered_while_it_runs(login: Login, control: Remote) -> None:
    address = "http://localhost:1234/other" if login.platform == "tiktok" else "https://me.test/cb"
    if login.platform == "google":
        login.app = {"client_id": "new-web", "client_secret": "s"}
    body = {
        "service": login.platform,
        "client_id": login.app["client_id"],
        "client_secret": login.app["client_secret"],
        "redirect_uris": [address],
    }
    before = (await control("GET", "apps")).json
    changed = await control("POST", "apps", json=body)
    assert changed.status == 200, changed.body
    login.redirect = address
    assert (await login.trade(await login.code())).status == 200
    after = {app["client_id"]: app for app in (await control("GET", "apps")).json}
    assert len(after) == len(before) + (login.platform == "google")


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uris": ["ftp://x.example/"]},
        {"colour": "red"},
        {"kind": "toaster"},
    ],
    ids=str,
)
async def test_an_application_that_no_dashboard_takes_is_refused(
    login: Login, control: Remote, changes: JSON
) -> None:
    body = {"service": login.platform, "client_id": login.app["client_id"], **changes}
    answer = await control("POST", "apps", json=body)
    assert (answer.status, "error" in answer.json) == (400, True)


async def test_access_that_a_person_takes_away_is_gone(login: Login, control: Remote) -> None:
    told = await login.sign_in()
    token = told["access_token"]
    assert await is_alive(login, token)
    rows = (await control("GET", "accounts")).json
    mine = [row for row in rows if row["service"] == login.platform]
    account = (await login.visit()).form.chosen
    assert account in [row["account"] for row in mine]
    body = {"service": login.platform, "account": account, "authorized": False}
    assert (await control("POST", "accounts", json=body)).status == 200
    assert not await is_alive(login, token)


async def is_alive(login: Login, token: str) -> bool:
    """Ask who one is."""
    bearer = {"Authorization": f"Bearer {token}"}
    match login.platform:
        case "google":
            path = f"/tokeninfo?access_token={token}"
        case "tiktok":
            path = "/v2/user/info/?fields=open_id"
        case "instagram":
            path = "/v26.0/me?fields=user_id"
        case _:
            path = "/v26.0/me"
    return (await login.remote("GET", path, headers=bearer)).status == 200


async def test_an_unknown_account_or_service_cannot_be_changed(control: Remote) -> None:
    for body in (
        {"service": "google", "account": "nobody", "title": "x"},
        {"service": "tiktok", "account": "nobody"},
        {"service": "myspace", "account": "x"},
        {"service": "google"},
    ):
        assert (await control("POST", "accounts", json=body)).status == 400
