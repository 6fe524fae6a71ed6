from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import LiveLimit, Operation, Session, StageBy, Step, Work
from core.platforms.instagram import CAPABILITIES, PLATFORM
from core.posts.models import MediaFacts
from tests.platform_cases import answer, container, graph_error, make_job, session_at
from utils.http import Response

JOB = make_job("instagram")
OWN_LOGIN = make_job("instagram", account={"login": "instagram"})
PERMALINK = "https://www.instagram.com/reel/Cx/"


def work(operation: Operation, **changes: Any) -> Work:
    return Work(operation=operation, media_id="1790", **changes)


def walk(begun: Work, *answers: Response) -> Work:
    for response in answers:
        assert PLATFORM.build_operation(begun, JOB).url.startswith("http://graph.test/v26.0/")
        begun = PLATFORM.read_operation(begun, JOB, response)
    return begun


def refusal(begun: Work, *answers: Response) -> RemoteError:
    with pytest.raises(RemoteError) as caught:
        walk(begun, *answers)
    return caught.value


def metric(name: str, value: object) -> dict[str, object]:
    return {"name": name, "period": "lifetime", "values": [{"value": value}], "id": "1"}


def test_says_what_it_can_do() -> None:
    assert set(CAPABILITIES.operations) == {
        Operation.DELETE,
        Operation.CHECK,
        Operation.STATISTICS,
    }
    assert (CAPABILITIES.stage, CAPABILITIES.schedules) == (StageBy.COMMIT, None)
    with pytest.raises(AssertionError):
        PLATFORM.build_operation(work(Operation.EDIT, changes={"description": "x"}), JOB)


# Removal and looks


@pytest.mark.parametrize(
    "response",
    [
        answer({"success": True, "deleted_id": "1790"}),
        graph_error(100, 33),
        graph_error(24, 2207006),
    ],
)
def test_removal_ends_well_also_when_somebody_was_first(response: Response) -> None:
    begun = work(Operation.DELETE)
    request = PLATFORM.build_operation(begun, JOB)
    assert (request.method, request.url) == ("DELETE", "http://graph.test/v26.0/1790")
    done = walk(begun, response)
    assert (done.done, done.facts) == (True, {"there": False})


def test_what_cannot_be_deleted_is_not_tried_again() -> None:
    assert refusal(work(Operation.DELETE), graph_error(-1, 2207073)).kind is ErrorKind.REJECTED
    with pytest.raises(RemoteError) as caught:
        PLATFORM.build_operation(work(Operation.DELETE), OWN_LOGIN)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "not_offered")


def test_a_look_finds_the_reel_and_its_link() -> None:
    done = walk(work(Operation.CHECK), answer({"id": "1790", "permalink": PERMALINK}))
    assert done.facts == {"there": True, "visibility": "public", "blocked": "", "url": PERMALINK}


def test_a_reel_that_hides_is_looked_for_in_the_list_of_the_account() -> None:
    hidden = walk(work(Operation.CHECK), graph_error(100, 33))
    assert not hidden.done
    url = PLATFORM.build_operation(hidden, JOB).url
    assert url == "http://graph.test/v26.0/17841400000000001/media?fields=id&limit=100"
    there = walk(hidden, answer({"data": [{"id": "2"}, {"id": "1790"}]}))
    assert (there.done, there.facts["there"], there.facts["visibility"]) == (True, True, "public")
    assert walk(hidden, answer({"data": []})).facts["there"] is False
    assert walk(hidden, graph_error(100)).facts["there"] is False
    assert refusal(hidden, graph_error(190)).kind is ErrorKind.AUTH_REVOKED


def test_an_account_of_instagram_login_is_asked_at_its_own_host() -> None:
    request = PLATFORM.build_operation(work(Operation.CHECK), OWN_LOGIN)
    assert request.url.startswith("http://instagram.test/v26.0/1790?")


@pytest.mark.parametrize("operation", CAPABILITIES.operations)
def test_a_reel_without_a_known_id_is_left_alone(operation: Operation) -> None:
    session = Session(step=Step.DONE, remote_id="1800").to_dict()
    begun = Work(operation=operation, media_id="1800", session=session)
    assert refusal(begun, answer({})).code == "no_id"


@pytest.mark.parametrize("operation", CAPABILITIES.operations)
def test_a_missing_right_is_not_a_broken_account(operation: Operation) -> None:
    error = refusal(work(operation), graph_error(10))
    assert (error.kind, error.code) == (ErrorKind.REJECTED, "missing_scope")
    assert refusal(work(operation), graph_error(190, 463)).kind is ErrorKind.AUTH_REVOKED


# Figures


def test_figures_come_from_one_call() -> None:
    begun = work(Operation.STATISTICS, media_ids=("1790",))
    url = PLATFORM.build_operation(begun, JOB).url
    assert url == "http://graph.test/v26.0/1790/insights?metric=views,likes,comments,shares"
    rows = [metric("views", 90), metric("likes", 8), metric("shares", 0)]
    done = walk(begun, answer({"data": rows}))
    assert done.facts == {"1790": {"views": 90, "likes": 8, "comments": None, "shares": 0}}


def test_no_data_is_not_zero() -> None:
    done = walk(work(Operation.STATISTICS), answer({"data": []}))
    assert set(done.facts["1790"].values()) == {None}


def test_a_reel_that_is_gone_has_no_figures() -> None:
    assert refusal(work(Operation.STATISTICS), graph_error(100, 33)).code == "gone"


# What is left


def test_the_publishing_limit_is_read_live() -> None:
    request = PLATFORM.build_live_limits(JOB)
    path = "/17841400000000001/content_publishing_limit?fields=quota_usage,config"
    assert request.url == f"http://graph.test/v26.0{path}"
    told = answer({"data": [{"quota_usage": 2, "config": {"quota_total": 50}}]})
    assert PLATFORM.read_live_limits(JOB, told) == (LiveLimit(name="posts", allowed=50, used=2),)
    assert "posts" in {rule.name for rule in CAPABILITIES.quotas}


@pytest.mark.parametrize("body", [{"data": []}, {"data": [{"quota_usage": 2}]}])
def test_a_limit_without_a_total_says_nothing(body: dict[str, object]) -> None:
    assert PLATFORM.read_live_limits(JOB, answer(body)) == ()


# The container


def form(**options: str) -> dict[str, str]:
    request = PLATFORM.build_begin(Session(stage="create"), replace(JOB, options=options))
    return dict(request.form or {})


def test_a_cover_picture_beats_a_place_in_the_video() -> None:
    assert form(cover="2.5")["thumb_offset"] == "2500"
    both = form(cover="2.5", cover_url="https://media.test/c.jpg")
    assert both["cover_url"] == "https://media.test/c.jpg"
    assert "thumb_offset" not in both


def test_a_cover_behind_the_end_is_refused_before_the_bytes() -> None:
    job = replace(JOB, options={"cover": "30"})
    limit = answer({"data": []})
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_begin(Session(), job, limit)
    assert (caught.value.kind, caught.value.code) == (ErrorKind.REJECTED, "cover")
    unmeasured = replace(job, facts=MediaFacts())
    assert PLATFORM.read_begin(Session(), unmeasured, limit).stage == "create"


def test_a_container_that_expired_while_it_waited_is_made_again() -> None:
    session = session_at("instagram", Step.COMMIT)
    asked = PLATFORM.read_commit(session, JOB, graph_error(24, 2207008))
    assert (asked.step, asked.pending) == (Step.READY, True)
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_status(asked, JOB, container("EXPIRED"))
    assert caught.value.kind is ErrorKind.SESSION_LOST
