"""Signing in to Google for a YouTube channel.

Pages (developers.google.com): identity/protocols/oauth2/web-server, 2026-09-14;
identity/protocols/oauth2/native-app, 2026; youtube/v3/docs/channels, 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from core.accounts.sign_in import (
    Candidate,
    Grant,
    SignIn,
    Visit,
    after,
    read_flat,
    split_scopes,
)
from core.errors import RemoteError
from core.platforms.faults import child, children, words
from core.platforms.youtube_faults import read_error
from utils.http import Request, Response

PREFIX = "https://www.googleapis.com/auth/"
UPLOAD, READ, EVERYTHING, MANAGE = (
    f"{PREFIX}youtube.upload",
    f"{PREFIX}youtube.readonly",
    f"{PREFIX}youtube.force-ssl",
    f"{PREFIX}youtube",
)
NO_CHANNEL = frozenset({"youtubeSignupRequired", "channelNotFound"})


class GoogleSignIn(SignIn):
    """The steps of Google; what a person may untick is compared with what is needed."""

    login: ClassVar[str] = "google"
    platform: ClassVar[str] = "youtube"
    app: ClassVar[str] = "google"
    asks: ClassVar[tuple[str, ...]] = (UPLOAD, READ, EVERYTHING)
    needs: ClassVar[tuple[tuple[str, ...], ...]] = (
        (UPLOAD, EVERYTHING, MANAGE),
        (READ, EVERYTHING, MANAGE),
    )

    def build_authorise(self, visit: Visit, state: str) -> str:
        address: str = prepare_grant_uri(
            f"{visit.base('google_accounts')}/o/oauth2/v2/auth",
            visit.client_id,
            "code",
            redirect_uri=visit.redirect_uri,
            scope=" ".join(self.asks),
            state=state,
            code_challenge=create_s256_code_challenge(visit.verifier),
            code_challenge_method="S256",
            # A refresh token comes for sure only when both are said.
            access_type="offline",
            prompt="consent",
        )
        return address

    def build_exchange(self, visit: Visit, code: str) -> Request:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": visit.client_id,
            "client_secret": visit.client_secret,
            "redirect_uri": visit.redirect_uri,
            "code_verifier": visit.verifier,
        }
        return Request(method="POST", url=f"{visit.base('google_oauth')}/token", form=form)

    def read_exchange(self, visit: Visit, response: Response, now: datetime) -> Grant:
        del visit
        value = read_flat(response)
        return Grant(
            access_token=words(value, "access_token"),
            refresh_token=words(value, "refresh_token"),
            expires_at=after(value, "expires_in", now),
            refresh_expires_at=after(value, "refresh_token_expires_in", now),
            # RFC 6749, section 5.1: without a scope all that was asked for is granted.
            scopes=split_scopes(value, "scope") if "scope" in value else self.asks,
            stage="who",
        )

    def build_next(self, visit: Visit, grant: Grant) -> Request:
        return Request(
            method="GET",
            url=f"{visit.base('youtube')}/youtube/v3/channels?part=id,snippet&mine=true",
            headers=_bearer(grant),
        )

    def read_next(self, visit: Visit, grant: Grant, response: Response, now: datetime) -> Grant:
        del visit, now
        if response.status != 200:
            error: RemoteError = read_error(response)
            if error.code in NO_CHANNEL:
                return replace(grant, stage="")
            raise error
        channels = tuple(
            Candidate(
                remote_id=words(item, "id"),
                name=words(child(item, "snippet"), "title") or words(item, "id"),
            )
            for item in children(response.json(), "items")
            if words(item, "id")
        )
        return replace(grant, stage="", candidates=channels)


def _bearer(grant: Grant) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {grant.access_token}"}
