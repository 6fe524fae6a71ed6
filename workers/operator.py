"""Carries out what is to be done with live videos: the handler of ``operate`` tasks.

Each step's outcome is saved before the next one, so a kill at any point goes on where it was;
a request that was lost is made again, and what it finds done already counts as done.
"""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core.accounts.book import AccountBook
from core.accounts.quotas import upload_place
from core.errors import (
    CONSEQUENCES,
    ErrorKind,
    LostFenceError,
    RemoteError,
    SourceError,
    UploadEffect,
)
from core.media.spools import Spools
from core.platforms.base import Access, Capabilities, Job, Operation, Platform, Session, Work
from core.platforms.fitting import fit_text
from core.ports import Defer, LostAnswerError, NotSentError, Run, Source, Transport
from core.posts.asking import wanted_options, wanted_privacy, with_tags
from core.posts.describe import fall_back
from core.posts.models import UPLOAD_FINAL, Account, Post, PostText, Upload, UploadState
from core.posts.operations import GONE, UNSEEN, Operations, PlannedOperation
from core.posts.repository import Posts
from core.store.base import Store, Tx
from utils.clock import Clock
from utils.http import Request, Response, redact
from workers.attempt import replace_kind
from workers.retry import ACCOUNT_RECHECK, RetryRule, decide

logger = logging.getLogger(__name__)

