from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import FittedText, Operation, StageBy, Step, Work
from core.platforms.facebook import CAPABILITIES, PLATFORM
from core.posts.models import Privacy
from tests.platform_cases import answer, graph_error, make_job, reel, session_at
from utils.http import Response

JOB = make_job("facebook")
AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
LATER = replace(JOB, publish_at=AT)
VIDEO = "http://graph.test/v26.0/5001"


def work(operation: Operation, **changes: Any) -> Work:
    return Work(operation=operation, media_id="5001", **changes)


def walk(begun: Work, *answers: Response) -> Work:
    """Walk an operation against answers; it goes through plain data between its steps."""
    for response in answers:
        assert PLATFORM.build_operation(begun, JOB).url.startswith("http://graph.test/v26.0/")
        begun = PLATFORM.read_operation(begun, JOB, response)
        begun = replace(begun, data=json.loads(json.dumps(dict(begun.data))))
    return begun


def refusal(begun: Work, *answers: Response) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        walk(begun, *answers)
    return caught.value


def looked(**changes: Any) -> Response:
    status = reel(
        "ready", processing="complete", publishing="complete", publish_status="published"
    ).json()["status"]
    node = {"id": "5001", "permalink_url": "https://www.facebook.com/reel/5001/"}
    return answer({"status": status | changes.pop("status", {}), **node, **changes})


def test_says_what_it_can_do() -> None:
    assert set(CAPABILITIES.operations) == {
        Operation.EDIT,
        Operation.DELETE,
        Operation.CHECK,
        Operation.STATISTICS,
    }
    assert CAPABILITIES.stage is StageBy.COMMIT
    assert CAPABILITIES.schedules == (timedelta(minutes=10), timedelta(days=29))
    with pytest.raises(AssertionError):
        PLATFORM.build_operation(work(Operation.THUMBNAIL), JOB)


# Words


def test_an_edit_posts_the_new_words_fitted_to_the_platform() -> None:
    changes = {"title": "New", "description": "Words", "tags": ["a b"]}
    begun = work(Operation.EDIT, changes=changes)
    request = PLATFORM.build_operation(begun, JOB)
    assert (request.method, request.url) == ("POST", VIDEO)
    assert request.form == {"description": "New\n\nWords\n\n#ab"}
    done = walk(begun, answer({"success": True}))
    assert done.done
    assert done.facts == {"description": "New\n\nWords\n\n#ab"}


def test_an_edit_of_the_tags_alone_keeps_the_words() -> None:
    request = PLATFORM.build_operation(work(Operation.EDIT, changes={"tags": ["new"]}), JOB)
    assert request.form == {"description": "Words #x\n\n#new"}


def test_an_edit_is_believed_without_a_word_of_success() -> None:
    begun = work(Operation.EDIT, changes={"description": "x"})
    assert walk(begun, answer(b"true")).done


def test_nothing_but_words_can_be_changed() -> None:
    with pytest.raises(RemoteError) as caught:
        PLATFORM.build_operation(work(Operation.EDIT, changes={"ai": "yes"}), JOB)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "not_offered")


# Errors that mean the same for each operation


EACH = [
    work(Operation.EDIT, changes={"description": "x"}),
    work(Operation.DELETE),
    work(Operation.CHECK),
    work(Operation.STATISTICS),
]


@pytest.mark.parametrize("begun", EACH, ids=lambda w: w.operation)
def test_a_missing_right_is_not_a_broken_account(begun: Work) -> None:
    error = refusal(begun, graph_error(200))
    assert (error.kind, error.code) == (ErrorKind.REJECTED, "missing_scope")


@pytest.mark.parametrize("begun", EACH, ids=lambda w: w.operation)
def test_a_dead_token_and_a_busy_server_are_what_they_are(begun: Work) -> None:
    assert refusal(begun, graph_error(190, 460)).kind is ErrorKind.AUTH_REVOKED
    assert refusal(begun, graph_error(2)).kind is ErrorKind.TRANSIENT
    assert refusal(begun, graph_error(80001)).kind is ErrorKind.RATE_LIMITED
    assert refusal(begun, answer(b"<html>", 502)).kind is ErrorKind.TRANSIENT


