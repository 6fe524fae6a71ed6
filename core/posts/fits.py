"""Fitted files as values: what is made of a video, how far it is, and why it was not made."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.media.fit.recipe import Recipe
from core.posts.models import MediaFacts, PostId, Upload, UploadState, WaitReason
from core.posts.records import read_facts, require_time, to_time
from core.store.base import Row

ASKED = "fit"
"""Error code of an upload that waits for a person who says how its file is to be fitted."""
FIT_ERROR = "fit.error_"
"""Begins the error code of an upload whose fitted file could not be made."""


class FitState(StrEnum):
    """Where a fitted file stands."""

    WANTED = "wanted"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    """Nobody needs it any more; wanted again it is made again."""


FIT_OPEN = frozenset({FitState.WANTED, FitState.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One fitted file of a post; all uploads with the same recipe send it."""

    id: int
    post_id: PostId
    recipe: Recipe
    state: FitState
    facts: MediaFacts
    size_bytes: int
    sha256: str
    """Of the fitted file, once it is ready."""
    source: str
    """SHA-256 of the video that it was made from: by that the ledger knows the content."""
    error_key: str
    error_facts: dict[str, Any] = field(default_factory=dict)
    tries: int
    generation: int
    """Part of the key of the task that makes it."""
    started_at: datetime | None
    finished_at: datetime | None
    created_at: datetime

    @property
    def mark(self) -> str:
        """Return what names this very content in a session."""
        return f"fit:{self.id}:{self.sha256}"

    @property
    def seconds(self) -> float | None:
        """Return how long the making took."""
        if self.started_at is None or self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds(), 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFit:
    """A fitted file that lies on the disk."""

    fit_id: int
    facts: MediaFacts
    size_bytes: int
    sha256: str


def read_fit(row: Row) -> Fit:
    return Fit(
        id=row["id"],
        post_id=PostId(row["post_id"]),
        recipe=Recipe.from_dict(json.loads(row["recipe"])),
        state=FitState(row["state"]),
        facts=read_facts(row["facts"]),
        size_bytes=row["size_bytes"] or 0,
        sha256=row["sha256"],
        source=row["source"],
        error_key=row["error_key"],
        error_facts=json.loads(row["error_text"]) if row["error_text"] else {},
        tries=row["tries"],
        generation=row["generation"],
        started_at=to_time(row["started_at"]),
        finished_at=to_time(row["finished_at"]),
        created_at=require_time(row["created_at"]),
    )


def is_asked(upload: Upload) -> bool:
    """Return whether a person is asked how the file of an upload is to be fitted."""
    waits = upload.state is UploadState.WAITING and upload.reason is WaitReason.PERSON
    return waits and upload.error_code == ASKED


def waits_for_fit(upload: Upload) -> bool:
    return upload.state is UploadState.WAITING and upload.reason is WaitReason.FIT
