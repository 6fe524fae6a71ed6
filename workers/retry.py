"""What follows from a failed step: when to try again, or to give up."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.accounts.windows import window_end
from core.errors import CONSEQUENCES, TOKEN_SERVER, ErrorKind, RemoteError, UploadEffect
from core.posts.models import WaitReason

RATE_PAUSE = timedelta(seconds=60)
"""Pause after a rate limit when the remote names none.

Source: TikTok counts requests a minute (content-posting-api-reference-direct-post, 2026-08-24).
"""
ACCOUNT_RECHECK = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryRule:
    """How stubborn an upload is."""

    max_attempts: int
    base: timedelta
    cap: timedelta

    def backoff(self, attempts: int, rng: random.Random) -> timedelta:
        """Return the pause after that many counted attempts: doubled each time, with jitter."""
        seconds = min(
            self.base.total_seconds() * 2 ** min(attempts - 1, 30), self.cap.total_seconds()
        )
        return timedelta(seconds=seconds * rng.uniform(0.5, 1.0))


MAX_RETRIES = "max_retries"
"""Key in the options of a wish: how often an upload is tried again; 0 for not at all."""


def rule_for(rule: RetryRule, options: Mapping[str, str]) -> RetryRule:
    """Return how stubborn an upload is whose post may say so itself."""
    asked = options.get(MAX_RETRIES, "")
    return replace(rule, max_attempts=int(asked) + 1) if asked.isdigit() else rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What happens next: give up, or wait for a reason until a time."""

    give_up: bool
    attempts: int
    reason: WaitReason | None = None
    until_at: datetime | None = None
    restart: bool = False
    """Open a new remote session."""


def decide(
    error: RemoteError, *, attempts: int, rule: RetryRule, now: datetime, rng: random.Random
) -> Decision:
    """Return what follows for an upload with so many counted attempts before this one.

    ``REFRESH``, ``HOLD`` and ``ASK`` are carried out by the caller; here they only get a time.
    """
    consequence = CONSEQUENCES[error.kind]
    counts = consequence.counts and error.code != TOKEN_SERVER
    counted = attempts + 1 if counts else attempts
    wait = error.retry_after
    if consequence.effect is UploadEffect.FAIL or counted >= rule.max_attempts:
        return Decision(give_up=True, attempts=counted)
    if consequence.effect in {UploadEffect.BACKOFF, UploadEffect.RESTART}:
        pause = max(wait or timedelta(0), rule.backoff(max(counted, 1), rng))
        return Decision(
            give_up=False,
            attempts=counted,
            reason=WaitReason.RETRY,
            until_at=now + pause,
            restart=consequence.effect is UploadEffect.RESTART,
        )
    if error.kind is ErrorKind.QUOTA_EXHAUSTED:
        until = now + wait if wait else window_end(now)
        return Decision(give_up=False, attempts=counted, reason=WaitReason.QUOTA, until_at=until)
    if consequence.effect is UploadEffect.HOLD:
        return Decision(
            give_up=False,
            attempts=counted,
            reason=WaitReason.ACCOUNT,
            until_at=now + ACCOUNT_RECHECK,
        )
    return Decision(
        give_up=False,
        attempts=counted,
        reason=WaitReason.COOLDOWN,
        until_at=now + (wait or RATE_PAUSE),
    )
