from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.sandbox_kit import JSON, Answer, Remote, new_session
from tests.sandbox_meta_client import DAY, IG, PROCESSING, Meta, V, problem
from utils.sandbox import meta_seeds as seeds
from utils.sandbox.server import Sandbox, SandboxOptions


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=PROCESSING)) as running:
        yield running


@pytest.fixture
async def meta(sandbox: Sandbox) -> AsyncIterator[Meta]:
    async with new_session() as session:
        yield Meta(sandbox, session)


CALLBACK = "https://karvon.example/oauth/instagram"


def dialog(face: str, **changes: str) -> str:
    path = "/oauth/authorize" if face == "instagram" else f"{V}/dialog/oauth"
    query = {
        "client_id": seeds.IG_APP_ID if face == "instagram" else seeds.APP_ID,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "scope": "instagram_business_basic,instagram_business_content_publish",
        "state": "s1",
        "decision": "allow",
        **changes,
    }
    return f"{path}?{urlencode(query)}"


async def code_of(remote: Remote, address: str) -> str:
    location = (await remote("GET", address)).headers["location"]
    query = parse_qs(urlsplit(location).query)
    assert query["state"] == ["s1"]
    return query["code"][0]


async def trade(meta: Meta, code: str, changes: dict[str, str] | None = None) -> Answer:
    form = {
        "client_id": seeds.IG_APP_ID,
        "client_secret": seeds.IG_APP_SECRET,
        "grant_type": "authorization_code",
        "redirect_uri": CALLBACK,
        "code": code,
        **(changes or {}),
    }
    return await meta.instagram("POST", "/oauth/access_token", data=form)


async def test_instagram_login_leads_to_a_long_token(meta: Meta) -> None:
    location = (await meta.instagram("GET", dialog("instagram"))).headers["location"]
    assert location.endswith("#_")
    code = parse_qs(urlsplit(location).query)["code"][0]
    (short,) = (await trade(meta, code)).json["data"]
    query = {
        "grant_type": "ig_exchange_token",
        "client_secret": seeds.IG_APP_SECRET,
        "access_token": short["access_token"],
    }
    long = (await meta.instagram("GET", f"/access_token?{urlencode(query)}")).json
    assert (long["token_type"], long["expires_in"]) == ("bearer", 5_183_944)
    assert "refresh_token" not in long
    options: JSON = {"token": long["access_token"], "face": "instagram"}
    assert (await meta.call("GET", "/me?fields=user_id", **options)).json["user_id"] == IG
    again = await trade(meta, code)
    assert (again.status, again.json["error_type"]) == (400, "OAuthException")


@pytest.mark.parametrize(
    "changes",
    [{"client_secret": "wrong"}, {"code": "nothing"}, {"redirect_uri": "https://x.example"}],
)
async def test_wrong_trade_is_refused(meta: Meta, changes: dict[str, str]) -> None:
    code = await code_of(meta.instagram, dialog("instagram"))
    answer = await trade(meta, code, changes)
    assert (answer.status, answer.json["code"]) == (400, 400)


async def test_short_token_can_come_flat(meta: Meta) -> None:
    meta.sandbox.set_option("instagram", "flat_token", True)
    code = await code_of(meta.instagram, dialog("instagram"))
    assert (await trade(meta, code)).json["user_id"] == IG


@pytest.mark.parametrize(
    ("path", "token", "extra", "code"),
    [
        ("/refresh_access_token", seeds.YOUNG_IG_TOKEN, {}, 100),
        ("/refresh_access_token", seeds.SHORT_IG_TOKEN, {}, 100),
        ("/refresh_access_token", "IGAnobody", {}, 190),
        ("/refresh_access_token", seeds.USER_TOKEN, {}, 190),
        ("/access_token", seeds.SHORT_IG_TOKEN, {"client_secret": "wrong"}, 1),
        ("/access_token", seeds.IG_TOKEN, {"client_secret": seeds.IG_APP_SECRET}, 100),
    ],
)
async def test_wrong_renewal_is_refused(
    meta: Meta, path: str, token: str, extra: dict[str, str], code: int
) -> None:
    grant = "ig_refresh_token" if path.startswith("/refresh") else "ig_exchange_token"
    query = urlencode({"grant_type": grant, "access_token": token, **extra})
    assert problem(await meta.instagram("GET", f"{path}?{query}"))[0] == code


async def test_instagram_token_is_renewed_until_it_has_expired(meta: Meta) -> None:
    query = urlencode({"grant_type": "ig_refresh_token", "access_token": seeds.IG_TOKEN})
    fresh = (await meta.instagram("GET", f"/refresh_access_token?{query}")).json
    assert fresh["expires_in"] == 5_183_944
    meta.sandbox.advance(61 * DAY)
    assert problem(await meta.instagram("GET", f"/refresh_access_token?{query}")) == (190, 463)


async def test_facebook_login_leads_to_a_long_token(meta: Meta) -> None:
    code = await code_of(meta.graph, dialog("graph", scope="pages_show_list"))
    query = {
        "client_id": seeds.APP_ID,
        "client_secret": seeds.APP_SECRET,
        "redirect_uri": CALLBACK,
        "code": code,
    }
    path = f"{V}/oauth/access_token?"
    short = (await meta.graph("GET", path + urlencode(query))).json
    assert problem(await meta.graph("GET", path + urlencode(query)))[0] == 100
    query = {
        "grant_type": "fb_exchange_token",
        "client_id": seeds.APP_ID,
        "client_secret": seeds.APP_SECRET,
        "fb_exchange_token": short["access_token"],
    }
    long = (await meta.graph("GET", path + urlencode(query))).json
    assert (long["expires_in"], "refresh_token" in long) == (5_183_944, False)
    assert (await meta.call("GET", "/me/accounts", token=long["access_token"])).status == 200


@pytest.mark.parametrize(
    ("face", "changes"),
    [
        ("graph", {"client_id": "1"}),
        ("graph", {"redirect_uri": "https://evil.example/"}),
        ("graph", {"client_id": seeds.LIVE_APP_ID, "redirect_uri": "http://localhost:1/x"}),
        ("instagram", {"client_id": seeds.APP_ID}),
        ("instagram", {"redirect_uri": "http://localhost:8080/callback"}),
    ],
)
async def test_wrong_dialog_shows_an_error_page(
    meta: Meta, face: str, changes: dict[str, str]
) -> None:
    remote = meta.instagram if face == "instagram" else meta.graph
    answer = await remote("GET", dialog(face, **changes))
    assert answer.status == 400
    assert "location" not in answer.headers


async def test_app_in_development_may_use_localhost(meta: Meta) -> None:
    answer = await meta.graph(
        "GET", dialog("graph", redirect_uri="http://localhost:8080/callback", scope="email")
    )
    assert answer.headers["location"].startswith("http://localhost:8080/callback?code=")


async def test_refusal_comes_back_as_an_error(meta: Meta) -> None:
    answer = await meta.instagram("GET", dialog("instagram", decision="deny"))
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (query["error"], query["error_reason"]) == (["access_denied"], ["user_denied"])


async def test_withdrawn_permissions_kill_all_tokens(meta: Meta) -> None:
    answer = await meta.call("DELETE", f"/{seeds.USER_ID}/permissions")
    assert answer.json == {"success": True}
    assert problem(await meta.page("GET", "/me")) == (190, 458)
