from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Operation, Session, Work
from core.platforms.tiktok import PLATFORM
from core.platforms.tiktok_faults import ERRORS
from core.platforms.tiktok_operations import FIGURES_AT_ONCE
from core.posts.models import MediaFacts, Privacy
from tests.operation_kit import script
from tests.platform_cases import CREATOR, answer, make_job, ok, tiktok_error
from utils.http import JSON, Response

JOB = make_job("tiktok")
VIDEO = "7512345678901234567"
PUBLIC = Session(remote_id="v_pub_file~1", media_id=VIDEO)
COMPLETE = ok({"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [int(VIDEO)]})
OPERATIONS = [Operation.CHECK, Operation.STATISTICS]


def make_work(operation: Operation, session: Session = PUBLIC, **changes: Any) -> Work:
    media_id = session.media_id or session.remote_id
    return Work(operation=operation, media_id=media_id, session=session.to_dict(), **changes)


def carry_out(
    operation: Operation, *responses: Response, session: Session = PUBLIC, **changes: Any
) -> Work:
    return script(PLATFORM, make_work(operation, session, **changes), JOB, *responses)


def post_of(**changes: Any) -> JSON:
    """Return what an opening would post for these wishes."""
    job = replace(JOB, **changes)
    request = PLATFORM.build_begin(PLATFORM.read_begin(Session(), job, CREATOR), job)
    assert request.json is not None
    post: JSON = request.json["post_info"]
    return post


@pytest.mark.parametrize("operation", OPERATIONS)
class TestEveryOperation:
    @pytest.mark.parametrize(
        ("response", "kind"),
        [
            (tiktok_error("access_token_invalid", 401), ErrorKind.AUTH_EXPIRED),
            (tiktok_error("rate_limit_exceeded", 429), ErrorKind.RATE_LIMITED),
            (tiktok_error("internal_error", 500), ErrorKind.TRANSIENT),
            (tiktok_error("invalid_params", 400), ErrorKind.REJECTED),
            (answer(b"<html>down</html>", 502), ErrorKind.TRANSIENT),
            (answer(b"<html>"), ErrorKind.TRANSIENT),
            (answer({"data": {}}), ErrorKind.TRANSIENT),
        ],
    )
    def test_failures_are_classified(
        self, operation: Operation, response: Response, kind: ErrorKind
    ) -> None:
        with pytest.raises(RemoteError) as caught:
            carry_out(operation, response)
        assert caught.value.kind is kind

    def test_a_success_without_what_it_promises_is_tried_again(self, operation: Operation) -> None:
        with pytest.raises(RemoteError) as caught:
            carry_out(operation, ok({}))
        assert caught.value.kind is ErrorKind.TRANSIENT

    @pytest.mark.parametrize("code", ["scope_not_authorized", "scope_permission_missed"])
    def test_a_missing_scope_is_the_operations_own(self, operation: Operation, code: str) -> None:
        with pytest.raises(RemoteError) as caught:
            carry_out(operation, tiktok_error(code, 401))
        assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "missing_scope")

    def test_shows_no_token(self, operation: Operation) -> None:
        request = PLATFORM.build_operation(make_work(operation), JOB)
        assert request.headers["Authorization"] == "Bearer token-of-the-account"
        assert "token-of-the-account" not in f"{request!r} {request.url} {request.json}"


def test_fields_stand_in_the_address_and_ids_in_the_body() -> None:
    work = make_work(Operation.STATISTICS, media_ids=(VIDEO, "v_pub_file~2", "42"))
    request = PLATFORM.build_operation(work, JOB)
    assert request.url == (
        "http://tiktok.test/v2/video/query/"
        "?fields=id,view_count,like_count,comment_count,share_count"
    )
    assert request.json == {"filters": {"video_ids": [VIDEO, "42"]}}


def test_no_question_is_longer_than_tiktok_takes() -> None:
    ids = tuple(str(number) for number in range(FIGURES_AT_ONCE + 1))
    with pytest.raises(AssertionError):
        PLATFORM.build_operation(make_work(Operation.STATISTICS, media_ids=ids), JOB)


def test_figures_that_are_not_told_are_none() -> None:
    work = carry_out(Operation.STATISTICS, ok({"videos": [{"id": VIDEO, "view_count": 7}]}))
    assert work.facts == {VIDEO: {"views": 7, "likes": None, "comments": None, "shares": None}}


def test_a_post_that_all_saw_is_looked_up_in_the_list() -> None:
    work = carry_out(Operation.CHECK, COMPLETE)
    assert not work.done
    request = PLATFORM.build_operation(work, JOB)
    assert "/v2/video/query/" in request.url
    assert request.json == {"filters": {"video_ids": [VIDEO]}}


@pytest.mark.parametrize("ids", [[], [""], None])
def test_a_public_post_before_its_moderation_is_there(ids: list[str] | None) -> None:
    session = Session(remote_id="v_pub_file~1", data={"level": "PUBLIC_TO_EVERYONE"})
    body = {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": ids}
    work = carry_out(Operation.CHECK, ok(body), session=session)
    assert work.facts == {"there": True, "visibility": "moderation", "blocked": ""}


def test_a_post_that_failed_after_all_is_told_with_its_reason() -> None:
    failed = ok({"status": "FAILED", "fail_reason": "spam_risk"})
    work = carry_out(Operation.CHECK, failed)
    assert work.facts["there"] is False
    assert work.facts["blocked"] == "TikTok took the post for spam"


def test_a_forgotten_publish_id_leaves_the_id_of_the_video() -> None:
    forgotten = tiktok_error("invalid_publish_id", 400)
    work = carry_out(Operation.CHECK, forgotten, ok({"videos": [{"id": VIDEO}]}))
    assert work.facts["there"] is True
    with pytest.raises(RemoteError) as caught:
        carry_out(Operation.CHECK, forgotten, session=Session(remote_id="v_pub_file~1"))
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "not_told")


@pytest.mark.parametrize(
    ("brand", "content", "organic"),
    [("", False, False), ("none", False, False), ("own", False, True), ("paid", True, False)],
)
def test_brands_are_always_declared(brand: str, content: bool, organic: bool) -> None:
    post = post_of(options={"brand": brand})
    assert (post["brand_content_toggle"], post["brand_organic_toggle"]) == (content, organic)


@pytest.mark.parametrize(("given", "sent"), [("0", 0), ("1.25", 1250), ("20", 20_000)])
def test_a_cover_is_sent_in_milliseconds(given: str, sent: int) -> None:
    assert post_of(options={"cover": given})["video_cover_timestamp_ms"] == sent


@pytest.mark.parametrize("given", ["21", "-1", "nan", "soon"])
def test_a_cover_that_the_video_has_not_is_refused(given: str) -> None:
    with pytest.raises(RemoteError) as caught:
        post_of(options={"cover": given}, facts=MediaFacts(duration_seconds=20.4))
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "cover")


