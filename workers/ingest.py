"""Fetches the content of a post, looks into it, has it described, and lets the uploads begin."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.errors import ErrorKind, SourceError
from core.media.probe import NotAVideoError, thumbnail
from core.media.spool import DiskFullError, Spool
from core.media.spools import FitKey, Spools
from core.ports import Defer, Engine, Named, Run, Source, TaskState
from core.posts.measuring import Stage
from core.posts.models import (
    POST_FINAL,
    UPLOAD_FINAL,
    MediaFacts,
    Post,
    PostState,
    PostText,
    Upload,
    UploadState,
    WaitReason,
)
from core.posts.repository import Posts
from core.sources.render import WAITS
from utils.clock import Clock
from utils.ffmpeg import FfmpegError
from workers.materials import Material, Materials
from workers.producer import FetchResult, FetchStoppedError, Producer

logger = logging.getLogger(__name__)

DISK_PAUSE = timedelta(seconds=30)
SOURCE_PAUSE = timedelta(seconds=60)
SOURCE_PATIENCE = timedelta(hours=1)
"""So long a source may be out of reach before the post fails."""
TURN_PAUSE = timedelta(seconds=1)
SENDING = frozenset({UploadState.UPLOADING, UploadState.COMMITTING})
STILL_NEEDS_BYTES = frozenset({UploadState.WAITING, UploadState.UPLOADING, UploadState.COMMITTING})


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestDeps:
    """What ingests share."""

    posts: Posts
    engine: Engine
    materials: Materials
    spools: Spools
    producer: Producer
    clock: Clock
    open_source: Callable[[Mapping[str, Any]], Source]
    describe: Callable[[Post], Awaitable[PostText]]
    used_in_place: Callable[[Mapping[str, Any]], bool]
    """Whether a source's file already lies on this machine and is not copied."""
    wants_thumbnail: Callable[[str], bool]
    """Whether a platform's first request carries a picture."""
    streaming: bool
    """Uploads begin while the download runs."""
    keep_files: bool
    """A fetched file stays after its last upload."""
    alone: bool = False
    """A post is begun only when no other one has bytes to send."""


