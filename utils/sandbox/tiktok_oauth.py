"""TikTok's OAuth: consent, code, rotating refresh tokens and revocation."""

from __future__ import annotations

import hashlib
import re
import uuid
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from utils.sandbox.consent import Choice, Consent, consent_page, error_page, redirect
from utils.sandbox.tiktok_rules import SCOPES
from utils.sandbox.tiktok_state import JSON, SERVICE, TikTokState

CODE_SECONDS = 600.0
ACCESS_SECONDS = 7_200
REFRESH_SECONDS = 180 * 86_400
FORM = "application/x-www-form-urlencoded"
MOST_REDIRECTS = 10
REDIRECT_LENGTH = 512
APP_FACTS: dict[str, type] = {"client_secret": str, "audited": bool, "scopes": list}
LOOPBACK = frozenset({"localhost", "127.0.0.1"})
_CHALLENGE = re.compile(r"[0-9a-f]{64}")


class OAuthError(Exception):
    """A refusal in the flat shape of the token endpoints."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error

    def body(self) -> JSON:
        return {
            "error": self.error,
            "error_description": str(self),
            "log_id": uuid.uuid4().hex.upper(),
        }


class TikTokOAuth:
    """The login pages and token endpoints over the state of the stand-in.

    Switches: ``auto_consent`` (allow or deny without a page), ``login_as`` (who is chosen when
    nobody says), ``access_seconds``, ``refresh_seconds``, ``rotate``, ``oauth_error_status``.
    """

    def __init__(self, state: TikTokState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v2/auth/authorize/", self.authorize),
            web.post("/v2/oauth/token/", self.token),
            web.post("/v2/oauth/revoke/", self.revoke),
        ]

    def apps(self) -> list[JSON]:
        return [{"service": SERVICE, "client_id": k, **row} for k, row in self._state.apps.items()]

    def change_app(self, client_key: str, changes: JSON) -> JSON:
        """Register an application or change it; redirect addresses are added.

        Raises:
            ValueError: when the form would not take it.
        """
        rest = dict(changes)
        new: JSON = {"client_secret": "", "audited": False, "scopes": None}
        old = self._state.apps.get(client_key) or {"kind": "web", "redirect_uris": []}
        addresses = [*old["redirect_uris"], *rest.pop("redirect_uris", [])]
        new |= {**old, "kind": rest.pop("kind", old["kind"])}
        wrong = [name for name, value in rest.items() if type(value) is not APP_FACTS.get(name)]
        if wrong or new["kind"] not in {"web", "desktop"}:
            raise ValueError(f"an application has no such {wrong or new['kind']}")
        new |= {**rest, "redirect_uris": list(dict.fromkeys(addresses))}
        faults = [f for one in new["redirect_uris"] if (f := address_fault(new["kind"], one))]
        if faults or len(new["redirect_uris"]) > MOST_REDIRECTS:
            raise ValueError(next(iter(faults), "redirect_uri: at most 10"))
        self._state.apps.put(client_key, new)
        return {"service": SERVICE, "client_id": client_key, **new}

    async def authorize(self, request: web.Request) -> web.Response:
        """Show the page of consent, or carry out what was decided on it."""
        query = request.query
        app = self._state.apps.get(query.get("client_key", ""))
        if app is None:
            return error_page("client_key: unknown")
        fault = redirect_fault(app, query.get("redirect_uri", "")) or request_fault(app, query)
        if fault:
            return error_page(fault)
        asked = query.get("scope", "").split(",")
        refusal = self._refusal(app, asked, query.get("decision"))
        state = {"state": query["state"]} if "state" in query else {}
        if refusal is not None:
            return redirect(query["redirect_uri"], {**refusal, **state})
        if not (query.get("decision") or self._state.switch("auto_consent", None)):
            return self._page(request, asked)
        if self._state.creators.get(self._chosen(request)) is None:
            return error_page("account: unknown")
        granted = query.getall("granted", asked if "decision" not in query else [])
        scopes = [scope for scope in asked if scope in granted]
        code = self._new_code(request, scopes)
        return redirect(query["redirect_uri"], {"code": code, "scopes": ",".join(scopes), **state})

    def _refusal(self, app: JSON, asked: list[str], decision: str | None) -> JSON | None:
        """Return the error that goes back to the application, or None."""
        approved = SCOPES if app.get("scopes") is None else set(app["scopes"])
        if not set(asked) <= approved:
            return {"error": "invalid_scope", "error_description": "unknown scope"}
        if (decision or self._state.switch("auto_consent", None)) == "deny":
            return {"error": "access_denied", "error_description": "the person refused"}
        return None

    def _page(self, request: web.Request, asked: list[str]) -> web.Response:
        rows = self._state.creators.items()
        choices = [
            Choice(value=open_id, label=row["nickname"], note=f"@{row['username']}")
            for open_id, row in rows
        ]
        consent = Consent(
            service="TikTok", accounts=choices, chosen=self._chosen(request), scopes=asked
        )
        return consent_page(request, consent)

    def _chosen(self, request: web.Request) -> str:
        """Return what the person chose, or whom the page begins with."""
        first = next(key for key, _ in self._state.creators.items())
        return str(request.query.get("account") or self._state.switch("login_as", first))

    def _new_code(self, request: web.Request, scopes: list[str]) -> str:
        # Real codes hold signs that must be percent-encoded in the callback.
        code = f"{uuid.uuid4().hex}*0!{self._state.codes.next_id()}"
        row = {
            "client_key": request.query["client_key"],
            "redirect_uri": request.query["redirect_uri"],
            "challenge": request.query.get("code_challenge"),
            "scopes": scopes,
            "open_id": self._chosen(request),
            "expires_at": self._state.now() + CODE_SECONDS,
        }
        self._state.codes.put(code, row)
        return code

    async def token(self, request: web.Request) -> web.Response:
        try:
            return web.json_response(self._granted(await self._form(request)))
        except OAuthError as refusal:
            return self._refused(refusal)

    def _granted(self, form: dict[str, str]) -> JSON:
        match form.get("grant_type"):
            case "authorization_code":
                return self._exchange(form)
            case "refresh_token":
                return self._refresh(form)
            case _:
                raise OAuthError("unsupported_grant_type", "grant_type is unknown")

    async def revoke(self, request: web.Request) -> web.Response:
        try:
            form = await self._form(request)
        except OAuthError as refusal:
            return self._refused(refusal)
        token = self._state.tokens.get(form.get("token", ""))
        if token is None or token["client_key"] != form["client_key"]:
            return self._refused(OAuthError("invalid_grant", "access token is unknown"))
        self._state.forget_grants(token["open_id"], form["client_key"])
        return web.json_response({})

    def _refused(self, refusal: OAuthError) -> web.Response:
        status = int(self._state.switch("oauth_error_status", 400))
        return web.json_response(refusal.body(), status=status)

    async def _form(self, request: web.Request) -> dict[str, str]:
        """Return the form of a client that has proved who it is."""
        if request.content_type != FORM:
            raise OAuthError("invalid_request", "the body must be form-encoded")
        form = {name: str(value) for name, value in (await request.post()).items()}
        if "client_key" not in form:
            raise OAuthError("invalid_request", "client_key is missing")
        app = self._state.apps.get(form["client_key"])
        if app is None or app["client_secret"] != form.get("client_secret"):
            raise OAuthError("invalid_client", "client key or secret is incorrect")
        return form

    def _exchange(self, form: dict[str, str]) -> JSON:
        row = self._state.codes.get(form.get("code", ""))
        if row is None or row["client_key"] != form["client_key"]:
            raise OAuthError("invalid_grant", "authorization code is invalid")
        self._state.codes.delete(form["code"])
        if row["expires_at"] <= self._state.now():
            raise OAuthError("invalid_grant", "authorization code has expired")
        if row["redirect_uri"] != form.get("redirect_uri"):
            raise OAuthError("invalid_grant", "redirect_uri does not match")
        if row["challenge"] and row["challenge"] != _hex_digest(form.get("code_verifier", "")):
            raise OAuthError("invalid_grant", "code verifier does not match")
        return self._issue(form["client_key"], row["open_id"], row["scopes"])

    def _refresh(self, form: dict[str, str]) -> JSON:
        old = form.get("refresh_token", "")
        if self._state.sandbox.faults.take(SERVICE, "token", "revoke_token", "refresh"):
            self._state.refresh_tokens.delete(old)
        row = self._state.refresh_tokens.get(old)
        usable = row and row["client_key"] == form["client_key"]
        if not row or not usable or row["expires_at"] <= self._state.now():
            raise OAuthError("invalid_grant", "refresh token is invalid or expired")
        if self._state.switch("rotate", True):
            self._state.refresh_tokens.delete(old)
            old = ""
        return self._issue(form["client_key"], row["open_id"], row["scopes"], kept=old)

    def _issue(self, client_key: str, open_id: str, scopes: list[str], kept: str = "") -> JSON:
        state, now = self._state, self._state.now()
        access = f"act.{uuid.uuid4().hex}!{state.tokens.next_id()}.e1"
        refresh = kept or f"rft.{uuid.uuid4().hex}!{state.refresh_tokens.next_id()}.e1"
        lives = int(state.switch("access_seconds", ACCESS_SECONDS))
        refresh_lives = int(state.switch("refresh_seconds", REFRESH_SECONDS))
        shared = {"client_key": client_key, "open_id": open_id, "scopes": scopes}
        state.tokens.put(access, {**shared, "refresh_token": refresh, "expires_at": now + lives})
        state.refresh_tokens.put(refresh, {**shared, "expires_at": now + refresh_lives})
        return {
            "access_token": access,
            "expires_in": lives,
            "open_id": open_id,
            "refresh_token": refresh,
            "refresh_expires_in": refresh_lives,
            "scope": ",".join(scopes),
            "token_type": "Bearer",
        }


def redirect_fault(app: JSON, address: str) -> str | None:
    """Return why a redirect address is refused, or None."""
    fault = address_fault(app["kind"], address, wildcard=False)
    if fault is None and not any(_registered(known, address) for known in app["redirect_uris"]):
        return "redirect_uri: not registered"
    return fault


def address_fault(kind: str, address: str, *, wildcard: bool = True) -> str | None:
    """Return why an address can neither be registered nor used, or None.

    `wildcard` allows `*` as the port, which can be registered but not redirected to.
    """
    shown = address.replace(":*", ":1", 1) if wildcard and kind == "desktop" else address
    if not address or len(address) >= REDIRECT_LENGTH or "?" in address or "#" in address:
        return "redirect_uri: must be short and have neither query nor fragment"
    try:
        parts, port = urlsplit(shown), urlsplit(shown).port
    except ValueError:
        return "redirect_uri: malformed"
    if kind == "web":
        return None if parts.scheme == "https" and parts.hostname else "redirect_uri: https only"
    if parts.hostname in LOOPBACK and port and parts.scheme in {"http", "https"}:
        return None
    return "redirect_uri: loopback with a port only"


def request_fault(app: JSON, query: Any) -> str | None:  # noqa: ANN401 - aiohttp's multidict
    """Return what is wrong with the rest of an authorisation request, or None."""
    if "client_id" in query:
        return "client_id: the parameter is called client_key"
    if query.get("response_type") != "code":
        return "response_type: must be code"
    challenge = query.get("code_challenge")
    if app["kind"] == "desktop" and not challenge:
        return "code_challenge: required"
    if challenge and query.get("code_challenge_method") != "S256":
        return "code_challenge_method: must be S256"
    if challenge and not _is_hex_digest(challenge):
        return "code_challenge: must be the hexadecimal SHA-256 of the verifier"
    return None


def _is_hex_digest(challenge: str) -> bool:
    return _CHALLENGE.fullmatch(challenge) is not None


def _hex_digest(verifier: str) -> str:
    return hashlib.sha256(verifier.encode()).hexdigest()


def _registered(known: str, address: str) -> bool:
    """Compare exactly, but for a ``*`` that stands for any port."""
    if "*" not in known:
        return known == address
    pattern = re.escape(known).replace(r"\*", r"\d+")
    return re.fullmatch(pattern, address) is not None
