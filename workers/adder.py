"""Puts what people add in chat into the library: fetches the file, then hands it over.

A kill in between costs nothing but the bytes: the file is fetched again from the start, and one
that reached the library already is found there by its content.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any, Protocol

from core.errors import RefusedError, SourceError, TransitionError
from core.ports import Defer, Named, Run, Source, SourceStream
from core.sources.names import clean_name
from core.studio.addition import Addition, AdditionState
from core.studio.additions import CLOUD_BYTES, Additions
from core.studio.assets import Added, Asset, NewAsset
from core.studio.errors import StudioError
from core.studio.incoming import disk_full, writing
from utils.clock import Clock
from utils.threads import in_thread

logger = logging.getLogger(__name__)

TELL_SECONDS = 3.0
"""How often the chat is told how far a file is."""
BEAT_SECONDS = 5.0
TRIES_IN_A_ROW = 4
"""So often a source may fail without more than came before."""
WHOLE = "whole"
"""Folder of a file that was fetched, and waits for the library."""
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 600.0
MOST_TRIES = 20
"""Pauses until something that may pass is given up: some three hours."""


FULL = frozenset({"disk_full", "storage_full"})


class Adding(Protocol):
    """The part of the library that takes files."""

    async def add(self, path: Path, wanted: NewAsset, *, user_id: int = 0) -> Added: ...

    async def set(self, asset_id: int, **values: str) -> Any: ...  # noqa: ANN401 - not used

    async def delete(self, asset_id: int) -> Any: ...  # noqa: ANN401 - not used


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
            await self._drop(int(run.task.args["addition_id"]))
            return
        work, is_kept = _Adding(self._deps, run, addition), False
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
            try:
                await self._troubled(addition, note, error.facts, retry=error.retry)
            except Defer:
                # What is whole here need not come again when the storage is back.
                is_kept = error.key not in FULL
                raise
        except RefusedError as refusal:
            await self._troubled(addition, refusal.key, refusal.facts, retry=False)
        finally:
            if not is_kept:
                await self._drop(addition.id)

    async def _drop(self, addition_id: int) -> None:
        folder = self._deps.folder / str(addition_id)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _keep(self, addition: Addition, added: Added) -> None:
        asset = added.asset
        # A run before this one may have been killed after the library had it.
        is_own = asset.added_by == addition.brought.user_id and not asset.uses
        is_new = added.is_new or (is_own and asset.added_at.timestamp() >= addition.created_at)
        if not is_new:
            await self._complete(asset, addition)
        try:
            await self._deps.additions.added(addition, asset.id, is_new=is_new)
        except TransitionError:
            await self._take_back(added)
            raise
        logger.info("added", extra={"addition": addition.id, "asset": asset.id, "new": is_new})

    async def _take_back(self, added: Added) -> None:
        """Let go what came for nobody: it was taken back while the library took it in."""
        if added.is_new and not await self._deps.additions.is_told(added.asset.id):
            await self._deps.library.delete(added.asset.id)

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
        self._name = ""
        """What the file is called where it comes from."""
        self.folder = deps.folder / str(addition.id)

    async def add(self) -> Added:
        path = await self._fetch()
        await self._stay()
        brought = self._addition.brought
        wanted = brought.answers.wanted()
        # A file that lies here already has a name that the server of the Bot API made up.
        wanted = replace(wanted, name=wanted.name or PurePath(self._name).stem)
        try:
            async with asyncio.TaskGroup() as group:
                beat = group.create_task(self._beat())
                added = await self._deps.library.add(path, wanted, user_id=brought.user_id)
                beat.cancel()
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return added

    async def _beat(self) -> None:
        """Keep the lease while the library looks into the file and stores it.

        Raises:
            LeftError: nobody wants that any more, or everything stops.
        """
        while True:
            self._run.progress()
            await self._clock.sleep(BEAT_SECONDS)
            await self._stay()

    async def _fetch(self) -> Path:
        """Return the whole file, where it lies or as a copy of ours."""
        with writing():
            if (kept := await asyncio.to_thread(self._kept)) is not None:
                self._name = kept.name
                return kept
            source, part = self._deps.open_source(self._addition.source), self.folder / "part"
            await asyncio.to_thread(self._prepare)
            found = await self._read_stubbornly(source, part)
            named = clean_name(source.filename) if isinstance(source, Named) else ""
            self._name = named or clean_name(self._addition.brought.filename)
            return await asyncio.to_thread(self._settle, part) if found is None else found

    def _kept(self) -> Path | None:
        """Return what a run before this one fetched."""
        return next((self.folder / WHOLE).glob("*"), None)

    def _settle(self, part: Path) -> Path:
        (self.folder / WHOLE).mkdir()
        return part.rename(self.folder / WHOLE / (self._name or part.name))

    async def _read_stubbornly(self, source: Source, part: Path) -> Path | None:
        """Read as `_read` does; what breaks off is gone on with as long as more comes."""
        failures = furthest = 0
        while True:
            try:
                return await self._read(source, part)
            except SourceError as error:
                there = await asyncio.to_thread(_size, part)
                failures = 1 if there > furthest else failures + 1
                furthest = max(there, furthest)
                is_hopeless = not error.retry or "retry_after" in error.facts
                if is_hopeless or failures >= TRIES_IN_A_ROW:
                    raise
            await self._stay()
            await self._clock.sleep(failures)

    def _prepare(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    async def _read(self, source: Source, part: Path) -> Path | None:
        """Read what is not there yet; return the path of a file that lies here already."""
        there = await asyncio.to_thread(_size, part)
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
        finally:
            await stream.close()
        return None

    async def _copy(self, stream: SourceStream, write: Callable[[bytes], int], done: int) -> None:
        limit = self._deps.additions.rules.max_bytes
        async for chunk in stream.chunks():
            await in_thread(write, chunk)
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
            raise disk_full(size - free + self._deps.min_free_bytes)

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


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _source_note(error: SourceError) -> tuple[str, dict[str, Any]]:
    if error.key == "too_big_for_cloud":
        return "add_too_big_for_cloud", {"limit_bytes": CLOUD_BYTES}
    return f"source_{error.key}", error.facts
