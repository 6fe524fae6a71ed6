"""What can be done with a video that is live at YouTube, each as its requests in order.

::

    EDIT, VISIBILITY   GET    videos?part=…        what there is
                       PUT    videos?part=…        whole parts, only those that change
    DELETE             DELETE videos?id=…          already gone is gone
    CHECK              GET    videos?part=status,processingDetails,contentDetails
    STATISTICS         GET    videos:batchGetStats?id=…          up to 50 at once

Pages (developers.google.com/youtube/v3): docs/videos/update, /delete, /list; API description,
revision 20261104; read 2026-11-21. What is added to a video stands in ``youtube_extras``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from core.platforms import youtube_extras
from core.platforms.base import Job, Operation, Work
from core.platforms.faults import (
    child,
    children,
    whole,
    words,
)
from core.platforms.youtube_answers import (
    SEND,
    build_call,
    build_list,
    explain,
    find_video,
    finish,
    is_missing,
    require_answer,
    require_video,
)
from core.platforms.youtube_faults import tell_reason, tell_state
from core.platforms.youtube_metadata import EDIT_PARTS, change_resource, tell_visibility
from utils.http import JSON, Request, Response

_SCOPE = "https://www.googleapis.com/auth/youtube"
_READ = (f"{_SCOPE}.readonly", _SCOPE, f"{_SCOPE}.force-ssl")
_WRITE = (_SCOPE, f"{_SCOPE}.force-ssl")

OPERATIONS: Mapping[Operation, tuple[str, ...]] = {
    Operation.EDIT: _WRITE,
    Operation.DELETE: _WRITE,
    Operation.THUMBNAIL: (f"{_SCOPE}.upload", *_WRITE),
    Operation.VISIBILITY: _WRITE,
    Operation.CHECK: _READ,
    Operation.STATISTICS: _READ,
    Operation.CAPTIONS: (f"{_SCOPE}.force-ssl",),
    Operation.PLAYLIST: _WRITE,
}
"""Each with the scopes of which one is needed. Source: API description, revision 20261104."""

FIGURES_AT_ONCE = 50
"""Source: API description, 20261104: ids of one ``videos:batchGetStats``."""


def build(work: Work, job: Job) -> Request:
    """Build the next request of an operation.

    Raises:
        RemoteError: ``REJECTED`` when what is asked for cannot be sent at all.
    """
    return _BUILD[work.operation](work, job)


def read(work: Work, job: Job, response: Response) -> Work:
    """Read its answer: the next stage, or what came of it.

    Raises:
        RemoteError: ``REJECTED`` with code ``gone`` when there is no such video any more, with
            code ``missing_scope`` when the account may publish but not do this.
    """
    del job
    return _READ_BY[work.operation](work, response)


# Words, settings and visibility


def _build_change(work: Work, job: Job) -> Request:
    if work.stage != SEND:
        return build_list(work, job, _change_parts(work))
    resource: JSON = work.data["resource"]
    return build_call(
        job, "PUT", "videos", {"part": ",".join(resource)}, {"id": work.media_id, **resource}
    )


def _read_change(work: Work, response: Response) -> Work:
    if work.stage == SEND:
        video = require_answer(work, response)
        return _changed(work, video)
    video = require_video(work, response)
    resource = _wanted(work, video)
    if not resource:
        return _changed(work, video)
    return replace(work, stage=SEND, data={"resource": resource})


def _change_parts(work: Work) -> tuple[str, ...]:
    return ("status",) if work.operation is Operation.VISIBILITY else EDIT_PARTS


def _wanted(work: Work, video: JSON) -> JSON:
    if work.operation is Operation.EDIT:
        return change_resource(video, work.changes)
    return change_resource(video, {"privacy": work.changes["privacy"]})


def _changed(work: Work, video: JSON) -> Work:
    facts = {"visibility": tell_visibility(child(video, "status"))}
    if title := words(child(video, "snippet"), "title"):
        facts["title"] = title
    return finish(work, {name: fact for name, fact in facts.items() if fact})


# Removal


def _build_delete(work: Work, job: Job) -> Request:
    return build_call(job, "DELETE", "videos", {"id": work.media_id})


def _read_delete(work: Work, response: Response) -> Work:
    if response.status not in {200, 204} and not is_missing(response):
        raise explain(work, response)
    return finish(work, {"there": False})


# Still there?


def _build_check(work: Work, job: Job) -> Request:
    return build_list(work, job, ("status", "processingDetails", "contentDetails"))


def _read_check(work: Work, response: Response) -> Work:
    video = find_video(work, response)
    if video is None:
        return finish(work, {"there": False, "visibility": "", "blocked": ""})
    status = child(video, "status")
    state, reason = tell_state(status)
    blocked = tell_reason(state, reason) if reason else tell_block(video)
    facts = {
        "there": state != "deleted",
        "visibility": tell_visibility(status),
        "blocked": blocked,
    }
    return finish(work, facts)


def tell_block(video: JSON) -> str:
    """Return where the video cannot be seen, in words; empty when it can everywhere.

    Source: API description, 20261104: an empty ``allowed`` means nowhere, an empty ``blocked``
    everywhere.
    """
    rule = child(child(video, "contentDetails"), "regionRestriction")
    allowed, blocked = _names(rule, "allowed"), _names(rule, "blocked")
    if allowed is not None:
        return f"only seen in {_enumerate(allowed)}" if allowed else "blocked in all countries"
    return f"blocked in {_enumerate(blocked)}" if blocked else ""


def _names(rule: JSON, key: str) -> list[str] | None:
    names = rule.get(key)
    return [str(name) for name in names] if isinstance(names, list) else None


def _enumerate(names: list[str], shown: int = 10) -> str:
    told = ", ".join(names[:shown])
    return told if len(names) <= shown else f"{told} and {len(names) - shown} more"


# Figures


def _build_statistics(work: Work, job: Job) -> Request:
    ids = work.media_ids or (work.media_id,)
    if len(ids) > FIGURES_AT_ONCE:
        raise AssertionError(f"{len(ids)} videos in one question")
    return build_call(
        job, "GET", "videos:batchGetStats", {"part": "id,statistics", "id": ",".join(ids)}
    )


def _read_statistics(work: Work, response: Response) -> Work:
    body = require_answer(work, response)
    facts = {
        words(item, "id"): _figures(child(item, "statistics"))
        for item in children(body, "items")
        if words(item, "id")
    }
    return finish(work, facts)


def _figures(statistics: JSON) -> dict[str, int | None]:
    """Return the numbers; what is hidden is left out by YouTube, shares it never tells."""
    return {
        "views": whole(statistics, "viewCount"),
        "likes": whole(statistics, "likeCount"),
        "comments": whole(statistics, "commentCount"),
        "shares": None,
    }


_BUILD: Mapping[Operation, Callable[[Work, Job], Request]] = {
    Operation.EDIT: _build_change,
    Operation.DELETE: _build_delete,
    Operation.THUMBNAIL: youtube_extras.build_thumbnail,
    Operation.VISIBILITY: _build_change,
    Operation.CHECK: _build_check,
    Operation.STATISTICS: _build_statistics,
    Operation.CAPTIONS: youtube_extras.build_captions,
    Operation.PLAYLIST: youtube_extras.build_playlist,
}
_READ_BY: Mapping[Operation, Callable[[Work, Response], Work]] = {
    Operation.EDIT: _read_change,
    Operation.DELETE: _read_delete,
    Operation.THUMBNAIL: youtube_extras.read_thumbnail,
    Operation.VISIBILITY: _read_change,
    Operation.CHECK: _read_check,
    Operation.STATISTICS: _read_statistics,
    Operation.CAPTIONS: youtube_extras.read_captions,
    Operation.PLAYLIST: youtube_extras.read_playlist,
}
