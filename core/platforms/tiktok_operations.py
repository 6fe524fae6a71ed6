"""What TikTok tells of a post that is published; it has no call to edit or remove one.

::

    CHECK        POST  /v2/post/publish/status/fetch/   what became of the post
                 POST  /v2/video/query/?fields=…        is it still among the public ones
    STATISTICS   POST  /v2/video/query/?fields=…        up to 20 at once, public posts only

Pages (developers.tiktok.com/doc): content-posting-api-reference-get-video-status, 2026-08-04;
tiktok-api-v2-video-query, -video-object, 2026; -query-creator-info, 2026-08-04.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Job, LiveLimit, Operation, Work
from core.platforms.faults import children, refuse, transient, unreadable, whole, words
from core.platforms.tiktok_faults import (
    DAY_SECONDS,
    MISSING_SCOPE,
    REASONS,
    read_data,
)
from core.platforms.tiktok_options import LEVEL_WORDS
from utils.http import JSON, Request, Response

OPERATIONS: Mapping[Operation, tuple[str, ...]] = {
    Operation.CHECK: ("video.publish", "video.upload", "video.list"),
    Operation.STATISTICS: ("video.list",),
}
"""Each with the scopes of which one is needed. Source: get-video-status, 2026-08-04;
tiktok-api-v2-video-query, 2026."""
FIGURES_AT_ONCE = 20
"""Source: tiktok-api-v2-video-query, 2026: ids of one question."""
QUERY = "query"
"""`Work.stage` of the second question."""
FIGURES = {
    "views": "view_count",
    "likes": "like_count",
    "comments": "comment_count",
    "shares": "share_count",
}
LIMITS = {"spam_risk_too_many_posts": "posts", "reached_active_user_cap": "active_users"}
"""Code of ``creator_info`` that is no failure but a limit → its name; both wait up to a day."""
NOT_LISTED = "TikTok no longer lists it: it was removed, or is not public any more"
NOT_TOLD = "TikTok does not tell what became of this post any more"


def build(work: Work, job: Job) -> Request:
    """Build the next request of an operation.

    Raises:
        RemoteError: ``REJECTED`` when TikTok cannot be asked for it.
    """
    if work.operation is Operation.STATISTICS:
        return _build_query(job, _asked(work), ("id", *FIGURES.values()))
    if work.stage == QUERY or not _publish_id(work):
        return _build_query(job, [_video_id(work)], ("id", "share_url"))
    return build_call(job, "post/publish/status/fetch", {"publish_id": _publish_id(work)})


def read(work: Work, job: Job, response: Response) -> Work:
    """Read its answer: the next stage, or what came of it."""
    del job
    if work.operation is Operation.STATISTICS:
        return _read_statistics(work, response)
    if work.stage == QUERY or not _publish_id(work):
        return _read_listed(work, response)
    return _read_task(work, response)


def build_call(job: Job, path: str, body: JSON, fields: tuple[str, ...] = ()) -> Request:
    """Build a call of the v2 API; ``fields`` stand in the address even of a POST."""
    query = f"?fields={','.join(fields)}" if fields else ""
    return Request(
        method="POST",
        url=f"{job.base('tiktok')}/v2/{path}/{query}",
        headers={
            "Authorization": f"Bearer {job.access.access_token}",
            "Content-Type": "application/json; charset=UTF-8",
        },
        json=body,
    )


def read_limits(response: Response) -> tuple[LiveLimit, ...]:
    """Return what ``creator_info`` says of the creator's limits: how long nothing is allowed.

    It tells no numbers, only that nothing more may be posted now.
    """
    try:
        _ = read_data(response)
    except RemoteError as error:
        name = LIMITS.get(error.code)
        if name is None:
            raise
        wait = error.retry_after or timedelta(seconds=DAY_SECONDS)
        scope = "project" if name == "active_users" else "account"
        return (LiveLimit(name=name, scope=scope, wait=wait),)
    return (LiveLimit(name="posts"),)


def public_ids(data: JSON) -> list[str]:
    """Return the ids of a post that all can see, empty while there are none.

    Source: get-video-status, 2026-08-04: a list of numbers, spelled like this; larger than what
    a float holds, so they may come as strings.
    """
    ids = data.get("publicaly_available_post_id")
    if not isinstance(ids, list):
        return []
    return [str(item) for item in ids if isinstance(item, int | str) and item]


# Still there?


def _read_task(work: Work, response: Response) -> Work:
    try:
        data = read_data(response)
    except RemoteError as error:
        if error.kind is not ErrorKind.SESSION_LOST:
            raise _explained(error) from error
        return _forgotten(work)
    state = words(data, "status")
    if state == "FAILED":
        reason = words(data, "fail_reason")
        return _told(work, there=False, blocked=REASONS.get(reason, reason))
    if state == "SEND_TO_USER_INBOX":
        return _told(work, there=True, visibility="inbox")
    if state in {"PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD"}:
        return _told(work, there=True)
    if state != "PUBLISH_COMPLETE":
        raise transient(f"TikTok named an unknown state {state!r}", code="status")
    return _read_published(work, data)


def _read_published(work: Work, data: JSON) -> Work:
    ids = public_ids(data) or ([_video_id(work)] if _video_id(work) else [])
    if ids:
        # It was seen by all once; whether it still is, only the list of public videos tells.
        return replace(work, stage=QUERY, data={"video_id": ids[0]})
    level = str(work.session.get("data", {}).get("level", ""))
    seen = LEVEL_WORDS.get(level, "")
    # A public post without an id has not passed its moderation.
    return _told(work, there=True, visibility="moderation" if seen == "public" else seen)


def _forgotten(work: Work) -> Work:
    """Go on by the id of the video; without one nobody can tell."""
    if not _video_id(work):
        raise refuse(NOT_TOLD, code="not_told")
    return replace(work, stage=QUERY, data={"video_id": _video_id(work)})


def _read_listed(work: Work, response: Response) -> Work:
    try:
        videos = _videos(response)
    except RemoteError as error:
        if error.code not in MISSING_SCOPE or work.stage != QUERY:
            raise _explained(error) from error
        # The list may not be read: the publish task is all there is.
        return _told(work, there=True, visibility="public", media_id=_video_id(work))
    if not videos:
        return _told(work, there=False, blocked=NOT_LISTED)
    found = {"media_id": words(videos[0], "id"), "url": words(videos[0], "share_url")}
    return _told(work, there=True, visibility="public", **found)


def _told(
    work: Work, *, there: bool, visibility: str = "", blocked: str = "", **found: str
) -> Work:
    facts = {"there": there, "visibility": visibility, "blocked": blocked}
    known = {name: value for name, value in found.items() if value}
    return replace(work, done=True, facts={**facts, **known})


# Figures


def _read_statistics(work: Work, response: Response) -> Work:
    try:
        videos = _videos(response)
    except RemoteError as error:
        raise _explained(error) from error
    facts = {words(video, "id"): _figures(video) for video in videos if words(video, "id")}
    return replace(work, done=True, facts=facts)


def _figures(video: Mapping[str, Any]) -> dict[str, int | None]:
    return {name: whole(video, field) for name, field in FIGURES.items()}


def _build_query(job: Job, ids: list[str], fields: tuple[str, ...]) -> Request:
    return build_call(job, "video/query", {"filters": {"video_ids": ids}}, fields)


def _videos(response: Response) -> list[JSON]:
    data = read_data(response)
    if "videos" not in data:
        raise unreadable(response)
    return children(data, "videos")


def _asked(work: Work) -> list[str]:
    """Return the ids that can be asked for; a post that is not public has none."""
    ids = [item for item in work.media_ids or (work.media_id,) if item.isdigit()]
    if not ids:
        raise refuse("TikTok tells figures only of posts that all can see", code="not_public")
    if len(ids) > FIGURES_AT_ONCE:
        raise AssertionError(f"{len(ids)} videos in one question")
    return ids


def _video_id(work: Work) -> str:
    known = str(work.data.get("video_id") or work.media_id)
    return known if known.isdigit() else ""


def _publish_id(work: Work) -> str:
    return str(work.session.get("remote_id") or ("" if _video_id(work) else work.media_id))


def _explained(error: RemoteError) -> RemoteError:
    """Return the error; a right that only this operation needs must not stop the account."""
    if error.code not in MISSING_SCOPE:
        return error
    return refuse(
        "this account was connected without the right to do that: connect it again",
        code="missing_scope",
    )
