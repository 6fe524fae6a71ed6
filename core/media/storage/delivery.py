"""Reading files by range over plain HTTP, going on where the connection broke."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from core.errors import SourceError
from core.media.storage.base import gone, refused, unreachable
from core.media.storage.cloudinary_faults import LATER, explain, wait_of
from core.media.storage.waits import Waits
from core.sources.guard import Guard, link_session
from core.studio.errors import StudioError
from utils.clock import Clock
from utils.http import Response

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_WORDS = 4096
"""So much is read of the answer that explains a refusal."""


class Delivery:
    """The address from which a cloud hands files out; whoever made it closes it.

    Redirects are not followed: a file lies where it was said to lie.
    """

    def __init__(self, storage: str, base: str, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        parts = URL(base)
        # Who chose the storage also chose its host, even one on a private network.
        self._guard = Guard([f"{parts.host}:{parts.port}"])
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def size(self, url: str) -> int | None:
        """Return how long a file is, None when there is none."""
        waits = Waits(self._clock)
        while True:
            try:
                async with self._ask("HEAD", url, {}) as answer:
                    if answer.status == 404:
                        return None
                    if answer.status == 200:
                        return answer.content_length
                    failure, wanted = await self._refusal(answer)
            except (aiohttp.ClientError, TimeoutError) as error:
                failure, wanted = self._broken(error), None
            await waits.wait(failure, wanted)

    async def read(
        self, url: str, key: str, start: int, length: int | None
    ) -> AsyncGenerator[bytes, None]:
        """Yield the bytes; an interruption costs what was under way, not what came before.

        Raises:
            StudioError: ``storage_gone`` when there is no such file.
        """
        waits, position = Waits(self._clock), start
        end = None if length is None else start + length
        while end is None or position < end:
            last = "" if end is None else end - 1
            try:
                async with self._ask("GET", url, {"Range": f"bytes={position}-{last}"}) as answer:
                    if answer.status == 416:
                        return
                    if answer.status in {200, 206}:
                        async for piece in self._body(answer, position, end):
                            position += len(piece)
                            waits.start_over()
                            yield piece
                        return
                    if answer.status == 404:
                        raise gone(self._storage, key)
                    failure, wanted = await self._refusal(answer)
            except (aiohttp.ClientError, TimeoutError) as error:
                failure, wanted = self._broken(error), None
            await waits.wait(failure, wanted)

    async def _body(
        self, answer: aiohttp.ClientResponse, position: int, end: int | None
    ) -> AsyncGenerator[bytes, None]:
        """Yield what was asked for, also of an answer that is not cut to it."""
        at = self._first(answer, position) if answer.status == 206 else 0
        async for piece in answer.content.iter_any():
            stop = len(piece) if end is None else min(len(piece), end - at)
            wanted = piece[max(0, position - at) : max(0, stop)]
            at += len(piece)
            if wanted:
                yield wanted

    def _first(self, answer: aiohttp.ClientResponse, position: int) -> int:
        found = _RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
        if found is None or int(found[1]) > position:
            raise refused(self._storage, "the answer holds other bytes than were asked for")
        return int(found[1])

    @asynccontextmanager
    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str]
    ) -> AsyncGenerator[aiohttp.ClientResponse, None]:
        if self._session is None:
            self._session = link_session(self._guard)
        try:
            async with self._session.request(
                method, URL(url, encoded=True), headers=headers, allow_redirects=False
            ) as answer:
                yield answer
        except SourceError as error:
            raise refused(self._storage, error.key) from error

    async def _refusal(self, answer: aiohttp.ClientResponse) -> tuple[StudioError, float | None]:
        body = await answer.content.read(_WORDS)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        response = Response(status=answer.status, headers=headers, body=body)
        failure = explain(self._storage, response)
        if answer.status not in LATER:
            raise failure
        return failure, wait_of(response, self._clock)

    def _broken(self, error: Exception) -> StudioError:
        return unreachable(self._storage, type(error).__name__)
