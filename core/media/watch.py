"""Learning what a video is while it still arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from core.media.probe import IncompleteError, find_index, probe, require_end
from core.media.spool import Spool
from core.posts.models import MediaFacts
from utils.ffmpeg import FfmpegTimeoutError

_UNKNOWN = 1 << 62
OnFacts = Callable[[MediaFacts, bool], Awaitable[None]]
"""Told the facts and whether they are final."""


class Watcher:
    """Probes spools, only a few at a time: each probe is a process of its own."""

    def __init__(self, at_once: int = 2) -> None:
        self._turn = asyncio.Semaphore(at_once)

    async def watch(self, spool: Spool, on_facts: OnFacts) -> MediaFacts:
        """Tell the facts as soon as the header allows, and the final ones when all is there.

        Raises:
            NotAVideoError: it is none, perhaps known before the end.
        """
        early, epoch = await self._early(spool, on_facts), spool.epoch
        size = await spool.wait_complete()
        facts = early if epoch == spool.epoch else None
        if facts is None or not facts.index_first or facts.duration_seconds is None:
            async with self._turn:
                facts = await probe(spool.path)
        else:
            await require_end(spool.path)
        if facts.size_bytes != size and facts.duration_seconds:
            bit_rate = round(size * 8 / facts.duration_seconds)
            facts = replace(facts, size_bytes=size, bit_rate=bit_rate)
        await on_facts(facts, True)
        return facts

    async def _early(self, spool: Spool, on_facts: OnFacts) -> MediaFacts | None:
        for offset in _looks():
            await self._wait(spool, offset)
            if spool.complete:
                return None
            facts = await self._look(spool)
            if facts is not None:
                await on_facts(facts, False)
                return facts
        return None

    async def _wait(self, spool: Spool, offset: int) -> None:
        """Wait for that many bytes, and for the whole index if an MP4 begins with it."""
        await spool.wait_for(offset - 1)
        index = await asyncio.to_thread(find_index, spool.path)
        if index.first is False:
            await spool.wait_complete()
        elif index.end is not None:
            await spool.wait_for(index.end - 1)

    async def _look(self, spool: Spool) -> MediaFacts | None:
        size, epoch = spool.size, spool.epoch
        try:
            async with self._turn:
                facts = await probe(spool.path, total_bytes=_UNKNOWN if size is None else size)
        except (IncompleteError, FfmpegTimeoutError):
            return None
        if epoch != spool.epoch:
            return None
        return facts if size is not None else replace(facts, size_bytes=None, bit_rate=None)


def _looks() -> Iterator[int]:
    """Yield after how many bytes it is worth to look: 64 KiB, 512 KiB, 4 MiB, …, 2 GiB."""
    return (64 * 1024 * 8**power for power in range(6))
