"""Counts who uses and who needs assets; what nobody needs any more can go.

A holder is a name such as ``render:7``. Holding keeps the file, using also counts. Both may be
said again without effect, so that work that was killed can begin from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from core.store.base import Store, Tx
from core.studio.assets import Deleted, KindStats
from core.studio.errors import StudioError
from core.studio.mashup import AssetKind
from utils.clock import Clock

NO_ACCOUNT = 0


class Counts:
    """The uses and holds of assets; writes in the transaction of its caller."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def _now(self) -> float:
        return self._clock.now().timestamp()

    async def use(
        self, tx: Tx, asset_ids: Iterable[int], holder: str, accounts: Sequence[int] = ()
    ) -> None:
        """Count one use of each by the holder, once however often it is said, and hold them.

        Raises:
            StudioError: ``no_asset``.
        """
        wanted = list(dict.fromkeys(asset_ids))
        await self.hold(tx, wanted, holder)
        now = self._now()
        for asset_id in wanted:
            if await tx.one("library.is_counted", asset_id=asset_id, holder=holder) is None:
                await tx.run("library.count_use", id=asset_id, now=now)
            rows = [
                {"asset_id": asset_id, "holder": holder, "account": account, "now": now}
                for account in accounts or (NO_ACCOUNT,)
            ]
            await tx.many("library.insert_use", rows=rows)

    async def unuse(self, tx: Tx, holder: str) -> None:
        """Take back what a holder used: nothing came of it."""
        used = await tx.all("library.used_by", holder=holder)
        await tx.run("library.drop_uses", holder=holder)
        for row in used:
            await tx.run("library.uncount_use", id=row["asset_id"])

    async def hold(self, tx: Tx, asset_ids: Iterable[int], holder: str) -> None:
        """Keep the files of assets until the holder lets go.

        Raises:
            StudioError: ``no_asset``: it is not there, or goes and was not held by this holder.
        """
        for asset_id in dict.fromkeys(asset_ids):
            held = await tx.run("library.hold", asset_id=asset_id, holder=holder, now=self._now())
            if not held:
                raise StudioError("no_asset", {"asset_id": asset_id})

    async def release(self, tx: Tx, holder: str) -> list[str]:
        """Let go of all; return the digests of assets that went with it."""
        await tx.run("library.let_go", holder=holder)
        return [row["sha256"] for row in await tx.all("library.drop_unheld")]

    async def delete(self, tx: Tx, asset_id: int) -> tuple[Deleted, list[str]]:
        """Let an asset go, or have it go with its last holder; return the digests that went.

        Raises:
            StudioError: ``no_asset``.
        """
        if not await tx.run("library.doom", id=asset_id, now=self._now()):
            raise StudioError("no_asset", {"asset_id": asset_id})
        gone = await tx.all("library.drop_unheld")
        is_gone = any(row["id"] == asset_id for row in gone)
        return Deleted.GONE if is_gone else Deleted.LATER, [row["sha256"] for row in gone]

    async def holders(self, asset_id: int) -> list[str]:
        """Return who needs an asset, the first first."""
        rows = await self._store.all("library.holders", id=asset_id)
        return [str(row["holder"]) for row in rows]

    async def all_holders(self) -> list[str]:
        """Return everybody who holds anything."""
        return [str(row["holder"]) for row in await self._store.all("library.all_holders")]

    async def touched(self, tx: Tx, asset_ids: Iterable[int], at: datetime) -> None:
        """Note that assets were picked, so that they rest."""
        rows = [{"id": asset_id, "now": at.timestamp()} for asset_id in asset_ids]
        await tx.many("library.picked", rows=rows)

    async def stats(self) -> list[KindStats]:
        """Return how much there is of each kind, also of those of which there is nothing."""
        found = {row["kind"]: row for row in await self._store.all("library.stats")}
        return [
            KindStats(
                kind=kind,
                count=found[kind]["n"] if kind in found else 0,
                size_bytes=found[kind]["size_bytes"] if kind in found else 0,
                seconds=found[kind]["seconds"] if kind in found else 0.0,
                uses=found[kind]["uses"] if kind in found else 0,
            )
            for kind in AssetKind
        ]
