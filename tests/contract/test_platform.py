"""One suite over all five platforms, against minimal answers written from the fact sheets."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import CommitBy, Operation, Platform, Session, Step, Work
from core.platforms.registry import platform_names, require_platform
from core.posts.options import OPTIONS, owners
from tests.platform_cases import (
    NAMES,
    SCRIPTS,
    SIZE,
    TOKENS,
    answer,
    container,
    covered,
    google_error,
    graph_error,
    make_job,
    ok,
    reel,
    session_at,
    stored,
    take_step,
    telegram_error,
    tiktok_error,
    upload_error,
    video,
    walk,
)
from utils.http import Response, Span

LINKS = {
    "youtube": "https://www.youtube.com/watch?v=vid",
    "tiktok": "https://www.tiktok.com/@ann/video/7512345678901234567",
    "instagram": "https://www.instagram.com/reel/Cx/",
    "facebook": "https://www.facebook.com/reel/5001",
    "telegram": "https://t.me/news/42",
}


@pytest.mark.parametrize("name", NAMES)
class TestEveryPlatform:
    def test_walks_from_opening_to_a_link(self, name: str) -> None:
        platform, job = require_platform(name), make_job(name)
        last = walk(platform, job, SCRIPTS[name]).last
        assert last.step is Step.DONE
        assert last.media_id
        assert last.visibility == "public"
        assert not last.pending
        assert platform.public_url(last, job) == LINKS[name]

    def test_sends_every_byte_once(self, name: str) -> None:
        requests = walk(require_platform(name), make_job(name), SCRIPTS[name]).requests
        assert covered(request.span for request in requests if request.span) == SIZE

    def test_keeps_the_session_as_plain_data(self, name: str) -> None:
        for session in walk(require_platform(name), make_job(name), SCRIPTS[name]).sessions:
            assert Session.from_dict(json.loads(json.dumps(session.to_dict()))) == session

    def test_steps_never_run_backwards(self, name: str) -> None:
        order = list(Step)
        sessions = walk(require_platform(name), make_job(name), SCRIPTS[name]).sessions
        places = [order.index(session.step) for session in sessions]
        assert places == sorted(places)

    def test_commits_by_a_call_exactly_when_it_says_so(self, name: str) -> None:
        platform = require_platform(name)
        steps = {s.step for s in walk(platform, make_job(name), SCRIPTS[name]).sessions}
        by_call = platform.capabilities.commit is CommitBy.CALL
        assert (Step.COMMIT in steps) is by_call
        if not by_call:
            with pytest.raises(AssertionError):
                platform.build_commit(Session(), make_job(name))

    def test_shows_no_token_in_words(self, name: str) -> None:
        platform, job = require_platform(name), make_job(name)
        walked = walk(platform, job, SCRIPTS[name])
        shown = f"{job!r} {walked.requests!r} {walked.sessions!r}"
        for secret in (job.access.access_token, "upload_id=secret", "upload_token=abc"):
            assert secret not in shown

    def test_declares_what_the_settings_table_needs(self, name: str) -> None:
        capabilities = require_platform(name).capabilities
        assert capabilities.name == name
        assert capabilities.privacy[0].value == "public"
        assert capabilities.media.max_bytes > SIZE or name == "telegram"
        assert all(rule.source for rule in capabilities.quotas)

    def test_declares_only_options_that_captions_know(self, name: str) -> None:
        assert set(require_platform(name).capabilities.options) <= set(OPTIONS)

    def test_builds_no_operation_that_it_has_not_declared(self, name: str) -> None:
        platform, job = require_platform(name), make_job(name)
        for operation in set(Operation) - set(platform.capabilities.operations):
            with pytest.raises((AssertionError, KeyError)):
                platform.build_operation(Work(operation=operation, media_id="1"), job)

    def test_tells_nothing_of_limits_that_no_header_names(self, name: str) -> None:
        assert require_platform(name).read_usage(answer({})) == ()

    def test_an_unreadable_opening_is_tried_again(self, name: str) -> None:
        platform, job = require_platform(name), make_job(name)
        session = replace(Session(), stage="create" if name == "instagram" else "")
        with pytest.raises(RemoteError) as caught:
            platform.read_begin(session, job, answer(b"<html>"))
        assert caught.value.kind is ErrorKind.TRANSIENT

    def test_a_busy_server_is_tried_again_with_its_own_wait(self, name: str) -> None:
        platform, job = require_platform(name), make_job(name)
        session = replace(Session(), stage="create" if name == "instagram" else "")
        busy = answer(b"<html>busy</html>", 503, {"retry-after": "17"})
        with pytest.raises(RemoteError) as caught:
            platform.read_begin(session, job, busy)
        assert caught.value.kind is ErrorKind.TRANSIENT
        assert caught.value.retry_after is not None
        assert caught.value.retry_after.total_seconds() == 17


def test_every_option_of_captions_is_offered_somewhere() -> None:
    every = [require_platform(name).capabilities for name in NAMES]
    for key in OPTIONS:
        assert owners(key, every), key


def test_the_registry_knows_all_five_in_order() -> None:
    assert platform_names()[:5] == NAMES


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer at a step and what it must mean."""

    name: str
    step: Step
    response: Response
    kind: ErrorKind
    wait: float | None = None
    recover: bool = False
    stage: str = ""


