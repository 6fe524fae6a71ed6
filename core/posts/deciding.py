"""What people decide about posts and uploads."""

from __future__ import annotations

from dataclasses import replace

from core.errors import RefusedError
from core.ports import Cancelled
from core.posts.causes import NOBODY_DECIDED
from core.posts.models import (
    POST_FINAL,
    UPLOAD_FINAL,
    PostState,
    Upload,
    UploadState,
    WaitReason,
)
from core.posts.moves import STOPPABLE
from core.posts.records import dump_value
from core.posts.staging import Staging
from core.posts.tasks import FORCED_PRIORITY


def is_undecided(upload: Upload) -> bool:
    """Return whether nobody said in time if it is live; a person still can."""
    return upload.state is UploadState.FAILED and upload.error_code == NOBODY_DECIDED


class Deciding(Staging):
    """Cancels, retries, forces, and settles what only a person knows."""

    async def cancel_upload(self, upload_id: int, *, by: str) -> UploadState:
        """Cancel what has not been published; returns the state it ends in or is in."""
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            if upload.state not in STOPPABLE:
                return upload.state
            await tx.run("posts.want_stop", id=upload_id, wanted=1)
            await self._event(tx, upload.post_id, upload_id, "stop_wanted", by=by)
        key = f"upload:{upload_id}#{upload.generation}"
        is_asked = await self._engine.cancel(key) is Cancelled.ASKED
        async with self._store.transaction() as tx:
            fresh = await self._upload(tx, upload_id)
            # An attempt that sends ends it itself; one that waits may be just about to leave.
            is_waiting = fresh.state is UploadState.WAITING and fresh.intent_at is None
            if fresh.state in STOPPABLE and (is_waiting or not is_asked):
                fresh = await self._move(tx, fresh, UploadState.CANCELLED, event="cancelled")
        return fresh.state

    async def cancel_post(self, post_id: int, *, by: str) -> int:
        """Cancel all uploads that can be; returns how many were."""
        post = await self.require(post_id)
        if post.state is PostState.DRAFT:
            async with self._store.transaction() as tx:
                await self._set_post_state(tx, post.id, PostState.CANCELLED)
                await self._event(tx, post.id, None, "cancelled", by=by)
                tx.after_commit(self.changed)
            return 1
        if post.state in POST_FINAL:
            raise RefusedError("already_final", post_id=post_id, state=post.state.value)
        stopped = 0
        for upload in await self.uploads(post_id):
            if upload.state in STOPPABLE:
                await self.cancel_upload(upload.id, by=by)
                stopped += 1
        if all(item.state in UPLOAD_FINAL for item in await self.uploads(post_id)):
            await self._engine.cancel(f"ingest:{post_id}#{post.generation}")
        return stopped

    async def retry_upload(self, upload_id: int) -> None:
        """Begin a failed or cancelled upload again, with a fresh remote session."""
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            if upload.state not in {UploadState.FAILED, UploadState.CANCELLED}:
                raise RefusedError("not_failed", post_id=upload.post_id)
            if upload.error_code == NOBODY_DECIDED:
                raise RefusedError("undecided", post_id=upload.post_id)
            await self._again(tx, upload)
            await self._gather_again(tx, upload.post_id)

    async def retry_post(self, post_id: int) -> int:
        await self.require(post_id)
        ended = [
            upload
            for upload in await self.uploads(post_id)
            if upload.state in {UploadState.FAILED, UploadState.CANCELLED}
        ]
        again = [upload for upload in ended if upload.error_code != NOBODY_DECIDED]
        if ended and not again:
            raise RefusedError("undecided", post_id=post_id)
        for upload in again:
            await self.retry_upload(upload.id)
        return len(again)

    async def force_start(self, post_id: int) -> None:
        """Put a post first and end its waits for a time, a cooldown or a retry."""
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            if post.state in POST_FINAL or post.state is PostState.DRAFT:
                raise RefusedError("already_final", post_id=post_id, state=post.state.value)
            await tx.run("posts.set_priority", id=post_id, priority=FORCED_PRIORITY)
            wish = replace(post.wish, publish_at=None)
            await tx.run("posts.change_wish", id=post_id, wish=dump_value(wish))
            forced = replace(post, priority=FORCED_PRIORITY, wish=wish)
            if post.state in {PostState.ACCEPTED, PostState.PREPARING}:
                await tx.run("posts.start_now", post_id=post_id)
                await self._resubmit_ingest(tx, forced)
            else:
                for upload in await self._uploads(tx, post_id):
                    if upload.state is UploadState.WAITING:
                        moved = await self._move(
                            tx, upload, UploadState.WAITING, until_at=None, not_before=None
                        )
                        await self._resubmit(tx, moved, priority=FORCED_PRIORITY)
            await self._event(tx, post_id, None, "forced")

    async def decide(self, upload_id: int, *, is_live: bool) -> None:
        """A person says how an unknown upload ended, in time or after it was given up."""
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            late = is_undecided(upload)
            if upload.state is not UploadState.UNKNOWN and not late:
                raise RefusedError("not_unknown", post_id=upload.post_id)
            if late and not is_live:
                await tx.run("posts.ledger_release", upload_id=upload.id)
                await self._again(tx, upload)
                return
            if is_live:
                await self._move(
                    tx,
                    upload,
                    UploadState.LIVE,
                    event="decided",
                    reopen=late,
                    intent_at=None,
                    error_kind="",
                    error_text="",
                    error_code="",
                )
                return
            moved = await self._move(
                tx,
                upload,
                UploadState.WAITING,
                event="decided",
                reason=WaitReason.TURN,
                intent_at=None,
                session={},
                confirmed_bytes=0,
                error_kind="",
                error_text="",
                error_code="",
            )
            await self._resubmit(tx, moved)

    async def clear_queue(self) -> int:
        """Cancel everything that is not published; returns how many posts."""
        cleared = offset = 0
        while posts := await self.open_posts(limit=100, offset=offset):
            for post in posts:
                cleared += bool(await self.cancel_post(post.id, by="clear"))
                fresh = await self.require(post.id)
                offset += fresh.state not in POST_FINAL
        return cleared

    async def wake_accounts(self) -> int:
        """Go on with what waited for an account that was connected again."""
        usable = {account.id for account in await self.accounts() if account.state == "ok"}
        woken = 0
        for upload in await self.open_uploads():
            if upload.reason is WaitReason.ACCOUNT and upload.account_id in usable:
                woken += await self._wake_held(upload.id)
        return woken

    async def _wake_held(self, upload_id: int) -> bool:
        """Give a held upload a task; False when it went on by itself meanwhile."""
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            if upload.reason is not WaitReason.ACCOUNT:
                return False
            is_out = upload.state is UploadState.PROCESSING
            state = upload.state if is_out else UploadState.WAITING
            reason = None if is_out else WaitReason.TURN
            moved = await self._move(tx, upload, state, reason=reason, until_at=None)
            await self._resubmit(tx, moved)
        return True
