"""Moves batches on: looks into them, accepts their entries in order, cancels and retries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.batches.checking import Checked, Report
from core.batches.listing import Kind, UnreadableError
from core.batches.models import Batch, BatchState
from core.batches.publisher import Config
from core.batches.service import Batches
from core.batches.telling import REFUSED, Summary
from core.errors import RefusedError, SourceError, TransitionError
from core.ports import Defer, Run
from core.posts.repository import Posts

logger = logging.getLogger(__name__)

PAGE = 100


class Batcher:
    """The handler of ``batch`` tasks."""

    def __init__(self, batches: Batches, posts: Posts) -> None:
        self._batches = batches
        self._posts = posts

    async def __call__(self, run: Run) -> None:
        """Do what the state of the batch asks for.

        Raises:
            Defer: the engine stops; the rest is done afterwards.
        """
        batch = await self._batches.book.require(int(run.task.args["batch_id"]))
        try:
            match batch.state:
                case BatchState.CHECKING:
                    await self._check(run, batch)
                case BatchState.PUBLISHING:
                    await self._publish(run, batch)
                case BatchState.CANCELLING:
                    await self._cancel(run, batch)
                case BatchState.RETRYING:
                    await self._retry(run, batch)
                case _:
                    return
        except TransitionError as error:
            logger.info("batch left to others", extra={"batch": batch.id, "why": str(error)})

    # Looking

    async def _check(self, run: Run, batch: Batch) -> None:
        """Look into a file that was sent in chat, and ask what to do."""
        book = self._batches.book
        try:
            await self._look(run, batch)
        except RefusedError as refusal:
            await book.leave(batch, refusal.key, refusal.facts)
        except SourceError as error:
            logger.warning("batch cannot be fetched", extra={"batch": batch.id, "why": str(error)})
            await book.leave(batch, "batch_fetch", {"source": error.key})
        except UnreadableError as error:
            await book.leave(batch, REFUSED, {"finding": error.finding.to_dict()})

    async def _look(self, run: Run, batch: Batch) -> None:
        batches, plan = self._batches, dict(batch.plan)
        data = await batches.read_source(plan["source"])
        document = await batches.read_source(plan["config"]) if plan.get("config") else None
        config = batches.config(document, str(plan.get("caption", "")))
        listing = batches.listing(data, Kind(batch.kind))
        await batches.book.forget_entries(batch.id)
        kept = Kept(batches, batch.id, run.progress)
        folders = batches.publishing.folders(plan)
        report = await batches.look(listing, config, folders, kept.add).run()
        await kept.flush()
        await self._ask(batch, {**plan, **kept.plan(config)}, report, kept.warned)

    async def _ask(self, batch: Batch, plan: dict[str, Any], report: Report, warned: int) -> None:
        """Say what was found and ask what to do."""
        summary = Summary.of(batch.id, batch.name, report, warned)
        await self._batches.book.ask(batch, plan, summary)

    # Publishing

    async def _publish(self, run: Run, batch: Batch) -> None:
        """Accept what is planned, in order; the uploads go on by themselves."""
        book, publishing = self._batches.book, self._batches.publishing
        while entries := await book.planned(batch.id, PAGE):
            for entry in entries:
                self._stay(run)
                await publishing.accept(batch, entry)
                run.progress()
            if (await book.require(batch.id)).state is not BatchState.PUBLISHING:
                return
        await book.finish_if_over(batch.id)

    async def _cancel(self, run: Run, batch: Batch) -> None:
        book = self._batches.book
        await book.drop_planned(batch.id)
        after = 0
        while uploads := await book.open_uploads(batch.id, after, PAGE):
            for upload_id in uploads:
                self._stay(run)
                _ = await self._posts.cancel_upload(upload_id, by="person")
                run.progress()
            after = uploads[-1]
        await book.move(batch.id, BatchState.PUBLISHING, card=False)

    async def _retry(self, run: Run, batch: Batch) -> None:
        book, after = self._batches.book, 0
        while uploads := await book.failed_uploads(batch.id, after, PAGE):
            for upload_id in uploads:
                self._stay(run)
                await self._again(upload_id)
                run.progress()
            after = uploads[-1]
        await book.move(batch.id, BatchState.PUBLISHING, card=False)

    async def _again(self, upload_id: int) -> None:
        try:
            await self._posts.retry_upload(upload_id)
        except RefusedError as refusal:
            logger.info("upload not retried", extra={"upload": upload_id, "why": refusal.key})

    def _stay(self, run: Run) -> None:
        if run.stopping():
            raise Defer(self._batches.clock.now())


class Kept:
    """Writes what was looked at into the store, some at a time."""

    def __init__(self, batches: Batches, batch_id: int, progress: Callable[[], None]) -> None:
        self._batches = batches
        self._batch_id = batch_id
        self._progress = progress
        self._pending: list[Checked] = []
        self._largest = 0
        self.looked = 0
        self.warned = 0
        """How many would be published although something is to be looked at."""

    async def count(self, checked: Checked) -> None:
        """Only count it: nothing is to be published."""
        self.looked += 1
        self.warned += checked.state == "planned" and checked.has_warnings

    async def add(self, checked: Checked) -> None:
        await self.count(checked)
        if checked.file is not None:
            self._largest = max(self._largest, checked.file.size_bytes)
        self._pending.append(checked)
        self._progress()
        if len(self._pending) >= PAGE:
            await self.flush()

    async def flush(self) -> None:
        pending, self._pending = self._pending, []
        if pending:
            await self._batches.book.save_entries(self._batch_id, pending)

    def plan(self, config: Config, base: Path | None = None) -> dict[str, Any]:
        return self._batches.plan(config, largest_bytes=self._largest, base=base)
