"""Entries of one batch that would send the same video to the same account."""

from __future__ import annotations

from dataclasses import dataclass

from core.batches.entries import Entry
from core.batches.findings import Finding, Severity
from core.batches.folders import File
from core.batches.looking import LookError, content_digest, sample
from core.batches.reach import Reach

FIELD = "path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """The entry that came first."""

    number: int
    file: File | None
    """To be compared with; None when it is the very same file."""
    error: str = ""
    """Key of the finding when the file cannot be read at all."""


class Twins:
    """Remembers what was seen, by account; content is compared only where it may be the same."""

    def __init__(self) -> None:
        self._paths: dict[tuple[int, int], int] = {}
        self._samples: dict[tuple[int, int], Twin] = {}
        self._digests: dict[str, str] = {}

    def first(self, entry: Entry, file: File, reach: Reach) -> Twin | None:
        """Return the earlier entry that has this file, or one like it, for the same account."""
        try:
            number = sample(file)
        except LookError as error:
            return Twin(number=entry.number, file=None, error=error.key)
        accounts = [target.account.id for target in reach.targets]
        place = hash(file.path)
        firsts = [self._paths.setdefault((place, one), entry.number) for one in accounts]
        if any(first != entry.number for first in firsts):
            return Twin(number=min(firsts), file=None)
        mine = Twin(number=entry.number, file=file)
        alike = [self._samples.setdefault((number, one), mine) for one in accounts]
        return next((one for one in alike if one.number != entry.number), None)

    async def told(self, entry: Entry, file: File, twin: Twin) -> list[Finding]:
        """Return what is to be said about an earlier entry, if it surely is the same."""
        if twin.error:
            return [entry.finding(Severity.BLOCK, twin.error, FIELD, given=file.path)]
        if twin.file is None:
            return [entry.finding(Severity.BLOCK, "file_twice", FIELD, first=twin.number)]
        if not await self._is_same(twin.file, file):
            return []
        return [entry.finding(Severity.WARN, "content_twice", FIELD, first=twin.number)]

    async def _is_same(self, one: File, other: File) -> bool:
        if (one.device, one.number) == (other.device, other.number):
            return True
        if one.path not in self._digests:
            self._digests[one.path] = await content_digest(one)
        return self._digests[one.path] == await content_digest(other)
