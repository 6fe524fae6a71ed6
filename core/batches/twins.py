"""Entries of one batch that would send the same video to the same account."""

from __future__ import annotations

from dataclasses import dataclass

from core.batches.entries import Entry
from core.batches.findings import Finding, Severity
from core.batches.folders import File
from core.batches.looking import LookError, content_digest, sample
from core.batches.reach import Reach

FIELD = "path"


@dataclass(frozen=True, slots=True)
class First:
    """The entry that came first with something."""

    number: int
    file: File


class Twins:
    """Remembers what was seen, by account; content is compared only where it may be the same."""

    def __init__(self) -> None:
        self._paths: dict[tuple[int, int], int] = {}
        self._samples: dict[tuple[int, int], First] = {}
        self._digests: dict[str, str] = {}

    async def of(self, entry: Entry, file: File, reach: Reach) -> list[Finding]:
        """Return whether an earlier entry has this file, or the same content, for an account."""
        try:
            number = sample(file)
        except LookError as error:
            return [entry.finding(Severity.BLOCK, error.key, FIELD, given=file.path)]
        accounts = [target.account.id for target in reach.targets]
        place = hash(file.path)
        firsts = [self._paths.setdefault((place, one), entry.number) for one in accounts]
        if any(first != entry.number for first in firsts):
            return [entry.finding(Severity.BLOCK, "file_twice", FIELD, first=min(firsts))]
        mine = First(entry.number, file)
        alike = [self._samples.setdefault((number, one), mine) for one in accounts]
        twin = next((one for one in alike if one.number != entry.number), None)
        if twin is None or not await self._is_same(twin.file, file):
            return []
        return [entry.finding(Severity.WARN, "content_twice", FIELD, first=twin.number)]

    async def _is_same(self, one: File, other: File) -> bool:
        if (one.device, one.number) == (other.device, other.number):
            return True
        if one.path not in self._digests:
            self._digests[one.path] = await content_digest(one)
        return self._digests[one.path] == await content_digest(other)
