"""Batches: put together from the settings, and as a command of the control socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.batch_words import finding_report, result_report
from bot.control import Answer
from bot.rules import bot_api_options
from core.batches.book import BatchBook
from core.batches.checking import CheckDeps
from core.batches.earlier import Earlier
from core.batches.findings import Finding, Findings, Severity
from core.batches.folders import Folders
from core.batches.listing import MOST_BYTES, UnreadableError, kind_of
from core.batches.models import Batch, BatchState, Counts
from core.batches.publishing import Publishing
from core.batches.reach import Reaches
from core.batches.results import results
from core.batches.service import Batches, ReadSource, digest_of
from core.errors import KarvonError, RefusedError, SourceError
from core.media.fit.plan import Choices
from core.media.probe import probe
from core.platforms.registry import require_platform
from core.ports import Source
from workers.batcher import Kept

if TYPE_CHECKING:
    from bot.parts import Parts
    from core.posts.intake import Intake
    from core.settings import Settings
    from utils.clock import Clock
    from workers.engine.embedded import EmbeddedEngine

TELL_SECONDS = 0.5
ANSWER_ROWS = 100
"""Findings or results in one line of the control socket, which has a limit."""
MOST_DOCUMENT_BYTES = 20_000_000
"""Larger ones the bot cannot fetch. Source: core.telegram.org/bots/api, getFile, 2026-06-18."""


def build_batches(
    *,
    settings: Settings,
    intake: Intake,
    engine: EmbeddedEngine,
    clock: Clock,
    open_source: Callable[[Mapping[str, Any]], Source],
) -> Batches:
    """Return what batches are worked on with."""
    store, posts = intake.store, intake.posts
    book = BatchBook(store, clock, engine, posts)
    earlier = Earlier(store, posts)
    fit = settings.fit
    choices = Choices(shape=fit.shape, length=fit.length, most_speed=fit.most_speed)
    check = CheckDeps(
        reaches=partial(
            Reaches,
            intake=intake,
            require_platform=require_platform,
            options=bot_api_options(settings),
            choices=choices,
        ),
        earlier=earlier,
        limits=posts.quotas,
        clock=clock,
        probe=probe,
        probes=settings.batches.probes,
    )
    return Batches(
        book=book,
        publishing=Publishing(store, book, intake, earlier, settings.batches.folders),
        check=check,
        clock=clock,
        timezone=settings.timezone,
        sort_by_size=settings.sort_by_size,
        read_source=document_reader(open_source),
    )


def document_reader(open_source: Callable[[Mapping[str, Any]], Source]) -> ReadSource:
    """Return what fetches a document of the chat, within a limit."""

    async def read(spec: dict[str, Any]) -> bytes:
        stream = await open_source(spec).open(0)
        content = bytearray()
        try:
            async for chunk in stream.chunks():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise SourceError(key="too_big_for_cloud", retry=False)
        finally:
            await stream.close()
        return bytes(content)

    return read


def batch_commands(parts: Parts) -> dict[str, Any]:
    """Return what the control socket does with batches."""
    return {"batch": partial(batch, parts)}


async def batch(parts: Parts, request: dict[str, Any]) -> AsyncGenerator[Answer]:
    """Look into a file, and publish it unless that is only asked for or something is in the way.

    Yields ``{"looked", "of"}`` while it looks, ``{"findings": [...]}`` in pieces, ``{"report"}``,
    ``{"batch_id", "ended", "uploads", "states", "bytes", "bytes_total"}`` while it publishes,
    ``{"results": [...]}`` in pieces, and ``{"end": true, "asks": [...]}``.
    """
    asked = Asked.of(request)
    known = None if asked.dry_run else await parts.batches.book.interrupted(asked.digest)
    if known is None:
        job = _Job(parts, asked)
        async for answer in job.run():
            yield answer
        known = job.batch
    if known is not None:
        async for answer in _follow(parts, known):
            yield answer


class Asked:
    """A request for a batch with its files read."""

    def __init__(self, path: Path, config: Path | None, *, dry_run: bool) -> None:
        self.path = path
        self.dry_run = dry_run
        kind = kind_of(path.name)
        if kind is None:
            raise RefusedError("batch_kind", name=path.name)
        self.kind = kind
        self.data = read_small(path)
        self.config = read_small(config) if config is not None else None
        place = str(path.parent).encode()
        self.digest = digest_of(place, path.name.encode(), self.data, self.config or b"")

    @classmethod
    def of(cls, request: dict[str, Any]) -> Asked:
        config = str(request.get("config") or "")
        return cls(
            Path(str(request["file"])),
            Path(config) if config else None,
            dry_run=bool(request.get("dry_run")),
        )


def read_small(path: Path) -> bytes:
    """Return a file that a person named; a little more than is taken, so that size is seen.

    Raises:
        KarvonError: it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise KarvonError(f"{path}: {error.strerror or error}") from error


