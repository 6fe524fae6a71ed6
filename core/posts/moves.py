"""The one place where states change: what the transitions share inside a transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from core.accounts.ledger import Place
from core.accounts.quotas import Quotas, upload_place
from core.accounts.vault import Vault
from core.errors import LostFenceError, RefusedError, TransitionError
from core.ports import Engine
from core.posts.causes import NOBODY_DECIDED
from core.posts.measuring import Measuring
from core.posts.models import (
    POST_FINAL,
    UPLOAD_FINAL,
    UPLOAD_TRANSITIONS,
    Post,
    PostId,
    PostState,
    Upload,
    UploadId,
    UploadState,
    WaitReason,
    Wish,
)
from core.posts.preflight import Judge
from core.posts.records import (
    dump,
    dump_value,
    read_post,
)
from core.posts.tasks import ingest_task, upload_task
from core.store.base import Row, Store, Tx
from utils.clock import Clock

STOPPABLE = frozenset({UploadState.WAITING, UploadState.UPLOADING})
"""States in which cancelling surely leaves nothing behind that people can see."""


def post_state(current: PostState, states: Sequence[UploadState]) -> PostState:
    """Return the state of a post whose uploads have these states."""
    if not states or any(state not in UPLOAD_FINAL for state in states):
        return current
    kinds = set(states)
    if kinds == {UploadState.LIVE}:
        return PostState.DONE
    if UploadState.LIVE in kinds:
        return PostState.PARTLY_FAILED
    if kinds == {UploadState.CANCELLED}:
        return PostState.CANCELLED
    return PostState.FAILED


Settled = Callable[[Tx, Upload], Awaitable[None]]


class Moves(Measuring):
    """Writes uploads under their fence, with all that follows from it."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        engine: Engine,
        vault: Vault | None = None,
        quotas: Quotas | None = None,
        judge: Judge | None = None,
    ) -> None:
        super().__init__(store, clock, vault)
        self._engine = engine
        self.quotas = quotas or Quotas(store, clock)
        self.judge = judge or Judge()
        self._when_settled: list[Settled] = []

    def when_settled(self, follow: Settled) -> None:
        """Have something follow from each end of an upload, in the commit that ends it."""
        self._when_settled.append(follow)

    async def uploads_of(self, tx: Tx, post_id: int) -> list[Upload]:
        """Return the uploads of a post inside the caller's transaction."""
        return await self._uploads(tx, post_id)

    async def save_wish(self, tx: Tx, post_id: int, wish: Wish, question: str) -> None:
        await tx.run("posts.save_wish", id=post_id, wish=dump_value(wish), question=question)

    async def _stage_changed(self, tx: Tx, post_id: int) -> None:
        """An upload ended without success; see ``core/posts/staging.py``."""

    async def _fit_left(self, tx: Tx, upload: Upload) -> None:
        """An upload ended; see ``core/posts/fitting.py``."""

    async def _post(self, tx: Tx, post_id: int) -> Post:
        row = await tx.one("posts.get", id=post_id)
        if row is None:
            raise RefusedError("unknown_post", post_id=post_id)
        return read_post(row)

    async def _upload(self, tx: Tx, upload_id: int) -> Upload:
        row = await tx.one("posts.upload", id=upload_id)
        if row is None:
            raise RefusedError("unknown_post", post_id=upload_id)
        return self._sessions.read(row)

    async def _uploads(self, tx: Tx, post_id: int) -> list[Upload]:
        rows = await tx.all("posts.uploads", post_id=post_id)
        return [self._sessions.read(row) for row in rows]

    async def _fresh(self, tx: Tx, upload: Upload) -> Upload:
        fresh = await self._upload(tx, upload.id)
        if fresh.fence != upload.fence:
            raise LostFenceError(f"upload {upload.id}: fence {upload.fence} is old")
        return fresh

    async def _move(
        self,
        tx: Tx,
        upload: Upload,
        state: UploadState,
        *,
        event: str = "",
        reopen: bool = False,
        **changes: Any,
    ) -> Upload:
        """Write an upload; the only place where its state changes.

        Only a person reopens what has ended.
        """
        fresh = await self._fresh(tx, upload)
        closed = fresh.state in UPLOAD_FINAL and not reopen
        if closed or state not in UPLOAD_TRANSITIONS[fresh.state]:
            raise TransitionError(f"upload {upload.id}: {fresh.state} does not lead to {state}")
        if state is not UploadState.WAITING and state is not UploadState.UNKNOWN:
            changes = {"reason": None, "until_at": None, **changes}
        final = state in UPLOAD_FINAL
        finished = self._clock.now() if final else None
        moved = replace(fresh, state=state, finished_at=finished, **changes)
        if await tx.run("posts.save_upload", **self._sessions.params(moved)) != 1:
            raise LostFenceError(f"upload {upload.id}: fence {upload.fence} is old")
        await self._measure_change(tx, fresh, moved)
        if final:
            await self._settle(tx, moved)
            await self._fit_left(tx, moved)
            for follow in self._when_settled:
                await follow(tx, moved)
            if state is not UploadState.LIVE:
                await self._stage_changed(tx, moved.post_id)
        await self._follow_quotas(tx, fresh, moved)
        if event or state is not fresh.state:
            await self._event(tx, moved.post_id, moved.id, event or state.value, **_told(moved))
        await self._recompute(tx, moved.post_id)
        return moved

    async def _settle(self, tx: Tx, upload: Upload) -> None:
        if upload.state is UploadState.LIVE:
            await tx.run("posts.ledger_live", upload_id=upload.id, at=self._seconds())
        elif upload.error_code != NOBODY_DECIDED:
            # What may be live keeps its claim: the same content is not published unasked.
            await tx.run("posts.ledger_release", upload_id=upload.id)
        await tx.run(
            "posts.end_attempt",
            upload_id=upload.id,
            fence=upload.fence,
            outcome=upload.state.value,
            now=self._seconds(),
            error_kind=upload.error_kind,
            error_text=upload.error_text,
            bytes_sent=upload.bytes_sent,
        )

    async def _follow_quotas(self, tx: Tx, before: Upload, after: Upload) -> None:
        """Settle units by what became of an upload; wake who may start since some came back."""
        came_back = await self.quotas.follow(tx, before, after)
        left = waits_for_quota(before) and not waits_for_quota(after)
        if came_back or left:
            await self._wake_for_quota(tx, upload_place(before))

    async def _wake_for_quota(self, tx: Tx, place: Place, but: int = 0) -> None:
        for wake in await self.quotas.wake(tx, place):
            if wake.upload_id == but:
                continue
            upload = await self._upload(tx, wake.upload_id)
            moved = await self._move(
                tx, upload, UploadState.WAITING, reason=WaitReason.QUOTA, until_at=wake.until_at
            )
            await self._resubmit(tx, moved)

    async def wake_quotas(self) -> None:
        """Go on with what waits for a quota and need not: after a start, and now and then."""
        for place in await self.quotas.places():
            async with self._store.transaction() as tx:
                await self._wake_for_quota(tx, place)

    async def end_attempt(self, upload: Upload, outcome: str, kind: str, text: str) -> None:
        async with self._store.transaction() as tx:
            await tx.run(
                "posts.end_attempt",
                upload_id=upload.id,
                fence=upload.fence,
                outcome=outcome,
                now=self._seconds(),
                error_kind=kind,
                error_text=text,
                bytes_sent=upload.bytes_sent,
            )
            await self._measure_leave(tx, upload)

    async def _recompute(self, tx: Tx, post_id: int) -> None:
        post = await self._post(tx, post_id)
        states = [upload.state for upload in await self._uploads(tx, post_id)]
        state = post_state(post.state, states)
        reopened = post.state in POST_FINAL and any(s not in UPLOAD_FINAL for s in states)
        if reopened:
            state = PostState.PUBLISHING
        if state is not post.state:
            await self._set_post_state(tx, PostId(post_id), state)
        await self._touch(tx, post_id, final=state in POST_FINAL)

    async def _touch(self, tx: Tx, post_id: int, *, final: bool) -> None:
        await self._write_measures(tx)
        await tx.run("chat.touch_card", post_id=post_id, final=int(final))
        await tx.run("batches.touch_post", post_id=post_id)
        tx.after_commit(self.changed)

    async def _set_post_state(self, tx: Tx, post_id: PostId, state: PostState) -> None:
        finished = self._seconds() if state in POST_FINAL else None
        await tx.run(
            "posts.set_state",
            id=post_id,
            state=state.value,
            note="",
            until_at=None,
            finished_at=finished,
        )

    async def _event(
        self, tx: Tx, post_id: int, upload_id: int | None, event: str, **facts: Any
    ) -> None:
        await tx.run(
            "posts.add_event",
            post_id=post_id,
            upload_id=upload_id,
            at=self._seconds(),
            event=event,
            facts=dump(facts),
        )

    async def _claim(
        self, tx: Tx, account_id: int, fingerprint: str, copy: int, upload_id: UploadId
    ) -> bool:
        claimed = await tx.run(
            "posts.claim_ledger",
            account_id=account_id,
            fingerprint=fingerprint,
            copy=copy,
            upload_id=upload_id,
            at=self._seconds(),
        )
        return claimed == 1

    async def _claim_content(self, tx: Tx, upload: Upload, fingerprint: str) -> Row | None:
        """Claim the bytes themselves once per upload; returns who has them instead.

        A copy that a person wanted takes the next free number: the same bytes may have come
        under several names, each with numbers of its own.
        """
        key = {"account_id": upload.account_id, "fingerprint": fingerprint}
        if await tx.one("posts.ledger_mine", upload_id=upload.id, **key) is not None:
            return None
        copy = await self._next_copy(tx, upload.account_id, fingerprint) if upload.copy else 0
        if await self._claim(tx, upload.account_id, fingerprint, copy, upload.id):
            return None
        return await tx.one("posts.ledger_owner", **key)

    async def _next_copy(self, tx: Tx, account_id: int, fingerprint: str) -> int:
        row = await tx.one(
            "posts.ledger_next_copy", account_id=account_id, fingerprint=fingerprint
        )
        return int(row["copy"]) if row else 0

    async def _again(self, tx: Tx, upload: Upload, priority: int | None = None) -> None:
        post = await self._post(tx, upload.post_id)
        copy = upload.copy
        known = [post.fingerprint] + ([f"sha256:{post.sha256}"] if post.sha256 else [])
        for fingerprint in known:
            copy = max(copy, await self._next_copy(tx, upload.account_id, fingerprint))
        await self._claim(tx, upload.account_id, post.fingerprint, copy, upload.id)
        await tx.run("posts.want_stop", id=upload.id, wanted=0)
        moved = await self._move(
            tx,
            upload,
            UploadState.WAITING,
            event="retry",
            reopen=True,
            reason=WaitReason.TURN,
            until_at=None,
            session={},
            confirmed_bytes=0,
            resumed_from=0,
            attempts=0,
            intent_at=None,
            error_kind="",
            error_text="",
            error_code="",
            copy=copy,
            staged_at=None,
            dropped_at=None,
        )
        await self._resubmit(tx, moved, priority=priority)

    async def _resubmit(self, tx: Tx, upload: Upload, priority: int | None = None) -> Upload:
        row = await tx.one("posts.next_upload_generation", id=upload.id)
        if row is None:
            raise AssertionError("the upload exists")
        moved = replace(upload, generation=row["generation"])
        task = upload_task(moved, now=self._clock.now())
        if priority is not None:
            task = replace(task, priority=priority)
        await self._engine.submit(task, tx)
        return moved

    async def _resubmit_ingest(self, tx: Tx, post: Post) -> None:
        row = await tx.one("posts.next_generation", id=post.id)
        if row is None:
            raise AssertionError("the post exists")
        moved = replace(post, generation=row["generation"])
        await self._engine.submit(ingest_task(moved, post.priority, run_at=None), tx)

    async def resubmit_upload(self, upload_id: int, *, generation: int) -> None:
        """Give an upload a new task, unless somebody did since it had that generation."""
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            if upload.state not in UPLOAD_FINAL and upload.generation == generation:
                await self._resubmit(tx, upload)

    async def resubmit_ingest(self, post_id: int, *, generation: int) -> None:
        """The same for the task that fetches."""
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            if post.generation == generation:
                await self._resubmit_ingest(tx, post)


def waits_for_quota(upload: Upload) -> bool:
    return upload.state is UploadState.WAITING and upload.reason is WaitReason.QUOTA


def _told(upload: Upload) -> dict[str, Any]:
    """Return what the timeline tells about a change, without anything secret."""
    told: dict[str, Any] = {"state": upload.state.value}
    if upload.reason:
        told["reason"] = upload.reason.value
    if upload.until_at:
        told["until"] = upload.until_at.isoformat()
    if upload.error_kind:
        told["kind"] = upload.error_kind
        told["error"] = upload.error_text
    if upload.url:
        told["url"] = upload.url
    return told
