"""Walks an upload through its platform's steps: paces, resumes, records, and never guesses.

One run of the handler is one attempt. Before the irreversible step the intent is committed; when
its answer is lost the platform is asked before anything is sent again, and where it cannot be
asked a person decides.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.accounts.book import AccountBook
from core.accounts.rotation import Rotation
from core.accounts.rules import STATUS
from core.errors import (
    CONSEQUENCES,
    ErrorKind,
    LostFenceError,
    RemoteError,
    SourceError,
    TransitionError,
    UploadEffect,
)
from core.media.specs import blocks, check
from core.media.spool import Spool, SpoolFailedError, SpoolResetError, read_span
from core.media.spools import Spools
from core.platforms.base import (
    CommitBy,
    Job,
    Operation,
    Platform,
    PollRule,
    Session,
    StageBy,
    Step,
    Work,
)
from core.platforms.fitting import fit_text
from core.ports import Defer, LostAnswerError, NotSentError, Run, Transport
from core.posts.asking import wanted_options, wanted_privacy, with_tags
from core.posts.models import (
    UPLOAD_FINAL,
    MediaFacts,
    Post,
    Privacy,
    Upload,
    UploadState,
    WaitReason,
)
from core.posts.moves import STOPPABLE
from core.posts.records import dump
from core.posts.repository import Posts
from core.posts.staging import TOGETHER, Verdict, goes_together
from core.posts.timing import publish_at, starts_at
from core.progress import Progress
from utils.clock import Clock
from utils.http import Request, Response, redact
from workers.gauge import Gauge
from workers.materials import Material, Materials
from workers.pacing import Pacing
from workers.retry import ACCOUNT_RECHECK, Decision, RetryRule, decide

logger = logging.getLogger(__name__)

STOP_CHECK_SECONDS = 0.25
PAUSED = "paused"
"""Code of an upload that waits for an account which a person paused."""
CERTAIN = frozenset(
    {
        ErrorKind.REJECTED,
        ErrorKind.RATE_LIMITED,
        ErrorKind.QUOTA_EXHAUSTED,
        ErrorKind.AUTH_EXPIRED,
        ErrorKind.AUTH_REVOKED,
    }
)
"""Kinds of an answer that says: the irreversible step was not taken."""
SLOW_POLL_SECONDS = 3600.0
"""Pause between questions to a platform that has been processing for hours."""
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
            self._deps.progress.forget(upload.id)
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
        except SourceError as error:
            await delivery.source_failed(error)
        except SpoolFailedError as error:
            await delivery.source_failed(error.cause)
        except SpoolResetError as error:
            await delivery.restart_bytes(str(error))
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


def _first(group: BaseExceptionGroup[Exception]) -> Exception:
    for error in group.exceptions:
        return _first(error) if isinstance(error, BaseExceptionGroup) else error
    raise AssertionError("a group is never empty")


class Delivery:
    """One attempt of one upload."""

    def __init__(self, deps: UploadDeps, run: Run, post: Post, upload: Upload) -> None:
        self._deps = deps
        self._run = run
        self._post = post
        self._platform = deps.require_platform(upload.platform)
        self._body_error: Exception | None = None
        self._sent = 0
        self._reserved = False
        self.upload = upload
        self.committing = False
        self.job: Job | None = None

    # The walk

    async def walk(self) -> None:
        """Take steps until the upload has ended or has to wait."""
        await self._prepare()
        if self._needs_recovery():
            await self._recover()
        while self.session.step is not Step.DONE:
            self._run.progress()
            await self._step()
        await self._flip()
        await self._finish()

    @property
    def session(self) -> Session:
        return Session.from_dict(self.upload.session)

    async def _step(self) -> None:
        match self.session.step:
            case Step.BEGIN:
                await self._begin()
            case Step.PARTS:
                await self._part()
            case Step.READY | Step.STATUS:
                await self._ask()
            case Step.COMMIT:
                await self._commit()
            case Step.DONE:
                return

    async def _prepare(self) -> None:
        """Collect what the requests need: text, size, tokens."""
        await self._hold_paused()
        if not self.session.size_bytes:
            spool = await self._spool()
            if spool.size is None:
                await spool.wait_size()
            size = spool.size
            if size is None:
                raise AssertionError("the size was waited for")
            mark = self._deps.materials.get(self._post.id).mark
            session = Session(size_bytes=size, source=mark)
            await self._save(session=session.to_dict(), size_bytes=size)
        self.job = await self._build_job()

    async def _build_job(self) -> Job:
        post = await self._deps.posts.require(self._post.id)
        while post.text is None:
            await self._deps.clock.sleep(0.05)
            post = await self._deps.posts.require(self._post.id)
            self._run.progress()
        self._post = post
        access = await self._deps.book.access(self.upload.account_id)
        account = await self._deps.book.get(self.upload.account_id)
        defaults = account.defaults if account else {}
        options = wanted_options(post.wish, defaults)
        capabilities = self._platform.capabilities
        material = self._deps.materials.find(post.id)
        facts = material.facts if material and material.facts else post.facts
        return Job(
            upload_id=self.upload.id,
            access=access,
            endpoints=self._deps.endpoints,
            text=fit_text(with_tags(post.text, defaults), capabilities.text, options),
            privacy=self._privacy_now(post, defaults),
            privacy_asked=post.wish.privacy is not None or bool(defaults.get("privacy")),
            facts=facts,
            size_bytes=self.session.size_bytes,
            filename=str(post.source.get("filename") or f"video-{post.id}.mp4"),
            content_type=facts.mime_type or "video/mp4",
            thumbnail=material.thumbnail if material else None,
            options={**access.options, **options},
            publish_at=self._publish_at(post, defaults),
        )

    def _privacy_now(self, post: Post, defaults: Mapping[str, Any]) -> Privacy:
        """Return as what it is published: hidden where it is flipped together with others."""
        if self._flips(post):
            return Privacy.PRIVATE
        return wanted_privacy(post.wish, defaults, self._platform.capabilities)

    def _publish_at(self, post: Post, defaults: Mapping[str, Any]) -> datetime | None:
        """Return when the platform shall publish; not where accounts keep a gap of ours."""
        if self.upload.not_before is not None:
            return None
        now = self._deps.clock.now()
        return publish_at(post.wish, defaults, self._platform.capabilities, now)

    def _flips(self, post: Post) -> bool:
        by_privacy = self._platform.capabilities.stage is StageBy.PRIVACY
        return by_privacy and goes_together(post.wish)

    def _require_job(self) -> Job:
        if self.job is None:
            raise AssertionError("_prepare comes first")
        return self.job

    # Recovery of a lost position

    def _needs_recovery(self) -> bool:
        if self.upload.intent_at is not None or self.upload.state is UploadState.UNKNOWN:
            return True
        return self.session.step is Step.PARTS and self._platform.capabilities.parts.resumable

    async def _recover(self) -> None:
        """T6: ask the remote where we are; nothing is sent before it has answered."""
        intended = self.upload.intent_at is not None
        if intended and not self._platform.capabilities.askable:
            await self._ask_person("nobody can tell whether it was published")
            raise PauseError(self._deps.clock.now() + ASK_LIMIT)
        job = self._require_job()
        try:
            response = await self._send(self._platform.build_recover(self.session, job))
            session = self._platform.read_recover(self.session, job, response)
        except RemoteError as error:
            if not intended or error.kind in {ErrorKind.AUTH_EXPIRED, ErrorKind.AUTH_REVOKED}:
                raise
            await self._still_unknown(error)
            return
        await self._recovered(session, intended=intended)

    async def _recovered(self, session: Session, *, intended: bool) -> None:
        if session.step in {Step.STATUS, Step.DONE}:
            if self.upload.state is not UploadState.PROCESSING:
                await self._become(UploadState.PROCESSING, session, intent_at=None)
            return
        changes: dict[str, Any] = {"intent_at": None} if intended else {}
        offset = session.offset
        if offset > self.upload.confirmed_bytes:
            changes["attempts"] = 0
        event = "upload_resumed" if offset else ""
        await self._become(
            UploadState.UPLOADING,
            session,
            confirmed_bytes=offset,
            resumed_from=max(offset, self.upload.resumed_from),
            event=event,
            **changes,
        )

    async def _still_unknown(self, error: RemoteError) -> None:
        """The question was not answered: ask again later, at last let a person decide."""
        now = self._deps.clock.now()
        since = self.upload.intent_at or now
        lost = error.kind is ErrorKind.SESSION_LOST
        if lost and not self._platform.capabilities.lost_session_may_be_live:
            raise error
        if error.kind is ErrorKind.REJECTED:
            raise error
        if lost or now - since > ASK_LIMIT:
            await self._ask_person(error.message)
            raise PauseError(now + ASK_LIMIT)
        pause = min(60.0, max(ASK_AGAIN_SECONDS, (now - since).total_seconds() / 2))
        until = now + timedelta(seconds=pause)
        await self._unknown(WaitReason.PLATFORM, until, error)
        raise PauseError(until)

    async def _unknown(
        self, reason: WaitReason, until: datetime | None, error: RemoteError
    ) -> None:
        self.upload = await self._deps.posts.save(
            self.upload,
            UploadState.UNKNOWN,
            reason=reason,
            until_at=until,
            error_kind=ErrorKind.UNKNOWN_OUTCOME.value,
            error_text=error.message,
            error_code=error.code,
        )

    async def _ask_person(self, why: str) -> None:
        error = RemoteError(kind=ErrorKind.UNKNOWN_OUTCOME, message=why)
        await self._unknown(WaitReason.PERSON, None, error)
        await self._deps.posts.end_attempt(self.upload, "unknown", error.kind.value, why)

    # Steps of the protocol

    async def _begin(self) -> None:
        job = self._require_job()
        self._check_fit(job.facts)
        if self.session.stage == "" and self.upload.state is UploadState.WAITING:
            await self._pace()
        counted = self._platform.counts_begin(self.session, job)
        if not self._reserved:
            await self._reserve(counted=counted)
        elif counted:
            await self._deps.posts.count_begin(self.upload)
        response = await self._send(self._platform.build_begin(self.session, job))
        session = self._platform.read_begin(self.session, job, response)
        opened = session.step is not Step.BEGIN
        await self._save(
            session=session.to_dict(),
            remote_id=session.remote_id,
            event="session_opened" if opened else "",
        )

    async def _reserve(self, *, counted: bool) -> None:
        """Take units of every quota; without them another account of the group, or wait."""
        posts, alone = self._deps.posts, self.upload.group_id is None
        await self._deps.gauge.ask(self._platform, self._require_job(), self.upload)
        if self.upload.state is UploadState.UNKNOWN:
            await self._wait(WaitReason.TURN, None, "", kind="")
        action = self._platform.quota_action(self._require_job())
        self.upload, lack = await posts.reserve(
            self.upload, action=action, counted=counted, wait=alone
        )
        if lack is not None and not alone:
            await self._move_on(lack.until_at, "choice_quota")
            self.upload, lack = await posts.reserve(self.upload, action=action, counted=counted)
        if lack is not None:
            raise PauseError(lack.until_at)
        self._reserved = True

    async def _pace(self) -> None:
        """Wait for a time, or rest with the account, unless another one of its group is ready."""
        pause = await self._deps.pacing.before(
            self._post, self.upload, self._platform.capabilities
        )
        if pause is None:
            return
        if pause.reason is WaitReason.COOLDOWN:
            await self._move_on(pause.until, pause.why)
        await self._wait(pause.reason, pause.until, pause.why, kind="", error_code=pause.why)
        raise PauseError(pause.until)

    async def _move_on(self, until: datetime, why: str) -> None:
        if await self._deps.pacing.move_on(self.upload, until, why):
            raise HandedOverError

    async def _gather(self, by: StageBy) -> None:
        """In a staged go-live: wait here for the others and for the time."""
        if self._platform.capabilities.stage is not by or not goes_together(self._post.wish):
            return
        staged = await self._deps.posts.stage(self.upload)
        self.upload = staged.upload
        match staged.verdict:
            case Verdict.GO:
                return
            case Verdict.STAY if by is StageBy.PRIVACY:
                return
            case Verdict.STAY:
                self.upload = await self._deps.posts.save(
                    self.upload, UploadState.CANCELLED, event="cancelled"
                )
                raise LeftError
            case _:
                raise PauseError(staged.until or self._deps.clock.now() + ASK_LIMIT)

    async def _flip(self) -> None:
        """Make seen what was published hidden, at the minute of all others."""
        if not self._flips(self._post):
            return
        await self._gather(StageBy.PRIVACY)
        post = await self._deps.posts.require(self._post.id)
        account = await self._deps.book.get(self.upload.account_id)
        defaults = account.defaults if account else {}
        wanted = wanted_privacy(post.wish, defaults, self._platform.capabilities)
        if post.wish.options.get(TOGETHER) == "stay" or wanted is Privacy.PRIVATE:
            return
        session, job = self.session, self._require_job()
        work = Work(
            operation=Operation.VISIBILITY,
            media_id=session.media_id or session.remote_id,
            session=session.to_dict(),
            changes={"privacy": wanted.value},
        )
        while not work.done:
            response = await self._send(self._platform.build_operation(work, job))
            work = self._platform.read_operation(work, job, response)
        await self._save(session=replace(session, visibility=wanted.value).to_dict())

    async def _part(self) -> None:
        job = self._require_job()
        span = self._platform.next_span(self.session, job)
        if span.end == job.size_bytes:
            await self._gather(StageBy.LAST_PART)
        spool = await self._spool()
        self._require_same_content(spool, self.session)
        await self._become(UploadState.UPLOADING, self.session)
        last = span.end == job.size_bytes
        if last:
            material = self._deps.materials.get(self._post.id)
            await self._know_thumbnail(material)
        request = self._platform.build_part(self.session, self._require_job(), span)
        body = self._body(spool, span.start, span.end, last=last)
        response = await self._send(request, body)
        session = self._platform.read_part(self.session, job, span, response)
        await self._advanced(session)

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

    async def _advanced(self, session: Session) -> None:
        changes: dict[str, Any] = {
            "confirmed_bytes": session.offset,
            "bytes_sent": self.upload.bytes_sent + self._take_sent(),
            "attempts": 0
            if session.offset > self.upload.confirmed_bytes
            else self.upload.attempts,
        }
        committed = session.step in {Step.STATUS, Step.DONE}
        if committed:
            await self._committed(session, changes)
            return
        if self.upload.intent_at is not None:
            # The remote wants more bytes after what was meant to be the last one.
            self.committing = False
            await self._become(UploadState.UPLOADING, session, intent_at=None, **changes)
            return
        await self._save(session=session.to_dict(), **changes)

    async def _committed(self, session: Session, changes: dict[str, Any]) -> None:
        self.committing = False
        data = {key: value for key, value in session.data.items() if key != "polls"}
        session = replace(session, data=data)
        await self._become(
            UploadState.PROCESSING, session, intent_at=None, event="committed", **changes
        )
        await self._deps.posts.end_attempt(self.upload, "processing", "", "")

    async def _commit(self) -> None:
        job = self._require_job()
        await self._gather(StageBy.COMMIT)
        await self._keep_time()
        await self._check_content()
        await self._intend()
        response = await self._send(self._platform.build_commit(self.session, job))
        session = self._platform.read_commit(self.session, job, response)
        if session.step in {Step.STATUS, Step.DONE}:
            await self._committed(session, {})
            return
        self.committing = False
        await self._become(UploadState.UPLOADING, session, intent_at=None)

    async def _keep_time(self) -> None:
        """The time is too near for the platform's own schedule: publish it ourselves, then."""
        account = await self._deps.book.get(self.upload.account_id)
        defaults = account.defaults if account else {}
        now, limits = self._deps.clock.now(), self._platform.capabilities
        if goes_together(self._post.wish):
            return
        if (at := starts_at(self._post.wish, defaults, limits, now)) is not None:
            await self._wait(WaitReason.TIME, at, "", kind="")
            raise PauseError(at)

    async def _ask(self) -> None:
        """Ask once; wait while the platform works."""
        job = self._require_job()
        await self._count_question()
        response = await self._send(self._platform.build_status(self.session, job))
        session = self._platform.read_status(self.session, job, response)
        if not session.pending:
            await self._save(session=session.to_dict())
            return
        polls = int(session.data.get("polls", 0)) + 1
        session = replace(session, data={**session.data, "polls": polls})
        rule = self._platform.capabilities.polls
        pause = min(rule.max_seconds, rule.first_seconds * rule.factor ** min(polls - 1, 50))
        if self._asked_for_long(rule):
            pause = SLOW_POLL_SECONDS
        until = self._deps.clock.now() + timedelta(seconds=pause)
        due = _due_at(session)
        if due is not None and due > until:
            until = due
        state = self.upload.state
        if state in {UploadState.UPLOADING, UploadState.COMMITTING}:
            state = UploadState.WAITING
        reason = WaitReason.PLATFORM if state is UploadState.WAITING else None
        if due == until:
            reason = WaitReason.TIME
        moved: dict[str, Any] = {
            "session": session.to_dict(),
            "until_at": until,
            "reason": reason,
        }
        if polls == 1:
            self.upload = await self._deps.posts.hand_over(self.upload, state, **moved)
            raise HandedOverError
        self.upload = await self._deps.posts.save(self.upload, state, **moved)
        raise PauseError(until)

    async def _count_question(self) -> None:
        """Where questions cost units: ask only while there are some."""
        lack = await self._deps.posts.charge(self.upload, STATUS)
        if lack is not None:
            self.upload = await self._deps.posts.save(self.upload, until_at=lack.until_at)
            raise PauseError(lack.until_at)

    def _asked_for_long(self, rule: PollRule) -> bool:
        started = _due_at(self.session) or self.upload.started_at or self._deps.clock.now()
        age = self._deps.clock.now() - started
        return age.total_seconds() > rule.give_up_seconds

    async def _finish(self) -> None:
        session = self.session
        self.upload = await self._deps.posts.save(
            self.upload,
            UploadState.LIVE,
            intent_at=None,
            remote_id=session.media_id or session.remote_id,
            url=self._platform.public_url(session, self._require_job()),
            visibility=session.visibility,
            error_kind="",
            error_text="",
            error_code="",
            confirmed_bytes=session.size_bytes,
        )
        logger.info(
            "upload live", extra={"upload": self.upload.id, "platform": self.upload.platform}
        )

    # Bytes of the content

    def watermark(self) -> int:
        """Return how much of the content is there: while it grows, waiting is progress."""
        material = self._deps.materials.find(self._post.id)
        return material.spool.watermark if material and material.spool else 0

    async def _spool(self) -> Spool:
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
            with self._deps.spools.use(self._post.id):
                async with aclosing(read_span(spool, start, end, gate=gate)) as pieces:
                    async for piece in pieces:
                        self._require_same_content(spool, session)
                        self._sent += len(piece)
                        self._run.progress()
                        self._deps.progress.update(self.upload.id, start + self._sent, total)
                        yield piece
        except Exception as error:
            self._body_error = error
            raise

    def _require_same_content(self, spool: Spool, session: Session) -> None:
        """See that what comes now continues what the session was made for.

        Raises:
            SpoolResetError: the source changed since.
        """
        mark = self._deps.materials.get(self._post.id).mark
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
        if material is not None:
            facts, _ = await material.wait_checked()
        else:
            facts = self._post.facts
        self._check_fit(facts)

    def _check_fit(self, facts: MediaFacts) -> None:
        """Refuse what the platform would refuse; the sentence is made of key and facts."""
        limits = self._platform.media_limits(self._require_job().access.options)
        for finding in blocks(check(facts, limits)):
            raise RemoteError(
                kind=ErrorKind.REJECTED, code=f"fit.{finding.key}", message=dump(finding.facts)
            )

    async def _intend(self) -> None:
        post = await self._deps.posts.require(self._post.id)
        material = self._deps.materials.find(post.id)
        sha256 = post.sha256 or (material.sha256 if material else "")
        self.committing = True
        self.upload, duplicate = await self._deps.posts.intend(self.upload, sha256=sha256)
        if duplicate is None:
            return
        self.committing = False
        where = duplicate.url or f"post {duplicate.post_id}"
        raise RemoteError(kind=ErrorKind.REJECTED, code="duplicate", message=where)

    def _take_sent(self) -> int:
        sent, self._sent = self._sent, 0
        return sent

    # Sending

    async def _send(
        self, request: Request, body: AsyncIterator[bytes | memoryview] | None = None
    ) -> Response:
        self._body_error = None
        if request.span is not None:
            # Megabytes may still wait in the kernel when the last byte was handed over.
            request = replace(request, timeout_seconds=max(request.timeout_seconds, 120.0))
        try:
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

    # What follows from failures

    async def failed(self, error: RemoteError) -> None:
        """Carry out what the error's kind demands."""
        error.message = redact(error.message)
        logger.info(
            "upload step failed",
            extra={
                "upload": self.upload.id,
                "platform": self.upload.platform,
                "kind": error.kind.value,
                "code": error.code,
            },
        )
        await self._keep_sent()
        if self.upload.intent_at is not None and error.kind not in CERTAIN:
            await self._outcome_lost(error)
        effect = CONSEQUENCES[error.kind].effect
        if effect is UploadEffect.REFRESH and await self._refresh(error):
            return
        if effect is UploadEffect.ASK:
            error = replace_kind(error, ErrorKind.TRANSIENT)
        await self._decide(error)

    async def _outcome_lost(self, error: RemoteError) -> None:
        """The irreversible step may have been taken: ask, or let a person decide."""
        may_be_live = self._platform.capabilities.lost_session_may_be_live
        if error.kind is ErrorKind.SESSION_LOST and not may_be_live:
            return
        if not self._platform.capabilities.askable:
            await self._ask_person(error.message)
            raise PauseError(self._deps.clock.now() + ASK_LIMIT)
        pause = timedelta(seconds=ASK_AGAIN_SECONDS / 4)
        until = self._deps.clock.now() + max(pause, error.retry_after or pause)
        await self._unknown(WaitReason.PLATFORM, until, error)
        raise PauseError(until)

    async def _keep_sent(self) -> None:
        if self._sent:
            sent = self.upload.bytes_sent + self._take_sent()
            self.upload = await self._deps.posts.save(self.upload, bytes_sent=sent)

    async def _refresh(self, error: RemoteError) -> bool:
        """Renew the token once and go on; a second refusal means that the owner is needed."""
        token = self._require_job().access.access_token if self.job else ""
        refreshed = int(self.session.data.get("refreshed", 0))
        try:
            renewed = refreshed < 2 and await self._deps.book.refresh(
                self.upload.account_id, token
            )
        except RemoteError as refusal:
            if self._is_open_question() and refusal.kind not in CERTAIN:
                await self._outcome_lost(refusal)
            await self._decide(refusal)
            return True
        if not renewed:
            await self._decide(replace_kind(error, ErrorKind.AUTH_REVOKED))
            return True
        session = self.session
        session = replace(session, data={**session.data, "refreshed": refreshed + 1})
        until = self._deps.clock.now()
        await self._wait(
            WaitReason.RETRY, until, "token renewed", kind="", session=session.to_dict()
        )
        raise PauseError(until)

    async def _decide(self, error: RemoteError) -> None:
        decision = decide(
            error,
            attempts=self.upload.attempts,
            rule=self._deps.rule,
            now=self._deps.clock.now(),
            rng=self._deps.rng,
        )
        if CONSEQUENCES[error.kind].reconnect:
            await self._need_owner(error, decision)
        if decision.give_up:
            await self._give_up(error, decision)
            return
        if error.kind is ErrorKind.QUOTA_EXHAUSTED:
            decision = replace(decision, until_at=await self._exhausted(error))
        changes: dict[str, Any] = {"attempts": decision.attempts}
        if decision.restart:
            old = self.session
            fresh = Session(size_bytes=old.size_bytes, source=old.source)
            changes |= {"session": fresh.to_dict(), "confirmed_bytes": 0}
        if self.upload.state is UploadState.PROCESSING and not decision.restart:
            await self._keep_processing(error, decision)
        reason = decision.reason or WaitReason.RETRY
        if error.kind is ErrorKind.RATE_LIMITED and decision.until_at is not None:
            await self._deps.rotation.rest_until(self.upload.account_id, decision.until_at)
        await self._wait(
            reason,
            decision.until_at,
            error.message,
            kind=error.kind.value,
            error_code=error.code,
            intent_at=None,
            **changes,
        )
        await self._deps.posts.end_attempt(self.upload, "waiting", error.kind.value, error.message)
        raise PauseError(decision.until_at or self._deps.clock.now())

    async def _need_owner(self, error: RemoteError, decision: Decision) -> None:
        """The sign-in is refused: tell the owner once, and wait for the account."""
        token = self.job.access.access_token if self.job else ""
        why = error.message or error.code
        await self._deps.book.need_reconnect(self.upload.account_id, why, token=token)
        if self.upload.state is UploadState.PROCESSING:
            await self._keep_processing(error, decision)
        await self._wait_account(error)

    async def _wait_account(self, error: RemoteError) -> None:
        """Wait until the account can be used; at once again where it can be by now.

        An outcome that is not known stays so: it is asked for before anything is sent again.
        """
        until = self._deps.clock.now() + ACCOUNT_RECHECK
        if self._is_open_question():
            await self._unknown(WaitReason.ACCOUNT, until, error)
        else:
            await self._wait(
                WaitReason.ACCOUNT,
                until,
                error.message,
                kind=error.kind.value,
                error_code=error.code,
                intent_at=None,
            )
        await self._deps.posts.end_attempt(self.upload, "waiting", error.kind.value, error.message)
        account = await self._deps.book.get(self.upload.account_id)
        usable = account is not None and account.state == "ok"
        raise PauseError(self._deps.clock.now() if usable else until)

    def _is_open_question(self) -> bool:
        """Whether the outcome of an earlier irreversible step is still to be asked for."""
        return self.upload.intent_at is not None and not self.committing

    async def _hold_paused(self) -> None:
        """Begin nothing for an account that a person paused; what is there is still asked for."""
        if self.upload.state not in STOPPABLE or self.upload.intent_at is not None:
            return
        account = await self._deps.book.get(self.upload.account_id)
        if account is None or account.state != "paused":
            return
        until = self._deps.clock.now() + ACCOUNT_RECHECK
        await self._wait(WaitReason.ACCOUNT, until, "", kind="", error_code=PAUSED)
        fresh = await self._deps.book.get(self.upload.account_id)
        is_paused = fresh is not None and fresh.state == "paused"
        raise PauseError(until if is_paused else self._deps.clock.now())

    async def _exhausted(self, error: RemoteError) -> datetime:
        """The platform's own word: a quota is used up, for all that share it."""
        lack = await self._deps.posts.exhausted(self.upload, error)
        await self._deps.gauge.ask(
            self._platform, self._require_job(), self.upload, at_once=True
        )
        return lack.until_at

    async def _give_up(self, error: RemoteError, decision: Decision) -> None:
        await self._deps.posts.save(
            self.upload,
            UploadState.FAILED,
            attempts=decision.attempts,
            error_kind=error.kind.value,
            error_text=error.message,
            error_code=error.code,
            intent_at=None,
        )
        until = await self._deps.rotation.rest_after_failure(self.upload.account_id)
        if until is not None:
            logger.warning("account rests", extra={"account": self.upload.account_id})

    async def _keep_processing(self, error: RemoteError, decision: Decision) -> None:
        """A failed question changes nothing at the platform: stay and ask again."""
        until = decision.until_at or self._deps.clock.now() + timedelta(seconds=60)
        self.upload = await self._deps.posts.save(
            self.upload,
            UploadState.PROCESSING,
            until_at=until,
            error_kind=error.kind.value,
            error_text=error.message,
        )
        raise PauseError(until)

    async def source_failed(self, error: BaseException) -> None:
        """The content cannot be had (now); the ingest says why and what follows."""
        if not isinstance(error, SourceError) or error.retry:
            await self._wait(WaitReason.MEDIA, None, str(error), kind="")
            return
        await self._deps.posts.save(
            self.upload,
            UploadState.FAILED,
            error_kind="source",
            error_text=str(error.facts.get("message", "")),
            error_code=error.key,
            intent_at=None,
        )

    async def restart_bytes(self, why: str) -> None:
        """The spool started over with other content: so does the remote session."""
        until = self._deps.clock.now() + timedelta(seconds=1)
        await self._wait(
            WaitReason.RETRY,
            until,
            why,
            kind="transient",
            session={},
            confirmed_bytes=0,
            intent_at=None,
        )
        raise PauseError(until)

    async def stopped(self) -> None:
        """Checkpoint and leave: cancelled by a person, or taken up after a restart."""
        await self._keep_sent()
        if await self.cancel_if_wanted():
            return
        until = self._deps.clock.now()
        if self.upload.state is UploadState.UPLOADING:
            await self._wait(WaitReason.TURN, None, "", kind="")
        raise PauseError(until)

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

    # Saving

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


def replace_kind(error: RemoteError, kind: ErrorKind) -> RemoteError:
    return RemoteError(
        kind=kind,
        message=error.message,
        code=error.code,
        retry_after=error.retry_after,
        status=error.status,
    )


def _due_at(session: Session) -> datetime | None:
    """Return when a platform said that it will publish by itself."""
    due = session.data.get("due_at")
    return None if due is None else datetime.fromtimestamp(float(due), UTC)
