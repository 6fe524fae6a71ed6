"""Entries of one batch that would send the same video to the same account."""

from __future__ import annotations

from asyncio import to_thread
from pathlib import Path
from typing import NamedTuple

from core.batches.entries import Entry
from core.batches.findings import Finding, Severity
from core.batches.folders import File
from core.batches.looking import LookError, content_digest, sample
from core.batches.reach import Reach

FIELD = "path"


class Twin(NamedTuple):
    """An entry that came first; a tuple, since thousands are held during a look."""

    number: int
    path: str
    accounts: frozenset[int]
    error: str = ""
    """Key of the finding when the file cannot be read at all."""


class Twins:
    """Remembers what was seen; content is compared only where it may be the same."""

    def __init__(self) -> None:
        self._seen: dict[int, Twin] = {}
        self._others: dict[int, list[Twin]] = {}
        """Further entries with the same video, for other accounts."""
        self._digests: dict[str, str] = {}

    def first(self, entry: Entry, file: File, reach: Reach) -> Twin | None:
        """Return the earlier entry that has this file, or one like it, for the same account."""
        mine = Twin(entry.number, file.path, reach.accounts)
        try:
            number = sample(file)
        except LookError as error:
            return mine._replace(error=error.key)
        first = self._seen.setdefault(number, mine)
        if first is mine:
            return None
        known = [first, *self._others.get(number, [])]
        twin = next((one for one in known if one.accounts & mine.accounts), None)
        if twin is None:
            self._others.setdefault(number, []).append(mine)
        return twin

    async def told(self, entry: Entry, file: File, twin: Twin) -> list[Finding]:
        """Return what is to be said about an earlier entry, if it surely is the same."""
        if twin.error:
            return [entry.finding(Severity.BLOCK, twin.error, FIELD, given=file.path)]
        if twin.path == file.path:
            return [entry.finding(Severity.BLOCK, "file_twice", FIELD, first=twin.number)]
        if not await self._is_same(twin.path, file.path):
            return []
        return [entry.finding(Severity.WARN, "content_twice", FIELD, first=twin.number)]

    async def _is_same(self, one: str, other: str) -> bool:
        if await to_thread(Path(one).samefile, other):
            return True
        if one not in self._digests:
            self._digests[one] = await content_digest(one)
        return self._digests[one] == await content_digest(other)
