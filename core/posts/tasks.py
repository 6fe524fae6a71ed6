"""The tasks that move posts and uploads on."""

from __future__ import annotations

from datetime import datetime

from core.platforms.base import Session, Step
from core.ports import Task
from core.posts.models import (
    Post,
    Upload,
    UploadState,
    WaitReason,
)

FORCED_PRIORITY = 1_000_000
"""Of what a person put first, and of what shall be seen at one minute."""


def upload_task(upload: Upload, *, now: datetime) -> Task:
    """Return the task that moves an upload on, by what its session does next."""
    session = Session.from_dict(upload.session)
    watching = session.step in {Step.STATUS, Step.READY} or (
        upload.state is UploadState.UNKNOWN and upload.reason is not WaitReason.PERSON
    )
    # What only has to be flipped at its minute does not stand behind a long upload.
    watching |= upload.staged_at is not None and session.step in {Step.COMMIT, Step.DONE}
    due = upload.until_at if upload.until_at and upload.until_at > now else None
    return Task(
        kind="deliver",
        key=f"upload:{upload.id}#{upload.generation}",
        args={"upload_id": upload.id},
        priority=-int(upload.post_id),
        run_at=due,
        lock="" if watching else f"account:{upload.account_id}",
        queue="watch" if watching else f"upload.{upload.platform}",
    )


def fit_task(post: Post, generation: int, *, run_at: datetime | None = None) -> Task:
    """Return the task that makes what is wanted of a post."""
    return Task(
        kind="fit",
        key=f"fit:{post.id}#{generation}",
        args={"post_id": post.id},
        priority=post.priority,
        run_at=run_at,
        lock=f"fit:{post.id}",
        queue="fit",
    )


def ingest_task(post: Post, priority: int, *, run_at: datetime | None) -> Task:
    """Return the task that fetches the content; what is still being made keeps nobody waiting."""
    return Task(
        kind="ingest",
        key=f"ingest:{post.id}#{post.generation}",
        args={"post_id": post.id},
        priority=priority,
        run_at=run_at,
        lock=f"post:{post.id}",
        queue="feed" if post.source.get("kind") == "render" else "ingest",
    )
