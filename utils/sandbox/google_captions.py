"""Captions of the YouTube stand-in."""

from __future__ import annotations

import email.parser
import email.policy
import hashlib
import json
from typing import Any

from aiohttp import web

from utils.sandbox.google_accounts import Caller
from utils.sandbox.google_errors import CAPTION, ApiError, parameter_error
from utils.sandbox.google_metadata import read_ids, read_parts, read_resource
from utils.sandbox.google_uploads import ResumableUploads, too_large
from utils.sandbox.google_videos import SERVICE, Videos
from utils.sandbox.server import Blob, Sandbox

LARGEST = 100 * 1024 * 1024
NAME_LENGTH = 150
PARTS = frozenset({"id", "snippet"})


class Captions:
    """Takes a caption track, as multipart in one request or through a session."""

    def __init__(self, sandbox: Sandbox, videos: Videos, uploads: ResumableUploads) -> None:
        self._sandbox = sandbox
        self._videos = videos
        self._uploads = uploads
        self._captions = sandbox.collection("youtube.captions")
        uploads.on_finish("caption", self._finish)

    async def insert(self, request: web.Request, caller: Caller) -> web.Response:
        read_parts(request, PARTS)
        if request.query.get("uploadType") == "resumable":
            snippet = self._checked(await read_resource(request), caller)
            details = {"snippet": snippet}
            return self._uploads.begin(request, "caption", caller, details, LARGEST)
        body = bytearray()
        if await self._sandbox.read_body(request, body, LARGEST) > LARGEST:
            raise too_large(LARGEST)
        resource, track = _split(request.headers.get("Content-Type", ""), bytes(body))
        snippet = self._checked(resource, caller)
        if not track:
            raise ApiError(400, "contentRequired", "no caption track", domain=CAPTION)
        digest = hashlib.sha256(track).hexdigest()
        return web.json_response(self._store(snippet, len(track), digest))

    async def list_tracks(self, request: web.Request, caller: Caller) -> web.Response:
        parts, video_id = read_parts(request, PARTS), request.query.get("videoId")
        if not video_id:
            raise parameter_error("missingRequiredParameter", "videoId", "Required: videoId")
        video, ids = self._videos.require_own(video_id, caller.own_channel), read_ids(request)
        names = ("kind", "etag", "id", *(["snippet"] if "snippet" in parts else []))
        items = [
            {name: row[name] for name in names}
            for row in self._tracks(video["id"])
            if not ids or row["id"] in ids
        ]
        return web.json_response({"kind": "youtube#captionListResponse", "items": items})

    async def delete(self, request: web.Request, caller: Caller) -> web.Response:
        ids = read_ids(request, most=1)
        if not ids:
            raise parameter_error("missingRequiredParameter", "id", "Required parameter: id")
        found = next(((k, r) for k, r in self._captions.items() if r["id"] == ids[0]), None)
        if found is None:
            raise ApiError(404, "captionNotFound", "There is no such track.", domain=CAPTION)
        video_id = found[1]["snippet"]["videoId"]
        self._videos.require_own(video_id, caller.own_channel)
        self._captions.delete(found[0])
        self._show(video_id)
        return web.Response(status=204)

    def _tracks(self, video_id: str) -> list[dict[str, Any]]:
        rows = (row for _, row in self._captions.items())
        return [row for row in rows if row["snippet"]["videoId"] == video_id]

    def _show(self, video_id: str) -> None:
        """Say among what is published which tracks a video has."""
        tracks = self._tracks(video_id)
        video = self._videos.get(video_id)
        if video is not None:
            self._videos.save({**video, "has_captions": bool(tracks)})
        shown = [
            {name: track["snippet"][name] for name in ("language", "name", "isDraft")}
            | {"sha256": track["sha256"], "bytes": track["size"]}
            for track in tracks
        ]
        self._sandbox.update_published(SERVICE, video_id, captions=shown)

    def _checked(self, resource: dict[str, Any], caller: Caller) -> dict[str, Any]:
        snippet = resource.get("snippet")
        if not isinstance(snippet, dict):
            raise ApiError(400, "invalidMetadata", "no snippet", domain=CAPTION)
        name, language = snippet.get("name", ""), snippet.get("language")
        if not isinstance(name, str) or not isinstance(language, str) or not language:
            raise ApiError(400, "invalidMetadata", "language and name are texts", domain=CAPTION)
        if len(name) > NAME_LENGTH:
            raise ApiError(400, "nameTooLong", f"at most {NAME_LENGTH}", domain=CAPTION)
        video = self._videos.require_own(snippet.get("videoId"), caller.own_channel)
        checked = {"videoId": video["id"], "language": language, "name": name}
        if self._captions.get(_key(checked)) is not None:
            raise ApiError(409, "captionExists", "this track is there", domain=CAPTION)
        return {**checked, "isDraft": snippet.get("isDraft", False)}

    def _finish(self, session: dict[str, Any], blob: Blob) -> dict[str, Any]:
        if not blob.size:
            raise ApiError(400, "contentRequired", "no caption track", domain=CAPTION)
        return self._store(session["details"]["snippet"], blob.size, blob.sha256())

    def _store(self, snippet: dict[str, Any], size: int, sha256: str) -> dict[str, Any]:
        caption = {
            "kind": "youtube#caption",
            "etag": "x",
            "id": f"caption-{self._captions.next_id()}",
            "snippet": {**snippet, "trackKind": "standard", "status": "serving"},
        }
        self._captions.put(_key(snippet), {**caption, "size": size, "sha256": sha256})
        self._show(snippet["videoId"])
        return caption


def _key(snippet: dict[str, Any]) -> str:
    return f"{snippet['videoId']}/{snippet['language']}/{snippet['name']}"


def _split(content_type: str, body: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the resource and the track of a multipart/related body.

    Raises:
        ApiError: when it has not these two parts.
    """
    parser = email.parser.BytesParser(policy=email.policy.HTTP)
    message = parser.parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    parts = [part for part in message.walk() if not part.is_multipart()]
    if len(parts) != 2:
        raise ApiError(400, "badRequest", "a resource and a track are needed")
    first, second = (part.get_payload(decode=True) for part in parts)
    try:
        resource = json.loads(first if isinstance(first, bytes) else b"")
    except ValueError as error:
        raise ApiError(400, "parseError", str(error)) from error
    if not isinstance(resource, dict):
        raise ApiError(400, "badRequest", "the resource has to be an object")
    return resource, second if isinstance(second, bytes) else b""
