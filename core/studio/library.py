"""The library: adds media, finds it, picks from it, and lets it go when nobody needs it.

The bytes of a file are kept once, by their digest, whatever kinds of assets they are; its picture
too. A row is committed after its file lies where it stays, and a file goes after the last row
with its bytes has gone; what a process that was killed left between the two goes with `recover`.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from core.store.base import Row, Store, Tx
from core.studio import picking, searching
from core.studio.assets import (
    MEDIA_OF,
    SETTABLE,
    Added,
    Asset,
    Deleted,
    Found,
    KindStats,
    NewAsset,
    Wanted,
    clean,
    clean_field,
    clean_name,
    clean_tags,
    clean_word,
    measured,
    read_asset,
    said,
)
from core.studio.counting import Counts
from core.studio.errors import StudioError
from core.studio.examining import Looked, look
from core.studio.incoming import Copied, Incoming, OnBytes, open_file, writing
from core.studio.leaving import Files, Shelf
from core.studio.mashup import AssetKind
from utils.clock import Clock
from utils.threads import in_thread

logger = logging.getLogger(__name__)

MOST_PER_PAGE = 200
MOST_PICKED = 1000
LARGEST = 2**53
"""No number of an asset or a page is larger."""


class Library:
    """All assets; one for each process that holds the lock of the database."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        shelves: Shelf,
        *,
        folder: Path,
        repeat_days: float = 7.0,
        max_bytes: int = 0,
        min_free_bytes: int = 0,
        rng: random.Random | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._window = timedelta(days=repeat_days)
        self._rng = rng or random.SystemRandom()
        self.incoming = Incoming(
            folder / "incoming", max_bytes=max_bytes, min_free_bytes=min_free_bytes
        )
        self.counts = Counts(store, clock)
        self._files = Files(store, clock, shelves, folder / "thumbnails")

    def _now(self) -> float:
        return self._clock.now().timestamp()

    # Adding

    async def add(
        self,
        path: Path,
        wanted: NewAsset,
        *,
        user_id: int = 0,
        on_bytes: OnBytes | None = None,
    ) -> Added:
        """Add a copy of a file; the file itself is left as it is.

        Raises:
            StudioError: it cannot be read, is no media of this kind, or there is no room.
        """
        opened = partial(open_file, path)
        return await self.add_opened(
            opened, wanted, file_name=path.name, user_id=user_id, on_bytes=on_bytes
        )

    async def add_opened(
        self,
        opened: Callable[[], BinaryIO],
        wanted: NewAsset,
        *,
        file_name: str,
        user_id: int = 0,
        on_bytes: OnBytes | None = None,
    ) -> Added:
        """Add a copy of the file that ``opened`` gives, as `add` does."""
        asked = clean(wanted, file_name)
        async with self.incoming.copy(opened, on_bytes) as copied:
            return await self.keep(copied, asked, user_id=user_id)

    async def keep(self, copied: Copied, wanted: NewAsset, *, user_id: int = 0) -> Added:
        """Make an asset of a copy in `incoming`, or tell which one has its bytes already.

        Raises:
            StudioError: it is no media of this kind.
        """
        async with self._files.turns.of(copied.sha256):
            rows = await self._store.all("library.of_bytes", sha256=copied.sha256)
            try:
                # Also what is known: its stored file may have been lost.
                values = await self._place(copied, wanted.kind, rows)
                added = await self._write(copied, wanted, values, user_id)
            except BaseException:
                self._files.leave([copied.sha256])
                raise
        if added.is_new:
            facts = {"asset": added.asset.id, "kind": added.asset.kind.value}
            logger.info("asset added", extra=facts)
        return added

    async def _write(
        self, copied: Copied, wanted: NewAsset, values: Mapping[str, Any], user_id: int
    ) -> Added:
        """Write what is known now, in one go: it may have gone meanwhile, or come.

        One that was to go stays, as it is described now.
        """
        async with self._store.transaction() as tx:
            rows = await tx.all("library.of_bytes", sha256=copied.sha256)
            same = next((row for row in rows if row["kind"] == wanted.kind.value), None)
            if same is None:
                asset = await self._insert(tx, copied, wanted, values, user_id)
                return Added(asset=asset, is_new=True)
            if same["deleted_at"] is None:
                return Added(asset=read_asset(same), is_new=False)
            await tx.one("library.revive", id=same["id"])
            return Added(asset=await self._say(tx, same["id"], wanted), is_new=False)

    async def _place(
        self, copied: Copied, kind: AssetKind, known: Sequence[Row]
    ) -> Mapping[str, Any]:
        """Bring bytes to where they stay; return the columns of the file."""
        looked: Looked | None = None
        if not known or not self._files.has_picture(copied.sha256):
            looked = await look(copied.path)
        values = _columns(looked) if looked else _file_of(known[0])
        _require_media(values["media"], kind)
        if looked is not None:
            with writing():
                await in_thread(self._files.save_picture, copied.sha256, looked.picture)
        await self._files.shelves.put(copied.sha256, values["suffix"], copied.path, given=True)
        return values

    async def _insert(
        self, tx: Tx, copied: Copied, wanted: NewAsset, values: Mapping[str, Any], user_id: int
    ) -> Asset:
        row = await tx.one(
            "library.insert",
            kind=wanted.kind.value,
            sha256=copied.sha256,
            size_bytes=copied.size_bytes,
            added_by=user_id,
            now=self._now(),
            **values,
            **said(wanted),
        )
        if row is None:
            raise AssertionError("an insert returns its row")
        asset = read_asset(row)
        await self._index(tx, asset)
        return asset

    # Finding

    async def get(self, asset_id: int) -> Asset | None:
        if not 0 < asset_id < LARGEST:
            return None
        row = await self._store.one("library.get", id=asset_id)
        return read_asset(row) if row else None

    async def require(self, asset_id: int) -> Asset:
        """Return an asset, also one that only waits for its last holder.

        Raises:
            StudioError: ``no_asset``.
        """
        asset = await self.get(asset_id)
        if asset is None:
            raise StudioError("no_asset", {"asset_id": asset_id})
        return asset

    async def find(self, wanted: Wanted) -> Found:
        """Return a page of assets: the best match of the words first, without words the newest."""
        per_page = max(1, min(wanted.per_page, MOST_PER_PAGE))
        filters = {
            "kind": wanted.kind.value if wanted.kind else "",
            "platform": clean_word(wanted.platform),
            "mood": clean_word(wanted.mood),
            "category": clean_word(wanted.category),
            "tag": next(iter(clean_tags([wanted.tag])), ""),
        }
        number = max(1, min(wanted.page, LARGEST // MOST_PER_PAGE))
        page = {"limit": per_page, "offset": (number - 1) * per_page}
        names = ("library.find", "library.count_found")
        if wanted.text.strip():
            filters["match"] = searching.match_of(wanted.text)
            names = ("library.search", "library.count_searched")
            if not filters["match"]:
                return Found(assets=(), total=0)
        rows = await self._store.all(names[0], **filters, **page)
        counted = await self._store.one(names[1], **filters)
        total = int(counted["n"]) if counted else 0
        return Found(assets=tuple(map(read_asset, rows)), total=total)

    async def moods(self, kind: AssetKind) -> list[tuple[str, int]]:
        """Return the moods of one kind with their numbers, the most frequent first."""
        rows = await self._store.all("library.moods", kind=kind.value)
        return [(row["mood"], row["n"]) for row in rows]

    async def tags(
        self, kind: AssetKind | None = None, *, limit: int = 50
    ) -> list[tuple[str, int]]:
        """Return tags with their numbers, the most frequent first."""
        rows = await self._store.all("library.tags", kind=kind.value if kind else "", limit=limit)
        return [(row["tag"], row["n"]) for row in rows]

    async def stats(self) -> list[KindStats]:
        """Return how much there is of each kind, also of those of which there is nothing."""
        return await self.counts.stats()

    # Picking

    async def pick(
        self,
        kind: AssetKind,
        *,
        platform: str = "",
        mood: str = "",
        seed: picking.Seed | None = None,
        count: int = 1,
        avoid: Collection[int] = (),
    ) -> list[Asset]:
        """Return assets by chance, none twice: the least used first, none used or picked lately.

        With a seed the same library always gives the same, and nothing is noted. Without one the
        pick is noted, and what was picked rests like what was used.

        Args:
            kind: of the assets.
            platform: for which they are made; those for any platform count as well.
            mood: exactly this one; empty for any.
            seed: decides among those that were used equally often.
            count: at most so many are returned.
            avoid: ids that are not wanted.

        Raises:
            StudioError: ``nothing_to_pick``; its facts tell how many rest and until when.
        """
        wanted = {
            "kind": kind.value,
            "platform": clean_word(platform),
            "mood": clean_word(mood),
        }
        if seed is not None:
            rows = await self._store.all("library.candidates", **wanted)
            chosen = self._choose(rows, wanted, seed, count, avoid)
            return [await self.require(asset_id) for asset_id in chosen]
        # Chosen and noted in one go: nobody else picks the same meanwhile.
        async with self._store.transaction() as tx:
            rows = await tx.all("library.candidates", **wanted)
            chosen = self._choose(rows, wanted, self._rng.getrandbits(64), count, avoid)
            await self.counts.touched(tx, chosen, self._clock.now())
            found = [await tx.one("library.get", id=asset_id) for asset_id in chosen]
        return [read_asset(row) for row in found if row is not None]

    def _choose(
        self,
        rows: Sequence[Row],
        wanted: Mapping[str, str],
        seed: picking.Seed,
        count: int,
        avoid: Collection[int],
    ) -> list[int]:
        candidates, now = list(map(picking.read_candidate, rows)), self._clock.now()
        count = max(1, min(count, MOST_PICKED))
        chosen = picking.choose(
            candidates, seed=seed, count=count, now=now, window=self._window, avoid=avoid
        )
        if not chosen:
            rest = picking.resting(candidates, now=now, window=self._window)
            raise StudioError("nothing_to_pick", {**wanted, **_told(rest)})
        return chosen

    # Using

    async def use(
        self,
        asset_ids: Iterable[int],
        user: str,
        tx: Tx | None = None,
        *,
        accounts: Sequence[int] = (),
    ) -> None:
        """Count a use of each asset by ``user`` (such as ``render:7``) and hold them for it.

        Said again it counts nothing, but adds accounts that were not named before.

        Raises:
            StudioError: ``no_asset``.
        """
        async with self._within(tx) as within:
            await self.counts.use(within, asset_ids, user, accounts)

    async def unuse(self, user: str, tx: Tx | None = None) -> None:
        """Take back what was counted for ``user``; what it holds stays held."""
        async with self._within(tx) as within:
            await self.counts.unuse(within, user)

    async def hold(self, asset_ids: Iterable[int], holder: str, tx: Tx | None = None) -> None:
        """Keep the files of assets until ``holder`` lets go.

        Raises:
            StudioError: ``no_asset``.
        """
        async with self._within(tx) as within:
            await self.counts.hold(within, asset_ids, holder)

    async def release(self, holder: str, tx: Tx | None = None) -> None:
        """Let go of all; what was deleted meanwhile and is needed by nobody else goes."""
        async with self._within(tx) as within:
            gone = await self.counts.release(within, holder)
            within.after_commit(partial(self._files.leave, gone))
        if tx is None:
            await self.clear()

    def file(self, asset: Asset) -> AbstractAsyncContextManager[Path]:
        """Lend a file on this disk; it stays for as long as it is used, also if it is deleted."""
        return self._files.shelves.file(asset.sha256)

    def thumbnail(self, asset: Asset) -> Path | None:
        """Return the picture of an asset, a JPEG of at most 320 px a side."""
        digest = asset.sha256
        return self._files.picture(digest) if self._files.has_picture(digest) else None

    # Changing

    async def rename(self, asset_id: int, name: str) -> Asset:
        """Call an asset something else.

        Raises:
            StudioError: ``no_asset``, or ``no_name``.
        """
        wanted = clean_name(name)
        if not wanted:
            raise StudioError("no_name")
        return await self._change(asset_id, lambda asset: replace(asset, name=wanted))

    async def tag(
        self, asset_id: int, *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> Asset:
        """Add tags and take others away.

        Raises:
            StudioError: ``no_asset``, or a tag is too long, or they are too many.
        """
        more, less = clean_tags(add), clean_tags(remove)
        return await self._change(
            asset_id, lambda asset: replace(asset, tags=clean_tags((asset.tags - less) | more))
        )

    async def set(self, asset_id: int, **fields: str) -> Asset:
        """Say something of an asset; ``fields`` are some of `SETTABLE`.

        Raises:
            StudioError: ``no_asset``, or a field or value cannot be.
        """
        values: dict[str, Any] = {name: clean_field(name, text) for name, text in fields.items()}
        return await self._change(asset_id, lambda asset: replace(asset, **values))

    async def _change(self, asset_id: int, change: Callable[[Asset], Asset]) -> Asset:
        _ = await self.require(asset_id)
        async with self._store.transaction() as tx:
            row = await tx.one("library.get", id=asset_id)
            if row is None:
                raise StudioError("no_asset", {"asset_id": asset_id})
            return await self._say(tx, asset_id, _description(change(read_asset(row))))

    async def _say(self, tx: Tx, asset_id: int, wanted: NewAsset) -> Asset:
        row = await tx.one("library.say", id=asset_id, **said(wanted))
        if row is None:
            raise AssertionError("it was there a moment ago")
        asset = read_asset(row)
        await self._index(tx, asset)
        return asset

    async def _index(self, tx: Tx, asset: Asset) -> None:
        words = searching.indexed(
            name=asset.name,
            tags=asset.tags,
            mood=asset.mood,
            category=asset.category,
            origin=asset.origin,
            attribution=asset.attribution,
        )
        await tx.run("library.drop_words", id=asset.id)
        await tx.run("library.insert_words", id=asset.id, **words)

    # Deleting

    async def delete(self, asset_id: int) -> Deleted:
        """Let an asset go: now, or as soon as its last holder lets go of it.

        Raises:
            StudioError: ``no_asset``.
        """
        _ = await self.require(asset_id)
        async with self._store.transaction() as tx:
            outcome, gone = await self.counts.delete(tx, asset_id)
            tx.after_commit(partial(self._files.leave, gone))
        logger.info("asset deleted", extra={"asset": asset_id, "outcome": outcome.value})
        await self.clear()
        return outcome

    async def recover(self) -> int:
        """Remove what a process that ended suddenly left; returns how many files that were.

        Called once, before anything is added.
        """
        await asyncio.to_thread(self.incoming.sweep)
        async with self._store.transaction() as tx:
            await tx.all("library.drop_unheld")
        return await self._files.sweep()

    async def tidy(self) -> None:
        """Remove files that nobody needs any more, as soon as they are free; never returns."""
        await self._files.tidy()

    async def clear(self) -> None:
        """Remove them now."""
        await self._files.clear()

    @asynccontextmanager
    async def _within(self, tx: Tx | None) -> AsyncIterator[Tx]:
        """Yield the transaction of the caller, else one of our own."""
        if tx is not None:
            yield tx
            return
        async with self._store.transaction() as own:
            yield own


def _told(rest: picking.Resting) -> dict[str, Any]:
    back_at = rest.back_at.isoformat() if rest.back_at else ""
    return {"fitting": rest.fitting, "resting": rest.resting, "back_at": back_at}


def _columns(looked: Looked) -> dict[str, Any]:
    return {
        "suffix": looked.suffix,
        "thumbnail": int(bool(looked.picture)),
        **measured(looked.facts, looked.media),
    }


def _file_of(row: Row) -> dict[str, Any]:
    """Return the columns of a file that is an asset of another kind as well."""
    return {name: row[name] for name in ("suffix", "thumbnail", "media", "facts", "seconds")}


def _description(asset: Asset) -> NewAsset:
    fields: dict[str, Any] = {name: getattr(asset, name) for name in SETTABLE}
    return NewAsset(kind=asset.kind, name=asset.name, tags=asset.tags, **fields)


def _require_media(media: Any, kind: AssetKind) -> None:  # noqa: ANN401 - a column
    if media not in MEDIA_OF[kind]:
        taken = sorted(MEDIA_OF[kind])
        raise StudioError("wrong_media", {"media": media, "kind": kind.value, "taken": taken})
