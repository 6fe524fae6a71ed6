"""Thumbnails of the YouTube stand-in."""

from __future__ import annotations

import hashlib
from typing import Any

from aiohttp import web

from utils.sandbox.google_accounts import Caller, GoogleAccounts
from utils.sandbox.google_errors import THUMBNAIL, ApiError, parameter_error
from utils.sandbox.google_uploads import ResumableUploads, too_large
from utils.sandbox.google_videos import SERVICE, Videos, thumbnails
from utils.sandbox.server import Blob, Sandbox

LARGEST = 50 * 1024 * 1024
MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
"""How JPEG and PNG files begin."""


class Thumbnails:
    """Takes a picture for a video, in one request or through a session."""

    def __init__(
        self,
        sandbox: Sandbox,
        videos: Videos,
        accounts: GoogleAccounts,
        uploads: ResumableUploads,
    ) -> None:
        self._sandbox = sandbox
        self._videos = videos
        self._accounts = accounts
        self._uploads = uploads
        uploads.on_finish("thumbnail", self._finish)

    async def set(self, request: web.Request, caller: Caller) -> web.Response:
        video_id = request.query.get("videoId")
        if not video_id:
            raise parameter_error("missingRequiredParameter", "videoId", "Required: videoId")
        video = self._videos.require_own(video_id, caller.own_channel)
        self._check_allowed(caller.own_channel)
        # Looked up here, while waiting is possible; a Short takes a picture only afterwards.
        ignored = await self._videos.is_short(video) and not self._videos.is_done(video)
        details = {"video": video_id, "ignored": ignored}
        if request.query.get("uploadType") == "resumable":
            return self._uploads.begin(request, "thumbnail", caller, details, LARGEST)
        picture = bytearray()
        if (request.content_length or 0) > LARGEST:
            raise too_large(LARGEST)
        if await self._sandbox.read_body(request, picture, LARGEST) > LARGEST:
            raise too_large(LARGEST)
        return web.json_response(self._store(details, bytes(picture)))

    def _check_allowed(self, channel_id: str) -> None:
        channel = self._accounts.channel(channel_id) or {}
        if not channel.get("custom_thumbnails"):
            raise ApiError(
                403,
                "forbidden",
                "The channel may not set custom thumbnails.",
                domain=THUMBNAIL,
            )
        limited = self._sandbox.options.switch(SERVICE, "thumbnails_limited", default=False)
        if limited or self._sandbox.faults.take(SERVICE, "thumbnail", "thumbnail_limit"):
            raise ApiError(
                429,
                "uploadRateLimitExceeded",
                "The channel has uploaded too many thumbnails recently.",
                domain=THUMBNAIL,
            )

    def _finish(self, session: dict[str, Any], blob: Blob) -> dict[str, Any]:
        if blob.path is None and blob.size:
            return self._accept(session["details"], blob.sha256(), blob.size)
        return self._store(session["details"], blob.read())

    def _store(self, details: dict[str, Any], picture: bytes) -> dict[str, Any]:
        if not picture:
            raise ApiError(400, "mediaBodyRequired", "no picture", domain=THUMBNAIL)
        if not picture.startswith(MAGIC):
            raise ApiError(400, "invalidImage", "no JPEG or PNG", domain=THUMBNAIL)
        return self._accept(details, hashlib.sha256(picture).hexdigest(), len(picture))

    def _accept(self, details: dict[str, Any], sha256: str, size: int) -> dict[str, Any]:
        video = self._videos.get(details["video"])
        if video is None:
            raise ApiError(404, "videoNotFound", "The video is gone.", domain=THUMBNAIL)
        if not details["ignored"]:
            video["thumbnail"] = {"sha256": sha256, "bytes": size}
            self._videos.save(video)
            shown = {"thumbnail": video["thumbnail"], "thumbnail_sha256": sha256}
            self._sandbox.update_published(SERVICE, video["id"], **shown)
        return {
            "kind": "youtube#thumbnailSetResponse",
            "etag": "x",
            "items": [thumbnails(video)],
        }
