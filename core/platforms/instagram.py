"""Instagram Reels: a container, its bytes, the publish call, then the link.

::

    BEGIN   GET  /{user}/content_publishing_limit       stop before the bytes when none is left
            POST /{user}/media                          → container id, and uri for the bytes
    PARTS   POST uri with offset and file_size          Facebook Login only
    READY   GET  /{container}                           until FINISHED
    COMMIT  POST /{user}/media_publish                  → media id
    STATUS  GET  /{media} permalink                     best effort: the reel is live already

With Instagram Login there is no upload host: Meta fetches ``options["video_url"]`` itself. What
can be done afterwards stands in ``instagram_live.py``.
Pages (developers.facebook.com/documentation/instagram-platform): content-publishing,
reference/ig-user/media, media_publish, error-codes; mirrored 2026-09-11.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.errors import ErrorKind, RemoteError
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
    answered_at,
    as_unknown,
    child,
    children,
    classify,
    lost,
    transient,
    unknown,
    unreadable,
    whole,
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
from core.platforms.instagram_container import check_container, container_form
from core.platforms.instagram_hosts import ERRORS, host, login
from core.platforms.instagram_live import OPERATIONS, build_operation, read_operation
from core.posts.models import Privacy
from utils.http import JSON, Request, Response, Span

POSTS = "posts"

CAPABILITIES = Capabilities(
    name="instagram",
    title="Instagram",
    endpoint="graph",
    scopes=(
        "instagram_basic",
        "instagram_content_publish",
        "pages_read_engagement",
        "pages_show_list",
    ),
    text=TextLimits(
        # Source: reference/ig-user/media, 2026-09-11: 2200 characters, 30 hashtags, 20 mentions;
        # the app itself began to cap posts at five hashtags on 2025-12-18.
        title=None,
        description=2200,
        description_unit=TextUnit.UTF16,
        hashtags=30,
        hashtags_wanted=5,
        mentions=20,
    ),
    media=MediaLimits(
        # Source: reference/ig-user/media, 2026-09-11.
        max_bytes=300_000_000,
        min_seconds=3.0,
        max_seconds=900.0,
        min_frame_rate=23.0,
        max_frame_rate=60.0,
        max_width=1920,
        min_aspect=0.01,
        max_aspect=10.0,
        containers=frozenset({"mp4", "mov"}),
        video_codecs=frozenset({"h264", "hevc"}),
        audio_codecs=frozenset({"aac"}),
        # 4:2:0; no light but that of SDR is documented.
        pixel_formats=frozenset({"yuv420p", "yuvj420p", "yuv420p10le"}),
        sdr_only=True,
        max_bit_rate=25_000_000,
        max_audio_rate=48_000,
        max_audio_channels=2,
        index_first=True,
        no_edit_list=True,
        # The same page recommends 9:16. A track of sound: mixing in other sound fails without
        # one (gitroomhq/postiz-app issue 2033, 2026-09-07).
        advice=MediaLimits(
            max_bytes=NO_LIMIT,
            min_aspect=9 / 16,
            max_aspect=9 / 16,
            needs_audio=True,
            constant_rate=True,
        ),
    ),
    parts=PartRule(streamed=True, resumable=True),
    commit=CommitBy.CALL,
    askable=True,
    privacy=(Privacy.PUBLIC,),
    quotas=(
        QuotaRule(
            name=POSTS,
            limit=50,
            window="rolling_day",
            scope="account",
            source="reference/ig-user/media_publish, 2026-09-11 (the guide says 100); read live",
            codes=("9/2207042",),
        ),
        QuotaRule(
            name="containers",
            limit=400,
            window="rolling_day",
            scope="account",
            source="reference/ig-user/media, 2026-09-11",
            spent_at="begin",
        ),
    ),
    # Each question counts as a call and new accounts have few.
    polls=PollRule(first_seconds=1.5, factor=2.0, max_seconds=60.0),
    operations=OPERATIONS,
    # Source: reference/ig-user/media, 2026-09-11; ``is_ai_generated``: changelog, 2026-06-22.
    options=("cover", "feed", "collaborators", "ai"),
    # An unpublished container; one that expires after 24 h is made again.
    stage=StageBy.COMMIT,
    # A container that is not published ends after 24 hours.
    stage_holds=timedelta(hours=20),
)

DOUBT = "doubt"
"""`Session.stage`: the upload host complained, which may be wrong; the container is asked."""
NOT_READY = "9007/2207027"
NO_CONTAINER = "24/2207008"
LINK_POLLS = 3
COMMIT_TRIES = 5
"""How often the publish call may say that a finished container is not ready or not there."""
OLDEST = timedelta(hours=23)
"""Containers live for 24 h. Source: reference/ig-container, 2024-07-23."""
CLOCK_SLACK = timedelta(minutes=2)


class Instagram(Platform):
    """The steps of Instagram."""

    capabilities = CAPABILITIES
    errors = ERRORS + META_ERRORS

    def read_check(self, job: Job, response: Response) -> None:
        del job
        _ = read_graph(response, ERRORS)

    def build_begin(self, session: Session, job: Job) -> Request:
        if session.stage != "create":
            return _ask_limit(job)
        return build_post(host(job), f"{job.access.remote_id}/media", job, container_form(job))

    def counts_begin(self, session: Session, job: Job) -> bool:
        del job
        return session.stage == "create"

    def read_begin(self, session: Session, job: Job, response: Response) -> Session:
        if session.stage != "create":
            check_container(job)
            _check_limit(response)
            return replace(session, stage="create")
        container = read_graph(response, ERRORS)
        container_id = words(container, "id")
        if not container_id:
            raise unreadable(response)
        created = answered_at(response)
        opened = replace(
            session,
            stage="",
            size_bytes=job.size_bytes,
            remote_id=container_id,
            data={**session.data, "created_at": created.isoformat() if created else ""},
        )
        if login(job) == "instagram":
            return replace(opened, step=Step.READY, offset=job.size_bytes, pending=True)
        address = words(container, "uri")
        if not address:
            raise unreadable(response)
        return replace(opened, step=Step.PARTS, upload_url=require_upload_url(job, address))

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
            container = read_graph(response, ERRORS)
        except RemoteError as error:
            if error.code == GONE:
                hidden = unknown if session.step is Step.COMMIT else transient
                raise hidden("Instagram does not show the container now", code=GONE) from error
            raise
        if session.step is Step.PARTS:
            return _after_bytes(replace(session, stage=DOUBT), job, container)
        return _after_publish(session, container)

    def build_commit(self, session: Session, job: Job) -> Request:
        form = {"creation_id": session.remote_id}
        return build_post(host(job), f"{job.access.remote_id}/media_publish", job, form)

    def read_commit(self, session: Session, job: Job, response: Response) -> Session:
        del job
        try:
            media_id = words(read_graph(response, ERRORS), "id")
        except RemoteError as error:
            return _refused_commit(session, error)
        if not media_id:
            raise unknown("Instagram published without naming the post", status=response.status)
        return replace(
            session, step=Step.STATUS, media_id=media_id, visibility="public", pending=False
        )

    def build_status(self, session: Session, job: Job) -> Request:
        if session.step is not Step.STATUS:
            return _ask_container(session, job)
        if session.media_id:
            return build_get(host(job), session.media_id, job, "permalink,shortcode,timestamp")
        path = f"{job.access.remote_id}/media"
        return build_get(host(job), path, job, "id,caption,timestamp,permalink", limit="25")

    def read_status(self, session: Session, job: Job, response: Response) -> Session:
        if session.step is Step.STATUS:
            return _read_link(session, job, response)
        try:
            container = read_graph(response, ERRORS)
        except RemoteError as error:
            if error.code == GONE:
                return replace(session, pending=True)
            raise
        _check_age(session, response)
        return _after_bytes(session, job, container)

    def build_operation(self, work: Work, job: Job) -> Request:
        return build_operation(work, job)

    def read_operation(self, work: Work, job: Job, response: Response) -> Work:
        return read_operation(work, job, response)

    def build_live_limits(self, job: Job) -> Request:
        return _ask_limit(job)

    def read_live_limits(self, job: Job, response: Response) -> tuple[LiveLimit, ...]:
        del job
        used, total = _read_limit(read_graph(response, ERRORS))
        if used is None or not total:
            return ()
        return (LiveLimit(name=POSTS, allowed=total, used=used),)

    def read_usage(self, response: Response) -> tuple[LiveLimit, ...]:
        return usage_limits(response.headers)


def _ask_container(session: Session, job: Job) -> Request:
    fields = "id,status,status_code"
    if login(job) != "instagram":
        fields += ",video_status"
    return build_get(host(job), session.remote_id, job, fields)


def _ask_limit(job: Job) -> Request:
    path = f"{job.access.remote_id}/content_publishing_limit"
    return build_get(host(job), path, job, "quota_usage,config")


def _read_limit(value: JSON) -> tuple[int | None, int | None]:
    """Return how many posts are used and allowed in 24 hours.

    Shape: ``{"data": [{"quota_usage", "config": {"quota_total", "quota_duration"}}]}``.
    """
    entry = next(iter(children(value, "data")), {})
    return whole(entry, "quota_usage"), whole(child(entry, "config"), "quota_total")


def _check_limit(response: Response) -> None:
    """Stop when no post is left; an answer that cannot be read stops nothing.

    Source: reference/ig-user/content_publishing_limit, 2026-09-11.
    """
    used, total = _read_limit(response.json())
    if used is None or not total or used < total:
        return
    raise RemoteError(
        kind=ErrorKind.QUOTA_EXHAUSTED,
        message=f"Instagram allows {total} posts in 24 hours and all are used",
        code="content_publishing_limit",
    )


def _check_age(session: Session, response: Response) -> None:
    """Give up a container that may expire between this answer and the publish call."""
    created, now = session.data.get("created_at"), answered_at(response)
    if created and now is not None and now - datetime.fromisoformat(created) > OLDEST:
        raise lost("the container is nearly a day old", code="EXPIRED")


def _after_bytes(session: Session, job: Job, container: JSON) -> Session:
    """Read a container before the publish call."""
    state = words(container, "status_code")
    if state == "FINISHED":
        ready = replace(session, step=Step.COMMIT, offset=job.size_bytes)
        return replace(ready, stage="", pending=False)
    if state == "PUBLISHED":
        return _published(session)
    if state == "EXPIRED":
        raise lost("the container expired unpublished", code=state)
    if state == "ERROR":
        raise _container_error(words(container, "status"))
    return _still_open(session, job, container)


def _still_open(session: Session, job: Job, container: JSON) -> Session:
    """Go on with the bytes when there was a doubt about them, else wait."""
    confirmed = transferred(child(child(container, "video_status"), "uploading_phase"))
    if session.stage != DOUBT or (confirmed is not None and confirmed >= job.size_bytes):
        return replace(session, step=Step.READY, stage="", offset=job.size_bytes, pending=True)
    if not confirmed and session.step is Step.READY:
        raise lost("the upload host kept none of the bytes", code=PROCESSING_FAILED)
    return replace(session, step=Step.PARTS, stage="", offset=confirmed or 0, pending=False)


def _after_publish(session: Session, container: JSON) -> Session:
    """Read a container after a publish call without an answer.

    Source: reference/ig-container and its `status_code` table: only these two are proof.
    """
    state = words(container, "status_code")
    if state == "PUBLISHED":
        return _published(session)
    if state == "FINISHED":
        return replace(session, step=Step.COMMIT, pending=False)
    raise unknown(f"the container says {state or 'nothing'} after publishing", code=state)


def _published(session: Session) -> Session:
    return replace(session, step=Step.STATUS, stage="", visibility="public", pending=True)


def _container_error(status: str) -> RemoteError:
    """Classify a status text such as ``Error: … has failed with error code 2207026``."""
    match = re.search(r"error code (\d+)", status)
    code = f"container/{match[1]}" if match is not None else "container"
    message = status or "Instagram could not process the video"
    return classify(ERRORS, Fault(status=400, code=code, family="container", message=message))


def _refused_commit(session: Session, error: RemoteError) -> Session:
    """Ask the container again when it was not ready; what is unclear stays unknown."""
    if error.code not in {NOT_READY, NO_CONTAINER}:
        if error.code == GONE:
            raise unknown(error.message, code=GONE, status=error.status) from error
        raise as_unknown(error)
    tries = int(session.data.get("commit_tries", 0)) + 1
    if tries > COMMIT_TRIES:
        raise lost(error.message, code=error.code, status=error.status) from error
    return replace(
        session,
        step=Step.READY,
        pending=True,
        data={**session.data, "commit_tries": tries},
    )


def _read_link(session: Session, job: Job, response: Response) -> Session:
    """Read the permalink; the reel is live, so failing to read it ends well all the same."""
    value = response.json() if response.status < 300 else {}
    found = value if session.media_id else _find_own(session, job, children(value, "data"))
    url = words(found, "permalink")
    if not url:
        asked = int(session.data.get("link_polls", 0)) + 1
        if asked < LINK_POLLS:
            return replace(session, pending=True, data={**session.data, "link_polls": asked})
    media_id = session.media_id or words(found, "id")
    return replace(session, step=Step.DONE, media_id=media_id, url=url, pending=False)


def _find_own(session: Session, job: Job, media: Iterable[JSON]) -> JSON:
    """Return the post with our caption made since our container, if there is exactly one.

    Never the newest one: it can be somebody else's. Source: trypostit/trypost PR 281, 2026-08-13.
    """
    created, caption = session.data.get("created_at"), job.text.description.strip()
    if not created or not caption:
        return {}
    since = datetime.fromisoformat(created) - CLOCK_SLACK
    own = [
        item
        for item in media
        if words(item, "caption").strip() == caption and _is_since(words(item, "timestamp"), since)
    ]
    return own[0] if len(own) == 1 else {}


def _is_since(timestamp: str, since: datetime) -> bool:
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment >= since


PLATFORM = Instagram()
