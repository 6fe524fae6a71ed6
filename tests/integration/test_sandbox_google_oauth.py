from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from tests.google_remote import SERVICES, Answer, Google
from utils.sandbox.google_accounts import DEMO_CLIENT_ID, DEMO_REFRESH_TOKEN, SCOPE_PREFIX
from utils.sandbox.server import Sandbox, SandboxOptions

DAY = 86_400
LOOPBACK = "http://127.0.0.1:54321/back"
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
WEB = {"client_id": "web-client", "client_secret": "web-secret"}
WEB_REDIRECT = "https://karvon.example/oauth/google"


@pytest.fixture
async def google() -> AsyncIterator[Google]:
    async with (
        Sandbox(SandboxOptions(), SERVICES) as sandbox,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http,
    ):
        yield Google(sandbox, http)


async def refresh(google: Google, **names: str) -> Answer:
    form = {"grant_type": "refresh_token", "refresh_token": DEMO_REFRESH_TOKEN, **names}
    return await google.exchange(**form)


def error(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body["error"]


async def test_refresh_gives_an_access_token_and_no_refresh_token(google: Google) -> None:
    answer = await refresh(google)

    assert answer.status == 200
    assert set(answer.body) == {"access_token", "expires_in", "scope", "token_type"}
    assert answer.body["expires_in"] == 3599
    assert f"{SCOPE_PREFIX}youtube.upload" in answer.body["scope"].split(" ")
    google.token = answer.body["access_token"]
    assert (await google.begin(5)).status == 200


async def test_new_access_token_expires(google: Google) -> None:
    google.token = (await refresh(google)).body["access_token"]
    google.sandbox.advance(3598)
    assert (await google.begin(5)).status == 200
    google.sandbox.advance(2)
    assert (await google.begin(5)).reason == (401, "authError")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"refresh_token": "unknown"}, (400, "invalid_grant")),
        ({"refresh_token": ""}, (400, "invalid_request")),
        ({"client_secret": "wrong"}, (401, "invalid_client")),
        ({"client_id": "unknown"}, (401, "invalid_client")),
        (WEB, (400, "invalid_grant")),
        ({"grant_type": "password"}, (400, "unsupported_grant_type")),
    ],
)
async def test_token_is_refused(
    google: Google, names: dict[str, str], expected: tuple[int, str]
) -> None:
    add_web_client(google)
    assert error(await refresh(google, **names)) == expected


async def test_only_forms_are_read(google: Google) -> None:
    google.token = None
    answer = await google.send("POST", f"{google.oauth}/token", json={"grant_type": "x"})
    assert error(answer) == (400, "invalid_request")


async def test_client_may_name_itself_in_the_header(google: Google) -> None:
    header = "Basic " + base64.b64encode(f"{DEMO_CLIENT_ID}:GOCSPX-demo".encode()).decode()
    google.token = None
    form = {"grant_type": "refresh_token", "refresh_token": DEMO_REFRESH_TOKEN}
    address = f"{google.oauth}/token"
    good = await google.send("POST", address, data=form, headers={"Authorization": header})
    bad = await google.send("POST", address, data=form, headers={"Authorization": "Basic !"})
    assert (good.status, error(bad)) == (200, (401, "invalid_client"))


async def test_unused_refresh_token_dies_after_half_a_year(google: Google) -> None:
    google.sandbox.advance(181 * DAY)
    assert (await refresh(google)).status == 200
    google.sandbox.advance(181 * DAY)
    assert (await refresh(google)).status == 200
    google.sandbox.advance(182 * DAY)
    assert error(await refresh(google)) == (400, "invalid_grant")


async def test_project_in_testing_loses_its_refresh_tokens_after_a_week(google: Google) -> None:
    google.sandbox.set_option("google_oauth", "testing_mode", value=True)
    google.sandbox.advance(7 * DAY - 1)
    assert (await refresh(google)).status == 200
    google.sandbox.advance(1)
    assert error(await refresh(google)) == (400, "invalid_grant")


async def test_hundred_and_first_refresh_token_ends_the_oldest(google: Google) -> None:
    for _ in range(99):
        google.accounts.grant(user="demo-user", client_id=DEMO_CLIENT_ID, scopes=("youtube",))
    assert (await refresh(google)).status == 200
    google.accounts.grant(user="demo-user", client_id=DEMO_CLIENT_ID, scopes=("youtube",))
    assert error(await refresh(google)) == (400, "invalid_grant")


async def test_revoking_one_token_ends_the_whole_grant(google: Google) -> None:
    address = f"{google.oauth}/revoke"
    first = await google.send("POST", address, data={"token": google.token})
    again = await google.send("POST", address, data={"token": google.token})

    assert (first.status, error(again)) == (200, (400, "invalid_token"))
    assert error(await refresh(google)) == (400, "invalid_grant")
    assert (await google.begin(5)).reason == (401, "authError")


async def test_grant_is_revoked_on_command(google: Google) -> None:
    fault = {"service": "google_oauth", "step": "token", "action": "revoke_token"}
    google.sandbox.faults.add(fault)
    assert error(await refresh(google)) == (400, "invalid_grant")


async def test_token_can_be_inspected(google: Google) -> None:
    address = f"{google.oauth}/tokeninfo"
    answer = await google.send("GET", address, params={"access_token": google.token or ""})
    assert answer.body["aud"] == DEMO_CLIENT_ID
    assert 3590 < int(answer.body["expires_in"]) <= 3599
    unknown = await google.send("GET", address, params={"access_token": "x"})
    assert error(unknown) == (400, "invalid_token")


# Consent


