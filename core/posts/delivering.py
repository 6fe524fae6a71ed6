"""The way of an upload: T1 to T5."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.accounts.windows import next_unit_at, window_start
from core.errors import LostFenceError, TransitionError
from core.platforms.base import QuotaRule
from core.posts.models import (
    UPLOAD_FINAL,
    Upload,
    UploadState,
)
from core.posts.moves import Moves
from core.posts.reading import Duplicate
from core.posts.records import (
    to_time,
)


class Delivering(Moves):
    """What an attempt records."""

    async def start(self, upload_id: int, *, generation: int | None = None) -> Upload:
        """T1: take the upload; whoever had it before falls silent.

        Raises:
            LostFenceError: the task of that generation was replaced by a newer one.
        """
        now = self._seconds()
        async with self._store.transaction() as tx:
            if generation is not None:
                known = await self._upload(tx, upload_id)
                if known.generation != generation:
                    raise LostFenceError(f"upload {upload_id}: task {generation} was replaced")
            await tx.run("posts.crash_attempts", upload_id=upload_id, now=now)
            await tx.one("posts.start_upload", id=upload_id, now=now)
            upload = await self._upload(tx, upload_id)
            if upload.state not in UPLOAD_FINAL:
                await tx.one(
                    "posts.start_attempt",
                    upload_id=upload_id,
                    fence=upload.fence,
                    started_at=now,
                    start_offset=upload.confirmed_bytes,
                )
        return upload

    async def save(
        self, upload: Upload, state: UploadState | None = None, *, event: str = "", **changes: Any
    ) -> Upload:
        """T2, T3 and T5: write an upload under its fence, in one commit with all that follows.

        Raises:
            LostFenceError: somebody newer owns it.
            TransitionError: the step is not allowed.
        """
        async with self._store.transaction() as tx:
            return await self._move(tx, upload, state or upload.state, event=event, **changes)

    async def intend(
        self, upload: Upload, *, sha256: str, event: str = "intent"
    ) -> tuple[Upload, Duplicate | None]:
        """T4: claim the content and note that the irreversible step is about to be taken.

        Returns the duplicate instead when this very content is on the account already.
        """
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, upload)
            if fresh.stop_wanted:
                raise TransitionError(f"upload {upload.id}: a person wants it stopped")
            owner = await self._claim_content(tx, upload, f"sha256:{sha256}")
            if owner is not None:
                return fresh, Duplicate(
                    account=upload.account_name,
                    platform=upload.platform,
                    post_id=owner["post_id"],
                    url=owner["url"],
                    live=owner["state"] == "live",
                )
            moved = await self._move(
                tx,
                upload,
                UploadState.COMMITTING,
                event=event,
                intent_at=self._clock.now(),
            )
        return moved, None

    async def hand_over(self, upload: Upload, state: UploadState, **changes: Any) -> Upload:
        """Like `save`, and hand the upload to a new task of the right queue."""
        async with self._store.transaction() as tx:
            moved = await self._move(tx, upload, state, **changes)
            return await self._resubmit(tx, moved)

    async def reserve(
        self, upload: Upload, rules: Sequence[QuotaRule]
    ) -> tuple[QuotaRule, datetime] | None:
        """Take one unit of every quota, or return the one that is used up and until when."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            for rule in rules:
                used = await tx.one(
                    "quotas.used",
                    scope=_scope(rule, upload),
                    name=rule.name,
                    since=window_start(rule, now).timestamp(),
                    upload_id=upload.id,
                )
                if used is not None and used["used"] >= rule.limit:
                    return rule, next_unit_at(rule, now, to_time(used["oldest"]))
            for rule in rules:
                await tx.run(
                    "quotas.reserve",
                    scope=_scope(rule, upload),
                    name=rule.name,
                    action="publish",
                    units=1,
                    upload_id=upload.id,
                    at=now.timestamp(),
                )
        return None


def _scope(rule: QuotaRule, upload: Upload) -> str:
    if rule.scope == "project":
        return f"project:{upload.platform}"
    return f"account:{upload.account_id}"
