"""A pull of many videos of a page over throttled links, against one after another."""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from bot.app import App
from bot.pulling import pull
from tests.bench.results import Result, at_least, at_most, reference
from tests.bench.world import (
    HOST,
    StandIns,
    child,
    make_video,
    settings_for,
    stand_ins,
    taken_at,
)
from tests.bench.world import running as karvon
from utils.clock import SystemClock

MB = 1_000_000
VIDEOS = 200
SMALLEST, LARGEST = 0.3 * MB, 5 * MB
RATE = 4 * MB
"""Bytes a second of the link to the web site, and of the one to the platform."""
REFERENCE_SHARE = 8
"""The slower way is measured with every eighth video at the same rates."""
SECONDS = 300.0
MANY = 100_000

JSON = dict[str, Any]


def sizes(count: int) -> list[int]:
    """Return mixed sizes, as many small ones as large ones, in no order."""
    steps = math.log(LARGEST / SMALLEST) / max(1, count - 1)
    ordered = [int(SMALLEST * math.exp(steps * number)) for number in range(count)]
    return [ordered[number * 77 % count] for number in range(count)]


def run() -> list[Result]:
    return asyncio.run(_run())


async def _run() -> list[Result]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        every, some = sizes(VIDEOS), sizes(VIDEOS)[::REFERENCE_SHARE]
        _make_page(folder, "all", every)
        _make_page(folder, "some", some)
        seconds = await _measure(folder, "all", {})
        one_by_one = await _measure(
            folder, "some", {"mode": "sequential", "use_streaming_upload": False}
        )
    limit, some_limit = sum(every) / RATE, sum(some) / RATE
    how = (
        f"`pull` of {VIDEOS} videos of {SMALLEST / MB:g} to {LARGEST / MB:g} MB from a page to "
        f"YouTube, both links {RATE / MB:g} MB/s, reading the page included"
    )
    return [
        at_most(
            "pull.wall",
            seconds / limit,
            1.1,
            method=f"{how}, until the last byte was accepted, ÷ all bytes over one link",
        ),
        at_least(
            "pull.throughput",
            (sum(every) / seconds) / (sum(some) / one_by_one),
            1.8,
            method=(
                f"{how}: bytes a second ÷ those of download, then upload, one after another "
                f"(every {REFERENCE_SHARE}th video)"
            ),
        ),
        reference(
            "pull.sequential",
            one_by_one / some_limit,
            method="one after another ÷ its bytes over one link",
        ),
    ]


def _make_page(folder: Path, name: str, lengths: Sequence[int]) -> None:
    for number, length in enumerate(lengths):
        make_video(folder / f"{name}-{number}.mp4", length)
    links = "".join(f'<a href="{name}-{n}.mp4">Clip {n}</a>' for n in range(len(lengths)))
    (folder / f"{name}.html").write_text(f"<html><body>{links}</body></html>")


async def _measure(folder: Path, name: str, changes: JSON) -> float:
    async with (
        stand_ins() as remotes,
        child("tests.bench.origin", str(folder), str(RATE)) as (_, origin),
    ):
        await _prepare(remotes)
        home = Path(tempfile.mkdtemp(prefix="karvon-", dir=folder))
        settings = settings_for(
            remotes.settings,
            home,
            download_concurrency=8,
            upload_workers=8,
            uploads={"per_channel_a_day": MANY},
            quotas={"limits": {"youtube.video_uploads": MANY, "youtube.units": MANY}},
            sources={"allowed_hosts": [HOST]},
            scrape={"pace_seconds": 0},
            **changes,
        )
        async with karvon(settings) as app:
            return await _pull(app, f"{origin['base']}/{name}.html")


async def _prepare(remotes: StandIns) -> None:
    await remotes.rates({"youtube": {"up": float(RATE)}})
    for bucket in ("uploads", "units"):
        await remotes.option(f"{bucket}_per_day", MANY, service="youtube")


async def _pull(app: App, url: str) -> float:
    """Return the seconds from the command until the last byte was accepted."""
    clock = SystemClock()
    started = clock.now()
    request = {"url": url, "caption": "A benchmark {title}\nto: youtube"}
    items: list[JSON] = []
    end: JSON = {}
    async with asyncio.timeout(SECONDS), aclosing(pull(app.parts, request)) as answers:
        async for answer in answers:
            items += answer.get("items", [])
            end = answer
    if end["end"]["live"] != end["end"]["links"]:
        raise RuntimeError(f"not all are live: {end['end']}")
    taken = [await taken_at(app, int(item["post_id"])) for item in items]
    return (max(taken) - started).total_seconds()
