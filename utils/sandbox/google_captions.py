"""Captions of the YouTube stand-in."""

from __future__ import annotations

import email.parser
import email.policy
import json
from typing import Any

from aiohttp import web

from utils.sandbox.google_accounts import Caller
from utils.sandbox.google_errors import CAPTION, ApiError
from utils.sandbox.google_metadata import read_parts, read_resource
from utils.sandbox.google_uploads import ResumableUploads, too_large
from utils.sandbox.google_videos import Videos
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
        return web.json_response(self._store(snippet, len(track)))

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
        return self._store(session["details"]["snippet"], blob.size)

    def _store(self, snippet: dict[str, Any], size: int) -> dict[str, Any]:
        caption = {
            "kind": "youtube#caption",
            "etag": "x",
            "id": f"caption-{self._captions.next_id()}",
            "snippet": {**snippet, "trackKind": "standard", "status": "serving"},
        }
        self._captions.put(_key(snippet), {**caption, "size": size})
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
