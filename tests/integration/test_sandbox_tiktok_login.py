from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest

from tests.sandbox_kit import Answer, new_session
from tests.sandbox_tiktok_client import (
    AUTHORIZE,
    CREATOR,
    PROCESSING,
    REDIRECT,
    TOKEN,
    VERIFIER,
    TikTokClient,
)
from utils.sandbox import tiktok
from utils.sandbox.server import Sandbox, SandboxOptions


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(SandboxOptions(processing_seconds=PROCESSING)) as running:
        running.set_option("tiktok", "rate_limits", False)
        yield running


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[TikTokClient]:
    async with new_session() as session:
        yield TikTokClient(sandbox, session)


def authorization(**changes: str | None) -> str:
    query = {
        "client_key": tiktok.CLIENT_KEY,
        "scope": "user.info.basic,video.publish",
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "state": "a b",
        "code_challenge": hashlib.sha256(VERIFIER.encode()).hexdigest(),
        "code_challenge_method": "S256",
        **changes,
    }
    return f"{AUTHORIZE}?{urlencode({k: v for k, v in query.items() if v is not None})}"


async def log_in(client: TikTokClient, **changes: str | None) -> dict[str, str]:
    page = await client.remote("GET", authorization(**changes))
    assert page.status == 200
    assert b"Allow" in page.body
    answer = await client.remote(
        "GET",
        authorization(decision="allow", **changes)
        + "&granted=video.publish&granted=user.info.basic",
    )
    assert answer.status == 302
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


async def exchange(client: TikTokClient, code: str, **changes: str) -> Answer:
    form = {
        "client_key": tiktok.CLIENT_KEY,
        "client_secret": tiktok.CLIENT_SECRET,
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        **changes,
    }
    return await client.remote("POST", TOKEN, data=form)


async def test_login_gives_a_token_once(client: TikTokClient) -> None:
    back = await log_in(client)
    assert back["state"] == "a b"
    answer = await exchange(client, back["code"])
    token = answer.json
    assert (answer.status, token["scope"]) == (200, "user.info.basic,video.publish")
    assert (token["expires_in"], token["refresh_expires_in"]) == (7200, 180 * 86_400)
    assert (await client.call(CREATOR, token=token["access_token"])).status == 200
    assert (await exchange(client, back["code"])).json["error"] == "invalid_grant"


async def test_person_may_grant_a_part(client: TikTokClient) -> None:
    url = authorization(decision="allow") + "&granted=user.info.basic"
    location = (await client.remote("GET", url)).headers["location"]
    back = parse_qs(urlsplit(location).query)
    token = (await exchange(client, back["code"][0])).json
    assert (back["scopes"], token["scope"]) == (["user.info.basic"], "user.info.basic")
    assert (await client.call(CREATOR, token=token["access_token"])).status == 401


async def test_refusal_comes_back_as_an_error(client: TikTokClient) -> None:
    answer = await client.remote("GET", authorization(decision="deny"))
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert (back["error"], back["state"]) == (["access_denied"], ["a b"])


async def test_code_must_be_decoded_first(client: TikTokClient) -> None:
    answer = await client.remote("GET", authorization(decision="allow"))
    raw = urlsplit(answer.headers["location"]).query.split("&")[0].partition("=")[2]
    assert "%" in raw
    assert (await exchange(client, raw)).json["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_key": "nobody"},
        {"redirect_uri": "http://127.0.0.1:5005/elsewhere"},
        {"redirect_uri": "http://127.0.0.1/callback/"},
        {"redirect_uri": f"{REDIRECT}?next=1"},
        {"redirect_uri": f"{REDIRECT}#top"},
        {"redirect_uri": "https://karvon.example/oauth/tiktok"},
        {"client_key": tiktok.WEB_CLIENT_KEY},
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
        {"client_id": "x"},
        {
            "code_challenge": base64.urlsafe_b64encode(
                hashlib.sha256(VERIFIER.encode()).digest()
            ).decode()
        },
    ],
    ids=str,
)
async def test_wrong_authorization_shows_an_error_page(
    client: TikTokClient, changes: dict[str, str | None]
) -> None:
    answer = await client.remote("GET", authorization(**changes))
    assert answer.status == 400
    assert "location" not in answer.headers


