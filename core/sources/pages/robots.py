"""What hosts let programs read: robots.txt, kept for one look.

Source: RFC 9309, read 2026-11-21: a file that is not there (4xx) allows everything (2.3.1.3), one
that cannot be reached (5xx, network) allows nothing (2.3.1.4), at least 500 KiB are read (2.5).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from protego import Protego

from core.sources.base import USER_AGENT
from core.sources.pages.addresses import host_of
from core.sources.pages.fetching import Page
from core.sources.pages.links import PageError
from core.sources.pages.pace import Pace

ROBOTS_BYTES = 512 * 1024
FETCH_AT_LEAST = frozenset({"page_unavailable", "page_slow", "page_busy", "page_unreachable"})
"""Troubles after which nothing may be read: what the file says is not known."""

Get = Callable[[str], Awaitable[Page]]


class Robots:
    """Asks each host once what it allows."""

    def __init__(self, get: Get, pace: Pace, *, obey: bool) -> None:
        self._get = get
        self._pace = pace
        self._obey = obey
        self._rules: dict[str, Protego | None] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def allows(self, url: str) -> bool:
        """Return whether a page may be read; its host's wanted pace holds from now on."""
        if not self._obey:
            return True
        rules = await self._rules_of(url)
        return rules is not None and bool(rules.can_fetch(url, USER_AGENT))

    async def require(self, url: str) -> None:
        """Refuse a page that may not be read.

        Raises:
            PageError: ``robots_forbid``, or ``robots_unknown`` where the rules cannot be read.
        """
        if await self.allows(url):
            return
        known = self._rules.get(_root(url)) is not None
        raise PageError("robots_forbid" if known else "robots_unknown", url, host=host_of(url))

    async def _rules_of(self, url: str) -> Protego | None:
        root = _root(url)
        async with self._asking.setdefault(root, asyncio.Lock()):
            if root not in self._rules:
                self._rules[root] = await self._read(root)
            return self._rules[root]

    async def _read(self, root: str) -> Protego | None:
        try:
            page = await self._get(f"{root}/robots.txt")
        except PageError as error:
            return None if error.finding.key in FETCH_AT_LEAST else Protego.parse("")
        text = page.body[:ROBOTS_BYTES].decode("utf-8", "replace")
        rules = Protego.parse(text)
        delay = rules.crawl_delay(USER_AGENT)
        if delay:
            self._pace.widen(host_of(root), float(delay))
        return rules


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
