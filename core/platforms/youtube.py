"""YouTube: a resumable session of the Data API v3, one streamed request, then the video's status.

::

    BEGIN   POST /upload/youtube/v3/videos?uploadType=resumable   metadata → session URI
    PARTS   PUT  session URI from the confirmed offset            the last byte publishes
    STATUS  GET  /youtube/v3/videos?part=status,processingDetails until it is processed

A lost answer is asked for with ``Content-Range: bytes */TOTAL``: 308 tells the offset, a success
tells the video. Pages (developers.google.com/youtube/v3): guides/using_resumable_upload_protocol,
docs/videos, docs/errors, determine_quota_cost; read 2026-11-21.
"""

from __future__ import annotations

import functools
import re
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from core.errors import ErrorKind, RemoteError
from core.platforms.base import (
    Capabilities,
    CommitBy,
    ErrorRow,
    Job,
    MediaLimits,
    PartRule,
    Platform,
    PollRule,
    QuotaRule,
    Session,
    Step,
    TextLimits,
    TextUnit,
)
from core.platforms.faults import (
    Fault,
    child,
    children,
    classify,
    header_wait,
    lost,
    refuse,
    transient,
    unknown,
    unreadable,
    wants,
    whole,
    words,
)
from core.posts.models import Privacy
from utils.http import JSON, Request, Response, Span, content_range

CAPABILITIES = Capabilities(
    name="youtube",
    title="YouTube",
    endpoint="youtube",
    # Source: API description, revision 20261104: uploading alone may not read the status.
    scopes=(
        "https://www.googleapis.com/auth/youtube.upload",
        "https://www.googleapis.com/auth/youtube.readonly",
    ),
    text=TextLimits(
        # Source: docs/videos, 2026: 100 characters, 5000 bytes, 500 characters of tags, no < or >.
        title=100,
        title_unit=TextUnit.UTF16,
        description=5000,
        description_unit=TextUnit.BYTES,
        tags_total=500,
        forbidden="<>",
    ),
    media=MediaLimits(
        # Source: support.google.com/youtube/answer/71673, 2026: 256 GB or 12 hours.
        max_bytes=256_000_000_000,
        max_seconds=12 * 3600.0,
    ),
    # Source: guides/using_resumable_upload_protocol, 2026: parts are multiples of 256 KiB.
    parts=PartRule(streamed=True, resumable=True, minimum=262_144, multiple=262_144),
    commit=CommitBy.LAST_BYTES,
    askable=True,
    lost_session_may_be_live=True,
    privacy=(Privacy.PUBLIC, Privacy.UNLISTED, Privacy.PRIVATE),
    quotas=(
        QuotaRule(
            name="video_uploads",
            limit=100,
            window="pacific_day",
            scope="project",
            source="youtube/data/determine_quota_cost, after 2026-06-03",
        ),
    ),
    # One unit of 10,000 a day for each question; intervals are not documented.
    polls=PollRule(first_seconds=2.0, factor=1.6, max_seconds=120.0),
)

_REJECTED = (
    "defaultLanguageNotSet",
    "invalidCategoryId",
    "invalidDescription",
    "invalidFilename",
    "invalidPublishAt",
    "invalidRecordingDetails",
    "invalidTags",
    "invalidTitle",
    "invalidVideoGameRating",
    "invalidVideoMetadata",
    "forbidden",
    "forbiddenLicenseSetting",
    "forbiddenPrivacySetting",
    "uploadTooLarge",
    "accessNotConfigured",
    "SERVICE_DISABLED",
)
_BUGS = (
    "mediaBodyRequired",
    "badRequest",
    "invalidParameter",
    "missingRequiredParameter",
    "unexpectedParameter",
    "unknownPart",
    "unexpectedPart",
    "invalidPart",
    "incompatibleParameters",
    "parseError",
    "wrongUrlForUpload",
    "notUpload",
    "requestedRangeNotSatisfiable",
)
_REVOKED = (
    "youtubeSignupRequired",
    "insufficientPermissions",
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    "authenticatedUserNotChannel",
    "authenticatedUserAccountClosed",
    "authenticatedUserAccountSuspended",
    "channelClosed",
    "channelNotFound",
    "channelSuspended",
)

