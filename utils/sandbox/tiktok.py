"""A stand-in for TikTok: posting API, OAuth and read-back on one port, uploads on another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from aiohttp import web

from utils.sandbox.consent import grant_step
from utils.sandbox.server import Sandbox, Service
from utils.sandbox.tiktok_calls import read_object, require_scope
from utils.sandbox.tiktok_display import Display
from utils.sandbox.tiktok_oauth import TikTokOAuth
from utils.sandbox.tiktok_person import Person
from utils.sandbox.tiktok_rules import READINGS, TITLE_UNITS, is_pullable, read_plan, utf16_units
from utils.sandbox.tiktok_state import (
    DAY,
    JSON,
    SERVICE,
    TikTokError,
    TikTokState,
    blob_key,
    envelope,
)

CLIENT_KEY = "sbawkarvondesktop"
CLIENT_SECRET = "sandbox-tiktok-secret"
WEB_CLIENT_KEY = "sbawkarvonweb"
UNAUDITED_CLIENT_KEY = "sbawkarvonunaudited"
OPEN_ID = "-000karvonPublicCreator"
PRIVATE_OPEN_ID = "-000karvonPrivateCreator"
SECOND_OPEN_ID = "-000karvonSecondCreator"
ACCESS_TOKEN = "act.sandboxKarvonPublicCreator0000000000!1.e1"
REFRESH_TOKEN = "rft.sandboxKarvonPublicCreator0000000000!1.e1"
PRIVATE_ACCESS_TOKEN = "act.sandboxKarvonPrivateCreator000000000!2.e1"
UNAUDITED_ACCESS_TOKEN = "act.sandboxKarvonUnauditedPublic00000000!3.e1"
UNAUDITED_PRIVATE_ACCESS_TOKEN = "act.sandboxKarvonUnauditedPrivate0000000!4.e1"
SEEDED_SCOPES = ["video.publish", "video.upload", "user.info.basic"]
READING_SCOPES = ["user.info.profile", "user.info.stats", "video.list"]

STEPS = {
    "/v2/post/publish/creator_info/query/": "creator_info",
    "/v2/post/publish/video/init/": "begin",
    "/v2/post/publish/inbox/video/init/": "begin",
    "/v2/post/publish/status/fetch/": "status",
    "/v2/post/publish/cancel/": "cancel",
    "/v2/oauth/token/": "token",
    "/v2/oauth/revoke/": "revoke",
    "/v2/auth/authorize/": "authorize",
    "/v2/user/info/": "user",
    "/v2/video/list/": "list",
    "/v2/video/query/": "list",
}

Call = Callable[[web.Request, str, JSON], Awaitable[JSON]]


class TikTok(Service):
    """The API host: everything but the bytes."""

    name: ClassVar[str] = SERVICE

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self._state = TikTokState(sandbox)
        self._oauth = TikTokOAuth(self._state)
        self._display = Display(self._state)
        self._person = Person(self._state)

    def routes(self) -> list[web.RouteDef]:
        publish = "/v2/post/publish"
        return [
            *self._oauth.routes(),
            web.post(f"{publish}/creator_info/query/", self._call(self.creator_info)),
            web.post(f"{publish}/video/init/", self._call(self.init_direct)),
            web.post(f"{publish}/inbox/video/init/", self._call(self.init_inbox)),
            web.post(f"{publish}/status/fetch/", self._call(self.status)),
            web.post(f"{publish}/cancel/", self._call(self.cancel)),
            web.get("/v2/user/info/", self._call(self._display.user_info)),
            web.post("/v2/video/list/", self._call(self._display.video_list)),
            web.post("/v2/video/query/", self._call(self._display.video_query)),
        ]

    def step(self, request: web.Request) -> str:
        return STEPS.get(request.path, "unknown")

    def also(self, request: web.Request) -> tuple[str, ...]:
        step = self.step(request)
        return ("me",) if step == "user" else grant_step(request) if step == "token" else ()

    def apps(self) -> list[dict[str, Any]]:
        return self._oauth.apps()

    def change_app(self, client_id: str, changes: dict[str, Any]) -> dict[str, Any]:
        return self._oauth.change_app(client_id, changes)

    def list_accounts(self) -> list[dict[str, Any]]:
        return self._person.list_accounts()

    def change_account(self, account: str, changes: dict[str, Any]) -> dict[str, Any]:
        return self._person.change_account(account, changes)

    async def alter(self, remote_id: str, changes: dict[str, Any]) -> None:
        self._person.alter(remote_id, changes)

    def error(self, status: int, message: str) -> web.Response:
        code = "internal_error" if status >= 500 else "invalid_params"
        return envelope({}, code, message, status)

    async def settle(self) -> None:
        await self._state.settle()

    def seed(self) -> None:
        if len(self._state.apps):
            return
        self._seed_apps()
        self._seed_creators()
        self._seed_tokens()

    def settings(self) -> dict[str, Any]:
        app = {"client_id": CLIENT_KEY, "client_secret": CLIENT_SECRET, "kind": "desktop"}
        return {"accounts": self.account_settings(), "oauth": {"tiktok": app}}

    def account_settings(self) -> list[dict[str, Any]]:
        return [
            {
                "platform": "tiktok",
                "name": "karvon.tt",
                "remote_id": OPEN_ID,
                "access_token": ACCESS_TOKEN,
                "refresh_token": REFRESH_TOKEN,
                "client_id": CLIENT_KEY,
                "client_secret": CLIENT_SECRET,
            }
        ]

    def _seed_apps(self) -> None:
        desktop = {
            "client_secret": CLIENT_SECRET,
            "kind": "desktop",
            "redirect_uris": [
                f"http://{host}:*/{path}"
                for host in ("127.0.0.1", "localhost")
                for path in ("", "callback/", "callback", "oauth/callback/tiktok")
            ],
            "audited": True,
        }
        web_app = {
            **desktop,
            "kind": "web",
            "redirect_uris": [
                "https://karvon.example/oauth/tiktok",
                "https://localhost/oauth/callback/tiktok",
            ],
        }
        self._state.apps.put(CLIENT_KEY, desktop)
        self._state.apps.put(WEB_CLIENT_KEY, web_app)
        self._state.apps.put(UNAUDITED_CLIENT_KEY, {**desktop, "audited": False})

    def _seed_creators(self) -> None:
        public = {
            "username": "karvon.tt",
            "nickname": "Karvon",
            "private": False,
            "comment_disabled": False,
            "duet_disabled": False,
            "stitch_disabled": False,
            "max_seconds": 300,
        }
        self._state.creators.put(OPEN_ID, public)
        quiet = {**public, "username": "karvon.quiet", "private": True, "duet_disabled": True}
        self._state.creators.put(PRIVATE_OPEN_ID, quiet)
        second = {**public, "username": "karvon.two", "nickname": "Karvon Two"}
        self._state.creators.put(SECOND_OPEN_ID, second)

    def _seed_tokens(self) -> None:
        now = self._state.now()
        for access, open_id, client_key in (
            (ACCESS_TOKEN, OPEN_ID, CLIENT_KEY),
            (PRIVATE_ACCESS_TOKEN, PRIVATE_OPEN_ID, CLIENT_KEY),
            (UNAUDITED_ACCESS_TOKEN, OPEN_ID, UNAUDITED_CLIENT_KEY),
            (UNAUDITED_PRIVATE_ACCESS_TOKEN, PRIVATE_OPEN_ID, UNAUDITED_CLIENT_KEY),
        ):
            refresh = access.replace("act.", "rft.", 1)
            shared = {"client_key": client_key, "open_id": open_id, "scopes": SEEDED_SCOPES}
            token = {**shared, "refresh_token": refresh, "expires_at": now + DAY}
            self._state.tokens.put(access, token)
            self._state.refresh_tokens.put(refresh, {**shared, "expires_at": now + 180 * DAY})

    def _call(self, call: Call) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Wrap a call: find the token, answer in the envelope."""

        async def answered(request: web.Request) -> web.Response:
            try:
                access, token = self._authorize(request)
                return envelope(await call(request, access, token))
            except TikTokError as refusal:
                return refusal.response()

        return answered

    def _authorize(self, request: web.Request) -> tuple[str, JSON]:
        scheme, _, access = request.headers.get("Authorization", "").partition(" ")
        token = self._state.tokens.get(access) if scheme == "Bearer" else None
        if token is None:
            raise TikTokError(401, "access_token_invalid")
        now = self._state.now()
        if self.sandbox.faults.take(self.name, self.step(request), "expire_token"):
            token["expires_at"] = now
            self._state.tokens.put(access, token)
        if token["expires_at"] <= now:
            raise TikTokError(401, "access_token_invalid", "the access token has expired")
        if request.method == "POST" and request.content_type != "application/json":
            raise TikTokError(400, "invalid_params", "Content-Type must be application/json")
        return access, token

    async def creator_info(self, _request: web.Request, access: str, token: JSON) -> JSON:
        require_scope(token, "video.publish")
        self._state.charge(access, "creator_info", 20)
        block = self._state.block(token["client_key"], token["open_id"])
        if block:
            raise TikTokError(200, block)
        creator = self._state.creator(token["open_id"])
        return {
            "creator_avatar_url": f"https://p16-sign.tiktokcdn.com/{creator['username']}.jpeg",
            "creator_username": creator["username"],
            "creator_nickname": creator["nickname"],
            "privacy_level_options": list(self._state.privacy_options(creator)),
            "comment_disabled": creator["comment_disabled"],
            "duet_disabled": creator["duet_disabled"],
            "stitch_disabled": creator["stitch_disabled"],
            "max_video_post_duration_sec": creator["max_seconds"],
        }

    async def init_direct(self, request: web.Request, access: str, token: JSON) -> JSON:
        require_scope(token, "video.publish")
        self._state.charge(access, "init", 6)
        body = await read_object(request)
        block = self._state.block(token["client_key"], token["open_id"])
        if block:
            raise TikTokError(403, block)
        post_info = body.get("post_info")
        self._check_post(post_info if isinstance(post_info, dict) else {}, token)
        return self._begin("direct", token, body["post_info"], body)

    async def init_inbox(self, request: web.Request, access: str, token: JSON) -> JSON:
        require_scope(token, "video.upload")
        self._state.charge(access, "init", 6)
        body = await read_object(request)
        banned = "spam_risk_user_banned_from_posting"
        creator = self._state.creator(token["open_id"])
        if banned in {self._state.switch("block", None), creator.get("block")}:
            raise TikTokError(403, banned)
        most = self._state.switch("pending_drafts", 5)
        if len(self._state.tasks_of(token["open_id"], "inbox")) >= most:
            raise TikTokError(403, "spam_risk_too_many_pending_share")
        return self._begin("inbox", token, {}, body)

    def _check_post(self, post_info: JSON, token: JSON) -> None:
        creator = self._state.creator(token["open_id"])
        level = post_info.get("privacy_level")
        if level not in self._state.privacy_options(creator):
            raise TikTokError(403, "privacy_level_option_mismatch")
        private = creator["private"] and level == "SELF_ONLY"
        if not private and not self._state.is_audited(token["client_key"]):
            raise TikTokError(403, "unaudited_client_can_only_post_to_private_accounts")
        title = post_info.get("title", "")
        if not isinstance(title, str) or utf16_units(title) > TITLE_UNITS:
            raise TikTokError(400, "invalid_param", "title is too long or no text")
        for name in (
            "disable_duet",
            "disable_comment",
            "disable_stitch",
            "is_aigc",
            "brand_content_toggle",
            "brand_organic_toggle",
        ):
            if not isinstance(post_info.get(name, False), bool):
                raise TikTokError(400, "invalid_param", f"{name} must be a boolean")

    def _begin(self, kind: str, token: JSON, post_info: JSON, body: JSON) -> JSON:
        source = body.get("source_info")
        source = source if isinstance(source, dict) else {}
        match source.get("source"):
            case "FILE_UPLOAD":
                self._check_plan(source)
                task = self._state.open_task(kind, token, post_info, source)
                upload_url = self._state.upload_url(task)
                return {"publish_id": task["publish_id"], "upload_url": upload_url}
            case "PULL_FROM_URL":
                prefixes = self._state.switch("pull_prefixes", [])
                if not is_pullable(str(source.get("video_url", "")), prefixes):
                    raise TikTokError(403, "url_ownership_unverified")
                task = self._state.open_task(kind, token, post_info, source)
                return {"publish_id": task["publish_id"]}
            case _:
                raise TikTokError(400, "invalid_param", "source is unknown")

    def _check_plan(self, source: JSON) -> None:
        plan = read_plan(source)
        if plan is None:
            raise TikTokError(400, "invalid_param", "sizes and count must be above 0")
        fault = plan.fault(READINGS[self._state.switch("megabytes", "strict")])
        if fault:
            raise TikTokError(400, "invalid_param", fault)

    async def status(self, request: web.Request, access: str, token: JSON) -> JSON:
        require_scope(token, "video.publish", "video.upload")
        self._state.charge(access, "status", 30)
        task = await self._own_task(request, token)
        data = {
            "status": task["status"],
            "fail_reason": task["fail_reason"],
            "publicaly_available_post_id": self._public_ids(task),
        }
        pulls = task["source"]["source"] == "PULL_FROM_URL"
        size = self.sandbox.blob(blob_key(task)).size if pulls else task["received"]
        return {**data, ("downloaded_bytes" if pulls else "uploaded_bytes"): size}

    async def cancel(self, request: web.Request, access: str, token: JSON) -> JSON:
        require_scope(token, "video.publish", "video.upload")
        self._state.charge(access, "status", 30)
        task = await self._own_task(request, token)
        if task["status"] != "PROCESSING_DOWNLOAD":
            raise TikTokError(400, "publish_not_cancellable")
        task.update(status="FAILED", fail_reason="publish_cancelled")
        self._state.tasks.put(task["publish_id"], task)
        return {}

    async def _own_task(self, request: web.Request, token: JSON) -> JSON:
        publish_id = (await read_object(request)).get("publish_id")
        task = await self._state.advance(publish_id) if isinstance(publish_id, str) else None
        if task is None:
            raise TikTokError(400, "invalid_publish_id")
        owner = (task["open_id"], task["client_key"])
        if owner != (token["open_id"], token["client_key"]):
            raise TikTokError(400, "token_not_authorized_for_specified_publish_id")
        return task

    def _public_ids(self, task: JSON) -> list[int | str]:
        if not self._state.is_public(task):
            return []
        as_text = self._state.switch("post_id_type", "number") == "string"
        return [task["post_id"] if as_text else int(task["post_id"])]
