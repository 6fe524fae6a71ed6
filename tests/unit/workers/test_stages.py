from __future__ import annotations

from typing import Any, cast

import pytest

from core.platforms.base import Step
from core.posts.measuring import Measuring, Stage
from core.posts.models import Upload
from tests.clocks import ManualClock
from utils.http import Request, Span
from workers.stages import LEAST_SECONDS, Stages

PLAIN = Request(method="POST", url="https://example.org/")
BYTES = Request(method="PUT", url="https://example.org/", span=Span(start=0, end=10))


class Book:
    """Keeps what is measured."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, float, int]] = []

    def measure(self, stage: str, seconds: float, **more: Any) -> None:
        self.rows.append((stage, more["detail"], round(seconds, 3), more["bytes"]))


class Of:
    id, post_id, platform = 1, 1, "youtube"


def told(stages: Stages) -> list[tuple[str, str, float, int]]:
    book, upload = Book(), Of()
    stages.tell(cast("Measuring", book), cast("Upload", upload))
    return sorted(book.rows)


async def spend(stages: Stages, clock: ManualClock, request: Request, step: Step) -> None:
    with stages.request(request, step):
        await clock.advance(2)


async def test_requests_add_up_by_their_stage_and_are_told_once(clock: ManualClock) -> None:
    stages = Stages(clock)
    for step in (Step.BEGIN, Step.BEGIN, Step.COMMIT, Step.STATUS):
        await spend(stages, clock, PLAIN, step)
    await spend(stages, clock, BYTES, Step.PARTS)
    stages.count(Stage.SEND, 10)
    assert told(stages) == [("begin", "", 4, 0), ("commit", "", 2, 0), ("send", "", 2, 10)]
    assert told(stages) == []


async def test_a_request_that_fails_counts_as_well(clock: ManualClock) -> None:
    stages = Stages(clock)
    with pytest.raises(OSError, match="gone"), stages.request(PLAIN, Step.BEGIN):
        await clock.advance(5)
        raise OSError("gone")
    assert told(stages) == [("begin", "", 5, 0)]


async def test_sending_leaves_out_the_wait_for_the_source(clock: ManualClock) -> None:
    stages = Stages(clock)
    with stages.request(BYTES, Step.PARTS):
        stages.asks(grows=True)
        await clock.advance(6)
        stages.came()
        await clock.advance(2)
    assert told(stages) == [("send", "", 2, 0), ("wait", "source", 6, 0)]


async def test_reading_a_whole_file_is_no_wait_unless_it_is_held(clock: ManualClock) -> None:
    stages = Stages(clock)
    stages.asks(grows=False)
    await clock.advance(LEAST_SECONDS / 2)
    stages.came()
    assert told(stages) == []
    stages.asks(grows=False)
    await clock.advance(3)
    stages.came()
    assert told(stages) == [("wait", "source", 3, 0)]


async def test_asking_where_to_go_on_counts_only_where_something_was_sent(
    clock: ManualClock,
) -> None:
    stages = Stages(clock)
    await spend(stages, clock, PLAIN, Step.PARTS)
    assert told(stages) == []
    await spend(stages, clock, PLAIN, Step.PARTS)
    stages.count(Stage.RESUME, 0)
    assert told(stages) == [("resume", "", 2, 0)]
