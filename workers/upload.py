"""Walks an upload through its platform's steps: paces, resumes, records, and never guesses.

One run of the handler is one attempt. Before the irreversible step the intent is committed; when
its answer is lost the platform is asked before anything is sent again, and where it cannot be
asked a person decides.
"""

from __future__ import annotations

import asyncio
import logging

from core.errors import (
    ErrorKind,
    LostFenceError,
    RemoteError,
    SourceError,
    TransitionError,
)
from core.media.spool import SpoolFailedError, SpoolResetError
from core.ports import Defer, Run
from core.posts.models import (
    UPLOAD_FINAL,
    UploadState,
    WaitReason,
)
from workers.attempt import (
    FitLostError,
    HandedOverError,
    LeftError,
    MisfitError,
    PauseError,
    StoppedError,
    UploadDeps,
)
from workers.delivery import Delivery

logger = logging.getLogger(__name__)

STOP_CHECK_SECONDS = 0.25
CONTENT_ERRORS = (MisfitError, FitLostError, SourceError, SpoolFailedError, SpoolResetError)
"""What may be the matter with the file that is sent."""


class Deliverer:
    """The handler of ``deliver`` tasks."""

    def __init__(self, deps: UploadDeps) -> None:
        self._deps = deps

    async def __call__(self, run: Run) -> None:
        """Make one attempt.

        Raises:
            Defer: to be called again at a time; the reason is saved with the upload.
        """
        _, _, generation = run.task.key.rpartition("#")
        try:
            upload = await self._deps.posts.start(
                int(run.task.args["upload_id"]), generation=int(generation)
            )
        except LostFenceError as error:
            logger.info("task left to its successor", extra={"why": str(error)})
            return
        if upload.state in UPLOAD_FINAL or upload.reason is WaitReason.PERSON:
            return
        post = await self._deps.posts.require(upload.post_id)
        delivery = Delivery(self._deps, run, post, upload)
        try:
            await self._guard(delivery, run)
        except PauseError as pause:
            await self._deps.posts.end_attempt(delivery.upload, "waiting", "", "")
            if not await delivery.cancel_if_wanted():
                raise Defer(pause.until) from None
        except HandedOverError:
            await self._deps.released(post.id)
            return
        except (LostFenceError, TransitionError) as error:
            if not await delivery.cancel_if_wanted():
                logger.info(
                    "upload left to others", extra={"upload": upload.id, "why": str(error)}
                )
                return
        finally:
            delivery.tell_stages()
            self._deps.progress.forget(upload.id)
        if delivery.upload.state is UploadState.WAITING:
            await self._deps.posts.end_attempt(delivery.upload, "waiting", "", "")
        if delivery.upload.state is not UploadState.UPLOADING:
            await self._deps.released(post.id)

    async def _guard(self, delivery: Delivery, run: Run) -> None:
        try:
            if await delivery.cancel_if_wanted():
                return
            await self._watched(delivery, run)
        except StoppedError:
            await delivery.stopped()
        except LeftError:
            logger.info("upload left out", extra={"upload": delivery.upload.id})
        except RemoteError as error:
            await delivery.failed(error)
        except CONTENT_ERRORS as error:
            await _content_failed(delivery, error)
        except (LostFenceError, TransitionError, PauseError, HandedOverError):
            raise
        except Exception as error:
            logger.exception("upload broke", extra={"upload": delivery.upload.id})
            await delivery.failed(
                RemoteError(kind=ErrorKind.BUG, message=f"internal error: {type(error).__name__}")
            )

    async def _watched(self, delivery: Delivery, run: Run) -> None:
        """Walk, and leave soon when told to stop (but never between intent and answer)."""
        try:
            async with asyncio.TaskGroup() as tasks:
                walk = tasks.create_task(delivery.walk())
                watch = tasks.create_task(self._watch(delivery, run, walk))
                walk.add_done_callback(lambda _: watch.cancel())
        except* Exception as group:  # noqa: BLE001 - handed on as it is
            raise _first(group) from None
        if walk.cancelled():
            raise StoppedError

    async def _watch(self, delivery: Delivery, run: Run, walk: asyncio.Task[None]) -> None:
        seen = -1
        while not walk.done():
            await asyncio.sleep(STOP_CHECK_SECONDS)
            if (mark := delivery.watermark()) != seen:
                seen = mark
                run.progress()
            if run.stopping() and not delivery.committing:
                walk.cancel()
                return


async def _content_failed(delivery: Delivery, error: Exception) -> None:
    match error:
        case MisfitError():
            await delivery.misfit(error)
        case FitLostError():
            await delivery.fit_lost()
        case SourceError() if delivery.fit is not None:
            await delivery.fit_lost()
        case SpoolFailedError():
            await delivery.source_failed(error.cause)
        case SpoolResetError():
            await delivery.restart_bytes(str(error))
        case _:
            await delivery.source_failed(error)


def _first(group: BaseExceptionGroup[Exception]) -> Exception:
    for error in group.exceptions:
        return _first(error) if isinstance(error, BaseExceptionGroup) else error
    raise AssertionError("a group is never empty")
