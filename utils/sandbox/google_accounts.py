"""Google's side of identity: projects, clients, users, channels and their tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from utils.sandbox.consent import Choice
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
WEB_CLIENT_ID = "100000000002-web.apps.googleusercontent.com"
WEB_CLIENT_SECRET = "GOCSPX-demo-web"
NO_CHANNEL_USER = "nora-user"
TWO_CHANNELS_USER = "tom-user"
FIRST_CHANNEL = "UCfirst000000000000000AA"
SECOND_CHANNEL = "UCsecond00000000000000AA"
CHANNEL_FACTS: dict[str, type] = {"title": str, "custom_thumbnails": bool, "long_uploads": str}
CALLBACK = "https://localhost/oauth/callback/google"


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
        self._consents = sandbox.collection("google.consents")

    def seed(self) -> None:
        """Create a project with two clients, people with one, no and two channels, and tokens."""
        if len(self._clients):
            return
        self.add_client(DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, DEMO_PROJECT)
        web = (WEB_CLIENT_ID, WEB_CLIENT_SECRET, DEMO_PROJECT)
        self.add_client(*web, kind="web", redirects=(CALLBACK,))
        self.add_user(DEMO_USER, channel=DEMO_CHANNEL, title="Demo channel", name="Ann")
        self.add_user(NO_CHANNEL_USER, channel=None, name="Nora")
        self.add_user(TWO_CHANNELS_USER, channel=FIRST_CHANNEL, title="Tom plays", name="Tom")
        self.add_channel(TWO_CHANNELS_USER, SECOND_CHANNEL, title="Tom cooks")
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

    def change_client(self, client_id: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Register a client or change it; redirect addresses are added.

        Raises:
            ValueError: for a change that is unknown.
        """
        rest = dict(changes)
        old = self._clients.get(client_id) or {"secret": "", "project": DEMO_PROJECT}
        redirects = [*old.get("redirects", []), *rest.pop("redirect_uris", [])]
        new = {
            "secret": rest.pop("client_secret", old["secret"]),
            "project": rest.pop("project", old["project"]),
            "kind": rest.pop("kind", old.get("kind", "web")),
            "redirects": list(dict.fromkeys(redirects)),
        }
        if rest or new["kind"] not in {"web", "desktop"}:
            raise ValueError(f"a client of Google has no {sorted(rest) or new['kind']}")
        self._clients.put(client_id, new)
        return new

    def clients(self) -> list[dict[str, Any]]:
        return [{"client_id": key, **row} for key, row in self._clients.items()]

    def add_user(
        self, user: str, *, channel: str | None, title: str = "", name: str = "", **facts: Any
    ) -> None:
        """Create an account, with a channel or without one.

        Facts of the channel are `custom_thumbnails` (bool) and `long_uploads`
        (allowed, eligible or disallowed).
        """
        name = name or user
        person = {"name": name, "email": f"{user}@demo.example", "tester": True}
        self._users.put(user, {**person, "channels": []})
        if channel is not None:
            self.add_channel(user, channel, title=title or name, **facts)

    def add_channel(self, user: str, channel: str, *, title: str, **facts: Any) -> None:
        """Give an account one more channel."""
        row = self.require_user(user)
        self._users.put(user, {**row, "channels": [*row["channels"], channel]})
        facts = {"custom_thumbnails": True, "long_uploads": "allowed", **facts}
        created_at = self._sandbox.clock.now()
        document = {"title": title, "user": user, "created_at": created_at}
        self._channels.put(channel, {**document, **facts})

    def users(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the ids of all accounts with `{name, email, tester, channels}`."""
        return list(self._users.items())

    def require_user(self, user: str) -> dict[str, Any]:
        row = self._users.get(user)
        if row is None:
            raise KeyError(user)
        return row

    def change_account(self, account: str, changes: dict[str, Any]) -> dict[str, Any]:
        """Change facts of a channel or of an account, named by its id.

        Raises:
            ValueError: when it is unknown, or a fact is.
        """
        rest = dict(changes)
        channel = self._channels.get(account)
        user = account if channel is None else str(channel["user"])
        person = self._users.get(user)
        if person is None:
            raise ValueError(f"there is no account or channel {account}")
        if "tester" in rest:
            self._users.put(user, {**person, "tester": bool(rest.pop("tester"))})
        if rest.pop("authorized", True) is False:
            self._forget_user(user)
        known = {name: rest.pop(name) for name in CHANNEL_FACTS if name in rest}
        wrong = [name for name, value in known.items() if type(value) is not CHANNEL_FACTS[name]]
        if rest or wrong or (known and channel is None):
            raise ValueError(f"cannot change {sorted({*rest, *wrong, *known})} of {account}")
        if channel is not None and known:
            self.change_channel(account, **known)
        return {"account": account, **(self._channels.get(account) or person)}

    def list_accounts(self) -> list[dict[str, Any]]:
        return [
            {"service": "google", "account": account.value, "user": user, "channel": channel}
            for user, row in self.users()
            for account, channel in account_choices(self, user, row)
        ]

    def _forget_user(self, user: str) -> None:
        for collection in (self._tokens, self._consents):
            for key, row in collection.items():
                if row["user"] == user:
                    collection.delete(key)

    def consent(self, user: str, client_id: str) -> dict[str, Any] | None:
        """Return `{scopes}` of the last consent, None when there was none."""
        return self._consents.get(f"{user}/{client_id}")

    def note_consent(self, user: str, client_id: str, scopes: list[str]) -> None:
        project = self.require_client(client_id)["project"]
        row = {"user": user, "project": project, "scopes": scopes}
        self._consents.put(f"{user}/{client_id}", row)

    def grant(
        self,
        *,
        user: str,
        client_id: str,
        scopes: tuple[str, ...],
        token: str | None = None,
        channel: str | None = None,
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
        row = self._token_row(user, client_id, list(scopes), channel)
        self._tokens.put(token, {**row, "kind": "refresh", "used_at": row["created_at"]})
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
        return self._put_access({**row, "scopes": scopes or row["scopes"]}, token)

    def issue_online(
        self, *, user: str, client_id: str, scopes: list[str], channel: str | None
    ) -> str:
        """Create an access token that nothing renews."""
        return self._put_access(self._token_row(user, client_id, scopes, channel), None)

    def _put_access(self, row: dict[str, Any], token: str | None) -> str:
        token = token or f"ya29.{secrets.token_urlsafe(48)}"
        now = self._sandbox.clock.now()
        access = {**row, "kind": "access", "created_at": now}
        self._tokens.put(token, {**access, "expires_at": now + self.access_seconds})
        return token

    def _token_row(
        self, user: str, client_id: str, scopes: list[str], channel: str | None
    ) -> dict[str, Any]:
        return {
            "user": user,
            "channel": channel,
            "client_id": client_id,
            "project": self.require_client(client_id)["project"],
            "scopes": scopes,
            "created_at": self._sandbox.clock.now(),
        }

    @property
    def access_seconds(self) -> int:
        return self._sandbox.options.switch("google_oauth", "access_seconds", ACCESS_SECONDS)

    @property
    def is_testing(self) -> bool:
        """Tell whether the consent screen is in testing: grants end after a week."""
        return self._sandbox.options.switch("google_oauth", "testing_mode", default=False)

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
        if self.is_testing and now - row["created_at"] >= TESTING_SECONDS:
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
        for collection in (self._tokens, self._consents):
            for key, other in collection.items():
                if (other["user"], other["project"]) == (row["user"], row["project"]):
                    collection.delete(key)
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
        channels = (self._users.get(row["user"]) or {"channels": []})["channels"]
        channel = row["channel"] or next(iter(channels), None)
        return Caller(user=row["user"], project=row["project"], scopes=scopes, channel=channel)


def account_choices(
    accounts: GoogleAccounts, user: str, row: dict[str, Any]
) -> list[tuple[Choice, str | None]]:
    """Return how an account can be chosen: once, or once for each of several channels."""
    channels: list[str] = row["channels"]
    if len(channels) < 2:
        channel = next(iter(channels), None)
        note = (accounts.channel(channel or "") or {"title": "no channel"})["title"]
        return [(Choice(value=user, label=row["name"], note=note), channel)]
    titles = {channel: (accounts.channel(channel) or {})["title"] for channel in channels}
    return [
        (Choice(value=f"{user}/{channel}", label=row["name"], note=title), channel)
        for channel, title in titles.items()
    ]


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