class Ingest:
    """The handler of ``ingest`` tasks."""

    def __init__(self, deps: IngestDeps) -> None:
        self._deps = deps

    async def __call__(self, run: Run) -> None:
        """Fetch one post's content.

        Raises:
            Defer: the disk is full or the source is out of reach; the reason is saved. Or it
                is another post's turn.
        """
        deps = self._deps
        post = await deps.posts.require(int(run.task.args["post_id"]))
        if post.state in POST_FINAL or post.state is PostState.DRAFT:
            await self._discard(post.id)
            return
        if deps.alone and post.state is not PostState.PUBLISHING and await self._others_send():
            raise Defer(deps.clock.now() + TURN_PAUSE)
        await deps.posts.prepare(post.id)
        material = deps.materials.get(post.id)
        try:
            await _together(self._describe(post), self._fetch(run, post, material))
        except FetchStoppedError:
            await self._stopped(post)
        except DiskFullError as error:
            await self._hold(post, WaitReason.DISK, DISK_PAUSE, "disk_full", error)
        except NotAVideoError as error:
            await self._fail(post, material, SourceError(key=error.key, retry=False), error)
        except FfmpegError as error:
            await self._fail(post, material, SourceError(key="ffmpeg", retry=False), error)
        except SourceError as error:
            await self._source_failed(post, material, error)

    async def _others_send(self) -> bool:
        """Tell whether a post has uploads that run or could: what waits long blocks nobody."""
        return any(
            upload.state in SENDING
            or (upload.state is UploadState.WAITING and upload.reason is WaitReason.TURN)
            for upload in await self._deps.posts.open_uploads()
        )

    async def recall(self, post: Post) -> None:
        """See that the content is being fetched, or lies on the disk and is opened again."""
        fresh = await self._deps.posts.require(post.id)
        key = f"ingest:{fresh.id}#{fresh.generation}"
        if await self._deps.engine.state(key) is TaskState.ABSENT:
            await self._deps.posts.resubmit_ingest(fresh.id, generation=fresh.generation)

    async def released(self, post_id: int) -> None:
        """Drop the content when no upload of the post needs bytes any more."""
        uploads = await self._deps.posts.uploads(post_id)
        await self._discard_fits(post_id, uploads)
        if any(upload.state in STILL_NEEDS_BYTES for upload in uploads):
            return
        post = await self._deps.posts.require(post_id)
        ended = all(upload.state in UPLOAD_FINAL for upload in uploads)
        key = f"ingest:{post_id}#{post.generation}"
        if ended and await self._deps.engine.state(key) is not TaskState.ABSENT:
            await self._deps.engine.cancel(key)
            return
        await self._discard(post_id)

    async def _discard(self, post_id: int) -> None:
        self._deps.materials.drop(post_id)
        self._deps.spools.retire(post_id, keep_file=self._deps.keep_files)
        await self._discard_fits(post_id, await self._deps.posts.uploads(post_id))

    async def _discard_fits(self, post_id: int, uploads: Sequence[Upload]) -> None:
        """Drop the fitted files that no upload needs any more."""
        made = {upload.fit_id for upload in uploads} - {None}
        needed = {upload.fit_id for upload in uploads if upload.state in STILL_NEEDS_BYTES}
        for fit_id in made - needed:
            if fit_id is not None:
                self._deps.materials.drop_fitted(fit_id)
                key = FitKey(post_id, fit_id)
                self._deps.spools.retire(key, keep_file=self._deps.keep_files)

    async def _describe(self, post: Post) -> None:
        if post.text is None:
            began = self._deps.clock.monotonic()
            text = await self._deps.describe(post)
            spent = self._deps.clock.monotonic() - began
            self._deps.posts.measure(Stage.DESCRIBE, spent, post_id=post.id, detail=text.by)
            await self._deps.posts.described(post.id, text)

    async def _fetch(self, run: Run, post: Post, material: Material) -> None:
        deps = self._deps
        size = post.facts.size_bytes
        source = deps.open_source(post.source)
        if not deps.used_in_place(post.source):
            deps.spools.admit(post.id, 0 if post.sha256 else size or 0)
        spool = deps.spools.open(
            post.id, size=post.fetched_bytes if post.sha256 else size, sha256=post.sha256
        )
        watch = _Watch(deps, run, post, material, spool, source)
        with deps.spools.use(post.id):
            watch.begin()
            try:
                result = await deps.producer.fetch(
                    post.id,
                    source,
                    spool,
                    known_version=post.source_version,
                    on_version=watch.opened,
                    on_progress=watch.progress,
                    on_facts=watch.facts,
                    stopping=run.stopping,
                )
            finally:
                watch.measure_fetch()
            watch.measure_probe()
            await watch.complete(result)

    async def _stopped(self, post: Post) -> None:
        fresh = await self._deps.posts.require(post.id)
        if fresh.state in POST_FINAL:
            await self._discard(post.id)
            return
        raise Defer(self._deps.clock.now())

    async def _hold(
        self,
        post: Post,
        reason: WaitReason,
        pause: timedelta,
        note: str,
        error: Exception,
    ) -> None:
        until = self._deps.clock.now() + pause
        logger.warning("ingest waits", extra={"post": post.id, "why": str(error)})
        await self._deps.posts.hold_post(post.id, reason, until, note)
        raise Defer(until)

    async def _source_failed(self, post: Post, material: Material, error: SourceError) -> None:
        since = max(filter(None, [post.created_at, post.wish.publish_at]))
        # What is still being made here comes or fails by itself.
        patient = error.key == WAITS or self._deps.clock.now() - since < SOURCE_PATIENCE
        if error.retry and patient:
            await self._hold(post, WaitReason.MEDIA, SOURCE_PAUSE, error.key, error)
        await self._fail(post, material, error, error)

    async def _fail(
        self, post: Post, material: Material, error: SourceError, cause: Exception
    ) -> None:
        logger.warning("ingest failed", extra={"post": post.id, "why": str(cause)})
        await self._deps.posts.fail_post(
            post.id,
            str(error.facts.get("message") or error.key.replace("_", " ")),
            ErrorKind.REJECTED.value,
            error.key,
        )
        material.fail(error)
        await self._discard(post.id)