def test_without_a_cover_none_is_sent() -> None:
    assert "video_cover_timestamp_ms" not in post_of()


def test_what_nobody_chose_follows_the_account() -> None:
    creator = ok({"privacy_level_options": ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]})
    job = replace(JOB, privacy=Privacy.PUBLIC, privacy_asked=False)
    assert PLATFORM.read_begin(Session(), job, creator).data["level"] == "FOLLOWER_OF_CREATOR"
    with pytest.raises(RemoteError):
        PLATFORM.read_begin(Session(), replace(job, privacy_asked=True), creator)


def test_nothing_offered_is_refused_whoever_chose() -> None:
    job = replace(JOB, privacy_asked=False)
    with pytest.raises(RemoteError, match="only: nothing"):
        PLATFORM.read_begin(Session(), job, ok({"creator_username": "ann"}))


def test_a_draft_asks_no_creator_and_sends_no_words() -> None:
    job = replace(JOB, options={"draft": "yes", "brand": "paid"}, privacy=Privacy.PRIVATE)
    request = PLATFORM.build_begin(Session(), job)
    assert request.url.endswith("/v2/post/publish/inbox/video/init/")
    assert request.json is not None
    assert set(request.json) == {"source_info"}
    begun = ok({"publish_id": "v_inbox_file~1", "upload_url": "https://up.test/?upload_token=a"})
    assert PLATFORM.read_begin(Session(), job, begun).remote_id == "v_inbox_file~1"


def test_a_limit_waits_as_long_as_tiktok_says() -> None:
    full = tiktok_error("spam_risk_too_many_posts", 200, **{"retry-after": "90"})
    (limit,) = PLATFORM.read_live_limits(JOB, full)
    assert limit.wait == timedelta(seconds=90)


@pytest.mark.parametrize(
    "code",
    [
        *("invalid_param", "invalid_params", "invalid_file_upload", "invalid_publish_id"),
        *("spam_risk_too_many_posts", "spam_risk_too_many_pending_share"),
        *("spam_risk_user_banned_from_posting", "reached_active_user_cap"),
        *("unaudited_client_can_only_post_to_private_accounts", "url_ownership_unverified"),
        *("privacy_level_option_mismatch", "access_token_invalid", "scope_not_authorized"),
        *("rate_limit_exceeded", "internal_error", "app_version_check_failed"),
        *("scope_permission_missed", "publish_not_cancellable"),
        "token_not_authorized_for_specified_publish_id",
        *("failed/internal", "failed/video_pull_failed", "failed/photo_pull_failed"),
        *("failed/publish_cancelled", "failed/auth_removed", "failed/spam_risk"),
        *("failed/spam_risk_text", "failed/spam_risk_too_many_posts"),
        *("failed/file_format_check_failed", "failed/duration_check_failed"),
        *("failed/frame_rate_check_failed", "failed/picture_size_check_failed"),
        "failed/spam_risk_user_banned_from_posting",
    ],
)
def test_every_code_of_the_sheet_has_a_row(code: str) -> None:
    assert any(row.code == code for row in ERRORS)
