"""Facebook Reels on a page: start, bytes, finish, then the publishing phase.

What can be done afterwards stands in ``facebook_live.py``.

::

    BEGIN   POST /{page}/video_reels upload_phase=start    → video_id, upload_url
    PARTS   POST upload_url with offset and file_size
    READY   GET  /{video}?fields=status                    until the uploading phase is complete
    COMMIT  POST /{page}/video_reels upload_phase=finish   published, scheduled or a draft
    STATUS  GET  /{video}?fields=status                    until the publishing phase is complete

Pages (developers.facebook.com): documentation/video-api/guides/reels-publishing, updated
2026-07-30; docs/graph-api/reference/page/video_reels; read 2026-11-21.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.errors import RemoteError
from core.platforms.base import (
    NO_LIMIT,
    SCHEDULED,
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
    Work,
)
from core.platforms.facebook_live import OPERATIONS, TEXT, build_operation, read_operation
from core.platforms.facebook_status import (
    COMPLETE,
    ERRORS,
    check_phases,
    phase_status,
    publish_status,
    read_video_status,
)
from core.platforms.faults import (
    answered_at,
    as_unanswered,
    as_unknown,
    child,
    lost,
    refuse,
    transient,
    unknown,
    unreadable,
    wants,
    words,
)
from core.platforms.graph import (
    GONE,
    META_ERRORS,
    PROCESSING_FAILED,
    build_get,
    build_post,
    build_upload,
    read_graph,
    require_upload_url,
    transferred,
    uploaded,
)
from core.platforms.graph_usage import usage_limits
from core.posts.models import Privacy
from utils.http import JSON, Request, Response, Span

SOONEST = timedelta(minutes=10)
"""A scheduled reel lies further ahead than this. Source: guides/reels-publishing, 2026-07-30."""
TAKEN = frozenset({SCHEDULED, "published"})
"""Publish states that only a finish call leads to."""

CAPABILITIES = Capabilities(
    name="facebook",
    title="Facebook",
    endpoint="graph",
    scopes=("pages_show_list", "pages_read_engagement", "pages_manage_posts"),
    text=TEXT,
    media=MediaLimits(
        # Source: guides/reels-publishing, 2026-07-30; the size is that of Meta's sample app
        # (fbsamples/reels_publishing_apis PR 60, 2026-06-17), none is documented.
        max_bytes=1_000_000_000,
        min_seconds=3.0,
        max_seconds=90.0,
        min_frame_rate=24.0,
        max_frame_rate=60.0,
        min_side=540,
        min_long_side=960,
        min_aspect=9 / 16,
        max_aspect=16 / 9,
        containers=frozenset({"mp4", "mov"}),
        video_codecs=frozenset({"h264", "hevc", "vp9", "av1"}),
        audio_codecs=frozenset({"aac"}),
        # 4:2:0; no light but that of SDR is documented.
        pixel_formats=frozenset({"yuv420p", "yuvj420p", "yuv420p10le"}),
        sdr_only=True,
        # The same page recommends 9:16 and sound of 48 kHz in stereo.
        advice=MediaLimits(
            max_bytes=NO_LIMIT,
            min_aspect=9 / 16,
            max_aspect=9 / 16,
            max_audio_rate=48_000,
            max_audio_channels=2,
            needs_audio=True,
        ),
    ),
    parts=PartRule(streamed=True, resumable=True),
    commit=CommitBy.CALL,
    askable=True,
    # A page has no private reels: private makes a draft.
    privacy=(Privacy.PUBLIC, Privacy.PRIVATE),
    quotas=(
        QuotaRule(
            name="reels",
            limit=30,
            window="rolling_day",
            scope="account",
            source="guides/reels-publishing, 2026-07-30",
            # A temporary block, for too many reels among others; the code is not documented.
            codes=("368",),
        ),
    ),
    polls=PollRule(first_seconds=1.0, factor=1.5, max_seconds=60.0),
    operations=OPERATIONS,
    options=("ai", "draft"),
    # A second finish call, for a draft, is not documented: what waits is the first one.
    stage=StageBy.COMMIT,
    # Source: guides/reels-publishing, 2026-07-30: more than 10 minutes, at most 29 days.
    schedules=(SOONEST, timedelta(days=29)),
)

DOUBT = "doubt"
"""`Session.stage`: the upload host complained, which may be wrong; the video is asked."""
COPYRIGHT_POLLS = 30
"""How long a reel may stand still after its copyright check failed. Source of the pattern:
fbsamples/reels_publishing_apis issue 47, 2024-05-02."""


class Facebook(Platform):
    """The steps of Facebook."""

    capabilities = CAPABILITIES
    errors = ERRORS + META_ERRORS

    def build_check(self, job: Job) -> Request:
        return build_get(job.base("graph"), job.access.remote_id, job, "id,name")

    def read_check(self, job: Job, response: Response) -> None:
        del job
        _ = read_graph(response, ERRORS)

    def build_begin(self, session: Session, job: Job) -> Request:
        del session
        return _reels(job, {"upload_phase": "start"})

    def read_begin(self, session: Session, job: Job, response: Response) -> Session:
        started = read_graph(response, ERRORS)
        video_id, address = words(started, "video_id"), words(started, "upload_url")
        if not video_id or not address:
            raise unreadable(response)
        return replace(
            session,
            step=Step.PARTS,
            size_bytes=job.size_bytes,
            offset=0,
            upload_url=require_upload_url(job, address),
            remote_id=video_id,
        )

    def build_part(self, session: Session, job: Job, span: Span) -> Request:
        return build_upload(session, job, span)

    def read_part(self, session: Session, job: Job, span: Span, response: Response) -> Session:
        if uploaded(response, ERRORS):
            return replace(session, step=Step.READY, stage="", offset=span.end, pending=True)
        return replace(session, step=Step.READY, stage=DOUBT, pending=True)

    def read_recover(self, session: Session, job: Job, response: Response) -> Session:
        if session.step not in {Step.PARTS, Step.COMMIT}:
            return self.read_status(session, job, response)
        try:
            status = read_video_status(response)
        except RemoteError as error:
            if error.code == GONE:
                hidden = unknown if session.step is Step.COMMIT else transient
                raise hidden("Facebook does not show the video now", code=GONE) from error
            raise
        if session.step is Step.PARTS:
            return _after_bytes(replace(session, stage=DOUBT), job, status)
        return _after_finish(session, job, status)

    def build_commit(self, session: Session, job: Job) -> Request:
        form = {
            "upload_phase": "finish",
            "video_id": session.remote_id,
            "video_state": _state(job),
            "description": job.text.description,
        }
        if job.publish_at is not None and _state(job) == "SCHEDULED":
            form["scheduled_publish_time"] = str(int(job.publish_at.timestamp()))
        if job.text.title:
            form["title"] = job.text.title
        if wants(job.options, "ai"):
            form["is_ai_generated"] = "true"
        return _reels(job, form)

    def read_commit(self, session: Session, job: Job, response: Response) -> Session:
        try:
            answer = read_graph(response, ERRORS)
        except RemoteError as error:
            if error.code == GONE:
                raise unknown(error.message, code=GONE, status=error.status) from error
            _check_time(job, response, error)
            raise as_unknown(error) from error
        if answer.get("success") is not True:
            raise unknown("Facebook did not confirm the end of the upload", status=response.status)
        return _finished(session, job)

    def build_status(self, session: Session, job: Job) -> Request:
        return build_get(job.base("graph"), session.remote_id, job, "status")

    def read_status(self, session: Session, job: Job, response: Response) -> Session:
        try:
            status = read_video_status(response)
        except RemoteError as error:
            if error.code == GONE:
                return replace(session, pending=True)
            if session.step is Step.STATUS:
                raise as_unanswered(error) from error
            raise
        if session.step is Step.STATUS:
            return _publishing(session, job, status)
        return _after_bytes(session, job, status)

    def build_operation(self, work: Work, job: Job) -> Request:
        return build_operation(work, job)

    def read_operation(self, work: Work, job: Job, response: Response) -> Work:
        return read_operation(work, job, response)

    def read_usage(self, response: Response) -> tuple[LiveLimit, ...]:
        return usage_limits(response.headers)


def _reels(job: Job, form: dict[str, str]) -> Request:
    return build_post(job.base("graph"), f"{job.access.remote_id}/video_reels", job, form)


def _state(job: Job) -> str:
    if _is_draft(job):
        return "DRAFT"
    return "SCHEDULED" if job.publish_at is not None else "PUBLISHED"


def _is_draft(job: Job) -> bool:
    return job.privacy is Privacy.PRIVATE or wants(job.options, "draft")


def _check_time(job: Job, response: Response, error: RemoteError) -> None:
    """Have the finish call tried again when its time has come too near by Facebook's own clock.

    By then our own scheduler has the upload. Graph's code for such a time is the one for any bad
    parameter.
    """
    now = answered_at(response)
    if job.publish_at is None or now is None or error.code.partition("/")[0] != "100":
        return
    if job.publish_at - now <= SOONEST:
        raise transient("the time is too near for Facebook's own schedule", code="too_near")


def _after_bytes(session: Session, job: Job, status: JSON) -> Session:
    """Read a video before the finish call, which alone moves it past the uploading phase."""
    check_phases(status)
    arrived = transferred(child(status, "uploading_phase"))
    # Without a finish call a video may stay at upload_complete for ever: never wait for ready.
    whole_file = arrived is None or arrived >= job.size_bytes
    if phase_status(status, "uploading") in COMPLETE and whole_file:
        ready = replace(session, step=Step.COMMIT, offset=job.size_bytes)
        return replace(ready, stage="", pending=False)
    if session.stage != DOUBT:
        return replace(session, pending=True)
    if not arrived and session.step is Step.READY:
        raise lost("the upload host kept none of the bytes", code=PROCESSING_FAILED)
    if arrived is not None and arrived >= job.size_bytes:
        return replace(session, step=Step.READY, stage="", offset=job.size_bytes, pending=True)
    return replace(session, step=Step.PARTS, stage="", offset=arrived or 0, pending=False)


def _after_finish(session: Session, job: Job, status: JSON) -> Session:
    """Read a video after a finish call without an answer: only what moved was finished."""
    check_phases(status)
    idle = {"", "not_started"}
    processing, publishing = phase_status(status, "processing"), phase_status(status, "publishing")
    if processing in idle and publishing in idle and publish_status(status) not in TAKEN:
        return replace(session, step=Step.COMMIT, pending=False)
    return _publishing(_finished(session, job), job, status)


def _finished(session: Session, job: Job) -> Session:
    return replace(
        session,
        step=Step.STATUS,
        stage="",
        media_id=session.remote_id,
        url=_link(session),
        visibility="draft" if _is_draft(job) else "",
        pending=True,
    )


def _link(session: Session) -> str:
    return f"https://www.facebook.com/reel/{session.remote_id}"


def _publishing(session: Session, job: Job, status: JSON) -> Session:
    check_phases(status)
    done = replace(session, step=Step.DONE, pending=False, progress=None)
    processed = phase_status(status, "processing") in COMPLETE
    if _is_draft(job):
        if processed or words(status, "video_status") == "ready":
            return replace(done, visibility="draft")
    elif phase_status(status, "publishing") in COMPLETE and publish_status(status) == "published":
        return replace(done, visibility="public")
    elif job.publish_at is not None and publish_status(status) == SCHEDULED and processed:
        return replace(done, visibility=SCHEDULED)
    return _waiting(session, status)


def _waiting(session: Session, status: JSON) -> Session:
    stuck = words(child(status, "copyright_check_status"), "status") == "error"
    polls = int(session.data.get("copyright_polls", 0)) + 1 if stuck else 0
    if polls > COPYRIGHT_POLLS:
        raise refuse(
            "Facebook's copyright check failed and the reel is not published", code="copyright"
        )
    progress = status.get("processing_progress")
    share = progress / 100 if isinstance(progress, int | float) else None
    data = {**session.data, "copyright_polls": polls} if stuck else session.data
    return replace(session, pending=True, progress=share, data=data)


PLATFORM = Facebook()
