"""The sweep that always runs: whatever has not ended has a live task, or gets one.

An engine's own rows are disposable because of it.
"""

from __future__ import annotations

import logging

from core.ports import Engine, TaskState
from core.posts.models import PostState, UploadState, WaitReason
from core.posts.repository import Posts

logger = logging.getLogger(__name__)

BATCH = 500


class Reaper:
    """Looks at every post and upload that has not ended."""

    def __init__(self, posts: Posts, engine: Engine) -> None:
        self._posts = posts
        self._engine = engine

    async def reconcile(self) -> int:
        """Resubmit what has no live task; returns how many there were."""
        return await self._ingests() + await self._uploads()

    async def _ingests(self) -> int:
        count = 0
        offset = 0
        while posts := await self._posts.open_posts(limit=BATCH, offset=offset):
            offset += len(posts)
            for post in posts:
                if post.state not in {PostState.ACCEPTED, PostState.PREPARING}:
                    continue
                if await self._absent(f"ingest:{post.id}#{post.generation}"):
                    await self._posts.resubmit_ingest(post.id, generation=post.generation)
                    logger.warning("post without a task taken up again", extra={"post": post.id})
                    count += 1
        return count

    async def _uploads(self) -> int:
        count = 0
        for upload in await self._posts.open_uploads():
            if upload.reason in {WaitReason.MEDIA, WaitReason.TIME, WaitReason.DISK}:
                continue
            if upload.state is UploadState.UNKNOWN and upload.reason is WaitReason.PERSON:
                continue
            if await self._absent(f"upload:{upload.id}#{upload.generation}"):
                await self._posts.resubmit_upload(upload.id, generation=upload.generation)
                logger.warning("upload without a task taken up again", extra={"upload": upload.id})
                count += 1
        return count

    async def _absent(self, key: str) -> bool:
        return await self._engine.state(key) is TaskState.ABSENT
