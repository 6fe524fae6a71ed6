"""A stand-in for Instagram with its own login: graph.instagram.com and api.instagram.com."""

from __future__ import annotations

from typing import Any, ClassVar

from aiohttp import web

from utils.sandbox.consent import grant_step
from utils.sandbox.instagram_publishing import InstagramPublishing, account_node
from utils.sandbox.meta import JSON, VERSION, Call, Face, GraphError, MetaState, not_there, select
from utils.sandbox.meta_oauth import InstagramOAuth
from utils.sandbox.meta_people import MetaPeople
from utils.sandbox.meta_seeds import IG_APP_ID, IG_APP_SECRET, oauth_app, seed
from utils.sandbox.server import Sandbox, Service


class Instagram(Service):
    """The host for Instagram User tokens: reels from an address only, nothing is deleted."""

    name: ClassVar[str] = "instagram"

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self._state = MetaState(sandbox)
        self._face = Face(self._state, self.name, frozenset({"instagram"}))
        self._publishing = InstagramPublishing(self._state, self._face)
        self._oauth = InstagramOAuth(self._state)
        self._people = MetaPeople(self._state, self.name)

    def routes(self) -> list[web.RouteDef]:
        call = self._face.call
        return [
            *self._oauth.routes(),
            web.get("/", call(refuse_root)),
            web.get(f"/{VERSION}/{{node}}", call(self.read)),
            web.post(f"/{VERSION}/{{node}}", call(self.edit)),
            web.delete(f"/{VERSION}/{{node}}", call(self.delete)),
            web.get(f"/{VERSION}/{{node}}/{{edge}}", call(self.read_edge)),
            web.post(f"/{VERSION}/{{node}}/{{edge}}", call(self.post_edge)),
        ]

    def step(self, request: web.Request) -> str:
        return instagram_step(request)

    def also(self, request: web.Request) -> tuple[str, ...]:
        if self.step(request) != "token":
            return ()
        return ("code",) if request.path == "/oauth/access_token" else grant_step(request)

    def seed(self) -> None:
        seed(self._state)

    def settings(self) -> dict[str, Any]:
        return {"oauth": {"instagram": oauth_app(IG_APP_ID, IG_APP_SECRET)}}

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

    def error(self, status: int, message: str) -> web.Response:
        return generic_error(status, message)

    async def read(self, call: Call) -> JSON:
        node = call.request.match_info["node"]
        if node == "me":
            return self._me(call)
        if self._state.ig_users.get(node):
            return await self._publishing.read_account(call, node)
        if self._state.media.get(node):
            return await self._publishing.read_media(call, node)
        return await self._publishing.read_container(call, node)

    def _me(self, call: Call) -> JSON:
        ig_id = call.token["ig_ids"][0]
        account = self._state.ig_users.get(ig_id)
        if account is None:
            raise not_there(ig_id)
        # The id of the app-scoped user is another one: publishing needs user_id.
        node = {**account_node(ig_id, account), "id": f"9{ig_id[1:]}"}
        me = select(node, call)
        return {"data": [me]} if self._state.switch(self.name, "wrap_me", False) else me

    async def edit(self, call: Call) -> JSON:
        return await self._publishing.edit_media(call, call.request.match_info["node"])

    async def delete(self, call: Call) -> JSON:
        return await self._publishing.delete_media(call, call.request.match_info["node"])

    async def read_edge(self, call: Call) -> JSON:
        return await read_instagram_edge(self._publishing, call)

    async def post_edge(self, call: Call) -> JSON:
        return await post_instagram_edge(self._publishing, call)


async def read_instagram_edge(publishing: InstagramPublishing, call: Call) -> JSON:
    node, edge = call.request.match_info["node"], call.request.match_info["edge"]
    match edge:
        case "media":
            return await publishing.list_media(call, node)
        case "content_publishing_limit":
            return await publishing.limit(call, node)
        case "insights":
            return await publishing.read_insights(call, node)
        case _:
            raise unknown_edge(edge)


async def post_instagram_edge(publishing: InstagramPublishing, call: Call) -> JSON:
    node, edge = call.request.match_info["node"], call.request.match_info["edge"]
    match edge:
        case "media":
            return await publishing.create(call, node)
        case "media_publish":
            return await publishing.publish(call, node)
        case _:
            raise unknown_edge(edge)


def instagram_step(request: web.Request) -> str:
    """Name the step by the path; what is neither edge nor token is a look at a node."""
    last = request.path.rstrip("/").rpartition("/")[2]
    steps = {
        ("POST", "media"): "begin",
        ("POST", "media_publish"): "commit",
        ("GET", "media"): "list",
        ("GET", "content_publishing_limit"): "quota",
        ("GET", "insights"): "insights",
        ("GET", "me"): "me",
        ("GET", "authorize"): "authorize",
    }
    if last in {"access_token", "refresh_access_token"}:
        return "token"
    other = {"GET": "status", "POST": "edit", "DELETE": "delete"}.get(request.method, "unknown")
    return steps.get((request.method, last), other)


async def refuse_root(call: Call) -> Any:  # noqa: ANN401 - never answers
    """Refuse what used to be a question for several nodes at once."""
    raise GraphError(100, "(#100) Requests at the root, with or without ids, are not supported")


def unknown_edge(edge: str) -> GraphError:
    message = f"Unknown path components: /{edge}"
    return GraphError(2500, message)


def generic_error(status: int, message: str) -> web.Response:
    if status >= 500:
        told = "An unexpected error has occurred. Please retry your request later."
        return GraphError(2, told, status=status, transient=True).response()
    return GraphError(2500, f"Unknown path components: {message}", status=status).response()
