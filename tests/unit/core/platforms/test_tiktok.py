from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import ErrorKind, RemoteError
from core.platforms.base import PART_BYTES, Session, Step
from core.platforms.tiktok import LINK_POLLS, MODERATION, PLATFORM, chunk_start, plan_parts
from core.posts.models import MediaFacts, Privacy
from tests.platform_cases import CREATOR, SIZE, answer, make_job, ok, session_at
from utils.http import JSON, Span

JOB = make_job("tiktok")
INIT = PLATFORM.read_begin(Session(), JOB, CREATOR)


def init_body(**changes: object) -> JSON:
    request = PLATFORM.build_begin(INIT, replace(JOB, **changes))  # type: ignore[arg-type]
    assert request.json is not None
    return request.json


@pytest.mark.parametrize(
    ("size", "chunk", "count"),
    [
        (1, 1, 1),
        (4_194_304, 4_194_304, 1),
        (64_000_000, 64_000_000, 1),
        (64_000_001, 32_000_000, 2),
        (100_000_000, 32_000_000, 3),
        (4_294_967_296, 32_000_000, 134),
    ],
)
def test_plans_as_few_chunks_as_the_rules_allow(size: int, chunk: int, count: int) -> None:
    plan = plan_parts(size)
    assert (plan.chunk_bytes, plan.count) == (chunk, count)


def test_takes_chunks_whole() -> None:
    assert chunk_start(31_999_999, SIZE, 32_000_000) == 0
    assert chunk_start(32_000_001, SIZE, 32_000_000) == 32_000_000
    assert chunk_start(69_999_999, SIZE, 32_000_000) == 32_000_000
    assert chunk_start(SIZE, SIZE, 32_000_000) == SIZE


def test_announces_the_plan_that_it_then_sends() -> None:
    assert init_body()["source_info"] == {
        "source": "FILE_UPLOAD",
        "video_size": SIZE,
        "chunk_size": 32_000_000,
        "total_chunk_count": 2,
    }
    first = PLATFORM.next_span(session_at("tiktok", Step.PARTS), JOB)
    assert first == Span(start=0, end=32_000_000)
    second = PLATFORM.next_span(replace(session_at("tiktok", Step.PARTS), offset=first.end), JOB)
    assert second == Span(start=32_000_000, end=SIZE)


def test_a_chunk_names_its_place_and_no_token() -> None:
    session = session_at("tiktok", Step.PARTS)
    request = PLATFORM.build_part(session, JOB, Span(start=0, end=32_000_000))
    assert request.headers["Content-Range"] == f"bytes 0-31999999/{SIZE}"
    assert request.headers["Content-Length"] == "32000000"
    assert request.headers["Content-Type"] == "video/mp4"
    assert "Authorization" not in request.headers


def test_respects_what_the_creator_switched_off_and_what_the_person_asks() -> None:
    post = init_body(options={"duet": "no", "ai": "yes", "cover": "1.5"})["post_info"]
    assert post["privacy_level"] == "PUBLIC_TO_EVERYONE"
    assert post["disable_comment"] is True
    assert post["disable_duet"] is True
    assert post["disable_stitch"] is False
    assert post["is_aigc"] is True
    assert post["video_cover_timestamp_ms"] == 1500


def test_says_which_privacy_is_offered() -> None:
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_begin(Session(), replace(JOB, privacy=Privacy.FOLLOWERS), CREATOR)
    assert caught.value.kind is ErrorKind.REJECTED
    assert caught.value.message.endswith("only: public, friends, private")


def test_refuses_a_video_that_is_too_long_for_this_creator() -> None:
    job = replace(JOB, facts=MediaFacts(duration_seconds=301.0))
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_begin(Session(), job, CREATOR)
    assert caught.value.kind is ErrorKind.REJECTED
    assert "300 s" in caught.value.message


@pytest.mark.parametrize("last", [31_999_999, 32_000_000])
def test_reads_the_progress_as_last_index_and_as_count(last: int) -> None:
    response = answer(b"", 206, {"content-range": f"bytes 0-{last}/{SIZE}"})
    session = PLATFORM.read_part(
        session_at("tiktok", Step.PARTS), JOB, Span(start=0, end=32_000_000), response
    )
    assert (session.step, session.offset) == (Step.PARTS, 32_000_000)


def test_trusts_the_span_where_the_answer_names_no_progress() -> None:
    session = PLATFORM.read_part(
        session_at("tiktok", Step.PARTS), JOB, Span(start=0, end=32_000_000), answer(b"", 206)
    )
    assert session.offset == 32_000_000


