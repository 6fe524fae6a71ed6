"""Puts what people add in chat into the library: fetches the file, then hands it over.

A kill in between costs nothing but the bytes: the file is fetched again from the start, and one
that reached the library already is found there by its content.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from core.errors import RefusedError, SourceError, TransitionError
from core.ports import Defer, Named, Run, Source, SourceStream
from core.sources.names import clean_name
from core.studio.addition import Addition, AdditionState
from core.studio.additions import CLOUD_BYTES, Additions
from core.studio.assets import Added, Asset, NewAsset
from core.studio.errors import StudioError
from utils.clock import Clock

logger = logging.getLogger(__name__)

TELL_SECONDS = 3.0
"""How often the chat is told how far a file is."""
BEAT_SECONDS = 5.0
TRIES_IN_A_ROW = 4
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 600.0
MOST_TRIES = 20
"""Pauses until something that may pass is given up: some three hours."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Adding(Protocol):
    """The part of the library that takes files."""

    async def add(self, path: Path, wanted: NewAsset, *, user_id: int = 0) -> Added: ...

    async def set(self, asset_id: int, **values: str) -> Any: ...  # noqa: ANN401 - not used


@dataclass(frozen=True, slots=True, kw_only=True)
class AdderDeps:
    """What files are added with."""

    additions: Additions
    library: Adding
    clock: Clock
    open_source: Callable[[Mapping[str, Any]], Source]
    folder: Path
    """Where files lie on their way; nothing else is in it."""
    min_free_bytes: int


class LeftError(Exception):
    """The person took it back, or the process leaves."""


class Adder:
    """The handler of ``add`` tasks."""

    def __init__(self, deps: AdderDeps) -> None:
        self._deps = deps

    async def __call__(self, run: Run) -> None:
        """Fetch one file and add it.

        Raises:
            Defer: the engine stops, or what is in the way may pass; the reason is saved.
        """
        addition = await self._deps.additions.get(int(run.task.args["addition_id"]))
        if addition is None or addition.state is not AdditionState.FETCHING:
            return
        work = _Adding(self._deps, run, addition)
        try:
            added = await work.add()
            await self._keep(addition, added)
        except LeftError:
            if run.stopping():
                raise Defer(self._deps.clock.now()) from None
        except TransitionError as error:
            logger.info("addition left", extra={"addition": addition.id, "why": str(error)})
        except SourceError as error:
            await self._troubled(addition, *_source_note(error), retry=error.retry)
        except StudioError as error:
            note = f"studio_{error.key}"
            await self._troubled(addition, note, error.facts, retry=error.retry)
        except RefusedError as refusal:
            await self._troubled(addition, refusal.key, refusal.facts, retry=False)
        finally:
            await asyncio.to_thread(shutil.rmtree, work.folder, ignore_errors=True)

    async def _keep(self, addition: Addition, added: Added) -> None:
        asset = added.asset
        # A run before this one may have been killed after the library had it.
        is_own = asset.added_by == addition.brought.user_id and not asset.uses
        is_new = added.is_new or (is_own and asset.added_at.timestamp() >= addition.created_at)
        if not is_new:
            await self._complete(asset, addition)
        await self._deps.additions.added(addition, asset.id, is_new=is_new)
        logger.info("added", extra={"addition": addition.id, "asset": asset.id, "new": is_new})

    async def _complete(self, asset: Asset, addition: Addition) -> None:
        """Say of an asset that was there what nobody had said of its rights."""
        answers = addition.answers
        if asset.rights or not answers.rights:
            return
        told = {"rights": answers.rights, "licence": answers.licence}
        told["attribution"] = answers.attribution
        await self._deps.library.set(asset.id, **{k: v for k, v in told.items() if v})

    async def _troubled(
        self, addition: Addition, note: str, facts: Mapping[str, Any], *, retry: bool
    ) -> None:
        """Wait when it may pass, else end it; the chat is told why."""
        additions = self._deps.additions
        try:
            if not retry or addition.tries >= MOST_TRIES:
                await additions.fail(addition, note, facts)
                logger.warning("not added", extra={"addition": addition.id, "why": note})
                return
            await additions.wait(addition, note, facts)
        except TransitionError:
            return
        pause = min(FIRST_PAUSE * 2**addition.tries, LONGEST_PAUSE)
        pause = max(pause, float(facts.get("retry_after") or 0))
        raise Defer(self._deps.clock.now() + timedelta(seconds=pause))

    async def give_up(self, addition_id: int) -> None:
        """End what cannot be added: a bug, or crashes again and again."""
        addition = await self._deps.additions.get(addition_id)
        if addition is None or addition.state is not AdditionState.FETCHING:
            return
        await self._deps.additions.fail(addition, "add_internal", {})

    def sweep(self) -> None:
        """Drop what a process that is gone left on the disk; nothing is being added yet."""
        shutil.rmtree(self._deps.folder, ignore_errors=True)


