from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import FittedText, Step
from core.platforms.facebook import COPYRIGHT_POLLS, DOUBT, PLATFORM
from core.posts.models import Privacy
from tests.platform_cases import (
    SIZE,
    answer,
    graph_error,
    make_job,
    reel,
    session_at,
    upload_error,
)
from utils.http import Span

JOB = make_job("facebook")
DRAFT = replace(JOB, privacy=Privacy.PRIVATE)
WHOLE = Span(start=0, end=SIZE)


def test_uses_the_upload_address_as_it_was_given() -> None:
    session = session_at("facebook", Step.PARTS)
    request = PLATFORM.build_part(session, JOB, WHOLE)
    assert request.url == "http://rupload.test/video-upload/5001/zz"
    assert request.headers["Authorization"] == "OAuth token-of-the-account"
    assert (request.headers["offset"], request.headers["file_size"]) == ("0", str(SIZE))


def test_finishes_once_the_bytes_are_there_without_waiting_for_ready() -> None:
    session = session_at("facebook", Step.READY)
    for spelling in ("complete", "completed"):
        response = reel("upload_complete", uploading=spelling)
        assert PLATFORM.read_status(session, JOB, response).step is Step.COMMIT
    waiting = PLATFORM.read_status(session, JOB, reel("uploading", uploading="in_progress"))
    assert (waiting.step, waiting.pending) == (Step.READY, True)


@pytest.mark.parametrize("spelling", ["bytes_transfered", "bytes_transferred"])
def test_reads_both_spellings_of_what_arrived(spelling: str) -> None:
    status = {"uploading_phase": {"status": "in_progress", spelling: 4096}}
    session = PLATFORM.read_recover(
        session_at("facebook", Step.PARTS), JOB, answer({"status": status})
    )
    assert (session.step, session.offset) == (Step.PARTS, 4096)


def test_publishes_or_drafts_as_wished() -> None:
    session = session_at("facebook", Step.COMMIT)
    form = PLATFORM.build_commit(session, JOB).form
    assert form == {
        "upload_phase": "finish",
        "video_id": "5001",
        "video_state": "PUBLISHED",
        "description": "Words #x",
    }
    text = FittedText(title="T", description="D")
    draft = PLATFORM.build_commit(session, replace(DRAFT, text=text, options={"ai": "yes"})).form
    assert draft is not None
    assert draft["video_state"] == "DRAFT"
    assert draft["title"] == "T"
    assert draft["is_ai_generated"] == "true"


def test_a_draft_is_called_a_draft() -> None:
    committed = PLATFORM.read_commit(
        session_at("facebook", Step.COMMIT), DRAFT, answer({"success": True})
    )
    assert (committed.step, committed.visibility) == (Step.STATUS, "draft")
    response = reel("ready", processing="complete", publish_status="draft")
    done = PLATFORM.read_status(committed, DRAFT, response)
    assert (done.step, done.visibility) == (Step.DONE, "draft")


def test_success_of_finish_is_no_proof_of_publication() -> None:
    committed = PLATFORM.read_commit(
        session_at("facebook", Step.COMMIT), JOB, answer({"success": True})
    )
    assert (committed.step, committed.pending, committed.visibility) == (Step.STATUS, True, "")
    half = reel("ready", processing="complete", publishing="in_progress")
    assert PLATFORM.read_status(committed, JOB, half).step is Step.STATUS


def test_finish_without_a_word_of_success_is_unknown() -> None:
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_commit(session_at("facebook", Step.COMMIT), JOB, answer({"success": False}))
    assert caught.value.kind is ErrorKind.UNKNOWN_OUTCOME


@pytest.mark.parametrize(
    ("code", "words"), [("1363128", "3 to 90 seconds"), ("1363127", "540 × 960")]
)
def test_tells_in_words_which_rule_was_broken(code: str, words: str) -> None:
    status = {
        "video_status": "error",
        "processing_phase": {"status": "error", "errors": [{"code": int(code), "message": "x"}]},
    }
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_status(session_at("facebook", Step.STATUS), JOB, answer({"status": status}))
    assert caught.value.kind is ErrorKind.REJECTED
    assert words in caught.value.message


def test_a_complaint_of_the_upload_host_is_checked_at_the_video() -> None:
    session = session_at("facebook", Step.PARTS)
    doubtful = PLATFORM.read_part(session, JOB, WHOLE, upload_error("ProcessingFailedError"))
    assert (doubtful.step, doubtful.stage) == (Step.READY, DOUBT)
    assert PLATFORM.read_status(doubtful, JOB, reel("upload_complete")).step is Step.COMMIT
    some = PLATFORM.read_status(
        doubtful, JOB, reel("uploading", uploading="in_progress", arrived=5)
    )
    assert (some.step, some.offset) == (Step.PARTS, 5)
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_status(doubtful, JOB, reel("uploading", uploading="in_progress", arrived=0))
    assert caught.value.kind is ErrorKind.SESSION_LOST


def test_a_fresh_video_that_hides_is_waited_for() -> None:
    for step in (Step.READY, Step.STATUS):
        session = session_at("facebook", step)
        waiting = PLATFORM.read_status(session, JOB, graph_error(100, 33))
        assert (waiting.step, waiting.pending) == (step, True)


def test_a_failed_copyright_check_does_not_wait_for_ever() -> None:
    session = session_at("facebook", Step.STATUS)
    body = {
        "status": {
            "video_status": "upload_complete",
            "processing_progress": 25,
            "copyright_check_status": {"status": "error"},
        }
    }
    for _ in range(COPYRIGHT_POLLS):
        session = PLATFORM.read_status(session, JOB, answer(body))
        assert session.pending
    assert session.progress == 0.25
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_status(session, JOB, answer(body))
    assert caught.value.kind is ErrorKind.REJECTED
