"""TikTok: Direct Post with chunks sent in order, then the publish status.

::

    BEGIN   POST /v2/post/publish/creator_info/query/   what this creator may do now
            POST /v2/post/publish/video/init/           → publish_id, upload_url (valid 1 hour)
    PARTS   PUT  upload_url with Content-Range          206, 201 for the last, which publishes
    STATUS  POST /v2/post/publish/status/fetch/         until PUBLISH_COMPLETE or FAILED

Success means ``error.code == "ok"``, not HTTP 200. Pages (developers.tiktok.com/doc):
content-posting-api-reference-direct-post, -query-creator-info, -get-video-status,
content-posting-api-media-transfer-guide; read 2026-11-21.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

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
    as_unanswered,
    child,
    classify,
    header_wait,
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
    ),
    parts=PartRule(streamed=False, resumable=True, minimum=CHUNK_MIN, maximum=SINGLE_MAX),
    commit=CommitBy.LAST_BYTES,
    askable=True,
    privacy=(Privacy.PUBLIC, Privacy.FOLLOWERS, Privacy.PRIVATE),
    quotas=(
        QuotaRule(
            name="inits",
            limit=6,
            window="rolling_minute",
            scope="account",
            source="content-posting-api-reference-direct-post, 2026-08-24",
        ),
        QuotaRule(
            name="posts",
            limit=15,
            window="rolling_day",
            scope="account",
            source="content-sharing-guidelines, 2026-08-04 (about 15)",
        ),
    ),
    # Source: get-video-status, 2026-08-04: 30 questions a minute.
    polls=PollRule(first_seconds=2.0, factor=1.5, max_seconds=60.0),
)

_DAY = 24 * 3600.0
_FATAL = (
    "spam_risk_user_banned_from_posting",
    "unaudited_client_can_only_post_to_private_accounts",
    "url_ownership_unverified",
    "privacy_level_option_mismatch",
    "invalid_param",
    "invalid_params",
    "invalid_file_upload",
    "token_not_authorized_for_specified_publish_id",
)
_FAILED = (
    "file_format_check_failed",
    "duration_check_failed",
    "frame_rate_check_failed",
    "picture_size_check_failed",
    "publish_cancelled",
    "spam_risk_user_banned_from_posting",
    "spam_risk_text",
    "spam_risk",
)

# Source: direct-post reference, 2026-08-24; get-video-status and tiktok-api-v2-error-handling,
# 2026-08-04. Codes ``failed/…`` are the fail_reason of a publish task that ended.
ERRORS = (
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="spam_risk_too_many_posts", wait_seconds=_DAY),
    ErrorRow(
        kind=ErrorKind.QUOTA_EXHAUSTED, code="spam_risk_too_many_pending_share", wait_seconds=_DAY
    ),
    ErrorRow(kind=ErrorKind.QUOTA_EXHAUSTED, code="reached_active_user_cap", wait_seconds=_DAY),
    ErrorRow(kind=ErrorKind.RATE_LIMITED, code="rate_limit_exceeded", wait_seconds=60.0),
    ErrorRow(kind=ErrorKind.AUTH_EXPIRED, code="access_token_invalid"),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, code="scope_not_authorized"),
    ErrorRow(kind=ErrorKind.AUTH_REVOKED, code="scope_permission_missed"),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="internal_error"),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="invalid_publish_id"),
    *(ErrorRow(kind=ErrorKind.REJECTED, code=code) for code in _FATAL),
    *(ErrorRow(kind=ErrorKind.REJECTED, code=f"failed/{code}") for code in _FAILED),
    # The task is over and published nothing: a new one meets the cause at its first call, where
    # the account's own answer says how long to wait or that its owner is needed.
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="failed/internal"),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="failed/video_pull_failed"),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="failed/auth_removed"),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="failed/spam_risk_too_many_posts"),
    # Answers to a chunk.
    ErrorRow(kind=ErrorKind.BUG, code="chunk", status=400),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="chunk", status=403),
    ErrorRow(kind=ErrorKind.SESSION_LOST, code="chunk", status=404),
    ErrorRow(kind=ErrorKind.TRANSIENT, code="chunk", status=416),
)

REASONS = {
    "file_format_check_failed": "TikTok does not take this file format",
    "duration_check_failed": "TikTok does not take a video of this length",
    "frame_rate_check_failed": "TikTok wants 23 to 60 frames a second",
    "picture_size_check_failed": "TikTok wants each side between 360 and 4096 pixels",
    "publish_cancelled": "the post was cancelled at TikTok",
    "spam_risk_user_banned_from_posting": "TikTok has banned this account from posting",
    "spam_risk_text": "TikTok took the caption for spam",
    "spam_risk": "TikTok took the post for spam",
    "spam_risk_too_many_posts": "this account has reached TikTok's posts of the day",
    "reached_active_user_cap": "the app has reached TikTok's users of the day",
    "unaudited_client_can_only_post_to_private_accounts": "TikTok has not audited the app: "
    "until then the account must be private and the post too",
    "internal": "TikTok failed inside",
    "auth_removed": "the account withdrew its permission",
}
"""Codes and fail_reasons in words. Source: get-video-status and direct-post, 2026-08."""

LEVELS = {
    Privacy.PUBLIC: "PUBLIC_TO_EVERYONE",
    Privacy.FOLLOWERS: "FOLLOWER_OF_CREATOR",
    Privacy.PRIVATE: "SELF_ONLY",
}
LEVEL_WORDS = {
    "PUBLIC_TO_EVERYONE": "public",
    "FOLLOWER_OF_CREATOR": "followers",
    "MUTUAL_FOLLOW_FRIENDS": "friends",
    "SELF_ONLY": "private",
}
LINK_POLLS = 40
"""How often a public post is asked for its link; moderation takes a minute, sometimes hours."""
MODERATION = "moderation"
"""`Session.visibility` of a post that is complete but was not yet shown to the public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlan:
    """How a file is cut: ``count - 1`` chunks of ``chunk_bytes``, the last takes the rest."""

    chunk_bytes: int
    count: int