# Source: docs/errors, docs/videos/insert, determine_quota_cost, 2026;
# googleapis/google-api-python-client issue 2753, 2026-05-27 (a 429 may mean the whole day).
ERRORS = (
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="rateLimitExceeded", contains="per day"),
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="rateLimitExceeded", contains="perday"),
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="quotaExceeded"),
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="dailyLimitExceeded"),
    # The channel's own cap: hours, up to a day.
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="uploadLimitExceeded", wait_seconds=6 * 3600.0),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, code="rateLimitExceeded", wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, code="userRateLimitExceeded", wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, code="servingLimitExceeded", wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, status=429, wait_seconds=60.0),
    *(ErrorRow(kind=ErrorKind.AUTH_REVOKED, code=code) for code in _REVOKED),
    ErrorRow(kind=ErrorKind.AUTH_EXPIRED, status=401),
    *(ErrorRow(kind=ErrorKind.REJECTED, code=code) for code in _REJECTED),
    *(ErrorRow(kind=ErrorKind.BUG, code=code) for code in _BUGS),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="internalError"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="backendError"),
)

REASONS = {
    "conversion": "YouTube could not convert the video",
    "invalidFile": "YouTube could not read the file",
    "emptyFile": "the file is empty",
    "tooSmall": "the file is too small",
    "codec": "YouTube does not know the codec of the file",
    "uploadAborted": "the upload was aborted",
    "copyright": "rejected for a copyright claim",
    "inappropriate": "rejected as inappropriate",
    "duplicate": "this channel has the same video already",
    "termsOfUse": "rejected under YouTube's terms of use",
    "uploaderAccountSuspended": "the account is suspended",
    "length": "the video is too long for this channel",
    "claim": "rejected for a rights claim",
    "uploaderAccountClosed": "the account is closed",
    "trademark": "rejected for a trademark complaint",
    "legal": "rejected after a legal complaint",
}
"""``failureReason`` and ``rejectionReason`` in words. Source: API description, 20261104."""

CATEGORY = "22"
"""People & Blogs; the default of an omitted category is not documented."""
MISSING_POLLS = 8
"""How often a video just accepted may be absent from the list before it counts as removed."""
MISSING_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"})
UNCHECKED = "unchecked"
"""`Session.visibility` of a video that YouTube accepted but does not let this token read."""


def read_error(response: Response) -> RemoteError:
    """Return the classified error of an answer in Google's envelope.

    Shape: ``{"error": {"code", "message", "errors": [{"domain", "reason", "message"}],
    "details": [{"reason", "metadata"}]}}``; ``errors`` and ``details`` may be absent.
    """
    error = child(response.json(), "error")
    first = next(iter(children(error, "errors")), {})
    details = children(error, "details")
    reason = words(first, "reason")
    if not reason and details:
        reason = words(details[0], "reason")
    fault = Fault(
        status=response.status,
        code=reason,
        message=words(error, "message") or words(first, "message"),
        details=f"{words(first, 'message')} {details}" if details else words(first, "message"),
        wait=header_wait(response.headers),
    )
    return classify(ERRORS, fault)


def confirmed_offset(response: Response) -> int:
    """Return how many bytes a 308 confirms; without ``Range`` nothing is stored."""
    match = re.fullmatch(r"bytes=0-(\d+)", response.headers.get("range", "").strip())
    return int(match[1]) + 1 if match is not None else 0


def watch_url(video_id: str) -> str:
    return f"https://www.youtube.com/watch?v={video_id}"


@functools.cache
def describe_client() -> Any:  # noqa: ANN401 - made at run time, without types
    """Return Google's own client, made once from the description in its package.

    It opens no connection: only its request builder is used.
    """
    import httplib2  # 0.2 s that only an upload to YouTube pays
    from googleapiclient import discovery

    return discovery.build("youtube", "v3", http=httplib2.Http(), static_discovery=True)


