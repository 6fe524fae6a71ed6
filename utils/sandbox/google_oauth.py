"""Google's OAuth stand-in: the token endpoint, revoking, and the page of consent."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from typing import Any, ClassVar

from aiohttp import web

from utils.sandbox.consent import grant_step
from utils.sandbox.google_accounts import (
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    SCOPE_PREFIX,
    TESTING_SECONDS,
    GoogleAccounts,
)
from utils.sandbox.google_consent import GoogleConsent, check_registration
from utils.sandbox.server import Sandbox, Service

CODE_SECONDS = 600
VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
FORM = "application/x-www-form-urlencoded"

STEPS = {
    "/o/oauth2/v2/auth": "authorize",
    "/token": "token",
    "/revoke": "revoke",
    "/tokeninfo": "inspect",
}


class TokenError(Exception):
    """A refusal of the token endpoint."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status

    def response(self) -> web.Response:
        body = {"error": self.error, "error_description": str(self)}
        return web.json_response(body, status=self.status)


class GoogleOAuth(Service):
    """accounts.google.com and oauth2.googleapis.com at one address.

    Switches: ``auto_consent`` (allow or deny without a page), ``login_as`` (who is chosen
    when nobody says), ``testing_mode``, ``access_seconds``.
    """

    name: ClassVar[str] = "google_oauth"
    plays: ClassVar[tuple[str, ...]] = ("google",)

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.accounts = GoogleAccounts(sandbox)
        self._consent = GoogleConsent(sandbox, self.name, self.accounts)
        self._codes = sandbox.collection("google.codes")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/o/oauth2/v2/auth", self._consent.authorize),
            web.post("/token", self.token),
            web.post("/revoke", self.revoke),
            web.get("/tokeninfo", self.inspect),
        ]

    def step(self, request: web.Request) -> str:
        return STEPS.get(request.path, "other")

    def also(self, request: web.Request) -> tuple[str, ...]:
        return grant_step(request) if self.step(request) == "token" else ()

    def error(self, status: int, message: str) -> web.Response:
        error = "internal_failure" if status >= 500 else "invalid_request"
        return TokenError(error, message, status).response()

    def seed(self) -> None:
        self.accounts.seed()

    def settings(self) -> dict[str, Any]:
        app = {"client_id": DEMO_CLIENT_ID, "client_secret": DEMO_CLIENT_SECRET}
        return {"oauth": {"google": {**app, "kind": "desktop"}}}

    def apps(self) -> list[dict[str, Any]]:
        return [{"service": "google", **client} for client in self.accounts.clients()]

    def change_app(self, client_id: str, changes: dict[str, Any]) -> dict[str, Any]:
        for address in changes.get("redirect_uris", []):
            check_registration(str(address))
        client = self.accounts.change_client(client_id, changes)
        return {"service": "google", "client_id": client_id, **client}

    def list_accounts(self) -> list[dict[str, Any]]:
        return self.accounts.list_accounts()

    def change_account(self, account: str, changes: dict[str, Any]) -> dict[str, Any]:
        return self.accounts.change_account(account, changes)

    async def token(self, request: web.Request) -> web.Response:
        try:
            form = await self._form(request)
            client_id = self._checked_client(request, form)
            also = grant_step(request)
            if self.sandbox.faults.take(self.name, "token", "revoke_token", *also):
                self.accounts.revoke(form.get("refresh_token", ""))
            return web.json_response(self._grant(form, client_id))
        except TokenError as error:
            return error.response()

    async def revoke(self, request: web.Request) -> web.Response:
        form = await request.post()
        token = form.get("token") or request.query.get("token") or ""
        if not isinstance(token, str) or not self.accounts.revoke(token):
            return TokenError("invalid_token", "Token expired or revoked").response()
        return web.json_response({})

    async def inspect(self, request: web.Request) -> web.Response:
        row = self.accounts.live_access(request.query.get("access_token", ""))
        if row is None:
            return TokenError("invalid_token", "Invalid Value").response()
        left = int(row["expires_at"] - self.sandbox.clock.now())
        body = {"azp": row["client_id"], "aud": row["client_id"], "expires_in": str(left)}
        return web.json_response({**body, "scope": scope_text(row["scopes"])})

    def _grant(self, form: dict[str, str], client_id: str) -> dict[str, Any]:
        match form.get("grant_type"):
            case "refresh_token":
                return self._refresh(form, client_id)
            case "authorization_code":
                return self._exchange(form, client_id)
            case _:
                raise TokenError("unsupported_grant_type", "Invalid grant_type.")

    def _refresh(self, form: dict[str, str], client_id: str) -> dict[str, Any]:
        token = form.get("refresh_token")
        if not token:
            raise TokenError("invalid_request", "Missing required parameter: refresh_token")
        row = self.accounts.live_refresh(token, client_id)
        if row is None:
            raise TokenError("invalid_grant", "Token has been expired or revoked.")
        return self._answer(self.accounts.issue_access(token), row["scopes"])

    def _exchange(self, form: dict[str, str], client_id: str) -> dict[str, Any]:
        row = self._codes.get(form.get("code", ""))
        self._codes.delete(form.get("code", ""))
        if row is None or not self._fits(row, form, client_id):
            raise TokenError("invalid_grant", "Bad Request")
        holder = {"user": row["user"], "client_id": client_id, "channel": row["channel"]}
        if not row["offline"]:
            token = self.accounts.issue_online(**holder, scopes=row["scopes"])
            return self._answer(token, row["scopes"])
        refresh = self.accounts.grant(**holder, scopes=tuple(row["scopes"]))
        answer = self._answer(self.accounts.issue_access(refresh), row["scopes"])
        if self.accounts.is_testing:
            answer["refresh_token_expires_in"] = TESTING_SECONDS - 1
        return {**answer, "refresh_token": refresh}

    def _fits(self, row: dict[str, Any], form: dict[str, str], client_id: str) -> bool:
        if row["client_id"] != client_id or row["redirect_uri"] != form.get("redirect_uri"):
            return False
        if self.sandbox.clock.now() - row["created_at"] >= CODE_SECONDS:
            return False
        verifier = form.get("code_verifier", "")
        if row["challenge"] is None:
            return not verifier
        return bool(_challenge(verifier, row["method"]) == row["challenge"])

    def _answer(self, token: str, scopes: list[str]) -> dict[str, Any]:
        return {
            "access_token": token,
            "expires_in": self.accounts.access_seconds,
            "scope": scope_text(scopes),
            "token_type": "Bearer",
        }

    async def _form(self, request: web.Request) -> dict[str, str]:
        if request.content_type != FORM:
            raise TokenError("invalid_request", f"the body has to be {FORM}")
        form = await request.post()
        return {name: value for name, value in form.items() if isinstance(value, str)}

    def _checked_client(self, request: web.Request, form: dict[str, str]) -> str:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if header := request.headers.get("Authorization"):
            client_id, secret = _basic(header)
        client = self.accounts.client(client_id)
        if client is None:
            raise TokenError("invalid_client", "The OAuth client was not found.", 401)
        if not secrets.compare_digest(client["secret"], secret):
            raise TokenError("invalid_client", "Unauthorized", 401)
        return client_id


def _basic(header: str) -> tuple[str, str]:
    """Read client id and secret from an Authorization header.

    Raises:
        TokenError: when it is malformed.
    """
    try:
        text = base64.b64decode(header.partition(" ")[2], validate=True).decode()
    except ValueError as error:
        raise TokenError("invalid_client", str(error), 401) from error
    client_id, _, secret = text.partition(":")
    return client_id, secret


def scope_text(scopes: list[str]) -> str:
    """Return scopes as the remote tells them, the short sign-in ones without a prefix."""
    short = {"openid", "email", "profile"}
    return " ".join(scope if scope in short else f"{SCOPE_PREFIX}{scope}" for scope in scopes)


def _challenge(verifier: str, method: str) -> str | None:
    if VERIFIER.fullmatch(verifier) is None:
        return None
    if method == "plain":
        return verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
