from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.accounts.tokens import (
    RENEWALS,
    Tokens,
    build_refresh,
    can_refresh,
    is_due,
    read_refresh,
)
from core.errors import ErrorKind, RemoteError
from tests.platform_cases import ENDPOINTS, answer, graph_error

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
TOKENS = Tokens(
    access_token="old-access",
    refresh_token="old-refresh",
    client_id="app",
    client_secret="hush",
    expires_at=NOW,
    scopes=("a",),
)


def test_words_about_tokens_hide_them() -> None:
    shown = repr(TOKENS)
    assert not any(secret in shown for secret in ("old-access", "old-refresh", "hush"))
    assert "app" in shown


def test_google_renews_by_form() -> None:
    request = build_refresh("youtube", TOKENS, ENDPOINTS)
    assert (request.method, request.url) == ("POST", "http://oauth.test/token")
    assert request.form == {
        "grant_type": "refresh_token",
        "client_id": "app",
        "client_secret": "hush",
        "refresh_token": "old-refresh",
    }


def test_tiktok_calls_the_client_a_key() -> None:
    request = build_refresh("tiktok", TOKENS, ENDPOINTS)
    assert request.url == "http://tiktok.test/v2/oauth/token/"
    assert request.form is not None
    assert request.form["client_key"] == "app"
    assert "client_id" not in request.form


def test_instagram_exchanges_the_token_itself_and_hides_it_in_words() -> None:
    request = build_refresh("instagram", TOKENS, ENDPOINTS)
    assert request.method == "GET"
    assert request.url == (
        "http://instagram.test/refresh_access_token"
        "?grant_type=ig_refresh_token&access_token=old-access"
    )
    assert "old-access" not in repr(request)
    assert "hush" not in request.url


def test_google_keeps_the_refresh_token_when_none_comes() -> None:
    body = {"access_token": "new", "expires_in": 3599, "scope": "x y", "token_type": "Bearer"}
    tokens = read_refresh("youtube", TOKENS, answer(body), NOW)
    assert (tokens.access_token, tokens.refresh_token) == ("new", "old-refresh")
    assert tokens.expires_at == NOW + timedelta(seconds=3599)
    assert tokens.scopes == ("x", "y")
    assert tokens.client_secret == "hush"


def test_tiktok_replaces_the_refresh_token_and_splits_scopes_at_commas() -> None:
    body = {"access_token": "new", "refresh_token": "rotated", "expires_in": 7200, "scope": "x,y"}
    tokens = read_refresh("tiktok", TOKENS, answer(body), NOW)
    assert tokens.refresh_token == "rotated"
    assert tokens.scopes == ("x", "y")


def test_an_answer_without_scopes_or_end_keeps_what_is_known() -> None:
    tokens = read_refresh("instagram", TOKENS, answer({"access_token": "new"}), NOW)
    assert tokens.scopes == ("a",)
    assert tokens.expires_at is None


@pytest.mark.parametrize(
    ("platform", "status", "body", "kind"),
    [
        ("youtube", 400, {"error": "invalid_grant"}, ErrorKind.AUTH_REVOKED),
        ("youtube", 401, {"error": "invalid_client"}, ErrorKind.AUTH_REVOKED),
        ("youtube", 503, {}, ErrorKind.TRANSIENT),
        ("youtube", 429, {}, ErrorKind.RATE_LIMITED),
        ("youtube", 200, {}, ErrorKind.TRANSIENT),
        ("tiktok", 200, {"error": "invalid_grant"}, ErrorKind.AUTH_REVOKED),
        ("tiktok", 200, {"error": "server_error"}, ErrorKind.TRANSIENT),
    ],
)
def test_classifies_refusals(
    platform: str, status: int, body: dict[str, str], kind: ErrorKind
) -> None:
    with pytest.raises(RemoteError) as caught:
        read_refresh(platform, TOKENS, answer(body, status), NOW)
    assert caught.value.kind is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (190, ErrorKind.AUTH_REVOKED),
        (100, ErrorKind.AUTH_REVOKED),
        (2, ErrorKind.TRANSIENT),
        (4, ErrorKind.RATE_LIMITED),
    ],
)
def test_classifies_metas_refusals(code: int, kind: ErrorKind) -> None:
    with pytest.raises(RemoteError) as caught:
        read_refresh("instagram", TOKENS, graph_error(code), NOW)
    assert caught.value.kind is kind


def test_knows_which_accounts_can_be_renewed() -> None:
    bare = Tokens(access_token="x")
    assert can_refresh("youtube", TOKENS, {})
    assert not can_refresh("youtube", bare, {})
    assert can_refresh("instagram", bare, {"login": "instagram"})
    assert not can_refresh("instagram", bare, {})
    assert not can_refresh("facebook", TOKENS, {})
    assert not can_refresh("telegram", TOKENS, {})


@pytest.mark.parametrize("platform", sorted(RENEWALS))
def test_renews_some_time_before_the_end(platform: str) -> None:
    early = RENEWALS[platform].early
    assert is_due(platform, TOKENS, NOW - early)
    assert not is_due(platform, TOKENS, NOW - early - timedelta(seconds=1))
    assert not is_due(platform, Tokens(access_token="x"), NOW)
