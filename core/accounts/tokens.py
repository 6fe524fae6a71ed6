"""Access tokens: what an account holds, and the pairs that renew them and take them back.

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
from core.platforms.graph import VERSION
from utils.http import JSON, Request, Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What an account may do and how it is renewed; secrets stay out of ``repr``."""

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    """Empty where the platform has none; for a Facebook Page, the token of the person that the
    Page's was made with: only with it the access can be taken back."""
    expires_at: datetime | None = None
    """End of the access token; None when it has none or it is not known."""
    refresh_expires_at: datetime | None = None
    """End of the refresh token; None when it has none or it is not known."""
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


DEAD = frozenset({"invalid_token", "invalid_grant", "190"})
"""Codes of a token that is not alive any more."""
REMOVE_AT = {
    "youtube": "the settings of your Google account, among the apps with access to it",
    "tiktok": "the settings of the TikTok app, among the apps with access to your account",
    "instagram": "the settings of Instagram, among the connected apps",
    "facebook": "the settings of Facebook, among the connected apps",
    "telegram": "the channel's list of administrators",
}
"""Where a person takes an application's access away by hand."""


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
    return _by_instagram(options)


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
    return renewal.build(tokens, _base(endpoints, renewal.endpoint))


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
    seconds, longer = whole(value, "expires_in"), _refresh_seconds(value)
    scopes = words(value, "scope").replace(RENEWALS[platform].separator, " ").split()
    return replace(
        tokens,
        access_token=access_token,
        # Google sends none and means the old one; TikTok's new one replaces it.
        refresh_token=words(value, "refresh_token") or tokens.refresh_token,
        expires_at=now + timedelta(seconds=seconds) if seconds else None,
        refresh_expires_at=now + timedelta(seconds=longer)
        if longer
        else tokens.refresh_expires_at,
        scopes=tuple(scopes) or tokens.scopes,
    )


def build_revocation(
    platform: str, tokens: Tokens, options: Mapping[str, str], endpoints: Mapping[str, str]
) -> Request | None:
    """Build the call that takes Karvon's access back; None where there is none to make.

    Source: Google, identity/protocols/oauth2/web-server, 2026-09-14 (it ends the whole grant of
    the project); TikTok, oauth-user-access-token-management, 2026-11-02; Facebook, graph-api
    reference user/permissions, undated copy. Instagram Login documents none, a Telegram bot's
    token belongs to the bot.
    """
    match platform:
        case "youtube":
            token = tokens.refresh_token or tokens.access_token
            return _form(f"{_base(endpoints, 'google_oauth')}/revoke", {"token": token})
        case "tiktok":
            form = {
                "client_key": tokens.client_id,
                "client_secret": tokens.client_secret,
                "token": tokens.access_token,
            }
            return _form(f"{_base(endpoints, 'tiktok')}/v2/oauth/revoke/", form)
        case "facebook" | "instagram" if options.get("user_id") and not _by_instagram(options):
            user = f"{_base(endpoints, 'graph')}/{VERSION}/{options['user_id']}"
            token = tokens.refresh_token or tokens.access_token
            headers = {"authorization": f"Bearer {token}"}
            return Request(method="DELETE", url=f"{user}/permissions", headers=headers)
        case _:
            return None


def read_revocation(response: Response) -> None:
    """Read its answer.

    A token that is unknown or dead already is as good as one taken back: Google says
    ``invalid_token``, TikTok ``invalid_grant``, Meta 190.

    Raises:
        RemoteError: the platform did not take the access back.
    """
    value = response.json()
    fault = _read_fault(response, value)
    if response.status < 300 and not value.get("error"):
        return
    if fault.code not in DEAD:
        raise classify(ERRORS, fault)


def _refresh_seconds(value: JSON) -> int | None:
    """Read how long the refresh token lives.

    Source: TikTok ``refresh_expires_in`` (oauth-user-access-token-management, 2026-11-02); Google
    ``refresh_token_expires_in``, for time-limited grants only (identity/protocols/oauth2).
    """
    return whole(value, "refresh_expires_in") or whole(value, "refresh_token_expires_in")


def _by_instagram(options: Mapping[str, str]) -> bool:
    return options.get("login") == "instagram"


def _base(endpoints: Mapping[str, str], key: str) -> str:
    return endpoints[key].rstrip("/")


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
