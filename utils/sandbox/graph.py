"""A stand-in for graph.facebook.com: Instagram by Facebook Login, and Facebook Pages."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from aiohttp import web

from utils.sandbox.consent import grant_step
from utils.sandbox.facebook import PageVideos, facebook_step
from utils.sandbox.facebook_life import VideoLife
from utils.sandbox.instagram import (
    generic_error,
    instagram_step,
    post_instagram_edge,
    read_instagram_edge,
    refuse_root,
)
from utils.sandbox.instagram_publishing import InstagramPublishing, account_node
from utils.sandbox.meta import (
    JSON,
    VERSION,
    Call,
    Face,
    GraphError,
    MetaState,
    not_there,
    pick,
    select,
)
from utils.sandbox.meta_oauth import FacebookOAuth
from utils.sandbox.meta_people import MetaPeople
from utils.sandbox.meta_seeds import (
    APP_ID,
    APP_SECRET,
    facebook_settings,
    instagram_settings,
    oauth_app,
    seed,
)
from utils.sandbox.server import BODY_KEY, Sandbox, Service

SLASH = "{slash:/?}"
"""Meta's own client ends the address of a node with a slash, which the remote takes."""


class Graph(Service):
    """The host for Facebook's user and Page tokens."""

    name: ClassVar[str] = "graph"
    plays: ClassVar[tuple[str, ...]] = ("facebook",)

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self._state = MetaState(sandbox)
        self._face = Face(self._state, self.name, frozenset({"user", "page"}))
        self._instagram = InstagramPublishing(self._state, self._face)
        self._videos = PageVideos(self._state, self._face)
        self._life = VideoLife(self._state, self._face, self._videos)
        self._oauth = FacebookOAuth(self._state)
        self._people = MetaPeople(self._state, "facebook")

    def routes(self) -> list[web.RouteDef]:
        call = self._face.call
        return [
            *self._oauth.routes(),
            web.get("/", call(refuse_root)),
            web.get(f"/{VERSION}/", call(refuse_root)),
            web.get(f"/{VERSION}/{{node}}{SLASH}", call(self.read)),
            web.post(f"/{VERSION}/{{node}}{SLASH}", call(self.edit)),
            web.delete(f"/{VERSION}/{{node}}{SLASH}", call(self.delete)),
            web.get(f"/{VERSION}/{{node}}/{{edge}}{SLASH}", call(self.read_edge)),
            web.post(f"/{VERSION}/{{node}}/{{edge}}{SLASH}", call(self.post_edge)),
            web.delete(f"/{VERSION}/{{node}}/permissions", call(self.revoke)),
            web.delete(f"/{VERSION}/{{node}}/permissions/{{name}}", call(self.revoke_one)),
        ]

    def step(self, request: web.Request) -> str:
        named = facebook_step(request, request.get(BODY_KEY, b""))
        if named is not None:
            return named
        last = request.path.rstrip("/").rpartition("/")[2]
        others = {"accounts": "accounts", "oauth": "authorize", "debug_token": "inspect"}
        others.update(video_reels="list", video_insights="insights", thumbnails="thumbnail")
        if "/permissions" in request.path:
            return "permissions"
        return others.get(last) or instagram_step(request)

    def also(self, request: web.Request) -> tuple[str, ...]:
        step = self.step(request)
        if step == "permissions" and request.method == "DELETE":
            return ("revoke",)
        if step == "token":
            return grant_step(request) or ("code",)
        return ("pages",) if step == "accounts" else ()

    def seed(self) -> None:
        seed(self._state)

    def settings(self) -> dict[str, Any]:
        oauth = {"facebook": oauth_app(APP_ID, APP_SECRET)}
        return {"accounts": self.account_settings(), "oauth": oauth}

    def apps(self) -> list[dict[str, Any]]:
        return self._people.apps()

    def change_app(self, client_id: str, changes: dict[str, Any]) -> dict[str, Any]:
        return self._people.change_app(client_id, changes)

    def list_accounts(self) -> list[dict[str, Any]]:
        return self._people.list_accounts()

    def change_account(self, account: str, changes: dict[str, Any]) -> dict[str, Any]:
        return self._people.change_account(account, changes)

    async def alter(self, remote_id: str, changes: dict[str, Any]) -> None:
        self._people.alter(remote_id, changes)

    def account_settings(self) -> list[dict[str, Any]]:
        return [instagram_settings(), facebook_settings()]

    def error(self, status: int, message: str) -> web.Response:
        return generic_error(status, message)

    async def settle(self) -> None:
        await self._instagram.settle()
        await self._videos.settle()

    async def read(self, call: Call) -> JSON:
        node = call.request.match_info["node"]
        if node == "me":
            node = call.token["page_id"] or call.token["user_id"]
        if self._state.videos.get(node):
            return await self._life.read(call, node)
        if self._state.containers.get(node):
            return await self._instagram.read_container(call, node)
        if self._state.media.get(node):
            return await self._instagram.read_media(call, node)
        if self._state.ig_users.get(node):
            return await self._instagram.read_account(call, node)
        return self._read_owner(call, node)

    def _read_owner(self, call: Call, node: str) -> JSON:
        page = self._state.pages.get(node)
        if page is not None:
            if call.token["kind"] == "page" and call.token["page_id"] != node:
                raise not_there(node)
            return select(self._page_node(call, node, page), call, ("id", "name"))
        user = self._state.users.get(node)
        if user is None or call.token["user_id"] != node:
            raise not_there(node)
        return select({"id": node, "name": user["name"]}, call, ("id", "name"))

    def _page_node(self, call: Call, page_id: str, page: JSON, token: str | None = None) -> JSON:
        account = self._state.ig_users.get(page["ig_id"]) if page["ig_id"] else None
        linked = account_node(page["ig_id"], account) if account else None
        plain = call.params.get("fields", "")
        if linked and "instagram_business_account{" not in str(plain):
            linked = pick(linked, "id")
        return {
            "id": page_id,
            "name": page["name"],
            "tasks": page["tasks"],
            "access_token": token,
            "instagram_business_account": linked,
            "category": "Media",
            "link": f"https://www.facebook.com/{page_id}",
        }

    async def edit(self, call: Call) -> JSON:
        node = call.request.match_info["node"]
        if self._state.media.get(node):
            return await self._instagram.edit_media(call, node)
        return await self._life.edit(call, node)

    async def delete(self, call: Call) -> JSON:
        node = call.request.match_info["node"]
        if self._state.media.get(node):
            return await self._instagram.delete_media(call, node)
        return await self._life.delete(call, node)

    async def read_edge(self, call: Call) -> JSON:
        node, edge = call.request.match_info["node"], call.request.match_info["edge"]
        match edge:
            case "accounts":
                return self._accounts(call)
            case "permissions":
                return self._permissions(call)
            case "video_reels":
                return await self._life.list_reels(call, node)
            case "video_insights":
                return await self._life.read_insights(call, node)
            case _:
                return await read_instagram_edge(self._instagram, call)

    async def post_edge(self, call: Call) -> JSON:
        node, edge = call.request.match_info["node"], call.request.match_info["edge"]
        match edge:
            case "video_reels":
                return await self._videos.post_reel(call, node)
            case "videos":
                return await self._videos.post_video(call, node)
            case "thumbnails":
                return await self._life.set_thumbnail(call, node)
            case "collaborators":
                return await self._life.invite(call, node)
            case _:
                return await post_instagram_edge(self._instagram, call)

    def _permissions(self, call: Call) -> JSON:
        user_id = self._require_self(call)
        declined = self._state.declined(user_id, call.token["app_id"])
        rows = [{"permission": name, "status": "granted"} for name in call.token["scopes"]]
        rows += [{"permission": name, "status": "declined"} for name in declined]
        return {"data": rows}

    def _require_self(self, call: Call) -> str:
        """Return whose token this is, if the call is about that very person."""
        node, user_id = call.request.match_info["node"], str(call.token["user_id"])
        if node not in {"me", user_id} or call.token["kind"] != "user":
            raise not_there(node)
        return user_id

    def _accounts(self, call: Call) -> JSON:
        node = call.request.match_info["node"]
        if call.token["kind"] != "user":
            raise GraphError(100, "(#100) Tried accessing nonexisting field (accounts)")
        if node not in {"me", call.token["user_id"]}:
            raise not_there(node)
        call.require_scopes("pages_show_list", code=200)
        rows = [
            select(
                self._page_node(call, page_id, page, self._page_token(call, page_id, page)),
                call,
                ("id", "name", "access_token", "tasks", "category"),
            )
            for page_id, page in self._state.pages.items()
            if page["owner"] == call.token["user_id"]
            and (call.token["pages"] is None or page_id in call.token["pages"])
        ]
        return {"data": rows}

    def _page_token(self, call: Call, page_id: str, page: JSON) -> str:
        """Return the Page's token for this person: without end if theirs is a long one."""
        for access, token in self._state.tokens.items():
            if token["page_id"] == page_id and token.get("from") == call.access:
                return access
        access = f"EAA{uuid.uuid4().hex}"
        row = {
            **call.token,
            "kind": "page",
            "page_id": page_id,
            "ig_ids": [page["ig_id"]] if page["ig_id"] else [],
            "expires_at": None if call.token["long"] else call.token["expires_at"],
            "from": call.access,
        }
        self._state.tokens.put(access, row)
        return access

    async def revoke(self, call: Call) -> JSON:
        """Withdraw all that a person has granted: their tokens die, also those of Pages."""
        user_id, app_id = self._require_self(call), str(call.token["app_id"])
        self._state.kill_where(458, user_id=user_id, app_id=app_id)
        self._state.note_declined(user_id, app_id, [], self._state.declined(user_id, app_id))
        return {"success": True}

    async def revoke_one(self, call: Call) -> bool:
        """Withdraw one permission from all tokens of this person and application."""
        user_id, app_id = self._require_self(call), str(call.token["app_id"])
        name = call.request.match_info["name"]
        if name not in call.token["scopes"]:
            raise GraphError(100, f"(#100) {name} is not granted")
        for access, token in self._state.tokens.items():
            if (token["user_id"], token["app_id"]) == (user_id, app_id):
                kept = [scope for scope in token["scopes"] if scope != name]
                self._state.tokens.put(access, {**token, "scopes": kept})
        self._state.note_declined(user_id, app_id, [name], [])
        return True
