from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import Session, Step
from core.platforms.instagram import COMMIT_TRIES, DOUBT, PLATFORM
from tests.platform_cases import (
    SIZE,
    answer,
    container,
    graph_error,
    make_job,
    session_at,
    upload_error,
)
from utils.http import Span

JOB = make_job("instagram")
WHOLE = Span(start=0, end=SIZE)
ASKED = Session(stage="create")


def own_post(media_id: str = "1790", **changes: str) -> dict[str, str]:
    post = {
        "id": media_id,
        "caption": "Words #x",
        "timestamp": "2026-11-21T10:05:00+0000",
        "permalink": f"https://www.instagram.com/reel/{media_id}/",
    }
    return post | changes


def test_opens_a_resumable_container_with_the_token_in_a_header() -> None:
    request = PLATFORM.build_begin(ASKED, JOB)
    assert request.url == "http://graph.test/v26.0/17841400000000001/media"
    assert request.form == {
        "media_type": "REELS",
        "caption": "Words #x",
        "upload_type": "resumable",
        "share_to_feed": "true",
    }
    assert request.headers["Authorization"] == "Bearer token-of-the-account"


def test_carries_options() -> None:
    options = {"feed": "no", "ai": "yes", "cover": "2.0", "collaborators": "ann,bob"}
    form = PLATFORM.build_begin(ASKED, replace(JOB, options=options)).form
    assert form is not None
    assert form["share_to_feed"] == "false"
    assert form["is_ai_generated"] == "true"
    assert form["thumb_offset"] == "2000"
    assert json.loads(form["collaborators"]) == ["ann", "bob"]


def test_a_limit_that_cannot_be_read_stops_nothing() -> None:
    for response in (answer({"data": []}), graph_error(10), answer(b"<html>", 500)):
        assert PLATFORM.read_begin(Session(), JOB, response).stage == "create"


def test_bytes_go_with_the_word_oauth_to_the_address_given() -> None:
    session = replace(session_at("instagram", Step.PARTS), offset=1000)
    request = PLATFORM.build_part(session, JOB, PLATFORM.next_span(session, JOB))
    assert request.url == "http://rupload.test/ig-api-upload/v26.0/1800"
    assert request.headers["Authorization"] == "OAuth token-of-the-account"
    assert request.headers["offset"] == "1000"
    assert request.headers["file_size"] == str(SIZE)
    assert request.headers["Content-Type"] == "application/octet-stream"


def test_sends_the_token_to_no_other_upload_host() -> None:
    response = answer({"id": "1800", "uri": "http://rupload.test.evil.test/x"})
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_begin(ASKED, JOB, response)
    assert caught.value.kind is ErrorKind.BUG


def test_a_complaint_of_the_upload_host_is_checked_at_the_container() -> None:
    session = session_at("instagram", Step.PARTS)
    doubtful = PLATFORM.read_part(session, JOB, WHOLE, upload_error("ProcessingFailedError"))
    assert (doubtful.step, doubtful.stage) == (Step.READY, DOUBT)
    kept = PLATFORM.read_status(doubtful, JOB, container("IN_PROGRESS", arrived=SIZE))
    assert (kept.step, kept.stage, kept.pending) == (Step.READY, "", True)
    some = PLATFORM.read_status(doubtful, JOB, container("IN_PROGRESS", arrived=77))
    assert (some.step, some.offset) == (Step.PARTS, 77)
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_status(doubtful, JOB, container("IN_PROGRESS", arrived=0))
    assert caught.value.kind is ErrorKind.SESSION_LOST


def test_instagram_login_needs_a_public_address() -> None:
    job = make_job("instagram", account={"login": "instagram"})
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_begin(Session(), job, answer({"data": []}))
    assert caught.value.kind is ErrorKind.REJECTED
    assert "public address" in caught.value.message


