"""What one post went through, stage by stage."""

from __future__ import annotations

from collections import defaultdict

from core.diagnostics.figures import error_example
from core.diagnostics.model import ErrorExample, PostFigures, Step, UploadFigures
from core.posts.measuring import Stage
from core.posts.models import Post, Upload
from core.posts.records import require_time
from core.posts.repository import Posts
from core.store.base import Row, Store

TRIED = frozenset({"processing", "failed", "unknown", "crashed"})
"""Outcomes of an attempt that was a try; what only paused is none."""


async def post_figures(store: Store, posts: Posts, post: Post) -> PostFigures:
    """Return the stages of a post, its own and those of each upload."""
    rows = await store.all("diagnostics.of_post", post_id=post.id)
    attempts = await store.all("diagnostics.attempts_of_post", post_id=post.id)
    by_upload: defaultdict[int | None, list[Row]] = defaultdict(list)
    for row in rows:
        by_upload[row["upload_id"]].append(row)
    tries: defaultdict[int, list[Row]] = defaultdict(list)
    for attempt in attempts:
        tries[attempt["upload_id"]].append(attempt)
    uploads = []
    for upload in await posts.uploads(post.id):
        errors = await _errors(store, tries[upload.id])
        uploads.append(_upload(upload, by_upload[upload.id], tries[upload.id], errors))
    return PostFigures(
        post_id=post.id,
        state=post.state.value,
        created_at=post.created_at,
        finished_at=post.finished_at,
        steps=[_step(row) for row in by_upload[None]],
        uploads=uploads,
    )


async def _errors(store: Store, tries: list[Row]) -> list[ErrorExample]:
    failed = [one["id"] for one in tries if one["error_kind"]]
    rows = [await store.one("diagnostics.error", id=number) for number in failed]
    return [error_example(row) for row in rows if row is not None]


def _upload(
    upload: Upload, rows: list[Row], tries: list[Row], errors: list[ErrorExample]
) -> UploadFigures:
    totals = [row["seconds"] for row in rows if row["stage"] == Stage.TOTAL]
    return UploadFigures(
        upload_id=upload.id,
        platform=upload.platform,
        account=upload.account_name,
        state=upload.state.value,
        reason=upload.reason.value if upload.reason else "",
        size_bytes=upload.size_bytes or 0,
        bytes_sent=upload.bytes_sent,
        attempts=_count(tries),
        total_seconds=totals[-1] if totals else None,
        steps=[_step(row) for row in rows if row["stage"] != Stage.TOTAL],
        errors=errors,
    )


def _count(tries: list[Row]) -> int:
    """Count tries the way that figures of a time do."""
    count = sum(1 for one in tries if one["error_kind"] or one["outcome"] in TRIED)
    handed_over = any(one["outcome"] == "processing" for one in tries)
    lives = sum(1 for one in tries if one["outcome"] == "live" and not one["error_kind"])
    return count + (0 if handed_over else lives)


def _step(row: Row) -> Step:
    return Step(
        at=require_time(row["at"]),
        stage=row["stage"],
        detail=row["detail"],
        seconds=row["seconds"],
        bytes=row["bytes"],
    )