@pytest.mark.parametrize("begun", [EACH[0], EACH[3]], ids=["edit", "statistics"])
def test_what_is_gone_can_be_neither_edited_nor_counted(begun: Work) -> None:
    error = refusal(begun, graph_error(100, 33))
    assert (error.kind, error.code) == (ErrorKind.REJECTED, "gone")


# Removal and looks


@pytest.mark.parametrize("response", [answer({"success": True}), graph_error(100, 33)])
def test_removal_ends_well_also_when_somebody_was_first(response: Response) -> None:
    begun = work(Operation.DELETE)
    assert PLATFORM.build_operation(begun, JOB).method == "DELETE"
    done = walk(begun, response)
    assert (done.done, done.facts) == (True, {"there": False})


@pytest.mark.parametrize(
    ("response", "facts"),
    [
        (looked(), {"visibility": "public", "blocked": ""}),
        (looked(status={"publishing_phase": {"publish_status": "scheduled"}}),
         {"visibility": "scheduled", "blocked": ""}),
        (looked(status={"publishing_phase": {"publish_status": "draft"}}),
         {"visibility": "draft", "blocked": ""}),
        (looked(status={"publishing_phase": {}}, published=True),
         {"visibility": "public", "blocked": ""}),
        (looked(status={"publishing_phase": {}}, published=False),
         {"visibility": "", "blocked": ""}),
        (
            looked(
                status={"copyright_check_status": {"status": "error"}, "publishing_phase": {}}
            ),
            {"visibility": "", "blocked": "its copyright check failed"},
        ),
        (
            looked(status={"copyright_check_status": {"status": "error"}}),
            {"visibility": "public", "blocked": ""},
        ),
        (
            looked(copyright_check_information={"status": {"matches_found": True}}),
            {
                "visibility": "public",
                "blocked": "its copyright check found somebody else's content",
            },
        ),
        (
            looked(status={"processing_phase": {"errors": [{"code": 1363128, "message": "x"}]}}),
            {"visibility": "public", "blocked": "Facebook wants 3 to 90 seconds"},
        ),
        (
            looked(status={"video_status": "error", "publishing_phase": {}}),
            {"visibility": "", "blocked": "Facebook could not publish the video"},
        ),
    ],
)  # fmt: skip
def test_a_look_tells_who_sees_it_and_what_is_held_against_it(
    response: Response, facts: Mapping[str, str]
) -> None:
    done = walk(work(Operation.CHECK), response)
    assert done.done
    assert done.facts["there"] is True
    assert {key: done.facts[key] for key in facts} == facts
    assert done.facts["url"] == "https://www.facebook.com/reel/5001/"


def test_a_video_that_hides_is_looked_for_in_the_list_of_the_page() -> None:
    hidden = walk(work(Operation.CHECK), graph_error(100, 33))
    assert not hidden.done
    url = PLATFORM.build_operation(hidden, JOB).url
    assert url == "http://graph.test/v26.0/900000000000001/video_reels?fields=id&limit=100"
    there = walk(hidden, answer({"data": [{"id": "4"}, {"id": "5001"}]}))
    assert (there.done, there.facts["there"]) == (True, True)
    gone = walk(hidden, answer({"data": [{"id": "4"}]}))
    assert gone.facts == {"there": False, "visibility": "", "blocked": ""}


def test_a_list_that_cannot_be_read_leaves_the_first_answer() -> None:
    done = walk(work(Operation.CHECK), graph_error(100, 33), graph_error(100))
    assert done.facts["there"] is False
    assert refusal(work(Operation.CHECK), graph_error(100, 33), graph_error(2)).kind is (
        ErrorKind.TRANSIENT
    )


# Figures


COUNTED = answer(
    {
        "id": "5001",
        "views": 120,
        "likes": {"data": [], "summary": {"total_count": 7}},
        "comments": {"data": [], "summary": {"total_count": 0}},
    }
)


