"""What people and workers read of posts and uploads."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core.accounts.vault import Vault
from core.errors import RefusedError
from core.posts.models import (
    Account,
    Post,
    Upload,
)
from core.posts.notices import Notices
from core.posts.records import (
    read_account,
    read_post,
    require_time,
)
from core.posts.sessions import Sessions
from core.store.base import Store
from utils.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One line of a post's history."""

    at: datetime
    upload_id: int | None
    event: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Content that is (being) published on an account already."""

    account: str
    platform: str
    post_id: int
    url: str
    live: bool


class Reading(Notices):
    """Reads posts, uploads, their history and figures."""

    def __init__(self, store: Store, clock: Clock, vault: Vault | None = None) -> None:
        super().__init__(store, clock)
        self._sessions = Sessions(vault)
        self._next = asyncio.Event()

    def next_change(self) -> asyncio.Event:
        """Return an event that is set after the next commit that people may want to see."""
        return self._next

    async def get(self, post_id: int) -> Post | None:
        row = await self._store.one("posts.get", id=post_id)
        return read_post(row) if row else None

    async def require(self, post_id: int) -> Post:
        post = await self.get(post_id)
        if post is None:
            raise RefusedError("unknown_post", post_id=post_id)
        return post

    async def uploads(self, post_id: int) -> list[Upload]:
        return [
            self._sessions.read(row)
            for row in await self._store.all("posts.uploads", post_id=post_id)
        ]

    async def upload(self, upload_id: int) -> Upload | None:
        row = await self._store.one("posts.upload", id=upload_id)
        return self._sessions.read(row) if row else None

    async def require_upload(self, upload_id: int) -> Upload:
        upload = await self.upload(upload_id)
        if upload is None:
            raise RefusedError("unknown_post", post_id=upload_id)
        return upload

    async def open_posts(
        self, *, chat_id: int | None = None, limit: int = 20, offset: int = 0
    ) -> list[Post]:
        name = "posts.open" if chat_id is None else "posts.open_in_chat"
        chat = {} if chat_id is None else {"chat_id": chat_id}
        rows = await self._store.all(name, limit=limit, offset=offset, **chat)
        return [read_post(row) for row in rows]

    async def count_open(self, chat_id: int | None = None) -> int:
        if chat_id is None:
            row = await self._store.one("posts.count_open")
        else:
            row = await self._store.one("posts.count_open_in_chat", chat_id=chat_id)
        return int(row["n"]) if row else 0

    async def recent(self, *, chat_id: int | None = None, limit: int = 10) -> list[Post]:
        name = "posts.recent" if chat_id is None else "posts.recent_in_chat"
        chat = {} if chat_id is None else {"chat_id": chat_id}
        return [read_post(row) for row in await self._store.all(name, limit=limit, **chat)]

    async def timeline(self, post_id: int) -> list[TimelineEvent]:
        return [
            TimelineEvent(
                at=require_time(row["at"]),
                upload_id=row["upload_id"],
                event=row["event"],
                facts=json.loads(row["facts"]),
            )
            for row in await self._store.all("posts.timeline", post_id=post_id)
        ]

    async def accounts(self) -> list[Account]:
        return [read_account(row) for row in await self._store.all("accounts.all")]

    async def find_by_message(self, chat_id: int, message_id: int) -> Post | None:
        """Return the post that a message is about: its card, a question, or the video itself."""
        for name in ("posts.by_card", "posts.by_outbox", "posts.by_message"):
            row = await self._store.one(name, chat_id=chat_id, message_id=message_id)
            if row is not None:
                return read_post(row)
        return None

    async def album(self, chat_id: int, album: str) -> list[Post]:
        rows = await self._store.all("posts.album", chat_id=chat_id, album=album)
        return [read_post(row) for row in rows]

    async def left_albums(self, age: timedelta) -> set[tuple[int, str]]:
        """Return chat and album of items that nobody has looked at for that long."""
        before = self._clock.now() - age
        rows = await self._store.all("posts.stale_drafts")
        posts = [read_post(row) for row in rows]
        return {(post.chat_id, post.album) for post in posts if post.created_at < before}

    async def open_uploads(self) -> list[Upload]:
        rows = await self._store.all("posts.open_uploads")
        return [self._sessions.read(row) for row in rows]

    def changed(self) -> None:
        """Tell everybody who waits that something new is committed."""
        self._next.set()
        self._next = asyncio.Event()