NOT_YET = timedelta(hours=1)
"""How often an operation looks whether its upload is live, should the word of that be lost."""
REFRESHES = 2
LARGEST_FILE = 20 * 1024 * 1024
"""Source: core.telegram.org/bots/api, getFile, 2026-06-18: bots are handed no larger files."""
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
"""How JPEG and PNG begin. Source: ISO/IEC 10918-1, annex B; W3C PNG, section 5.2."""
WORDS = frozenset({"title", "description", "tags"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AftercareDeps:
    """What everything after publishing shares."""

    store: Store
    posts: Posts
    operations: Operations
    book: AccountBook
    transport: Transport
    spools: Spools
    clock: Clock
    rng: random.Random
    rule: RetryRule
    endpoints: Mapping[str, str]
    require_platform: Callable[[str], Platform]
    open_source: Callable[[Mapping[str, Any]], Source]
    timezone: str


Finish = Callable[[Tx, PlannedOperation, Upload, Mapping[str, Any]], Awaitable[None]]
"""What else follows from an operation that is done, in the commit that ends it."""
Figure = Callable[[Run, PlannedOperation], Awaitable[None]]


class Operator:
    """The handler of ``operate`` tasks."""

    def __init__(
        self, deps: AftercareDeps, finish: Mapping[Operation, Finish], figure: Figure
    ) -> None:
        self._deps = deps
        self._finish = finish
        self._figure = figure

    async def __call__(self, run: Run) -> None:
        """Carry one operation out.

        Raises:
            Defer: to be called again at a time; the reason is saved with the operation.
        """
        _, _, generation = run.task.key.rpartition("#")
        number = int(run.task.args["operation_id"])
        operation = await self._deps.operations.start(number, int(generation))
        if operation is None:
            return
        try:
            await self._carry_out(run, operation)
        except LostFenceError as error:
            logger.info("operation left to its successor", extra={"why": str(error)})

    async def _carry_out(self, run: Run, operation: PlannedOperation) -> None:
        if operation.kind is Operation.STATISTICS:
            await self._figure(run, operation)
            return
        upload = await self._deps.posts.require_upload(operation.upload_id)
        if upload.state is not UploadState.LIVE:
            await self._wait_live(operation, upload)
            return
        await Attempt(self._deps, run, operation, upload, self._finish).carry_out()

    async def _wait_live(self, operation: PlannedOperation, upload: Upload) -> None:
        if upload.state in UPLOAD_FINAL:
            async with self._deps.store.transaction() as tx:
                await self._deps.operations.settled(tx, upload)
            return
        until = self._deps.clock.now() + NOT_YET
        await self._deps.operations.save(operation, due_at=until)
        raise Defer(until)


class Attempt:
    """One try of one operation."""

    def __init__(
        self,
        deps: AftercareDeps,
        run: Run,
        operation: PlannedOperation,
        upload: Upload,
        finish: Mapping[Operation, Finish],
    ) -> None:
        self._deps = deps
        self._run = run
        self._operation = operation
        self._upload = upload
        self._finish = finish
        self._platform = deps.require_platform(upload.platform)
        self._token = ""

    async def carry_out(self) -> None:
        try:
            await self._done(await self._walk())
        except RemoteError as error:
            await self._failed(error)
        except SourceError as error:
            await self._failed(_of_source(error))
        except (LostFenceError, Defer):
            raise
        except Exception as error:
            logger.exception("operation broke", extra={"operation": self._operation.id})
            why = f"internal error: {type(error).__name__}"
            await self._failed(RemoteError(kind=ErrorKind.BUG, message=why))

    async def _walk(self) -> Work:
        access = await self._deps.book.access(self._upload.account_id)
        self._token = access.access_token
        post = await self._deps.posts.require(self._upload.post_id)
        account = await self._deps.book.get(self._upload.account_id)
        job = build_job(self._deps, post, self._upload, account, access)
        work = await self._work(job)
        if not work.media_id:
            raise RemoteError(kind=ErrorKind.REJECTED, code=UNSEEN, message="no address is known")
        asked_before = bool(self._operation.work.get("asked"))
        await charge(self._deps, self._upload, self._operation.kind)
        # From here on a request may have arrived, whatever is heard of it.
        await self._save(asked=True)
        while not work.done:
            self._run.progress()
            if self._run.stopping():
                raise Defer(self._deps.clock.now())
            work = await self._step(work, job, asked_before=asked_before)
        return work

    async def _work(self, job: Job) -> Work:
        operation, saved = self._operation, self._operation.work
        session = Session.from_dict(self._upload.session)
        return Work(
            operation=operation.kind,
            media_id=session.media_id or self._upload.remote_id,
            url=self._upload.url,
            session=self._upload.session,
            changes=fitted_changes(operation, job, self._platform.capabilities),
            body=await self._body(),
            stage=str(saved.get("stage", "")),
            data=saved.get("data", {}),
        )

    async def _body(self) -> bytes | None:
        """Return the picture or the captions that go along."""
        if not self._operation.file:
            return None
        body = await read_file(self._deps, self._operation.file)
        if self._operation.kind is Operation.THUMBNAIL and not body.startswith(PICTURES):
            raise RemoteError(
                kind=ErrorKind.REJECTED, code="no_picture", message="it is no JPEG or PNG"
            )
        return body

    async def _step(self, work: Work, job: Job, *, asked_before: bool) -> Work:
        request = self._platform.build_operation(work, job)
        response = await send(self._deps.transport, request)
        try:
            moved = self._platform.read_operation(work, job, response)
        except RemoteError as error:
            moved = _forgiven(work, error, asked_before=asked_before)
        await self._save(stage=moved.stage, data=dict(moved.data))
        return moved

    async def _done(self, work: Work) -> None:
        facts = dict(work.facts)
        self._operation = replace(self._operation, work={"facts": facts})
        kind, upload = self._operation.kind, self._upload
        async with self._deps.store.transaction() as tx:
            ended = await self._deps.operations.finish(tx, self._operation)
            if kind in self._finish:
                await self._finish[kind](tx, ended, upload, facts)
        logger.info("operation done", extra={"operation": ended.id, "what": kind.value})

    # What follows from failures

    async def _failed(self, error: RemoteError) -> None:
        error.message = redact(error.message)
        logger.info(
            "operation failed",
            extra={
                "operation": self._operation.id,
                "what": self._operation.kind.value,
                "kind": error.kind.value,
                "code": error.code,
            },
        )
        match CONSEQUENCES[error.kind].effect:
            case UploadEffect.REFRESH:
                await self._refresh(error)
            case UploadEffect.HOLD:
                await self._hold(error)
            case UploadEffect.ASK:
                await self._retry(replace_kind(error, ErrorKind.TRANSIENT))
            case _:
                await self._retry(error)

    async def _refresh(self, error: RemoteError) -> None:
        """Renew the token and go on; a second refusal means that the owner is needed."""
        refreshed = int(self._operation.work.get("refreshed", 0))
        try:
            renewed = refreshed < REFRESHES and await self._deps.book.refresh(
                self._upload.account_id, self._token
            )
        except RemoteError as refusal:
            await self._failed(refusal)
            return
        if not renewed:
            await self._hold(replace_kind(error, ErrorKind.AUTH_REVOKED))
        await self._save(refreshed=refreshed + 1)
        raise Defer(self._deps.clock.now())

    async def _hold(self, error: RemoteError) -> None:
        """Only its owner can help the account; then the sweep takes the operation up again."""
        await self._deps.book.need_reconnect(
            self._upload.account_id, error.message, token=self._token
        )
        until = self._deps.clock.now() + ACCOUNT_RECHECK
        self._operation = await self._deps.operations.save(self._operation, error, due_at=until)
        # Connected again before that was saved: nobody else would take it up at once.
        account = await self._deps.book.get(self._upload.account_id)
        usable = account is not None and account.state == "ok"
        raise Defer(self._deps.clock.now() if usable else until)

    async def _retry(self, error: RemoteError) -> None:
        decision = decide(
            error,
            attempts=self._operation.attempts,
            rule=self._deps.rule,
            now=self._deps.clock.now(),
            rng=self._deps.rng,
        )
        self._operation = replace(self._operation, attempts=decision.attempts)
        if decision.give_up or decision.until_at is None:
            await self._give_up(error)
            return
        if decision.restart:
            self._operation = replace(self._operation, work={})
        await self._wait(error, decision.until_at)

    async def _wait(self, error: RemoteError, until: datetime) -> None:
        self._operation = await self._deps.operations.save(self._operation, error, due_at=until)
        raise Defer(until)

    async def _give_up(self, error: RemoteError) -> None:
        async with self._deps.store.transaction() as tx:
            await self._deps.operations.finish(tx, self._operation, error)
            if error.code == "gone":
                await self._deps.operations.absent(tx, self._upload.id, GONE)

    async def _save(self, **work: Any) -> None:
        self._operation = await self._deps.operations.save(
            self._operation, work={**self._operation.work, **work}
        )


def build_job(
    deps: AftercareDeps, post: Post, upload: Upload, account: Account | None, access: Access
) -> Job:
    """Return what the requests about a live video need."""
    platform = deps.require_platform(upload.platform)
    defaults = account.defaults if account else {}
    options = wanted_options(post.wish, defaults)
    words = with_tags(words_of(post), defaults)
    return Job(
        upload_id=upload.id,
        access=access,
        endpoints=deps.endpoints,
        text=fit_text(words, platform.capabilities.text, options),
        privacy=wanted_privacy(post.wish, defaults, platform.capabilities),
        facts=post.facts,
        size_bytes=upload.size_bytes or 0,
        filename=str(post.source.get("filename") or f"video-{post.id}.mp4"),
        content_type=post.facts.mime_type or "video/mp4",
        options={**access.options, **options},
    )


def words_of(post: Post) -> PostText:
    """Return the words of a post; without any yet, those that its caption makes."""
    return post.text or fall_back(post.wish, note="")


def fitted_changes(
    operation: PlannedOperation, job: Job, capabilities: Capabilities
) -> dict[str, Any]:
    """Return the changes as this platform takes them.

    Words are those of the post now, fitted: what was written last counts, and a title or tags
    stand in the description where the platform has no field for them.
    """
    changes = operation.changes
    if operation.kind is not Operation.EDIT:
        return dict(changes)
    fitted = {key: value for key, value in changes.items() if key not in WORDS}
    changed, limits, words = WORDS & set(changes), capabilities.text, job.text
    if "title" in changed and limits.title is not None:
        fitted["title"] = words.title
    if "tags" in changed and limits.tags_total is not None:
        fitted["tags"] = list(words.tags)
    if changed - set(fitted):
        fitted["description"] = words.description
    return fitted


async def charge(deps: AftercareDeps, upload: Upload, kind: Operation) -> None:
    """Count what an operation takes of the quotas.

    Raises:
        RemoteError: ``QUOTA_EXHAUSTED``, with the time to wait, when there is no room for it.
    """
    quotas = deps.posts.quotas
    if not quotas.book.costs(upload.platform, kind.value):
        return
    async with deps.store.transaction() as tx:
        shortage = await quotas.charge(tx, upload_place(upload), kind.value)
    if shortage is not None:
        raise RemoteError(
            kind=ErrorKind.QUOTA_EXHAUSTED,
            message=f"{shortage.rule.name}: {shortage.rule.limit} used",
            retry_after=shortage.until_at - deps.clock.now(),
        )


async def send(transport: Transport, request: Request) -> Response:
    """Send a request that may be made again.

    Raises:
        RemoteError: ``TRANSIENT`` when no answer came.
    """
    try:
        return await transport.send(request)
    except NotSentError as error:
        raise RemoteError(
            kind=ErrorKind.TRANSIENT, message="the platform cannot be reached"
        ) from error
    except LostAnswerError as error:
        raise RemoteError(kind=ErrorKind.TRANSIENT, message="the connection was lost") from error


async def read_file(deps: AftercareDeps, file: str) -> bytes:
    """Return the whole of a small file that a person sent.

    Raises:
        SourceError: it cannot be had.
        RemoteError: ``REJECTED`` when it is too large.
    """
    stream = await deps.open_source(json.loads(file)).open(0)
    body = bytearray()
    try:
        async for chunk in stream.chunks():
            body += chunk
            if len(body) > LARGEST_FILE:
                raise RemoteError(
                    kind=ErrorKind.REJECTED, code="too_big", message="it is larger than 20 MB"
                )
    finally:
        await stream.close()
    return bytes(body)


def _forgiven(work: Work, error: RemoteError, *, asked_before: bool) -> Work:
    """Return the work as done when the error says that an earlier, lost request did it.

    Raises:
        RemoteError: it says something else.
    """
    missing = error.kind is ErrorKind.REJECTED and error.status in {404, 410}
    gone = error.code == "gone" or missing
    if work.operation is Operation.DELETE and gone:
        return replace(work, done=True)
    if work.operation is Operation.CHECK and gone:
        return replace(work, done=True, facts={"there": False})
    if work.operation is Operation.CAPTIONS and error.status == 409 and asked_before:
        return replace(work, done=True)
    raise error


def _of_source(error: SourceError) -> RemoteError:
    kind = ErrorKind.TRANSIENT if error.retry else ErrorKind.REJECTED
    return RemoteError(kind=kind, code=f"source_{error.key}", message=error.key.replace("_", " "))
