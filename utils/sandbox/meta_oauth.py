"""Meta's token calls: code, exchange to long tokens, renewal, inspection."""

from __future__ import annotations

import base64
import hashlib
import uuid
from typing import Any

from aiohttp import web

from utils.sandbox.meta import (
    DAY,
    HOUR,
    JSON,
    VERSION,
    GraphError,
    MetaState,
    is_known_version,
)
from utils.sandbox.meta_dialog import FacebookDialog, InstagramDialog

LONG_SECONDS = 5_183_944
YOUNGEST_TO_REFRESH = DAY


class _CodeError(Exception):
    """A refusal in the shape of api.instagram.com."""

    def response(self) -> web.Response:
        body = {"error_type": "OAuthException", "code": 400, "error_message": str(self)}
        return web.json_response(body, status=400)


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
        "pages": row.get("pages"),
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
        self.dialog = InstagramDialog(state)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/oauth/authorize", self.dialog.open),
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
        access = request.query.get("access_token", "")
        ordered = self._state.sandbox.faults.take("instagram", "token", "expire_token")
        if ordered is not None:
            self._state.kill(access, int(ordered.number("subcode", 463)))
        token = self._state.token_of(access)
        if token["kind"] != "instagram":
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
        return token

    def _long(self, token: JSON) -> JSON:
        access = _issue(self._state, token, kind="instagram", lives=LONG_SECONDS, long=True)
        return {"access_token": access, "token_type": "bearer", "expires_in": LONG_SECONDS}


class FacebookOAuth:
    """Facebook Login; a user token is made longer, and nothing is renewed in silence.

    Switches of ``graph``: ``unversioned_dialog``, ``old_versions`` (also of the token calls),
    ``omit_expires_in``.
    """

    def __init__(self, state: MetaState) -> None:
        self._state = state
        self.dialog = FacebookDialog(state)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(f"/{VERSION}/dialog/oauth", self.dialog.open),
            web.get("/dialog/oauth", self.dialog.open),
            web.get(f"/{VERSION}/oauth/access_token", _graph(self.exchange)),
            web.get("/oauth/access_token", _graph(self.exchange)),
            web.get(f"/{VERSION}/debug_token", _graph(self.debug)),
        ]

    async def exchange(self, request: web.Request) -> JSON:
        self._require_version(request)
        query = dict(request.query)
        app = self._state.apps.get(query.get("client_id", ""))
        if app is None or app["product"] != "facebook":
            raise GraphError(101, "Missing or invalid client id.")
        if "code_verifier" in query:
            # It stands in for the secret, and only for sign-ins with OpenID Connect.
            return self._verified(query)
        if app["secret"] != query.get("client_secret"):
            raise GraphError(1, "Error validating client secret.")
        if query.get("grant_type") == "fb_exchange_token":
            return self._lengthened(query)
        row = _take_code(self._state, query)
        if row is None or row["challenge"] is not None:
            raise GraphError(100, "This authorization code has been used or is invalid.")
        return self._answer(row, lives=int(2 * HOUR), long=False)

    def _require_version(self, request: web.Request) -> None:
        version = request.match_info.get("version")
        if version is not None and not is_known_version(self._state, "graph", version):
            raise GraphError(2635, f"(#2635) You are calling a deprecated version {version}.")

    def _verified(self, query: JSON) -> JSON:
        row = _take_code(self._state, query)
        if row is not None and row["challenge"] is None:
            raise GraphError(100, "(#100) code_verifier is for the scope openid only")
        digest = hashlib.sha256(str(query["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if row is None or row["challenge"] != challenge:
            raise GraphError(100, "This authorization code has been used or is invalid.")
        return self._answer(row, lives=int(2 * HOUR), long=False)

    def _lengthened(self, query: JSON) -> JSON:
        token = self._state.token_of(str(query.get("fb_exchange_token", "")))
        if token["kind"] != "user" or token["app_id"] != query["client_id"]:
            raise GraphError(100, "(#100) Only a user token of this app can be exchanged")
        return self._answer(token, lives=LONG_SECONDS, long=True)

    def _answer(self, row: JSON, *, lives: int, long: bool) -> JSON:
        access = _issue(self._state, row, kind="user", lives=lives, long=long)
        answer: JSON = {"access_token": access, "token_type": "bearer", "expires_in": lives}
        if self._state.switch("graph", "omit_expires_in", False):
            del answer["expires_in"]
        return answer

    async def debug(self, request: web.Request) -> JSON:
        app_id = self._asking_app(request.query.get("access_token", ""))
        inspected = self._state.tokens.get(request.query.get("input_token", ""))
        if inspected is None:
            problem = {"code": 190, "message": "Invalid OAuth access token."}
            return {"data": {"is_valid": False, "scopes": [], "error": problem}}
        if inspected["app_id"] != app_id:
            raise GraphError(100, "(#100) The App_id in the input_token did not match the app")
        expires, dead = inspected["expires_at"], self._state.dead_subcode(inspected)
        data: JSON = {
            "app_id": inspected["app_id"],
            "type": inspected["kind"].upper(),
            "is_valid": dead is None,
            "expires_at": int(expires or 0),
            "issued_at": int(inspected["issued_at"]),
            "scopes": inspected["scopes"],
            "user_id": inspected["user_id"],
        }
        if inspected["page_id"]:
            data["profile_id"] = inspected["page_id"]
        if dead is not None:
            message = "Error validating access token: the session is no longer valid."
            data["error"] = {"code": 190, "subcode": dead, "message": message}
        return {"data": data}

    def _asking_app(self, access: str) -> str:
        """Return the application that asks, by its own `id|secret` or by a living token."""
        app_id, bar, secret = access.partition("|")
        if not bar:
            return str(self._state.token_of(access)["app_id"])
        app = self._state.apps.get(app_id)
        if app is None or app["secret"] != secret:
            raise GraphError(190, "Invalid OAuth access token signature.")
        return app_id
