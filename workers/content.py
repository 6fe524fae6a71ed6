"""The bytes of an upload: from the growing file, with the last piece held by a gate."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

from core.errors import (
    ErrorKind,
    RemoteError,
)
from core.media.probe import thumbnail
from core.media.specs import blocks, check
from core.media.spool import Spool, SpoolResetError, read_span
from core.media.spools import FitKey, Key
from core.platforms.base import (
    CommitBy,
    Session,
)
from core.posts.fits import Fit
from core.posts.measuring import Stage
from core.posts.models import (
    MediaFacts,
    WaitReason,
)
from core.posts.moves import STOPPABLE
from core.posts.records import dump
from utils.ffmpeg import FfmpegError
from workers.attempt import Attempt, FitLostError, HandedOverError, MisfitError
from workers.materials import Material

logger = logging.getLogger(__name__)


class Content(Attempt):
    """Gives the platform the bytes, and only those that are known to be allowed."""

    async def _choose_content(self) -> None:
        """Find out which file is sent: the one that came, or one that was made of it.

        Raises:
            HandedOverError: that is not there yet; who makes it goes on with the upload.
        """
        if self.upload.fit_id is None and self.upload.reason is not WaitReason.FIT:
            return
        posts, upload = self._deps.posts, self.upload
        if upload.state not in STOPPABLE or upload.intent_at is not None:
            self.fit = await posts.fit(upload.fit_id) if upload.fit_id else None
            return
        taken = await posts.take_fit(upload)
        self.upload, self.fit = taken.upload, taken.fit
        if taken.waits:
            await posts.end_attempt(self.upload, "waiting", "", "")
            raise HandedOverError

    def _key(self) -> Key:
        return self._post.id if self.fit is None else FitKey(self._post.id, self.fit.id)

    def _mark(self) -> str:
        """Return what names the content that is sent now; empty while it is not known."""
        if self.fit is not None:
            return self.fit.mark
        return self._deps.materials.get(self._post.id).mark

    def _material(self) -> Material:
        if self.fit is not None:
            return self._deps.materials.fitted(self.fit.id)
        return self._deps.materials.get(self._post.id)

    async def _fitted_spool(self, fit: Fit) -> Spool:
        key = FitKey(self._post.id, fit.id)
        spool = self._deps.spools.open_fitted(key, size=fit.size_bytes, sha256=fit.sha256)
        if spool is None:
            raise FitLostError
        material = self._deps.materials.fitted(fit.id)
        material.spool, material.facts, material.sha256 = spool, fit.facts, fit.sha256
        if self._platform.wants_thumbnail and material.thumbnail is None:
            material.thumbnail = await self._picture(spool)
        return spool

    async def _picture(self, spool: Spool) -> bytes | None:
        """Take a picture of a fitted file; one without is published all the same."""
        try:
            return await thumbnail(spool.path)
        except FfmpegError as error:
            logger.warning(
                "no picture of the video", extra={"post": self._post.id, "why": str(error)}
            )
            return None

    async def _spool(self) -> Spool:
        if self.fit is not None:
            return await self._fitted_spool(self.fit)
        material = self._deps.materials.get(self._post.id)
        if material.spool is None and material.failure is None:
            await self._deps.recall(self._post)
        if material.spool is None:
            self._run.progress()
        return await material.wait_spool()

    async def _body(
        self, spool: Spool, start: int, end: int, *, last: bool
    ) -> AsyncIterator[bytes | memoryview]:
        """Yield the bytes; the last piece of the file only after the gate."""
        gate = self._gate if last else None
        self._sent = 0
        session, total = self.session, self._require_job().size_bytes
        try:
            with self._deps.spools.use(self._key()):
                async with aclosing(read_span(spool, start, end, gate=gate)) as pieces:
                    self._stages.asks(grows=not spool.complete)
                    async for piece in pieces:
                        self._stages.came()
                        self._require_same_content(spool, session)
                        self._sent += len(piece)
                        self._stages.count(Stage.SEND, len(piece))
                        self._run.progress()
                        self._deps.progress.update(self.upload.id, start + self._sent, total)
                        yield piece
                        self._stages.asks(grows=not spool.complete)
        except Exception as error:
            self._body_error = error
            raise

    def _require_same_content(self, spool: Spool, session: Session) -> None:
        """See that what comes now continues what the session was made for.

        Raises:
            SpoolResetError: the source changed since.
        """
        mark = self._mark()
        is_other = bool(session.source and mark) and session.source != mark
        if is_other or spool.size not in {None, session.size_bytes}:
            raise SpoolResetError("the source changed")

    async def _gate(self) -> None:
        """Hold the last piece until the content is known and allowed."""
        await self._check_content()
        if self._platform.capabilities.commit is CommitBy.LAST_BYTES:
            await self._intend()

    async def _check_content(self) -> None:
        material = self._deps.materials.find(self._post.id)
        if self.fit is not None:
            facts = self.fit.facts
        elif material is not None:
            facts, _ = await material.wait_checked()
        else:
            facts = self._post.facts
        self._check_fit(facts)

    def _check_fit(self, facts: MediaFacts) -> None:
        """Send nothing that the platform would refuse.

        Raises:
            MisfitError: the file as it came does not fit; what follows is decided there.
            RemoteError: not even the fitted one does; the sentence is made of key and facts.
        """
        limits = self._platform.media_limits(self._require_job().access.options)
        for finding in blocks(check(facts, limits)):
            if self.fit is None:
                raise MisfitError(facts, limits)
            raise RemoteError(
                kind=ErrorKind.REJECTED, code=f"fit.{finding.key}", message=dump(finding.facts)
            )

    async def _intend(self) -> None:
        post = await self._deps.posts.require(self._post.id)
        material = self._deps.materials.find(post.id)
        sha256 = post.sha256 or (material.sha256 if material else "")
        if self.fit is not None:
            # The ledger knows content by the video that came, whatever was made of it.
            sha256 = self.fit.source
        self.committing = True
        self.upload, duplicate = await self._deps.posts.intend(self.upload, sha256=sha256)
        if duplicate is None:
            return
        self.committing = False
        where = duplicate.url or f"post {duplicate.post_id}"
        raise RemoteError(kind=ErrorKind.REJECTED, code="duplicate", message=where)

    async def _know_index(self) -> None:
        """Where the index must come first, begin nothing that would be thrown away.

        Of a file that has it first, that is known after its first bytes.
        """
        job, material = self._require_job(), self._deps.materials.find(self._post.id)
        limits = self._platform.media_limits(job.access.options)
        if not limits.index_first or self.fit is not None or material is None:
            return
        if job.facts.index_first is None:
            self.job = replace(job, facts=await material.wait_facts())

    async def _know_thumbnail(self, material: Material) -> None:
        """A form with a thumbnail can only be built when the picture is there."""
        if not self._platform.wants_thumbnail or material.facts is not None:
            self.job = replace(
                self._require_job(),
                thumbnail=material.thumbnail,
                facts=material.facts or self._require_job().facts,
            )
            return
        facts = await material.wait_facts()
        self.job = replace(self._require_job(), thumbnail=material.thumbnail, facts=facts)
