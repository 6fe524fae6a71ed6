"""Adds new files of watched folders to the library, each once; looks every few seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from core.store.base import Store, Tx
from core.studio.errors import StudioError
from core.studio.library import Library
from core.studio.watching import (
    Lying,
    Mark,
    WatchedFiles,
    is_written,
    lies,
    open_inside,
    path_key,
    scan,
    wanted_of,
)
from utils.clock import Clock

logger = logging.getLogger(__name__)

LOOK_SECONDS = 3.0
"""Least time between two looks; a file is taken when it was the same at two in a row."""
SPARE = 20
"""A look that takes long is followed by so many times its length without one."""
REFUSED = "library_watch_refused"
"""Sentence of a message about files that cannot be added."""
WAITING = "library_watch_waiting"
"""Sentence of a message that files wait for something that may pass."""
MISSING = "library_watch_missing"
"""Sentence of a message that a watched folder cannot be read."""
OF_ONE = frozenset({"look_too_long"})
"""What may pass elsewhere, but would keep all other files of a folder waiting."""
IDLE_SECONDS = 600.0
"""A file that did not change for so long is taken even if somebody could still write into it."""
SHOWN = 10


class Says(Protocol):
    """Queues messages of the chat."""

    async def say(
        self,
        chat_id: int,
        sentence: str,
        *,
        facts: dict[str, Any] | None = None,
        tx: Tx | None = None,
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectorDeps:
    """What watched folders are looked at with."""

    library: Library
    store: Store
    clock: Clock
    posts: Says
    folders: Sequence[Path]
    admins: Sequence[int] = ()
    """Chats that are told what could not be added."""
    apart: Sequence[Path] = ()
    """Folders that are never looked into: our own."""


class Collector:
    """Watches folders; one for each library."""

    def __init__(self, deps: CollectorDeps) -> None:
        self._deps = deps
        self._watched = WatchedFiles(deps.store, deps.clock)
        self._before: dict[str, Mark] = {}
        """How the files that are not added yet were at the last look."""
        self._told: dict[str, str] = {}
        """What stands in the way of a folder, as it was told."""

    async def keep(self) -> None:
        """Look again and again; never returns, unless there is no folder."""
        while self._deps.folders:
            began = self._deps.clock.monotonic()
            await self.look()
            spent = self._deps.clock.monotonic() - began
            await self._deps.clock.sleep(max(LOOK_SECONDS, spent * SPARE))

    async def look(self) -> int:
        """Look once at every folder; return how many files were added."""
        before, self._before = self._before, {}
        return sum([await self._look(folder, before) for folder in self._deps.folders])

    async def _look(self, folder: Path, before: Mapping[str, Mark]) -> int:
        try:
            place = await asyncio.to_thread(folder.resolve, strict=True)
            found = await asyncio.to_thread(scan, place, apart=self._deps.apart)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            await self._trouble(folder, MISSING, {"folder": str(folder), "reason": reason})
            return 0
        known = await self._watched.known(place)
        # An empty folder may be one whose disk is not there now.
        if found and (gone := known.keys() - {one.key for one in found}):
            await self._watched.forget(gone)
        fresh = [one for one in found if known.get(one.key) != one.mark]
        self._before |= {one.key: one.mark for one in fresh}
        ripe = [one for one in fresh if before.get(one.key) == one.mark]
        return await self._take(folder, ripe)

    async def _take(self, folder: Path, ripe: Sequence[Lying]) -> int:
        """Add files one by one; what stands in the way of all of them ends the round."""
        added, refused = 0, list[tuple[Lying, StudioError]]()
        try:
            for lying in ripe:
                try:
                    added += await self._add(lying)
                except StudioError as error:
                    if error.key == "cannot_read" and not await asyncio.to_thread(lies, lying):
                        continue
                    if not error.retry or error.key in OF_ONE:
                        refused.append((lying, error))
                    elif error.key != "changed_meanwhile":
                        facts = {"folder": str(folder), "key": error.key, "facts": error.facts}
                        await self._trouble(folder, WAITING, facts)
                        return added
        finally:
            if refused:
                await self._refuse(folder, refused)
        self._told.pop(str(folder), None)
        return added

    async def _add(self, lying: Lying) -> int:
        age = self._deps.clock.now().timestamp() - lying.mark[1] / 1e9
        if age < IDLE_SECONDS and await asyncio.to_thread(is_written, lying):
            return 0
        wanted = wanted_of(lying.relative)
        opened = partial(open_inside, lying.folder, lying.relative)
        added = await self._deps.library.add_opened(opened, wanted, file_name=lying.relative.name)
        await self._watched.added(lying, added.asset.id)
        self._before.pop(lying.key, None)
        return int(added.is_new)

    async def _refuse(self, folder: Path, refused: Sequence[tuple[Lying, StudioError]]) -> None:
        """Remember files that cannot be added, and tell of them in the same commit."""
        files = [
            {"name": path_key(lying.relative), "key": error.key, "facts": error.facts}
            for lying, error in refused[:SHOWN]
        ]
        facts = {"folder": str(folder), "count": len(refused), "files": files}
        async with self._deps.store.transaction() as tx:
            for lying, error in refused:
                await self._watched.refused(tx, lying, error)
            await self._tell(REFUSED, facts, tx)
        for lying, error in refused:
            self._before.pop(lying.key, None)
            logger.warning("file cannot be added", extra={"file": lying.key, "why": error.key})

    async def _trouble(self, folder: Path, sentence: str, facts: dict[str, Any]) -> None:
        """Tell what stands in the way, once until it is away."""
        if self._told.get(str(folder)) == sentence:
            return
        self._told[str(folder)] = sentence
        logger.warning("watched folder waits", extra={"folder": str(folder), "why": sentence})
        await self._tell(sentence, facts, None)

    async def _tell(self, sentence: str, facts: dict[str, Any], tx: Tx | None) -> None:
        for chat_id in self._deps.admins:
            await self._deps.posts.say(chat_id, sentence, facts=facts, tx=tx)
