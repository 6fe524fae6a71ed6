"""What follows from a failure of an upload: wait, ask, go on with a renewed token, or end."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from core.errors import (
    CONSEQUENCES,
    ErrorKind,
    RemoteError,
    SourceError,
    UploadEffect,
)
from core.platforms.base import (
    Session,
)
from core.posts.models import (
    UploadState,
    WaitReason,
)
from core.posts.moves import STOPPABLE
from core.posts.preflight import Verdict
from core.posts.records import dump
from utils.http import redact
from workers.attempt import (
    ASK_AGAIN_SECONDS,
    ASK_LIMIT,
    Attempt,
    MisfitError,
    PauseError,
    replace_kind,
)
from workers.retry import ACCOUNT_RECHECK, Decision, decide, rule_for

logger = logging.getLogger(__name__)

PAUSED = "paused"
"""Code of an upload that waits for an account which a person paused."""
REFRESHED = "refreshed"
"""What a session keeps of the renewals since a token served: how many."""
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


class Failing(Attempt):
    """Carries out what the kind of an error demands."""

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
        if self._account_is_gone(error) and self._may_be_out():
            await self._ask_person(error.message)
            raise PauseError(self._deps.clock.now() + ASK_LIMIT)
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

    async def _refresh(self, error: RemoteError) -> bool:
        """Renew the token once and go on; a second refusal means that the owner is needed."""
        token = self._require_job().access.access_token if self.job else ""
        refreshed = int(self.session.data.get(REFRESHED, 0))
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
        session = replace(session, data={**session.data, REFRESHED: refreshed + 1})
        until = self._deps.clock.now()
        await self._wait(
            WaitReason.RETRY, until, "token renewed", kind="", session=session.to_dict()
        )
        raise PauseError(until)

    async def _decide(self, error: RemoteError) -> None:
        decision = decide(
            error,
            attempts=self.upload.attempts,
            rule=rule_for(self._deps.rule, self._post.wish.options),
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
            changes |= {"session": fresh.to_dict(), "confirmed_bytes": 0, "staged_at": None}
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
            await self._keep_processing(error, decision, reason=WaitReason.ACCOUNT)
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
        raise PauseError(await self._usable_or(until))

    async def _usable_or(self, until: datetime) -> datetime:
        """Return now when the account was connected again meanwhile, else that time."""
        account = await self._deps.book.get(self.upload.account_id)
        usable = account is not None and account.state == "ok"
        return self._deps.clock.now() if usable else until

    def _account_is_gone(self, error: RemoteError) -> bool:
        """Whether there were no tokens to ask with: the account was disconnected."""
        return self.job is None and error.kind is ErrorKind.REJECTED

    def _may_be_out(self) -> bool:
        return self.upload.state is UploadState.PROCESSING or self._is_open_question()

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
        await self._deps.gauge.ask(self._platform, self._require_job(), self.upload, at_once=True)
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

    async def _keep_processing(
        self, error: RemoteError, decision: Decision, *, reason: WaitReason | None = None
    ) -> None:
        """A failed question changes nothing at the platform: stay and ask again."""
        until = decision.until_at or self._deps.clock.now() + timedelta(seconds=60)
        self.upload = await self._deps.posts.save(
            self.upload,
            UploadState.PROCESSING,
            reason=reason,
            until_at=until,
            error_kind=error.kind.value,
            error_text=error.message,
        )
        raise PauseError(await self._usable_or(until) if reason is not None else until)

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

    async def misfit(self, misfit: MisfitError) -> None:
        """The platform does not take the file as it came: have it fitted, ask, or fail."""
        await self._keep_sent()
        taken, judgement = await self._deps.posts.settle_fit(
            self.upload, misfit.facts, misfit.limits
        )
        self.upload = taken.upload
        if taken.waits:
            return
        if judgement.verdict is Verdict.GO:
            # More is known of the file since.
            await self.stopped()
        found = judgement.reason
        message = dump(found.facts)
        await self.failed(
            RemoteError(kind=ErrorKind.REJECTED, code=f"fit.{found.key}", message=message)
        )

    async def fit_lost(self) -> None:
        """Somebody took the fitted file away: it is made again."""
        await self._keep_sent()
        if self.fit is None:
            raise AssertionError("only a fitted file can be lost")
        self._deps.materials.drop_fitted(self.fit.id)
        self.upload = await self._deps.posts.lose_fit(self.upload, self.fit)
        await self._deps.posts.end_attempt(self.upload, "waiting", "", "")

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
            staged_at=None,
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
