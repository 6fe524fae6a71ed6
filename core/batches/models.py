"""Batches as they are stored: their states, entries and counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.batches.checking import Checked
from core.posts.models import MediaFacts, PostText, Privacy, Wish
from core.posts.records import dump, require_time, to_time
from core.store.base import Row


class BatchState(StrEnum):
    """Where a batch stands."""

    CHECKING = "checking"
    ASKED = "asked"
    """It was looked into and a person decides."""
    PUBLISHING = "publishing"
    CANCELLING = "cancelling"
    RETRYING = "retrying"
    DONE = "done"
    """All its uploads have ended."""
    LEFT = "left"
    """Nothing of it is published."""


TRANSITIONS: dict[BatchState, frozenset[BatchState]] = {
    BatchState.CHECKING: frozenset(
        {BatchState.CHECKING, BatchState.ASKED, BatchState.PUBLISHING, BatchState.LEFT}
    ),
    BatchState.ASKED: frozenset({BatchState.CHECKING, BatchState.PUBLISHING, BatchState.LEFT}),
    BatchState.PUBLISHING: frozenset({BatchState.CANCELLING, BatchState.DONE}),
    BatchState.CANCELLING: frozenset({BatchState.PUBLISHING}),
    BatchState.DONE: frozenset({BatchState.RETRYING}),
    BatchState.RETRYING: frozenset({BatchState.PUBLISHING}),
    BatchState.LEFT: frozenset(),
}
"""Every allowed step."""
WORKING = frozenset(
    {
        BatchState.CHECKING,
        BatchState.PUBLISHING,
        BatchState.CANCELLING,
        BatchState.RETRYING,
    }
)
"""States in which a task moves it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Many videos from one file."""

    id: int
    chat_id: int
    """0 when it was not asked for in a chat."""
    user_id: int
    message_id: int
    kind: str
    name: str
    """Of the file."""
    digest: str
    """Of file and configuration: an interrupted command finds its batch by it."""
    state: BatchState
    generation: int
    """Part of the key of its task."""
    plan: Mapping[str, Any]
    """``{"source", "config", "caption", "base", "wishes", "options", "priority", "report"}``."""
    created_at: datetime
    finished_at: datetime | None


def read_batch(row: Row) -> Batch:
    return Batch(
        id=row["id"],
        chat_id=row["chat_id"],
        user_id=row["user_id"],
        message_id=row["message_id"],
        kind=row["kind"],
        name=row["name"],
        digest=row["digest"],
        state=BatchState(row["state"]),
        generation=row["generation"],
        plan=json.loads(row["plan"]),
        created_at=require_time(row["created_at"]),
        finished_at=to_time(row["finished_at"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One entry that is to be published."""

    number: int
    line: int
    path: str
    size_bytes: int
    modified_ns: int
    filename: str
    text: PostText
    privacy: Privacy | None
    targets: tuple[str, ...]
    facts: MediaFacts
    identity: str
    prints: tuple[str, ...]
    """By what the ledger may know the file; the first one is that of the file itself."""

    def wish(self, options: Mapping[str, str]) -> Wish:
        """Return what a caption that asks for the same would mean."""
        return Wish(
            prompt=self.text.description or self.text.title,
            title=self.text.title,
            tags=self.text.tags,
            targets=self.targets,
            privacy=self.privacy,
            options=dict(options),
        )


def entry_params(batch_id: int, checked: Checked) -> dict[str, Any]:
    """Return the parameters of ``batches.insert_entry``."""
    clip, words, file = checked.clip, checked.words, checked.file
    state = "planned" if checked.state == "done" else checked.state
    value: dict[str, Any] = {}
    if clip is not None and words is not None:
        value = {
            "clip_id": checked.entry.values.get("clip_id"),
            "path": file.path if file else (clip.path or clip.filename or ""),
            "filename": clip.filename or (clip.path or "").rpartition("/")[2],
            "size_bytes": file.size_bytes if file else 0,
            "modified_ns": file.modified_ns if file else 0,
            "title": words.text.title,
            "description": words.text.description,
            "tags": words.text.tags,
            "privacy": words.privacy.value if words.privacy else "",
            "targets": checked.targets,
            "facts": asdict(checked.facts),
            "prints": checked.prints,
        }
    return {
        "batch_id": batch_id,
        "number": checked.entry.number,
        "line": checked.entry.line,
        "entry": dump(value),
        "identity": checked.identity,
        "state": state,
        "note": "done" if checked.state == "done" else "warn" if checked.has_warnings else "",
        "priority": (clip.priority if clip else None) or 0.0,
        "score": (clip.score if clip else None) or 0.0,
    }


def read_planned(row: Row) -> Planned:
    value = json.loads(row["entry"])
    text = PostText(
        title=value["title"], description=value["description"], tags=tuple(value["tags"])
    )
    return Planned(
        number=row["number"],
        line=row["line"],
        path=value["path"],
        size_bytes=value["size_bytes"],
        modified_ns=value["modified_ns"],
        filename=value["filename"],
        text=text,
        privacy=Privacy(value["privacy"]) if value["privacy"] else None,
        targets=tuple(value["targets"]),
        facts=MediaFacts(**value["facts"]),
        identity=row["identity"],
        prints=tuple(value["prints"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Why some uploads of a batch failed."""

    platform: str
    kind: str
    code: str
    count: int
    upload_id: int
    """One of them, as an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How a batch stands."""

    uploads: Mapping[str, int] = field(default_factory=dict)
    """By state of the upload; ``person`` is how many wait for one."""
    entries: Mapping[str, int] = field(default_factory=dict)
    """By state of the entry."""
    causes: tuple[Cause, ...] = ()
    failed_posts: tuple[int, ...] = ()
    asking_posts: tuple[int, ...] = ()

    @property
    def total(self) -> int:
        return sum(count for state, count in self.uploads.items() if state != "person")

    @property
    def ended(self) -> int:
        return sum(self.uploads.get(state, 0) for state in ("live", "failed", "cancelled"))

    @property
    def needs_person(self) -> bool:
        """Whether nothing goes on without a person's decision."""
        left = self.total - self.ended
        return bool(left) and left == self.uploads.get("person", 0) and not self.planned

    @property
    def planned(self) -> int:
        return self.entries.get("planned", 0)
