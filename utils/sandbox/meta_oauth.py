"""Meta's two login products: dialog, code, exchange to long tokens, and renewal."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from utils.sandbox.consent import consent_page, error_page, redirect
from utils.sandbox.meta import DAY, HOUR, JSON, VERSION, GraphError, MetaState

CODE_SECONDS = HOUR
LONG_SECONDS = 5_183_944
YOUNGEST_TO_REFRESH = DAY


class _CodeError(Exception):
    """A refusal in the shape of api.instagram.com."""

    def response(self) -> web.Response:
        body = {"error_type": "OAuthException", "code": 400, "error_message": str(self)}
        return web.json_response(body, status=400)


class _Dialog:
    """The page that both products show; where it leads to differs."""

    def __init__(self, state: MetaState, product: str, tail: str) -> None:
        self._state = state
        self._product = product
        self._tail = tail

    async def open(self, request: web.Request) -> web.Response:
        query = request.query
        app = self._state.apps.get(query.get("client_id", ""))
        if app is None or app["product"] != self._product:
            return error_page("Invalid client_id")
        if not self._is_registered(app, query.get("redirect_uri", "")):
            return error_page("Invalid redirect_uri")
        decision = query.get("decision") or self._state.switch("graph", "auto_consent", None)
        asked = [scope for scope in query.get("scope", "").replace(" ", ",").split(",") if scope]
        if decision is None:
            return consent_page(self._product.title(), request, asked)
        back = {"state": query["state"]} if "state" in query else {}
        if decision == "deny":
            told = {
                "error": "access_denied",
                "error_reason": "user_denied",
                "error_description": "Permissions error",
            }
            return redirect(query["redirect_uri"], {**told, **back})
        code = self._new_code(query, asked)
        return redirect(query["redirect_uri"], {"code": code, **back}, self._tail)

    def _is_registered(self, app: JSON, address: str) -> bool:
        parts = urlsplit(address)
        developing = self._product == "facebook" and app["mode"] == "development"
        if developing and parts.scheme == "http" and parts.hostname == "localhost":
            return True
        return parts.scheme == "https" and address in app["redirect_uris"]

    def _new_code(self, query: Any, scopes: list[str]) -> str:  # noqa: ANN401 - a multidict
        code = f"AQ{uuid.uuid4().hex}"
        user_id, user = next(iter(self._state.users.items()))
        row = {
            "client_id": query["client_id"],
            "redirect_uri": query["redirect_uri"],
            "scopes": scopes,
            "user_id": user_id,
            "ig_ids": user["ig_ids"],
            "expires_at": self._state.now() + CODE_SECONDS,
        }
        self._state.codes.put(code, row)
        return code


def _take_code(state: MetaState, values: JSON) -> JSON | None:
    """Return what a code stands for, once, or None when it does not fit."""
    row = state.codes.get(str(values.get("code", "")))
    if row is None or row["client_id"] != values.get("client_id"):
        return None
    state.codes.delete(str(values["code"]))
    fits = row["redirect_uri"] == values.get("redirect_uri")
    return row if fits and row["expires_at"] > state.now() else None


def _issue(state: MetaState, row: JSON, *, kind: str, lives: float, long: bool) -> str:
    prefix = "IGA" if kind == "instagram" else "EAA"
    access = f"{prefix}{uuid.uuid4().hex}{uuid.uuid4().hex}"
    token = {
        "kind": kind,
        "user_id": row["user_id"],
        "page_id": None,
        "ig_ids": row["ig_ids"],
        "scopes": row["scopes"],
        "app_id": row.get("client_id") or row["app_id"],
        "issued_at": state.now(),
        "expires_at": state.now() + lives,
        "long": long,
    }
    state.tokens.put(access, token)
    return access


def _graph(handler: Any) -> Any:  # noqa: ANN401 - a handler either way
    async def answered(request: web.Request) -> web.Response:
        try:
            return web.json_response(await handler(request))
        except GraphError as refusal:
            return refusal.response()

    return answered


class InstagramOAuth:
    """Business login for Instagram; there is never a refresh token."""

    def __init__(self, state: MetaState) -> None:
        self._state = state
        self._dialog = _Dialog(state, "instagram", "#_")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/oauth/authorize", self._dialog.open),
            web.post("/oauth/access_token", self.exchange_code),
            web.get("/access_token", _graph(self.exchange)),
            web.get("/refresh_access_token", _graph(self.refresh)),
        ]

    async def exchange_code(self, request: web.Request) -> web.Response:
        try:
            return web.json_response(self._exchange_code(dict(await request.post())))
        except _CodeError as refusal:
            return refusal.response()

    def _exchange_code(self, form: JSON) -> JSON:
        app = self._state.apps.get(str(form.get("client_id", "")))
        if app is None or app["product"] != "instagram":
            raise _CodeError("Invalid platform app")
        if app["secret"] != form.get("client_secret"):
            raise _CodeError("Error validating client secret.")
        if form.get("grant_type") != "authorization_code":
            raise _CodeError("Invalid grant_type")
        row = _take_code(self._state, form)
        if row is None:
            raise _CodeError("This authorization code has been used or is invalid.")
        access = _issue(self._state, row, kind="instagram", lives=HOUR, long=False)
        flat = {
            "access_token": access,
            "user_id": row["ig_ids"][0],
            "permissions": ",".join(row["scopes"]),
        }
        return flat if self._state.switch("instagram", "flat_token", False) else {"data": [flat]}

    async def exchange(self, request: web.Request) -> JSON:
        if request.query.get("grant_type") != "ig_exchange_token":
            raise GraphError(100, "(#100) grant_type must be ig_exchange_token")
        token = self._token(request)
        app = self._state.apps.get(token["app_id"]) or {}
        if app.get("secret") != request.query.get("client_secret"):
            raise GraphError(1, "Error validating client secret.")
        if token["long"]:
            raise GraphError(100, "(#100) The token is already a long-lived one")
        return self._long(token)

    async def refresh(self, request: web.Request) -> JSON:
        if request.query.get("grant_type") != "ig_refresh_token":
            raise GraphError(100, "(#100) grant_type must be ig_refresh_token")
        token = self._token(request)
        if not token["long"] or self._state.now() - token["issued_at"] < YOUNGEST_TO_REFRESH:
            raise GraphError(100, "(#100) The token must be at least 24 hours old")
        if "instagram_business_basic" not in token["scopes"]:
            raise GraphError(10, "(#10) Requires instagram_business_basic permission")
        return self._long(token)

    def _token(self, request: web.Request) -> JSON:
        token = self._state.token_of(request.query.get("access_token", ""))
        if token["kind"] != "instagram":
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
        return token

    def _long(self, token: JSON) -> JSON:
        access = _issue(self._state, token, kind="instagram", lives=LONG_SECONDS, long=True)
        return {"access_token": access, "token_type": "bearer", "expires_in": LONG_SECONDS}


class FacebookOAuth:
    """Facebook Login; a user token is made longer, and nothing is renewed in silence."""

    def __init__(self, state: MetaState) -> None:
        self._state = state
        self._dialog = _Dialog(state, "facebook", "#_=_")

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"/{VERSION}/dialog/oauth", self._dialog.open),
            web.get(f"/{VERSION}/oauth/access_token", _graph(self.exchange)),
            web.get("/oauth/access_token", _graph(self.exchange)),
            web.get(f"/{VERSION}/debug_token", _graph(self.debug)),
        ]

    async def exchange(self, request: web.Request) -> JSON:
        query = dict(request.query)
        app = self._state.apps.get(query.get("client_id", ""))
        if app is None or app["product"] != "facebook":
            raise GraphError(101, "Missing or invalid client id.")
        if app["secret"] != query.get("client_secret"):
            raise GraphError(1, "Error validating client secret.")
        if query.get("grant_type") == "fb_exchange_token":
            token = self._state.token_of(query.get("fb_exchange_token", ""))
            if token["kind"] != "user":
                raise GraphError(100, "(#100) Only a user token can be exchanged")
            return self._answer(token, lives=LONG_SECONDS, long=True)
        if "code_verifier" in query:
            raise GraphError(100, "(#100) code_verifier is for the scope openid only")
        row = _take_code(self._state, query)
        if row is None:
            raise GraphError(100, "This authorization code has been used or is invalid.")
        return self._answer(row, lives=int(2 * HOUR), long=False)

    def _answer(self, row: JSON, *, lives: int, long: bool) -> JSON:
        access = _issue(self._state, row, kind="user", lives=lives, long=long)
        return {"access_token": access, "token_type": "bearer", "expires_in": lives}

    async def debug(self, request: web.Request) -> JSON:
        self._state.token_of(request.query.get("access_token", ""))
        inspected = self._state.tokens.get(request.query.get("input_token", ""))
        if inspected is None:
            return {"data": {"is_valid": False, "scopes": []}}
        expires = inspected["expires_at"]
        data = {
            "app_id": inspected["app_id"],
            "type": inspected["kind"].upper(),
            "is_valid": expires is None or expires > self._state.now(),
            "expires_at": int(expires or 0),
            "issued_at": int(inspected["issued_at"]),
            "scopes": inspected["scopes"],
            "user_id": inspected["user_id"],
        }
        return {"data": data}
