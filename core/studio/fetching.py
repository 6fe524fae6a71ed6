"""Adds what a link leads to, through the guarded fetch; the bytes are hashed as they come."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random

from core.errors import SourceError
from core.ports import Source, SourceStream
from core.sources.heads import promised_digest
from core.sources.http import HttpSource
from core.sources.names import name_from_url
from core.sources.registry import LinkAccess
from core.studio.assets import LONGEST_TEXT, Added, NewAsset, clean
from core.studio.incoming import Copied, Incoming, OnBytes, create, to_disk, writing
from core.studio.library import Library
from utils.clock import Clock
from utils.http import redact
from utils.threads import in_thread

TRIES = 5
"""So often in a row a link may fail without bringing a byte that was not there before."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0


async def add_link(
    library: Library,
    url: str,
    wanted: NewAsset,
    access: LinkAccess,
    clock: Clock,
    *,
    user_id: int = 0,
    on_bytes: OnBytes | None = None,
) -> Added:
    """Add the file that a link leads to; its origin is the link unless another is told.

    A page is looked into for the file that it plays only when rights were stated.

    Raises:
        SourceError: the link must not be asked, or leads to no file.
        StudioError: the file is no media of this kind, too large, or there is no room.
    """
    source = HttpSource(
        url,
        session=access.session,
        guard=access.guard,
        rules=replace(
            access.rules, max_bytes=_smaller(access.rules.max_bytes, library.incoming.max_bytes)
        ),
        reader=access.reader,
        may_publish=bool(wanted.rights),
    )
    _ = access.guard.check(url)
    async with library.incoming.place() as path:
        copied = await Download(source, path, library.incoming, on_bytes).run(clock)
        origin = wanted.origin or redact(url.partition("#")[0])[:LONGEST_TEXT]
        named = clean(replace(wanted, origin=origin), source.filename or name_from_url(url))
        return await library.keep(copied, named, user_id=user_id)


class Download:
    """One file on its way from a source to a place of ours; goes on where it was interrupted."""

    def __init__(
        self,
        source: Source,
        path: Path,
        incoming: Incoming,
        on_bytes: OnBytes | None = None,
    ) -> None:
        self._source = source
        self._path = path
        self._incoming = incoming
        self._on_bytes = on_bytes
        self._digest = hashlib.sha256()
        self._done = 0
        self._furthest = 0
        """How far it was at most; a server that cannot go on begins at 0 again."""
        self._version = ""
        self._failures = 0

    async def run(self, clock: Clock) -> Copied:
        """Fetch all of it.

        Raises:
            SourceError: it cannot be fetched, or what came is not what was promised.
            StudioError: it is too large, or there is no room.
        """
        retrying = AsyncRetrying(
            retry=retry_if_exception(_passes),
            stop=lambda _: self._failures >= TRIES,
            wait=self._pause,
            sleep=clock.sleep,
            reraise=True,
        )
        with writing():
            target = await in_thread(create, self._path)
        try:
            async for attempt in retrying:
                with attempt:
                    self._failures += 1
                    await self._attempt(target)
            if not self._done:
                raise SourceError(key="empty_file", retry=False)
            with writing():
                await in_thread(to_disk, target)
        finally:
            with writing():
                target.close()
        sha256 = self._digest.hexdigest()
        promised = promised_digest(self._version)
        if promised and promised != sha256:
            raise SourceError(key="source_damaged", retry=False)
        return Copied(path=self._path, sha256=sha256, size_bytes=self._done)

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.facts.get("retry_after", 0) if isinstance(error, SourceError) else 0
        growing = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._failures)
        return float(max(asked, growing)) + wait_random(0, FIRST_PAUSE)(state)

    async def _attempt(self, target: BinaryIO) -> None:
        stream = await self._source.open(self._done, version=self._version)
        try:
            if stream.start != self._done:
                await self._restart(target)
                if stream.start:
                    raise SourceError(key="source_changed", retry=True)
            self._version = stream.version or self._version
            if stream.size is not None:
                self._incoming.admit(self._path, stream.size - self._done)
            await self._read(stream, target)
        finally:
            await stream.close()

    async def _read(self, stream: SourceStream, target: BinaryIO) -> None:
        async for chunk in stream.chunks():
            self._incoming.require_size(self._done + len(chunk))
            if stream.size is None:
                self._incoming.admit(self._path, len(chunk))
            await in_thread(self._write, target, chunk)
            self._done += len(chunk)
            if self._done > self._furthest:
                self._furthest, self._failures = self._done, 1
            if self._on_bytes is not None:
                self._on_bytes(self._done, stream.size)
        if stream.size is not None and self._done < stream.size:
            raise SourceError(key="source_interrupted", retry=True, facts={"reason": "short"})

    async def _restart(self, target: BinaryIO) -> None:
        def empty() -> None:
            with writing():
                target.seek(0)
                target.truncate()

        await in_thread(empty)
        self._digest, self._done, self._version = hashlib.sha256(), 0, ""

    def _write(self, target: BinaryIO, chunk: bytes) -> None:
        with writing():
            target.write(chunk)
            target.flush()
        self._digest.update(chunk)


def _passes(error: BaseException) -> bool:
    return isinstance(error, SourceError) and error.retry


def _smaller(one: int, other: int) -> int:
    """Return the smaller of two limits, of which 0 is none."""
    return min(filter(None, (one, other)), default=0)
