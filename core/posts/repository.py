"""Reads and transitions of posts and uploads: each change of state is one commit, here."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from core.accounts.windows import next_unit_at, window_start
from core.errors import LostFenceError, RefusedError, TransitionError
from core.platforms.base import QuotaRule, Session, Step
from core.ports import Cancelled, Engine, Task
from core.posts.models import (
    POST_FINAL,
    UPLOAD_FINAL,
    UPLOAD_TRANSITIONS,
    Account,
    MediaFacts,
    Post,
    PostId,
    PostState,
    PostText,
    Upload,
    UploadId,
    UploadState,
    WaitReason,
    Wish,
)
from core.posts.notices import Notices
from core.posts.records import (
    dump,
    dump_value,
    from_time,
    read_account,
    read_post,
    read_upload,
    require_time,
    to_time,
    upload_params,
)
from core.store.base import Row, Store, Tx
from utils.clock import Clock

FORCED_PRIORITY = 1_000_000
FETCH_CRASHED = "fetch_crashed"
STOPPABLE = frozenset({UploadState.WAITING, UploadState.UPLOADING})
"""States in which cancelling surely leaves nothing behind that people can see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEvent:
    """One line of a post's history."""

    at: datetime
    upload_id: int | None
    event: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What happened since a moment."""

    posts: int
    uploads: int
    live: int
    failed: int
    cancelled: int
    waiting: int
    unknown: int
    success_rate: float | None
    mean_seconds: float | None
    bytes_sent: int
    resumed_bytes: int
    errors: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """Content that is (being) published on an account already."""

    account: str
    platform: str
    post_id: int
    url: str
    live: bool


def upload_task(upload: Upload, *, now: datetime) -> Task:
    """Return the task that moves an upload on, by what its session does next."""
    session = Session.from_dict(upload.session)
    watching = session.step in {Step.STATUS, Step.READY} or (
        upload.state is UploadState.UNKNOWN and upload.reason is not WaitReason.PERSON
    )
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


def ingest_task(post: Post, priority: int, *, run_at: datetime | None) -> Task:
    return Task(
        kind="ingest",
        key=f"ingest:{post.id}#{post.generation}",
        args={"post_id": post.id},
        priority=priority,
        run_at=run_at,
        lock=f"post:{post.id}",
        queue="ingest",
    )


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


class Posts(Notices):
    """The repository of posts; the engine's tasks are submitted in the same commits."""

    def __init__(self, store: Store, clock: Clock, engine: Engine) -> None:
        super().__init__(store, clock)
        self._engine = engine
        self._next = asyncio.Event()

    def next_change(self) -> asyncio.Event:
        """Return an event that is set after the next commit that people may want to see."""
        return self._next

    # Reading

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
            read_upload(row) for row in await self._store.all("posts.uploads", post_id=post_id)
        ]

    async def upload(self, upload_id: int) -> Upload | None:
        row = await self._store.one("posts.upload", id=upload_id)
        return read_upload(row) if row else None

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
        return [read_upload(row) for row in await self._store.all("posts.open_uploads")]

    async def statistics(self, since: datetime) -> Statistics:
        seconds = since.timestamp()
        done = await self._store.one("posts.statistics", since=seconds)
        still = await self._store.one("posts.statistics_open")
        posts = await self._store.one("posts.statistics_posts", since=seconds)
        errors = await self._store.all("posts.statistics_errors", since=seconds)
        if done is None or still is None or posts is None:
            raise AssertionError("an aggregate always has a row")
        ended = done["live"] + done["failed"]
        return Statistics(
            posts=posts["posts"],
            uploads=done["uploads"],
            live=done["live"],
            failed=done["failed"],
            cancelled=done["cancelled"],
            waiting=still["waiting"],
            unknown=still["unknown"],
            success_rate=done["live"] / ended if ended else None,
            mean_seconds=done["mean_seconds"],
            bytes_sent=done["bytes_sent"],
            resumed_bytes=done["resumed_bytes"],
            errors={row["error_kind"]: row["n"] for row in errors},
        )

    def changed(self) -> None:
        """Tell everybody who waits that something new is committed."""
        self._next.set()
        self._next = asyncio.Event()

    # Accepting a post

    async def insert_draft(
        self, tx: Tx, post: Post, *, question: str, state: PostState = PostState.DRAFT
    ) -> PostId:
        row = await tx.one(
            "posts.insert",
            state=state.value,
            chat_id=post.chat_id,
            user_id=post.user_id,
            message_id=post.message_id,
            source=dump(post.source),
            wish=dump_value(post.wish),
            facts=dump_value(post.facts),
            fingerprint=post.fingerprint,
            priority=post.priority,
            album=post.album,
            question=question,
            note=post.note,
            until_at=from_time(post.until_at),
            created_at=post.created_at.timestamp(),
        )
        if row is None:
            raise AssertionError("an insert returns its id")
        return PostId(row["id"])

    async def see_update(self, tx: Tx, update_id: int | None) -> bool:
        """Remember an update inside the caller's transaction; False for a repeated one."""
        if update_id is None:
            return True
        return await tx.run("posts.see_update", update_id=update_id, at=self._seconds()) == 1

    async def duplicates(
        self, tx: Tx, fingerprint: str, accounts: Sequence[Account]
    ) -> list[Duplicate]:
        keys = [{"account_id": a.id, "fingerprint": fingerprint} for a in accounts]
        owners = await tx.each("posts.ledger_owner", rows=keys)
        return [
            Duplicate(
                account=account.name,
                platform=account.platform,
                post_id=rows[0]["post_id"],
                url=rows[0]["url"],
                live=rows[0]["state"] == "live",
            )
            for account, rows in zip(accounts, owners, strict=True)
            if rows
        ]

    async def open_post(
        self, tx: Tx, post: Post, accounts: Sequence[Account], *, again: bool
    ) -> None:
        """Turn a stored draft into an accepted post: uploads, claims, card and task."""
        due = post.wish.publish_at
        now = self._clock.now()
        waits_for_time = due is not None and due > now
        reason = WaitReason.TIME if waits_for_time else WaitReason.MEDIA
        copies = [
            # Above 0 says that a copy is wanted, also when its bytes came under another name.
            max(1, await self._next_copy(tx, account.id, post.fingerprint)) if again else 0
            for account in accounts
        ]
        inserts = [
            {
                "post_id": post.id,
                "account_id": account.id,
                "platform": account.platform,
                "state": UploadState.WAITING.value,
                "reason": reason.value,
                "until_at": from_time(due if waits_for_time else None),
                "size_bytes": post.facts.size_bytes,
                "copy": copy,
            }
            for account, copy in zip(accounts, copies, strict=True)
        ]
        made = await tx.each("posts.insert_upload", rows=inserts)
        claims = [
            {
                "account_id": account.id,
                "fingerprint": post.fingerprint,
                "copy": copy,
                "upload_id": rows[0]["id"],
                "at": self._seconds(),
            }
            for account, copy, rows in zip(accounts, copies, made, strict=True)
        ]
        if await tx.many("posts.claim_ledger", rows=claims) != len(claims):
            raise TransitionError(f"post {post.id}: claimed by somebody else meanwhile")
        await self._set_post_state(tx, post.id, PostState.ACCEPTED)
        await self._event(tx, post.id, None, "accepted")
        if post.chat_id:
            await tx.run(
                "chat.insert_card",
                post_id=post.id,
                chat_id=post.chat_id,
                reply_to=post.message_id,
                due_at=self._seconds(),
            )
        task = ingest_task(post, post.priority, run_at=due if waits_for_time else None)
        await self._engine.submit(task, tx)
        tx.after_commit(self.changed)

    async def save_wish(self, tx: Tx, post_id: int, wish: Wish, question: str) -> None:
        await tx.run("posts.save_wish", id=post_id, wish=dump_value(wish), question=question)

    # The way of a post

    async def prepare(self, post_id: int) -> Post:
        """The ingest has started."""
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            if post.state is PostState.ACCEPTED:
                await self._set_post_state(tx, post.id, PostState.PREPARING)
                await self._event(tx, post_id, None, "fetch_started")
        return post

    async def open_uploading(self, post_id: int, facts: MediaFacts, version: str) -> None:
        """The source is open and its size is known: the uploads may begin."""
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            if post.state in POST_FINAL:
                return
            await tx.run("posts.set_media", id=post_id, facts=dump_value(facts))
            await tx.run(
                "posts.set_fetched",
                id=post_id,
                fetched_bytes=post.fetched_bytes,
                source_version=version,
                sha256=post.sha256,
            )
            await self._set_post_state(tx, post.id, PostState.PUBLISHING)
            for upload in await self._uploads(tx, post_id):
                if upload.state is UploadState.WAITING and upload.reason in {
                    WaitReason.MEDIA,
                    WaitReason.TIME,
                    WaitReason.DISK,
                }:
                    ready = replace(
                        upload,
                        reason=WaitReason.TURN,
                        until_at=None,
                        size_bytes=facts.size_bytes or upload.size_bytes,
                    )
                    await tx.run("posts.save_upload", **upload_params(ready))
                    await self._resubmit(tx, ready)
            tx.after_commit(self.changed)

    async def void_sessions(self, post_id: int) -> None:
        """The source changed: bytes that a waiting upload sent before belong to other content."""
        async with self._store.transaction() as tx:
            for upload in await self._uploads(tx, post_id):
                if upload.state is UploadState.WAITING and upload.intent_at is None:
                    await self._move(
                        tx,
                        upload,
                        UploadState.WAITING,
                        reason=upload.reason,
                        until_at=upload.until_at,
                        session={},
                        confirmed_bytes=0,
                        resumed_from=0,
                    )

    async def hold_post(
        self, post_id: int, reason: WaitReason, until: datetime, note: str
    ) -> None:
        """The ingest waits, for disk or for a source that is down."""
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            await tx.run(
                "posts.set_state",
                id=post_id,
                state=post.state.value,
                note=note,
                until_at=from_time(until),
                finished_at=None,
            )
            for upload in await self._uploads(tx, post_id):
                if upload.state is UploadState.WAITING and upload.reason in {
                    WaitReason.MEDIA,
                    WaitReason.TIME,
                    WaitReason.DISK,
                }:
                    held = replace(upload, reason=reason, until_at=until)
                    await tx.run("posts.save_upload", **upload_params(held))
            await self._event(tx, post_id, None, "waiting", reason=reason.value, note=note)
            await self._touch(tx, post_id, final=False)

    async def fetched(self, post_id: int, *, size: int, version: str, sha256: str) -> None:
        """Save how much of the source is in the spool; with a digest when it is whole."""
        async with self._store.transaction() as tx:
            await tx.run(
                "posts.set_fetched",
                id=post_id,
                fetched_bytes=size,
                source_version=version,
                sha256=sha256,
            )
            if sha256:
                await self._event(tx, post_id, None, "fetched", bytes=size)
                await self._touch(tx, post_id, final=False)

    async def probed(self, post_id: int, facts: MediaFacts) -> None:
        async with self._store.transaction() as tx:
            await tx.run("posts.set_media", id=post_id, facts=dump_value(facts))
            await self._event(
                tx,
                post_id,
                None,
                "probed",
                width=facts.width,
                height=facts.height,
                seconds=facts.duration_seconds,
            )
            await self._touch(tx, post_id, final=False)

    async def described(self, post_id: int, text: PostText) -> None:
        async with self._store.transaction() as tx:
            await tx.run("posts.set_text", id=post_id, text=dump_value(text))
            await self._event(tx, post_id, None, "described", by=text.by, note=text.note)
            await self._touch(tx, post_id, final=False)

    async def fail_post(self, post_id: int, note: str, kind: str, code: str = "") -> None:
        """The video cannot be had: every upload that has not ended fails with that reason."""
        async with self._store.transaction() as tx:
            for upload in await self._uploads(tx, post_id):
                if upload.state in STOPPABLE:
                    await self._move(
                        tx,
                        upload,
                        UploadState.FAILED,
                        error_kind=kind,
                        error_text=note,
                        error_code=code,
                    )

    async def fail_upload(self, upload_id: int, why: str) -> None:
        """A bug or repeated crashes end an upload; nobody knows how far it came."""
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            if upload.state in UPLOAD_FINAL:
                return
            maybe_out = upload.intent_at is not None
            await self._move(
                tx,
                upload,
                UploadState.UNKNOWN if maybe_out else UploadState.FAILED,
                reason=WaitReason.PERSON if maybe_out else None,
                error_kind="bug",
                error_text=why,
            )

    async def upload_crashed(self, upload_id: int, limit: int) -> None:
        """Its task took the process down again and again: slower from now on, at last not."""
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            if upload.state in UPLOAD_FINAL:
                return
            crashed = upload.attempts + 1
            if crashed < limit:
                counted = replace(upload, attempts=crashed)
                await tx.run("posts.save_upload", **upload_params(counted))
                await self._resubmit(tx, counted)
                return
        await self.fail_upload(upload_id, "the process crashed at it again and again")

    async def ingest_crashed(self, post_id: int, limit: int) -> None:
        """The same for the task that fetches; what the timeline holds is the count."""
        post = await self.require(post_id)
        told = [event.event for event in await self.timeline(post_id)]
        if told.count(FETCH_CRASHED) + 1 < limit:
            await self.event(post_id, FETCH_CRASHED)
            await self.resubmit_ingest(post_id, generation=post.generation)
            return
        why = "the process crashed at it again and again"
        await self.fail_post(post_id, why, "bug", "internal")

    async def event(self, post_id: int, event: str, **facts: Any) -> None:
        async with self._store.transaction() as tx:
            await self._event(tx, post_id, None, event, **facts)

    # The way of an upload

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
                    "posts.quota_used",
                    scope=_scope(rule, upload),
                    name=rule.name,
                    since=window_start(rule, now).timestamp(),
                    upload_id=upload.id,
                )
                if used is not None and used["used"] >= rule.limit:
                    return rule, next_unit_at(rule, now, to_time(used["oldest"]))
            for rule in rules:
                await tx.run(
                    "posts.spend_quota",
                    scope=_scope(rule, upload),
                    name=rule.name,
                    upload_id=upload.id,
                    at=now.timestamp(),
                )
        return None

    # What people decide

    async def cancel_upload(self, upload_id: int, *, by: str) -> UploadState:
        """Cancel what has not been published; returns the state it ends in or is in."""
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            if upload.state not in STOPPABLE:
                return upload.state
            await tx.run("posts.want_stop", id=upload_id, wanted=1)
            await self._event(tx, upload.post_id, upload_id, "stop_wanted", by=by)
        key = f"upload:{upload_id}#{upload.generation}"
        if await self._engine.cancel(key) is Cancelled.ASKED:
            return upload.state
        async with self._store.transaction() as tx:
            fresh = await self._upload(tx, upload_id)
            if fresh.state in STOPPABLE:
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
            await self._again(tx, upload)

    async def retry_post(self, post_id: int) -> int:
        await self.require(post_id)
        again = [
            upload
            for upload in await self.uploads(post_id)
            if upload.state in {UploadState.FAILED, UploadState.CANCELLED}
        ]
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
            forced = replace(post, priority=FORCED_PRIORITY)
            if post.state in {PostState.ACCEPTED, PostState.PREPARING}:
                await self._resubmit_ingest(tx, forced)
            else:
                for upload in await self._uploads(tx, post_id):
                    if upload.state is UploadState.WAITING:
                        moved = await self._move(tx, upload, UploadState.WAITING, until_at=None)
                        await self._resubmit(tx, moved, priority=FORCED_PRIORITY)
            await self._event(tx, post_id, None, "forced")

    async def decide(self, upload_id: int, *, is_live: bool) -> None:
        """A person says how an unknown upload ended."""
        async with self._store.transaction() as tx:
            upload = await self._upload(tx, upload_id)
            if upload.state is not UploadState.UNKNOWN:
                raise RefusedError("not_unknown", post_id=upload.post_id)
            if is_live:
                await self._move(
                    tx,
                    upload,
                    UploadState.LIVE,
                    event="decided",
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
            if upload.reason is not WaitReason.ACCOUNT or upload.account_id not in usable:
                continue
            async with self._store.transaction() as tx:
                moved = await self._move(
                    tx, upload, UploadState.WAITING, reason=WaitReason.TURN, until_at=None
                )
                await self._resubmit(tx, moved)
            woken += 1
        return woken

    # The sweep (T6 of the engine)

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

    # Inside a transaction

    async def _post(self, tx: Tx, post_id: int) -> Post:
        row = await tx.one("posts.get", id=post_id)
        if row is None:
            raise RefusedError("unknown_post", post_id=post_id)
        return read_post(row)

    async def _upload(self, tx: Tx, upload_id: int) -> Upload:
        row = await tx.one("posts.upload", id=upload_id)
        if row is None:
            raise RefusedError("unknown_post", post_id=upload_id)
        return read_upload(row)

    async def _uploads(self, tx: Tx, post_id: int) -> list[Upload]:
        return [read_upload(row) for row in await tx.all("posts.uploads", post_id=post_id)]

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
        if await tx.run("posts.save_upload", **upload_params(moved)) != 1:
            raise LostFenceError(f"upload {upload.id}: fence {upload.fence} is old")
        if final:
            await self._settle(tx, moved)
        if event or state is not fresh.state:
            await self._event(tx, moved.post_id, moved.id, event or state.value, **_told(moved))
        await self._recompute(tx, moved.post_id)
        return moved

    async def _settle(self, tx: Tx, upload: Upload) -> None:
        if upload.state is UploadState.LIVE:
            await tx.run("posts.ledger_live", upload_id=upload.id, at=self._seconds())
        else:
            await tx.run("posts.ledger_release", upload_id=upload.id)
            await tx.run("posts.release_quota", upload_id=upload.id)
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
        await tx.run("chat.touch_card", post_id=post_id, final=int(final))
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

    async def _again(self, tx: Tx, upload: Upload) -> None:
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
        )
        await self._resubmit(tx, moved)

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


def _scope(rule: QuotaRule, upload: Upload) -> str:
    if rule.scope == "project":
        return f"project:{upload.platform}"
    return f"account:{upload.account_id}"


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
