"""What the operations of YouTube share: their requests, and their answers read the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Job, Operation, Work
from core.platforms.faults import children, refuse, unreadable, words
from core.platforms.youtube_faults import MISSING_SCOPE, read_error
from utils.http import JSON, Request, Response

CAPTIONS_NAME = 150
"""Source: docs/captions, 2026."""
MISSING = frozenset({"videoNotFound", "notFound", "deleted"})
"""Codes of a video that is not there. Source: docs/errors, 2026."""
SEND = "send"
"""`Work.stage` of the request that changes something, after the one that looked."""

SENTENCES = {
    "videoNotFound": "the video is not on YouTube any more",
    "invalidImage": "YouTube takes a JPEG or PNG picture, this file is neither",
    "mediaBodyRequired": "there is no picture",
    "uploadRateLimitExceeded": "this channel has changed too many thumbnails today",
    "captionExists": "the video has captions of this language and name already",
    "nameTooLong": f"the name of captions may have {CAPTIONS_NAME} characters",
    "contentRequired": "the captions file is empty",
    "invalidMetadata": "YouTube does not know this language of captions",
    "playlistNotFound": "YouTube knows no such playlist of this channel",
}
"""Refusals of operations in words. Source: thumbnails/set, docs/captions and docs/videos, 2026."""
NO_THUMBNAILS = "this channel may not set thumbnails: it has to be verified by phone"


def build_call(
    job: Job, method: str, path: str, query: Mapping[str, str], body: JSON | None = None
) -> Request:
    return Request(
        method=method,
        url=f"{job.base('youtube')}/youtube/v3/{path}?{urlencode(query, safe=',')}",
        headers={"Authorization": f"Bearer {job.access.access_token}"},
        json=body,
    )


def build_media(job: Job, path: str, query: Mapping[str, str], kind: str, body: bytes) -> Request:
    return Request(
        method="POST",
        url=f"{job.base('youtube')}/upload/youtube/v3/{path}?{urlencode(query)}",
        headers={"Authorization": f"Bearer {job.access.access_token}", "Content-Type": kind},
        content=body,
        timeout_seconds=180.0,
    )


def build_list(work: Work, job: Job, parts: tuple[str, ...]) -> Request:
    return build_call(job, "GET", "videos", {"part": ",".join(parts), "id": work.media_id})


def finish(work: Work, facts: Mapping[str, Any]) -> Work:
    return replace(work, done=True, facts=facts)


def require_answer(work: Work, response: Response) -> JSON:
    """Return the body of a success.

    Raises:
        RemoteError: ``REJECTED`` with code ``gone`` when there is no such video.
    """
    if is_missing(response):
        raise gone()
    if response.status != 200:
        raise explain(work, response)
    body = response.json()
    if not words(body, "kind"):
        # Everything that YouTube says names its kind; a gateway's page does not.
        raise unreadable(response)
    return body


def find_video(work: Work, response: Response) -> JSON | None:
    """Return the video of a list; an id that is not known is an empty list or a 404."""
    if is_missing(response):
        return None
    return next(iter(children(require_answer(work, response), "items")), None)


def require_video(work: Work, response: Response) -> JSON:
    video = find_video(work, response)
    if video is None:
        raise gone()
    return video


def is_missing(response: Response) -> bool:
    """Return whether YouTube itself says that there is no such video."""
    return response.status in {404, 410} and read_error(response).code in MISSING


def gone() -> RemoteError:
    return refuse(SENTENCES["videoNotFound"], code="gone")


def explain(work: Work, response: Response) -> RemoteError:
    """Return the error of an operation; one that is not allowed must not stop the account."""
    error = read_error(response)
    if error.code in MISSING_SCOPE:
        return refuse(
            "this account was connected without the right to do that: connect it again",
            code="missing_scope",
        )
    if error.code == "forbidden" and work.operation is Operation.THUMBNAIL:
        return refuse(NO_THUMBNAILS, code=error.code)
    sentence = SENTENCES.get(error.code)
    if sentence is None or error.kind is ErrorKind.BUG:
        return error
    return RemoteError(
        kind=error.kind,
        message=sentence,
        code=error.code,
        retry_after=error.retry_after,
        status=error.status,
    )
