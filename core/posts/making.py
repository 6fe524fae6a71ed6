"""The making of fitted files: taken by a task, made, held, failed, or lost again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from core.errors import ErrorKind
from core.posts.fits import FIT_ERROR, FIT_OPEN, Fit, MadeFit, read_fit, waits_for_fit
from core.posts.fitting import FRESH, Fitting
from core.posts.models import UPLOAD_FINAL, Post, Upload, UploadState, WaitReason
from core.posts.records import dump, dump_value
from core.store.base import Tx


class Making(Fitting):
    """What the task that makes them records; each step names the task by its generation."""

    async def resubmit_fits(self, post_id: int, *, generation: int) -> None:
        """What a task of this generation had is made by a new one, unless somebody saw to it."""
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            rows = await tx.all("fits.of_task", post_id=post_id, generation=generation)
            if rows:
                await tx.run("fits.take_back", post_id=post_id, generation=generation)
                await self._submit_fits(tx, post)

    async def fits_of_task(self, post_id: int, generation: int) -> list[Fit]:
        """Return what the task of this generation has to make."""
        rows = await self._store.all("fits.of_task", post_id=post_id, generation=generation)
        return [read_fit(row) for row in rows]

    async def leave_fits(self, post_id: int, generation: int) -> None:
        """The video is not there: its arrival brings a new task."""
        async with self._store.transaction() as tx:
            await tx.run("fits.take_back", post_id=post_id, generation=generation)

    async def start_fits(self, post_id: int, generation: int) -> list[Fit]:
        """The video is there: the making begins; returns what is to be made."""
        async with self._store.transaction() as tx:
            rows = await tx.all("fits.of_task", post_id=post_id, generation=generation)
            for row in rows:
                await tx.run(
                    "fits.start", id=row["id"], generation=generation, now=self._seconds()
                )
            for upload in await self._waiting_for(tx, post_id, {row["id"] for row in rows}):
                if upload.until_at is not None or upload.error_code:
                    await self._move(
                        tx,
                        upload,
                        UploadState.WAITING,
                        reason=WaitReason.FIT,
                        until_at=None,
                        error_code="",
                    )
            if rows:
                await self._event(tx, post_id, None, "fit_started", files=len(rows))
                await self._touch(tx, post_id, final=False)
            rows = await tx.all("fits.of_task", post_id=post_id, generation=generation)
        return [read_fit(row) for row in rows]

    async def fits_made(
        self, post_id: int, generation: int, made: Sequence[MadeFit], *, source: str
    ) -> set[int]:
        """The files lie on the disk: their uploads go on; returns which files are wanted."""
        kept = set()
        async with self._store.transaction() as tx:
            post = await self._post(tx, post_id)
            for one in made:
                saved = await tx.run(
                    "fits.ready",
                    id=one.fit_id,
                    generation=generation,
                    facts=dump_value(one.facts),
                    size_bytes=one.size_bytes,
                    sha256=one.sha256,
                    source=source,
                    now=self._seconds(),
                )
                if saved == 1:
                    kept.add(one.fit_id)
                    await self._hand_fit_over(tx, post, one.fit_id)
            await self._touch(tx, post_id, final=False)
        return kept

    async def _hand_fit_over(self, tx: Tx, post: Post, fit_id: int) -> None:
        row = await tx.one("fits.get", id=fit_id)
        if row is None:
            raise AssertionError("the row was written before")
        fit = read_fit(row)
        await self._event(
            tx, post.id, None, "fit_ready", seconds=fit.seconds, bytes=fit.size_bytes
        )
        for upload in await self._waiting_for(tx, post.id, {fit_id}):
            _ = await self._go_on(tx, post, upload, fit=fit)

    async def hold_fits(
        self, post_id: int, generation: int, until: datetime, why: str, *, counted: bool = False
    ) -> None:
        """The making waits: for room on the disk, or for a better moment."""
        async with self._store.transaction() as tx:
            rows = await tx.all("fits.of_task", post_id=post_id, generation=generation)
            for row in rows:
                await tx.run(
                    "fits.hold",
                    id=row["id"],
                    generation=generation,
                    counted=int(counted),
                    error_key=why,
                    error_text="",
                )
            for upload in await self._waiting_for(tx, post_id, {row["id"] for row in rows}):
                if (upload.until_at, upload.error_code) != (until, why):
                    await self._move(
                        tx,
                        upload,
                        UploadState.WAITING,
                        reason=WaitReason.FIT,
                        until_at=until,
                        error_code=why,
                    )
            await self._touch(tx, post_id, final=False)

    async def fail_fit(
        self, fit_id: int, generation: int, key: str, facts: Mapping[str, Any]
    ) -> bool:
        """A file cannot be made: the uploads that need it fail with that reason."""
        told = dump(dict(facts))
        async with self._store.transaction() as tx:
            failed = await tx.run(
                "fits.fail",
                id=fit_id,
                generation=generation,
                error_key=key,
                error_text=told,
                now=self._seconds(),
            )
            row = await tx.one("fits.get", id=fit_id)
            if failed != 1 or row is None:
                return False
            for upload in await self._waiting_for(tx, row["post_id"], {fit_id}):
                await self._move(
                    tx,
                    upload,
                    UploadState.FAILED,
                    error_kind=ErrorKind.REJECTED.value,
                    error_code=f"{FIT_ERROR}{key}",
                    error_text=told,
                )
            await self._touch_as_it_is(tx, row["post_id"])
        return True

    async def fail_fits(self, post_id: int, key: str) -> None:
        """Nothing that is to be made of a post can be: a bug, or crashes again and again."""
        rows = await self._store.all("fits.of_post", post_id=post_id)
        for fit in map(read_fit, rows):
            if fit.state in FIT_OPEN:
                _ = await self.fail_fit(fit.id, fit.generation, key, {})

    async def fits_crashed(self, post_id: int, limit: int) -> None:
        """The making took the process down again and again: once more, at last not."""
        for fit in await self.fits(post_id):
            if fit.state not in FIT_OPEN:
                continue
            if fit.tries + 1 >= limit:
                _ = await self.fail_fit(fit.id, fit.generation, "crashed", {})
                continue
            async with self._store.transaction() as tx:
                await tx.run(
                    "fits.hold",
                    id=fit.id,
                    generation=fit.generation,
                    counted=1,
                    error_key="crashed",
                    error_text="",
                )
                await self._submit_fits(tx, await self._post(tx, post_id))

    async def lose_fit(self, upload: Upload, fit: Fit) -> Upload:
        """A file that was ready is gone: it is made again, and the upload waits for it."""
        async with self._store.transaction() as tx:
            post = await self._post(tx, upload.post_id)
            fresh = await self._fresh(tx, upload)
            if await tx.run("fits.lose", id=fit.id):
                await self._event(tx, post.id, None, "fit_lost")
                await self._submit_fits(tx, post)
            return await self._move(
                tx,
                fresh,
                UploadState.WAITING,
                reason=WaitReason.FIT,
                until_at=None,
                error_code="",
                intent_at=None,
                **FRESH,
            )

    async def _waiting_for(self, tx: Tx, post_id: int, fits: Collection[int]) -> list[Upload]:
        return [
            upload
            for upload in await self._uploads(tx, post_id)
            if upload.fit_id in fits and waits_for_fit(upload)
        ]

    async def _touch_as_it_is(self, tx: Tx, post_id: int) -> None:
        uploads = await self._uploads(tx, post_id)
        final = all(upload.state in UPLOAD_FINAL for upload in uploads)
        await self._touch(tx, post_id, final=final)
