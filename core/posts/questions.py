"""What waits for a person: every open question, wherever it was asked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from core.posts.models import Account, Post, Upload
from core.posts.records import read_account
from core.posts.repository import Posts
from core.store.base import Row, Store

ALBUM = "album"
"""Detail of a draft whose question was asked at another item of its album."""


class Kind(StrEnum):
    """What is asked."""

    DRAFT = "draft"
    """A caption, or whether to publish once more."""
    UNKNOWN = "unknown"
    """Whether an upload is live."""
    FIT = "fit"
    """What is to be done with a video that a platform does not take as it is."""
    TOGETHER = "together"
    """Whether the others go live without those that failed."""
    ACCOUNT = "account"
    """An account that its owner must connect again."""
    BATCH = "batch"
    """Whether a list of videos that was looked into is to be published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that only a person can say."""

    kind: Kind
    ref: int
    """Number of the post, upload, account or batch."""
    detail: str
    """What tells it from an earlier question about the same."""
    chat_id: int
    """Where it was asked; 0: nowhere, admins are told."""
    user_id: int
    """Who is asked; 0: the admins."""

    @property
    def is_shown(self) -> bool:
        """Whether it is listed by itself; items of an album share one question."""
        return self.detail != ALBUM


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with what it is about."""

    question: Question
    post: Post | None = None
    upload: Upload | None = None
    account: Account | None = None
    name: str = ""
    """Of the list of videos."""


class Questions:
    """Reads what waits for people."""

    def __init__(self, posts: Posts, store: Store) -> None:
        self._posts = posts
        self._store = store

    async def open(self, user_id: int = 0) -> list[Question]:
        """Return every open question, or those of one person, in the order of the kinds."""
        found = [read_question(row) for row in await self._store.all("questions.open")]
        return [one for one in found if user_id in {0, one.user_id}]

    async def look_up(self, question: Question) -> Asked:
        """Return what a question is about, as far as it is still there."""
        if question.kind is Kind.ACCOUNT:
            row = await self._store.one("questions.account", id=question.ref)
            return Asked(question=question, account=read_account(row) if row else None)
        if question.kind is Kind.BATCH:
            row = await self._store.one("questions.batch", id=question.ref)
            return Asked(question=question, name=row["name"] if row else "")
        if question.kind in {Kind.DRAFT, Kind.TOGETHER}:
            return Asked(question=question, post=await self._posts.get(question.ref))
        upload = await self._posts.upload(question.ref)
        post = await self._posts.get(upload.post_id) if upload else None
        return Asked(question=question, post=post, upload=upload)

    async def buttons(self, question: Question) -> list[dict[str, str]]:
        """Return what stood under the question of a post or list, as the outbox has it."""
        if question.kind is Kind.BATCH:
            row = await self._store.one("questions.batch_buttons", id=question.ref)
        else:
            row = await self._store.one("questions.buttons", post_id=question.ref)
        found: list[dict[str, str]] = json.loads(row["buttons"]) if row else []
        return found


def read_question(row: Row) -> Question:
    return Question(
        kind=Kind(row["kind"]),
        ref=row["ref"],
        detail=row["detail"],
        chat_id=row["chat_id"],
        user_id=row["user_id"],
    )
