"""One address opened: redirects followed, the answer judged, its bytes watched on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from core.errors import SourceError
from core.sources.base import CHUNK_BYTES
from core.sources.guard import bad_url
from core.sources.heads import Head, range_headers, read_head

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
LEAST_BYTES = 16 * 1024
"""A link that brings less than this in the time of a stall is as good as silent."""
NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRules:
    """What a download may cost."""

    redirects: int = 5
    max_bytes: int = 0
    """Largest file; 0 for no limit."""
    stall_seconds: float = 60.0
    """So long a server may be silent, or all but silent."""


DEFAULT_RULES = FetchRules()


class HttpStream:
    """An answer that is being read; closed by whoever opened it."""

    local_path = ""

    def __init__(
        self, response: aiohttp.ClientResponse, head: Head, rules: FetchRules, url: str = ""
    ) -> None:
        self._response = response
        self._rules = rules
        self.size = head.size
        self.start = head.start
        self.version = head.version
        self.filename = head.filename
        self.duplicates = _absolute(url, head.duplicates)

    async def chunks(self) -> AsyncIterator[bytes]:
        if self.size is not None and self.start >= self.size:
            return
        pace = _Pace(self._rules.stall_seconds)
        offset = self.start
        try:
            while chunk := await pace.timed(self._response.content.read(CHUNK_BYTES)):
                offset += len(chunk)
                require_size(offset, self._rules.max_bytes)
                yield chunk
        except aiohttp.SocketTimeoutError as error:
            raise stalled() from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise interrupted(error) from error

    async def close(self) -> None:
        self._response.close()


class _Pace:
    """Measures how long is waited for bytes, not how long they are used."""

    def __init__(self, stall_seconds: float) -> None:
        self._patience = stall_seconds
        self._now = asyncio.get_running_loop().time
        self._waited = 0.0
        self._came = 0

    async def timed(self, reading: Coroutine[None, None, bytes]) -> bytes:
        began = self._now()
        chunk = await reading
        self._waited += self._now() - began
        self._came += len(chunk)
        if self._waited >= self._patience:
            if chunk and self._came < LEAST_BYTES:
                raise stalled()
            self._waited, self._came = 0.0, 0
        return chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One way to open an address, with the rules for where it may lead."""

    session: aiohttp.ClientSession
    check: Callable[[str], object]
    """Raises a `SourceError` for an address that must not be asked."""
    rules: FetchRules = DEFAULT_RULES

    async def open(
        self,
        url: str,
        offset: int,
        version: str = "",
        *,
        strict: bool = False,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> HttpStream:
        """Open at ``offset`` if the file is still the one of ``version``, else at 0.

        Raises:
            SourceError: the address must not be asked, or what it answers is no file.
        """
        asked = {**headers, **range_headers(offset, version)}
        response = await self._get(url, asked)
        try:
            head = read_head(response.status, response.headers, offset, version, strict=strict)
            if head is not None:
                require_size(head.size or 0, self.rules.max_bytes)
                return HttpStream(response, head, self.rules, str(response.url))
        except BaseException:
            response.close()
            raise
        response.close()
        return await self.open(url, 0, headers=headers)

    async def _get(self, url: str, headers: Mapping[str, str]) -> aiohttp.ClientResponse:
        for _ in range(self.rules.redirects + 1):
            response = await self._ask(url, headers)
            if response.status not in REDIRECT_STATUSES:
                return response
            response.close()
            target = response.headers.get("location", "")
            if not target:
                raise SourceError(
                    key="source_status", retry=False, facts={"status": response.status}
                )
            url = _joined(url, target)
        raise SourceError(
            key="too_many_redirects", retry=False, facts={"limit": self.rules.redirects}
        )

    async def _ask(self, url: str, headers: Mapping[str, str]) -> aiohttp.ClientResponse:
        checked = self.check(url)
        target = checked if isinstance(checked, URL) else URL(url, encoded=True)
        try:
            async with asyncio.timeout(self.rules.stall_seconds):
                return await self.session.get(target, headers=headers, allow_redirects=False)
        except aiohttp.InvalidURL as error:
            raise bad_url() from error
        except aiohttp.ClientConnectorCertificateError as error:
            raise SourceError(
                key="link_certificate", retry=False, facts={"host": target.host}
            ) from error
        except aiohttp.ClientConnectorDNSError as error:
            raise SourceError(
                key="link_no_host", retry=True, facts={"host": target.host}
            ) from error
        except (TimeoutError, aiohttp.ServerTimeoutError) as error:
            raise stalled() from error
        except (aiohttp.ClientError, OSError) as error:
            raise interrupted(error) from error


def require_size(size: int, limit: int) -> None:
    """Check a size against the largest that is taken.

    Raises:
        SourceError: ``link_too_big``.
    """
    if limit and size > limit:
        facts = {"size_bytes": size, "limit_bytes": limit}
        raise SourceError(key="link_too_big", retry=False, facts=facts)


def interrupted(error: BaseException) -> SourceError:
    """Return what a broken connection means; its own text may hold an address with a secret."""
    return SourceError(
        key="source_interrupted", retry=True, facts={"reason": type(error).__name__}
    )


def stalled() -> SourceError:
    """Return what a silent server means."""
    return SourceError(key="source_stalled", retry=True)


def _absolute(url: str, targets: Iterable[str]) -> tuple[str, ...]:
    """Return addresses as seen from another one; those that cannot be read are left out."""
    found = []
    for target in targets:
        with suppress(ValueError):
            found.append(urljoin(url, target))
    return tuple(found)


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError as error:
        raise bad_url() from error
