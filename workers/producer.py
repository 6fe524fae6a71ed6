"""Fetching one video from its source into its spool."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_random

from core.errors import KarvonError, SourceError
from core.media.spool import Spool
from core.media.watch import OnFacts, Watcher
from core.ports import Source, SourceStream
from core.posts.models import MediaFacts
from core.progress import Progress
from core.sources.heads import promised_digest
from utils.clock import Clock

TRIES = 6
"""Failures in a row, without a new byte between them, until the source is given up for now."""
REPORT_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0

_LOG = logging.getLogger(__name__)

OnVersion = Callable[[str, bool], Awaitable[None]]
"""Told each time the source answered, after its size and before its next byte can be read: its
version, and whether all bytes that were readable before are void because it changed."""
OnProgress = Callable[[int], Awaitable[None]]
"""Told how many bytes are in the spool."""


class FetchStoppedError(KarvonError):
    """The fetch was asked to leave; what is on disk stays and is resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchResult:
    """A video that is wholly on disk."""

    size: int
    sha256: str
    facts: MediaFacts
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """Who hears what of a fetch."""

    on_version: OnVersion
    on_progress: OnProgress
    on_facts: OnFacts
    stopping: Callable[[], bool]


class Producer:
    """Fills spools; the same object serves all fetches of a process."""

    def __init__(
        self, *, clock: Clock, progress: Progress, watcher: Watcher, tries: int = TRIES
    ) -> None:
        self.clock = clock
        self.progress = progress
        self.watcher = watcher
        self.tries = tries

    async def fetch(
        self,
        post_id: int,
        source: Source,
        spool: Spool,
        *,
        known_version: str = "",
        on_version: OnVersion,
        on_progress: OnProgress,
        on_facts: OnFacts,
        stopping: Callable[[], bool],
    ) -> FetchResult:
        """Fetch what is not on disk yet, probe it on the way, and return what it is.

        The spool must be in use (`Spools.use`). Readers learn of a failure through the spool.

        Raises:
            SourceError: the source can not be read; ``retry`` tells whether later may be better.
            DiskFullError: there is no room.
            NotAVideoError: it is no video, perhaps told long before the end.
            FetchStoppedError: ``stopping`` asked for it.
        """
        listeners = Listeners(
            on_version=on_version, on_progress=on_progress, on_facts=on_facts, stopping=stopping
        )
        fetch = _Fetch(self, post_id, source, spool, known_version, listeners)
        try:
            return await fetch.run()
        except FetchStoppedError:
            raise
        except Exception as error:
            spool.fail(error)
            raise
        finally:
            self.progress.forget(("post", post_id))


