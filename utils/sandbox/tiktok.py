"""A stand-in for TikTok: posting API, OAuth and read-back on one port, uploads on another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from aiohttp import web

from utils.sandbox.server import ClientDisconnected, Sandbox, Service
from utils.sandbox.tiktok_oauth import TikTokOAuth
from utils.sandbox.tiktok_rules import (
    MEDIA_TYPES,
    READINGS,
    TITLE_UNITS,
    is_pullable,
    read_plan,
    read_range,
    utf16_units,
)
from utils.sandbox.tiktok_state import (
    DAY,
    JSON,
    SERVICE,
    TikTokError,
    TikTokState,
    blob_key,
    envelope,
    post_url,
)
from utils.sandbox.transfers import Transfers

CLIENT_KEY = "sbawkarvondesktop"
CLIENT_SECRET = "sandbox-tiktok-secret"
WEB_CLIENT_KEY = "sbawkarvonweb"
UNAUDITED_CLIENT_KEY = "sbawkarvonunaudited"
OPEN_ID = "-000karvonPublicCreator"
PRIVATE_OPEN_ID = "-000karvonPrivateCreator"
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

    def routes(self) -> list[web.RouteDef]:
        publish = "/v2/post/publish"
        return [
            *self._oauth.routes(),
            web.post(f"{publish}/creator_info/query/", self._call(self.creator_info)),
            web.post(f"{publish}/video/init/", self._call(self.init_direct)),
            web.post(f"{publish}/inbox/video/init/", self._call(self.init_inbox)),
            web.post(f"{publish}/status/fetch/", self._call(self.status)),
            web.post(f"{publish}/cancel/", self._call(self.cancel)),
            web.get("/v2/user/info/", self._call(self.user_info)),
            web.post("/v2/video/list/", self._call(self.video_list)),
            web.post("/v2/video/query/", self._call(self.video_query)),
        ]

    def step(self, request: web.Request) -> str:
        return STEPS.get(request.path, "unknown")

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
        return {"accounts": self.account_settings()}

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
                for path in ("", "callback/", "callback", "oauth/tiktok")
            ],
            "audited": True,
        }
        web_app = {
            **desktop,
            "kind": "web",
            "redirect_uris": ["https://karvon.example/oauth/tiktok"],
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
        _require_scope(token, "video.publish")
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
        _require_scope(token, "video.publish")
        self._state.charge(access, "init", 6)
        body = await _object(request)
        block = self._state.block(token["client_key"], token["open_id"])
        if block:
            raise TikTokError(403, block)
        post_info = body.get("post_info")
        self._check_post(post_info if isinstance(post_info, dict) else {}, token)
        return self._begin("direct", token, body["post_info"], body)

    async def init_inbox(self, request: web.Request, access: str, token: JSON) -> JSON:
        _require_scope(token, "video.upload")
        self._state.charge(access, "init", 6)
        body = await _object(request)
        if self._state.switch("block", None) == "spam_risk_user_banned_from_posting":
            raise TikTokError(403, "spam_risk_user_banned_from_posting")
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
        _require_scope(token, "video.publish", "video.upload")
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
        _require_scope(token, "video.publish", "video.upload")
        self._state.charge(access, "status", 30)
        task = await self._own_task(request, token)
        if task["status"] != "PROCESSING_DOWNLOAD":
            raise TikTokError(400, "publish_not_cancellable")
        task.update(status="FAILED", fail_reason="publish_cancelled")
        self._state.tasks.put(task["publish_id"], task)
        return {}

    async def _own_task(self, request: web.Request, token: JSON) -> JSON:
        publish_id = (await _object(request)).get("publish_id")
        task = await self._state.advance(publish_id) if isinstance(publish_id, str) else None
        if task is None:
            raise TikTokError(400, "invalid_publish_id")
        owner = (task["open_id"], task["client_key"])
        if owner != (token["open_id"], token["client_key"]):
            raise TikTokError(400, "token_not_authorized_for_specified_publish_id")
        return task

    def _public_ids(self, task: JSON) -> list[int | str]:
        if task["public_at"] is None or self._state.now() < task["public_at"]:
            return []
        as_text = self._state.switch("post_id_type", "number") == "string"
        return [task["post_id"] if as_text else int(task["post_id"])]

    async def user_info(self, request: web.Request, access: str, token: JSON) -> JSON:
        self._state.charge(access, "read", 600)
        creator = self._state.creator(token["open_id"])
        known = {
            "user.info.basic": {
                "open_id": token["open_id"],
                "display_name": creator["nickname"],
                "avatar_url": f"https://p16-sign.tiktokcdn.com/{creator['username']}.jpeg",
            },
            "user.info.profile": {"username": creator["username"]},
            "user.info.stats": {"follower_count": 12, "likes_count": 3, "video_count": 1},
        }
        user: JSON = {}
        for name in _fields(request):
            scope = next((one for one, values in known.items() if name in values), None)
            if scope is None:
                raise TikTokError(400, "invalid_params", f"no such field: {name}")
            _require_scope(token, scope)
            user[name] = known[scope][name]
        return {"user": user}

    async def video_list(self, request: web.Request, access: str, token: JSON) -> JSON:
        _require_scope(token, "video.list")
        self._state.charge(access, "read", 600)
        body = await _object(request)
        count = body.get("max_count", 10)
        if not isinstance(count, int) or not 1 <= count <= 20:
            raise TikTokError(400, "invalid_params", "max_count is 1 to 20")
        videos = self._videos(token["open_id"], _fields(request))[::-1]
        start = int(body.get("cursor", 0))
        page = videos[start : start + count]
        return {
            "videos": page,
            "cursor": start + len(page),
            "has_more": start + count < len(videos),
        }

    async def video_query(self, request: web.Request, access: str, token: JSON) -> JSON:
        _require_scope(token, "video.list")
        self._state.charge(access, "read", 600)
        wanted = (await _object(request)).get("filters", {}).get("video_ids", [])
        if len(wanted) > 20:
            raise TikTokError(400, "invalid_params", "at most 20 video_ids")
        found = self._videos(token["open_id"], ["id", *_fields(request)])
        return {"videos": [video for video in found if video["id"] in wanted]}

    def _videos(self, open_id: str, fields: list[str]) -> list[JSON]:
        """Return the public posts of a creator, oldest first."""
        now = self._state.now()
        creator = self._state.creator(open_id)
        return [
            {name: value for name, value in _video(creator, task).items() if name in fields}
            for _, task in self._state.tasks.items()
            if task["open_id"] == open_id
            and task["public_at"] is not None
            and task["public_at"] <= now
        ]


class TikTokUpload(Service):
    """The upload host: one chunk after the other, in order, each whole or not at all."""

    name: ClassVar[str] = "tiktok_upload"

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self._state = TikTokState(sandbox)
        self._transfers = Transfers(sandbox)

    def routes(self) -> list[web.RouteDef]:
        return [web.put("/video/", self.put)]

    def step(self, request: web.Request) -> str:
        return "part" if request.path == "/video/" else "unknown"

    def error(self, status: int, message: str) -> web.Response:
        return envelope({}, "upload_error", message, status)

    async def put(self, request: web.Request) -> web.Response:
        try:
            return await self._put(request)
        except TikTokError as refusal:
            return refusal.response()

    async def _put(self, request: web.Request) -> web.Response:
        query = request.query
        upload_id, upload_token = query.get("upload_id", ""), query.get("upload_token", "")
        task = self._state.task_of_upload(upload_id, upload_token)
        if task is None:
            raise TikTokError(404, "upload_not_found", "no such upload task")
        self._require_time(task)
        plan = self._state.plan(task)
        part = read_range(request.headers.get("Content-Range", ""))
        if part is None or part.total != plan.size:
            raise TikTokError(400, "invalid_range", "Content-Range is missing or wrong")
        if request.content_type not in MEDIA_TYPES or "Content-Type" not in request.headers:
            raise TikTokError(400, "invalid_content_type", "Content-Type is no video type")
        if request.content_length != part.length:
            raise TikTokError(400, "invalid_length", "Content-Length is not the range")
        received = task["received"]
        if self._is_accepted_repeat(part.last, received):
            await self.sandbox.read_body(request, bytearray(), 0)
            return _progress(task, plan.size)
        if self._transfers.is_busy(task["publish_id"]) or part.first != received:
            return _progress(task, plan.size, 416)
        if part.length != plan.length_at(received):
            raise TikTokError(400, "invalid_length", "the chunk is not as long as planned")
        return _progress(await self._store(request, task), plan.size)

    def _is_accepted_repeat(self, last: int, received: int) -> bool:
        accepts = self._state.switch("repeated_chunk", "refuse") == "accept"
        return bool(accepts and last < received)

    def _require_time(self, task: JSON) -> None:
        if self._state.now() >= task["expires_at"]:
            raise TikTokError(403, "upload_url_expired", "the upload address has expired")

    async def _store(self, request: web.Request, task: JSON) -> JSON:
        """Receive one chunk; a chunk that was cut short leaves nothing behind."""
        key, start = task["publish_id"], int(task["received"])
        blob = self.sandbox.blob(blob_key(task))
        if blob.size > start:
            blob.truncate(start)
        length = self._state.plan(task).length_at(start)
        try:
            await self._transfers.receive(request, key, blob, length)
            self._require_time(task)
        except (ClientDisconnected, TikTokError):
            self._drop_rest(key, start)
            raise
        task["received"] = start + length
        if task["received"] == self._state.plan(task).size:
            task["complete_at"] = self._state.now()
        self._state.tasks.put(key, task)
        return task

    def _drop_rest(self, key: str, start: int) -> None:
        """Forget a part of a chunk, unless another request has gone on from there."""
        task = self._state.tasks.get(key)
        if task is None or task["received"] != start or self._transfers.is_busy(key):
            return
        blob = self.sandbox.blob(blob_key(task))
        if blob.size > start:
            blob.truncate(start)


def _progress(task: JSON, size: int, status: int | None = None) -> web.Response:
    received = int(task["received"])
    headers = {"Content-Range": f"bytes 0-{received - 1}/{size}"} if received else {}
    if status is None:
        status = 201 if received == size else 206
    return web.Response(status=status, headers=headers)


def _require_scope(token: JSON, *scopes: str) -> None:
    if not set(scopes) & set(token["scopes"]):
        raise TikTokError(401, "scope_not_authorized", f"needs {' or '.join(scopes)}")


async def _object(request: web.Request) -> JSON:
    try:
        body = await request.json()
    except ValueError as error:
        raise TikTokError(400, "invalid_params", "the body is no JSON") from error
    if not isinstance(body, dict):
        raise TikTokError(400, "invalid_params", "the body is no object")
    return body


def _fields(request: web.Request) -> list[str]:
    fields = [name for name in request.query.get("fields", "").split(",") if name]
    if not fields:
        raise TikTokError(400, "invalid_params", "fields is missing")
    return fields


def _video(creator: JSON, task: JSON) -> JSON:
    return {
        "id": task["post_id"],
        "create_time": int(task["created_at"]),
        "title": task["post_info"].get("title", "")[:150],
        "video_description": task["post_info"].get("title", ""),
        "share_url": post_url(creator, task),
        "view_count": 0,
        "like_count": 0,
        "comment_count": 0,
        "share_count": 0,
    }
