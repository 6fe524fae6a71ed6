"""What can be done with a reel that is live at Instagram.

::

    DELETE      DELETE /{media}                            Facebook Login only
    CHECK       GET    /{media}?fields=permalink,…
                GET    /{user}/media?fields=id             when the reel hides: outages do that
    STATISTICS  GET    /{media}/insights?metric=…

Caption, cover and file cannot be changed after publishing, and everything is public.
Pages (developers.facebook.com/documentation/instagram-platform): reference/instagram-media,
reference/instagram-media/insights; mirrored 2026-09-11, read 2026-11-21.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Job, Operation, Work
from core.platforms.faults import children, refuse, words
from core.platforms.graph import build_get
from core.platforms.graph_works import (
    build_delete,
    build_metrics,
    count,
    is_gone,
    metric_values,
    read_answer,
)
from core.platforms.instagram_hosts import ERRORS, host, login
from core.platforms.works import ABSENT, NOT_OFFERED, figures, finish, subject
from utils.http import Request, Response

TITLE = "Instagram"

OPERATIONS: Mapping[Operation, tuple[str, ...]] = {
    Operation.DELETE: ("instagram_manage_contents",),
    Operation.CHECK: ("instagram_basic", "instagram_business_basic"),
    Operation.STATISTICS: ("instagram_manage_insights", "instagram_business_manage_insights"),
}
"""Each with the scopes of which one is needed; those with ``business`` are of Instagram Login.

Source: reference/instagram-media, 2026-09-11. Deleting exists since 2025-12-03.
"""

METRICS = "views,likes,comments,shares"
"""Metrics of reels; values lag by up to 48 hours. Source: instagram-media/insights, 2026-09-11."""
NEWEST = 100
"""How many of the account's newest posts are searched for one that hides."""

PRESENT: Mapping[str, Any] = {"there": True, "visibility": "public", "blocked": ""}

_LIST = "list"


def build_operation(work: Work, job: Job) -> Request:
    """Build the next request of an operation.

    Raises:
        RemoteError: ``REJECTED``: it is not offered to this account, or the id is not known.
    """
    base, media = host(job), _require_media(work)
    match work.operation:
        case Operation.DELETE:
            _check_login(job)
            return build_delete(base, media, job)
        case Operation.CHECK if work.stage == _LIST:
            return build_get(base, f"{job.access.remote_id}/media", job, "id", limit=str(NEWEST))
        case Operation.CHECK:
            return build_get(base, media, job, "permalink,shortcode,timestamp")
        case Operation.STATISTICS:
            return build_metrics(base, f"{media}/insights", job, METRICS)
        case _:
            raise AssertionError(f"instagram cannot {work.operation}")


def read_operation(work: Work, job: Job, response: Response) -> Work:
    """Read its answer: the next stage, or what came of it."""
    del job
    match work.operation:
        case Operation.DELETE:
            return _read_delete(work, response)
        case Operation.CHECK if work.stage == _LIST:
            return _read_list(work, response)
        case Operation.CHECK:
            return _read_look(work, response)
        case _:
            return _read_figures(work, response)


def _require_media(work: Work) -> str:
    """Return the media id; a reel whose publish call had no answer may be without one."""
    session = work.session
    if session and not session.get("media_id") and subject(work) == session.get("remote_id"):
        raise refuse("Instagram never told the id of this reel: look in the app", code="no_id")
    return subject(work)


def _check_login(job: Job) -> None:
    if login(job) == "instagram":
        raise refuse(
            "with Instagram Login nothing can be deleted: delete it in the app", code=NOT_OFFERED
        )


def _read_delete(work: Work, response: Response) -> Work:
    try:
        _ = read_answer(TITLE, response, ERRORS)
    except RemoteError as error:
        if not is_gone(error):
            raise
    return finish(work, {"there": False})


def _read_look(work: Work, response: Response) -> Work:
    try:
        media = read_answer(TITLE, response, ERRORS)
    except RemoteError as error:
        if is_gone(error):
            return replace(work, stage=_LIST)
        raise
    return finish(work, {**PRESENT, "url": words(media, "permalink")})


def _read_list(work: Work, response: Response) -> Work:
    """Read the account's own list.

    Source: 100/33 hid fresh posts for days in May 2026 (gitroomhq/postiz-app issue 1562), while
    they were there.
    """
    try:
        listed = read_answer(TITLE, response, ERRORS)
    except RemoteError as error:
        if error.kind is ErrorKind.REJECTED:
            return finish(work, ABSENT)
        raise
    found = any(words(item, "id") == subject(work) for item in children(listed, "data"))
    return finish(work, PRESENT if found else ABSENT)


def _read_figures(work: Work, response: Response) -> Work:
    values = metric_values(read_answer(TITLE, response, ERRORS))
    counted = {name: count(value) for name, value in values.items()}
    return finish(work, {subject(work): figures(counted)})
