"""Google's side of identity: projects, clients, users, channels and their tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from utils.sandbox.google_errors import HEADER, ApiError, parameter_error
from utils.sandbox.server import Sandbox

SCOPE_PREFIX = "https://www.googleapis.com/auth/"

UPLOAD_SCOPES = frozenset({"youtube", "youtube.force-ssl", "youtube.upload", "youtubepartner"})
READ_SCOPES = frozenset({"youtube", "youtube.force-ssl", "youtube.readonly", "youtubepartner"})
EDIT_SCOPES = frozenset({"youtube", "youtube.force-ssl", "youtubepartner"})
CAPTION_SCOPES = frozenset({"youtube.force-ssl", "youtubepartner"})

ACCESS_SECONDS = 3599
UNUSED_SECONDS = 182 * 86_400
TESTING_SECONDS = 7 * 86_400
REFRESH_TOKENS_PER_USER = 100

DEMO_PROJECT = "demo-project"
DEMO_CLIENT_ID = "100000000001-demo.apps.googleusercontent.com"
DEMO_CLIENT_SECRET = "GOCSPX-demo"
DEMO_USER = "demo-user"
DEMO_CHANNEL = "UCdemo0000000000000000AA"
DEMO_ACCESS_TOKEN = "ya29.demo-access"
DEMO_REFRESH_TOKEN = "1//demo-refresh"
DEMO_SCOPES = ("youtube.upload", "youtube.readonly", "youtube.force-ssl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who makes a call, as its access token says."""

    user: str
    project: str
    scopes: frozenset[str]
    """Without the common prefix."""
    channel: str | None
    """None for a Google account that has no channel."""

    @property
    def own_channel(self) -> str:
        """Return the channel.

        Raises:
            ApiError: when the account has none.
        """
        if self.channel is None:
            raise ApiError(
                401,
                "youtubeSignupRequired",
                "Unauthorized",
                domain=HEADER,
                location="Authorization",
                location_type="header",
            )
        return self.channel