def plan_parts(size_bytes: int) -> PartPlan:
    """Return the plan with the fewest requests that holds in both readings of MB.

    Source: media-transfer-guide, 2026-08-04: the count is the *floor* of size / chunk.
    """
    if size_bytes <= SINGLE_MAX:
        return PartPlan(chunk_bytes=size_bytes, count=1)
    return PartPlan(chunk_bytes=CHUNK_BYTES, count=size_bytes // CHUNK_BYTES)


def chunk_start(offset: int, size_bytes: int, chunk_bytes: int) -> int:
    """Return where the chunk begins that holds this offset; chunks are taken whole."""
    if offset >= size_bytes:
        return size_bytes
    last = max(1, size_bytes // chunk_bytes) - 1
    return min(offset // chunk_bytes, last) * chunk_bytes


def read_error(response: Response) -> RemoteError:
    """Return the classified error of an answer in the v2 envelope.

    Shape: ``{"data": {…}, "error": {"code", "message", "log_id"}}``.
    """
    error = child(response.json(), "error")
    code = words(error, "code")
    if not code and response.status < 300:
        return unreadable(response)
    return classify(
        ERRORS,
        Fault(
            status=response.status,
            code=code,
            message=REASONS.get(code) or words(error, "message") or code,
            wait=header_wait(response.headers),
        ),
    )


def read_data(response: Response) -> JSON:
    """Return ``data`` of an answer whose ``error.code`` is ok, else raise."""
    value = response.json()
    if response.status >= 300 or words(child(value, "error"), "code") != "ok":
        raise read_error(response)
    return child(value, "data")


class TikTok(Platform):
    """The steps of TikTok."""

    capabilities = CAPABILITIES
    errors = ERRORS

    def read_check(self, job: Job, response: Response) -> None:
        del job
        _ = read_data(response)

    def build_begin(self, session: Session, job: Job) -> Request:
        if session.stage != "init":
            return _call(job, "creator_info/query", {})
        return _call(job, "video/init", _init_body(session, job))

    def read_begin(self, session: Session, job: Job, response: Response) -> Session:
        if session.stage != "init":
            return _read_creator(session, job, read_data(response))
        data = read_data(response)
        publish_id, upload_url = words(data, "publish_id"), words(data, "upload_url")
        if not publish_id or not upload_url:
            raise unreadable(response)
        return replace(
            session,
            step=Step.PARTS,
            stage="",
            size_bytes=job.size_bytes,
            offset=0,
            part_bytes=plan_parts(job.size_bytes).chunk_bytes,
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
        return _call(job, "status/fetch", {"publish_id": session.remote_id})

    def read_status(self, session: Session, job: Job, response: Response) -> Session:
        return _read_publish(session, job, _read_task(session, response))


def _call(job: Job, path: str, body: JSON) -> Request:
    return Request(
        method="POST",
        url=f"{job.base('tiktok')}/v2/post/publish/{path}/",
        headers={
            "Authorization": f"Bearer {job.access.access_token}",
            "Content-Type": "application/json; charset=UTF-8",
        },
        json=body,
    )


def _content_type(job: Job) -> str:
    known = {"video/mp4", "video/quicktime", "video/webm"}
    return job.content_type if job.content_type in known else "video/mp4"


def _read_creator(session: Session, job: Job, data: JSON) -> Session:
    """Check the wish against what TikTok just allowed this creator."""
    raw = data.get("privacy_level_options")
    offered = [str(item) for item in raw] if isinstance(raw, list) else []
    level = LEVELS.get(job.privacy, "")
    if level not in offered:
        choices = ", ".join(LEVEL_WORDS.get(item, item) for item in offered) or "nothing"
        raise refuse(
            f"TikTok does not offer “{job.privacy.value}” to this account now, only: {choices}",
            code="privacy_level_option_mismatch",
        )
    longest, duration = whole(data, "max_video_post_duration_sec"), job.facts.duration_seconds
    if longest and duration is not None and duration > longest:
        raise refuse(
            f"this TikTok account may post up to {longest} s, the video has {duration:.0f} s",
            code="duration_check_failed",
        )
    creator = {
        "username": words(data, "creator_username"),
        "level": level,
        "comments": data.get("comment_disabled") is not True,
        "duet": data.get("duet_disabled") is not True,
        "stitch": data.get("stitch_disabled") is not True,
    }
    return replace(session, stage="init", data={**session.data, **creator})


def _init_body(session: Session, job: Job) -> JSON:
    plan = plan_parts(job.size_bytes)
    post: dict[str, Any] = {
        "privacy_level": session.data["level"],
        "title": job.text.description,
        "brand_content_toggle": wants(job.options, "brand"),
        "brand_organic_toggle": wants(job.options, "own_brand"),
        "is_aigc": wants(job.options, "synthetic"),
    }
    for field, choice in (
        ("disable_comment", "comments"),
        ("disable_duet", "duet"),
        ("disable_stitch", "stitch"),
    ):
        allowed = bool(session.data[choice]) and wants(job.options, choice, default=True)
        post[field] = not allowed
    cover = job.options.get("cover_ms", "")
    if cover.isascii() and cover.isdigit():
        post["video_cover_timestamp_ms"] = int(cover)
    return {
        "post_info": post,
        "source_info": {
            "source": "FILE_UPLOAD",
            "video_size": job.size_bytes,
            "chunk_size": plan.chunk_bytes,
            "total_chunk_count": plan.count,
        },
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
    level = str(session.data.get("level", LEVELS.get(job.privacy, "")))
    done = replace(session, step=Step.DONE, pending=False)
    if level != "PUBLIC_TO_EVERYONE":
        return replace(done, visibility=LEVEL_WORDS.get(level, level.lower()))
    ids = data.get("publicaly_available_post_id")
    video_id = str(ids[0]) if isinstance(ids, list) and ids else ""
    if video_id:
        username = session.data.get("username", "")
        url = f"https://www.tiktok.com/@{username}/video/{video_id}" if username else ""
        return replace(done, media_id=video_id, url=url, visibility="public")
    asked = int(session.data.get("link_polls", 0)) + 1
    if asked > LINK_POLLS:
        return replace(done, visibility=MODERATION)
    return replace(
        session, visibility=MODERATION, pending=True, data={**session.data, "link_polls": asked}
    )


PLATFORM = TikTok()
