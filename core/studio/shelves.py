"""Where the file of each digest lies, and a local file of it for who needs one."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from core.accounts.vault import Vault
from core.media.storage.base import OnBytes, Storage, Stored
from core.media.storage.folder import FolderStorage
from core.media.storage.open import Tools, configured_place
from core.ports import Transport
from core.settings import Settings
from core.store.base import Row, Store, Tx
from core.studio.copies import Copies, Locks, Wanted, read_file
from core.studio.errors import StudioError
from core.studio.places import Places
from utils.clock import Clock

_LOG = logging.getLogger(__name__)
TIDY_SECONDS = 600.0
"""How often files are tried again that could not be deleted."""
CLEAR_SECONDS = 10.0
"""So long whoever used a file last may be held up by its deletion."""
CACHE = "copies"
"""Folder in data_dir of the copies of files that lie elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """Where the file of a digest lies."""

    sha256: str
    storage: str
    key: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What lies in one storage."""

    storage: str
    files: int
    bytes: int


class Shelves:
    """Puts files away by their digest and finds them again.

    A key is claimed in the database before it is written and until it is deleted, so that a crash
    leaves nothing that `sweep` does not find. One process at a time works on them: the one that
    holds the lock of the database.
    """

    def __init__(self, store: Store, clock: Clock, places: Places, copies: Copies) -> None:
        self._store = store
        self._clock = clock
        self.places = places
        self._copies = copies
        self._locks = Locks()
        self._users: Counter[str] = Counter()
        self._writing: set[tuple[str, str]] = set()
        self._putting: Counter[str] = Counter()
        self._damaged: set[str] = set()
        """Digests of files that were read with other bytes; they are put away anew."""
        self.is_moving = False
        """Whether everything is being moved to another storage."""

    async def get(self, sha256: str) -> StoredFile | None:
        row = await self._store.one("shelves.get", sha256=sha256)
        return None if row is None else _file(row)

    async def require(self, sha256: str) -> StoredFile:
        """Return where a file lies.

        Raises:
            StudioError: ``storage_gone``.
        """
        found = await self.get(sha256)
        if found is None:
            raise StudioError("storage_gone", {"storage": "", "key": sha256[:12]})
        return found

    async def put(
        self,
        sha256: str,
        suffix: str,
        path: Path,
        *,
        on_bytes: OnBytes | None = None,
        given: bool = False,
    ) -> StoredFile:
        """Put a file away, unless its bytes lie there already.

        Args:
            sha256: the digest of the file.
            suffix: how its name ends, such as ``.mp4``.
            path: where it is now; it stays there.
            on_bytes: told how much went over.
            given: nobody changes this file any more, so it may be linked instead of copied.

        Raises:
            StudioError: nothing was put away.
        """
        with _counted(self._putting, sha256):
            async with self._locks.hold(sha256):
                stored = await self._put(sha256, suffix, path, on_bytes, given=given)
                if given:
                    await self._keep_copy(stored, path)
                return stored

    async def _put(
        self, sha256: str, suffix: str, path: Path, on_bytes: OnBytes | None, *, given: bool
    ) -> StoredFile:
        known = await self.get(sha256)
        if known is not None and await self._is_there(known):
            return known
        storage = await self.places.current()
        async with self.writing(storage, sha256, suffix) as key:
            stored = await storage.put(key, path, on_bytes=on_bytes, sha256=sha256, given=given)
            async with self._store.transaction() as tx:
                # Also where there was none: who was cancelled while he committed has put it away.
                await self._remove(tx, sha256)
                await tx.run(
                    "shelves.insert",
                    sha256=sha256,
                    storage=storage.name,
                    key=stored.key,
                    size_bytes=stored.size_bytes,
                    now=self._now(),
                )
                await self.release(tx, storage.name, key)
        self._damaged.discard(sha256)
        return await self.require(sha256)

    async def _keep_copy(self, file: StoredFile, path: Path) -> None:
        """Let what is here already be the copy of what lies elsewhere."""
        try:
            storage = await self.places.require(file.storage)
        except StudioError as error:
            _LOG.warning("a storage cannot be asked", extra={"fault": error.key, **error.facts})
            return
        if storage.local(file.key) is None:
            await self._copies.adopt(_wanted(file), path)

    async def _is_there(self, file: StoredFile) -> bool:
        """Tell whether a file lies where it should; what cannot be asked now counts as there."""
        if file.sha256 in self._damaged:
            return False
        try:
            storage = await self.places.require(file.storage)
            return await storage.size(file.key) == file.size_bytes
        except StudioError as error:
            _LOG.warning("a storage cannot be asked", extra={"fault": error.key, **error.facts})
            return True

    @asynccontextmanager
    async def writing(self, storage: Storage, sha256: str, suffix: str) -> AsyncIterator[str]:
        """Claim a new key for a file; who wrote it calls `release` in the same transaction."""
        # No two writings share a key: what is still to be deleted is never what was just written.
        key = f"{sha256[:2]}/{sha256}-{secrets.token_hex(4)}{_plain(suffix)}"
        claim = (storage.name, key)
        self._writing.add(claim)
        try:
            async with self._store.transaction() as tx:
                await self._claim(tx, storage.name, key, sha256)
            yield key
        finally:
            self._writing.discard(claim)

    async def release(self, tx: Tx, storage: str, key: str) -> None:
        """Give a claim back: the key is somebody's now, or nobody's."""
        await tx.run("shelves.drop_claim", storage=storage, key=key)

    async def give_back(self, storage: Storage, key: str) -> None:
        """Give a claim back under which nothing lies."""
        async with self._store.transaction() as tx:
            await self.release(tx, storage.name, key)

    async def leave(self, tx: Tx, file: StoredFile) -> None:
        """Claim a file that nobody needs any more; `clear` deletes it after its last user."""
        await self._claim(tx, file.storage, file.key, file.sha256, is_doomed=1)

    @asynccontextmanager
    async def file(self, sha256: str) -> AsyncIterator[Path]:
        """Yield the path of a local file with these bytes, there for as long as the block runs.

        Nobody may change it: in a folder it is the stored file itself.

        Raises:
            StudioError: it cannot be read now (``retry``), or ever.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._clear_quietly, sha256)
            # Before it is looked where the file lies, so that it is not deleted from there.
            stack.enter_context(_counted(self._users, sha256))
            found = await self.require(sha256)
            storage = await self.places.require(found.storage)
            path = storage.local(found.key)
            if path is None:
                path = await stack.enter_async_context(self._copy(_wanted(found)))
            yield path

    async def open(self, sha256: str, start: int = 0) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from a position on, of a copy if one is here; none is made.

        Raises:
            StudioError: they cannot be read now (``retry``), or ever.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._clear_quietly, sha256)
            stack.enter_context(_counted(self._users, sha256))
            found = await self.require(sha256)
            copy = await stack.enter_async_context(self._copies.borrow(_wanted(found)))
            pieces = self._bytes(sha256, start) if copy is None else read_file(copy, start)
            async with aclosing(pieces):
                async for piece in pieces:
                    yield piece

    @asynccontextmanager
    async def _copy(self, wanted: Wanted) -> AsyncIterator[Path]:
        """Yield a copy of a file that lies elsewhere; one with other bytes is remembered."""
        async with AsyncExitStack() as stack:
            fetch = partial(self._bytes, wanted.sha256)
            try:
                path = await stack.enter_async_context(self._copies.use(wanted, fetch))
            except StudioError as error:
                if error.key == "storage_damaged":
                    self._damaged.add(wanted.sha256)
                raise
            yield path

    async def _bytes(self, sha256: str, start: int) -> AsyncGenerator[bytes, None]:
        """Yield the bytes from a position on, also when the file moves meanwhile."""
        while True:
            found = await self.require(sha256)
            storage = await self.places.require(found.storage)
            try:
                async with aclosing(storage.open(found.key, start)) as pieces:
                    async for piece in pieces:
                        start += len(piece)
                        yield piece
            except StudioError as error:
                if error.key != "storage_gone" or await self.get(sha256) == found:
                    raise
            else:
                return

    async def delete(self, sha256: str) -> None:
        """Delete a file, now or with its last user; one that is not there is no error."""
        async with self._locks.hold(sha256):
            async with self._store.transaction() as tx:
                await self._remove(tx, sha256)
            await self._clear_quietly(sha256)

    async def clear(self, sha256: str) -> None:
        """Delete what lies of a digest where nobody needs it any more.

        While somebody holds an asset with these bytes, all stays: the file itself may be in use.

        Raises:
            StudioError: the storage cannot be asked; it stays claimed.
        """
        if self._users[sha256]:
            return
        for row in await self._store.all("shelves.doomed_claims", sha256=sha256):
            await self._delete(row)
        if await self.get(sha256) is None:
            self._copies.forget(sha256)

    async def sweep(self, *, only_here: bool = False) -> int:
        """Delete everything that was left behind; return how much could not be deleted yet.

        What is being written or used now stays, and with ``only_here`` what lies elsewhere.
        """
        left, down = 0, set()
        for row in await self._store.all("shelves.claims"):
            name = row["storage"]
            if self._is_busy(row) or (only_here and not name.startswith("file:")):
                continue
            try:
                if name not in down and await self._is_left(row):
                    await self._delete(row)
            except StudioError as error:
                _log_left(error)
                down.add(name)
            left += name in down
        await self._copies.sweep()
        return left

    def _is_busy(self, row: Row) -> bool:
        return (row["storage"], row["key"]) in self._writing or row["sha256"] in self._users

    async def _is_left(self, row: Row) -> bool:
        """Tell whether a claim still stands; who wrote under it may be ready by now.

        Asked after `_is_busy`, and where it is written: who wrote has given his claim back by
        then, also if he was cancelled while he committed; nobody begins to write under an old key.
        """
        async with self._store.transaction() as tx:
            claim = await tx.one("shelves.claim_of", storage=row["storage"], key=row["key"])
        return claim is not None

    async def recover(self) -> None:
        """Finish what a process before this one left; for the start."""
        await self.places.settle()
        storage = await self.places.current()
        if isinstance(storage, FolderStorage):
            await storage.sweep()
        # A storage that does not answer would hold up the start; `tidy` asks those.
        await self.sweep(only_here=True)

    async def held(self) -> list[Held]:
        """Return what lies in which storage."""
        return [
            Held(storage=row["storage"], files=row["files"], bytes=row["bytes"])
            for row in await self._store.all("shelves.sums")
        ]

    async def elsewhere(self, storage: str, after: str, limit: int) -> list[StoredFile]:
        """Return files that lie in other storages, in the order of their digests."""
        rows = await self._store.all(
            "shelves.elsewhere", storage=storage, after=after, limit=limit
        )
        return [_file(row) for row in rows]

    async def put_so_far(self) -> None:
        """Wait for the end of what is being put away now, wherever it goes."""
        for sha256 in list(self._putting):
            async with self._locks.hold(sha256):
                pass

    async def waiting(self, storage: str) -> int:
        """Return how many files of other storages are yet to be deleted."""
        row = await self._store.one("shelves.count_claims", storage=storage)
        return int(row["claims"]) if row else 0

    async def tidy(self) -> None:
        """Sweep now and then again from time to time; never returns."""
        while True:
            await self.sweep()
            await self._clock.sleep(TIDY_SECONDS)

    async def switch(self, file: StoredFile, storage: Storage, asked: str, new: Stored) -> bool:
        """Let a file lie where its copy was written; False when it went meanwhile.

        The one that is not needed any more, the old or the new, is claimed for deletion in the
        same transaction.
        """
        copy = StoredFile(
            sha256=file.sha256, storage=storage.name, key=new.key, size_bytes=new.size_bytes
        )
        async with self._store.transaction() as tx:
            changed = await tx.run(
                "shelves.switch",
                sha256=file.sha256,
                storage=storage.name,
                key=new.key,
                old_storage=file.storage,
                old_key=file.key,
                now=self._now(),
            )
            await self.release(tx, storage.name, asked)
            await self.leave(tx, file if changed else copy)
        return bool(changed)

    async def _remove(self, tx: Tx, sha256: str) -> None:
        row = await tx.one("shelves.remove", sha256=sha256)
        if row is not None:
            await self.leave(tx, _file(row))

    async def _delete(self, row: Row) -> None:
        storage = await self.places.require(row["storage"])
        await storage.delete(row["key"])
        async with self._store.transaction() as tx:
            await self.release(tx, row["storage"], row["key"])

    async def _clear_quietly(self, sha256: str) -> None:
        """Delete what can be deleted soon; the rest stays claimed for the next sweep."""
        try:
            async with asyncio.timeout(CLEAR_SECONDS):
                await self.clear(sha256)
        except StudioError as error:
            _log_left(error)
        except TimeoutError:
            _LOG.warning("a file is still to be deleted", extra={"sha256": sha256})

    async def _claim(
        self, tx: Tx, storage: str, key: str, sha256: str, *, is_doomed: int = 0
    ) -> None:
        await tx.run(
            "shelves.claim",
            storage=storage,
            key=key,
            sha256=sha256,
            is_doomed=is_doomed,
            now=self._now(),
        )

    def _now(self) -> float:
        return self._clock.now().timestamp()


