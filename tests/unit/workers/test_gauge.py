from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from core.platforms.base import Access, Job, LiveLimit, check_job
from core.platforms.instagram import Instagram
from core.ports import NotSentError
from core.posts.models import Upload
from core.store.sqlite import SqliteStore
from tests.clocks import ManualClock
from tests.factories import Desk, make_account, make_desk, make_incoming
from utils.http import Request, Response
from workers.engine.embedded import EmbeddedEngine
from workers.gauge import ASK_SECONDS, Gauge

PLATFORM = Instagram()


class Wire:
    """A transport that gives one answer again and again."""

    def __init__(self, status: int = 200, body: bytes = b"") -> None:
        self.status = status
        self.body = body
        self.asked: list[Request] = []
        self.failure: Exception | None = None

    async def send(
        self, request: Request, body: AsyncIterator[bytes | memoryview] | None = None
    ) -> Response:
        del body
        self.asked.append(request)
        if self.failure is not None:
            raise self.failure
        return Response(status=self.status, headers={}, body=self.body)


@pytest.fixture
async def desk(store: SqliteStore, clock: ManualClock, engine: EmbeddedEngine) -> Desk:
    desk = await make_desk(store, clock, engine, make_account("instagram", "insta"))
    await desk.intake.receive(make_incoming())
    return desk


@pytest.fixture
def wire() -> Wire:
    return Wire(body=b'{"data":[{"quota_usage":50,"config":{"quota_total":50}}]}')


def job() -> Job:
    access = Access(remote_id="17", access_token="token")
    endpoints = {"graph": "http://127.0.0.1:1", "instagram": "http://127.0.0.1:1"}
    return check_job(access, endpoints, PLATFORM.capabilities)


async def told(desk: Desk) -> dict[str, Any]:
    rows = await desk.store.all("quotas.live", scope="account:1")
    return {row["name"]: (row["used"], row["allowed"]) for row in rows}


async def upload(desk: Desk) -> Upload:
    return await desk.posts.require_upload(1)


async def test_the_answer_is_kept_and_holds(desk: Desk, wire: Wire) -> None:
    gauge = Gauge(desk.posts, wire, desk.clock)
    await gauge.ask(PLATFORM, job(), await upload(desk))
    assert await told(desk) == {"posts": (50, 50)}
    _, lack = await desk.posts.reserve(await desk.posts.start(1))
    assert lack is not None
    assert lack.rule.name == "posts"


async def test_it_asks_once_in_ten_minutes_unless_it_has_to_know(desk: Desk, wire: Wire) -> None:
    gauge, one = Gauge(desk.posts, wire, desk.clock), await upload(desk)
    for _ in range(3):
        await gauge.ask(PLATFORM, job(), one)
    assert len(wire.asked) == 1
    await gauge.ask(PLATFORM, job(), one, at_once=True)
    await desk.clock.advance(600)
    await gauge.ask(PLATFORM, job(), one)
    assert len(wire.asked) == 3
    assert all(request.timeout_seconds <= ASK_SECONDS for request in wire.asked)


@pytest.mark.parametrize("failure", [NotSentError("no network"), None])
async def test_no_answer_keeps_nobody_from_going(
    desk: Desk, wire: Wire, failure: Exception | None
) -> None:
    wire.failure, wire.status, wire.body = failure, 500, b"oops"
    gauge = Gauge(desk.posts, wire, desk.clock)
    await gauge.ask(PLATFORM, job(), await upload(desk))
    assert await told(desk) == {}
    _, lack = await desk.posts.reserve(await desk.posts.start(1))
    assert lack is None


def usage(percent: int, minutes: int = 0) -> Response:
    value = (
        f'{{"17":[{{"type":"instagram","call_count":{percent},'
        f'"estimated_time_to_regain_access":{minutes}}}]}}'
    )
    return Response(status=200, headers={"x-business-use-case-usage": value}, body=b"{}")


async def test_headers_are_written_down_when_they_are_news(
    desk: Desk, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[tuple[LiveLimit, ...]] = []
    take_live = desk.posts.take_live

    async def take(one: Upload, limits: tuple[LiveLimit, ...]) -> None:
        kept.append(limits)
        await take_live(one, limits)

    monkeypatch.setattr(desk.posts, "take_live", take)
    gauge, one = Gauge(desk.posts, wire, desk.clock), await upload(desk)
    for percent in (20, 24, 31, 31):
        await gauge.hear(PLATFORM, one, usage(percent))
    assert len(kept) == 2
    await desk.clock.advance(600)
    await gauge.hear(PLATFORM, one, usage(31))
    assert len(kept) == 3
    assert await told(desk) == {"business_calls": (31, 100)}


async def test_a_block_that_a_header_tells_holds_until_it_is_over(desk: Desk, wire: Wire) -> None:
    gauge = Gauge(desk.posts, wire, desk.clock)
    await gauge.hear(PLATFORM, await upload(desk), usage(100, minutes=30))
    waiting, lack = await desk.posts.reserve(await desk.posts.start(1))
    assert lack is not None
    assert waiting.until_at == desk.clock.now() + timedelta(minutes=30)
