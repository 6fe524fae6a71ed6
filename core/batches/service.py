"""Everything about batches put together, for the chat, the workers and the commands."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.batches.book import BatchBook
from core.batches.checking import Check, CheckDeps, OnChecked
from core.batches.folders import Folders
from core.batches.listing import Kind, Listing, read_listing
from core.batches.publisher import Config, from_wish, read_publisher
from core.batches.publishing import Publishing
from core.errors import RefusedError
from core.posts.caption import parse_caption
from utils.clock import Clock

TIDY_SECONDS = 60.0

logger = logging.getLogger(__name__)

ReadSource = Callable[[dict[str, Any]], Awaitable[bytes]]
"""Fetches a small document that a source describes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """What batches are worked on with."""

    book: BatchBook
    publishing: Publishing
    check: CheckDeps
    clock: Clock
    timezone: str
    sort_by_size: bool
    read_source: ReadSource

    async def tidy(self) -> None:
        """Keep everything going that has not ended; runs until it is cancelled."""
        while True:
            await self.clock.sleep(TIDY_SECONDS)
            taken = await self.book.recover()
            if taken:
                logger.warning("batches taken up again", extra={"count": taken})

    def config(self, document: bytes | None, caption: str = "") -> Config:
        """Return the configuration: of a document, or of the lines of a caption.

        Raises:
            RefusedError: a line of the caption cannot be read.
        """
        if document is not None:
            return read_publisher(document)
        if not caption.strip():
            return Config()
        wish = parse_caption(caption, now=self.clock.now(), timezone=self.timezone)
        for line, value in (("at", wish.publish_at), ("channel", wish.channel)):
            if value:
                raise RefusedError("batch_line", line=line)
        return from_wish(wish)

    def look(
        self, listing: Listing, config: Config, folders: Folders, on_checked: OnChecked
    ) -> Check:
        return Check(self.check, listing, config, folders, on_checked)

    def listing(self, data: bytes, kind: Kind) -> Listing:
        """Return what a file lists.

        Raises:
            UnreadableError: nothing of it can be read.
        """
        return read_listing(data, kind)

    def plan(self, config: Config, *, largest_bytes: int, base: Path | None) -> dict[str, Any]:
        """Return what publishing needs to know, as the batch keeps it."""
        return {
            "wishes": config.publisher.upload_options.wishes(),
            "options": config.publisher.options,
            # The batch stands where its largest video would; inside of it the score decides.
            "priority": -(largest_bytes // 1_000_000) if self.sort_by_size else 0,
            "base": str(base) if base is not None else "",
        }


def digest_of(*parts: bytes) -> str:
    """Return what tells a file and its configuration from others."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
