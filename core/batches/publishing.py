"""Turns the entries of a batch into posts: only what is missing, each in one commit."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.batches.book import BatchBook
from core.batches.earlier import Earlier, Missing
from core.batches.folders import Folders
from core.batches.models import Batch, Planned
from core.errors import RefusedError, TransitionError
from core.posts.intake import Incoming, Intake
from core.posts.models import PostId
from core.store.base import Store

logger = logging.getLogger(__name__)


class Publishing:
    """Accepts entries; the folders are asked again, since files may have moved meanwhile."""

    def __init__(
        self, store: Store, book: BatchBook, intake: Intake, earlier: Earlier, allowed: list[Path]
    ) -> None:
        self._store = store
        self._book = book
        self._intake = intake
        self._earlier = earlier
        self._allowed = allowed

    def folders(self, plan: Mapping[str, Any]) -> Folders:
        """Return where a batch may take from."""
        base = plan.get("base")
        return Folders(self._allowed, Path(str(base)) if base else None)

    async def accept(self, batch: Batch, entry: Planned) -> None:
        """Publish what is missing of an entry, or note why it cannot be."""
        try:
            await self._accept(batch, entry)
        except RefusedError as refusal:
            logger.info(
                "batch entry refused",
                extra={"batch": batch.id, "entry": entry.number, "why": refusal.key},
            )
            why = {"key": refusal.key, "facts": refusal.facts}
            await self._book.refused(batch.id, entry.number, why)

    async def _accept(self, batch: Batch, entry: Planned) -> None:
        targets = await self._intake.targets_of(entry.targets)
        missing = await self._earlier.missing(entry.identity, entry.prints, targets)
        for upload in missing.again:
            await self._again(upload.id)
        if not missing.targets:
            await self._link(batch, entry, missing)
            return
        self._require_file(batch, entry)
        options: dict[str, str] = dict(batch.plan.get("options", {}))
        wish = entry.wish(options)
        self._intake.check(entry.facts, missing.targets, wish)
        wish = entry.wish({**options, **batch.plan.get("wishes", {})})
        try:
            async with self._store.transaction() as tx:
                post_id, uploads = await self._intake.open_written(
                    tx,
                    _incoming(batch, entry),
                    wish,
                    entry.text,
                    missing.targets,
                    priority=int(batch.plan.get("priority", 0)),
                )
                linked = [*uploads, *(one.id for one in (*missing.there, *missing.again))]
                await self._book.accepted(tx, batch.id, entry.number, linked, post_id)
        except TransitionError as error:
            # Somebody claimed the same video for one of the accounts in the meantime.
            raise RefusedError("already_there", post_id=0) from error

    async def _again(self, upload_id: int) -> None:
        try:
            await self._intake.posts.retry_upload(upload_id)
        except RefusedError as refusal:
            # A crash between this and the note: it is under way again already.
            if refusal.key != "not_failed":
                raise

    async def _link(self, batch: Batch, entry: Planned, missing: Missing) -> None:
        uploads = [*missing.there, *missing.again]
        post_id: PostId | None = uploads[0].post_id if uploads else None
        async with self._store.transaction() as tx:
            linked = [one.id for one in uploads]
            await self._book.accepted(tx, batch.id, entry.number, linked, post_id)
            tx.after_commit(self._intake.posts.changed)

    def _require_file(self, batch: Batch, entry: Planned) -> None:
        """See that the path still leads where it led.

        Raises:
            RefusedError: it does not, or the file changed since it was looked into.
        """
        if not self.folders(batch.plan).holds(entry.path):
            raise RefusedError("batch_path_outside", given=entry.path)
        try:
            facts = Path(entry.path).stat()
        except OSError as error:
            raise RefusedError("batch_missing_file", given=entry.path) from error
        if (facts.st_size, facts.st_mtime_ns) != (entry.size_bytes, entry.modified_ns):
            raise RefusedError("batch_file_changed", given=entry.path)


def _incoming(batch: Batch, entry: Planned) -> Incoming:
    return Incoming(
        source={"kind": "file", "path": entry.path},
        caption="",
        facts=entry.facts,
        fingerprint=entry.prints[0],
        filename=Path(entry.path).name,
        chat_id=batch.chat_id,
        user_id=batch.user_id,
        # Answers to the message of the file are about the batch, not about one of its posts.
        message_id=0,
    )
