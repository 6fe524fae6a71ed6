"""The Meta accounts that exist from the start, and what a caller needs to act for them."""

from __future__ import annotations

from typing import Any

from utils.sandbox.instagram_publishing import seed_foreign_media
from utils.sandbox.meta import DAY, MetaState

APP_ID = "640000000000001"
APP_SECRET = "sandbox-meta-secret"
LIVE_APP_ID = "640000000000002"
IG_APP_ID = "650000000000001"
IG_APP_SECRET = "sandbox-instagram-secret"

USER_ID = "10220000000000001"
IG_ID = "17841400000000001"
OTHER_IG_ID = "17841400000000002"
PAGE_ID = "61550000000000001"
OTHER_PAGE_ID = "61550000000000002"
READER_PAGE_ID = "61550000000000003"
ONE_PAGE_ID = "61550000000000004"
THREE_PAGE_IDS = ("61550000000000005", "61550000000000006", "61550000000000007")

NO_PAGE_USER_ID = "10220000000000002"
ONE_PAGE_USER_ID = "10220000000000003"
THREE_PAGES_USER_ID = "10220000000000004"
SECOND_IG_ID = "17841400000000003"
PERSONAL_IG_ID = "17841400000000004"
CONFIG_ID = "720000000000001"
"""A configuration of Facebook Login for Business that asks for all of USER_SCOPES."""

USER_TOKEN = "EAAsandboxKarvonUser0000000000000001"
SHORT_USER_TOKEN = "EAAsandboxKarvonShortUser00000000002"
POOR_USER_TOKEN = "EAAsandboxKarvonPoorUser000000000003"
PAGE_TOKEN = "EAAsandboxKarvonPage0000000000000004"
OTHER_PAGE_TOKEN = "EAAsandboxKarvonOtherPage00000000005"
READER_PAGE_TOKEN = "EAAsandboxKarvonReaderPage0000000006"
OTHER_USER_TOKEN = "EAAsandboxKarvonOtherUser00000000007"
IG_TOKEN = "IGAsandboxKarvonInstagram00000000008"
YOUNG_IG_TOKEN = "IGAsandboxKarvonYoung000000000000009"
SHORT_IG_TOKEN = "IGAsandboxKarvonShort000000000000010"

USER_SCOPES = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "read_insights",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_insights",
    "instagram_manage_contents",
]
IG_SCOPES = [
    "instagram_business_basic",
    "instagram_business_content_publish",
    "instagram_business_manage_insights",
]
ALL_TASKS = ["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE"]
LONG_SECONDS = 60 * DAY
SHORT_SECONDS = 3600.0


def seed(state: MetaState) -> None:
    """Create everything when nothing is there; the services that share it may all ask."""
    if len(state.apps):
        return
    _seed_apps(state)
    _seed_accounts(state)
    _seed_facebook_tokens(state)
    _seed_instagram_tokens(state)


def instagram_settings() -> dict[str, Any]:
    return {
        "platform": "instagram",
        "name": "karvon.ig",
        "remote_id": IG_ID,
        "access_token": USER_TOKEN,
        "client_id": APP_ID,
        "client_secret": APP_SECRET,
    }


def facebook_settings() -> dict[str, Any]:
    return {
        "platform": "facebook",
        "name": "Karvon Page",
        "remote_id": PAGE_ID,
        "access_token": PAGE_TOKEN,
        "client_id": APP_ID,
        "client_secret": APP_SECRET,
    }


def oauth_app(client_id: str, secret: str) -> dict[str, Any]:
    """Return an application as settings hold it; Meta knows none for the desktop."""
    return {"client_id": client_id, "client_secret": secret, "kind": "web"}


def _seed_apps(state: MetaState) -> None:
    callback, local = "https://karvon.example/oauth", "https://localhost/oauth/callback"
    app = {
        "secret": APP_SECRET,
        "product": "facebook",
        "mode": "development",
        "login": "business",
        "configs": {CONFIG_ID: USER_SCOPES},
        "redirect_uris": [
            *(f"{callback}/facebook", f"{callback}/instagram"),
            *(f"{local}/facebook", f"{local}/instagram_facebook", f"{local}/instagram"),
        ],
    }
    state.apps.put(APP_ID, app)
    state.apps.put(LIVE_APP_ID, {**app, "mode": "live"})
    instagram = {**app, "secret": IG_APP_SECRET, "product": "instagram"}
    state.apps.put(IG_APP_ID, instagram)


