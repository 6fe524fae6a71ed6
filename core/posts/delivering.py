"""The way of an upload: T1 to T5."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.accounts.quotas import Shortage, upload_place
from core.accounts.rules import PUBLISH
from core.errors import ErrorKind, LostFenceError, RemoteError, TransitionError
from core.platforms.base import LiveLimit, Session, Step
from core.posts.models import (
    UPLOAD_FINAL,
    Account,
    Upload,
    UploadState,
    WaitReason,
)
from core.posts.moves import Moves
from core.posts.reading import Duplicate
from core.store.base import Tx


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
            await self._measure_start(tx, upload)
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
        # Units are spent later than that: what an intent spent is known by its time.
        intent_at = self._clock.now()
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
            await self.quotas.spend(tx, fresh.id, "commit", again=fresh.intent_at)
            moved = await self._move(
                tx,
                upload,
                UploadState.COMMITTING,
                event=event,
                intent_at=intent_at,
            )
        return moved, None

    async def hand_over(self, upload: Upload, state: UploadState, **changes: Any) -> Upload:
        """Like `save`, and hand the upload to a new task of the right queue."""
        async with self._store.transaction() as tx:
            moved = await self._move(tx, upload, state, **changes)
            await self._leave_attempt(tx, moved)
            return await self._resubmit(tx, moved)

    async def _leave_attempt(self, tx: Tx, upload: Upload) -> None:
        """End the attempt well: another task goes on, nothing crashed."""
        await tx.run(
            "posts.end_attempt",
            upload_id=upload.id,
            fence=upload.fence,
            outcome="waiting",
            now=self._seconds(),
            error_kind="",
            error_text="",
            bytes_sent=upload.bytes_sent,
        )
        await self._measure_leave(tx, upload)

    async def reassign(self, upload: Upload, account: Account, choice: dict[str, Any]) -> bool:
        """Give an upload that was not begun to another account; False where that has the video.

        The claim on the content moves with it.
        """
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, upload)
            post = await self._post(tx, upload.post_id)
            key = {"account_id": account.id, "fingerprint": post.fingerprint}
            if await tx.one("posts.ledger_owner", **key) is not None:
                return False
            await tx.run("posts.ledger_release", upload_id=upload.id)
            await self._claim(tx, account.id, post.fingerprint, fresh.copy, upload.id)
            moved = await self._move(
                tx,
                fresh,
                UploadState.WAITING,
                event="reassigned",
                account_id=account.id,
                choice=choice,
                reason=WaitReason.TURN,
                until_at=None,
                error_kind="",
                error_text="",
                error_code="",
            )
            await self._leave_attempt(tx, moved)
            await self._resubmit(tx, await self._upload(tx, moved.id))
        return True

    async def reserve(
        self, upload: Upload, *, action: str = PUBLISH, counted: bool = True, wait: bool = True
    ) -> tuple[Upload, Shortage | None]:
        """Take the units that an upload needs and let it begin, or say until when it waits.

        ``action`` is what it counts as; ``counted`` says that the request that follows is one
        that quotas count; with ``wait`` the upload is saved as waiting, in the same commit.
        """
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, upload)
            shortage = await self.quotas.reserve(tx, fresh, action)
            if shortage is None:
                if counted:
                    await self.quotas.spend(tx, fresh.id, "begin")
                return await self._move(tx, fresh, UploadState.UPLOADING), None
            if not wait:
                return fresh, shortage
            moved = await self._move(
                tx,
                fresh,
                UploadState.WAITING,
                reason=WaitReason.QUOTA,
                until_at=shortage.until_at,
                error_kind=ErrorKind.QUOTA_EXHAUSTED.value,
                error_text=f"{shortage.rule.name}: {shortage.rule.limit} used",
                error_code="",
            )
            await self._wake_for_quota(tx, upload_place(fresh), but=fresh.id)
        return moved, shortage

    async def count_begin(self, upload: Upload) -> None:
        """The next request is the one that quotas count."""
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, upload)
            await self.quotas.spend(tx, fresh.id, "begin")

    async def charge(self, upload: Upload, action: str) -> Shortage | None:
        """Count a request about an upload, or say until when there is no room for it."""
        if not self.quotas.book.costs(upload.platform, action):
            return None
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, upload)
            return await self.quotas.charge(tx, upload_place(fresh), action)

    async def exhausted(self, upload: Upload, error: RemoteError) -> Shortage:
        """The platform says that a quota is used up: nobody asks again before it has room."""
        async with self._store.transaction() as tx:
            fresh = await self._fresh(tx, upload)
            place = upload_place(fresh)
            if Session.from_dict(fresh.session).step is Step.BEGIN:
                await self.quotas.release(tx, fresh.id)
            return await self.quotas.exhaust(tx, place, error.code, error.retry_after)

    async def take_live(self, upload: Upload, limits: Sequence[LiveLimit]) -> None:
        """Keep what the platform says of the account's quotas; who may start now is woken."""
        place = upload_place(upload)
        async with self._store.transaction() as tx:
            await self.quotas.take_live(tx, place, limits)
            await self._wake_for_quota(tx, place)
