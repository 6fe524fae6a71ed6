"""One look at an address: its pages are read one after another, their links gathered."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import aiohttp

from core.sources.pages.addresses import absolute, digest, host_of, words_of
from core.sources.pages.documents import read_document
from core.sources.pages.fetching import PAGE_SECONDS, Check, Fetcher, Page
from core.sources.pages.links import Link, LinkKind, PageError, PageFinding, Reading
from core.sources.pages.pace import Pace
from core.sources.pages.robots import Robots
from core.sources.pages.sizes import measure
from utils.clock import Clock

MOST_LINKS = 2000
"""Kept of one look."""
MOST_FINDINGS = 50
FAILURES_IN_A_ROW = 3
"""Pages that cannot be read before no more are tried."""
LOOK_SECONDS = 900.0
MEASURE_SECONDS = 30.0
HOSTS_ASKED = 20
"""Hosts of videos whose robots.txt is read."""
WAITING_PAGES = 5000

OnProgress = Callable[[int, int], Awaitable[None]]
"""Told how many pages were read and how many links were found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapeRules:
    """How far a look goes."""

    pages: int = 20
    pace_seconds: float = 1.0
    obey_robots: bool = True
    redirects: int = 5
    links: int = MOST_LINKS
    page_seconds: float = PAGE_SECONDS
    look_seconds: float = LOOK_SECONDS
    measure_seconds: float = MEASURE_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Scraped:
    """What a look found."""

    url: str
    """Where it began, after redirects."""
    title: str
    pages: int
    """How many were read."""
    links: tuple[Link, ...]
    """Each address once, in the order of the pages; streams and broken ones too."""
    findings: tuple[PageFinding, ...]

    @property
    def offered(self) -> list[Link]:
        """Return the links to files that can be taken."""
        return [one for one in self.links if one.kind is LinkKind.VIDEO and not one.trouble]


async def _no_news(pages: int, links: int) -> None:
    del pages, links


class Scraper:
    """Looks at pages; one for a process, so that the pace holds over all looks."""

    def __init__(
        self, *, session: aiohttp.ClientSession, check: Check, clock: Clock, rules: ScrapeRules
    ) -> None:
        self._clock = clock
        self._rules = rules
        self._pace = Pace(clock, rules.pace_seconds)
        self._fetcher = Fetcher(
            session=session,
            check=check,
            pace=self._pace,
            clock=clock,
            redirects=rules.redirects,
            page_seconds=rules.page_seconds,
        )

    async def scrape(
        self,
        url: str,
        *,
        on_progress: OnProgress = _no_news,
        measure_seconds: float | None = None,
    ) -> Scraped:
        """Return what a page, a feed or a sitemap leads to.

        Args:
            url: where to begin.
            on_progress: told after each page.
            measure_seconds: how long sizes are asked for; by default what the rules say.

        Raises:
            PageError: the first page cannot be read; what is wrong with later ones is a finding.
        """
        robots = Robots(self._fetcher.page, self._pace, obey=self._rules.obey_robots)
        look = _Look(self._fetcher, robots, self._rules, self._clock)
        await look.read(require_web(url), on_progress)
        links = await look.allowed()
        seconds = self._rules.measure_seconds if measure_seconds is None else measure_seconds
        links = await measure(links, self._fetcher, self._clock, seconds=seconds)
        return look.result(links)


def require_web(url: str) -> str:
    """Return an address as it is asked for.

    Raises:
        PageError: ``page_bad_url``.
    """
    found = absolute(url, "") if "://" in url else ""
    if not found:
        raise PageError("page_bad_url", url[:200])
    return found