def request(**names: str) -> dict[str, str]:
    return {
        "client_id": DEMO_CLIENT_ID,
        "redirect_uri": LOOPBACK,
        "response_type": "code",
        "scope": f"{SCOPE_PREFIX}youtube.upload {SCOPE_PREFIX}youtube.readonly",
        "state": "s t&te",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **names,
    }


async def consent(google: Google, query: dict[str, str], *granted: str) -> dict[str, str]:
    """Allow (or refuse without scopes), and return what the application is told."""
    decision = "allow" if granted else "deny"
    pairs = [*query.items(), ("decision", decision), *(("granted", name) for name in granted)]
    answer = await google.send("GET", f"{google.oauth}/o/oauth2/v2/auth", params=pairs)
    assert answer.status == 302, answer.text
    assert answer.headers["Location"].startswith(query["redirect_uri"])
    return {k: v[0] for k, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


async def code(google: Google, **names: str) -> str:
    query = request(**names)
    return (await consent(google, query, *query["scope"].split()))["code"]


async def swap(google: Google, value: str, **names: str) -> Answer:
    form = {"grant_type": "authorization_code", "code": value, "redirect_uri": LOOPBACK}
    return await google.exchange(**{**form, "code_verifier": VERIFIER, **names})


async def test_page_asks_for_consent(google: Google) -> None:
    answer = await google.send("GET", f"{google.oauth}/o/oauth2/v2/auth", params=request())
    assert answer.status == 200
    assert "youtube.readonly" in answer.text
    assert answer.text.count("<button") == 2


async def test_allowed_application_gets_tokens(google: Google) -> None:
    query = request()
    back = await consent(google, query, *query["scope"].split())
    answer = await swap(google, back["code"])

    assert back["state"] == "s t&te"
    assert answer.body["scope"] == query["scope"]
    assert (await refresh(google, refresh_token=answer.body["refresh_token"])).status == 200


async def test_denied_application_is_told_so(google: Google) -> None:
    back = await consent(google, request())
    assert back == {"error": "access_denied", "state": "s t&te"}


async def test_person_may_untick_a_scope(google: Google) -> None:
    back = await consent(google, request(), f"{SCOPE_PREFIX}youtube.readonly")
    answer = await swap(google, back["code"])
    assert answer.body["scope"] == f"{SCOPE_PREFIX}youtube.readonly"
    google.token = answer.body["access_token"]
    assert (await google.begin(5)).reason == (403, "insufficientPermissions")


@pytest.mark.parametrize(
    "names",
    [
        {"client_id": "unknown"},
        {"redirect_uri": "http://example.com/"},
        {"redirect_uri": "https://127.0.0.1/"},
        {"response_type": ""},
        {"scope": " "},
        {"code_challenge_method": "md5"},
        {"client_id": "web-client"},
        {"client_id": "web-client", "redirect_uri": WEB_REDIRECT + "/"},
    ],
)
async def test_bad_request_for_consent_never_redirects(
    google: Google, names: dict[str, str]
) -> None:
    add_web_client(google)
    query = request(**names, decision="allow")
    answer = await google.send("GET", f"{google.oauth}/o/oauth2/v2/auth", params=query)
    assert (answer.status, "Location" in answer.headers) == (400, False)
    assert "Error 40" in answer.text


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/", "http://[::1]:9/x", "http://localhost"]
)
async def test_desktop_client_may_name_any_loopback_port(google: Google, address: str) -> None:
    value = await code(google, redirect_uri=address)
    assert (await swap(google, value, redirect_uri=address)).status == 200


async def test_code_works_once(google: Google) -> None:
    value = await code(google)
    assert (await swap(google, value)).status == 200
    assert error(await swap(google, value)) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "names",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"code_verifier": "short"},
        {"redirect_uri": LOOPBACK + "/other"},
        WEB,
    ],
)
async def test_code_is_bound_to_its_request(google: Google, names: dict[str, str]) -> None:
    add_web_client(google)
    assert error(await swap(google, await code(google), **names)) == (400, "invalid_grant")


async def test_code_grows_old(google: Google) -> None:
    value = await code(google)
    google.sandbox.advance(601)
    assert error(await swap(google, value)) == (400, "invalid_grant")


async def test_plain_challenge_is_the_verifier(google: Google) -> None:
    value = await code(google, code_challenge=VERIFIER, code_challenge_method="plain")
    assert (await swap(google, value)).status == 200


async def test_web_client_gets_a_refresh_token_only_when_it_asks(google: Google) -> None:
    add_web_client(google)
    asked = {"access_type": "offline"}
    cases = [{}, asked, {**asked, "prompt": "consent"}]

    got = [await web_refresh_token(google, names) for names in cases]

    # The first consent was without offline access, so the second asks in vain.
    assert got == [False, False, True]


async def test_first_consent_with_offline_access_gives_a_refresh_token(google: Google) -> None:
    add_web_client(google)
    assert await web_refresh_token(google, {"access_type": "offline"})
    assert not await web_refresh_token(google, {"access_type": "offline"})


async def web_refresh_token(google: Google, names: dict[str, str]) -> bool:
    web = {"client_id": "web-client", "redirect_uri": WEB_REDIRECT}
    value = await code(google, **web, **names)
    answer = await swap(google, value, **WEB, redirect_uri=WEB_REDIRECT)
    assert answer.status == 200
    return "refresh_token" in answer.body


def add_web_client(google: Google) -> None:
    names = WEB["client_id"], WEB["client_secret"], "demo-project"
    google.accounts.add_client(*names, kind="web", redirects=(WEB_REDIRECT,))
