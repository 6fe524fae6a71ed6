"""Signing in to Instagram itself (Business Login): no page of Facebook is needed.

Pages (developers.facebook.com/docs/instagram-platform): instagram-api-with-instagram-login/
business-login, 2026-03-13; reference/access_token, reference/oauth-authorize, 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri

from core.accounts.sign_in import (
    Candidate,
    Grant,
    SignIn,
    Visit,
    after,
    read_meta,
    split_scopes,
)
from core.platforms.faults import children, unreadable, words
from core.platforms.graph import META_ERRORS, VERSION, bearer, read_graph
from utils.http import JSON, Request, Response

BASIC = "instagram_business_basic"
PUBLISH = "instagram_business_content_publish"
PERSONAL = "PERSONAL"


class InstagramSignIn(SignIn):
    """The steps of Instagram: a code, a token for an hour, one for sixty days."""

    login: ClassVar[str] = "instagram"
    platform: ClassVar[str] = "instagram"
    app: ClassVar[str] = "instagram"
    asks: ClassVar[tuple[str, ...]] = (BASIC, PUBLISH, "instagram_business_manage_insights")
    needs: ClassVar[tuple[tuple[str, ...], ...]] = ((BASIC,), (PUBLISH,))
    options: ClassVar[Mapping[str, str]] = {"login": "instagram"}

    def loopback(self, kind: str) -> str:
        del kind
        # Only https is taken: nothing answers there, the address is copied out of the browser.
        return "https://localhost"

    def build_authorise(self, visit: Visit, state: str) -> str:
        address: str = prepare_grant_uri(
            f"{visit.base('instagram_web')}/oauth/authorize",
            visit.client_id,
            "code",
            redirect_uri=visit.redirect_uri,
            scope=",".join(self.asks),
            state=state,
        )
        return address

    def build_exchange(self, visit: Visit, code: str) -> Request:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": visit.client_id,
            "client_secret": visit.client_secret,
            "redirect_uri": visit.redirect_uri,
        }
        url = f"{visit.base('instagram_oauth')}/oauth/access_token"
        return Request(method="POST", url=url, form=form)

    def read_exchange(self, visit: Visit, response: Response, now: datetime) -> Grant:
        del visit
        value = _unwrapped(read_meta(response))
        if not words(value, "access_token"):
            raise unreadable(response)
        return Grant(
            access_token=words(value, "access_token"),
            expires_at=after(value, "expires_in", now),
            scopes=split_scopes(value, "permissions") if "permissions" in value else self.asks,
            user_id=words(value, "user_id"),
            stage="long",
        )

    def build_next(self, visit: Visit, grant: Grant) -> Request:
        base = visit.base("instagram")
        if grant.stage == "long":
            parameters = [
                ("grant_type", "ig_exchange_token"),
                ("client_secret", visit.client_secret),
                ("access_token", grant.access_token),
            ]
            # Without a version in its path, unlike all other calls.
            return Request(method="GET", url=add_params_to_uri(f"{base}/access_token", parameters))
        return Request(
            method="GET",
            url=f"{base}/{VERSION}/me?fields=user_id,username,account_type",
            headers=bearer(grant.access_token),
        )

    def read_next(self, visit: Visit, grant: Grant, response: Response, now: datetime) -> Grant:
        del visit
        if grant.stage == "long":
            value = read_meta(response)
            if not words(value, "access_token"):
                raise unreadable(response)
            token, end = words(value, "access_token"), after(value, "expires_in", now)
            return replace(grant, access_token=token, expires_at=end, stage="who")
        me = _unwrapped(read_graph(response, META_ERRORS))
        # ``id`` is another number: publishing needs ``user_id``.
        user_id = words(me, "user_id") or grant.user_id
        # Source: get-started of Instagram Login; its values: reference/user, read 2026-11-21.
        if not user_id or words(me, "account_type").upper() == PERSONAL:
            return replace(grant, stage="")
        name = words(me, "username") or user_id
        profile = Candidate(remote_id=user_id, name=name)
        return replace(grant, stage="", user_id=user_id, candidates=(profile,))


def _unwrapped(value: JSON) -> JSON:
    """Return the object that comes flat or as the only one in ``data``."""
    inner = children(value, "data")
    return inner[0] if inner else value
