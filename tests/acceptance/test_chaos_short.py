"""A short chaos run with a fixed seed, and proofs that the judge sees what is wrong."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.judge import Sending, judge, read_sendings, resent_parts
from tests.chaos.media import LEAST_BYTES, write_fast, write_late
from tests.chaos.plan import (
    FAST,
    IN_A_LIST,
    LEAST_FAST_BYTES,
    LEAST_LATE_BYTES,
    MIB,
    make_plan,
)
from tests.chaos.run import set_up, tell

SEED = 20261121
PART = 8 * MIB


@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_eight_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    plan = make_plan(
        SEED,
        8,
        posts=4,
        doors=("file", "link"),
        largest=6 * MIB,
        kill_seconds=(0.1, 0.8),
        accounts=True,
    )
    async with set_up(plan, tmp_path) as driver:
        verdict = await driver.run()
    assert verdict.is_good, verdict
    told = tell(driver, plan, verdict)
    assert (told["kills"], told["posts"], told["uploads"]) == (8, 4, 20)


def test_the_same_seed_makes_the_same_plan() -> None:
    doors = ("file", "link", "chat")
    plans = [make_plan(7, 40, posts=20, doors=doors) for _ in range(2)]
    assert plans[0] == plans[1]
    assert plans[0] != make_plan(8, 40, posts=20, doors=doors)
    sizes = sorted(post.size_bytes for post in plans[0].posts)
    assert all(b - a > 32 * 1024 for a, b in pairwise(sizes))


def test_a_plan_with_films_has_all_that_is_to_be_fitted_and_two_lists() -> None:
    doors = ("file", "link", "chat")
    plan = make_plan(41, 30, posts=16, doors=doors, accounts=True, films=True)
    posts = plan.posts
    assert len(posts) == 16
    assert {post.film for post in posts} == {"", "late", FAST}
    counts = Counter(post.door for post in posts)
    assert (counts["batch"], counts["page"]) == (IN_A_LIST, IN_A_LIST)
    assert any(post.is_short for post in posts)
    assert any(post.throttle for post in posts)


def test_films_are_of_their_kind_and_size(tmp_path: Path) -> None:
    late, fast = tmp_path / "late.mp4", tmp_path / "fast.mp4"
    write_late(late, size_bytes=LEAST_LATE_BYTES, seed="1")
    write_fast(fast, size_bytes=LEAST_FAST_BYTES, seed="1")
    assert late.stat().st_size == LEAST_LATE_BYTES
    assert fast.stat().st_size == LEAST_FAST_BYTES
    assert late.read_bytes().index(b"mdat") < late.read_bytes().rindex(b"moov")


def test_every_planned_video_can_be_made() -> None:
    for seed in range(40):
        plan = make_plan(seed, 40, posts=30, doors=("file", "chat", "link"))
        sizes = [post.size_bytes for part in plan.rounds for post in part.posts]
        assert min(sizes) >= LEAST_BYTES


def _published(*rows: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"account": account, "sha256": digest} for account, digest in rows]


def _report(state: str) -> list[dict[str, Any]]:
    upload = {"platform": "youtube", "state": state, "waits_for": "retry"}
    return [{"post_id": 1, "uploads": [upload]}]


def _judge(**changes: Any) -> Any:  # noqa: ANN401 - the verdict, compared below
    given: dict[str, Any] = {
        "wanted": {"abc": "clip"},
        "accounts": ["A", "B"],
        "reports": _report("live"),
        "published": _published(("A", "abc"), ("B", "abc")),
        "journal": [],
        "kills": [],
    }
    return judge(**{**given, **changes})


def test_all_live_is_good() -> None:
    assert _judge().is_good


def test_the_judge_sees_what_is_lost_doubled_or_stuck() -> None:
    assert _judge(published=_published(("A", "abc"))).lost == ["clip is not live on B"]
    doubled = _published(("A", "abc"), ("B", "abc"), ("B", "abc"))
    assert _judge(published=doubled).doubled == ["clip 2 times on B"]
    assert len(_judge(reports=_report("waiting")).stuck) == 1
    assert len(_judge(reports=_report("failed")).lost) == 1
    asking = [{"post_id": 2, "state": "draft", "uploads": []}]
    assert _judge(reports=[*_report("live"), *asking]).stuck == ["post 2 still asks"]


def _sending(seq: int, start: int, received: int, *, failed: bool = False) -> Sending:
    return Sending(
        seq=seq,
        platform="youtube",
        size_bytes=100 * MIB,
        start=start,
        received=received,
        part_bytes=PART,
        has_failed=failed,
    )


def test_parts_that_came_again_are_counted_for_each_kill() -> None:
    sendings = [
        _sending(1, 0, 20 * MIB),
        _sending(5, 16 * MIB, 14 * MIB),
        _sending(9, 10 * MIB, 5 * MIB),
        _sending(10, 15 * MIB, 85 * MIB),
    ]
    key = ("youtube", 100 * MIB)
    assert resent_parts(sendings, [3, 7]) == {(*key, 1): 0.5, (*key, 2): 2.5}


def test_what_a_remote_threw_away_itself_is_not_counted() -> None:
    sendings = [_sending(1, 0, 20 * MIB, failed=True), _sending(2, 0, 100 * MIB)]
    assert resent_parts(sendings, []) == {}


def test_bytes_are_read_from_what_each_remote_journals() -> None:
    def row(seq: int, service: str, step: str, path: str, **headers: str) -> dict[str, Any]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {
            "seq": seq,
            "service": service,
            "step": step,
            "path": path,
            "headers": named,
            "body_size": 50,
            "fault": None,
        }

    rows = [
        row(1, "youtube", "commit", "/", Content_Length="100"),
        row(2, "youtube", "part", "/", Content_Range="bytes 40-99/100", Content_Length="60"),
        row(3, "tiktok_upload", "part", "/video/", Content_Range="bytes 0-99/100"),
        {
            **row(4, "graph_upload", "part", "/ig-api-upload/v26.0/1"),
            "headers": {"Offset": "30", "File_Size": "100"},
        },
        row(5, "telegram", "sendVideo", "/bot1:x/sendVideo", Content_Length="120"),
        row(6, "youtube", "status", "/"),
    ]
    found = [(s.platform, s.start, s.received, s.part_bytes) for s in read_sendings(rows)]
    assert found == [
        ("youtube", 0, 50, PART),
        ("youtube", 40, 50, PART),
        ("tiktok", 0, 50, 100),
        ("instagram", 30, 50, PART),
        ("telegram", 0, 50, 120),
    ]
