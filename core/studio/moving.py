"""Moving the library to another storage while it is used.

New files go to the new place from the first moment on. Each of the others is copied, read back and
compared there, then the database names its new place in one transaction, and only then the old one
is deleted. Killed anywhere, the same move goes on with what still lies elsewhere; a copy that was
not switched to is found by its claim.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from core.media.storage.base import Storage, Stored
from core.media.storage.waits import Waits
from core.settings import StorageSettings
from core.store.base import Store
from core.studio.errors import StudioError
from core.studio.shelves import Shelves, StoredFile
from utils.clock import Clock

_LOG = logging.getLogger(__name__)
PAGE = 50
"""Rows that are looked at at once."""
CHECK = ".txt"
"""Ending of what is written to see whether a storage can be used."""
OF_THE_FILE = frozenset({"storage_gone", "storage_changed", "storage_damaged"})
"""Faults of one file, with which the others are moved on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """How far a move is."""

    files: int = 0
    bytes: int = 0
    """Of whole files, and of the one that is being moved."""
    files_total: int = 0
    bytes_total: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a move did."""

    storage: str
    """Where everything lies now."""
    files: int
    bytes: int
    faults: tuple[tuple[str, str], ...]
    """Digest and fault of each file that could not be moved and stays where it is."""
    waiting: int
    """Files that lie at their old place too, because they are in use or could not be deleted."""
    is_configured: bool
    """Whether the settings name this storage; else a person has to change ``storage.url``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lies:
    """How many files lie where new ones go, and how many do not: they were not moved (yet)."""

    storage: str
    """Where new files go."""
    files: int
    bytes: int
    files_left: int
    bytes_left: int

    @property
    def command(self) -> str:
        """Return what brings the others there; how the place is reached is remembered."""
        url, _, endpoint = self.storage.partition("?endpoint=")
        return f"karvon library move {url}" + (f" --endpoint {endpoint}" if endpoint else "")


async def how_it_lies(store: Store, configured: str) -> Lies:
    """Count what lies where.

    Args:
        store: of a running Karvon, or a copy of what one left.
        configured: name of the storage that the settings name.
    """
    row = await store.one("shelves.storage", name=configured)
    storage = str(row["moves_to"]) if row and row["moves_to"] else configured
    held = await store.all("shelves.sums")
    there = [one for one in held if one["storage"] == storage]
    left = [one for one in held if one["storage"] != storage]
    return Lies(
        storage=storage,
        files=sum(one["files"] for one in there),
        bytes=sum(one["bytes"] for one in there),
        files_left=sum(one["files"] for one in left),
        bytes_left=sum(one["bytes"] for one in left),
    )


OnMoving = Callable[[Moving], None]


class Mover:
    """Moves everything to one storage; one move at a time."""

    def __init__(self, shelves: Shelves, clock: Clock) -> None:
        self._shelves = shelves
        self._clock = clock

    async def resolve(self, place: StorageSettings) -> StorageSettings:
        """Complete an address by what is known of the place: its keys, its region.

        Raises:
            StudioError: ``storage_url``.
        """
        known = await self._shelves.places.find(place.url, place.endpoint)
        if known is None or place.key_id:
            return place
        return known

    async def move(self, place: StorageSettings, on_moving: OnMoving | None = None) -> Moved:
        """Move every file there.

        Raises:
            StudioError: the new place cannot be used, or not any more; what was moved is moved.
        """
        if self._shelves.is_moving:
            raise StudioError("storage_moving")
        self._shelves.is_moving = True
        try:
            return await self._move(place, on_moving or _ignore)
        finally:
            self._shelves.is_moving = False

    async def _move(self, place: StorageSettings, on_moving: OnMoving) -> Moved:
        shelves = self._shelves
        target = await shelves.places.add(place)
        await check(shelves, target)
        await shelves.places.redirect(target.name)
        await shelves.put_so_far()
        await shelves.sweep()
        run = _Run(shelves, self._clock, target, on_moving)
        await run.all()
        await shelves.sweep()
        return Moved(
            storage=target.name,
            files=run.now.files,
            bytes=run.now.bytes,
            faults=tuple(run.faults),
            waiting=await shelves.waiting(target.name),
            is_configured=shelves.places.configured == target.name,
        )