class GoogleAccounts:
    """The accounts of one sandbox; the API and the token endpoint share them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._clients = sandbox.collection("google.clients")
        self._users = sandbox.collection("google.users")
        self._channels = sandbox.collection("google.channels")
        self._tokens = sandbox.collection("google.tokens")

    def seed(self) -> None:
        """Create one project, one channel and its tokens."""
        if len(self._clients):
            return
        self.add_client(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_PROJECT)
        self.add_user(DEMO_USER, channel=DEMO_CHANNEL, title="Demo channel")
        refresh = self.grant(
            user=DEMO_USER,
            client_id=DEMO_CLIENT_ID,
            scopes=DEMO_SCOPES,
            token=DEMO_REFRESH_TOKEN,
        )
        self.issue_access(refresh, token=DEMO_ACCESS_TOKEN)

    def add_client(
        self,
        client_id: str,
        secret: str,
        project: str,
        *,
        kind: str = "desktop",
        redirects: tuple[str, ...] = (),
    ) -> None:
        """Register an OAuth client; `kind` is desktop or web."""
        document = {"secret": secret, "project": project, "kind": kind}
        self._clients.put(client_id, {**document, "redirects": list(redirects)})

    def add_user(self, user: str, *, channel: str | None, title: str = "", **facts: Any) -> None:
        """Create an account, with a channel or without one.

        Facts of the channel are `custom_thumbnails` (bool) and `long_uploads`
        (allowed, eligible or disallowed).
        """
        self._users.put(user, {"channel": channel})
        if channel is not None:
            facts = {"custom_thumbnails": True, "long_uploads": "allowed", **facts}
            created_at = self._sandbox.clock.now()
            document = {"title": title or user, "user": user, "created_at": created_at}
            self._channels.put(channel, {**document, **facts})

    def grant(
        self, *, user: str, client_id: str, scopes: tuple[str, ...], token: str | None = None
    ) -> str:
        """Create a refresh token; beyond 100 of one user and client the oldest dies."""
        mine = [
            key
            for key, row in self._tokens.items()
            if row["kind"] == "refresh" and (row["user"], row["client_id"]) == (user, client_id)
        ]
        for key in mine[: max(0, len(mine) + 1 - REFRESH_TOKENS_PER_USER)]:
            self._tokens.delete(key)
        token = token or f"1//{secrets.token_urlsafe(32)}"
        now = self._sandbox.clock.now()
        self._tokens.put(
            token,
            {
                "kind": "refresh",
                "user": user,
                "client_id": client_id,
                "project": self.require_client(client_id)["project"],
                "scopes": list(scopes),
                "created_at": now,
                "used_at": now,
            },
        )
        return token

    def issue_access(
        self, refresh_token: str, *, token: str | None = None, scopes: list[str] | None = None
    ) -> str:
        """Create an access token from a refresh token that is known to live."""
        row = self._tokens.get(refresh_token)
        if row is None:
            raise KeyError(refresh_token)
        now = self._sandbox.clock.now()
        self._tokens.put(refresh_token, {**row, "used_at": now})
        token = token or f"ya29.{secrets.token_urlsafe(48)}"
        access = {**row, "kind": "access", "created_at": now}
        access |= {"expires_at": now + self.access_seconds, "scopes": scopes or row["scopes"]}
        self._tokens.put(token, access)
        return token

    @property
    def access_seconds(self) -> int:
        return self._sandbox.options.switch("google_oauth", "access_seconds", ACCESS_SECONDS)

    def client(self, client_id: str) -> dict[str, Any] | None:
        """Return `{secret, project, kind, redirects}`."""
        return self._clients.get(client_id)

    def require_client(self, client_id: str) -> dict[str, Any]:
        client = self._clients.get(client_id)
        if client is None:
            raise KeyError(client_id)
        return client

    def channel(self, channel_id: str) -> dict[str, Any] | None:
        """Return `{title, user, created_at, custom_thumbnails, long_uploads}`."""
        return self._channels.get(channel_id)

    def change_channel(self, channel_id: str, **facts: Any) -> None:
        self._channels.put(channel_id, {**(self._channels.get(channel_id) or {}), **facts})

    def live_refresh(self, token: str, client_id: str) -> dict[str, Any] | None:
        """Return the row of a refresh token, or None when it is dead or not this client's."""
        row = self._tokens.get(token)
        if row is None or row["kind"] != "refresh" or row["client_id"] != client_id:
            return None
        now = self._sandbox.clock.now()
        testing = self._sandbox.options.switch("google_oauth", "testing_mode", default=False)
        if testing and now - row["created_at"] >= TESTING_SECONDS:
            return None
        return row if now - row["used_at"] < UNUSED_SECONDS else None

    def live_access(self, token: str) -> dict[str, Any] | None:
        """Return the row of an access token that has not expired."""
        row = self._tokens.get(token)
        if row is None or row["kind"] != "access":
            return None
        return row if self._sandbox.clock.now() < row["expires_at"] else None

    def expire(self, token: str) -> None:
        """End an access token now."""
        row = self._tokens.get(token)
        if row is not None:
            self._tokens.put(token, {**row, "expires_at": self._sandbox.clock.now()})

    def forget(self, token: str) -> None:
        """End one token alone."""
        self._tokens.delete(token)

    def revoke(self, token: str) -> bool:
        """End all tokens of this token's user and project; False when it is unknown."""
        row = self._tokens.get(token)
        if row is None:
            return False
        for key, other in self._tokens.items():
            if (other["user"], other["project"]) == (row["user"], row["project"]):
                self._tokens.delete(key)
        return True

    def caller(self, request: web.Request, accepted: frozenset[str] | None = None) -> Caller:
        """Return who makes this call.

        Raises:
            ApiError: without a live token, or when it has none of the `accepted` scopes.
        """
        row = self.live_access(bearer_token(request))
        if row is None:
            raise unauthorized("authError", "Invalid Credentials")
        scopes = frozenset(row["scopes"])
        if accepted is not None and not scopes & accepted:
            raise insufficient_scopes()
        channel = (self._users.get(row["user"]) or {}).get("channel")
        return Caller(user=row["user"], project=row["project"], scopes=scopes, channel=channel)


def bearer_token(request: web.Request) -> str:
    """Return the token of a request.

    Raises:
        ApiError: when there is none.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    if "key" in request.query:
        raise parameter_error("keyInvalid", "key", "API key not valid. Pass a valid API key.")
    raise unauthorized("required", "Login Required.")


def unauthorized(reason: str, message: str) -> ApiError:
    return ApiError(401, reason, message, location="Authorization", location_type="header")


def insufficient_scopes() -> ApiError:
    return ApiError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        detail={
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "domain": "googleapis.com",
        },
    )