def test_finds_its_place_again_from_a_416() -> None:
    response = answer(b"", 416, {"content-range": f"bytes 0-31999999/{SIZE}"})
    session = PLATFORM.read_part(
        session_at("tiktok", Step.PARTS), JOB, Span(start=0, end=32_000_000), response
    )
    assert session.offset == 32_000_000


def test_a_416_that_names_the_same_place_is_not_repeated_at_once() -> None:
    session = replace(session_at("tiktok", Step.PARTS), offset=32_000_000)
    response = answer(b"", 416, {"content-range": f"bytes 0-31999999/{SIZE}"})
    with pytest.raises(RemoteError) as caught:
        PLATFORM.read_part(session, JOB, Span(start=32_000_000, end=SIZE), response)
    assert caught.value.kind is ErrorKind.TRANSIENT


@pytest.mark.parametrize(
    ("privacy", "visibility"), [(Privacy.PRIVATE, "private"), (Privacy.FOLLOWERS, "followers")]
)
def test_a_post_that_is_not_public_is_done_without_a_link(
    privacy: Privacy, visibility: str
) -> None:
    levels = ["FOLLOWER_OF_CREATOR", "SELF_ONLY"]
    job = replace(JOB, privacy=privacy)
    creator = ok({"creator_username": "ann", "privacy_level_options": levels})
    begun = PLATFORM.read_begin(Session(), job, creator)
    session = replace(begun, step=Step.STATUS, remote_id="v_pub_file~1")
    done = PLATFORM.read_status(session, job, ok({"status": "PUBLISH_COMPLETE"}))
    assert (done.step, done.visibility, done.url) == (Step.DONE, visibility, "")


def test_a_public_post_waits_for_its_link_but_not_for_ever() -> None:
    session = session_at("tiktok", Step.STATUS)
    complete = ok({"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": []})
    for _ in range(LINK_POLLS):
        session = PLATFORM.read_status(session, JOB, complete)
        assert (session.step, session.pending) == (Step.STATUS, True)
    session = PLATFORM.read_status(session, JOB, complete)
    assert (session.step, session.visibility, session.url) == (Step.DONE, MODERATION, "")


def test_ids_as_strings_and_numbers_make_the_same_link() -> None:
    urls = set()
    for video_id in (7512345678901234567, "7512345678901234567"):
        data = {"status": "PUBLISH_COMPLETE", "publicaly_available_post_id": [video_id]}
        urls.add(PLATFORM.read_status(session_at("tiktok", Step.STATUS), JOB, ok(data)).url)
    assert urls == {"https://www.tiktok.com/@ann/video/7512345678901234567"}


def test_http_200_alone_is_no_success() -> None:
    body = {"data": {"publish_id": "x", "upload_url": "https://x"}, "error": {"code": "odd"}}
    with pytest.raises(RemoteError):
        PLATFORM.read_begin(INIT, JOB, answer(body))


@pytest.mark.parametrize(
    ("size", "wanted", "chunk", "count"),
    [
        (13_000_000, 6_000_000, 6_000_000, 2),
        (11_000_000, 6_000_000, 11_000_000, 1),
        (200_000_000, 64_000_000, 32_000_000, 6),
        (200_000_000, 6_000_000, 6_000_000, 33),
    ],
)
def test_a_wanted_chunk_is_taken_where_it_cuts_at_all(
    size: int, wanted: int, chunk: int, count: int
) -> None:
    plan = plan_parts(size, wanted)
    assert (plan.chunk_bytes, plan.count) == (chunk, count)


def test_a_wanted_chunk_is_announced_and_kept() -> None:
    job = replace(JOB, size_bytes=13_000_000, options={PART_BYTES: "6000000"})
    request = PLATFORM.build_begin(INIT, job)
    assert request.json is not None
    assert request.json["source_info"] == {
        "source": "FILE_UPLOAD",
        "video_size": 13_000_000,
        "chunk_size": 6_000_000,
        "total_chunk_count": 2,
    }


@pytest.mark.parametrize(
    ("asked", "taken"),
    [("1", 5_242_880), ("6000000", 6_000_000), ("99999999", 64_000_000), ("", None), ("x", None)],
)
def test_a_wanted_size_of_parts_keeps_the_rules(asked: str, taken: int | None) -> None:
    assert PLATFORM.capabilities.parts.wanted({PART_BYTES: asked}) == taken