class _Adding:
    """One run."""

    def __init__(self, deps: AdderDeps, run: Run, addition: Addition) -> None:
        self._deps = deps
        self._run = run
        self._addition = addition
        self._clock = deps.clock
        self._told_at = deps.clock.monotonic()
        self._version = ""
        self.folder = deps.folder / str(addition.id)

    async def add(self) -> Added:
        path = await self._fetch()
        await self._stay()
        brought = self._addition.brought
        try:
            async with asyncio.TaskGroup() as group:
                beat = group.create_task(self._beat())
                added = await self._deps.library.add(
                    path, brought.answers.wanted(), user_id=brought.user_id
                )
                beat.cancel()
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return added

    async def _beat(self) -> None:
        """Keep the lease while the library looks into the file."""
        while True:
            self._run.progress()
            await self._clock.sleep(BEAT_SECONDS)

    async def _fetch(self) -> Path:
        """Return the whole file, where it lies or as a copy of ours."""
        await asyncio.to_thread(self._prepare)
        source = self._deps.open_source(self._addition.source)
        part = self.folder / "part"
        found = await self._read_stubbornly(source, part)
        if found is not None:
            return found
        name = clean_name(source.filename) if isinstance(source, Named) else ""
        return part.rename(self.folder / (name or clean_name(self._addition.brought.filename)))

    async def _read_stubbornly(self, source: Source, part: Path) -> Path | None:
        """Read as `_read` does; what breaks off is gone on with a few times."""
        for attempt in range(1, TRIES_IN_A_ROW):
            try:
                return await self._read(source, part)
            except SourceError as error:
                if not error.retry or "retry_after" in error.facts:
                    raise
                await self._stay()
                await self._clock.sleep(attempt)
        return await self._read(source, part)

    def _prepare(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    async def _read(self, source: Source, part: Path) -> Path | None:
        """Read what is not there yet; return the path of a file that lies here already."""
        there = part.stat().st_size if part.exists() else 0  # noqa: ASYNC240 - no wait
        stream = await source.open(there, version=self._version)
        try:
            if stream.local_path:
                return Path(stream.local_path)
            self._version = stream.version
            self._require_room((stream.size or 0) - stream.start)
            with part.open("r+b" if there else "wb") as file:
                file.truncate(stream.start)
                file.seek(stream.start)
                await self._copy(stream, file.write, stream.start)
        except OSError as error:
            if error.errno in FULL:
                raise StudioError("disk_full", retry=True) from error
            raise
        finally:
            await stream.close()
        return None

    async def _copy(self, stream: SourceStream, write: Callable[[bytes], int], done: int) -> None:
        limit = self._deps.additions.rules.max_bytes
        async for chunk in stream.chunks():
            await asyncio.to_thread(write, chunk)
            done += len(chunk)
            if limit and done > limit:
                raise RefusedError("add_too_big", size_bytes=done, limit_bytes=limit)
            await self._tell(done, stream.size)
        if not done:
            raise SourceError(key="empty_file", retry=False)
        if stream.size is not None and done < stream.size:
            raise SourceError(key="source_interrupted", retry=True)

    def _require_room(self, size: int) -> None:
        free = shutil.disk_usage(self.folder).free
        if free - size < self._deps.min_free_bytes:
            raise StudioError("disk_full", retry=True)

    async def _tell(self, done: int, total: int | None) -> None:
        self._run.progress()
        now = self._clock.monotonic()
        if self._run.stopping():
            raise LeftError
        if now - self._told_at < TELL_SECONDS:
            return
        self._told_at = now
        await self._stay(done, total)

    async def _stay(self, done: int = 0, total: int | None = None) -> None:
        """Leave where the engine stops or the person took it back; tell how far the file is."""
        is_wanted = await self._deps.additions.is_moving(
            self._addition, done=done, total=total, is_told=bool(done)
        )
        if self._run.stopping() or not is_wanted:
            raise LeftError


def _source_note(error: SourceError) -> tuple[str, dict[str, Any]]:
    if error.key == "too_big_for_cloud":
        return "add_too_big_for_cloud", {"limit_bytes": CLOUD_BYTES}
    return f"source_{error.key}", error.facts