class _Fetch:
    """One fetch, with its retries."""

    def __init__(
        self,
        producer: Producer,
        post_id: int,
        source: Source,
        spool: Spool,
        version: str,
        listeners: Listeners,
    ) -> None:
        self._clock = producer.clock
        self._progress = producer.progress
        self._watcher = producer.watcher
        self._patience = _Patience(spool, producer.tries)
        self._key = ("post", post_id)
        self._source = source
        self._spool = spool
        self._version = version
        self._tell = listeners
        self._is_void = False
        self._told_at = -REPORT_SECONDS

    async def run(self) -> FetchResult:
        await self._spool.resume()
        facts = await self._fill_and_watch()
        return FetchResult(
            size=self._spool.watermark,
            sha256=await self._spool.digest(),
            facts=facts,
            version=self._version,
        )

    async def _fill_and_watch(self) -> MediaFacts:
        try:
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(self._watcher.watch(self._spool, self._tell.on_facts))
                await self._fill()
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return watching.result()

    async def _fill(self) -> None:
        retrying = AsyncRetrying(
            retry=retry_if_exception(_passes),
            stop=self._patience.is_over,
            wait=self._patience.pause,
            sleep=self._clock.sleep,
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                await self._attempt()

    async def _attempt(self) -> None:
        if self._spool.complete:
            return
        self._require_going()
        stream = await self._source.open(self._spool.watermark, version=self._version)
        try:
            await self._begin(stream)
            if stream.local_path:
                self._spool.adopt_path(Path(stream.local_path))
            else:
                await self._read(stream)
        finally:
            await stream.close()
        await self._report(last=True)

    async def _begin(self, stream: SourceStream) -> None:
        """Decide whether what is kept still belongs to the source, and tell that it answered."""
        spool = self._spool
        kept = spool.watermark
        sizes = {spool.size, stream.size} - {None}
        is_other = bool(self._version and stream.version) and stream.version != self._version
        if is_other or (kept and (len(sizes) > 1 or stream.local_path)):
            self._restart()
            if stream.start and not stream.local_path:
                raise SourceError(key="source_changed", retry=True)
        elif not stream.local_path and stream.start not in {0, kept}:
            raise SourceError(key="source_status", retry=True, facts={"start": stream.start})
        self._version = stream.version or self._version
        if stream.size is not None:
            spool.announce(stream.size)
        is_void, self._is_void = self._is_void, False
        await self._tell.on_version(self._version, is_void)

    def _restart(self) -> None:
        """Throw away what is kept; `_begin` tells so before a new byte can be read."""
        _LOG.warning("the source of %s changed and starts over", self._spool.path.name)
        self._spool.reset()
        self._version = ""
        self._is_void = True

    async def _read(self, stream: SourceStream) -> None:
        offset = stream.start
        chunks = stream.chunks()
        async for chunk in chunks:
            self._require_going()
            fresh = await self._compare(chunk, offset)
            offset += len(chunk)
            if self._spool.size is not None and offset > self._spool.size:
                self._changed()
            if fresh:
                await self._spool.write(fresh)
            await self._report()
        if offset < self._spool.watermark:
            self._changed()
        if not offset:
            raise SourceError(key="empty_file", retry=False)
        self._finish(resumed=stream.start > 0)

    def _finish(self, *, resumed: bool) -> None:
        """Declare the spool whole; what was put together wrongly is fetched again in one go."""
        try:
            self._spool.finish(promised_digest(self._version))
        except SourceError as error:
            if error.key == "source_damaged":
                self._restart()
                raise SourceError(key=error.key, retry=resumed, facts=error.facts) from error
            raise

    async def _compare(self, chunk: bytes, offset: int) -> bytes:
        """Return what of a chunk is new; the rest must be what is kept already."""
        known = min(len(chunk), self._spool.watermark - offset)
        if known <= 0:
            return chunk
        if await self._spool.read(offset, known) != chunk[:known]:
            self._changed()
        return chunk[known:]

    def _changed(self) -> NoReturn:
        self._restart()
        raise SourceError(key="source_changed", retry=True)

    def _require_going(self) -> None:
        if self._tell.stopping():
            raise FetchStoppedError(self._spool.path.name)

    async def _report(self, *, last: bool = False) -> None:
        now, fetched = self._clock.monotonic(), self._spool.watermark
        self._progress.update(self._key, fetched, self._spool.size, now)
        if last or now - self._told_at >= REPORT_SECONDS:
            self._told_at = now
            await self._tell.on_progress(fetched)


class _Patience:
    """Counts failures in a row; a new byte between them starts the count again."""

    def __init__(self, spool: Spool, tries: int) -> None:
        self._spool = spool
        self._tries = tries
        self._failures = 0
        self._counted = 0
        self._mark = (spool.epoch, spool.watermark)

    def is_over(self, state: RetryCallState) -> bool:
        self._count(state)
        return self._failures >= self._tries

    def pause(self, state: RetryCallState) -> float:
        self._count(state)
        error = state.outcome.exception() if state.outcome else None
        asked = error.facts.get("retry_after", 0) if isinstance(error, SourceError) else 0
        growing = min(LONGEST_PAUSE_SECONDS, 0.25 * 2**self._failures)
        return float(max(asked, growing)) + wait_random(0, 0.25)(state)

    def _count(self, state: RetryCallState) -> None:
        """Count a failure once, whichever of the two questions is asked first."""
        if state.attempt_number == self._counted:
            return
        self._counted = state.attempt_number
        mark = (self._spool.epoch, self._spool.watermark)
        epoch, watermark = self._mark
        is_further = mark[0] == epoch and mark[1] > watermark
        self._failures = 1 if is_further else self._failures + 1
        self._mark = mark


def _passes(error: BaseException) -> bool:
    return isinstance(error, SourceError) and error.retry
