"""What is added to a video at YouTube: its thumbnail, its captions, its place in a playlist.

::

    THUMBNAIL          GET    videos?part=processingDetails
                       POST   /upload/…/thumbnails/set?videoId=…
    CAPTIONS           POST   /upload/…/captions?uploadType=multipart
    PLAYLIST           GET    playlistItems?playlistId=…&videoId=…
                       POST   playlistItems        unless it is in there already

Pages (developers.google.com/youtube/v3): docs/captions;
youtube/data/reference/rest/v3/thumbnails/set; API description, revision 20261104; read 2026-11-21.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Job, Work
from core.platforms.faults import child, children, refuse, words
from core.platforms.youtube_answers import (
    CAPTIONS_NAME,
    SEND,
    SENTENCES,
    build_call,
    build_list,
    build_media,
    finish,
    gone,
    require_answer,
    require_video,
)
from core.platforms.youtube_faults import read_error
from utils.http import Request, Response

PICTURE_BYTES = 52_428_800
"""Source: thumbnails/set, since 2026-09-14."""
PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""How a file begins → its type. Source: API description, 20261104: JPEG and PNG."""
CAPTIONS_BYTES = 104_857_600
"""Source: docs/captions, 2026: 100 MB."""
STILL_PROCESSING = timedelta(seconds=60)
"""So long a thumbnail waits before it looks again; the interval is ours."""
CAPTION_REASONS = {
    "unknownFormat": "YouTube does not know the format of the captions",
    "unsupportedFormat": "YouTube does not take the format of the captions",
    "processingFailed": "YouTube could not process the captions",
}
"""``failureReason`` of captions in words. Source: API description, 20261104."""


# Thumbnail


def build_thumbnail(work: Work, job: Job) -> Request:
    picture = work.body or b""
    kind = _picture_type(picture)
    if work.stage != SEND:
        return build_list(work, job, ("processingDetails",))
    query = {"videoId": work.media_id, "uploadType": "media"}
    return build_media(job, "thumbnails/set", query, kind, picture)


def read_thumbnail(work: Work, response: Response) -> Work:
    if work.stage == SEND:
        pictures = children(require_answer(work, response), "items")
        return finish(work, {"pictures": len(pictures[0]) if pictures else 0})
    try:
        video = require_video(work, response)
    except RemoteError as error:
        if error.code != "missing_scope":
            raise
        # Who may only upload may not look, but may set a picture.
        return replace(work, stage=SEND)
    state = words(child(video, "processingDetails"), "processingStatus")
    if state == "processing":
        # Source: thumbnails/set, 2026-11-03: before that a call may have no effect.
        raise RemoteError(
            kind=ErrorKind.TRANSIENT,
            message="YouTube still processes the video",
            code="processing",
            retry_after=STILL_PROCESSING,
        )
    return replace(work, stage=SEND)


def _picture_type(picture: bytes) -> str:
    if len(picture) > PICTURE_BYTES:
        raise refuse("YouTube takes thumbnails up to 50 MB", code="uploadTooLarge")
    for beginning, kind in PICTURES.items():
        if picture.startswith(beginning):
            return kind
    raise refuse(SENTENCES["invalidImage"], code="invalidImage")


# Captions


def build_captions(work: Work, job: Job) -> Request:
    track = work.body or b""
    language = str(work.changes.get("language") or job.options.get("language") or "")
    name = str(work.changes.get("name") or "")
    _check_captions(track, language, name)
    snippet = {"videoId": work.media_id, "language": language, "name": name, "isDraft": False}
    resource = json.dumps({"snippet": snippet}).encode()
    # A boundary that the file cannot hold, and the same at every try.
    boundary = hashlib.sha256(resource + track).hexdigest()
    body = b"".join(
        (
            f"--{boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n".encode(),
            resource,
            f"\r\n--{boundary}\r\nContent-Type: application/octet-stream\r\n\r\n".encode(),
            track,
            f"\r\n--{boundary}--\r\n".encode(),
        )
    )
    query = {"part": "snippet", "uploadType": "multipart"}
    return build_media(job, "captions", query, f"multipart/related; boundary={boundary}", body)


def _check_captions(track: bytes, language: str, name: str) -> None:
    if not language:
        raise refuse("captions need their language", code="invalidMetadata")
    if len(name) > CAPTIONS_NAME:
        raise refuse(SENTENCES["nameTooLong"], code="nameTooLong")
    if not track.strip():
        raise refuse(SENTENCES["contentRequired"], code="contentRequired")
    if len(track) > CAPTIONS_BYTES:
        raise refuse("YouTube takes captions up to 100 MB", code="uploadTooLarge")


def read_captions(work: Work, response: Response) -> Work:
    snippet = child(require_answer(work, response), "snippet")
    status, reason = words(snippet, "status"), words(snippet, "failureReason")
    if status == "failed":
        raise refuse(CAPTION_REASONS.get(reason, "YouTube did not take the captions"), code=reason)
    return finish(work, {"language": words(snippet, "language"), "status": status})


# Playlist


def build_playlist(work: Work, job: Job) -> Request:
    playlist = str(work.changes.get("playlist") or "")
    if not playlist:
        raise refuse("no playlist is named", code="playlistNotFound")
    if work.stage != SEND:
        query = {"part": "id", "playlistId": playlist, "videoId": work.media_id}
        return build_call(job, "GET", "playlistItems", query)
    resource = {"kind": "youtube#video", "videoId": work.media_id}
    snippet = {"playlistId": playlist, "resourceId": resource}
    return build_call(job, "POST", "playlistItems", {"part": "snippet"}, {"snippet": snippet})


def read_playlist(work: Work, response: Response) -> Work:
    if response.status == 404 and child(response.json(), "error"):
        error = read_error(response)
        missing = "videoNotFound" if error.code == "videoNotFound" else "playlistNotFound"
        raise gone() if missing == "videoNotFound" else refuse(SENTENCES[missing], code=missing)
    body = require_answer(work, response)
    if work.stage == SEND or children(body, "items"):
        return finish(work, {"playlist": str(work.changes.get("playlist", ""))})
    return replace(work, stage=SEND)