def test_instagram_login_lets_meta_fetch_and_sends_no_bytes() -> None:
    job = make_job(
        "instagram",
        account={"login": "instagram"},
        options={"video_url": "https://media.test/v.mp4"},
    )
    request = PLATFORM.build_begin(ASKED, job)
    assert request.url.startswith("http://instagram.test/v26.0/")
    assert request.form is not None
    assert request.form["video_url"] == "https://media.test/v.mp4"
    assert "upload_type" not in request.form
    session = PLATFORM.read_begin(ASKED, job, answer({"id": "1800"}))
    assert (session.step, session.pending) == (Step.READY, True)
    assert "video_status" not in PLATFORM.build_status(session, job).url


def test_a_fresh_container_that_hides_is_waited_for() -> None:
    session = session_at("instagram", Step.READY)
    waiting = PLATFORM.read_status(session, JOB, graph_error(100, 33))
    assert (waiting.step, waiting.pending) == (Step.READY, True)


def test_a_container_nearly_a_day_old_is_never_published() -> None:
    late = replace(container("FINISHED"), headers={"date": "Sun, 22 Nov 2026 09:30:00 GMT"})
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_status(session_at("instagram", Step.READY), JOB, late)
    assert caught.value.kind is ErrorKind.SESSION_LOST


def test_publishing_too_early_goes_back_to_asking_a_few_times() -> None:
    session = session_at("instagram", Step.COMMIT)
    for _ in range(COMMIT_TRIES):
        asked = PLATFORM.read_commit(session, JOB, graph_error(9007, 2207027))
        assert (asked.step, asked.pending) == (Step.READY, True)
        session = PLATFORM.read_status(asked, JOB, container("FINISHED"))
        assert session.step is Step.COMMIT
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_commit(session, JOB, graph_error(9007, 2207027))
    assert caught.value.kind is ErrorKind.SESSION_LOST


def test_the_media_id_is_kept_before_anything_else_is_asked() -> None:
    session = session_at("instagram", Step.COMMIT)
    published = PLATFORM.read_commit(session, JOB, answer({"id": "1790"}))
    assert (published.step, published.media_id) == (Step.STATUS, "1790")


def test_a_failing_link_does_not_undo_a_success() -> None:
    session = session_at("instagram", Step.STATUS)
    for _ in range(3):
        assert session.step is Step.STATUS
        session = PLATFORM.read_status(session, JOB, graph_error(100, 33))
    assert (session.step, session.media_id, session.url) == (Step.DONE, "1790", "")
    assert session.visibility == "public"


def test_finds_the_own_post_after_a_lost_answer_by_caption_and_time() -> None:
    session = session_at("instagram", Step.COMMIT)
    lost = PLATFORM.read_recover(session, JOB, container("PUBLISHED"))
    request = PLATFORM.build_status(lost, JOB)
    assert "/17841400000000001/media?fields=id,caption,timestamp,permalink" in request.url
    media = [
        own_post("1", caption="Another"),
        own_post("2"),
        own_post("3", timestamp="2026-11-20T10:05:00+0000"),
    ]
    done = PLATFORM.read_status(lost, JOB, answer({"data": media}))
    assert (done.step, done.media_id) == (Step.DONE, "2")
    assert done.url == "https://www.instagram.com/reel/2/"


@pytest.mark.parametrize(
    "media", [[own_post("1", caption="Another")], [own_post("1"), own_post("2")], []]
)
def test_never_takes_somebody_elses_post_for_the_own_one(media: list[dict[str, str]]) -> None:
    session = PLATFORM.read_recover(
        session_at("instagram", Step.COMMIT), JOB, container("PUBLISHED")
    )
    for _ in range(3):
        session = PLATFORM.read_status(session, JOB, answer({"data": media}))
    assert (session.step, session.media_id, session.url) == (Step.DONE, "", "")


def test_recovering_after_publishing_asks_for_the_link_again() -> None:
    session = session_at("instagram", Step.STATUS)
    assert "/1790?" in PLATFORM.build_recover(session, JOB).url
    link = answer({"permalink": "https://www.instagram.com/reel/Cx/"})
    assert PLATFORM.read_recover(session, JOB, link).step is Step.DONE
