"""Renewing access tokens: what an account holds, and the pairs that build and read a renewal.

A renewal is made under a lock, one at a time for an account, and the answer is saved before the
new token is used: TikTok's old refresh token is dead from then on. Facebook has no renewal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from core.errors import ErrorKind
from core.platforms.base import ErrorRow
from core.platforms.faults import Fault, child, classify, header_wait, unreadable, whole, words
from utils.http import JSON, Request, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What an account may do and how it is renewed; secrets stay out of ``repr``."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    """Empty where the platform has none."""
    expires_at: datetime | None = None
    """End of the access token; None when it has none or it is not known."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    scopes: tuple[str, ...] = ()
    """What was granted, which may be less than what was asked for."""


# Source: developers.google.com/identity/protocols/oauth2, 2026-05-26;
# developers.tiktok.com/doc/oauth-error-handling, 2026; developers.facebook.com Instagram Platform
# refresh_access_token, 2026. A refused renewal is never repeated: the owner connects anew.
ERRORS = (
    ErrorRow(kind=ErrorKind.RATE_LIMITED, status=429, wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="server_error"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="temporarily_unavailable"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="1"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="2"),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, code="4", wait_seconds=3600.0),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, status=200),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, status=400),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, status=401),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, status=403),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """How one platform renews."""

    endpoint: str
    """Key of the base address."""
    build: Callable[[Tokens, str], Request]
    early: timedelta
    """How long before its end a token is renewed."""
    separator: str = " "
    """Between the scopes in the answer."""
    by_refresh_token: bool = True
    """False: the access token itself is exchanged while it lives."""


def build_google(tokens: Tokens, base: str) -> Request:
    """Build Google's renewal. Source: developers.google.com/identity/protocols/oauth2."""
    return _form(
        f"{base}/token",
        {
            "grant_type": "refresh_token",
            "client_id": tokens.client_id,
            "client_secret": tokens.client_secret,
            "refresh_token": tokens.refresh_token,
        },
    )


def build_tiktok(tokens: Tokens, base: str) -> Request:
    """Build TikTok's renewal, whose client id is called ``client_key``."""
    return _form(
        f"{base}/v2/oauth/token/",
        {
            "grant_type": "refresh_token",
            "client_key": tokens.client_id,
            "client_secret": tokens.client_secret,
            "refresh_token": tokens.refresh_token,
        },
    )


def build_instagram(tokens: Tokens, base: str) -> Request:
    """Build the exchange of a long-lived token: no version, no secret, a token ≥ 24 h old."""
    query = {"grant_type": "ig_refresh_token", "access_token": tokens.access_token}
    return Request(method="GET", url=f"{base}/refresh_access_token?{urlencode(query)}")


# Source of ``early``: Google's own client renews 3 min 45 s before; TikTok tokens live 2 h since
# 2026-11-02; Instagram's live 60 days and may be renewed once they are a day old.
RENEWALS = {
    "youtube": Renewal(endpoint="google_oauth", build=build_google, early=timedelta(minutes=5)),
    "tiktok": Renewal(
        endpoint="tiktok", build=build_tiktok, early=timedelta(minutes=10), separator=","
    ),
    "instagram": Renewal(
        endpoint="instagram",
        build=build_instagram,
        early=timedelta(days=30),
        separator=",",
        by_refresh_token=False,
    ),
}


def can_refresh(platform: str, tokens: Tokens, options: Mapping[str, str]) -> bool:
    """Return whether this account's token can be renewed without its owner.

    ``options`` are the account's: Instagram renews only with ``login = instagram``.
    """
    renewal = RENEWALS.get(platform)
    if renewal is None:
        return False
    if renewal.by_refresh_token:
        return bool(tokens.refresh_token)
    return options.get("login") == "instagram"


def is_due(platform: str, tokens: Tokens, now: datetime) -> bool:
    """Return whether the token should be renewed before it is used again."""
    renewal = RENEWALS.get(platform)
    if renewal is None or tokens.expires_at is None:
        return False
    return now >= tokens.expires_at - renewal.early


def build_refresh(platform: str, tokens: Tokens, endpoints: Mapping[str, str]) -> Request:
    """Build the renewal; only where `can_refresh`.

    ``endpoints`` are base addresses without a trailing slash, by settings key.
    """
    renewal = RENEWALS[platform]
    return renewal.build(tokens, endpoints[renewal.endpoint].rstrip("/"))


def read_refresh(platform: str, tokens: Tokens, response: Response, now: datetime) -> Tokens:
    """Read the new tokens; ``now`` is when the answer came.

    Raises:
        RemoteError: ``AUTH_REVOKED`` when the owner must connect anew, else what the server said.
    """
    value = response.json()
    # TikTok has answered errors with HTTP 200.
    if response.status >= 300 or value.get("error"):
        raise classify(ERRORS, _read_fault(response, value))
    access_token = words(value, "access_token")
    if not access_token:
        raise unreadable(response)
    seconds = whole(value, "expires_in")
    scopes = words(value, "scope").replace(RENEWALS[platform].separator, " ").split()
    return replace(
        tokens,
        access_token=access_token,
        # Google sends none and means the old one; TikTok's new one replaces it.
        refresh_token=words(value, "refresh_token") or tokens.refresh_token,
        expires_at=now + timedelta(seconds=seconds) if seconds else None,
        scopes=tuple(scopes) or tokens.scopes,
    )


def _form(url: str, form: dict[str, str]) -> Request:
    return Request(method="POST", url=url, form={key: item for key, item in form.items() if item})


def _read_fault(response: Response, value: JSON) -> Fault:
    """Read ``{error, error_description}`` or Meta's ``{"error": {"message", "code"}}``."""
    error = child(value, "error")
    code = words(error, "code") or words(value, "error")
    return Fault(
        status=response.status,
        code=code,
        message=words(error, "message") or words(value, "error_description") or code,
        wait=header_wait(response.headers),
    )
