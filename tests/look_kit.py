"""Looks without a web site: a scraper that finds what the test says, and a run of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from core.ports import Task
from core.sources.pages.links import Link, LinkKind, PageFinding
from core.sources.pages.looks import Looks
from core.sources.pages.scraper import OnProgress, Scraped, Scraper
from tests.factories import Desk
from workers.looker import LookDeps, Looker

PAGE = "https://example.org/clips"
MIB = 1024 * 1024


def make_links(count: int, **changes: Any) -> list[Link]:
    return [
        Link(
            url=f"https://example.org/v/{number}.mp4",
            title=f"Clip {number}",
            size_bytes=number * MIB,
            duration_seconds=float(number),
            version=f'"{number}"',
            **changes,
        )
        for number in range(1, count + 1)
    ]


def make_stream() -> Link:
    return Link(url="https://example.org/live.m3u8", kind=LinkKind.STREAM, title="Live")


class FakeScraper:
    """Finds what it is given."""

    def __init__(self, links: Sequence[Link] = (), findings: Sequence[PageFinding] = ()) -> None:
        self.links = list(links)
        self.findings = list(findings)
        self.error: Exception | None = None

    async def scrape(
        self, url: str, *, on_progress: OnProgress, measure_seconds: float | None = None
    ) -> Scraped:
        del measure_seconds
        await on_progress(1, len(self.links))
        if self.error is not None:
            raise self.error
        return Scraped(
            url=url,
            title="All clips",
            pages=3,
            links=tuple(self.links),
            findings=tuple(self.findings),
        )


class FakeRun:
    """A run of a look's task that is not asked to leave until the test says so."""

    def __init__(self, look_id: int) -> None:
        self.task = Task(kind="look", key="look", args={"look_id": look_id})
        self.asked = False

    def stopping(self) -> bool:
        return self.asked

    def progress(self) -> None:
        """Nobody listens."""


def make_looker(desk: Desk, scraper: FakeScraper) -> Looker:
    return Looker(
        LookDeps(
            looks=Looks(desk.store, desk.clock, desk.engine),
            posts=desk.posts,
            intake=desk.intake,
            scraper=cast("Scraper", scraper),
            clock=desk.clock,
            timezone="UTC",
        )
    )
