"""TikTok: Direct Post with chunks sent in order, then the publish status.

::

    BEGIN   POST /v2/post/publish/creator_info/query/   what this creator may do now
            POST /v2/post/publish/video/init/           → publish_id, upload_url (valid 1 hour)
    PARTS   PUT  upload_url with Content-Range          206, 201 for the last, which publishes
    STATUS  POST /v2/post/publish/status/fetch/         until PUBLISH_COMPLETE or FAILED

A draft begins with ``POST /v2/post/publish/inbox/video/init/`` alone and ends in the inbox.

Success means ``error.code == "ok"``, not HTTP 200. Pages (developers.tiktok.com/doc):
content-posting-api-reference-direct-post, -query-creator-info, -get-video-status,
content-posting-api-media-transfer-guide; read 2026-11-21.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from core.errors import ErrorKind, RemoteError
from core.platforms import tiktok_operations, tiktok_options
from core.platforms.base import (
    NO_LIMIT,
    Capabilities,
    CommitBy,
    Job,
    LiveLimit,
    MediaLimits,
    PartRule,
    Platform,
    PollRule,
    QuotaRule,
    Session,
    StageBy,
    Step,
    TextLimits,
    TextUnit,
    Work,
)
from core.platforms.faults import (
    Fault,
    as_unanswered,
    child,
    classify,
    header_wait,
    transient,
    unknown,
    unreadable,
    whole,
    words,
)
from core.platforms.tiktok_faults import ERRORS, REASONS, read_data
from core.platforms.tiktok_operations import OPERATIONS, build_call, public_ids
from core.platforms.tiktok_options import (
    LEVEL_WORDS,
    LEVELS,
    build_post,
    is_draft,
    read_creator,
)
from core.posts.models import Privacy
from utils.http import JSON, Request, Response, Span, content_range

SINGLE_MAX = 64_000_000
"""Up to here one chunk is allowed. Source: media-transfer-guide, 2026-08-04 (MB read as 10⁶)."""
CHUNK_MIN = 5_242_880
"""Least chunk, 5 MB in its larger reading. Source: the same."""
CHUNK_BYTES = 32_000_000
"""Largest chunk whose last one, which takes the remainder, stays below 64 MB in every reading."""
LAST_MAX = 128_000_000
COUNT_MAX = 1000

CAPABILITIES = Capabilities(
    name="tiktok",
    title="TikTok",
    endpoint="tiktok",
    scopes=("user.info.basic", "video.publish"),
    # Source: direct-post reference, 2026-08-24: 2200 UTF-16 units.
    text=TextLimits(title=None, description=2200, description_unit=TextUnit.UTF16),
    media=MediaLimits(
        # Source: media-transfer-guide, 2026-08-04.
        max_bytes=4_000_000_000,
        max_seconds=600.0,
        min_frame_rate=23.0,
        max_frame_rate=60.0,
        min_side=360,
        max_side=4096,
        containers=frozenset({"mp4", "mov", "webm"}),
        video_codecs=frozenset({"h264", "hevc", "vp8", "vp9"}),
        # Source: media-transfer-guide, 2026-08-04: MP4 with H.264 is recommended.
        advice=MediaLimits(
            max_bytes=NO_LIMIT,
            containers=frozenset({"mp4"}),
            video_codecs=frozenset({"h264"}),
        ),
    ),
    parts=PartRule(streamed=False, resumable=True, minimum=CHUNK_MIN, maximum=SINGLE_MAX),
    commit=CommitBy.LAST_BYTES,
    askable=True,
    privacy=tuple(LEVELS),
    quotas=(
        QuotaRule(
            name="inits",
            limit=6,
            window="rolling_minute",
            scope="account",
            source="content-posting-api-reference-direct-post, 2026-08-24",
            costs={"publish": 1, "draft": 1},
            spent_at="begin",
        ),
        QuotaRule(
            name="posts",
            limit=15,
            window="rolling_day",
            scope="account",
            source="content-sharing-guidelines, 2026-08-04 (about 15)",
            codes=("spam_risk_too_many_posts",),
        ),
        QuotaRule(
            name="drafts",
            limit=5,
            window="rolling_day",
            scope="account",
            source="content-posting-api-reference-upload-video, 2026-08-04",
            costs={"draft": 1},
            codes=("spam_risk_too_many_pending_share",),
        ),
    ),
    # Source: get-video-status, 2026-08-04: 30 questions a minute.
    polls=PollRule(first_seconds=2.0, factor=1.5, max_seconds=60.0),
    operations=tiktok_operations.OPERATIONS,
    options=tiktok_options.OPTIONS,
    stage=StageBy.LAST_PART,
    # Source: media-transfer-guide, 2026-08-04: an upload address lives an hour, and the whole
    # transfer has to end in it; what is left is for the last chunk.
    stage_holds=timedelta(minutes=40),
    figures_at_once=tiktok_operations.FIGURES_AT_ONCE,
)


CREATOR = "post/publish/creator_info/query"
LINK_POLLS = 40
"""How often a public post is asked for its link; moderation takes a minute, sometimes hours."""
MODERATION = "moderation"
"""`Session.visibility` of a post that is complete but was not yet shown to the public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """How a file is cut: ``count - 1`` chunks of ``chunk_bytes``, the last takes the rest."""

    chunk_bytes: int
    count: int


