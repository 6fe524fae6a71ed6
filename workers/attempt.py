"""One attempt of an upload: what it has, how it sends, and how it saves."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.accounts.book import AccountBook
from core.accounts.rotation import Rotation
from core.errors import (
    ErrorKind,
    LostFenceError,
    RemoteError,
    TransitionError,
)
from core.media.spools import Spools
from core.platforms.base import (
    Job,
    MediaLimits,
    Platform,
    Session,
)
from core.ports import LostAnswerError, NotSentError, Run, Transport
from core.posts.fits import Fit
from core.posts.models import (
    MediaFacts,
    Post,
    Upload,
    UploadState,
    WaitReason,
)
from core.posts.moves import STOPPABLE
from core.posts.repository import Posts
from core.progress import Progress
from utils.clock import Clock
from utils.http import Request, Response
from workers.gauge import Gauge
from workers.materials import Materials
from workers.pacing import Pacing
from workers.retry import RetryRule
from workers.stages import Stages

ASK_AGAIN_SECONDS = 2.0
ASK_LIMIT = timedelta(hours=6)
"""So long an unknown outcome is asked for; then a person decides."""


class PauseError(Exception):
    """The attempt ends well, to be taken up at a time; the upload is saved already."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until.isoformat())
        self.until = until


class LeftError(Exception):
    """The upload has ended without success and that is as it shall be."""


class HandedOverError(Exception):
    """Another task goes on with the upload."""


class MisfitError(Exception):
    """The platform would refuse the file as it came; nothing of it was committed."""

    def __init__(self, facts: MediaFacts, limits: MediaLimits) -> None:
        super().__init__("the file does not fit")
        self.facts = facts
        self.limits = limits


class FitLostError(Exception):
    """A fitted file that was ready is not on the disk any more."""


class StoppedError(Exception):
    """The engine or a person wants the attempt to leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadDeps:
    """What deliveries share."""

    posts: Posts
    book: AccountBook
    transport: Transport
    materials: Materials
    spools: Spools
    progress: Progress
    clock: Clock
    rng: random.Random
    rule: RetryRule
    endpoints: Mapping[str, str]
    require_platform: Callable[[str], Platform]
    recall: Callable[[Post], Any]
    """Make sure that the content is being fetched or lies on the disk (an ingest task)."""
    pacing: Pacing
    rotation: Rotation
    gauge: Gauge
    released: Callable[[int], Any]
    """Called when an upload of the post needs its bytes no more."""


class Attempt:
    """What every step of an attempt needs."""

    def __init__(self, deps: UploadDeps, run: Run, post: Post, upload: Upload) -> None:
        self._deps = deps
        self._run = run
        self._post = post
        self._platform = deps.require_platform(upload.platform)
        self._body_error: Exception | None = None
        self._sent = 0
        self._reserved = False
        self._stages = Stages(deps.clock)
        self.upload = upload
        self.committing = False
        self.job: Job | None = None
        self.fit: Fit | None = None
        """The fitted file that is sent; None for the one that came."""

    @property
    def session(self) -> Session:
        return Session.from_dict(self.upload.session)

    def _require_job(self) -> Job:
        if self.job is None:
            raise AssertionError("_prepare comes first")
        return self.job

    def watermark(self) -> int:
        """Return how much of the content is there: while it grows, waiting is progress."""
        if self.fit is not None:
            return self.fit.size_bytes
        material = self._deps.materials.find(self._post.id)
        return material.spool.watermark if material and material.spool else 0

    def _take_sent(self) -> int:
        sent, self._sent = self._sent, 0
        return sent

    async def _send(
        self, request: Request, body: AsyncIterator[bytes | memoryview] | None = None
    ) -> Response:
        self._body_error = None
        if request.span is not None:
            # Megabytes may still wait in the kernel when the last byte was handed over.
            request = replace(request, timeout_seconds=max(request.timeout_seconds, 120.0))
        try:
            with self._stages.request(request, self.session.step):
                response = await self._deps.transport.send(request, body)
        except NotSentError as error:
            raise RemoteError(
                kind=ErrorKind.TRANSIENT, message="the platform cannot be reached"
            ) from error
        except LostAnswerError as error:
            if self._body_error is not None:
                raise self._body_error from None
            kind = ErrorKind.UNKNOWN_OUTCOME if self.committing else ErrorKind.TRANSIENT
            raise RemoteError(kind=kind, message="the connection was lost") from error
        await self._deps.gauge.hear(self._platform, self.upload, response)
        return response

    async def _save(self, *, event: str = "", **changes: Any) -> None:
        self.upload = await self._deps.posts.save(self.upload, event=event, **changes)

    async def _become(
        self, state: UploadState, session: Session, *, event: str = "", **changes: Any
    ) -> None:
        """Enter a state; an unknown upload whose outcome became known first waits again."""
        if self.upload.state is state and not changes and session == self.session:
            return
        if self.upload.state is UploadState.UNKNOWN and state is UploadState.UPLOADING:
            await self._wait(WaitReason.TURN, None, "", kind="")
        self.upload = await self._deps.posts.save(
            self.upload,
            state,
            event=event,
            session=session.to_dict(),
            remote_id=session.remote_id or self.upload.remote_id,
            **changes,
        )

    async def _wait(
        self, reason: WaitReason, until: datetime | None, why: str, *, kind: str, **changes: Any
    ) -> None:
        changes.setdefault("error_code", "")
        self.upload = await self._deps.posts.save(
            self.upload,
            UploadState.WAITING,
            reason=reason,
            until_at=until,
            error_kind=kind,
            error_text=why,
            **changes,
        )

    def tell_stages(self) -> None:
        """Hand over what the attempt has spent so far; the next commit writes it."""
        self._stages.tell(self._deps.posts, self.upload)

    async def _keep_sent(self) -> None:
        self.tell_stages()
        if self._sent:
            sent = self.upload.bytes_sent + self._take_sent()
            self.upload = await self._deps.posts.save(self.upload, bytes_sent=sent)

    async def cancel_if_wanted(self) -> bool:
        """End the upload when a person wants that and nothing of it can be published."""
        fresh = await self._deps.posts.require_upload(self.upload.id)
        if not fresh.stop_wanted or fresh.intent_at is not None or fresh.state not in STOPPABLE:
            return False
        try:
            self.upload = await self._deps.posts.save(
                self.upload, UploadState.CANCELLED, event="cancelled"
            )
        except (LostFenceError, TransitionError):
            return False
        return True


def replace_kind(error: RemoteError, kind: ErrorKind) -> RemoteError:
    return RemoteError(
        kind=kind,
        message=error.message,
        code=error.code,
        retry_after=error.retry_after,
        status=error.status,
    )