def actions(value: object) -> Response:
    row = {"name": "post_video_social_actions", "period": "lifetime", "values": [{"value": value}]}
    return answer({"data": [row]})


@pytest.mark.parametrize(
    ("response", "shares"),
    [
        (actions({"SHARE": 3, "LIKE": 7}), 3),
        (actions({"share": 2}), 2),
        (actions({}), None),
        (actions(0), None),
        (answer({"data": []}), None),
        (graph_error(100), None),
        (graph_error(200), None),
        (graph_error(80001), None),
        (answer(b"<html>", 502), None),
    ],
)
def test_figures_are_told_with_or_without_shares(response: Response, shares: int | None) -> None:
    done = walk(work(Operation.STATISTICS, media_ids=("5001",)), COUNTED, response)
    assert done.facts == {"5001": {"views": 120, "likes": 7, "comments": 0, "shares": shares}}


def test_what_is_not_told_is_not_zero() -> None:
    done = walk(work(Operation.STATISTICS), answer({"id": "5001"}), answer({"data": []}))
    assert set(done.facts["5001"].values()) == {None}


def test_a_token_that_dies_on_the_way_is_told() -> None:
    error = refusal(work(Operation.STATISTICS), COUNTED, graph_error(190))
    assert error.kind is ErrorKind.AUTH_REVOKED


# The schedule


def test_a_time_is_handed_over_with_the_finish_call() -> None:
    form = PLATFORM.build_commit(session_at("facebook", Step.COMMIT), LATER).form
    assert form is not None
    assert form["video_state"] == "SCHEDULED"
    assert form["scheduled_publish_time"] == str(int(AT.timestamp()))


@pytest.mark.parametrize(
    "draft", [replace(LATER, privacy=Privacy.PRIVATE), replace(LATER, options={"draft": "yes"})]
)
def test_a_draft_has_no_time(draft: Any) -> None:  # noqa: ANN401 - a job
    form = PLATFORM.build_commit(session_at("facebook", Step.COMMIT), draft).form
    assert form is not None
    assert form["video_state"] == "DRAFT"
    assert "scheduled_publish_time" not in form


def test_a_scheduled_reel_is_done_when_facebook_keeps_the_time() -> None:
    session = session_at("facebook", Step.COMMIT)
    committed = PLATFORM.read_commit(session, LATER, answer({"success": True}))
    waiting = PLATFORM.read_status(committed, LATER, reel("processing", processing="in_progress"))
    assert waiting.pending
    kept = reel("ready", processing="complete", publish_status="scheduled")
    done = PLATFORM.read_status(committed, LATER, kept)
    assert (done.step, done.visibility) == (Step.DONE, "scheduled")
    assert done.media_id == "5001"


def test_a_lost_answer_to_a_scheduled_finish_is_found_again() -> None:
    session = session_at("facebook", Step.COMMIT)
    taken = reel("upload_complete", publish_status="scheduled")
    assert PLATFORM.read_recover(session, LATER, taken).step is Step.STATUS


def late(minutes: float) -> Response:
    now = AT - timedelta(minutes=minutes)
    date = now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return replace(graph_error(100), headers={"date": date})


def test_a_time_that_came_too_near_is_left_to_our_own_scheduler() -> None:
    session = session_at("facebook", Step.COMMIT)
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_commit(session, LATER, late(10))
    assert (caught.value.kind, caught.value.code) == (ErrorKind.TRANSIENT, "too_near")
    for response in (late(11), graph_error(100)):
        with pytest.raises(RemoteError) as caught:
            PLATFORM.read_commit(session, LATER, response)
        assert caught.value.kind is ErrorKind.REJECTED


def test_an_edit_of_a_title_alone_stands_before_the_words() -> None:
    job = replace(JOB, text=FittedText(title="", description="Words"))
    request = PLATFORM.build_operation(work(Operation.EDIT, changes={"title": "T"}), job)
    assert request.form == {"description": "T\n\nWords"}
