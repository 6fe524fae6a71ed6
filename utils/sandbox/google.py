"""The YouTube stand-in: Data API v3 as an uploader meets it.

The rules are written from the remote's documents as of 2026-11, never from an application.
Where those documents give no code or number, the choice can be switched.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar

from aiohttp import web

from utils.sandbox.google_accounts import (
    CAPTION_SCOPES,
    DEMO_ACCESS_TOKEN,
    DEMO_CHANNEL,
    DEMO_CLIENT_ID,
    DEMO_CLIENT_SECRET,
    DEMO_REFRESH_TOKEN,
    EDIT_SCOPES,
    READ_SCOPES,
    UPLOAD_SCOPES,
    Caller,
    GoogleAccounts,
    bearer_token,
)
from utils.sandbox.google_captions import Captions
from utils.sandbox.google_errors import ApiError, body_error, generic, parameter_error
from utils.sandbox.google_metadata import (
    CATEGORIES,
    OWNER_PARTS,
    VIDEO_PARTS,
    checked_file_name,
    checked_video,
    read_ids,
    read_parts,
    read_resource,
)
from utils.sandbox.google_playlists import Playlists
from utils.sandbox.google_quota import STATISTICS, UNITS, UPLOADS, Quota, exhausted, upload_limit
from utils.sandbox.google_thumbnails import Thumbnails
from utils.sandbox.google_uploads import ResumableUploads
from utils.sandbox.google_videos import Videos
from utils.sandbox.server import Blob, Sandbox, Service

ROOT = "/youtube/v3"
UPLOAD_ROOT = "/upload/youtube/v3"
LARGEST_VIDEO = 274_877_906_944
VIDEO_TYPES = ("video/", "application/octet-stream")

CHANNEL_PARTS = frozenset({"id", "snippet", "status", "contentDetails", "statistics"})
CATEGORY_PARTS = frozenset({"snippet"})
STAT_PARTS = frozenset({"id", "snippet", "contentDetails", "statistics"})

METHOD_STEPS = {
    ("GET", "videos"): "status",
    ("PUT", "videos"): "update",
    ("DELETE", "videos"): "delete",
    ("GET", "videos:batchGetStats"): "statistics",
    ("GET", "channels"): "account",
    ("GET", "videoCategories"): "categories",
    ("POST", "videos"): "begin",
    ("POST", "thumbnails/set"): "thumbnail",
    ("POST", "captions"): "captions",
    ("GET", "captions"): "caption_list",
    ("DELETE", "captions"): "caption_delete",
    ("GET", "playlists"): "playlists",
    ("POST", "playlists"): "playlist",
    ("GET", "playlistItems"): "playlist_items",
    ("POST", "playlistItems"): "playlist_item",
    ("DELETE", "playlistItems"): "playlist_item",
}

Handler = Callable[[web.Request, Caller], Awaitable[web.StreamResponse]]
WebHandler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class YouTube(Service):
    """Videos, thumbnails, captions and channels, with quotas and scopes."""

    name: ClassVar[str] = "youtube"
    # The request that brings the last bytes is a part as well.
    aliases: ClassVar[Mapping[str, str]] = {"commit": "part"}

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        self.accounts = GoogleAccounts(sandbox)
        self.quota = Quota(sandbox)
        self.videos = Videos(sandbox)
        self.uploads = ResumableUploads(sandbox, self.name)
        self.uploads.on_finish("video", self._make_video)
        self.thumbnails = Thumbnails(sandbox, self.videos, self.accounts, self.uploads)
        self.captions = Captions(sandbox, self.videos, self.uploads)
        self.playlists = Playlists(sandbox, self.videos)

    def routes(self) -> list[web.RouteDef]:
        call = functools.partial(_method, self)
        begin = call(self.begin, UPLOAD_SCOPES, bucket=UPLOADS)
        thumbnail = call(self.thumbnails.set, UPLOAD_SCOPES, cost=50)
        caption = call(self.captions.insert, CAPTION_SCOPES, cost=400)
        routes = [
            web.get(f"{ROOT}/videos", call(self.list_videos, READ_SCOPES)),
            web.put(f"{ROOT}/videos", call(self.update, EDIT_SCOPES, cost=50)),
            web.delete(f"{ROOT}/videos", call(self.delete, EDIT_SCOPES, cost=50)),
            web.get(
                f"{ROOT}/videos:batchGetStats",
                call(self.batch_statistics, READ_SCOPES, bucket=STATISTICS),
            ),
            web.get(f"{ROOT}/channels", call(self.channels, READ_SCOPES)),
            web.get(f"{ROOT}/videoCategories", call(self.categories, READ_SCOPES)),
            web.get(f"{ROOT}/captions", call(self.captions.list_tracks, CAPTION_SCOPES, cost=50)),
            web.delete(f"{ROOT}/captions", call(self.captions.delete, CAPTION_SCOPES, cost=50)),
            *self._playlist_routes(),
        ]
        for root in (UPLOAD_ROOT, f"/resumable{UPLOAD_ROOT}"):
            for path, handler in (
                ("videos", begin),
                ("thumbnails/set", thumbnail),
                ("captions", caption),
            ):
                routes.append(web.post(f"{root}/{path}", handler))
                routes.append(web.put(f"{root}/{path}", self.put))
        return routes

    def _playlist_routes(self) -> list[web.RouteDef]:
        call, lists = functools.partial(_method, self), self.playlists
        # Reading lists costs what all reading does; only the costs of the others are documented.
        return [
            web.get(f"{ROOT}/playlists", call(lists.list_lists, READ_SCOPES)),
            web.post(f"{ROOT}/playlists", call(lists.insert, EDIT_SCOPES, cost=50)),
            web.get(f"{ROOT}/playlistItems", call(lists.list_items, READ_SCOPES)),
            web.post(f"{ROOT}/playlistItems", call(lists.add_item, EDIT_SCOPES, cost=50)),
            web.delete(f"{ROOT}/playlistItems", call(lists.delete_item, EDIT_SCOPES, cost=50)),
        ]

    def step(self, request: web.Request) -> str:
        if request.method == "PUT" and "upload_id" in request.query:
            return _upload_step(request)
        path = request.path.removeprefix("/resumable").removeprefix("/upload")
        return METHOD_STEPS.get((request.method, path.removeprefix(f"{ROOT}/")), "other")

    def error(self, status: int, message: str) -> web.Response:
        return generic(status, message).response()

    def also(self, request: web.Request) -> tuple[str, ...]:
        return ("me",) if self.step(request) == "account" else ()

    def change_account(self, account: str, changes: dict[str, Any]) -> dict[str, Any]:
        return self.accounts.change_account(account, changes)

    async def alter(self, remote_id: str, changes: dict[str, Any]) -> None:
        self.videos.alter(remote_id, changes)

    def seed(self) -> None:
        self.accounts.seed()
        self.playlists.seed()

    async def settle(self) -> None:
        self.videos.all()  # what is scheduled appears when somebody looks

    def reset(self) -> None:
        self.uploads.forget_active()

    def settings(self) -> dict[str, Any]:
        account = {
            "platform": "youtube",
            "name": "Demo channel",
            "remote_id": DEMO_CHANNEL,
            "access_token": DEMO_ACCESS_TOKEN,
            "refresh_token": DEMO_REFRESH_TOKEN,
            "client_id": DEMO_CLIENT_ID,
            "client_secret": DEMO_CLIENT_SECRET,
        }
        return {"accounts": [account]}

    async def begin(self, request: web.Request, caller: Caller) -> web.Response:
        if request.query.get("uploadType") != "resumable":
            raise ApiError(400, "badRequest", "this stand-in takes uploadType=resumable only")
        channel = caller.own_channel
        parts = read_parts(request, VIDEO_PARTS)
        media_type = request.headers.get("X-Upload-Content-Type", VIDEO_TYPES[1])
        if not media_type.startswith(VIDEO_TYPES):
            raise generic(400, f"Media type {media_type!r} is not supported")
        details = {
            "parts": sorted(parts),
            "file_name": checked_file_name(request),
            "kept": checked_video(await read_resource(request), parts),
            "notify": request.query.get("notifySubscribers", "true") != "false",
        }
        answer = self.uploads.begin(request, "video", caller, details, LARGEST_VIDEO)
        if self.sandbox.faults.take(self.name, "begin", "upload_limit"):
            raise upload_limit()
        self.quota.spend_channel(channel)
        return answer

    async def put(self, request: web.Request) -> web.StreamResponse:
        try:
            self._authorize_put(request)
            lost = self.sandbox.faults.take(self.name, self.step(request), "lose_session")
            if lost is not None:
                self.uploads.lose(request.query.get("upload_id", ""))
            return await self.uploads.put(request)
        except ApiError as error:
            return error.response()

    def _authorize_put(self, request: web.Request) -> None:
        """Refuse a bad token; a missing one only if the switch asks for it."""
        needed = self.sandbox.options.switch(self.name, "session_needs_token", default=False)
        if needed or "Authorization" in request.headers:
            self._fail_token(request)
            self.accounts.caller(request)

    def _make_video(self, session: dict[str, Any], blob: Blob) -> dict[str, Any]:
        title = (self.accounts.channel(session["channel"]) or {}).get("title", "")
        video = self.videos.create(session, blob, self._outcome(session, blob), title)
        return self.videos.render_known(video, session["details"]["parts"], {}, owner=True)

    def _outcome(self, session: dict[str, Any], blob: Blob) -> dict[str, Any]:
        faults = self.sandbox.faults
        if fault := faults.take(self.name, "commit", "fail_processing"):
            reason = fault.params.get("reason", "codec")
            return {"uploadStatus": "failed", "failureReason": reason}
        if fault := faults.take(self.name, "commit", "reject"):
            reason = fault.params.get("reason", "copyright")
            return {"uploadStatus": "rejected", "rejectionReason": reason}
        if blob.size == 0:
            return {"uploadStatus": "failed", "failureReason": "emptyFile"}
        refuses = self.sandbox.options.switch(self.name, "reject_duplicates", default=False)
        if refuses and self._is_duplicate(session["channel"], blob.sha256()):
            return {"uploadStatus": "rejected", "rejectionReason": "duplicate"}
        return {"uploadStatus": "processed"}

    def _is_duplicate(self, channel: str, sha256: str) -> bool:
        mine = (video for video in self.videos.all() if video["channel"] == channel)
        return any(video["sha256"] == sha256 for video in mine)

    async def list_videos(self, request: web.Request, caller: Caller) -> web.Response:
        parts = read_parts(request, VIDEO_PARTS)
        ids = read_ids(request)
        if not ids:
            raise parameter_error("missingRequiredParameter", "id", "No filter selected.")
        items = []
        for video in filter(None, map(self.videos.get, ids)):
            owner = video["channel"] == caller.channel
            if not owner and parts & OWNER_PARTS:
                raise ApiError(403, "forbidden", "this part is only for the owner")
            if owner or self._is_visible(video):
                current = await self.videos.examine(video)
                items.append(await self.videos.render(current, parts, owner=owner))
        return _listing("youtube#videoListResponse", items)

    def _is_visible(self, video: dict[str, Any]) -> bool:
        privacy = video["kept"].get("status", {}).get("privacyStatus", "public")
        return privacy != "private" and self.videos.is_done(video)

    async def update(self, request: web.Request, caller: Caller) -> web.Response:
        parts = read_parts(request, VIDEO_PARTS)
        body = await read_resource(request)
        video = self._own(body.pop("id", None), caller)
        if "snippet" in parts:
            _require_field(body, "title", "invalidTitle")
            _require_field(body, "categoryId", "invalidCategoryId")
        kept = checked_video(body, parts)
        if video["was_public"] and "publishAt" in kept.get("status", {}):
            raise body_error(
                "invalidPublishAt", "status.publishAt", "the video was published before"
            )
        self.videos.change(video, kept)
        return web.json_response(await self.videos.render(video, parts, owner=True))

    async def delete(self, request: web.Request, caller: Caller) -> web.Response:
        ids = read_ids(request, most=1)
        if not ids:
            raise parameter_error("missingRequiredParameter", "id", "Required parameter: id")
        self.videos.delete(self._own(ids[0], caller))
        return web.Response(status=204)

    def _own(self, video_id: object, caller: Caller) -> dict[str, Any]:
        return self.videos.require_own(video_id, caller.own_channel)

    async def batch_statistics(self, request: web.Request, caller: Caller) -> web.Response:
        parts = read_parts(request, STAT_PARTS)
        ids = read_ids(request)
        if not ids:
            raise parameter_error("missingRequiredParameter", "id", "Required parameter: id")
        items = [
            await self.videos.render_statistics(video, parts)
            for video in filter(None, map(self.videos.get, ids))
            if video["channel"] == caller.channel or self._is_visible(video)
        ]
        return web.json_response({"kind": "youtube#batchGetStatsResponse", "items": items})

    async def channels(self, request: web.Request, caller: Caller) -> web.Response:
        parts = read_parts(request, CHANNEL_PARTS)
        mine = request.query.get("mine") == "true"
        if not mine and not read_ids(request):
            raise parameter_error("missingRequiredParameter", "id", "No filter selected.")
        empty = self.sandbox.options.switch(self.name, "no_channel_is_empty", default=False)
        if mine and not (empty and caller.channel is None):
            ids = self._mine(caller)
        else:
            ids = read_ids(request)
        items = [
            _channel_resource(channel_id, channel, parts)
            for channel_id in ids
            if (channel := self.accounts.channel(channel_id)) is not None
        ]
        return _listing("youtube#channelListResponse", items)

    def _mine(self, caller: Caller) -> list[str]:
        """Return the channel of the token, by a switch with the person's other ones."""
        own = caller.own_channel
        if not self.sandbox.options.switch(self.name, "mine_lists_all", default=False):
            return [own]
        return list(dict.fromkeys([own, *self.accounts.require_user(caller.user)["channels"]]))

    async def categories(self, request: web.Request, _: Caller) -> web.Response:
        read_parts(request, CATEGORY_PARTS)
        ids = read_ids(request)
        region = request.query.get("regionCode")
        if not ids and region is None:
            raise parameter_error("missingRequiredParameter", "regionCode", "No filter selected.")
        if region is not None and not (len(region) == 2 and region.isalpha()):
            raise parameter_error("invalidParameter", "regionCode", "not a region")
        wanted = CATEGORIES if not ids else [name for name in ids if name in CATEGORIES]
        return _listing(
            "youtube#videoCategoryListResponse", [_category_resource(name) for name in wanted]
        )

    def fail_on_command(self, request: web.Request, step: str) -> None:
        """Do what was asked for at this step.

        Raises:
            ApiError: when a failure was asked for.
        """
        self._fail_token(request)
        faults = self.sandbox.faults
        if faults.take(self.name, step, "quota"):
            raise exhausted(UPLOADS if step == "begin" else UNITS)
        if fault := faults.take(self.name, step, "rate_limit"):
            reason = str(fault.params.get("reason", "rateLimitExceeded"))
            status = int(fault.number("status", 403))
            raise ApiError(status, reason, "The request rate is too high.", domain="usageLimits")

    def _fail_token(self, request: web.Request) -> None:
        if self.sandbox.faults.take(self.name, self.step(request), "expire_token"):
            self.accounts.expire(bearer_token(request))