def refusal(
    name: str,
    step: Step,
    response: Response,
    kind: ErrorKind,
    wait: float | None = None,
    *,
    recover: bool = False,
    stage: str = "",
) -> Refusal:
    return Refusal(
        name=name, step=step, response=response, kind=kind, wait=wait, recover=recover, stage=stage
    )


K = ErrorKind
DAY = 24 * 3600.0
PER_DAY = "Quota exceeded for quota metric 'Video Uploads' and limit 'Video Uploads per day'"
USAGE = json.dumps({"1": [{"type": "pages", "estimated_time_to_regain_access": 12}]})
LIMITED = replace(graph_error(80001), headers={"x-business-use-case-usage": USAGE})
FULL = answer({"data": [{"quota_usage": 50, "config": {"quota_total": 50}}]})

REFUSALS = [
    # YouTube
    refusal("youtube", Step.BEGIN, google_error(400, "invalidTitle"), K.REJECTED),
    refusal("youtube", Step.BEGIN, google_error(401, "authError"), K.AUTH_EXPIRED),
    refusal("youtube", Step.BEGIN, google_error(401, "youtubeSignupRequired"), K.AUTH_REVOKED),
    refusal("youtube", Step.BEGIN, google_error(403, "insufficientPermissions"), K.AUTH_REVOKED),
    refusal(
        "youtube", Step.BEGIN, google_error(429, "rateLimitExceeded", PER_DAY), K.QUOTA_EXHAUSTED
    ),
    refusal("youtube", Step.BEGIN, google_error(429, "rateLimitExceeded"), K.RATE_LIMITED, 60),
    refusal("youtube", Step.BEGIN, google_error(403, "rateLimitExceeded"), K.RATE_LIMITED, 60),
    refusal("youtube", Step.BEGIN, google_error(403, "quotaExceeded"), K.QUOTA_EXHAUSTED),
    refusal(
        "youtube", Step.BEGIN, google_error(400, "uploadLimitExceeded"), K.QUOTA_EXHAUSTED, 21600
    ),
    refusal("youtube", Step.BEGIN, google_error(400, "missingRequiredParameter"), K.BUG),
    refusal("youtube", Step.PARTS, answer(b"", 404), K.SESSION_LOST),
    refusal("youtube", Step.PARTS, answer(b"", 410), K.SESSION_LOST, recover=True),
    refusal("youtube", Step.PARTS, answer(b"", 503), K.TRANSIENT),
    refusal("youtube", Step.PARTS, google_error(400, "badRequest"), K.TRANSIENT),
    refusal("youtube", Step.PARTS, answer({}, 201), K.UNKNOWN_OUTCOME),
    refusal("youtube", Step.STATUS, video("failed", failureReason="codec"), K.REJECTED),
    refusal("youtube", Step.STATUS, video("rejected", rejectionReason="duplicate"), K.REJECTED),
    refusal("youtube", Step.STATUS, google_error(403, "quotaExceeded"), K.QUOTA_EXHAUSTED),
    # TikTok
    refusal("tiktok", Step.BEGIN, tiktok_error("access_token_invalid", 401), K.AUTH_EXPIRED),
    refusal("tiktok", Step.BEGIN, tiktok_error("scope_not_authorized", 401), K.AUTH_REVOKED),
    refusal(
        "tiktok",
        Step.BEGIN,
        tiktok_error("spam_risk_too_many_posts", 200),
        K.QUOTA_EXHAUSTED,
        DAY,
    ),
    refusal(
        "tiktok", Step.BEGIN, tiktok_error("reached_active_user_cap", 200), K.QUOTA_EXHAUSTED, DAY
    ),
    refusal(
        "tiktok", Step.BEGIN, tiktok_error("spam_risk_user_banned_from_posting", 200), K.REJECTED
    ),
    refusal("tiktok", Step.BEGIN, tiktok_error("rate_limit_exceeded", 429), K.RATE_LIMITED, 60),
    refusal("tiktok", Step.BEGIN, tiktok_error("internal_error", 500), K.TRANSIENT),
    refusal("tiktok", Step.PARTS, answer(b"", 400), K.BUG),
    refusal("tiktok", Step.PARTS, answer(b"", 403), K.SESSION_LOST),
    refusal("tiktok", Step.PARTS, answer(b"", 404), K.SESSION_LOST),
    refusal("tiktok", Step.PARTS, answer(b"", 416), K.TRANSIENT),
    refusal("tiktok", Step.PARTS, answer(b"", 500), K.TRANSIENT),
    refusal(
        "tiktok",
        Step.PARTS,
        tiktok_error("invalid_publish_id", 400),
        K.SESSION_LOST,
        recover=True,
    ),
    refusal("tiktok", Step.STATUS, tiktok_error("invalid_publish_id", 400), K.UNKNOWN_OUTCOME),
    refusal(
        "tiktok",
        Step.STATUS,
        ok({"status": "FAILED", "fail_reason": "frame_rate_check_failed"}),
        K.REJECTED,
    ),
    refusal(
        "tiktok", Step.STATUS, ok({"status": "FAILED", "fail_reason": "internal"}), K.SESSION_LOST
    ),
    refusal("tiktok", Step.STATUS, tiktok_error("invalid_param", 400), K.TRANSIENT),
    # Instagram
    refusal("instagram", Step.BEGIN, FULL, K.QUOTA_EXHAUSTED),
    refusal("instagram", Step.BEGIN, graph_error(190, 463), K.AUTH_REVOKED, stage="create"),
    refusal("instagram", Step.BEGIN, graph_error(10), K.AUTH_REVOKED, stage="create"),
    refusal("instagram", Step.BEGIN, graph_error(36004, 2207010), K.REJECTED, stage="create"),
    refusal("instagram", Step.BEGIN, graph_error(2), K.TRANSIENT, stage="create"),
    refusal("instagram", Step.BEGIN, graph_error(4), K.RATE_LIMITED, 3600, stage="create"),
    refusal("instagram", Step.BEGIN, graph_error(2635), K.BUG, stage="create"),
    refusal("instagram", Step.PARTS, upload_error("OffsetInvalidError", 412), K.TRANSIENT),
    refusal("instagram", Step.PARTS, upload_error("ParameterValidationError"), K.BUG),
    refusal("instagram", Step.PARTS, container("EXPIRED"), K.SESSION_LOST, recover=True),
    refusal("instagram", Step.READY, container("EXPIRED"), K.SESSION_LOST),
    refusal(
        "instagram",
        Step.READY,
        container("ERROR", "Error: Media upload has failed with error code 2207026"),
        K.REJECTED,
    ),
    refusal(
        "instagram",
        Step.READY,
        container("ERROR", "Error: Media upload has failed with error code 2207053"),
        K.SESSION_LOST,
    ),
    refusal("instagram", Step.COMMIT, graph_error(9, 2207042), K.QUOTA_EXHAUSTED),
    refusal("instagram", Step.COMMIT, graph_error(25, 2207050), K.AUTH_REVOKED),
    refusal("instagram", Step.COMMIT, graph_error(2, status=500), K.UNKNOWN_OUTCOME),
    refusal("instagram", Step.COMMIT, answer(b"<html>", 502), K.UNKNOWN_OUTCOME),
    refusal("instagram", Step.COMMIT, answer({"fine": True}), K.UNKNOWN_OUTCOME),
    refusal("instagram", Step.COMMIT, graph_error(100, 33), K.UNKNOWN_OUTCOME, recover=True),
    refusal("instagram", Step.COMMIT, container("EXPIRED"), K.UNKNOWN_OUTCOME, recover=True),
    # Facebook
    refusal("facebook", Step.BEGIN, graph_error(190, 460), K.AUTH_REVOKED),
    refusal("facebook", Step.BEGIN, graph_error(200), K.AUTH_REVOKED),
    refusal("facebook", Step.BEGIN, LIMITED, K.RATE_LIMITED, 720),
    refusal("facebook", Step.BEGIN, graph_error(1, is_transient=True), K.TRANSIENT),
    refusal("facebook", Step.BEGIN, graph_error(100), K.REJECTED),
    refusal("facebook", Step.PARTS, upload_error("PartialRequestError"), K.TRANSIENT),
    refusal("facebook", Step.PARTS, upload_error("ParameterValidationError"), K.BUG),
    refusal("facebook", Step.PARTS, reel("expired"), K.SESSION_LOST, recover=True),
    refusal("facebook", Step.READY, reel("upload_failed"), K.SESSION_LOST),
    refusal("facebook", Step.COMMIT, graph_error(6000), K.SESSION_LOST),
    refusal("facebook", Step.COMMIT, graph_error(6000, 1363128), K.REJECTED),
    refusal("facebook", Step.COMMIT, graph_error(368), K.QUOTA_EXHAUSTED, 21600),
    refusal("facebook", Step.COMMIT, graph_error(506), K.UNKNOWN_OUTCOME),
    refusal("facebook", Step.COMMIT, answer(b"", 500), K.UNKNOWN_OUTCOME),
    refusal("facebook", Step.COMMIT, graph_error(100, 33), K.UNKNOWN_OUTCOME, recover=True),
    refusal("facebook", Step.STATUS, reel("error", processing="error"), K.REJECTED),
    refusal("facebook", Step.STATUS, graph_error(100), K.TRANSIENT),
    # Telegram
    refusal("telegram", Step.BEGIN, telegram_error(401, "Unauthorized"), K.AUTH_REVOKED),
    refusal(
        "telegram",
        Step.BEGIN,
        telegram_error(400, "Bad Request: chat not found"),
        K.AUTH_REVOKED,
    ),
    refusal("telegram", Step.BEGIN, telegram_error(404, "Not Found: method not found"), K.BUG),
    refusal(
        "telegram",
        Step.PARTS,
        telegram_error(429, "Too Many Requests: retry after 7", retry_after=7),
        K.RATE_LIMITED,
        7,
    ),
    refusal("telegram", Step.PARTS, telegram_error(429, "Too Many"), K.RATE_LIMITED, 60),
    refusal("telegram", Step.PARTS, answer(b"<html>413</html>", 413), K.REJECTED),
    refusal(
        "telegram",
        Step.PARTS,
        telegram_error(400, "Bad Request: message caption is too long"),
        K.REJECTED,
    ),
    refusal(
        "telegram",
        Step.PARTS,
        telegram_error(403, "Forbidden: bot was kicked from the channel chat"),
        K.AUTH_REVOKED,
    ),
    refusal(
        "telegram",
        Step.PARTS,
        telegram_error(500, "Internal Server Error: restart"),
        K.TRANSIENT,
    ),
    refusal("telegram", Step.PARTS, answer(b"<html>502</html>", 502), K.UNKNOWN_OUTCOME),
    refusal("telegram", Step.PARTS, answer({"ok": True, "result": {}}), K.UNKNOWN_OUTCOME),
    refusal("telegram", Step.PARTS, answer({"ok": True}), K.UNKNOWN_OUTCOME, recover=True),
]


