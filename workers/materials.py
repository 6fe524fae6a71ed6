"""What the ingest of a post prepares for its uploads, while both run in one process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from core.media.spool import Spool
from core.posts.models import MediaFacts


@dataclass(slots=True, kw_only=True)
class Material:
    """The spool of a post, and what is waited for before the last part may go."""

    spool: Spool | None = None
    mark: str = ""
    """Which content the spool holds; another one when the source changed."""
    facts: MediaFacts | None = None
    """Set when the probe has seen enough of the file."""
    sha256: str = ""
    thumbnail: bytes | None = None
    failure: Exception | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def changed(self) -> None:
        """Wake everybody who waits; call after each change."""
        self._news.set()
        self._news = asyncio.Event()

    def fail(self, error: Exception) -> None:
        self.failure = error
        self.changed()

    async def wait_spool(self) -> Spool:
        """Wait until the source is open.

        Raises:
            Exception: what the ingest failed with.
        """
        while self.spool is None:
            await self._wait()
        return self.spool

    async def wait_facts(self) -> MediaFacts:
        """Wait for the facts of the probe."""
        while self.facts is None:
            await self._wait()
        return self.facts

    async def wait_checked(self) -> tuple[MediaFacts, str]:
        """Wait for the facts of the probe and the digest of the whole content."""
        while self.facts is None or not self.sha256:
            await self._wait()
        return self.facts, self.sha256

    async def _wait(self) -> None:
        if self.failure is not None:
            raise self.failure
        await self._news.wait()
        if self.failure is not None:
            raise self.failure


class Materials:
    """The materials of all posts that are being worked on."""

    def __init__(self) -> None:
        self._open: dict[int, Material] = {}
        self._fitted: dict[int, Material] = {}

    def get(self, post_id: int) -> Material:
        return self._open.setdefault(post_id, Material())

    def fitted(self, fit_id: int) -> Material:
        """Return the material of a fitted file; what of it is known is filled in by its users."""
        return self._fitted.setdefault(fit_id, Material())

    def drop_fitted(self, fit_id: int) -> None:
        self._fitted.pop(fit_id, None)

    def find(self, post_id: int) -> Material | None:
        return self._open.get(post_id)

    def drop(self, post_id: int) -> Material | None:
        return self._open.pop(post_id, None)