class _Call:
    """A method of the API: who may call it, what it costs, and how it is refused."""

    def __init__(
        self,
        service: YouTube,
        handler: Handler,
        scopes: frozenset[str],
        *,
        bucket: str = UNITS,
        cost: int = 1,
    ) -> None:
        self._service = service
        self._handler = handler
        self._scopes = scopes
        self._bucket = bucket
        self._cost = cost

    async def answer(self, request: web.Request) -> web.StreamResponse:
        service = self._service
        try:
            service.fail_on_command(request, service.step(request))
            caller = service.accounts.caller(request, self._scopes)
            return await self._charged(request, caller)
        except ApiError as error:
            return error.response()

    async def _charged(self, request: web.Request, caller: Caller) -> web.StreamResponse:
        quota = self._service.quota
        quota.spend(caller.project, self._bucket, self._cost)
        try:
            return await self._handler(request, caller)
        except ApiError:
            # A call that is refused costs one.
            quota.spend(caller.project, self._bucket, 1 - self._cost)
            raise


def _method(
    service: YouTube,
    handler: Handler,
    scopes: frozenset[str],
    *,
    bucket: str = UNITS,
    cost: int = 1,
) -> WebHandler:
    return _Call(service, handler, scopes, bucket=bucket, cost=cost).answer


