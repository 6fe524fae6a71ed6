"""Google's OAuth stand-in: the token endpoint, revoking, and the page of consent."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
import secrets
from typing import Any, ClassVar
from urllib.parse import urlsplit

from aiohttp import web

from utils.sandbox.consent import consent_page, error_page, redirect
from utils.sandbox.google_accounts import DEMO_USER, SCOPE_PREFIX, GoogleAccounts
from utils.sandbox.server import Sandbox, Service

CODE_SECONDS = 600
VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
FORM = "application/x-www-form-urlencoded"
METHODS = ("S256", "plain")

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
    """accounts.google.com and oauth2.googleapis.com at one address."""

    name: ClassVar[str] = "google_oauth"

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.accounts = GoogleAccounts(sandbox)
        self._codes = sandbox.collection("google.codes")
        self._consents = sandbox.collection("google.consents")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/o/oauth2/v2/auth", self.authorize),
            web.post("/token", self.token),
            web.post("/revoke", self.revoke),
            web.get("/tokeninfo", self.inspect),
        ]

    def step(self, request: web.Request) -> str:
        return STEPS.get(request.path, "other")

    def error(self, status: int, message: str) -> web.Response:
        error = "internal_failure" if status >= 500 else "invalid_request"
        return TokenError(error, message, status).response()

    def seed(self) -> None:
        self.accounts.seed()

    async def authorize(self, request: web.Request) -> web.Response:
        """Show the page of consent, or carry out what was decided on it."""
        query = request.query
        problem = self._problem(dict(query))
        if problem is not None:
            return error_page(problem)
        scopes = query["scope"].split()
        if "decision" not in query:
            return consent_page("Google", request, scopes)
        state = {"state": query["state"]} if "state" in query else {}
        if query["decision"] != "allow":
            return redirect(query["redirect_uri"], {"error": "access_denied", **state})
        granted = [scope for scope in query.getall("granted", []) if scope in scopes]
        code = f"4/{secrets.token_urlsafe(32)}"
        self._codes.put(code, self._code_row(dict(query), granted))
        answer = {**state, "code": code, "scope": " ".join(granted)}
        return redirect(query["redirect_uri"], answer)

    async def token(self, request: web.Request) -> web.Response:
        try:
            form = await self._form(request)
            client_id = self._checked_client(request, form)
            if self.sandbox.faults.take(self.name, "token", "revoke_token"):
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
        return web.json_response({**body, "scope": _scope_text(row["scopes"])})

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
        scopes = tuple(row["scopes"])
        refresh = self.accounts.grant(user=row["user"], client_id=client_id, scopes=scopes)
        answer = self._answer(self.accounts.issue_access(refresh), row["scopes"])
        if not row["offline"]:
            self.accounts.forget(refresh)
            return answer
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
            "scope": _scope_text(scopes),
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

    def _problem(self, query: dict[str, str]) -> str | None:
        """Say why a request for consent is refused; nobody is redirected then."""
        client = self.accounts.client(query.get("client_id", ""))
        if client is None:
            return "Error 401: invalid_client"
        if not _may_redirect(client, query.get("redirect_uri", "")):
            return "Error 400: redirect_uri_mismatch"
        if query.get("response_type") != "code":
            return "Error 400: invalid_request (response_type)"
        if not query.get("scope", "").strip():
            return "Error 400: invalid_request (scope)"
        if query.get("code_challenge_method", "S256") not in METHODS:
            return "Error 400: invalid_request (code_challenge_method)"
        return None

    def _code_row(self, query: dict[str, str], granted: list[str]) -> dict[str, Any]:
        client_id = query["client_id"]
        key = f"{DEMO_USER}/{client_id}"
        first = self._consents.get(key) is None
        self._consents.put(key, {"scopes": granted})
        desktop = self.accounts.require_client(client_id)["kind"] == "desktop"
        asked = query.get("access_type") == "offline"
        return {
            "client_id": client_id,
            "user": DEMO_USER,
            "scopes": [scope.removeprefix(SCOPE_PREFIX) for scope in granted],
            "redirect_uri": query["redirect_uri"],
            "challenge": query.get("code_challenge"),
            "method": query.get("code_challenge_method", "plain"),
            "offline": desktop or (asked and (first or query.get("prompt") == "consent")),
            "created_at": self.sandbox.clock.now(),
        }


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


def _scope_text(scopes: list[str]) -> str:
    return " ".join(f"{SCOPE_PREFIX}{scope}" for scope in scopes)


def _challenge(verifier: str, method: str) -> str | None:
    if VERIFIER.fullmatch(verifier) is None:
        return None
    if method == "plain":
        return verifier
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _may_redirect(client: dict[str, Any], address: str) -> bool:
    """A desktop client may name any loopback port, a web client only what is registered."""
    if client["kind"] == "web":
        return address in client["redirects"]
    parts = urlsplit(address)
    if parts.scheme != "http" or parts.hostname is None or parts.username is not None:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname).is_loopback
    except ValueError:
        return False
