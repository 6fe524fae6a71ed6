"""The pace of hosts, waiting times that servers ask for, and packed bytes."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta
from email.utils import format_datetime

import pytest

from core.sources.pages.addresses import absolute, file_name, is_video, one_line, words_of
from core.sources.pages.fetching import RETRY_SECONDS, retry_after, unpack
from core.sources.pages.jsonld import seconds
from core.sources.pages.pace import LONGEST_PAUSE_SECONDS, Pace
from tests.clocks import ManualClock


async def ask(pace: Pace, clock: ManualClock, host: str, asked: list[float]) -> None:
    async with pace.turn(host):
        asked.append(clock.monotonic())


async def test_requests_to_one_host_are_apart() -> None:
    clock, asked = ManualClock(), list[float]()
    pace = Pace(clock, 2.0)
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(ask(pace, clock, "a", asked))
        group.create_task(ask(pace, clock, "b", asked))
        await clock.sleepers(2)
        await clock.advance(10)
    assert sorted(asked) == [0.0, 0.0, 2.0, 4.0]


async def test_a_host_may_want_more_but_not_for_ever() -> None:
    clock, asked = ManualClock(), list[float]()
    pace = Pace(clock, 1.0)
    pace.widen("a", 1e9)
    pace.hold("a", 5.0)
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(ask(pace, clock, "a", asked))
        await clock.sleepers(2)
        await clock.advance(60)
    assert asked == [5.0, 5.0 + LONGEST_PAUSE_SECONDS]


def test_waiting_times() -> None:
    clock = ManualClock()
    date = format_datetime(clock.now() + timedelta(seconds=90), usegmt=True)
    assert retry_after("12", clock) == 12.0
    assert retry_after(date, clock) == 90.0
    assert retry_after("", clock) == RETRY_SECONDS
    assert retry_after("soon", clock) == RETRY_SECONDS
    assert retry_after("Mon, 01 Jan 99999999999 00:00:00 GMT", clock) == RETRY_SECONDS
    assert retry_after("Mon, 01 Jan 1990 00:00:00 GMT", clock) == 0.0


def test_no_more_is_unpacked_than_wanted() -> None:
    assert unpack(gzip.compress(b"x" * 1000), limit=10) == (b"x" * 10, True)
    assert unpack(gzip.compress(b"x" * 10), limit=10) == (b"x" * 10, False)
    with pytest.raises(ValueError, match="gzip"):
        unpack(b"no gzip at all")


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("b.mp4", "https://example.org/a/b.mp4"),
        ("/b.mp4#t=3", "https://example.org/b.mp4"),
        ("//cdn.example.org:443/b.mp4", "https://cdn.example.org/b.mp4"),
        ("HTTP://EXAMPLE.org:80/B.mp4", "http://example.org/B.mp4"),
        ("b c.mp4", "https://example.org/a/b%20c.mp4"),
        ("http://[::1]:8080/x.mp4", "http://[::1]:8080/x.mp4"),
        ("javascript:x", ""),
        ("http://a:b@c/x.mp4", ""),
        ("http://[::1/x.mp4", ""),
    ],
)
def test_addresses(reference: str, url: str) -> None:
    assert absolute("https://example.org/a/page.html", reference) == url


def test_names() -> None:
    assert words_of("https://example.org/my_first-clip%20a.mp4") == "my first clip a"
    assert file_name("https://example.org/play?id=3", "video/webm") == "play.webm"
    assert one_line("a\u202eb\n\tc") == "a b c"
    assert is_video("https://example.org/x", "Video/MP4; codecs=x")
    assert not is_video("https://example.org/x.mp4.html")


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT1M30S", 90.0),
        ("P1DT1S", 86401.0),
        ("PT0S", None),
        ("1:30", None),
        (12, 12.0),
        (True, None),
    ],
)
def test_lengths(text: object, length: float | None) -> None:
    assert seconds(text) == length