def _upload_step(request: web.Request) -> str:
    content_range = request.headers.get("Content-Range", "")
    if content_range.startswith("bytes */"):
        return "recover"
    span, _, total = content_range.removeprefix("bytes ").partition("/")
    last = span.rpartition("-")[2]
    is_last = not content_range or (total.isdecimal() and last == str(int(total) - 1))
    return "commit" if is_last else "part"


def _require_field(body: dict[str, Any], name: str, reason: str) -> None:
    snippet = body.get("snippet")
    if not isinstance(snippet, dict) or not snippet.get(name):
        raise ApiError(400, reason, f"snippet.{name} is required", domain="youtube.video")


def _listing(kind: str, items: list[dict[str, Any]]) -> web.Response:
    page = {"totalResults": len(items), "resultsPerPage": len(items)}
    return web.json_response({"kind": kind, "etag": "x", "items": items, "pageInfo": page})


def _channel_resource(
    channel_id: str, channel: dict[str, Any], parts: frozenset[str]
) -> dict[str, Any]:
    shown = {
        "snippet": {"title": channel["title"], "description": "", "thumbnails": {}},
        "status": {
            "privacyStatus": "public",
            "isLinked": True,
            "longUploadsStatus": channel["long_uploads"],
        },
        "contentDetails": {"relatedPlaylists": {"uploads": f"UU{channel_id[2:]}"}},
        "statistics": {"viewCount": "0", "subscriberCount": "0", "videoCount": "0"},
    }
    resource = {"kind": "youtube#channel", "etag": "x", "id": channel_id}
    return resource | {name: value for name, value in shown.items() if name in parts}


def _category_resource(name: str) -> dict[str, Any]:
    title, assignable = CATEGORIES[name]
    snippet = {"title": title, "assignable": assignable, "channelId": "UCBR8-60-B28hp2BmDPdntcQ"}
    return {"kind": "youtube#videoCategory", "etag": "x", "id": name, "snippet": snippet}