@asynccontextmanager
async def open_shelves(
    settings: Settings, store: Store, clock: Clock, transport: Transport, vault: Vault
) -> AsyncIterator[Shelves]:
    """Put the shelves of these settings together; what was left behind is swept first.

    A storage that cannot be reached, or a setting that means none, keeps nobody from starting.
    What lies in other storages than folders is swept by `Shelves.tidy`.
    """
    tools = Tools(
        transport=transport,
        clock=clock,
        cloudinary=settings.endpoints.cloudinary,
        part_bytes=settings.library.s3_part_bytes,
        min_free_bytes=settings.min_free_disk,
    )
    copies = Copies(
        settings.data_dir / CACHE,
        clock,
        cache_bytes=settings.library.cache_bytes,
        min_free_bytes=settings.min_free_disk,
    )
    async with Places(store, clock, vault, tools, configured_place(settings)) as places:
        shelves = Shelves(store, clock, places, copies)
        try:
            await shelves.recover()
        except StudioError as error:
            _LOG.warning("media cannot be stored now", extra={"fault": error.key, **error.facts})
        yield shelves


@contextmanager
def _counted(users: Counter[str], name: str) -> Iterator[None]:
    users[name] += 1
    try:
        yield
    finally:
        users[name] -= 1
        if not users[name]:
            del users[name]


def _file(row: Row) -> StoredFile:
    return StoredFile(
        sha256=row["sha256"],
        storage=row["storage"],
        key=row["key"],
        size_bytes=row["size_bytes"],
    )


def _wanted(file: StoredFile) -> Wanted:
    suffix = PurePosixPath(file.key).suffix
    return Wanted(sha256=file.sha256, size_bytes=file.size_bytes, suffix=suffix)


def _plain(suffix: str) -> str:
    """Return a suffix that can stand in a key: what is odd about it is left out."""
    kept = "".join(one for one in suffix.lower() if one.isascii() and one.isalnum())[:10]
    return f".{kept}" if kept else ""


def _log_left(error: StudioError) -> None:
    _LOG.warning("a file is still to be deleted", extra={"fault": error.key, **error.facts})