def plan_parts(size_bytes: int, wanted: int | None = None) -> PartPlan:
    """Return the plan with the fewest requests that holds in both readings of MB.

    ``wanted`` is the chunk that was asked for; it is taken where it cuts the file at all.
    Source: media-transfer-guide, 2026-08-04: the count is the *floor* of size / chunk.
    """
    chunk_bytes = min(wanted or CHUNK_BYTES, CHUNK_BYTES)
    if wanted is not None and size_bytes >= 2 * chunk_bytes:
        return PartPlan(chunk_bytes=chunk_bytes, count=size_bytes // chunk_bytes)
    if size_bytes <= SINGLE_MAX:
        return PartPlan(chunk_bytes=size_bytes, count=1)
    return PartPlan(chunk_bytes=CHUNK_BYTES, count=size_bytes // CHUNK_BYTES)


def chunk_start(offset: int, size_bytes: int, chunk_bytes: int) -> int:
    """Return where the chunk begins that holds this offset; chunks are taken whole."""
    if offset >= size_bytes:
        return size_bytes
    last = max(1, size_bytes // chunk_bytes) - 1
    return min(offset // chunk_bytes, last) * chunk_bytes


class TikTok(Platform):
    """The steps of TikTok."""

    capabilities = CAPABILITIES
    errors = ERRORS

    def build_check(self, job: Job) -> Request:
        return build_call(job, CREATOR, {})

    def read_check(self, job: Job, response: Response) -> None:
        del job
        # That nothing more may be posted today is no fault of the account.
        _ = tiktok_operations.read_limits(response)

    def build_begin(self, session: Session, job: Job) -> Request:
        source = _source(job)
        if is_draft(job.options):
            # Source: upload-video reference, 2026-08-04: it takes no caption and no settings.
            return build_call(job, "post/publish/inbox/video/init", {"source_info": source})
        if session.stage != "init":
            return build_call(job, CREATOR, {})
        post = build_post(job, session.data)
        body = {"post_info": post, "source_info": source}
        return build_call(job, "post/publish/video/init", body)

    def quota_action(self, job: Job) -> str:
        return "draft" if is_draft(job.options) else "publish"

    def counts_begin(self, session: Session, job: Job) -> bool:
        return session.stage == "init" or is_draft(job.options)

    def read_begin(self, session: Session, job: Job, response: Response) -> Session:
        data = read_data(response)
        if session.stage != "init" and not is_draft(job.options):
            creator = read_creator(job, data)
            return replace(session, stage="init", data={**session.data, **creator})
        publish_id, upload_url = words(data, "publish_id"), words(data, "upload_url")
        if not publish_id or not upload_url:
            raise unreadable(response)
        return replace(
            session,
            step=Step.PARTS,
            stage="",
            size_bytes=job.size_bytes,
            offset=0,
            part_bytes=_plan(job).chunk_bytes,
            upload_url=upload_url,
            remote_id=publish_id,
        )

    def next_span(self, session: Session, job: Job) -> Span:
        chunk = session.part_bytes or job.size_bytes
        start = chunk_start(session.offset, job.size_bytes, chunk)
        rest = job.size_bytes - start
        return Span(start=start, end=start + (chunk if rest >= 2 * chunk else rest))

    def build_part(self, session: Session, job: Job, span: Span) -> Request:
        return Request(
            method="PUT",
            url=session.upload_url,
            headers={
                "Content-Type": _content_type(job),
                "Content-Length": str(span.size),
                "Content-Range": content_range(span, job.size_bytes),
            },
            span=span,
            timeout_seconds=180.0,
        )

    def read_part(self, session: Session, job: Job, span: Span, response: Response) -> Session:
        if response.status == 201:
            return _at_offset(session, job, job.size_bytes)
        confirmed = _uploaded(response)
        if response.status in {200, 206}:
            return _at_offset(session, job, span.end if confirmed is None else confirmed)
        if response.status == 416 and confirmed is not None:
            moved = _at_offset(session, job, confirmed)
            if moved.offset != session.offset:
                return moved
        fault = Fault(
            status=response.status,
            code="chunk",
            message=words(child(response.json(), "error"), "message")
            or f"TikTok refused a chunk with HTTP {response.status}",
            wait=header_wait(response.headers),
        )
        raise classify(ERRORS, fault)

    def read_recover(self, session: Session, job: Job, response: Response) -> Session:
        data = _read_task(session, response)
        if words(data, "status") != "PROCESSING_UPLOAD" or session.step is not Step.PARTS:
            return _read_publish(replace(session, step=Step.STATUS), job, data)
        confirmed = whole(data, "uploaded_bytes")
        return _at_offset(session, job, session.offset if confirmed is None else confirmed)

    def build_status(self, session: Session, job: Job) -> Request:
        return build_call(job, "post/publish/status/fetch", {"publish_id": session.remote_id})

    def read_status(self, session: Session, job: Job, response: Response) -> Session:
        return _read_publish(session, job, _read_task(session, response))

    def build_operation(self, work: Work, job: Job) -> Request:
        if work.operation not in OPERATIONS:
            return super().build_operation(work, job)
        return tiktok_operations.build(work, job)

    def read_operation(self, work: Work, job: Job, response: Response) -> Work:
        return tiktok_operations.read(work, job, response)

    def build_live_limits(self, job: Job) -> Request | None:
        return build_call(job, CREATOR, {})

    def read_live_limits(self, job: Job, response: Response) -> tuple[LiveLimit, ...]:
        del job
        return tiktok_operations.read_limits(response)


def _content_type(job: Job) -> str:
    known = {"video/mp4", "video/quicktime", "video/webm"}
    return job.content_type if job.content_type in known else "video/mp4"


def _plan(job: Job) -> PartPlan:
    return plan_parts(job.size_bytes, CAPABILITIES.parts.wanted(job.options))


def _source(job: Job) -> JSON:
    plan = _plan(job)
    return {
        "source": "FILE_UPLOAD",
        "video_size": job.size_bytes,
        "chunk_size": plan.chunk_bytes,
        "total_chunk_count": plan.count,
    }


def _read_task(session: Session, response: Response) -> JSON:
    try:
        return read_data(response)
    except RemoteError as error:
        if session.step is not Step.STATUS:
            raise
        if error.kind is ErrorKind.SESSION_LOST:
            # That TikTok forgot the task does not prove that it published nothing.
            raise unknown(error.message, code=error.code, status=error.status) from error
        raise as_unanswered(error) from error


def _uploaded(response: Response) -> int | None:
    """Return the offset that ``Content-Range: bytes 0-UPLOADED/TOTAL`` confirms.

    Whether UPLOADED is the last index or a count is not documented; cutting down to the start
    of a chunk makes both readings the same.
    """
    value = response.headers.get("content-range", "")
    match = re.fullmatch(r"bytes\s+0-(\d+)/(?:\d+|\*)", value.strip())
    return int(match[1]) + 1 if match is not None else None


def _at_offset(session: Session, job: Job, confirmed: int) -> Session:
    offset = chunk_start(confirmed, job.size_bytes, session.part_bytes or job.size_bytes)
    if offset >= job.size_bytes:
        return replace(session, step=Step.STATUS, offset=job.size_bytes, pending=True)
    return replace(session, step=Step.PARTS, offset=offset, pending=False)


def _read_publish(session: Session, job: Job, data: JSON) -> Session:
    state = words(data, "status")
    if state == "PUBLISH_COMPLETE":
        return _complete(replace(session, offset=job.size_bytes), job, data)
    if state == "FAILED":
        reason = words(data, "fail_reason")
        message = REASONS.get(reason, f"TikTok could not publish it: {reason or 'no reason'}")
        raise classify(ERRORS, Fault(status=400, code=f"failed/{reason}", message=message))
    if state in {"PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD"}:
        return replace(session, pending=True)
    if state == "SEND_TO_USER_INBOX":
        return replace(session, step=Step.DONE, visibility="inbox", pending=False)
    raise transient(f"TikTok named an unknown state {state!r}", code="status")


def _complete(session: Session, job: Job, data: JSON) -> Session:
    """Name what is live; only a public post ever gets an id, after its moderation."""
    done = replace(session, step=Step.DONE, pending=False)
    ids = public_ids(data)
    if ids:
        username = session.data.get("username", "")
        url = f"https://www.tiktok.com/@{username}/video/{ids[0]}" if username else ""
        return replace(done, media_id=ids[0], url=url, visibility="public")
    # Of a draft that its owner posted from the inbox nobody tells who may see it.
    draft = is_draft(job.options)
    level = "" if draft else str(session.data.get("level", LEVELS.get(job.privacy, "")))
    if level != LEVELS[Privacy.PUBLIC]:
        return replace(done, visibility=LEVEL_WORDS.get(level, level.lower()))
    asked = int(session.data.get("link_polls", 0)) + 1
    if asked > LINK_POLLS:
        return replace(done, visibility=MODERATION)
    return replace(
        session, visibility=MODERATION, pending=True, data={**session.data, "link_polls": asked}
    )


PLATFORM = TikTok()