class _Job:
    """One look, and the batch that is made of it when something is to be published."""

    def __init__(self, parts: Parts, asked: Asked) -> None:
        self._parts = parts
        self._batches = parts.batches
        self._asked = asked
        self.batch: Batch | None = None

    async def run(self) -> AsyncGenerator[Answer]:
        asked, batches = self._asked, self._batches
        try:
            config = batches.config(asked.config)
            listing = batches.listing(asked.data, asked.kind)
            asked.data = b""
        except UnreadableError as error:
            for answer in self._report(0, [error.finding], 0, 0):
                yield answer
            return
        batch = None if asked.dry_run else await self._begin()
        kept = Kept(batches, batch.id if batch else 0, lambda: None)
        base = asked.path.parent
        folders = Folders(self._parts.settings.batches.folders, base)
        on_checked = kept.add if batch else kept.count
        check = batches.look(listing, config, folders, on_checked)
        async with asyncio.TaskGroup() as group:
            look = group.create_task(check.run())
            while not look.done():
                await asyncio.wait({look}, timeout=TELL_SECONDS)
                yield {"looked": kept.looked, "of": listing.count}
        report = look.result()
        await kept.flush()
        for answer in self._report(report.entries, report.findings, report.planned, report.done):
            yield answer
        if batch is not None:
            await self._publish(batch, kept.plan(config, base), is_ok=report.is_ok)

    async def _begin(self) -> Batch:
        asked = self._asked
        return await self._batches.book.create(
            kind=asked.kind.value, name=asked.path.name, plan={}, digest=asked.digest
        )

    async def _publish(self, batch: Batch, plan: dict[str, Any], *, is_ok: bool) -> None:
        book = self._batches.book
        if not is_ok:
            _ = await book.move(batch.id, BatchState.LEFT)
            return
        await book.save_plan(batch.id, plan)
        self.batch = await book.move(batch.id, BatchState.PUBLISHING)

    def _report(
        self, entries: int, findings: Iterable[Finding], planned: int, done: int
    ) -> Iterable[Answer]:
        zone, now = self._parts.settings.timezone, self._parts.clock.now()
        told = [finding_report(one, now, zone) for one in findings]
        for start in range(0, len(told), ANSWER_ROWS):
            yield {"findings": told[start : start + ANSWER_ROWS]}
        blocked = any(one["severity"] == Severity.BLOCK.value for one in told)
        counts = findings.counts[Severity.BLOCK] if isinstance(findings, Findings) else 0
        ok = not blocked and not counts
        yield {"report": {"entries": entries, "ok": ok, "planned": planned, "done": done}}


async def _follow(parts: Parts, batch: Batch) -> AsyncIterator[Answer]:
    """Tell how a batch goes until it has ended, or nothing goes on without a person."""
    book = parts.batches.book
    while True:
        changed = parts.posts.next_change()
        fresh, counts = await book.require(batch.id), await book.counts(batch.id)
        done, total = await book.bytes_done(batch.id)
        yield {
            "batch_id": batch.id,
            "ended": counts.ended,
            "uploads": counts.total,
            "planned": counts.planned,
            "states": dict(counts.uploads),
            "bytes": done,
            "bytes_total": total,
        }
        if fresh.state in {BatchState.DONE, BatchState.LEFT} or counts.needs_person:
            break
        try:
            async with asyncio.timeout(TELL_SECONDS):
                await changed.wait()
        except TimeoutError:
            continue
    async for answer in _results(book, batch, counts):
        yield answer


async def _results(book: BatchBook, batch: Batch, counts: Counts) -> AsyncIterator[Answer]:
    some: list[dict[str, Any]] = []
    async for result in results(book, batch.id):
        some.append(result_report(result))
        if len(some) == ANSWER_ROWS:
            yield {"results": some}
            some = []
    if some:
        yield {"results": some}
    yield {"end": True, "batch_id": batch.id, "asks": list(counts.asking_posts)}
