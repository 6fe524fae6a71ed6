"""A video behind a link, fetched in order and resumed by range."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from yarl import URL

from core.errors import SourceError
from core.sources.base import CHUNK_BYTES

REDIRECTS = 5
_CONTENT_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_PAGES = ("text/html", "application/xhtml", "text/plain", "application/json", "text/xml")


class HttpStream:
    """An answer that is being read; closed by whoever opened it."""

    local_path = ""

    def __init__(
        self,
        response: aiohttp.ClientResponse,
        *,
        size: int | None,
        start: int,
        version: str,
    ) -> None:
        self._response = response
        self.size = size
        self.start = start
        self.version = version

    async def chunks(self) -> AsyncIterator[bytes]:
        if self.size is not None and self.start >= self.size:
            return
        try:
            async for chunk in self._response.content.iter_chunked(CHUNK_BYTES):
                yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise interrupted(error) from error

    async def close(self) -> None:
        self._response.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One way to open an address, with the rules for where it may lead."""

    session: aiohttp.ClientSession
    check: Callable[[str], None]
    """Raises a `SourceError` for an address that must not be asked."""

    async def open(self, url: str, offset: int, version: str = "") -> HttpStream:
        """Open at ``offset`` if the file is still the one of ``version``, else at 0."""
        response = await self._get(url, _range_headers(offset, version))
        try:
            stream = _read_head(response, offset, version)
        except BaseException:
            response.close()
            raise
        if stream is not None:
            return stream
        response.close()
        return await self.open(url, 0)

    async def _get(self, url: str, headers: dict[str, str]) -> aiohttp.ClientResponse:
        for _ in range(REDIRECTS + 1):
            self.check(url)
            try:
                response = await self.session.get(
                    URL(url, encoded=True), headers=headers, allow_redirects=False
                )
            except aiohttp.InvalidURL as error:
                raise SourceError(key="bad_url", retry=False) from error
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                raise interrupted(error) from error
            if response.status not in {301, 302, 303, 307, 308}:
                return response
            response.close()
            url = urljoin(url, response.headers.get("location", ""))
        raise SourceError(key="too_many_redirects", retry=False)


class HttpSource:
    """A link to a host that an admin allowed."""

    def __init__(
        self, url: str, *, session: aiohttp.ClientSession, allowed_hosts: Iterable[str]
    ) -> None:
        self._url = url
        hosts = [host.lower() for host in allowed_hosts]
        self._fetch = Fetch(session=session, check=lambda url: require_allowed(url, hosts))

    @property
    def fingerprint(self) -> str:
        return f"http:{hashlib.sha256(self._url.encode()).hexdigest()[:32]}"

    async def open(self, offset: int, *, version: str = "") -> HttpStream:
        return await self._fetch.open(self._url, offset, version)


def require_allowed(url: str, hosts: Iterable[str]) -> None:
    """Check that a link may be asked.

    ``hosts`` are in lower case: ``example.org``, ``example.org:8080``, ``*.example.org`` (not
    ``example.org`` itself), or ``*`` for every host.

    Raises:
        SourceError: ``bad_url`` or ``host_not_allowed``.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise SourceError(key="bad_url", retry=False) from error
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        raise SourceError(key="bad_url", retry=False)
    names = {host, f"{host}:{port or (443 if parts.scheme == 'https' else 80)}", "*"}
    for allowed in hosts:
        if allowed in names or (allowed.startswith("*.") and host.endswith(allowed[1:])):
            return
    raise SourceError(key="host_not_allowed", retry=False, facts={"host": host})


def interrupted(error: BaseException) -> SourceError:
    """Return what a broken connection means; its own text may hold an address with a secret."""
    return SourceError(
        key="source_interrupted", retry=True, facts={"reason": type(error).__name__}
    )


def _range_headers(offset: int, version: str) -> dict[str, str]:
    if not offset:
        return {}
    headers = {"range": f"bytes={offset}-"}
    # A weak tag names the content but does not vouch for its bytes: RFC 9110, section 13.1.5.
    if version and not version.startswith(("W/", "size:")):
        headers["if-range"] = version
    return headers


def _read_head(response: aiohttp.ClientResponse, offset: int, version: str) -> HttpStream | None:
    """Return the stream, or None when it must be opened again at 0.

    Raises:
        SourceError: the answer is not a file.
    """
    status = response.status
    if status == 416 and offset:
        total = _total(response)
        is_same = _version(response, total) == version or not version
        if total != offset or not is_same:
            return None
        return HttpStream(response, size=total, start=offset, version=version)
    if status not in {200, 206}:
        raise _refusal(status)
    _require_file(response)
    if status == 200:
        size = response.content_length
        return HttpStream(response, size=size, start=0, version=_version(response, size))
    match = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
    total = _total(response)
    found = _version(response, total)
    if match is not None and match[1] == str(offset) and (not version or found == version):
        return HttpStream(response, size=total, start=offset, version=found)
    if offset:
        return None
    raise SourceError(key="source_status", retry=False, facts={"status": status})


def _require_file(response: aiohttp.ClientResponse) -> None:
    if response.content_type.startswith(_PAGES):
        raise SourceError(key="not_a_file", retry=False, facts={"type": response.content_type})
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise SourceError(key="source_encoded", retry=False)


def _total(response: aiohttp.ClientResponse) -> int | None:
    match = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", ""))
    return int(match[3]) if match and match[3] != "*" else None


def _version(response: aiohttp.ClientResponse, size: int | None) -> str:
    headers = response.headers
    known = headers.get("etag") or headers.get("last-modified")
    return known or (f"size:{size}" if size is not None else "")


def _refusal(status: int) -> SourceError:
    facts: dict[str, Any] = {"status": status}
    if status in {401, 403}:
        return SourceError(key="source_forbidden", retry=False, facts=facts)
    if status in {404, 410}:
        return SourceError(key="source_gone", retry=False, facts=facts)
    if status in {408, 425, 429} or status >= 500:
        return SourceError(key="source_unavailable", retry=True, facts=facts)
    return SourceError(key="source_status", retry=False, facts=facts)
