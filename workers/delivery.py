"""Walks an upload through the steps of its platform, resumes, and never guesses."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePath
from typing import Any

from core.accounts.rules import STATUS
from core.errors import (
    ErrorKind,
    RemoteError,
)
from core.platforms.base import (
    Job,
    Operation,
    PollRule,
    Session,
    StageBy,
    Step,
    Work,
)
from core.platforms.fitting import fit_text
from core.posts.asking import wanted_options, wanted_privacy, with_tags
from core.posts.measuring import Stage
from core.posts.models import (
    Post,
    Privacy,
    UploadState,
    WaitReason,
)
from core.posts.staging import TOGETHER, Verdict, goes_together
from core.posts.timing import publish_at, starts_at
from workers.attempt import (
    ASK_LIMIT,
    HandedOverError,
    LeftError,
    PauseError,
)
from workers.content import Content
from workers.failing import REFRESHED, Failing

logger = logging.getLogger(__name__)

ASKING = frozenset({"polls", "since"})
"""What a session keeps of the questions to a platform: how many, since when (seconds)."""
SLOW_POLL_SECONDS = 3600.0
"""Pause between questions to a platform that has been processing for hours."""


class Delivery(Content, Failing):
    """One attempt of one upload."""

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
        await self._choose_content()
        if not self.session.size_bytes:
            with self._stages.waiting("media"):
                spool = await self._spool()
                if spool.size is None:
                    await spool.wait_size()
            size = spool.size
            if size is None:
                raise AssertionError("the size was waited for")
            session = Session(size_bytes=size, source=self._mark())
            await self._save(session=session.to_dict(), size_bytes=size)
        self.job = await self._build_job()

    async def _build_job(self) -> Job:
        post = await self._deps.posts.require(self._post.id)
        with self._stages.waiting("text"):
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
        if self.fit is not None:
            material, facts = self._deps.materials.fitted(self.fit.id), self.fit.facts
        return Job(
            upload_id=self.upload.id,
            access=access,
            endpoints=self._deps.endpoints,
            text=fit_text(with_tags(post.text, defaults), capabilities.text, options),
            privacy=self._privacy_now(post, defaults),
            privacy_asked=post.wish.privacy is not None or bool(defaults.get("privacy")),
            facts=facts,
            size_bytes=self.session.size_bytes,
            filename=self._filename(post),
            content_type=facts.mime_type or "video/mp4",
            thumbnail=material.thumbnail if material else None,
            options={**access.options, **options},
            publish_at=self._publish_at(post, defaults),
        )

    def _filename(self, post: Post) -> str:
        name = str(post.source.get("filename") or f"video-{post.id}.mp4")
        return name if self.fit is None else f"{PurePath(name).stem or 'video'}.mp4"

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
        self._note_resume(session)
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

    def _note_resume(self, session: Session) -> None:
        """Count what need not be sent again, where something was sent before."""
        is_whole = session.step in {Step.STATUS, Step.DONE}
        kept = session.size_bytes if is_whole else session.offset
        if self.session.step is Step.PARTS and (kept or self.upload.bytes_sent):
            self._stages.count(Stage.RESUME, kept)

    async def _begin(self) -> None:
        await self._know_index()
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
        await self._charge(Operation.VISIBILITY)
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
            await self._know_thumbnail(self._material())
        request = self._platform.build_part(self.session, self._require_job(), span)
        body = self._body(spool, span.start, span.end, last=last)
        response = await self._send(request, body)
        session = self._platform.read_part(self.session, job, span, response)
        await self._advanced(_answered(session))

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
        data = {key: value for key, value in session.data.items() if key not in ASKING}
        session = replace(session, data=data)
        self.tell_stages()
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
        await self._charge(STATUS)
        response = await self._send(self._platform.build_status(self.session, job))
        session = self._platform.read_status(self.session, job, response)
        session = _answered(session)
        if not session.pending:
            await self._save(session=session.to_dict())
            return
        polls = int(session.data.get("polls", 0)) + 1
        since = session.data.get("since") or self._deps.clock.now().timestamp()
        session = replace(session, data={**session.data, "polls": polls, "since": since})
        rule = self._platform.capabilities.polls
        pause = min(rule.max_seconds, rule.first_seconds * rule.factor ** min(polls - 1, 50))
        if self._asked_for_long(session, rule):
            pause = SLOW_POLL_SECONDS
        until = self._deps.clock.now() + timedelta(seconds=pause)
        state = self.upload.state
        if state in {UploadState.UPLOADING, UploadState.COMMITTING}:
            state = UploadState.WAITING
        reason = WaitReason.PLATFORM if state is UploadState.WAITING else None
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

    async def _charge(self, action: str) -> None:
        """Where questions and changes cost units: make them only while there are some."""
        lack = await self._deps.posts.charge(self.upload, action)
        if lack is not None:
            self.upload = await self._deps.posts.save(self.upload, until_at=lack.until_at)
            raise PauseError(lack.until_at)

    def _asked_for_long(self, session: Session, rule: PollRule) -> bool:
        first = datetime.fromtimestamp(float(session.data["since"]), UTC)
        age = self._deps.clock.now() - first
        return age.total_seconds() > rule.give_up_seconds

    async def _finish(self) -> None:
        session = self.session
        self.tell_stages()
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


def _answered(session: Session) -> Session:
    """The token served: only refusals in a row, without any progress, need the owner."""
    data = {key: value for key, value in session.data.items() if key != REFRESHED}
    return session if data == session.data else replace(session, data=data)