async def test_web_client_needs_no_challenge(client: TikTokClient) -> None:
    address = "https://karvon.example/oauth/tiktok"
    url = authorization(
        client_key=tiktok.WEB_CLIENT_KEY, redirect_uri=address, code_challenge=None
    )
    assert (await client.remote("GET", url)).status == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 50}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:5006/callback/"}, "invalid_grant"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_wrong_exchange_is_refused_flat(
    client: TikTokClient, changes: dict[str, str], error: str
) -> None:
    back = await log_in(client)
    answer = await exchange(client, back["code"], **changes)
    assert (answer.status, answer.json["error"]) == (400, error)
    assert {"error_description", "log_id"} <= set(answer.json)


async def test_parameter_is_called_client_key(client: TikTokClient) -> None:
    form = {"client_id": tiktok.CLIENT_KEY, "client_secret": tiktok.CLIENT_SECRET}
    answer = await client.remote("POST", TOKEN, data=form)
    assert answer.json["error"] == "invalid_request"


async def test_token_endpoint_takes_forms_only(client: TikTokClient) -> None:
    answer = await client.remote("POST", TOKEN, json={"grant_type": "refresh_token"})
    assert answer.json["error"] == "invalid_request"


async def test_refresh_rotates_and_the_old_token_dies(client: TikTokClient) -> None:
    fresh = (await client.refresh(tiktok.REFRESH_TOKEN)).json
    assert fresh["refresh_token"] != tiktok.REFRESH_TOKEN
    assert (await client.call(CREATOR, token=fresh["access_token"])).status == 200
    assert (await client.refresh(tiktok.REFRESH_TOKEN)).json["error"] == "invalid_grant"
    assert (await client.refresh(fresh["refresh_token"])).status == 200


async def test_lost_answer_of_a_refresh_costs_the_old_token(client: TikTokClient) -> None:
    client.sandbox.faults.add({"service": "tiktok", "step": "token", "action": "drop_answer"})
    with pytest.raises(aiohttp.ClientError):
        await client.refresh(tiktok.REFRESH_TOKEN)
    assert (await client.refresh(tiktok.REFRESH_TOKEN)).json["error"] == "invalid_grant"


async def test_old_lifetimes_and_errors_with_200_can_be_switched_on(client: TikTokClient) -> None:
    client.sandbox.set_option("tiktok", "access_seconds", 86_400)
    client.sandbox.set_option("tiktok", "refresh_seconds", 365 * 86_400)
    client.sandbox.set_option("tiktok", "rotate", False)
    client.sandbox.set_option("tiktok", "oauth_error_status", 200)
    fresh = (await client.refresh(tiktok.REFRESH_TOKEN)).json
    assert (fresh["expires_in"], fresh["refresh_token"]) == (86_400, tiktok.REFRESH_TOKEN)
    refused = await client.refresh("rft.nobody")
    assert (refused.status, refused.json["error"]) == (200, "invalid_grant")


async def test_revoked_tokens_are_dead(client: TikTokClient) -> None:
    form = {
        "client_key": tiktok.CLIENT_KEY,
        "client_secret": tiktok.CLIENT_SECRET,
        "token": tiktok.ACCESS_TOKEN,
    }
    answer = await client.remote("POST", "/v2/oauth/revoke/", data=form)
    assert (answer.status, answer.json) == (200, {})
    assert (await client.call(CREATOR)).status == 401
    assert (await client.refresh(tiktok.REFRESH_TOKEN)).json["error"] == "invalid_grant"
