"""Fetching one page: few bytes, a short time, and only from where it is allowed."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from core.errors import SourceError
from core.sources.pages.addresses import bare_type, host_of
from core.sources.pages.links import PageError, PageFinding
from core.sources.pages.pace import Pace
from utils.clock import Clock

PAGE_BYTES = 10 * 1024 * 1024
"""What is read of a page at most, as it comes and unpacked."""
UNPACKED_BYTES = 50 * 1024 * 1024
"""Of a packed sitemap. Source: sitemaps.org/protocol.html, 2026-11-21: at most 50 MB unpacked."""
PAGE_SECONDS = 30.0
"""A page that takes longer is given up."""
HEAD_SECONDS = 15.0
TRIES = 3
RETRY_SECONDS = 2.0
LONGEST_RETRY_AFTER = 60.0
"""A host that wants to be left alone for longer is left alone."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)

Check = Callable[[str], URL]
"""Returns an address as it is asked; raises a `SourceError` for one that must not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came from an address; ``body`` may be cut, which is then a finding."""

    url: str
    """Where the redirects ended."""
    media_type: str
    charset: str
    """As the server declares it; empty when it does not."""
    body: bytes
    headers: Mapping[str, str]
    findings: tuple[PageFinding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The head of an answer."""

    url: str
    status: int
    headers: Mapping[str, str]


class Fetcher:
    """Asks for pages, in the pace of their hosts; each request is checked, redirects too."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        check: Check,
        pace: Pace,
        clock: Clock,
        redirects: int = 5,
        page_seconds: float = PAGE_SECONDS,
    ) -> None:
        self._session = session
        self._check = check
        self._pace = pace
        self._clock = clock
        self._redirects = redirects
        self._page_seconds = page_seconds

    async def page(self, url: str) -> Page:
        """Return a page; one that is busy or broken for a moment is asked again.

        Raises:
            PageError: it cannot be had; its finding says why.
        """
        for number in range(1, TRIES + 1):
            try:
                return await self._once(url)
            except _LaterError as error:
                if number == TRIES or error.seconds > LONGEST_RETRY_AFTER:
                    raise PageError(error.key, url, **error.facts) from error
                self._pace.hold(host_of(url), error.seconds)
        raise AssertionError("the last try returns or raises")

    async def head(self, url: str) -> Answer:
        """Ask for the head of a file: HEAD, then one byte where that tells no size.

        Raises:
            PageError: it cannot be had.
        """
        try:
            answer = await self._head(url, "HEAD", {})
            if answer.status < 400 and answer.headers.get("content-length"):
                return answer
            return await self._head(url, "GET", {"range": "bytes=0-0"})
        except _LaterError as error:
            self._pace.hold(host_of(url), min(error.seconds, LONGEST_RETRY_AFTER))
            raise PageError(error.key, url, **error.facts) from error

    async def _head(self, url: str, method: str, headers: dict[str, str]) -> Answer:
        response = await self._ask(url, method, headers, HEAD_SECONDS)
        try:
            if response.status in {429, 503}:
                raise _later(response, self._clock)
            return Answer(
                url=str(response.url), status=response.status, headers=_lowered(response.headers)
            )
        finally:
            response.close()

    async def _once(self, url: str) -> Page:
        response = await self._ask(url, "GET", {}, self._page_seconds)
        try:
            return await self._read(response)
        finally:
            response.close()

    async def _ask(
        self, url: str, method: str, headers: dict[str, str], seconds: float
    ) -> aiohttp.ClientResponse:
        """Return the answer at the end of the redirects."""
        for _ in range(self._redirects + 1):
            address = self._require_allowed(url)
            async with self._pace.turn(host_of(url)):
                response = await self._request(address, method, headers, seconds)
            if response.status not in REDIRECTS:
                return response
            response.close()
            url = _onward(url, response.headers.get("location", "").strip())
        raise PageError("page_redirects", url)

    async def _request(
        self, address: URL, method: str, headers: dict[str, str], seconds: float
    ) -> aiohttp.ClientResponse:
        """Ask once; the time counts until the last byte, so that nothing drips for ever."""
        url = str(address)
        try:
            return await self._session.request(
                method,
                address,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=10.0),
            )
        except SourceError as error:
            raise PageError(_key(error), url, **error.facts) from error
        except (aiohttp.InvalidURL, ValueError) as error:
            raise PageError("page_bad_url", url) from error
        except TimeoutError as error:
            raise PageError("page_slow", url) from error
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(error.__cause__, SourceError):
                raise PageError(_key(error.__cause__), url, **error.__cause__.facts) from error
            raise PageError("page_unreachable", url, why=type(error).__name__) from error

    def _require_allowed(self, url: str) -> URL:
        try:
            return self._check(url)
        except SourceError as error:
            raise PageError(_key(error), url, **error.facts) from error

    async def _read(self, response: aiohttp.ClientResponse) -> Page:
        url = str(response.url)
        _require_page(response, url, self._clock)
        kind = bare_type(response.headers.get("content-type", ""))
        headers = _lowered(response.headers)
        if kind.startswith("video/") or is_file(response):
            return Page(url=url, media_type=kind, charset="", body=b"", headers=headers)
        body, is_cut = await _body(response, url)
        declared = _CHARSET.search(response.headers.get("content-type", ""))
        return Page(
            url=url,
            media_type=kind,
            charset=declared[1] if declared else "",
            body=body,
            headers=headers,
            findings=(PageFinding(key="page_cut", url=url),) if is_cut else (),
        )