class _Watch:
    """What the producer tells, turned into commits and news for the uploads."""

    def __init__(
        self,
        deps: IngestDeps,
        run: Run,
        post: Post,
        material: Material,
        spool: Spool,
        source: Source,
    ) -> None:
        self._deps = deps
        self._source = source
        self._run = run
        self._post = post
        self._material = material
        self._spool = spool
        self._version = post.source_version
        self._opened = False
        self._began_at = self._byte_at = deps.clock.monotonic()
        self._had: int | None = None

    def begin(self) -> None:
        self._began_at = self._byte_at = self._deps.clock.monotonic()

    def measure_fetch(self) -> None:
        """Measure what came from the source; a file of this machine is not fetched."""
        if self._had is None or self._post.source.get("kind") in {"file", "asset"}:
            return
        self._deps.posts.measure(
            Stage.FETCH,
            self._byte_at - self._began_at,
            post_id=self._post.id,
            bytes=max(0, self._spool.watermark - self._had),
        )

    def measure_probe(self) -> None:
        spent = self._deps.clock.monotonic() - self._byte_at
        self._deps.posts.measure(Stage.PROBE, spent, post_id=self._post.id)

    async def opened(self, version: str, void: bool) -> None:
        """The source answered: its size is known if it ever will be."""
        if self._had is None or void:
            self._had = self._spool.watermark
        self._version = version
        epoch = self._spool.epoch
        self._material.mark = f"{version}#{epoch}" if epoch else version
        if isinstance(self._source, Named):
            await self._deps.posts.name_file(self._post.id, self._source.filename)
        in_place = self._deps.used_in_place(self._post.source)
        if self._spool.size is not None and not in_place:
            self._deps.spools.withdraw(self._post.id)
            self._deps.spools.admit(self._post.id, self._spool.size)
        if void:
            logger.warning("source changed, starts over", extra={"post": self._post.id})
            self._material.facts = None
            self._material.thumbnail = None
            self._post = replace(self._post, facts=MediaFacts())
            await self._deps.posts.void_sessions(self._post.id)
        is_being_made = self._spool.size is None and self._post.source.get("kind") == "render"
        if self._deps.streaming and not is_being_made:
            # Else uploads would only take places to wait in: nothing is sent without a size.
            await self._open()

    async def _open(self) -> None:
        if self._opened:
            return
        self._opened = True
        self._material.spool = self._spool
        self._material.changed()
        facts = self._material.facts or self._post.facts
        if self._spool.size is not None:
            facts = replace(facts, size_bytes=self._spool.size)
        await self._deps.posts.open_uploading(self._post.id, facts, self._version)

    async def progress(self, fetched: int) -> None:
        self._run.progress()
        self._byte_at = self._deps.clock.monotonic()
        if not self._spool.in_place:
            await self._deps.posts.fetched(
                self._post.id, size=fetched, version=self._version, sha256=""
            )

    async def facts(self, facts: MediaFacts, final: bool) -> None:
        """Looked into the file; the uploads may build forms that need it."""
        if self._material.facts is not None and not final:
            return
        merged = _merge(self._post.facts, facts)
        if self._material.thumbnail is None and await self._wants_thumbnail():
            self._material.thumbnail = await self._picture(final=final)
        if merged == self._material.facts:
            return
        self._material.facts = merged
        self._material.changed()
        await self._deps.posts.probed(self._post.id, merged)

    async def _wants_thumbnail(self) -> bool:
        uploads = await self._deps.posts.uploads(self._post.id)
        return any(self._deps.wants_thumbnail(upload.platform) for upload in uploads)

    async def _picture(self, *, final: bool) -> bytes | None:
        """Take a picture; a video without one is published all the same."""
        try:
            return await thumbnail(Path(self._spool.path))
        except FfmpegError as error:
            if final:
                logger.warning(
                    "no picture of the video", extra={"post": self._post.id, "why": str(error)}
                )
            return None

    async def complete(self, result: FetchResult) -> None:
        await self.facts(result.facts, True)
        await self._deps.posts.fetched(
            self._post.id, size=result.size, version=result.version, sha256=result.sha256
        )
        self._material.sha256 = result.sha256
        self._material.changed()
        await self._open()


def _merge(told: MediaFacts, probed: MediaFacts) -> MediaFacts:
    """Return what the probe saw, completed by what the source told."""
    return replace(
        probed,
        size_bytes=probed.size_bytes or told.size_bytes,
        mime_type=probed.mime_type or told.mime_type,
    )


async def _together(*parts: Awaitable[None]) -> None:
    """Run side by side; the first failure stops the rest and is raised itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(_run(part))
    except* Exception as failures:  # noqa: BLE001 - handed on as it is
        raise _first(failures) from None


async def _run(part: Awaitable[None]) -> None:
    await part


def _first(group: BaseExceptionGroup[Exception]) -> Exception:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error
