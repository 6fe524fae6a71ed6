"""Keeping renders going: nothing stands still, is held in vain, or lies about for ever."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

from core.posts.models import UPLOAD_FINAL, Upload, UploadState
from core.store.base import Tx
from core.studio.errors import StudioError
from core.studio.queueing import read_render
from core.studio.render_moves import RenderMoves, post_holder

logger = logging.getLogger(__name__)

TIDY_SECONDS = 30.0
PREVIEWS_KEPT = timedelta(days=1)
FORGET_EVERY = timedelta(hours=1)


class RenderCare(RenderMoves):
    """Looks at all renders now and then, and at the start."""

    _keep: timedelta
    _forgot_at: float

    async def recover(self) -> int:
        """Give what has no task a new one; return how many there were."""
        await self.let_go()
        await self.hold_again()
        rows = [
            *await self._store.all("renders.open"),
            *await self._store.all("renders.unpublished"),
        ]
        count = 0
        for render in map(read_render, rows):
            if await self.is_absent(render):
                count += await self.resubmit(render.id, generation=render.generation)
        if count:
            logger.warning("renders without a task taken up again", extra={"count": count})
        return count

    async def let_go(self) -> None:
        """Let results go that only posts hold which have ended, such as questions given up."""
        for row in await self._store.all("renders.idle_holders"):
            async with self._store.transaction() as tx:
                await self._holds.release(row["holder"], tx)

    async def hold_again(self) -> None:
        """Keep the results that posts read which had ended and are tried again."""
        for row in await self._store.all("renders.holding_nothing"):
            asset_id = int(json.loads(row["source"]).get("asset_id") or 0)
            try:
                async with self._store.transaction() as tx:
                    await self._holds.hold([asset_id], post_holder(row["id"]), tx)
            except StudioError:
                # It is gone, which the post says by itself.
                continue

    async def sweep(self) -> None:
        """Clear what makers left that are gone; for the start, and now and then."""
        after = (self._clock.now() - self._keep).timestamp()
        rows = await self._store.all("renders.shown_ids", after=after)
        self.workshop.sweep({row["id"] for row in rows})

    async def tidy(self) -> None:
        """See that nothing stands still and that what is old goes; runs until it is cancelled."""
        while True:
            await self._clock.sleep(TIDY_SECONDS)
            _ = await self.recover()
            if self._clock.monotonic() - self._forgot_at >= FORGET_EVERY.total_seconds():
                self._forgot_at = self._clock.monotonic()
                await self.forget()

    async def forget(self) -> None:
        """Drop previews of yesterday and logs that are old."""
        now = self._clock.now()
        async with self._store.transaction() as tx:
            await tx.all("renders.forget_previews", before=(now - PREVIEWS_KEPT).timestamp())
            await tx.run("renders.forget_logs", before=(now - self._keep).timestamp())
        await self.sweep()

    async def _post_moved(self, tx: Tx, upload: Upload) -> None:
        """An upload has ended: with the last one its post needs the asset no more."""
        rows = await tx.all("renders.upload_states", post_id=upload.post_id)
        if all(UploadState(row["state"]) in UPLOAD_FINAL for row in rows):
            await self._holds.release(post_holder(upload.post_id), tx)