class _LaterError(Exception):
    """The host wants to be asked later."""

    def __init__(self, key: str, seconds: float, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.seconds = seconds
        self.facts = facts


def _onward(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise PageError("page_bad_url", location[:200]) from error


def is_file(response: aiohttp.ClientResponse) -> bool:
    """Return whether the answer is to be saved and not read."""
    kind = bare_type(response.headers.get("content-type", ""))
    disposition = response.headers.get("content-disposition", "").lower()
    return disposition.startswith("attachment") and kind == "application/octet-stream"


def unpack(body: bytes, *, limit: int = UNPACKED_BYTES) -> tuple[bytes, bool]:
    """Return what is packed by gzip, at most ``limit`` bytes of it, and whether there is more.

    Raises:
        ValueError: it is not packed so, or damaged.
    """
    machine = zlib.decompressobj(wbits=31)
    try:
        text = machine.decompress(body, limit + 1)
    except zlib.error as error:
        raise ValueError("not gzip") from error
    return text[:limit], len(text) > limit


async def _body(response: aiohttp.ClientResponse, url: str) -> tuple[bytes, bool]:
    """Read as much as is kept of a page; also return whether there was more."""
    pieces, length = [], 0
    try:
        async for piece in response.content.iter_any():
            pieces.append(piece)
            length += len(piece)
            if length > PAGE_BYTES:
                break
    except (aiohttp.ClientError, OSError) as error:
        if isinstance(error, TimeoutError):
            raise PageError("page_slow", url) from error
        if not length:
            raise _LaterError("page_broken", RETRY_SECONDS) from error
        return b"".join(pieces), True
    body, is_cut = b"".join(pieces)[:PAGE_BYTES], length > PAGE_BYTES
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding in {"", "identity"}:
        return body, is_cut
    if coding not in {"gzip", "x-gzip"}:
        raise PageError("page_encoded", url, coding=coding[:20])
    try:
        unpacked, more = await asyncio.to_thread(unpack, body, limit=PAGE_BYTES)
    except ValueError as error:
        raise PageError("page_broken", url) from error
    return unpacked, is_cut or more


def _require_page(response: aiohttp.ClientResponse, url: str, clock: Clock) -> None:
    """Refuse an answer that is no page.

    Raises:
        PageError: for good.
        _LaterError: for now.
    """
    status = response.status
    if status in {429, 503}:
        raise _later(response, clock)
    if status in {408, 425} or status >= 500:
        raise _LaterError("page_unavailable", RETRY_SECONDS, status=status)
    if status in {401, 402, 403, 407, 451}:
        raise PageError("page_forbidden", url, status=status)
    if status in {404, 410}:
        raise PageError("page_gone", url, status=status)
    if status not in {200, 203, 206}:
        raise PageError("page_status", url, status=status)


def _later(response: aiohttp.ClientResponse, clock: Clock) -> _LaterError:
    seconds = retry_after(response.headers.get("retry-after", ""), clock)
    return _LaterError("page_busy", seconds, status=response.status, wait=round(seconds))


def retry_after(value: str, clock: Clock) -> float:
    """Return the seconds of a ``Retry-After``, a number or a date. Source: RFC 9110, 10.2.3."""
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return RETRY_SECONDS
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - clock.now()).total_seconds())


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _key(error: SourceError) -> str:
    """Return the finding for an address that must not be asked."""
    return "page_bad_url" if error.key == "bad_url" else "page_private"