@pytest.mark.parametrize(
    "case", REFUSALS, ids=[f"{c.name}-{c.step}-{c.kind}-{i}" for i, c in enumerate(REFUSALS)]
)
def test_classifies_what_the_remote_says(case: Refusal) -> None:
    platform = require_platform(case.name)
    session = Session() if case.step is Step.BEGIN else session_at(case.name, case.step)
    session = replace(session, stage=case.stage or session.stage)
    with pytest.raises(RemoteError) as caught:
        _read(case, platform, session)
    assert caught.value.kind is case.kind
    assert caught.value.message
    if case.wait is not None:
        assert caught.value.retry_after is not None
        assert caught.value.retry_after.total_seconds() == case.wait


def _read(case: Refusal, platform: Platform, session: Session) -> None:
    job = make_job(case.name)
    if case.recover:
        platform.read_recover(session, job, case.response)
    else:
        take_step(platform, session, job, case.response)


def test_every_kind_is_reachable() -> None:
    assert {case.kind for case in REFUSALS} == set(ErrorKind)


def test_every_row_names_a_kind_that_is_reachable_on_that_platform() -> None:
    for name in NAMES:
        reached = {case.kind for case in REFUSALS if case.name == name}
        for row in require_platform(name).errors:
            assert row.kind in reached, (name, row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was asked after a cut, and where it must lead."""

    name: str
    step: Step
    response: Response
    expected: Step
    offset: int = SIZE
    path: str = ""


def recovery(
    name: str, step: Step, response: Response, expected: Step, offset: int = SIZE
) -> Recovery:
    return Recovery(name=name, step=step, response=response, expected=expected, offset=offset)


UPLOADING = "PROCESSING_UPLOAD"
RECOVERIES = [
    recovery("youtube", Step.PARTS, answer(b"", 308), Step.PARTS, 0),
    recovery(
        "youtube",
        Step.PARTS,
        answer(b"", 308, {"range": "bytes=0-1048575"}),
        Step.PARTS,
        1_048_576,
    ),
    recovery("youtube", Step.PARTS, answer({"id": "vid"}, 200), Step.STATUS),
    recovery("tiktok", Step.PARTS, ok({"status": UPLOADING, "uploaded_bytes": 0}), Step.PARTS, 0),
    recovery(
        "tiktok",
        Step.PARTS,
        ok({"status": UPLOADING, "uploaded_bytes": 32_000_000}),
        Step.PARTS,
        32_000_000,
    ),
    recovery("tiktok", Step.PARTS, ok({"status": UPLOADING, "uploaded_bytes": SIZE}), Step.STATUS),
    recovery(
        "tiktok",
        Step.PARTS,
        ok({"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": ["1"]}),
        Step.DONE,
    ),
    recovery("instagram", Step.PARTS, container("IN_PROGRESS", arrived=5), Step.PARTS, 5),
    recovery("instagram", Step.PARTS, container("IN_PROGRESS", arrived=0), Step.PARTS, 0),
    recovery("instagram", Step.PARTS, container("IN_PROGRESS", arrived=SIZE), Step.READY),
    recovery("instagram", Step.PARTS, container("FINISHED"), Step.COMMIT),
    recovery("instagram", Step.COMMIT, container("FINISHED"), Step.COMMIT),
    recovery("instagram", Step.COMMIT, container("PUBLISHED"), Step.STATUS),
    recovery(
        "facebook",
        Step.PARTS,
        reel("uploading", uploading="in_progress", arrived=9),
        Step.PARTS,
        9,
    ),
    recovery("facebook", Step.PARTS, reel("upload_complete"), Step.COMMIT),
    recovery("facebook", Step.COMMIT, reel("upload_complete"), Step.COMMIT),
    recovery("facebook", Step.COMMIT, reel("processing", processing="in_progress"), Step.STATUS),
    recovery(
        "facebook",
        Step.COMMIT,
        reel("ready", processing="complete", publishing="completed", publish_status="published"),
        Step.DONE,
    ),
]


@pytest.mark.parametrize(
    "case", RECOVERIES, ids=[f"{c.name}-{c.step}-{c.expected}-{c.offset}" for c in RECOVERIES]
)
def test_recovers_from_what_the_remote_confirms(case: Recovery) -> None:
    platform, job = require_platform(case.name), make_job(case.name)
    session = session_at(case.name, case.step)
    assert platform.build_recover(session, job).span is None
    found = stored(platform.read_recover(session, job, case.response))
    assert found.step is case.expected
    assert found.offset == case.offset


def test_messages_of_remotes_carry_no_token() -> None:
    token = TOKENS["telegram"]
    response = telegram_error(400, f"Bad Request: {token} is odd")
    with pytest.raises(RemoteError) as caught:
        require_platform("telegram").read_part(
            session_at("telegram", Step.PARTS),
            make_job("telegram"),
            Span(start=0, end=SIZE),
            response,
        )
    assert token not in str(caught.value)