class _Run:
    """One run of a move."""

    def __init__(
        self, shelves: Shelves, clock: Clock, target: Storage, on_moving: OnMoving
    ) -> None:
        self._shelves = shelves
        self._clock = clock
        self._target = target
        self._on_moving = on_moving
        self.now = Moving()
        self.faults: list[tuple[str, str]] = []

    async def all(self) -> None:
        name = self._target.name
        others = [held for held in await self._shelves.held() if held.storage != name]
        self.now = Moving(
            files_total=sum(held.files for held in others),
            bytes_total=sum(held.bytes for held in others),
        )
        _LOG.info("the library moves", extra={"to": name, "files": self.now.files_total})
        self._on_moving(self.now)
        after = ""
        while files := await self._shelves.elsewhere(name, after, PAGE):
            for file in files:
                await self._move(file)
            after = files[-1].sha256
        _LOG.info("the library has moved", extra={"to": name, "files": self.now.files})

    async def _move(self, file: StoredFile) -> None:
        """Move one file; what is wrong with it alone does not keep the others."""
        waits = Waits(self._clock)
        while True:
            try:
                is_moved = await self._copy_and_switch(file)
            except StudioError as error:
                if error.retry:
                    await waits.wait(error)
                elif error.key in OF_THE_FILE:
                    return await self._skip(file, error)
                else:
                    raise
            else:
                return self._count(file, is_moved=is_moved)

    async def _copy_and_switch(self, file: StoredFile) -> bool:
        """Copy, compare and switch one file; False when it was deleted meanwhile."""
        shelves, target = self._shelves, self._target
        suffix = PurePosixPath(file.key).suffix
        # The old file goes when the last one who reads it has ended, this block among them.
        async with (
            shelves.file(file.sha256) as path,
            shelves.writing(target, file.sha256, suffix) as key,
        ):
            stored = await target.put(
                key, path, on_bytes=self._tell, sha256=file.sha256, given=True
            )
            await compare(target, stored, file)
            return await shelves.switch(file, target, key, stored)

    async def _skip(self, file: StoredFile, error: StudioError) -> None:
        if await self._shelves.get(file.sha256) != file:
            # It was deleted meanwhile, not lost.
            return
        _LOG.warning("a file stays", extra={"sha256": file.sha256, "fault": error.key})
        self.faults.append((file.sha256, error.key))

    def _count(self, file: StoredFile, *, is_moved: bool) -> None:
        now = self.now
        if is_moved:
            self.now = replace(now, files=now.files + 1, bytes=now.bytes + file.size_bytes)
        self._on_moving(self.now)

    def _tell(self, done: int) -> None:
        self._on_moving(replace(self.now, bytes=self.now.bytes + done))


async def compare(storage: Storage, stored: Stored, file: StoredFile) -> None:
    """Read a copy back and compare it.

    Raises:
        StudioError: ``storage_unreachable``: it did not arrive as it was sent.
    """
    size = await storage.size(stored.key)
    digest = hashlib.sha256()
    async with aclosing(storage.open(stored.key)) as pieces:
        async for piece in pieces:
            digest.update(piece)
    if size != file.size_bytes or digest.hexdigest() != file.sha256:
        facts = {"storage": storage.name, "reason": "the copy differs"}
        raise StudioError("storage_unreachable", facts, retry=True)


async def check(shelves: Shelves, storage: Storage) -> None:
    """Write, read and delete something small, before anything depends on it.

    Raises:
        StudioError: the storage cannot be used.
    """
    content = secrets.token_bytes(64).hex().encode()
    async with shelves.writing(storage, hashlib.sha256(content).hexdigest(), CHECK) as key:
        with tempfile.TemporaryDirectory(prefix="karvon-") as folder:
            path = Path(folder) / f"check{CHECK}"
            path.write_bytes(content)
            try:
                stored = await storage.put(key, path)
            except StudioError as error:
                if not error.retry:
                    await shelves.give_back(storage, key)
                raise
        # Stopped from here on it is found by its claim.
        try:
            async with aclosing(storage.open(stored.key)) as pieces:
                found = b"".join([piece async for piece in pieces])
        finally:
            await storage.delete(stored.key)
        await shelves.give_back(storage, key)
    if found != content:
        facts = {"storage": storage.name, "reason": "it gives back other bytes"}
        raise StudioError("storage_refused", facts)


def _ignore(now: Moving) -> None:
    del now
