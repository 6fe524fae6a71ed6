"""A video behind a link, fetched in order, resumed by range, from whichever mirror answers."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp

from core.errors import SourceError
from core.sources.fetch import DEFAULT_RULES, Fetch, FetchRules, HttpStream
from core.sources.guard import Guard
from core.sources.shares.registry import direct_address

MOST_ADDRESSES = 8
"""A link and its mirrors; what a server names beyond is left out."""
STRIKES = 2
"""So often in a row an address may fail before content is given up that only it can continue."""
PAGE_KEYS = frozenset({"not_a_file", "link_playlist"})
NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The file that a page plays."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the page's player sends along; no cookies."""
    filename: str = ""


class PageReader(Protocol):
    """Finds the file that a page plays."""

    enabled: bool

    async def find(self, url: str) -> Media:
        """Return the file.

        Raises:
            SourceError: it is switched off, not installed, or there is no such file.
        """
        ...


@dataclass(slots=True)
class _Place:
    """One address of the file, and how often it failed since it last brought a byte."""

    url: str
    strikes: int = 0


class HttpSource:
    """A link and its mirrors.

    The first address is asked first. After a failure the others get their turn; one that can
    surely go on with the bytes that are kept is preferred to one that has to start over.
    """

    def __init__(
        self,
        url: str,
        *,
        session: aiohttp.ClientSession,
        guard: Guard,
        rules: FetchRules = DEFAULT_RULES,
        mirrors: Iterable[str] = (),
        reader: PageReader | None = None,
        may_publish: bool = False,
    ) -> None:
        self._url = url
        self._fetch = Fetch(session=session, check=guard.check, rules=rules)
        self._reader = reader
        self._may_publish = may_publish
        self._places = [_Place(one) for one in dict.fromkeys([url, *mirrors])][:MOST_ADDRESSES]
        self._current: _Place | None = None
        self.filename = ""
        """Name that the server gave the file; empty before it answered, or without one."""

    @property
    def fingerprint(self) -> str:
        return link_fingerprint(self._url)

    async def open(self, offset: int, *, version: str = "") -> PlaceStream:
        """Open at ``offset`` where that is surely the same content, else at 0.

        Raises:
            SourceError: no address could be opened; ``tried`` tells why, one for each.
        """
        errors: list[SourceError] = []
        spare: PlaceStream | None = None
        for place in self._in_order():
            if spare is not None and place.strikes >= STRIKES:
                break
            try:
                stream = await self._open_place(place, offset, version)
            except SourceError as error:
                place.strikes += 1
                errors.append(error)
                continue
            except BaseException:
                await _drop(spare)
                raise
            if stream.start == offset:
                await _drop(spare)
                return self._take(stream)
            if spare is None:
                spare = stream
            else:
                await stream.close()
        if spare is not None:
            return self._take(spare)
        raise _summary(errors, offset)

    def _in_order(self) -> Iterator[_Place]:
        """Yield each address, beginning with the one in use unless it has just failed."""
        yield from sorted(self._places, key=lambda place: place.strikes)

    async def _open_place(self, place: _Place, offset: int, version: str) -> PlaceStream:
        strict = len(self._places) > 1 and place is not self._current
        try:
            stream = await self._open_address(place, None, offset, version, strict=strict)
            return PlaceStream(stream, place)
        except SourceError as error:
            if error.key not in PAGE_KEYS:
                raise
            media = await self._read_page(place.url, error)
        stream = await self._open_address(place, media, offset, version, strict=strict)
        return PlaceStream(stream, place, name=media.filename)

    async def _open_address(
        self, place: _Place, media: Media | None, offset: int, version: str, *, strict: bool
    ) -> HttpStream:
        url = media.url if media else direct_address(place.url) or place.url
        headers = media.headers if media else NO_HEADERS
        return await self._fetch.open(url, offset, version, strict=strict, headers=headers)

    async def _read_page(self, url: str, error: SourceError) -> Media:
        """Find the file that a page plays, when that is wanted and allowed."""
        if direct_address(url) is not None:
            raise SourceError(key="link_share_page", retry=False, facts=error.facts) from error
        if self._reader is None or not (self._reader.enabled or self._may_publish):
            raise error
        if not self._may_publish:
            raise SourceError(key="link_rights", retry=False, facts=error.facts) from error
        return await self._reader.find(url)

    def _take(self, stream: PlaceStream) -> PlaceStream:
        self._current = stream.place
        self.filename = stream.filename or self.filename
        known = {place.url for place in self._places}
        fresh = [url for url in stream.duplicates if url not in known]
        room = MOST_ADDRESSES - len(self._places)
        self._places += [_Place(url) for url in dict.fromkeys(fresh)][:room]
        return stream


class PlaceStream:
    """The stream of one address, which remembers whether that address is any good."""

    local_path = ""

    def __init__(self, stream: HttpStream, place: _Place, *, name: str = "") -> None:
        self._stream = stream
        self.place = place
        self.size = stream.size
        self.start = stream.start
        self.version = stream.version
        self.duplicates = stream.duplicates
        self.filename = stream.filename or name

    async def chunks(self) -> AsyncIterator[bytes]:
        came = self.start
        try:
            async for chunk in self._stream.chunks():
                self.place.strikes = 0
                came += len(chunk)
                yield chunk
        except SourceError:
            self.place.strikes += 1
            raise
        if self.size is not None and came < self.size:
            self.place.strikes += 1

    async def close(self) -> None:
        await self._stream.close()


def link_fingerprint(url: str) -> str:
    """Return what identifies a link in the ledger before its content is known."""
    return f"http:{hashlib.sha256(url.encode()).hexdigest()[:32]}"


async def _drop(stream: PlaceStream | None) -> None:
    if stream is not None:
        await stream.close()


def _summary(errors: list[SourceError], offset: int) -> SourceError:
    """Return the failure of all addresses: one that may pass stands for them all."""
    told = next((error for error in errors if error.retry), errors[0])
    if len(errors) == 1:
        return SourceError(key=told.key, retry=told.retry, facts={**told.facts, "fetched": offset})
    tried = [str(error) for error in errors]
    return SourceError(
        key=told.key, retry=told.retry, facts={**told.facts, "fetched": offset, "tried": tried}
    )
