from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from core.accounts.windows import window_end
from core.errors import CONSEQUENCES, TOKEN_SERVER, ErrorKind, RemoteError, UploadEffect
from core.posts.models import WaitReason
from workers.retry import (
    ACCOUNT_RECHECK,
    MAX_RETRIES,
    RATE_PAUSE,
    Decision,
    RetryRule,
    decide,
    rule_for,
)

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
RULE = RetryRule(max_attempts=3, base=timedelta(seconds=4), cap=timedelta(seconds=60))


def follow(
    kind: ErrorKind, *, attempts: int = 0, retry_after: timedelta | None = None
) -> Decision:
    error = RemoteError(kind=kind, message="no", retry_after=retry_after)
    return decide(error, attempts=attempts, rule=RULE, now=NOW, rng=random.Random(7))


def pause(decision: Decision) -> timedelta:
    assert decision.until_at is not None
    return decision.until_at - NOW


@pytest.mark.parametrize("kind", ErrorKind)
def test_every_kind_ends_or_waits_for_a_reason_until_a_time(kind: ErrorKind) -> None:
    decision = follow(kind)
    if decision.give_up:
        assert CONSEQUENCES[kind].effect is UploadEffect.FAIL
        return
    assert decision.reason is not None
    assert pause(decision) > timedelta(0)


@pytest.mark.parametrize("kind", [ErrorKind.REJECTED, ErrorKind.BUG])
def test_what_cannot_get_better_ends_at_once(kind: ErrorKind) -> None:
    decision = follow(kind)
    assert decision.give_up
    assert decision.attempts == 1


@pytest.mark.parametrize(("attempts", "ends"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_counted_failure_ends_at_the_limit(attempts: int, ends: bool) -> None:
    decision = follow(ErrorKind.TRANSIENT, attempts=attempts)
    assert decision.give_up is ends
    assert decision.attempts == attempts + 1


@pytest.mark.parametrize(
    "kind", [kind for kind, consequence in CONSEQUENCES.items() if not consequence.counts]
)
def test_what_is_not_counted_never_uses_up_the_attempts(kind: ErrorKind) -> None:
    decision = follow(kind, attempts=2)
    assert not decision.give_up
    assert decision.attempts == 2


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 4), (2, 8), (3, 16), (5, 60), (999, 60)])
def test_pauses_double_up_to_a_limit_with_jitter(attempts: int, seconds: int) -> None:
    rng = random.Random(3)
    pauses = [RULE.backoff(attempts, rng).total_seconds() for _ in range(200)]
    assert seconds / 2 <= min(pauses) < max(pauses) <= seconds


def test_a_remote_that_names_a_time_is_not_asked_before_it() -> None:
    decision = follow(ErrorKind.TRANSIENT, retry_after=timedelta(minutes=10))
    assert pause(decision) == timedelta(minutes=10)
    assert decision.reason is WaitReason.RETRY


def test_a_remote_that_names_no_time_to_wait_is_not_hammered() -> None:
    decision = follow(ErrorKind.TRANSIENT, retry_after=timedelta(0))
    assert pause(decision) >= RULE.base / 2


def test_a_rate_limit_waits_as_long_as_it_says_or_a_minute() -> None:
    told = follow(ErrorKind.RATE_LIMITED, retry_after=timedelta(seconds=17))
    assert (told.reason, pause(told)) == (WaitReason.COOLDOWN, timedelta(seconds=17))
    assert pause(follow(ErrorKind.RATE_LIMITED)) == RATE_PAUSE


def test_a_used_up_quota_waits_for_its_window() -> None:
    decision = follow(ErrorKind.QUOTA_EXHAUSTED)
    assert (decision.reason, decision.until_at) == (WaitReason.QUOTA, window_end(NOW))
    told = follow(ErrorKind.QUOTA_EXHAUSTED, retry_after=timedelta(hours=6))
    assert pause(told) == timedelta(hours=6)


def test_lost_access_waits_for_the_owner_and_is_looked_at_again() -> None:
    decision = follow(ErrorKind.AUTH_REVOKED)
    assert (decision.reason, pause(decision)) == (WaitReason.ACCOUNT, ACCOUNT_RECHECK)


def test_only_a_lost_session_is_opened_anew() -> None:
    anew = {kind for kind in ErrorKind if follow(kind).restart}
    assert anew == {ErrorKind.SESSION_LOST}


def test_a_token_server_that_fails_is_no_fault_of_the_upload() -> None:
    error = RemoteError(
        kind=ErrorKind.TRANSIENT,
        message="no",
        code=TOKEN_SERVER,
        retry_after=timedelta(minutes=16),
    )
    decision = decide(error, attempts=2, rule=RULE, now=NOW, rng=random.Random(7))
    assert (decision.give_up, decision.attempts, decision.reason) == (False, 2, WaitReason.RETRY)
    assert pause(decision) == timedelta(minutes=16)


@pytest.mark.parametrize(
    ("options", "attempts"),
    [({}, RULE.max_attempts), ({MAX_RETRIES: "0"}, 1), ({MAX_RETRIES: "3"}, 4)],
)
def test_a_post_may_say_how_often_it_is_tried(options: dict[str, str], attempts: int) -> None:
    assert rule_for(RULE, options).max_attempts == attempts
