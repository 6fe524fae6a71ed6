"""The sweep that always runs: whatever has not ended has a live task, or gets one.

An engine's own rows are disposable because of it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable

from core.ports import Engine, TaskState
from core.posts.fits import FIT_OPEN, is_asked, waits_for_fit
from core.posts.models import PostState, Upload, UploadState, WaitReason
from core.posts.operations import Operations, operation_key
from core.posts.repository import Posts

logger = logging.getLogger(__name__)

BATCH = 500
FOR_CONTENT = frozenset({WaitReason.MEDIA, WaitReason.DISK})
"""What an upload waits for that the task of its post brings."""
UNTOUCHED = 1
"""The generation of an upload that was never given a task: its post has not been opened."""


class Reaper:
    """Looks at every post and upload that has not ended."""

    def __init__(self, posts: Posts, engine: Engine, operations: Operations | None = None) -> None:
        self._posts = posts
        self._engine = engine
        self._live = operations

    async def reconcile(self) -> int:
        """Resubmit what has no live task; returns how many there were."""
        uploads = await self._posts.open_uploads()
        hungry = {int(upload.post_id) for upload in uploads if _waits_for_content(upload)}
        taken_up = await self._ingests(hungry) + await self._fits()
        taken_up += await self._uploads(uploads)
        return taken_up + await self._operations()

    async def _ingests(self, hungry: Collection[int]) -> int:
        """See that content is fetched: before anything began, and where uploads wait for it."""
        count = 0
        offset = 0
        while posts := await self._posts.open_posts(limit=BATCH, offset=offset):
            offset += len(posts)
            for post in posts:
                fresh = post.state in {PostState.ACCEPTED, PostState.PREPARING}
                if not fresh and post.id not in hungry:
                    continue
                if await self._absent(f"ingest:{post.id}#{post.generation}"):
                    await self._posts.resubmit_ingest(post.id, generation=post.generation)
                    logger.warning("post without a task taken up again", extra={"post": post.id})
                    count += 1
        return count

    async def _uploads(self, uploads: Iterable[Upload]) -> int:
        count = 0
        for upload in uploads:
            if upload.reason in FOR_CONTENT or _waits_for_its_post(upload):
                continue
            if upload.state is UploadState.UNKNOWN and upload.reason is WaitReason.PERSON:
                continue
            if is_asked(upload) or await self._waits_for_its_fit(upload):
                continue
            if await self._absent(f"upload:{upload.id}#{upload.generation}"):
                await self._posts.resubmit_upload(upload.id, generation=upload.generation)
                logger.warning("upload without a task taken up again", extra={"upload": upload.id})
                count += 1
        return count

    async def _fits(self) -> int:
        """See that what is wanted of videos is being made."""
        tasks = {(int(fit.post_id), fit.generation) for fit in await self._posts.open_fits()}
        count = 0
        for post_id, generation in sorted(tasks):
            if await self._absent(f"fit:{post_id}#{generation}"):
                await self._posts.resubmit_fits(post_id, generation=generation)
                logger.warning("fit without a task taken up again", extra={"post": post_id})
                count += 1
        return count

    async def _waits_for_its_fit(self, upload: Upload) -> bool:
        """Return whether it waits for a file that is to be made, or for the look at the video."""
        if not waits_for_fit(upload):
            return False
        fit = await self._posts.fit(upload.fit_id) if upload.fit_id is not None else None
        return upload.fit_id is None or (fit is not None and fit.state in FIT_OPEN)

    async def _operations(self) -> int:
        """See to what is done with live videos; what waited for a sign-in goes on after it."""
        if self._live is None:
            return 0
        count = 0
        for operation in await self._live.reconnected(BATCH):
            count += await self._live.resubmit(operation)
        for operation in await self._live.overdue(BATCH):
            if await self._absent(operation_key(operation)):
                logger.warning("operation taken up again", extra={"operation": operation.id})
                count += await self._live.resubmit(operation)
        return count

    async def _absent(self, key: str) -> bool:
        return await self._engine.state(key) is TaskState.ABSENT


def _waits_for_content(upload: Upload) -> bool:
    return upload.reason in FOR_CONTENT or (waits_for_fit(upload) and upload.fit_id is None)


def _waits_for_its_post(upload: Upload) -> bool:
    """Return whether it waits for a time that the task of its post keeps."""
    return upload.reason is WaitReason.TIME and upload.generation == UNTOUCHED
