"""Signs an account in again at the stand-ins, as its owner does with a browser."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

JSON = dict[str, Any]
VERIFIER = "v" * 50
HOME = "http://127.0.0.1:50123/oauth/callback"
GOOGLE = "https://www.googleapis.com/auth/"
PAGES = {
    "youtube": ("google_accounts", "/o/oauth2/v2/auth", "google_oauth", "/token"),
    "tiktok": ("tiktok_web", "/v2/auth/authorize/", "tiktok", "/v2/oauth/token/"),
}
"""Endpoint and path of the page of consent and of the token server."""
SCOPES = {
    "youtube": tuple(
        GOOGLE + name for name in ("youtube.upload", "youtube.readonly", "youtube.force-ssl")
    ),
    "tiktok": ("user.info.basic", "video.publish", "video.upload", "video.list"),
}
SEPARATORS = {"youtube": " ", "tiktok": ","}


class SignInError(Exception):
    """A fault on command hit the sign-in; a person tries again."""


async def sign_in(session: aiohttp.ClientSession, settings: JSON, account: JSON) -> JSON:
    """Return the account of the settings with the tokens of a new sign-in.

    Raises:
        SignInError: a fault on command hit it; a person tries again.
    """
    platform = account["platform"]
    page, consent, server, token = PAGES[platform]
    base = settings["endpoints"]
    try:
        code = await _consent(session, f"{base[page]}{consent}", account)
        form = _form(platform, account) | {"code": code}
        async with session.post(f"{base[server]}{token}", data=form) as answer:
            told: JSON = await answer.json(content_type=None)
    except (aiohttp.ClientError, ValueError) as error:
        raise SignInError(str(error)) from error
    if "access_token" not in told:
        raise SignInError(f"no sign-in: {told}")
    tokens = {name: told[name] for name in ("access_token", "refresh_token")}
    return {**account, **tokens}


async def _consent(session: aiohttp.ClientSession, page: str, account: JSON) -> str:
    platform = account["platform"]
    client = "client_key" if platform == "tiktok" else "client_id"
    scopes = SCOPES[platform]
    query = [
        (client, account["client_id"]),
        ("redirect_uri", _home(platform)),
        ("response_type", "code"),
        ("scope", SEPARATORS[platform].join(scopes)),
        ("decision", "allow"),
        *(("granted", scope) for scope in scopes),
    ]
    if platform == "tiktok":
        challenge = hashlib.sha256(VERIFIER.encode()).hexdigest()
        query += [("code_challenge", challenge), ("code_challenge_method", "S256")]
        query += [("account", account["remote_id"])]
    async with session.get(f"{page}?{urlencode(query)}", allow_redirects=False) as answer:
        back = parse_qs(urlsplit(answer.headers.get("location", "")).query)
    if "code" not in back:
        raise SignInError(f"no code: {answer.status}")
    return back["code"][0]


def _form(platform: str, account: JSON) -> JSON:
    client = "client_key" if platform == "tiktok" else "client_id"
    form = {
        client: account["client_id"],
        "client_secret": account["client_secret"],
        "grant_type": "authorization_code",
        "redirect_uri": _home(platform),
    }
    return form | ({"code_verifier": VERIFIER} if platform == "tiktok" else {})


def _home(platform: str) -> str:
    return f"{HOME}/{'google' if platform == 'youtube' else platform}"
