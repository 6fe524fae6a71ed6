"""The way of a post: its source is opened, fetched, probed and described."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from core.posts.fitting import Fitting
from core.posts.models import (
    POST_FINAL,
    UPLOAD_FINAL,
    MediaFacts,
    Post,
    PostState,
    PostText,
    UploadState,
    WaitReason,
)
from core.posts.moves import STOPPABLE
from core.posts.records import (
    dump,
    dump_value,
    from_time,
)

FETCH_CRASHED = "fetch_crashed"
FOR_CONTENT = frozenset({WaitReason.MEDIA, WaitReason.TIME, WaitReason.DISK})
"""What an upload that was not begun waits for until its content is there."""


class Fetching(Fitting):
    """What the ingest records."""

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
                if upload.state is UploadState.WAITING and upload.reason in FOR_CONTENT:
                    later = upload.not_before
                    if later is not None and later <= self._clock.now():
                        later = None
                    ready = replace(
                        upload,
                        reason=WaitReason.TIME if later else WaitReason.TURN,
                        until_at=later,
                        size_bytes=facts.size_bytes or upload.size_bytes,
                    )
                    await tx.run("posts.save_upload", **self._sessions.params(ready))
                    await self._measure_change(tx, upload, ready)
                    await self._resubmit(tx, ready)
            tx.after_commit(self.changed)

    async def void_sessions(self, post_id: int) -> None:
        """The source changed: bytes that a waiting upload sent before belong to other content."""
        async with self._store.transaction() as tx:
            await self._void_fits(tx, post_id)
            await tx.run("posts.set_media", id=post_id, facts=dump_value(MediaFacts()))
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
                if upload.state is UploadState.WAITING and upload.reason in FOR_CONTENT:
                    held = replace(upload, reason=reason, until_at=until)
                    await tx.run("posts.save_upload", **self._sessions.params(held))
                    await self._measure_change(tx, upload, held)
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
                await self._source_is_whole(tx, post_id)
                await self._event(tx, post_id, None, "fetched", bytes=size)
                await self._touch(tx, post_id, final=False)

    async def name_file(self, post_id: int, filename: str) -> None:
        """The source says what its file is called."""
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            if filename and post.source.get("filename") != filename:
                source = {**post.source, "filename": filename}
                await tx.run("posts.set_source", id=post_id, source=dump(source))

    async def probed(self, post_id: int, facts: MediaFacts) -> None:
        async with self._store.transaction() as tx:
            await tx.run("posts.set_media", id=post_id, facts=dump_value(facts))
            await self.preflight(tx, post_id)
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
            if (await self._post(tx, post_id)).text is not None:
                # A person wrote the words meanwhile.
                return
            await tx.run("posts.set_text", id=post_id, text=dump_value(text))
            await self._event(tx, post_id, None, "described", by=text.by, note=text.note)
            await self._touch(tx, post_id, final=False)

    async def fail_post(self, post_id: int, note: str, kind: str, code: str = "") -> None:
        """The video cannot be had: every upload that has not ended fails with that reason."""
        async with self._store.transaction() as tx:
            for upload in await self._uploads(tx, post_id):
                if upload.state in STOPPABLE and upload.stop_wanted:
                    # A person was first.
                    await self._move(tx, upload, UploadState.CANCELLED, event="cancelled")
                elif upload.state in STOPPABLE:
                    await self._move(
                        tx,
                        upload,
                        UploadState.FAILED,
                        error_kind=kind,
                        error_text=note,
                        error_code=code,
                    )

    async def fail_upload(self, upload_id: int, why: str, *, kind: str = "bug") -> None:
        """A bug, repeated crashes or a lost account end it; nobody knows how far it came."""
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
                error_kind=kind,
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
                await tx.run("posts.save_upload", **self._sessions.params(counted))
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
