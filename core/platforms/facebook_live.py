"""What can be done with a reel that is live on a page.

::

    EDIT        POST   /{video} description             the words; nothing else is documented
    DELETE      DELETE /{video}                         cancels a scheduled one, too
    CHECK       GET    /{video}?fields=status,…
                GET    /{page}/video_reels?fields=id    when the video hides: outages do that
    STATISTICS  GET    /{video}?fields=views,likes…,comments…
                GET    /{video}/video_insights          shares, where the account may read them

No call for another picture is documented, and none that publishes a draft: neither is offered.
Pages (developers.facebook.com): documentation/video-api/guides/reels-publishing, updated
2026-07-30; docs/graph-api/reference/page/videos, 2026-09-11; Meta's Python SDK 26.0.3 (AdVideo);
read 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Job, Operation, TextLimits, TextUnit, Work
from core.platforms.facebook_status import (
    ERRORS,
    REASONS,
    publish_status,
)
from core.platforms.faults import child, children, words
from core.platforms.graph import build_get, build_post
from core.platforms.graph_works import (
    build_delete,
    build_metrics,
    count,
    is_gone,
    metric_values,
    read_answer,
    summary_count,
)
from core.platforms.works import ABSENT, figures, finish, new_words, subject
from utils.http import JSON, Request, Response

TITLE = "Facebook"
# No limit is documented; Instagram's is kept, the smallest in the family.
TEXT = TextLimits(title=None, description=2200, description_unit=TextUnit.UTF16)

OPERATIONS: Mapping[Operation, tuple[str, ...]] = {
    Operation.EDIT: ("pages_manage_posts",),
    Operation.DELETE: ("pages_manage_posts",),
    Operation.CHECK: ("pages_read_engagement",),
    Operation.STATISTICS: ("pages_read_engagement", "read_insights"),
}
"""Each with the scopes of which one is needed.

Source: docs/pages-api/getting-started, 2026; guides/reels-publishing, 2026-07-30.
"""

LOOK = "status,published,permalink_url,copyright_check_information"
FIGURES = "views,likes.summary(true),comments.summary(true)"
"""Source: a third party's probe of 2026-09-09; metrics of insights come and go."""
SHARES = "post_video_social_actions"
"""One metric a call: several at once were answered with empty data (2026-09-09)."""
NEWEST = 100
"""How many of the page's newest reels are searched for one that hides."""
VISIBILITIES = {"published": "public", "scheduled": "scheduled", "draft": "draft"}

_LIST = "list"
_SHARES = "shares"


def build_operation(work: Work, job: Job) -> Request:
    """Build the next request of an operation."""
    base, video = job.base("graph"), subject(work)
    match work.operation:
        case Operation.EDIT:
            return build_post(base, video, job, _new_form(work, job))
        case Operation.DELETE:
            return build_delete(base, video, job)
        case Operation.CHECK if work.stage == _LIST:
            path = f"{job.access.remote_id}/video_reels"
            return build_get(base, path, job, "id", limit=str(NEWEST))
        case Operation.CHECK:
            return build_get(base, video, job, LOOK)
        case Operation.STATISTICS if work.stage == _SHARES:
            return build_metrics(base, f"{video}/video_insights", job, SHARES)
        case Operation.STATISTICS:
            return build_get(base, video, job, FIGURES)
        case _:
            raise AssertionError(f"facebook cannot {work.operation}")


def read_operation(work: Work, job: Job, response: Response) -> Work:
    """Read its answer: the next stage, or what came of it."""
    match work.operation:
        case Operation.EDIT:
            _ = read_answer(TITLE, response, ERRORS)
            return finish(work, {"description": _new_form(work, job)["description"]})
        case Operation.DELETE:
            return _read_delete(work, response)
        case Operation.CHECK if work.stage == _LIST:
            return _read_list(work, response)
        case Operation.CHECK:
            return _read_look(work, response)
        case Operation.STATISTICS if work.stage == _SHARES:
            return _read_shares(work, response)
        case _:
            return _read_figures(work, response)


def _new_form(work: Work, job: Job) -> dict[str, str]:
    text = new_words(work, TITLE, TEXT, job.text.description)
    return {"description": text.description}


def _read_delete(work: Work, response: Response) -> Work:
    try:
        _ = read_answer(TITLE, response, ERRORS)
    except RemoteError as error:
        if not is_gone(error):
            raise
    return finish(work, {"there": False})


def _read_look(work: Work, response: Response) -> Work:
    try:
        video = read_answer(TITLE, response, ERRORS)
    except RemoteError as error:
        if is_gone(error):
            return replace(work, stage=_LIST)
        raise
    return finish(
        work,
        {
            "there": True,
            "visibility": _visibility(video),
            "blocked": _blocked(video),
            "url": words(video, "permalink_url"),
        },
    )


def _visibility(video: JSON) -> str:
    told = VISIBILITIES.get(publish_status(child(video, "status")))
    if told is None and video.get("published") is True:
        return "public"
    return told or ""


def _blocked(video: JSON) -> str:
    """Return what Facebook holds against the video; empty for nothing.

    Shape of the copyright check: ``{"status": {"status", "matches_found"}}``.
    """
    status = child(video, "status")
    check = child(child(video, "copyright_check_information"), "status")
    if check.get("matches_found") is True:
        return "its copyright check found somebody else's content"
    for name in ("processing", "publishing"):
        for error in children(child(status, f"{name}_phase"), "errors"):
            return REASONS.get(words(error, "code")) or words(error, "message") or name
    if publish_status(status) == "published":
        return ""
    if words(child(status, "copyright_check_status"), "status") == "error":
        return "its copyright check failed"
    if "error" in {words(status, "video_status"), publish_status(status)}:
        return "Facebook could not publish the video"
    return ""


def _read_list(work: Work, response: Response) -> Work:
    """Read the page's own list; where it cannot be read, the video's own answer stands.

    Source: 100/33 hid fresh objects for days in May 2026 (gitroomhq/postiz-app issue 1562); one
    page of the reference says that this list cannot be read at all.
    """
    try:
        listed = read_answer(TITLE, response, ERRORS)
    except RemoteError as error:
        if error.kind is ErrorKind.REJECTED:
            return finish(work, ABSENT)
        raise
    found = any(words(item, "id") == subject(work) for item in children(listed, "data"))
    return finish(work, {**ABSENT, "there": True} if found else ABSENT)


def _read_figures(work: Work, response: Response) -> Work:
    video = read_answer(TITLE, response, ERRORS)
    known = {
        "views": count(video.get("views")),
        "likes": summary_count(video, "likes"),
        "comments": summary_count(video, "comments"),
    }
    return replace(work, stage=_SHARES, data={"known": known})


def _read_shares(work: Work, response: Response) -> Work:
    """Read the shares; without them the other figures are told all the same."""
    known = dict(work.data["known"])
    try:
        values = metric_values(read_answer(TITLE, response, ERRORS))
    except RemoteError as error:
        if error.kind is ErrorKind.AUTH_REVOKED:
            raise
        values = {}
    known["shares"] = _share_count(values.get(SHARES))
    return finish(work, {subject(work): figures(known)})


def _share_count(value: object) -> int | None:
    """Return the shares among social actions: ``{"SHARE": 3, …}``; its spelling is not told."""
    if not isinstance(value, dict):
        return None
    named = {str(name).casefold(): number for name, number in value.items()}
    return count(named.get("share", named.get("shares")))