class YouTube(Platform):
    """The steps of YouTube."""

    capabilities = CAPABILITIES
    errors = ERRORS

    def build_check(self, job: Job) -> Request:
        return Request(
            method="GET",
            url=f"{job.base('youtube')}/youtube/v3/channels?part=id&mine=true",
            headers=_authorization(job),
        )

    def read_check(self, job: Job, response: Response) -> None:
        if response.status != 200:
            error = read_error(response)
            if error.code in MISSING_SCOPE:
                # A token that may only upload cannot look at its channel.
                return
            raise error
        channels = [words(item, "id") for item in children(response.json(), "items")]
        if not channels:
            raise refuse("this Google account has no YouTube channel", code="channelNotFound")
        wanted = job.access.remote_id
        if wanted.startswith("UC") and wanted not in channels:
            raise refuse(f"these tokens are of the channel {channels[0]}, not of {wanted}")

    def build_begin(self, session: Session, job: Job) -> Request:
        del session
        notify = "true" if wants(job.options, "notify", default=True) else "false"
        return Request(
            method="POST",
            url=f"{job.base('youtube')}/upload/youtube/v3/videos"
            f"?uploadType=resumable&part=snippet,status&notifySubscribers={notify}",
            headers={
                **_authorization(job),
                "Content-Type": "application/json; charset=UTF-8",
                "X-Upload-Content-Length": str(job.size_bytes),
                "X-Upload-Content-Type": _content_type(job),
            },
            json=_metadata(job),
        )

    def read_begin(self, session: Session, job: Job, response: Response) -> Session:
        if response.status != 200:
            raise read_error(response)
        location = response.headers.get("location", "")
        if not location:
            raise unreadable(response)
        return replace(
            session,
            step=Step.PARTS,
            size_bytes=job.size_bytes,
            offset=0,
            upload_url=urljoin(f"{job.base('youtube')}/", location),
        )

    def build_part(self, session: Session, job: Job, span: Span) -> Request:
        headers = {"Content-Type": _content_type(job), "Content-Length": str(span.size)}
        if span.size != job.size_bytes:
            headers["Content-Range"] = content_range(span, job.size_bytes)
        return Request(
            method="PUT",
            url=session.upload_url,
            headers={**_session_authorization(session, job), **headers},
            span=span,
            timeout_seconds=180.0,
        )

    def read_part(self, session: Session, job: Job, span: Span, response: Response) -> Session:
        del span
        return _read_session(session, job, response)

    def build_recover(self, session: Session, job: Job) -> Request:
        return Request(
            method="PUT",
            url=session.upload_url,
            headers={
                **_session_authorization(session, job),
                "Content-Length": "0",
                "Content-Range": f"bytes */{job.size_bytes}",
            },
        )

    def read_recover(self, session: Session, job: Job, response: Response) -> Session:
        return _read_session(session, job, response)

    def build_status(self, session: Session, job: Job) -> Request:
        built = (
            describe_client().videos().list(part="status,processingDetails", id=session.media_id)
        )
        parts = urlsplit(built.uri)
        return Request(
            method=built.method,
            url=f"{job.base('youtube')}{parts.path}?{parts.query}",
            headers={"Accept": built.headers["accept"], **_authorization(job)},
        )

    def read_status(self, session: Session, job: Job, response: Response) -> Session:
        del job
        if response.status != 200:
            return _unchecked(session, read_error(response))
        items = children(response.json(), "items")
        if not items:
            return _missing(session)
        return _read_video(session, items[0])


def _metadata(job: Job) -> JSON:
    snippet: JSON = {
        "title": job.text.title,
        "description": job.text.description,
        "categoryId": job.options.get("category", CATEGORY),
    }
    if job.text.tags:
        snippet["tags"] = list(job.text.tags)
    return {
        "snippet": snippet,
        "status": {
            # Left out, it would be public.
            "privacyStatus": job.privacy.value,
            "selfDeclaredMadeForKids": wants(job.options, "made_for_kids"),
            "containsSyntheticMedia": wants(job.options, "synthetic"),
        },
    }


