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
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from core.errors import ErrorKind, RemoteError
from core.platforms import youtube_operations
from core.platforms.base import (
    NO_LIMIT,
    SCHEDULED,
    Capabilities,
    CommitBy,
    Job,
    MediaLimits,
    Operation,
    PartRule,
    Platform,
    PollRule,
    QuotaRule,
    Session,
    StageBy,
    Step,
    Work,
)
from core.platforms.faults import (
    child,
    children,
    lost,
    refuse,
    transient,
    unknown,
    unreadable,
    wants,
    whole,
    words,
)
from core.platforms.youtube_faults import (
    ERRORS,
    MISSING_SCOPE,
    read_error,
    tell_reason,
    tell_state,
)
from core.platforms.youtube_metadata import (
    PRIVACY,
    TEXT,
    build_resource,
    tell_visibility,
)
from core.platforms.youtube_operations import FIGURES_AT_ONCE, OPERATIONS
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
    text=TEXT,
    media=MediaLimits(
        # Source: support.google.com/youtube/answer/71673, 2026: 256 GB or 12 hours.
        max_bytes=256_000_000_000,
        max_seconds=12 * 3600.0,
        advice=MediaLimits(
            max_bytes=NO_LIMIT,
            # Source: support.google.com/youtube/answer/2888402, 2026 (perhaps not complete).
            containers=frozenset({"mov", "mp4", "webm", "avi", "mpeg", "asf", "flv"}),
            # Source: support.google.com/youtube/answer/1722171, 2026: the index before the data,
            # no edit lists, 4:2:0; the API tells nonStreamableMov and hasEditlist otherwise.
            pixel_formats=frozenset({"yuv420p", "yuvj420p", "yuv420p10le"}),
            index_first=True,
            no_edit_list=True,
        ),
    ),
    # Source: guides/using_resumable_upload_protocol, 2026: parts are multiples of 256 KiB.
    parts=PartRule(streamed=True, resumable=True, minimum=262_144, multiple=262_144),
    commit=CommitBy.LAST_BYTES,
    askable=True,
    lost_session_may_be_live=True,
    privacy=PRIVACY,
    quotas=(
        QuotaRule(
            name="video_uploads",
            limit=100,
            window="pacific_day",
            scope="project",
            source="youtube/data/determine_quota_cost, after 2026-06-03",
            spent_at="begin",
            # Only where it says "per day"; see ``ERRORS``.
            codes=("rateLimitExceeded",),
        ),
        QuotaRule(
            name="units",
            limit=10_000,
            window="pacific_day",
            scope="project",
            source="youtube/data/determine_quota_cost, after 2026-06-03",
            # Changes ask for what there is before, which is one unit more.
            costs={
                "status": 1,
                Operation.EDIT: 51,
                Operation.DELETE: 50,
                Operation.THUMBNAIL: 51,
                Operation.VISIBILITY: 51,
                Operation.CHECK: 1,
                Operation.CAPTIONS: 400,
                Operation.PLAYLIST: 51,
            },
            spent_at="begin",
            codes=("quotaExceeded", "dailyLimitExceeded"),
        ),
        QuotaRule(
            name="figures",
            limit=10_000,
            window="pacific_day",
            scope="project",
            source="youtube/v3/revision_history, 2026-06-03: videos.batchGetStats",
            costs={Operation.STATISTICS: 1},
            spent_at="begin",
        ),
    ),
    # One unit of 10,000 a day for each question; intervals are not documented.
    polls=PollRule(first_seconds=2.0, factor=1.6, max_seconds=120.0),
    operations=OPERATIONS,
    options=(
        "category",
        "playlist",
        "kids",
        "ai",
        "notify",
        "language",
        "license",
        "embed",
        "title.XX",
        "text.XX",
    ),
    stage=StageBy.PRIVACY,
    # No bounds are documented; a quarter of an hour lets the processing end before the time.
    schedules=(timedelta(minutes=15), timedelta(days=365)),
    figures_at_once=FIGURES_AT_ONCE,
)

MISSING_POLLS = 8
"""How often a video just accepted may be absent from the list before it counts as removed."""
UNCHECKED = "unchecked"
"""`Session.visibility` of a video that YouTube accepted but does not let this token read."""


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
        resource = build_resource(job)
        return Request(
            method="POST",
            url=f"{job.base('youtube')}/upload/youtube/v3/videos"
            f"?uploadType=resumable&part={','.join(resource)}&notifySubscribers={notify}",
            headers={
                **_authorization(job),
                "Content-Type": "application/json; charset=UTF-8",
                "X-Upload-Content-Length": str(job.size_bytes),
                "X-Upload-Content-Type": _content_type(job),
            },
            json=resource,
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
            part_bytes=CAPABILITIES.parts.wanted(job.options),
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

    def build_operation(self, work: Work, job: Job) -> Request:
        return youtube_operations.build(work, job)

    def read_operation(self, work: Work, job: Job, response: Response) -> Work:
        return youtube_operations.read(work, job, response)


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
        visibility=tell_visibility(child(video, "status")),
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
    state, reason = tell_state(status)
    if reason:
        raise refuse(tell_reason(state, reason), code=reason)
    session = replace(
        session, visibility=tell_visibility(status) or session.visibility, pending=True
    )
    if state != "processed":
        return replace(session, progress=_progress(child(video, "processingDetails")))
    # Scheduled is an end, too: it stays private until its time, and YouTube keeps that.
    return replace(session, step=Step.DONE, pending=False, progress=None)


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
    seen = session.visibility if session.visibility == SCHEDULED else UNCHECKED
    return replace(session, step=Step.DONE, visibility=seen, pending=False, progress=None)


PLATFORM = YouTube()
