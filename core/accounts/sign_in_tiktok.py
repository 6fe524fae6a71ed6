"""Signing in to TikTok.

Pages (developers.tiktok.com/doc): login-kit-web, login-kit-desktop, 2026;
oauth-user-access-token-management, 2026-11-02; tiktok-api-v2-get-user-info, 2026.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from authlib.common.urls import add_params_to_uri

from core.accounts.sign_in import (
    Candidate,
    Grant,
    SignIn,
    Visit,
    after,
    hex_challenge,
    read_flat,
    split_scopes,
)
from core.platforms.faults import child, unreadable, words
from core.platforms.tiktok_faults import read_data
from utils.http import Request, Response


class TikTokSignIn(SignIn):
    """The steps of TikTok: ``client_key``, commas, and a verifier only for desktop."""

    login: ClassVar[str] = "tiktok"
    platform: ClassVar[str] = "tiktok"
    app: ClassVar[str] = "tiktok"
    asks: ClassVar[tuple[str, ...]] = (
        "user.info.basic",
        "video.publish",
        "video.upload",
        "video.list",
    )
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (("user.info.basic",), ("video.publish",))

    def loopback(self, kind: str) -> str:
        # A web application comes back over https only, a desktop one on loopback only.
        return "http://127.0.0.1:{port}" if kind == "desktop" else ""

    def build_authorise(self, visit: Visit, state: str) -> str:
        parameters = [
            ("client_key", visit.client_id),
            ("response_type", "code"),
            ("scope", ",".join(self.asks)),
            ("redirect_uri", visit.redirect_uri),
            ("state", state),
        ]
        if visit.kind == "desktop":
            parameters += [
                ("code_challenge", hex_challenge(visit.verifier)),
                ("code_challenge_method", "S256"),
            ]
        else:
            # Else who allowed it once never sees the page, and cannot choose another profile.
            parameters.append(("disable_auto_auth", "1"))
        page = f"{visit.base('tiktok_web')}/v2/auth/authorize/"
        address: str = add_params_to_uri(page, parameters)
        return address

    def build_exchange(self, visit: Visit, code: str) -> Request:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_key": visit.client_id,
            "client_secret": visit.client_secret,
            "redirect_uri": visit.redirect_uri,
        }
        if visit.kind == "desktop":
            form["code_verifier"] = visit.verifier
        return Request(method="POST", url=f"{visit.base('tiktok')}/v2/oauth/token/", form=form)

    def read_exchange(self, visit: Visit, response: Response, now: datetime) -> Grant:
        del visit
        value = read_flat(response)
        open_id = words(value, "open_id")
        if not open_id:
            raise unreadable(response)
        return Grant(
            access_token=words(value, "access_token"),
            refresh_token=words(value, "refresh_token"),
            expires_at=after(value, "expires_in", now),
            refresh_expires_at=after(value, "refresh_expires_in", now),
            scopes=split_scopes(value, "scope"),
            user_id=open_id,
            stage="who",
        )

    def build_next(self, visit: Visit, grant: Grant) -> Request:
        return Request(
            method="GET",
            url=f"{visit.base('tiktok')}/v2/user/info/?fields=open_id,display_name",
            headers={"Authorization": f"Bearer {grant.access_token}"},
        )

    def read_next(self, visit: Visit, grant: Grant, response: Response, now: datetime) -> Grant:
        del visit, now
        user = child(read_data(response), "user")
        name = words(user, "display_name") or grant.user_id
        profile = Candidate(remote_id=grant.user_id, name=name)
        return replace(grant, stage="", candidates=(profile,))