def _seed_accounts(state: MetaState) -> None:
    for user_id, name, ig_ids in (
        (USER_ID, "Karvon Owner", [IG_ID]),
        (NO_PAGE_USER_ID, "Nora Newcomer", []),
        (ONE_PAGE_USER_ID, "Olga Onepage", [SECOND_IG_ID]),
        (THREE_PAGES_USER_ID, "Tess Threepages", []),
    ):
        state.users.put(user_id, {"name": name, "ig_ids": ig_ids})
    for ig_id, username, kind in (
        (IG_ID, "karvon.ig", "BUSINESS"),
        (OTHER_IG_ID, "somebody.else", "BUSINESS"),
        (SECOND_IG_ID, "karvon.second", "MEDIA_CREATOR"),
        (PERSONAL_IG_ID, "ann.private", "PERSONAL"),
    ):
        account = {"username": username, "name": username, "account_type": kind}
        state.ig_users.put(ig_id, account)
        seed_foreign_media(state, ig_id, account)
    first, second, third = THREE_PAGE_IDS
    for page_id, name, owner, linked, tasks in (
        (PAGE_ID, "Karvon Page", USER_ID, IG_ID, ALL_TASKS),
        (OTHER_PAGE_ID, "Somebody's Page", "somebody", OTHER_IG_ID, ALL_TASKS),
        (READER_PAGE_ID, "Read-only Page", USER_ID, None, ["ANALYZE"]),
        (ONE_PAGE_ID, "Olga's Garden", ONE_PAGE_USER_ID, SECOND_IG_ID, ALL_TASKS),
        (first, "Tess Cooks", THREE_PAGES_USER_ID, None, ALL_TASKS),
        (second, "Tess Travels", THREE_PAGES_USER_ID, None, ["CREATE_CONTENT", "ANALYZE"]),
        (third, "Tess Reads", THREE_PAGES_USER_ID, None, ["ANALYZE", "MODERATE"]),
    ):
        state.pages.put(page_id, {"name": name, "ig_id": linked, "tasks": tasks, "owner": owner})


def _seed_facebook_tokens(state: MetaState) -> None:
    now = state.now()
    user = {
        "kind": "user",
        "user_id": USER_ID,
        "page_id": None,
        "pages": None,
        "ig_ids": [IG_ID],
        "scopes": USER_SCOPES,
        "app_id": APP_ID,
        "issued_at": now,
        "expires_at": now + LONG_SECONDS,
        "long": True,
    }
    short = {**user, "expires_at": now + SHORT_SECONDS, "long": False}
    state.tokens.put(USER_TOKEN, user)
    state.tokens.put(SHORT_USER_TOKEN, short)
    state.tokens.put(POOR_USER_TOKEN, {**user, "scopes": ["instagram_basic"]})
    state.tokens.put(OTHER_USER_TOKEN, {**user, "user_id": "somebody", "ig_ids": [OTHER_IG_ID]})
    page = {**user, "kind": "page", "page_id": PAGE_ID, "expires_at": None}
    state.tokens.put(PAGE_TOKEN, page)
    other = {**page, "page_id": OTHER_PAGE_ID, "ig_ids": [OTHER_IG_ID]}
    state.tokens.put(OTHER_PAGE_TOKEN, other)
    state.tokens.put(READER_PAGE_TOKEN, {**page, "page_id": READER_PAGE_ID, "ig_ids": []})


def _seed_instagram_tokens(state: MetaState) -> None:
    now = state.now()
    token = {
        "kind": "instagram",
        "user_id": IG_ID,
        "page_id": None,
        "pages": None,
        "ig_ids": [IG_ID],
        "scopes": IG_SCOPES,
        "app_id": IG_APP_ID,
        "issued_at": now - 2 * DAY,
        "expires_at": now + LONG_SECONDS - 2 * DAY,
        "long": True,
    }
    young = {**token, "issued_at": now, "expires_at": now + LONG_SECONDS}
    state.tokens.put(IG_TOKEN, token)
    state.tokens.put(YOUNG_IG_TOKEN, young)
    short = {**young, "expires_at": now + SHORT_SECONDS, "long": False}
    state.tokens.put(SHORT_IG_TOKEN, short)