def _authorization(job: Job) -> dict[str, str]:
    return {"Authorization": f"Bearer {job.access.access_token}"}


def _session_authorization(session: Session, job: Job) -> dict[str, str]:
    """Return the token only for Google's own hosts; the session URI alone lets bytes in."""
    host = urlsplit(session.upload_url).hostname or ""
    if host == urlsplit(job.base("youtube")).hostname or host.endswith(".googleapis.com"):
        return _authorization(job)
    return {}


def _content_type(job: Job) -> str:
    # Source: API description, 20261104: video/* or application/octet-stream.
    if job.content_type.startswith("video/"):
        return job.content_type
    return "application/octet-stream"


def _read_session(session: Session, job: Job, response: Response) -> Session:
    """Read an answer of the session URI: complete, how far, or gone."""
    if response.status in {200, 201}:
        return _accepted(session, job, response)
    if response.status == 308:
        return _incomplete(session, job, response)
    if response.status in {404, 410}:
        # Where the last byte may be out already, the engine does not start over but asks a person.
        raise lost("YouTube no longer knows the upload session", status=response.status)
    error = read_error(response)
    if error.kind is ErrorKind.BUG:
        # Bytes at another place than the next one: asking for the offset puts it right.
        raise transient(error.message, code=error.code, status=error.status)
    raise error


def _accepted(session: Session, job: Job, response: Response) -> Session:
    video = response.json()
    video_id = words(video, "id")
    if not video_id:
        raise unknown("YouTube took the bytes but named no video", status=response.status)
    return replace(
        session,
        step=Step.STATUS,
        offset=job.size_bytes,
        remote_id=video_id,
        media_id=video_id,
        url=watch_url(video_id),
        visibility=words(child(video, "status"), "privacyStatus"),
        pending=True,
    )


def _incomplete(session: Session, job: Job, response: Response) -> Session:
    offset = confirmed_offset(response)
    if offset >= job.size_bytes:
        raise transient("YouTube has all bytes and no video yet", status=response.status)
    moved = response.headers.get("location", "")
    return replace(
        session,
        step=Step.PARTS,
        offset=offset,
        upload_url=urljoin(session.upload_url, moved) if moved else session.upload_url,
    )


def _read_video(session: Session, video: JSON) -> Session:
    status = child(video, "status")
    state = words(status, "uploadStatus")
    session = replace(
        session, visibility=words(status, "privacyStatus") or session.visibility, pending=True
    )
    if state == "processed":
        return replace(session, step=Step.DONE, pending=False, progress=None)
    if state in {"failed", "rejected", "deleted"}:
        reason = words(status, "failureReason") or words(status, "rejectionReason") or state
        raise refuse(REASONS.get(reason, f"YouTube: {state}, {reason}"), code=reason)
    return replace(session, progress=_progress(child(video, "processingDetails")))


def _progress(details: JSON) -> float | None:
    """Return the share that is processed; the counts are strings and may both grow."""
    progress = child(details, "processingProgress")
    total, done = whole(progress, "partsTotal"), whole(progress, "partsProcessed")
    if not total or done is None:
        return None
    return min(1.0, done / total)


def _missing(session: Session) -> Session:
    """Wait a little for a video that is not listed yet, then call it removed."""
    seen = int(session.data.get("missing", 0)) + 1
    if seen > MISSING_POLLS:
        raise refuse("YouTube accepted the video but no longer lists it", code="missing")
    return replace(session, pending=True, data={**session.data, "missing": seen})


def _unchecked(session: Session, error: RemoteError) -> Session:
    """Accepted is accepted: a status that may not be read does not undo it."""
    unreadable_for_good = {ErrorKind.REJECTED, ErrorKind.BUG}
    if error.kind not in unreadable_for_good and error.code not in MISSING_SCOPE:
        raise error
    return replace(session, step=Step.DONE, visibility=UNCHECKED, pending=False, progress=None)


PLATFORM = YouTube()