class _Look:
    """One look while it lasts."""

    def __init__(self, fetcher: Fetcher, robots: Robots, rules: ScrapeRules, clock: Clock) -> None:
        self._fetcher = fetcher
        self._robots = robots
        self._rules = rules
        self._clock = clock
        self._links: dict[str, Link] = {}
        self._findings: list[PageFinding] = []
        self._waiting: deque[str] = deque()
        self._known: set[str] = set()
        self._bodies: set[bytes] = set()
        self._pages = 0
        self._url = ""
        self._title = ""

    async def read(self, url: str, on_progress: OnProgress) -> None:
        deadline = self._clock.monotonic() + self._rules.look_seconds
        await self._first(url)
        failures = 0
        while self._waiting and failures < FAILURES_IN_A_ROW:
            await on_progress(self._pages, len(self._links))
            if reason := self._enough(deadline):
                self._note(PageFinding(key=reason, facts={"pages": self._pages}))
                return
            following = self._waiting.popleft()
            try:
                await self._page(following)
                failures = 0
            except PageError as error:
                self._note(error.finding)
                failures += 1
        if self._waiting:
            self._note(PageFinding(key="look_stopped", facts={"pages": self._pages}))

    async def _first(self, url: str) -> None:
        self._known.add(url)
        await self._robots.require(url)
        page = await self._fetcher.page(url)
        await self._require_landing(url, page)
        self._url = page.url
        self._known.add(page.url)
        await self._take(page)

    async def _page(self, url: str) -> None:
        await self._robots.require(url)
        page = await self._fetcher.page(url)
        await self._require_landing(url, page)
        if host_of(page.url) == host_of(self._url):
            await self._take(page)

    async def _require_landing(self, url: str, page: Page) -> None:
        """See that a page may be read also where the redirects led to."""
        if page.url != url:
            await self._robots.require(page.url)

    async def _take(self, page: Page) -> None:
        """Gather what a page says; one that repeats another counts for nothing."""
        mark = hashlib.sha256(page.body).digest()
        if page.body and mark in self._bodies:
            return
        self._bodies.add(mark)
        self._pages += 1
        reading = await asyncio.to_thread(read_document, page)
        self._title = self._title or reading.title
        for finding in reading.findings:
            self._note(finding)
        self._gather(reading)
        self._queue(reading.following)

    def _gather(self, reading: Reading) -> None:
        repeated = Counter(link.title for link in reading.links)
        for link in reading.links:
            # The title of the page says nothing where it stands over several videos.
            is_shared = repeated[link.title] > 1 and link.title == reading.title
            title = "" if is_shared else link.title
            key = digest(link.url)
            if key in self._links:
                self._links[key] = _merged(self._links[key], replace(link, title=title))
            elif len(self._links) < self._rules.links:
                self._links[key] = replace(link, title=title)

    def _queue(self, following: list[str]) -> None:
        for url in following:
            fresh = url not in self._known and host_of(url) == host_of(self._url)
            if fresh and len(self._known) < WAITING_PAGES:
                self._known.add(url)
                self._waiting.append(url)

    def _enough(self, deadline: float) -> str:
        """Return why no more pages are read; empty when they are."""
        if self._pages >= self._rules.pages:
            return "look_pages"
        if len(self._links) >= self._rules.links:
            return "look_links"
        return "look_long" if self._clock.monotonic() >= deadline else ""

    def _note(self, finding: PageFinding) -> None:
        if len(self._findings) < MOST_FINDINGS:
            self._findings.append(finding)

    async def allowed(self) -> list[Link]:
        """Return the links; those that robots.txt of their host keeps out have that trouble."""
        hosts = dict.fromkeys(host_of(link.url) for link in self._links.values())
        asked = set(list(hosts)[:HOSTS_ASKED])
        return [
            link
            if host_of(link.url) not in asked or await self._robots.allows(link.url)
            else replace(link, trouble="robots_forbid")
            for link in self._links.values()
        ]

    def result(self, links: list[Link]) -> Scraped:
        named = [link if link.title else replace(link, title=words_of(link.url)) for link in links]
        return Scraped(
            url=self._url,
            title=self._title,
            pages=self._pages,
            links=tuple(named),
            findings=tuple(self._findings),
        )


def _merged(known: Link, other: Link) -> Link:
    """Return what two places tell of one address."""
    return replace(
        known,
        title=known.title or other.title,
        duration_seconds=known.duration_seconds or other.duration_seconds,
        size_bytes=known.size_bytes if known.size_bytes is not None else other.size_bytes,
    )
